// Uses and targets of names: LANGUAGE.md section 5.
//
// A name that something earlier in the text has made is bound at once. Any other waits in
// r->pending. At the end of each function, names that functions inside it left waiting are tried
// against what it has made meanwhile; at the end of the module the rest is looked for in the
// prompt's earlier entries and in the library.
#include "resolve_state.h"

Binding *visible_binding(Resolver *r, Name *name)
{
    for (Binding *binding = name->binding; binding && binding->module == r->module;
         binding = binding->outer) {
        if (binding->frame != r->frame) {
            if (binding->is_class_variable) continue;
            return binding;
        }
        const SymbolState *state = binding->symbol->state;
        if (!state || !state->is_initialising) return binding;
    }
    return NULL;
}

// ---------------------------------------------------------------------------------------- special

Name *special_name(Resolver *r, Name *name)
{
    static const char *const names[][2] = {
        {"__str__", "to_string"}, {"__eq__", "equals"},        {"__hash__", "hash"},
        {"__cmp__", "compare"},   {"__len__", "len"},          {"__getitem__", "get_item"},
        {"__iter__", "iter"},     {"__setitem__", "set_item"}, {"__contains__", "contains"},
        {"__next__", "next"},     {"__call__", "call"},        {"__add__", "add"},
        {"__sub__", "sub"},       {"__mul__", "mul"},          {"__neg__", "neg"},
        {"__truediv__", "div"},   {"__div__", "div"},          {"__init__", "init"},
    };
    if (name->size < 6 || memcmp(name->text, "__", 2) != 0) return name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name->text, names[i][0]) == 0)
            return name_from(&r->compiler->names, names[i][1]);
    return name;
}

static void set_symbol(Node *node, Symbol *symbol)
{
    if (node->kind == NODE_NAME)
        node->as.name.symbol = symbol;
    else
        node->as.member.symbol = symbol;
}

// In the values of a class body, a class variable made earlier there is meant as `Class.name`.
static void use_class_variable(Resolver *r, Node *node, const ClassInfo *cls)
{
    Node *object = ARENA_NEW(r->arena, Node);
    *object = (Node){.kind = NODE_NAME, .span = node->span, .as.name = {cls->name, cls->symbol}};
    Name *name = node->as.name.name;
    node->kind = NODE_MEMBER;
    node->as.member.object = object;
    node->as.member.name = name;
    node->as.member.name_span = node->span;
    node->as.member.symbol = NULL;
    node->as.member.is_module_member = false;
}

// `self` and `super` mean something in methods and in functions inside them. Returns false for
// other names.
static bool walk_special_word(Resolver *r, Node *node, NameUse use)
{
    const char *text = node->as.name.name->text;
    bool is_super = strcmp(text, "super") == 0;
    if (!is_super && strcmp(text, "self") != 0) return false;
    Frame *method = NULL;
    ClassInfo *cls = class_around(r, &method);
    if (!cls && session_symbol(r, node->as.name.name)) return false; // somebody's variable
    if (!is_super || !cls) {
        resolve_error(r, node->span, DIAG_SCOPE, "`%s` outside a method", text);
        return true;
    }
    if (use != USE_CALL && use != USE_OBJECT)
        resolve_error(r, node->span, DIAG_SCOPE,
                      "`super` is not a value: write `super.name(…)` or `super(…)`");
    else if (!cls->node->as.class_.base)
        resolve_error(r, node->span, DIAG_SCOPE, "`super` in class `%s`, which extends no other",
                      cls->name->text);
    method->info->uses_super = true;
    capture(r, r->frame, method->info->self);
    if (cls->base) use_class(r, cls->base->symbol);
    return true;
}

// ------------------------------------------------------------------------------------------- uses

static void note_nested_use(Resolver *r, Symbol *symbol)
{
    if (symbol->is_global || r->frame->info == symbol->owner) return;
    VEC_PUSH(r->arena, r->uses, ((NestedUse){r->frame, symbol, symbol->state->first_use}));
    symbol->state->first_use = r->uses.count;
}

// A function is hoisted when it is used where its statement may not have run; one that a loop makes
// and that is used outside this loop is a variable.
static void use_function(Resolver *r, Node *node, Symbol *symbol, NameUse use)
{
    SymbolState *state = symbol->state;
    if (use != USE_CALL) symbol->is_used_as_value = true;
    if (!state) return;
    if (!state->use_tick) state->use_tick = r->tick;
    if (state->unit) flow_mention(r, state->unit);
    if (state->home && !state->home->is_active) symbol->is_reassigned = true;
    bool was_unset = symbol->may_be_unset;
    flow_read(r, node, symbol);
    if (!state->is_placed || (symbol->may_be_unset && !was_unset)) symbol->is_hoisted = true;
    note_nested_use(r, symbol);
}

