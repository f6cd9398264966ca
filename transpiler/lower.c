// The frame of lower: classes, the top levels of modules, and the program. Start at lower_program.
#include "lower.h"

#include "lower_state.h"

// ---- classes

void lower_use_class(Lower *lower, ClassInfo *cls)
{
    if (cls->lowered || cls->native) return;
    cls->lowered = cls;
    if (cls->base) lower_use_class(lower, cls->base);
    VEC_PUSH(lower->arena, lower->program->classes, cls);
    const ClassFacts *facts = infer_class_facts(cls);
    for (int i = 0; i < facts->fields.count; i++)
        lower_name_literal(lower, facts->fields.items[i]->name);
    for (int i = 0; i < cls->methods.count; i++) {
        lower_name_literal(lower, cls->methods.items[i]->name);
        lower_function_value(lower, lower_function_for(lower, cls->methods.items[i]));
    }
}

IrOperand lower_class_value(Lower *lower, ClassInfo *cls, Span span)
{
    if (!cls->is_closure) lower_use_class(lower, cls);
    if (!cls->is_closure && !cls->symbol->is_session) return operand_class(cls);
    Node name = {.kind = NODE_NAME, .span = span, .as.name = {cls->name, cls->symbol}};
    return lower_read(lower, cls->symbol, &name);
}

// Whether the base may have been made by an earlier entry of the prompt: a class of the library.
static bool has_session_base(const ClassInfo *cls)
{
    const ClassInfo *base = cls->base;
    return base && base->symbol->is_session && base->module->is_library;
}

IrOperand lower_base(Lower *lower, ClassInfo *cls, Span span)
{
    if (cls->base_variable) return LOWER_ROUTINE(lower, CLASS_BASE, span, operand_class(cls));
    // One of the same entry of the prompt stays the base, whatever its name means later.
    bool is_here = !cls->base->is_closure && !has_session_base(cls);
    if (is_here && cls->base->symbol && cls->base->symbol->is_session)
        return operand_class(cls->base);
    return lower_class_value(lower, cls->base, span);
}

// What a class statement does when it runs: links the class with its base and sets its variables.
static void make_class(Lower *lower, ClassInfo *cls, IrOperand object, Span span)
{
    if (cls->base_variable)
        LOWER_ROUTINE(lower, CLASS_EXTEND, cls->node->as.class_.base->span, object,
                      lower_value(lower, cls->node->as.class_.base));
    else if (has_session_base(cls))
        LOWER_ROUTINE(lower, CLASS_EXTEND, span, object, lower_class_value(lower, cls->base, span));
    LOWER_ROUTINE(lower, CLASS_READY, span, object);
    for (Node *item = cls->node->as.class_.body.first; item; item = item->next) {
        if (item->kind != NODE_LET || item->as.assign.target->kind != NODE_NAME) continue;
        Node *value = item->as.assign.value;
        IrOperand operand = value ? lower_value(lower, value) : operand_none();
        LOWER_ROUTINE(lower, CLASS_SET, item->span, object,
                      operand_name(lower, item->as.assign.target->as.name.name), operand);
    }
}

// A class that keeps variables is a copy of the static one, for this execution of its statement.
// Its own methods may name it: the variable has it before they become closures.
static IrOperand copy_class(Lower *lower, ClassInfo *cls, Span span)
{
    bool has_own_base = cls->base && cls->base->is_closure;
    IrOperand base = has_own_base ? lower_class_value(lower, cls->base, span) : operand_missing();
    IrOperand object = LOWER_ROUTINE(lower, CLASS_COPY, span, operand_class(cls), base);
    lower_write(lower, cls->symbol, object, false, span);
    for (int i = 0; i < cls->methods.count; i++) {
        FunctionInfo *method = cls->methods.items[i];
        if (!method->captures.count) continue;
        LOWER_ROUTINE(lower, CLASS_SET_METHOD, span, object, operand_name(lower, method->name),
                      lower_closure(lower, method, span));
    }
    return object;
}

void lower_class_statement(Lower *lower, Node *node)
{
    ClassInfo *cls = node->as.class_.info;
    lower_use_class(lower, cls);
    IrOperand object = cls->is_closure ? copy_class(lower, cls, node->span) : operand_class(cls);
    if (cls->symbol->is_session && !cls->is_closure)
        lower_write(lower, cls->symbol, object, true, node->span);
    make_class(lower, cls, object, node->span);
}

// ---- top levels

