// Index, slice, length and unpacking of any value: `v[i]`, `v[a:b:c]`, `len(v)`, `a, b = v`.
#ifndef TB_ITEMS_H
#define TB_ITEMS_H

#include "value.h"

// A slice laid over [count] items: positions from, from + step, …; all inside.
typedef struct tb_span {
    int64_t from;
    int64_t step;
    int64_t count;
} tb_span;

// `object[index]`. Negative indices count from the end; a dict takes a key, an instance its
// `get_item`. Raises IndexError, KeyError, TypeError (no Int, or nothing that has items).
tb_value tb_get_item(tb_value object, tb_value index);
// `object[index] = value` for lists, dicts, instances with `set_item`. 0, or -1: raised.
int tb_set_item(tb_value object, tb_value index, tb_value value);
// `del object[index]` for lists and dicts. 0, or -1: raised.
int tb_del_item(tb_value object, tb_value index);

// `object[from:to:step]`; a part left out is None. Bounds clamp; a step of 0 is a ValueError.
tb_value tb_get_slice(tb_value object, tb_value from, tb_value to, tb_value step);
// `xs[from:to:step] = value` for lists; any iterable. With a step other than 1 the counts must
// agree (ValueError). 0, or -1: raised.
int tb_set_slice(tb_value object, tb_value from, tb_value to, tb_value step, tb_value value);
// `del xs[from:to:step]` for lists. 0, or -1: raised.
int tb_del_slice(tb_value object, tb_value from, tb_value to, tb_value step);
// Lays a slice over [count] items. 0, or -1: raised.
int tb_span_of(int64_t count, tb_value from, tb_value to, tb_value step, tb_span *out);

// `len(v)`, an Int. TypeError when [v] has no length.
tb_value tb_length(tb_value v);
// The same as a number, for `len`, which the message names; INT64_MIN: raised, or (OverflowError) a range beyond 64 bits.
int64_t tb_length_raw(tb_value v);

// Puts the [count] items of any iterable into [out]. 0, or -1: another number of them (ValueError).
int tb_unpack(tb_value v, int64_t count, tb_value *out);
// `[a, ...rest, b]`: the first [before] items, a List of the middle, the last [after] ones. 0 or
// -1.
int tb_unpack_rest(tb_value v, int64_t before, int64_t after, tb_value *out);

// An Int or Bool as an index. 0; -1: a TypeError for any other type, an IndexError for one beyond
// 64 bits.
int tb_index_from(tb_value index, int64_t *out);
// Raises IndexError: "index 9 is outside a List of 2 items". [one] names what is counted, as
// "item".
tb_value tb_index_error(int64_t index, const char *type, int64_t count, const char *one);

#endif
