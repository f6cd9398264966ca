// Dicts: hash tables (table.h) from keys to values that keep the order in which keys came.
//
// Keys are compared by `==`, so 1, 1.0 and true are one key, and the one that came first stays.
// What can change has no hash and cannot be a key. Every function that takes a key may raise
// TypeError for that, or what a program's own `hash` or `equals` raises.
#ifndef TB_DICT_H
#define TB_DICT_H

#include "table.h"
#include "value.h"

struct tb_dict {
    tb_class *cls;
    tb_table table;
};

// ------------------------------------------------------------------------------------------ making

// A new empty dict with room for [capacity] entries. NULL: raised.
tb_dict *tb_dict_new(int64_t capacity);
// A dict of [pairs] keys and values in turn; a later value for the same key wins. TB_PENDING:
// raised.
tb_value tb_dict_from(int64_t pairs, const tb_value *keys_and_values);
// A copy with the same keys and values. NULL: raised.
tb_dict *tb_dict_copy(const tb_dict *dict);

// -------------------------------------------------------------------------------- reading, writing

// The value of [key]. TB_PENDING: KeyError, or hashing raised.
tb_value tb_dict_get(tb_dict *dict, tb_value key);
// The value of [key], or TB_MISSING when it is absent. TB_PENDING: raised.
tb_value tb_dict_find(tb_dict *dict, tb_value key);
// The same for a text key.
tb_value tb_dict_find_str(tb_dict *dict, const tb_str *key);
// The value of [key], or [fallback] when it is absent. TB_PENDING: raised.
tb_value tb_dict_get_or(tb_dict *dict, tb_value key, tb_value fallback);
// Raises the KeyError for a key that is absent. Returns TB_PENDING.
TB_COLD tb_value tb_dict_no_key(tb_value key);
// Whether [key] is there: 1, 0, or -1: raised.
int tb_dict_has(tb_dict *dict, tb_value key);
// Sets the value of [key]. 0, or -1: raised.
int tb_dict_put(tb_dict *dict, tb_value key, tb_value value);
// Removes [key]: 1 removed, 0 absent, -1 raised.
int tb_dict_remove(tb_dict *dict, tb_value key);
static inline int64_t tb_dict_count(const tb_dict *dict)
{
    return dict->table.count;
}

// The value of [key]; when absent, [value] is put there and returned. TB_PENDING: raised.
tb_value tb_dict_setdefault(tb_dict *dict, tb_value key, tb_value value);
// Takes out [key] and returns its value. When absent: [fallback], or KeyError if that is
// TB_MISSING.
tb_value tb_dict_pop(tb_dict *dict, tb_value key, tb_value fallback);
// Takes out the youngest entry and returns it as a tuple. KeyError when the dict is empty.
tb_value tb_dict_popitem(tb_dict *dict);
// Puts in all entries of another dict, or all pairs of an iterable of pairs. 0, or -1: raised.
int tb_dict_update(tb_dict *dict, tb_value other);
void tb_dict_clear(tb_dict *dict);

// ------------------------------------------------------------------------------------------- lists

// New lists of the keys, the values, the (key, value) tuples. NULL: raised.
tb_list *tb_dict_keys(const tb_dict *dict);
tb_list *tb_dict_values(const tb_dict *dict);
tb_list *tb_dict_items(const tb_dict *dict);

#endif
