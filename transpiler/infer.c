// The walk that gives every expression its type. Read infer.h for the idea; start at infer_program.
//
// The walk is the same in both phases: while it looks for the fixpoint it joins into cells, and
// once nothing grows any more it runs a last time over every function with `reporting` set, when
// cells stay as they are and mismatches are reported.
#include "infer.h"

#include "infer_ops.h"

#include <assert.h>

typedef struct Infer {
    Compiler *compiler;
    Types types;
    VEC(FunctionInfo *) queue;
    VEC(FunctionInfo *) functions;     // reached, in the order found
    VEC(ClassInfo *) classes;          // reached
    VEC(FunctionInfo *) named_methods; // methods of reached classes
    FunctionInfo *function;            // whose body is walked
    bool reporting;
} Infer;

static Type *walk(Infer *infer, Node *node);
static void walk_list(Infer *infer, const NodeList *list);

Types *infer_types(Compiler *compiler)
{
    return &compiler->infer->types;
}

static Type *one(Infer *infer, tb_kind kind)
{
    return infer->types.kinds[kind];
}

static Type *join(Infer *infer, Type *a, Type *b)
{
    return type_join(&infer->types, a, b);
}

// ---------------------------------------------------------------------------------------------
// cells

static FunctionFacts *function_facts(Infer *infer, FunctionInfo *function)
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

static void cell_join(Infer *infer, Cell *cell, Type *type)
{
    if (cell->is_declared || infer->reporting) return;
    Type *joined = join(infer, cell->type, type);
    if (joined == cell->type) return;
    cell->type = joined;
    for (int i = 0; i < cell->readers.count; i++)
        enqueue(infer, cell->readers.items[i]);
}

static Type *cell_read(Infer *infer, Cell *cell)
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

static const Node *symbol_annotation(const Symbol *symbol)
{
    if (!symbol->node) return NULL;
    if (symbol->node->kind == NODE_PARAM) return symbol->node->as.param.annotation;
    if (symbol->node->kind == NODE_LET) return symbol->node->as.assign.annotation;
    return NULL;
}

// A variable's cell; made with its annotation's type when it has one.
static Cell *symbol_cell(Infer *infer, Symbol *symbol)
{
    if (symbol->facts) return symbol->facts;
    Cell *cell = ARENA_NEW(&infer->compiler->arena, Cell);
    symbol->facts = cell;
    const Node *annotation = symbol_annotation(symbol);
    if (symbol->node && symbol->node->kind == NODE_PARAM && symbol->node->as.param.is_rest) {
        cell->type = one(infer, TB_LIST);
        cell->is_declared = true;
    } else if (annotation) {
        cell->type = infer_annotation(infer->compiler, annotation);
        if (symbol->node->kind == NODE_LET && !symbol->node->as.assign.value)
            cell->type = join(infer, cell->type, one(infer, TB_NONE));
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

// -----------------------------------------------------------------------------------------
// reaching

static void reach_function(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->is_reached || infer->reporting) return;
    facts->is_reached = true;
    const Node *node = function->node;
    if (node && node->as.function.result) {
        facts->result.type = infer_annotation(infer->compiler, node->as.function.result);
        facts->result.is_declared = true;
    } else if (function->is_extern) {
        facts->result.type = one(infer, TB_NONE);
        facts->result.is_declared = true;
    }
    VEC_PUSH(&infer->compiler->arena, infer->functions, function);
    if (!function->is_extern) enqueue(infer, function);
}

// The function becomes a value: anything may call it with anything.
static void function_escapes(Infer *infer, FunctionInfo *function)
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
    for (int i = 0; i < facts->derived.count; i++) {
        ClassInfo *derived = facts->derived.items[i];
        if (map_get(&((ClassFacts *)derived->facts)->methods, name)) return true;
        if (class_overrides(derived, name)) return true;
    }
    return false;
}

static const char *const error_fields[] = {"message", "line", "file", "trace", "cause", "(at)"};

// Lays out a class's slots: the base's first, then the fields its own methods assign.
static ClassFacts *class_ready(Infer *infer, ClassInfo *cls)
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
    for (int i = 0; i < cls->fields.count; i++)
        if (!class_field(cls, cls->fields.items[i])) field_add(infer, facts, cls->fields.items[i]);
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

static void reach_class(Infer *infer, ClassInfo *cls)
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
        if (is_special_name(method->name) || method->captures.count)
            function_escapes(infer, method);
    }
    for (int i = 0; i < cls->variables.count; i++)
        symbol_cell(infer, cls->variables.items[i])->type = infer->types.any;
}

static void class_escapes(Infer *infer, ClassInfo *cls)
{
    reach_class(infer, cls);
    ClassFacts *facts = cls->facts;
    if (facts->escapes) return;
    facts->escapes = true;
    FunctionInfo *init = class_method(cls, name_from(&infer->compiler->names, "init"));
    if (init) function_escapes(infer, init);
}

// A method of that name in any class may be called or taken as a value.
static Type *methods_named(Infer *infer, const Name *name, bool escape, const NodeList *args);

// ------------------------------------------------------------------------------------------- calls

static Symbol *param_at(const FunctionInfo *function, int index)
{
    return function->params.items[index];
}

static int param_named(const FunctionInfo *function, const Name *name)
{
    for (int i = 0; i < function->params.count; i++)
        if (param_at(function, i)->name == name) return i;
    return -1;
}

