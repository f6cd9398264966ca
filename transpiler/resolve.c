// Resolving a module: the walk over its statements and expressions, scopes and functions.
//
// Start with resolver_open (what happens to a module) and walk (what happens to a node);
// resolve_state.h explains the idea. Everything that names variables is in resolve_names.c.
#include <stdarg.h>
#include <strings.h>

#include "resolve_state.h"
#include "types.h"

Resolve *resolve_state(Compiler *compiler)
{
    if (compiler->resolve) return compiler->resolve;
    Resolve *resolve = ARENA_NEW(&compiler->arena, Resolve);
    resolve->libraries = ARENA_ARRAY(&compiler->arena, Module *, library_text_count + 1);
    resolve->declarations = ARENA_ARRAY(&compiler->arena, Symbol *, library_entry_count + 1);
    compiler->resolve = resolve;
    return resolve;
}

void resolve_error(Resolver *r, Span span, DiagKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_error(&r->compiler->diags, r->source, span, kind, "%s", text);
}

// -------------------------------------------------------------------------------------------
// scopes

void scope_open(Resolver *r, Scope *scope)
{
    *scope = (Scope){.outer = r->scope, .frame = r->frame};
    r->scope = scope;
}

// Bindings leave in the reverse order of their coming, so each is on top of its name's stack.
void scope_close(Resolver *r)
{
    for (Binding *binding = r->scope->bindings; binding; binding = binding->next)
        binding->name->binding = binding->outer;
    r->scope = r->scope->outer;
}

Binding *bind(Resolver *r, Name *name, Symbol *symbol)
{
    Binding *binding = ARENA_NEW(r->arena, Binding);
    *binding = (Binding){.name = name,
                         .symbol = symbol,
                         .module = r->module,
                         .frame = r->scope->frame,
                         .outer = name->binding,
                         .next = r->scope->bindings};
    r->scope->bindings = binding;
    name->binding = binding;
    return binding;
}

Symbol *symbol_new(Resolver *r, SymbolKind kind, Name *name, Node *node, Span span)
{
    typedef struct SymbolWithState {
        Symbol symbol;
        SymbolState state;
    } SymbolWithState;
    SymbolWithState *pair = ARENA_NEW(r->arena, SymbolWithState);
    Symbol *symbol = &pair->symbol;
    symbol->state = &pair->state;
    symbol->kind = (uint8_t)kind;
    symbol->name = name;
    symbol->node = node;
    symbol->span = span;
    symbol->module = r->module;
    symbol->owner = r->frame ? r->frame->info : NULL;
    symbol->is_private = name && name->text[0] == '_';
    VEC_PUSH(r->arena, r->symbols, symbol);
    return symbol;
}

void loop_open(Resolver *r, Loop *loop)
{
    *loop = (Loop){.outer = r->frame->loop, .start_tick = ++r->tick, .is_active = true};
    r->frame->loop = loop;
    r->frame->branch_depth++;
}

void loop_close(Resolver *r)
{
    Loop *loop = r->frame->loop;
    loop->is_active = false;
    loop->end_tick = ++r->tick;
    r->frame->loop = loop->outer;
    r->frame->branch_depth--;
}

// The tick from which a closure made here may hold what it captures: within loops the start of the
// outermost, since anything assigned in the loop is also assigned after the closure of the turn
// before was made.
static uint32_t closure_tick(const Frame *maker, uint32_t now)
{
    if (!maker || !maker->loop) return now;
    const Loop *loop = maker->loop;
    while (loop->outer)
        loop = loop->outer;
    return loop->start_tick;
}

void frame_open(Resolver *r, Frame *frame, FunctionInfo *info)
{
    *frame = (Frame){.info = info, .outer = r->frame, .pending_start = r->pending.count};
    frame->made_tick = ++r->tick;
    frame->created_tick = closure_tick(r->frame, frame->made_tick);
    frame->unit = r->frame ? r->frame->unit : NULL;
    r->frame = frame;
}

