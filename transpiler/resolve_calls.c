// Arguments of calls whose callee is known: missing, extra, unknown and doubled ones are errors
// that show the signature (LANGUAGE.md section 6). Labelled arguments take their parameters first,
// the others fill up from the left.
#include "resolve_state.h"

typedef enum Fault { FAULT_NONE, FAULT_MISSING, FAULT_EXTRA, FAULT_LABEL, FAULT_DOUBLED } Fault;

typedef struct Verdict {
    Fault fault;
    const Node *at; // the argument, or the parameter that is missing
} Verdict;

// What is called: its parameters and how messages show it.
typedef struct Signature {
    const char *name;
    const NodeList *params;
    Source *source;
    Span span; // of the name where it is declared
} Signature;

static const NodeList no_params;

static const Node *find_param(const NodeList *params, const Name *name)
{
    for (const Node *param = params->first; param; param = param->next)
        if (param->as.param.name == name && !param->as.param.is_rest) return param;
    return NULL;
}

static bool has_label(const NodeList *args, const Name *name, const Node *before)
{
    for (const Node *arg = args->first; arg != before; arg = arg->next)
        if (arg->kind == NODE_LABELLED && arg->as.labelled.name == name) return true;
    return false;
}

static Verdict check_labels(const NodeList *params, const NodeList *args)
{
    for (const Node *arg = args->first; arg; arg = arg->next) {
        if (arg->kind != NODE_LABELLED) continue;
        if (!find_param(params, arg->as.labelled.name)) return (Verdict){FAULT_LABEL, arg};
        if (has_label(args, arg->as.labelled.name, arg)) return (Verdict){FAULT_DOUBLED, arg};
    }
    return (Verdict){FAULT_NONE, NULL};
}

static const Node *next_positional(const Node *arg)
{
    while (arg && arg->kind == NODE_LABELLED)
        arg = arg->next;
    return arg;
}

// Gives positional arguments to parameters from the left. After a spread argument anything may be
// filled, except parameters behind a rest parameter, which only a label reaches.
static Verdict check_positions(const NodeList *params, const NodeList *args)
{
    const Node *arg = next_positional(args->first);
    bool has_spread = false;
    bool behind_rest = false;
    for (const Node *param = params->first; param; param = param->next) {
        if (param->as.param.is_rest) {
            arg = NULL;
            behind_rest = true;
            continue;
        }
        if (has_label(args, param->as.param.name, NULL)) continue;
        has_spread |= arg && arg->kind == NODE_SPREAD;
        if (!behind_rest && has_spread) continue;
        if (arg && !behind_rest)
            arg = next_positional(arg->next);
        else if (!param->as.param.default_value)
            return (Verdict){FAULT_MISSING, param};
    }
    if (arg && !has_spread && arg->kind != NODE_SPREAD) return (Verdict){FAULT_EXTRA, arg};
    return (Verdict){FAULT_NONE, NULL};
}

static Verdict check_arguments(const NodeList *params, const NodeList *args)
{
    Verdict verdict = check_labels(params, args);
    return verdict.fault ? verdict : check_positions(params, args);
}

// --------------------------------------------------------------------------------------- messages

// name(a, b = 1, rest...) as it is written.
static const char *signature_text(Arena *arena, const Signature *signature)
{
    const Node *first = signature->params->first;
    if (!first) return arena_format(arena, "%s()", signature->name);
    uint32_t start = first->span.start;
    int size = (int)(signature->params->last->span.end - start);
    return arena_format(arena, "%s(%.*s)", signature->name, size, signature->source->text + start);
}

static void help_label(Diags *diags, const Signature *signature, const char *label)
{
    Nearest nearest = {.wanted = label};
    for (const Node *param = signature->params->first; param; param = param->next)
        if (!param->as.param.is_rest) nearest_offer(&nearest, param->as.param.name->text);
    if (nearest.best) diag_help(diags, "did you mean `%s`?", nearest.best);
}

// Says what is wrong with the arguments of [call], which stands in [source].
static void report_fault(Compiler *compiler, Source *source, const Node *call,
                         const Signature *signature, Verdict verdict)
{
    const char *name = signature->name;
    Diags *diags = &compiler->diags;
    switch (verdict.fault) {
    case FAULT_NONE:
        return;
    case FAULT_MISSING:
        diag_error(diags, source, call->as.call.callee->span, DIAG_CALL,
                   "`%s` needs an argument for `%s`", name, verdict.at->as.param.name->text);
        break;
    case FAULT_EXTRA:
        diag_error(diags, source, verdict.at->span, DIAG_CALL, "too many arguments for `%s`", name);
        break;
    case FAULT_LABEL:
        diag_error(diags, source, verdict.at->as.labelled.name_span, DIAG_CALL,
                   "`%s` has no parameter `%s`", name, verdict.at->as.labelled.name->text);
        break;
    case FAULT_DOUBLED:
        diag_error(diags, source, verdict.at->as.labelled.name_span, DIAG_CALL,
                   "argument `%s` is given twice", verdict.at->as.labelled.name->text);
        break;
    }
    const char *text = signature_text(&compiler->arena, signature);
    diag_note(diags, signature->source, signature->span, "it is called as `%s`", text);
    if (verdict.fault == FAULT_LABEL)
        help_label(diags, signature, verdict.at->as.labelled.name->text);
}