bool infer_match_args(const FunctionInfo *function, Node *first, const NodeList *args, Node **out)
{
    int count = function->params.count;
    memset(out, 0, sizeof *out * (size_t)count);
    for (Node *arg = args->first; arg; arg = arg->next) {
        if (arg->kind == NODE_SPREAD) return false;
        if (arg->kind != NODE_LABELLED) continue;
        int at = param_named(function, arg->as.labelled.name);
        if (at < 0 || at == function->rest_index || out[at]) return false;
        out[at] = arg->as.labelled.value;
    }
    int next = 0;
    for (Node *arg = first ? first : args->first; arg;
         arg = arg == first ? args->first : arg->next) {
        if (arg != first && arg->kind == NODE_LABELLED) continue;
        while (next < count && out[next] && next != function->rest_index)
            next++;
        if (next >= count) return false;
        if (next == function->rest_index) return false;
        out[next++] = arg;
    }
    return true;
}

static Type *arg_type(Infer *infer, Node *arg)
{
    return arg && arg->type ? arg->type : infer->types.any;
}

static void check_annotation(Infer *infer, const Node *annotation, Type *given, Node *value,
                             const char *what);
static void check_variable(Infer *infer, const Symbol *symbol, Type *given, Node *value);

// Joins the arguments of a call into the parameters of a function that is known to be called.
static void bind_args(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    reach_function(infer, function);
    int count = function->params.count;
    Node **matched = ARENA_ARRAY(&infer->compiler->arena, Node *, count + 1);
    bool exact = infer_match_args(function, first, args, matched);
    for (int i = 0; i < count; i++) {
        Symbol *param = param_at(function, i);
        Cell *cell = symbol_cell(infer, param);
        if (!exact) {
            cell_join(infer, cell, infer->types.any);
        } else if (matched[i]) {
            cell_join(infer, cell, arg_type(infer, matched[i]));
            if (!function->module->is_library)
                check_variable(infer, param, arg_type(infer, matched[i]), matched[i]);
        }
    }
}

static Type *call_function(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    bind_args(infer, function, first, args);
    return cell_read(infer, &function_facts(infer, function)->result);
}

static Type *call_class(Infer *infer, ClassInfo *cls, const NodeList *args)
{
    reach_class(infer, cls);
    FunctionInfo *init = class_method(cls, name_from(&infer->compiler->names, "init"));
    if (init) bind_args(infer, init, NULL, args);
    if (class_is_native(cls)) return infer->types.any; // calling it raises
    return type_make(&infer->types, KIND_BIT(TB_INSTANCE), cls);
}

// Whether an object of one type can be one of the other, as far as classes tell.
static bool classes_may_meet(const Type *a, const Type *b)
{
    return !a->cls || !b->cls || class_is_below(a->cls, b->cls) || class_is_below(b->cls, a->cls);
}

// How well the arguments of a call fit an overload.
typedef enum Fit {
    FIT_NONE,
    FIT_CONVERTED, // only because a Bool counts as a number, or an Int as a Float
    FIT_POSSIBLE,  // some of the values the arguments can hold
    FIT_CERTAIN,   // all of them
} Fit;

static Fit fit_type(const Type *wanted, const Type *given)
{
    if (!wanted || !given || !given->kinds) return FIT_CERTAIN;
    if (type_is_subset(given, wanted)) return FIT_CERTAIN;
    KindSet shared = given->kinds & wanted->kinds;
    bool is_other_class = !(shared & ~KINDS_OBJECT) && !classes_may_meet(given, wanted);
    if (shared) return is_other_class ? FIT_NONE : FIT_POSSIBLE;
    return given->kinds & infer_converted_kinds(wanted->kinds) ? FIT_CONVERTED : FIT_NONE;
}

static Fit fit_overload(Compiler *compiler, FunctionInfo *function, const Node *receiver,
                        const NodeList *args)
{
    int count = function->params.count;
    Node *matched[64];
    int given = args->count + (receiver != NULL);
    if (count >= 64) return FIT_POSSIBLE;
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (arg->kind == NODE_SPREAD) return FIT_POSSIBLE;
    if (function->rest_index < 0 && given > count) return FIT_NONE;
    if (!infer_match_args(function, (Node *)(uintptr_t)receiver, args, matched)) {
        if (function->rest_index < 0) return FIT_NONE;
        int needed = function->required_count < function->rest_index ? function->required_count
                                                                     : function->rest_index;
        return given >= needed ? FIT_POSSIBLE : FIT_NONE;
    }
    Fit fit = FIT_CERTAIN;
    for (int i = 0; i < count; i++) {
        const Node *param = param_at(function, i)->node;
        if (!matched[i] && i < function->required_count && i != function->rest_index)
            return FIT_NONE;
        if (!matched[i]) continue;
        Fit one =
            fit_type(infer_annotation(compiler, param->as.param.annotation), matched[i]->type);
        if (one < fit) fit = one;
    }
    return fit;
}

// A raw literal is a pattern: `split(r"\s+", text)` means the function of the library `regex`.
// NULL: it has none that fits.
static Symbol *pattern_overload(Compiler *compiler, const Symbol *overloads, const Node *receiver,
                                const NodeList *args)
{
    const Node *first = args->first;
    if (receiver || !first || first->kind != NODE_STRING) return NULL;
    if (!(first->flags & NODE_RAW_LITERAL)) return NULL;
    for (int i = 0; i < overloads->overloads.count; i++) {
        Symbol *symbol = overloads->overloads.items[i];
        if (symbol->kind != SYMBOL_FUNCTION) continue;
        if (strcmp(symbol->function->module->path, "regex") != 0) continue;
        if (fit_overload(compiler, symbol->function, receiver, args) > FIT_NONE) return symbol;
    }
    return NULL;
}

