// JSON: what the reading half (json_parse.c) and the writing half (json_write.c) share.
#ifndef STDLIB_JSON_H
#define STDLIB_JSON_H

#include "native.h"

#include <string.h>

// Containers in containers, when reading as when writing: deeper ones are a ValueError, and so is a
// container that holds itself.
#define TB_JSON_DEPTH 1000

// How a value is to be written.
typedef struct tb_json_style {
    int64_t indent; // blanks for each level, each item on its own line; -1: all on one line
    int is_compact; // no blanks after `,` and `:`
} tb_json_style;

// The value that [text] describes. TB_PENDING: ValueError with line and column, or MemoryError.
tb_value tb_json_read(tb_str *text);

// [value] as JSON, ASCII only. NULL: ValueError for what has no form in JSON, or MemoryError.
tb_str *tb_json_write(tb_value value, tb_json_style style);

// --------------------------------------------------------------------------- eight bytes at a time

#define TB_BYTE_ONES  0x0101010101010101u
#define TB_BYTE_HIGHS 0x8080808080808080u

static inline uint64_t tb_json_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

// Not 0 when some byte of [word] is [byte].
static inline uint64_t tb_json_has(uint64_t word, unsigned char byte)
{
    uint64_t zeros = word ^ TB_BYTE_ONES * byte;
    return (zeros - TB_BYTE_ONES) & ~zeros & TB_BYTE_HIGHS;
}

// Not 0 when some byte of [word] is below [limit], which is at most 128.
static inline uint64_t tb_json_has_below(uint64_t word, unsigned char limit)
{
    return (word - TB_BYTE_ONES * limit) & ~word & TB_BYTE_HIGHS;
}

#endif
