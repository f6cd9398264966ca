// Fast versions of functions: Ints in int64_t instead of boxed.
//
// A hot function that computes with Ints gets two versions. The *slow* one is what lower made:
// Ints are boxed, of any size. The *fast* one is the same, command by command, with Ints kept raw
// in every variable that holds nothing else. Where a raw Int does not suffice (an overflow, a
// value beyond 62 bits, a division by zero) it leaves through an exit: it returns what the slow
// version returns, started at the RESUME that stands at the same place, with the variables that
// are live there. Nothing is done twice, so this is right for any code.
//
// A function whose Int parameters and result can be raw as well (`has_raw_form`) is called like
// that by fast versions; boxed code calls its entry, which emit writes.
#ifndef RAW_H
#define RAW_H

#include "ir.h"

// Makes the fast versions of a program whose unreachable parts are gone.
void raw_program(IrProgram *program);

#endif
