// The lexer: what text becomes which tokens, where they stand, and what is reported.

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transpiler/lexer.h"

typedef struct Case {
    const char *source;
    const char *expected;
} Case;

typedef struct Lexed {
    Arena arena;
    Names names;
    Diags diags;
    Lexer lexer;
} Lexed;

static void lex(Lexed *lexed, const char *text, size_t size)
{
    lexed->arena = (Arena){0};
    names_init(&lexed->names, &lexed->arena);
    diags_init(&lexed->diags, &lexed->arena);
    Source *source = source_from_text(&lexed->arena, "t.tb", text, size);
    lexer_init(&lexed->lexer, &lexed->arena, &lexed->names, &lexed->diags, source);
}

// ---- kinds --------------------------------------------------------------------------------------

// The kinds of all tokens as they are spelled in messages, names and numbers as they stand in the
// text.
static char *kinds_of(const char *text)
{
    Lexed lexed;
    Token token;
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    lex(&lexed, text, strlen(text));
    for (lexer_next(&lexed.lexer, &token); token.kind != TOK_EOF;
         lexer_next(&lexed.lexer, &token)) {
        if (ftell(stream) > 0) fputc(' ', stream);
        if (token.kind == TOK_ERROR)
            fputs("ERROR", stream);
        else if (token.kind == TOK_STRING || token.kind == TOK_FSTRING_TEXT)
            json_write_string(stream, token.as.string.bytes);
        else
            fputs(token_is_word(token.kind) ? token.as.name->text : token_text(token.kind), stream);
    }
    fclose(stream);
    arena_free(&lexed.arena);
    return out;
}

static const Case kinds[] = {
    {"let x = 1 + y", "let x = a number + y"},
    {"1..5 1.5 1.foo", "a number .. a number a number a number . foo"},
    {"a...b a.b", "a ... b a . b"},
    {"x**=2 //= >>= => -> ==", "x **= a number //= >>= => -> =="},
    {"end( end", "end ( end"},
    {"# comment\nx # more\n/* a\nb */ y", "x y"},
    {"a \\\n b", "a b"},
    {"größe_2 = 'ü'", "größe_2 = \"ü\""},
    {"r'a\\n' rf'{x}\\d'", "\"a\\\\n\" a string `{` x `}` \"\\\\d\" the end of the string"},
    {"'a\\tb\\q\\x41\\u00e9\\u{1F600}'", "\"a\\u0009b\\\\qAé😀\""},
    {"\"\"\"a\nb\"\"\" ''", "\"a\\u000ab\" \"\""},
    {"f'{a}{{b}}{c!r:>{w}}'",
     "a string `{` a `}` \"{b}\" `{` c ! r `:` \">\" `{` w `}` `}` the end of the string"},
    {"f\"{d[\"k\"]} {f\"{1}\"}\"",
     "a string `{` d [ \"k\" ] `}` \" \" `{` a string `{` a number `}` the end of the string `}` "
     "the end of the string"},
    {"f'{ {a: 1}[a] }'", "a string `{` { a : a number } [ a ] `}` the end of the string"},
    {"f'\\u{41}\\{x}'", "a string \"A\\\\\" `{` x `}` the end of the string"},
    {"a && b === c", "a and b == c"},
};

START_TEST(lexer_finds_tokens)
{
    char *text = kinds_of(kinds[_i].source);
    ck_assert_str_eq(text, kinds[_i].expected);
    free(text);
}
END_TEST

// The end of an `end(` is an ordinary name; the end of a block is not.
START_TEST(lexer_reads_end_before_a_bracket_as_a_name)
{
    Lexed lexed;
    Token token;
    lex(&lexed, "end(end", 7);
    lexer_next(&lexed.lexer, &token);
    ck_assert_int_eq(token.kind, TOK_NAME);
    lexer_next(&lexed.lexer, &token);
    lexer_next(&lexed.lexer, &token);
    ck_assert_int_eq(token.kind, TOK_END);
    arena_free(&lexed.arena);
}
END_TEST

// ---- numbers ------------------------------------------------------------------------------------

static const struct {
    const char *source;
    int64_t value;
    const char *digits;
    int base;
} integers[] = {
    {"0", 0, NULL, 10},
    {"1_000_000", 1000000, NULL, 10},
    {"0xFf", 255, NULL, 16},
    {"0b1010", 10, NULL, 2},
    {"0o17", 15, NULL, 8},
    {"9223372036854775807", INT64_MAX, NULL, 10},
    {"9223372036854775808", 0, "9223372036854775808", 10},
    {"0xFFFF_FFFF_FFFF_FFFF", 0, "FFFFFFFFFFFFFFFF", 16},
};

START_TEST(lexer_reads_integers)
{
    Lexed lexed;
    Token token;
    lex(&lexed, integers[_i].source, strlen(integers[_i].source));
    lexer_next(&lexed.lexer, &token);
    ck_assert_int_eq(token.kind, TOK_INT);
    ck_assert_int_eq(token.as.integer.base, integers[_i].base);
    if (integers[_i].digits)
        ck_assert_str_eq(token.as.integer.digits, integers[_i].digits);
    else
        ck_assert_int_eq(token.as.integer.value, integers[_i].value);
    arena_free(&lexed.arena);
}
END_TEST

