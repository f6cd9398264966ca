// Native half of stdlib/bytes.tb: bytes from values, texts in encodings, hexadecimal digits.
#include "native.h"

#include "build/stdlib/bytes.h"
#include "text.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

// ------------------------------------------------------------------------------- bytes from values

static int byte_of(tb_value item)
{
    int64_t byte;
    if (!TB_IS_INT(item)) {
        tb_raise_error(&tb_error_type, "`value` of `bytes` must hold Ints, not %T", item);
        return -1;
    }
    if (tb_int_to(item, &byte) && byte >= 0 && byte <= 255) return (int)byte;
    tb_raise_error(&tb_error_value, "a byte lies between 0 and 255, %V does not", item);
    return -1;
}

static tb_bytes *bytes_of_items(tb_value items)
{
    tb_list *list = TB_IS_LIST(items) ? TB_AS_LIST(items) : tb_list_of(items);
    tb_bytes *bytes = list ? tb_bytes_alloc(list->count) : NULL;
    for (int64_t i = 0; bytes && i < list->count; i++) {
        tb_value item = tb_list_at(list, i);
        int byte = item == TB_PENDING ? -1 : byte_of(item);
        if (byte < 0) return NULL;
        tb_bytes_data(bytes)[i] = (uint8_t)byte;
    }
    return bytes;
}

static tb_bytes *zeros(tb_value count)
{
    int64_t size = tb_arg_whole(count, TB_PLACE("bytes", "value"));
    if (size == INT64_MIN) return NULL;
    if (size < 0) {
        tb_raise_error(&tb_error_value, "`value` of `bytes` must not be negative: %V", count);
        return NULL;
    }
    tb_bytes *bytes = tb_bytes_alloc(size);
    if (bytes && size > 0) memset(tb_bytes_data(bytes), 0, (size_t)size);
    return bytes;
}

// Bytes with a copy of what lies at [data]. NULL: MemoryError.
static tb_bytes *bytes_of(const char *data, int64_t size)
{
    tb_bytes *bytes = tb_bytes_alloc(size);
    if (bytes && size > 0) memcpy(tb_bytes_data(bytes), data, (size_t)size);
    return bytes;
}

tb_bytes *tb_codec_bytes(tb_value value)
{
    switch (TB_KIND(value)) {
    case TB_NONE:
        return tb_bytes_alloc(0);
    case TB_BYTES:
        return TB_AS_BYTES(value);
    case TB_STRING:
        return bytes_of(TB_AS_STR(value)->data, TB_AS_STR(value)->size);
    case TB_INT:
        return zeros(value);
    default:
        if (tb_is_iterable(value)) return bytes_of_items(value);
        tb_raise_arg(TB_PLACE("bytes", "value"), "String | Int | Iterable", value);
        return NULL;
    }
}

int64_t tb_codec_find(tb_bytes *data, tb_bytes *sub, int64_t start)
{
    if (start < 0) start = start + data->size < 0 ? 0 : start + data->size;
    return start > data->size ? -1 : tb_bytes_find(data, sub, start);
}

// The whole size of [items], all Bytes, with [sep] between them. 0, or -1: raised.
static int joined_size(const tb_list *list, const tb_bytes *sep, size_t *size)
{
    if (tb_size_mul(list->count > 0 ? (size_t)list->count - 1 : 0, (size_t)sep->size, 0, size) < 0)
        return -1;
    for (int64_t i = 0; i < list->count; i++) {
        tb_value item = tb_list_at(list, i);
        if (item != TB_PENDING && !TB_IS(item, &tb_class_bytes))
            item = tb_raise_error(&tb_error_type, "`join` needs Bytes here, not %A", item);
        if (item == TB_PENDING) return -1;
        if (tb_size_mul(*size, 1, (size_t)TB_AS_BYTES(item)->size, size) < 0) return -1;
    }
    return 0;
}

static uint8_t *put(uint8_t *out, const tb_bytes *bytes)
{
    if (bytes->size > 0) memcpy(out, bytes->data, (size_t)bytes->size);
    return out + bytes->size;
}

tb_bytes *tb_codec_join(tb_bytes *sep, tb_value items)
{
    size_t size;
    tb_list *list = TB_IS_LIST(items) ? TB_AS_LIST(items) : tb_list_of(items);
    if (list == NULL || joined_size(list, sep, &size) < 0) return NULL;
    tb_bytes *joined = tb_bytes_alloc((int64_t)size);
    if (joined == NULL) return NULL;
    uint8_t *out = tb_bytes_data(joined);
    for (int64_t i = 0; i < list->count; i++) {
        if (i > 0) out = put(out, sep);
        out = put(out, TB_AS_BYTES(tb_list_at(list, i))); // boxed, so tb_list_at cannot fail
    }
    return joined;
}

// -------------------------------------------------------------------------------------- encodings

// What becomes of what cannot be said.
typedef enum OnError { STRICT, REPLACE, IGNORE, UNKNOWN } OnError;

