// Formatting by a spec: parse it, turn the value into the parts of a number (or into a text), and
// lay these out:
//
//     padding  sign  prefix  filling  1,234  .  5678  padding
//                                     digits  rest
//
// The rules, down to which combinations are errors, are those of CPython 3.11's
// formatter_unicode.c.
#include "format.h"

#include "error.h"
#include "float.h"
#include "int.h"
#include "object.h"
#include "show.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct Spec {
    uint32_t fill;
    char align;        // `<` `>` `^` `=`
    char sign;         // `+` `-` or a blank; 0: none given
    int no_minus_zero; // `z`
    int is_alternate;  // `#`
    int64_t width;     // 0: none given
    char grouping;     // `,` or `_`; 0: none
    int64_t precision; // -1: none given
    uint32_t type;     // 0: none given
} Spec;

// Always -1.
static int fail(const char *format, const char *what)
{
    tb_raise_error(&tb_error_value, format, what);
    return -1;
}

// ------------------------------------------------------------------------------------- parsing

typedef struct Reader {
    const char *at, *end;
} Reader;

static int peek(const Reader *reader)
{
    return reader->at < reader->end ? (uint8_t)*reader->at : -1;
}

static int accept(Reader *reader, char byte)
{
    if (peek(reader) != (uint8_t)byte) return 0;
    reader->at++;
    return 1;
}

static int is_align(int byte)
{
    return byte == '<' || byte == '>' || byte == '^' || byte == '=';
}

// A run of digits. Returns how many there are; -1: the number is too large.
static int read_number(Reader *reader, int64_t *out)
{
    static const char too_large[] = "a number in the format spec is too large";
    int count = 0;
    int64_t number = 0;
    for (; peek(reader) >= '0' && peek(reader) <= '9'; reader->at++, count++) {
        if (tb_mul_overflows(number, 10, &number)) return fail("%s", too_large);
        if (tb_add_overflows(number, *reader->at - '0', &number)) return fail("%s", too_large);
    }
    if (count > 0) *out = number;
    return count;
}

// [[fill]align]. Returns whether there was a fill character.
static int read_align(Reader *reader, Spec *spec)
{
    if (reader->at == reader->end) return 0;
    const char *next = reader->at;
    uint32_t first = tb_utf8_next(&next);
    if (next < reader->end && is_align(*next)) {
        spec->fill = first;
        spec->align = *next;
        reader->at = next + 1;
        return 1;
    }
    if (is_align(peek(reader))) spec->align = *reader->at++;
    return 0;
}

// [sign][z][#][0][width]. A leading 0 fills numbers behind their sign.
static int read_width(Reader *reader, Spec *spec, int has_fill, int is_number)
{
    if (peek(reader) == '+' || peek(reader) == '-' || peek(reader) == ' ')
        spec->sign = *reader->at++;
    spec->no_minus_zero = accept(reader, 'z');
    spec->is_alternate = accept(reader, '#');
    if (!has_fill && accept(reader, '0')) {
        spec->fill = '0';
        if (spec->align == 0 && is_number) spec->align = '=';
    }
    return read_number(reader, &spec->width) < 0 ? -1 : 0;
}

// [grouping][.precision][type]
static int read_tail(Reader *reader, Spec *spec)
{
    if (peek(reader) == ',' || peek(reader) == '_') spec->grouping = *reader->at++;
    if (accept(reader, '.')) {
        int count = read_number(reader, &spec->precision);
        if (count <= 0)
            return count < 0 ? -1 : fail("%s", "the format spec has no precision after `.`");
    }
    if (reader->at < reader->end) spec->type = tb_utf8_next(&reader->at);
    return 0;
}

