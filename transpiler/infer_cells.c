// Cells, which hold what can be in a variable, result or field; and what a program reaches: the
// functions something calls, the classes something makes an object of. What escapes, that is,
// becomes a value, may be called with anything.
#include "infer_state.h"

Types *infer_types(Compiler *compiler)
{
    return &compiler->infer->types;
}

Type *infer_kind(Infer *infer, tb_kind kind)
{
    return infer->types.kinds[kind];
}

Type *infer_join(Infer *infer, Type *a, Type *b)
{
    return type_join(&infer->types, a, b);
}

// --------------------------------------------------------------------------------------- cells

FunctionFacts *function_facts(Infer *infer, FunctionInfo *function)
{
    if (!function->facts) function->facts = ARENA_NEW(&infer->compiler->arena, FunctionFacts);
    return function->facts;
}

static void enqueue(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->is_queued || !facts->is_reached) return;
    facts->is_queued = true;
    VEC_PUSH(&infer->compiler->arena, infer->queue, function);
}

void cell_join(Infer *infer, Cell *cell, Type *type)
{
    if (cell->is_declared || infer->reporting) return;
    Type *joined = infer_join(infer, cell->type, type);
    if (joined == cell->type) return;
    cell->type = joined;
    for (int i = 0; i < cell->readers.count; i++)
        enqueue(infer, cell->readers.items[i]);
}

Type *cell_read(Infer *infer, Cell *cell)
{
    FunctionInfo *reader = infer->function;
    int count = cell->readers.count;
    if (reader && !infer->reporting && (!count || cell->readers.items[count - 1] != reader)) {
        bool known = false;
        for (int i = 0; i < count && i < 8 && !known; i++)
            known = cell->readers.items[i] == reader;
        if (!known) VEC_PUSH(&infer->compiler->arena, cell->readers, reader);
    }
    return cell->type ? cell->type : infer->types.never;
}

const Node *symbol_annotation(const Symbol *symbol)
{
    if (!symbol->node) return NULL;
    if (symbol->node->kind == NODE_PARAM) return symbol->node->as.param.annotation;
    if (symbol->node->kind == NODE_LET) return symbol->node->as.assign.annotation;
    return NULL;
}

// A variable's cell; made with its annotation's type when it has one.
Cell *symbol_cell(Infer *infer, Symbol *symbol)
{
    if (symbol->facts) return symbol->facts;
    Cell *cell = ARENA_NEW(&infer->compiler->arena, Cell);
    symbol->facts = cell;
    const Node *annotation = symbol_annotation(symbol);
    if (symbol->is_session) {
        infer_annotation(infer->compiler, annotation); // reaches the class it names
        cell->type = infer->types.any;
        cell->is_declared = true;
    } else if (symbol->node && symbol->node->kind == NODE_PARAM && symbol->node->as.param.is_rest) {
        cell->type = infer_kind(infer, TB_LIST);
        cell->is_declared = true;
    } else if (annotation) {
        cell->type = infer_annotation(infer->compiler, annotation);
        if (symbol->node->kind == NODE_LET && !symbol->node->as.assign.value)
            cell->type = infer_join(infer, cell->type, infer_kind(infer, TB_NONE));
        cell->is_declared = true;
    }
    return cell;
}

Type *infer_symbol_type(Compiler *compiler, const Symbol *symbol)
{
    const Cell *cell = symbol->facts;
    Type *type = cell && cell->type ? cell->type : NULL;
    return type && type->kinds ? type : compiler->infer->types.any;
}

Type *infer_result_type(Compiler *compiler, const FunctionInfo *function)
{
    const FunctionFacts *facts = function->facts;
    return facts && facts->result.type ? facts->result.type : compiler->infer->types.never;
}

bool infer_is_reached(const FunctionInfo *function)
{
    const FunctionFacts *facts = function->facts;
    return facts && facts->is_reached;
}

// ------------------------------------------------------------------------------------ reaching

void reach_function(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->is_reached || infer->reporting) return;
    facts->is_reached = true;
    const Node *node = function->node;
    if (node && node->as.function.result) {
        facts->result.type = infer_annotation(infer->compiler, node->as.function.result);
        facts->result.is_declared = true;
    } else if (function->is_extern) {
        facts->result.type = infer_kind(infer, TB_NONE);
        facts->result.is_declared = true;
    }
    VEC_PUSH(&infer->compiler->arena, infer->functions, function);
    if (!function->is_extern) enqueue(infer, function);
}

// The function becomes a value: anything may call it with anything.
void function_escapes(Infer *infer, FunctionInfo *function)
{
    reach_function(infer, function);
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->escapes || infer->reporting) return;
    facts->escapes = true;
    for (int i = 0; i < function->params.count; i++)
        cell_join(infer, symbol_cell(infer, function->params.items[i]), infer->types.any);
}

ClassFacts *infer_class_facts(ClassInfo *cls)
{
    return cls->facts;
}