// How an encoding lays out code points.
typedef struct Encoding {
    const char *name;
    int unit;       // bytes of a code unit
    int is_big;     // the highest byte of a unit comes first
    uint32_t limit; // the highest code point
    int has_mark;   // begins with a byte order mark
} Encoding;

static const Encoding encodings[] = {
    {"utf-8", 0, 0, TB_CODE_MAX, 0},
    {"utf8", 0, 0, TB_CODE_MAX, 0},
    {"ascii", 1, 0, 0x7f, 0},
    {"us-ascii", 1, 0, 0x7f, 0},
    {"latin-1", 1, 0, 0xff, 0},
    {"latin1", 1, 0, 0xff, 0},
    {"iso-8859-1", 1, 0, 0xff, 0},
    {"utf-16", 2, 0, TB_CODE_MAX, 1},
    {"utf-16-le", 2, 0, TB_CODE_MAX, 0},
    {"utf-16-be", 2, 1, TB_CODE_MAX, 0},
    {"utf-32", 4, 0, TB_CODE_MAX, 1},
    {"utf-32-le", 4, 0, TB_CODE_MAX, 0},
    {"utf-32-be", 4, 1, TB_CODE_MAX, 0},
};

static int is_name(const tb_str *s, const char *name)
{
    return s->size == (int64_t)strlen(name) && strncasecmp(s->data, name, strlen(name)) == 0;
}

// NULL: ValueError.
static const Encoding *encoding_of(const tb_str *name)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (is_name(name, encodings[i].name)) return &encodings[i];
    tb_raise_error(&tb_error_value, "no encoding is called %V", TB_OBJECT(name));
    return NULL;
}

static OnError on_error(const tb_str *errors)
{
    static const char *const names[] = {"strict", "replace", "ignore"};
    for (int i = 0; i < 3; i++)
        if (is_name(errors, names[i])) return (OnError)i;
    tb_raise_error(&tb_error_value,
                   "`errors` must be \"strict\", \"replace\" or \"ignore\", not %V",
                   TB_OBJECT(errors));
    return UNKNOWN;
}

// ---- writing

static int add_unit(tb_text *out, const Encoding *encoding, uint32_t unit)
{
    for (int i = 0; i < encoding->unit; i++) {
        int shift = 8 * (encoding->is_big ? encoding->unit - 1 - i : i);
        if (tb_text_add_byte(out, (char)(unit >> shift & 0xff)) < 0) return -1;
    }
    return 0;
}

static int add_code(tb_text *out, const Encoding *encoding, uint32_t code)
{
    if (encoding->unit != 2 || code < 0x10000) return add_unit(out, encoding, code);
    code -= 0x10000;
    if (add_unit(out, encoding, 0xd800 + (code >> 10)) < 0) return -1;
    return add_unit(out, encoding, 0xdc00 + (code & 0x3ff));
}

static int encode_all(tb_text *out, const Encoding *encoding, tb_str *text, OnError errors)
{
    const char *at = text->data, *end = at + text->size;
    if (encoding->has_mark && add_code(out, encoding, 0xfeff) < 0) return -1;
    while (at < end) {
        const char *start = at;
        uint32_t code = tb_utf8_next(&at);
        if (code > encoding->limit && errors == STRICT) {
            tb_text_drop(out);
            tb_raise_error(&tb_error_value, "%s cannot say U+%04X at index %ld", encoding->name,
                           code, tb_str_index_at(text, start - text->data));
            return -1;
        }
        if (code > encoding->limit && errors == IGNORE) continue;
        if (add_code(out, encoding, code > encoding->limit ? '?' : code) < 0) return -1;
    }
    return 0;
}

tb_bytes *tb_codec_encode(tb_str *text, tb_str *encoding, tb_str *errors)
{
    const Encoding *target = encoding_of(encoding);
    OnError handling = target ? on_error(errors) : UNKNOWN;
    if (handling == UNKNOWN) return NULL;
    if (target->unit == 0) return bytes_of(text->data, text->size);
    tb_text out;
    tb_text_begin(&out);
    if (encode_all(&out, target, text, handling) < 0) return NULL;
    tb_bytes *bytes = bytes_of(out.data, out.size);
    tb_text_drop(&out);
    return bytes;
}

// ---- reading

typedef struct Input {
    const uint8_t *at, *start, *end;
    const Encoding *encoding;
} Input;

// Takes what cannot be read, [size] bytes. 0, or -1: raised, and the text is dropped.
static int add_bad(tb_text *out, Input *in, int64_t size, OnError errors)
{
    if (errors == STRICT) {
        tb_text_drop(out);
        tb_raise_error(&tb_error_value, "no %s: byte 0x%02x at index %ld", in->encoding->name,
                       *in->at, (long)(in->at - in->start));
        return -1;
    }
    in->at += size;
    return errors == REPLACE ? tb_text_add_code(out, 0xfffd) : 0;
}

