// The text of single values, and print. What contains other values is written by show_walk.c.
#include "show.h"

#include "error.h"
#include "float.h"
#include "func.h"
#include "int.h"
#include "module.h"
#include "object.h"
#include "out.h"
#include "range.h"
#include "show_walk.h"
#include "str.h"
#include "unicode.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int add_word(tb_text *text, const char *word)
{
    return tb_text_add(text, word, (int64_t)strlen(word));
}

// `<kind name>`; without a name `<kind>`.
static int add_tag(tb_text *text, const char *kind, const char *name)
{
    if (add_word(text, "<") < 0 || add_word(text, kind) < 0) return -1;
    if (*kind != 0 && *name != 0 && add_word(text, " ") < 0) return -1;
    if (add_word(text, name) < 0) return -1;
    return add_word(text, ">");
}

// ----------------------------------------------------------------------------------- quoted text

// Adds the escape for [code], which cannot stand for itself.
static int add_escape(tb_text *text, uint32_t code)
{
    static const char named[] = "\"\\\n\t\r", letters[] = "\"\\ntr";
    const char *at = code != 0 && code < 0x80 ? strchr(named, (int)code) : NULL;
    char escape[16];
    if (at != NULL)
        snprintf(escape, sizeof escape, "\\%c", letters[at - named]);
    else if (code < 0x100)
        snprintf(escape, sizeof escape, "\\x%02x", code);
    else if (code < 0x10000)
        snprintf(escape, sizeof escape, "\\u%04x", code);
    else
        snprintf(escape, sizeof escape, "\\u{%x}", code);
    return add_word(text, escape);
}

static int is_plain(uint32_t code)
{
    if (code < 0x7f) return code >= ' ' && code != '"' && code != '\\';
    return tb_code_is_printable(code);
}

int tb_show_quoted(tb_text *text, const tb_str *s)
{
    const char *at = s->data, *end = at + s->size;
    if (tb_text_add_byte(text, '"') < 0) return -1;
    while (at < end) {
        const char *plain = at, *next = at;
        uint32_t code = 0;
        while (next < end && is_plain(code = tb_utf8_next(&next)))
            at = next;
        if (tb_text_add(text, plain, at - plain) < 0) return -1;
        if (at == end) break;
        if (add_escape(text, code) < 0) return -1;
        at = next;
    }
    return tb_text_add_byte(text, '"');
}

static int add_bytes(tb_text *text, const tb_bytes *bytes)
{
    if (tb_text_add(text, "b\"", 2) < 0) return -1;
    for (int64_t i = 0; i < bytes->size; i++) {
        uint8_t byte = bytes->data[i];
        int is_ascii = byte < 0x80 && is_plain(byte);
        if ((is_ascii ? tb_text_add_byte(text, (char)byte) : add_escape(text, byte)) < 0) return -1;
    }
    return tb_text_add_byte(text, '"');
}

// --------------------------------------------------------------------------------- single values

static int add_int(tb_text *text, tb_value v)
{
    char *room = tb_text_room(text, tb_int_text_size(v));
    if (room == NULL) return -1;
    int64_t size = tb_int_text(v, room);
    if (size == INT64_MIN) {
        tb_text_drop(text);
        return -1;
    }
    text->size += size;
    return 0;
}

static int add_float(tb_text *text, tb_value v)
{
    char *room = tb_text_room(text, TB_FLOAT_TEXT_SIZE);
    if (room == NULL) return -1;
    text->size += tb_float_text(tb_float_get(v), room);
    return 0;
}

static int add_range(tb_text *text, const tb_range *range)
{
    if (add_word(text, "range(") < 0 || add_int(text, range->from) < 0) return -1;
    if (add_word(text, ", ") < 0 || add_int(text, range->to) < 0) return -1;
    if (range->step != TB_INT62(1) && (add_word(text, ", ") < 0 || add_int(text, range->step) < 0))
        return -1;
    return add_word(text, ")");
}

// The result of the program's own to_string.
static int add_to_string(tb_text *text, tb_value v, tb_fn *to_string)
{
    tb_value result = tb_call_method_fn(to_string, v, 0, NULL);
    if (result != TB_PENDING && TB_IS_STR(result)) return tb_text_add_str(text, TB_AS_STR(result));
    tb_text_drop(text);
    if (result != TB_PENDING)
        tb_raise_error(&tb_error_type, "`to_string` of %s must return a String, not %A",
                       TB_CLASS_OF(v)->name, result);
    return -1;
}

