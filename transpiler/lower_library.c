// Library functions: how extern ones are called, and how one is chosen among several of the same
// name.
#include "lower_state.h"

// --------------------------------------------------------------------------------- extern
// functions

// A C function outside the runtime (docs/extern.md): it takes plain numbers and knows nothing of
// errors.
static bool is_foreign(const FunctionInfo *function)
{
    return function->node->as.function.extern_library != NULL;
}

// The letter of IrRoutine.signature for a declared type; the table stands in stdlib/README.md.
static char type_letter(const Node *annotation, bool foreign)
{
    if (!annotation || annotation->kind != NODE_TYPE_NAME) return 'V';
    const Symbol *symbol = annotation->as.type.symbol;
    if (!symbol || symbol->kind != SYMBOL_TYPE) return 'V';
    switch (symbol->builtin_type) {
    case TB_INT:
        return foreign ? 'i' : 'V';
    case -3: // Int64
    case -4:
        return 'i'; // Whole
    case TB_FLOAT:
        return 'f';
    case TB_BOOL:
        return 'b';
    case TB_STRING:
        return 't';
    case TB_BYTES:
        return 'y';
    case TB_LIST:
        return 'l';
    case TB_DICT:
        return 'd';
    case TB_SET:
        return 's';
    case TB_TUPLE:
        return 'u';
    default:
        return 'V';
    }
}

static char result_letter(const FunctionInfo *function)
{
    const Node *node = function->node;
    bool foreign = is_foreign(function);
    const Node *result = node->as.function.result;
    if (!result || result->kind == NODE_NONE) return foreign ? '-' : 'S';
    const Symbol *symbol = result->kind == NODE_TYPE_NAME ? result->as.type.symbol : NULL;
    if (symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type == TB_NONE)
        return foreign ? '-' : 'S';
    char letter = type_letter(result, foreign);
    switch (letter) {
    case 'i':
        return foreign ? 'i' : 'I';
    case 'f':
        return foreign ? 'f' : 'F';
    case 'b':
        return foreign ? 'b' : 'B';
    case 'V':
        return 'V';
    default:
        return 'P';
    }
}

const IrRoutine *lower_library_routine(Lower *lower, FunctionInfo *function)
{
    IrRoutine *routine = map_get(&lower->routines, function);
    if (routine) return routine;
    int count = function->params.count;
    char *signature = arena_alloc(lower->arena, (size_t)count + 2);
    signature[0] = result_letter(function);
    for (int i = 0; i < count; i++) {
        const Node *param = function->params.items[i]->node;
        signature[i + 1] = param->as.param.is_rest
                               ? 'A'
                               : type_letter(param->as.param.annotation, is_foreign(function));
    }
    routine = ARENA_NEW(lower->arena, IrRoutine);
    *routine = (IrRoutine){.c_name = function->node->as.function.extern_name,
                           .signature = signature,
                           .is_library = true,
                           .declaration = function};
    map_put(&lower->routines, lower->arena, function, routine);
    VEC_PUSH(lower->arena, lower->program->routines, routine);
    const char *library = function->node->as.function.extern_library;
    if (library) VEC_PUSH(lower->arena, lower->program->link_libraries, library);
    return routine;
}

// The argument, checked to be of the parameter's type. Numbers are taken leniently: a Bool counts
// as 0 or 1. [is_list]: it is the list of a rest parameter, whose items are checked.
static IrOperand checked_arg(Lower *lower, const FunctionInfo *function, const Symbol *param,
                             IrOperand value, bool is_list, Span span)
{
    value = lower_boxed(lower, value, span);
    IrVar *checked = lower_temp(lower, REPR_VALUE);
    IrOp *op = lower_op(lower, IR_CHECK_TYPE, span, checked, 1);
    op->args[0] = value;
    op->as.annotation = param->node->as.param.annotation;
    op->is_lenient = true;
    op->is_rest = is_list;
    op->text = arena_format(lower->arena, "`%s` of `%s`", param->name->text, function->name->text);
    return operand_var(checked);
}

// Whether anything may be given for it.
static bool is_any(Lower *lower, const Node *annotation)
{
    return !annotation || infer_annotation(lower->compiler, annotation)->kinds == KINDS_ANY;
}

