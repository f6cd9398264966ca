// A growable array in an arena: `VEC(Node *) args;` then `VEC_PUSH(arena, args, node)`, `args.items[i]`, `args.count`.
// Growing copies into a new arena block and leaves the old one; doubling keeps the waste below the final size.
#ifndef VEC_H
#define VEC_H

#include <string.h>

#include "arena.h"

#define VEC(type)                                                                                                      \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        int count;                                                                                                     \
        int capacity;                                                                                                  \
    }

#define VEC_PUSH(arena, vec, item)                                                                                     \
    do {                                                                                                               \
        if ((vec).count == (vec).capacity) {                                                                           \
            int vec_new_ = (vec).capacity ? 2 * (vec).capacity : 4;                                                    \
            void *vec_items_ = arena_alloc((arena), sizeof *(vec).items * (size_t)vec_new_);                           \
            if ((vec).count) memcpy(vec_items_, (vec).items, sizeof *(vec).items * (size_t)(vec).count);               \
            (vec).items = vec_items_;                                                                                  \
            (vec).capacity = vec_new_;                                                                                 \
        }                                                                                                              \
        (vec).items[(vec).count++] = (item);                                                                           \
    } while (0)

#endif
