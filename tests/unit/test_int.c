// Ints: conversions, arithmetic around the edges of the inline form, bits, errors.
#include "containers.h"

#include <math.h>

typedef tb_value binary(tb_value a, tb_value b);

static void check_text(tb_value v, const char *expected)
{
    char buffer[1000];
    ck_assert(v != TB_PENDING);
    ck_assert(TB_IS_INT(v));
    ck_assert_int_lt(tb_int_text_size(v), (int64_t)sizeof buffer);
    int64_t size = tb_int_text(v, buffer);
    ck_assert_int_le(size, tb_int_text_size(v));
    buffer[size] = 0;
    ck_assert_str_eq(buffer, expected);
}

// Edges: the inline form ends at 2**61 - 1 and -2**61, limbs at 64 bits.
#define TWO_61 "2305843009213693952"
#define TWO_62 "4611686018427387904"
#define TWO_63 "9223372036854775808"
#define TWO_64 "18446744073709551616"
#define TEN_40 "10000000000000000000000000000000000000000"

static const struct {
    binary *operation;
    const char *a, *b, *result;
} rows[] = {
    {tb_int_add, "2305843009213693951", "1", TWO_61},
    {tb_int_add, TWO_61, "-1", "2305843009213693951"},
    {tb_int_add, "18446744073709551615", "1", TWO_64},
    {tb_int_add, TEN_40, "-" TEN_40, "0"},
    {tb_int_sub, "-" TWO_61, "1", "-2305843009213693953"},
    {tb_int_sub, "5", TEN_40, "-9999999999999999999999999999999999999995"},
    {tb_int_mul, "-" TWO_61, "-1", TWO_61},
    {tb_int_mul, TWO_61, "2", TWO_62},
    {tb_int_mul, TWO_63, TWO_63, "85070591730234615865843651857942052864"},
    {tb_int_mul, TEN_40, "0", "0"},
    {tb_int_floor_div, "-" TWO_61, "-1", TWO_61},
    {tb_int_floor_div, "7", "-2", "-4"},
    {tb_int_floor_div, "-7", TEN_40, "-1"},
    {tb_int_floor_div, "-" TEN_40, "3", "-3333333333333333333333333333333333333334"},
    {tb_int_mod, "7", "-2", "-1"},
    {tb_int_mod, "-7", TEN_40, "9999999999999999999999999999999999999993"},
    {tb_int_mod, "-" TEN_40, "3", "2"},
    {tb_int_mod, TEN_40, "-3", "-2"},
    {tb_int_mod, "-" TEN_40, TEN_40, "0"},
    {tb_int_pow, "2", "64", TWO_64},
    {tb_int_pow, "-3", "3", "-27"},
    {tb_int_pow, "10", "40", TEN_40},
    {tb_int_pow, "-1", TEN_40, "1"},
    {tb_int_pow, "0", "0", "1"},
    {tb_int_and, "-1", TWO_64, TWO_64},
    {tb_int_or, "-" TWO_64, "1", "-18446744073709551615"},
    {tb_int_xor, "-1", TWO_64, "-18446744073709551617"},
    {tb_int_shl, "1", "64", TWO_64},
    {tb_int_shl, "-1", "61", "-" TWO_61},
    {tb_int_shl, "1", "61", TWO_61},
    {tb_int_shl, "0", TEN_40, "0"},
    {tb_int_shr, TWO_64, "64", "1"},
    {tb_int_shr, "-18446744073709551617", "64", "-2"},
    {tb_int_shr, "-1", TEN_40, "-1"},
    {tb_int_shr, "5", "200", "0"},
    {tb_int_gcd, "-12", "18", "6"},
    {tb_int_gcd, TEN_40, "6", "2"},
};

START_TEST(arithmetic_is_exact)
{
    check_text(rows[_i].operation(big(rows[_i].a), big(rows[_i].b)), rows[_i].result);
}
END_TEST

static const char *const numbers[] = {
    "0",
    "1",
    "-1",
    "2305843009213693951",
    TWO_61,
    "-" TWO_61,
    "-2305843009213693953",
    TWO_62,
    TWO_63,
    TWO_64,
    "-" TWO_64,
    TEN_40,
    "-" TEN_40,
};

START_TEST(text_is_read_back)
{
    tb_value v = big(numbers[_i]);
    check_text(v, numbers[_i]);
    for (int base = 2; base <= 36; base++) {
        char buffer[200];
        int64_t size = tb_int_text_base(v, base, buffer);
        ck_assert_int_le(size, tb_int_text_size_base(v, base));
        ck_assert(tb_int_equal(tb_int_from_text(buffer, size, base), v));
    }
}
END_TEST

