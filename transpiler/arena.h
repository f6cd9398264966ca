// A bump allocator: everything a compilation makes lives in an arena and goes with it. Nothing is
// freed one by one.
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; // newest first
    char *next;         // the free part of the newest block
    char *end;
    size_t total; // bytes handed out
} Arena;

// The slow half of arena_alloc: takes [size] bytes, a multiple of ARENA_ALIGN, from a new block.
void *arena_alloc_in_new_block(Arena *arena, size_t size);

// Every allocation starts at a multiple of this.
#define ARENA_ALIGN 8

// Returns [size] zeroed bytes aligned for any pointer, integer or double. Never NULL: without
// memory it prints a message and ends the process with status 3.
static inline void *arena_alloc(Arena *arena, size_t size)
{
    size_t rounded = ((size | !size) + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (rounded < size || rounded > (size_t)(arena->end - arena->next))
        return arena_alloc_in_new_block(arena, rounded < size ? size : rounded);
    void *memory = arena->next;
    arena->next += rounded;
    arena->total += rounded;
    return memory;
}

// A copy of [size] bytes with a NUL behind.
char *arena_copy(Arena *arena, const char *text, size_t size);

// printf into the arena.
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Gives all blocks back; the arena is empty and usable afterwards.
void arena_free(Arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count)                                                            \
    ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif
