// Native half of stdlib/string.tb. What the runtime itself needs (upper, find, repeat, …) is in
// runtime/str.h and declared in string.tb under its own name; here is the rest: trimming,
// splitting, joining, padding, questions.
//
// Positions and widths count code points. Semantics are those of Python's str methods. Inside, work
// is done on byte offsets, and parts are cut out at the end.
#include "native.h"

#include "text.h"
#include "unicode.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "build/stdlib/string.h"

// -------------------------------------------------------------------------------------- trimming

enum { LEFT = 1, RIGHT = 2 };

// Which code points are trimmed: those in `chars`, or white space when it is NULL.
typedef struct Trimmed {
    const tb_str *chars;
} Trimmed;

static int is_trimmed(Trimmed trimmed, uint32_t code)
{
    if (trimmed.chars == NULL) return tb_code_is_space(code);
    const char *at = trimmed.chars->data, *end = at + trimmed.chars->size;
    while (at < end)
        if (tb_utf8_next(&at) == code) return 1;
    return 0;
}

// The first place in [at, end) that is not trimmed.
static const char *skip_left(Trimmed trimmed, const char *at, const char *end)
{
    for (const char *next = at; at < end; at = next)
        if (!is_trimmed(trimmed, tb_utf8_next(&next))) break;
    return at;
}

// The end of what is left when [at, end) is trimmed on the right.
static const char *skip_right(Trimmed trimmed, const char *at, const char *end)
{
    for (const char *next = end; at < end; end = next)
        if (!is_trimmed(trimmed, tb_utf8_previous(&next))) break;
    return end;
}

static tb_str *trim(tb_str *s, tb_value chars, int sides)
{
    Trimmed trimmed = {NULL};
    if (TB_IS_STR(chars)) {
        trimmed.chars = TB_AS_STR(chars);
    } else if (chars != TB_NONE_VALUE) {
        tb_raise_error(&tb_error_type, "`chars` must be a String or None, not %A", chars);
        return NULL;
    }
    const char *start = s->data, *end = start + s->size;
    if (sides & LEFT) start = skip_left(trimmed, start, end);
    if (sides & RIGHT) end = skip_right(trimmed, start, end);
    return tb_str_part(s, start - s->data, end - start);
}

tb_str *tb_string_strip(tb_str *s, tb_value chars)
{
    return trim(s, chars, LEFT | RIGHT);
}

tb_str *tb_string_lstrip(tb_str *s, tb_value chars)
{
    return trim(s, chars, LEFT);
}

tb_str *tb_string_rstrip(tb_str *s, tb_value chars)
{
    return trim(s, chars, RIGHT);
}

tb_str *tb_string_remove_prefix(tb_str *s, tb_str *prefix)
{
    if (!tb_str_starts_with(s, prefix)) return s;
    return tb_str_part(s, prefix->size, s->size - prefix->size);
}

tb_str *tb_string_remove_suffix(tb_str *s, tb_str *suffix)
{
    return tb_str_ends_with(s, suffix) ? tb_str_part(s, 0, s->size - suffix->size) : s;
}

// ------------------------------------------------------------------------------------- searching

static int64_t found_or_error(int64_t index, tb_str *sub)
{
    if (index >= 0) return index;
    tb_raise_error(&tb_error_value, "%V is not in the text", TB_OBJECT(sub));
    return INT64_MIN;
}

int64_t tb_string_index(tb_str *s, tb_str *sub, int64_t start)
{
    return found_or_error(tb_str_find(s, sub, start), sub);
}

int64_t tb_string_rindex(tb_str *s, tb_str *sub, int64_t start)
{
    return found_or_error(tb_str_find_last(s, sub, start), sub);
}

// ------------------------------------------------------------------------------------- replacing

// Where a text is to be replaced: offsets in bytes.
typedef struct Places {
    int64_t *offsets;
    int64_t count;
    int64_t capacity;
} Places;

