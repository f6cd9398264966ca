// Patterns in Python's dialect, translated for PCRE2.
//
// The two agree on most things, so the translation is one pass that copies most of the text. What
// differs is rewritten (`\Z`, `\v`, `\u00e9`, `{,3}`, `\s`), what only one of them has is an error
// (`\K`, `(?R)`, `[[:alpha:]]` is a set of characters), and three things are done here altogether:
// names of groups, which PCRE2 limits to 32 bytes; blanks and comments of verbose patterns; escapes
// that stand for one code point.
#include "regex.h"

#include "text.h"
#include "unicode.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 1000 // of groups in groups

// What stands before the current place, as far as a quantifier cares.
typedef enum Before { NOTHING, ANCHOR, ITEM, QUANTIFIED } Before;

// A group that is not closed yet.
typedef struct Open {
    const char *at;
    int64_t number; // 0: captures nothing
    int is_verbose; // whether the pattern around it is
} Open;

typedef struct Syntax {
    tb_str *pattern;
    const char *at;
    const char *end;
    tb_text out;
    Before before;
    int64_t flags;
    int is_verbose;
    int64_t group_count;
    tb_dict *names;
    int64_t depth;
    Open open[DEPTH_MAX];
} Syntax;

// ------------------------------------------------------------------------------------- small steps

// ValueError: [what], at [at]. Returns -1.
static int fail(Syntax *s, const char *at, const char *what)
{
    long long index = tb_str_index_at(s->pattern, at - s->pattern->data);
    tb_raise_error(&tb_error_value, "%s at character %lld of the pattern %V", what, index + 1,
                   TB_OBJECT(s->pattern));
    return -1;
}

static int add(Syntax *s, const char *text)
{
    return tb_text_add(&s->out, text, (int64_t)strlen(text));
}

// Adds the code point [code] so that it stands for itself.
static int add_code(Syntax *s, uint32_t code)
{
    char escape[16];
    snprintf(escape, sizeof escape, "\\x{%x}", code);
    return add(s, escape);
}

static int add_number(Syntax *s, const char *before, int64_t number, const char *after)
{
    char text[64];
    snprintf(text, sizeof text, "%s%lld%s", before, (long long)number, after);
    return add(s, text);
}

static int at_text(const Syntax *s, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(s->end - s->at) >= size && memcmp(s->at, text, size) == 0;
}

