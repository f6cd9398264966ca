// Errors: how they are made, what they carry, their reports, and the big stack.
#include "error.h"
#include "func.h"
#include "gc.h"
#include "list.h"
#include "object.h"
#include "out.h"
#include "report.h"
#include "stack.h"
#include "str.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const tb_fn_info average = {"average", "shop.tb", 10, 0, 0, -1, 0, NULL};
static const tb_fn_info caller = {"report", "shop.tb", 18, 0, 0, -1, 0, NULL};
static const tb_fn_info top = {TB_TOP_LEVEL, "shop.tb", 1, 0, 0, -1, 0, NULL};

static tb_value text(const char *s)
{
    return TB_OBJECT(tb_str_from_c(s));
}

static tb_value attr(tb_value object, const char *name)
{
    return tb_get_attr(object, tb_str_from_c(name), NULL);
}

static const char *text_attr(tb_value object, const char *name)
{
    tb_value value = attr(object, name);
    ck_assert(TB_IS_STR(value));
    return TB_AS_STR(value)->data;
}

static tb_value caught(void)
{
    ck_assert(tb_rt.pending);
    return tb_catch(NULL, 0);
}

static void setup(void)
{
    tb_gc_init();
    tb_rt.pending = 0;
    tb_rt.handling = TB_NONE_VALUE;
}

// ----------------------------------------------------------------------------------------- raising

START_TEST(messages_are_formatted)
{
    struct {
        const char *expected;
        tb_value pending;
        const char *actual;
    } rows[8];
    int count = 0;
#define ROW(message, ...)                                                                          \
    do {                                                                                           \
        rows[count].expected = message;                                                            \
        rows[count].pending = tb_raise_error(&tb_error_value, __VA_ARGS__);                        \
        rows[count++].actual = text_attr(caught(), "message");                                     \
    } while (0)
    ROW("plain", "plain");
    ROW("a 7 -8 9%", "%s %d %ld %u%%", "a", 7, -8L, 9u);
    ROW("ff 0x0a   5|5  |", "%x 0x%02x %3d|%-3d|", 255, 10, 5, 5);
    ROW("abc 2.5 1e+20", "%.*s %g %g", 3, "abcdef", 2.5, 1e20);
    ROW("\"x\" is a String, 3 an Int", "%V is %A, %V %A", text("x"), text("x"), TB_INT62(3),
        TB_INT62(3));
    ROW("Int None", "%T %A", TB_INT62(1), TB_NONE_VALUE);
    ROW("bad \xef\xbf\xbd byte", "bad %s byte", "\xff");
    ROW("18446744073709551615 -9223372036854775808", "%zu %jd", SIZE_MAX, INTMAX_MIN);
#undef ROW
    for (int i = 0; i < count; i++) {
        ck_assert_uint_eq(rows[i].pending, TB_PENDING);
        ck_assert_str_eq(rows[i].actual, rows[i].expected);
    }
}
END_TEST

START_TEST(long_values_are_cut_in_messages)
{
    char digits[301] = {0};
    memset(digits, 'x', 300);
    tb_raise_error(&tb_error_value, "%V", text(digits));
    ck_assert_int_lt((int)strlen(text_attr(caught(), "message")), 100);
}
END_TEST

START_TEST(every_class_has_its_name_and_derives_from_error)
{
    int count = 0;
    for (tb_class *const *cls = tb_error_classes; *cls; cls++, count++) {
        ck_assert_ptr_eq(tb_error_class_named((*cls)->name), *cls);
        ck_assert(tb_is_error_class(*cls));
    }
    ck_assert_int_eq(count, 21);
    ck_assert(tb_class_derives(&tb_error_file_exists, &tb_error_io));
    ck_assert_ptr_null(tb_error_class_named("Nothing"));
}
END_TEST

