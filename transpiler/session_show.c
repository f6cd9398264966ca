// Values at the prompt. The text of a value is built piece by piece: what fits on a line stands on
// one, a container that does not gets a line for each item; long containers and texts end in a note
// of how much more there is. User code runs only in `to_string`.
//
// Colours are those of most editors' themes: numbers cyan, texts green, words that are values
// magenta, notes grey.
#include "session_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runtime/dict.h"
#include "runtime/error.h"
#include "runtime/list.h"
#include "runtime/object.h"
#include "runtime/out.h"
#include "runtime/set.h"
#include "runtime/show.h"
#include "runtime/stack.h"
#include "runtime/str.h"
#include "runtime/text.h"
#include "runtime/tuple.h"

enum {
    ITEMS_ALL = 30,  // a container of at most this many items is shown whole …
    ITEMS_FIRST = 6, // … of others this many items
    TEXT_ALL = 2000, // the same for the characters of a text
    TEXT_FIRST = 400,
    DEPTH_MAX = 8, // containers inside containers
    INDENT = 2,
};

#define COLOR_NUMBER "\x1b[36m"
#define COLOR_TEXT   "\x1b[32m"
#define COLOR_WORD   "\x1b[35m"
#define COLOR_NOTE   "\x1b[90m"
#define COLOR_OFF    "\x1b[0m"

// The text being made. A first try on one line stops when it grows too wide.
typedef struct Shower {
    const ShowOptions *options;
    tb_text text;
    int64_t column; // of the present line, in characters
    int64_t limit;  // of a try on one line; 0: none
    int depth;      // of lines: how far they are indented
    bool is_too_wide;
    int nesting; // of containers
    tb_value around[DEPTH_MAX];
} Shower;

static bool show(Shower *shower, tb_value value);

// ---- pieces -------------------------------------------------------------------------------------

static int64_t width_of(const char *bytes, int64_t size)
{
    int64_t width = 0;
    for (int64_t i = 0; i < size; i++)
        width += (bytes[i] & 0xc0) != 0x80;
    return width;
}

static bool add(Shower *shower, const char *bytes, int64_t size)
{
    shower->column += width_of(bytes, size);
    if (shower->limit && shower->column > shower->limit) {
        shower->is_too_wide = true;
        return false;
    }
    return tb_text_add(&shower->text, bytes, size) >= 0;
}

static bool add_text(Shower *shower, const char *text)
{
    return add(shower, text, (int64_t)strlen(text));
}

static bool add_colored(Shower *shower, const char *color, const char *bytes, int64_t size)
{
    if (!shower->options->color) return add(shower, bytes, size);
    return tb_text_add(&shower->text, color, (int64_t)strlen(color)) >= 0 &&
           add(shower, bytes, size) &&
           tb_text_add(&shower->text, COLOR_OFF, (int64_t)strlen(COLOR_OFF)) >= 0;
}

static bool add_more(Shower *shower, int64_t count)
{
    char note[48];
    int size = snprintf(note, sizeof note, "... %" PRId64 " more", count);
    return add_colored(shower, COLOR_NOTE, note, size);
}

static bool new_line(Shower *shower)
{
    if (tb_text_add_byte(&shower->text, '\n') < 0) return false;
    shower->column = 0;
    for (int i = 0; i < shower->depth * INDENT; i++)
        if (!add(shower, " ", 1)) return false;
    return true;
}

// ---- values without parts -----------------------------------------------------------------------

static const char *color_of(tb_value value)
{
    switch (TB_KIND(value)) {
    case TB_INT:
    case TB_FLOAT:
        return COLOR_NUMBER;
    case TB_STRING:
    case TB_BYTES:
        return COLOR_TEXT;
    case TB_NONE:
    case TB_BOOL:
        return COLOR_WORD;
    default:
        return "";
    }
}

// The bytes of the first [count] characters.
static int64_t prefix_size(const tb_str *text, int64_t count)
{
    int64_t at = 0;
    while (at < text->size && count >= 0)
        if ((text->data[at++] & 0xc0) != 0x80) count--;
    return count < 0 ? at - 1 : at;
}

// A long text: its first characters in quotes, and how many there are more.
static bool show_long_text(Shower *shower, const tb_str *text)
{
    tb_str *first = tb_str_new(text->data, prefix_size(text, TEXT_FIRST));
    tb_value source = first ? tb_repr(TB_OBJECT(first)) : TB_PENDING;
    if (source == TB_PENDING) return false;
    return add_colored(shower, COLOR_TEXT, TB_AS_STR(source)->data, TB_AS_STR(source)->size) &&
           add_text(shower, " ") && add_more(shower, text->length - TEXT_FIRST);
}

static bool show_plain(Shower *shower, tb_value value)
{
    if (TB_IS_STR(value) && TB_AS_STR(value)->length > TEXT_ALL)
        return show_long_text(shower, TB_AS_STR(value));
    tb_value source = tb_repr(value);
    if (source == TB_PENDING) return false;
    const tb_str *text = TB_AS_STR(source);
    if (text->length <= TEXT_ALL || TB_IS_STR(value))
        return add_colored(shower, color_of(value), text->data, text->size);
    return add_colored(shower, color_of(value), text->data, prefix_size(text, TEXT_FIRST)) &&
           add_text(shower, " ") && add_more(shower, text->length - TEXT_FIRST);
}

// ---- containers ---------------------------------------------------------------------------------

