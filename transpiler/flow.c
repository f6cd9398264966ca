// Which variables certainly have a value: followed along the walk over the text.
//
// A variable's state says which frame's flow has set it. Setting pushes the former state on a
// trail; a branch that ends undoes its part of the trail, and where branches meet again the
// variables that every living one has set are set anew. The cost is one step for each assignment
// and branch, however many variables there are.
//
// Functions at module level run when something calls them. A graph of who mentions whom (units)
// tells from which moment of the top level that may be; a module variable certainly set before then
// needs no test.
#include "resolve_state.h"

void flow_set(Resolver *r, SymbolState *state)
{
    if (state->set_in == r->frame) return;
    VEC_PUSH(r->arena, r->trail, ((Trail){state, state->set_in}));
    state->set_in = r->frame;
    if (!r->frame->outer && !r->frame->branch_depth && !state->set_tick)
        state->set_tick = ++r->tick;
}

void flow_undo(Resolver *r, int mark)
{
    while (r->trail.count > mark) {
        Trail *entry = &r->trail.items[--r->trail.count];
        entry->state->set_in = entry->set_in;
    }
}

// --------------------------------------------------------------------------------------- branches

void merge_open(Resolver *r, Merge *merge)
{
    *merge = (Merge){.mark = r->trail.count, .was_dead = r->frame->is_dead};
    r->frame->branch_depth++;
}

// Keeps of merge->common what the arm that ends, the trail from merge->mark on, has set too.
static void intersect(Resolver *r, Merge *merge)
{
    uint32_t stamp = ++r->stamp;
    for (int i = merge->mark; i < r->trail.count; i++)
        r->trail.items[i].state->stamp = stamp;
    int kept = 0;
    for (int i = 0; i < merge->common.count; i++)
        if (merge->common.items[i]->stamp == stamp)
            merge->common.items[kept++] = merge->common.items[i];
    merge->common.count = kept;
}

void merge_arm(Resolver *r, Merge *merge)
{
    if (!r->frame->is_dead || merge->was_dead) {
        if (merge->live_count++ == 0) {
            for (int i = merge->mark; i < r->trail.count; i++)
                VEC_PUSH(r->arena, merge->common, r->trail.items[i].state);
        } else {
            intersect(r, merge);
        }
    }
    flow_undo(r, merge->mark);
    r->frame->is_dead = merge->was_dead;
}

void merge_close(Resolver *r, Merge *merge)
{
    r->frame->branch_depth--;
    for (int i = 0; i < merge->common.count; i++)
        flow_set(r, merge->common.items[i]);
    r->frame->is_dead = merge->was_dead || merge->live_count == 0;
}

// ---------------------------------------------------------------------------------------- reading

// Whether the variable certainly has a value here. What the code around a function has set counts
// only if the function cannot run before that code.
static bool is_set(const Resolver *r, const Symbol *symbol)
{
    if (symbol->is_param || r->frame->is_dead) return true;
    for (const Frame *frame = r->frame; frame; frame = frame->outer) {
        if (frame == symbol->state->set_in) return true;
        if (frame->may_run_early) return false;
    }
    return false;
}

void flow_mark_unset(Resolver *r, Node *node, Symbol *symbol)
{
    if (node->kind == NODE_NAME) node->flags |= NODE_MAYBE_UNSET;
    symbol->may_be_unset = true;
    if (symbol->kind == SYMBOL_FUNCTION) VEC_PUSH(r->arena, r->early_functions, node);
}

void flow_read_unset(Resolver *r, Node *node, Symbol *symbol)
{
    if (symbol->is_global && r->frame->unit)
        VEC_PUSH(r->arena, r->frame->unit->reads, node);
    else
        flow_mark_unset(r, node, symbol);
}

// A read from inside a function of what the code around it has set: to be marked if the function is
// found to run early.
static void note_late_read(const Resolver *r, Node *node, const Symbol *symbol)
{
    if (symbol->is_global || symbol->is_param || symbol->owner == r->frame->info) return;
    Frame *frame = r->frame;
    while (frame->outer && frame->outer->info != symbol->owner)
        frame = frame->outer;
    if (frame->outer) VEC_PUSH(r->arena, frame->late_reads, node);
}

void flow_read(Resolver *r, Node *node, Symbol *symbol)
{
    if (!symbol->state) return;
    if (is_set(r, symbol))
        note_late_read(r, node, symbol);
    else
        flow_read_unset(r, node, symbol);
}

void flow_read_class(Resolver *r, Symbol *symbol)
{
    if (!is_set(r, symbol)) symbol->may_be_unset = true;
}

static Symbol *symbol_of(const Node *node)
{
    return node->kind == NODE_NAME ? node->as.name.symbol : node->as.member.symbol;
}

// A function used before its statement was marked in case it turns out to be a variable. If not, it
// is there always.
static void clear_functions(Resolver *r)
{
    for (int i = 0; i < r->early_functions.count; i++) {
        Node *node = r->early_functions.items[i];
        Symbol *symbol = symbol_of(node);
        if (symbol->is_reassigned) continue;
        if (node->kind == NODE_NAME) node->flags &= (uint8_t)~NODE_MAYBE_UNSET;
        symbol->may_be_unset = false;
    }
}

// ------------------------------------------------------------------------------------------ units

Unit *unit_new(Resolver *r)
{
    Unit *unit = ARENA_NEW(r->arena, Unit);
    VEC_PUSH(r->arena, r->units, unit);
    return unit;
}

void flow_mention(Resolver *r, Unit *unit)
{
    Unit *from = r->frame->unit;
    if (from == unit) return;
    if (from) {
        if (!from->mentions.count || from->mentions.items[from->mentions.count - 1] != unit)
            VEC_PUSH(r->arena, from->mentions, unit);
    } else if (!unit->is_reached) {
        unit->is_reached = true;
        unit->reach_tick = r->tick;
        VEC_PUSH(r->arena, r->reached, unit);
    }
}

// What a unit mentions may run as soon as it does. `reached` grows by what is found; it is in order
// of time, so the first to reach a unit is the earliest.
static void spread(Resolver *r)
{
    VEC(Unit *) work = {0};
    int direct_count = r->reached.count;
    for (int i = 0; i < direct_count; i++) {
        Unit *origin = r->reached.items[i];
        VEC_PUSH(r->arena, work, origin);
        while (work.count) {
            Unit *unit = work.items[--work.count];
            for (int k = 0; k < unit->mentions.count; k++) {
                Unit *next = unit->mentions.items[k];
                if (next->is_reached && next->reach_tick <= origin->reach_tick) continue;
                next->is_reached = true;
                next->reach_tick = origin->reach_tick;
                VEC_PUSH(r->arena, work, next);
            }
        }
    }
}

static void settle_read(Resolver *r, const Unit *unit, Node *node)
{
    Symbol *symbol = symbol_of(node);
    if (!symbol || !symbol->state) return;
    if (symbol->kind == SYMBOL_FUNCTION && !symbol->is_reassigned) return;
    uint32_t set_tick = symbol->state->set_tick;
    if (!set_tick || (unit->is_reached && set_tick > unit->reach_tick))
        flow_mark_unset(r, node, symbol);
}

void settle_units(Resolver *r)
{
    spread(r);
    for (int i = 0; i < r->units.count; i++) {
        const Unit *unit = r->units.items[i];
        for (int k = 0; k < unit->reads.count; k++)
            settle_read(r, unit, unit->reads.items[k]);
    }
    clear_functions(r);
}
