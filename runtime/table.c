// The hash table of dicts and sets; the picture is in table.h.
//
// Start at `search`. Whatever can run code of the program is in `match`, which also notices when
// that code changed the table; everything else here runs from start to end undisturbed.
#include "table.h"

#include "compare.h"
#include "error.h"
#include "gc.h"
#include "str.h"

#include <string.h>

#define WITHOUT_INDEX 8 // up to this many entries are searched one by one
#define CAPACITY_MIN  4 // what the first entry makes room for
#define SLOTS_MIN     ((int64_t)16)
#define SLOTS_MAX     ((int64_t)1 << 32) // a slot's number and a position fit 32 bits
#define BLOCK_UNIT    ((int64_t)4096)    // large blocks are made of pages
#define ENTRY_SIZE    ((int64_t)(sizeof(tb_entry) + sizeof(uint32_t)))
#define RETRIES       100 // searches disturbed this often in a row are given up

enum { ABSENT = -1, RAISED = -2, CHANGED = -3 };

// ------------------------------------------------------------------------------------------ search

// Whether the entry at [at], whose hash agrees, has [key]: 1, 0, RAISED or CHANGED.
static int match(tb_table *table, int64_t at, tb_value key)
{
    tb_value own = table->entries[at].key;
    if (own == key) return 1;
    if (TB_IS_STR(own) && TB_IS_STR(key)) return tb_str_equal(TB_AS_STR(own), TB_AS_STR(key));
    if (TB_ARE_INT62(own, key)) return 0;
    uint64_t version = table->version;
    int equal = tb_equal(own, key);
    if (equal < 0) return RAISED;
    return table->version == version ? equal : CHANGED;
}

static int64_t search_entries(tb_table *table, tb_value key, uint32_t hash)
{
    for (int64_t at = table->first; at < table->used; at++) {
        if (table->hashes[at] != hash || table->entries[at].key == TB_PENDING) continue;
        int found = match(table, at, key);
        if (found != 0) return found == 1 ? at : found;
    }
    return ABSENT;
}

// The part of a slot that is a position; the rest is of the hash.
static uint32_t position_mask(const tb_table *table)
{
    return (uint32_t)(table->slots - 1);
}

static int64_t note_found(tb_table *table, tb_value key, int64_t at)
{
    table->found = key;
    table->found_at = at;
    return at;
}

// search_index for a text. Comparing texts runs no code of the program, so nothing can change here.
// `d[w] = d.get(w, 0) + 1` searches twice for the same object, and so finds it at once the second
// time.
static int64_t search_text(tb_table *table, tb_value key, uint32_t hash, uint64_t *free_slot)
{
    if (table->found == key) return table->found_at;
    uint32_t mask = position_mask(table);
    uint32_t slot = hash & mask;
    const tb_str *text = TB_AS_STR(key);
    for (uint32_t place; (place = table->index[slot]) != 0; slot = (slot + 1) & mask) {
        if ((place ^ hash) & ~mask) continue;
        int64_t at = (int64_t)(place & mask) - 1;
        tb_value own = table->entries[at].key;
        if (own == key || (TB_IS_STR(own) && tb_str_equal(TB_AS_STR(own), text)))
            return note_found(table, key, at);
    }
    *free_slot = slot;
    return ABSENT;
}

// Follows the index. When the key is absent, [free_slot] gets the slot where the search ended.
static int64_t search_index(tb_table *table, tb_value key, uint32_t hash, uint64_t *free_slot)
{
    uint32_t mask = position_mask(table);
    uint32_t slot = hash & mask;
    for (uint32_t place; (place = table->index[slot]) != 0; slot = (slot + 1) & mask) {
        if ((place ^ hash) & ~mask) continue;
        int64_t at = (int64_t)(place & mask) - 1;
        if (table->entries[at].key == key) return at;
        if (table->hashes[at] != hash) continue;
        int found = match(table, at, key);
        if (found != 0) return found == 1 ? at : found;
    }
    *free_slot = slot;
    return ABSENT;
}

static int64_t search(tb_table *table, tb_value key, uint32_t hash, uint64_t *free_slot)
{
    for (int tries = 0; tries < RETRIES; tries++) {
        int64_t at = table->slots == 0 ? search_entries(table, key, hash)
                     : TB_IS_STR(key)  ? search_text(table, key, hash, free_slot)
                                       : search_index(table, key, hash, free_slot);
        if (at != CHANGED) return at;
    }
    tb_raise_error(&tb_error_value, "`equals` keeps changing what is being searched");
    return RAISED;
}

