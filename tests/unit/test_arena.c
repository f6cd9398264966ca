// The layer under the compiler's passes: arenas, names, maps, sources, diagnostics.

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transpiler/diag.h"
#include "transpiler/map.h"
#include "transpiler/names.h"
#include "transpiler/vec.h"

// ---- arenas -------------------------------------------------------------------------------------

START_TEST(arena_gives_zeroed_aligned_memory)
{
    static const size_t sizes[] = {0, 1, 7, 8, 9, 4000, 16 << 10, 1 << 20, 5 << 20, 3};
    Arena arena = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *memory = arena_alloc(&arena, sizes[i]);
        ck_assert_uint_eq((uintptr_t)memory % ARENA_ALIGN, 0);
        size_t zeros = 0;
        while (zeros < sizes[i] && memory[zeros] == 0)
            zeros++;
        ck_assert_uint_eq(zeros, sizes[i]);
        memset(memory, 0xAA, sizes[i]);
    }
    ck_assert_uint_ge(arena.total, 6 << 20);
    arena_free(&arena);
    ck_assert_ptr_null(arena.blocks);
    ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(arena_formats_and_copies)
{
    Arena arena = {0};
    ck_assert_str_eq(arena_format(&arena, "%s has %d", "xs", 3), "xs has 3");
    ck_assert_str_eq(arena_copy(&arena, "abcdef", 3), "abc");
    ck_assert_str_eq(arena_copy(&arena, "", 0), "");
    arena_free(&arena);
}
END_TEST

