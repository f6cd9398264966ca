// Floats: the value word, shortest text, reading text, operators.
#include "containers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double from_bits(uint64_t bits)
{
    tb_float_bits u = {.bits = bits};
    return u.number;
}

static uint64_t to_bits(double d)
{
    tb_float_bits u = {.number = d};
    return u.bits;
}

START_TEST(every_exponent_survives_the_word)
{
    for (uint64_t exponent = 0; exponent < 2048; exponent++)
        for (uint64_t sign = 0; sign < 2; sign++) {
            uint64_t bits = sign << 63 | exponent << 52 | 0x8000000000001;
            tb_value v = tb_float_from(from_bits(bits));
            ck_assert(TB_IS_FLOAT(v));
            ck_assert(to_bits(tb_float_get(v)) == bits);
            int is_far = exponent >= 256 && exponent < 1792 && (exponent < 768 || exponent >= 1280);
            ck_assert_int_eq(!TB_IS_DOUBLE(v), is_far);
        }
}
END_TEST

static const struct {
    double number;
    const char *text;
} texts[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {-2.5, "-2.5"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {100.0, "100.0"},
    {123456789.125, "123456789.125"},
    {0.0001, "0.0001"},
    {0.00001, "1e-05"},
    {0.00012345, "0.00012345"},
    {9007199254740992.0, "9007199254740992.0"},
    {9999999999999998.0, "9999999999999998.0"},
    {1e16, "1e+16"},
    {1e20, "1e+20"},
    {1e22, "1e+22"},
    {1e23, "1e+23"},
    {1.2345e-7, "1.2345e-07"},
    {5e-324, "5e-324"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {4.8726570057e288, "4.8726570057e+288"},
    {9.5367431640625e-07, "9.5367431640625e-07"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
    {NAN, "nan"},
};

START_TEST(text_is_the_shortest)
{
    char buffer[TB_FLOAT_TEXT_SIZE + 1];
    int64_t size = tb_float_text(texts[_i].number, buffer);
    buffer[size] = 0;
    ck_assert_str_eq(buffer, texts[_i].text);
}
END_TEST

// Steps through all exponents with odd-looking significands; a shorter text must not read back the
// same.
START_TEST(text_reads_back_and_none_is_shorter)
{
    uint64_t random = 88172645463325252;
    for (int i = 0; i < 40000; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        uint64_t edge = (uint64_t)(i % 2047) << 52;
        double d = from_bits(i % 3 ? random & INT64_MAX : edge + random % 3);
        if (!isfinite(d) || d == 0) continue;
        char buffer[TB_FLOAT_TEXT_SIZE + 1], shorter[40];
        buffer[tb_float_text(d, buffer)] = 0;
        ck_assert(strtod(buffer, NULL) == d);
        int digits = 0;
        for (uint64_t rest = tb_float_digits(d).digits; rest; rest /= 10)
            digits++;
        if (digits == 1) continue;
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, d);
        ck_assert(strtod(shorter, NULL) != d);
    }
}
END_TEST

static const struct {
    const char *text;
    double number;
} readable[] = {
    {"1", 1},
    {" 2.5\n", 2.5},
    {"-.5", -0.5},
    {"5.", 5},
    {"1e3", 1000},
    {"1E-2", 0.01},
    {"1_000.5_0", 1000.5},
    {"+inf", INFINITY},
    {"-Infinity", -INFINITY},
    {"1e400", INFINITY},
    {"0.1", 0.1},
};

START_TEST(text_is_read)
{
    double d = 77;
    ck_assert_int_eq(tb_float_from_text(readable[_i].text, (int64_t)strlen(readable[_i].text), &d),
                     0);
    ck_assert(d == readable[_i].number);
}
END_TEST

static const char *const unreadable[] = {"",   " ",    ".",    "e5",    "1e",  "1__0", "_1",
                                         "1_", "1_.5", "infx", "0x1p3", "1 2", "--1"};

START_TEST(other_text_is_a_value_error)
{
    double d;
    ck_assert_int_eq(tb_float_from_text(unreadable[_i], (int64_t)strlen(unreadable[_i]), &d), -1);
    caught(&tb_error_value);
}
END_TEST

static const struct {
    double (*operation)(double, double);
    double a, b, result;
} operations[] = {
    {tb_float_mod, 7.5, 2, 1.5},     {tb_float_mod, -7.5, 2, 0.5},
    {tb_float_mod, 7.5, -2, -0.5},   {tb_float_mod, -5, INFINITY, INFINITY},
    {tb_float_floor_div, 7.5, 2, 3}, {tb_float_floor_div, -7.5, 2, -4},
    {tb_float_floor_div, 1, 0.1, 9}, {tb_float_pow, 2, -1, 0.5},
    {tb_float_pow, -8, 3, -512},     {tb_float_pow, 0, -INFINITY, INFINITY},
    {tb_float_div, 1, -4, -0.25},
};

START_TEST(operators_follow_python)
{
    double result = operations[_i].operation(operations[_i].a, operations[_i].b);
    ck_assert(result == operations[_i].result);
    ck_assert(!tb_rt.pending);
}
END_TEST

static const struct {
    double (*operation)(double, double);
    double a, b;
    tb_class *error;
} failures[] = {
    {tb_float_div, 1, 0, &tb_error_zero_division},
    {tb_float_div, 0, -0.0, &tb_error_zero_division},
    {tb_float_mod, 1, 0, &tb_error_zero_division},
    {tb_float_floor_div, 1, 0, &tb_error_zero_division},
    {tb_float_pow, 0, -1, &tb_error_zero_division},
    {tb_float_pow, -8, 1.0 / 3, &tb_error_value},
    {tb_float_pow, 10, 400, &tb_error_overflow},
};

START_TEST(impossible_results_raise)
{
    ck_assert(isnan(failures[_i].operation(failures[_i].a, failures[_i].b)));
    caught(failures[_i].error);
}
END_TEST

Suite *float_suite(void)
{
    Suite *suite = suite_create("float");
    TCase *c = tcase_create("float");
    tcase_add_checked_fixture(c, tb_gc_init, NULL);
    tcase_add_test(c, every_exponent_survives_the_word);
    tcase_add_loop_test(c, text_is_the_shortest, 0, COUNT(texts));
    tcase_add_test(c, text_reads_back_and_none_is_shorter);
    tcase_add_loop_test(c, text_is_read, 0, COUNT(readable));
    tcase_add_loop_test(c, other_text_is_a_value_error, 0, COUNT(unreadable));
    tcase_add_loop_test(c, operators_follow_python, 0, COUNT(operations));
    tcase_add_loop_test(c, impossible_results_raise, 0, COUNT(failures));
    suite_add_tcase(suite, c);
    return suite;
}
