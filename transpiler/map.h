// A hash map from pointers (interned names, nodes, symbols) to pointers, in an arena. Open addressing.
#ifndef MAP_H
#define MAP_H

#include "arena.h"

typedef struct Map {
    struct MapEntry {
        const void *key;
        void *value;
    } * entries;
    uint32_t count;
    uint32_t capacity; // a power of two, or 0
} Map;

// The value stored for [key], or NULL.
void *map_get(const Map *map, const void *key);

// Stores [value] for [key], replacing what was there.
void map_put(Map *map, Arena *arena, const void *key, void *value);

#endif
