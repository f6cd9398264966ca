// Ranges: arithmetic progressions of Ints that are never written out.
//
// The bounds may be Ints of any size. Nearly always everything fits int64_t; tb_range_raw then
// gives the three numbers a counting loop needs.
#ifndef TB_RANGE_H
#define TB_RANGE_H

#include "value.h"

struct tb_range {
    tb_class *cls;
    tb_value from; // Ints
    tb_value to;   // the first one not included
    tb_value step; // not 0
    tb_value length;
};

typedef struct tb_range_numbers {
    int64_t first;
    int64_t step;
    int64_t count; // 0 or more; every item of the range fits int64_t
} tb_range_numbers;

// `range(from, to, step)`. A [step] of None or TB_MISSING is 1. TB_PENDING: one is no Int
// (TypeError), the step is 0 (ValueError).
tb_value tb_range_new(tb_value from, tb_value to, tb_value step);
// `from..to`, both ends included.
tb_value tb_range_inclusive(tb_value from, tb_value to);

// 1 and the numbers of the range when they fit; 0: use the values.
int tb_range_raw(const tb_range *range, tb_range_numbers *out);
// The number of items, an Int.
static inline tb_value tb_range_length(const tb_range *range)
{
    return range->length;
}
// The item at [index], an Int, negative from the end. Raises IndexError.
tb_value tb_range_get(const tb_range *range, tb_value index);
// The item at [index], an Int known to lie inside.
tb_value tb_range_at(const tb_range *range, tb_value index);
// `range[from:to:step]`, each an Int or None, as a Range. Raises as tb_get_slice does.
tb_value tb_range_slice(const tb_range *range, tb_value from, tb_value to, tb_value step);
// The same items from last to first, as a Range.
tb_value tb_range_reversed(const tb_range *range);
// Whether a value is one of the items; numbers of any type. 1, 0, or -1: raised.
int tb_range_contains(const tb_range *range, tb_value item);
// Where [item], which is in the range, stands: an Int. Absence is a ValueError.
tb_value tb_range_index(const tb_range *range, tb_value item);
// Ranges are equal when they give the same items. 1, 0, or -1: raised.
int tb_range_equal(const tb_range *a, const tb_range *b);

#endif