START_TEST(quotient_and_remainder_make_the_dividend)
{
    for (int i = 0; i < COUNT(numbers); i++) {
        tb_value a = big(numbers[_i]), b = big(numbers[i]), quotient, rest;
        if (b == TB_INT62(0)) continue;
        ck_assert_int_eq(tb_int_divmod(a, b, &quotient, &rest), 0);
        ck_assert(tb_int_equal(tb_int_add(tb_int_mul(quotient, b), rest), a));
        ck_assert(rest == TB_INT62(0) || tb_int_sign(rest) == tb_int_sign(b));
    }
}
END_TEST

typedef tb_value spending(tb_value a, tb_value b, int spent);
static const struct {
    binary *plain;
    spending *spending;
} spenders[] = {
    {tb_int_add, tb_int_add_spending}, {tb_int_sub, tb_int_sub_spending},
    {tb_int_mul, tb_int_mul_spending}, {tb_int_floor_div, tb_int_floor_div_spending},
    {tb_int_mod, tb_int_mod_spending},
};

static void check_spending(int operation, const char *a, const char *b, int spent)
{
    tb_value x = big(a), y = big(b);
    if (y == TB_INT62(0) && operation >= 3) return; // a division
    tb_value expected = spenders[operation].plain(x, y);
    ck_assert(tb_int_equal(spenders[operation].spending(x, y, spent), expected));
    if (!(spent & TB_SPENT_LEFT)) check_text(x, a);
    if (!(spent & TB_SPENT_RIGHT)) check_text(y, b);
}

START_TEST(spent_operands_change_no_result)
{
    for (int i = 0; i < COUNT(numbers); i++)
        for (int operation = 0; operation < COUNT(spenders); operation++)
            for (int spent = 0; spent < 4; spent++)
                check_spending(operation, numbers[_i], numbers[i], spent);
}
END_TEST

START_TEST(order_follows_the_numbers)
{
    for (int i = 0; i < COUNT(numbers); i++) {
        tb_value a = big(numbers[_i]), b = big(numbers[i]);
        ck_assert_int_eq(tb_int_compare(a, b), tb_int_sign(tb_int_sub(a, b)));
        ck_assert_int_eq(tb_int_equal(a, b), i == _i);
    }
}
END_TEST

START_TEST(words_of_64_bits_fit)
{
    static const int64_t words[] = {0, -1, INT64_MAX, INT64_MIN, TB_INT62_MAX, TB_INT62_MIN};
    for (int i = 0; i < COUNT(words); i++) {
        int64_t n = 77;
        ck_assert(tb_int_to(tb_int_from(words[i]), &n));
        ck_assert(n == words[i]);
    }
    int64_t n;
    ck_assert(!tb_int_to(big(TWO_63), &n));
    check_text(tb_int_from_unsigned(UINT64_MAX), "18446744073709551615");
}
END_TEST

// What no Int is, and in which base.
static const struct {
    const char *text;
    int base;
} no_numbers[] = {{"", 10}, {"-", 10}, {"12a", 10}, {"2", 2}, {"1 ", 10}, {"--1", 10}, {"1_0", 10}};

START_TEST(other_text_is_a_value_error)
{
    const char *text = no_numbers[_i].text;
    tb_value v = tb_int_from_text(text, (int64_t)strlen(text), no_numbers[_i].base);
    ck_assert(v == TB_PENDING);
    caught(&tb_error_value);
}
END_TEST

// Operations that raise.
static const struct {
    binary *operation;
    const char *a, *b;
    tb_class *error;
} failures[] = {
    {tb_int_floor_div, "1", "0", &tb_error_zero_division},
    {tb_int_mod, TEN_40, "0", &tb_error_zero_division},
    {tb_int_pow, "0", "-1", &tb_error_zero_division},
    {tb_int_pow, "2", "1099511627776", &tb_error_overflow},
    {tb_int_pow, "3", TEN_40, &tb_error_overflow},
    {tb_int_shl, "1", "1000000000000000000", &tb_error_overflow},
    {tb_int_shl, "1", "-1", &tb_error_value},
    {tb_int_shr, "1", "-" TEN_40, &tb_error_value},
};

START_TEST(impossible_results_raise)
{
    tb_value v = failures[_i].operation(big(failures[_i].a), big(failures[_i].b));
    ck_assert(v == TB_PENDING);
    caught(failures[_i].error);
}
END_TEST

