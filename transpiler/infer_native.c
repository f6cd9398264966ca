// Calls of functions written in C: what they do to the containers they are given, and what they
// return, comes from their declarations in stdlib/*.tb.
//
//     extern def insert[T](lst: List[T], index: Whole, item: T) -> List[T]
//
// A type parameter stands for whatever its arguments hold, taken together. A function can do
// nothing with a value of type `T` but hand it on (as other parts of the declaration that say `T`
// tell), so `extern def str[T](value: T) -> String` leaves its argument alone. In detail:
//
// * a parameter `T` adds what is given to T; `Iterable[T]`, what comes out when it is gone through,
//   or the keys of a Dict; `Items[T]` the same, or what cannot be gone through itself;
// * a parameter `List[T]` (`Set[T]`, `Dict[K, V]`) may also be written to: its items become T;
// * `(T) -> R` is called with T, and what it gives adds to R;
// * the result `T` is one of them; a result `List[T]` is a new list of them, unless a parameter is
//   `List[T]` too: then it may be that list itself;
// * a container given for any other parameter meets code that cannot be seen: anything may be put
//   into it. So may anything into the fields of an object given for a parameter `Object`.
#include "infer_state.h"

#define MAX_TYPE_PARAMS   4
#define MAX_NATIVE_PARAMS 16

// One call of one function.
typedef struct NativeCall {
    FunctionInfo *function;
    const Name *names[MAX_TYPE_PARAMS];
    Cell *cells[MAX_TYPE_PARAMS];
    int count;
    const NodeList *args;
    Type *given[MAX_NATIVE_PARAMS]; // by parameter; NULL: left out
    Type *rest[SHAPE_MAX_PLACES];   // what each rest argument gives
    int rest_count;                 // -1: not known
    struct NativeCall *next;        // another function at the same call
} NativeCall;

static NativeCall *call_at(Infer *infer, FunctionInfo *function, const NodeList *args)
{
    NativeCall *first = map_get(&infer->native_calls, args);
    for (NativeCall *call = first; call; call = call->next)
        if (call->function == function) return call;
    NativeCall *call = ARENA_NEW(&infer->compiler->arena, NativeCall);
    *call = (NativeCall){.function = function, .args = args, .next = first};
    const NodeList *names = &function->node->as.function.type_params;
    for (const Node *name = names->first; name && call->count < MAX_TYPE_PARAMS;
         name = name->next) {
        call->names[call->count] = name->as.name.name;
        call->cells[call->count++] = ARENA_NEW(&infer->compiler->arena, Cell);
    }
    map_put(&infer->native_calls, &infer->compiler->arena, args, call);
    return call;
}

static const Name *simple_name(const Node *annotation)
{
    if (!annotation || annotation->kind != NODE_TYPE_NAME) return NULL;
    const Node *first = annotation->as.type.path.first;
    return first && !first->next ? first->as.name.name : NULL;
}

// The cell of the type parameter that the annotation is, or NULL.
static Cell *type_param(const NativeCall *call, const Node *annotation)
{
    const Name *name = simple_name(annotation);
    for (int i = 0; name && i < call->count; i++)
        if (call->names[i] == name) return call->cells[i];
    return NULL;
}

// The kind whose name the annotation is; TB_MISSING_KIND for others.
static tb_kind named_kind(const Node *annotation)
{
    const Symbol *symbol = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.symbol : NULL;
    if (!symbol || symbol->kind != SYMBOL_TYPE || symbol->builtin_type < 0) return TB_MISSING_KIND;
    return (tb_kind)symbol->builtin_type;
}

static bool is_library_type(const Node *annotation, int number)
{
    const Symbol *symbol = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.symbol : NULL;
    return symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type == number;
}

static bool is_choice(const Node *annotation)
{
    return annotation->kind == NODE_TYPE_UNION || annotation->kind == NODE_TYPE_OPTIONAL;
}

// What cannot be a container, an object or a function.
static bool is_simple(const Node *annotation)
{
    if (is_choice(annotation)) {
        for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            if (!is_simple(arg)) return false;
        return true;
    }
    const Symbol *symbol = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.symbol : NULL;
    if (annotation->kind == NODE_NONE) return true;
    if (!symbol || symbol->kind != SYMBOL_TYPE) return false;
    if (symbol->builtin_type < 0)
        return symbol->builtin_type < -1 && symbol->builtin_type > TYPE_SIZED;
    return !(KIND_BIT(symbol->builtin_type) & (KINDS_SHAPED | KINDS_OBJECT));
}

