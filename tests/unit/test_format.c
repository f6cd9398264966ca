// Format specs: values, specs and what CPython 3.11's format() gives for them.
#include "error.h"
#include "float.h"
#include "format.h"
#include "gc.h"
#include "int.h"
#include "list.h"
#include "str.h"

#include <check.h>
#include <math.h>
#include <string.h>

typedef struct Row {
    const char *spec, *expected;
} Row;

static tb_class *caught_class(void)
{
    tb_value error = tb_catch(NULL, 0); // a name, since the macro looks at it twice
    return TB_CLASS_OF(error);
}

static tb_value text(const char *s)
{
    return TB_OBJECT(tb_str_from_c(s));
}

static void check_rows(tb_value v, const Row *rows)
{
    for (; rows->spec != NULL; rows++) {
        tb_value result = tb_format(v, text(rows->spec));
        ck_assert_msg(result != TB_PENDING, "`%s` raised", rows->spec);
        ck_assert_str_eq(TB_AS_STR(result)->data, rows->expected);
    }
}

static void check_raises(tb_value v, const char *spec, tb_class *cls)
{
    ck_assert_msg(tb_format(v, text(spec)) == TB_PENDING, "`%s` passed", spec);
    ck_assert_ptr_eq(caught_class(), cls);
}

START_TEST(formats_ints)
{
    static const Row rows[] = {
        {"", "-1234"},        {"d", "-1234"},     {"8", "   -1234"},      {"<8", "-1234   "},
        {"^8", " -1234  "},   {"=8", "-   1234"}, {"08", "-0001234"},     {"*>8", "***-1234"},
        {"é^9", "éé-1234éé"}, {",", "-1,234"},    {"_", "-1_234"},        {"09,", "-0,001,234"},
        {"x", "-4d2"},        {"#X", "-0X4D2"},   {"#o", "-0o2322"},      {"_b", "-100_1101_0010"},
        {"n", "-1234"},       {".1f", "-1234.0"}, {"e", "-1.234000e+03"}, {"%", "-123400.000000%"},
        {NULL, NULL},
    };
    check_rows(TB_INT62(-1234), rows);
    static const Row plus[] = {
        {"+", "+97"}, {" ", " 97"}, {"c", "a"}, {"<5c", "a    "}, {NULL, NULL}};
    check_rows(TB_INT62(97), plus);
    static const Row flag[] = {{"", "true"}, {"d", "1"}, {">3", "  1"}, {NULL, NULL}};
    check_rows(TB_TRUE, flag);
}
END_TEST

START_TEST(formats_big_ints)
{
    static const char digits[] = "-1267650600228229401496703205376"; // -2**100
    static const Row rows[] = {
        {",", "-1,267,650,600,228,229,401,496,703,205,376"},
        {"#x", "-0x10000000000000000000000000"},
        {".3e", "-1.268e+30"},
        {NULL, NULL},
    };
    check_rows(tb_int_from_text(digits, (int64_t)strlen(digits), 10), rows);
    check_raises(tb_int_pow(TB_INT62(10), TB_INT62(400)), "f", &tb_error_overflow);
}
END_TEST

START_TEST(formats_floats)
{
    static const Row rows[] = {
        {"", "1234.5678"},       {".2f", "1234.57"},   {",.1f", "1,234.6"},
        {"e", "1.234568e+03"},   {".3g", "1.23e+03"},  {"g", "1234.57"},
        {"G", "1234.57"},        {".0f", "1235"},      {"#.0f", "1235."},
        {"%", "123456.780000%"}, {".1%", "123456.8%"}, {"012.2f", "000001234.57"},
        {"+", "+1234.5678"},     {".3", "1.23e+03"},   {".6", "1234.57"},
        {"n", "1234.57"},        {NULL, NULL},
    };
    check_rows(tb_float_from(1234.5678), rows);
    static const Row carry[] = {
        {"g", "1e+06"}, {"#g", "1.00000e+06"}, {".6", "1e+06"}, {NULL, NULL}};
    check_rows(tb_float_from(999999.5), carry);
    static const Row zero[] = {{"z", "0.0"}, {".1f", "-0.0"}, {"z.1f", "0.0"}, {NULL, NULL}};
    check_rows(tb_float_from(-0.0), zero);
    static const Row infinite[] = {
        {"", "-inf"}, {"F", "-INF"}, {"08", "-0000inf"}, {"%", "-inf%"}, {NULL, NULL}};
    check_rows(tb_float_from(-INFINITY), infinite);
}
END_TEST

START_TEST(writes_more_digits_than_a_float_has)
{
    tb_value result = tb_format(tb_float_from(0.1), text(".3000f"));
    ck_assert_int_eq(TB_AS_STR(result)->size, 3002);
    ck_assert_int_eq(TB_AS_STR(result)->data[3001], '0');
    result = tb_format(tb_float_from(0.1), text(".2000e"));
    ck_assert_str_eq(TB_AS_STR(result)->data + 2000, "00e-01");
}
END_TEST

START_TEST(formats_texts)
{
    static const Row rows[] = {
        {"s", "é你!"}, {"6", "é你!   "},    {">6", "   é你!"}, {"^6", " é你!  "},
        {".2", "é你"}, {"-<5.1s", "é----"}, {"05", "é你!00"},  {NULL, NULL},
    };
    check_rows(text("é你!"), rows);
}
END_TEST

START_TEST(rejects_bad_specs)
{
    static const char *const for_texts[] = {"d", "=5", "+", "#", ",", "z", "5x5", ".", "q"};
    for (size_t i = 0; i < sizeof for_texts / sizeof *for_texts; i++)
        check_raises(text("abc"), for_texts[i], &tb_error_value);
    static const char *const for_ints[] = {
        "s", ".3", ".3d", ",x", "+c", ",,", "_,", "z", "q", "5.", "99999999999999999999"};
    for (size_t i = 0; i < sizeof for_ints / sizeof *for_ints; i++)
        check_raises(TB_INT62(5), for_ints[i], &tb_error_value);
    check_raises(tb_float_from(1.5), "d", &tb_error_value);
    check_raises(tb_float_from(1.5), "x", &tb_error_value);
    check_raises(TB_INT62(0x110000), "c", &tb_error_overflow);
    check_raises(TB_NONE_VALUE, "5", &tb_error_type);
    check_raises(tb_list_from(0, NULL), "5", &tb_error_type);
}
END_TEST

Suite *format_suite(void)
{
    Suite *suite = suite_create("format");
    TCase *tests = tcase_create("format");
    tcase_add_checked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, formats_ints);
    tcase_add_test(tests, formats_big_ints);
    tcase_add_test(tests, formats_floats);
    tcase_add_test(tests, writes_more_digits_than_a_float_has);
    tcase_add_test(tests, formats_texts);
    tcase_add_test(tests, rejects_bad_specs);
    suite_add_tcase(suite, tests);
    return suite;
}