void use_class(Resolver *r, Symbol *symbol)
{
    SymbolState *state = symbol->state;
    if (!state) return;
    if (state->unit) flow_mention(r, state->unit);
    if (symbol->is_global) return;
    if (!state->use_tick) state->use_tick = r->tick;
    if (state->home && !state->home->is_active) state->is_used_outside = true;
    flow_read_class(r, symbol);
    note_nested_use(r, symbol);
}

static void use_module(Resolver *r, const Symbol *symbol, NameUse use)
{
    if (use == USE_VALUE && symbol->target->is_library)
        resolve_exports(r->compiler, symbol->target);
}

static void use_symbol(Resolver *r, Node *node, Symbol *symbol, NameUse use)
{
    set_symbol(node, symbol);
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_VARIABLE:
        capture(r, r->frame, symbol);
        flow_read(r, node, symbol);
        break;
    case SYMBOL_FUNCTION:
        use_function(r, node, symbol, use);
        break;
    case SYMBOL_CLASS:
        if (use != USE_CALL) symbol->is_used_as_value = true;
        use_class(r, symbol);
        break;
    case SYMBOL_MODULE:
        use_module(r, symbol, use);
        break;
    default:
        break;
    }
    if (symbol == r->module->main_symbol && r->frame->unit != symbol->state->unit)
        r->main_is_used = true;
}

static const Loop *outermost_loop(const Frame *frame)
{
    const Loop *loop = frame->loop;
    while (loop && loop->outer)
        loop = loop->outer;
    return loop;
}

static void postpone(Resolver *r, Node *node, NameUse use)
{
    Pending pending = {.node = node,
                       .frame = r->frame,
                       .loop = outermost_loop(r->frame),
                       .tick = r->tick,
                       .use = use};
    VEC_PUSH(r->arena, r->pending, pending);
}

void walk_name(Resolver *r, Node *node, NameUse use)
{
    Binding *binding = visible_binding(r, node->as.name.name);
    if (binding && binding->is_class_variable)
        use_class_variable(r, node, binding->symbol->cls);
    else if (binding)
        use_symbol(r, node, binding->symbol, use);
    else if (!walk_special_word(r, node, use))
        postpone(r, node, use);
}

// ---------------------------------------------------------------------------------------- members

static void unknown_member(Resolver *r, const Node *node, const Module *target)
{
    const Name *name = node->as.member.name;
    resolve_error(r, node->as.member.name_span, DIAG_UNKNOWN_NAME, "module `%s` has no `%s`",
                  target->name->text, name->text);
    const Symbol *hidden = target->is_library ? NULL : map_get(&target->members, name);
    if (hidden) {
        diag_note(&r->compiler->diags, target->source, hidden->span,
                  "`%s` is private: its name starts with `_`", name->text);
        return;
    }
    Nearest nearest = {.wanted = name->text};
    for (uint32_t i = 0; i < target->members.capacity; i++) {
        const Name *member = target->members.entries[i].key;
        if (member && member->text[0] != '_') nearest_offer(&nearest, member->text);
    }
    for (int i = 0; target->is_library && i < library_entry_count; i++)
        if (strcmp(library_entries[i].library, target->path) == 0 &&
            library_entries[i].name[0] != '_')
            nearest_offer(&nearest, library_entries[i].name);
    if (nearest.best)
        diag_help(&r->compiler->diags, "did you mean `%s.%s`?", target->name->text, nearest.best);
}

static void bind_module_member(Resolver *r, Node *node, const Symbol *module)
{
    node->as.member.is_module_member = true;
    node->as.member.symbol = resolve_member(r->compiler, module->target, node->as.member.name);
    if (!node->as.member.symbol) unknown_member(r, node, module->target);
}

// The module that the expression in front of a `.` means, or NULL.
static const Symbol *module_meant(const Node *object)
{
    const Symbol *symbol = object->kind == NODE_NAME ? object->as.name.symbol : NULL;
    if (object->kind == NODE_MEMBER && object->as.member.is_module_member)
        symbol = object->as.member.symbol;
    return symbol && symbol->kind == SYMBOL_MODULE ? symbol : NULL;
}

