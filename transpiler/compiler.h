// What one compilation shares: its memory, names, messages, options and the modules it has read.
#ifndef COMPILER_H
#define COMPILER_H

#include "ast.h"
#include "diag.h"
#include "names.h"
#include "map.h"
#include "vec.h"

typedef struct CompilerOptions {
    const char *main_directory; // where `modules/` is looked for: the folder of the main file
    bool is_repl;               // names in function bodies may be unknown until they run
    bool is_check_only;
} CompilerOptions;

typedef struct Library Library; // library.h
typedef struct Session Session; // session.h: the prompt's surviving names; NULL for ordinary programs

typedef struct Compiler {
    Arena arena;    // tree, symbols, types
    Arena ir_arena; // IR and generated text
    Names names;
    Diags diags;
    CompilerOptions options;
    VEC(struct Module *) modules; // in the order their top levels are first imported; library modules included
    struct Module *main;
    Library *library;
    Session *session;
} Compiler;

void compiler_init(Compiler *compiler, CompilerOptions options);
void compiler_free(Compiler *compiler);

#endif
