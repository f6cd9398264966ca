// Calls: which function is meant, what its parameters get, what it returns.
//
// A call of a known function joins its arguments into the parameters' cells. Among the functions of
// the library that share a name, the kinds of the arguments decide (infer_candidates). A method's
// call on an object of a known class means that class's method and those that override it.
#include "infer_state.h"

// ------------------------------------------------------------------------------------------- calls

Symbol *param_at(const FunctionInfo *function, int index)
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

static Type *arg_type(Infer *infer, const Node *arg)
{
    if (!arg || !arg->type) return infer->types.any;
    return arg->kind == NODE_SPREAD ? item_type(infer, arg->as.unary.operand->type) : arg->type;
}

static void give_param(Infer *infer, const FunctionInfo *function, int index, Node *arg)
{
    Symbol *param = param_at(function, index);
    Type *type = arg_type(infer, arg);
    if (index == function->rest_index) {
        give_rest(infer, function, type);
        const char *name = param->name->text;
        if (!function->module->is_library && arg->kind != NODE_SPREAD)
            check_annotation(infer, symbol_annotation(param), type, arg,
                             arena_format(&infer->compiler->arena, "`%s`", name));
        return;
    }
    cell_join(infer, symbol_cell(infer, param), type);
    if (!function->module->is_library && arg->kind != NODE_SPREAD)
        check_variable(infer, param, type, arg);
}

// With a rest parameter: arguments by position up to it, the others into its list.
static void give_with_rest(Infer *infer, const FunctionInfo *function, Node *first,
                           const NodeList *args)
{
    int next = 0;
    if (first) give_param(infer, function, next < function->rest_index ? next++ : next, first);
    for (Node *arg = args->first; arg; arg = arg->next) {
        int at = arg->kind == NODE_LABELLED ? param_named(function, arg->as.labelled.name) : next;
        if (at < 0) continue; // reported
        give_param(infer, function, at, arg->kind == NODE_LABELLED ? arg->as.labelled.value : arg);
        if (arg->kind != NODE_LABELLED && next < function->rest_index) next++;
    }
}

// With a spread list any argument may be meant for any parameter.
static void give_to_all(Infer *infer, const FunctionInfo *function, Node *first,
                        const NodeList *args)
{
    for (int i = 0; i < function->params.count; i++) {
        if (first) give_param(infer, function, i, first);
        for (Node *arg = args->first; arg; arg = arg->next)
            give_param(infer, function, i,
                       arg->kind == NODE_LABELLED ? arg->as.labelled.value : arg);
    }
}

// Whether arguments may stand in other places than they are written: a spread; or labels in front
// of a rest parameter, which move those without.
static bool is_scattered(const FunctionInfo *function, const NodeList *args)
{
    for (const Node *arg = args->first; arg; arg = arg->next) {
        if (arg->kind == NODE_SPREAD) return true;
        if (arg->kind != NODE_LABELLED) continue;
        int at = param_named(function, arg->as.labelled.name);
        if (at >= 0 && at < function->rest_index) return true;
    }
    return false;
}

// Joins the arguments of a call into the parameters of a function that is known to be called.
static void bind_args(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    int count = function->params.count;
    Node **matched = ARENA_ARRAY(&infer->compiler->arena, Node *, count + 1);
    if (infer_match_args(function, first, args, matched)) {
        for (int i = 0; i < count; i++)
            if (matched[i]) give_param(infer, function, i, matched[i]);
    } else if (function->rest_index < 0 || is_scattered(function, args)) {
        give_to_all(infer, function, first, args);
    } else {
        give_with_rest(infer, function, first, args);
    }
}

static Type *call_function(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    reach_function(infer, function);
    if (function->is_extern) return native_call(infer, function, first, args);
    bind_args(infer, function, first, args);
    return cell_read(infer, &function_facts(infer, function)->result);
}

