// Dicts: Python's operations on top of the hash table.
//
// Comparing keys may run code of the program that changes the dict. So nothing here keeps a pointer
// or a position across a search: what a search returns is used at once.
#include "dict.h"

#include "compare.h"
#include "error.h"
#include "gc.h"
#include "items.h"
#include "iter.h"
#include "list.h"
#include "str.h"
#include "tuple.h"

tb_class tb_class_dict = {.cls = &tb_class_class, .name = "Dict", .kind = TB_DICT};

// ------------------------------------------------------------------------------------------ making

tb_dict *tb_dict_new(int64_t capacity)
{
    tb_dict *dict = tb_alloc_fast(sizeof *dict);
    if (!dict) return NULL;
    dict->cls = &tb_class_dict;
    return capacity > 0 && tb_table_reserve(&dict->table, capacity) < 0 ? NULL : dict;
}

tb_value tb_dict_from(int64_t pairs, const tb_value *keys_and_values)
{
    tb_dict *dict = tb_dict_new(pairs);
    if (!dict) return TB_PENDING;
    for (int64_t i = 0; i < pairs; i++)
        if (tb_dict_put(dict, keys_and_values[2 * i], keys_and_values[2 * i + 1]) < 0)
            return TB_PENDING;
    return TB_OBJECT(dict);
}

tb_dict *tb_dict_copy(const tb_dict *dict)
{
    tb_dict *copy = tb_dict_new(0);
    return copy && tb_table_copy(&copy->table, &dict->table) == 0 ? copy : NULL;
}

// ----------------------------------------------------------------------------------------- reading

// What a search for a key says as a value: TB_PENDING when it raised, TB_MISSING when it found
// nothing.
static tb_value value_at(const tb_dict *dict, int64_t at)
{
    if (at >= 0) return dict->table.entries[at].value;
    return at == -1 ? TB_MISSING : TB_PENDING;
}

tb_value tb_dict_no_key(tb_value key)
{
    return tb_raise_error(&tb_error_key, "key %V not found", key);
}

tb_value tb_dict_find(tb_dict *dict, tb_value key)
{
    return value_at(dict, tb_table_find(&dict->table, key));
}

tb_value tb_dict_find_str(tb_dict *dict, const tb_str *key)
{
    uint64_t hash = tb_str_hash((tb_str *)(uintptr_t)key);
    return value_at(dict, tb_table_find_hashed(&dict->table, TB_OBJECT(key), hash));
}

tb_value tb_dict_get(tb_dict *dict, tb_value key)
{
    tb_value value = tb_dict_find(dict, key);
    return value == TB_MISSING ? tb_dict_no_key(key) : value;
}

tb_value tb_dict_get_or(tb_dict *dict, tb_value key, tb_value fallback)
{
    tb_value value = tb_dict_find(dict, key);
    return value == TB_MISSING ? fallback : value;
}

int tb_dict_has(tb_dict *dict, tb_value key)
{
    int64_t at = tb_table_find(&dict->table, key);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

// ---------------------------------------------------------------------------------------- changing

static int put_hashed(tb_dict *dict, tb_value key, uint64_t hash, tb_value value)
{
    int added;
    int64_t at = tb_table_add_hashed(&dict->table, key, hash, value, &added);
    if (at < 0) return -1;
    dict->table.entries[at].value = value;
    return 0;
}

int tb_dict_put(tb_dict *dict, tb_value key, tb_value value)
{
    int failed;
    uint64_t hash = tb_hash(key, &failed);
    return failed ? -1 : put_hashed(dict, key, hash, value);
}

int tb_dict_remove(tb_dict *dict, tb_value key)
{
    int64_t at = tb_table_find(&dict->table, key);
    if (at >= 0) tb_table_remove(&dict->table, at);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

tb_value tb_dict_setdefault(tb_dict *dict, tb_value key, tb_value value)
{
    int added;
    return value_at(dict, tb_table_add(&dict->table, key, value, &added));
}

tb_value tb_dict_pop(tb_dict *dict, tb_value key, tb_value fallback)
{
    int64_t at = tb_table_find(&dict->table, key);
    tb_value value = value_at(dict, at);
    if (at >= 0) tb_table_remove(&dict->table, at);
    if (value != TB_MISSING) return value;
    return fallback == TB_MISSING ? tb_dict_no_key(key) : fallback;
}

tb_value tb_dict_popitem(tb_dict *dict)
{
    tb_table *table = &dict->table;
    if (table->count == 0) return tb_raise_error(&tb_error_key, "the Dict is empty");
    const tb_entry *last = &table->entries[table->used - 1]; // the last one taken is always alive
    tb_value pair = tb_tuple_pair(last->key, last->value);
    if (pair != TB_PENDING) tb_table_remove(table, table->used - 1);
    return pair;
}

static int update_from_dict(tb_dict *dict, const tb_dict *other)
{
    if (dict == other) return 0;
    const tb_table *table = &other->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_entry entry = table->entries[at];
        if (put_hashed(dict, entry.key, tb_table_hash(table, at), entry.value) < 0) return -1;
    }
    return 0;
}

int tb_dict_update(tb_dict *dict, tb_value other)
{
    if (TB_IS_DICT(other)) return update_from_dict(dict, TB_AS_DICT(other));
    tb_iter it;
    if (tb_iter_start_pairs(&it, other) < 0) return -1;
    tb_value key, value;
    int got;
    while ((got = tb_iter_next_pair(&it, &key, &value)) == 1)
        if (tb_dict_put(dict, key, value) < 0) return -1;
    return got;
}

void tb_dict_clear(tb_dict *dict)
{
    tb_table_clear(&dict->table);
}

// ------------------------------------------------------------------------------------------- lists

enum { KEYS, VALUES, ITEMS };

static tb_list *list_of(const tb_dict *dict, int part)
{
    const tb_table *table = &dict->table;
    tb_list *xs = tb_list_new(table->count);
    if (!xs) return NULL;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        const tb_entry *entry = &table->entries[at];
        tb_value item = part == KEYS     ? entry->key
                        : part == VALUES ? entry->value
                                         : tb_tuple_pair(entry->key, entry->value);
        if (item == TB_PENDING || tb_list_push(xs, item) < 0) return NULL;
    }
    return xs;
}

tb_list *tb_dict_keys(const tb_dict *dict)
{
    return list_of(dict, KEYS);
}

tb_list *tb_dict_values(const tb_dict *dict)
{
    return list_of(dict, VALUES);
}

tb_list *tb_dict_items(const tb_dict *dict)
{
    return list_of(dict, ITEMS);
}
