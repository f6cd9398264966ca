// Iteration over everything, ranges, unpacking, lengths.
#include "containers.h"

// All items of a value, as text.
static const char *items_of(tb_value v)
{
    tb_list *xs = tb_list_of(v);
    ck_assert_ptr_nonnull(xs);
    return shown(TB_OBJECT(xs));
}

START_TEST(every_container)
{
    ck_assert_str_eq(items_of(TUPLE(I(1), text("a"))), "[1, \"a\"]");
    ck_assert_str_eq(items_of(DICT(text("k"), I(1), I(2), I(3))), "[\"k\", 2]");
    ck_assert_str_eq(items_of(SET(I(2), I(1))), "[2, 1]");
    ck_assert_str_eq(items_of(text("aé€😀")), "[\"a\", \"é\", \"€\", \"😀\"]");
    ck_assert_str_eq(items_of(tb_bytes_new((const uint8_t *)"\x00\xff", 2)), "[0, 255]");
    ck_assert_str_eq(items_of(range(0, 10, 4)), "[0, 4, 8]");
    ck_assert_str_eq(items_of(tb_iterator_of(LIST(I(1), I(2)))), "[1, 2]");
}
END_TEST

START_TEST(a_growing_list_is_followed)
{
    tb_value xs = LIST(I(1), I(2));
    tb_iter it;
    tb_value item;
    int64_t turns = 0;
    tb_iter_start(&it, xs);
    while (tb_iter_next(&it, &item) == 1)
        if (++turns < 5) tb_list_push(TB_AS_LIST(xs), item);
    ck_assert_int_eq(turns, 6);
}
END_TEST

START_TEST(pairs)
{
    tb_iter it;
    tb_value first, second;
    ck_assert_int_eq(tb_iter_start_pairs(&it, DICT(text("k"), I(7))), 0);
    ck_assert_int_eq(tb_iter_next_pair(&it, &first, &second), 1);
    ck_assert(second == I(7));
    ck_assert_int_eq(tb_iter_next_pair(&it, &first, &second), 0);
    tb_iter_start_pairs(&it, LIST(TUPLE(I(1), I(2)), text("ab"), LIST(I(1))));
    ck_assert_int_eq(tb_iter_next_pair(&it, &first, &second), 1);
    ck_assert(first == I(1) && second == I(2));
    ck_assert_int_eq(tb_iter_next_pair(&it, &first, &second), 1);
    ck_assert_str_eq(shown(second), "\"b\"");
    ck_assert_int_eq(tb_iter_next_pair(&it, &first, &second), -1);
    ck_assert_str_eq(caught(&tb_error_value), "expected 2 items to unpack, not 1");
    tb_iter_start_items(&it, DICT(text("k"), I(7)));
    ck_assert_int_eq(tb_iter_next(&it, &first), 1);
    ck_assert_str_eq(shown(first), "(\"k\", 7)");
}
END_TEST

START_TEST(iterators_go_on_and_end)
{
    tb_value it = tb_iterator_of(LIST(I(1), I(2)));
    ck_assert(tb_iterator_of(it) == it);
    ck_assert(tb_iterator_step(it, TB_MISSING) == I(1));
    ck_assert_str_eq(items_of(it), "[2]");
    ck_assert_str_eq(items_of(it), "[]");
    ck_assert(tb_iterator_step(it, I(0)) == I(0));
    ck_assert(tb_iterator_step(it, TB_MISSING) == TB_PENDING);
    caught(&tb_error_stop_iteration);
    ck_assert(tb_iterator_step(LIST(I(1)), TB_MISSING) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "a List has no `next`");
}
END_TEST

// ---------------------------------------------------------------------------- objects that iterate

// `next` counts its captured number down and ends with StopIteration.
static tb_value call_next(tb_fn *fn, tb_value self)
{
    (void)self;
    if (fn->free[0] == I(0)) return tb_raise_error(&tb_error_stop_iteration, "done");
    fn->free[0] -= I(1);
    return fn->free[0];
}

static tb_value call_iter(tb_fn *fn, tb_value self)
{
    return fn->free[0] == TB_NONE_VALUE ? self : fn->free[0];
}

static tb_value call_get_item(tb_fn *fn, tb_value self, tb_value index)
{
    (void)self;
    return tb_get_item(fn->free[0], index);
}

static const char *const index_param[] = {"index"};
static const tb_fn_info plain_info = {"method", "", 0, 0, 0, -1, TB_FN_METHOD, NULL};
static const tb_fn_info index_info = {"get_item", "", 0, 1, 1, -1, TB_FN_METHOD, index_param};

// An object whose class has one special method, with one captured value.
static tb_value object_with(tb_special special, tb_code code, const tb_fn_info *info, tb_value free)
{
    tb_class *cls = tb_alloc(sizeof *cls);
    *cls = (tb_class){.cls = &tb_class_class, .name = "Source", .kind = TB_INSTANCE};
    tb_value f = tb_fn_new(code, info, 1);
    TB_AS_FN(f)->free[0] = free;
    cls->special[special] = TB_AS_FN(f);
    return tb_instance_new(cls);
}