void frame_close(Resolver *r)
{
    settle_pending(r);
    settle_hoisting(r);
    settle_cells(r);
    r->frame = r->frame->outer;
}

// ----------------------------------------------------------------------------------------
// functions

FunctionInfo *function_declare(Resolver *r, Node *node, FunctionInfo *parent)
{
    FunctionInfo *info = ARENA_NEW(r->arena, FunctionInfo);
    info->node = node;
    info->name = node->as.function.name;
    info->module = r->module;
    info->parent = parent;
    info->rest_index = -1;
    info->is_extern = node->as.function.extern_name != NULL;
    node->as.function.info = info;
    if (parent) VEC_PUSH(r->arena, parent->inner, info);
    return info;
}

static void check_param(Resolver *r, const Node *param)
{
    Name *name = param->as.param.name;
    const Binding *binding = name->binding;
    if (binding && binding->module == r->module && binding->frame == r->frame &&
        binding->symbol->is_param)
        resolve_error(r, param->span, DIAG_DUPLICATE, "parameter `%s` is named twice", name->text);
}

static void walk_param(Resolver *r, FunctionInfo *info, Node *param)
{
    if (param->as.param.annotation) walk_type(r, param->as.param.annotation);
    if (param->as.param.default_value) walk(r, param->as.param.default_value);
    check_param(r, param);
    Symbol *symbol = symbol_new(r, SYMBOL_VARIABLE, param->as.param.name, param, param->span);
    symbol->is_param = true;
    note_assignment(r, symbol, false);
    bind(r, symbol->name, symbol);
    param->as.param.symbol = symbol;
    if (param->as.param.is_rest)
        info->rest_index = info->params.count;
    else if (!param->as.param.default_value && info->required_count == info->params.count)
        info->required_count++;
    VEC_PUSH(r->arena, info->params, symbol);
}

static void declare_self(Resolver *r, FunctionInfo *info)
{
    Name *name = name_from(&r->compiler->names, "self");
    info->self = symbol_new(r, SYMBOL_VARIABLE, name, info->node, info->node->span);
    info->self->is_param = true;
    note_assignment(r, info->self, false);
    bind(r, name, info->self);
}

// [T, U] of a library declaration: names of types in its signature and body.
static void declare_type_params(Resolver *r, const NodeList *names)
{
    for (Node *name = names->first; name; name = name->next) {
        Symbol *symbol = symbol_new(r, SYMBOL_TYPE, name->as.name.name, name, name->span);
        symbol->builtin_type = -1;
        bind(r, symbol->name, symbol);
    }
}

void walk_function(Resolver *r, FunctionInfo *info)
{
    Node *node = info->node;
    Frame *frame = ARENA_NEW(r->arena, Frame);
    Unit *unit = info->symbol && info->symbol->state ? info->symbol->state->unit : NULL;
    bool is_early = r->frame->branch_depth > 0 || !r->frame->outer ||
                    (info->symbol && info->symbol->is_hoisted);
    info->in_loop = r->frame->loop != NULL;
    info->is_walked = true;
    frame_open(r, frame, info);
    if (info->symbol && info->symbol->state) info->symbol->state->frame = frame;
    if (unit) frame->unit = unit;
    frame->may_run_early = (info->symbol && is_early) || info->cls;
    frame->is_class_wall = info->cls && r->frame->outer->outer;
    int mark = r->trail.count;
    Scope scope;
    scope_open(r, &scope);
    declare_type_params(r, &node->as.function.type_params);
    if (info->cls) declare_self(r, info);
    for (Node *param = node->as.function.params.first; param; param = param->next)
        walk_param(r, info, param);
    if (node->as.function.result) walk_type(r, node->as.function.result);
    if (node->as.function.body) {
        declare_definitions(r, node->as.function.body);
        walk_body(r, node->as.function.body, true);
    }
    frame_close(r);
    scope_close(r);
    flow_undo(r, mark);
}

