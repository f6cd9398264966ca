// What a program reaches: the functions something calls, the classes something makes an object of.
// What becomes a value may be called by whoever gets it; what meets code that cannot be seen may be
// called with anything.
#include "infer_state.h"

// ------------------------------------------------------------------------------------ reaching

void reach_function(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->is_reached || infer->reporting) return;
    facts->is_reached = true;
    const Node *node = function->node;
    if (node && node->as.function.result)
        cell_limit(infer, &facts->result,
                   infer_annotation(infer->compiler, node->as.function.result));
    else if (function->is_extern)
        cell_limit(infer, &facts->result, infer_kind(infer, TB_NONE));
    VEC_PUSH(&infer->compiler->arena, infer->functions, function);
    if (!function->is_extern) enqueue(infer, function);
}

// A parameter as those see it who call the function as a value. An annotated one takes anything:
// what it may not be is found out when the function begins. Nothing that was seen to be given is all
// there is: an annotation like Function says too little for that.
static Cell *given_cell(Infer *infer, const FunctionInfo *function, int index)
{
    Symbol *param = param_at(function, index);
    Cell *own = symbol_cell(infer, param);
    if (!own->limit) return own;
    cell_join(infer, own, infer->types.any);
    Cell *given = ARENA_NEW(&infer->compiler->arena, Cell);
    if (function->is_extern && !native_is_harmless(function, symbol_annotation(param)))
        cell_open(infer, given);
    return given;
}

// The same for the result.
static Cell *taken_cell(Infer *infer, const FunctionInfo *function, FunctionFacts *facts)
{
    if (!facts->result.limit) return &facts->result;
    Cell *taken = ARENA_NEW(&infer->compiler->arena, Cell);
    const Node *annotation = function->node ? function->node->as.function.result : NULL;
    bool is_unknown =
        function->is_extern && annotation && !native_is_harmless(function, annotation);
    cell_join(infer, taken, is_unknown ? infer->types.any : cell_type(infer, &facts->result));
    return taken;
}

Shape *function_shape(Infer *infer, FunctionInfo *function)
{
    reach_function(infer, function);
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->shape) return facts->shape;
    if (infer->reporting) return NULL;
    Shape *shape = facts->shape = shape_new(infer);
    shape->function = function;
    shape->param_count = function->params.count;
    shape->params = ARENA_ARRAY(&infer->compiler->arena, Cell *, function->params.count + 1);
    for (int i = 0; i < function->params.count; i++)
        shape->params[i] = given_cell(infer, function, i);
    shape->result = taken_cell(infer, function, facts);
    if (function->rest_index >= 0) {
        give_rest(infer, function, infer->types.any);
        shape_open(infer, shape);
    }
    return facts->shape;
}

void function_escapes(Infer *infer, FunctionInfo *function)
{
    Shape *shape = function_shape(infer, function);
    if (shape) shape_open(infer, shape);
}

void give_rest(Infer *infer, const FunctionInfo *function, Type *type)
{
    if (function->is_extern) {
        type_open(infer, type);
        return;
    }
    Type *list = cell_type(infer, symbol_cell(infer, param_at(function, function->rest_index)));
    if (list->shape) cell_join(infer, shape_item(infer, list->shape), type);
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
    MemberFacts *members = map_get(&infer->members, name);
    if (members) cell_join(infer, &field->cell, cell_type(infer, &members->written));
    if (members && members->is_read) cell_leak(infer, &field->cell);
    return field;
}

MemberFacts *member_facts(Infer *infer, const Name *name)
{
    MemberFacts *facts = map_get(&infer->members, name);
    if (facts) return facts;
    facts = ARENA_NEW(&infer->compiler->arena, MemberFacts);
    map_put(&infer->members, &infer->compiler->arena, name, facts);
    return facts;
}

