// How the prompt's editor sees an entry: words of one colour, brackets that belong together.

#include <check.h>
#include <stdint.h>
#include <string.h>

#include "transpiler/repl_words.h"

// The kinds of the words, a letter each; blanks, operators and brackets are left out.
static const char *kinds(const char *text, char *out)
{
    static const char letters[] = "-nk1\"#u";
    Word word = {0};
    char *at = out;
    while (words_next(text, strlen(text), &word))
        if (word.kind != WORD_OTHER) *at++ = letters[word.kind];
    *at = '\0';
    return out;
}

START_TEST(words_have_kinds)
{
    static const char *const cases[][2] = {
        {"let x = 12 + 0x1F", "kn11"},
        {"x.end(1.5e-3)", "nn1"},
        {"f\"a {b}\" + rb", "\"n"},
        {"'it' \"is\" # so", "\"\"#"},
        {"\"\"\"a\nb\"\"\" x", "\"n"},
        {"a /* b */ c", "n#n"},
        {"print(\"half", "nu"},
        {"r\"\\\" x", "\"n"},
        {"\"\\\"\" x", "\"n"},
        {"ünde = true", "nk"},
        {"1..5", "11"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(strcmp(kinds(cases[i][0], out), cases[i][1]) == 0, "%s: %s", cases[i][0],
                      out);
}
END_TEST

START_TEST(brackets_belong_together)
{
    const char *text = "f([1, \")\"], {2})";
    size_t size = strlen(text);
    ck_assert_uint_eq(words_partner(text, size, 1), size - 1);
    ck_assert_uint_eq(words_partner(text, size, size - 1), 1);
    ck_assert_uint_eq(words_partner(text, size, 2), 9);
    ck_assert_uint_eq(words_partner("(]", 2, 1), SIZE_MAX);
    ck_assert_uint_eq(words_partner(")", 1, 0), SIZE_MAX);
    ck_assert_uint_eq(words_open_bracket(text, 5), 2);
    ck_assert_uint_eq(words_open_bracket(text, size), SIZE_MAX);
}
END_TEST

START_TEST(the_word_at_a_place_is_found)
{
    const char *text = "first second";
    ck_assert_uint_eq(words_at(text, strlen(text), 3).start, 0);
    ck_assert_uint_eq(words_at(text, strlen(text), 12).start, 6);
    ck_assert_uint_eq(words_at("", 0, 0).end, 0);
}
END_TEST

Suite *words_suite(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("words");
    tcase_add_test(tests, words_have_kinds);
    tcase_add_test(tests, brackets_belong_together);
    tcase_add_test(tests, the_word_at_a_place_is_found);
    suite_add_tcase(suite, tests);
    return suite;
}