static int add_place(Places *places, int64_t offset)
{
    if (places->count == places->capacity) {
        size_t size, old_size = (size_t)places->capacity * sizeof offset;
        int64_t capacity = places->capacity * 2 + 16;
        if (tb_size_mul((size_t)capacity, sizeof offset, 0, &size) < 0) return -1;
        int64_t *offsets = tb_resize(places->offsets, old_size, size, 1);
        if (offsets == NULL) return -1;
        places->offsets = offsets;
        places->capacity = capacity;
    }
    places->offsets[places->count++] = offset;
    return 0;
}

// Finds the first [limit] places of [old] in [s], all of them when that is negative. 0 or -1.
static int find_places(Places *places, tb_str *s, tb_str *old, int64_t limit)
{
    int64_t at = 0;
    while (places->count != limit && (at = tb_str_find_bytes(s, old, at)) >= 0) {
        if (add_place(places, at) < 0) return -1;
        at += old->size;
    }
    return 0;
}

static char *put(char *out, const char *bytes, int64_t size)
{
    memcpy(out, bytes, (size_t)size);
    return out + size;
}

// Writes [s] with [size] bytes at each of the places replaced.
static void write_replaced(char *out, tb_str *s, int64_t size, tb_str *new, const Places *places)
{
    int64_t done = 0;
    for (int64_t i = 0; i < places->count; i++) {
        int64_t at = places->offsets[i];
        out = put(out, s->data + done, at - done);
        out = put(out, new->data, new->size);
        done = at + size;
    }
    put(out, s->data + done, s->size - done);
}

// The same for an empty [old], which stands before each code point and at the end.
static void write_between(char *out, tb_str *s, tb_str *new, int64_t count)
{
    const char *at = s->data, *end = at + s->size;
    for (int64_t i = 0; i < count; i++) {
        out = put(out, new->data, new->size);
        if (at == end) return;
        int width = tb_utf8_size((uint8_t)*at);
        out = put(out, at, width);
        at += width;
    }
    put(out, at, end - at);
}

// A text for [s] with [old] replaced [count] times, which is not filled in. NULL: MemoryError.
static tb_str *room_for(tb_str *s, tb_str *old, tb_str *new, int64_t count)
{
    size_t size, kept = (size_t)(s->size - count * old->size);
    if (tb_size_mul((size_t)count, (size_t) new->size, kept, &size) < 0) return NULL;
    if (size == 0) return tb_str_empty();
    return tb_str_alloc((int64_t)size, s->length + count * (new->length - old->length));
}

static tb_str *replace_nothing(tb_str *s, tb_str *old, tb_str *new, int64_t limit)
{
    int64_t count = limit < 0 || limit > s->length + 1 ? s->length + 1 : limit;
    tb_str *replaced = count == 0 ? s : room_for(s, old, new, count);
    if (count > 0 && replaced != NULL && replaced->size > 0)
        write_between(tb_str_bytes(replaced), s, new, count);
    return replaced;
}

tb_str *tb_string_replace(tb_str *s, tb_str *old, tb_str *new, int64_t count)
{
    if (old->size == 0) return replace_nothing(s, old, new, count);
    Places places = {NULL, 0, 0};
    if (find_places(&places, s, old, count) < 0) return NULL;
    tb_str *replaced = places.count == 0 ? s : room_for(s, old, new, places.count);
    if (places.count > 0 && replaced != NULL && replaced->size > 0)
        write_replaced(tb_str_bytes(replaced), s, old->size, new, &places);
    tb_free(places.offsets);
    return replaced;
}

// ------------------------------------------------------------------------------------- splitting

#define LONG_TEXT    (1 << 20)
#define PARTS_SIZE   8 // what the list of the parts of a long text takes, in sizes of the text
#define PARTS_INLINE 16

// Words repeat in most texts. Of a long text, the short parts made lately are remembered by their
// bytes, and one that comes again is the same object: less memory, its hash is known, and a dict
// finds it without comparing. Where too few come again that ends.
#define RECENT_BITS  11
#define RECENT_TEXT  4096 // shorter texts have too few parts
#define RECENT_SIZE  16   // of a part, in bytes
#define RECENT_ROUND 1024 // after so many parts a quarter must have been found

typedef struct Recent {
    tb_str **parts; // 1 << RECENT_BITS, each where its bytes lead; NULL: not used
    int tries;
    int hits;
} Recent;

