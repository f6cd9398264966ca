// What one compilation shares: its memory, names, messages, options and the modules it has read.
#ifndef COMPILER_H
#define COMPILER_H

#include "ast.h"
#include "diag.h"
#include "map.h"
#include "names.h"
#include "vec.h"

typedef struct CompilerOptions {
    const char *main_directory; // where `modules/` is looked for: the folder of the main file
    bool is_repl;               // names in function bodies may be unknown until they run
    bool is_check_only;
    bool keeps_variables; // those of the top level keep their values until the program has ended
} CompilerOptions;

typedef struct Library Library; // library.h
typedef struct Session
    Session; // session.h: the prompt's surviving names; NULL for ordinary programs

typedef struct Compiler {
    Arena arena;    // tree, symbols, types
    Arena ir_arena; // IR and generated text
    Arena texts;    // the sources; a program in memory shows lines of them when it fails
    Names names;
    Diags diags;
    CompilerOptions options;
    VEC(struct Module *)
    modules; // in the order their top levels are first imported; library modules included
    struct Module *main;
    Library *library;
    Session *session;
    // The symbol an earlier entry of the prompt made for a name, or NULL; NULL itself for ordinary
    // programs.
    Symbol *(*find_session_name)(Session *session, Name *name);
    // Offers the names of earlier entries to a search for the nearest spelling; NULL as above.
    void (*offer_session_names)(Session *session, Nearest *nearest);
    Symbol *shown;           // at the prompt: takes the value of the entry
    struct Resolve *resolve; // what resolving modules share: resolve_state.h
    struct Infer *infer;     // what inference found; infer.h reads it
} Compiler;

// Makes [compiler] ready for a compilation: empty arenas and tables. What it points to lives in its
// arenas.
void compiler_init(Compiler *compiler, CompilerOptions options);

// Gives all memory of the compilation back.
void compiler_free(Compiler *compiler);

#endif