// A `def` statement: its name was made by declare_definitions.
static void walk_definition(Resolver *r, Node *node)
{
    FunctionInfo *info = node->as.function.info;
    Symbol *symbol = info->symbol;
    SymbolState *state = symbol->state;
    state->home = r->frame->body;
    state->home_loop = r->frame->loop;
    state->made_tick = ++r->tick;
    // What is used outside the block that makes it is a variable that this statement assigns.
    if (state->use_tick && state->use_tick < state->home->start_tick) symbol->is_reassigned = true;
    state->is_placed = true;
    // Its own body may name it: it runs after this statement.
    flow_set(r, state);
    walk_function(r, info);
    note_assignment(r, symbol, false);
}

static void walk_lambda(Resolver *r, Node *node)
{
    FunctionInfo *info = node->as.function.info;
    if (!info) info = function_declare(r, node, r->frame->info);
    walk_function(r, info);
}

// --------------------------------------------------------------------- definitions known in
// advance

static bool has_value_blocks(const Node *node)
{
    return node->kind == NODE_IF || node->kind == NODE_MATCH || node->kind == NODE_TRY;
}

static void declare_function(Resolver *r, Node *node)
{
    Name *name = node->as.function.name;
    FunctionInfo *info = function_declare(r, node, r->frame->info);
    Binding *binding = name->binding;
    bool is_known = binding && binding->module == r->module && binding->frame == r->frame;
    if (is_known && binding->symbol->kind == SYMBOL_CLASS) {
        resolve_error(r, node->as.function.name_span, DIAG_DUPLICATE, "`%s` is a class already",
                      name->text);
        diag_note(&r->compiler->diags, r->source, binding->symbol->span, "`%s` is made here",
                  name->text);
        is_known = false;
    }
    if (is_known) {
        info->symbol = binding->symbol;
        info->symbol->is_reassigned = true;
        return;
    }
    Symbol *symbol = symbol_new(r, SYMBOL_FUNCTION, name, node, node->as.function.name_span);
    symbol->function = info;
    symbol->is_global = !r->frame->outer;
    info->symbol = symbol;
    bind(r, name, symbol);
    if (!symbol->is_global) return;
    symbol->state->unit = unit_new(r);
    VEC_PUSH(r->arena, r->module->globals, symbol);
}

static void declare_in_list(Resolver *r, const NodeList *statements)
{
    for (Node *node = statements->first; node; node = node->next)
        declare_definitions(r, node);
}

static void declare_in_branches(Resolver *r, Node *node)
{
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next)
        declare_definitions(r, arm->as.arm.body);
    declare_definitions(r, node->as.branch.otherwise);
}

static void declare_in_try(Resolver *r, Node *node)
{
    declare_definitions(r, node->as.try_.body);
    for (Node *clause = node->as.try_.catches.first; clause; clause = clause->next)
        declare_definitions(r, clause->as.catch_.body);
    declare_definitions(r, node->as.try_.finally);
}

// Makes the names of the functions and classes that stand in [body], at any depth of blocks but not
// of functions: they are known in their whole scope.
void declare_definitions(Resolver *r, Node *body)
{
    if (!body) return;
    switch ((NodeKind)body->kind) {
    case NODE_BLOCK:
        declare_in_list(r, &body->as.list);
        break;
    case NODE_FUNCTION:
        if (body->flags & NODE_IS_STATEMENT) declare_function(r, body);
        break;
    case NODE_CLASS:
        class_declare(r, body);
        break;
    case NODE_IF:
        declare_in_branches(r, body);
        break;
    case NODE_WHILE:
    case NODE_FOR:
        declare_definitions(r, body->as.loop.body);
        break;
    case NODE_MATCH:
        for (Node *arm = body->as.match.arms.first; arm; arm = arm->next)
            declare_definitions(r, arm->as.match_arm.body);
        break;
    case NODE_TRY:
        declare_in_try(r, body);
        break;
    case NODE_WITH:
        declare_definitions(r, body->as.with.body);
        break;
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
        if (body->as.assign.value && has_value_blocks(body->as.assign.value))
            declare_definitions(r, body->as.assign.value);
        break;
    default:
        break;
    }
}