// Skips [text] if it comes next.
static int take(Syntax *s, const char *text)
{
    if (!at_text(s, text)) return 0;
    s->at += strlen(text);
    return 1;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ------------------------------------------------------------------------------------- references,
// names

// Whether group [number] is still open where the pattern refers to it.
static int is_open(const Syntax *s, int64_t number)
{
    for (int64_t i = 0; i < s->depth; i++)
        if (s->open[i].number == number) return 1;
    return 0;
}

static int add_reference(Syntax *s, const char *at, int64_t number)
{
    if (number > s->group_count) return fail(s, at, "reference to a group that is not there");
    if (is_open(s, number)) return fail(s, at, "reference to a group that is still open");
    s->before = ITEM;
    return add_number(s, "\\g{", number, "}");
}

// Reads a name up to [close], which is skipped. NULL: raised.
static tb_str *read_name(Syntax *s, char close)
{
    const char *start = s->at;
    while (s->at < s->end && *s->at != close) {
        const char *at = s->at;
        uint32_t code = tb_utf8_next(&s->at);
        int fits = code == '_' || tb_code_is_alpha(code) || (at > start && tb_code_is_alnum(code));
        if (fits) continue;
        fail(s, at, "bad character in a group name");
        return NULL;
    }
    if (s->at == s->end || s->at == start) {
        fail(s, start, s->at == start ? "missing group name" : "unfinished group name");
        return NULL;
    }
    s->at++;
    return tb_str_new(start, s->at - 1 - start);
}

// The number of the group called [name], or -1: ValueError.
static int64_t named_group(Syntax *s, const char *at, tb_str *name)
{
    tb_value number = tb_dict_find(s->names, TB_OBJECT(name));
    if (number == TB_PENDING) return -1;
    if (number == TB_MISSING) return fail(s, at, "unknown group name");
    return TB_INT62_GET(number);
}

// ----------------------------------------------------------------------------------------- escapes

// Exactly [count] hexadecimal digits behind the letter at [at], as a code point that is added.
static int add_hex(Syntax *s, const char *at, int count)
{
    uint32_t code = 0;
    for (int i = 0; i < count; i++, s->at++) {
        char c = s->at < s->end ? *s->at : 0;
        int is_hex = is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        if (!is_hex) return fail(s, at, "unfinished escape");
        code = code << 4 | (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (!TB_CODE_VALID(code)) return fail(s, at, "escape of what is no character");
    return add_code(s, code);
}

// The escapes that mean the same inside a set and outside: one character each. 1: it was one of
// them, 0: not, -1: raised. [at] is the backslash; s->at stands behind the letter.
static int add_plain_escape(Syntax *s, const char *at, char letter)
{
    static const char letters[] = "afnrtv", codes[] = "\a\f\n\r\t\v";
    const char *found = letter ? strchr(letters, letter) : NULL;
    int result = 0;
    if (found)
        result = add_code(s, (uint32_t)codes[found - letters]);
    else if (letter == 'x')
        result = add_hex(s, at, 2);
    else if (letter == 'u')
        result = add_hex(s, at, 4);
    else if (letter == 'U')
        result = add_hex(s, at, 8);
    else
        return 0;
    return result < 0 ? -1 : 1;
}

// `\s` holds four separators more than PCRE2's.
#define MORE_SPACES "\\x{1c}-\\x{1f}"

// `\d`, `\w`, `\s` and their opposites. 1, 0 or -1 as above.
static int add_kind_escape(Syntax *s, char letter, int in_set)
{
    char plain[] = {'\\', letter, 0};
    if (letter == 0 || strchr("dDwWsS", letter) == NULL) return 0;
    int is_wide = letter == 's' || letter == 'S';
    if (!is_wide || s->flags & TB_REGEX_ASCII || (in_set && letter == 'S'))
        return add(s, plain) < 0 ? -1 : 1;
    if (in_set) return add(s, "\\s" MORE_SPACES) < 0 ? -1 : 1;
    const char *set = letter == 's' ? "[\\s" MORE_SPACES "]" : "[^\\s" MORE_SPACES "]";
    return add(s, set) < 0 ? -1 : 1;
}

// Up to [count] more octal digits behind those in [code].
static uint32_t read_octal(Syntax *s, uint32_t code, int count)
{
    for (; count > 0 && s->at < s->end && is_octal(*s->at); count--)
        code = code * 8 + (uint32_t)(*s->at++ - '0');
    return code;
}

// A digit outside a set: `\0` and three octal digits are a character, anything else is a reference.
static int add_digit_escape(Syntax *s, const char *at, char digit)
{
    s->before = ITEM;
    if (digit == '0') return add_code(s, read_octal(s, 0, 2));
    int64_t number = digit - '0';
    if (s->at < s->end && is_digit(*s->at)) {
        int all_octal =
            is_octal(digit) && is_octal(*s->at) && s->end - s->at > 1 && is_octal(s->at[1]);
        if (all_octal) {
            uint32_t code = read_octal(s, (uint32_t)number, 2);
            return code > 0377 ? fail(s, at, "octal escape beyond \\377") : add_code(s, code);
        }
        number = number * 10 + (*s->at++ - '0');
    }
    return add_reference(s, at, number);
}

// A character that is no ASCII letter or digit stands for itself.
static int add_escaped_character(Syntax *s, const char *at)
{
    s->at = at + 1;
    return add_code(s, tb_utf8_next(&s->at));
}

static int add_escape(Syntax *s)
{
    const char *at = s->at++;
    if (s->at == s->end) return fail(s, at, "a backslash with nothing behind it");
    char letter = *s->at++;
    if (is_digit(letter)) return add_digit_escape(s, at, letter);
    if (strchr("AZbB", letter) && letter) {
        s->before = ANCHOR;
        return add(s, letter == 'A'   ? "\\A"
                      : letter == 'Z' ? "\\z"
                      : letter == 'b' ? "\\b"
                                      : "\\B");
    }
    s->before = ITEM;
    if (!is_letter(letter)) return add_escaped_character(s, at);
    int done = add_plain_escape(s, at, letter);
    if (done == 0) done = add_kind_escape(s, letter, 0);
    return done == 0 ? fail(s, at, "unknown escape") : done < 0 ? -1 : 0;
}

// -------------------------------------------------------------------------------------------- sets

static int add_set_escape(Syntax *s)
{
    const char *at = s->at++;
    if (s->at == s->end) return fail(s, at, "a backslash with nothing behind it");
    char letter = *s->at++;
    if (letter == 'b') return add_code(s, '\b');
    if (is_octal(letter)) {
        uint32_t code = read_octal(s, (uint32_t)(letter - '0'), 2);
        return code > 0377 ? fail(s, at, "octal escape beyond \\377") : add_code(s, code);
    }
    if (!is_letter(letter) && !is_digit(letter)) return add_escaped_character(s, at);
    int done = add_plain_escape(s, at, letter);
    if (done == 0) done = add_kind_escape(s, letter, 1);
    return done == 0 ? fail(s, at, "unknown escape") : done < 0 ? -1 : 0;
}

// `[…]`. A `[` inside it is escaped, so that PCRE2 sees no class of POSIX there.
static int add_set(Syntax *s)
{
    const char *open = s->at++;
    if (add(s, "[") < 0) return -1;
    if (take(s, "^") && add(s, "^") < 0) return -1;
    for (int is_first = 1; s->at < s->end; is_first = 0) {
        if (*s->at == ']' && !is_first) {
            s->at++;
            s->before = ITEM;
            return add(s, "]");
        }
        int result;
        if (*s->at == '\\')
            result = add_set_escape(s);
        else if (*s->at == '[' || *s->at == ']' || *s->at == '^')
            result = add_code(s, (uint8_t)*s->at++);
        else
            result = tb_text_add_byte(&s->out, *s->at++);
        if (result < 0) return -1;
    }
    return fail(s, open, "a `[` that is never closed");
}

// ------------------------------------------------------------------------------------- quantifiers

static int begin_quantifier(Syntax *s, const char *at)
{
    if (s->before == NOTHING || s->before == ANCHOR) return fail(s, at, "nothing to repeat");
    if (s->before == QUANTIFIED) return fail(s, at, "repeated twice");
    s->before = QUANTIFIED;
    return 0;
}

// What may follow a quantifier: `?` for as few as possible, `+` for no second thoughts.
static int end_quantifier(Syntax *s)
{
    if (take(s, "?")) return add(s, "?");
    if (take(s, "+")) return add(s, "+");
    return 0;
}

static int add_quantifier(Syntax *s)
{
    char text[] = {*s->at, 0};
    if (begin_quantifier(s, s->at) < 0) return -1;
    s->at++;
    return add(s, text) < 0 ? -1 : end_quantifier(s);
}

static void skip_digits(Syntax *s)
{
    while (s->at < s->end && is_digit(*s->at))
        s->at++;
}

// `{2}`, `{2,}`, `{,3}`, `{2,3}`; any other `{` is just a character.
static int add_braces(Syntax *s)
{
    const char *open = s->at++, *low = s->at;
    skip_digits(s);
    const char *low_end = s->at, *high = low_end;
    int has_comma = take(s, ",");
    if (has_comma) {
        high = s->at;
        skip_digits(s);
    }
    const char *high_end = s->at;
    int is_quantifier = (has_comma || low_end > low) && take(s, "}");
    if (!is_quantifier) {
        s->at = open + 1;
        s->before = ITEM;
        return add_code(s, '{');
    }
    if (begin_quantifier(s, open) < 0 || add(s, "{") < 0) return -1;
    if (low_end == low && add(s, "0") < 0) return -1;
    if (tb_text_add(&s->out, low, low_end - low) < 0) return -1;
    if (has_comma && add(s, ",") < 0) return -1;
    if (tb_text_add(&s->out, high, has_comma ? high_end - high : 0) < 0) return -1;
    return add(s, "}") < 0 ? -1 : end_quantifier(s);
}

// ------------------------------------------------------------------------------------------ groups

static int open_group(Syntax *s, const char *at, int64_t number, const char *text)
{
    if (s->depth == DEPTH_MAX) return fail(s, at, "groups nested too deeply");
    s->open[s->depth++] = (Open){at, number, s->is_verbose};
    s->before = NOTHING;
    return add(s, text);
}

static int open_named(Syntax *s, const char *open)
{
    const char *at = s->at;
    tb_str *name = read_name(s, '>');
    if (name == NULL) return -1;
    int known = tb_dict_has(s->names, TB_OBJECT(name));
    if (known) return known < 0 ? -1 : fail(s, at, "a second group of the same name");
    if (tb_dict_put(s->names, TB_OBJECT(name), TB_INT62(++s->group_count)) < 0) return -1;
    return open_group(s, open, s->group_count, "(");
}

static int add_named_reference(Syntax *s)
{
    const char *at = s->at;
    tb_str *name = read_name(s, ')');
    if (name == NULL) return -1;
    int64_t number = named_group(s, at, name);
    return number < 0 ? -1 : add_reference(s, at, number);
}

// `(?(1)yes|no)`, `(?(name)yes|no)`.
static int open_condition(Syntax *s, const char *open)
{
    const char *at = s->at;
    int64_t number = 0;
    if (s->at < s->end && is_digit(*s->at)) {
        while (s->at < s->end && is_digit(*s->at) && number < 100000)
            number = number * 10 + (*s->at++ - '0');
        if (number == 0 || !take(s, ")")) return fail(s, at, "bad group number");
    } else {
        tb_str *name = read_name(s, ')');
        if (name == NULL || (number = named_group(s, at, name)) < 0) return -1;
    }
    if (open_group(s, open, 0, "(?(") < 0) return -1;
    return add_number(s, "", number, ")");
}

static int skip_comment(Syntax *s, const char *open)
{
    const char *close = memchr(s->at, ')', (size_t)(s->end - s->at));
    if (close == NULL) return fail(s, open, "a comment that is never closed");
    s->at = close + 1;
    return 0;
}

static int64_t flag_of(char letter)
{
    switch (letter) {
    case 'i':
        return TB_REGEX_IGNORECASE;
    case 'm':
        return TB_REGEX_MULTILINE;
    case 's':
        return TB_REGEX_DOTALL;
    case 'x':
        return TB_REGEX_VERBOSE;
    case 'a':
        return TB_REGEX_ASCII;
    case 'u':
        return TB_REGEX_UNICODE;
    default:
        return 0;
    }
}

static int64_t read_flags(Syntax *s)
{
    int64_t flags = 0;
    for (int64_t flag; s->at < s->end && (flag = flag_of(*s->at)) != 0; s->at++)
        flags |= flag;
    return flags;
}

// The flags of the whole pattern.
static int add_global_flags(Syntax *s, const char *open, int64_t flags)
{
    if (s->out.size > 0 || s->depth > 0)
        return fail(s, open, "late flags for the whole pattern (they must come first)");
    s->flags |= flags;
    if (flags & TB_REGEX_VERBOSE) s->is_verbose = 1;
    return 0;
}

// `(?i-s:`: flags for a group. Verbosity is this file's own business.
static int open_flagged(Syntax *s, const char *open, int64_t on, int64_t off)
{
    char text[16] = "(?", *out = text + 2;
    if ((on | off) & (TB_REGEX_ASCII | TB_REGEX_UNICODE))
        return fail(s, open, "the flags `a` and `u` for a part of the pattern");
    for (const char *letter = "ims"; *letter; letter++)
        if (on & flag_of(*letter)) *out++ = *letter;
    if (off & ~TB_REGEX_VERBOSE) *out++ = '-';
    for (const char *letter = "ims"; *letter; letter++)
        if (off & flag_of(*letter)) *out++ = *letter;
    *out++ = ':';
    if (open_group(s, open, 0, text) < 0) return -1;
    if (on & TB_REGEX_VERBOSE) s->is_verbose = 1;
    if (off & TB_REGEX_VERBOSE) s->is_verbose = 0;
    return 0;
}

static int add_flags(Syntax *s, const char *open)
{
    const char *at = s->at;
    int64_t on = read_flags(s), off = 0;
    if (on && take(s, ")")) return add_global_flags(s, open, on);
    if (take(s, "-") && (off = read_flags(s)) == 0) return fail(s, s->at, "missing flag");
    if ((on | off) == 0 || !take(s, ":")) return fail(s, at - 2, "unknown kind of group");
    if (on & off) return fail(s, at, "a flag turned on and off");
    return open_flagged(s, open, on, off);
}

static int add_group(Syntax *s)
{
    static const char *const plain[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"};
    const char *open = s->at++;
    if (!take(s, "?")) return open_group(s, open, ++s->group_count, "(");
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (take(s, plain[i] + 2)) return open_group(s, open, 0, plain[i]);
    if (take(s, "P<")) return open_named(s, open);
    if (take(s, "P=")) return add_named_reference(s);
    if (take(s, "(")) return open_condition(s, open);
    if (take(s, "#")) return skip_comment(s, open);
    return add_flags(s, open);
}

static int close_group(Syntax *s)
{
    if (s->depth == 0) return fail(s, s->at, "a `)` that closes nothing");
    s->is_verbose = s->open[--s->depth].is_verbose;
    s->before = ITEM;
    s->at++;
    return add(s, ")");
}

// --------------------------------------------------------------------------------------- the whole
// pass

// A blank or comment of a verbose pattern is skipped.
static int skip_blank(Syntax *s)
{
    if (!s->is_verbose || *s->at == 0 || strchr(" \t\n\r\f\v#", *s->at) == NULL) return 0;
    if (*s->at == '#')
        while (s->at < s->end && *s->at != '\n')
            s->at++;
    else
        s->at++;
    return 1;
}

static int add_one(Syntax *s)
{
    switch (*s->at) {
    case '\\':
        return add_escape(s);
    case '[':
        return add_set(s);
    case '(':
        return add_group(s);
    case ')':
        return close_group(s);
    case '*':
    case '+':
    case '?':
        return add_quantifier(s);
    case '{':
        return add_braces(s);
    case '|':
        s->before = NOTHING;
        break;
    case '^':
    case '$':
        s->before = ANCHOR;
        break;
    default:
        s->before = ITEM;
    }
    int size = tb_utf8_size((uint8_t)*s->at);
    s->at += size;
    return tb_text_add(&s->out, s->at - size, size);
}

static int add_all(Syntax *s)
{
    while (s->at < s->end)
        if (!skip_blank(s) && add_one(s) < 0) return -1;
    return s->depth > 0 ? fail(s, s->open[s->depth - 1].at, "a `(` that is never closed") : 0;
}

int tb_regex_translate(tb_str *pattern, int64_t flags, tb_regex_syntax *out)
{
    Syntax s;
    s.pattern = pattern;
    s.at = pattern->data;
    s.end = pattern->data + pattern->size;
    s.before = NOTHING;
    s.flags = flags;
    s.is_verbose = (flags & TB_REGEX_VERBOSE) != 0;
    s.group_count = s.depth = 0;
    s.names = tb_dict_new(0);
    if (s.names == NULL) return -1;
    tb_text_begin(&s.out);
    if (add_all(&s) < 0) {
        tb_text_drop(&s.out);
        return -1;
    }
    tb_str *text = tb_text_end(&s.out);
    *out = (tb_regex_syntax){text, s.flags, s.group_count, s.names};
    return text == NULL ? -1 : 0;
}
