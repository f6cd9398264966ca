// Sets: Python's operations on top of the hash table.
//
// Looking an item up may run code of the program that changes either set. Loops over a table
// therefore copy the entry they are at, and tb_table_next checks its position anew at each turn.
#include "set.h"

#include "dict.h"
#include "error.h"
#include "gc.h"
#include "iter.h"

tb_class tb_class_set = {.cls = &tb_class_class, .name = "Set", .kind = TB_SET};

// ------------------------------------------------------------------------------------------ making

tb_set *tb_set_new(int64_t capacity)
{
    tb_set *set = tb_alloc_fast(sizeof *set);
    if (!set) return NULL;
    set->cls = &tb_class_set;
    return capacity > 0 && tb_table_reserve(&set->table, capacity) < 0 ? NULL : set;
}

tb_value tb_set_from(int64_t count, const tb_value *items)
{
    tb_set *set = tb_set_new(count);
    if (!set) return TB_PENDING;
    for (int64_t i = 0; i < count; i++)
        if (tb_set_add(set, items[i]) < 0) return TB_PENDING;
    return TB_OBJECT(set);
}

tb_set *tb_set_of(tb_value iterable)
{
    tb_set *set = tb_set_new(0);
    return set && tb_set_update(set, iterable) == 0 ? set : NULL;
}

tb_set *tb_set_copy(const tb_set *set)
{
    tb_set *copy = tb_set_new(0);
    return copy && tb_table_copy(&copy->table, &set->table) == 0 ? copy : NULL;
}

// ------------------------------------------------------------------------------------ single items

int tb_set_add(tb_set *set, tb_value item)
{
    int added;
    return tb_table_add(&set->table, item, 0, &added) < 0 ? -1 : 0;
}

int tb_set_has(tb_set *set, tb_value item)
{
    int64_t at = tb_table_find(&set->table, item);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

int tb_set_discard(tb_set *set, tb_value item)
{
    int64_t at = tb_table_find(&set->table, item);
    if (at >= 0) tb_table_remove(&set->table, at);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

int tb_set_remove(tb_set *set, tb_value item)
{
    int removed = tb_set_discard(set, item);
    if (removed == 0) tb_raise_error(&tb_error_key, "%V is not in the Set", item);
    return removed == 1 ? 0 : -1;
}

tb_value tb_set_pop(tb_set *set)
{
    int64_t at = tb_table_next(&set->table, 0);
    if (at < 0) return tb_raise_error(&tb_error_key, "the Set is empty");
    tb_value item = set->table.entries[at].key;
    tb_table_remove(&set->table, at);
    return item;
}

void tb_set_clear(tb_set *set)
{
    tb_table_clear(&set->table);
}

// -------------------------------------------------------------------------------------- whole sets

static int update_from_table(tb_set *set, const tb_table *table)
{
    if (table == &set->table) return 0;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value item = table->entries[at].key;
        uint64_t hash = tb_table_hash(table, at);
        int added;
        if (tb_table_add_hashed(&set->table, item, hash, 0, &added) < 0) return -1;
    }
    return 0;
}

int tb_set_update(tb_set *set, tb_value iterable)
{
    if (TB_IS(iterable, &tb_class_set)) return update_from_table(set, &TB_AS_SET(iterable)->table);
    if (TB_IS_DICT(iterable)) return update_from_table(set, &TB_AS_DICT(iterable)->table);
    tb_iter it;
    if (tb_iter_start(&it, iterable) < 0) return -1;
    tb_value item;
    int got;
    while ((got = tb_iter_next(&it, &item)) == 1)
        if (tb_set_add(set, item) < 0) return -1;
    return got;
}

// Adds to [to] the items of [from] that [other] has, or those it has not when [shared] is 0. 0 or
// -1.
static int collect(tb_set *to, const tb_set *from, tb_set *other, int shared)
{
    const tb_table *table = &from->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value item = table->entries[at].key;
        uint64_t hash = tb_table_hash(table, at);
        int64_t found = tb_table_find_hashed(&other->table, item, hash);
        if (found < -1) return -1;
        if ((found >= 0) == shared && tb_table_append(&to->table, item, hash, 0) < 0) return -1;
    }
    return 0;
}

tb_set *tb_set_union(tb_set *a, tb_set *b)
{
    tb_set *all = tb_set_copy(a);
    return all && update_from_table(all, &b->table) == 0 ? all : NULL;
}

tb_set *tb_set_intersection(tb_set *a, tb_set *b)
{
    tb_set *both = tb_set_new(0);
    return both && collect(both, a, b, 1) == 0 ? both : NULL;
}

tb_set *tb_set_difference(tb_set *a, tb_set *b)
{
    tb_set *rest = tb_set_new(0);
    return rest && collect(rest, a, b, 0) == 0 ? rest : NULL;
}

tb_set *tb_set_symmetric_difference(tb_set *a, tb_set *b)
{
    tb_set *odd = tb_set_difference(a, b);
    return odd && collect(odd, b, a, 0) == 0 ? odd : NULL;
}

int tb_set_keep(tb_set *a, tb_set *b)
{
    tb_set *both = tb_set_intersection(a, b);
    if (!both) return -1;
    uint64_t version = a->table.version;
    tb_table_clear(&a->table);
    a->table = both->table;
    a->table.version = version + 1;
    return 0;
}

int tb_set_drop(tb_set *a, tb_set *b)
{
    if (a == b) {
        tb_set_clear(a);
        return 0;
    }
    const tb_table *table = &b->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value item = table->entries[at].key;
        uint64_t hash = tb_table_hash(table, at);
        int64_t found = tb_table_find_hashed(&a->table, item, hash);
        if (found < -1) return -1;
        if (found >= 0) tb_table_remove(&a->table, found);
    }
    return 0;
}

int tb_set_toggle(tb_set *a, tb_set *b)
{
    if (a == b) {
        tb_set_clear(a);
        return 0;
    }
    const tb_table *table = &b->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value item = table->entries[at].key;
        uint64_t hash = tb_table_hash(table, at);
        int added;
        int64_t found = tb_table_add_hashed(&a->table, item, hash, 0, &added);
        if (found < 0) return -1;
        if (!added) tb_table_remove(&a->table, found);
    }
    return 0;
}

// Whether every item of [a] is in [b] (wanted 1), or none is (wanted 0). 1, 0 or -1.
static int all_or_none(const tb_set *a, tb_set *b, int wanted)
{
    const tb_table *table = &a->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value item = table->entries[at].key;
        uint64_t hash = tb_table_hash(table, at);
        int64_t found = tb_table_find_hashed(&b->table, item, hash);
        if (found < -1) return -1;
        if ((found >= 0) != wanted) return 0;
    }
    return 1;
}

int tb_set_is_subset(tb_set *a, tb_set *b)
{
    return tb_set_count(a) <= tb_set_count(b) ? all_or_none(a, b, 1) : 0;
}

int tb_set_is_superset(tb_set *a, tb_set *b)
{
    return tb_set_is_subset(b, a);
}

int tb_set_is_disjoint(tb_set *a, tb_set *b)
{
    return tb_set_count(a) <= tb_set_count(b) ? all_or_none(a, b, 0) : all_or_none(b, a, 0);
}

int tb_set_equal(tb_set *a, tb_set *b)
{
    return tb_set_count(a) == tb_set_count(b) ? all_or_none(a, b, 1) : 0;
}
