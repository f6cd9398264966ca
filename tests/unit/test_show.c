// The text of values: scalars, containers, cycles, depth; and standard output.
#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "float.h"
#include "func.h"
#include "gc.h"
#include "list.h"
#include "object.h"
#include "out.h"
#include "range.h"
#include "set.h"
#include "show.h"
#include "str.h"
#include "tuple.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static tb_class *caught_class(void)
{
    tb_value error = tb_catch(NULL, 0); // a name, since the macro looks at it twice
    return TB_CLASS_OF(error);
}

static tb_value text(const char *s)
{
    return TB_OBJECT(tb_str_from_c(s));
}

static void check_shown(tb_value v, const char *as_text, const char *as_source)
{
    tb_value shown = tb_to_str(v), source = tb_repr(v);
    ck_assert(shown != TB_PENDING && source != TB_PENDING);
    ck_assert_str_eq(TB_AS_STR(shown)->data, as_text);
    ck_assert_str_eq(TB_AS_STR(source)->data, as_source);
}

static void check_same(tb_value v, const char *expected)
{
    check_shown(v, expected, expected);
}

START_TEST(shows_single_values)
{
    check_same(TB_NONE_VALUE, "None");
    check_same(TB_TRUE, "true");
    check_same(TB_INT62(-42), "-42");
    check_same(tb_float_from(1e20), "1e+20");
    check_same(tb_range_new(TB_INT62(1), TB_INT62(6), TB_NONE_VALUE), "range(1, 6)");
    check_same(tb_range_new(TB_INT62(9), TB_INT62(0), TB_INT62(-3)), "range(9, 0, -3)");
    check_same(tb_bytes_new((const uint8_t *)"a\"\n\xff", 4), "b\"a\\\"\\n\\xff\"");
    check_same(TB_OBJECT(&tb_error_value), "<class ValueError>");
}
END_TEST

