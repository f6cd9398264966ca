// Equality, order, hash, truth and membership; deep, shared and cyclic data; copies.
#include "containers.h"

#define DEEP 300000 // a C stack of 8 MB would not take one frame a level

enum { EQ = 0, LT = -1, GT = 1, NO = 2 /* neither */ };

// Checks all six operators on a pair.
static void check_pair(tb_value a, tb_value b, int expected)
{
    ck_assert_int_eq(tb_equal(a, b), expected == EQ);
    ck_assert_int_eq(tb_not_equal(a, b), expected != EQ);
    ck_assert_int_eq(tb_less(a, b), expected == LT);
    ck_assert_int_eq(tb_less_equal(a, b), expected == LT || expected == EQ);
    ck_assert_int_eq(tb_greater(a, b), expected == GT);
    ck_assert_int_eq(tb_greater_equal(a, b), expected == GT || expected == EQ);
}

START_TEST(numbers_compare_by_exact_value)
{
    tb_value nan = number(0.0 / 0.0);
    check_pair(I(1), number(1), EQ);
    check_pair(TB_TRUE, I(1), EQ);
    check_pair(TB_FALSE, number(0.5), LT);
    check_pair(big("9007199254740993"), number(9007199254740992.0), GT);
    check_pair(number(9007199254740992.0), big("9007199254740993"), LT);
    check_pair(big("1000000000000000000000"), number(1e21), EQ);
    check_pair(number(1.0 / 0.0), big("1000000000000000000000"), GT);
    check_pair(nan, nan, NO);
    check_pair(I(1), nan, NO);
    check_pair(nan, I(1), NO);
}
END_TEST

START_TEST(sequences_compare_item_by_item)
{
    tb_value nan = number(0.0 / 0.0);
    check_pair(text("abc"), text("abd"), LT);
    check_pair(LIST(I(1), I(2)), LIST(I(1), I(3)), LT);
    check_pair(LIST(I(1)), LIST(I(1), I(3)), LT);
    check_pair(LIST(I(2)), LIST(I(1), I(3)), GT);
    check_pair(LIST(I(1), text("a")), LIST(number(1), text("a")), EQ);
    check_pair(TUPLE(I(1), LIST(I(5), I(6))), TUPLE(I(1), LIST(I(5))), GT);
    check_pair(LIST(nan), LIST(nan), EQ);
    check_pair(LIST(nan), LIST(number(1)), NO);
    ck_assert_int_eq(tb_equal(LIST(I(1)), TUPLE(I(1))), 0);
    ck_assert_int_eq(tb_equal(range(0, 3, 2), range(0, 4, 2)), 1);
}
END_TEST

START_TEST(dicts_and_sets_are_equal_in_any_order)
{
    tb_value d = DICT(text("a"), LIST(I(1)), text("b"), I(2));
    ck_assert_int_eq(tb_equal(d, DICT(text("b"), I(2), text("a"), LIST(number(1)))), 1);
    ck_assert_int_eq(tb_equal(d, DICT(text("b"), I(2), text("a"), LIST(I(7)))), 0);
    ck_assert_int_eq(tb_equal(d, DICT(text("b"), I(2), text("c"), LIST(I(1)))), 0);
    ck_assert_int_eq(tb_equal(SET(I(1), I(2)), SET(I(2), number(1))), 1);
    ck_assert_int_eq(tb_equal(TB_NONE_VALUE, d), 0);
}
END_TEST

START_TEST(what_has_no_order)
{
    ck_assert_int_eq(tb_less(text("a"), I(1)), -1);
    ck_assert_str_eq(caught(&tb_error_type), "`<` cannot compare a String and an Int");
    tb_value d = DICT(I(1), I(2));
    ck_assert_int_eq(tb_greater_equal(LIST(d), LIST(DICT(I(1), I(3)))), -1);
    ck_assert_str_eq(caught(&tb_error_type), "`>=` cannot compare a Dict and a Dict");
    ck_assert_int_eq(tb_less_equal(LIST(d), LIST(DICT(I(1), I(2)))), 1);
    ck_assert_int_eq(tb_less(SET(I(1)), SET(I(1), I(2))), -1);
    ck_assert_str_eq(caught(&tb_error_type), "`<` cannot compare a Set and a Set");
}
END_TEST

START_TEST(identity)
{
    ck_assert_int_eq(tb_identical(I(1), number(1)), 0);
    ck_assert_int_eq(tb_identical(text("ab"), text("ab")), 1);
    ck_assert_int_eq(tb_identical(big("99999999999999999999"), big("99999999999999999999")), 1);
    ck_assert_int_eq(tb_identical(number(1e100), number(1e100)), 1);
    ck_assert_int_eq(tb_identical(empty_list(), empty_list()), 0);
}
END_TEST

START_TEST(truth)
{
    tb_value false_ones[] = {TB_NONE_VALUE,
                             TB_FALSE,
                             I(0),
                             number(-0.0),
                             text(""),
                             empty_list(),
                             tb_tuple_from(0, NULL),
                             tb_dict_from(0, NULL),
                             tb_set_from(0, NULL),
                             range(3, 3, 1)};
    tb_value true_ones[] = {TB_TRUE,          I(-1),      number(0.0 / 0.0),
                            text(" "),        LIST(I(0)), TUPLE(I(0)),
                            DICT(I(0), I(0)), SET(I(0)),  range(0, 1, 1)};
    for (int i = 0; i < COUNT(false_ones); i++)
        ck_assert_int_eq(tb_truth(false_ones[i]), 0);
    for (int i = 0; i < COUNT(true_ones); i++)
        ck_assert_int_eq(tb_truth(true_ones[i]), 1);
}
END_TEST