// ---------------------------------------------------------------------------------------
// statements

static void walk_if(Resolver *r, Node *node, bool is_used)
{
    Merge merge;
    merge_open(r, &merge);
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next) {
        walk(r, arm->as.arm.condition);
        walk_body(r, arm->as.arm.body, is_used);
        merge_arm(r, &merge);
    }
    if (node->as.branch.otherwise) walk_body(r, node->as.branch.otherwise, is_used);
    merge_arm(r, &merge);
    merge_close(r, &merge);
}

static void walk_pattern(Resolver *r, Node *pattern)
{
    switch ((NodeKind)pattern->kind) {
    case NODE_PATTERN_AS:
        walk_pattern(r, pattern->as.labelled.value);
        pattern->as.labelled.symbol =
            make_name(r, pattern->as.labelled.name, pattern, pattern->as.labelled.name_span);
        note_assignment(r, pattern->as.labelled.symbol, false);
        break;
    case NODE_PATTERN_BIND:
    case NODE_PATTERN_REST:
        if (!pattern->as.name.name) break;
        pattern->as.name.symbol = make_name(r, pattern->as.name.name, pattern, pattern->span);
        note_assignment(r, pattern->as.name.symbol, false);
        break;
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        for (Node *item = pattern->as.list.first; item; item = item->next)
            walk_pattern(r, item);
        break;
    case NODE_PATTERN_VALUE:
        walk(r, pattern->as.unary.operand);
        break;
    default:
        break;
    }
}

// Alternatives may bind different names: certain are those that all of them bind.
static void walk_patterns(Resolver *r, const NodeList *patterns)
{
    Merge merge;
    merge_open(r, &merge);
    for (Node *pattern = patterns->first; pattern; pattern = pattern->next) {
        walk_pattern(r, pattern);
        merge_arm(r, &merge);
    }
    merge_close(r, &merge);
}

static void walk_match(Resolver *r, Node *node, bool is_used)
{
    walk(r, node->as.match.subject);
    Merge merge;
    merge_open(r, &merge);
    bool has_else = false;
    for (Node *arm = node->as.match.arms.first; arm; arm = arm->next) {
        if (arm->as.match_arm.patterns.count) walk_patterns(r, &arm->as.match_arm.patterns);
        if (arm->as.match_arm.guard) walk(r, arm->as.match_arm.guard);
        has_else |= !arm->as.match_arm.patterns.count && !arm->as.match_arm.guard;
        walk_body(r, arm->as.match_arm.body, is_used);
        merge_arm(r, &merge);
    }
    if (!has_else) merge_arm(r, &merge);
    merge_close(r, &merge);
}

static void walk_catch(Resolver *r, Node *node, bool is_used)
{
    if (node->as.catch_.type) walk_type(r, node->as.catch_.type);
    if (node->as.catch_.name) {
        node->as.catch_.symbol =
            make_name(r, node->as.catch_.name, node, node->as.catch_.name_span);
        note_assignment(r, node->as.catch_.symbol, false);
    }
    r->frame->catch_depth++;
    walk_body(r, node->as.catch_.body, is_used);
    r->frame->catch_depth--;
}

// A `finally` block may run after any part of the body, so it starts from what was set before the
// `try`.
static void walk_try(Resolver *r, Node *node, bool is_used)
{
    Merge merge;
    merge_open(r, &merge);
    walk_body(r, node->as.try_.body, is_used);
    merge_arm(r, &merge);
    for (Node *clause = node->as.try_.catches.first; clause; clause = clause->next) {
        walk_catch(r, clause, is_used);
        merge_arm(r, &merge);
    }
    bool finally_ends = true;
    if (node->as.try_.finally) {
        walk_body(r, node->as.try_.finally, false);
        finally_ends = !r->frame->is_dead;
    }
    merge_close(r, &merge);
    if (!finally_ends) r->frame->is_dead = true;
}

