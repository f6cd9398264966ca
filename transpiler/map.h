// A hash map from pointers (interned names, nodes, symbols) to pointers, in an arena. A Map of
// zeros is an empty map.
#ifndef MAP_H
#define MAP_H

#include "arena.h"

typedef struct Map {
    struct MapEntry {
        const void *key; // NULL: a free slot
        void *value;
    } * entries;
    uint32_t count;
    uint32_t capacity; // a power of two, or 0
} Map;

// The value stored for [key], or NULL. [key] is not NULL.
void *map_get(const Map *map, const void *key);

// Stores [value] for [key], replacing what was there. There is no removal; store NULL instead.
void map_put(Map *map, Arena *arena, const void *key, void *value);

// Forgets all keys. A small table is kept for the next ones.
void map_clear(Map *map);

#endif
