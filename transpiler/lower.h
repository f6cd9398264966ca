// Typed tree to IR: every expression becomes a few flat commands, every conversion between raw and
// boxed values and every check becomes visible.
#ifndef LOWER_H
#define LOWER_H

#include "ir.h"

// Lowers everything reachable. Needs a compilation without errors, after infer_program.
IrProgram *lower_program(Compiler *compiler);

#endif
