// Open addressing with linear probing, at most three quarters full.

#include "map.h"

#include <string.h>

// LARGEST_KEPT_CAPACITY: clearing costs no more than what fills such a table.
enum { FIRST_CAPACITY = 8, LARGEST_KEPT_CAPACITY = 64 };

// The slot that holds [key], or the free one where it belongs. The low bits of pointers are alike,
// so the key is multiplied and the high half taken.
static struct MapEntry *find_slot(const Map *map, const void *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u;
    uint32_t mask = map->capacity - 1;
    uint32_t slot = (uint32_t)(hash >> 32) & mask;
    while (map->entries[slot].key && map->entries[slot].key != key)
        slot = (slot + 1) & mask;
    return &map->entries[slot];
}

static void grow(Map *map, Arena *arena)
{
    Map old = *map;
    map->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    map->entries = ARENA_ARRAY(arena, struct MapEntry, map->capacity);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.entries[i].key) *find_slot(map, old.entries[i].key) = old.entries[i];
}

void *map_get(const Map *map, const void *key)
{
    return map->capacity ? find_slot(map, key)->value : NULL;
}

void map_put(Map *map, Arena *arena, const void *key, void *value)
{
    if (map->count >= map->capacity - map->capacity / 4) grow(map, arena);
    struct MapEntry *slot = find_slot(map, key);
    if (!slot->key) map->count++;
    *slot = (struct MapEntry){key, value};
}

void map_clear(Map *map)
{
    if (map->capacity > LARGEST_KEPT_CAPACITY) *map = (Map){0};
    if (map->count) memset(map->entries, 0, sizeof *map->entries * map->capacity);
    map->count = 0;
}
