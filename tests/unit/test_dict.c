// Dicts and sets: order, keys of every type, removal, and code of the program that meddles.
#include "containers.h"

START_TEST(order_is_that_of_arrival)
{
    tb_value d = DICT(text("b"), I(1), text("a"), I(2), text("b"), I(3));
    ck_assert_str_eq(shown(d), "{\"b\": 3, \"a\": 2}");
    ck_assert_int_eq(tb_dict_remove(TB_AS_DICT(d), text("b")), 1);
    ck_assert_int_eq(tb_dict_remove(TB_AS_DICT(d), text("b")), 0);
    tb_dict_put(TB_AS_DICT(d), text("b"), I(4));
    ck_assert_str_eq(shown(d), "{\"a\": 2, \"b\": 4}");
    ck_assert_str_eq(shown(SET(I(3), I(1), I(3), I(2))), "{3, 1, 2}");
}
END_TEST

START_TEST(numbers_that_are_equal_are_one_key)
{
    tb_value d = DICT(I(1), text("int"), number(1), text("float"), TB_TRUE, text("bool"));
    ck_assert_str_eq(shown(d), "{1: \"bool\"}");
    tb_value huge = big("1267650600228229401496703205376"); // 2 ** 100
    ck_assert_str_eq(shown(SET(huge, number(0x1p100))), "{1267650600228229401496703205376}");
    ck_assert_str_eq(shown(SET(number(-0.0), I(0), TB_FALSE)), "{-0.0}");
    ck_assert_str_eq(shown(SET(range(0, 3, 2), range(0, 4, 2))), "{range(0, 3, 2)}");
}
END_TEST

START_TEST(keys_that_can_change_are_refused)
{
    ck_assert(DICT(empty_list(), I(1)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "a List cannot be a key (it can change)");
    ck_assert(SET(TUPLE(I(1), SET(I(1)))) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "a Set cannot be a key (it can change)");
    tb_value d = DICT(text("k"), I(1));
    ck_assert(tb_dict_get(TB_AS_DICT(d), text("missing")) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_key), "key \"missing\" not found");
    ck_assert(tb_dict_find(TB_AS_DICT(d), I(0)) == TB_MISSING);
}
END_TEST

// The same random insertions and removals in a dict and in an array; the two must always agree.
START_TEST(many_insertions_and_removals)
{
    enum { KEYS = 512 };
    int64_t expected[KEYS];
    for (int i = 0; i < KEYS; i++)
        expected[i] = -1;
    tb_dict *d = tb_dict_new(0);
    tb_list *random = scrambled(20000);
    for (int64_t i = 0; i < random->count; i++) {
        int64_t key = random->as.ints[i] % KEYS;
        int is_removal = random->as.ints[i] / KEYS % 3 == 0;
        if (is_removal)
            ck_assert_int_eq(tb_dict_remove(d, I(key)), expected[key] >= 0);
        else
            ck_assert_int_eq(tb_dict_put(d, I(key), I(i)), 0);
        expected[key] = is_removal ? -1 : i;
    }
    int64_t count = 0;
    for (int64_t key = 0; key < KEYS; key++) {
        tb_value value = tb_dict_find(d, I(key));
        ck_assert(value == (expected[key] < 0 ? TB_MISSING : I(expected[key])));
        count += expected[key] >= 0;
    }
    ck_assert_int_eq(tb_dict_count(d), count);
}
END_TEST

START_TEST(a_queue_stays_small)
{
    tb_set *queue = tb_set_new(0);
    for (int64_t i = 0; i < 100000; i++) {
        tb_set_add(queue, I(i));
        if (i >= 10) ck_assert(tb_set_pop(queue) == I(i - 10));
    }
    ck_assert_int_eq(tb_set_count(queue), 10);
    ck_assert_int_le(queue->table.capacity, 64);
}
END_TEST

