// Liveness: which variables of a function can still be read, before and behind each of its
// commands. By the usual backward walk, over nested blocks instead of a graph; a loop's body is
// walked until what is live at its head stays the same.
#ifndef LIVE_H
#define LIVE_H

#include "ir.h"

#define LIVE_LOOPS_MAX 6 // loops inside one another; each may double the walk

// A set of variables: bit number `n - 1` is the variable with number n.
typedef uint64_t LiveWord;

typedef struct Live {
    Arena *arena;
    int word_count; // of a set
    Map before;     // IrOp * -> LiveWord *; of commands without blocks
    Map behind;
} Live;

// Finds what is live in [function], whose loops are at most LIVE_LOOPS_MAX deep.
void live_find(Live *live, Arena *arena, const IrFunction *function);

static inline bool live_has(const LiveWord *set, const IrVar *var)
{
    return set[(var->number - 1) / 64] >> ((var->number - 1) % 64) & 1;
}

#endif