// How often the annotation says a name.
static int mentions(const Node *annotation, const Name *name)
{
    if (!annotation) return 0;
    int count = simple_name(annotation) == name;
    for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
        count += mentions(arg, name);
    return count + mentions(annotation->as.type.result, name);
}

// Outside of a call nobody collects what a type parameter stands for, so it must stand alone.
static bool stands_alone(const FunctionInfo *function, const Name *name)
{
    int count = mentions(function->node->as.function.result, name);
    for (int i = 0; i < function->params.count; i++)
        count += mentions(param_at(function, i)->node->as.param.annotation, name);
    return count == 1;
}

bool native_is_harmless(const FunctionInfo *function, const Node *annotation)
{
    if (!annotation) return false;
    const NodeList *names = &function->node->as.function.type_params;
    for (const Node *name = names->first; name; name = name->next)
        if (name->as.name.name == simple_name(annotation))
            return stands_alone(function, name->as.name.name);
    return is_simple(annotation) || is_library_type(annotation, TYPE_SIZED);
}

// --------------------------------------------------------------------------------------- arguments

static void bind(Infer *infer, NativeCall *call, const Node *annotation, Type *type);
static Type *made(Infer *infer, NativeCall *call, const Node *annotation, int depth);

// The items of a container that may be written to are what its parameter says.
static void bind_cell(Infer *infer, NativeCall *call, const Node *annotation, Cell *cell)
{
    Cell *param = type_param(call, annotation);
    if (!param) {
        cell_open(infer, cell); // List[List[T]]: more than can be followed
        return;
    }
    cell_read(infer, param);
    cell_join(infer, param, cell_read(infer, cell));
    cell_join(infer, cell, cell_type(infer, param));
}

static void bind_container(Infer *infer, NativeCall *call, const Node *annotation, Type *type)
{
    tb_kind kind = named_kind(annotation);
    const Node *first = annotation->as.type.args.first;
    if (!(type->kinds & KIND_BIT(kind))) return;
    if (!type->shape) {
        for (const Node *arg = first; arg; arg = arg->next)
            bind(infer, call, arg, infer->types.any);
        return;
    }
    if (kind == TB_TUPLE) {
        bind(infer, call, first, shape_element(infer, type->shape));
    } else if (kind == TB_DICT) {
        bind_cell(infer, call, first, shape_key(infer, type->shape));
        bind_cell(infer, call, first->next, shape_item(infer, type->shape));
    } else {
        bind_cell(infer, call, first, shape_item(infer, type->shape));
    }
}

static void bind_function(Infer *infer, NativeCall *call, const Node *annotation, Type *type)
{
    const Node *params = annotation->as.type.args.first;
    const Node *result = annotation->as.type.result;
    FunctionInfo *known = type_function(type_only(&infer->types, type, KIND_BIT(TB_FUNCTION)));
    bool is_function = type->shape && !(type->kinds & ~(KIND_BIT(TB_FUNCTION) | KIND_BIT(TB_NONE)));
    if (!type->kinds || type_is(type, TB_NONE)) return;
    int index = 0;
    for (const Node *param = params; param; param = param->next, index++) {
        Type *given = made(infer, call, param, 0);
        const Shape *shape = is_function ? shape_find(type->shape) : NULL;
        bool is_taken = shape && index < shape->param_count;
        if (is_taken)
            cell_join(infer, shape->params[index], given);
        else if (!shape || !known)
            type_open(infer, given);
    }
    if (!result) return;
    bind(infer, call, result,
         is_function ? cell_read(infer, shape_result(infer, type->shape)) : infer->types.any);
}

// Whether the annotation is Iterable[T] or Items[T].
static bool is_items(const Node *annotation)
{
    return is_library_type(annotation, TYPE_ITERABLE) || is_library_type(annotation, TYPE_ITEMS);
}

// What cannot be gone through becomes an item itself: `list(2.5)`.
static Type *items_of(Infer *infer, const Type *type)
{
    const KindSet alone = ~(KINDS_SHAPED | KINDS_SIZED | KIND_BIT(TB_RANGE));
    return infer_join(infer, item_type(infer, type), type_only(&infer->types, type, alone));
}

