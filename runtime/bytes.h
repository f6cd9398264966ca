// Bytes: immutable rows of numbers from 0 to 255, one block each. The layout is in value.h.
#ifndef TB_BYTES_H
#define TB_BYTES_H

#include "value.h"

// A copy of [size] bytes. TB_PENDING: MemoryError.
tb_value tb_bytes_new(const uint8_t *data, int64_t size);

// Bytes of which the caller fills in all [size] through tb_bytes_data before anybody sees them.
// NULL: MemoryError.
tb_bytes *tb_bytes_alloc(int64_t size);

// The room of Bytes that tb_bytes_alloc just made.
static inline uint8_t *tb_bytes_data(tb_bytes *bytes)
{
    return (uint8_t *)(uintptr_t)bytes->data;
}

// The byte at [index], negative from the end, as an Int. TB_PENDING: IndexError.
tb_value tb_bytes_get(const tb_bytes *bytes, int64_t index);

// `bytes[from:to:step]`, each an Int or None. NULL: TypeError, ValueError (step 0) or MemoryError.
tb_bytes *tb_bytes_slice(tb_bytes *bytes, tb_value from, tb_value to, tb_value step);

// `a + b`, and [bytes] repeated. NULL: MemoryError.
tb_bytes *tb_bytes_concat(tb_bytes *a, tb_bytes *b);
tb_bytes *tb_bytes_repeat(tb_bytes *bytes, int64_t count);

int tb_bytes_equal(const tb_bytes *a, const tb_bytes *b);

// Below, at or above 0 by the first byte that differs, then by size.
int tb_bytes_compare(const tb_bytes *a, const tb_bytes *b);

// A hash under this process's key, never 0, kept in the object.
uint32_t tb_bytes_hash(tb_bytes *bytes);

// The position of the first [sub] at or after [from] (inside, or at the end), or -1.
int64_t tb_bytes_find(const tb_bytes *bytes, const tb_bytes *sub, int64_t from);

int tb_bytes_starts_with(const tb_bytes *bytes, const tb_bytes *prefix);
int tb_bytes_ends_with(const tb_bytes *bytes, const tb_bytes *suffix);

#endif
