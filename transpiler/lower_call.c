// Calls: of known functions and classes directly, of methods by what is known of the object, of
// everything else through the runtime.
#include "lower_state.h"

// ------------------------------------------------------------------------------- calls through
// values

// The arguments of a call as the runtime takes them.
typedef struct ArgList {
    IrOperand *values; // positional ones first, then those with labels
    int count;
    IrLiteral **labels;
    int label_count;
    bool has_spread;
    IrOperand list; // with spread: all positional ones
} ArgList;

static void spread_args(Lower *lower, const NodeList *args, ArgList *out, Span span)
{
    out->list = LOWER_ROUTINE(lower, LIST_NEW, span, operand_int(args->count));
    for (Node *arg = args->first; arg; arg = arg->next) {
        if (arg->kind == NODE_LABELLED) {
            out->values[out->count] = lower_value(lower, arg->as.labelled.value);
            lower_hold(lower, &out->values[out->count++]);
        } else if (arg->kind == NODE_SPREAD) {
            LOWER_ROUTINE(lower, LIST_EXTEND, arg->span, out->list,
                          lower_value(lower, arg->as.unary.operand));
        } else {
            LOWER_ROUTINE(lower, LIST_PUSH, arg->span, out->list, lower_value(lower, arg));
        }
    }
    lower_release(lower, out->count);
}

static ArgList lower_args(Lower *lower, const NodeList *args, Span span)
{
    ArgList out = {.values = ARENA_ARRAY(lower->arena, IrOperand, args->count + 1),
                   .labels = ARENA_ARRAY(lower->arena, IrLiteral *, args->count + 1)};
    for (Node *arg = args->first; arg; arg = arg->next) {
        if (arg->kind == NODE_LABELLED)
            out.labels[out.label_count++] = lower_name_literal(lower, arg->as.labelled.name);
        if (arg->kind == NODE_SPREAD) out.has_spread = true;
    }
    if (out.has_spread) {
        spread_args(lower, args, &out, span);
        return out;
    }
    int labelled = args->count - out.label_count, plain = 0;
    for (Node *arg = args->first; arg; arg = arg->next) {
        bool has_label = arg->kind == NODE_LABELLED;
        int at = has_label ? labelled++ : plain++;
        Node *value = has_label ? arg->as.labelled.value : arg;
        out.values[at] = lower_value(lower, value);
        // What the callee wants is not known here: a literal takes the type the callee gives it.
        if (lower->compiler->options.is_repl && lower_is_container(value))
            LOWER_ROUTINE(lower, NOTE_FRESH, value->span, out.values[at]);
        lower_hold(lower, &out.values[at]);
        out.count++;
    }
    lower_release(lower, out.count);
    return out;
}

static IrOperand call_routine(Lower *lower, const IrRoutine *routine, Span span, int fixed_count,
                              const IrOperand *fixed, const ArgList *args)
{
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    IrOp *op = lower_op(lower, IR_RUNTIME, span, dst, fixed_count + args->count);
    op->as.routine = routine;
    memcpy(op->args, fixed, sizeof *fixed * (size_t)fixed_count);
    if (args->count)
        memcpy(op->args + fixed_count, args->values, sizeof *args->values * (size_t)args->count);
    op->labels = args->labels;
    op->label_count = args->label_count;
    return operand_var(dst);
}

// Calls a value with arguments already evaluated.
static IrOperand call_value(Lower *lower, IrOperand callee, const ArgList *args, Span span)
{
    IrOperand fixed[] = {callee, args->list};
    if (args->has_spread) return call_routine(lower, &routine_CALL_LIST, span, 2, fixed, args);
    if (args->label_count) return call_routine(lower, &routine_CALL_LABELLED, span, 1, fixed, args);
    static const IrRoutine *const by_count[] = {&routine_CALL0, &routine_CALL1, &routine_CALL2,
                                                &routine_CALL3};
    const IrRoutine *routine = args->count < 4 ? by_count[args->count] : &routine_CALL;
    return call_routine(lower, routine, span, 1, fixed, args);
}

// A variable that hides a library's function and holds something else: the message says so.
static void check_callee(Lower *lower, const Node *node, IrOperand callee)
{
    const Symbol *symbol = node->kind == NODE_NAME ? node->as.name.symbol : NULL;
    const char *library = resolve_hidden_library(symbol);
    if (!library || (node->type && !(node->type->kinds & ~KINDS_CALLABLE))) return;
    LOWER_ROUTINE(lower, CHECK_CALLEE, node->span, lower_boxed(lower, callee, node->span),
                  operand_text(lower, symbol->name->text, symbol->name->size),
                  operand_text(lower, library, strlen(library)));
}