static void bind(Infer *infer, NativeCall *call, const Node *annotation, Type *type)
{
    Cell *param = annotation ? type_param(call, annotation) : NULL;
    if (param) {
        cell_join(infer, param, type);
    } else if (!annotation) {
        type_open(infer, type);
    } else if (is_library_type(annotation, TYPE_OBJECT)) {
        native_open(infer, type);
    } else if (is_choice(annotation)) {
        for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            bind(infer, call, arg, type);
    } else if (annotation->kind == NODE_TYPE_FUNCTION) {
        bind_function(infer, call, annotation, type);
    } else if (is_items(annotation) && annotation->as.type.args.first) {
        bind(infer, call, annotation->as.type.args.first, items_of(infer, type));
    } else if (named_kind(annotation) != TB_MISSING_KIND && annotation->as.type.args.first) {
        bind_container(infer, call, annotation, type);
    } else if (!native_is_harmless(call->function, annotation)) {
        const Type *taken = infer_annotation(infer->compiler, annotation);
        type_open(infer, type_only(&infer->types, type, taken->kinds));
    }
}

// ------------------------------------------------------------------------------------------ result

static bool is_same_type(const Node *a, const Node *b)
{
    if (!a || !b || a->kind != b->kind || a->kind != NODE_TYPE_NAME) return false;
    if (simple_name(a) != simple_name(b)) return false;
    const Node *left = a->as.type.args.first;
    const Node *right = b->as.type.args.first;
    for (; left && right; left = left->next, right = right->next)
        if (!is_same_type(left, right)) return false;
    return left == right;
}

// The arguments that a result of this declared type may be.
static Type *may_be_given(Infer *infer, NativeCall *call, const Node *annotation)
{
    Type *type = NULL;
    for (int i = 0; i < call->function->params.count; i++) {
        const Node *param = param_at(call->function, i)->node->as.param.annotation;
        if (!call->given[i] || !is_same_type(param, annotation)) continue;
        KindSet kind = KIND_BIT(named_kind(annotation));
        type = infer_join(infer, type, type_only(&infer->types, call->given[i], kind));
        if (call->given[i]->kinds && !type->kinds) // anything may be converted to it
            type = type_make(&infer->types, kind, NULL);
    }
    return type;
}

// Tuple[T] is of any length; where each of the rest arguments gives T's, it has a place for each of
// those.
static void tuple_of_any(Infer *infer, NativeCall *call, const Node *part, Shape *shape, int depth)
{
    if (call->rest_count > 0 && type_param(call, part))
        shape_set_places(infer, shape, call->rest_count);
    if (!shape_find(shape)->place_count)
        cell_join(infer, shape_item(infer, shape), made(infer, call, part, depth + 1));
    for (int i = 0; i < shape_find(shape)->place_count; i++)
        cell_join(infer, shape_place(infer, shape, i), call->rest[i]);
}

static Type *made_container(Infer *infer, NativeCall *call, const Node *annotation, int depth)
{
    tb_kind kind = named_kind(annotation);
    const Node *first = annotation->as.type.args.first;
    Type *same = depth ? NULL : may_be_given(infer, call, annotation);
    if (same) return same;
    // Each container in the declaration is a new object for each call.
    Shape *shape = site_shape(infer, (const char *)call + 1 + depth);
    if (kind == TB_TUPLE && annotation->as.type.args.count == 1) {
        tuple_of_any(infer, call, first, shape, depth);
    } else if (kind == TB_TUPLE) {
        int index = 0;
        shape_set_places(infer, shape, annotation->as.type.args.count);
        for (const Node *arg = first; arg; arg = arg->next)
            cell_join(infer, shape_place(infer, shape, index++), made(infer, call, arg, depth + 1));
    } else if (kind == TB_DICT) {
        cell_join(infer, shape_key(infer, shape), made(infer, call, first, depth + 1));
        cell_join(infer, shape_item(infer, shape), made(infer, call, first->next, depth + 2));
    } else {
        cell_join(infer, shape_item(infer, shape), made(infer, call, first, depth + 1));
    }
    return type_shaped(&infer->types, KIND_BIT(kind), NULL, shape);
}