int infer_candidates(Compiler *compiler, const Symbol *overloads, const Node *receiver,
                     const NodeList *args, Symbol **out)
{
    int found = 0;
    Symbol *pattern = pattern_overload(compiler, overloads, receiver, args);
    if (pattern) {
        out[0] = pattern;
        return 1;
    }
    for (Fit wanted = FIT_CERTAIN; wanted > FIT_NONE; wanted--) {
        for (int i = 0; i < overloads->overloads.count; i++) {
            Symbol *symbol = overloads->overloads.items[i];
            Fit fit = FIT_CERTAIN;
            if (symbol->kind == SYMBOL_FUNCTION)
                fit = fit_overload(compiler, symbol->function, receiver, args);
            if (fit == wanted) out[found++] = symbol;
            if (found && wanted == FIT_CERTAIN) return found; // no other can be meant
        }
    }
    return found;
}

static Type *call_symbol(Infer *infer, Symbol *symbol, Node *receiver, const NodeList *args);

// The library's function becomes a value: every form of it can be called.
static void overloads_escape(Infer *infer, const Symbol *overloads)
{
    for (int i = 0; i < overloads->overloads.count; i++) {
        Symbol *overload = overloads->overloads.items[i];
        if (overload->kind == SYMBOL_FUNCTION) function_escapes(infer, overload->function);
    }
}

static Type *call_overloads(Infer *infer, const Symbol *overloads, Node *receiver,
                            const NodeList *args)
{
    Symbol **found = ARENA_ARRAY(&infer->compiler->arena, Symbol *, overloads->overloads.count + 1);
    int count = infer_candidates(infer->compiler, overloads, receiver, args, found);
    if (!count && infer->reporting)
        infer_warn_overloads(infer->compiler, infer->function->module->source, overloads, receiver,
                             args);
    if (count != 1 && overloads->overloads.count > 1)
        overloads_escape(infer, overloads); // run time decides
    Type *type = infer->types.never;
    for (int i = 0; i < count; i++)
        type = join(infer, type, call_symbol(infer, found[i], receiver, args));
    return count ? type : infer->types.any;
}

static Type *call_symbol(Infer *infer, Symbol *symbol, Node *receiver, const NodeList *args)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_FUNCTION:
        if (symbol->is_reassigned) break;
        return call_function(infer, symbol->function, receiver, args);
    case SYMBOL_CLASS:
        return call_class(infer, symbol->cls, args);
    case SYMBOL_OVERLOADS:
        return call_overloads(infer, symbol, receiver, args);
    default:
        break;
    }
    return infer->types.any;
}

static Type *methods_named(Infer *infer, const Name *name, bool escape, const NodeList *args)
{
    Type *type = infer->types.never;
    for (int i = 0; i < infer->named_methods.count; i++) {
        FunctionInfo *method = infer->named_methods.items[i];
        if (method->name != name) continue;
        if (escape)
            function_escapes(infer, method);
        else
            type = join(infer, type, call_function(infer, method, NULL, args));
    }
    return type;
}

// A method call on an instance of a known class: the method itself and every one that overrides it.
static Type *call_below(Infer *infer, ClassInfo *cls, const Name *name, const NodeList *args)
{
    const ClassFacts *facts = cls->facts;
    Type *type = infer->types.never;
    for (int i = 0; i < facts->derived.count; i++) {
        ClassInfo *derived = facts->derived.items[i];
        FunctionInfo *own = map_get(&((ClassFacts *)derived->facts)->methods, name);
        if (own && ((ClassFacts *)derived->facts)->is_reached)
            type = join(infer, type, call_function(infer, own, NULL, args));
        type = join(infer, type, call_below(infer, derived, name, args));
    }
    return type;
}

static Type *call_method(Infer *infer, Node *node)
{
    Node *callee = node->as.call.callee;
    Node *object = callee->as.member.object;
    const NodeList *args = &node->as.call.args;
    Name *name = callee->as.member.name;
    if (callee->as.member.is_module_member && callee->as.member.symbol)
        return call_symbol(infer, callee->as.member.symbol, NULL, args);
    Type *type = object->type;
    if (type_is(type, TB_INSTANCE) && type->cls) {
        FunctionInfo *method = class_method(type->cls, name);
        bool is_field = class_field(type->cls, name) != NULL;
        if (method && !is_field && infer->reporting && !class_overrides(type->cls, name))
            resolve_check_arguments(infer->compiler, infer->function->module->source, node, method);
        if (method && !is_field)
            return join(infer, call_function(infer, method, NULL, args),
                        call_below(infer, type->cls, name, args));
    }
    // Anything may be meant: a method of some class, the library, a function in a field or of the
    // program.
    Symbol *library = resolve_method_name(infer->compiler, name);
    Type *result = infer->types.any;
    if (type->kinds & KIND_BIT(TB_INSTANCE)) methods_named(infer, name, false, args);
    const KindSet own_members = KINDS_OBJECT | KIND_BIT(TB_CLASS) | KIND_BIT(TB_MODULE);
    if (library && (type->kinds & own_members)) {
        overloads_escape(infer, library);
    } else if (library) {
        Type *from_library = call_overloads(infer, library, object, args);
        if (!(type->kinds & KIND_BIT(TB_DICT))) result = from_library;
    }
    Symbol *program = callee->as.member.symbol;
    if (program && program->kind == SYMBOL_FUNCTION) function_escapes(infer, program->function);
    if (program && program->kind == SYMBOL_CLASS) class_escapes(infer, program->cls);
    return result;
}