// ------------------------------------------------------------------------------------- direct
// calls

// What a call gives each parameter, in parameter order.
typedef struct Matched {
    IrOperand *values;
    const Type **types;
    Node **nodes;
    IrOperand *rest; // what the rest parameter collects
    int rest_count;
    bool fits;
} Matched;

static int param_named(const FunctionInfo *function, const Name *name)
{
    for (int i = 0; i < function->params.count; i++)
        if (function->params.items[i]->name == name) return i;
    return -1;
}

static int next_free(const FunctionInfo *function, const Node *const *nodes, int at)
{
    while (at < function->params.count && nodes[at] && at != function->rest_index)
        at++;
    return at;
}

// Finds each argument's place; with labels those parameters are taken first.
static bool place_args(const FunctionInfo *function, Node *receiver, const NodeList *args,
                       int *places, Node **nodes)
{
    int index = 0;
    for (Node *arg = args->first; arg; arg = arg->next, index++) {
        if (arg->kind == NODE_SPREAD) return false;
        if (arg->kind != NODE_LABELLED) continue;
        int at = param_named(function, arg->as.labelled.name);
        if (at < 0 || at == function->rest_index || nodes[at]) return false;
        nodes[at] = arg->as.labelled.value;
        places[index] = at;
    }
    int next = 0;
    if (receiver) {
        next = next_free(function, (const Node *const *)nodes, 0);
        if (next >= function->params.count) return false;
        if (next != function->rest_index) nodes[next] = receiver;
    }
    index = 0;
    for (Node *arg = args->first; arg; arg = arg->next, index++) {
        if (arg->kind == NODE_LABELLED) continue;
        next = next_free(function, (const Node *const *)nodes, next);
        if (next >= function->params.count) return false;
        places[index] = next;
        if (next != function->rest_index) nodes[next] = arg;
    }
    for (int i = 0; i < function->params.count; i++) {
        const Node *param = function->params.items[i]->node;
        if (!nodes[i] && i != function->rest_index && !param->as.param.default_value) return false;
    }
    return true;
}

static Matched match_args(Lower *lower, FunctionInfo *function, Node *receiver,
                          const IrOperand *receiver_value, const NodeList *args)
{
    int count = function->params.count;
    Matched matched = {.values = ARENA_ARRAY(lower->arena, IrOperand, count + 1),
                       .types = ARENA_ARRAY(lower->arena, const Type *, count + 1),
                       .nodes = ARENA_ARRAY(lower->arena, Node *, count + 1),
                       .rest = ARENA_ARRAY(lower->arena, IrOperand, args->count + 2)};
    int *places = ARENA_ARRAY(lower->arena, int, args->count + 1);
    matched.fits = place_args(function, receiver, args, places, matched.nodes);
    if (!matched.fits) return matched;
    for (int i = 0; i < count; i++)
        matched.values[i] = operand_missing();
    int held = 0, index = 0;
    if (receiver) {
        int at = 0;
        while (at < count && matched.nodes[at] != receiver)
            at++;
        if (at == count) {
            matched.rest[matched.rest_count++] =
                lower_boxed(lower, *receiver_value, receiver->span);
        } else {
            matched.values[at] = *receiver_value;
            matched.types[at] = receiver->type;
            lower_hold(lower, &matched.values[at]);
            held++;
        }
    }
    for (Node *arg = args->first; arg; arg = arg->next, index++) {
        Node *value = arg->kind == NODE_LABELLED ? arg->as.labelled.value : arg;
        int at = places[index];
        IrOperand operand = lower_expr(lower, value);
        bool to_rest = at == function->rest_index;
        IrOperand *place = to_rest ? &matched.rest[matched.rest_count++] : &matched.values[at];
        *place = to_rest ? lower_boxed(lower, operand, value->span) : operand;
        if (!to_rest) matched.types[at] = value->type;
        lower_hold(lower, place);
        held++;
    }
    lower_release(lower, held);
    return matched;
}

