// Functions: their parameters, their inside, and the names of those that a scope knows in advance.
#include "resolve_state.h"

// -------------------------------------------------------------------------------------- functions

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
    frame->may_run_early = info->symbol && is_early;
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
void walk_definition(Resolver *r, Node *node)
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

void walk_lambda(Resolver *r, Node *node)
{
    FunctionInfo *info = node->as.function.info;
    if (!info) info = function_declare(r, node, r->frame->info);
    walk_function(r, info);
}

// ------------------------------------------------------------------- definitions known in advance

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
    symbol->is_session = is_prompt_level(r);
    symbol->is_reassigned = symbol->is_session; // another entry may define it anew
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
        if (body->as.assign.value && is_value_block(body->as.assign.value))
            declare_definitions(r, body->as.assign.value);
        break;
    default:
        break;
    }
}
