// The hash table inside dicts and sets.
//
// Entries stand in an array in the order they came; a second array of 32-bit numbers, twice to four
// times as long, leads from a hash to its entry (CPython's "compact dict", after R. Hettinger).
// Eight entries or fewer need no second array: they are searched by comparing hashes.
//
//     index    [ 0 | 2 | 0 | 0 | 1 | 3 | 0 | 0 ]        position in `entries` plus one; 0: free
//     entries  [ hash key value | hash key value | … ]  `used` of them, deleted ones included
//
// Collisions go to the next slot. Removal closes the gap in the index at once (Knuth's
// algorithm 6.4 R), so the index has no tombstones; a removed entry stays in the array with the key
// TB_PENDING until the array is full and is then compacted or grown.
//
// Keys are compared by tb_equal, which can run a program's own `equals`. That code may change the
// very table: `version` counts every change of its shape, and a search that sees it move starts
// again.
#ifndef TB_TABLE_H
#define TB_TABLE_H

#include "value.h"

typedef struct tb_table {
    int64_t count;    // entries alive
    int64_t used;     // entries taken, removed ones included
    int64_t first;    // all entries before this one are removed
    int64_t capacity; // room in `entries`
    int64_t slots;    // length of `index`, a power of two; 0: none
    uint32_t *index;
    tb_entry *entries;
    uint64_t version; // moves with every insertion, removal and reordering
    tb_value found;   // the text searched last, while it is in `entries[found_at]`; or 0
    int64_t found_at;
} tb_table;

// Gives a zeroed table room for [capacity] entries. 0, or -1: raised.
int tb_table_reserve(tb_table *table, int64_t capacity);
// The position of the entry with [key]; -1: none; -2: hashing or comparing raised.
int64_t tb_table_find(tb_table *table, tb_value key);
// The same with the hash known.
int64_t tb_table_find_hashed(tb_table *table, tb_value key, uint64_t hash);
// Finds the entry with [key] or adds one, with the value [value]. Returns its position and tells in
// [added]; the entry found keeps its key and its value. -2: raised.
int64_t tb_table_add(tb_table *table, tb_value key, tb_value value, int *added);
int64_t tb_table_add_hashed(tb_table *table, tb_value key, uint64_t hash, tb_value value,
                            int *added);
// Adds an entry that is known to be absent. 0, or -1: raised.
int tb_table_append(tb_table *table, tb_value key, uint64_t hash, tb_value value);
// Removes the entry at [position].
void tb_table_remove(tb_table *table, int64_t position);
// Removes all entries and gives the memory back.
void tb_table_clear(tb_table *table);
// Makes [to], which must be zeroed, a copy of [from]. 0, or -1: raised.
int tb_table_copy(tb_table *to, const tb_table *from);

// The position of the first live entry at or after [position]; -1: none. `for` over a table is
//     for (int64_t at = tb_table_next(t, 0); at >= 0; at = tb_table_next(t, at + 1))
static inline int64_t tb_table_next(const tb_table *table, int64_t position)
{
    if (position < table->first) position = table->first;
    while (position < table->used && table->entries[position].key == TB_PENDING)
        position++;
    return position < table->used ? position : -1;
}

#endif