// An argument converted to what the C parameter takes.
static IrOperand extern_arg(Lower *lower, const FunctionInfo *function, int index, char letter,
                            IrOperand value, const Type *known, Span span)
{
    const Symbol *param = function->params.items[index];
    Node *annotation = param->node->as.param.annotation;
    if (is_any(lower, annotation)) return lower_boxed(lower, value, span);
    IrRepr repr = ir_operand_repr(value);
    if ((letter == 'f' && repr == REPR_FLOAT) || (letter == 'b' && repr == REPR_BOOL) ||
        (letter == 'i' && repr == REPR_INT))
        return value;
    if (letter == 'i' && value.kind == OPERAND_SMALL) return operand_int(value.as.integer);
    Type *wanted = infer_annotation(lower->compiler, annotation);
    bool checks_itself = wanted->kinds == KINDS_SIZED; // `len`, whose speed matters
    bool fits = checks_itself || (known && known->kinds && type_is_subset(known, wanted));
    if (!fits) value = checked_arg(lower, function, param, value, false, span);
    switch (letter) {
    case 'f':
        return lower_convert(lower, value, REPR_FLOAT, span);
    case 'b':
        return lower_convert(lower, value, REPR_BOOL, span);
    case 'i':
        return LOWER_ROUTINE(lower, INT64_OF, span, lower_boxed(lower, value, span));
    default:
        return lower_boxed(lower, value, span);
    }
}

IrOperand lower_extern_call(Lower *lower, FunctionInfo *function, int count, IrOperand *args,
                            const Type *const *types, Span span)
{
    IrOperand known_result;
    if (types && lower_known_call(lower, function, count, args, types, span, &known_result))
        return known_result;
    const IrRoutine *routine = lower_library_routine(lower, function);
    IrOperand *converted = ARENA_ARRAY(lower->arena, IrOperand, count + 1);
    for (int i = 0; i < count; i++) {
        int param =
            function->rest_index >= 0 && i > function->rest_index ? function->rest_index : i;
        IrOperand value = args[i];
        const Type *known = types && param == i && i != function->rest_index ? types[i] : NULL;
        if (value.kind == OPERAND_MISSING) {
            Node *node = function->params.items[param]->node->as.param.default_value;
            value = node ? lower_expr(lower, node) : operand_none();
            known = node ? node->type : NULL;
        }
        converted[i] =
            extern_arg(lower, function, param, routine->signature[param + 1], value, known, span);
    }
    IrOperand result = lower_routine(lower, routine, span, count, converted);
    const Type *type = infer_annotation(lower->compiler, function->node->as.function.result);
    if (type && ir_operand_repr(result) == REPR_VALUE && result.kind == OPERAND_VAR)
        result.as.var->type = (Type *)(uintptr_t)type;
    return result;
}

// ---- as a value: a function that takes everything boxed

static void fill_extern(Lower *lower, void *data)
{
    FunctionInfo *function = data;
    IrFunction *made = lower->function;
    int count = function->params.count;
    IrOperand *args = ARENA_ARRAY(lower->arena, IrOperand, count + 1);
    for (int i = 0; i < count; i++) {
        IrVar *param = made->params.items[i];
        Node *value = function->params.items[i]->node->as.param.default_value;
        if (value) {
            IrOperand is_missing =
                LOWER_ROUTINE(lower, IDENTICAL, made->span, operand_var(param), operand_missing());
            IrOp *branch = lower_if(lower, is_missing, made->span);
            IrBlock *former = lower_enter(lower, branch->body);
            lower_move(lower, param, lower_expr(lower, value), made->span);
            lower_enter(lower, former);
        }
        args[i] = operand_var(param);
    }
    IrOperand result;
    if (function->rest_index < 0) {
        result = lower_extern_call(lower, function, count, args, NULL, made->span);
    } else {
        const IrRoutine *routine = lower_library_routine(lower, function);
        IrVar *dst = routine->signature[0] == 'S' ? NULL : lower_temp(lower, REPR_VALUE);
        for (int i = 0; i < count; i++) {
            const Symbol *param = function->params.items[i];
            if (i != function->rest_index)
                args[i] = extern_arg(lower, function, i, routine->signature[i + 1], args[i], NULL,
                                     made->span);
            else if (!is_any(lower, param->node->as.param.annotation))
                args[i] = checked_arg(lower, function, param, args[i], true, made->span);
        }
        IrOp *op = lower_op(lower, IR_SPREAD_CALL, made->span, dst, count);
        op->as.routine = routine;
        memcpy(op->args, args, sizeof *args * (size_t)count);
        result = dst ? operand_var(dst) : operand_none();
    }
    result = lower_boxed(lower, result, made->span);
    lower_op(lower, IR_RETURN, made->span, NULL, 1)->args[0] = result;
}