int64_t tb_table_find_hashed(tb_table *table, tb_value key, uint64_t hash)
{
    uint64_t slot;
    return table->count == 0 ? ABSENT : search(table, key, (uint32_t)hash, &slot);
}

int64_t tb_table_find(tb_table *table, tb_value key)
{
    int failed;
    uint64_t hash = tb_hash(key, &failed);
    return failed ? RAISED : tb_table_find_hashed(table, key, hash);
}

// ------------------------------------------------------------------------------------------- shape

// How many entries go with an index of [slots]: three quarters, so that searches end soon.
static int64_t most_entries(int64_t slots)
{
    return slots ? slots / 4 * 3 : WITHOUT_INDEX;
}

// How many index slots go with room for [capacity] entries.
static int64_t slots_for(int64_t capacity)
{
    if (capacity <= WITHOUT_INDEX) return 0;
    int64_t slots = SLOTS_MIN;
    while (most_entries(slots) < capacity)
        slots *= 2;
    return slots;
}

static uint64_t free_slot_for(const tb_table *table, uint32_t hash)
{
    uint32_t mask = position_mask(table);
    uint32_t slot = hash & mask;
    while (table->index[slot] != 0)
        slot = (slot + 1) & mask;
    return slot;
}

// Notes in the index, at a free slot, that the entry at [at] has this hash.
static void write_slot(tb_table *table, uint64_t slot, uint32_t hash, int64_t at)
{
    uint32_t mask = position_mask(table);
    table->index[slot] = (hash & ~mask) | (uint32_t)(at + 1);
}

// Moves the live entries together.
static void compact(tb_table *table)
{
    int64_t kept = 0;
    for (int64_t at = table->first; at < table->used; at++) {
        if (table->entries[at].key == TB_PENDING) continue;
        table->hashes[kept] = table->hashes[at];
        table->entries[kept++] = table->entries[at];
    }
    memset(table->entries + kept, 0, (size_t)(table->used - kept) * sizeof(tb_entry));
    table->used = kept;
    table->first = 0;
    table->found = 0;
}

// Writes the index of a compact table anew; it is zeroed if it [is_new].
static void write_index(tb_table *table, int is_new)
{
    if (!is_new) memset(table->index, 0, (size_t)table->slots * sizeof *table->index);
    for (int64_t at = 0; at < table->used; at++)
        write_slot(table, free_slot_for(table, table->hashes[at]), table->hashes[at], at);
}

// Gives the block of entries room for [capacity], which is more. 0, or -1 and unchanged.
static int grow_entries(tb_table *table, int64_t capacity)
{
    size_t size, former = (size_t)table->capacity;
    if (tb_size_mul((size_t)capacity, (size_t)ENTRY_SIZE, 0, &size) < 0) return -1;
    tb_entry *entries = tb_resize(table->entries, former * (size_t)ENTRY_SIZE, size, 0);
    if (!entries) return -1;
    uint32_t *hashes = (uint32_t *)(entries + capacity), *moved = (uint32_t *)(entries + former);
    memmove(hashes, moved, former * sizeof *hashes);
    size_t between = (size_t)((char *)hashes - (char *)moved), stale = former * sizeof *hashes;
    memset(moved, 0, between < stale ? between : stale);
    table->entries = entries;
    table->hashes = hashes;
    table->capacity = capacity;
    return 0;
}

// Gives the table room for [capacity] entries, not less than it has, and makes it compact. 0, or
// -1 and unchanged.
static int reshape(tb_table *table, int64_t capacity)
{
    if (capacity > most_entries(SLOTS_MAX)) {
        tb_gc_raise(SIZE_MAX);
        return -1;
    }
    int64_t slots = slots_for(capacity);
    int is_new = slots != table->slots, is_sparse = table->used != table->count;
    uint32_t *index = table->index;
    if (is_new) {
        size_t size = (size_t)slots * sizeof *index;
        index = tb_alloc_plain(size);
        if (!index) return -1;
        memset(index, 0, size);
    }
    if (capacity > table->capacity && grow_entries(table, capacity) < 0) {
        if (is_new) tb_free(index);
        return -1;
    }
    if (is_new) tb_free(table->index);
    table->index = index;
    table->slots = slots;
    if (is_sparse) compact(table);
    if (slots > 0 && (is_new || is_sparse)) write_index(table, is_new);
    table->version += 2;
    return 0;
}

int tb_table_reserve(tb_table *table, int64_t capacity)
{
    return capacity > table->capacity ? reshape(table, capacity) : 0;
}