static void recent_start(Recent *recent, const tb_str *text)
{
    *recent = (Recent){NULL, 0, 0};
    if (text->size >= RECENT_TEXT) recent->parts = tb_alloc(sizeof(tb_str *) << RECENT_BITS);
}

static tb_str *recent_part(Recent *recent, tb_str *s, int64_t start, int64_t size)
{
    const char *bytes = s->data + start;
    tb_ends ends = tb_ends_of(bytes, size);
    tb_str **place = recent->parts + tb_ends_place(ends, size, RECENT_BITS);
    if (*place && tb_str_is(*place, bytes, size, ends)) {
        recent->hits++;
    } else {
        tb_str *part = tb_str_part(s, start, size);
        if (part == NULL) return NULL;
        *place = part;
    }
    tb_str *part = *place;
    if (++recent->tries == RECENT_ROUND) {
        if (recent->hits < RECENT_ROUND / 4) recent->parts = NULL;
        recent->tries = recent->hits = 0;
    }
    return part;
}

// Appends the bytes [start, end) of [s] as a text. 0, or -1: MemoryError.
static int push_part(tb_list *list, tb_str *s, const char *start, const char *end)
{
    tb_str *part = tb_str_part(s, start - s->data, end - start);
    return part == NULL ? -1 : tb_list_push(list, TB_OBJECT(part));
}

// The first white space in [at, end), or [end].
static const char *find_space(const char *at, const char *end)
{
    while (at < end && (signed char)at[0] > ' ') // letters and digits of ASCII
        at++;
    for (const char *next = at; at < end; at = next)
        if (tb_code_is_space(tb_utf8_next(&next))) break;
    return at;
}

// The end of the last white space in [start, at), or [start].
static const char *find_space_last(const char *start, const char *at)
{
    for (const char *next = at; at > start; at = next)
        if (tb_code_is_space(tb_utf8_previous(&next))) break;
    return at;
}

static int split_spaces_last(tb_list *list, tb_str *s, int64_t limit)
{
    const char *start = s->data;
    const char *end = skip_right((Trimmed){NULL}, start, start + s->size);
    while (end > start) {
        const char *stop = limit-- == 0 ? start : find_space_last(start, end);
        if (push_part(list, s, stop, end) < 0) return -1;
        end = skip_right((Trimmed){NULL}, start, stop);
    }
    return 0;
}

static int split_at_last(tb_list *list, tb_str *s, tb_str *sep, int64_t limit)
{
    int64_t end = s->size, stop;
    while (limit-- != 0 && (stop = tb_str_find_bytes_last(s, sep, 0, end)) >= 0) {
        if (push_part(list, s, s->data + stop + sep->size, s->data + end) < 0) return -1;
        end = stop;
    }
    return push_part(list, s, s->data, s->data + end);
}

// A separator: a text that is not empty, else ValueError. 0 or -1.
static int check_separator(const tb_str *sep)
{
    if (sep->size > 0) return 0;
    tb_raise_error(&tb_error_value, "the separator is empty");
    return -1;
}

// The same where None stands for white space: NULL in [out].
static int separator_of(tb_value sep, tb_str **out)
{
    *out = NULL;
    if (sep == TB_NONE_VALUE) return 0;
    if (!TB_IS_STR(sep)) {
        tb_raise_error(&tb_error_type, "`sep` must be a String or None, not %A", sep);
        return -1;
    }
    *out = TB_AS_STR(sep);
    return check_separator(*out);
}

tb_list *tb_string_rsplit(tb_str *s, tb_value sep, int64_t maxsplit)
{
    tb_str *separator;
    if (separator_of(sep, &separator) < 0) return NULL;
    tb_list *list = tb_list_new(0);
    if (list == NULL) return NULL;
    int result = separator == NULL ? split_spaces_last(list, s, maxsplit)
                                   : split_at_last(list, s, separator, maxsplit);
    if (result < 0) return NULL;
    tb_list_reverse(list);
    return list;
}

// A text being split from the left. What is left to split begins at byte `at`; -1: nothing.
typedef struct Cursor {
    tb_str *text;
    tb_str *separator; // NULL: white space
    int64_t at;
    int64_t splits_left; // negative: as many as there are
    int (*find)(struct Cursor *cursor, int64_t *start, int64_t *end);
    Recent recent;
} Cursor;