static void report(Resolver *r, const Node *call, const Signature *signature, Verdict verdict)
{
    report_fault(r->compiler, r->source, call, signature, verdict);
}

// ---------------------------------------------------------------------------------------- callees

static Signature function_signature(const Symbol *symbol)
{
    const Node *node = symbol->node;
    return (Signature){symbol->name->text, &node->as.function.params, symbol->module->source,
                       node->as.function.name_span};
}

void resolve_check_arguments(Compiler *compiler, Source *source, const Node *call,
                             const FunctionInfo *function)
{
    Signature signature = function_signature(function->symbol);
    report_fault(compiler, source, call, &signature,
                 check_arguments(signature.params, &call->as.call.args));
}

static const Node *own_method(const ClassInfo *cls, const char *name)
{
    // In the tree and not among the methods: those of a library's class are declared only when the
    // library is drained.
    for (const Node *node = cls->node->as.class_.body.first; node; node = node->next)
        if (node->kind == NODE_FUNCTION && strcmp(node->as.function.name->text, name) == 0)
            return node;
    return NULL;
}

// The method that [name] means in [cls], own or inherited, shown as [shown]. False when there is
// none, or when that cannot be known: native classes check their arguments themselves, and a base
// that did not resolve was reported.
static bool method_signature(const ClassInfo *cls, const char *name, const char *shown,
                             Signature *signature)
{
    for (; cls && !cls->native; cls = cls->base) {
        const Node *node = own_method(cls, name);
        if (!node) continue;
        *signature = (Signature){shown, &node->as.function.params, cls->module->source,
                                 node->as.function.name_span};
        return true;
    }
    return false;
}

static bool has_unknown_base(const ClassInfo *cls)
{
    for (; cls; cls = cls->base)
        if (cls->native || (cls->node->as.class_.base && !cls->base)) return true;
    return false;
}

// `Point(…)` is called as its `init`; without one it takes no arguments.
static bool class_signature(const ClassInfo *cls, const char *shown, Signature *signature)
{
    if (method_signature(cls, "init", shown, signature)) return true;
    *signature =
        (Signature){shown, &no_params, cls->module ? cls->module->source : NULL, cls->symbol->span};
    return !has_unknown_base(cls);
}

static void check_overloads(Resolver *r, const Node *call, const Symbol *symbol)
{
    const NodeList *args = &call->as.call.args;
    const Symbol *function = NULL;
    int function_count = 0;
    for (int i = 0; i < symbol->overloads.count; i++) {
        const Symbol *overload = symbol->overloads.items[i];
        if (overload->kind != SYMBOL_FUNCTION) return;
        if (!check_arguments(&overload->node->as.function.params, args).fault) return;
        function_count++;
        function = overload;
    }
    if (!function) return;
    Signature signature = function_signature(function);
    if (function_count == 1) {
        report(r, call, &signature, check_arguments(signature.params, args));
        return;
    }
    resolve_error(r, call->as.call.callee->span, DIAG_CALL, "no form of `%s` takes these arguments",
                  signature.name);
    for (int i = 0; i < function_count && i < 3; i++) {
        signature = function_signature(symbol->overloads.items[i]);
        diag_note(&r->compiler->diags, signature.source, signature.span, "one is `%s`",
                  signature_text(r->arena, &signature));
    }
}

static void check_call(Resolver *r, const Node *call)
{
    const Node *callee = call->as.call.callee;
    const Symbol *symbol = callee->kind == NODE_NAME ? callee->as.name.symbol : NULL;
    if (callee->kind == NODE_MEMBER && callee->as.member.is_module_member)
        symbol = callee->as.member.symbol;
    if (!symbol) return;
    Signature signature;
    if (symbol->kind == SYMBOL_OVERLOADS) {
        check_overloads(r, call, symbol);
    } else if (symbol->kind == SYMBOL_FUNCTION && !symbol->is_reassigned) {
        signature = function_signature(symbol);
        report(r, call, &signature, check_arguments(signature.params, &call->as.call.args));
    } else if (symbol->kind == SYMBOL_CLASS && !symbol->is_session && !class_is_open(symbol->cls) &&
               class_signature(symbol->cls, symbol->name->text, &signature)) {
        report(r, call, &signature, check_arguments(signature.params, &call->as.call.args));
    }
}

static void check_super_call(Resolver *r, const SuperCall *call)
{
    const ClassInfo *base = call->cls->base;
    const Node *callee = call->call->as.call.callee;
    Signature signature;
    bool is_known = false;
    if (!base) return;
    if (callee->kind == NODE_NAME) {
        is_known = class_signature(base, "super", &signature);
    } else {
        const char *name = callee->as.member.name->text;
        is_known =
            method_signature(base, name, arena_format(r->arena, "super.%s", name), &signature);
    }
    if (is_known)
        report(r, call->call, &signature,
               check_arguments(signature.params, &call->call->as.call.args));
}

void check_calls(Resolver *r)
{
    for (int i = 0; i < r->super_calls.count; i++)
        check_super_call(r, &r->super_calls.items[i]);
    for (int i = 0; i < r->calls.count; i++)
        check_call(r, r->calls.items[i]);
}
