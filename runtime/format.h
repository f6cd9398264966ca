// f"{value:spec}": Python's format mini-language for Ints, Floats, Bools and Strings.
//
//     [[fill]align][sign][z][#][0][width][grouping][.precision][type]
//
//     align      `<` `>` `^` `=` (`=`: the filling goes between sign and digits)
//     grouping   `,` or `_`
//     type       Ints: b c d n o x X; Floats, and Ints turned into one: e E f F g G n %; Strings: s
//
// A Bool counts as the Int 0 or 1 unless the spec is empty. An instance, or an object of a library,
// that has a to_string is formatted as that String. With an empty spec any value gives its text.
#ifndef TB_FORMAT_H
#define TB_FORMAT_H

#include "value.h"

// The text of [v] by [spec], a String. TB_PENDING: ValueError for a spec that is malformed or does
// not suit the value, TypeError for values of other types, OverflowError for an Int too large for a
// Float, and what a to_string raises.
tb_value tb_format(tb_value v, tb_value spec);

#endif
