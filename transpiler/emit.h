// IR to C: text that reads as if a patient colleague had written it, the same for the same program
// every time.
#ifndef EMIT_H
#define EMIT_H

#include "ir.h"
#include "text.h"

typedef struct EmitOptions {
    bool line_directives; // `#line` before statements (builds); else the Tombo line as a comment
    bool is_memory;       // for libtcc in this very process: no `main`
    bool is_measured;     // `main` has the program measure itself
    const char *version;  // of Tombo, for the header comment
} EmitOptions;

// The whole program as one C text with a NUL behind it, which the caller frees.
Text emit_program(IrProgram *program, EmitOptions options);

#endif