static IrFunction *top_level_part(Lower *lower, FunctionInfo *top, int number, Span span)
{
    const char *c_name = arena_format(lower->arena, number ? "%s__top_%d" : "%s__top",
                                      lower_module_prefix(top->module), number + 1);
    IrFunction *function = lower_new_function(lower, c_name, "", top->module, span);
    function->info = top;
    function->result = REPR_NONE;
    return function;
}

static void call_part(Lower *lower, IrFunction *callee, Span span)
{
    lower_op(lower, IR_CALL, span, NULL, 0)->as.callee = callee;
}

// The last statement of an entry of the prompt, whose value is to be shown.
static void lower_shown(Lower *lower, Node *last)
{
    IrVar *value = lower_temp(lower, REPR_VALUE);
    Node block = {.kind = NODE_BLOCK, .span = last->span, .as.list = {last, last, 1}};
    lower_body_into(lower, &block, value);
    lower_write(lower, lower->compiler->shown, operand_var(value), false, last->span);
}

// Lowers statements [first, …) of a top level into [function], at most LOWER_TOP_LEVEL_PART;
// returns the next one.
static Node *lower_top_statements(Lower *lower, Node *first)
{
    int count = 0;
    bool shows = lower->compiler->options.is_repl && lower->module->is_main;
    for (; first && count < LOWER_TOP_LEVEL_PART; first = first->next, count++)
        if (shows && !first->next && !infer_never_ends(first))
            lower_shown(lower, first);
        else
            lower_statement(lower, first);
    return first;
}

static void finish_top(Lower *lower, IrFunction *function)
{
    lower_op(lower, IR_RETURN, function->span, NULL, 0);
    VEC_PUSH(lower->arena, lower->program->functions, function);
}

static void call_main(Lower *lower, FunctionInfo *top)
{
    FunctionInfo *main_info = top->module->main_symbol->function;
    IrFunction *callee = lower_function_for(lower, main_info);
    int count = main_info->params.count;
    IrVar *dst = callee->result == REPR_NONE ? NULL : lower_temp(lower, callee->result);
    IrOperand args = operand_none();
    if (count == 1 && main_info->rest_index < 0)
        args = LOWER_ROUTINE_0(lower, PROGRAM_ARGS, callee->span);
    else if (count >= 1)
        args = LOWER_ROUTINE_0(lower, LIST_FROM, callee->span);
    IrOp *call = lower_op(lower, IR_CALL, callee->span, dst, count);
    call->as.callee = callee;
    for (int i = 0; i < count; i++)
        call->args[i] = i ? operand_missing() : args;
}

static void prepare_globals(Lower *lower, FunctionInfo *top)
{
    struct Module *module = top->module;
    for (int i = 0; i < module->globals.count; i++) {
        Symbol *symbol = module->globals.items[i];
        if (lower_is_top_local(symbol) && symbol->may_be_unset)
            lower_move(lower, lower_local(lower, symbol), operand_missing(), symbol->span);
        if (!symbol->needs_cell) continue;
        lower_use_global(lower, symbol);
        IrVar *cell = lower_temp(lower, REPR_CELL);
        lower_make_cell(lower, symbol, cell, operand_missing());
        IrOp *op = lower_op(lower, IR_GLOBAL_SET, symbol->span, NULL, 1);
        op->args[0] = operand_var(cell);
        op->as.global = symbol;
    }
}

static Symbol *run_mark(Lower *lower, struct Module *module, Span span)
{
    Symbol *has_run = ARENA_NEW(lower->arena, Symbol);
    *has_run = (Symbol){.kind = SYMBOL_VARIABLE, .is_global = true, .module = module, .span = span};
    has_run->name = name_from(&lower->compiler->names, "has_run_");
    has_run->is_session = lower->compiler->options.is_repl;
    if (has_run->is_session) return has_run;
    Cell *cell = ARENA_NEW(lower->arena, Cell);
    cell->type = infer_types(lower->compiler)->kinds[TB_BOOL];
    has_run->facts = cell;
    return has_run;
}

// An imported module's top level runs once, however often it is imported. At the prompt the mark
// that it has is missing before.
static void run_once(Lower *lower, struct Module *module, Span span)
{
    Symbol *has_run = run_mark(lower, module, span);
    IrOperand mark = operand_var(lower_global_get(lower, has_run, span));
    bool is_session = has_run->is_session;
    if (is_session) mark = LOWER_ROUTINE(lower, IDENTICAL, span, mark, operand_missing());
    IrOp *branch = lower_if(lower, mark, span);
    IrBlock *former = lower_enter(lower, is_session ? branch->other : branch->body);
    lower_op(lower, IR_RETURN, span, NULL, 0);
    lower_enter(lower, former);
    lower_write(lower, has_run, operand_bool(true), true, span);
}