// x.name(…): the program's own function of that name is tried last, where the library has none.
static void walk_method_name(Resolver *r, Node *member)
{
    Name *name = member->as.member.name;
    if (library_has(r->compiler, name)) return;
    Binding *binding = visible_binding(r, name);
    if (!binding)
        postpone(r, member, USE_METHOD);
    else if (!binding->is_class_variable && binding->symbol->kind <= SYMBOL_CLASS)
        use_symbol(r, member, binding->symbol, USE_METHOD);
}

bool walk_member(Resolver *r, Node *node, NameUse use)
{
    Node *object = node->as.member.object;
    bool waits = false;
    if (object->kind == NODE_NAME) {
        walk_name(r, object, USE_OBJECT);
        waits = object->kind == NODE_NAME && !object->as.name.symbol;
    } else if (object->kind == NODE_MEMBER) {
        waits = walk_member(r, object, USE_OBJECT);
    } else {
        walk(r, object);
    }
    node->as.member.name = special_name(r, node->as.member.name);
    if (waits) VEC_PUSH(r->arena, r->members, node);
    const Symbol *module = module_meant(object);
    if (module)
        bind_module_member(r, node, module);
    else if (use == USE_CALL)
        walk_method_name(r, node);
    if (module && use != USE_CALL && node->as.member.symbol)
        node->as.member.symbol->is_used_as_value = true;
    return waits;
}

static void settle_members(Resolver *r)
{
    for (int i = 0; i < r->members.count; i++) {
        Node *node = r->members.items[i];
        const Symbol *module = module_meant(node->as.member.object);
        if (module) bind_module_member(r, node, module);
    }
}

// ----------------------------------------------------------------------------------- making names

Symbol *make_variable(Resolver *r, Name *name, Node *node, Span span)
{
    Symbol *symbol = symbol_new(r, SYMBOL_VARIABLE, name, node, span);
    symbol->is_global = !r->frame->outer && !r->scope->is_comprehension;
    symbol->is_session = symbol->is_global && is_prompt_level(r);
    if (symbol->is_global)
        VEC_PUSH(r->arena, r->module->globals, symbol);
    else
        VEC_PUSH(r->arena, r->frame->info->locals, symbol);
    bind(r, name, symbol);
    return symbol;
}

static void class_is_no_variable(Resolver *r, const Symbol *symbol, Span span)
{
    resolve_error(r, span, DIAG_ASSIGNMENT, "class `%s` cannot be given another value",
                  symbol->name->text);
    diag_note(&r->compiler->diags, symbol->module->source, symbol->span, "the class is made here");
}

// A variable or function of this module, as opposed to what an import or the library gives.
static bool is_own_variable(const Resolver *r, const Symbol *symbol)
{
    return symbol->module == r->module &&
           (symbol->kind == SYMBOL_VARIABLE || symbol->kind == SYMBOL_FUNCTION);
}

Symbol *make_name(Resolver *r, Name *name, Node *node, Span span)
{
    Binding *binding = name->binding;
    bool is_here = binding && binding->module == r->module && binding->frame == r->frame &&
                   !binding->is_class_variable;
    if (!is_here) return make_variable(r, name, node, span);
    Symbol *symbol = binding->symbol;
    if (symbol->module == r->module && symbol->kind == SYMBOL_CLASS)
        class_is_no_variable(r, symbol, span);
    if (!is_own_variable(r, symbol)) return make_variable(r, name, node, span);
    if (symbol->kind == SYMBOL_FUNCTION) symbol->is_reassigned = true;
    return symbol;
}

void note_assignment(Resolver *r, Symbol *symbol, bool is_fresh)
{
    SymbolState *state = symbol->state;
    if (!state) {
        symbol->is_reassigned = true;
        return;
    }
    uint32_t tick = ++r->tick;
    if (state->first_tick)
        symbol->is_reassigned = true;
    else
        state->first_tick = tick;
    if (is_fresh) {
        symbol->is_fresh = true;
        state->fresh_loop = r->frame->loop;
    } else {
        state->last_tick = tick;
    }
    flow_set(r, state);
}