// An instance or an object of a library.
static int add_object(tb_text *text, tb_value v)
{
    tb_fn *to_string = tb_special_of(v, TB_SPECIAL_TO_STRING);
    if (to_string != NULL) return add_to_string(text, v, to_string);
    return add_tag(text, TB_CLASS_OF(v)->name, "object");
}

int tb_show_is_nested(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
    case TB_TUPLE:
    case TB_DICT:
    case TB_SET:
        return 1;
    case TB_INSTANCE:
        return tb_is_error(v) && tb_special_of(v, TB_SPECIAL_TO_STRING) == NULL;
    default:
        return 0;
    }
}

int tb_show(tb_text *text, tb_value v, tb_show_form form)
{
    if (tb_show_is_nested(v)) return tb_show_nested(text, v, form);
    switch (TB_KIND(v)) {
    case TB_NONE:
        return add_word(text, "None");
    case TB_BOOL:
        return add_word(text, v == TB_TRUE ? "true" : "false");
    case TB_INT:
        return add_int(text, v);
    case TB_FLOAT:
        return add_float(text, v);
    case TB_STRING:
        return form == TB_SHOW_TEXT ? tb_text_add_str(text, TB_AS_STR(v))
                                    : tb_show_quoted(text, TB_AS_STR(v));
    case TB_BYTES:
        return add_bytes(text, TB_AS_BYTES(v));
    case TB_RANGE:
        return add_range(text, TB_AS_RANGE(v));
    case TB_FUNCTION:
        return add_tag(text, "function", TB_AS_FN(v)->info->name);
    case TB_CLASS:
        return add_tag(text, "class", TB_AS_CLASS(v)->name);
    case TB_MODULE:
        return add_tag(text, "module", TB_AS_MODULE(v)->name);
    case TB_ITERATOR:
        return add_tag(text, "iterator", "");
    case TB_MISSING_KIND:
        return add_tag(text, "missing", "");
    default:
        return add_object(text, v);
    }
}

// ------------------------------------------------------------------------------------- Strings

static tb_value show_as_str(tb_value v, tb_show_form form)
{
    tb_text text;
    tb_text_begin(&text);
    if (tb_show(&text, v, form) < 0) return TB_PENDING;
    tb_str *s = tb_text_end(&text);
    return s == NULL ? TB_PENDING : TB_OBJECT(s);
}

// str() of an Int of 62 bits.
static tb_value small_int_text(tb_value v)
{
    char digits[24];
    int64_t size = tb_int_text(v, digits);
    if (size == 1) return TB_OBJECT(tb_str_char(digits[0]));
    tb_str *s = tb_str_alloc(size, size);
    if (s == NULL) return TB_PENDING;
    memcpy(tb_str_bytes(s), digits, (size_t)size);
    return TB_OBJECT(s);
}

tb_value tb_to_str(tb_value v)
{
    if (TB_IS_STR(v)) return v;
    return TB_IS_INT62(v) ? small_int_text(v) : show_as_str(v, TB_SHOW_TEXT);
}

tb_value tb_repr(tb_value v)
{
    return show_as_str(v, TB_SHOW_SOURCE);
}

// --------------------------------------------------------------------------------------- print

static int print_value(tb_value v)
{
    if (TB_IS_STR(v)) return tb_out_write(TB_AS_STR(v)->data, TB_AS_STR(v)->size);
    tb_text text;
    tb_text_begin(&text);
    if (tb_show(&text, v, TB_SHOW_TEXT) < 0) return -1;
    int result = tb_out_write(text.data, text.size);
    tb_text_drop(&text);
    return result;
}

int tb_print(int64_t count, const tb_value *values, int newline)
{
    for (int64_t i = 0; i < count; i++) {
        if (i > 0 && tb_out_write(" ", 1) < 0) return -1;
        if (print_value(values[i]) < 0) return -1;
    }
    return newline ? tb_out_write("\n", 1) : 0;
}

int tb_print_error(int64_t count, const tb_value *values, int newline)
{
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < count; i++) {
        if (i > 0 && tb_text_add_byte(&text, ' ') < 0) return -1;
        if (tb_show(&text, values[i], TB_SHOW_TEXT) < 0) return -1;
    }
    if (newline && tb_text_add_byte(&text, '\n') < 0) return -1;
    int result = tb_out_flush();
    if (result == 0)
        result = tb_out_write_fd(STDERR_FILENO, text.data, text.size, "standard error");
    tb_text_drop(&text);
    return result;
}
