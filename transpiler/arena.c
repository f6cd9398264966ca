// The bump allocator. Blocks come from calloc, so what they hand out is zero without a pass over it: big blocks are
// fresh pages. Each new block is twice the last one, up to a limit; an allocation larger than that gets a block of
// its own size.

#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 16 << 10, LARGEST_BLOCK_BYTES = 4 << 20 };

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
    char bytes[];
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "error: out of memory while compiling (%zu more bytes were needed)\n", size);
    exit(3);
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
    size_t block_size = next_block_size(arena, size);
    ArenaBlock *block = calloc(1, sizeof *block + block_size);
    if (!block) out_of_memory(block_size);
    block->older = arena->blocks;
    block->size = block_size;
    arena->blocks = block;
    arena->next = block->bytes + size;
    arena->end = block->bytes + block_size;
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

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0) return arena_copy(arena, "", 0);
    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(Arena *arena)
{
    while (arena->blocks) {
        ArenaBlock *older = arena->blocks->older;
        free(arena->blocks);
        arena->blocks = older;
    }
    *arena = (Arena){0};
}