// Each `find` gives the next part, [start, end): 1, or 0 when there is none.
static int find_word(Cursor *cursor, int64_t *start, int64_t *end)
{
    const char *data = cursor->text->data, *behind = data + cursor->text->size;
    const char *at = skip_left((Trimmed){NULL}, data + cursor->at, behind);
    if (at == behind) return 0;
    const char *stop = cursor->splits_left-- == 0 ? behind : find_space(at, behind);
    *start = at - data;
    *end = cursor->at = stop - data;
    return 1;
}

// Where the separator is next; -1: nowhere.
static int64_t find_separator(const Cursor *cursor)
{
    const tb_str *text = cursor->text, *separator = cursor->separator;
    if (separator->size > 1) return tb_str_find_bytes(text, separator, cursor->at);
    const char *at = text->data + cursor->at;
    const char *found = memchr(at, *separator->data, (size_t)(text->size - cursor->at));
    return found ? found - text->data : -1;
}

static int find_field(Cursor *cursor, int64_t *start, int64_t *end)
{
    if (cursor->at < 0) return 0;
    int64_t stop = cursor->splits_left-- == 0 ? -1 : find_separator(cursor);
    *start = cursor->at;
    *end = stop < 0 ? cursor->text->size : stop;
    cursor->at = stop < 0 ? -1 : stop + cursor->separator->size;
    return 1;
}

// Whether [code] ends a line.
static int is_line_end(uint32_t code)
{
    return (code >= '\n' && code <= '\r') || (code >= 0x1c && code <= 0x1e) || code == 0x85 ||
           code == 0x2028 || code == 0x2029;
}

static int find_line(Cursor *cursor, int64_t *start, int64_t *end)
{
    const char *data = cursor->text->data, *behind = data + cursor->text->size;
    const char *at = data + cursor->at, *stop = behind;
    *start = cursor->at;
    while (at < behind) {
        if ((signed char)*at >= ' ') { // most bytes of ASCII
            at++;
            continue;
        }
        const char *first = at;
        uint32_t code = tb_utf8_next(&at);
        if (!is_line_end(code)) continue;
        if (code == '\r' && at < behind && *at == '\n') at++;
        stop = first;
        break;
    }
    *end = stop - data;
    cursor->at = at - data;
    return at > data + *start;
}

static int start_split(Cursor *cursor, tb_str *s, tb_value sep, int64_t maxsplit)
{
    tb_str *separator;
    if (separator_of(sep, &separator) < 0) return -1;
    *cursor = (Cursor){.text = s,
                       .separator = separator,
                       .splits_left = maxsplit,
                       .find = separator ? find_field : find_word};
    return 0;
}

// The next part: 1, 0 at the end, -1: MemoryError.
static int next_of_cursor(Cursor *cursor, tb_value *item)
{
    int64_t start, end;
    if (!cursor->find(cursor, &start, &end)) return 0;
    int64_t size = end - start;
    tb_str *part = cursor->recent.parts && size >= 2 && size <= RECENT_SIZE
                       ? recent_part(&cursor->recent, cursor->text, start, size)
                       : tb_str_part(cursor->text, start, size);
    if (part == NULL) return -1;
    *item = TB_OBJECT(part);
    return 1;
}

// Few parts are found before their list is made, which then has the right size.
static tb_list *all_parts(Cursor *cursor)
{
    tb_value first[PARTS_INLINE], part;
    int64_t count = 0;
    int got = 1;
    recent_start(&cursor->recent, cursor->text);
    while (count < PARTS_INLINE && (got = next_of_cursor(cursor, &part)) == 1)
        first[count++] = part;
    tb_list *list = got < 0 ? NULL : tb_list_new(count);
    for (int64_t i = 0; list != NULL && i < count; i++)
        if (tb_list_push(list, first[i]) < 0) return NULL;
    if (list == NULL || got == 0) return list;
    if (cursor->text->size > LONG_TEXT) tb_gc_prepare((size_t)cursor->text->size * PARTS_SIZE);
    while ((got = next_of_cursor(cursor, &part)) == 1)
        if (tb_list_push(list, part) < 0) return NULL;
    return got < 0 || tb_rt.pending ? NULL : list;
}

