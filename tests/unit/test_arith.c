// Operators on values whose types are known at run time only.
#include "containers.h"

typedef tb_value binary(tb_value a, tb_value b);

#define N(d) tb_float_from(d)

START_TEST(numbers_mix)
{
    const struct {
        binary *operation;
        tb_value a, b;
        const char *result;
    } rows[] = {
        {tb_add, I(1), N(0.5), "1.5"},
        {tb_add, TB_TRUE, TB_TRUE, "2"},
        {tb_add, I(TB_INT62_MAX), I(1), "2305843009213693952"},
        {tb_sub, I(TB_INT62_MIN), TB_TRUE, "-2305843009213693953"},
        {tb_mul, I(1L << 40), I(1L << 40), "1208925819614629174706176"},
        {tb_mul, big("100000000000000000000"), N(2), "2e+20"},
        {tb_div, I(7), I(2), "3.5"},
        {tb_div, I(6), I(2), "3.0"},
        {tb_floor_div, I(-7), I(2), "-4"},
        {tb_floor_div, I(-7), N(2), "-4.0"},
        {tb_mod, I(-7), I(3), "2"},
        {tb_mod, N(-7), I(3), "2.0"},
        {tb_pow, I(2), I(-1), "0.5"},
        {tb_pow, I(2), N(0.5), "1.4142135623730951"},
        {tb_bit_and, TB_TRUE, I(3), "1"},
        {tb_bit_and, TB_TRUE, TB_FALSE, "false"},
        {tb_bit_or, TB_TRUE, TB_FALSE, "true"},
        {tb_bit_xor, TB_TRUE, TB_TRUE, "false"},
        {tb_shift_left, TB_TRUE, I(70), "1180591620717411303424"},
        {tb_shift_right, I(-5), I(1), "-3"},
    };
    for (int i = 0; i < COUNT(rows); i++)
        ck_assert_str_eq(shown(rows[i].operation(rows[i].a, rows[i].b)), rows[i].result);
    ck_assert_str_eq(shown(tb_neg(TB_TRUE)), "-1");
    ck_assert_str_eq(shown(tb_neg(N(0))), "-0.0");
    ck_assert_str_eq(shown(tb_neg(I(TB_INT62_MIN))), "2305843009213693952");
    ck_assert_str_eq(shown(tb_plus(TB_TRUE)), "1");
    ck_assert_str_eq(shown(tb_bit_not(TB_TRUE)), "-2");
}
END_TEST

START_TEST(objects_join_and_repeat)
{
    const struct {
        binary *operation;
        tb_value a, b;
        const char *result;
    } rows[] = {
        {tb_add, text("a"), I(1), "\"a1\""},
        {tb_add, TB_NONE_VALUE, text("!"), "\"None!\""},
        {tb_add, LIST(I(1)), LIST(text("a")), "[1, \"a\"]"},
        {tb_add, TUPLE(I(1)), TUPLE(I(2)), "(1, 2)"},
        {tb_mul, text("ab"), I(3), "\"ababab\""},
        {tb_mul, I(-3), text("ab"), "\"\""},
        {tb_mul, TB_TRUE, text("ab"), "\"ab\""},
        {tb_mul, LIST(I(0)), I(3), "[0, 0, 0]"},
        {tb_mul, I(2), TUPLE(I(1), I(2)), "(1, 2, 1, 2)"},
        {tb_mul, LIST(I(1)), big("-100000000000000000000"), "[]"},
        {tb_sub, SET(I(1), I(2)), SET(I(2)), "{1}"},
        {tb_bit_and, SET(I(1), I(2)), SET(I(2)), "{2}"},
        {tb_bit_or, SET(I(2)), SET(I(1), I(2)), "{2, 1}"},
        {tb_bit_xor, SET(I(2)), SET(I(1), I(2)), "{1}"},
        {tb_bit_or, DICT(I(1), I(2), I(3), I(4)), DICT(I(1), I(5)), "{1: 5, 3: 4}"},
    };
    for (int i = 0; i < COUNT(rows); i++)
        ck_assert_str_eq(shown(rows[i].operation(rows[i].a, rows[i].b)), rows[i].result);
}
END_TEST

START_TEST(assignment_changes_lists_sets_and_dicts_in_place)
{
    const struct {
        binary *operation;
        tb_value a, b;
        const char *result;
    } rows[] = {
        {tb_add_assign, LIST(I(1)), TUPLE(I(2)), "[1, 2]"},
        {tb_mul_assign, LIST(I(1)), I(3), "[1, 1, 1]"},
        {tb_sub_assign, SET(I(1), I(2)), SET(I(2)), "{1}"},
        {tb_bit_and_assign, SET(I(1), I(2)), SET(I(2)), "{2}"},
        {tb_bit_or_assign, SET(I(2)), SET(I(1)), "{2, 1}"},
        {tb_bit_xor_assign, SET(I(2)), SET(I(1), I(2)), "{1}"},
        {tb_bit_or_assign, DICT(I(1), I(2)), DICT(I(3), I(4)), "{1: 2, 3: 4}"},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        ck_assert(rows[i].operation(rows[i].a, rows[i].b) == rows[i].a);
        ck_assert_str_eq(shown(rows[i].a), rows[i].result);
    }
    tb_value tuple = TUPLE(I(1));
    ck_assert(tb_add_assign(tuple, TUPLE(I(2))) != tuple);
    ck_assert_str_eq(shown(tuple), "(1,)");
    ck_assert(tb_add_assign(I(1), I(2)) == I(3));
}
END_TEST