// A value of the declared type that the function hands on.
static Type *made(Infer *infer, NativeCall *call, const Node *annotation, int depth)
{
    if (!annotation) return infer->types.any;
    Cell *param = type_param(call, annotation);
    if (param) return cell_read(infer, param);
    if (is_choice(annotation)) {
        Type *type = annotation->kind == NODE_TYPE_OPTIONAL ? infer_kind(infer, TB_NONE) : NULL;
        for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            type = infer_join(infer, type, made(infer, call, arg, depth));
        return type;
    }
    tb_kind kind = named_kind(annotation);
    bool has_parts = kind != TB_MISSING_KIND && annotation->as.type.args.first;
    if (has_parts && (KIND_BIT(kind) & KINDS_SHAPED))
        return made_container(infer, call, annotation, depth);
    return infer_annotation(infer->compiler, annotation);
}

// ------------------------------------------------------------------------------------------- calls

static void note_rest(Infer *infer, NativeCall *call, const Node *annotation, Type *type)
{
    if (call->rest_count < 0 || call->rest_count == SHAPE_MAX_PLACES)
        call->rest_count = -1;
    else
        call->rest[call->rest_count++] =
            annotation && is_items(annotation) ? items_of(infer, type) : type;
}

static void give(Infer *infer, NativeCall *call, int index, Type *type)
{
    const Node *annotation = param_at(call->function, index)->node->as.param.annotation;
    if (index == call->function->rest_index)
        note_rest(infer, call, annotation, type);
    else if (index < MAX_NATIVE_PARAMS)
        call->given[index] = infer_join(infer, call->given[index], type);
    bind(infer, call, annotation, type);
}

static Type *given_type(Infer *infer, const Node *arg)
{
    if (!arg->type) return infer->types.any;
    return arg->kind == NODE_SPREAD ? item_type(infer, arg->as.unary.operand->type) : arg->type;
}

// What is left out is the default, a literal.
static Type *matched_type(Infer *infer, const FunctionInfo *function, int index, const Node *arg)
{
    if (arg) return given_type(infer, arg);
    Node *value = param_at(function, index)->node->as.param.default_value;
    return value ? infer_walk(infer, value) : infer->types.never;
}

// A spread list, a rest parameter: by position, as far as that can be told.
static void give_loosely(Infer *infer, NativeCall *call, Node *first, const NodeList *args)
{
    const FunctionInfo *function = call->function;
    int rest = function->rest_index >= 0 ? function->rest_index : function->params.count;
    bool is_spread = false;
    int next = 0;
    for (Node *arg = first ? first : args->first; arg;
         arg = arg == first ? args->first : arg->next) {
        const Node *value = arg->kind == NODE_LABELLED ? arg->as.labelled.value : arg;
        Type *type = given_type(infer, value);
        is_spread |= arg->kind == NODE_SPREAD || arg->kind == NODE_LABELLED;
        if (is_spread) call->rest_count = -1;
        for (int i = 0; i < function->params.count; i++)
            if (is_spread || i == next) give(infer, call, i, type);
        if (next < rest && next < function->params.count) next++;
    }
}

static bool is_native(const FunctionInfo *function, const char *c_name)
{
    return !strcmp(function->node->as.function.extern_name, c_name);
}

// `sum` alone does more with its items than to hand them on.
static bool adds_items(const FunctionInfo *function)
{
    return is_native(function, "tb_math_sum");
}

// `abs` of an Int is an Int.
static bool keeps_int(const NativeCall *call)
{
    return is_native(call->function, "tb_math_abs") && type_is(call->given[0], TB_INT);
}

Type *native_call(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    NativeCall *call = call_at(infer, function, args);
    if (adds_items(function)) method_escapes(infer, "add");
    memset(call->given, 0, sizeof call->given);
    call->rest_count = 0;
    Node *matched[MAX_NATIVE_PARAMS];
    int count = function->params.count;
    if (count <= MAX_NATIVE_PARAMS && infer_match_args(function, first, args, matched)) {
        for (int i = 0; i < count; i++)
            give(infer, call, i, matched_type(infer, function, i, matched[i]));
    } else {
        give_loosely(infer, call, first, args);
    }
    const Node *result = function->node->as.function.result;
    if (!result) return infer_kind(infer, TB_NONE);
    return keeps_int(call) ? infer_kind(infer, TB_INT) : made(infer, call, result, 0);
}
