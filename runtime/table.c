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

#define WITHOUT_INDEX 8                         // up to this many entries are searched one by one
#define CAPACITY_MIN  4                         // what the first entry makes room for
#define CAPACITY_MAX  ((int64_t)UINT32_MAX - 1) // `index` holds positions plus one in 32 bits
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

static int64_t search_entries(tb_table *table, tb_value key, uint64_t hash)
{
    for (int64_t at = table->first; at < table->used; at++) {
        const tb_entry *entry = &table->entries[at];
        if (entry->hash != hash || entry->key == TB_PENDING) continue;
        int found = match(table, at, key);
        if (found != 0) return found == 1 ? at : found;
    }
    return ABSENT;
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
static int64_t search_text(tb_table *table, tb_value key, uint64_t hash, uint64_t *free_slot)
{
    if (table->found == key) return table->found_at;
    uint64_t mask = (uint64_t)table->slots - 1;
    uint64_t slot = hash & mask;
    const tb_str *text = TB_AS_STR(key);
    for (uint32_t place; (place = table->index[slot]) != 0; slot = (slot + 1) & mask) {
        const tb_entry *entry = &table->entries[place - 1];
        if (entry->hash != hash) continue;
        if (entry->key == key ||
            (TB_IS_STR(entry->key) && tb_str_equal(TB_AS_STR(entry->key), text)))
            return note_found(table, key, (int64_t)place - 1);
    }
    *free_slot = slot;
    return ABSENT;
}

// Follows the index. When the key is absent, [free_slot] gets the slot where the search ended.
static int64_t search_index(tb_table *table, tb_value key, uint64_t hash, uint64_t *free_slot)
{
    uint64_t mask = (uint64_t)table->slots - 1;
    uint64_t slot = hash & mask;
    while (table->index[slot] != 0) {
        int64_t at = (int64_t)table->index[slot] - 1;
        if (table->entries[at].hash == hash) {
            int found = match(table, at, key);
            if (found != 0) return found == 1 ? at : found;
        }
        slot = (slot + 1) & mask;
    }
    *free_slot = slot;
    return ABSENT;
}

static int64_t search(tb_table *table, tb_value key, uint64_t hash, uint64_t *free_slot)
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
    return table->count == 0 ? ABSENT : search(table, key, hash, &slot);
}

int64_t tb_table_find(tb_table *table, tb_value key)
{
    int failed;
    uint64_t hash = tb_hash(key, &failed);
    return failed ? RAISED : tb_table_find_hashed(table, key, hash);
}

// ------------------------------------------------------------------------------------------- shape

// How many index slots go with room for [capacity] entries.
static int64_t slots_for(int64_t capacity)
{
    if (capacity <= WITHOUT_INDEX) return 0;
    int64_t slots = 4 * WITHOUT_INDEX;
    while (slots < 2 * capacity)
        slots *= 2;
    return slots;
}

static uint64_t free_slot_for(const tb_table *table, uint64_t hash)
{
    uint64_t mask = (uint64_t)table->slots - 1;
    uint64_t slot = hash & mask;
    while (table->index[slot] != 0)
        slot = (slot + 1) & mask;
    return slot;
}

// Moves the live entries together and writes the index anew.
static void compact(tb_table *table)
{
    int64_t kept = 0;
    for (int64_t at = table->first; at < table->used; at++)
        if (table->entries[at].key != TB_PENDING) table->entries[kept++] = table->entries[at];
    if (kept < table->used)
        memset(table->entries + kept, 0, (size_t)(table->used - kept) * sizeof(tb_entry));
    table->used = kept;
    table->first = 0;
    table->found = 0;
    if (table->slots == 0) return;
    memset(table->index, 0, (size_t)table->slots * sizeof *table->index);
    for (int64_t at = 0; at < kept; at++)
        table->index[free_slot_for(table, table->entries[at].hash)] = (uint32_t)(at + 1);
}

