// Strings: breadcrumbs, growing concatenations, slices, searching, case; UTF-8; hashing.
#include "bytes.h"
#include "gc.h"
#include "siphash.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static tb_str *str(const char *text)
{
    return tb_str_from_c(text);
}

static void check_text(const tb_str *s, const char *expected)
{
    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(s->size, (int64_t)strlen(expected));
    ck_assert_int_eq(s->length, tb_utf8_length(expected, s->size));
    ck_assert_int_eq((s->flags & TB_STR_ASCII) != 0, s->length == s->size);
    ck_assert_mem_eq(s->data, expected, (size_t)s->size);
}

static tb_class *caught_class(void)
{
    ck_assert(tb_rt.pending != 0);
    tb_value error = tb_catch(NULL, 0); // a name, since the macro looks at it twice
    return TB_CLASS_OF(error);
}

// Code points of one to four bytes in turn, so that offsets are easy to tell.
static const char *const cycle[] = {"a", "é", "你", "😀"};

static tb_str *mixed_text(int64_t length)
{
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < length; i++)
        ck_assert_int_eq(tb_text_add(&text, cycle[i % 4], (int64_t)strlen(cycle[i % 4])), 0);
    return tb_text_end(&text);
}

static int64_t mixed_offset(int64_t index)
{
    static const int64_t within[] = {0, 1, 3, 6};
    return index / 4 * 10 + within[index % 4];
}

// ----------------------------------------------------------------------------------------- UTF-8

START_TEST(checks_utf8)
{
    static const struct {
        const char *bytes;
        int64_t good; // bytes before the first bad one
    } cases[] = {
        {"", 0},
        {"plain text, long enough for words", 33},
        {"h\xc3\xa9llo", 6},
        {"\xe4\xbd\xa0\xf0\x9f\x98\x80", 7},
        {"a\x80", 1},            // a continuation alone
        {"ab\xc3", 2},           // cut off
        {"\xc0\xaf", 0},         // overlong
        {"\xe0\x80\xaf", 0},     // overlong
        {"\xed\xa0\x80", 0},     // a surrogate
        {"\xf4\x90\x80\x80", 0}, // above U+10FFFF
        {"12345678\xff", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t size = (int64_t)strlen(cases[i].bytes);
        ck_assert_int_eq(tb_utf8_check(cases[i].bytes, size), cases[i].good);
    }
}
END_TEST

START_TEST(encodes_what_it_decodes)
{
    static const uint32_t codes[] = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char bytes[TB_UTF8_MAX];
        int size = tb_utf8_encode(codes[i], bytes);
        const char *at = bytes;
        ck_assert_int_eq(size, tb_utf8_width(codes[i]));
        ck_assert_int_eq(tb_utf8_check(bytes, size), size);
        ck_assert_uint_eq(tb_utf8_next(&at), codes[i]);
        ck_assert_ptr_eq(at, bytes + size);
        ck_assert_uint_eq(tb_utf8_previous(&at), codes[i]);
        ck_assert_ptr_eq(at, bytes);
    }
}
END_TEST

// ------------------------------------------------------------------------------------- positions

START_TEST(finds_positions_by_breadcrumbs)
{
    static const int64_t lengths[] = {1, 63, 64, 65, 128, 129, 1000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        tb_str *s = mixed_text(lengths[i]);
        for (int64_t at = s->length; at >= 0; at--) {
            ck_assert_int_eq(tb_str_offset(s, at), at == s->length ? s->size : mixed_offset(at));
            ck_assert_int_eq(tb_str_index_at(s, mixed_offset(at)), at);
        }
    }
}
END_TEST

