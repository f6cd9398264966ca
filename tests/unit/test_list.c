// Lists: kinds, slices, searching, sorting.
#include "containers.h"

static int64_t kind_of(tb_value v)
{
    return TB_AS_LIST(v)->kind;
}

START_TEST(kinds_follow_the_items)
{
    ck_assert_int_eq(kind_of(LIST(I(1), I(2))), TB_ITEMS_INT);
    ck_assert_int_eq(kind_of(LIST(number(1.5))), TB_ITEMS_FLOAT);
    ck_assert_int_eq(kind_of(LIST(TB_TRUE, TB_FALSE)), TB_ITEMS_BOOL);
    ck_assert_int_eq(kind_of(LIST(text("a"))), TB_ITEMS_BOXED);
    ck_assert_int_eq(kind_of(LIST(I(1), number(2))), TB_ITEMS_BOXED);
    ck_assert_int_eq(kind_of(LIST(I(1), TB_TRUE)), TB_ITEMS_BOXED);
    ck_assert_int_eq(kind_of(LIST(I(1), big("9223372036854775807"))), TB_ITEMS_INT);
    ck_assert_int_eq(kind_of(LIST(I(1), big("9223372036854775808"))), TB_ITEMS_BOXED);
}
END_TEST

START_TEST(generalising_keeps_the_items)
{
    tb_value xs = LIST(big("-9223372036854775808"), I(-1), I(7));
    ck_assert_int_eq(tb_list_push(TB_AS_LIST(xs), TB_NONE_VALUE), 0);
    ck_assert_str_eq(shown(xs), "[-9223372036854775808, -1, 7, None]");
    tb_value bools = LIST(TB_TRUE, TB_FALSE);
    tb_list_put(TB_AS_LIST(bools), 1, I(3));
    ck_assert_str_eq(shown(bools), "[true, 3]");
    tb_value floats = LIST(number(0.5));
    tb_list_insert(TB_AS_LIST(floats), 0, text("a"));
    ck_assert_str_eq(shown(floats), "[\"a\", 0.5]");
}
END_TEST

START_TEST(an_emptied_list_takes_another_kind)
{
    tb_value xs = LIST(text("a"), text("b"));
    tb_list_pop(TB_AS_LIST(xs), -1);
    tb_list_pop(TB_AS_LIST(xs), -1);
    for (int i = 0; i < 100; i++)
        tb_list_push_bool(TB_AS_LIST(xs), i % 2);
    ck_assert_int_eq(kind_of(xs), TB_ITEMS_BOOL);
    tb_list_clear(TB_AS_LIST(xs));
    tb_list_push_float(TB_AS_LIST(xs), 1.0);
    tb_list_push_int(TB_AS_LIST(xs), 2);
    ck_assert_str_eq(shown(xs), "[1.0, 2]");
}
END_TEST

START_TEST(repeating_joining_and_extending)
{
    tb_list *zeros = tb_list_repeat(TB_AS_LIST(LIST(I(0), I(1))), 3);
    ck_assert_str_eq(shown(TB_OBJECT(zeros)), "[0, 1, 0, 1, 0, 1]");
    ck_assert_int_eq(zeros->kind, TB_ITEMS_INT);
    ck_assert_str_eq(shown(TB_OBJECT(tb_list_repeat(zeros, -1))), "[]");
    ck_assert_ptr_null(tb_list_repeat(zeros, INT64_MAX));
    caught(&tb_error_overflow);
    tb_list *mixed = tb_list_concat(TB_AS_LIST(LIST(I(1))), TB_AS_LIST(LIST(number(2))));
    ck_assert_str_eq(shown(TB_OBJECT(mixed)), "[1, 2.0]");
    tb_list_extend(mixed, TB_OBJECT(mixed));
    ck_assert_str_eq(shown(TB_OBJECT(mixed)), "[1, 2.0, 1, 2.0]");
    tb_list_extend(mixed, text("né"));
    ck_assert_str_eq(shown(TB_OBJECT(mixed)), "[1, 2.0, 1, 2.0, \"n\", \"é\"]");
    ck_assert_int_eq(tb_list_extend(mixed, I(5)), -1);
    ck_assert_str_eq(caught(&tb_error_type), "cannot iterate over an Int");
}
END_TEST

START_TEST(what_cannot_be_had_is_a_memory_error)
{
    tb_list *xs = TB_AS_LIST(LIST(I(1), I(2)));
    ck_assert_ptr_null(tb_list_repeat(xs, INT64_MAX / 4));
    caught(&tb_error_memory);
    ck_assert_int_eq(tb_list_reserve(xs, INT64_MAX), -1);
    caught(&tb_error_memory);
    ck_assert_int_eq(tb_list_extend(xs, range(0, INT64_C(1) << 60, 1)), -1);
    caught(&tb_error_memory);
    ck_assert_str_eq(shown(TB_OBJECT(xs)), "[1, 2]");
    ck_assert_ptr_null(tb_set_new(INT64_C(1) << 40));
    caught(&tb_error_memory);
}
END_TEST

