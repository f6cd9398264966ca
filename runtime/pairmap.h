// A map from pairs of words to a word, by identity: which pairs a comparison has met, which copy
// belongs to which original. It never runs code of the program, and lives as long as the walk that
// uses it.
#ifndef TB_PAIRMAP_H
#define TB_PAIRMAP_H

#include "value.h"

typedef struct tb_pairmap_entry {
    tb_value first;
    tb_value second;
    tb_value value; // 0: the place is free
} tb_pairmap_entry;

// Starts as all zeroes.
typedef struct tb_pairmap {
    int64_t count;
    int64_t capacity; // 0 or a power of two
    tb_pairmap_entry *entries;
} tb_pairmap;

// The value of the pair, 0 when it is absent.
tb_value tb_pairmap_get(const tb_pairmap *map, tb_value first, tb_value second);
// Adds a pair that is absent; [value] is not 0. 0, or -1: raised.
int tb_pairmap_put(tb_pairmap *map, tb_value first, tb_value second, tb_value value);
// Gives the memory back.
void tb_pairmap_free(tb_pairmap *map);

#endif