// The arguments go to code that cannot be seen.
static void open_args(Infer *infer, const NodeList *args)
{
    for (const Node *arg = args->first; arg; arg = arg->next)
        type_open(infer, arg_type(infer, arg));
}

// A call of a value: what functions it can be, if that is known.
static Type *call_value(Infer *infer, Type *type, const NodeList *args)
{
    const Type *callable = type_only(&infer->types, type, ~KIND_BIT(TB_NONE));
    FunctionInfo *function = type_function(callable);
    if (!callable->kinds) return infer->types.never;
    if (function) return call_function(infer, function, NULL, args);
    bool is_plain = type_is(callable, TB_FUNCTION) && callable->shape;
    for (const Node *arg = args->first; arg; arg = arg->next)
        is_plain &= arg->kind != NODE_SPREAD && arg->kind != NODE_LABELLED;
    if (!is_plain) {
        type_open(infer, type);
        open_args(infer, args);
        return infer->types.any;
    }
    int index = 0;
    for (const Node *arg = args->first; arg; arg = arg->next, index++) {
        const Shape *shape = shape_find(callable->shape);
        if (index < shape->param_count)
            cell_join(infer, shape->params[index], arg_type(infer, arg));
    }
    return cell_read(infer, shape_result(infer, callable->shape));
}

static Type *call_class(Infer *infer, ClassInfo *cls, const NodeList *args)
{
    reach_class(infer, cls);
    FunctionInfo *init = class_method(cls, name_from(&infer->compiler->names, "init"));
    if (init)
        call_function(infer, init, NULL, args);
    else
        open_args(infer, args);
    if (class_is_native(cls)) return infer->types.any; // calling it raises
    return type_make(&infer->types, KIND_BIT(TB_INSTANCE), cls);
}

// Whether an object of one type can be one of the other, as far as classes tell.
bool classes_may_meet(const Type *a, const Type *b)
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