static void walk_while(Resolver *r, Node *node)
{
    Loop *loop = ARENA_NEW(r->arena, Loop);
    bool was_dead = r->frame->is_dead;
    loop_open(r, loop);
    walk(r, node->as.loop.condition);
    int mark = r->trail.count;
    walk_body(r, node->as.loop.body, false);
    flow_undo(r, mark);
    loop_close(r);
    r->frame->is_dead = was_dead;
}

static void walk_for(Resolver *r, Node *node)
{
    walk(r, node->as.loop.condition);
    Loop *loop = ARENA_NEW(r->arena, Loop);
    bool was_dead = r->frame->is_dead;
    int mark = r->trail.count;
    loop_open(r, loop);
    walk_target(r, node->as.loop.target, node, false);
    walk_body(r, node->as.loop.body, false);
    flow_undo(r, mark);
    loop_close(r);
    r->frame->is_dead = was_dead;
}

static void walk_with(Resolver *r, Node *node)
{
    walk(r, node->as.with.value);
    if (node->as.with.target) walk_target(r, node->as.with.target, node, false);
    walk_body(r, node->as.with.body, false);
}

static void walk_return(Resolver *r, Node *node)
{
    if (node->as.unary.operand) walk(r, node->as.unary.operand);
    if (!r->frame->outer) resolve_error(r, node->span, DIAG_SCOPE, "`return` outside a function");
    r->frame->is_dead = true;
}

static void walk_throw(Resolver *r, Node *node)
{
    if (node->as.unary.operand) {
        walk(r, node->as.unary.operand);
    } else if (!r->frame->catch_depth) {
        resolve_error(r, node->span, DIAG_SCOPE, "`throw` alone outside a `catch`");
        diag_help(&r->compiler->diags,
                  "alone it throws what was caught once more; otherwise say what to throw");
    }
    r->frame->is_dead = true;
}

static void walk_jump(Resolver *r, Node *node)
{
    if (!r->frame->loop || r->frame->loop->is_comprehension)
        resolve_error(r, node->span, DIAG_SCOPE, "`%s` outside a loop", node_kind_text(node->kind));
    r->frame->is_dead = true;
}

// -----------------------------------------------------------------------------------------
// branches

static void walk_conditional(Resolver *r, Node *node)
{
    walk(r, node->as.conditional.condition);
    Merge merge;
    merge_open(r, &merge);
    walk(r, node->as.conditional.then);
    merge_arm(r, &merge);
    if (node->as.conditional.otherwise) walk(r, node->as.conditional.otherwise);
    merge_arm(r, &merge);
    merge_close(r, &merge);
}

// a + b + c + … leans left, one node deeper for each operator and without a limit: the left side is
// followed in a loop. The right side of `and` and `or` may be left out.
static void walk_binary(Resolver *r, Node *node)
{
    int base = r->spine.count;
    while (node->kind == NODE_BINARY || node->kind == NODE_LOGICAL) {
        VEC_PUSH(r->arena, r->spine, node);
        node = node->as.binary.left;
    }
    walk(r, node);
    while (r->spine.count > base) {
        Node *top = r->spine.items[--r->spine.count];
        int mark = r->trail.count;
        walk(r, top->as.binary.right);
        if (top->kind == NODE_LOGICAL) flow_undo(r, mark);
    }
}

static void walk_comprehension(Resolver *r, Node *node)
{
    Loop *loop = ARENA_NEW(r->arena, Loop);
    walk(r, node->as.comprehension.clauses.first->as.clause.condition);
    int mark = r->trail.count;
    Scope scope;
    scope_open(r, &scope);
    scope.is_comprehension = true;
    loop_open(r, loop);
    loop->is_comprehension = true;
    for (Node *clause = node->as.comprehension.clauses.first; clause; clause = clause->next) {
        if (clause != node->as.comprehension.clauses.first) walk(r, clause->as.clause.condition);
        if (clause->kind == NODE_CLAUSE_FOR) walk_target(r, clause->as.clause.target, clause, true);
    }
    walk(r, node->as.comprehension.element);
    if (node->as.comprehension.value) walk(r, node->as.comprehension.value);
    loop_close(r);
    scope_close(r);
    flow_undo(r, mark);
}