// An argument as the parameter wants it: checked against its annotation, in the parameter's
// representation.
static IrOperand fit_arg(Lower *lower, const IrFunction *callee, const Symbol *param,
                         const Matched *matched, int index, Span span)
{
    IrOperand value = matched->values[index];
    if (value.kind == OPERAND_MISSING) return value;
    const Node *annotation = param->node->as.param.annotation;
    if (matched->nodes[index]) span = matched->nodes[index]->span;
    if (annotation && !param->node->as.param.is_rest)
        value = lower_check_param(lower, callee, value, matched->nodes[index], param, span);
    IrRepr repr = callee->params.items[index + (callee->is_method ? 1 : 0)]->repr;
    return lower_convert(lower, value, repr, span);
}

static IrOperand emit_call(Lower *lower, IrFunction *callee, int count, const IrOperand *args,
                           Span span)
{
    IrVar *dst = callee->result == REPR_NONE ? NULL : lower_temp(lower, callee->result);
    IrOp *op = lower_op(lower, IR_CALL, span, dst, count);
    op->as.callee = callee;
    if (count) memcpy(op->args, args, sizeof *args * (size_t)count);
    return dst ? operand_var(dst) : operand_none();
}

// [self] is the object of a method, or the closure where that is at hand; NULL: neither.
static IrOperand call_matched(Lower *lower, FunctionInfo *function, const Matched *matched,
                              const IrOperand *self, Span span)
{
    IrFunction *callee = lower_function_for(lower, function);
    int count = 0;
    IrOperand *args = ARENA_ARRAY(lower->arena, IrOperand, function->params.count + 3);
    bool has_closure = self && !callee->is_method;
    if (callee->is_closure && !has_closure)
        args[count++] = lower_read_closure(lower, function, span);
    if (self && (callee->is_method || callee->is_closure)) args[count++] = *self;
    for (int i = 0; i < function->params.count; i++) {
        IrOperand value;
        if (i == function->rest_index)
            value =
                lower_routine(lower, &routine_LIST_FROM, span, matched->rest_count, matched->rest);
        else
            value = fit_arg(lower, callee, function->params.items[i], matched, i, span);
        args[count++] = value;
    }
    return emit_call(lower, callee, count, args, span);
}

static IrOperand call_extern(Lower *lower, FunctionInfo *function, const Matched *matched,
                             Span span)
{
    int fixed = function->rest_index < 0 ? function->params.count : function->rest_index;
    IrOperand *args = ARENA_ARRAY(lower->arena, IrOperand, fixed + matched->rest_count + 1);
    memcpy(args, matched->values, sizeof *args * (size_t)fixed);
    if (matched->rest_count)
        memcpy(args + fixed, matched->rest, sizeof *args * (size_t)matched->rest_count);
    return lower_extern_call(lower, function, fixed + matched->rest_count, args, matched->types,
                             span);
}

IrOperand lower_any_call(Lower *lower, IrOperand callee, const IrOperand *receiver_value,
                         const NodeList *args, Span span)
{
    ArgList list = lower_args(lower, args, span);
    if (!receiver_value) return call_value(lower, callee, &list, span);
    IrOperand receiver = lower_boxed(lower, *receiver_value, span);
    if (!list.has_spread) {
        memmove(list.values + 1, list.values, sizeof *list.values * (size_t)list.count);
        list.values[0] = receiver;
        list.count++;
        return call_value(lower, callee, &list, span);
    }
    IrOperand all = LOWER_ROUTINE(lower, LIST_NEW, span, operand_int(1));
    LOWER_ROUTINE(lower, LIST_PUSH, span, all, receiver);
    LOWER_ROUTINE(lower, LIST_EXTEND, span, all, list.list);
    list.list = all;
    return call_value(lower, callee, &list, span);
}

IrOperand lower_direct_call(Lower *lower, FunctionInfo *function, Node *receiver,
                            IrOperand *receiver_value, const NodeList *args, Span span)
{
    function = infer_called(lower->compiler, function, args);
    Matched matched = match_args(lower, function, receiver, receiver_value, args);
    // Spread arguments, or a number of them that only run time reports.
    if (!matched.fits)
        return lower_any_call(lower, lower_read_closure(lower, function, span), receiver_value,
                              args, span);
    if (function->is_extern) return call_extern(lower, function, &matched, span);
    return call_matched(lower, function, &matched, NULL, span);
}

// ---- of a value

