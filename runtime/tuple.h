// Tuples: immutable sequences, their items behind their head. The empty one exists once.
#ifndef TB_TUPLE_H
#define TB_TUPLE_H

#include "value.h"

// A tuple of [count] places still to be filled by the caller, who alone holds it. NULL: raised.
tb_tuple *tb_tuple_new(int64_t count);
// A tuple of [count] values, as a value. TB_PENDING: raised.
tb_value tb_tuple_from(int64_t count, const tb_value *items);
// A tuple of two, as `for` over a dict's items gives it. TB_PENDING: raised.
tb_value tb_tuple_pair(tb_value first, tb_value second);
// A tuple of all items of an iterable. TB_PENDING: raised.
tb_value tb_tuple_of(tb_value iterable);

// The item at [index], counted from the end when negative. Raises IndexError.
tb_value tb_tuple_get(const tb_tuple *tuple, int64_t index);
// Items from, from + step, …, [count] of them; all must lie inside. TB_PENDING: raised.
tb_value tb_tuple_slice(const tb_tuple *tuple, int64_t from, int64_t step, int64_t count);
// `a + b`. TB_PENDING: raised.
tb_value tb_tuple_concat(const tb_tuple *a, const tb_tuple *b);
// `tuple * times`; empty when [times] is negative. TB_PENDING: raised.
tb_value tb_tuple_repeat(const tb_tuple *tuple, int64_t times);
// Position of the first item equal to [item]; absence is a ValueError (INT64_MIN).
int64_t tb_tuple_index(const tb_tuple *tuple, tb_value item);
// How many items equal [item]. INT64_MIN: a comparison raised.
int64_t tb_tuple_count(const tb_tuple *tuple, tb_value item);

#endif