START_TEST(quotes_texts)
{
    static const struct {
        const char *plain, *quoted;
    } cases[] = {
        {"", "\"\""},
        {"a'b", "\"a'b\""},
        {"say \"hi\"\\", "\"say \\\"hi\\\"\\\\\""},
        {"\n\t\r\x01\x7f", "\"\\n\\t\\r\\x01\\x7f\""},
        {"é你😀", "\"é你😀\""},
        {"\xc2\x85\xe2\x80\x8b\xf3\xa0\x80\x81", "\"\\x85\\u200b\\u{e0001}\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_shown(text(cases[i].plain), cases[i].plain, cases[i].quoted);
}
END_TEST

START_TEST(shows_containers)
{
    tb_value items[] = {TB_INT62(1), text("two"), tb_float_from(3), TB_TRUE, TB_NONE_VALUE};
    check_same(tb_list_from(5, items), "[1, \"two\", 3.0, true, None]");
    check_same(tb_list_from(0, NULL), "[]");
    check_same(tb_tuple_from(1, items), "(1,)");
    check_same(tb_tuple_from(0, items), "()");
    check_same(tb_tuple_from(2, items), "(1, \"two\")");
    check_same(tb_dict_from(2, items), "{1: \"two\", 3.0: true}");
    check_same(tb_dict_from(0, NULL), "{}");
    check_same(tb_set_from(2, items), "{1, \"two\"}");
    check_same(tb_set_from(0, NULL), "set()");
}
END_TEST

START_TEST(cuts_cycles)
{
    tb_list *list = tb_list_new(0);
    tb_list_push(list, TB_INT62(7));
    tb_list_push(list, TB_OBJECT(list));
    check_same(TB_OBJECT(list), "[7, [...]]");
    tb_value pair[] = {text("k"), TB_OBJECT(list)};
    tb_value dict = tb_dict_from(1, pair);
    tb_list_push(list, dict);
    check_same(dict, "{\"k\": [7, [...], {...}]}");
    // What occurs twice without being inside itself is shown twice.
    tb_value inner = tb_list_from(0, NULL), twice[] = {inner, inner};
    check_same(tb_list_from(2, twice), "[[], []]");
}
END_TEST

START_TEST(cuts_cycles_far_below)
{
    tb_list *innermost = tb_list_new(1);
    tb_value v = TB_OBJECT(innermost);
    for (int i = 0; i < 100; i++)
        v = tb_list_from(1, &v);
    tb_list_push(innermost, v);
    tb_value shown = tb_to_str(v);
    ck_assert_int_eq(TB_AS_STR(shown)->size, 101 * 2 + 5);
    ck_assert_ptr_nonnull(strstr(TB_AS_STR(shown)->data, "[[...]]"));
}
END_TEST

START_TEST(shows_errors)
{
    tb_value message = text("no \"such\" key");
    tb_value error = TB_OBJECT(tb_error_new(&tb_error_key, message));
    check_shown(error, "no \"such\" key", "KeyError(\"no \\\"such\\\" key\")");
    check_same(tb_list_from(1, &error), "[KeyError(\"no \\\"such\\\" key\")]");
    tb_value nested = TB_OBJECT(tb_error_new(&tb_error_value, error));
    check_shown(nested, "no \"such\" key", "ValueError(KeyError(\"no \\\"such\\\" key\"))");
    check_shown(TB_OBJECT(tb_error_new(&tb_error_value, TB_NONE_VALUE)), "", "ValueError()");
}
END_TEST

static tb_value give_text(tb_fn *fn, tb_value self)
{
    (void)fn;
    (void)self;
    return text("Rex");
}

static tb_value give_number(tb_fn *fn, tb_value self)
{
    (void)fn;
    (void)self;
    return TB_INT62(1);
}

// An instance of a new class whose to_string is [code].
static tb_value instance_with(tb_code code)
{
    static const tb_fn_info info = {"to_string", "t.tb", 1, 0, 0, -1, TB_FN_METHOD, NULL};
    tb_class *cls = tb_alloc(sizeof *cls);
    tb_method *method = tb_alloc(sizeof *method);
    *method = (tb_method){tb_str_from_c("to_string"), TB_AS_FN(tb_fn_new(code, &info, 0))};
    *cls = (tb_class){.cls = &tb_class_class, .name = "Dog", .kind = TB_INSTANCE};
    cls->method_count = code != NULL;
    cls->methods = method;
    ck_assert_int_eq(tb_class_ready(cls), 0);
    return tb_instance_new(cls);
}

START_TEST(asks_to_string)
{
    tb_value rex = instance_with(TB_CODE(give_text));
    check_same(rex, "Rex");
    check_same(tb_list_from(1, &rex), "[Rex]");
    check_same(instance_with(NULL), "<Dog object>");
    ck_assert_uint_eq(tb_to_str(instance_with(TB_CODE(give_number))), TB_PENDING);
    ck_assert_ptr_eq(caught_class(), &tb_error_type);
}
END_TEST

#ifdef TB_GC_STRESS // a collection every few blocks makes deep data slow to build
#define DEPTH 5000
#else
#define DEPTH 1000000
#endif

START_TEST(shows_any_depth)
{
    tb_value v = tb_list_from(0, NULL);
    for (int i = 0; i < DEPTH; i++) {
        tb_list *outer = tb_list_new(1);
        tb_list_push(outer, v);
        v = TB_OBJECT(outer);
    }
    tb_value shown = tb_to_str(v);
    ck_assert_int_eq(TB_AS_STR(shown)->size, 2 * DEPTH + 2);
}
END_TEST

// ------------------------------------------------------------------------------- standard output

// Makes [fd] standard output.
static void redirect(int fd)
{
    ck_assert_int_ge(dup2(fd, STDOUT_FILENO), 0);
    close(fd);
}

START_TEST(prints)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    redirect(ends[1]);
    tb_value values[] = {text("a"), TB_INT62(1), tb_list_from(0, NULL)};
    ck_assert_int_eq(tb_print(3, values, 1), 0);
    ck_assert_int_eq(tb_print(1, values, 0), 0);
    ck_assert_int_eq(tb_out_flush(), 0);
    char got[32] = {0};
    ck_assert_int_eq(read(ends[0], got, sizeof got - 1), 8);
    ck_assert_str_eq(got, "a 1 []\na");
}
END_TEST

START_TEST(reports_failing_writes)
{
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) return;
    redirect(fd);
    ck_assert_int_eq(tb_out_write("abc", 3), 0);
    ck_assert_int_eq(tb_out_flush(), -1);
    tb_value error = tb_catch(NULL, 0);
    ck_assert_ptr_eq(TB_CLASS_OF(error), &tb_error_io);
    ck_assert_ptr_nonnull(strstr(TB_AS_STR(tb_to_str(error))->data, "No space left"));
    ck_assert_int_eq(tb_out_flush(), 0); // the bytes are gone
}
END_TEST

START_TEST(reports_a_closed_pipe)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    signal(SIGPIPE, SIG_IGN);
    redirect(ends[1]);
    close(ends[0]);
    ck_assert_int_eq(tb_out_write("abc", 3), 0);
    ck_assert_int_eq(tb_out_flush(), -1);
    ck_assert_ptr_eq(caught_class(), &tb_error_io);
}
END_TEST

Suite *show_suite(void)
{
    Suite *suite = suite_create("show");
    TCase *tests = tcase_create("show");
    tcase_add_checked_fixture(tests, tb_gc_init, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, shows_single_values);
    tcase_add_test(tests, quotes_texts);
    tcase_add_test(tests, shows_containers);
    tcase_add_test(tests, cuts_cycles);
    tcase_add_test(tests, cuts_cycles_far_below);
    tcase_add_test(tests, shows_errors);
    tcase_add_test(tests, asks_to_string);
    tcase_add_test(tests, shows_any_depth);
    tcase_add_test(tests, prints);
    tcase_add_test(tests, reports_failing_writes);
    tcase_add_test(tests, reports_a_closed_pipe);
    suite_add_tcase(suite, tests);
    return suite;
}
