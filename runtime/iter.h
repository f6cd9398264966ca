// Iteration: one cursor for everything a `for` can go through.
//
//     tb_iter it;
//     tb_value item;
//     int got = tb_iter_start(&it, v);
//     while (got == 0 && (got = tb_iter_next(&it, &item)) == 1) { …; got = 0; }
//
// A cursor lives on the C stack. It never holds a pointer into a container, only positions that it
// checks at each turn, so the body may change what it goes through: a list that grows is followed
// to its new end, as in Python; a dict or set that changes is a ValueError.
#ifndef TB_ITER_H
#define TB_ITER_H

#include "value.h"

typedef struct tb_iter tb_iter;

// Produces the next item of a lazy sequence: 1 item, 0 end, -1 raised.
typedef int (*tb_iterator_next)(void *state, tb_value *item);

// The fields are for iter.c and for the loops that generated code specialises.
struct tb_iter {
    int (*next)(tb_iter *it, tb_value *item);
    tb_value source;  // what is gone through, or the object that has `next`
    int64_t position; // of the next item; a byte position in a String
    int64_t left;     // items left of a range
    int64_t step;     // of a range
    uint64_t version; // of a dict's or set's table
    int pairs;        // how the second half of a pair is found
};

// A lazy sequence as a value (TB_ITERATOR): goes on where it stopped, and once ended stays so.
typedef struct tb_iterator {
    tb_class *cls;
    tb_iterator_next next; // NULL: at its end
    void *state;           // a block from tb_alloc, or anything else the collector can see
} tb_iterator;

// Whether [v] can be gone through, as far as its kind or its class's methods tell.
int tb_is_iterable(tb_value v);

// Starts to go through [v]; dicts give their keys. 0, or -1: not iterable (TypeError) or `iter`
// raised.
int tb_iter_start(tb_iter *it, tb_value v);
// 1 and the next item, 0 at the end, -1: raised.
static inline int tb_iter_next(tb_iter *it, tb_value *item)
{
    return it->next(it, item);
}

// `for k, v in d`: a dict gives its pairs, anything else its items unpacked (ValueError unless
// two).
int tb_iter_start_pairs(tb_iter *it, tb_value v);
int tb_iter_next_pair(tb_iter *it, tb_value *first, tb_value *second);
// One name for a pair: a dict gives (key, value) tuples, anything else its items.
int tb_iter_start_items(tb_iter *it, tb_value v);

// A lazy sequence made by the runtime or a library. TB_PENDING: raised.
tb_value tb_iterator_new(tb_iterator_next next, void *state);
// `iter(v)`: a lazy sequence over any iterable; an iterator is its own. TB_PENDING: raised.
tb_value tb_iterator_of(tb_value v);
// `next(it)`: the next item of an iterator or of an instance with `next`; at the end [fallback], or
// StopIteration when that is TB_MISSING. TB_PENDING: raised.
tb_value tb_iterator_step(tb_value iterator, tb_value fallback);

// About how many items are to come, for making room: exact for containers, 0 when unknown.
int64_t tb_iter_hint(tb_value v);

#endif
