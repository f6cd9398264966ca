// Going through items: `for` and the clauses of comprehensions.
//
// What is known of the iterable decides: a range that is written down is counted, the items of a
// List and of a Range are read in place, everything else has a cursor of the runtime (iter.h). All
// of them are what the cursor does: a list that grows or shrinks meanwhile is followed.
#include "lower_state.h"

// ---- counted loops: for i in range(…)

typedef struct Turn {
    void (*ready)(Lower *, IrOperand count, void *); // or NULL
    void (*each)(Lower *, void *);
    void *data;
} Turn;

// Right before the loop. [count]: an int, how many turns it is likely to have.
static void begin(Lower *lower, Turn turn, IrOperand count)
{
    if (turn.ready) turn.ready(lower, count, turn.data);
}

static bool is_int_node(const Node *node)
{
    return node->kind != NODE_SPREAD && node->kind != NODE_LABELLED && type_is(node->type, TB_INT);
}

// The arguments, when [iterable] is a call of the library's function [name]; NULL otherwise.
static const NodeList *library_args(const Node *iterable, const char *name)
{
    if (iterable->kind != NODE_CALL || iterable->as.call.callee->kind != NODE_NAME) return NULL;
    const Symbol *symbol = iterable->as.call.callee->as.name.symbol;
    bool is_it = symbol && symbol->kind == SYMBOL_OVERLOADS && !strcmp(symbol->name->text, name);
    return is_it ? &iterable->as.call.args : NULL;
}

// Whether [iterable] is `a..b` of Ints, or the library's range with one to three plain Ints.
static bool is_counted(const Node *iterable)
{
    if (iterable->kind == NODE_BINARY && iterable->op == TOK_DOT_DOT)
        return is_int_node(iterable->as.binary.left) && is_int_node(iterable->as.binary.right);
    const NodeList *args = library_args(iterable, "range");
    if (!args || args->count < 1 || args->count > 3) return false;
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (!is_int_node(arg)) return false;
    return true;
}

static bool is_literal_step(const Node *step)
{
    if (step->kind == NODE_UNARY && step->op == TOK_MINUS) step = step->as.unary.operand;
    return step->kind == NODE_INT && !step->as.integer.digits && step->as.integer.value != 0 &&
           step->as.integer.value < INT32_MAX;
}

// Whether the value is certain to fit 62 bits: a literal, a counter, or one plus or minus the
// other.
static bool is_small_start(Lower *lower, Node *node)
{
    if (node->kind == NODE_INT)
        return !node->as.integer.digits && node->as.integer.value <= INT32_MAX;
    if (node->kind == NODE_UNARY && node->op == TOK_MINUS)
        return is_small_start(lower, node->as.unary.operand);
    if (node->kind == NODE_BINARY && (node->op == TOK_PLUS || node->op == TOK_MINUS))
        return node->as.binary.right->kind == NODE_INT &&
               is_small_start(lower, node->as.binary.left) &&
               is_small_start(lower, node->as.binary.right);
    if (node->kind != NODE_NAME || !node->as.name.symbol) return false;
    const IrVar *var = map_get(&lower->storage, node->as.name.symbol);
    return var && var->repr == REPR_INT;
}

// Whether the raw counter can be the item itself.
static bool has_small_start(Lower *lower, const Node *iterable)
{
    if (iterable->kind != NODE_CALL) return false;
    const NodeList *args = &iterable->as.call.args;
    if (args->count == 1) return true;
    return is_small_start(lower, args->first) && (args->count < 3 || is_literal_step(args->last));
}

static int64_t literal_step(const Node *node)
{
    if (node->kind == NODE_UNARY) return -node->as.unary.operand->as.integer.value;
    return node->as.integer.value;
}

// A name that only the loop assigns and no closure sees can be the raw counter itself.
static bool can_be_counter(const Symbol *symbol)
{
    return !lower_is_static(symbol) && !symbol->is_captured && !symbol->needs_cell &&
           !symbol->may_be_unset && !symbol->is_reassigned;
}