START_TEST(classes_construct_errors)
{
    tb_value cls = TB_OBJECT(&tb_error_value);
    ck_assert_str_eq(text_attr(tb_call1(cls, text("oops")), "message"), "oops");
    ck_assert_str_eq(text_attr(tb_call1(cls, TB_INT62(42)), "message"), "42");
    tb_value error = tb_call0(cls);
    ck_assert_str_eq(text_attr(error, "message"), "");
    ck_assert_str_eq(text_attr(error, "type"), "ValueError");
    ck_assert_uint_eq(attr(error, "line"), TB_NONE_VALUE);
    ck_assert_int_eq(TB_AS_LIST(attr(error, "trace"))->count, 0);
    ck_assert_uint_eq(tb_call2(cls, cls, cls), TB_PENDING);
    ck_assert_str_eq(text_attr(caught(), "message"),
                     "`ValueError` takes 0 to 1 arguments (message = …), 2 given");
}
END_TEST

START_TEST(memory_error_needs_no_memory)
{
    tb_raise_error(&tb_error_memory, "no room for %d bytes", 5);
    tb_trace(&average, TB_AT(3, 1, 1));
    tb_value first = caught();
    ck_assert_str_eq(text_attr(first, "message"), "no room for 5 bytes");
    tb_raise_error(&tb_error_memory, "no room");
    ck_assert_uint_eq(caught(), first);
    ck_assert_str_eq(text_attr(first, "message"), "no room");
    ck_assert_uint_eq(attr(first, "line"), TB_NONE_VALUE);
}
END_TEST

// ------------------------------------------------------------------------------------------ traces

START_TEST(an_error_knows_where_it_was_raised)
{
    tb_raise_error(&tb_error_value, "x");
    tb_trace(&average, TB_AT(12, 11, 1));
    tb_trace(&caller, TB_AT(20, 5, 7));
    tb_value error = tb_catch(&top, TB_AT(30, 1, 8));
    ck_assert_uint_eq(tb_rt.pending, 0);
    ck_assert_uint_eq(attr(error, "line"), TB_INT62(12));
    ck_assert_str_eq(text_attr(error, "file"), "shop.tb");
    tb_list *trace = TB_AS_LIST(attr(error, "trace"));
    ck_assert_int_eq(trace->count, 3);
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 0))->data, "average at shop.tb:12:11");
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 2))->data, "<module> at shop.tb:30:1");
}
END_TEST

START_TEST(long_traces_are_folded)
{
    tb_throw(tb_call0(TB_OBJECT(&tb_error_base)), TB_AT(1, 1, 1), &average);
    for (int i = 2; i <= 1000000; i++)
        tb_trace(&caller, TB_AT(i, 1, 1));
    tb_value error = caught();
    tb_list *trace = TB_AS_LIST(attr(error, "trace"));
    ck_assert_int_eq(trace->count, TB_TRACE_KEPT + 1);
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 199))->data, "report at shop.tb:200:1");
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 200))->data, "… 999750 more calls");
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 201))->data, "report at shop.tb:999951:1");
    ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 250))->data, "report at shop.tb:1000000:1");
}
END_TEST

START_TEST(rethrowing_keeps_the_trace)
{
    for (int other = 0; other < 2; other++) {
        tb_raise_error(&tb_error_value, "x");
        tb_trace(&average, TB_AT(12, 11, 1));
        tb_value error = tb_catch(&caller, TB_AT(20, 5, 1));
        if (other) { // somebody uses the log in between
            tb_raise_error(&tb_error_type, "y");
            tb_trace(&top, TB_AT(1, 1, 1));
            caught();
        }
        tb_rethrow(error);
        tb_trace(&caller, TB_AT(22, 5, 1)); // the function that caught it is there already
        tb_trace(&top, TB_AT(30, 1, 1));
        ck_assert_uint_eq(caught(), error);
        tb_list *trace = TB_AS_LIST(attr(error, "trace"));
        ck_assert_int_eq(trace->count, 3);
        ck_assert_str_eq(TB_AS_STR(tb_list_at(trace, 0))->data, "average at shop.tb:12:11");
        ck_assert_uint_eq(attr(error, "line"), TB_INT62(12));
    }
}
END_TEST