// The first argument, and the index of its parameter, that a function with a rest parameter cannot
// be given by position. NULL: none, or labels make it hard to tell.
static Node *rest_misfit(Compiler *compiler, const FunctionInfo *function, Node *receiver,
                         const NodeList *args, int *index)
{
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (arg->kind == NODE_LABELLED) return NULL;
    *index = 0;
    for (Node *arg = receiver ? receiver : args->first; arg;
         arg = arg == receiver ? args->first : arg->next) {
        const Node *param = param_at(function, *index)->node;
        const Type *wanted = infer_annotation(compiler, param->as.param.annotation);
        if (fit_type(wanted, arg->type) == FIT_NONE) return arg;
        if (*index < function->rest_index) ++*index;
    }
    return NULL;
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
        int index;
        if (rest_misfit(compiler, function, (Node *)(uintptr_t)receiver, args, &index))
            return FIT_NONE;
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

// ---- what is said when no form fits: the same as at run time (runtime/forms.c)

// Which parameter is the first that cannot be given what it is, and what that is.
typedef struct Misfit {
    int reach; // so many parameters fit; -1: the count or a label does not
    const Node *param;
    Node *arg; // NULL: left out
} Misfit;

static Misfit misfit_of(Compiler *compiler, FunctionInfo *function, Node *receiver,
                        const NodeList *args)
{
    Node *matched[64];
    int count = function->params.count;
    if (count >= 64) return (Misfit){.reach = -1};
    if (!infer_match_args(function, receiver, args, matched)) {
        int index;
        Node *arg = function->rest_index < 0
                        ? NULL
                        : rest_misfit(compiler, function, receiver, args, &index);
        return arg ? (Misfit){index, param_at(function, index)->node, arg} : (Misfit){.reach = -1};
    }
    for (int i = 0; i < count; i++) {
        const Node *param = param_at(function, i)->node;
        const Type *wanted = infer_annotation(compiler, param->as.param.annotation);
        if (matched[i] ? fit_type(wanted, matched[i]->type) == FIT_NONE
                       : i < function->required_count)
            return (Misfit){i, param, matched[i]};
    }
    return (Misfit){.reach = -1};
}

// The words with one more, unless it is one of them.
static const char *with_word(Arena *arena, const char *words, const char *word, const char *between)
{
    if (!*words) return word;
    const char *list = arena_format(arena, "%s%s%s", between, words, between);
    if (strstr(list, arena_format(arena, "%s%s%s", between, word, between))) return words;
    return arena_format(arena, "%s%s%s", words, between, word);
}

static void warn_overloads(Infer *infer, const Symbol *overloads, Node *receiver,
                           const NodeList *args)
{
    Arena *arena = &infer->compiler->arena;
    Misfit best = {.reach = -1};
    const char *names = "", *types = "";
    for (int i = 0; i < overloads->overloads.count; i++) {
        const Symbol *form = overloads->overloads.items[i];
        if (form->kind != SYMBOL_FUNCTION) continue;
        Misfit found = misfit_of(infer->compiler, form->function, receiver, args);
        if (found.reach < 0 || found.reach < best.reach) continue;
        if (found.reach > best.reach) names = types = "";
        best = found;
        names = with_word(arena, names, best.param->as.param.name->text, "`/`");
        const Node *annotation = best.param->as.param.annotation;
        if (annotation)
            types = with_word(arena, types, infer_annotation_text(arena, annotation), " | ");
    }
    Diags *diags = &infer->compiler->diags;
    Source *source = infer->function->module->source;
    const Node *first = receiver ? receiver : args->first;
    const char *name = overloads->name->text;
    if (best.arg)
        diag_error(diags, source, best.arg->span, DIAG_FAILS, "`%s` of `%s` must be %s, not %s",
                   names, name, types, type_text(arena, best.arg->type));
    else if (best.reach >= 0)
        diag_error(diags, source, first->span, DIAG_FAILS, "`%s` needs an argument for `%s`", name,
                   names);
    else if (first && first->type && first->type->kinds && first->kind != NODE_SPREAD)
        diag_error(diags, source, first->span, DIAG_FAILS, "`%s` cannot be called like this on %s",
                   name, type_text(arena, first->type));
}

// The library's function becomes a value: every form of it can be called.
void overloads_escape(Infer *infer, const Symbol *overloads)
{
    for (int i = 0; i < overloads->overloads.count; i++) {
        Symbol *overload = overloads->overloads.items[i];
        if (overload->kind == SYMBOL_FUNCTION) function_escapes(infer, overload->function);
    }
}

static Type *call_symbol(Infer *infer, Symbol *symbol, Node *receiver, const NodeList *args);

static Type *call_overloads(Infer *infer, const Symbol *overloads, Node *receiver,
                            const NodeList *args)
{
    Symbol **found = ARENA_ARRAY(&infer->compiler->arena, Symbol *, overloads->overloads.count + 1);
    int count = infer_candidates(infer->compiler, overloads, receiver, args, found);
    if (count != 1) no_copy_for_call(infer, args);
    if (!count && infer->reporting) warn_overloads(infer, overloads, receiver, args);
    if (count != 1 && overloads->overloads.count > 1)
        overloads_escape(infer, overloads); // run time decides
    else if (!count && overloads->overloads.items[0]->kind == SYMBOL_FUNCTION)
        reach_function(infer, overloads->overloads.items[0]->function); // it will complain itself
    Type *type = infer->types.never;
    for (int i = 0; i < count; i++) {
        Symbol *symbol = found[i];
        bool is_sure = count == 1 || symbol->kind != SYMBOL_FUNCTION;
        Type *result = is_sure ? call_symbol(infer, symbol, receiver, args)
                               : call_function(infer, symbol->function, receiver, args);
        type = infer_join(infer, type, result);
    }
    if (count) return type;
    if (receiver) type_open(infer, receiver->type);
    open_args(infer, args);
    return infer->types.any;
}

static Type *call_symbol(Infer *infer, Symbol *symbol, Node *receiver, const NodeList *args)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_FUNCTION:
        if (symbol->is_reassigned) break;
        return call_function(infer, copy_for_call(infer, symbol->function, receiver, args),
                             receiver, args);
    case SYMBOL_CLASS:
        if (!symbol->is_session && !class_is_open(symbol->cls))
            return call_class(infer, symbol->cls, args);
        class_escapes(infer, symbol->cls);
        break;
    case SYMBOL_OVERLOADS:
        return call_overloads(infer, symbol, receiver, args);
    default:
        break;
    }
    return call_value(infer, symbol_value(infer, symbol), args);
}

