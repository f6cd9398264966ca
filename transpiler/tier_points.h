// Loop heads as places where a running program changes over to optimised code.
//
// `tombo run` compiles a program twice: at once with libtcc, and behind its back with the system's
// C compiler. When the second text is ready, calls go to its functions, but a loop that is running
// would stay in the first. So each loop's POLL gets an exit: the variables that are live there. The
// first text returns what LOOP(number, &variables) returns, a function of the second text that is a
// copy of the same version of the same function and begins at that loop.
//
// A loop that does not begin with POLL has no such place, and neither has a function with loops too
// deep for live.h; they run on as they are until they return.
#ifndef TIER_POINTS_H
#define TIER_POINTS_H

#include "ir.h"

// Finds the places, in all versions of functions. Both texts must come from the same places.
void tier_find_points(IrProgram *program);

// The exit at a loop's head; NULL for what is no loop or has none.
const IrExit *tier_point_of(const IrOp *op);

#endif
