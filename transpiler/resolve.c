// Resolving a module: scopes, and the walk over its statements and expressions.
//
// Start with resolver_open (what happens to a module) and walk (what happens to a node);
// resolve_state.h explains the idea. Everything that names variables is in resolve_names.c.
#include <stdarg.h>

#include "resolve_state.h"

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

// ----------------------------------------------------------------------------------------- scopes

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

// ------------------------------------------------------------------------------------- statements

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

// The classes a `catch` names are looked at when it runs.
static void use_caught_types(Resolver *r, const Node *type)
{
    Symbol *symbol = type->kind == NODE_TYPE_NAME ? type->as.type.symbol : NULL;
    if (symbol && symbol->kind == SYMBOL_CLASS) use_class(r, symbol);
    for (const Node *arg = type->as.type.args.first; arg; arg = arg->next)
        use_caught_types(r, arg);
}

static void walk_catch(Resolver *r, Node *node, bool is_used)
{
    if (node->as.catch_.type) {
        walk_type(r, node->as.catch_.type);
        use_caught_types(r, node->as.catch_.type);
    }
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

// --------------------------------------------------------------------------------------- branches

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

// --------------------------------------------------------------------------------------- the walk

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
        if (is_value_block(body))
            walk_value_block(r, body, is_used);
        else
            walk(r, body);
        return;
    }
    Body *state = ARENA_NEW(r->arena, Body);
    *state = (Body){r->frame->body, ++r->tick, true};
    r->frame->body = state;
    for (Node *node = body->as.list.first; node; node = node->next) {
        if (is_value_block(node))
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

// ---------------------------------------------------------------------------------------- modules

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