static bool is_super(const Node *node)
{
    return node->kind == NODE_NAME && !node->as.name.symbol &&
           !strcmp(node->as.name.name->text, "super");
}

static Type *call_super(Infer *infer, const Name *name, const NodeList *args)
{
    ClassInfo *cls = infer->function->cls;
    for (FunctionInfo *function = infer->function; !cls && function; function = function->parent)
        cls = function->cls;
    FunctionInfo *method = cls && cls->base ? class_method(cls->base, name) : NULL;
    return method ? call_function(infer, method, NULL, args) : infer->types.any;
}

static Type *walk_call(Infer *infer, Node *node)
{
    Node *callee = node->as.call.callee;
    const NodeList *args = &node->as.call.args;
    if (callee->kind == NODE_MEMBER && !callee->as.member.is_module_member &&
        !is_super(callee->as.member.object))
        walk(infer, callee->as.member.object);
    walk_list(infer, args);
    if (is_super(callee))
        return call_super(infer, name_from(&infer->compiler->names, "init"), args);
    if (callee->kind == NODE_MEMBER) {
        if (is_super(callee->as.member.object))
            return call_super(infer, callee->as.member.name, args);
        return call_method(infer, node);
    }
    if (callee->kind == NODE_NAME && callee->as.name.symbol) {
        Symbol *symbol = callee->as.name.symbol;
        bool direct = symbol->kind == SYMBOL_CLASS || symbol->kind == SYMBOL_OVERLOADS ||
                      (symbol->kind == SYMBOL_FUNCTION && !symbol->is_reassigned);
        if (direct) return call_symbol(infer, symbol, NULL, args);
    }
    Type *type = walk(infer, callee);
    if (infer->reporting)
        infer_warn_call(infer->compiler, infer->function->module->source, callee, type);
    return infer->types.any;
}

// --------------------------------------------------------------------------------------
// annotations

// The kind of a class's objects.
static KindSet class_kind(const ClassInfo *cls)
{
    return class_is_native(cls) ? KIND_BIT(TB_NATIVE) : KIND_BIT(TB_INSTANCE);
}

static Type *annotation_name(Compiler *compiler, const Node *node)
{
    Types *types = &compiler->infer->types;
    const Symbol *symbol = node->as.type.symbol;
    if (!symbol) return types->any;
    if (symbol->kind == SYMBOL_CLASS) {
        class_ready(compiler->infer, symbol->cls);
        return type_make(types, class_kind(symbol->cls), symbol->cls);
    }
    if (symbol->kind != SYMBOL_TYPE) return types->any;
    switch (symbol->builtin_type) {
    case -1:
        return types->any;
    case -2: // Number
    case -4: // Whole
        return type_make(types, KINDS_NUMBER, NULL);
    case -5:
        return type_make(types, KINDS_SIZED, NULL);
    case -3:
        return types->kinds[TB_INT];
    case TB_FUNCTION:
        return type_make(types, KINDS_CALLABLE, NULL);
    default:
        return types->kinds[symbol->builtin_type];
    }
}

Type *infer_annotation(Compiler *compiler, const Node *annotation)
{
    Types *types = &compiler->infer->types;
    if (!annotation) return NULL;
    Type *type = types->never;
    switch ((NodeKind)annotation->kind) {
    case NODE_TYPE_OPTIONAL:
        type = types->kinds[TB_NONE]; // fall through
    case NODE_TYPE_UNION:
        for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            type = type_join(types, type, infer_annotation(compiler, arg));
        return type;
    case NODE_TYPE_FUNCTION:
        return type_make(types, KINDS_CALLABLE, NULL);
    case NODE_TYPE_NAME:
        return annotation_name(compiler, annotation);
    default:
        return types->any;
    }
}

static void check_items(Infer *infer, const Node *annotation, const Node *first, const char *what)
{
    for (const Node *item = first; item; item = item->next)
        if (item->kind != NODE_SPREAD)
            check_annotation(infer, annotation, item->type, (Node *)(uintptr_t)item, what);
}

static void check_tuple(Infer *infer, const Node *annotation, const Node *value)
{
    const Node *part = annotation->as.type.args.first;
    if (value->as.list.count != annotation->as.type.args.count) {
        diag_error(&infer->compiler->diags, infer->function->module->source, value->span, DIAG_TYPE,
                   "a Tuple of %d parts is wanted, not of %d", annotation->as.type.args.count,
                   value->as.list.count);
        return;
    }
    for (Node *item = value->as.list.first; item; item = item->next, part = part->next)
        check_annotation(infer, part, item->type, item, "the part");
}

// The parts of a value written down as a literal.
static void check_parts(Infer *infer, const Node *annotation, const Node *value)
{
    const Node *first = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.args.first : NULL;
    const Symbol *symbol = first ? annotation->as.type.symbol : NULL;
    if (!symbol || symbol->kind != SYMBOL_TYPE) return;
    bool is_items = (symbol->builtin_type == TB_LIST && value->kind == NODE_LIST) ||
                    (symbol->builtin_type == TB_SET && value->kind == NODE_SET);
    if (is_items) check_items(infer, first, value->as.list.first, "the item");
    if (symbol->builtin_type == TB_TUPLE && value->kind == NODE_TUPLE)
        check_tuple(infer, annotation, value);
    if (symbol->builtin_type != TB_DICT || value->kind != NODE_DICT) return;
    for (const Node *pair = value->as.list.first; pair; pair = pair->next) {
        if (pair->kind != NODE_PAIR) continue;
        check_annotation(infer, first, pair->as.pair.key->type, pair->as.pair.key, "the key");
        if (first->next)
            check_annotation(infer, first->next, pair->as.pair.value->type, pair->as.pair.value,
                             "the value");
    }
}

