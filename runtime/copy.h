// Copies of values: of the container alone, or of everything in it.
#ifndef TB_COPY_H
#define TB_COPY_H

#include "value.h"

// `copy(v)`: a new list, dict, set or instance with the same contents; anything else is itself.
tb_value tb_copy(tb_value v);
// `deepcopy(v)`: a copy of everything that can change and is reachable through lists, tuples,
// dicts, sets and fields. What occurs twice, or contains itself, does so in the copy too.
// Functions, classes, modules, iterators and library objects are shared. TB_PENDING: raised.
tb_value tb_deep_copy(tb_value v);

#endif