// The function that a value can only be, called directly with the closure at hand.
static bool call_known_value(Lower *lower, Node *node, IrOperand callee, IrOperand *result)
{
    FunctionInfo *function = type_function(node->as.call.callee->type);
    if (!function || function->self || function->cls) return false;
    lower_hold(lower, &callee);
    Matched matched = match_args(lower, function, NULL, NULL, &node->as.call.args);
    lower_release(lower, 1);
    if (!matched.fits) return false;
    *result = function->is_extern ? call_extern(lower, function, &matched, node->span)
                                  : call_matched(lower, function, &matched, &callee, node->span);
    return true;
}

static IrOperand lower_value_call(Lower *lower, Node *node)
{
    IrOperand callee = lower_value(lower, node->as.call.callee), result;
    if (call_known_value(lower, node, callee, &result)) return result;
    lower_hold(lower, &callee);
    ArgList args = lower_args(lower, &node->as.call.args, node->span);
    lower_release(lower, 1);
    check_callee(lower, node->as.call.callee, callee);
    return call_value(lower, callee, &args, node->span);
}

// -------------------------------------------------------------------------------------------
// classes

static FunctionInfo *init_of(Lower *lower, ClassInfo *cls)
{
    return class_method(cls, name_from(&lower->compiler->names, "init"));
}

static IrOperand lower_construct(Lower *lower, ClassInfo *cls, Node *node)
{
    lower_use_class(lower, cls);
    FunctionInfo *init = cls->native ? NULL : init_of(lower, cls);
    const NodeList *args = &node->as.call.args;
    bool plain = !cls->native && (init || (!cls->is_error && !args->count));
    Matched matched = {.fits = false};
    if (plain && init) matched = match_args(lower, init, NULL, NULL, args);
    if (!plain || (init && !matched.fits)) {
        IrOperand callee = operand_class(cls);
        ArgList list = lower_args(lower, args, node->span);
        return call_value(lower, callee, &list, node->span);
    }
    IrOperand instance = LOWER_ROUTINE(lower, INSTANCE_NEW, node->span, operand_class(cls));
    if (init) call_matched(lower, init, &matched, &instance, node->span);
    return instance;
}

// -------------------------------------------------------------------------------------------
// methods

static bool is_super(const Node *node)
{
    return node->kind == NODE_NAME && !node->as.name.symbol &&
           !strcmp(node->as.name.name->text, "super");
}

static IrOperand lower_super_call(Lower *lower, const Name *name, Node *node)
{
    FunctionInfo *method = lower->info;
    while (method->parent && !method->cls)
        method = method->parent;
    IrOperand self = lower_read(lower, method->self, node);
    ClassInfo *base = method->cls->base;
    FunctionInfo *target = base ? class_method(base, name) : NULL;
    if (target && !target->captures.count) {
        Matched matched = match_args(lower, target, NULL, NULL, &node->as.call.args);
        if (matched.fits) return call_matched(lower, target, &matched, &self, node->span);
    }
    if (!base && !method->cls->base_variable)
        return LOWER_ROUTINE(lower, GET_ATTR, node->span, operand_none(),
                             operand_name(lower, name));
    IrOperand bound =
        LOWER_ROUTINE(lower, SUPER_METHOD, node->span, lower_base(lower, method->cls, node->span),
                      operand_name(lower, name), self);
    ArgList args = lower_args(lower, &node->as.call.args, node->span);
    return call_value(lower, bound, &args, node->span);
}

// The program's own meaning of `x.name()`, tried last.
static IrOperand program_fallback(Lower *lower, Node *callee)
{
    Symbol *symbol = callee->as.member.symbol;
    return symbol ? lower_boxed(lower, lower_symbol_value(lower, symbol, callee), callee->span)
                  : operand_missing();
}

static IrOperand lower_dynamic_method(Lower *lower, Node *node, IrOperand object, Symbol *library)
{
    Node *callee = node->as.call.callee;
    IrOperand fixed[] = {object, operand_name(lower, callee->as.member.name),
                         library ? lower_library_value(lower, library) : operand_missing(),
                         program_fallback(lower, callee)};
    lower_hold(lower, &fixed[0]);
    lower_hold(lower, &fixed[3]);
    ArgList args = lower_args(lower, &node->as.call.args, node->span);
    lower_release(lower, 2);
    if (!args.has_spread && !args.label_count)
        return call_routine(lower, &routine_CALL_METHOD, node->span, 4, fixed, &args);
    IrOperand bound = lower_routine(lower, &routine_BIND_METHOD, node->span, 4, fixed);
    return call_value(lower, bound, &args, node->span);
}