START_TEST(methods_of_dicts)
{
    tb_dict *d = TB_AS_DICT(DICT(text("a"), I(1), text("b"), I(2)));
    ck_assert(tb_dict_get_or(d, text("z"), TB_NONE_VALUE) == TB_NONE_VALUE);
    ck_assert(tb_dict_setdefault(d, text("c"), I(3)) == I(3));
    ck_assert(tb_dict_setdefault(d, text("c"), I(4)) == I(3));
    ck_assert(tb_dict_pop(d, text("a"), TB_MISSING) == I(1));
    ck_assert(tb_dict_pop(d, text("a"), I(0)) == I(0));
    ck_assert(tb_dict_pop(d, text("a"), TB_MISSING) == TB_PENDING);
    caught(&tb_error_key);
    ck_assert_str_eq(shown(tb_dict_popitem(d)), "(\"c\", 3)");
    ck_assert_int_eq(tb_dict_update(d, LIST(TUPLE(text("x"), I(8)), LIST(text("y"), I(9)))), 0);
    ck_assert_str_eq(shown(TB_OBJECT(tb_dict_keys(d))), "[\"b\", \"x\", \"y\"]");
    ck_assert_str_eq(shown(TB_OBJECT(tb_dict_values(d))), "[2, 8, 9]");
    ck_assert_int_eq(tb_dict_values(d)->kind, TB_ITEMS_INT);
    ck_assert_str_eq(shown(TB_OBJECT(tb_dict_items(tb_dict_copy(d)))),
                     "[(\"b\", 2), (\"x\", 8), (\"y\", 9)]");
    tb_dict_clear(d);
    ck_assert(tb_dict_popitem(d) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_key), "the Dict is empty");
}
END_TEST

typedef tb_set *(*SetOperator)(tb_set *a, tb_set *b);

START_TEST(operations_on_sets)
{
    static const struct {
        SetOperator operate;
        const char *result;
    } cases[] = {
        {tb_set_union, "{3, 1, 2, 5}"},
        {tb_set_intersection, "{3, 2}"},
        {tb_set_difference, "{1}"},
        {tb_set_symmetric_difference, "{1, 5}"},
    };
    tb_set *a = TB_AS_SET(SET(I(3), I(1), I(2)));
    tb_set *b = TB_AS_SET(SET(I(2), I(5), I(3)));
    for (int i = 0; i < COUNT(cases); i++)
        ck_assert_str_eq(shown(TB_OBJECT(cases[i].operate(a, b))), cases[i].result);
    tb_set_toggle(a, b);
    ck_assert_str_eq(shown(TB_OBJECT(a)), "{1, 5}");
    tb_set_keep(b, a);
    ck_assert_str_eq(shown(TB_OBJECT(b)), "{5}");
    tb_set_drop(a, b);
    ck_assert_str_eq(shown(TB_OBJECT(a)), "{1}");
    ck_assert_int_eq(tb_set_is_disjoint(a, b), 1);
    ck_assert_int_eq(tb_set_is_subset(tb_set_new(0), a), 1);
    ck_assert_int_eq(tb_set_is_superset(a, b), 0);
    ck_assert_int_eq(tb_set_remove(a, I(7)), -1);
    ck_assert_str_eq(caught(&tb_error_key), "7 is not in the Set");
}
END_TEST

START_TEST(changes_while_going_through)
{
    tb_value d = DICT(I(1), I(1), I(2), I(2));
    tb_iter it;
    tb_value key;
    tb_iter_start(&it, d);
    ck_assert_int_eq(tb_iter_next(&it, &key), 1);
    tb_dict_put(TB_AS_DICT(d), I(1), I(9)); // a new value is no change of size
    ck_assert_int_eq(tb_iter_next(&it, &key), 1);
    tb_dict_put(TB_AS_DICT(d), I(3), I(3));
    ck_assert_int_eq(tb_iter_next(&it, &key), -1);
    ck_assert_str_eq(caught(&tb_error_value), "the Dict changed size during iteration");
}
END_TEST

// -------------------------------------------------------------------- a class with equals and hash