static bool is_super(const Resolver *r, const Node *node)
{
    return node->kind == NODE_NAME && node->as.name.name == r->super_name && !node->as.name.symbol;
}

// super(…) and super.name(…): checked when the base class is known.
static void note_super_call(Resolver *r, Node *node)
{
    Node *callee = node->as.call.callee;
    bool is_member = callee->kind == NODE_MEMBER;
    if (!is_super(r, is_member ? callee->as.member.object : callee)) return;
    ClassInfo *cls = class_around(r, NULL);
    if (cls) VEC_PUSH(r->arena, r->super_calls, ((SuperCall){node, cls}));
}

static void walk_call(Resolver *r, Node *node)
{
    Node *callee = node->as.call.callee;
    if (callee->kind == NODE_NAME) {
        walk_name(r, callee, USE_CALL);
        VEC_PUSH(r->arena, r->calls, node);
    } else if (callee->kind == NODE_MEMBER) {
        walk_member(r, callee, USE_CALL);
        VEC_PUSH(r->arena, r->calls, node);
    } else {
        walk(r, callee);
    }
    note_super_call(r, node);
    walk_list(r, &node->as.call.args);
}

static void walk_slice(Resolver *r, Node *node)
{
    if (node->as.slice.from) walk(r, node->as.slice.from);
    if (node->as.slice.to) walk(r, node->as.slice.to);
    if (node->as.slice.step) walk(r, node->as.slice.step);
}

// ---------------------------------------------------------------------------------------------
// types

static void unknown_type(Resolver *r, const Node *node)
{
    static const char *const names[] = {"Int",  "Float", "String", "Bool",  "Bytes",    "List",
                                        "Dict", "Set",   "Tuple",  "Range", "Function", "Any"};
    const Node *last = node->as.type.path.last;
    Nearest nearest = {.wanted = last->as.name.name->text};
    resolve_error(r, node->span, DIAG_UNKNOWN_TYPE, "unknown type `%s`", nearest.wanted);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(names[i], nearest.wanted) == 0) nearest.best = names[i];
        if (!nearest.best) nearest_offer(&nearest, names[i]);
    }
    for (int i = 0; i < r->classes.count; i++)
        nearest_offer(&nearest, r->classes.items[i]->name->text);
    if (nearest.best) diag_help(&r->compiler->diags, "did you mean `%s`?", nearest.best);
}

// A built-in or library type's name, when no class of the program has it.
static Symbol *library_type(Resolver *r, Name *name)
{
    Symbol *symbol = builtin_symbol(r->compiler, name);
    if (symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type < -1 &&
        !r->module->is_library)
        return NULL;
    if (symbol) return symbol;
    return library_has(r->compiler, name) ? resolve_library_name(r->compiler, r->module, name)
                                          : NULL;
}

static Symbol *type_symbol(Resolver *r, const Node *node)
{
    const Node *first = node->as.type.path.first;
    Name *name = first->as.name.name;
    Binding *binding = visible_binding(r, name);
    Symbol *symbol = binding ? binding->symbol : NULL;
    if (!symbol && r->compiler->find_session_name && !r->module->is_library)
        symbol = r->compiler->find_session_name(r->compiler->session, name);
    for (Node *part = first->next; part; part = part->next) {
        if (!symbol) symbol = library_module_symbol(r->compiler, name);
        if (!symbol || symbol->kind != SYMBOL_MODULE) return NULL;
        symbol = resolve_member(r->compiler, symbol->target, part->as.name.name);
        if (!symbol) return NULL;
    }
    return symbol ? symbol : library_type(r, name);
}

// How many arguments a type takes in brackets: -1 for any number.
static int type_arity(const Symbol *symbol)
{
    if (symbol->kind != SYMBOL_TYPE) return 0;
    switch (symbol->builtin_type) {
    case TB_LIST:
    case TB_SET:
        return 1;
    case TB_DICT:
        return 2;
    case TB_TUPLE:
        return -1;
    default:
        return 0;
    }
}