static void bind_counter(Lower *lower, Node *target, IrVar *counter)
{
    if (target->kind == NODE_NAME && can_be_counter(target->as.name.symbol)) {
        Symbol *symbol = target->as.name.symbol;
        IrVar *var = map_get(&lower->storage, symbol);
        if (!var) {
            var = ir_var(lower->arena, lower->function, symbol->name->text, REPR_INT,
                         infer_symbol_type(lower->compiler, symbol));
            map_put(&lower->storage, lower->arena, symbol, var);
        }
        lower_move(lower, var, operand_var(counter), target->span);
        return;
    }
    lower_assign(lower, target, operand_var(counter), NULL, true, target->span);
}

static IrOperand loop_bound(Lower *lower, Node *node)
{
    IrOperand value = lower_expr(lower, node);
    if (value.kind == OPERAND_SMALL) return operand_int(value.as.integer);
    if (ir_operand_repr(value) == REPR_INT) {
        IrVar *copy = lower_temp(lower, REPR_INT); // the bound is fixed when the loop starts
        lower_move(lower, copy, value, node->span);
        return operand_var(copy);
    }
    return LOWER_ROUTINE(lower, RANGE_BOUND, node->span, lower_boxed(lower, value, node->span));
}

static void lower_counted(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    Node *first = iterable->as.call.args.first;
    IrOperand from = first->next ? loop_bound(lower, first) : operand_int(0);
    IrOperand to = loop_bound(lower, first->next ? first->next : first);
    int64_t step = first->next && first->next->next ? literal_step(first->next->next) : 1;
    IrOperand turns = to;
    if (turn.ready && (from.kind != OPERAND_INT || from.as.integer || step != 1))
        turns = LOWER_ROUTINE(lower, RAW_TURNS, span, from, to, operand_int(step));
    begin(lower, turn, turns);
    IrVar *counter = lower_temp(lower, REPR_INT);
    IrOp *loop = lower_op(lower, IR_COUNT, span, counter, 3);
    loop->args[0] = from;
    loop->args[1] = to;
    loop->args[2] = operand_int(step);
    IrBlock *former = lower_open_loop(lower, loop);
    bind_counter(lower, target, counter);
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

// ---- what is gone through by position

// A List, or the numbers of a Range.
typedef struct Lane {
    IrOperand list;
    const Type *type; // of the list
    IrVar *number;    // of a range: the next one, an Int of any size; NULL: a list
    IrOperand step;
    IrOperand count; // int, before the first turn
} Lane;

// The numbers from, from + step, …; what the loop assigns does not change them.
static Lane range_lane(Lower *lower, IrOperand from, IrOperand step, Span span)
{
    Lane lane = {.number = lower_temp(lower, REPR_VALUE), .step = step};
    lower_move(lower, lane.number, from, span);
    return lane;
}

// What [node] has given. With [copies] a list that others may know is copied.
static Lane lane_of(Lower *lower, const Node *node, IrOperand value, bool copies)
{
    Span span = node->span;
    if (type_is(node->type, TB_RANGE)) {
        Lane lane = range_lane(lower, LOWER_ROUTINE(lower, RANGE_FROM, span, value),
                               LOWER_ROUTINE(lower, RANGE_STEP, span, value), span);
        lane.count = LOWER_ROUTINE(lower, RANGE_COUNT, span, value);
        return lane;
    }
    Lane lane = {.list = value, .type = node->type};
    if (copies && !lower_is_container(node)) {
        lane.list = LOWER_ROUTINE(lower, LIST_COPY, span, value);
    } else if (value.kind == OPERAND_VAR && value.as.var->name) { // the loop may assign it
        IrVar *list = lower_temp(lower, REPR_VALUE);
        lower_move(lower, list, value, span);
        lane.list = operand_var(list);
    }
    if (copies) lane.count = LOWER_ROUTINE(lower, LIST_LENGTH, span, lane.list);
    return lane;
}

static IrOperand list_item(Lower *lower, const Lane *lane, IrVar *at, Span span)
{
    IrOperand index = lower_boxed(lower, operand_var(at), span);
    IrOperand item = lower_list_item(lower, lane->type, lane->list, index, span);
    if (ir_operand_repr(item) == REPR_VALUE)
        item.as.var->type = type_element(infer_types(lower->compiler), lane->type);
    return item;
}

// The item of turn [at].
static IrOperand lane_item(Lower *lower, const Lane *lane, IrVar *at, Span span)
{
    if (!lane->number) return list_item(lower, lane, at, span);
    IrVar *copy = lower_temp(lower, REPR_VALUE);
    lower_move(lower, copy, operand_var(lane->number), span);
    IrOp *next = lower_op(lower, IR_INT_OP, span, lane->number, 2);
    next->sub = TOK_PLUS;
    next->args[0] = operand_var(copy);
    next->args[1] = lane->step;
    return operand_var(copy);
}

// A loop of [count] turns, which [counter] numbers from 0.
static IrBlock *open_turns(Lower *lower, IrOperand count, Span span, IrVar **counter)
{
    *counter = lower_temp(lower, REPR_INT);
    IrOp *loop = lower_op(lower, IR_COUNT, span, *counter, 3);
    loop->args[0] = operand_int(0);
    loop->args[1] = count;
    loop->args[2] = operand_int(1);
    return lower_open_loop(lower, loop);
}

// ---- ranges

static void lower_lane(Lower *lower, const Lane *lane, Node *target, Span span, Turn turn)
{
    IrVar *counter;
    begin(lower, turn, lane->count);
    IrBlock *former = open_turns(lower, lane->count, span, &counter);
    IrOperand item = lane_item(lower, lane, counter, span);
    lower_assign(lower, target, item, NULL, true, target->span);
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

// Where start or step are known only when it runs: a counter of turns, and beside it the item,
// which may be an Int of any size.
static void lower_turns(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    IrOperand parts[3] = {operand_small(0), operand_none(), operand_small(1)};
    if (iterable->kind == NODE_BINARY) {
        const Type *type = infer_types(lower->compiler)->kinds[TB_INT];
        parts[0] = lower_value(lower, iterable->as.binary.left);
        lower_hold(lower, &parts[0]);
        parts[1] = lower_value(lower, iterable->as.binary.right);
        lower_release(lower, 1);
        parts[1] = lower_binary_op(lower, TOK_PLUS, parts[1], operand_small(1), type, type, span);
    } else {
        int at = iterable->as.call.args.count == 1 ? 1 : 0, held = 0;
        for (Node *arg = iterable->as.call.args.first; arg; arg = arg->next, held++) {
            parts[at] = lower_value(lower, arg);
            lower_hold(lower, &parts[at++]);
        }
        lower_settle(lower, span); // they are fixed when the loop starts
        lower_release(lower, held);
    }
    Lane lane = range_lane(lower, parts[0], parts[2], span);
    lane.count = lower_routine(lower, &routine_RANGE_TURNS, iterable->span, 3, parts);
    lower_lane(lower, &lane, target, span, turn);
}

// A Range that is at hand as a value.
static void lower_range(Lower *lower, Node *target, const Node *iterable, IrOperand value,
                        Span span, Turn turn)
{
    Lane lane = lane_of(lower, iterable, value, false);
    lower_lane(lower, &lane, target, span, turn);
}

// ---- lists

static void lower_listed(Lower *lower, Node *target, const Node *iterable, IrOperand value,
                         Span span, Turn turn)
{
    Lane lane = lane_of(lower, iterable, value, false);
    if (turn.ready) begin(lower, turn, LOWER_ROUTINE(lower, LIST_LENGTH, span, lane.list));
    IrVar *at = lower_temp(lower, REPR_INT);
    lower_move(lower, at, operand_int(0), span);
    IrOp *loop = lower_op(lower, IR_LOOP, span, NULL, 0);
    IrBlock *former = lower_open_loop(lower, loop);
    IrOperand count = LOWER_ROUTINE(lower, LIST_LENGTH, span, lane.list);
    IrOperand more =
        lower_operation(lower, IR_RAW_OP, TOK_LESS, REPR_BOOL, operand_var(at), count, span);
    lower_break_unless(lower, more, loop, span);
    IrOperand item = lane_item(lower, &lane, at, span);
    IrOperand next = lower_operation(lower, IR_RAW_OP, TOK_PLUS, REPR_INT, operand_var(at),
                                     operand_int(1), span);
    lower_move(lower, at, next, span);
    lower_assign(lower, target, item, NULL, true, target->span);
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

// ---- enumerate and zip: no tuples are made. The lists are copied, for they are as they were when
// the loop began, whatever its body does to them.

static bool is_lane(const Node *node)
{
    return node->kind != NODE_SPREAD && node->kind != NODE_LABELLED &&
           (type_is(node->type, TB_LIST) || type_is(node->type, TB_RANGE));
}

static bool has_targets(const Node *target, int count)
{
    if (target->kind != NODE_TUPLE || target->as.list.count != count) return false;
    for (const Node *item = target->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD) return false;
    return true;
}

static bool is_enumerated(const Node *target, const Node *iterable)
{
    const NodeList *args = library_args(iterable, "enumerate");
    return args && args->count == 1 && is_lane(args->first) && has_targets(target, 2);
}

static void lower_enumerated(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    Node *list = iterable->as.call.args.first;
    Lane lane = lane_of(lower, list, lower_value(lower, list), true);
    IrVar *counter;
    begin(lower, turn, lane.count);
    IrBlock *former = open_turns(lower, lane.count, span, &counter);
    IrOperand item = lane_item(lower, &lane, counter, span);
    bind_counter(lower, target->as.list.first, counter);
    lower_assign(lower, target->as.list.last, item, NULL, true, target->span);
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

#define ZIP_MAX 4

static bool is_zipped(const Node *target, const Node *iterable)
{
    const NodeList *args = library_args(iterable, "zip");
    if (!args || args->count < 1 || args->count > ZIP_MAX || !has_targets(target, args->count))
        return false;
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (!is_lane(arg)) return false;
    return true;
}

static void lower_zipped(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    Lane lanes[ZIP_MAX];
    IrOperand values[ZIP_MAX], count = operand_int(0);
    int lane_count = 0;
    for (Node *arg = iterable->as.call.args.first; arg; arg = arg->next) {
        values[lane_count] = lower_value(lower, arg);
        lower_hold(lower, &values[lane_count++]);
    }
    lower_release(lower, lane_count);
    Node *arg = iterable->as.call.args.first;
    for (int i = 0; i < lane_count; i++, arg = arg->next) {
        lanes[i] = lane_of(lower, arg, values[i], true);
        count = i ? LOWER_ROUTINE(lower, RAW_LEAST, span, count, lanes[i].count) : lanes[i].count;
    }
    IrVar *counter;
    begin(lower, turn, count);
    IrBlock *former = open_turns(lower, count, span, &counter);
    for (int i = 0; i < lane_count; i++)
        values[i] = lane_item(lower, &lanes[i], counter, span);
    int at = 0;
    for (Node *item = target->as.list.first; item; item = item->next)
        lower_assign(lower, item, values[at++], NULL, true, item->span);
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

// ---- any other iterable

// The form of a library function that gives the items of its List one by one, or NULL.
static IrRoutine *lazy_form(Lower *lower, const IrRoutine *routine)
{
    static const char *const names[] = {"tb_string_split", "tb_string_split_lines"};
    IrRoutine *lazy = map_get(&lower->routines, routine);
    for (size_t i = 0; !lazy && i < sizeof names / sizeof *names; i++) {
        if (strcmp(routine->c_name, names[i]) != 0) continue;
        char *signature = arena_format(lower->arena, "V%s", routine->signature + 1);
        lazy = ARENA_NEW(lower->arena, IrRoutine);
        *lazy = *routine;
        lazy->c_name = arena_format(lower->arena, "%s_lazy", routine->c_name);
        lazy->signature = signature;
        map_put(&lower->routines, lower->arena, routine, lazy);
        VEC_PUSH(lower->arena, lower->program->routines, lazy);
    }
    return lazy;
}

// When the call that made [value], which a loop is about to go through, is the last command, nobody
// else sees its List: it need not be made. Whether that is so.
static bool make_lazy(Lower *lower, IrOperand value)
{
    IrOp *op = lower->block->last;
    if (!op || op->kind != IR_RUNTIME || !op->as.routine->is_library) return false;
    if (value.kind != OPERAND_VAR || op->dst != value.as.var || op->dst->name) return false;
    const IrRoutine *lazy = lazy_form(lower, op->as.routine);
    if (!lazy) return false;
    op->as.routine = lazy;
    op->dst->type = NULL;
    return true;
}

static void lower_cursor(Lower *lower, Node *target, const Node *iterable, IrOperand value,
                         Span span, Turn turn)
{
    bool pair = has_targets(target, 2);
    begin(lower, turn, operand_int(0));
    IrOperand iterator = operand_var(lower_temp(lower, REPR_ITER));
    const IrRoutine *start = pair                         ? &routine_ITER_START_PAIRS
                             : target->kind == NODE_TUPLE ? &routine_ITER_START_ITEMS
                                                          : &routine_ITER_START;
    IrOperand start_args[] = {iterator, value};
    lower_routine(lower, start, iterable->span, 2, start_args);
    IrVar *first = lower_temp(lower, REPR_VALUE);
    IrVar *second = pair ? lower_temp(lower, REPR_VALUE) : NULL;
    IrOp *loop = lower_op(lower, IR_LOOP, span, NULL, 0);
    IrBlock *former = lower_open_loop(lower, loop);
    IrOperand next_args[] = {iterator, operand_var(first),
                             second ? operand_var(second) : operand_none()};
    IrOperand more = lower_routine(lower, pair ? &routine_ITER_NEXT_PAIR : &routine_ITER_NEXT,
                                   iterable->span, pair ? 3 : 2, next_args);
    lower_break_unless(lower, more, loop, span);
    const Type *item = target->type;
    if (pair) {
        lower_assign(lower, target->as.list.first, operand_var(first), NULL, true, target->span);
        lower_assign(lower, target->as.list.last, operand_var(second), NULL, true, target->span);
    } else {
        IrRepr repr = lower_repr_of(item);
        IrOperand operand = operand_var(first);
        if (target->kind == NODE_NAME && repr != REPR_VALUE)
            operand = lower_convert(lower, operand, repr, span);
        lower_assign(lower, target, operand, NULL, true, target->span);
    }
    turn.each(lower, turn.data);
    lower_close_loop(lower, former);
}

static void lower_iterated(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    IrOperand value = lower_value(lower, iterable);
    bool is_plain = !make_lazy(lower, value) && !has_targets(target, 2);
    if (is_plain && type_is(iterable->type, TB_LIST))
        lower_listed(lower, target, iterable, value, span, turn);
    else if (is_plain && type_is(iterable->type, TB_RANGE))
        lower_range(lower, target, iterable, value, span, turn);
    else
        lower_cursor(lower, target, iterable, value, span, turn);
}

void lower_iterate(Lower *lower, Node *target, Node *iterable, Span span,
                   void (*ready)(Lower *, IrOperand, void *), void (*each)(Lower *, void *),
                   void *data)
{
    Turn turn = {ready, each, data};
    if (is_enumerated(target, iterable))
        lower_enumerated(lower, target, iterable, span, turn);
    else if (is_zipped(target, iterable))
        lower_zipped(lower, target, iterable, span, turn);
    else if (is_counted(iterable) && has_small_start(lower, iterable))
        lower_counted(lower, target, iterable, span, turn);
    else if (is_counted(iterable))
        lower_turns(lower, target, iterable, span, turn);
    else
        lower_iterated(lower, target, iterable, span, turn);
}
