// The passes, in order, from a program's text to C.
#ifndef DRIVER_H
#define DRIVER_H

#include "compiler.h"
#include "text.h"
#include "toolchain.h"

// What a compilation can stop after, named as in `tombo emit --after=`.
typedef enum Stage {
    STAGE_LEXER,
    STAGE_PARSER,
    STAGE_RESOLVE,
    STAGE_INFER,
    STAGE_LOWER,
    STAGE_C,
    STAGE_COUNT
} Stage;

// The stages' names.
extern const char *const stage_names[STAGE_COUNT];

// Where a program's text comes from.
typedef struct Input {
    const char *path; // "-": standard input
    const char *code; // of -e; NULL: read `path`
} Input;

// What the C text is for.
typedef enum Purpose {
    PURPOSE_BUILD,  // a C compiler: with #line and `main`
    PURPOSE_DEBUG,  // the same for a debugger: each function once, every variable as it is named
    PURPOSE_TIMING, // a C compiler, for a program that measures its time: lines as comments
    PURPOSE_SURVEY, // the same as BUILD for one that measures its memory: the variables of its top
                    // level last until it has ended
    PURPOSE_MEMORY, // libtcc
    PURPOSE_FIRST,  // libtcc, for a program that changes over to optimised code while it runs
    PURPOSE_SECOND, // a C compiler, for what such a program changes over to
    PURPOSE_SHOW,   // a reader: Tombo lines as comments
} Purpose;

typedef struct Compilation {
    Compiler compiler;
    Source *source;
    Purpose purpose;
    Stage last;                // to be reached
    int done_count;            // stages behind us
    struct Module *module;     // from STAGE_PARSER on
    struct IrProgram *program; // from STAGE_LOWER on
    Text c_text;               // what `c` shows
    CProgram c;                // from STAGE_C on
    FILE *out;                 // of driver_print
} Compilation;

// Reads the program's text. False, with errno set, when that fails; the compilation is usable for
// nothing then.
bool driver_read(Compilation *compilation, Input input);

// Runs the passes up to and including [last], on a large stack; those that ran already do not run
// again. Stops behind a pass that reported
// errors and returns false; they are in compilation->compiler.diags, as warnings are.
bool driver_compile(Compilation *compilation, Stage last, Purpose purpose);

// Writes what the stage asked for made of the program; nothing if it was not reached. Printing
// tokens is what reads them: mistakes in them are reported now.
void driver_print(Compilation *compilation, FILE *out);

// Gives everything back, the C text included; but what was compiled for memory keeps the texts of
// its sources, which it may show lines of for as long as the process lasts.
void driver_free(Compilation *compilation);

#endif