static void check_type_args(Resolver *r, const Node *node, const Symbol *symbol)
{
    int count = node->as.type.args.count;
    int arity = type_arity(symbol);
    if (!count || arity < 0 || count == arity) return;
    const char *name = symbol->name->text;
    if (arity)
        resolve_error(r, node->span, DIAG_TYPE, "`%s` takes %d type%s in brackets, not %d", name,
                      arity, arity == 1 ? "" : "s", count);
    else
        resolve_error(r, node->span, DIAG_TYPE, "`%s` takes no types in brackets", name);
}

static void walk_type_name(Resolver *r, Node *node)
{
    Symbol *symbol = type_symbol(r, node);
    if (symbol && (symbol->kind == SYMBOL_CLASS || symbol->kind == SYMBOL_TYPE)) {
        node->as.type.symbol = symbol;
        check_type_args(r, node, symbol);
    } else if (symbol) {
        const Name *name = node->as.type.path.last->as.name.name;
        resolve_error(r, node->span, DIAG_UNKNOWN_TYPE, "`%s` is not a type", name->text);
    } else {
        unknown_type(r, node);
    }
}

void walk_type(Resolver *r, Node *node)
{
    if (node->kind == NODE_TYPE_NAME && node->as.type.path.first) walk_type_name(r, node);
    for (Node *arg = node->as.type.args.first; arg; arg = arg->next)
        walk_type(r, arg);
    if (node->as.type.result) walk_type(r, node->as.type.result);
}

// ------------------------------------------------------------------------------------------ the
// walk

void walk_list(Resolver *r, const NodeList *list)
{
    for (Node *node = list->first; node; node = node->next)
        walk(r, node);
}

static void walk_value_block(Resolver *r, Node *node, bool is_used)
{
    if (!is_used) node->flags |= NODE_IS_STATEMENT;
    if (node->kind == NODE_IF)
        walk_if(r, node, is_used);
    else if (node->kind == NODE_MATCH)
        walk_match(r, node, is_used);
    else
        walk_try(r, node, is_used);
}

void walk_body(Resolver *r, Node *body, bool is_used)
{
    if (body->kind != NODE_BLOCK) {
        if (has_value_blocks(body))
            walk_value_block(r, body, is_used);
        else
            walk(r, body);
        return;
    }
    Body *state = ARENA_NEW(r->arena, Body);
    *state = (Body){r->frame->body, ++r->tick, true};
    r->frame->body = state;
    for (Node *node = body->as.list.first; node; node = node->next) {
        if (has_value_blocks(node))
            walk_value_block(r, node, is_used && !node->next);
        else
            walk(r, node);
    }
    state->is_active = false;
    r->frame->body = state->outer;
}

static void walk_dict_item(Resolver *r, Node *node)
{
    walk(r, node->as.pair.key);
    if (node->as.pair.value) walk(r, node->as.pair.value);
}

