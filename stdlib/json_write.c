// Writes JSON: values to text, without recursion. The result is ASCII: everything else is escaped.
#include "json.h"

#include "text.h"
#include "utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// A container being written.
typedef struct Frame {
    tb_value owner;
    int64_t position; // of the next item; in a dict, of its entry
    int64_t done;     // items written
} Frame;

typedef struct Writer {
    tb_text text;
    tb_json_style style;
    int64_t depth;
    Frame frames[TB_JSON_DEPTH];
} Writer;

// Drops the text; for errors raised here. Returns -1.
static int fail(Writer *writer)
{
    tb_text_drop(&writer->text);
    return -1;
}

static int add(Writer *writer, const char *word)
{
    return tb_text_add(&writer->text, word, (int64_t)strlen(word));
}

// ------------------------------------------------------------------------------------------- texts

static int is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// The first byte at or after [at] that has to be escaped. Looks at eight bytes at a time.
static const char *skip_plain(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word = tb_json_load(at);
        if (tb_json_has(word, '"') | tb_json_has(word, '\\') | tb_json_has_below(word, 0x20) |
            tb_json_has(word, 0x7f) | (word & TB_BYTE_HIGHS))
            break;
    }
    while (at < end && is_plain((unsigned char)*at))
        at++;
    return at;
}

static int add_escape(Writer *writer, uint32_t code)
{
    static const char codes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    char escape[16];
    const char *found = code && code < 0x80 ? strchr(codes, (int)code) : NULL;
    if (found)
        snprintf(escape, sizeof escape, "\\%c", letters[found - codes]);
    else if (code < 0x10000)
        snprintf(escape, sizeof escape, "\\u%04x", code);
    else
        snprintf(escape, sizeof escape, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                 0xdc00 + (code & 0x3ff));
    return add(writer, escape);
}

static int add_text(Writer *writer, const tb_str *s)
{
    const char *at = s->data, *end = at + s->size;
    if (tb_text_add_byte(&writer->text, '"') < 0) return -1;
    for (;;) {
        const char *stop = skip_plain(at, end);
        if (tb_text_add(&writer->text, at, stop - at) < 0) return -1;
        if (stop == end) return tb_text_add_byte(&writer->text, '"');
        at = stop;
        if (add_escape(writer, tb_utf8_next(&at)) < 0) return -1;
    }
}

// ----------------------------------------------------------------------------------------- scalars

static int add_float(Writer *writer, double number)
{
    if (isnan(number)) return add(writer, "NaN");
    if (isinf(number)) return add(writer, number > 0 ? "Infinity" : "-Infinity");
    char *room = tb_text_room(&writer->text, TB_FLOAT_TEXT_SIZE);
    if (!room) return -1;
    writer->text.size += tb_float_text(number, room);
    return 0;
}

static int add_int(Writer *writer, tb_value v)
{
    char *room = tb_text_room(&writer->text, tb_int_text_size(v));
    if (!room) return -1;
    int64_t size = tb_int_text(v, room);
    if (size == INT64_MIN) return fail(writer);
    writer->text.size += size;
    return 0;
}

// Writes a value that holds no others. 1: done, 0: it is none of these, -1: raised.
static int add_scalar(Writer *writer, tb_value v)
{
    int added = 0;
    switch (TB_KIND(v)) {
    case TB_STRING:
        added = add_text(writer, TB_AS_STR(v));
        break;
    case TB_INT:
        added = add_int(writer, v);
        break;
    case TB_FLOAT:
        added = add_float(writer, tb_float_get(v));
        break;
    case TB_BOOL:
        added = add(writer, v == TB_TRUE ? "true" : "false");
        break;
    case TB_NONE:
        added = add(writer, "null");
        break;
    default:
        return 0;
    }
    return added < 0 ? -1 : 1;
}

// A key: a text, or a number, Bool or None in quotes.
static int add_key(Writer *writer, tb_value key)
{
    if (TB_IS_STR(key)) return add_text(writer, TB_AS_STR(key));
    if (tb_text_add_byte(&writer->text, '"') < 0) return -1;
    int done = add_scalar(writer, key);
    if (done == 1) return tb_text_add_byte(&writer->text, '"');
    if (done == 0) tb_raise_error(&tb_error_value, "%A cannot be a key in JSON: %V", key, key);
    return fail(writer);
}

// -------------------------------------------------------------------------------------- containers

static int is_array(tb_value v)
{
    return TB_IS_LIST(v) || TB_IS_TUPLE(v) || TB_KIND(v) == TB_RANGE;
}