// All objects of this class have one hash; `equals` changes the dict that is being searched.
static tb_value call_hash(tb_fn *fn, tb_value self)
{
    (void)fn;
    (void)self;
    return I(1);
}

static tb_value call_equals(tb_fn *fn, tb_value self, tb_value other)
{
    tb_dict *d = TB_AS_DICT(fn->free[0]);
    int64_t count = TB_INT62_GET(fn->free[1]);
    if (count > 0) {
        fn->free[1] = I(count - 1);
        tb_dict_clear(d);
        for (int64_t i = 0; i < 100; i++)
            tb_dict_put(d, I(i), I(i));
    }
    return TB_BOOL_VALUE(self == other);
}

static const char *const other_param[] = {"other"};
static const tb_fn_info hash_info = {"hash", "", 0, 0, 0, -1, TB_FN_METHOD, NULL};
static const tb_fn_info equals_info = {"equals", "", 0, 1, 1, -1, TB_FN_METHOD, other_param};

// A class that finds [dict] to meddle with, [times] times.
static tb_class *meddling_class(tb_value dict, int64_t times)
{
    tb_class *cls = tb_alloc(sizeof *cls);
    *cls = (tb_class){.cls = &tb_class_class, .name = "Meddler", .kind = TB_INSTANCE};
    tb_value equals = tb_fn_new(TB_CODE(call_equals), &equals_info, 2);
    TB_AS_FN(equals)->free[0] = dict;
    TB_AS_FN(equals)->free[1] = I(times);
    cls->special[TB_SPECIAL_EQUALS] = TB_AS_FN(equals);
    cls->special[TB_SPECIAL_HASH] = TB_AS_FN(tb_fn_new(TB_CODE(call_hash), &hash_info, 0));
    return cls;
}

START_TEST(equals_that_changes_the_dict)
{
    tb_value d = TB_OBJECT(tb_dict_new(0));
    tb_class *cls = meddling_class(d, 1);
    ck_assert_int_eq(tb_dict_put(TB_AS_DICT(d), tb_instance_new(cls), I(-1)), 0);
    ck_assert_int_eq(tb_dict_put(TB_AS_DICT(d), tb_instance_new(cls), I(-2)), 0);
    ck_assert_int_eq(tb_dict_count(TB_AS_DICT(d)), 101);
    ck_assert(tb_dict_get(TB_AS_DICT(d), I(42)) == I(42));
}
END_TEST

START_TEST(equals_without_hash)
{
    tb_class *cls = meddling_class(TB_OBJECT(tb_dict_new(0)), 0);
    cls->special[TB_SPECIAL_HASH] = NULL;
    ck_assert(SET(tb_instance_new(cls)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type),
                     "a Meddler cannot be a key (it defines `equals` without `hash`)");
    cls->special[TB_SPECIAL_EQUALS] = NULL;
    tb_value object = tb_instance_new(cls);
    ck_assert_int_eq(tb_set_has(TB_AS_SET(SET(object)), object), 1);
    ck_assert_int_eq(tb_set_has(TB_AS_SET(SET(object)), tb_instance_new(cls)), 0);
}
END_TEST

Suite *dict_suite(void)
{
    Suite *suite = suite_create("dict");
    TCase *tests = tcase_create("dict");
    tcase_add_unchecked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, order_is_that_of_arrival);
    tcase_add_test(tests, numbers_that_are_equal_are_one_key);
    tcase_add_test(tests, keys_that_can_change_are_refused);
    tcase_add_test(tests, many_insertions_and_removals);
    tcase_add_test(tests, a_queue_stays_small);
    tcase_add_test(tests, methods_of_dicts);
    tcase_add_test(tests, operations_on_sets);
    tcase_add_test(tests, changes_while_going_through);
    tcase_add_test(tests, equals_that_changes_the_dict);
    tcase_add_test(tests, equals_without_hash);
    suite_add_tcase(suite, tests);
    return suite;
}