START_TEST(finds_positions_in_shared_texts_and_literals)
{
    tb_str *s = str("");
    for (int64_t i = 0; i < 400; i++)
        s = tb_str_concat(s, str(cycle[i % 4]));
    ck_assert(s->flags & TB_STR_SHARED);
    for (int64_t at = 0; at < 400; at++)
        ck_assert_int_eq(tb_str_offset(s, at), mixed_offset(at));

    tb_str *source = mixed_text(300);
    tb_str literal = TB_STR_LITERAL_WIDE(source->data, source->length, source->size);
    for (int64_t at = 299; at >= 0; at--)
        ck_assert_int_eq(tb_str_offset(&literal, at), mixed_offset(at));
    ck_assert(tb_str_equal(&literal, source));
}
END_TEST

START_TEST(gets_characters)
{
    tb_str *s = mixed_text(100);
    for (int64_t i = 0; i < 100; i++) {
        check_text(TB_AS_STR(tb_str_get(s, i)), cycle[i % 4]);
        ck_assert(tb_str_equal(TB_AS_STR(tb_str_get(s, i - 100)), TB_AS_STR(tb_str_get(s, i))));
    }
    ck_assert_uint_eq(tb_str_get(s, 100), TB_PENDING);
    ck_assert_ptr_eq(caught_class(), &tb_error_index);
    ck_assert_uint_eq(tb_str_get(s, -101), TB_PENDING);
    ck_assert_ptr_eq(caught_class(), &tb_error_index);
}
END_TEST

