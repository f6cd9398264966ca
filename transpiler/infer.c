// The fixpoint, and printing what it found. Read infer.h for the idea; start at infer_program.
//
// The walk is the same in both phases: while it looks for the fixpoint it joins into cells, and
// once nothing grows any more it runs a last time over every function with `reporting` set, when
// cells stay as they are and mismatches are reported.
#include "infer_state.h"

// ----------------------------------------------------------------------------------- the fixpoint

static void walk_params(Infer *infer, FunctionInfo *function)
{
    for (int i = 0; i < function->params.count; i++) {
        Symbol *param = param_at(function, i);
        Node *value = param->node->as.param.default_value;
        Cell *cell = symbol_cell(infer, param);
        if (!value) continue;
        Type *type = infer_walk(infer, value);
        cell_join(infer, cell, type);
        check_variable(infer, param, type, value);
    }
}

static Node *last_statement(Node *body)
{
    while (body && body->kind == NODE_BLOCK)
        body = body->as.list.last;
    return body;
}

static void walk_body(Infer *infer, FunctionInfo *function)
{
    infer->function = function;
    function_facts(infer, function)->is_walked = true;
    if (function->is_extern) return;
    if (function->self)
        cell_join(infer, symbol_cell(infer, function->self),
                  type_make(&infer->types, KIND_BIT(TB_INSTANCE), function->cls));
    walk_params(infer, function);
    Node *body = function->node ? function->node->as.function.body : function->module->tree;
    if (!body) return;
    Type *type = infer_walk(infer, body);
    cell_join(infer, &function_facts(infer, function)->result, type);
    if (function->node && function->node->as.function.result && type->kinds &&
        last_statement(body) && infer_has_value(last_statement(body)))
        check_annotation(infer, function->node->as.function.result, type, last_statement(body),
                         "the result");
}

static void run_to_fixpoint(Infer *infer)
{
    for (int next = 0; next < infer->queue.count; next++) {
        FunctionInfo *function = infer->queue.items[next];
        function_facts(infer, function)->is_queued = false;
        walk_body(infer, function);
        if (next > 4096 &&
            next * 2 > infer->queue.count) { // keep the queue from growing with its history
            int left = infer->queue.count - next - 1;
            memmove(infer->queue.items, infer->queue.items + next + 1,
                    sizeof *infer->queue.items * (size_t)left);
            infer->queue.count = left;
            next = -1;
        }
    }
    infer->queue.count = 0;
}

// Functions nothing calls are checked too: their parameters simply hold nothing.
static void report_inner(Infer *infer, FunctionInfo *function)
{
    walk_body(infer, function);
    for (int i = 0; i < function->inner.count; i++)
        report_inner(infer, function->inner.items[i]);
    const FunctionFacts *facts = function_facts(infer, function);
    for (int i = 0; i < facts->copies.count; i++)
        report_inner(infer, facts->copies.items[i]);
}

static void report(Infer *infer)
{
    infer->reporting = true;
    for (int i = 0; i < infer->compiler->modules.count; i++) {
        struct Module *module = infer->compiler->modules.items[i];
        if (!module->is_library && module->top) report_inner(infer, module->top);
    }
    infer->reporting = false;
}

void infer_program(Compiler *compiler)
{
    Infer *infer = ARENA_NEW(&compiler->arena, Infer);
    infer->compiler = compiler;
    compiler->infer = infer;
    types_init(&infer->types, &compiler->arena);
    infer->types.infer = infer;
    for (int i = 0; i < compiler->modules.count; i++) {
        struct Module *module = compiler->modules.items[i];
        if (!module->is_library && module->top) reach_function(infer, module->top);
    }
    if (compiler->main->calls_main) function_escapes(infer, compiler->main->main_symbol->function);
    run_to_fixpoint(infer);
    report(infer);
}

// ------------------------------------------------------------------------------------------
// printing

static void print_symbol(Compiler *compiler, FILE *out, const Symbol *symbol, const char *what)
{
    fprintf(out, "    %s %s: %s\n", what, symbol->name->text,
            type_text_deep(&compiler->infer->types, infer_symbol_type(compiler, symbol)));
}

static const char *how_called(const FunctionInfo *function)
{
    const FunctionFacts *facts = function->facts;
    if (!facts || (!facts->is_reached && !facts->copies.count)) return " (never called)";
    if (facts->original) return " (for one call)";
    return facts->is_reached ? "" : " (only as below)";
}

static void print_function(Compiler *compiler, FILE *out, FunctionInfo *function)
{
    const char *name = function->name   ? function->name->text
                       : function->node ? "a lambda"
                                        : "the top level";
    Span span = function->node ? function->node->span : (Span){0, 0};
    Position at = source_position(function->module->source, span.start);
    fprintf(out, "%s%s%s, %s:%u -> %s%s\n", function->cls ? function->cls->name->text : "",
            function->cls ? "." : "", name, function->module->source->path, at.line,
            type_text_deep(&compiler->infer->types, infer_result_type(compiler, function)),
            how_called(function));
    for (int i = 0; i < function->params.count; i++)
        print_symbol(compiler, out, function->params.items[i], "parameter");
    const struct Module *module = function->module;
    bool is_top = !function->node;
    for (int i = 0; i < (is_top ? module->globals.count : function->locals.count); i++)
        print_symbol(compiler, out, is_top ? module->globals.items[i] : function->locals.items[i],
                     "variable");
    for (int i = 0; i < function->inner.count; i++)
        print_function(compiler, out, function->inner.items[i]);
    const FunctionFacts *facts = function->facts;
    for (int i = 0; facts && i < facts->copies.count; i++)
        print_function(compiler, out, facts->copies.items[i]);
}

static void print_classes(Compiler *compiler, FILE *out)
{
    for (int i = 0; i < compiler->infer->classes.count; i++) {
        ClassInfo *cls = compiler->infer->classes.items[i];
        if (cls->native) continue;
        fprintf(out, "class %s\n", cls->name->text);
        const ClassFacts *facts = cls->facts;
        for (int f = 0; f < facts->fields.count; f++)
            fprintf(out, "    field %s: %s\n", facts->fields.items[f]->name->text,
                    type_text_deep(&compiler->infer->types,
                                   infer_field_type(compiler, facts->fields.items[f])));
    }
}

void infer_print(Compiler *compiler, FILE *out)
{
    print_classes(compiler, out);
    for (int i = 0; i < compiler->modules.count; i++) {
        struct Module *module = compiler->modules.items[i];
        if (!module->is_library && module->top) print_function(compiler, out, module->top);
    }
}