IrFunction *lower_extern_function(Lower *lower, FunctionInfo *function)
{
    if (function->lowered) return function->lowered;
    const char *c_name =
        arena_format(lower->arena, "%s__%s", function->module->name->text, function->name->text);
    IrFunction *made = lower_new_function(lower, c_name, function->name->text, function->module,
                                          function->node->span);
    function->lowered = made;
    made->info = function;
    made->is_transparent = true;
    for (int i = 0; i < function->params.count; i++)
        lower_add_param(lower, made, function->params.items[i]->name->text, REPR_VALUE, NULL);
    lower_made_function(lower, made, fill_extern, function);
    return made;
}

// ------------------------------------------------------------------------------------------
// overloads

// The kinds of value a parameter takes; [converts]: those that become one of them, too.
static KindSet accepted_kinds(Lower *lower, const FunctionInfo *function, int index, bool converts)
{
    const Node *param = function->params.items[index]->node;
    const Type *type = infer_annotation(lower->compiler, param->as.param.annotation);
    if (!type || param->as.param.is_rest) return KINDS_ANY;
    KindSet kinds = type->kinds;
    return converts ? kinds | infer_converted_kinds(kinds) : kinds;
}

static IrOperand is_given(Lower *lower, IrOperand value, KindSet kinds, Span span)
{
    return LOWER_ROUTINE(lower, HAS_KINDS, span, value, operand_int((int64_t)kinds));
}

// A dispatcher's parameters: those by position that any overload has, then (where an overload has
// one) a rest parameter, then those that come behind a rest parameter and so are given by label.
typedef struct Dispatch {
    Symbol *overloads;
    int count; // parameters by position
    int rest;  // index of the rest parameter, or -1
    VEC(const Symbol *) labelled;
} Dispatch;

static IrVar *labelled_param(Lower *lower, const Dispatch *dispatch, const Name *name)
{
    for (int i = 0; i < dispatch->labelled.count; i++)
        if (dispatch->labelled.items[i]->name == name)
            return lower->function->params.items[dispatch->rest + 1 + i];
    return NULL;
}

// An object that is to be called, counted or gone through must have a method for it.
static void test_special(Lower *lower, const FunctionInfo *function, int index, IrOperand value,
                         Span span)
{
    const Node *annotation = function->params.items[index]->node->as.param.annotation;
    int special = infer_annotation_special(lower->compiler, annotation);
    if (special < 0) return;
    IrOperand can = LOWER_ROUTINE(lower, CAN, span, value, operand_int(special));
    lower_enter(lower, lower_if(lower, can, span)->body);
}

// Several libraries have objects: those of one class are told apart from the others.
static void test_native_class(Lower *lower, const FunctionInfo *function, int index, Span span)
{
    const Node *param = function->params.items[index]->node;
    ClassInfo *cls = infer_annotation(lower->compiler, param->as.param.annotation)->cls;
    if (!cls) return;
    IrOperand is_one =
        LOWER_ROUTINE(lower, IS_INSTANCE, span, operand_var(lower->function->params.items[index]),
                      operand_class(cls));
    lower_enter(lower, lower_if(lower, is_one, span)->body);
}

// Opens an `if` for each thing that must hold for [function] to be meant.
static void test_overload(Lower *lower, const Dispatch *dispatch, const FunctionInfo *function,
                          bool converts, Span span)
{
    IrFunction *made = lower->function;
    int own = function->rest_index < 0 ? function->params.count : function->rest_index;
    for (int i = 0; i < dispatch->count; i++) {
        KindSet kinds = i < own ? accepted_kinds(lower, function, i, converts) : 0;
        bool optional = i >= own || i >= function->required_count;
        if (i >= own && function->rest_index >= 0) kinds = KINDS_ANY;
        if (optional) kinds |= KIND_BIT(TB_MISSING_KIND);
        if (kinds == (KINDS_ANY | KIND_BIT(TB_MISSING_KIND))) continue;
        IrOperand test = is_given(lower, operand_var(made->params.items[i]), kinds, span);
        lower_enter(lower, lower_if(lower, test, span)->body);
        if (kinds == KIND_BIT(TB_NATIVE)) test_native_class(lower, function, i, span);
        if (i < own) test_special(lower, function, i, operand_var(made->params.items[i]), span);
    }
    if (dispatch->rest >= 0 && function->rest_index < 0) {
        IrOperand extra =
            LOWER_ROUTINE(lower, TRUTH, span, operand_var(made->params.items[dispatch->rest]));
        lower_enter(lower, lower_if(lower, extra, span)->other);
        for (int i = 0; i < dispatch->labelled.count; i++) {
            IrOperand label = operand_var(made->params.items[dispatch->rest + 1 + i]);
            IrOperand left_out = is_given(lower, label, KIND_BIT(TB_MISSING_KIND), span);
            lower_enter(lower, lower_if(lower, left_out, span)->body);
        }
    }
}

