// Strings: making them, finding positions in them, comparing and hashing them. Searching is in
// str_find.c, joining in str_join.c, case in str_case.c.
//
// A plain string is one block without pointers:
//
//     | tb_str | bytes | NUL | padding | crumb 1 | crumb 2 | … |
//
// Crumb k is the offset of code point k * TB_CRUMB_STEP. The first one is 0 until the table is
// filled. ASCII texts and those of up to TB_CRUMB_STEP code points have none.
#include "str.h"

#include "error.h"
#include "gc.h"
#include "items.h"
#include "utf8.h"

#include <string.h>

// --------------------------------------------------------------------------------------- making

// clang-format off
#define ONE(c)   {&tb_class_string, 0, TB_STR_ASCII, 1, 1, (const char[2]){(char)(c), 0}}
#define FOUR(c)  ONE(c), ONE((c) + 1), ONE((c) + 2), ONE((c) + 3)
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)
// clang-format on

const tb_str tb_str_none_ = TB_STR_LITERAL("", 0);
const tb_str tb_str_chars_[128] = {SIXTEEN(0),  SIXTEEN(16), SIXTEEN(32), SIXTEEN(48),
                                   SIXTEEN(64), SIXTEEN(80), SIXTEEN(96), SIXTEEN(112)};

#define SHORT_SIZE 256

// How many breadcrumbs a text has.
static int64_t crumb_count(int64_t length)
{
    return length == 0 ? 0 : (length - 1) / TB_CRUMB_STEP;
}

// Where the breadcrumbs lie behind [size] bytes and a NUL, counted from the first byte.
static int64_t crumb_place(int64_t size)
{
    return (size + 1 + 7) & ~(int64_t)7;
}

// A short ASCII text: no size to check, no breadcrumbs.
static tb_str *alloc_short(int64_t size)
{
    tb_str *s = tb_alloc_plain_fast(sizeof *s + (size_t)size + 1);
    if (s == NULL) return NULL;
    char *bytes = (char *)(s + 1);
    *s = (tb_str){&tb_class_string, 0, TB_STR_ASCII, size, size, bytes};
    bytes[size] = 0;
    return s;
}

tb_str *tb_str_alloc(int64_t size, int64_t length)
{
    if (TB_LIKELY(length == size && (uint64_t)size <= SHORT_SIZE)) return alloc_short(size);
    int64_t crumbs = length == size ? 0 : crumb_count(length);
    size_t extra = sizeof(tb_str) + (crumbs ? (size_t)crumbs * sizeof(int64_t) + 7 : 0) + 1;
    size_t total;
    if (tb_size_mul((size_t)size, 1, extra, &total) < 0) return NULL;
    tb_str *s = tb_alloc_plain_fast(total);
    if (s == NULL) return NULL;
    s->data = (char *)(s + 1);
    tb_str_settle(s, size, length);
    return s;
}

void tb_str_settle(tb_str *s, int64_t size, int64_t length)
{
    char *bytes = tb_str_bytes(s);
    *s = (tb_str){&tb_class_string, 0, length == size ? TB_STR_ASCII : 0, length, size, bytes};
    bytes[size] = 0;
    if (length == size || !crumb_count(length)) return;
    s->flags |= TB_STR_CRUMBS;
    *(int64_t *)(void *)(bytes + crumb_place(size)) = 0;
}

// A copy of [size] bytes known to hold [length] code points.
static tb_str *make(const char *utf8, int64_t size, int64_t length)
{
    if (size == 0) return tb_str_empty();
    if (size == 1) return tb_str_char(utf8[0]);
    tb_str *s = tb_str_alloc(size, length);
    if (s != NULL) memcpy(tb_str_bytes(s), utf8, (size_t)size);
    return s;
}

tb_str *tb_str_new(const char *utf8, int64_t size)
{
    return make(utf8, size, tb_utf8_length(utf8, size));
}

tb_str *tb_str_new_checked(const char *bytes, int64_t size)
{
    int64_t bad = tb_utf8_check(bytes, size);
    if (bad == size) return tb_str_new(bytes, size);
    tb_raise_error(&tb_error_value, "byte %lld (0x%02x) is not part of valid UTF-8", (long long)bad,
                   (unsigned)(uint8_t)bytes[bad]);
    return NULL;
}

tb_str *tb_str_from_code(uint32_t code)
{
    char bytes[TB_UTF8_MAX];
    return make(bytes, tb_utf8_encode(code, bytes), 1);
}