// Whether digits can be grouped when the type is [type].
static int check_grouping(const Spec *spec)
{
    if (spec->grouping == 0 || spec->type == 0) return 0;
    if (spec->type < 0x80) {
        if (strchr("deEfFgG%", (int)spec->type) != NULL) return 0;
        if (spec->grouping == '_' && strchr("boxX", (int)spec->type) != NULL) return 0;
    }
    char type[TB_UTF8_MAX + 1] = {0};
    tb_utf8_encode(spec->type, type);
    tb_raise_error(&tb_error_value, "digits cannot be grouped by `%c` in format `%s`",
                   spec->grouping, type);
    return -1;
}

static int read_spec(const tb_str *text, int is_number, Spec *spec)
{
    Reader reader = {text->data, text->data + text->size};
    *spec = (Spec){.fill = ' ', .precision = -1};
    int has_fill = read_align(&reader, spec);
    if (read_width(&reader, spec, has_fill, is_number) < 0) return -1;
    if (read_tail(&reader, spec) < 0) return -1;
    if (reader.at < reader.end) {
        tb_raise_error(&tb_error_value, "%V is not a format spec", TB_OBJECT(text));
        return -1;
    }
    if (!is_number && spec->type == 0) spec->type = 's';
    if (spec->align == 0) spec->align = is_number ? '>' : '<';
    return check_grouping(spec);
}

// The type is none that the value knows. Always -1.
static int fail_type(const Spec *spec, tb_value v)
{
    char type[TB_UTF8_MAX + 1] = {0};
    tb_utf8_encode(spec->type, type);
    tb_raise_error(&tb_error_value, "`%s` is not a format for %A", type, v);
    return -1;
}

// -------------------------------------------------------------------------------------- layout

// A number in parts.
typedef struct Number {
    char sign;          // `-`, or 0
    const char *prefix; // `0x` and its like
    const char *digits; // the whole part, which may be grouped
    int64_t digit_count;
    const char *rest; // the point and what follows; or `inf`, `nan`, a character
    int64_t rest_size;
    int64_t zeros;    // that many zeros follow `rest`
    const char *tail; // an exponent, a `%`
} Number;

static int add_fill(tb_text *out, const Spec *spec, int64_t count)
{
    char fill[TB_UTF8_MAX];
    return tb_text_add_repeated(out, fill, tb_utf8_encode(spec->fill, fill), count);
}

// The sign that is written; 0: none.
static char shown_sign(const Spec *spec, const Number *number)
{
    if (number->sign != 0) return number->sign;
    return spec->sign == '+' || spec->sign == ' ' ? spec->sign : 0;
}

static int group_size(const Spec *spec)
{
    return spec->type < 0x80 && spec->type != 0 && strchr("boxX", (int)spec->type) ? 4 : 3;
}

// How many digits to write so that with separators they take at least [width].
static int64_t grouped_count(const Spec *spec, int64_t digit_count, int64_t width)
{
    int64_t count = width;
    if (spec->grouping != 0 && width > 0) {
        int64_t period = group_size(spec) + 1; // every so many characters is a separator, …
        count = width - width / period + (width % period == 0); // … never the first one
    }
    return count > digit_count ? count : digit_count;
}

static int64_t grouped_size(const Spec *spec, int64_t count)
{
    return spec->grouping == 0 || count == 0 ? count : count + (count - 1) / group_size(spec);
}

// The digits, with [count - digit_count] zeros in front.
static int add_digits(tb_text *out, const Spec *spec, const Number *number, int64_t count)
{
    int64_t zeros = count - number->digit_count;
    if (spec->grouping == 0) {
        if (tb_text_add_repeated(out, "0", 1, zeros) < 0) return -1;
        return tb_text_add(out, number->digits, number->digit_count);
    }
    for (int64_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % group_size(spec) == 0 &&
            tb_text_add_byte(out, spec->grouping) < 0)
            return -1;
        if (tb_text_add_byte(out, i < zeros ? '0' : number->digits[i - zeros]) < 0) return -1;
    }
    return 0;
}

