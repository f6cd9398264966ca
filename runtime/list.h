// Lists: growable arrays that know what their items are.
//
// A list of Ints that fit 64 bits holds raw `int64_t`, a list of Floats raw `double`, a list of
// Bools one byte each; anything else is boxed (`tb_items` in value.h). The first item decides the
// kind of an empty list. When something else arrives the list is generalised once, to boxed, and
// stays so.
//
// The buffer belongs to its list alone, so it is given back at once when the list grows; the few
// items of a small list made with its size known lie behind its head instead. A list
// made for n items has no buffer before its first one, because their kind is not known yet: until
// then `capacity` is -n.
//
// Functions that hand out an item may have to box it and so may run out of memory: they then return
// TB_PENDING like any other failure.
#ifndef TB_LIST_H
#define TB_LIST_H

#include "value.h"

// ------------------------------------------------------------------------------------ making lists

// A new empty list; room for [capacity] items is made when the first one comes. NULL: raised.
tb_list *tb_list_new(int64_t capacity);
// A new empty list of the given kind with its buffer already there, for code that knows its items.
tb_list *tb_list_new_of(tb_items kind, int64_t capacity);
// A list of [count] values, as a value. TB_PENDING: raised.
tb_value tb_list_from(int64_t count, const tb_value *items);
// A list of all items of an iterable. NULL: raised.
tb_list *tb_list_of(tb_value iterable);

// -------------------------------------------------------------------------------- reading, writing

// The item at [index], which must lie in 0 … count-1. Fails only for want of memory.
tb_value tb_list_at(const tb_list *xs, int64_t index);
// The item at [index], counted from the end when negative. Raises IndexError outside the list.
tb_value tb_list_get(tb_list *xs, int64_t index);
// Replaces the item at [index]; as tb_list_get. 0, or -1: raised.
int tb_list_put(tb_list *xs, int64_t index, tb_value item);
// Writes [item] to the existing place [index] if it fits the list's kind: 1; 0: it does not.
int tb_list_store(tb_list *xs, int64_t index, tb_value item);
// Makes room for [capacity] items in all, now and for the kind the list has. 0, or -1: raised.
int tb_list_reserve(tb_list *xs, int64_t capacity);
// Gives back the memory of a list that nothing refers to any more (transpiler/drop.h).
void tb_list_drop(tb_list *xs);
// Turns a list of any kind into a boxed one. 0, or -1: raised and unchanged.
int tb_list_generalise(tb_list *xs);

// ---------------------------------------------------------------------------------------- changing

// The general case of tb_list_push: grows, adopts or generalises the list as needed.
int tb_list_push_slow(tb_list *xs, tb_value item);
int tb_list_push_int_slow(tb_list *xs, int64_t item);
int tb_list_push_float_slow(tb_list *xs, double item);
int tb_list_push_bool_slow(tb_list *xs, int item);

// Inserts [item] before [at]; negative counts from the end, what lies outside is clamped. 0 or -1.
int tb_list_insert(tb_list *xs, int64_t at, tb_value item);
// Takes out and returns the item at [index] (-1: the last). Raises IndexError.
tb_value tb_list_pop(tb_list *xs, int64_t index);
// Removes the first item equal to [item]. 0, or -1: none is (ValueError), or a comparison raised.
int tb_list_remove(tb_list *xs, tb_value item);
// Appends all items of an iterable, the list itself included. 0 or -1; items before an error stay.
int tb_list_extend(tb_list *xs, tb_value iterable);
// Removes all items and gives the buffer back.
void tb_list_clear(tb_list *xs);
// Reverses the order of the items in place.
void tb_list_reverse(tb_list *xs);
// Removes [count] items from [from] on; both must lie inside.
void tb_list_remove_span(tb_list *xs, int64_t from, int64_t count);
// Removes [count] items at from, from + step, …; step > 0, all must lie inside.
void tb_list_remove_steps(tb_list *xs, int64_t from, int64_t step, int64_t count);
// Replaces [count] items from [from] on by all items of [items]. 0, or -1: raised and unchanged.
int tb_list_replace(tb_list *xs, int64_t from, int64_t count, const tb_list *items);