Type *methods_named(Infer *infer, const Name *name, bool escape, const NodeList *args)
{
    Type *type = infer->types.never;
    for (int i = 0; i < infer->named_methods.count; i++) {
        FunctionInfo *method = infer->named_methods.items[i];
        if (method->name != name) continue;
        if (escape) {
            function_escapes(infer, method);
        } else {
            Type *result = call_function(infer, method, NULL, args);
            type_open(infer, result);
            type = infer_join(infer, type, result);
        }
    }
    member_read(infer, name);
    return type;
}

void method_escapes(Infer *infer, const char *text)
{
    const Name *name = name_from(&infer->compiler->names, text);
    const MemberFacts *members = map_get(&infer->members, name);
    if (infer->reporting || (members && members->is_read)) return;
    methods_named(infer, name, true, NULL);
}

int infer_methods_named(Compiler *compiler, const Name *name, int limit, FunctionInfo **out)
{
    const Infer *infer = compiler->infer;
    int count = 0;
    for (int i = 0; i < infer->named_methods.count; i++) {
        FunctionInfo *method = infer->named_methods.items[i];
        if (method->name != name) continue;
        if (count < limit) out[count] = method;
        count++;
    }
    return count;
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
            type = infer_join(infer, type, call_function(infer, own, NULL, args));
        type = infer_join(infer, type, call_below(infer, derived, name, args));
    }
    return type;
}

// Whether the library or the program has a function that `x.name` means when x is None.
static bool none_has_method(Infer *infer, const Node *callee, const NodeList *args)
{
    if (callee->as.member.symbol) return true;
    Symbol *library = resolve_method_name(infer->compiler, callee->as.member.name);
    if (!library) return false;
    Symbol **found = ARENA_ARRAY(&infer->compiler->arena, Symbol *, library->overloads.count + 1);
    Node none = {.kind = NODE_NONE, .type = infer_kind(infer, TB_NONE)};
    return infer_candidates(infer->compiler, library, &none, args, found) > 0;
}

// Whether `x.name()` can only be a call of a method of the object's class or one below it.
static bool only_below_has(Infer *infer, ClassInfo *cls, const Node *callee)
{
    Name *name = callee->as.member.name;
    return !callee->as.member.symbol && !resolve_method_name(infer->compiler, name) &&
           class_overrides(cls, name);
}

// The call of a method of an object whose class is known; NULL when something else may be meant.
static Type *call_own_method(Infer *infer, const Node *node, const Type *type)
{
    const Node *callee = node->as.call.callee;
    const NodeList *args = &node->as.call.args;
    const Name *name = callee->as.member.name;
    const KindSet others = type->kinds & ~KIND_BIT(TB_INSTANCE);
    if (others == type->kinds || !type->cls) return NULL;
    if (others && (others != KIND_BIT(TB_NONE) || none_has_method(infer, callee, args)))
        return NULL;
    Field *field = class_field(type->cls, name);
    FunctionInfo *method = class_method(type->cls, name);
    if (field && !method && !class_overrides(type->cls, name))
        return call_value(infer, cell_read(infer, &field->cell), args);
    if (field || ((ClassFacts *)type->cls->facts)->may_be_extended) return NULL;
    if (!method && !only_below_has(infer, type->cls, callee)) return NULL;
    if (infer->reporting && !others && !class_overrides(type->cls, name))
        resolve_check_arguments(infer->compiler, infer->function->module->source, node, method);
    Type *below = call_below(infer, type->cls, name, args);
    return method ? infer_join(infer, call_function(infer, method, NULL, args), below) : below;
}