tb_str *tb_str_from_c(const char *text)
{
    return tb_str_new(text, (int64_t)strlen(text));
}

// ----------------------------------------------------------------------------------- breadcrumbs

static void fill_crumbs(const tb_str *s, int64_t *crumbs)
{
    int64_t count = crumb_count(s->length);
    int64_t offset = 0;
    for (int64_t i = 0; i < count; i++) {
        offset += tb_utf8_advance(s->data + offset, TB_CRUMB_STEP);
        crumbs[i] = offset;
    }
}

// Gives a shared string its table. Without memory there is none: positions are then found by
// counting.
static int64_t *make_shared_crumbs(tb_str_shared *s)
{
    s->crumbs = tb_alloc_plain((size_t)crumb_count(s->head.length) * sizeof(int64_t));
    if (s->crumbs == NULL) {
        tb_rt.pending = 0;
        return NULL;
    }
    fill_crumbs(&s->head, s->crumbs);
    return s->crumbs;
}

// Moves the bytes of a literal to a block with room for breadcrumbs, and fills them in.
static int64_t *adopt_literal(tb_str *s)
{
    size_t crumb_size = (size_t)crumb_count(s->length) * sizeof(int64_t);
    tb_str_anchor *anchor = tb_alloc(sizeof *anchor);
    if (anchor != NULL) anchor->bytes = tb_alloc_plain((size_t)crumb_place(s->size) + crumb_size);
    if (anchor == NULL || anchor->bytes == NULL) {
        tb_rt.pending = 0;
        return NULL;
    }
    anchor->next = tb_rt.str_anchors;
    tb_rt.str_anchors = anchor;
    memcpy(anchor->bytes, s->data, (size_t)s->size + 1);
    s->data = anchor->bytes;
    s->flags |= TB_STR_CRUMBS;
    int64_t *crumbs = (int64_t *)(void *)(anchor->bytes + crumb_place(s->size));
    fill_crumbs(s, crumbs);
    return crumbs;
}

// The filled table of a text that has more than TB_CRUMB_STEP code points, or NULL.
static const int64_t *crumbs_of(tb_str *s)
{
    if (s->flags & TB_STR_SHARED) {
        tb_str_shared *shared = (tb_str_shared *)(void *)s;
        return shared->crumbs != NULL ? shared->crumbs : make_shared_crumbs(shared);
    }
    if (!(s->flags & TB_STR_CRUMBS)) return adopt_literal(s);
    int64_t *crumbs = (int64_t *)(void *)(tb_str_bytes(s) + crumb_place(s->size));
    if (crumbs[0] == 0) fill_crumbs(s, crumbs);
    return crumbs;
}

int64_t tb_str_offset(tb_str *s, int64_t index)
{
    if (s->flags & TB_STR_ASCII) return index;
    if (index < TB_CRUMB_STEP) return tb_utf8_advance(s->data, index);
    if (index == s->length) return s->size;
    const int64_t *crumbs = crumbs_of(s);
    if (crumbs == NULL) return tb_utf8_advance(s->data, index);
    int64_t start = crumbs[index / TB_CRUMB_STEP - 1];
    return start + tb_utf8_advance(s->data + start, index % TB_CRUMB_STEP);
}