// Quotients that need one rounding of the exact value.
static const struct {
    const char *a, *b;
    double quotient;
} quotients[] = {
    {"1", "3", 1.0 / 3},
    {"19", "-9007199254740993", -2.109423746787797e-15},
    {TEN_40, "10", 1e39},
    {"9007199254740993", "1", 9007199254740992.0},
    {"9007199254740995", "1", 9007199254740996.0},
    {"0", TEN_40, 0},
};

START_TEST(division_rounds_once)
{
    ck_assert(tb_int_div(big(quotients[_i].a), big(quotients[_i].b)) == quotients[_i].quotient);
}
END_TEST

START_TEST(floats_beyond_range_raise)
{
    tb_value huge = tb_int_pow(TB_INT62(10), TB_INT62(400));
    ck_assert(isnan(tb_int_to_double(huge)));
    caught(&tb_error_overflow);
    ck_assert(isnan(tb_int_div(huge, TB_INT62(3))));
    caught(&tb_error_overflow);
    ck_assert(tb_int_div(huge, tb_int_pow(TB_INT62(10), TB_INT62(399))) == 10);
    ck_assert(tb_int_div(TB_INT62(1), huge) == 0);
    ck_assert(tb_int_from_double(INFINITY) == TB_PENDING);
    caught(&tb_error_overflow);
    ck_assert(tb_int_from_double(NAN) == TB_PENDING);
    caught(&tb_error_value);
}
END_TEST

START_TEST(floats_compare_exactly)
{
    static const struct {
        const char *a;
        double b;
        int order;
    } pairs[] = {
        {"1", 1.5, -1},         {"-1", -1.5, 1},     {"9007199254740993", 9007199254740992.0, 1},
        {TWO_61, 0x1p61, 0},    {TWO_64, 0x1p64, 0}, {"18446744073709551617", 0x1p64, 1},
        {TEN_40, INFINITY, -1}, {"0", NAN, 2},
    };
    for (int i = 0; i < COUNT(pairs); i++)
        ck_assert_int_eq(tb_int_compare_double(big(pairs[i].a), pairs[i].b), pairs[i].order);
}
END_TEST

START_TEST(equal_numbers_hash_alike)
{
    static const double whole[] = {0,      -0.0,    1,      -5,     0x1p53,    0x1p60,
                                   0x1p61, -0x1p61, 0x1p62, 0x1p64, -0x1.8p200};
    for (int i = 0; i < COUNT(whole); i++) {
        tb_value v = tb_int_from_double(whole[i]);
        ck_assert(tb_int_hash(v, 42) == tb_float_hash(whole[i], 42));
    }
    ck_assert(tb_int_hash(big(TEN_40), 1) != tb_int_hash(big("-" TEN_40), 1));
}
END_TEST

START_TEST(modular_powers)
{
    check_text(tb_int_pow_mod(TB_INT62(3), big(TEN_40), TB_INT62(1000)), "1");
    check_text(tb_int_pow_mod(TB_INT62(3), TB_INT62(-1), TB_INT62(7)), "5");
    check_text(tb_int_pow_mod(TB_INT62(2), TB_INT62(3), TB_INT62(-5)), "-2");
    ck_assert(tb_int_pow_mod(TB_INT62(2), TB_INT62(-1), TB_INT62(4)) == TB_PENDING);
    caught(&tb_error_value);
}
END_TEST

Suite *int_suite(void)
{
    Suite *suite = suite_create("int");
    TCase *c = tcase_create("int");
    tcase_add_checked_fixture(c, tb_gc_init, NULL);
    tcase_add_loop_test(c, arithmetic_is_exact, 0, COUNT(rows));
    tcase_add_loop_test(c, text_is_read_back, 0, COUNT(numbers));
    tcase_add_loop_test(c, quotient_and_remainder_make_the_dividend, 0, COUNT(numbers));
    tcase_add_loop_test(c, spent_operands_change_no_result, 0, COUNT(numbers));
    tcase_add_loop_test(c, order_follows_the_numbers, 0, COUNT(numbers));
    tcase_add_test(c, words_of_64_bits_fit);
    tcase_add_loop_test(c, other_text_is_a_value_error, 0, COUNT(no_numbers));
    tcase_add_loop_test(c, impossible_results_raise, 0, COUNT(failures));
    tcase_add_loop_test(c, division_rounds_once, 0, COUNT(quotients));
    tcase_add_test(c, floats_beyond_range_raise);
    tcase_add_test(c, floats_compare_exactly);
    tcase_add_test(c, equal_numbers_hash_alike);
    tcase_add_test(c, modular_powers);
    suite_add_tcase(suite, c);
    return suite;
}
