// Classes: LANGUAGE.md section 7.
#include "resolve_state.h"

ClassInfo *class_around(const Resolver *r, Frame **method)
{
    Frame *frame = r->frame;
    while (frame && !frame->info->cls)
        frame = frame->outer;
    if (method) *method = frame;
    return frame ? frame->info->cls : NULL;
}

void class_declare(Resolver *r, Node *node)
{
    Name *name = node->as.class_.name;
    Symbol *symbol = symbol_new(r, SYMBOL_CLASS, name, node, node->as.class_.name_span);
    ClassInfo *cls = ARENA_NEW(r->arena, ClassInfo);
    cls->node = node;
    cls->name = name;
    cls->symbol = symbol;
    cls->module = r->module;
    cls->owner = r->frame->info;
    cls->native = node->as.class_.extern_name;
    symbol->cls = cls;
    symbol->is_global = !r->frame->outer;
    // Classes of the library, too: every entry compiles its own copy, but all mean the first.
    symbol->is_session = is_prompt_level(r) ||
                         (r->compiler->options.is_repl && r->module->is_library && !cls->native);
    node->as.class_.symbol = symbol;
    node->as.class_.info = cls;
    VEC_PUSH(r->arena, r->classes, cls);
    const Binding *binding = name->binding;
    if (binding && binding->module == r->module && binding->frame == r->frame) {
        resolve_error(r, symbol->span, DIAG_DUPLICATE, "class `%s` has a name that is taken",
                      name->text);
        diag_note(&r->compiler->diags, r->source, binding->symbol->span, "`%s` is made here",
                  name->text);
        return;
    }
    bind(r, name, symbol);
    if (!symbol->is_global) return;
    symbol->state->unit = unit_new(r);
    VEC_PUSH(r->arena, r->module->globals, symbol);
}

// ------------------------------------------------------------------------------------------- base

static Symbol *base_symbol(Resolver *r, Node *base)
{
    if (base->kind == NODE_MEMBER) {
        Node *object = base->as.member.object;
        bool waits = walk_member(r, base, USE_CALL);
        Symbol *holder = object->kind == NODE_NAME ? object->as.name.symbol : NULL;
        if (waits && object->kind == NODE_NAME) holder = session_symbol(r, object->as.name.name);
        if (holder && holder->is_session && holder->kind == SYMBOL_VARIABLE) return holder;
        if (!waits) return base->as.member.symbol;
        resolve_error(r, base->span, DIAG_UNKNOWN_NAME, "unknown class");
        return NULL;
    }
    Name *name = base->as.name.name;
    if (visible_binding(r, name)) {
        walk_name(r, base, USE_CALL);
        return base->as.name.symbol;
    }
    Symbol *symbol = session_symbol(r, name);
    if (!symbol) symbol = builtin_symbol(r->compiler, name);
    if (!symbol && library_has(r->compiler, name))
        symbol = resolve_library_name(r->compiler, r->module, name);
    base->as.name.symbol = symbol;
    return symbol;
}

static void bad_base(Resolver *r, const Node *base, const Symbol *symbol)
{
    if (!symbol && base->kind == NODE_NAME) {
        Nearest nearest = {.wanted = base->as.name.name->text};
        resolve_error(r, base->span, DIAG_UNKNOWN_NAME, "unknown class `%s`", nearest.wanted);
        for (int i = 0; i < r->classes.count; i++)
            nearest_offer(&nearest, r->classes.items[i]->name->text);
        if (nearest.best) diag_help(&r->compiler->diags, "did you mean `%s`?", nearest.best);
    } else if (symbol && symbol->kind == SYMBOL_TYPE) {
        resolve_error(r, base->span, DIAG_SCOPE, "the built-in type `%s` cannot be extended",
                      symbol->name->text);
    } else if (symbol) {
        resolve_error(r, base->span, DIAG_SCOPE, "`%s` is not a class", symbol->name->text);
    }
}

static void walk_base(Resolver *r, ClassInfo *cls)
{
    Node *base = cls->node->as.class_.base;
    Symbol *symbol = base_symbol(r, base);
    if (symbol && symbol->is_session && symbol->kind == SYMBOL_VARIABLE) {
        cls->base_variable = symbol;
        return;
    }
    if (!symbol || symbol->kind != SYMBOL_CLASS) {
        bad_base(r, base, symbol);
        return;
    }
    if (class_is_native(symbol->cls)) {
        resolve_error(r, base->span, DIAG_SCOPE, "the library's class `%s` cannot be extended",
                      symbol->name->text);
        return;
    }
    for (const ClassInfo *at = symbol->cls; at; at = at->base) {
        if (at != cls) continue;
        resolve_error(r, base->span, DIAG_SCOPE, "class `%s` would extend itself", cls->name->text);
        return;
    }
    cls->base = symbol->cls;
}

