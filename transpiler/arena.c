// The bump allocator. Blocks are zero when they come, so what they hand out needs no pass over it.
// Each new block is twice the last one, up to a limit; an allocation larger than that gets a block
// of its own size. Small blocks come from calloc, large ones in pages.

#include "arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

// Sizes count the block's own header. Past LARGEST_CALLOC_BYTES the next block comes in pages.
enum {
    FIRST_BLOCK_BYTES = 16 << 10,
    LARGEST_CALLOC_BYTES = 256 << 10,
    LARGEST_BLOCK_BYTES = 8 << 20
};

struct ArenaBlock {
    ArenaBlock *older;
    size_t size; // of all of it
    bool is_mapped;
    char bytes[] __attribute__((aligned(ARENA_ALIGN)));
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "error: out of memory while compiling (%zu more bytes were needed)\n", size);
    exit(3);
}

static ArenaBlock *new_block(size_t size)
{
    bool is_mapped = size > LARGEST_CALLOC_BYTES;
    size_t whole = is_mapped ? pages_round(size) : size;
    ArenaBlock *block = !whole ? NULL : is_mapped ? pages_map(whole) : calloc(1, whole);
    if (!block) out_of_memory(size);
    block->size = whole;
    block->is_mapped = is_mapped;
    return block;
}

static void free_block(ArenaBlock *block)
{
    if (block->is_mapped)
        pages_unmap(block, block->size);
    else
        free(block);
}

static size_t next_block_size(const Arena *arena, size_t needed)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK_BYTES;
    if (size > LARGEST_BLOCK_BYTES) size = LARGEST_BLOCK_BYTES;
    return size < needed ? needed : size;
}

void *arena_alloc_in_new_block(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) out_of_memory(size);
    ArenaBlock *block = new_block(next_block_size(arena, sizeof *block + size));
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->bytes + size;
    arena->end = (char *)block + block->size;
    arena->total += size;
    return block->bytes;
}

char *arena_copy(Arena *arena, const char *text, size_t size)
{
    if (size == SIZE_MAX) out_of_memory(size);
    char *copy = arena_alloc(arena, size + 1);
    if (size) memcpy(copy, text, size);
    return copy;
}

static bool has_only_strings(const char *format)
{
    for (const char *at = format; (at = strchr(at, '%')); at += 2)
        if (at[1] != 's') return false;
    return true;
}

// What a format without other conversions than %s says goes to [out], unless that is NULL. Returns
// its size.
static size_t put_strings(char *out, const char *format, va_list args)
{
    size_t size = 0;
    for (; *format; format++) {
        bool is_string = *format == '%';
        const char *piece = is_string ? va_arg(args, const char *) : format;
        size_t piece_size = is_string ? strlen(piece) : 1;
        if (out) memcpy(out + size, piece, piece_size);
        size += piece_size;
        format += is_string;
    }
    return size;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    bool is_simple = has_only_strings(format); // most are, and printf is slow
    va_list args;
    va_start(args, format);
    int size = is_simple ? (int)put_strings(NULL, format, args) : vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0) return arena_copy(arena, "", 0);
    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(args, format);
    if (is_simple)
        put_strings(text, format, args);
    else
        vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(Arena *arena)
{
    while (arena->blocks) {
        ArenaBlock *older = arena->blocks->older;
        free_block(arena->blocks);
        arena->blocks = older;
    }
    *arena = (Arena){0};
}
