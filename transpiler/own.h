// Variables that own their Int: nothing else ever refers to the block of a big Int they hold.
//
// Arithmetic makes a new block for each big result. In a loop over long numbers most of them are
// dead a moment later, and waiting for the collector costs more than the arithmetic. So an operation
// that is the last to want an operand is told so, and puts its result in that operand's block; and
// where an owning variable gets a new value, emit gives back the old block.
#ifndef OWN_H
#define OWN_H

#include "ir.h"

// Sets `owns_int` of the variables and `spent` of the commands of the slow versions (raw.h), which
// are where big Ints live.
void own_program(IrProgram *program);

#endif