START_TEST(throwing_adds_its_own_frame_once)
{
    tb_value error = tb_call0(TB_OBJECT(&tb_error_value));
    tb_throw(error, TB_AT(5, 1, 1), &average);
    tb_trace(&average, TB_AT(5, 1, 1)); // some callers do
    tb_trace(&average, TB_AT(6, 1, 1));
    caught();
    ck_assert_int_eq(TB_AS_LIST(attr(error, "trace"))->count, 2);
    tb_throw(error, TB_AT(9, 1, 1), &average); // thrown anew
    caught();
    ck_assert_uint_eq(attr(error, "line"), TB_INT62(9));
    ck_assert_int_eq(TB_AS_LIST(attr(error, "trace"))->count, 1);
}
END_TEST

START_TEST(any_value_can_be_thrown)
{
    tb_value values[] = {TB_INT62(0), TB_INT62(42), TB_NONE_VALUE, TB_FALSE, text("x")};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        tb_throw(values[i], TB_AT(1, 1, 1), &average);
        ck_assert_uint_ne(tb_rt.pending, 0);
        ck_assert_uint_eq(caught(), values[i]);
        tb_rethrow(values[i]);
        ck_assert_uint_ne(tb_rt.pending, 0);
        ck_assert_uint_eq(caught(), values[i]);
    }
    tb_throw(TB_OBJECT(&tb_error_key), TB_AT(1, 1, 1), &average);
    ck_assert_str_eq(text_attr(caught(), "type"), "KeyError");
}
END_TEST

// -------------------------------------------------------------------------------- causes, matching

START_TEST(the_error_being_handled_is_the_cause)
{
    tb_raise_error(&tb_error_key, "first");
    tb_value first = caught(), former = tb_handling_begin(first);
    tb_raise_error(&tb_error_value, "second");
    tb_value second = caught();
    ck_assert_uint_eq(attr(second, "cause"), first);
    tb_throw(first, TB_AT(1, 1, 1), &average);
    ck_assert_uint_eq(attr(caught(), "cause"), TB_NONE_VALUE);
    tb_handling_end(former);
    former = tb_handling_begin(second);
    tb_throw(first, TB_AT(1, 1, 1), &average); // would close a circle
    ck_assert_uint_eq(attr(caught(), "cause"), TB_NONE_VALUE);
    tb_handling_end(former);
    tb_raise_error(&tb_error_value, "third");
    ck_assert_uint_eq(attr(caught(), "cause"), TB_NONE_VALUE);
}
END_TEST

START_TEST(errors_match_their_classes)
{
    tb_raise_error(&tb_error_file_exists, "x");
    tb_value error = caught();
    tb_value either[] = {TB_OBJECT(&tb_error_key), TB_OBJECT(&tb_error_io)};
    ck_assert(tb_error_matches(error, TB_OBJECT(&tb_error_file_exists)));
    ck_assert(tb_error_matches(error, TB_OBJECT(&tb_error_base)));
    ck_assert(tb_error_matches(error, tb_list_from(2, either)));
    ck_assert(!tb_error_matches(error, TB_OBJECT(&tb_error_key)));
    ck_assert(!tb_error_matches(error, TB_INT62(3)));
    ck_assert_uint_eq(tb_rt.pending, 0);
    ck_assert(tb_error_matches(TB_INT62(3), TB_OBJECT(&tb_class_int)));
    ck_assert(!tb_error_matches(TB_TRUE, TB_OBJECT(&tb_class_int)));
}
END_TEST

START_TEST(an_expected_error_can_be_dropped)
{
    tb_raise_error(&tb_error_stop_iteration, "");
    ck_assert(!tb_catch_class(&tb_error_key));
    ck_assert(tb_catch_class(&tb_error_stop_iteration));
    ck_assert_uint_eq(tb_rt.pending, 0);
}
END_TEST

START_TEST(nothing_catches_the_end_of_the_program)
{
    tb_exit(3);
    ck_assert(tb_is_exiting());
    tb_value value = tb_catch(&average, TB_AT(1, 1, 1));
    ck_assert(!tb_error_matches(value, TB_OBJECT(&tb_error_base)));
    tb_rethrow(value);
    ck_assert(tb_is_exiting());
    ck_assert_int_eq(tb_rt.exit_code, 3);
    caught();
    ck_assert(!tb_is_exiting());
}
END_TEST

// ----------------------------------------------------------------------------------------- reports

static const tb_source_line shop_lines[] = {{12, "    total / count"},
                                            {20, "\tlet x = average(é)"}};