static Field *field_add(Infer *infer, ClassFacts *facts, Name *name)
{
    Field *field = ARENA_NEW(&infer->compiler->arena, Field);
    field->name = name;
    field->index = facts->fields.count;
    VEC_PUSH(&infer->compiler->arena, facts->fields, field);
    return field;
}

Field *class_field(ClassInfo *cls, const Name *name)
{
    const ClassFacts *facts = cls->facts;
    if (!facts) return NULL;
    for (int i = 0; i < facts->fields.count; i++)
        if (facts->fields.items[i]->name == name) return facts->fields.items[i];
    return NULL;
}

bool infer_field_is_raw(const Compiler *compiler, const ClassInfo *cls, const Field *field)
{
    return !compiler->options.is_repl && !cls->is_error && type_is(field->cell.type, TB_FLOAT);
}

FunctionInfo *class_method(ClassInfo *cls, const Name *name)
{
    for (; cls; cls = cls->base) {
        const ClassFacts *facts = cls->facts;
        FunctionInfo *method = facts ? map_get(&facts->methods, name) : NULL;
        if (method) return method;
    }
    return NULL;
}

bool class_overrides(ClassInfo *cls, const Name *name)
{
    const ClassFacts *facts = cls->facts;
    if (facts->may_be_extended) return true;
    for (int i = 0; i < facts->derived.count; i++) {
        ClassInfo *derived = facts->derived.items[i];
        if (map_get(&((ClassFacts *)derived->facts)->methods, name)) return true;
        if (class_overrides(derived, name)) return true;
    }
    return false;
}

static const char *const error_fields[] = {"message", "line", "file", "trace", "cause", "(at)"};

// At the prompt later entries may extend a class and put anything into its fields.
static void open_class(Infer *infer, ClassFacts *facts)
{
    facts->may_be_extended = true;
    for (int i = 0; i < facts->fields.count; i++)
        facts->fields.items[i]->cell = (Cell){.type = infer->types.any, .is_declared = true};
}

// Lays out a class's slots: the base's first, then the fields its own methods assign.
ClassFacts *class_ready(Infer *infer, ClassInfo *cls)
{
    ClassFacts *facts = cls->facts;
    if (facts) return facts;
    Arena *arena = &infer->compiler->arena;
    facts = cls->facts = ARENA_NEW(arena, ClassFacts);
    if (cls->base) {
        ClassFacts *base = class_ready(infer, cls->base);
        VEC_PUSH(arena, base->derived, cls);
        for (int i = 0; i < base->fields.count; i++)
            VEC_PUSH(arena, facts->fields, base->fields.items[i]);
    } else if (cls->is_error) {
        for (size_t i = 0; i < sizeof error_fields / sizeof *error_fields; i++)
            field_add(infer, facts, name_from(&infer->compiler->names, error_fields[i]))->cell =
                (Cell){.type = infer->types.any, .is_declared = true};
    }
    // Where the base is not known before it runs, neither are the places of fields.
    for (int i = 0; i < cls->fields.count && !class_is_open(cls); i++)
        if (!class_field(cls, cls->fields.items[i])) field_add(infer, facts, cls->fields.items[i]);
    if (infer->compiler->options.is_repl) open_class(infer, facts);
    for (int i = 0; i < cls->methods.count; i++)
        map_put(&facts->methods, arena, cls->methods.items[i]->name, cls->methods.items[i]);
    return facts;
}

// Methods the runtime calls by itself take what it gives them.
static bool is_special_name(const Name *name)
{
    static const char *const names[] = {"to_string", "equals",   "hash",     "compare", "len",
                                        "get_item",  "set_item", "contains", "iter",    "next",
                                        "call",      "add",      "sub",      "mul",     "div",
                                        "neg",       "close",    "exit",     "release"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name->text)) return true;
    return false;
}

void reach_class(Infer *infer, ClassInfo *cls)
{
    ClassFacts *facts = class_ready(infer, cls);
    if (facts->is_reached || infer->reporting) return;
    facts->is_reached = true;
    if (cls->base) reach_class(infer, cls->base);
    VEC_PUSH(&infer->compiler->arena, infer->classes, cls);
    for (int i = 0; i < cls->methods.count; i++) {
        FunctionInfo *method = cls->methods.items[i];
        VEC_PUSH(&infer->compiler->arena, infer->named_methods, method);
        reach_function(infer, method);
        // A closure is called through the object's class, like what the runtime calls.
        if (is_special_name(method->name) || method->captures.count || facts->may_be_extended)
            function_escapes(infer, method);
    }
    for (int i = 0; i < cls->variables.count; i++)
        symbol_cell(infer, cls->variables.items[i])->type = infer->types.any;
}

void class_escapes(Infer *infer, ClassInfo *cls)
{
    reach_class(infer, cls);
    ClassFacts *facts = cls->facts;
    if (facts->escapes) return;
    facts->escapes = true;
    FunctionInfo *init = class_method(cls, name_from(&infer->compiler->names, "init"));
    if (init) function_escapes(infer, init);
}

// A method of that name in any class may be called or taken as a value.
