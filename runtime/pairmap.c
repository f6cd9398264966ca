// Open addressing with linear probing, at most half full.
#include "pairmap.h"

#include "gc.h"
#include "int.h"

#define CAPACITY_MIN 64

// The place of the pair, or the free place where it belongs.
static tb_pairmap_entry *place(const tb_pairmap *map, tb_value first, tb_value second)
{
    uint64_t mask = (uint64_t)map->capacity - 1;
    uint64_t at = tb_word_hash(tb_word_hash(first, 0) + second, 0) & mask;
    while (map->entries[at].value != 0 &&
           (map->entries[at].first != first || map->entries[at].second != second))
        at = (at + 1) & mask;
    return &map->entries[at];
}

tb_value tb_pairmap_get(const tb_pairmap *map, tb_value first, tb_value second)
{
    return map->count == 0 ? 0 : place(map, first, second)->value;
}

static int grow(tb_pairmap *map)
{
    tb_pairmap larger = {0, map->capacity > 0 ? 2 * map->capacity : CAPACITY_MIN, NULL};
    size_t size;
    if (tb_size_mul((size_t)larger.capacity, sizeof *map->entries, 0, &size) < 0) return -1;
    larger.entries = tb_alloc(size);
    if (!larger.entries) return -1;
    for (int64_t i = 0; i < map->capacity; i++) {
        const tb_pairmap_entry *entry = &map->entries[i];
        if (entry->value != 0) *place(&larger, entry->first, entry->second) = *entry;
    }
    larger.count = map->count;
    tb_free(map->entries);
    *map = larger;
    return 0;
}

int tb_pairmap_put(tb_pairmap *map, tb_value first, tb_value second, tb_value value)
{
    if (2 * map->count >= map->capacity && grow(map) < 0) return -1;
    *place(map, first, second) = (tb_pairmap_entry){first, second, value};
    map->count++;
    return 0;
}

void tb_pairmap_free(tb_pairmap *map)
{
    tb_free(map->entries);
    *map = (tb_pairmap){0, 0, NULL};
}
