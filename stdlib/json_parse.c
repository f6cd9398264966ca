// Reads JSON: text to values in one pass, without recursion.
//
// Finished values wait on a stack. When a container closes, its items are on top of the stack, one
// after the other, and become a list or dict of exactly the right size. Short texts that came
// lately are kept at hand, keys apart from others: most objects of a document have the same keys,
// and a text found again costs neither memory nor another hash.
#include "json.h"

#include "text.h"
#include "utf8.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define RECENT_BITS 8
#define SHORT_TEXT  48 // longer ones are not remembered
#define LONG_TEXT   (1 << 20)
#define GROWTH      4  // values take about so many times the room of their text
#define SAFE_DIGITS 18 // a whole number of so many digits fits an Int without a block

// A container that is not closed yet.
typedef struct Open {
    int64_t first; // where its items begin on the stack
    char close;
} Open;

typedef struct Parser {
    tb_str *text;
    const char *at;
    const char *end;
    tb_value *values;
    int64_t count;
    int64_t capacity;
    int64_t depth;
    tb_str *recent[2][1 << RECENT_BITS]; // short texts, and keys
    Open open[TB_JSON_DEPTH];
} Parser;

// ------------------------------------------------------------------------------------------ errors

// ValueError: [what], with the place of [at]. Returns -1.
TB_COLD static int fail_at(const Parser *parser, const char *at, const char *what)
{
    int64_t line = 1;
    const char *start = parser->text->data, *next;
    while ((next = memchr(start, '\n', (size_t)(at - start))) != NULL) {
        line++;
        start = next + 1;
    }
    tb_raise_error(&tb_error_value, "JSON, line %lld, column %lld: %s", (long long)line,
                   (long long)tb_utf8_length(start, at - start) + 1, what);
    return -1;
}

TB_COLD static int fail(const Parser *parser, const char *what)
{
    if (parser->at < parser->end) return fail_at(parser, parser->at, what);
    return fail_at(parser, parser->end, "the text ends too early");
}

// ------------------------------------------------------------------------------------- small steps