// The next of the parts that a loop asks for one by one (tb_iterator_next).
static int next_part(void *state, tb_value *item)
{
    return next_of_cursor(state, item);
}

static tb_value lazy_parts(const Cursor *cursor)
{
    Cursor *kept = tb_alloc(sizeof *kept);
    if (kept == NULL) return TB_PENDING;
    *kept = *cursor;
    recent_start(&kept->recent, kept->text);
    return tb_rt.pending ? TB_PENDING : tb_iterator_new(next_part, kept);
}

tb_list *tb_string_split(tb_str *s, tb_value sep, int64_t maxsplit)
{
    Cursor cursor;
    return start_split(&cursor, s, sep, maxsplit) < 0 ? NULL : all_parts(&cursor);
}

tb_value tb_string_split_lazy(tb_str *s, tb_value sep, int64_t maxsplit)
{
    Cursor cursor;
    return start_split(&cursor, s, sep, maxsplit) < 0 ? TB_PENDING : lazy_parts(&cursor);
}

tb_list *tb_string_split_lines(tb_str *s)
{
    return all_parts(&(Cursor){.text = s, .find = find_line});
}

tb_value tb_string_split_lines_lazy(tb_str *s)
{
    return lazy_parts(&(Cursor){.text = s, .find = find_line});
}

// The tuple of the three texts that [s] is made of when the middle one has [size] bytes at [at].
static tb_tuple *three_parts(tb_str *s, int64_t at, int64_t size)
{
    tb_str *parts[] = {tb_str_part(s, 0, at), tb_str_part(s, at, size),
                       tb_str_part(s, at + size, s->size - at - size)};
    tb_value values[3];
    for (int i = 0; i < 3; i++) {
        if (parts[i] == NULL) return NULL;
        values[i] = TB_OBJECT(parts[i]);
    }
    tb_value tuple = tb_tuple_from(3, values);
    return tuple == TB_PENDING ? NULL : TB_AS_TUPLE(tuple);
}

tb_tuple *tb_string_partition(tb_str *s, tb_str *sep)
{
    if (check_separator(sep) < 0) return NULL;
    int64_t at = tb_str_find_bytes(s, sep, 0);
    return at < 0 ? three_parts(s, s->size, 0) : three_parts(s, at, sep->size);
}

tb_tuple *tb_string_rpartition(tb_str *s, tb_str *sep)
{
    if (check_separator(sep) < 0) return NULL;
    int64_t at = tb_str_find_bytes_last(s, sep, 0, s->size);
    return at < 0 ? three_parts(s, 0, 0) : three_parts(s, at, sep->size);
}

// --------------------------------------------------------------------------------------- joining

// The size of the texts in [items] joined by [sep]; 0 when not all items are Strings or the sum
// overflows.
static int measure_joined(const tb_list *items, const tb_str *sep, int64_t *size, int64_t *length)
{
    int64_t gaps = items->count - 1;
    if (__builtin_mul_overflow(gaps, sep->size, size)) return 0;
    *length = gaps * sep->length;
    for (int64_t i = 0; i < items->count; i++) {
        if (!TB_IS_STR(items->as.items[i])) return 0;
        const tb_str *item = TB_AS_STR(items->as.items[i]);
        if (__builtin_add_overflow(*size, item->size, size)) return 0;
        *length += item->length;
    }
    return 1;
}

// Joins a list of Strings whose joined size is known.
static tb_str *join_strings(const tb_list *items, const tb_str *sep, int64_t size, int64_t length)
{
    tb_str *joined = tb_str_alloc(size, length);
    if (joined == NULL) return NULL;
    char *out = tb_str_bytes(joined);
    for (int64_t i = 0; i < items->count; i++) {
        const tb_str *item = TB_AS_STR(items->as.items[i]);
        if (i > 0) out = put(out, sep->data, sep->size);
        out = put(out, item->data, item->size);
    }
    return joined;
}