void walk_target(Resolver *r, Node *target, Node *node, bool is_new_variable)
{
    if (target->kind == NODE_TUPLE || target->kind == NODE_LIST) {
        for (Node *item = target->as.list.first; item; item = item->next)
            walk_target(r, item, node, is_new_variable);
        return;
    }
    if (target->kind != NODE_NAME) {
        walk(r, target);
        return;
    }
    Name *name = target->as.name.name;
    Symbol *symbol = is_new_variable ? make_variable(r, name, node, target->span)
                                     : make_name(r, name, node, target->span);
    target->as.name.symbol = symbol;
    note_assignment(r, symbol, node->kind != NODE_WITH);
}

// ------------------------------------------------------------------------------------ assignments

Symbol *session_symbol(const Resolver *r, Name *name)
{
    const Compiler *compiler = r->compiler;
    if (!compiler->find_session_name || !r->module->is_main) return NULL;
    return compiler->find_session_name(compiler->session, name);
}

// The symbol that `name = …` rebinds; NULL when it makes a name.
static Symbol *rebound_symbol(Resolver *r, Name *name, Span span)
{
    Binding *binding = visible_binding(r, name);
    Symbol *symbol = binding && !binding->is_class_variable ? binding->symbol : NULL;
    if (!symbol) {
        symbol = session_symbol(r, name);
        return symbol && symbol->kind == SYMBOL_VARIABLE ? symbol : NULL;
    }
    if (is_own_variable(r, symbol)) return symbol;
    if (symbol->kind == SYMBOL_CLASS && symbol->module == r->module)
        class_is_no_variable(r, symbol, span);
    return NULL;
}

// What an assignment from here means for a symbol of this function or of one around it.
static void rebind(Resolver *r, Node *node, Symbol *symbol)
{
    if (symbol->kind == SYMBOL_FUNCTION) symbol->is_reassigned = true;
    if (!symbol->state || symbol->owner == r->frame->info) return;
    symbol->state->is_assigned_inside = true;
    if (symbol->kind == SYMBOL_FUNCTION)
        use_function(r, node, symbol, USE_CALL);
    else
        capture(r, r->frame, symbol);
}

// First half, before the value is walked: finds or makes the names.
static void open_targets(Resolver *r, Node *target, Node *node)
{
    if (target->kind == NODE_TUPLE || target->kind == NODE_LIST) {
        for (Node *item = target->as.list.first; item; item = item->next)
            open_targets(r, item, node);
        return;
    }
    if (target->kind != NODE_NAME) return;
    Name *name = target->as.name.name;
    Symbol *symbol = node->kind == NODE_LET ? NULL : rebound_symbol(r, name, target->span);
    if (symbol)
        rebind(r, target, symbol);
    else
        symbol = make_name(r, name, node, target->span);
    target->as.name.symbol = symbol;
    if (!symbol->state || symbol->owner != r->frame->info) return;
    // Known in the value only to functions there; a lambda that is the value runs when the variable
    // has it.
    symbol->state->is_initialising = !symbol->state->first_tick;
    if (node->as.assign.value && node->as.assign.value->kind == NODE_FUNCTION)
        flow_set(r, symbol->state);
}

static void assign_member(Resolver *r, Node *target)
{
    walk_member(r, target, USE_ASSIGN);
    note_field(r, target);
    Symbol *symbol = target->as.member.is_module_member ? target->as.member.symbol : NULL;
    if (!symbol) return;
    if (symbol->kind == SYMBOL_VARIABLE)
        symbol->is_reassigned = true;
    else
        resolve_error(r, target->span, DIAG_ASSIGNMENT, "`%s` is not a variable of module `%s`",
                      symbol->name->text, module_meant(target->as.member.object)->name->text);
}

// Second half: what is behind the value has it.
static void close_targets(Resolver *r, Node *target, bool is_fresh)
{
    if (target->kind == NODE_TUPLE || target->kind == NODE_LIST) {
        for (Node *item = target->as.list.first; item; item = item->next)
            close_targets(r, item, is_fresh);
    } else if (target->kind == NODE_MEMBER) {
        assign_member(r, target);
    } else if (target->kind != NODE_NAME) {
        walk(r, target);
    } else if (target->as.name.symbol) {
        Symbol *symbol = target->as.name.symbol;
        if (symbol->state) symbol->state->is_initialising = false;
        note_assignment(r, symbol, is_fresh);
    }
}

static void walk_let(Resolver *r, Node *node)
{
    open_targets(r, node->as.assign.target, node);
    if (node->as.assign.value) walk(r, node->as.assign.value);
    close_targets(r, node->as.assign.target, node->kind == NODE_LET && r->frame->loop);
}