// Reports a value that cannot be what its annotation says.
static void check_annotation(Infer *infer, const Node *annotation, Type *given, Node *value,
                             const char *what)
{
    if (!infer->reporting || !annotation || !given || !given->kinds) return;
    check_parts(infer, annotation, value);
    Type *wanted = infer_annotation(infer->compiler, annotation);
    KindSet accepted = wanted->kinds;
    if (accepted & KIND_BIT(TB_FLOAT)) accepted |= KIND_BIT(TB_INT);
    if (accepted & KIND_BIT(TB_FUNCTION)) accepted |= KIND_BIT(TB_INSTANCE); // with `call`
    if (accepted & KIND_BIT(TB_INSTANCE)) accepted |= KIND_BIT(TB_NATIVE);
    bool possible = (accepted & given->kinds) != 0;
    if (possible && !(given->kinds & ~KINDS_OBJECT)) possible = classes_may_meet(given, wanted);
    if (possible) return;
    Arena *arena = &infer->compiler->arena;
    diag_error(&infer->compiler->diags, infer->function->module->source, value->span, DIAG_TYPE,
               "%s must be %s, not %s", what, type_text(arena, wanted), type_text(arena, given));
}

// The same for what [symbol] is given.
static void check_variable(Infer *infer, const Symbol *symbol, Type *given, Node *value)
{
    const Node *annotation = symbol_annotation(symbol);
    if (!infer->reporting || !annotation) return;
    check_annotation(infer, annotation, given, value,
                     arena_format(&infer->compiler->arena, "`%s`", symbol->name->text));
}

// ---------------------------------------------------------------------------------------
// assignment

// What one item of an iterable of this type is.
static Type *item_type(Infer *infer, Type *type)
{
    if (type_is(type, TB_RANGE) || type_is(type, TB_BYTES)) return one(infer, TB_INT);
    if (type_is(type, TB_STRING)) return one(infer, TB_STRING);
    return infer->types.any;
}

// A write to field [name] of an object of type [type].
static void assign_field(Infer *infer, Type *type, const Name *name, Type *value)
{
    if (!(type->kinds & KIND_BIT(TB_INSTANCE))) return;
    if (type->cls) {
        Field *field = class_field(type->cls, name);
        if (field) cell_join(infer, &field->cell, value);
    }
    for (int i = 0; i < infer->classes.count; i++) {
        ClassInfo *cls = infer->classes.items[i];
        if (type->cls && !class_is_below(cls, type->cls)) continue;
        Field *field = class_field(cls, name);
        if (field) cell_join(infer, &field->cell, value);
    }
}

static void assign(Infer *infer, Node *target, Type *type, Node *value)
{
    if (!target) return;
    switch ((NodeKind)target->kind) {
    case NODE_NAME: {
        Symbol *symbol = target->as.name.symbol;
        if (!symbol) break;
        target->type = type;
        cell_join(infer, symbol_cell(infer, symbol), type);
        if (value) check_variable(infer, symbol, type, value);
        break;
    }
    case NODE_TUPLE:
    case NODE_LIST:
        for (Node *item = target->as.list.first; item; item = item->next)
            assign(infer, item, infer->types.any, NULL);
        break;
    case NODE_SPREAD:
        assign(infer, target->as.unary.operand, one(infer, TB_LIST), NULL);
        break;
    case NODE_MEMBER:
        walk(infer, target->as.member.object);
        assign_field(infer, target->as.member.object->type, target->as.member.name, type);
        break;
    case NODE_INDEX:
        walk(infer, target->as.index.object);
        walk(infer, target->as.index.index);
        break;
    default:
        break;
    }
}

// `a, b = b, a` gives each name its own part's type.
static void assign_node(Infer *infer, Node *node)
{
    Node *target = node->as.assign.target;
    Node *value = node->as.assign.value;
    Type *type = value ? walk(infer, value) : one(infer, TB_NONE);
    bool parallel = value && value->kind == NODE_TUPLE && target->kind == NODE_TUPLE &&
                    value->as.list.count == target->as.list.count;
    if (!parallel) {
        assign(infer, target, type, value);
        return;
    }
    Node *part = value->as.list.first;
    for (Node *item = target->as.list.first; item; item = item->next, part = part->next)
        assign(infer, item, part->kind == NODE_SPREAD ? infer->types.any : part->type, part);
}

static void walk_augment(Infer *infer, Node *node)
{
    Type *value = walk(infer, node->as.assign.value);
    Type *old = walk(infer, node->as.assign.target);
    Type *type = infer_binary(&infer->types, infer_plain_operator(node->op), old, value,
                              node->as.assign.value);
    assign(infer, node->as.assign.target, type, NULL);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, old, value);
}

// -----------------------------------------------------------------------------------------
// patterns