// The next size of a full table: two fifths more, but no more than its index can take unless that
// is full, too; and of whole pages, where that is still a quarter more.
static int64_t next_capacity(const tb_table *table)
{
    int64_t former = table->capacity, most = most_entries(table->slots);
    if (former < WITHOUT_INDEX) return former ? WITHOUT_INDEX : CAPACITY_MIN;
    int64_t capacity = former + former / 64 * 27 + former % 64 * 27 / 64 + 1;
    if (former < most && capacity > most) capacity = most;
    int64_t in_pages = capacity * ENTRY_SIZE / BLOCK_UNIT * BLOCK_UNIT / ENTRY_SIZE;
    return in_pages >= former + former / 4 ? in_pages : capacity;
}

// Makes room for one entry more: compacts when a quarter or more has been removed, otherwise
// grows.
static int make_room(tb_table *table)
{
    int is_sparse = table->count < table->capacity - table->capacity / 4;
    return reshape(table, is_sparse ? table->capacity : next_capacity(table));
}

// ----------------------------------------------------------------------------- adding and removing

// Writes a new entry behind the last; there is room, and [slot] is its place in the index if there
// is one.
static void write_entry(tb_table *table, uint64_t slot, uint32_t hash, tb_entry entry)
{
    int64_t at = table->used++;
    table->entries[at] = entry;
    table->hashes[at] = hash;
    if (table->slots > 0) write_slot(table, slot, hash, at);
    table->count++;
    table->version = (table->version + 2) | TB_IS_STR(entry.key);
}

int tb_table_append(tb_table *table, tb_value key, uint64_t hash, tb_value value)
{
    if (table->used == table->capacity && make_room(table) < 0) return -1;
    uint64_t slot = table->slots > 0 ? free_slot_for(table, (uint32_t)hash) : 0;
    write_entry(table, slot, (uint32_t)hash, (tb_entry){key, value});
    return 0;
}

int64_t tb_table_add_hashed(tb_table *table, tb_value key, uint64_t hash, tb_value value,
                            int *added)
{
    uint64_t slot = 0;
    int64_t at = search(table, key, (uint32_t)hash, &slot);
    *added = at == ABSENT;
    if (at != ABSENT) return at;
    if (table->used < table->capacity)
        write_entry(table, slot, (uint32_t)hash, (tb_entry){key, value});
    else if (tb_table_append(table, key, hash, value) < 0)
        return RAISED;
    return table->used - 1;
}

int64_t tb_table_add(tb_table *table, tb_value key, tb_value value, int *added)
{
    int failed;
    uint64_t hash = tb_hash(key, &failed);
    return failed ? RAISED : tb_table_add_hashed(table, key, hash, value, added);
}

// Takes the entry at [at] out of the index. The slots behind it move up as far as their own hashes
// allow, so that no search stops too early.
static void unindex(tb_table *table, int64_t at)
{
    uint32_t mask = position_mask(table);
    uint32_t gap = table->hashes[at] & mask;
    while ((table->index[gap] & mask) != (uint32_t)(at + 1))
        gap = (gap + 1) & mask;
    for (uint32_t slot = (gap + 1) & mask; table->index[slot] != 0; slot = (slot + 1) & mask) {
        uint32_t home = table->hashes[(table->index[slot] & mask) - 1] & mask;
        if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
        table->index[gap] = table->index[slot];
        gap = slot;
    }
    table->index[gap] = 0;
}

void tb_table_remove(tb_table *table, int64_t position)
{
    if (table->slots > 0) unindex(table, position);
    table->entries[position] = (tb_entry){TB_PENDING, 0};
    table->found = 0;
    table->count--;
    table->version += 2;
    while (table->used > table->first && table->entries[table->used - 1].key == TB_PENDING)
        table->used--;
    while (table->first < table->used && table->entries[table->first].key == TB_PENDING)
        table->first++;
    if (table->count == 0) table->first = table->used = 0;
}

void tb_table_clear(tb_table *table)
{
    tb_free(table->entries);
    tb_free(table->index);
    *table = (tb_table){.version = (table->version | 1) + 1};
}

int tb_table_copy(tb_table *to, const tb_table *from)
{
    if (from->count == 0) return 0;
    if (reshape(to, from->count) < 0) return -1;
    for (int64_t at = tb_table_next(from, 0); at >= 0; at = tb_table_next(from, at + 1)) {
        to->hashes[to->used] = from->hashes[at];
        to->entries[to->used++] = from->entries[at];
    }
    to->count = to->used;
    to->version |= from->version & 1;
    if (to->slots > 0) write_index(to, 1);
    return 0;
}