static void change_name(Resolver *r, Node *node, Node *target)
{
    Symbol *symbol = rebound_symbol(r, target->as.name.name, target->span);
    if (!symbol) {
        postpone(r, target, USE_ASSIGN);
        return;
    }
    target->as.name.symbol = symbol;
    rebind(r, target, symbol);
    if (node->kind == NODE_AUGMENT) flow_read(r, target, symbol);
    note_assignment(r, symbol, false);
}

// `change t to e` and `t op= e` never make a name.
static void walk_change(Resolver *r, Node *node, Node *target)
{
    if (target->kind == NODE_TUPLE || target->kind == NODE_LIST) {
        for (Node *item = target->as.list.first; item; item = item->next)
            walk_change(r, node, item);
    } else if (target->kind == NODE_NAME) {
        change_name(r, node, target);
    } else {
        close_targets(r, target, false);
    }
}

void walk_assign(Resolver *r, Node *node)
{
    if (node->as.assign.annotation) walk_type(r, node->as.assign.annotation);
    if (node->kind == NODE_LET || node->kind == NODE_ASSIGN) {
        walk_let(r, node);
        return;
    }
    walk(r, node->as.assign.value);
    walk_change(r, node, node->as.assign.target);
}

// ------------------------------------------------------------------------------- names made later

// Binds a waiting name to something a function around it, or the module, made later in the text.
static void bind_late(Resolver *r, const Pending *pending, Symbol *symbol)
{
    Frame *here = r->frame;
    r->frame = pending->frame;
    set_symbol(pending->node, symbol);
    if (pending->use == USE_ASSIGN) {
        rebind(r, pending->node, symbol);
        symbol->is_reassigned = true;
    }
    if (symbol->kind == SYMBOL_VARIABLE && symbol->state) {
        capture(r, r->frame, symbol);
        if (symbol->is_captured && !symbol->is_global) {
            symbol->is_fresh = false;
            symbol->needs_cell = true;
        }
        flow_read_unset(r, pending->node, symbol);
    }
    if (pending->use != USE_CALL) symbol->is_used_as_value = true;
    r->frame = here;
}

static Symbol *made_later(const Resolver *r, const Pending *pending)
{
    const Node *node = pending->node;
    const Name *name = node->kind == NODE_NAME ? node->as.name.name : node->as.member.name;
    const Binding *binding = name->binding;
    if (!binding || binding->module != r->module || binding->frame != r->frame ||
        binding->is_class_variable)
        return NULL;
    return binding->symbol;
}

void settle_pending(Resolver *r)
{
    int kept = r->frame->pending_start;
    for (int i = kept; i < r->pending.count; i++) {
        Pending *pending = &r->pending.items[i];
        Symbol *symbol = made_later(r, pending);
        if (symbol && pending->frame != r->frame) {
            bind_late(r, pending, symbol);
            continue;
        }
        if (symbol) pending->own = symbol;
        r->pending.items[kept++] = *pending;
    }
    r->pending.count = kept;
}

// ------------------------------------------------------------------------- names nothing has made

static void offer_user_names(const Resolver *r, const Frame *frame, Nearest *nearest)
{
    for (; frame; frame = frame->outer) {
        const FunctionInfo *info = frame->info;
        for (int i = 0; i < info->params.count; i++)
            nearest_offer(nearest, info->params.items[i]->name->text);
        for (int i = 0; i < info->locals.count; i++)
            nearest_offer(nearest, info->locals.items[i]->name->text);
    }
    for (int i = 0; i < r->module->globals.count; i++)
        nearest_offer(nearest, r->module->globals.items[i]->name->text);
    const Compiler *compiler = r->compiler;
    if (compiler->offer_session_names && r->module->is_main)
        compiler->offer_session_names(compiler->session, nearest);
}

static bool is_field(const Frame *frame, const Name *name)
{
    while (frame && !frame->info->cls)
        frame = frame->outer;
    if (!frame) return false;
    const ClassInfo *cls = frame->info->cls;
    for (int i = 0; i < cls->fields.count; i++)
        if (cls->fields.items[i] == name) return true;
    for (int i = 0; i < cls->methods.count; i++)
        if (cls->methods.items[i]->name == name) return true;
    return false;
}

