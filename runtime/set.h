// Sets: the hash table of table.h without values. They keep the order in which items came;
// operations on two sets give the left operand's order, then the right's.
//
// Every function that takes an item may raise TypeError when it cannot be hashed.
#ifndef TB_SET_H
#define TB_SET_H

#include "table.h"
#include "value.h"

struct tb_set {
    tb_class *cls;
    tb_table table;
};

// A new empty set with room for [capacity] items. NULL: raised.
tb_set *tb_set_new(int64_t capacity);
// A set of [count] values. TB_PENDING: raised.
tb_value tb_set_from(int64_t count, const tb_value *items);
// A set of all items of an iterable. NULL: raised.
tb_set *tb_set_of(tb_value iterable);
tb_set *tb_set_copy(const tb_set *set);

// Adds [item]: 0, or -1: raised.
int tb_set_add(tb_set *set, tb_value item);
// Whether [item] is there: 1, 0, or -1: raised.
int tb_set_has(tb_set *set, tb_value item);
// Removes [item]: 1 removed, 0 absent, -1: raised.
int tb_set_discard(tb_set *set, tb_value item);
// Removes [item]: 0, or -1: absent (KeyError) or raised.
int tb_set_remove(tb_set *set, tb_value item);
// Takes out the oldest item. KeyError when the set is empty.
tb_value tb_set_pop(tb_set *set);
void tb_set_clear(tb_set *set);
// Adds all items of an iterable. 0, or -1: raised.
int tb_set_update(tb_set *set, tb_value iterable);
static inline int64_t tb_set_count(const tb_set *set)
{
    return set->table.count;
}

// New sets. NULL: raised. The right operand of the operators is a set; the library's functions may
// pass any iterable through tb_set_of first.
tb_set *tb_set_union(tb_set *a, tb_set *b);
tb_set *tb_set_intersection(tb_set *a, tb_set *b);
tb_set *tb_set_difference(tb_set *a, tb_set *b);
tb_set *tb_set_symmetric_difference(tb_set *a, tb_set *b);
// `a |= b` and so on: change [a] in place. 0, or -1: raised.
int tb_set_keep(tb_set *a, tb_set *b);   // a &= b
int tb_set_drop(tb_set *a, tb_set *b);   // a -= b
int tb_set_toggle(tb_set *a, tb_set *b); // a ^= b

// Whether every item of [a] is in [b]; 1, 0 or -1: raised. So for the others.
int tb_set_is_subset(tb_set *a, tb_set *b);
int tb_set_is_superset(tb_set *a, tb_set *b);
int tb_set_is_disjoint(tb_set *a, tb_set *b);
int tb_set_equal(tb_set *a, tb_set *b);

#endif