static const struct {
    const char *source;
    double value;
} floats[] = {{"2.5", 2.5}, {"1e-6", 1e-6}, {"2.5E3", 2500}, {"1_0.2_5", 10.25}, {"0.1", 0.1}};

START_TEST(lexer_reads_floats)
{
    Lexed lexed;
    Token token;
    lex(&lexed, floats[_i].source, strlen(floats[_i].source));
    lexer_next(&lexed.lexer, &token);
    ck_assert_int_eq(token.kind, TOK_FLOAT);
    ck_assert(token.as.number == floats[_i].value);
    arena_free(&lexed.arena);
}
END_TEST

// ---- lines --------------------------------------------------------------------------------------

START_TEST(lexer_measures_indentation)
{
    static const struct {
        uint32_t column;
        bool is_first;
    } rows[] = {{0, true}, {0, false}, {4, true}, {8, true}, {0, true}, {0, false}, {2, true}};
    const char *text = "a b\n\tc\n  \t\td\n/**/  e f\n\n  g";
    Lexed lexed;
    Token token;
    lex(&lexed, text, strlen(text));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lexer_next(&lexed.lexer, &token);
        ck_assert_uint_eq(token.line.column, rows[i].column);
        ck_assert_int_eq(token.is_first_on_line, rows[i].is_first);
    }
    ck_assert(lexed.lexer.has_tabs);
    arena_free(&lexed.arena);
}
END_TEST

START_TEST(lexer_notes_comment_lines)
{
    const char *text = "if x # not this\n    # this\ny";
    Lexed lexed;
    Token token;
    lex(&lexed, text, strlen(text));
    lexer_next(&lexed.lexer, &token);
    lexer_next(&lexed.lexer, &token);
    ck_assert_uint_eq(token.comment_column, 0);
    lexer_next(&lexed.lexer, &token);
    ck_assert_uint_eq(token.comment_column, 5);
    arena_free(&lexed.arena);
}
END_TEST

// ---- mistakes -----------------------------------------------------------------------------------

static const Case mistakes[] = {
    {"\"abc\n", "this string is never closed"},
    {"\"\"\"abc\n", "this string is never closed"},
    {"f\"abc {x\n", "this `{` is never closed"},
    {"f\"abc {x:\"\n", "this `{` is never closed"},
    {"f'a } b'", "a `}` in an f-string that closes nothing"},
    {"/* abc", "this comment is never closed by `*/`"},
    {"// abc", "a line cannot begin with `//`, which divides"},
    {"1__0", "this number is malformed"},
    {"1_", "this number is malformed"},
    {"1e", "this number is malformed"},
    {"12ab", "letters cannot follow a number directly"},
    {"012", "a number cannot begin with 0"},
    {"0b12", "a binary number is `0b` and the digits 0 and 1"},
    {"0x", "a hexadecimal number is `0x` and digits from 0 to F"},
    {"'\\x4'", "`\\x` needs two hexadecimal digits"},
    {"'\\u12'", "`\\u` needs four hexadecimal digits"},
    {"'\\u{}'", "`\\u{` needs one to six hexadecimal digits and `}`"},
    {"'\\ud800'", "there is no such character"},
    {"a $ b", "`$` cannot stand here"},
    {"a \x01 b", "a control character (U+0001) cannot stand here"},
    {"a \xFF b", "the byte 0xFF is not UTF-8 text"},
    {"a \\ b", "a `\\` joins two lines only at the end of a line"},
    {"a <> b", "there is no operator `<>`"},
};

START_TEST(lexer_reports_mistakes)
{
    Lexed lexed;
    Token token;
    lex(&lexed, mistakes[_i].source, strlen(mistakes[_i].source));
    do {
        lexer_next(&lexed.lexer, &token);
    } while (token.kind != TOK_EOF);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    diags_render(&lexed.diags, out, COLOR_NEVER, false);
    fclose(out);
    ck_assert_int_eq(lexed.diags.error_count, 1);
    ck_assert_msg(strstr(text, mistakes[_i].expected), "got: %s", text);
    free(text);
    arena_free(&lexed.arena);
}
END_TEST

START_TEST(lexer_survives_a_nul_byte)
{
    Lexed lexed;
    Token token;
    lex(&lexed, "a\0b", 3);
    for (int i = 0; i < 3; i++)
        lexer_next(&lexed.lexer, &token);
    ck_assert_int_eq(token.kind, TOK_NAME);
    ck_assert_int_eq(lexed.diags.error_count, 1);
    arena_free(&lexed.arena);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *lexer_suite(void)
{
    Suite *suite = suite_create("lexer");
    TCase *tests = tcase_create("tokens");
    tcase_add_loop_test(tests, lexer_finds_tokens, 0, COUNT(kinds));
    tcase_add_test(tests, lexer_reads_end_before_a_bracket_as_a_name);
    tcase_add_loop_test(tests, lexer_reads_integers, 0, COUNT(integers));
    tcase_add_loop_test(tests, lexer_reads_floats, 0, COUNT(floats));
    tcase_add_test(tests, lexer_measures_indentation);
    tcase_add_test(tests, lexer_notes_comment_lines);
    tcase_add_loop_test(tests, lexer_reports_mistakes, 0, COUNT(mistakes));
    tcase_add_test(tests, lexer_survives_a_nul_byte);
    suite_add_tcase(suite, tests);
    return suite;
}
