// Copies of functions: the same code over variables of its own, so that a later pass can know more
// about it than about the function in general.
#ifndef CLONE_H
#define CLONE_H

#include "resolve.h"

// A copy of [function] and of those in it, after resolve: tree, variables and parameters are new,
// what it captures is the same, and nothing is known of it yet. [function] must not have classes in
// it, nor be extern or a top level.
FunctionInfo *clone_function(Arena *arena, const FunctionInfo *function);

#endif
