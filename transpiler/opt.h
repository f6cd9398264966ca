// Passes over the IR. Each leaves the program meaning the same and the verifier content.
#ifndef OPT_H
#define OPT_H

#include "ir.h"

// Runs all passes:
//   failures   which functions cannot fail, so that their callers need no check
void opt_program(IrProgram *program);

#endif