static void help_unknown_name(Resolver *r, const Pending *pending)
{
    Diags *diags = &r->compiler->diags;
    const Name *name = pending->node->as.name.name;
    if (is_field(pending->frame, name)) {
        diag_help(diags, "did you mean `self.%s`?", name->text);
        return;
    }
    if (diags->error_count > diags->error_limit) return;
    Nearest nearest = {.wanted = name->text};
    offer_user_names(r, pending->frame, &nearest);
    const char *own = nearest.best;
    if (pending->use != USE_ASSIGN) library_offer_names(&nearest);
    if (!nearest.best) return;
    int count;
    int row = library_find(nearest.best, &count);
    if (nearest.best == own || !count)
        diag_help(diags, "did you mean `%s`?", nearest.best);
    else
        diag_help(diags, "did you mean `%s` of library `%s`?", nearest.best,
                  library_entries[row + count - 1].library);
}

static void unknown_name(Resolver *r, const Pending *pending)
{
    const Node *node = pending->node;
    resolve_error(r, node->span, DIAG_UNKNOWN_NAME, "unknown name `%s`", node->as.name.name->text);
    help_unknown_name(r, pending);
    if (pending->use == USE_ASSIGN)
        diag_help(&r->compiler->diags, "to make it, write `let %s = …`", node->as.name.name->text);
}

// At the prompt a function may name what later entries make.
static Symbol *unknown_symbol(Resolver *r, Name *name)
{
    Symbol *symbol = map_get(&r->unknown, name);
    if (symbol) return symbol;
    symbol = symbol_new(r, SYMBOL_UNKNOWN, name, NULL, (Span){0});
    symbol->is_global = symbol->is_session = true;
    map_put(&r->unknown, r->arena, name, symbol);
    return symbol;
}

// A variable read where its own function makes it only later: wrong for certain unless a loop leads
// back.
static void settle_own(Resolver *r, const Pending *pending)
{
    Symbol *symbol = pending->own;
    Node *node = pending->node;
    set_symbol(node, symbol);
    if (symbol->kind != SYMBOL_VARIABLE || !symbol->state) return;
    node->flags |= NODE_MAYBE_UNSET;
    symbol->may_be_unset = true;
    if (pending->loop && pending->loop->end_tick > symbol->state->first_tick) return;
    if (symbol->state->is_assigned_inside) return;
    resolve_error(r, node->span, DIAG_UNASSIGNED, "`%s` is used before it has a value",
                  symbol->name->text);
    diag_note(&r->compiler->diags, r->source, symbol->span, "it is made here");
}

static Symbol *library_meaning(Resolver *r, Name *name, NameUse use)
{
    Symbol *symbol = session_symbol(r, name);
    if (!symbol && use == USE_OBJECT) symbol = library_module_symbol(r->compiler, name);
    if (!symbol) symbol = builtin_symbol(r->compiler, name);
    if (!symbol) symbol = resolve_library_name(r->compiler, r->module, name);
    return symbol ? symbol : library_module_symbol(r->compiler, name);
}

static void settle_name(Resolver *r, const Pending *pending)
{
    Node *node = pending->node;
    Name *name = node->as.name.name;
    Symbol *symbol = pending->use == USE_ASSIGN ? session_symbol(r, name)
                                                : library_meaning(r, name, pending->use);
    if (symbol) {
        node->as.name.symbol = symbol;
        if (pending->use != USE_CALL) symbol->is_used_as_value = true;
        if (pending->use == USE_ASSIGN) symbol->is_reassigned = true;
        if (symbol->kind == SYMBOL_MODULE) use_module(r, symbol, pending->use);
    } else if (pending->own) {
        settle_own(r, pending);
    } else if (r->compiler->options.is_repl && pending->frame->outer && r->module->is_main) {
        node->as.name.symbol = unknown_symbol(r, name);
    } else {
        unknown_name(r, pending);
    }
}

static void settle_method_name(Resolver *r, const Pending *pending)
{
    Node *node = pending->node;
    if (node->as.member.is_module_member) return;
    Symbol *symbol = session_symbol(r, node->as.member.name);
    if (!symbol && pending->own && pending->own->kind == SYMBOL_VARIABLE) {
        symbol = pending->own;
        symbol->may_be_unset = true;
    }
    if (!symbol || symbol->kind > SYMBOL_CLASS) return;
    node->as.member.symbol = symbol;
    symbol->is_used_as_value = true;
}

void settle_module(Resolver *r)
{
    for (int i = 0; i < r->pending.count; i++) {
        const Pending *pending = &r->pending.items[i];
        if (pending->use == USE_METHOD)
            settle_method_name(r, pending);
        else
            settle_name(r, pending);
    }
    settle_members(r);
}