// Gives the table exactly this much room, at least what its entries need. 0, or -1 and unchanged.
static int reshape(tb_table *table, int64_t capacity)
{
    size_t size;
    if (capacity > CAPACITY_MAX) {
        tb_gc_raise(SIZE_MAX);
        return -1;
    }
    if (tb_size_mul((size_t)capacity, sizeof(tb_entry), 0, &size) < 0) return -1;
    int64_t slots = slots_for(capacity);
    uint32_t *index = table->index;
    if (slots != table->slots) {
        index = slots > 0 ? tb_alloc_plain((size_t)slots * sizeof *index) : NULL;
        if (slots > 0 && !index) return -1;
    }
    if (capacity != table->capacity) {
        size_t old_size = (size_t)table->capacity * sizeof(tb_entry);
        tb_entry *entries = tb_resize(table->entries, old_size, size, 0);
        if (!entries) {
            if (index != table->index) tb_free(index);
            return -1;
        }
        table->entries = entries;
        table->capacity = capacity;
    }
    if (index != table->index) tb_free(table->index);
    table->index = index;
    table->slots = slots;
    compact(table);
    table->version++;
    return 0;
}

int tb_table_reserve(tb_table *table, int64_t capacity)
{
    return capacity > table->capacity ? reshape(table, capacity) : 0;
}

// Makes room for one entry more: compacts when a quarter or more has been removed, otherwise
// doubles.
static int make_room(tb_table *table)
{
    if (table->capacity == 0) return reshape(table, CAPACITY_MIN);
    if (table->count <= table->capacity - table->capacity / 4 - 1)
        return reshape(table, table->capacity);
    return reshape(table, 2 * table->capacity);
}

// ----------------------------------------------------------------------------- adding and removing

// Writes a new entry behind the last; there is room, and [slot] is its place in the index if there
// is one.
static void write_entry(tb_table *table, uint64_t slot, tb_entry entry)
{
    table->entries[table->used++] = entry;
    if (table->slots > 0) table->index[slot] = (uint32_t)table->used;
    table->count++;
    table->version++;
}

int tb_table_append(tb_table *table, tb_value key, uint64_t hash, tb_value value)
{
    if (table->used == table->capacity && make_room(table) < 0) return -1;
    uint64_t slot = table->slots > 0 ? free_slot_for(table, hash) : 0;
    write_entry(table, slot, (tb_entry){hash, key, value});
    return 0;
}

int64_t tb_table_add_hashed(tb_table *table, tb_value key, uint64_t hash, tb_value value,
                            int *added)
{
    uint64_t slot = 0;
    int64_t at = search(table, key, hash, &slot);
    *added = at == ABSENT;
    if (at != ABSENT) return at;
    if (table->used < table->capacity)
        write_entry(table, slot, (tb_entry){hash, key, value});
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
    uint64_t mask = (uint64_t)table->slots - 1;
    uint64_t gap = table->entries[at].hash & mask;
    while (table->index[gap] != (uint32_t)(at + 1))
        gap = (gap + 1) & mask;
    for (uint64_t slot = (gap + 1) & mask; table->index[slot] != 0; slot = (slot + 1) & mask) {
        uint64_t home = table->entries[table->index[slot] - 1].hash & mask;
        if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
        table->index[gap] = table->index[slot];
        gap = slot;
    }
    table->index[gap] = 0;
}

void tb_table_remove(tb_table *table, int64_t position)
{
    if (table->slots > 0) unindex(table, position);
    table->entries[position] = (tb_entry){0, TB_PENDING, 0};
    table->found = 0;
    table->count--;
    table->version++;
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
    *table = (tb_table){.version = table->version + 1};
}

int tb_table_copy(tb_table *to, const tb_table *from)
{
    if (from->count == 0) return 0;
    if (reshape(to, from->count) < 0) return -1;
    for (int64_t at = tb_table_next(from, 0); at >= 0; at = tb_table_next(from, at + 1))
        to->entries[to->used++] = from->entries[at];
    to->count = to->used;
    compact(to);
    return 0;
}