START_TEST(slices)
{
    tb_str *s = str("aé你😀b");
    static const struct {
        int64_t from, to;
        const char *expected;
    } cases[] = {
        {0, 5, "aé你😀b"},      {1, 3, "é你"}, {-2, 5, "😀b"},    {3, 1, ""},
        {-100, 100, "aé你😀b"}, {5, 5, ""},    {0, -1, "aé你😀"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_text(tb_str_slice(s, cases[i].from, cases[i].to), cases[i].expected);

    tb_value none = TB_NONE_VALUE;
    check_text(tb_str_slice_step(s, none, none, TB_INT62(2)), "a你b");
    check_text(tb_str_slice_step(s, none, none, TB_INT62(-1)), "b😀你éa");
    check_text(tb_str_slice_step(s, TB_INT62(3), TB_INT62(0), TB_INT62(-2)), "😀é");
    check_text(tb_str_slice_step(str("abcdef"), TB_INT62(1), none, TB_INT62(2)), "bdf");
    ck_assert_ptr_null(tb_str_slice_step(s, none, none, TB_INT62(0)));
    ck_assert_ptr_eq(caught_class(), &tb_error_value);
}
END_TEST

// ------------------------------------------------------------------------------------- searching

START_TEST(searches)
{
    static const struct {
        const char *text, *sub;
        int64_t from, first, last;
    } cases[] = {
        {"hello", "l", 0, 2, 3},   {"hello", "l", 3, 3, 3},   {"hello", "z", 0, -1, -1},
        {"hello", "", 5, 5, 5},    {"hello", "", 6, -1, -1},  {"aaa", "aa", 0, 0, 1},
        {"é你é你", "你", 0, 1, 3}, {"é你é你", "é", -2, 2, 2}, {"", "a", 0, -1, -1},
        {"ab", "abc", 0, -1, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tb_str *s = str(cases[i].text), *sub = str(cases[i].sub);
        ck_assert_int_eq(tb_str_find(s, sub, cases[i].from), cases[i].first);
        ck_assert_int_eq(tb_str_find_last(s, sub, cases[i].from), cases[i].last);
    }
    ck_assert_int_eq(tb_str_count(str("aaaa"), str("aa")), 2);
    ck_assert_int_eq(tb_str_count(str("aé"), str("")), 3);
}
END_TEST

START_TEST(compares_by_code_points)
{
    static const char *const rising[] = {"",  "a",  "a\x01",        "ab", "b",
                                         "é", "你", "\xef\xbf\xbd", "😀"};
    for (int i = 0; i < 9; i++)
        for (int k = 0; k < 9; k++) {
            int order = tb_str_compare(str(rising[i]), str(rising[k]));
            ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
            ck_assert_int_eq(tb_str_equal(str(rising[i]), str(rising[k])), i == k);
        }
}
END_TEST

// --------------------------------------------------------------------------------------- joining

START_TEST(older_texts_survive_growth)
{
    tb_str *steps[300];
    tb_str *s = str("");
    for (int i = 0; i < 300; i++)
        steps[i] = s = tb_str_concat(s, tb_str_char('a' + i % 26));
    ck_assert(steps[299]->flags & TB_STR_SHARED);
    ck_assert_ptr_eq(steps[299]->data, steps[280]->data);
    // Two continuations of the same text do not see each other.
    tb_str *first = tb_str_concat(steps[290], str("!first")),
           *second = tb_str_concat(steps[290], str("?"));
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(steps[i]->size, i + 1);
        for (int k = 0; k <= i; k++)
            ck_assert_int_eq(steps[i]->data[k], 'a' + k % 26);
    }
    ck_assert(tb_str_ends_with(first, str("!first")) && first->size == 297);
    ck_assert(tb_str_ends_with(second, str("?")) && second->size == 292);
}
END_TEST

START_TEST(joins_parts)
{
    tb_value parts[] = {TB_OBJECT(str("n = ")), TB_INT62(-7), TB_OBJECT(str("é")), TB_NONE_VALUE};
    check_text(TB_AS_STR(tb_str_join_parts(4, parts)), "n = -7éNone");
    check_text(TB_AS_STR(tb_str_join_parts(0, NULL)), "");
    tb_value texts[] = {TB_OBJECT(str("a")), TB_OBJECT(str("é"))};
    check_text(TB_AS_STR(tb_str_join_parts(2, texts)), "aé");
    // A chain that begins with a growing text continues it in place.
    tb_value s = TB_OBJECT(str(""));
    for (int i = 0; i < 200; i++) {
        tb_value chain[] = {s, TB_INT62(i % 10), TB_OBJECT(str(";"))};
        s = tb_str_join_parts(3, chain);
    }
    ck_assert_int_eq(TB_AS_STR(s)->size, 400);
    ck_assert(TB_AS_STR(s)->flags & TB_STR_SHARED);
    ck_assert(tb_str_ends_with(TB_AS_STR(s), str("8;9;")));
}
END_TEST

START_TEST(repeats)
{
    check_text(tb_str_repeat(str("aé"), 3), "aéaéaé");
    check_text(tb_str_repeat(str("ab"), 0), "");
    check_text(tb_str_repeat(str("ab"), -5), "");
    ck_assert_ptr_null(tb_str_repeat(str("ab"), INT64_MAX));
    ck_assert(tb_rt.pending != 0);
    tb_catch(NULL, 0);
}
END_TEST

// ------------------------------------------------------------------------------------------ case

START_TEST(changes_case)
{
    static const struct {
        const char *text, *upper, *lower, *title, *capital, *swapped;
    } cases[] = {
        {"", "", "", "", "", ""},
        {"it's 3rd", "IT'S 3RD", "it's 3rd", "It'S 3Rd", "It's 3rd", "IT'S 3RD"},
        {"straße", "STRASSE", "straße", "Straße", "Straße", "STRASSE"},
        {"ΟΔΟΣ Σ", "ΟΔΟΣ Σ", "οδος σ", "Οδος Σ", "Οδος σ", "οδος σ"},
        {"İ", "İ", "i̇", "İ", "İ", "i̇"},
        {"ǆ", "Ǆ", "ǆ", "ǅ", "ǅ", "Ǆ"},
        {"ﬁn", "FIN", "ﬁn", "Fin", "Fin", "FIN"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tb_str *s = str(cases[i].text);
        check_text(tb_str_upper(s), cases[i].upper);
        check_text(tb_str_lower(s), cases[i].lower);
        check_text(tb_str_title(s), cases[i].title);
        check_text(tb_str_capitalize(s), cases[i].capital);
        check_text(tb_str_swap_case(s), cases[i].swapped);
    }
    check_text(tb_str_fold_case(str("Straße")), "strasse");
}
END_TEST

// --------------------------------------------------------------------------------------- hashing

// The vectors of the paper, for SipHash-1-3 with the key 00 01 … 0f, as in the reference
// implementation.
START_TEST(hashes_by_siphash)
{
    tb_hash_key key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    uint8_t bytes[16];
    for (int i = 0; i < 16; i++)
        bytes[i] = (uint8_t)i;
    ck_assert_uint_eq(tb_siphash(&key, bytes, 0), 0xabac0158050fc4dcu);
    ck_assert_uint_eq(tb_siphash(&key, bytes, 1), 0xc9f49bf37d57ca93u);
    ck_assert_uint_eq(tb_siphash(&key, bytes, 7), 0xd3927d989bb11140u);
    ck_assert_uint_eq(tb_siphash(&key, bytes, 8), 0x369095118d299a8eu);
}
END_TEST

START_TEST(equal_texts_have_equal_hashes)
{
    static const char *const texts[] = {"", "a", "é", "hello", "a longer text than eight bytes"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint32_t hash = tb_str_hash(str(texts[i]));
        ck_assert_uint_ne(hash, 0);
        ck_assert_uint_eq(hash, tb_str_hash(str(texts[i])));
    }
    ck_assert_uint_ne(tb_str_hash(str("hello")), tb_str_hash(str("hellp")));
}
END_TEST

START_TEST(a_seed_fixes_the_key)
{
    setenv("TOMBO_HASH_SEED", "42", 1);
    tb_hash_key first = tb_hash_key_make(), second = tb_hash_key_make();
    unsetenv("TOMBO_HASH_SEED");
    tb_hash_key random = tb_hash_key_make();
    ck_assert(first.first == second.first && first.second == second.second);
    ck_assert(first.first != random.first || first.second != random.second);
}
END_TEST

START_TEST(handles_bytes)
{
    tb_bytes *b = TB_AS_BYTES(tb_bytes_new((const uint8_t *)"\0abc\xff", 5));
    ck_assert_uint_eq(tb_bytes_get(b, -1), TB_INT62(255));
    ck_assert_uint_eq(tb_bytes_get(b, 5), TB_PENDING);
    ck_assert_ptr_eq(caught_class(), &tb_error_index);
    tb_bytes *part = tb_bytes_slice(b, TB_INT62(1), TB_INT62(4), TB_INT62(2));
    ck_assert_int_eq(part->size, 2);
    ck_assert_mem_eq(part->data, "ac", 2);
    ck_assert_int_eq(tb_bytes_find(b, TB_AS_BYTES(tb_bytes_new((const uint8_t *)"bc", 2)), 0), 2);
    ck_assert_int_eq(tb_bytes_repeat(b, 3)->size, 15);
    ck_assert(tb_bytes_compare(b, part) < 0);
}
END_TEST

Suite *str_suite(void)
{
    Suite *suite = suite_create("str");
    TCase *tests = tcase_create("str");
    tcase_add_checked_fixture(tests, tb_gc_init, NULL);
    tcase_add_test(tests, checks_utf8);
    tcase_add_test(tests, encodes_what_it_decodes);
    tcase_add_test(tests, finds_positions_by_breadcrumbs);
    tcase_add_test(tests, finds_positions_in_shared_texts_and_literals);
    tcase_add_test(tests, gets_characters);
    tcase_add_test(tests, slices);
    tcase_add_test(tests, searches);
    tcase_add_test(tests, compares_by_code_points);
    tcase_add_test(tests, older_texts_survive_growth);
    tcase_add_test(tests, joins_parts);
    tcase_add_test(tests, repeats);
    tcase_add_test(tests, changes_case);
    tcase_add_test(tests, hashes_by_siphash);
    tcase_add_test(tests, equal_texts_have_equal_hashes);
    tcase_add_test(tests, a_seed_fixes_the_key);
    tcase_add_test(tests, handles_bytes);
    suite_add_tcase(suite, tests);
    return suite;
}
