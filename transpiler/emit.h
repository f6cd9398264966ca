// IR to C: text that reads as if a patient colleague had written it, the same for the same program
// every time.
#ifndef EMIT_H
#define EMIT_H

#include "ir.h"
#include "text.h"

// Which of the two texts of a program that changes over while it runs (tier_points.h).
typedef enum EmitTier {
    TIER_ALONE,  // neither: it stays with what it was compiled to
    TIER_FIRST,  // libtcc's, which defines the data
    TIER_SECOND, // the C compiler's: functions on the first one's data
} EmitTier;

typedef struct EmitOptions {
    bool line_directives; // `#line` before statements (builds); else the Tombo line as a comment
    bool is_memory;       // for libtcc in this very process: no `main`
    bool is_measured;     // `main` has the program measure itself
    EmitTier tier;
    const char *version; // of Tombo, for the header comment
} EmitOptions;

// The whole program as one C text with a NUL behind it, which the caller frees.
Text emit_program(IrProgram *program, EmitOptions options);

#endif