Type *call_operator(Infer *infer, const char *text, const Type *left, Node *right)
{
    if (!(left->kinds & KIND_BIT(TB_INSTANCE)) || (left->kinds & KIND_BIT(TB_NATIVE))) return NULL;
    if (!left->cls || ((ClassFacts *)left->cls->facts)->may_be_extended) return NULL;
    const Name *name = name_from(&infer->compiler->names, text);
    const NodeList args = {right, right, right != NULL};
    FunctionInfo *method = class_method(left->cls, name);
    if (method && method->is_extern) return NULL;
    Type *below = call_below(infer, left->cls, name, &args);
    if (method) return infer_join(infer, call_function(infer, method, NULL, &args), below);
    bool is_text = !strcmp(text, "add") && right && (right->type->kinds & KIND_BIT(TB_STRING));
    return is_text ? infer_join(infer, below, infer_kind(infer, TB_STRING)) : below;
}

// A function of the library that is called with the object first, if that takes it.
static Type *call_library_method(Infer *infer, const Symbol *library, Node *object,
                                 const NodeList *args)
{
    Symbol **found = ARENA_ARRAY(&infer->compiler->arena, Symbol *, library->overloads.count + 1);
    bool is_key = (object->type->kinds & KIND_BIT(TB_DICT)) &&
                  !infer_candidates(infer->compiler, library, object, args, found);
    return is_key ? NULL : call_overloads(infer, library, object, args);
}

static Type *call_method(Infer *infer, Node *node)
{
    Node *callee = node->as.call.callee;
    Node *object = callee->as.member.object;
    const NodeList *args = &node->as.call.args;
    Name *name = callee->as.member.name;
    Symbol *program = callee->as.member.symbol;
    if (callee->as.member.is_module_member && program)
        return call_symbol(infer, program, NULL, args);
    Type *type = object->type;
    if (!type->kinds) return type;
    Type *result = call_own_method(infer, node, type);
    if (result) return result;
    // Anything may be meant: a method of some class, the library, a function in a field or of the
    // program.
    Symbol *library = resolve_method_name(infer->compiler, name);
    if (type_is(type, TB_NONE) && !library && !program) return infer->types.never; // so far
    if (type->kinds & KIND_BIT(TB_INSTANCE)) methods_named(infer, name, false, args);
    const KindSet own_members = KINDS_OBJECT | KIND_BIT(TB_CLASS) | KIND_BIT(TB_MODULE);
    if (library && (type->kinds & own_members)) overloads_escape(infer, library);
    if (library && !(type->kinds & own_members)) {
        result = call_library_method(infer, library, object, args);
        if (result) return result;
    }
    if (type->kinds & KIND_BIT(TB_DICT)) type_open(infer, element_of(infer, type));
    type_open(infer, type);
    open_args(infer, args);
    if (program && program->kind == SYMBOL_FUNCTION) function_escapes(infer, program->function);
    if (program && program->kind == SYMBOL_CLASS) class_escapes(infer, program->cls);
    return infer->types.any;
}

bool is_super(const Node *node)
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
    if (method) return call_function(infer, method, NULL, args);
    open_args(infer, args);
    return infer->types.any;
}

Type *walk_call(Infer *infer, Node *node)
{
    Node *callee = node->as.call.callee;
    const NodeList *args = &node->as.call.args;
    if (callee->kind == NODE_MEMBER && !callee->as.member.is_module_member &&
        !is_super(callee->as.member.object))
        infer_walk(infer, callee->as.member.object);
    infer_walk_list(infer, args);
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
    Type *type = infer_walk(infer, callee);
    if (infer->reporting)
        infer_warn_call(infer->compiler, infer->function->module->source, callee, type);
    return call_value(infer, type, args);
}