static int add_rest(tb_text *out, const Number *number)
{
    if (tb_text_add(out, number->rest, number->rest_size) < 0) return -1;
    if (tb_text_add_repeated(out, "0", 1, number->zeros) < 0) return -1;
    return tb_text_add(out, number->tail, (int64_t)strlen(number->tail));
}

// The whole number, padded. 0, or -1: MemoryError.
static int add_number(tb_text *out, const Spec *spec, const Number *number)
{
    char sign = shown_sign(spec, number);
    int64_t rest = tb_utf8_length(number->rest, number->rest_size);
    int64_t others = (sign != 0) + (int64_t)strlen(number->prefix) + rest + number->zeros +
                     (int64_t)strlen(number->tail);
    int64_t count = number->digit_count;
    if (count > 0 && spec->fill == '0' && spec->align == '=')
        count = grouped_count(spec, count, spec->width - others);
    int64_t padding = spec->width - others - grouped_size(spec, count);
    if (padding < 0) padding = 0;
    int64_t before = spec->align == '>' ? padding : spec->align == '^' ? padding / 2 : 0;
    int64_t inside = spec->align == '=' ? padding : 0;
    if (add_fill(out, spec, before) < 0) return -1;
    if (sign != 0 && tb_text_add_byte(out, sign) < 0) return -1;
    if (tb_text_add(out, number->prefix, (int64_t)strlen(number->prefix)) < 0) return -1;
    if (add_fill(out, spec, inside) < 0 || add_digits(out, spec, number, count) < 0) return -1;
    if (add_rest(out, number) < 0) return -1;
    return add_fill(out, spec, padding - before - inside);
}

// --------------------------------------------------------------------------------------- Floats

#define MORE_DIGITS 1100 // no Float has more digits behind its first one, before or after the point

#define FIXED_DIGITS 9 // behind the point; 10**9 and 53 bits fit 128 bits

// Writes |d| with [precision] digits behind the point, as printf's `%.*f` would: exactly rounded,
// ties to even. 0: too large or too small for this way, nothing is written.
static int add_fixed(tb_text *digits, double d, int precision)
{
    static const uint32_t powers[FIXED_DIGITS + 1] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    if (precision > FIXED_DIGITS || !(d < 1e9 && d > 1e-18)) return 0;
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(d, &exponent), 53); // d == mantissa * 2**-shift
    int shift = 53 - exponent;
    unsigned __int128 scaled = (unsigned __int128)mantissa * powers[precision];
    uint64_t number = (uint64_t)(scaled >> shift);
    unsigned __int128 rest = scaled & (((unsigned __int128)1 << shift) - 1);
    unsigned __int128 half = (unsigned __int128)1 << (shift - 1);
    number += rest > half || (rest == half && (number & 1));
    char *out = digits->data + digits->size;
    int64_t size = tb_int_text(TB_INT62((int64_t)(number / powers[precision])), out);
    if (precision > 0) out[size++] = '.';
    uint64_t fraction = number % powers[precision];
    for (int i = precision - 1; i >= 0; i--, fraction /= 10)
        out[size + i] = (char)('0' + fraction % 10);
    digits->size += size + precision;
    digits->data[digits->size] = 0;
    return 1;
}

// The format for printf: `%` [`#`] `.*` type.
static void add_printed(tb_text *digits, double d, int is_alternate, int precision, char type)
{
    if (type == 'f' && !is_alternate && add_fixed(digits, d, precision)) return;
    char format[8];
    snprintf(format, sizeof format, "%%%s.*%c", is_alternate ? "#" : "", type);
    digits->size += snprintf(digits->data + digits->size, (size_t)(digits->capacity - digits->size),
                             format, precision, d);
}

// Removes the zeros at the end of the fraction, which an exponent may follow.
static void trim_fraction(tb_text *digits)
{
    char *tail = memchr(digits->data, 'e', (size_t)digits->size);
    if (tail == NULL) tail = digits->data + digits->size;
    if (memchr(digits->data, '.', (size_t)(tail - digits->data)) == NULL) return;
    char *end = tail;
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.') end--;
    int64_t tail_size = digits->data + digits->size - tail;
    memmove(end, tail, (size_t)tail_size);
    digits->size = end - digits->data + tail_size;
}