// The method, when the object's class is known and nothing below it defines it anew. One that keeps
// variables is a closure, which only the object's own class has.
static FunctionInfo *known_method(const Type *type, const Name *name)
{
    if (!type_is(type, TB_INSTANCE) || !type->cls || class_field(type->cls, name)) return NULL;
    if (class_overrides(type->cls, name)) return NULL;
    FunctionInfo *method = class_method(type->cls, name);
    return method && !method->captures.count ? method : NULL;
}

// ---- by looking at the object: where few methods can be meant, the call asks which one it is and
// then calls it directly. Of an object of a known class its class tells, otherwise the method that
// the object has by the name.

#define DISPATCH_METHODS_MAX 4
#define DISPATCH_CLASSES_MAX 8

// A method that may be meant, and the classes whose objects have it (none: not known).
typedef struct Target {
    FunctionInfo *method;
    ClassInfo *classes[DISPATCH_CLASSES_MAX];
    int class_count;
} Target;

typedef struct Targets {
    Target items[DISPATCH_METHODS_MAX];
    int count;
    int class_count;
    bool by_class;
    bool is_lacking; // some class has no such method
} Targets;

static bool takes_plain(const FunctionInfo *method, const NodeList *args)
{
    return !method->captures.count && method->rest_index < 0 && !method->is_extern &&
           args->count >= method->required_count && args->count <= method->params.count;
}

static bool has_plain_args(const NodeList *args)
{
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (arg->kind == NODE_LABELLED || arg->kind == NODE_SPREAD) return false;
    return true;
}

// Notes that objects of [cls] have [method]; false: there is no room.
static bool add_target(Targets *targets, FunctionInfo *method, ClassInfo *cls)
{
    int at = 0;
    while (at < targets->count && targets->items[at].method != method)
        at++;
    if (at == DISPATCH_METHODS_MAX || targets->class_count == DISPATCH_CLASSES_MAX) return false;
    if (at == targets->count) targets->items[targets->count++] = (Target){.method = method};
    Target *target = &targets->items[at];
    target->classes[target->class_count++] = cls;
    targets->class_count++;
    return true;
}

// Goes through [cls] and the classes below it that the program uses; false: too many or not known.
static bool add_classes(Targets *targets, ClassInfo *cls, const Name *name, const NodeList *args)
{
    const ClassFacts *facts = infer_class_facts(cls);
    if (cls->is_closure || facts->may_be_extended || class_field(cls, name)) return false;
    FunctionInfo *method = class_method(cls, name);
    if (method && !takes_plain(method, args)) return false;
    if (facts->is_reached && !method) targets->is_lacking = true;
    if (facts->is_reached && method && !add_target(targets, method, cls)) return false;
    for (int i = 0; i < facts->derived.count; i++)
        if (!add_classes(targets, facts->derived.items[i], name, args)) return false;
    return true;
}

// By the class: it is known, and the object may be None instead, which a branch of its own takes.
static bool find_by_class(Targets *targets, const Type *type, const Name *name,
                          const NodeList *args)
{
    const KindSet known = KIND_BIT(TB_INSTANCE) | KIND_BIT(TB_NONE);
    if (!type->cls || type->cls->is_error || (type->kinds & ~known)) return false;
    targets->by_class = add_classes(targets, type->cls, name, args) && targets->count;
    return targets->by_class;
}

// By the method found: any class may define it.
static void find_by_name(Lower *lower, Targets *targets, const Name *name, const NodeList *args)
{
    FunctionInfo *methods[DISPATCH_METHODS_MAX];
    int count = infer_methods_named(lower->compiler, name, DISPATCH_METHODS_MAX, methods);
    for (int i = 0; count <= DISPATCH_METHODS_MAX && i < count; i++)
        if (takes_plain(methods[i], args))
            targets->items[targets->count++] = (Target){.method = methods[i]};
}