START_TEST(membership)
{
    ck_assert_int_eq(tb_contains(LIST(I(1), I(2)), number(2)), 1);
    ck_assert_int_eq(tb_contains(TUPLE(text("a")), text("a")), 1);
    ck_assert_int_eq(tb_contains(DICT(text("k"), I(1)), I(1)), 0);
    ck_assert_int_eq(tb_contains(text("banana"), text("nan")), 1);
    ck_assert_int_eq(tb_contains(text("banana"), I(1)), -1);
    ck_assert_str_eq(caught(&tb_error_type), "a String contains Strings, not an Int");
    ck_assert_int_eq(tb_contains(range(1, 10, 3), I(7)), 1);
    ck_assert_int_eq(tb_contains(range(10, 1, -3), I(8)), 0);
    ck_assert_int_eq(tb_contains(range(1, 10, 3), number(4)), 1);
    ck_assert_int_eq(tb_contains(range(1, 10, 3), number(4.5)), 0);
    ck_assert_int_eq(tb_contains(I(1), I(1)), -1);
    caught(&tb_error_type);
    ck_assert_int_eq(tb_starts_with(text("photo.jpg"), text("ph")), 1);
    ck_assert_int_eq(tb_ends_with(text("photo.jpg"), text(".png")), 0);
    ck_assert_int_eq(tb_ends_with(text("a"), I(1)), -1);
    ck_assert_str_eq(caught(&tb_error_type),
                     "`ends_with` needs two Strings, not a String and an Int");
}
END_TEST

// ------------------------------------------------------------------------- deep, shared and cyclic

START_TEST(depth_is_no_limit)
{
    tb_value (*wraps[])(tb_value) = {in_list, in_tuple, in_dict};
    tb_value (*wrap)(tb_value) = wraps[_i];
    tb_value a = nested(DEEP, text("x"), wrap);
    tb_value b = nested(DEEP, text("x"), wrap);
    tb_value c = nested(DEEP, text("y"), wrap);
    ck_assert_int_eq(tb_equal(a, b), 1);
    ck_assert_int_eq(tb_equal(a, c), 0);
    ck_assert_int_eq(tb_equal(tb_deep_copy(a), a), 1);
    if (wrap != in_dict) ck_assert_int_eq(tb_less(a, c), 1);
    int failed;
    if (wrap == in_tuple) ck_assert(tb_hash(a, &failed) == tb_hash(b, &failed) && !failed);
}
END_TEST

static tb_value twice(tb_value v)
{
    return LIST(v, v);
}

START_TEST(shared_parts_are_compared_once)
{
    ck_assert_int_eq(tb_equal(nested(200, text("x"), twice), nested(200, text("x"), twice)), 1);
    ck_assert_int_eq(tb_equal(nested(200, text("x"), twice), nested(200, text("y"), twice)), 0);
}
END_TEST

// A list that holds [first] and itself.
static tb_value looped(tb_value first)
{
    tb_value xs = LIST(first);
    tb_list_push(TB_AS_LIST(xs), xs);
    return xs;
}

START_TEST(cycles_end)
{
    ck_assert_int_eq(tb_equal(looped(text("x")), looped(text("x"))), 1);
    ck_assert_int_eq(tb_equal(looped(text("x")), looped(text("y"))), 0);
    ck_assert_int_eq(tb_less(looped(text("x")), looped(text("x"))), 0);
    tb_value d = DICT(I(1), I(1));
    tb_dict_put(TB_AS_DICT(d), I(2), d);
    tb_value copy = tb_deep_copy(d);
    ck_assert(copy != d && tb_dict_get(TB_AS_DICT(copy), I(2)) == copy);
    ck_assert_int_eq(tb_equal(copy, d), 1);
}
END_TEST

// ------------------------------------------------------------------------------------------ copies

START_TEST(copies)
{
    tb_value inner = LIST(I(1));
    tb_value original =
        DICT(TUPLE(I(1), text("k")), inner, text("same"), inner, text("s"), SET(I(5)));
    tb_value shallow = tb_copy(original);
    tb_value deep = tb_deep_copy(original);
    tb_list_push(TB_AS_LIST(inner), I(2));
    ck_assert_str_eq(shown(shallow), "{(1, \"k\"): [1, 2], \"same\": [1, 2], \"s\": {5}}");
    ck_assert_str_eq(shown(deep), "{(1, \"k\"): [1], \"same\": [1], \"s\": {5}}");
    tb_value copied = tb_get_item(deep, text("same"));
    ck_assert(copied == tb_get_item(deep, TUPLE(I(1), text("k"))));
    ck_assert_int_eq(TB_AS_LIST(copied)->kind, TB_ITEMS_INT);
    ck_assert(tb_copy(text("a")) != TB_PENDING);
}
END_TEST

Suite *compare_suite(void)
{
    Suite *suite = suite_create("compare");
    TCase *tests = tcase_create("compare");
    tcase_set_timeout(tests, 60);
    tcase_add_unchecked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, numbers_compare_by_exact_value);
    tcase_add_test(tests, sequences_compare_item_by_item);
    tcase_add_test(tests, dicts_and_sets_are_equal_in_any_order);
    tcase_add_test(tests, what_has_no_order);
    tcase_add_test(tests, identity);
    tcase_add_test(tests, truth);
    tcase_add_test(tests, membership);
    tcase_add_loop_test(tests, depth_is_no_limit, 0, 3);
    tcase_add_test(tests, shared_parts_are_compared_once);
    tcase_add_test(tests, cycles_end);
    tcase_add_test(tests, copies);
    suite_add_tcase(suite, tests);
    return suite;
}