// The exponent of a number in exponential form.
static int exponent_of(const tb_text *digits)
{
    const char *mark = memchr(digits->data, 'e', (size_t)digits->size);
    int exponent = 0;
    for (const char *at = mark + 2; at < digits->data + digits->size; at++)
        exponent = exponent * 10 + (*at - '0');
    return mark[1] == '-' ? -exponent : exponent;
}

// Types g, G, n, and none with a precision, which has at least one digit behind the point and turns
// to exponential form one digit earlier. (printf's `%#g` loses digits when rounding carries:
// 999999.5.)
static void add_general(tb_text *digits, double d, const Spec *spec, int precision)
{
    int needs_fraction = spec->type == 0;
    if (precision == 0) precision = 1;
    add_printed(digits, d, spec->is_alternate, precision - 1, 'e');
    int exponent = exponent_of(digits);
    int is_exponential = exponent < -4 || exponent >= precision - needs_fraction;
    if (!is_exponential) {
        digits->size = 0;
        add_printed(digits, d, spec->is_alternate, precision - 1 - exponent, 'f');
    }
    if (!spec->is_alternate) trim_fraction(digits);
    if (needs_fraction && !is_exponential && !memchr(digits->data, '.', (size_t)digits->size)) {
        memcpy(digits->data + digits->size, ".0", 2);
        digits->size += 2;
    }
}

// The shortest text; with `#` it has a point even in exponential form.
static void add_shortest(tb_text *digits, double d, int is_alternate)
{
    digits->size = tb_float_text(d, digits->data);
    char *exponent = memchr(digits->data, 'e', (size_t)digits->size);
    if (!is_alternate || exponent == NULL || memchr(digits->data, '.', (size_t)digits->size))
        return;
    memmove(exponent + 1, exponent, (size_t)(digits->data + digits->size - exponent));
    *exponent = '.';
    digits->size++;
}

static void upper_ascii(char *at, int64_t size)
{
    for (int64_t i = 0; i < size; i++)
        if (at[i] >= 'a' && at[i] <= 'z') at[i] ^= 0x20;
}

// Writes |d| by the spec's type; [precision] is what is left of the spec's after capping it.
static void add_float_digits(tb_text *digits, const Spec *spec, double d, int precision)
{
    switch (spec->type) {
    case 0:
        if (spec->precision < 0)
            add_shortest(digits, d, spec->is_alternate);
        else
            add_general(digits, d, spec, precision);
        break;
    case 'g':
    case 'n':
        add_general(digits, d, spec, precision);
        break;
    case 'G':
        add_general(digits, d, spec, precision);
        upper_ascii(digits->data, digits->size);
        break;
    case '%':
        add_printed(digits, d, spec->is_alternate, precision, 'f');
        break;
    default:
        add_printed(digits, d, spec->is_alternate, precision, (char)spec->type);
        break;
    }
}

// Whether the digits round to zero.
static int is_zero(const tb_text *digits)
{
    for (int64_t i = 0; i < digits->size && (digits->data[i] | 0x20) != 'e'; i++)
        if (digits->data[i] != '0' && digits->data[i] != '.') return 0;
    return 1;
}

// Splits `123.45e+06` at its point and its exponent. The text must end in a NUL.
static void split_number(const tb_text *digits, Number *number)
{
    const char *at = digits->data;
    while (*at >= '0' && *at <= '9')
        at++;
    number->digits = digits->data;
    number->digit_count = at - digits->data;
    number->rest = at;
    number->tail = at + strcspn(at, "eE");
    number->rest_size = number->tail - at;
}

