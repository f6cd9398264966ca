// Who captures what, and which captured variables need a cell.
//
// A variable used in an inner function is captured by every function between its owner and the use.
// It needs a cell when it may be assigned after a closure has taken it; ticks say so
// (resolve_state.h). A nested function or class is captured like a variable if it is a closure
// itself; whether it is depends on what it uses, possibly in circles, and so is settled when the
// module has been walked.
#include "resolve_state.h"

// -------------------------------------------------------------------------------------- variables

// Module variables are reached directly, except one that a loop makes anew and that a function in
// this loop must keep.
static bool is_capturable(const Symbol *symbol)
{
    if (!symbol->is_global) return true;
    if (!symbol->is_fresh) return false;
    for (const Loop *loop = symbol->state->fresh_loop; loop; loop = loop->outer)
        if (loop->is_active) return true;
    return false;
}

// Adds to the captures of [frame]'s function; false when it is there already.
static bool add_capture(Resolver *r, Frame *frame, Symbol *symbol)
{
    if (map_get(&frame->captured, symbol)) return false;
    map_put(&frame->captured, r->arena, symbol, symbol);
    VEC_PUSH(r->arena, frame->info->captures, symbol);
    return true;
}

void capture(Resolver *r, Frame *frame, Symbol *symbol)
{
    SymbolState *state = symbol->state;
    if (!state || frame->info == symbol->owner) return;
    symbol->is_shared = true;
    if (!is_capturable(symbol)) return;
    symbol->is_captured = true;
    if (state->is_initialising) symbol->needs_cell = true;
    while (frame->outer && frame->info != symbol->owner && add_capture(r, frame, symbol)) {
        if (frame->outer->info == symbol->owner &&
            (!state->capture_tick || frame->created_tick < state->capture_tick))
            state->capture_tick = frame->created_tick;
        frame = frame->outer;
    }
}

// ------------------------------------------------------------------------------------------ cells

// --------------------------------------------------------------------------------------- hoisting

// The function right inside [owner] in which [frame] lies.
static Frame *child_of(const FunctionInfo *owner, Frame *frame)
{
    while (frame->outer && frame->outer->info != owner)
        frame = frame->outer;
    return frame;
}

static bool is_hoistable(const FunctionInfo *function)
{
    return function->symbol && !function->cls && function->symbol->state;
}

// Which of the functions right inside this frame use which.
static void find_needs(Resolver *r)
{
    FunctionInfo *info = r->frame->info;
    for (int i = 0; i < info->inner.count; i++) {
        if (!is_hoistable(info->inner.items[i])) continue;
        Symbol *symbol = info->inner.items[i]->symbol;
        for (int use = symbol->state->first_use; use; use = r->uses.items[use - 1].next) {
            const Frame *child = child_of(info, r->uses.items[use - 1].frame);
            if (is_hoistable(child->info) && child->info->symbol != symbol)
                VEC_PUSH(r->arena, child->info->symbol->state->needs, symbol);
        }
    }
}

static void hoist(Resolver *r, Symbol *symbol)
{
    symbol->is_hoisted = true;
    const Frame *frame = symbol->state->frame;
    if (!frame) return;
    for (int i = 0; i < frame->late_reads.count; i++) {
        Node *node = frame->late_reads.items[i];
        flow_mark_unset(r, node,
                        node->kind == NODE_NAME ? node->as.name.symbol : node->as.member.symbol);
    }
}

void settle_hoisting(Resolver *r)
{
    FunctionInfo *info = r->frame->info;
    VEC(Symbol *) work = {0};
    for (int i = 0; i < info->inner.count; i++)
        if (is_hoistable(info->inner.items[i]) && info->inner.items[i]->symbol->is_hoisted)
            VEC_PUSH(r->arena, work, info->inner.items[i]->symbol);
    if (!work.count || !r->frame->outer) return;
    find_needs(r);
    while (work.count) {
        const SymbolState *state = work.items[--work.count]->state;
        for (int i = 0; i < state->needs.count; i++) {
            if (state->needs.items[i]->is_hoisted) continue;
            hoist(r, state->needs.items[i]);
            VEC_PUSH(r->arena, work, state->needs.items[i]);
        }
    }
}

static const Loop *outermost(const Loop *loop)
{
    while (loop->outer)
        loop = loop->outer;
    return loop;
}

// A hoisted function takes its variables where the block around it begins.
static void settle_hoisted(const Frame *frame, const FunctionInfo *function)
{
    const SymbolState *state = function->symbol->state;
    uint32_t made_tick = state->home->start_tick;
    uint32_t tick = state->home_loop ? outermost(state->home_loop)->start_tick : made_tick;
    for (int i = 0; i < function->captures.count; i++) {
        Symbol *symbol = function->captures.items[i];
        if (symbol->owner != frame->info) continue;
        if (tick < symbol->state->capture_tick) symbol->state->capture_tick = tick;
        if (symbol->is_fresh && symbol->state->first_tick > made_tick) {
            symbol->is_fresh = false;
            symbol->needs_cell = true;
        }
    }
}

static void settle_cell(Symbol *symbol)
{
    const SymbolState *state = symbol->state;
    if (!symbol->is_captured) return;
    if (state->is_assigned_inside || state->last_tick > state->capture_tick)
        symbol->needs_cell = true;
}