static void walk_pattern(Infer *infer, Node *pattern, Type *subject)
{
    switch ((NodeKind)pattern->kind) {
    case NODE_PATTERN_AS:
        walk_pattern(infer, pattern->as.labelled.value, subject);
        cell_join(infer, symbol_cell(infer, pattern->as.labelled.symbol), subject);
        break;
    case NODE_PATTERN_BIND:
        cell_join(infer, symbol_cell(infer, pattern->as.name.symbol), infer->types.any);
        break;
    case NODE_PATTERN_REST:
        if (pattern->as.name.symbol)
            cell_join(infer, symbol_cell(infer, pattern->as.name.symbol), infer->types.any);
        break;
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        for (Node *item = pattern->as.list.first; item; item = item->next)
            walk_pattern(infer, item, infer->types.any);
        break;
    default:
        walk(infer, pattern->as.unary.operand);
        break;
    }
}

static Type *walk_match(Infer *infer, Node *node)
{
    Type *subject = walk(infer, node->as.match.subject);
    Type *type = infer->types.never;
    bool has_else = false;
    for (Node *arm = node->as.match.arms.first; arm; arm = arm->next) {
        for (Node *pattern = arm->as.match_arm.patterns.first; pattern; pattern = pattern->next)
            walk_pattern(infer, pattern, subject);
        if (arm->as.match_arm.guard) walk(infer, arm->as.match_arm.guard);
        if (!arm->as.match_arm.patterns.first && !arm->as.match_arm.guard) has_else = true;
        type = join(infer, type, walk(infer, arm->as.match_arm.body));
    }
    return has_else ? type : join(infer, type, one(infer, TB_NONE));
}

// ---------------------------------------------------------------------------------------
// expressions

static Type *walk_name(Infer *infer, const Node *node);

// A module becomes a value: its members can be asked for by name.
static void module_escapes(Infer *infer, struct Module *module)
{
    for (uint32_t i = 0; !module->is_library && i < module->members.capacity; i++) {
        Symbol *member = module->members.entries[i].value;
        if (!member || member->is_private || member->kind == SYMBOL_MODULE) continue;
        walk_name(infer, &(Node){.kind = NODE_NAME, .as.name = {member->name, member}});
    }
}

static Type *walk_name(Infer *infer, const Node *node)
{
    Symbol *symbol = node->as.name.symbol;
    if (!symbol) return infer->types.any;
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_VARIABLE:
        return cell_read(infer, symbol_cell(infer, symbol));
    case SYMBOL_FUNCTION:
        function_escapes(infer, symbol->function);
        return symbol->is_reassigned ? cell_read(infer, symbol_cell(infer, symbol))
                                     : one(infer, TB_FUNCTION);
    case SYMBOL_CLASS:
        class_escapes(infer, symbol->cls);
        return one(infer, TB_CLASS);
    case SYMBOL_OVERLOADS:
        if (symbol->overloads.items[0]->kind != SYMBOL_FUNCTION) { // a constant or an error class
            Node name = {.kind = NODE_NAME, .as.name = {symbol->name, symbol->overloads.items[0]}};
            return walk_name(infer, &name);
        }
        overloads_escape(infer, symbol);
        return one(infer, TB_FUNCTION);
    case SYMBOL_CONSTANT:
        return walk(infer, symbol->node->as.assign.value);
    case SYMBOL_TYPE:
        return one(infer, TB_CLASS);
    case SYMBOL_MODULE:
        module_escapes(infer, symbol->target);
        return one(infer, TB_MODULE);
    case SYMBOL_UNKNOWN:
        return infer->types.any;
    }
    return infer->types.any;
}

static Type *walk_member(Infer *infer, Node *node)
{
    if (node->as.member.is_module_member && node->as.member.symbol) {
        Node name = {.kind = NODE_NAME, .as.name = {node->as.member.name, node->as.member.symbol}};
        return walk_name(infer, &name);
    }
    if (is_super(node->as.member.object)) {
        methods_named(infer, node->as.member.name, true, NULL);
        return infer->types.any;
    }
    Type *object = walk(infer, node->as.member.object);
    Field *field = type_is(object, TB_INSTANCE) && object->cls
                       ? class_field(object->cls, node->as.member.name)
                       : NULL;
    if (field) return cell_read(infer, &field->cell);
    methods_named(infer, node->as.member.name, true, NULL);
    Symbol *library = resolve_method_name(infer->compiler, node->as.member.name);
    if (library)
        walk_name(infer, &(Node){.kind = NODE_NAME, .as.name = {node->as.member.name, library}});
    return infer->types.any;
}

static Type *walk_index(Infer *infer, Node *node)
{
    Type *object = walk(infer, node->as.index.object);
    Type *index = walk(infer, node->as.index.index);
    bool slice = node->as.index.index->kind == NODE_SLICE;
    if (type_is(object, TB_STRING)) return object;
    if (slice &&
        (type_is(object, TB_LIST) || type_is(object, TB_TUPLE) || type_is(object, TB_BYTES)))
        return object;
    if (type_is(object, TB_BYTES)) return one(infer, TB_INT);
    (void)index;
    return infer->types.any;
}

static Type *walk_compare(Infer *infer, Node *node)
{
    Type *left = walk(infer, node->as.compare.first);
    for (Node *item = node->as.compare.rest.first; item; item = item->next) {
        Type *right = walk(infer, item->as.unary.operand);
        if (infer->reporting)
            infer_warn_compare(infer->compiler, infer->function->module->source, node, item, left,
                               right);
        left = right;
    }
    return one(infer, TB_BOOL);
}