START_TEST(a_container_can_be_its_own_operand)
{
    tb_value xs = LIST(I(1), I(2)), s = SET(I(1), I(2)), t = SET(I(1));
    ck_assert_str_eq(shown(tb_add_assign(xs, xs)), "[1, 2, 1, 2]");
    ck_assert_str_eq(shown(tb_bit_or_assign(s, s)), "{1, 2}");
    ck_assert_str_eq(shown(tb_bit_and_assign(s, s)), "{1, 2}");
    ck_assert_str_eq(shown(tb_sub_assign(s, s)), "set()");
    ck_assert_str_eq(shown(tb_bit_xor_assign(t, t)), "set()");
}
END_TEST

START_TEST(other_operands_are_type_errors)
{
    const struct {
        binary *operation;
        tb_value a, b;
        const char *message;
    } rows[] = {
        {tb_add, LIST(I(1)), I(1), "`+` cannot add a List and an Int"},
        {tb_add, I(1), TB_NONE_VALUE, "`+` cannot add an Int and None"},
        {tb_sub, text("a"), I(1), "`-` needs numbers or Sets, not a String and an Int"},
        {tb_mul, text("a"), N(1), "`*` cannot multiply a String and a Float"},
        {tb_div, text("a"), I(1), "`/` needs numbers, not a String and an Int"},
        {tb_bit_and, N(1), I(1), "`&` needs Ints or Sets, not a Float and an Int"},
        {tb_bit_or, DICT(I(1), I(1)), SET(I(1)),
         "`|` needs Ints, Sets or Dicts, not a Dict and a Set"},
        {tb_shift_left, I(1), N(1), "`<<` needs Ints, not an Int and a Float"},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        ck_assert(rows[i].operation(rows[i].a, rows[i].b) == TB_PENDING);
        ck_assert_str_eq(caught(&tb_error_type), rows[i].message);
    }
    ck_assert(tb_neg(text("a")) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "`-` needs a number, not a String");
    ck_assert(tb_bit_not(N(1)) == TB_PENDING);
    ck_assert_str_eq(caught(&tb_error_type), "`~` needs an Int, not a Float");
}
END_TEST

START_TEST(impossible_results_raise)
{
    const struct {
        binary *operation;
        tb_value a, b;
        tb_class *error;
    } rows[] = {
        {tb_div, I(1), I(0), &tb_error_zero_division},
        {tb_div, N(1), N(0), &tb_error_zero_division},
        {tb_mod, I(1), TB_FALSE, &tb_error_zero_division},
        {tb_floor_div, N(1), I(0), &tb_error_zero_division},
        {tb_pow, N(10), I(400), &tb_error_overflow},
        {tb_pow, I(2), I(1L << 40), &tb_error_overflow},
        {tb_add, tb_pow(I(10), I(400)), N(1), &tb_error_overflow},
        {tb_mul, LIST(I(1)), big("100000000000000000000"), &tb_error_overflow},
        {tb_mul, LIST(I(1)), I(1L << 60), &tb_error_memory},
        {tb_mul, text("ab"), I(1L << 60), &tb_error_memory},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        ck_assert(rows[i].operation(rows[i].a, rows[i].b) == TB_PENDING);
        caught(rows[i].error);
    }
}
END_TEST

START_TEST(fast_paths_agree_with_the_operators)
{
    static const int64_t edges[] = {
        0, 1, -1, 7, -7, 1L << 31, TB_INT62_MAX, TB_INT62_MIN, TB_INT62_MIN + 1};
    tb_value out;
    for (int i = 0; i < COUNT(edges) * COUNT(edges); i++) {
        tb_value a = I(edges[i / COUNT(edges)]), b = I(edges[i % COUNT(edges)]);
        if (TB_ADD_FAST(out, a, b))
            ck_assert(out == tb_int_add(a, b));
        else
            ck_assert(TB_IS_BIG(tb_add(a, b)));
        if (TB_SUB_FAST(out, a, b))
            ck_assert(out == tb_int_sub(a, b));
        else
            ck_assert(TB_IS_BIG(tb_sub(a, b)));
        if (TB_MUL_FAST(out, a, b))
            ck_assert(out == tb_int_mul(a, b));
        else
            ck_assert(TB_IS_BIG(tb_mul(a, b)));
        if (TB_FLOOR_DIV_FAST(out, a, b)) ck_assert(out == tb_int_floor_div(a, b));
        if (TB_MOD_FAST(out, a, b)) ck_assert(out == tb_int_mod(a, b));
        ck_assert(TB_BIT_XOR_FAST(out, a, b) && out == tb_int_xor(a, b));
    }
}
END_TEST

Suite *arith_suite(void)
{
    Suite *suite = suite_create("arith");
    TCase *c = tcase_create("arith");
    tcase_add_checked_fixture(c, tb_gc_init, NULL);
    tcase_add_test(c, numbers_mix);
    tcase_add_test(c, objects_join_and_repeat);
    tcase_add_test(c, assignment_changes_lists_sets_and_dicts_in_place);
    tcase_add_test(c, a_container_can_be_its_own_operand);
    tcase_add_test(c, other_operands_are_type_errors);
    tcase_add_test(c, impossible_results_raise);
    tcase_add_test(c, fast_paths_agree_with_the_operators);
    suite_add_tcase(suite, c);
    return suite;
}