// The methods that the call may mean; none: too many, or it is better left to the runtime.
static Targets find_targets(Lower *lower, Node *node)
{
    const Node *callee = node->as.call.callee;
    const Type *type = callee->as.member.object->type;
    const NodeList *args = &node->as.call.args;
    Targets targets = {.count = 0};
    bool is_once = !lower->loop_depth && lower->info && !lower->info->node;
    if (is_once || !(type->kinds & KIND_BIT(TB_INSTANCE)) || !has_plain_args(args)) return targets;
    if (find_by_class(&targets, type, callee->as.member.name, args)) return targets;
    targets = (Targets){.count = 0};
    find_by_name(lower, &targets, callee->as.member.name, args);
    return targets;
}

// The arguments, evaluated already, as [method] takes them.
static Matched plain_matched(Lower *lower, const FunctionInfo *method, const NodeList *args,
                             const IrOperand *values)
{
    int count = method->params.count, at = 0;
    Matched matched = {.values = ARENA_ARRAY(lower->arena, IrOperand, count + 1),
                       .types = ARENA_ARRAY(lower->arena, const Type *, count + 1),
                       .nodes = ARENA_ARRAY(lower->arena, Node *, count + 1),
                       .fits = true};
    for (Node *arg = args->first; arg; arg = arg->next, at++) {
        matched.values[at] = values[at];
        matched.types[at] = arg->type;
        matched.nodes[at] = arg;
    }
    for (; at < count; at++)
        matched.values[at] = operand_missing();
    return matched;
}

bool lower_operator_call(Lower *lower, const char *text, const Type *type, IrOperand left,
                         Node *right_node, IrOperand right, Span span, IrOperand *result)
{
    if (!text || !type_is(type, TB_INSTANCE)) return false;
    FunctionInfo *method = known_method(type, name_from(&lower->compiler->names, text));
    const NodeList args = {right_node, right_node, right_node != NULL};
    if (!method || !takes_plain(method, &args)) return false;
    Matched matched = plain_matched(lower, method, &args, &right);
    *result = call_matched(lower, method, &matched, &left, span);
    return true;
}

static IrOperand call_by_runtime(Lower *lower, Node *node, IrOperand object, Symbol *library,
                                 const IrOperand *values)
{
    Node *callee = node->as.call.callee;
    int count = node->as.call.args.count;
    IrOperand fixed[] = {object, operand_name(lower, callee->as.member.name),
                         library ? lower_library_value(lower, library) : operand_missing(),
                         program_fallback(lower, callee)};
    ArgList list = {.values = ARENA_ARRAY(lower->arena, IrOperand, count + 1), .count = count};
    for (int i = 0; i < count; i++)
        list.values[i] = lower_boxed(lower, values[i], node->span);
    return call_routine(lower, &routine_CALL_METHOD, node->span, 4, fixed, &list);
}

static IrOperand is_of_class(Lower *lower, IrOperand object, ClassInfo *cls, Span span)
{
    lower_use_class(lower, cls);
    return LOWER_ROUTINE(lower, IS_EXACTLY, span, object, operand_class(cls));
}

// Whether the object's class is one of those that have the target's method.
static IrOperand is_of_classes(Lower *lower, const Target *target, IrOperand object, Span span)
{
    if (target->class_count == 1) return is_of_class(lower, object, target->classes[0], span);
    IrVar *is_one = lower_temp(lower, REPR_BOOL);
    IrBlock *outside = lower->block;
    for (int i = 0; i < target->class_count; i++) {
        lower_move(lower, is_one, is_of_class(lower, object, target->classes[i], span), span);
        if (i + 1 < target->class_count)
            lower_enter(lower, lower_if(lower, operand_var(is_one), span)->other);
    }
    lower_enter(lower, outside);
    return operand_var(is_one);
}

// Whether the call means this target. [found] is the method the object has, unless by class.
static IrOperand is_target(Lower *lower, const Targets *targets, const Target *target,
                           IrOperand object, IrOperand found, Span span)
{
    if (!targets->by_class) {
        IrFunction *function = lower_function_for(lower, target->method);
        lower_function_value(lower, function);
        return LOWER_ROUTINE(lower, IS_SAME, span, found, operand_function(function));
    }
    if (targets->count > 1 || targets->is_lacking)
        return is_of_classes(lower, target, object, span);
    return lower_not(lower, LOWER_ROUTINE(lower, IS_SAME, span, object, operand_none()), span);
}

