// The pass list. Each pass is one call from data to data; the driver stops behind the first that
// reported errors.

#include "driver.h"

#include <string.h>

#include "deep.h"
#include "drop.h"
#include "emit.h"
#include "files.h"
#include "infer.h"
#include "lexer.h"
#include "lower.h"
#include "opt.h"
#include "own.h"
#include "parser.h"
#include "raw.h"
#include "resolve.h"
#include "tier_points.h"
#include "view.h"

const char *const stage_names[STAGE_COUNT] = {
    [STAGE_LEXER] = "lexer", [STAGE_PARSER] = "parser", [STAGE_RESOLVE] = "resolve",
    [STAGE_INFER] = "infer", [STAGE_LOWER] = "lower",   [STAGE_C] = "c",
};

// The program's name: what its file is called, without folder and extension.
static const char *program_name(Compilation *compilation)
{
    const char *path = compilation->source->path;
    if (compilation->compiler.options.is_repl) return "repl";
    return path[0] == '<' ? "program" : file_stem(&compilation->compiler.arena, path);
}

// An entry of the prompt that nobody will go on with is parsed anew, as a file, to say what it
// lacks.
static Node *parse_text(Compilation *compilation)
{
    Compiler *compiler = &compilation->compiler;
    bool is_repl = compiler->options.is_repl, is_incomplete = false;
    Node *tree =
        parse_module(&compiler->arena, &compiler->names, &compiler->diags, compilation->source,
                     (ParserOptions){.is_repl = is_repl}, &is_incomplete);
    if (!is_incomplete) return tree;
    return parse_module(&compiler->arena, &compiler->names, &compiler->diags, compilation->source,
                        (ParserOptions){0}, NULL);
}

static void parse(Compilation *compilation)
{
    Compiler *compiler = &compilation->compiler;
    const char *name = program_name(compilation);
    Module *module = ARENA_NEW(&compiler->arena, Module);
    module->name = name_from(&compiler->names, name);
    module->path = name;
    module->source = compilation->source;
    module->is_main = true;
    module->tree = parse_text(compilation);
    compilation->module = module;
    compiler->main = module;
    VEC_PUSH(&compiler->arena, compiler->modules, module);
}

// What the prompt's session calls a variable: a module's has the module's file before its name.
static const char *session_name(Compilation *compilation, const Symbol *symbol)
{
    const Module *module = symbol->module;
    if (module->is_main || !module->source) return symbol->name->text;
    return arena_format(&compilation->compiler.ir_arena, "%s:%s", module->source->path,
                        symbol->name->text);
}

// The names of the prompt's session that the C text refers to.
static void describe_variables(Compilation *compilation)
{
    const Compiler *compiler = &compilation->compiler;
    const IrProgram *program = compilation->program;
    VEC(CVariable) variables = {0};
    for (int i = 0; i < program->globals.count; i++) {
        const Symbol *symbol = program->globals.items[i];
        if (!symbol->is_session || symbol->repr != REPR_VALUE) continue;
        const char *name = symbol == compiler->shown ? NULL : session_name(compilation, symbol);
        CVariable variable = {.c_name = symbol->c_name, .name = name};
        VEC_PUSH(&compilation->compiler.ir_arena, variables, variable);
    }
    compilation->c.variables = variables.items;
    compilation->c.variable_count = variables.count;
}

// What the toolchain needs to know of the program.
static void describe(Compilation *compilation)
{
    IrProgram *program = compilation->program;
    VEC(const char *) externals = {0};
    for (int i = 0; i < program->routines.count; i++) {
        const char *name = program->routines.items[i]->c_name;
        if (strncmp(name, "tb_", 3) != 0)
            VEC_PUSH(&compilation->compiler.ir_arena, externals, name);
    }
    compilation->c = (CProgram){
        .text = compilation->c_text.bytes,
        .size = compilation->c_text.size,
        .name = program_name(compilation),
        .libraries = program->link_libraries.items,
        .library_count = program->link_libraries.count,
        .externals = externals.items,
        .external_count = externals.count,
    };
}

static EmitTier tier_of(Purpose purpose)
{
    if (purpose == PURPOSE_FIRST) return TIER_FIRST;
    return purpose == PURPOSE_SECOND ? TIER_SECOND : TIER_ALONE;
}