START_TEST(objects)
{
    tb_value counter = object_with(TB_SPECIAL_NEXT, TB_CODE(call_next), &plain_info, I(3));
    tb_value holder = object_with(TB_SPECIAL_ITER, TB_CODE(call_iter), &plain_info, counter);
    tb_value outer = object_with(TB_SPECIAL_ITER, TB_CODE(call_iter), &plain_info, LIST(I(5)));
    tb_value indexed =
        object_with(TB_SPECIAL_GET_ITEM, TB_CODE(call_get_item), &index_info, TUPLE(I(7), I(8)));
    ck_assert_str_eq(items_of(holder), "[2, 1, 0]");
    ck_assert_str_eq(items_of(outer), "[5]");
    ck_assert_str_eq(items_of(indexed), "[7, 8]");
    ck_assert_int_eq(tb_contains(indexed, I(8)), 1);
    tb_value itself = object_with(TB_SPECIAL_ITER, TB_CODE(call_iter), &plain_info, TB_NONE_VALUE);
    ck_assert_ptr_null(tb_list_of(itself));
    ck_assert_str_eq(caught(&tb_error_type), "cannot iterate over a Source");
}
END_TEST

START_TEST(lengths)
{
    ck_assert(tb_length(text("né")) == I(2));
    ck_assert(tb_length(I(5)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "an Int has no length");
    tb_value odd = object_with(TB_SPECIAL_LEN, TB_CODE(call_iter), &plain_info, I(-1));
    ck_assert(tb_length(odd) == TB_PENDING);
    ck_assert_str_eq(shown(tb_catch(NULL, 0)), "ValueError(\"`len` of a Source returned -1\")");
    tb_value empty = object_with(TB_SPECIAL_LEN, TB_CODE(call_iter), &plain_info, I(0));
    ck_assert_int_eq(tb_truth(empty), 0);
}
END_TEST

// ------------------------------------------------------------------------------------------ ranges

START_TEST(ranges)
{
    static const struct {
        int64_t from, to, step;
        const char *items;
        const char *reversed;
    } cases[] = {
        {0, 3, 1, "[0, 1, 2]", "[2, 1, 0]"},          {3, 0, 1, "[]", "[]"},
        {5, 0, -2, "[5, 3, 1]", "[1, 3, 5]"},         {0, 7, 3, "[0, 3, 6]", "[6, 3, 0]"},
        {-1, -4, -1, "[-1, -2, -3]", "[-3, -2, -1]"},
    };
    tb_value r = range(cases[_i].from, cases[_i].to, cases[_i].step);
    ck_assert_str_eq(items_of(r), cases[_i].items);
    ck_assert_str_eq(items_of(tb_range_reversed(TB_AS_RANGE(r))), cases[_i].reversed);
}
END_TEST

START_TEST(ranges_beyond_64_bits)
{
    tb_value far = tb_range_new(big("100000000000000000000"), big("300000000000000000000"),
                                big("90000000000000000000"));
    ck_assert_str_eq(items_of(far), "[100000000000000000000, 190000000000000000000, "
                                    "280000000000000000000]");
    tb_value all = tb_range_new(big("-9223372036854775808"), big("9223372036854775807"), I(1));
    ck_assert_str_eq(shown(tb_length(all)), "18446744073709551615");
    ck_assert_int_eq(tb_length_raw(all), INT64_MIN);
    caught(&tb_error_overflow);
    ck_assert_str_eq(shown(tb_get_item(all, I(-1))), "9223372036854775806");
    ck_assert_int_eq(tb_contains(all, number(1e18)), 1);
    tb_value end = tb_range_new(big("9223372036854775806"), big("9223372036854775807"), I(5));
    ck_assert_str_eq(items_of(end), "[9223372036854775806]");
    ck_assert_str_eq(items_of(tb_range_inclusive(I(1), TB_TRUE)), "[1]");
}
END_TEST

START_TEST(range_errors)
{
    ck_assert(tb_range_new(I(0), I(1), I(0)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_value), "the step of a Range cannot be 0");
    ck_assert(tb_range_new(I(0), number(1), I(1)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "a Range needs Ints, not a Float");
    ck_assert(tb_get_item(range(0, 1, 1), I(1)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_index), "index 1 is outside a Range of 1 item");
}
END_TEST

START_TEST(unpacking)
{
    tb_value out[3];
    ck_assert_int_eq(tb_unpack(text("xyz"), 3, out), 0);
    ck_assert_str_eq(shown(out[2]), "\"z\"");
    ck_assert_int_eq(tb_unpack(LIST(I(1)), 2, out), -1);
    ck_assert_str_eq(caught(&tb_error_value), "expected 2 items to unpack, not 1");
    ck_assert_int_eq(tb_unpack(range(0, 9, 1), 2, out), -1);
    ck_assert_str_eq(caught(&tb_error_value), "expected 2 items to unpack, but there are more");
    ck_assert_int_eq(tb_unpack_rest(TUPLE(I(1), I(2), I(3), I(4)), 1, 1, out), 0);
    ck_assert(out[0] == I(1) && out[2] == I(4));
    ck_assert_str_eq(shown(out[1]), "[2, 3]");
    ck_assert_int_eq(tb_unpack_rest(LIST(I(1)), 1, 1, out), -1);
    ck_assert_str_eq(caught(&tb_error_value), "expected at least 2 items to unpack, not 1");
}
END_TEST

Suite *iter_suite(void)
{
    Suite *suite = suite_create("iter");
    TCase *tests = tcase_create("iter");
    tcase_add_unchecked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, every_container);
    tcase_add_test(tests, a_growing_list_is_followed);
    tcase_add_test(tests, pairs);
    tcase_add_test(tests, iterators_go_on_and_end);
    tcase_add_test(tests, objects);
    tcase_add_test(tests, lengths);
    tcase_add_loop_test(tests, ranges, 0, 5);
    tcase_add_test(tests, ranges_beyond_64_bits);
    tcase_add_test(tests, range_errors);
    tcase_add_test(tests, unpacking);
    suite_add_tcase(suite, tests);
    return suite;
}
