// One compilation's memory: everything hangs from its arenas and goes with them.
#include "compiler.h"

#include "library.h"

void compiler_init(Compiler *compiler, CompilerOptions options)
{
    *compiler = (Compiler){.options = options};
    names_init(&compiler->names, &compiler->arena);
    diags_init(&compiler->diags, &compiler->arena);
    compiler->library = library_new(&compiler->arena);
}

void compiler_free(Compiler *compiler)
{
    arena_free(&compiler->arena);
    arena_free(&compiler->ir_arena);
    arena_free(&compiler->texts);
}