static IrOperand lower_dispatch(Lower *lower, Node *node, IrOperand object, Symbol *library,
                                const Targets *targets)
{
    const NodeList *args = &node->as.call.args;
    IrOperand *values = ARENA_ARRAY(lower->arena, IrOperand, args->count + 1);
    int at = 0;
    lower_hold(lower, &object);
    for (Node *arg = args->first; arg; arg = arg->next) {
        values[at] = lower_expr(lower, arg);
        lower_hold(lower, &values[at++]);
    }
    lower_release(lower, at + 1);
    IrOperand found = operand_none();
    if (!targets->by_class)
        found = LOWER_ROUTINE(lower, FIND_METHOD, node->span, object,
                              operand_name(lower, node->as.call.callee->as.member.name));
    IrVar *dst = lower_temp(lower, lower_repr_of(node->type));
    IrBlock *outside = lower->block;
    for (int i = 0; i < targets->count; i++) {
        const Target *target = &targets->items[i];
        IrOperand is_it = is_target(lower, targets, target, object, found, node->span);
        IrOp *branch = lower_if(lower, is_it, node->span);
        lower_enter(lower, branch->body);
        Matched matched = plain_matched(lower, target->method, args, values);
        IrOperand result = call_matched(lower, target->method, &matched, &object, node->span);
        lower_move(lower, dst, result, node->span);
        lower_enter(lower, branch->other);
    }
    lower_move(lower, dst, call_by_runtime(lower, node, object, library, values), node->span);
    lower_enter(lower, outside);
    return operand_var(dst);
}

static IrOperand lower_method_call(Lower *lower, Node *node)
{
    Node *callee = node->as.call.callee;
    Node *object_node = callee->as.member.object;
    const Type *type = object_node->type;
    const Name *name = callee->as.member.name;
    IrOperand object = lower_expr(lower, object_node);
    lower_hold(lower, &object);
    FunctionInfo *method = known_method(type, name);
    if (method) {
        Matched matched = match_args(lower, method, NULL, NULL, &node->as.call.args);
        if (matched.fits) {
            lower_release(lower, 1);
            return call_matched(lower, method, &matched, &object, node->span);
        }
    }
    Symbol *library = resolve_method_name(lower->compiler, callee->as.member.name);
    const KindSet own_members = KINDS_OBJECT | KIND_BIT(TB_CLASS) | KIND_BIT(TB_MODULE);
    bool is_plain = !(type->kinds & own_members);
    if (is_plain && library) {
        Symbol *found[64];
        bool some =
            library->overloads.count >= 64 ||
            infer_candidates(lower->compiler, library, object_node, &node->as.call.args, found) > 0;
        bool is_dict = (type->kinds & KIND_BIT(TB_DICT)) != 0;
        if (some || !is_dict) {
            lower_release(lower, 1);
            return lower_library_call(lower, library, object_node, &object, node);
        }
        library = NULL;
    }
    lower_release(lower, 1);
    object = lower_boxed(lower, object, object_node->span);
    Targets targets = find_targets(lower, node);
    if (targets.count) return lower_dispatch(lower, node, object, library, &targets);
    return lower_dynamic_method(lower, node, object, library);
}

// ------------------------------------------------------------------------------------------ the
// door

static IrOperand lower_symbol_call(Lower *lower, Symbol *symbol, Node *node)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_FUNCTION:
        if (symbol->is_reassigned) break;
        return lower_direct_call(lower, symbol->function, NULL, NULL, &node->as.call.args,
                                 node->span);
    case SYMBOL_CLASS:
        if (symbol->cls->is_closure || symbol->is_session || class_is_open(symbol->cls)) break;
        return lower_construct(lower, symbol->cls, node);
    case SYMBOL_OVERLOADS:
        return lower_library_call(lower, symbol, NULL, NULL, node);
    default:
        break;
    }
    return lower_value_call(lower, node);
}

IrOperand lower_call(Lower *lower, Node *node)
{
    Node *callee = node->as.call.callee;
    if (is_super(callee))
        return lower_super_call(lower, name_from(&lower->compiler->names, "init"), node);
    if (callee->kind == NODE_MEMBER) {
        if (is_super(callee->as.member.object))
            return lower_super_call(lower, callee->as.member.name, node);
        if (!callee->as.member.is_module_member) return lower_method_call(lower, node);
        if (callee->as.member.symbol)
            return lower_symbol_call(lower, callee->as.member.symbol, node);
    }
    if (callee->kind == NODE_NAME && callee->as.name.symbol)
        return lower_symbol_call(lower, callee->as.name.symbol, node);
    return lower_value_call(lower, node);
}