// Joins the texts of any items. A to_string may change the list on the way.
static tb_str *join_texts(const tb_list *items, const tb_str *sep)
{
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < items->count; i++) {
        tb_value item = tb_list_at(items, i);
        if (item == TB_PENDING) {
            tb_text_drop(&text);
            return NULL;
        }
        if (i > 0 && tb_text_add_str(&text, sep) < 0) return NULL;
        if (tb_show(&text, item, TB_SHOW_TEXT) < 0) return NULL;
    }
    return tb_text_end(&text);
}

static tb_str *join_list(const tb_list *items, const tb_str *sep)
{
    int64_t size, length;
    if (items->count == 0) return tb_str_empty();
    if (items->kind == TB_ITEMS_BOXED && measure_joined(items, sep, &size, &length) && size > 0)
        return join_strings(items, sep, size, length);
    return join_texts(items, sep);
}

// Whether join takes [v] for the items rather than for the separator.
static int holds_items(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
    case TB_TUPLE:
    case TB_SET:
    case TB_DICT:
    case TB_RANGE:
    case TB_ITERATOR:
        return 1;
    case TB_INSTANCE:
        return tb_special_of(v, TB_SPECIAL_ITER) != NULL;
    default:
        return 0;
    }
}

int tb_string_contains(tb_value container, tb_value item)
{
    if (TB_IS_STR(container) && !TB_IS_STR(item)) {
        tb_raise_arg(TB_PLACE("contains", "item"), "String", item);
        return -1;
    }
    if (tb_is_iterable(container) || tb_special_of(container, TB_SPECIAL_CONTAINS))
        return tb_contains(container, item);
    tb_raise_arg(TB_PLACE("contains", "container"), "a container or text", container);
    return -1;
}

tb_str *tb_string_join(tb_value sep, tb_value items)
{
    if (holds_items(sep)) {
        if (holds_items(items)) {
            tb_raise_error(&tb_error_type,
                           "`sep` of `join` must be String, not %T, where `items` is %A", sep,
                           items);
            return NULL;
        }
        tb_value first = sep;
        sep = items;
        items = first;
    }
    tb_value separator = tb_to_str(sep);
    if (separator == TB_PENDING) return NULL;
    if (!holds_items(items)) {
        tb_value text = tb_to_str(items);
        return text == TB_PENDING ? NULL : TB_AS_STR(text);
    }
    tb_list *list = TB_IS_LIST(items) ? TB_AS_LIST(items) : tb_list_of(items);
    return list == NULL ? NULL : join_list(list, TB_AS_STR(separator));
}

// --------------------------------------------------------------------------------------- padding

// [s] with [left] and [right] times the first code point of [fill] around it, a blank when that is
// empty.
static tb_str *pad(tb_str *s, int64_t left, int64_t right, const tb_str *fill)
{
    const char *bytes = fill->size > 0 ? fill->data : " ";
    int width = tb_utf8_size((uint8_t)bytes[0]);
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_repeated(&text, bytes, width, left) < 0) return NULL;
    if (tb_text_add_str(&text, s) < 0) return NULL;
    if (tb_text_add_repeated(&text, bytes, width, right) < 0) return NULL;
    return tb_text_end(&text);
}

tb_str *tb_string_pad_left(tb_str *s, int64_t width, tb_str *fill)
{
    return width <= s->length ? s : pad(s, width - s->length, 0, fill);
}

tb_str *tb_string_pad_right(tb_str *s, int64_t width, tb_str *fill)
{
    return width <= s->length ? s : pad(s, 0, width - s->length, fill);
}

tb_str *tb_string_pad_center(tb_str *s, int64_t width, tb_str *fill)
{
    if (width <= s->length) return s;
    int64_t padding = width - s->length;
    int64_t left = padding / 2 + (padding & width & 1); // which side gets the odd one: as CPython
    return pad(s, left, padding - left, fill);
}

tb_str *tb_string_zfill(tb_str *s, int64_t width)
{
    if (width <= s->length) return s;
    int64_t sign = s->size > 0 && (s->data[0] == '-' || s->data[0] == '+');
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add(&text, s->data, sign) < 0) return NULL;
    if (tb_text_add_repeated(&text, "0", 1, width - s->length) < 0) return NULL;
    if (tb_text_add(&text, s->data + sign, s->size - sign) < 0) return NULL;
    return tb_text_end(&text);
}