void settle_cells(Resolver *r)
{
    const Frame *frame = r->frame;
    FunctionInfo *info = frame->info;
    for (int i = 0; i < info->inner.count; i++) {
        FunctionInfo *inner = info->inner.items[i];
        if (inner->symbol && inner->symbol->is_hoisted && !inner->cls) settle_hoisted(frame, inner);
    }
    for (int i = 0; i < info->params.count; i++)
        settle_cell(info->params.items[i]);
    for (int i = 0; i < info->locals.count; i++)
        settle_cell(info->locals.items[i]);
    if (frame->outer) return;
    for (int i = 0; i < r->module->globals.count; i++)
        settle_cell(r->module->globals.items[i]);
}

// ------------------------------------------------------------------ nested functions and classes

typedef VEC(Symbol *) SymbolList;

static bool is_closure_class(const ClassInfo *cls)
{
    if (cls->base && cls->base->is_closure) return true;
    for (int i = 0; i < cls->methods.count; i++)
        if (cls->methods.items[i]->captures.count) return true;
    return false;
}

static bool is_closure(const Symbol *symbol)
{
    if (symbol->kind == SYMBOL_CLASS) return is_closure_class(symbol->cls);
    return symbol->is_reassigned || symbol->function->captures.count > 0;
}

static void enqueue(Resolver *r, SymbolList *queue, Symbol *symbol)
{
    if (!symbol || !symbol->state || symbol->state->is_queued) return;
    symbol->state->is_queued = true;
    VEC_PUSH(r->arena, *queue, symbol);
}

// Whether the closure of a nested function or class exists when that of the function at [frame],
// which uses it, is made. Hoisted ones are made at the start of their block, in the order of their
// statements.
static bool is_made_before(const Symbol *symbol, const Frame *frame)
{
    const SymbolState *state = symbol->state;
    const Symbol *user = frame->info->symbol;
    bool is_user_hoisted = user && user->state && user->is_hoisted;
    if (is_user_hoisted && symbol->is_hoisted && user->state->home == state->home)
        return symbol->node->span.start < user->node->span.start;
    uint32_t made_tick = symbol->is_hoisted ? state->home->start_tick : state->made_tick;
    return made_tick < (is_user_hoisted ? user->state->home->start_tick : frame->made_tick);
}

// What is captured before it is made needs a cell: one for each turn of the loop around, unless
// something outside the block means the variable as well.
static void share_early(Symbol *symbol)
{
    const SymbolState *state = symbol->state;
    symbol->needs_cell = true;
    symbol->is_fresh = state->home_loop && !symbol->is_reassigned && !state->is_used_outside;
    if (symbol->kind == SYMBOL_CLASS) symbol->may_be_unset = true;
}

// The functions from the use up to the owner capture the closure, which makes closures of them too.
// A function reaches itself without.
static void capture_closure(Resolver *r, const NestedUse *use, SymbolList *queue)
{
    Symbol *symbol = use->symbol;
    symbol->is_captured = true;
    if (symbol->is_reassigned || !is_made_before(symbol, child_of(symbol->owner, use->frame)))
        share_early(symbol);
    for (Frame *frame = use->frame; frame->info != symbol->owner; frame = frame->outer) {
        const FunctionInfo *info = frame->info;
        if (symbol->function && info == symbol->function && !symbol->is_reassigned) return;
        if (!add_capture(r, frame, symbol)) return;
        enqueue(r, queue, info->cls ? info->cls->symbol : info->symbol);
    }
}

// What extends a class that is a closure is one, too.
static void mark_closure_class(Resolver *r, ClassInfo *cls, SymbolList *queue)
{
    cls->is_closure = true;
    for (int i = 0; i < r->classes.count; i++)
        if (r->classes.items[i]->base == cls) enqueue(r, queue, r->classes.items[i]->symbol);
}

// A nested function that is assigned or shared through a cell is a variable of its owner, and so is
// a class that is a closure.
static void add_to_locals(Resolver *r)
{
    for (int i = 0; i < r->symbols.count; i++) {
        Symbol *symbol = r->symbols.items[i];
        bool is_variable = false;
        if (symbol->is_global && r->compiler->options.keeps_variables) symbol->is_shared = true;
        if (symbol->kind == SYMBOL_CLASS)
            is_variable = symbol->cls->is_closure;
        else if (symbol->kind == SYMBOL_FUNCTION && !symbol->function->cls)
            is_variable = symbol->needs_cell || symbol->is_reassigned;
        if (symbol->kind == SYMBOL_CLASS)
            symbol->may_be_unset = is_variable && (symbol->may_be_unset || symbol->is_global);
        if (is_variable && !symbol->is_global) VEC_PUSH(r->arena, symbol->owner->locals, symbol);
    }
}

void settle_captures(Resolver *r)
{
    SymbolList queue = {0};
    for (int i = 0; i < r->uses.count; i++)
        if (is_closure(r->uses.items[i].symbol)) enqueue(r, &queue, r->uses.items[i].symbol);
    for (int i = 0; i < r->classes.count; i++)
        if (is_closure_class(r->classes.items[i])) enqueue(r, &queue, r->classes.items[i]->symbol);
    while (queue.count) {
        Symbol *symbol = queue.items[--queue.count];
        if (symbol->kind == SYMBOL_CLASS) mark_closure_class(r, symbol->cls, &queue);
        for (int use = symbol->state->first_use; use; use = r->uses.items[use - 1].next)
            capture_closure(r, &r->uses.items[use - 1], &queue);
    }
    add_to_locals(r);
}