// All arguments of the dispatcher from [first] on, as one list for a rest parameter.
static IrOperand collect_rest(Lower *lower, const Dispatch *dispatch, int first, Span span)
{
    IrFunction *made = lower->function;
    IrOperand list = LOWER_ROUTINE(lower, LIST_NEW, span, operand_int(0));
    for (int i = first; i < dispatch->count; i++) {
        IrOperand value = operand_var(made->params.items[i]);
        IrOp *branch = lower_if(lower, is_given(lower, value, KINDS_ANY, span), span);
        IrBlock *former = lower_enter(lower, branch->body);
        LOWER_ROUTINE(lower, LIST_PUSH, span, list, value);
        lower_enter(lower, former);
    }
    if (dispatch->rest >= 0)
        LOWER_ROUTINE(lower, LIST_EXTEND, span, list,
                      operand_var(made->params.items[dispatch->rest]));
    return list;
}

// An argument that the overload takes for another kind, as a function of Tombo has it: one in C
// converts what it gets itself.
static IrOperand converted(Lower *lower, const IrFunction *callee, const FunctionInfo *function,
                           int index, IrOperand value, Span span)
{
    const Symbol *param = function->params.items[index];
    bool has_kinds = param->node->as.param.annotation && index != function->rest_index;
    if (function->is_extern || !has_kinds) return value;
    if (accepted_kinds(lower, function, index, true) ==
        accepted_kinds(lower, function, index, false))
        return value;
    return lower_check_param(lower, callee, value, NULL, param, span);
}

static void call_overload(Lower *lower, const Dispatch *dispatch, FunctionInfo *function,
                          bool converts, Span span)
{
    IrFunction *callee = function->is_extern ? lower_extern_function(lower, function)
                                             : lower_function_for(lower, function);
    IrFunction *boxed = callee->is_closure ? lower_boxed_form(lower, callee) : callee;
    int count = function->params.count;
    IrVar *dst = boxed->result == REPR_NONE ? NULL : lower_temp(lower, boxed->result);
    IrOperand *args = ARENA_ARRAY(lower->arena, IrOperand, count + 1);
    for (int i = 0; i < count; i++) {
        bool by_label = function->rest_index >= 0 && i > function->rest_index;
        const Symbol *param = function->params.items[i];
        if (i == function->rest_index)
            args[i] = collect_rest(lower, dispatch, i, span);
        else if (by_label)
            args[i] = operand_var(labelled_param(lower, dispatch, param->name));
        else
            args[i] = operand_var(lower->function->params.items[i]);
        if (converts) args[i] = converted(lower, callee, function, i, args[i], span);
        args[i] = lower_convert(lower, args[i], boxed->params.items[i]->repr, span);
    }
    IrOp *op = lower_op(lower, IR_CALL, span, dst, count);
    op->as.callee = boxed;
    if (count) memcpy(op->args, args, sizeof *args * (size_t)count);
    IrOperand result = dst ? lower_boxed(lower, operand_var(dst), span) : operand_none();
    lower_op(lower, IR_RETURN, span, NULL, 1)->args[0] = result;
}

static bool has_conversions(Lower *lower, const FunctionInfo *function)
{
    for (int i = 0; i < function->params.count; i++)
        if (accepted_kinds(lower, function, i, true) != accepted_kinds(lower, function, i, false))
            return true;
    return false;
}

static void fill_dispatcher(Lower *lower, void *data)
{
    const Dispatch *dispatch = data;
    IrFunction *made = lower->function;
    int total = dispatch->overloads->overloads.count;
    for (int i = 0; i < 2 * total; i++) { // exact fits first
        const Symbol *symbol = dispatch->overloads->overloads.items[i % total];
        bool converts = i >= total;
        if (symbol->kind != SYMBOL_FUNCTION ||
            (converts && !has_conversions(lower, symbol->function)))
            continue;
        IrBlock *outside = lower->block;
        test_overload(lower, dispatch, symbol->function, converts, made->span);
        call_overload(lower, dispatch, symbol->function, converts, made->span);
        lower_enter(lower, outside);
    }
    IrVar *never = lower_temp(lower, REPR_VALUE);
    IrOp *raise = lower_op(lower, IR_RAISE_OVERLOAD, made->span, never, dispatch->count);
    raise->as.global = dispatch->overloads;
    for (int i = 0; i < dispatch->count; i++)
        raise->args[i] = operand_var(made->params.items[i]);
    lower_op(lower, IR_RETURN, made->span, NULL, 1)->args[0] = operand_var(never);
}