static void skip_blanks(Parser *parser)
{
    const char *at = parser->at;
    while (at < parser->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    parser->at = at;
}

static int take(Parser *parser, char c)
{
    if (parser->at == parser->end || *parser->at != c) return 0;
    parser->at++;
    return 1;
}

static int push(Parser *parser, tb_value value)
{
    if (TB_UNLIKELY(parser->count == parser->capacity)) {
        int64_t capacity = parser->capacity ? 2 * parser->capacity : 64;
        size_t old_size = (size_t)parser->capacity * sizeof value, size;
        if (tb_size_mul((size_t)capacity, sizeof value, 0, &size) < 0) return -1;
        tb_value *values = tb_resize(parser->values, old_size, size, 0);
        if (!values) return -1;
        parser->values = values;
        parser->capacity = capacity;
    }
    parser->values[parser->count++] = value;
    return 0;
}

// A finished value that may be pending.
static int push_made(Parser *parser, tb_value value)
{
    return value == TB_PENDING ? -1 : push(parser, value);
}

// ------------------------------------------------------------------------------------------- texts

static int is_plain(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

// The first byte at or after [at] that cannot just be copied: a quote, a backslash, a control
// character. Looks at eight bytes at a time.
static const char *skip_plain(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word = tb_json_load(at);
        if (tb_json_has(word, '"') | tb_json_has(word, '\\') | tb_json_has_below(word, 0x20)) break;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
    return -1;
}

// The four digits of a `\u` escape; -1: they are not there.
static int32_t read_hex(Parser *parser)
{
    int32_t code = 0;
    for (int i = 0; i < 4; i++, parser->at++) {
        int digit = parser->at < parser->end ? hex_value(*parser->at) : -1;
        if (digit < 0) return -1;
        code = code * 16 + digit;
    }
    return code;
}

// `\uXXXX`, behind the `u`; what lies beyond U+FFFF is written as two of them.
static int add_unicode(Parser *parser, tb_text *text)
{
    const char *escape = parser->at - 2;
    int32_t code = read_hex(parser);
    if (code < 0) return fail(parser, "`\\u` needs four hexadecimal digits");
    if ((code & 0xfc00) == 0xd800) {
        int32_t low = -1;
        if (take(parser, '\\') && take(parser, 'u')) low = read_hex(parser);
        if (low < 0 || (low & 0xfc00) != 0xdc00)
            return fail_at(parser, escape, "half of a surrogate pair");
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
    } else if ((code & 0xfc00) == 0xdc00) {
        return fail_at(parser, escape, "half of a surrogate pair");
    }
    return tb_text_add_code(text, (uint32_t)code);
}

static int add_escape(Parser *parser, tb_text *text)
{
    static const char letters[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    if (++parser->at == parser->end) return fail(parser, "");
    char letter = *parser->at;
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found) {
        parser->at++;
        return tb_text_add_byte(text, codes[found - letters]);
    }
    if (letter != 'u') return fail_at(parser, parser->at - 1, "unknown escape");
    parser->at++;
    return add_unicode(parser, text);
}

// The rest of a text with escapes, whose first [start] … at are plain.
static int add_rest(Parser *parser, tb_text *text, const char *start)
{
    for (;;) {
        if (tb_text_add(text, start, parser->at - start) < 0) return -1;
        if (parser->at == parser->end) return fail(parser, "");
        if (*parser->at == '"') return 0;
        if (*parser->at != '\\') return fail(parser, "a control character in a text");
        if (add_escape(parser, text) < 0) return -1;
        start = parser->at;
        parser->at = skip_plain(start, parser->end);
    }
}

static tb_str *read_escaped(Parser *parser, const char *start)
{
    tb_text text;
    tb_text_begin(&text);
    if (add_rest(parser, &text, start) == 0) {
        parser->at++;
        return tb_text_end(&text);
    }
    tb_text_drop(&text);
    return NULL;
}

// The text of [size] bytes at [start], one seen before if it is among those in [recent].
static tb_str *known_text(const Parser *parser, tb_str **recent, const char *start, int64_t size)
{
    if (size == 0) return tb_str_empty();
    tb_ends ends = tb_ends_of(start, size);
    tb_str **place = &recent[tb_ends_place(ends, size, RECENT_BITS)];
    if (*place && tb_str_is(*place, start, size, ends)) return *place;
    tb_str *text = tb_str_part(parser->text, start - parser->text->data, size);
    if (text) *place = text;
    return text;
}

// A text, whose opening quote is next.
static tb_str *read_text(Parser *parser, int is_key)
{
    const char *start = ++parser->at;
    parser->at = skip_plain(start, parser->end);
    if (parser->at == parser->end || *parser->at != '"') return read_escaped(parser, start);
    int64_t size = parser->at++ - start;
    if (size <= SHORT_TEXT) return known_text(parser, parser->recent[is_key], start, size);
    return tb_str_part(parser->text, start - parser->text->data, size);
}

// ----------------------------------------------------------------------------------------- numbers

typedef struct Number {
    const char *start;
    uint64_t digits; // the first nineteen, without the point
    int64_t digit_count;
    int64_t exponent; // of ten, for `digits`; what lies beyond the nineteen is not counted
    int is_whole;
    int is_negative;
} Number;

static int is_digit(const Parser *parser)
{
    return parser->at < parser->end && (unsigned char)(*parser->at - '0') < 10;
}

// Whether the eight bytes of [word] are digits: each is 0x30 to 0x39, and still 0x3. with 6 added.
static int are_digits(uint64_t word)
{
    const uint64_t high = 0xf0f0f0f0f0f0f0f0u, each = 0x0101010101010101u;
    return ((word & high) | ((word + each * 6) & high) >> 4) == each * 0x33;
}

// The number that the eight digits of [word] are, the first in its lowest byte: neighbours are
// joined to pairs, to fours, to eight.
static uint64_t eight_digits(uint64_t word)
{
    word = (word & 0x0f0f0f0f0f0f0f0fu) * (1 + (10 << 8)) >> 8;
    word = (word & 0x00ff00ff00ff00ffu) * (1 + (100 << 16)) >> 16;
    return (word & 0x0000ffff0000ffffu) * (1 + (10000ull << 32)) >> 32;
}

static int read_digits(Parser *parser, Number *number)
{
    const char *start = parser->at;
    if (!is_digit(parser)) return fail(parser, "a digit is missing");
    while (number->digit_count <= 11 && parser->end - parser->at >= 8) {
        uint64_t word = tb_json_load(parser->at);
        if (!are_digits(word)) break;
        number->digits = number->digits * 100000000 + eight_digits(word);
        number->digit_count += 8;
        parser->at += 8;
    }
    for (; is_digit(parser); parser->at++)
        if (number->digit_count++ < 19)
            number->digits = number->digits * 10 + (uint64_t)(*parser->at - '0');
    return *start == '0' && parser->at - start > 1;
}

static int read_exponent(Parser *parser, Number *number)
{
    int64_t exponent = 0;
    int is_negative = take(parser, '-');
    if (!is_negative) take(parser, '+');
    if (!is_digit(parser)) return fail(parser, "a digit is missing");
    for (; is_digit(parser); parser->at++)
        if (exponent < 100000) exponent = exponent * 10 + (*parser->at - '0');
    number->exponent += is_negative ? -exponent : exponent;
    return 0;
}

// Reads a number by JSON's grammar. 0 or -1.
static int read_parts(Parser *parser, Number *number)
{
    *number = (Number){.start = parser->at, .is_whole = 1};
    number->is_negative = take(parser, '-');
    const char *whole = parser->at;
    int zero_first = read_digits(parser, number);
    if (zero_first < 0) return -1;
    if (zero_first) return fail_at(parser, whole, "a number cannot begin with 0");
    if (take(parser, '.')) {
        const char *fraction = parser->at;
        if (read_digits(parser, number) < 0) return -1;
        number->exponent = fraction - parser->at;
        number->is_whole = 0;
    }
    if (parser->at < parser->end && (*parser->at | 0x20) == 'e') {
        parser->at++;
        number->is_whole = 0;
        return read_exponent(parser, number);
    }
    return 0;
}

// `digits * 10**exponent`, correctly rounded, when wider numbers can tell: digits and power are
// exact as long doubles, so the result is off by half a unit in its last place at most. When both
// ends of that doubt are the same double, that one it is (after W. Clinger, "How to read floating
// point numbers accurately", 1990). Whether they were.
static int scale(uint64_t digits, int64_t exponent, double *out)
{
    static const long double powers[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                         1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                         1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                         1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (exponent < -27 || exponent > 27) return 0;
    long double wide = (long double)digits;
    wide = exponent < 0 ? wide / powers[-exponent] : wide * powers[exponent];
    long double doubt = wide * LDBL_EPSILON;
    *out = (double)wide;
    return (double)(wide - doubt) == *out && (double)(wide + doubt) == *out;
}

static tb_value make_float(const Number *number, int64_t size)
{
    double value;
    if (number->digit_count <= 19 && scale(number->digits, number->exponent, &value))
        return tb_float_from(number->is_negative ? -value : value);
    if (tb_float_from_text(number->start, size, &value) < 0) return TB_PENDING;
    return tb_float_from(value);
}

static int push_number(Parser *parser)
{
    Number number;
    if (read_parts(parser, &number) < 0) return -1;
    int64_t size = parser->at - number.start;
    if (!number.is_whole) return push_made(parser, make_float(&number, size));
    if (number.digit_count > SAFE_DIGITS)
        return push_made(parser, tb_int_from_text(number.start, size, 10));
    int64_t value = (int64_t)number.digits;
    return push(parser, TB_INT62(number.is_negative ? -value : value));
}

// ------------------------------------------------------------------------------------------- words

static int push_word(Parser *parser)
{
    static const struct {
        const char *word;
        tb_value value;
        double number; // when `value` is TB_MISSING
    } words[] = {
        {"true", TB_TRUE, 0},
        {"false", TB_FALSE, 0},
        {"null", TB_NONE_VALUE, 0},
        {"NaN", TB_MISSING, (double)NAN},
        {"Infinity", TB_MISSING, (double)INFINITY},
        {"-Infinity", TB_MISSING, -(double)INFINITY},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i].word);
        if ((size_t)(parser->end - parser->at) < size ||
            memcmp(parser->at, words[i].word, size) != 0)
            continue;
        parser->at += size;
        if (words[i].value != TB_MISSING) return push(parser, words[i].value);
        return push_made(parser, tb_float_from(words[i].number));
    }
    return fail(parser, "no value begins like this");
}

// -------------------------------------------------------------------------------------- containers

static int open_container(Parser *parser, char close)
{
    if (parser->depth == TB_JSON_DEPTH) return fail(parser, "containers nested too deeply");
    parser->open[parser->depth++] = (Open){parser->count, close};
    parser->at++;
    skip_blanks(parser);
    return 0;
}

// The container whose closing bracket was read takes the place of its items.
static int close_container(Parser *parser)
{
    Open open = parser->open[--parser->depth];
    int64_t count = parser->count - open.first;
    const tb_value *items = parser->values + open.first;
    tb_value made = open.close == ']' ? tb_list_from(count, items) : tb_dict_from(count / 2, items);
    if (made == TB_PENDING) return -1;
    parser->count = open.first;
    return push(parser, made);
}

// `"key":`
static int push_key(Parser *parser)
{
    if (parser->at == parser->end || *parser->at != '"')
        return fail(parser, "a key in double quotes is missing");
    tb_str *key = read_text(parser, 1);
    if (!key || push(parser, TB_OBJECT(key)) < 0) return -1;
    skip_blanks(parser);
    if (!take(parser, ':')) return fail(parser, "`:` is missing behind a key");
    skip_blanks(parser);
    return 0;
}

// Reads a value or the beginning of one. 1: it is complete; 0: an item of it comes next; -1:
// raised.
static int begin_value(Parser *parser)
{
    if (parser->at == parser->end) return fail(parser, "");
    switch (*parser->at) {
    case '"': {
        tb_str *text = read_text(parser, 0);
        return !text || push(parser, TB_OBJECT(text)) < 0 ? -1 : 1;
    }
    case '[':
        if (open_container(parser, ']') < 0) return -1;
        if (!take(parser, ']')) return 0;
        return close_container(parser) < 0 ? -1 : 1;
    case '{':
        if (open_container(parser, '}') < 0) return -1;
        if (!take(parser, '}')) return push_key(parser);
        return close_container(parser) < 0 ? -1 : 1;
    case '-':
        if (parser->end - parser->at > 1 && parser->at[1] == 'I')
            return push_word(parser) < 0 ? -1 : 1;
        return push_number(parser) < 0 ? -1 : 1;
    default:
        return (is_digit(parser) ? push_number(parser) : push_word(parser)) < 0 ? -1 : 1;
    }
}

// What comes behind a complete value: 1: the end of the whole, 0: another value, -1: raised.
static int end_value(Parser *parser)
{
    for (;;) {
        skip_blanks(parser);
        if (parser->depth == 0) return 1;
        char close = parser->open[parser->depth - 1].close;
        if (take(parser, ',')) {
            skip_blanks(parser);
            return close == '}' ? push_key(parser) : 0;
        }
        if (!take(parser, close))
            return fail(parser, close == '}' ? "`,` or `}` is missing" : "`,` or `]` is missing");
        if (close_container(parser) < 0) return -1;
    }
}

static tb_value read_all(Parser *parser)
{
    int state = 0;
    skip_blanks(parser);
    while (state == 0) {
        state = begin_value(parser);
        if (state == 1) state = end_value(parser);
        if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_interrupt() == TB_PENDING)
            return TB_PENDING;
    }
    if (state < 0) return TB_PENDING;
    if (parser->at == parser->end) return parser->values[0];
    fail(parser, "something stands behind the value");
    return TB_PENDING;
}

tb_value tb_json_read(tb_str *text)
{
    Parser parser;
    parser.text = text;
    parser.at = text->data;
    parser.end = text->data + text->size;
    parser.values = NULL;
    parser.count = parser.capacity = parser.depth = 0;
    memset(parser.recent, 0, sizeof parser.recent);
    if (text->size >= LONG_TEXT) tb_gc_prepare((size_t)text->size * GROWTH);
    tb_value value = read_all(&parser);
    tb_free(parser.values);
    return value;
}
