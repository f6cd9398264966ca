// Passes over the IR. Each leaves the program meaning the same and the verifier content.
#ifndef OPT_H
#define OPT_H

#include "ir.h"

// Runs all passes:
//   failures   which functions cannot fail, so that their callers need no check
//   simplify   drops handlers that nothing goes to and moves from one temporary to the next
//   reach      keeps only the functions and data that the program's start can reach
void opt_program(IrProgram *program);

// Counts for each variable of [function], whose counts are 0, what gives it a value and what
// mentions it; also finds out whether a closure's own captured values are used.
void opt_count_uses(IrFunction *function);

#endif