// Zeros beyond the digits any Float has. Without `#` the general formats drop them.
static int64_t missing_zeros(const Spec *spec, int64_t precision)
{
    int drops = spec->type == 0 || strchr("gGn", (int)spec->type) != NULL;
    if (precision <= MORE_DIGITS || (drops && !spec->is_alternate)) return 0;
    return precision - MORE_DIGITS;
}

// A finite Float.
static int add_finite(tb_text *out, const Spec *spec, double d)
{
    tb_text digits;
    Number number = {.prefix = ""};
    int64_t precision = spec->precision >= 0 ? spec->precision : 6;
    number.zeros = missing_zeros(spec, precision);
    if (precision > MORE_DIGITS) precision = MORE_DIGITS;
    tb_text_begin(&digits);
    if (tb_text_room(&digits, precision + 350) == NULL) return -1;
    add_float_digits(&digits, spec, fabs(d), (int)precision);
    digits.data[digits.size] = 0;
    if (signbit(d) && !(spec->no_minus_zero && is_zero(&digits))) number.sign = '-';
    split_number(&digits, &number);
    if (spec->type == '%') number.tail = "%";
    int result = add_number(out, spec, &number);
    tb_text_drop(&digits);
    return result;
}

static int format_float(tb_text *out, const Spec *spec, double d, tb_value v)
{
    if (spec->type != 0 && (spec->type >= 0x80 || !strchr("eEfFgGn%", (int)spec->type)))
        return fail_type(spec, v);
    if (spec->precision > INT32_MAX) return fail("%s", "the precision is too large");
    if (spec->type == '%') d *= 100;
    if (isfinite(d)) return add_finite(out, spec, d);
    int is_upper = spec->type == 'E' || spec->type == 'F' || spec->type == 'G';
    Number number = {
        .prefix = "", .digits = "", .rest_size = 3, .tail = spec->type == '%' ? "%" : ""};
    number.rest = isnan(d) ? (is_upper ? "NAN" : "nan") : (is_upper ? "INF" : "inf");
    if (d < 0) number.sign = '-';
    return add_number(out, spec, &number);
}

// ----------------------------------------------------------------------------------------- Ints

// `c`: the character with that number.
static int format_character(tb_text *out, const Spec *spec, tb_value v)
{
    if (spec->sign != 0) return fail("%s", "format `c` takes no sign");
    if (spec->is_alternate) return fail("%s", "format `c` takes no `#`");
    int64_t code;
    if (!tb_int_to(v, &code) || code < 0 || code > TB_CODE_MAX) {
        tb_raise_error(&tb_error_overflow, "%V is not the number of a character", v);
        return -1;
    }
    if (!TB_CODE_VALID((uint32_t)code))
        return fail("%s", "half of a surrogate pair is not a character");
    char bytes[TB_UTF8_MAX];
    Number number = {.prefix = "", .digits = "", .rest = bytes, .tail = ""};
    number.rest_size = tb_utf8_encode((uint32_t)code, bytes);
    return add_number(out, spec, &number);
}

static int base_of(uint32_t type)
{
    return type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
}

static const char *prefix_of(uint32_t type)
{
    return type == 'b' ? "0b" : type == 'o' ? "0o" : type == 'x' ? "0x" : type == 'X' ? "0X" : "";
}

static int format_digits(tb_text *out, const Spec *spec, tb_value v)
{
    tb_text digits;
    int base = base_of(spec->type);
    tb_text_begin(&digits);
    char *room = tb_text_room(&digits, tb_int_text_size_base(v, base));
    int64_t size = room == NULL ? INT64_MIN : tb_int_text_base(v, base, room);
    int result = -1;
    if (size != INT64_MIN) {
        int is_negative = room[0] == '-';
        if (spec->type == 'X') upper_ascii(room, size);
        Number number = {.sign = is_negative ? '-' : 0, .rest = "", .tail = ""};
        number.prefix = spec->is_alternate ? prefix_of(spec->type) : "";
        number.digits = room + is_negative;
        number.digit_count = size - is_negative;
        result = add_number(out, spec, &number);
    }
    tb_text_drop(&digits);
    return result;
}

