// Equality, order, hash, truth and membership of any values.
//
// `==` compares numbers by their exact value across types, containers by content, ranges as
// sequences and everything else by identity, unless a class defines `equals`. Order is for numbers,
// strings, bytes, lists and tuples (the first difference decides), sets (subset) and classes with
// `compare`. Within containers an item equals itself, NaN included, as in Python.
//
// Nested data of any depth is walked with a stack on the heap. Pairs of containers that were met
// before are taken as equal, so data that contains itself ends too: two such values are equal when
// no finite path tells them apart.
//
// Results are 1 or 0, or -1 when an error is pending.
#ifndef TB_COMPARE_H
#define TB_COMPARE_H

#include "value.h"

// Fails only when a program's own `equals` does, or for want of memory.
int tb_equal(tb_value a, tb_value b);
int tb_not_equal(tb_value a, tb_value b);

// As tb_equal, but the same word always equals itself: how containers compare their items.
int tb_same_item(tb_value a, tb_value b);

// Raise TypeError for values without an order: "`<` cannot compare a String and an Int".
int tb_less(tb_value a, tb_value b);
int tb_less_equal(tb_value a, tb_value b);
int tb_greater(tb_value a, tb_value b);
int tb_greater_equal(tb_value a, tb_value b);

// How an Int or Bool stands to a Float, exactly: -1, 0, 1, or 2 when the Float is a NaN.
int tb_number_compare(tb_value a, tb_value b);

// `is`: the same object; Ints, Floats and Strings by type and value.
int tb_identical(tb_value a, tb_value b);

// The hash of a key: equal values have equal hashes. It differs from run to run. Raises TypeError,
// with 1 in [failed], for what can change or defines `equals` without `hash`; otherwise [failed] is
// 0.
uint64_t tb_hash(tb_value v, int *failed);

// Whether [v] counts as true.
int tb_truth(tb_value v);

// `item in container`: items of a container, keys of a dict, parts of a text.
int tb_contains(tb_value container, tb_value item);
// `a starts_with b`, `a ends_with b` for Strings and for Bytes; TypeError otherwise.
int tb_starts_with(tb_value a, tb_value b);
int tb_ends_with(tb_value a, tb_value b);

#endif