START_TEST(vec_grows)
{
    Arena arena = {0};
    VEC(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        VEC_PUSH(&arena, numbers, i);
    ck_assert_int_eq(numbers.count, 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(numbers.items[i], i);
    arena_free(&arena);
}
END_TEST

// ---- names and maps -----------------------------------------------------------------------------

START_TEST(names_are_one_pointer_for_one_text)
{
    Arena arena = {0};
    Names names;
    names_init(&names, &arena);
    char text[32];
    Name *made[2000];
    for (int i = 0; i < 2000; i++) {
        int size = snprintf(text, sizeof text, "name_%d", i);
        ck_assert_ptr_null(name_find(&names, text, (size_t)size));
        made[i] = name_of(&names, text, (size_t)size);
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "name_%d", i);
        ck_assert_ptr_eq(name_from(&names, text), made[i]);
        ck_assert_str_eq(made[i]->text, text);
    }
    ck_assert_uint_eq(names.count, 2000);
    ck_assert_ptr_ne(name_of(&names, "ab", 1), name_of(&names, "ab", 2));
    arena_free(&arena);
}
END_TEST

START_TEST(map_finds_what_was_put)
{
    Arena arena = {0};
    Map map = {0};
    static int keys[500];
    ck_assert_ptr_null(map_get(&map, &keys[0]));
    for (int i = 0; i < 500; i++)
        map_put(&map, &arena, &keys[i], &keys[499 - i]);
    map_put(&map, &arena, &keys[7], NULL);
    ck_assert_uint_eq(map.count, 500);
    for (int i = 0; i < 500; i++)
        ck_assert_ptr_eq(map_get(&map, &keys[i]), i == 7 ? NULL : &keys[499 - i]);
    arena_free(&arena);
}
END_TEST

// ---- sources ------------------------------------------------------------------------------------

static Source *source_of(Arena *arena, const char *text)
{
    return source_from_text(arena, "t.tb", text, strlen(text));
}

START_TEST(source_folds_line_ends_and_skips_a_bom)
{
    Arena arena = {0};
    Source *source = source_of(&arena, "\xEF\xBB\xBF"
                                       "a\r\nb\rc\n\r\n");
    ck_assert_str_eq(source->text, "a\nb\nc\n\n");
    ck_assert_uint_eq(source->size, 7);
    uint32_t size;
    ck_assert_int_eq(*source_line(source, 2, &size), 'b');
    ck_assert_uint_eq(size, 1);
    source_line(source, 5, &size);
    ck_assert_uint_eq(size, 0);
    source_line(source, 99, &size);
    ck_assert_uint_eq(size, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(source_counts_columns_in_code_points)
{
    static const struct {
        uint32_t offset;
        uint32_t line;
        uint32_t column;
    } rows[] = {{0, 1, 1}, {2, 1, 2}, {5, 1, 3}, {6, 1, 4}, {7, 2, 1},
                {8, 2, 2}, {2, 1, 2}, {1, 1, 1}, {99, 2, 2}};
    Arena arena = {0};
    Source *source = source_of(&arena, "é€x\nz"); // bytes: 2, 3, 1, newline, 1
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Position position = source_position(source, rows[i].offset);
        ck_assert_uint_eq(position.line, rows[i].line);
        ck_assert_uint_eq(position.column, rows[i].column);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(utf8_size_knows_well_formed_characters)
{
    static const struct {
        const char *text;
        uint32_t size;
    } rows[] = {{"a", 1},
                {"\xC3\xA9", 2},
                {"\xE2\x82\xAC", 3},
                {"\xF0\x9F\x98\x80", 4},
                {"\x80", 0},
                {"\xC0\x80", 0},
                {"\xC3", 0},
                {"\xE0\x80\x80", 0},
                {"\xED\xA0\x80", 0},
                {"\xF4\x90\x80\x80", 0},
                {"\xFF", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_uint_eq(utf8_size(rows[i].text, strlen(rows[i].text)), rows[i].size);
}
END_TEST

// ---- diagnostics --------------------------------------------------------------------------------

typedef struct Report {
    Arena arena;
    Diags diags;
    Source *source;
} Report;

static void report_init(Report *report, const char *text)
{
    report->arena = (Arena){0};
    report->source = source_of(&report->arena, text);
    diags_init(&report->diags, &report->arena);
}

// What diags_render writes must be [expected].
static void check_rendering(Report *report, bool json, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    diags_render(&report->diags, out, COLOR_NEVER, json);
    fclose(out);
    ck_assert_str_eq(text, expected);
    free(text);
    arena_free(&report->arena);
}

START_TEST(diag_draws_labels_notes_and_help)
{
    Report report;
    report_init(&report, "let total = 0\n\n    report(prices + total)\n");
    diag_error(&report.diags, report.source, (Span){33, 34}, DIAG_TYPE,
               "`+` cannot add a List and an Int");
    diag_label(&report.diags, (Span){35, 40}, "Int");
    diag_label(&report.diags, (Span){26, 32}, "List");
    diag_note(&report.diags, report.source, (Span){4, 9}, "`total` became an Int here");
    diag_help(&report.diags, "to add one item, write `prices + [total]`");
    check_rendering(&report, false,
                    "error: `+` cannot add a List and an Int\n"
                    " --> t.tb:3:19\n"
                    "  |\n"
                    "3 |     report(prices + total)\n"
                    "  |            ------ ^ ----- Int\n"
                    "  |            List\n"
                    "  |\n"
                    "note: `total` became an Int here\n"
                    " --> t.tb:1:5\n"
                    "  |\n"
                    "1 | let total = 0\n"
                    "  |     ^^^^^\n"
                    "help: to add one item, write `prices + [total]`\n");
}
END_TEST

START_TEST(diag_sorts_and_drops_repetitions)
{
    Report report;
    report_init(&report, "ab\ncd\n");
    diag_error(&report.diags, report.source, (Span){3, 4}, DIAG_SYNTAX, "second");
    diag_error(&report.diags, report.source, (Span){0, 2}, DIAG_SYNTAX, "first");
    diag_error(&report.diags, report.source, (Span){3, 4}, DIAG_SYNTAX, "again");
    diag_help(&report.diags, "goes with the one that was dropped");
    ck_assert_int_eq(report.diags.error_count, 2);
    check_rendering(&report, false,
                    "error: first\n --> t.tb:1:1\n  |\n1 | ab\n  | ^^\n\n"
                    "error: second\n --> t.tb:2:1\n  |\n2 | cd\n  | ^\n");
}
END_TEST

START_TEST(diag_counts_what_it_does_not_keep)
{
    Report report;
    report_init(&report, "abcdef");
    report.diags.error_limit = 1;
    for (uint32_t i = 0; i < 4; i++)
        diag_error(&report.diags, report.source, (Span){i, i + 1}, DIAG_SYNTAX, "error %u", i);
    ck_assert_int_eq(report.diags.error_count, 4);
    check_rendering(&report, false,
                    "error: error 0\n --> t.tb:1:1\n  |\n1 | abcdef\n  | ^\n"
                    "\n3 more errors are not shown\n");
}
END_TEST

START_TEST(diag_shows_tabs_and_garbage_in_their_width)
{
    Report report;
    report_init(&report, "\ta\x01\xFFé b");
    diag_error(&report.diags, report.source, (Span){7, 8}, DIAG_SYNTAX, "here");
    check_rendering(&report, false,
                    "error: here\n --> t.tb:1:7\n  |\n"
                    "1 |     a\xEF\xBF\xBD\xEF\xBF\xBDé b\n"
                    "  |          ^\n");
}
END_TEST

START_TEST(diag_writes_json)
{
    Report report;
    report_init(&report, "é \"x\"\n");
    diag_error(&report.diags, report.source, (Span){3, 6}, DIAG_UNKNOWN_NAME, "unknown \"x\"");
    diag_help(&report.diags, "back\\slash");
    check_rendering(&report, true,
                    "{\"severity\":\"error\",\"code\":\"unknown-name\",\"message\":\"unknown "
                    "\\\"x\\\"\",\"file\":\"t.tb\",\"line\":1,\"column\":3,\"end_line\":1,"
                    "\"end_column\":6,\"labels\":[],\"notes\":[],\"help\":[\"back\\\\slash\"]}\n");
}
END_TEST

START_TEST(nearest_finds_the_likely_spelling)
{
    static const struct {
        const char *wanted;
        const char *expected;
    } rows[] = {{"pritnln", "println"}, {"lenght", "length"}, {"PRINTLN", "println"}, {"x", NULL},
                {"zzzzzz", NULL},       {"lengths", "length"}};
    static const char *const candidates[] = {"println", "length", "y", "left"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Nearest nearest = {.wanted = rows[i].wanted};
        for (size_t j = 0; j < sizeof candidates / sizeof *candidates; j++)
            nearest_offer(&nearest, candidates[j]);
        if (rows[i].expected)
            ck_assert_str_eq(nearest.best, rows[i].expected);
        else
            ck_assert_ptr_null(nearest.best);
    }
}
END_TEST

Suite *arena_suite(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("base");
    tcase_add_test(tests, arena_gives_zeroed_aligned_memory);
    tcase_add_test(tests, arena_formats_and_copies);
    tcase_add_test(tests, vec_grows);
    tcase_add_test(tests, names_are_one_pointer_for_one_text);
    tcase_add_test(tests, map_finds_what_was_put);
    tcase_add_test(tests, source_folds_line_ends_and_skips_a_bom);
    tcase_add_test(tests, source_counts_columns_in_code_points);
    tcase_add_test(tests, utf8_size_knows_well_formed_characters);
    tcase_add_test(tests, diag_draws_labels_notes_and_help);
    tcase_add_test(tests, diag_sorts_and_drops_repetitions);
    tcase_add_test(tests, diag_counts_what_it_does_not_keep);
    tcase_add_test(tests, diag_shows_tabs_and_garbage_in_their_width);
    tcase_add_test(tests, diag_writes_json);
    tcase_add_test(tests, nearest_finds_the_likely_spelling);
    suite_add_tcase(suite, tests);
    return suite;
}