// Parameter names come from the first overload that has that many.
static const Symbol *param_of(const Symbol *overloads, int index)
{
    for (int i = 0; i < overloads->overloads.count; i++) {
        const Symbol *symbol = overloads->overloads.items[i];
        if (symbol->kind != SYMBOL_FUNCTION || index >= symbol->function->params.count) continue;
        if (index != symbol->function->rest_index) return symbol->function->params.items[index];
    }
    return NULL;
}

static void add_labelled(Lower *lower, Dispatch *dispatch, const FunctionInfo *function)
{
    for (int i = function->rest_index + 1; i < function->params.count; i++) {
        const Symbol *param = function->params.items[i];
        bool known = false;
        for (int k = 0; k < dispatch->labelled.count; k++)
            known |= dispatch->labelled.items[k]->name == param->name;
        if (!known) VEC_PUSH(lower->arena, dispatch->labelled, param);
    }
}

static IrFunction *dispatcher(Lower *lower, Symbol *overloads)
{
    IrFunction *made = map_get(&lower->overloads, overloads);
    if (made) return made;
    Dispatch dispatch = {.overloads = overloads, .rest = -1};
    int required = INT16_MAX;
    for (int i = 0; i < overloads->overloads.count; i++) {
        const Symbol *symbol = overloads->overloads.items[i];
        if (symbol->kind != SYMBOL_FUNCTION) continue;
        const FunctionInfo *function = symbol->function;
        int own = function->rest_index < 0 ? function->params.count : function->rest_index;
        if (function->rest_index >= 0) {
            dispatch.rest = 0;
            add_labelled(lower, &dispatch, function);
        }
        if (own > dispatch.count) dispatch.count = own;
        int needed = function->required_count < own ? function->required_count : own;
        if (needed < required) required = needed;
    }
    const char *name = overloads->name->text;
    made = lower_new_function(lower, arena_format(lower->arena, "%s__any", name), name,
                              lower->module, (Span){0, 0});
    map_put(&lower->overloads, lower->arena, overloads, made);
    made->is_transparent = true;
    made->required_count = required;
    for (int i = 0; i < dispatch.count; i++) {
        const Symbol *param = param_of(overloads, i);
        lower_add_param(lower, made, param ? param->name->text : "value", REPR_VALUE, NULL);
    }
    made->rest_index = -1;
    if (dispatch.rest >= 0) {
        dispatch.rest = made->rest_index = dispatch.count;
        lower_add_param(lower, made, "others", REPR_VALUE, NULL);
        for (int i = 0; i < dispatch.labelled.count; i++)
            lower_add_param(lower, made, dispatch.labelled.items[i]->name->text, REPR_VALUE, NULL);
    }
    lower_made_function(lower, made, fill_dispatcher, &dispatch);
    return made;
}

IrOperand lower_library_value(Lower *lower, Symbol *overloads)
{
    Symbol *first = overloads->overloads.items[0];
    if (first->kind != SYMBOL_FUNCTION)
        return lower_boxed(lower, lower_symbol_value(lower, first, first->node), first->span);
    IrFunction *function;
    if (overloads->overloads.count == 1) {
        FunctionInfo *info = first->function;
        function =
            info->is_extern ? lower_extern_function(lower, info) : lower_function_for(lower, info);
    } else {
        function = dispatcher(lower, overloads);
    }
    lower_function_value(lower, function);
    return operand_function(function);
}

IrOperand lower_library_call(Lower *lower, Symbol *overloads, Node *receiver,
                             IrOperand *receiver_value, Node *call)
{
    const NodeList *args = &call->as.call.args;
    int total = overloads->overloads.count;
    Symbol **found = ARENA_ARRAY(lower->arena, Symbol *, total + 1);
    int count = infer_candidates(lower->compiler, overloads, receiver, args, found);
    Symbol *chosen = total == 1 ? overloads->overloads.items[0] : count == 1 ? found[0] : NULL;
    if (chosen && chosen->kind == SYMBOL_FUNCTION)
        return lower_direct_call(lower, chosen->function, receiver, receiver_value, args,
                                 call->span);
    return lower_any_call(lower, lower_library_value(lower, overloads), receiver_value, args,
                          call->span);
}