// ---------------------------------------------------------------------------------------- members

// Python's explicit `self` adds nothing: it is dropped.
static void drop_self(Node *method)
{
    NodeList *params = &method->as.function.params;
    Node *first = params->first;
    if (!first || strcmp(first->as.param.name->text, "self") != 0) return;
    params->first = first->next;
    params->count--;
    if (!params->first) params->last = NULL;
}

static void declare_method(Resolver *r, ClassInfo *cls, Node *node, Map *members)
{
    drop_self(node);
    node->as.function.name = special_name(r, node->as.function.name);
    FunctionInfo *info = function_declare(r, node, r->frame->info);
    Symbol *symbol = symbol_new(r, SYMBOL_FUNCTION, info->name, node, node->as.function.name_span);
    symbol->function = info;
    symbol->state->unit = cls->symbol->state->unit;
    info->symbol = symbol;
    info->cls = cls;
    VEC_PUSH(r->arena, cls->methods, info);
    const Symbol *before = map_get(members, info->name);
    if (before) {
        resolve_error(r, symbol->span, DIAG_DUPLICATE, "class `%s` has two members `%s`",
                      cls->name->text, info->name->text);
        diag_note(&r->compiler->diags, r->source, before->span, "the first is here");
    }
    map_put(members, r->arena, info->name, symbol);
}

static void declare_variable(Resolver *r, ClassInfo *cls, Node *node, Map *members)
{
    Node *target = node->as.assign.target;
    if (node->as.assign.annotation) walk_type(r, node->as.assign.annotation);
    if (node->as.assign.value) walk(r, node->as.assign.value);
    if (target->kind != NODE_NAME) {
        resolve_error(r, target->span, DIAG_ASSIGNMENT, "a class variable is a single name");
        return;
    }
    Symbol *symbol = symbol_new(r, SYMBOL_VARIABLE, target->as.name.name, node, target->span);
    symbol->cls = cls;
    target->as.name.symbol = symbol;
    VEC_PUSH(r->arena, cls->variables, symbol);
    map_put(members, r->arena, symbol->name, symbol);
    bind(r, symbol->name, symbol)->is_class_variable = true;
}

// The class is there before its variables and methods come: they may name it.
static void note_statement(Resolver *r, Symbol *symbol)
{
    SymbolState *state = symbol->state;
    state->home = r->frame->body;
    state->home_loop = r->frame->loop;
    state->made_tick = ++r->tick;
    if (state->use_tick && state->use_tick < state->home->start_tick) state->is_used_outside = true;
    flow_set(r, state);
}

void walk_class(Resolver *r, Node *node)
{
    ClassInfo *cls = node->as.class_.info;
    Map members = {0};
    if (node->as.class_.base) walk_base(r, cls);
    note_statement(r, cls->symbol);
    Scope scope;
    scope_open(r, &scope);
    for (Node *item = node->as.class_.body.first; item; item = item->next) {
        if (item->kind == NODE_FUNCTION)
            declare_method(r, cls, item, &members);
        else if (item->kind == NODE_LET)
            declare_variable(r, cls, item, &members);
    }
    scope_close(r);
    for (int i = 0; i < cls->methods.count; i++)
        walk_function(r, cls->methods.items[i]);
}

void note_field(Resolver *r, const Node *member)
{
    const Node *object = member->as.member.object;
    Frame *method;
    ClassInfo *cls = class_around(r, &method);
    if (!cls || object->kind != NODE_NAME || object->as.name.symbol != method->info->self) return;
    for (int i = 0; i < cls->fields.count; i++)
        if (cls->fields.items[i] == member->as.member.name) return;
    VEC_PUSH(r->arena, cls->fields, member->as.member.name);
}

void settle_classes(Resolver *r)
{
    for (int i = 0; i < r->classes.count; i++) {
        ClassInfo *cls = r->classes.items[i];
        const ClassInfo *at = cls;
        while (at && !at->native)
            at = at->base;
        cls->is_error = at && at->is_error;
    }
}
