// What a program hands to the runtime, and how it is run.
#ifndef TB_PROGRAM_H
#define TB_PROGRAM_H

#include "error.h"

// A source line that messages may show.
typedef struct tb_source_line {
    int32_t number;
    const char *text; // without its newline
} tb_source_line;

// What messages need to know about a module. A module with neither text nor lines is shown by
// position only.
typedef struct tb_source {
    const char *file;            // as in tb_fn_info.file; compared by content
    const char *text;            // the whole text, in memory runs; or NULL
    const tb_source_line *lines; // else the lines errors can point at, by rising number; or NULL
    int64_t line_count;
} tb_source;

typedef struct tb_program {
    const char *name;
    int (*start)(void); // runs the top level of the main module; 0, or -1: an error is pending
    const tb_source *sources; // one for each module
    int64_t source_count;
} tb_program;

// What the two tiers of a program share, in the same order in both: the addresses of its data,
// which the first defines, and of its functions, which both have.
typedef struct tb_tier {
    const void *const *shared; // of the first tier
    int64_t shared_count;
    const tb_code *code;
    int64_t code_count;
    int64_t loop_count; // the last of them, which go on from a loop's head
} tb_tier;

// Runs [program] from start to end: collector, big stack, the program itself, a report of an error
// that nobody caught, flushing. argv[0] is the program, the rest are its arguments. Returns the
// exit status (0, 1, or what `exit` was given) and leaves the process able to run another program.
int tb_run(const tb_program *program, int argc, char **argv);

// The last acts of a program, on its stack: runs finalizers, writes out what standard output and
// open files still hold. 0, or -1: a failure, which was reported.
int tb_program_end(void);

// The arguments the program was started with, its own name left out: a List of Strings. What is not
// UTF-8 in them is replaced. May raise MemoryError.
tb_value tb_program_args(void);

#endif
