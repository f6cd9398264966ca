// Strings: immutable Unicode text. The layout (tb_str) is in value.h; here is everything the
// runtime does with it.
//
// Text is UTF-8 inside, code points outside: an index, a length, a slice counts code points, and a
// function that takes or gives offsets in bytes says so. In an ASCII text both are the same. In any
// other text longer than TB_CRUMB_STEP code points a table of *breadcrumbs*, the byte offset of
// every 64th code point, makes an index cost the same everywhere; it is filled the first time one
// is needed.
//
// Three shapes (see the flags in value.h):
//     plain      head, bytes, NUL, and room for the breadcrumbs, in one block without pointers
//     shared     a head that points into a growing buffer; several strings may be prefixes of one
//     buffer literal    a static head that points at static bytes
#ifndef TB_STR_H
#define TB_STR_H

#include "value.h"

#define TB_STR_JOINED 8u // a flag: made by concatenation, so likely to be continued
#define TB_CRUMB_STEP 64

// The bytes several shared strings have in common. Those before `used` belong to some string and
// never change.
typedef struct tb_str_buffer {
    int64_t capacity;
    int64_t used;
    char bytes[];
} tb_str_buffer;

typedef struct tb_str_shared {
    tb_str head; // with TB_STR_SHARED
    tb_str_buffer *buffer;
    int64_t *crumbs; // NULL until needed
} tb_str_shared;

// The table of a long literal that is not ASCII, together with a copy of its bytes. The heads of
// literals may lie where the collector does not look; this chain, which begins in tb_rt, keeps the
// tables alive.
typedef struct tb_str_anchor {
    struct tb_str_anchor *next;
    char *bytes;
} tb_str_anchor;

// --------------------------------------------------------------------------------------- making

// The empty text, and the texts of one ASCII character. They are constant and never collected.
extern const tb_str tb_str_none_;
extern const tb_str tb_str_chars_[128];

static inline tb_str *tb_str_empty(void)
{
    return (tb_str *)(uintptr_t)&tb_str_none_;
}

static inline tb_str *tb_str_char(int ascii)
{
    return (tb_str *)(uintptr_t)&tb_str_chars_[ascii];
}

// A text with a copy of [size] bytes of valid UTF-8. NULL: MemoryError.
tb_str *tb_str_new(const char *utf8, int64_t size);

// The same from bytes of unknown origin. NULL: ValueError naming the first bad byte, or
// MemoryError.
tb_str *tb_str_new_checked(const char *bytes, int64_t size);

// A text of which the caller fills in the [size] bytes through tb_str_bytes before anybody sees it;
// they must then hold [length] code points. NULL: MemoryError.
tb_str *tb_str_alloc(int64_t size, int64_t length);

// The bytes of a text that tb_str_alloc just made.
static inline char *tb_str_bytes(tb_str *s)
{
    return (char *)(uintptr_t)s->data;
}

// Makes a text that tb_str_alloc gave room, and nobody has seen, the shorter one of its first
// [size] bytes, which hold [length] code points; neither is more than was asked for.
void tb_str_settle(tb_str *s, int64_t size, int64_t length);

// The text of one code point, which must be valid (TB_CODE_VALID). NULL: MemoryError.
tb_str *tb_str_from_code(uint32_t code);

// The text of a C string that is valid UTF-8. NULL: MemoryError.
tb_str *tb_str_from_c(const char *text);

// ------------------------------------------------------------------------------------ positions

// The offset in bytes of code point [index]; 0 <= index <= length.
int64_t tb_str_offset(tb_str *s, int64_t index);

// The index of the code point that begins at byte [offset]; offset == size gives the length.
int64_t tb_str_index_at(tb_str *s, int64_t offset);

// The code point at [index], negative from the end, as a text of its own. TB_PENDING: IndexError.
tb_value tb_str_get(tb_str *s, int64_t index);

// The code points [from, to), clamped and counted from the end when negative, as a Python slice.
// Always a copy, so that a small slice does not keep a big text alive. NULL: MemoryError.
tb_str *tb_str_slice(tb_str *s, int64_t from, int64_t to);

// `s[from:to:step]`, each an Int or None. NULL: TypeError, ValueError (step 0) or MemoryError.
tb_str *tb_str_slice_step(tb_str *s, tb_value from, tb_value to, tb_value step);

// The [size] bytes at byte [offset], which begin and end between code points. NULL: MemoryError.
tb_str *tb_str_part(tb_str *s, int64_t offset, int64_t size);

// The code points in reverse order. NULL: MemoryError.
tb_str *tb_str_reverse(tb_str *s);

// ------------------------------------------------------------------------------------ comparing

int tb_str_equal(const tb_str *a, const tb_str *b);

// Below, at or above 0 by code points, which is the order of the bytes.
int tb_str_compare(const tb_str *a, const tb_str *b);

// A hash under this process's key, never 0. It is kept in the string, except in those of size 0 and
// 1 (they are constant, and quick to hash).
uint32_t tb_str_hash(tb_str *s);

// ------------------------------------------------------------------------------------ searching

// The index of the first [sub] at or after index [from], or -1. An empty [sub] is found at [from]
// when from <= length. A negative [from] counts from the end.
int64_t tb_str_find(tb_str *s, tb_str *sub, int64_t from);

// The index of the last [sub] that begins at or after [from], or -1.
int64_t tb_str_find_last(tb_str *s, tb_str *sub, int64_t from);

// The same by bytes: the offset of the first [sub] at or after byte [offset], or -1. Two bytes can
// only match at code points, since UTF-8 synchronises itself.
int64_t tb_str_find_bytes(const tb_str *s, const tb_str *sub, int64_t offset);

// The offset of the last [sub] that ends at or before byte [end] and begins at or after byte
// [start], or -1.
int64_t tb_str_find_bytes_last(const tb_str *s, const tb_str *sub, int64_t start, int64_t end);

// How many times [sub] occurs without overlap; length + 1 for an empty one.
int64_t tb_str_count(tb_str *s, tb_str *sub);

int tb_str_contains(const tb_str *s, const tb_str *sub);
int tb_str_starts_with(const tb_str *s, const tb_str *prefix);
int tb_str_ends_with(const tb_str *s, const tb_str *suffix);

// ----------------------------------------------------------------------------------------- case

// Full Unicode case: `ß` has the upper case `SS`, a sigma that ends a word the lower case `ς`.
// NULL: MemoryError.
tb_str *tb_str_upper(tb_str *s);
tb_str *tb_str_lower(tb_str *s);
tb_str *
tb_str_title(tb_str *s); // the first letter of every run of letters in title case, the rest lower
tb_str *tb_str_capitalize(tb_str *s); // the first code point in title case, the rest lower
tb_str *tb_str_swap_case(tb_str *s);
tb_str *tb_str_fold_case(tb_str *s); // for comparing without case

// -------------------------------------------------------------------------------------- joining

// `a + b`. A long text made this way shares a growing buffer: continuing the text that ends the
// buffer costs only the bytes of [b], and [a] stays as it is. NULL: MemoryError.
tb_str *tb_str_concat(tb_str *a, tb_str *b);

// The texts (as by str) of [count] values, one after the other: f-strings and chains of `+`.
// TB_PENDING: what a to_string raised, or MemoryError.
tb_value tb_str_join_parts(int64_t count, const tb_value *parts);

// [s], [count] times; none when that is not positive. NULL: MemoryError or OverflowError.
tb_str *tb_str_repeat(tb_str *s, int64_t count);

#endif