// At the prompt functions that the entry uses before their statements are there from the start.
static void make_prompt_functions(Lower *lower, const NodeList *statements)
{
    for (const Node *node = statements->first; node; node = node->next) {
        if (node->kind != NODE_FUNCTION) continue;
        FunctionInfo *info = node->as.function.info;
        const Symbol *symbol = info->symbol;
        if (symbol && symbol->is_session && symbol->is_hoisted && symbol->node == node)
            lower_write(lower, info->symbol, lower_closure(lower, info, node->span), true,
                        node->span);
    }
}

// A module's top level: one C function, or one that calls its parts in order.
static IrFunction *lower_top_level(Lower *lower, FunctionInfo *top)
{
    if (top->lowered) return top->lowered;
    NodeList *statements = &top->module->tree->as.list;
    Span span = top->module->tree->span;
    IrFunction *whole = top_level_part(lower, top, 0, span);
    top->lowered = whole;
    SavedFunction saved = lower_begin_function(lower, whole, top);
    if (!top->module->is_main) run_once(lower, top->module, span);
    prepare_globals(lower, top);
    if (lower->compiler->options.is_repl) make_prompt_functions(lower, statements);
    Node *next = statements->first;
    if (statements->count <= LOWER_TOP_LEVEL_PART) next = lower_top_statements(lower, next);
    for (int number = 1; next; number++) {
        IrFunction *part = top_level_part(lower, top, number, next->span);
        SavedFunction outer = lower_begin_function(lower, part, top);
        Node *rest = lower_top_statements(lower, next);
        finish_top(lower, part);
        lower_end_function(lower, outer);
        call_part(lower, part, next->span);
        next = rest;
    }
    if (top->module->is_main && top->module->calls_main) call_main(lower, top);
    finish_top(lower, whole);
    lower_end_function(lower, saved);
    return whole;
}

IrFunction *lower_module_top(Lower *lower, struct Module *module)
{
    if (!module->top->lowered) VEC_PUSH(lower->arena, lower->program->modules, module);
    return lower_top_level(lower, module->top);
}

static void lower_waiting(Lower *lower)
{
    for (int i = 0; i < lower->waiting.count; i++)
        lower_function_body(lower, lower->waiting.items[i]);
    lower->waiting.count = 0;
}

static void make_library_class(Lower *lower, ClassInfo *cls, Span span)
{
    if (!cls->symbol->is_session) {
        make_class(lower, cls, operand_class(cls), span);
        return;
    }
    IrOperand is_missing =
        LOWER_ROUTINE(lower, IDENTICAL, span,
                      operand_var(lower_global_get(lower, cls->symbol, span)), operand_missing());
    IrBlock *former = lower_enter(lower, lower_if(lower, is_missing, span)->body);
    make_class(lower, cls, operand_class(cls), span);
    lower_write(lower, cls->symbol, operand_class(cls), true, span);
    lower_enter(lower, former);
}

// Classes written in Tombo that the library declares have no statement that runs: those in use are
// made first of all.
static void make_library_classes(Lower *lower)
{
    IrFunction *start = lower->program->start;
    IrBlock rest = *start->body;
    *start->body = (IrBlock){.parent = rest.parent};
    SavedFunction saved = lower_begin_function(lower, start, NULL);
    for (int i = 0; i < lower->program->classes.count; i++) {
        ClassInfo *cls = lower->program->classes.items[i];
        if (cls->module->is_library) make_library_class(lower, cls, start->span);
        lower_waiting(lower);
    }
    lower_end_function(lower, saved);
    IrOp **end = start->body->last ? &start->body->last->next : &start->body->first;
    *end = rest.first;
    if (rest.last) start->body->last = rest.last;
}

IrProgram *lower_program(Compiler *compiler)
{
    Lower *lower = ARENA_NEW(&compiler->ir_arena, Lower);
    lower->compiler = compiler;
    lower->arena = &compiler->ir_arena;
    lower->program = ARENA_NEW(lower->arena, IrProgram);
    lower->program->compiler = compiler;
    lower->program->arena = lower->arena;
    lower->program->start = lower_module_top(lower, compiler->main);
    lower_waiting(lower);
    make_library_classes(lower);
    return lower->program;
}