static void emit(Compilation *compilation)
{
    Purpose purpose = compilation->purpose;
    EmitOptions options = {
        .line_directives = purpose != PURPOSE_SHOW && purpose != PURPOSE_TIMING,
        .is_memory = purpose == PURPOSE_MEMORY || tier_of(purpose) != TIER_ALONE,
        .is_measured = purpose == PURPOSE_TIMING || purpose == PURPOSE_SURVEY,
        .tier = tier_of(purpose),
        .version = TOMBO_VERSION,
    };
    compilation->c_text = emit_program(compilation->program, options);
    describe(compilation);
    describe_variables(compilation);
}

static void run_pass(Compilation *compilation, Stage stage)
{
    Compiler *compiler = &compilation->compiler;
    switch (stage) {
    case STAGE_LEXER:
        break; // the parser asks for token after token
    case STAGE_PARSER:
        parse(compilation);
        break;
    case STAGE_RESOLVE:
        resolve_module(compiler, compilation->module);
        break;
    case STAGE_INFER:
        infer_program(compiler);
        break;
    case STAGE_LOWER:
        compilation->program = lower_program(compiler);
        opt_program(compilation->program);
        if (compilation->purpose != PURPOSE_DEBUG) {
            raw_program(compilation->program);
            view_program(compilation->program);
            own_program(compilation->program);
            drop_program(compilation->program);
            if (tier_of(compilation->purpose) != TIER_ALONE) tier_find_points(compilation->program);
        }
        break;
    case STAGE_C:
        emit(compilation);
        break;
    case STAGE_COUNT:
        break;
    }
}

static int run_passes(void *compilation_pointer)
{
    Compilation *compilation = compilation_pointer;
    for (int stage = compilation->done_count; stage <= (int)compilation->last; stage++) {
        run_pass(compilation, (Stage)stage);
        compilation->done_count++;
        if (compilation->compiler.diags.error_count > 0) return false;
    }
    return true;
}

static int print(void *compilation_pointer)
{
    Compilation *compilation = compilation_pointer;
    Compiler *compiler = &compilation->compiler;
    FILE *out = compilation->out;
    switch (compilation->last) {
    case STAGE_LEXER:
        tokens_print(&compiler->arena, &compiler->names, &compiler->diags, compilation->source,
                     out);
        break;
    case STAGE_PARSER:
        ast_print(compilation->module->tree, compilation->source, out);
        break;
    case STAGE_RESOLVE:
        resolve_print(compiler, compilation->module, out);
        break;
    case STAGE_INFER:
        infer_print(compiler, out);
        break;
    case STAGE_LOWER:
        ir_print(compilation->program, out);
        break;
    case STAGE_C:
        fwrite(compilation->c.text, 1, compilation->c.size, out);
        break;
    case STAGE_COUNT:
        break;
    }
    return 0;
}

bool driver_read(Compilation *compilation, Input input)
{
    *compilation = (Compilation){0};
    Compiler *compiler = &compilation->compiler;
    compiler_init(compiler, (CompilerOptions){0});
    compiler->options.main_directory = input.code ? "." : file_folder(&compiler->arena, input.path);
    compilation->source =
        input.code ? source_from_text(&compiler->texts, input.path, input.code, strlen(input.code))
                   : source_read(&compiler->texts, input.path);
    return compilation->source != NULL;
}

bool driver_compile(Compilation *compilation, Stage last, Purpose purpose)
{
    compilation->last = last;
    compilation->purpose = purpose;
    compilation->compiler.options.keeps_variables = purpose == PURPOSE_SURVEY;
    return deep_call(run_passes, compilation);
}

void driver_print(Compilation *compilation, FILE *out)
{
    compilation->out = out;
    if (compilation->done_count > (int)compilation->last) deep_call(print, compilation);
}

void driver_free(Compilation *compilation)
{
    bool is_memory =
        compilation->purpose == PURPOSE_MEMORY || compilation->purpose == PURPOSE_FIRST;
    if (is_memory) compilation->compiler.texts = (Arena){0};
    compiler_free(&compilation->compiler);
    text_free(&compilation->c_text);
}
