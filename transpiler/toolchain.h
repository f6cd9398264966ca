// From C text to something that runs: an executable through the system's C compiler, or code in
// this process through libtcc. What a C compiler says is never shown: a complaint means that Tombo
// made bad C, and the message then names the Tombo line it came from.
#ifndef TOOLCHAIN_H
#define TOOLCHAIN_H

#include "message.h"

// A variable that the C text declares `extern`: a name of the prompt's session.
typedef struct CVariable {
    const char *c_name;
    const char *name; // in Tombo; NULL: takes the value of the entry
    void *address;    // to be filled in by the session
} CVariable;

// Address space for the code of programs that come one after the other and go together: the entries
// of the prompt. One root of the collector.
typedef struct CodeSpace {
    char *start;
    size_t size;
    size_t used;
} CodeSpace;

// A program in C, and what it needs beside the runtime.
typedef struct CProgram {
    const char *text;
    size_t size;
    const char *name;             // of the program, for the names of kept files
    const char *const *libraries; // of `extern "m"`: "m"
    int library_count;
    const char *const *externals; // C functions that are not the runtime's
    int external_count;
    CVariable *variables; // of the prompt
    int variable_count;
    CodeSpace *space; // where the code goes; NULL: pages of its own
} CProgram;

typedef struct BuildOptions {
    const char *output;   // the executable
    const char *compiler; // of --cc; NULL: the first of gcc, cc and clang there is
    const char *target;   // of --target, like "aarch64-linux-gnu"; NULL: this machine
    bool is_debug;        // for gdb: unoptimised, with the debugger's tables
    bool has_lines;       // tables that lead from addresses to lines, optimised all the same
    bool is_static;
    bool is_sanitized; // under ASan and UBSan, with a heap that never frees
    bool keeps_c;      // leaves the C text as OUTPUT.c
    bool drops_bad_c;  // C text that the compiler refuses is not kept for a report
    bool is_object;    // the output is an object file for toolchain_load_object
} BuildOptions;

// The C compiler that builds use: the first of gcc, cc and clang there is; NULL if there is none.
const char *toolchain_compiler(Arena *arena);

// The folder of the runtime library and its headers: ../lib/tombo beside this executable's folder.
// NULL, with errno set, when that cannot be told.
const char *toolchain_home(Arena *arena);

// Builds the executable. Says what went wrong and returns the status to end with: STATUS_REJECTED
// where the user can mend it (no compiler, no such library), STATUS_FAILED where files cannot be
// written, STATUS_INTERNAL for bad C.
ExitStatus toolchain_build(const Messages *messages, const CProgram *program,
                           const BuildOptions *options);

// Reserves address space for code; false when there is none.
bool code_space_open(CodeSpace *space);

// Takes [size] zeroed bytes that the collector sees; NULL when the space is full.
void *code_space_take(CodeSpace *space, size_t size);

// Gives the memory back: nothing in it may be used any more. It can be filled anew.
void code_space_clear(CodeSpace *space);

// A program in this process's memory, ready to run.
typedef struct tb_program LoadedProgram;
// What one of its two tiers shares with the other (runtime/program.h).
typedef struct tb_tier LoadedTier;

// Compiles the program, which must define the tb_program `tb_main_program`, into memory that stays
// until the process ends. Opens no file but the libraries the program names. On success *loaded is
// the program and *tier, if wanted, its table of what is shared; NULL: it has none.
ExitStatus toolchain_load(const Messages *messages, const CProgram *program,
                          const LoadedProgram **loaded, const LoadedTier **tier);

// Code that toolchain_load_object has placed in memory.
typedef struct LoadedObject {
    const LoadedTier *tier;
    void *code;
    size_t size;
} LoadedObject;

// Places an object file of [size] bytes, made of a program's second text, where it names the data
// of the [first]. False when it does not fit. May run beside the program; says nothing.
bool toolchain_load_object(const void *bytes, size_t size, const LoadedTier *first,
                           LoadedObject *loaded);

// Runs it with these arguments, argv[0] being the program, and returns its exit status.
int toolchain_run(const LoadedProgram *loaded, int argc, char **argv);

#endif