void walk(Resolver *r, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_NAME:
        walk_name(r, node, USE_VALUE);
        break;
    case NODE_MEMBER:
        walk_member(r, node, USE_VALUE);
        break;
    case NODE_CALL:
        walk_call(r, node);
        break;
    case NODE_LABELLED:
        walk(r, node->as.labelled.value);
        break;
    case NODE_BINARY:
    case NODE_LOGICAL:
        walk_binary(r, node);
        break;
    case NODE_UNARY:
    case NODE_SPREAD:
    case NODE_COMPARE_TO:
        walk(r, node->as.unary.operand);
        break;
    case NODE_COMPARE:
        walk(r, node->as.compare.first);
        walk_list(r, &node->as.compare.rest);
        break;
    case NODE_INDEX:
        walk(r, node->as.index.object);
        walk(r, node->as.index.index);
        break;
    case NODE_SLICE:
        walk_slice(r, node);
        break;
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_SET:
    case NODE_DICT:
    case NODE_FSTRING:
    case NODE_DEL:
        walk_list(r, &node->as.list);
        break;
    case NODE_PAIR:
    case NODE_ASSERT:
        walk_dict_item(r, node);
        break;
    case NODE_FORMAT:
        walk(r, node->as.format.value);
        if (node->as.format.spec) walk(r, node->as.format.spec);
        break;
    case NODE_CONDITIONAL:
        walk_conditional(r, node);
        break;
    case NODE_COMPREHENSION:
        walk_comprehension(r, node);
        break;
    case NODE_FUNCTION:
        if (node->flags & NODE_IS_STATEMENT)
            walk_definition(r, node);
        else
            walk_lambda(r, node);
        break;
    case NODE_BLOCK:
        walk_body(r, node, true);
        break;
    case NODE_IF:
    case NODE_MATCH:
    case NODE_TRY:
        walk_value_block(r, node, true);
        break;
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
    case NODE_AUGMENT:
        walk_assign(r, node);
        break;
    case NODE_WHILE:
        walk_while(r, node);
        break;
    case NODE_FOR:
        walk_for(r, node);
        break;
    case NODE_WITH:
        walk_with(r, node);
        break;
    case NODE_THROW:
        walk_throw(r, node);
        break;
    case NODE_RETURN:
        walk_return(r, node);
        break;
    case NODE_BREAK:
    case NODE_CONTINUE:
        walk_jump(r, node);
        break;
    case NODE_USE:
        walk_use(r, node);
        break;
    case NODE_IMPORT:
        walk_import(r, node);
        break;
    case NODE_FROM:
        walk_from(r, node);
        break;
    case NODE_CLASS:
        walk_class(r, node);
        break;
    default:
        break; // literals, pass, what recovery left, and parts their owners walk
    }
}

// ------------------------------------------------------------------------------------------
// modules

static FunctionInfo *top_level(Arena *arena, Module *module)
{
    FunctionInfo *top = ARENA_NEW(arena, FunctionInfo);
    top->module = module;
    top->rest_index = -1;
    top->is_walked = true;
    return top;
}

void resolver_open(Resolver *r, Compiler *compiler, Module *module)
{
    Resolve *resolve = resolve_state(compiler);
    *r = (Resolver){.compiler = compiler,
                    .arena = &compiler->arena,
                    .module = module,
                    .source = module->source,
                    .outer = resolve->active};
    resolve->active = r;
    r->super_name = name_from(&compiler->names, "super");
    if (!module->top) module->top = top_level(r->arena, module);
    frame_open(r, ARENA_NEW(r->arena, Frame), module->top);
    scope_open(r, ARENA_NEW(r->arena, Scope));
}

static void publish_members(Resolver *r)
{
    if (r->module->is_library) return;
    for (const Binding *binding = r->scope->bindings; binding; binding = binding->next)
        if (!map_get(&r->module->members, binding->name))
            map_put(&r->module->members, r->arena, binding->name, binding->symbol);
}

void resolver_close(Resolver *r)
{
    frame_close(r);
    settle_module(r);
    settle_captures(r);
    settle_units(r);
    settle_classes(r);
    check_calls(r);
    publish_members(r);
    scope_close(r);
    for (int i = 0; i < r->symbols.count; i++)
        r->symbols.items[i]->state = NULL;
    r->compiler->resolve->active = r->outer;
}

static void find_main(Resolver *r)
{
    const Binding *binding = name_from(&r->compiler->names, "main")->binding;
    if (binding && binding->module == r->module && binding->symbol->kind == SYMBOL_FUNCTION)
        r->module->main_symbol = binding->symbol;
}

void resolve_module(Compiler *compiler, Module *module)
{
    Resolver r;
    resolver_open(&r, compiler, module);
    declare_definitions(&r, module->tree);
    find_main(&r);
    walk_body(&r, module->tree, compiler->options.is_repl && module->is_main);
    resolver_close(&r);
    const Symbol *symbol = module->main_symbol;
    module->calls_main = module->is_main && symbol && !symbol->is_reassigned && !r.main_is_used &&
                         !compiler->options.is_repl;
    library_drain(compiler);
}