// 1: raised.
static int open_frame(Writer *writer, tb_value v)
{
    if (!is_array(v) && !TB_IS_DICT(v)) {
        tb_raise_error(&tb_error_value, "`obj` of `stringify` holds %A, which has no form in JSON",
                       v);
        return fail(writer);
    }
    if (writer->depth == TB_JSON_DEPTH) {
        tb_raise_error(&tb_error_value,
                       "containers nested deeper than %d, or one that holds itself", TB_JSON_DEPTH);
        return fail(writer);
    }
    writer->frames[writer->depth++] = (Frame){.owner = v};
    return tb_text_add_byte(&writer->text, TB_IS_DICT(v) ? '{' : '[');
}

// The line end and blanks before an item, or before the bracket that closes at [depth].
static int add_line(Writer *writer, int64_t depth)
{
    int64_t blanks;
    if (writer->style.indent < 0) return 0;
    if (tb_text_add_byte(&writer->text, '\n') < 0) return -1;
    if (!tb_mul_overflows(writer->style.indent, depth, &blanks))
        return tb_text_add_repeated(&writer->text, " ", 1, blanks);
    tb_gc_raise(SIZE_MAX);
    return fail(writer);
}

static int separate(Writer *writer, const Frame *frame)
{
    int is_line = writer->style.indent >= 0;
    if (frame->done > 0) {
        const char *comma = is_line || writer->style.is_compact ? "," : ", ";
        if (add(writer, comma) < 0) return -1;
    }
    return add_line(writer, writer->depth);
}

// The next item of an array: 1, 0 at the end, -1 raised.
static int next_of_array(Writer *writer, Frame *frame, tb_value *item)
{
    tb_value owner = frame->owner;
    if (TB_IS_LIST(owner)) {
        if (frame->position >= TB_AS_LIST(owner)->count) return 0;
        *item = tb_list_at(TB_AS_LIST(owner), frame->position++);
    } else if (TB_IS_TUPLE(owner)) {
        if (frame->position >= TB_AS_TUPLE(owner)->count) return 0;
        *item = TB_AS_TUPLE(owner)->items[frame->position++];
    } else {
        if (tb_int_compare_double(tb_range_length(TB_AS_RANGE(owner)), (double)frame->position) <=
            0)
            return 0;
        *item = tb_get_item(owner, tb_int_from(frame->position++));
    }
    if (*item == TB_PENDING) return fail(writer);
    return separate(writer, frame) < 0 ? -1 : 1;
}

// The next value of a dict, whose key is written: 1, 0 at the end, -1 raised.
static int next_of_dict(Writer *writer, Frame *frame, tb_value *item)
{
    const tb_table *table = &TB_AS_DICT(frame->owner)->table;
    int64_t at = tb_table_next(table, frame->position);
    if (at < 0) return 0;
    frame->position = at + 1;
    *item = table->entries[at].value;
    if (separate(writer, frame) < 0 || add_key(writer, table->entries[at].key) < 0) return -1;
    return add(writer, writer->style.is_compact ? ":" : ": ") < 0 ? -1 : 1;
}

static int close_frame(Writer *writer, const Frame *frame)
{
    writer->depth--;
    if (frame->done > 0 && add_line(writer, writer->depth) < 0) return -1;
    return tb_text_add_byte(&writer->text, TB_IS_DICT(frame->owner) ? '}' : ']');
}

static int add_value(Writer *writer, tb_value v)
{
    int done = add_scalar(writer, v);
    return done != 0 ? done : open_frame(writer, v);
}

static int add_all(Writer *writer, tb_value value)
{
    if (add_value(writer, value) < 0) return -1;
    while (writer->depth > 0) {
        Frame *frame = &writer->frames[writer->depth - 1];
        tb_value item;
        int got = TB_IS_DICT(frame->owner) ? next_of_dict(writer, frame, &item)
                                           : next_of_array(writer, frame, &item);
        if (got < 0) return -1;
        if (got == 1) frame->done++;
        if ((got == 1 ? add_value(writer, item) : close_frame(writer, frame)) < 0) return -1;
        if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_interrupt() == TB_PENDING)
            return fail(writer);
    }
    return 0;
}

tb_str *tb_json_write(tb_value value, tb_json_style style)
{
    Writer writer;
    writer.style = style;
    writer.depth = 0;
    tb_text_begin(&writer.text);
    return add_all(&writer, value) < 0 ? NULL : tb_text_end(&writer.text);
}
