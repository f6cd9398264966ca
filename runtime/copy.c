// Shallow and deep copies.
//
// A deep copy first makes an empty copy of everything it meets and remembers which copy belongs to
// which original; what was met and not yet filled waits on a list, so depth costs no stack and
// cycles close by themselves. Dicts and sets are filled last, the ones met last first: their keys
// have to be complete to be hashed, since a program's own `hash` may look at their fields.
#include "copy.h"

#include "dict.h"
#include "gc.h"
#include "list.h"
#include "object.h"
#include "pairmap.h"
#include "set.h"
#include "tuple.h"

#include <string.h>

// ----------------------------------------------------------------------------------------- shallow

static tb_value or_pending(void *object)
{
    return object ? TB_OBJECT(object) : TB_PENDING;
}

static tb_value copy_instance(const tb_instance *original)
{
    tb_value v = tb_instance_new(original->cls);
    if (v == TB_PENDING) return TB_PENDING;
    tb_instance *copy = TB_AS_INSTANCE(v);
    memcpy(copy->slots, original->slots, (size_t)original->cls->slot_count * sizeof *copy->slots);
    if (original->extra && !(copy->extra = tb_dict_copy(original->extra))) return TB_PENDING;
    return v;
}

tb_value tb_copy(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return or_pending(tb_list_copy(TB_AS_LIST(v)));
    case TB_DICT:
        return or_pending(tb_dict_copy(TB_AS_DICT(v)));
    case TB_SET:
        return or_pending(tb_set_copy(TB_AS_SET(v)));
    case TB_INSTANCE:
        return copy_instance(TB_AS_INSTANCE(v));
    default:
        return v;
    }
}

// -------------------------------------------------------------------------------------------- deep

typedef struct Copier {
    tb_pairmap copies; // (original, 0) -> copy
    tb_list *waiting;  // originals whose copies are still empty
    tb_list *tables;   // dicts and sets, whose copies are filled last
} Copier;

// A copy of [v] without its contents; [v] itself when it is shared. TB_PENDING: raised.
static tb_value empty_copy(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return or_pending(tb_list_new(TB_AS_LIST(v)->count));
    case TB_TUPLE:
        return or_pending(tb_tuple_new(TB_AS_TUPLE(v)->count));
    case TB_DICT:
        return or_pending(tb_dict_new(tb_dict_count(TB_AS_DICT(v))));
    case TB_SET:
        return or_pending(tb_set_new(tb_set_count(TB_AS_SET(v))));
    case TB_INSTANCE:
        return tb_instance_new(TB_AS_INSTANCE(v)->cls);
    default:
        return v;
    }
}

// The copy of [v], made now if it is met for the first time. TB_PENDING: raised.
static tb_value copy_of(Copier *copier, tb_value v)
{
    tb_value copy = tb_pairmap_get(&copier->copies, v, 0);
    if (copy != 0) return copy;
    copy = empty_copy(v);
    if (copy == v || copy == TB_PENDING) return copy;
    if (tb_pairmap_put(&copier->copies, v, 0, copy) < 0 || tb_list_push(copier->waiting, v) < 0)
        return TB_PENDING;
    return copy;
}

static int fill_list(Copier *copier, tb_list *copy, const tb_list *original)
{
    for (int64_t i = 0; i < original->count; i++) {
        tb_value item = tb_list_at(original, i);
        if (item == TB_PENDING) return -1;
        item = copy_of(copier, item);
        if (item == TB_PENDING || tb_list_push(copy, item) < 0) return -1;
    }
    return 0;
}

static int fill_tuple(Copier *copier, tb_tuple *copy, const tb_tuple *original)
{
    for (int64_t i = 0; i < original->count; i++)
        if ((copy->items[i] = copy_of(copier, original->items[i])) == TB_PENDING) return -1;
    return 0;
}

static int fill_instance(Copier *copier, tb_instance *copy, const tb_instance *original)
{
    const tb_class *cls = original->cls;
    for (int64_t i = 0; i < cls->slot_count; i++) {
        copy->slots[i] = original->slots[i];
        if (cls->slots[i].kind == TB_SLOT_VALUE &&
            (copy->slots[i].value = copy_of(copier, original->slots[i].value)) == TB_PENDING)
            return -1;
    }
    if (!original->extra) return 0;
    tb_value extra = copy_of(copier, TB_OBJECT(original->extra));
    if (extra == TB_PENDING) return -1;
    copy->extra = TB_AS_DICT(extra);
    return 0;
}

// Makes copies of all keys and values of a dict or set, and leaves the filling for later.
static int note_table(Copier *copier, tb_value original, const tb_table *table)
{
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_entry entry = table->entries[at];
        if (copy_of(copier, entry.key) == TB_PENDING || copy_of(copier, entry.value) == TB_PENDING)
            return -1;
    }
    return tb_list_push(copier->tables, original);
}

static int fill(Copier *copier, tb_value original)
{
    tb_value copy = tb_pairmap_get(&copier->copies, original, 0);
    switch (TB_KIND(original)) {
    case TB_LIST:
        return fill_list(copier, TB_AS_LIST(copy), TB_AS_LIST(original));
    case TB_TUPLE:
        return fill_tuple(copier, TB_AS_TUPLE(copy), TB_AS_TUPLE(original));
    case TB_DICT:
        return note_table(copier, original, &TB_AS_DICT(original)->table);
    case TB_SET:
        return note_table(copier, original, &TB_AS_SET(original)->table);
    default:
        return fill_instance(copier, TB_AS_INSTANCE(copy), TB_AS_INSTANCE(original));
    }
}

// Fills the copy of a dict or set from copies that all exist by now.
static int fill_table(Copier *copier, tb_value original)
{
    int is_dict = TB_IS_DICT(original);
    const tb_table *table = is_dict ? &TB_AS_DICT(original)->table : &TB_AS_SET(original)->table;
    tb_value copy = tb_pairmap_get(&copier->copies, original, 0);
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_entry entry = table->entries[at];
        tb_value key = copy_of(copier, entry.key);
        tb_value value = is_dict ? copy_of(copier, entry.value) : 0;
        if (key == TB_PENDING || value == TB_PENDING) return -1;
        int result =
            is_dict ? tb_dict_put(TB_AS_DICT(copy), key, value) : tb_set_add(TB_AS_SET(copy), key);
        if (result < 0) return -1;
    }
    return 0;
}

// Fills all that waits, and all that turns up meanwhile.
static int fill_waiting(Copier *copier)
{
    tb_list *waiting = copier->waiting;
    while (waiting->count > 0)
        if (fill(copier, waiting->as.items[--waiting->count]) < 0) return -1;
    return 0;
}

static tb_value deep_copy(Copier *copier, tb_value v)
{
    tb_value copy = copy_of(copier, v);
    if (copy == TB_PENDING || fill_waiting(copier) < 0) return TB_PENDING;
    tb_list *tables = copier->tables;
    while (tables->count > 0)
        // A `hash` that changes a dict may put new things into it: these wait again.
        if (fill_table(copier, tables->as.items[--tables->count]) < 0 || fill_waiting(copier) < 0)
            return TB_PENDING;
    return copy;
}

tb_value tb_deep_copy(tb_value v)
{
    Copier copier = {.waiting = tb_list_new(0), .tables = tb_list_new(0)};
    if (!copier.waiting || !copier.tables) return TB_PENDING;
    tb_value copy = deep_copy(&copier, v);
    tb_pairmap_free(&copier.copies);
    return copy;
}