// ------------------------------------------------------------------------------------ other forms

// The options of utf8proc for the normal form [name], or -1.
static int form_options(const tb_str *name)
{
    static const struct {
        const char *name;
        int options;
    } forms[] = {
        {"NFC", UTF8PROC_COMPOSE},
        {"NFD", UTF8PROC_DECOMPOSE},
        {"NFKC", UTF8PROC_COMPOSE | UTF8PROC_COMPAT},
        {"NFKD", UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t size = strlen(forms[i].name);
        if ((size_t)name->size == size && memcmp(name->data, forms[i].name, size) == 0)
            return forms[i].options;
    }
    return -1;
}

tb_str *tb_string_normalize(tb_str *s, tb_str *form)
{
    int options = form_options(form);
    if (options < 0) {
        tb_raise_error(&tb_error_value, "%V is not one of NFC, NFD, NFKC, NFKD", TB_OBJECT(form));
        return NULL;
    }
    if (s->flags & TB_STR_ASCII) return s;
    utf8proc_uint8_t *bytes = NULL; // from malloc
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)s->data, s->size, &bytes,
                                         (utf8proc_option_t)(options | UTF8PROC_STABLE));
    if (size < 0) return tb_gc_raise((size_t)s->size);
    tb_str *normal = tb_str_new((const char *)bytes, size);
    free(bytes);
    return normal;
}

// ------------------------------------------------------------------------------------- questions

// Whether there are code points and all have the property.
static int have_all(const tb_str *s, int (*property)(uint32_t code))
{
    const char *at = s->data, *end = at + s->size;
    while (at < end)
        if (!property(tb_utf8_next(&at))) return 0;
    return s->size > 0;
}

// Whether some code point is cased, and none but with the property among those that are.
static int have_case(const tb_str *s, int (*property)(uint32_t code))
{
    int found = 0;
    const char *at = s->data, *end = at + s->size;
    while (at < end) {
        uint32_t code = tb_utf8_next(&at);
        if (property(code))
            found = 1;
        else if (tb_code_is_cased(code))
            return 0;
    }
    return found;
}

int tb_string_is_alpha(tb_str *s)
{
    return have_all(s, tb_code_is_alpha);
}

int tb_string_is_digit(tb_str *s)
{
    return have_all(s, tb_code_is_digit);
}

int tb_string_is_numeric(tb_str *s)
{
    return have_all(s, tb_code_is_numeric);
}

int tb_string_is_alnum(tb_str *s)
{
    return have_all(s, tb_code_is_alnum);
}

int tb_string_is_space(tb_str *s)
{
    return have_all(s, tb_code_is_space);
}

int tb_string_is_lower(tb_str *s)
{
    return have_case(s, tb_code_is_lower);
}

int tb_string_is_upper(tb_str *s)
{
    return have_case(s, tb_code_is_upper);
}

int tb_string_starts_with(tb_str *s, tb_str *prefix)
{
    return tb_str_starts_with(s, prefix);
}

int tb_string_ends_with(tb_str *s, tb_str *suffix)
{
    return tb_str_ends_with(s, suffix);
}

// ----------------------------------------------------------------------------------- code points

int64_t tb_string_length(tb_str *s)
{
    return s->length;
}

tb_str *tb_string_char_at(tb_str *s, int64_t index)
{
    tb_value one = tb_str_get(s, index);
    return one == TB_PENDING ? NULL : TB_AS_STR(one);
}

int64_t tb_string_ord(tb_str *s)
{
    if (s->length != 1) {
        tb_raise_error(&tb_error_type, "ord needs one character, not a text of %lld",
                       (long long)s->length);
        return INT64_MIN;
    }
    const char *at = s->data;
    return tb_utf8_next(&at);
}

tb_str *tb_string_chr(int64_t code)
{
    if (code >= 0 && code <= TB_CODE_MAX && TB_CODE_VALID((uint32_t)code))
        return tb_str_from_code((uint32_t)code);
    tb_raise_error(&tb_error_value, "%lld is not the number of a character", (long long)code);
    return NULL;
}