static int decode_utf8(tb_text *out, Input *in, OnError errors)
{
    while (in->at < in->end) {
        int64_t size = in->end - in->at;
        int64_t valid = tb_utf8_check((const char *)in->at, size);
        if (tb_text_add(out, (const char *)in->at, valid) < 0) return -1;
        in->at += valid;
        if (valid < size && add_bad(out, in, 1, errors) < 0) return -1;
    }
    return 0;
}

static uint32_t read_unit(const Input *in, const uint8_t *at)
{
    uint32_t unit = 0;
    int size = in->encoding->unit;
    for (int i = 0; i < size; i++)
        unit |= (uint32_t)at[i] << 8 * (in->encoding->is_big ? size - 1 - i : i);
    return unit;
}

// Takes the second half of a surrogate pair, when it is there.
static uint32_t read_pair(Input *in, uint32_t high)
{
    if (in->end - in->at < 4) return high;
    uint32_t low = read_unit(in, in->at + 2);
    if ((low & 0xfc00) != 0xdc00) return high;
    in->at += 2;
    return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
}

static int decode_units(tb_text *out, Input *in, OnError errors)
{
    int64_t unit_size = in->encoding->unit;
    while (in->at < in->end) {
        int64_t left = in->end - in->at;
        if (left < unit_size) return add_bad(out, in, left, errors);
        uint32_t code = read_unit(in, in->at);
        if (unit_size == 2 && (code & 0xfc00) == 0xd800) code = read_pair(in, code);
        if (code > in->encoding->limit || !TB_CODE_VALID(code)) {
            if (add_bad(out, in, unit_size, errors) < 0) return -1;
            continue;
        }
        if (tb_text_add_code(out, code) < 0) return -1;
        in->at += unit_size;
    }
    return 0;
}

// A byte order mark decides how the units of "utf-16" and "utf-32" are read.
static void take_mark(Input *in)
{
    const Encoding *little = in->encoding + 1, *big = in->encoding + 2;
    in->encoding = little;
    if (in->end - in->at < little->unit) return;
    int is_big = in->at[0] == (little->unit == 2 ? 0xfe : 0x00) &&
                 read_unit(&(Input){.encoding = big}, in->at) == 0xfeff;
    if (!is_big && read_unit(in, in->at) != 0xfeff) return;
    in->encoding = is_big ? big : little;
    in->at += little->unit;
}

tb_str *tb_codec_decode(tb_bytes *data, tb_str *encoding, tb_str *errors)
{
    const Encoding *source = encoding_of(encoding);
    OnError handling = source ? on_error(errors) : UNKNOWN;
    if (handling == UNKNOWN) return NULL;
    Input in = {data->data, data->data, data->data + data->size, source};
    if (source->has_mark) take_mark(&in);
    tb_text out;
    tb_text_begin(&out);
    int result =
        source->unit == 0 ? decode_utf8(&out, &in, handling) : decode_units(&out, &in, handling);
    return result < 0 ? NULL : tb_text_end(&out);
}

// ------------------------------------------------------------------------------------ hexadecimal

// The bytes of Bytes or of a text.
typedef struct Span {
    const uint8_t *data;
    int64_t size;
} Span;

static Span span_of(tb_value v)
{
    if (TB_IS_STR(v)) return (Span){(const uint8_t *)TB_AS_STR(v)->data, TB_AS_STR(v)->size};
    return (Span){TB_AS_BYTES(v)->data, TB_AS_BYTES(v)->size};
}

tb_str *tb_codec_to_hex(tb_value data, tb_str *sep)
{
    static const char digits[] = "0123456789abcdef";
    Span span = span_of(data);
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < span.size; i++) {
        char pair[] = {digits[span.data[i] >> 4], digits[span.data[i] & 15]};
        if (i > 0 && sep->size > 0 && tb_text_add_str(&text, sep) < 0) return NULL;
        if (tb_text_add(&text, pair, 2) < 0) return NULL;
    }
    return tb_text_end(&text);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Raises for a character that does not belong in [text]. Returns NULL.
static tb_bytes *bad_text(tb_str *text, const char *what, int64_t at)
{
    tb_raise_error(&tb_error_value, "no %s at index %ld: %V", what, tb_str_index_at(text, at),
                   TB_OBJECT(text));
    return NULL;
}

tb_bytes *tb_codec_from_hex(tb_str *text)
{
    tb_bytes *bytes = tb_bytes_alloc(text->size / 2);
    int64_t count = 0;
    if (bytes == NULL) return NULL;
    for (int64_t i = 0; i < text->size;) {
        if (isspace((unsigned char)text->data[i])) {
            i++;
            continue;
        }
        int high = hex_digit(text->data[i]);
        int low = i + 1 < text->size ? hex_digit(text->data[i + 1]) : -1;
        if (high < 0) return bad_text(text, "hexadecimal digit", i);
        if (low < 0) return bad_text(text, "second hexadecimal digit", i);
        tb_bytes_data(bytes)[count++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    bytes->size = count;
    return bytes;
}