// A container whose items are being shown: a list of them, or of keys and values.
typedef struct Parts {
    const tb_list *items;
    const tb_list *values; // of a dict; else NULL
    const char *open, *close;
    bool is_single_tuple;
} Parts;

static tb_value part(const tb_list *list, int64_t index)
{
    return tb_list_get((tb_list *)(uintptr_t)list, index);
}

static bool show_part(Shower *shower, const Parts *parts, int64_t index)
{
    tb_value item = part(parts->items, index);
    if (item == TB_PENDING || !show(shower, item)) return false;
    if (!parts->values) return true;
    tb_value value = part(parts->values, index);
    return value != TB_PENDING && add_text(shower, ": ") && show(shower, value);
}

static int64_t shown_count(const Parts *parts)
{
    int64_t count = parts->items->count;
    return count > ITEMS_ALL ? ITEMS_FIRST : count;
}

static bool show_on_line(Shower *shower, const Parts *parts)
{
    int64_t count = shown_count(parts);
    if (!add_text(shower, parts->open)) return false;
    for (int64_t i = 0; i < count; i++)
        if ((i && !add_text(shower, ", ")) || !show_part(shower, parts, i)) return false;
    if (count < parts->items->count &&
        (!add_text(shower, ", ") || !add_more(shower, parts->items->count - count)))
        return false;
    return add_text(shower, parts->is_single_tuple ? "," : "") && add_text(shower, parts->close);
}

static bool show_over_lines(Shower *shower, const Parts *parts)
{
    int64_t count = shown_count(parts);
    if (!add_text(shower, parts->open)) return false;
    shower->depth++;
    bool is_ok = true;
    for (int64_t i = 0; is_ok && i < count; i++)
        is_ok = new_line(shower) && show_part(shower, parts, i) && add_text(shower, ",");
    if (is_ok && count < parts->items->count)
        is_ok = new_line(shower) && add_more(shower, parts->items->count - count);
    shower->depth--;
    return is_ok && new_line(shower) && add_text(shower, parts->close);
}

// On one line if that is wide enough, else over several.
static bool show_parts(Shower *shower, const Parts *parts)
{
    if (shower->limit) return show_on_line(shower, parts);
    int64_t size = shower->text.size, column = shower->column;
    shower->limit = shower->options->width;
    bool is_ok = show_on_line(shower, parts);
    shower->limit = 0;
    if (is_ok || !shower->is_too_wide) return is_ok;
    shower->is_too_wide = false;
    shower->text.size = size;
    shower->column = column;
    return show_over_lines(shower, parts);
}

static bool show_container(Shower *shower, tb_value value)
{
    Parts parts = {0};
    switch (TB_KIND(value)) {
    case TB_LIST:
        parts = (Parts){TB_AS_LIST(value), NULL, "[", "]", false};
        break;
    case TB_TUPLE:
        parts = (Parts){tb_list_of(value), NULL, "(", ")", TB_AS_TUPLE(value)->count == 1};
        break;
    case TB_DICT:
        parts = (Parts){tb_dict_keys(TB_AS_DICT(value)), tb_dict_values(TB_AS_DICT(value)), "{",
                        "}", false};
        if (!parts.values) return false;
        break;
    default:
        parts = (Parts){tb_list_of(value), NULL, "{", "}", false};
        break;
    }
    if (!parts.items) return false;
    shower->around[shower->nesting++] = value;
    bool is_ok = show_parts(shower, &parts);
    shower->nesting--;
    return is_ok;
}

// A container inside itself.
static bool is_around(const Shower *shower, tb_value value)
{
    for (int i = 0; i < shower->nesting; i++)
        if (shower->around[i] == value) return true;
    return false;
}

static const char *cut_form(tb_value value)
{
    return TB_KIND(value) == TB_LIST ? "[...]" : TB_KIND(value) == TB_TUPLE ? "(...)" : "{...}";
}

static bool is_laid_out(const Shower *shower, tb_value value)
{
    if (shower->nesting >= DEPTH_MAX) return false;
    switch (TB_KIND(value)) {
    case TB_LIST:
        return TB_AS_LIST(value)->count > 0;
    case TB_TUPLE:
        return TB_AS_TUPLE(value)->count > 0;
    case TB_DICT:
        return tb_dict_count(TB_AS_DICT(value)) > 0;
    case TB_SET:
        return tb_set_count(TB_AS_SET(value)) > 0;
    default:
        return false;
    }
}

static bool show(Shower *shower, tb_value value)
{
    if (!tb_stack_ok() && tb_stack_overflow() == TB_PENDING) return false;
    if (is_around(shower, value)) return add_text(shower, cut_form(value));
    return is_laid_out(shower, value) ? show_container(shower, value) : show_plain(shower, value);
}

// ---- the door -----------------------------------------------------------------------------------

int show_value(tb_value value, const ShowOptions *options)
{
    Shower shower = {.options = options};
    tb_text_begin(&shower.text);
    if (!show(&shower, value) || tb_text_add_byte(&shower.text, '\n') < 0) {
        tb_text_drop(&shower.text);
        return -1;
    }
    int result = tb_out_write(shower.text.data, shower.text.size);
    tb_text_drop(&shower.text);
    return result;
}

int show_briefly(tb_value value, int width)
{
    tb_value source = tb_repr(value);
    if (source == TB_PENDING) return -1;
    const tb_str *text = TB_AS_STR(source);
    if (text->length <= width) return tb_out_write(text->data, text->size);
    if (tb_out_write(text->data, prefix_size(text, width - 3)) < 0) return -1;
    return tb_out_write("...", 3);
}
