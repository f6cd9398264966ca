// Lists that die with the one variable that held them: their memory is given back at once.
//
// `let work = order[:]` makes a list that the function reads and writes and then forgets. The
// collector would find that out in the end, but meanwhile each call takes fresh memory, which is
// dear: it is in no cache. Where nobody else can have got hold of the list, a command behind the
// last one that mentions it gives its block to the next list of that size. It is only ever missing
// where the function is left in another way, by an error say; then the collector is there.
#ifndef DROP_H
#define DROP_H

#include "ir.h"

// Adds these commands to all functions but the slow versions (raw.h), which are entered in the
// middle: what comes along there need not have been made yet.
void drop_program(IrProgram *program);

#endif