static Type *walk_comprehension(Infer *infer, Node *node)
{
    for (Node *clause = node->as.comprehension.clauses.first; clause; clause = clause->next) {
        Type *type = walk(infer, clause->as.clause.condition);
        if (clause->kind == NODE_CLAUSE_FOR)
            assign(infer, clause->as.clause.target, item_type(infer, type), NULL);
    }
    walk(infer, node->as.comprehension.element);
    if (node->as.comprehension.value) walk(infer, node->as.comprehension.value);
    switch (node->as.comprehension.kind) {
    case NODE_DICT:
        return one(infer, TB_DICT);
    case NODE_SET:
        return one(infer, TB_SET);
    default:
        return one(infer, TB_LIST);
    }
}

static Type *walk_unary(Infer *infer, Node *node)
{
    Type *type = walk(infer, node->as.unary.operand);
    if (node->op == TOK_NOT) return one(infer, TB_BOOL);
    return infer_unary(&infer->types, node->op, type);
}

static Type *walk_binary(Infer *infer, Node *node)
{
    Type *left = walk(infer, node->as.binary.left);
    Type *right = walk(infer, node->as.binary.right);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, left, right);
    return infer_binary(&infer->types, (TokenKind)node->op, left, right, node->as.binary.right);
}

static Type *walk_conditional(Infer *infer, Node *node)
{
    walk(infer, node->as.conditional.condition);
    Type *type = walk(infer, node->as.conditional.then);
    Node *otherwise = node->as.conditional.otherwise;
    return join(infer, type, otherwise ? walk(infer, otherwise) : one(infer, TB_NONE));
}

static Type *walk_function(Infer *infer, Node *node)
{
    FunctionInfo *function = node->as.function.info;
    if (node->flags & NODE_IS_STATEMENT) {
        Symbol *symbol = function->symbol;
        if (symbol && symbol->is_reassigned) {
            function_escapes(infer, function);
            cell_join(infer, symbol_cell(infer, symbol), one(infer, TB_FUNCTION));
        }
        return one(infer, TB_NONE);
    }
    function_escapes(infer, function);
    return one(infer, TB_FUNCTION);
}

// ----------------------------------------------------------------------------------------
// statements

static Type *walk_block(Infer *infer, Node *block)
{
    Type *type = one(infer, TB_NONE);
    for (Node *statement = block->as.list.first; statement; statement = statement->next) {
        type = walk(infer, statement);
        if (!infer_has_value(statement))
            type = infer_never_ends(statement) ? infer->types.never : one(infer, TB_NONE);
    }
    return type;
}

static Type *walk_if(Infer *infer, Node *node)
{
    Type *type = infer->types.never;
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next) {
        walk(infer, arm->as.arm.condition);
        type = join(infer, type, walk(infer, arm->as.arm.body));
    }
    Node *otherwise = node->as.branch.otherwise;
    return join(infer, type, otherwise ? walk(infer, otherwise) : one(infer, TB_NONE));
}

static Type *walk_try(Infer *infer, Node *node)
{
    Type *type = walk(infer, node->as.try_.body);
    for (Node *handler = node->as.try_.catches.first; handler; handler = handler->next) {
        Type *caught = infer_annotation(infer->compiler, handler->as.catch_.type);
        Symbol *symbol = handler->as.catch_.symbol;
        if (symbol)
            cell_join(infer, symbol_cell(infer, symbol), caught ? caught : infer->types.any);
        type = join(infer, type, walk(infer, handler->as.catch_.body));
    }
    if (node->as.try_.finally) walk(infer, node->as.try_.finally);
    return type;
}

static void walk_for(Infer *infer, Node *node)
{
    Type *type = walk(infer, node->as.loop.condition);
    assign(infer, node->as.loop.target, item_type(infer, type), NULL);
    walk(infer, node->as.loop.body);
}

static void walk_return(Infer *infer, Node *node)
{
    Node *operand = node->as.unary.operand;
    Type *type = operand ? walk(infer, operand) : one(infer, TB_NONE);
    FunctionFacts *facts = function_facts(infer, infer->function);
    cell_join(infer, &facts->result, type);
    if (operand && infer->function->node)
        check_annotation(infer, infer->function->node->as.function.result, type, operand,
                         "the result");
}

static void walk_class(Infer *infer, Node *node)
{
    ClassInfo *cls = node->as.class_.info;
    class_ready(infer, cls);
    if (cls->is_closure) class_escapes(infer, cls); // its variable holds it
    for (Node *item = node->as.class_.body.first; item; item = item->next)
        if (item->kind == NODE_LET && item->as.assign.value) walk(infer, item->as.assign.value);
}

static void walk_with(Infer *infer, Node *node)
{
    Type *type = walk(infer, node->as.with.value);
    if (node->as.with.target) assign(infer, node->as.with.target, type, NULL);
    static const char *const closers[] = {"close", "exit", "release"};
    for (size_t i = 0; i < 3; i++)
        methods_named(infer, name_from(&infer->compiler->names, closers[i]), true, NULL);
    walk(infer, node->as.with.body);
}

static void walk_list(Infer *infer, const NodeList *list)
{
    for (Node *node = list->first; node; node = node->next)
        walk(infer, node);
}

static void reach_module(Infer *infer, const Symbol *symbol)
{
    if (symbol && symbol->kind == SYMBOL_MODULE && symbol->target && symbol->target->top)
        reach_function(infer, symbol->target->top);
}

static void walk_import(Infer *infer, Node *node)
{
    reach_module(infer, node->as.import.symbol);
    for (Node *item = node->as.import.items.first; item; item = item->next)
        reach_module(infer, item->as.import.symbol);
}