int64_t tb_str_index_at(tb_str *s, int64_t offset)
{
    if (s->flags & TB_STR_ASCII) return offset;
    int is_near = offset <= TB_CRUMB_STEP || s->length <= TB_CRUMB_STEP;
    const int64_t *crumbs = is_near ? NULL : crumbs_of(s);
    if (crumbs == NULL) return tb_utf8_length(s->data, offset);
    int64_t low = 0, high = crumb_count(s->length); // how many crumbs lie at or before the offset
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (crumbs[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t start = low == 0 ? 0 : crumbs[low - 1];
    return low * TB_CRUMB_STEP + tb_utf8_length(s->data + start, offset - start);
}

// --------------------------------------------------------------------------------- parts of a text

tb_value tb_str_get(tb_str *s, int64_t index)
{
    int64_t at = index < 0 ? index + s->length : index;
    if (TB_UNLIKELY(at < 0 || at >= s->length))
        return tb_index_error(index, "String", s->length, "character");
    if (s->flags & TB_STR_ASCII) return TB_OBJECT(tb_str_char(s->data[at]));
    const char *start = s->data + tb_str_offset(s, at);
    tb_str *one = make(start, tb_utf8_size((uint8_t)*start), 1);
    return one == NULL ? TB_PENDING : TB_OBJECT(one);
}

// [size] bytes at [offset], known to hold [length] code points.
static tb_str *part_of(tb_str *s, int64_t offset, int64_t size, int64_t length)
{
    return size == s->size ? s : make(s->data + offset, size, length);
}

tb_str *tb_str_part(tb_str *s, int64_t offset, int64_t size)
{
    int is_ascii = (s->flags & TB_STR_ASCII) != 0;
    return part_of(s, offset, size, is_ascii ? size : tb_utf8_length(s->data + offset, size));
}

// A bound of a slice as an index inside.
static int64_t clamp(int64_t bound, int64_t length)
{
    if (bound < 0) bound += length;
    return bound < 0 ? 0 : bound > length ? length : bound;
}

tb_str *tb_str_slice(tb_str *s, int64_t from, int64_t to)
{
    from = clamp(from, s->length);
    to = clamp(to, s->length);
    if (from >= to) return tb_str_empty();
    int64_t start = tb_str_offset(s, from);
    return part_of(s, start, tb_str_offset(s, to) - start, to - from);
}

// Every |step|-th code point of an ASCII text.
static tb_str *pick_ascii(const tb_str *s, tb_span span)
{
    tb_str *picked = tb_str_alloc(span.count, span.count);
    if (picked == NULL) return NULL;
    char *out = tb_str_bytes(picked);
    for (int64_t i = 0, at = span.from; i < span.count; i++, at += span.step)
        out[i] = s->data[at];
    return picked;
}

// The same for any text. The offsets are found twice, first to know how many bytes there are.
static tb_str *pick_wide(tb_str *s, tb_span span)
{
    int64_t size = 0;
    for (int64_t i = 0, at = span.from; i < span.count; i++, at += span.step)
        size += tb_utf8_size((uint8_t)s->data[tb_str_offset(s, at)]);
    tb_str *picked = tb_str_alloc(size, span.count);
    if (picked == NULL) return NULL;
    char *out = tb_str_bytes(picked);
    for (int64_t i = 0, at = span.from; i < span.count; i++, at += span.step) {
        const char *start = s->data + tb_str_offset(s, at);
        int width = tb_utf8_size((uint8_t)*start);
        memcpy(out, start, (size_t)width);
        out += width;
    }
    return picked;
}

tb_str *tb_str_slice_step(tb_str *s, tb_value from, tb_value to, tb_value step)
{
    tb_span span;
    if (tb_span_of(s->length, from, to, step, &span) < 0) return NULL;
    if (span.count == 0) return tb_str_empty();
    if (span.step == 1) return tb_str_slice(s, span.from, span.from + span.count);
    if (span.step == -1 && span.count == s->length) return tb_str_reverse(s);
    return s->flags & TB_STR_ASCII ? pick_ascii(s, span) : pick_wide(s, span);
}

tb_str *tb_str_reverse(tb_str *s)
{
    if (s->length < 2) return s;
    tb_str *reversed = tb_str_alloc(s->size, s->length);
    if (reversed == NULL) return NULL;
    char *out = tb_str_bytes(reversed) + s->size;
    for (const char *at = s->data, *end = at + s->size; at < end;) {
        int width = tb_utf8_size((uint8_t)*at);
        out -= width;
        memcpy(out, at, (size_t)width);
        at += width;
    }
    return reversed;
}

// ------------------------------------------------------------------------------------ comparing

int tb_str_equal(const tb_str *a, const tb_str *b)
{
    return a == b || (a->size == b->size && memcmp(a->data, b->data, (size_t)a->size) == 0);
}

int tb_str_compare(const tb_str *a, const tb_str *b)
{
    int64_t common = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->data, b->data, (size_t)common);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

// There are 129 texts of up to one byte, too few for collisions to hurt: a keyed mix will do.
static uint32_t hash_short(const tb_hash_key *key, const tb_str *s)
{
    uint64_t mixed = (key->first ^ (uint64_t)(s->size + (uint8_t)s->data[0])) * (key->second | 1);
    return (uint32_t)(mixed >> 32) | 1;
}

uint32_t tb_str_hash(tb_str *s)
{
    if (TB_LIKELY(s->hash != 0)) return s->hash;
    const tb_hash_key *key = tb_hash_secret();
    if (s->size <= 1) return hash_short(key, s);
    uint64_t hash = tb_siphash(key, s->data, s->size);
    s->hash = (uint32_t)(hash >> 32) != 0 ? (uint32_t)(hash >> 32) : 1;
    return s->hash;
}