// Sorts in place, keeping the order of equal items (see list_sort.c). [key] is None or a function
// of one argument whose results are compared instead; [reverse] puts the greatest first. -1: a
// comparison or the key raised, or changed the list (ValueError); the list then holds its items in
// some order.
int tb_list_sort(tb_list *xs, tb_value key, int reverse);

// --------------------------------------------------------------------------------------- searching

// Position of the first item equal to [item] in from … to-1 (clamped, negative from the end);
// -1: there is none. INT64_MIN: a comparison raised.
int64_t tb_list_find(tb_list *xs, tb_value item, int64_t from, int64_t to);
// As tb_list_find over the whole list, but absence is a ValueError (INT64_MIN).
int64_t tb_list_index(tb_list *xs, tb_value item);
// How many items equal [item]. INT64_MIN: a comparison raised.
int64_t tb_list_count(tb_list *xs, tb_value item);

// --------------------------------------------------------------------------------------- new lists

// A new list of the same items. NULL: raised; so for the next four.
tb_list *tb_list_copy(const tb_list *xs);
// Items from, from + step, …, [count] of them; all must lie inside.
tb_list *tb_list_slice(const tb_list *xs, int64_t from, int64_t step, int64_t count);
// `a + b`.
tb_list *tb_list_concat(const tb_list *a, const tb_list *b);
// `xs * times`; none when [times] is negative.
tb_list *tb_list_repeat(const tb_list *xs, int64_t times);
// A sorted list of the items of any iterable; [key], [reverse] as in tb_list_sort.
tb_list *tb_list_sorted(tb_value iterable, tb_value key, int reverse);

// ----------------------------------------------------------------------------- fast paths, in line

static inline int64_t tb_list_length(const tb_list *xs)
{
    return xs->count;
}

// Appends a raw Int. 0, or -1: raised.
static inline int tb_list_push_int(tb_list *xs, int64_t item)
{
    if (TB_UNLIKELY(xs->kind != TB_ITEMS_INT || xs->count >= xs->capacity))
        return tb_list_push_int_slow(xs, item);
    xs->as.ints[xs->count++] = item;
    return 0;
}

// Appends a raw Float. 0, or -1: raised.
static inline int tb_list_push_float(tb_list *xs, double item)
{
    if (TB_UNLIKELY(xs->kind != TB_ITEMS_FLOAT || xs->count >= xs->capacity))
        return tb_list_push_float_slow(xs, item);
    xs->as.floats[xs->count++] = item;
    return 0;
}

// Appends a raw Bool, 0 or 1. 0, or -1: raised.
static inline int tb_list_push_bool(tb_list *xs, int item)
{
    if (TB_UNLIKELY(xs->kind != TB_ITEMS_BOOL || xs->count >= xs->capacity))
        return tb_list_push_bool_slow(xs, item);
    xs->as.bools[xs->count++] = (uint8_t)item;
    return 0;
}

// Appends [item]. 0, or -1: raised.
static inline int tb_list_push(tb_list *xs, tb_value item)
{
    if (TB_LIKELY(xs->count < xs->capacity)) {
        if (xs->kind == TB_ITEMS_BOXED && xs->count > 0) {
            xs->as.items[xs->count++] = item;
            return 0;
        }
        if (xs->kind == TB_ITEMS_INT && TB_IS_INT62(item)) {
            xs->as.ints[xs->count++] = TB_INT62_GET(item);
            return 0;
        }
    }
    return tb_list_push_slow(xs, item);
}

// Takes out and returns the last item. Raises IndexError.
static inline tb_value tb_list_pop_last(tb_list *xs)
{
    if (TB_LIKELY(xs->count > 1)) {
        if (xs->kind == TB_ITEMS_BOXED) {
            tb_value item = xs->as.items[--xs->count];
            xs->as.items[xs->count] = 0;
            return item;
        }
        int64_t number = xs->kind == TB_ITEMS_INT ? xs->as.ints[xs->count - 1] : INT64_MAX;
        if (number >= TB_INT62_MIN && number <= TB_INT62_MAX) {
            xs->count--;
            return TB_INT62(number);
        }
    }
    return tb_list_pop(xs, -1);
}

// The position of [index] in a list of [count] items, negative from the end; -1 when outside.
static inline int64_t tb_index_wrap(int64_t index, int64_t count)
{
    if (index < 0) index += count;
    return index >= 0 && index < count ? index : -1;
}

#endif