static Type *walk_statement(Infer *infer, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
        assign_node(infer, node);
        break;
    case NODE_AUGMENT:
        walk_augment(infer, node);
        break;
    case NODE_DEL:
        for (Node *item = node->as.list.first; item; item = item->next)
            walk(infer, item);
        break;
    case NODE_WHILE:
        walk(infer, node->as.loop.condition);
        walk(infer, node->as.loop.body);
        break;
    case NODE_FOR:
        walk_for(infer, node);
        break;
    case NODE_WITH:
        walk_with(infer, node);
        break;
    case NODE_RETURN:
        walk_return(infer, node);
        break;
    case NODE_THROW:
        if (node->as.unary.operand) walk(infer, node->as.unary.operand);
        break;
    case NODE_ASSERT:
        walk(infer, node->as.pair.key);
        if (node->as.pair.value) walk(infer, node->as.pair.value);
        break;
    case NODE_CLASS:
        walk_class(infer, node);
        break;
    case NODE_IMPORT:
    case NODE_FROM:
        walk_import(infer, node);
        break;
    default:
        break;
    }
    return one(infer, TB_NONE);
}

static Type *walk_expression(Infer *infer, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_NONE:
        return one(infer, TB_NONE);
    case NODE_BOOL:
        return one(infer, TB_BOOL);
    case NODE_INT:
        return one(infer, TB_INT);
    case NODE_FLOAT:
        return one(infer, TB_FLOAT);
    case NODE_STRING:
        return one(infer, TB_STRING);
    case NODE_FSTRING:
        walk_list(infer, &node->as.list);
        return one(infer, TB_STRING);
    case NODE_FORMAT:
        walk(infer, node->as.format.value);
        if (node->as.format.spec) walk(infer, node->as.format.spec);
        return one(infer, TB_STRING);
    case NODE_NAME:
        return walk_name(infer, node);
    case NODE_LIST:
        walk_list(infer, &node->as.list);
        return one(infer, TB_LIST);
    case NODE_TUPLE:
        walk_list(infer, &node->as.list);
        return one(infer, TB_TUPLE);
    case NODE_SET:
        walk_list(infer, &node->as.list);
        return one(infer, TB_SET);
    case NODE_DICT:
        walk_list(infer, &node->as.list);
        return one(infer, TB_DICT);
    case NODE_PAIR:
        walk(infer, node->as.pair.key);
        walk(infer, node->as.pair.value);
        return infer->types.any;
    case NODE_SPREAD:
        walk(infer, node->as.unary.operand);
        return infer->types.any;
    case NODE_LABELLED:
        return walk(infer, node->as.labelled.value);
    case NODE_COMPREHENSION:
        return walk_comprehension(infer, node);
    case NODE_UNARY:
        return walk_unary(infer, node);
    case NODE_BINARY:
        return walk_binary(infer, node);
    case NODE_LOGICAL: {
        Type *left = walk(infer, node->as.binary.left);
        return join(infer, left, walk(infer, node->as.binary.right));
    }
    case NODE_COMPARE:
        return walk_compare(infer, node);
    case NODE_CONDITIONAL:
        return walk_conditional(infer, node);
    case NODE_CALL:
        return walk_call(infer, node);
    case NODE_INDEX:
        return walk_index(infer, node);
    case NODE_SLICE:
        if (node->as.slice.from) walk(infer, node->as.slice.from);
        if (node->as.slice.to) walk(infer, node->as.slice.to);
        if (node->as.slice.step) walk(infer, node->as.slice.step);
        return infer->types.any;
    case NODE_MEMBER:
        return walk_member(infer, node);
    case NODE_FUNCTION:
        return walk_function(infer, node);
    case NODE_BLOCK:
        return walk_block(infer, node);
    case NODE_IF:
        return walk_if(infer, node);
    case NODE_MATCH:
        return walk_match(infer, node);
    case NODE_TRY:
        return walk_try(infer, node);
    default:
        return walk_statement(infer, node);
    }
}

static Type *walk(Infer *infer, Node *node)
{
    Type *type = walk_expression(infer, node);
    if (node->kind != NODE_NAME || !node->type || type->kinds) node->type = type;
    return type;
}

// --------------------------------------------------------------------------------------- the
// fixpoint

static void walk_params(Infer *infer, FunctionInfo *function)
{
    for (int i = 0; i < function->params.count; i++) {
        Symbol *param = param_at(function, i);
        Node *value = param->node->as.param.default_value;
        Cell *cell = symbol_cell(infer, param);
        if (!value) continue;
        Type *type = walk(infer, value);
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
    Type *type = walk(infer, body);
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
            type_text(&compiler->arena, infer_symbol_type(compiler, symbol)));
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
            type_text(&compiler->arena, infer_result_type(compiler, function)),
            infer_is_reached(function) ? "" : " (never called)");
    for (int i = 0; i < function->params.count; i++)
        print_symbol(compiler, out, function->params.items[i], "parameter");
    const struct Module *module = function->module;
    bool is_top = !function->node;
    for (int i = 0; i < (is_top ? module->globals.count : function->locals.count); i++)
        print_symbol(compiler, out, is_top ? module->globals.items[i] : function->locals.items[i],
                     "variable");
    for (int i = 0; i < function->inner.count; i++)
        print_function(compiler, out, function->inner.items[i]);
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
                    type_text(&compiler->arena, facts->fields.items[f]->cell.type));
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
