// The stack of a walk over nested data: an array that begins inside the walk's own struct, on the C
// stack, and moves to a block of the collector when the data is deep.
//
//     typedef struct Walk { Frame *frames; int64_t depth, capacity; Frame first[8]; } Walk;
#ifndef TB_FRAMES_H
#define TB_FRAMES_H

#include "gc.h"

#include <string.h>

// Doubles the room of [frames], [capacity] elements of [each] bytes; [first] is where they were at
// the beginning. Returns where they are now; NULL: MemoryError, and nothing changed.
static inline void *tb_frames_grow(void *frames, const void *first, int64_t *capacity, size_t each)
{
    size_t size;
    if (tb_size_mul((size_t)*capacity, 2 * each, 0, &size) < 0) return NULL;
    void *grown = frames == first ? tb_alloc(size) : tb_resize(frames, size / 2, size, 0);
    if (!grown) return NULL;
    if (frames == first) memcpy(grown, first, size / 2);
    *capacity *= 2;
    return grown;
}

// Gives the block back if there is one.
static inline void tb_frames_free(void *frames, const void *first)
{
    if (frames != first) tb_free(frames);
}

#endif