START_TEST(indices_are_checked)
{
    tb_value xs = LIST(I(1), I(2));
    ck_assert_str_eq(shown(tb_get_item(xs, I(-1))), "2");
    ck_assert_str_eq(shown(tb_get_item(xs, TB_TRUE)), "2");
    ck_assert(tb_get_item(xs, I(9)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_index), "index 9 is outside a List of 2 items");
    ck_assert_int_eq(tb_set_item(LIST(I(1)), I(-2), I(0)), -1);
    ck_assert_str_eq(caught(&tb_error_index), "index -2 is outside a List of 1 item");
    ck_assert(tb_get_item(xs, number(1)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "an index must be an Int, not a Float");
    ck_assert(tb_get_item(xs, big("99999999999999999999")) == TB_PENDING);
    caught(&tb_error_index);
    ck_assert(tb_list_pop(TB_AS_LIST(empty_list()), -1) == TB_PENDING);
    caught(&tb_error_index);
}
END_TEST

#define LEFT_OUT INT64_MIN

static tb_value part(int64_t n)
{
    return n == LEFT_OUT ? TB_NONE_VALUE : I(n);
}

typedef struct SliceCase {
    int64_t from, to, step;
    const char *of_list;   // [0, 1, 2, 3, 4] sliced
    const char *with_gone; // what `del` leaves
} SliceCase;

// Each row was checked against CPython.
static const SliceCase slice_cases[] = {
    {LEFT_OUT, LEFT_OUT, LEFT_OUT, "[0, 1, 2, 3, 4]", "[]"},
    {1, 3, LEFT_OUT, "[1, 2]", "[0, 3, 4]"},
    {-2, LEFT_OUT, LEFT_OUT, "[3, 4]", "[0, 1, 2]"},
    {3, 1, LEFT_OUT, "[]", "[0, 1, 2, 3, 4]"},
    {-100, 100, 2, "[0, 2, 4]", "[1, 3]"},
    {LEFT_OUT, LEFT_OUT, -1, "[4, 3, 2, 1, 0]", "[]"},
    {LEFT_OUT, LEFT_OUT, -2, "[4, 2, 0]", "[1, 3]"},
    {3, 0, -2, "[3, 1]", "[0, 2, 4]"},
    {100, -100, -3, "[4, 1]", "[0, 2, 3]"},
    {1, LEFT_OUT, 3, "[1, 4]", "[0, 2, 3]"},
    {LEFT_OUT, LEFT_OUT, 1 << 30, "[0]", "[1, 2, 3, 4]"},
};

START_TEST(slices)
{
    const SliceCase *c = &slice_cases[_i];
    tb_value xs = LIST(I(0), I(1), I(2), I(3), I(4));
    tb_value tuple = TUPLE(I(0), I(1), I(2), I(3), I(4));
    tb_value from = part(c->from), to = part(c->to), step = part(c->step);
    tb_value sliced = tb_get_slice(xs, from, to, step);
    ck_assert_str_eq(shown(sliced), c->of_list);
    ck_assert_int_eq(kind_of(sliced), TB_ITEMS_INT);
    tb_value of_tuple = TB_OBJECT(tb_list_of(tb_get_slice(tuple, from, to, step)));
    ck_assert_str_eq(shown(of_tuple), c->of_list);
    tb_value of_range = tb_get_slice(range(0, 5, 1), from, to, step);
    ck_assert_int_eq(TB_KIND(of_range), TB_RANGE);
    ck_assert_str_eq(shown(TB_OBJECT(tb_list_of(of_range))), c->of_list);
    ck_assert_int_eq(tb_del_slice(xs, from, to, step), 0);
    ck_assert_str_eq(shown(xs), c->with_gone);
}
END_TEST

START_TEST(slices_are_assigned)
{
    tb_value xs = LIST(I(0), I(1), I(2), I(3));
    tb_set_slice(xs, I(1), I(3), TB_NONE_VALUE, LIST(text("a"), text("b"), text("c")));
    ck_assert_str_eq(shown(xs), "[0, \"a\", \"b\", \"c\", 3]");
    tb_set_slice(xs, I(1), I(4), TB_NONE_VALUE, TUPLE(I(9)));
    ck_assert_str_eq(shown(xs), "[0, 9, 3]");
    tb_set_slice(xs, I(1), I(1), TB_NONE_VALUE, xs);
    ck_assert_str_eq(shown(xs), "[0, 0, 9, 3, 9, 3]");
    tb_set_slice(xs, TB_NONE_VALUE, TB_NONE_VALUE, I(-1), xs);
    ck_assert_str_eq(shown(xs), "[3, 9, 3, 9, 0, 0]");
    ck_assert_int_eq(tb_set_slice(xs, TB_NONE_VALUE, TB_NONE_VALUE, I(2), LIST(I(1))), -1);
    ck_assert_str_eq(caught(&tb_error_value),
                     "1 items cannot replace the 3 of a slice with a step");
    ck_assert_int_eq(tb_set_slice(text("abc"), I(0), I(1), TB_NONE_VALUE, xs), -1);
    caught(&tb_error_type);
    ck_assert(tb_get_slice(xs, I(0), I(1), I(0)) == TB_PENDING);
    caught(&tb_error_value);
}
END_TEST

START_TEST(searching_and_removing)
{
    tb_list *xs = TB_AS_LIST(LIST(I(1), number(2), TB_TRUE, text("a"), I(2)));
    ck_assert_int_eq(tb_list_index(xs, I(2)), 1);
    ck_assert_int_eq(tb_list_count(xs, I(1)), 2);
    ck_assert_int_eq(tb_list_find(xs, I(2), 2, INT64_MAX), 4);
    ck_assert_int_eq(tb_list_find(xs, text("b"), 0, INT64_MAX), -1);
    ck_assert_int_eq(tb_list_remove(xs, text("a")), 0);
    ck_assert_int_eq(tb_list_remove(xs, text("a")), -1);
    ck_assert_str_eq(caught(&tb_error_value), "\"a\" is not in the List");
    tb_value nan = number(0.0 / 0.0);
    ck_assert_int_eq(tb_list_index(TB_AS_LIST(LIST(number(1), nan)), nan), 1);
}
END_TEST

// ----------------------------------------------------------------------------------------- sorting

START_TEST(sorting_ints_in_all_sizes)
{
    tb_list *xs = scrambled(_i * 37);
    ck_assert_int_eq(tb_list_sort(xs, TB_NONE_VALUE, 0), 0);
    for (int64_t i = 1; i < xs->count; i++)
        ck_assert_int_le(xs->as.ints[i - 1], xs->as.ints[i]);
    ck_assert_int_eq(tb_list_sort(xs, TB_NONE_VALUE, 1), 0);
    for (int64_t i = 1; i < xs->count; i++)
        ck_assert_int_ge(xs->as.ints[i - 1], xs->as.ints[i]);
}
END_TEST

START_TEST(sorting_values_of_every_sort)
{
    tb_value floats = LIST(number(2.5), number(-1), number(1e300));
    tb_list_sort(TB_AS_LIST(floats), TB_NONE_VALUE, 0);
    ck_assert_str_eq(shown(floats), "[-1.0, 2.5, 1e+300]");
    tb_value texts = LIST(text("b"), text("é"), text(""), text("ab"));
    tb_list_sort(TB_AS_LIST(texts), TB_NONE_VALUE, 0);
    ck_assert_str_eq(shown(texts), "[\"\", \"ab\", \"b\", \"é\"]");
    tb_value bools = LIST(TB_TRUE, TB_FALSE, TB_TRUE, TB_FALSE);
    tb_list_sort(TB_AS_LIST(bools), TB_NONE_VALUE, 1);
    ck_assert_str_eq(shown(bools), "[true, true, false, false]");
    tb_value mixed = LIST(number(2.5), I(3), big("-99999999999999999999"), TB_TRUE);
    tb_list_sort(TB_AS_LIST(mixed), TB_NONE_VALUE, 0);
    ck_assert_str_eq(shown(mixed), "[-99999999999999999999, true, 2.5, 3]");
    tb_value lists = LIST(LIST(I(2)), LIST(I(1), I(9)), empty_list(), LIST(I(1)));
    tb_list_sort(TB_AS_LIST(lists), TB_NONE_VALUE, 0);
    ck_assert_str_eq(shown(lists), "[[], [1], [1, 9], [2]]");
}
END_TEST

START_TEST(what_cannot_be_compared_stays_a_permutation)
{
    tb_value xs = LIST(I(3), text("a"), I(1), I(2));
    ck_assert_int_eq(tb_list_sort(TB_AS_LIST(xs), TB_NONE_VALUE, 0), -1);
    ck_assert_str_eq(caught(&tb_error_type), "`<` cannot compare a String and an Int");
    ck_assert_int_eq(TB_AS_LIST(xs)->count, 4);
    for (int64_t n = 1; n <= 3; n++)
        ck_assert_int_eq(tb_contains(xs, I(n)), 1);
}
END_TEST

static tb_value call_last_digit(tb_fn *fn, tb_value v)
{
    (void)fn;
    return tb_int_mod(v, I(10));
}

static const char *const one_param[] = {"x"};
static const tb_fn_info key_info = {"key", "", 0, 1, 1, -1, 0, one_param};

START_TEST(keys_keep_the_order_of_equal_items)
{
    tb_value key = tb_fn_new(TB_CODE(call_last_digit), &key_info, 0);
    tb_value xs = LIST(I(21), I(12), I(11), I(32), I(1), I(22));
    ck_assert_int_eq(tb_list_sort(TB_AS_LIST(xs), key, 0), 0);
    ck_assert_str_eq(shown(xs), "[21, 11, 1, 12, 32, 22]");
    ck_assert_int_eq(kind_of(xs), TB_ITEMS_INT);
    ck_assert_int_eq(tb_list_sort(TB_AS_LIST(xs), key, 1), 0);
    ck_assert_str_eq(shown(xs), "[12, 32, 22, 21, 11, 1]");
    tb_list *many = tb_list_sorted(TB_OBJECT(scrambled(2000)), key, 0);
    for (int64_t i = 1; i < many->count; i++)
        ck_assert_int_le(many->as.ints[i - 1] % 10, many->as.ints[i] % 10);
}
END_TEST

// A key that appends to the very list being sorted, which it finds in its captured value.
static tb_value call_meddling(tb_fn *fn, tb_value v)
{
    return tb_list_push(TB_AS_LIST(fn->free[0]), I(0)) < 0 ? TB_PENDING : v;
}

static tb_value call_failing(tb_fn *fn, tb_value v)
{
    (void)fn;
    return v == I(2) ? tb_raise_error(&tb_error_value, "no key for 2") : v;
}

START_TEST(keys_that_meddle_or_fail)
{
    tb_value xs = LIST(I(3), I(2), I(1));
    tb_value key = tb_fn_new(TB_CODE(call_meddling), &key_info, 1);
    TB_AS_FN(key)->free[0] = xs;
    ck_assert_int_eq(tb_list_sort(TB_AS_LIST(xs), key, 0), -1);
    ck_assert_str_eq(caught(&tb_error_value), "the List changed while it was being sorted");
    ck_assert_str_eq(shown(xs), "[1, 2, 3]");
    tb_value failing = tb_fn_new(TB_CODE(call_failing), &key_info, 0);
    ck_assert_int_eq(tb_list_sort(TB_AS_LIST(xs), failing, 1), -1);
    ck_assert_str_eq(caught(&tb_error_value), "no key for 2");
    ck_assert_str_eq(shown(xs), "[1, 2, 3]");
}
END_TEST

static tb_value negative(int64_t n)
{
    return I(-n);
}

START_TEST(runs_are_found)
{
    tb_list *xs = tb_list_new(0);
    for (int64_t i = 0; i < 1000; i++)
        tb_list_push(xs, i < 500 ? I(i) : negative(i));
    tb_list_push(xs, number(0.5));
    ck_assert_int_eq(tb_list_sort(xs, TB_NONE_VALUE, 0), 0);
    for (int64_t i = 1; i < xs->count; i++)
        ck_assert_int_eq(tb_less_equal(xs->as.items[i - 1], xs->as.items[i]), 1);
}
END_TEST

Suite *list_suite(void)
{
    Suite *suite = suite_create("list");
    TCase *tests = tcase_create("list");
    tcase_add_unchecked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, kinds_follow_the_items);
    tcase_add_test(tests, generalising_keeps_the_items);
    tcase_add_test(tests, an_emptied_list_takes_another_kind);
    tcase_add_test(tests, repeating_joining_and_extending);
    tcase_add_test(tests, what_cannot_be_had_is_a_memory_error);
    tcase_add_test(tests, indices_are_checked);
    tcase_add_loop_test(tests, slices, 0, COUNT(slice_cases));
    tcase_add_test(tests, slices_are_assigned);
    tcase_add_test(tests, searching_and_removing);
    tcase_add_loop_test(tests, sorting_ints_in_all_sizes, 0, 40);
    tcase_add_test(tests, sorting_values_of_every_sort);
    tcase_add_test(tests, what_cannot_be_compared_stays_a_permutation);
    tcase_add_test(tests, keys_keep_the_order_of_equal_items);
    tcase_add_test(tests, keys_that_meddle_or_fail);
    tcase_add_test(tests, runs_are_found);
    suite_add_tcase(suite, tests);
    return suite;
}
