// The hash table inside dicts and sets.
//
// Entries stand in an array in the order they came, and behind it in the same block 32 bits of each
// key's hash; a second block of 32-bit numbers, a third more of them at least, leads from a hash to
// its entry (CPython's "compact dict", after R. Hettinger). Eight entries or fewer need no index:
// they are searched by comparing hashes.
//
//     index    [ 0 | h:2 | 0 | 0 | h:1 | h:3 | 0 | 0 ]   0: free
//     entries  [ key value | key value | … ]             `used` of them, deleted ones included
//     hashes   [ hash | hash | … ]
//
// A number in the index is an entry's position plus one in as many bits as number the slots, and
// above it, where a slot's number says nothing of the hash, the bits of the hash itself: so a
// search looks at no entry but, nearly always, the one it is for. An entry takes 25 to 39 bytes in
// a table of some size: 20 in its block, which grows by two fifths, and 5.3 to 10.7 of the index.
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
    uint32_t *hashes; // `entries + capacity`
    uint64_t version; // moves by 2 with every insertion, removal and reordering; odd: see below
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

// Whether a text may be among the keys.
static inline int tb_table_has_texts(const tb_table *table)
{
    return table->version & 1;
}

// What the entry at [position] was found by: the hash that the functions above take.
static inline uint64_t tb_table_hash(const tb_table *table, int64_t position)
{
    return table->hashes[position];
}

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