static const tb_source shop = {"shop.tb", NULL, shop_lines, 2};
static const tb_program program = {"shop", NULL, &shop, 1};

// What tb_report_error writes, in a block of its own.
static char *report_of(const tb_program *with, tb_value value)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    tb_report_error(with, value);
    dup2(saved, STDERR_FILENO);
    close(saved);
    char *out = calloc(1, 8192);
    rewind(file);
    size_t size = fread(out, 1, 8191, file);
    fclose(file);
    out[size] = '\0';
    return out;
}

static void assert_report(const tb_program *with, tb_value value, const char *expected)
{
    char *actual = report_of(with, value);
    ck_assert_str_eq(actual, expected);
    free(actual);
}

START_TEST(a_report_shows_line_and_calls)
{
    tb_raise_error(&tb_error_zero_division, "division by zero");
    tb_trace(&average, TB_AT(12, 11, 1));
    tb_trace(&caller, TB_AT(20, 10, 10));
    tb_trace(&top, TB_AT(30, 1, 8));
    assert_report(&program, caught(),
                  "error: ZeroDivisionError: division by zero\n"
                  "  --> shop.tb:12:11\n"
                  "   |\n"
                  "12 |     total / count\n"
                  "   |           ^\n"
                  "   |\n"
                  "   = called from `report` at shop.tb:20:10\n"
                  "   = called at shop.tb:30:1\n");
}
END_TEST

START_TEST(a_report_minds_tabs_and_wide_bytes)
{
    tb_raise_error(&tb_error_value, "");
    tb_trace(&average, TB_AT(20, 18, 1));
    assert_report(&program, caught(),
                  "error: ValueError\n"
                  "  --> shop.tb:20:18\n"
                  "   |\n"
                  "20 |     let x = average(é)\n"
                  "   |                     ^\n");
}
END_TEST

START_TEST(a_report_works_without_source)
{
    tb_throw(TB_INT62(42), TB_AT(5, 2, 1), &average);
    assert_report(NULL, caught(), "error: uncaught value: 42\n --> shop.tb:5:2\n");
    assert_report(NULL, text("x"), "error: uncaught value: \"x\"\n");
}
END_TEST

START_TEST(a_report_folds_recursion)
{
    tb_raise_error(&tb_error_recursion, "deep");
    for (int i = 0; i < 100000; i++)
        tb_trace(&average, TB_AT(5, 9, 3));
    tb_trace(&top, TB_AT(7, 1, 1));
    assert_report(NULL, caught(),
                  "error: RecursionError: deep\n"
                  " --> shop.tb:5:9\n"
                  "  = called from `average` at shop.tb:5:9\n"
                  "  = … 99,998 more calls\n"
                  "  = called at shop.tb:7:1\n");
}
END_TEST

START_TEST(a_report_shows_causes)
{
    tb_raise_error(&tb_error_key, "missing");
    tb_trace(&average, TB_AT(3, 1, 1));
    tb_value former = tb_handling_begin(caught());
    tb_raise_error(&tb_error_value, "bad");
    tb_trace(&caller, TB_AT(4, 1, 1));
    tb_handling_end(former);
    assert_report(NULL, caught(),
                  "error: ValueError: bad\n"
                  " --> shop.tb:4:1\n"
                  "while handling: KeyError: missing\n"
                  " --> shop.tb:3:1\n");
}
END_TEST

START_TEST(lines_are_found_in_a_whole_text)
{
    static const tb_source whole = {"shop.tb",
                                    "\xef\xbb\xbf"
                                    "one\r\ntwo\rthree\n\nfive",
                                    NULL, 0};
    static const tb_program with_text = {"shop", NULL, &whole, 1};
    static const char *const shown[] = {"1 | one\n", "2 | two\n", "3 | three\n", "4 |\n",
                                        "5 | five\n"};
    for (int line = 1; line <= 6; line++) {
        tb_raise_error(&tb_error_value, "x");
        tb_trace(&average, TB_AT(line, 1, 1));
        char *out = report_of(&with_text, caught());
        if (line <= 5)
            ck_assert_ptr_nonnull(strstr(out, shown[line - 1]));
        else
            ck_assert_ptr_null(strchr(out, '|'));
        free(out);
    }
}
END_TEST

