// The backward walk. See live.h.
#include "live.h"

typedef LiveWord *Set;

// Where BREAK, CONTINUE and LEAVE go.
typedef struct Target {
    const IrOp *op;
    Set next;   // live where the next turn begins
    Set behind; // live behind the construct
    struct Target *outer;
} Target;

typedef struct Walk {
    Live *live;
    Target *targets; // innermost first
    Set handler;     // live where failures go to; NULL: out of the function
} Walk;

static Set new_set(const Live *live)
{
    return ARENA_ARRAY(live->arena, LiveWord, live->word_count);
}

static Set copy_set(const Live *live, const LiveWord *from)
{
    Set set = new_set(live);
    memcpy(set, from, sizeof *set * (size_t)live->word_count);
    return set;
}

// Adds [other] to [set]; whether that changed it.
static bool unite(const Live *live, Set set, const LiveWord *other)
{
    LiveWord added = 0;
    for (int i = 0; i < live->word_count; i++) {
        added |= other[i] & ~set[i];
        set[i] |= other[i];
    }
    return added != 0;
}

static void add(Set set, const IrVar *var)
{
    set[(var->number - 1) / 64] |= (LiveWord)1 << ((var->number - 1) % 64);
}

static void drop(Set set, const IrVar *var)
{
    set[(var->number - 1) / 64] &= ~((LiveWord)1 << ((var->number - 1) % 64));
}

static void add_operands(Set set, const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR) add(set, op->args[i].as.var);
}

// What a fast version takes along when it leaves.
static void add_exit_operands(Set set, const IrExit *exit)
{
    if (!exit) return;
    for (int i = 0; i < exit->count; i++)
        if (exit->fast[i].kind == OPERAND_VAR) add(set, exit->fast[i].as.var);
    if (exit->value.kind == OPERAND_VAR) add(set, exit->value.as.var);
}

static void walk_block(Walk *walk, const IrBlock *block, Set set);

static const Target *find_target(const Walk *walk, const IrOp *op)
{
    const Target *target = walk->targets;
    while (target->op != op)
        target = target->outer;
    return target;
}

static void become(const Walk *walk, Set set, const LiveWord *other)
{
    size_t size = sizeof *set * (size_t)walk->live->word_count;
    if (other)
        memcpy(set, other, size);
    else
        memset(set, 0, size);
}

static void walk_plain(Walk *walk, const IrOp *op, Set set)
{
    Live *live = walk->live;
    map_put(&live->behind, live->arena, op, copy_set(live, set));
    if (op->dst) drop(set, op->dst);
    for (int i = 0; i < op->arg_count; i++)
        if (ir_writes_argument(op, i)) drop(set, op->args[i].as.var);
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR && !ir_writes_argument(op, i))
            add(set, op->args[i].as.var);
    add_exit_operands(set, ir_exit_of(op));
    if (walk->handler && ir_can_fail(op)) unite(live, set, walk->handler);
    map_put(&live->before, live->arena, op, copy_set(live, set));
}

static void walk_jump(Walk *walk, const IrOp *op, Set set)
{
    switch ((IrKind)op->kind) {
    case IR_BREAK:
    case IR_LEAVE:
        become(walk, set, find_target(walk, op->as.target)->behind);
        break;
    case IR_CONTINUE:
        become(walk, set, find_target(walk, op->as.target)->next);
        break;
    case IR_FAIL:
        become(walk, set, walk->handler);
        break;
    default: // IR_RETURN
        become(walk, set, NULL);
        add_operands(set, op);
        map_put(&walk->live->before, walk->live->arena, op, copy_set(walk->live, set));
    }
}

static void walk_loop(Walk *walk, const IrOp *op, Set set)
{
    const Live *live = walk->live;
    Target target = {op, new_set(live), copy_set(live, set), walk->targets};
    walk->targets = &target;
    bool counts = op->kind == IR_COUNT;
    if (counts) { // the end of a turn asks whether there is another
        unite(live, target.next, target.behind);
        add_operands(target.next, op);
        add(target.next, op->dst);
    }
    Set body;
    do {
        body = copy_set(live, target.next);
        walk_block(walk, op->body, body);
    } while (unite(live, target.next, body));
    walk->targets = target.outer;
    if (!counts) {
        become(walk, set, body);
        return;
    }
    unite(live, set, body);
    drop(set, op->dst);
    add_operands(set, op);
}

static void walk_branches(Walk *walk, const IrOp *op, Set set)
{
    Set other = copy_set(walk->live, set);
    if (op->other) walk_block(walk, op->other, other);
    walk_block(walk, op->body, set);
    unite(walk->live, set, other);
    add_operands(set, op);
}

static void walk_try(Walk *walk, const IrOp *op, Set set)
{
    Set handler = copy_set(walk->live, set), outer = walk->handler;
    walk_block(walk, op->other, handler);
    walk->handler = handler;
    walk_block(walk, op->body, set);
    walk->handler = outer;
}

static void walk_op(Walk *walk, const IrOp *op, Set set)
{
    switch ((IrKind)op->kind) {
    case IR_IF:
        walk_branches(walk, op, set);
        break;
    case IR_LOOP:
    case IR_COUNT:
        walk_loop(walk, op, set);
        break;
    case IR_BLOCK: {
        Target target = {op, NULL, copy_set(walk->live, set), walk->targets};
        walk->targets = &target;
        walk_block(walk, op->body, set);
        walk->targets = target.outer;
        break;
    }
    case IR_TRY:
        walk_try(walk, op, set);
        break;
    case IR_BREAK:
    case IR_CONTINUE:
    case IR_LEAVE:
    case IR_FAIL:
    case IR_RETURN:
        walk_jump(walk, op, set);
        break;
    default:
        walk_plain(walk, op, set);
    }
}

// [set] is what is live behind the block, then what is live before it.
static void walk_block(Walk *walk, const IrBlock *block, Set set)
{
    int count = 0;
    for (const IrOp *op = block->first; op; op = op->next)
        count++;
    const IrOp **ops = ARENA_ARRAY(walk->live->arena, const IrOp *, count + 1);
    count = 0;
    for (const IrOp *op = block->first; op; op = op->next)
        ops[count++] = op;
    while (count-- > 0)
        walk_op(walk, ops[count], set);
}

void live_find(Live *live, Arena *arena, const IrFunction *function)
{
    *live = (Live){.arena = arena, .word_count = (function->var_count + 63) / 64};
    Walk walk = {.live = live};
    walk_block(&walk, function->body, new_set(live));
}
