// Variables that own their Int: nothing else ever refers to the block of a big Int they hold.
//
// Arithmetic makes a new block for each big result. In a loop over long numbers most of them are
// dead a moment later, and waiting for the collector costs more than the arithmetic. Where a
// variable owns its Int, emit gives the old block back when the variable gets a new value.
#ifndef OWN_H
#define OWN_H

#include "ir.h"

// Sets `owns_int` of the variables of the slow versions (raw.h), which are where big Ints live.
void own_program(IrProgram *program);

#endif