static int format_int(tb_text *out, const Spec *spec, tb_value v, tb_value shown)
{
    if (spec->type != 0 && (spec->type >= 0x80 || !strchr("bcdnoxX", (int)spec->type))) {
        if (spec->type >= 0x80 || !strchr("eEfFgG%", (int)spec->type))
            return fail_type(spec, shown);
        double d = tb_int_to_double(v);
        return isnan(d) ? -1 : format_float(out, spec, d, shown);
    }
    if (spec->precision >= 0) return fail("%s", "an Int cannot be formatted with a precision");
    if (spec->no_minus_zero) return fail("%s", "an Int cannot be formatted with `z`");
    return spec->type == 'c' ? format_character(out, spec, v) : format_digits(out, spec, v);
}

// --------------------------------------------------------------------------------------- Strings

static int format_str(tb_text *out, const Spec *spec, tb_str *s)
{
    if (spec->type != 's') return fail_type(spec, TB_OBJECT(s));
    if (spec->sign != 0) return fail("%s", "a String cannot be formatted with a sign");
    if (spec->no_minus_zero) return fail("%s", "a String cannot be formatted with `z`");
    if (spec->is_alternate) return fail("%s", "a String cannot be formatted with `#`");
    if (spec->align == '=') return fail("%s", "a String cannot be aligned with `=`");
    if (spec->precision >= 0 && spec->precision < s->length) {
        s = tb_str_slice(s, 0, spec->precision);
        if (s == NULL) return -1;
    }
    int64_t padding = spec->width > s->length ? spec->width - s->length : 0;
    int64_t before = spec->align == '>' ? padding : spec->align == '^' ? padding / 2 : 0;
    if (add_fill(out, spec, before) < 0 || tb_text_add_str(out, s) < 0) return -1;
    return add_fill(out, spec, padding - before);
}

// ------------------------------------------------------------------------------------ any value

// The text of an object that defines one, to be formatted as a String. TB_PENDING: TypeError, or
// raised.
static tb_value text_of_object(tb_value v)
{
    if (tb_special_of(v, TB_SPECIAL_TO_STRING) != NULL || tb_is_error(v)) return tb_to_str(v);
    return tb_raise_error(&tb_error_type, "a format spec cannot be applied to %A", v);
}

// Formats a number or String into [out]. 0, or -1: raised.
static int format_value(tb_text *out, tb_value v, const tb_str *text)
{
    Spec spec;
    tb_kind kind = TB_KIND(v);
    if (read_spec(text, kind != TB_STRING, &spec) < 0) return -1;
    switch (kind) {
    case TB_STRING:
        return format_str(out, &spec, TB_AS_STR(v));
    case TB_FLOAT:
        return format_float(out, &spec, tb_float_get(v), v);
    case TB_BOOL:
        return format_int(out, &spec, TB_INT62(v == TB_TRUE), v);
    default:
        return format_int(out, &spec, v, v);
    }
}

tb_value tb_format(tb_value v, tb_value spec)
{
    if (!TB_IS_STR(spec))
        return tb_raise_error(&tb_error_type, "a format spec is a String, not %A", spec);
    if (TB_AS_STR(spec)->size == 0) return tb_to_str(v);
    tb_kind kind = TB_KIND(v);
    if (kind != TB_INT && kind != TB_BOOL && kind != TB_FLOAT && kind != TB_STRING) {
        v = text_of_object(v);
        if (v == TB_PENDING) return TB_PENDING;
    }
    tb_text out;
    tb_text_begin(&out);
    if (format_value(&out, v, TB_AS_STR(spec)) < 0) {
        tb_text_drop(&out);
        return TB_PENDING;
    }
    tb_str *s = tb_text_end(&out);
    return s == NULL ? TB_PENDING : TB_OBJECT(s);
}