// ---------------------------------------------------------------------------------- stack, running

static int64_t depth;

static int descend(void)
{
    volatile char frame[64];
    frame[0] = (char)depth++;
    if (!tb_stack_ok()) return tb_stack_overflow(), -1;
    return descend() < 0 ? -1 : frame[0];
}

static int run_deep(void *argument)
{
    (void)argument;
    depth = 0;
    return descend();
}

START_TEST(deep_recursion_is_an_error)
{
    setenv("TOMBO_STACK", "64M", 1);
    for (int turn = 0; turn < 2; turn++) {
        ck_assert_int_eq(tb_stack_run(run_deep, NULL), -1);
        ck_assert_str_eq(text_attr(caught(), "type"), "RecursionError");
        ck_assert_int_gt(depth, 100000);
    }
}
END_TEST

static int run_interrupted(void *argument)
{
    raise(SIGINT);
    if (argument) return tb_interrupt() == TB_PENDING ? -1 : 0;
    return descend();
}

START_TEST(ctrl_c_is_an_error)
{
    for (intptr_t polls = 0; polls < 2; polls++) {
        ck_assert_int_eq(tb_stack_run(run_interrupted, (void *)polls), -1);
        ck_assert_str_eq(text_attr(caught(), "type"), "Interrupt");
        ck_assert_uint_eq(tb_interrupt(), TB_NONE_VALUE);
    }
}
END_TEST

static int start_well(void)
{
    return 0;
}

static int start_exiting(void)
{
    tb_exit(7);
    return -1;
}

static int start_failing(void)
{
    tb_raise_error(&tb_error_value, "x");
    return -1;
}

START_TEST(programs_end_with_a_status)
{
    static const struct {
        int (*start)(void);
        int status;
    } rows[] = {{start_well, 0}, {start_exiting, 7}, {start_failing, 1}, {start_well, 0}};
    char *argv[] = {"app", "one", "\xff", NULL};
    int saved = dup(STDERR_FILENO);
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tb_program each = {"app", rows[i].start, NULL, 0};
        ck_assert_int_eq(tb_run(&each, 3, argv), rows[i].status);
    }
    dup2(saved, STDERR_FILENO);
    close(saved);
    tb_list *args = TB_AS_LIST(tb_program_args());
    ck_assert_int_eq(args->count, 2);
    ck_assert_str_eq(TB_AS_STR(tb_list_at(args, 0))->data, "one");
    ck_assert_int_eq(TB_AS_STR(tb_list_at(args, 1))->length, 1);
}
END_TEST

Suite *error_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, messages_are_formatted);
    tcase_add_test(tests, long_values_are_cut_in_messages);
    tcase_add_test(tests, every_class_has_its_name_and_derives_from_error);
    tcase_add_test(tests, classes_construct_errors);
    tcase_add_test(tests, memory_error_needs_no_memory);
    tcase_add_test(tests, an_error_knows_where_it_was_raised);
    tcase_add_test(tests, long_traces_are_folded);
    tcase_add_test(tests, rethrowing_keeps_the_trace);
    tcase_add_test(tests, throwing_adds_its_own_frame_once);
    tcase_add_test(tests, any_value_can_be_thrown);
    tcase_add_test(tests, the_error_being_handled_is_the_cause);
    tcase_add_test(tests, errors_match_their_classes);
    tcase_add_test(tests, an_expected_error_can_be_dropped);
    tcase_add_test(tests, nothing_catches_the_end_of_the_program);
    tcase_add_test(tests, a_report_shows_line_and_calls);
    tcase_add_test(tests, a_report_minds_tabs_and_wide_bytes);
    tcase_add_test(tests, a_report_works_without_source);
    tcase_add_test(tests, a_report_folds_recursion);
    tcase_add_test(tests, a_report_shows_causes);
    tcase_add_test(tests, lines_are_found_in_a_whole_text);
    tcase_add_test(tests, deep_recursion_is_an_error);
    tcase_add_test(tests, ctrl_c_is_an_error);
    tcase_add_test(tests, programs_end_with_a_status);
    suite_add_tcase(suite, tests);
    return suite;
}