void member_read(Infer *infer, const Name *name)
{
    MemberFacts *facts = member_facts(infer, name);
    if (facts->is_read || infer->reporting) return;
    facts->is_read = true;
    for (int i = 0; i < infer->classes.count; i++) {
        Field *field = class_field(infer->classes.items[i], name);
        if (field) cell_leak(infer, &field->cell);
    }
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
    const Cell *cell = cell_find((Cell *)(uintptr_t)&field->cell);
    return !compiler->options.is_repl && !cls->is_error && type_is(cell->type, TB_FLOAT);
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
        cell_open(infer, &facts->fields.items[i]->cell);
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
            cell_open(infer,
                      &field_add(infer, facts, name_from(&infer->compiler->names, error_fields[i]))
                           ->cell);
    }
    // Where the base is not known before it runs, neither are the places of fields.
    for (int i = 0; i < cls->fields.count && !class_is_open(cls); i++)
        if (!class_field(cls, cls->fields.items[i])) field_add(infer, facts, cls->fields.items[i]);
    if (infer->compiler->options.is_repl) open_class(infer, facts);
    for (int i = 0; i < cls->methods.count; i++)
        map_put(&facts->methods, arena, cls->methods.items[i]->name, cls->methods.items[i]);
    return facts;
}

// Methods the runtime calls by itself take what it gives them. Those that stand for an operator or
// end a `with` are called only by code that has one: see operator_calls.
static bool is_special_name(const Name *name)
{
    static const char *const names[] = {"to_string", "equals",   "hash",     "compare",
                                        "len",       "get_item", "set_item", "contains",
                                        "iter",      "next",     "call"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name->text)) return true;
    return false;
}

// The runtime calls the method with what it likes, and gives what it returns to whom it likes.
static void runtime_calls(Infer *infer, FunctionInfo *method)
{
    if (method->is_extern || method->rest_index >= 0) {
        function_escapes(infer, method);
        return;
    }
    for (int i = 0; i < method->params.count; i++) {
        Cell *cell = symbol_cell(infer, param_at(method, i));
        if (!cell->limit) cell_open(infer, cell);
    }
    cell_leak(infer, &function_facts(infer, method)->result);
}

// Code that cannot be seen may do anything to objects of the class.
static void class_expose(Infer *infer, ClassInfo *cls)
{
    ClassFacts *facts = class_ready(infer, cls);
    if (facts->is_exposed) return;
    facts->is_exposed = true;
    for (int i = 0; i < facts->fields.count; i++)
        cell_open(infer, &facts->fields.items[i]->cell);
    for (int i = 0; i < cls->methods.count; i++)
        function_escapes(infer, cls->methods.items[i]);
    if (cls->base) class_expose(infer, cls->base);
    for (int i = 0; i < facts->derived.count; i++)
        if (((ClassFacts *)facts->derived.items[i]->facts)->is_reached)
            class_expose(infer, facts->derived.items[i]);
}

void native_open(Infer *infer, const Type *type)
{
    if (infer->reporting || !type) return;
    type_open(infer, type);
    if (!(type->kinds & KIND_BIT(TB_INSTANCE)) || infer->is_exposed) return;
    if (type->cls) {
        if (type->cls->facts && ((ClassFacts *)type->cls->facts)->is_reached)
            class_expose(infer, type->cls);
        return;
    }
    infer->is_exposed = true;
    for (int i = 0; i < infer->classes.count; i++)
        class_expose(infer, infer->classes.items[i]);
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
        const MemberFacts *members = map_get(&infer->members, method->name);
        if (method->captures.count || facts->may_be_extended || (members && members->is_read))
            function_escapes(infer, method);
        else if (is_special_name(method->name))
            runtime_calls(infer, method);
    }
    for (int i = 0; i < cls->variables.count; i++) {
        Cell *cell = symbol_cell(infer, cls->variables.items[i]);
        cell->limit = NULL;
        cell_open(infer, cell);
    }
    const ClassFacts *base = cls->base ? cls->base->facts : NULL;
    if (infer->is_exposed || (base && base->is_exposed)) class_expose(infer, cls);
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
