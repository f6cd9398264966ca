// Loops, and everything about leaving a construct early: try, finally, with, return, break,
// continue, throw.
//
// A `finally` part is lowered once. Whatever ends its try body stores a number in `how` and comes
// to it:
//     0 the body ended · 1 an error is on its way (kept in `saved`) · 2, 3, … the early exits, in
//     Frame.exits
// and behind it the number decides where control goes on, through the constructs further out in the
// same way.
#include "lower_state.h"

struct Exit {
    enum { EXIT_RETURN, EXIT_BREAK, EXIT_CONTINUE } kind;
    Frame *loop; // which loop; NULL for a return
};

// ---------------------------------------------------------------------------------------- early
// exits

static int exit_number(Lower *lower, Frame *finally, int kind, Frame *loop)
{
    for (int i = 0; i < finally->exits.count; i++)
        if ((int)finally->exits.items[i]->kind == kind && finally->exits.items[i]->loop == loop)
            return i + 2;
    Exit *exit = ARENA_NEW(lower->arena, Exit);
    exit->kind = kind;
    exit->loop = loop;
    VEC_PUSH(lower->arena, finally->exits, exit);
    return finally->exits.count + 1;
}

// Goes to [loop] (or out of the function), through the clean-up of every construct in between.
static void leave(Lower *lower, int kind, Frame *loop, Span span)
{
    for (Frame *frame = lower->frame; frame != loop; frame = frame->outer) {
        if (frame->kind == FRAME_HANDLING)
            LOWER_ROUTINE(lower, HANDLING_END, span, operand_var(frame->former));
        if (frame->kind != FRAME_FINALLY) continue;
        lower_move(lower, frame->how, operand_int(exit_number(lower, frame, kind, loop)), span);
        lower_jump(lower, IR_LEAVE, frame->target, span);
        return;
    }
    if (kind != EXIT_RETURN) {
        lower_jump(lower, kind == EXIT_BREAK ? IR_BREAK : IR_CONTINUE, loop->target, span);
        return;
    }
    bool none = lower->function->result == REPR_NONE;
    IrOp *op = lower_op(lower, IR_RETURN, span, NULL, none ? 0 : 1);
    if (!none) op->args[0] = operand_var(lower->result);
}

static bool passes_cleanup(const Lower *lower)
{
    for (const Frame *frame = lower->frame; frame; frame = frame->outer)
        if (frame->kind != FRAME_LOOP) return true;
    return false;
}

static IrOperand checked_result(Lower *lower, IrOperand value, const Node *from, Span span)
{
    const FunctionInfo *info = lower->info;
    Node *annotation = info && info->node ? info->node->as.function.result : NULL;
    if (!annotation) return value;
    return lower_check_type(lower, value, from, annotation, "the result", span);
}

void lower_return(Lower *lower, IrOperand value, const Node *from, Span span)
{
    value = checked_result(lower, value, from, span);
    IrRepr repr = lower->function->result;
    if (passes_cleanup(lower)) {
        if (repr != REPR_NONE) {
            if (!lower->result) lower->result = lower_temp(lower, repr);
            lower_move(lower, lower->result, value, span);
        }
        leave(lower, EXIT_RETURN, NULL, span);
        return;
    }
    if (repr != REPR_NONE) value = lower_convert(lower, value, repr, span);
    IrOp *op = lower_op(lower, IR_RETURN, span, NULL, repr == REPR_NONE ? 0 : 1);
    if (repr != REPR_NONE) op->args[0] = value;
}

void lower_loop_exit(Lower *lower, bool is_break, Span span)
{
    Frame *loop = lower->frame;
    while (loop && loop->kind != FRAME_LOOP)
        loop = loop->outer;
    if (loop) leave(lower, is_break ? EXIT_BREAK : EXIT_CONTINUE, loop, span);
}

void lower_throw(Lower *lower, Node *node)
{
    if (node->as.unary.operand) {
        IrOperand value = lower_value(lower, node->as.unary.operand);
        LOWER_ROUTINE(lower, THROW, node->span, value);
        return;
    }
    for (Frame *frame = lower->frame; frame; frame = frame->outer) {
        if (frame->kind != FRAME_HANDLING) continue;
        LOWER_ROUTINE(lower, RETHROW, node->span, operand_var(frame->caught));
        return;
    }
}

// ----------------------------------------------------------------------------------------------
// loops

static Frame *push_frame(Lower *lower, int kind, IrOp *target)
{
    Frame *frame = ARENA_NEW(lower->arena, Frame);
    frame->outer = lower->frame;
    frame->kind = kind;
    frame->target = target;
    lower->frame = frame;
    return frame;
}

static IrBlock *open_loop(Lower *lower, IrOp *loop)
{
    loop->body = ir_block(lower->arena, lower->block);
    push_frame(lower, FRAME_LOOP, loop);
    lower->loop_depth++;
    IrBlock *former = lower_enter(lower, loop->body);
    lower_op(lower, IR_POLL, loop->span, NULL, 0);
    return former;
}

static void close_loop(Lower *lower, IrBlock *former)
{
    lower->frame = lower->frame->outer;
    lower->loop_depth--;
    lower_enter(lower, former);
}

static void break_unless(Lower *lower, IrOperand condition, IrOp *loop, Span span)
{
    IrOp *branch = lower_if(lower, condition, span);
    IrBlock *former = lower_enter(lower, branch->other);
    lower_jump(lower, IR_BREAK, loop, span);
    lower_enter(lower, former);
}

void lower_while(Lower *lower, Node *node)
{
    IrOp *loop = lower_op(lower, IR_LOOP, node->as.loop.condition->span, NULL, 0);
    IrBlock *former = open_loop(lower, loop);
    IrOperand condition = lower_condition(lower, node->as.loop.condition);
    if (condition.kind != OPERAND_BOOL || !condition.as.integer)
        break_unless(lower, condition, loop, node->as.loop.condition->span);
    lower_block(lower, node->as.loop.body);
    close_loop(lower, former);
}

// ---- counted loops: for i in range(…)

typedef struct Turn {
    void (*each)(Lower *, void *);
    void *data;
} Turn;

static bool is_int_node(const Node *node)
{
    return node->kind != NODE_SPREAD && node->kind != NODE_LABELLED && type_is(node->type, TB_INT);
}

// Whether [iterable] is `a..b` of Ints, or the library's range with one to three plain Ints.
static bool is_counted(const Node *iterable)
{
    if (iterable->kind == NODE_BINARY && iterable->op == TOK_DOT_DOT)
        return is_int_node(iterable->as.binary.left) && is_int_node(iterable->as.binary.right);
    if (iterable->kind != NODE_CALL || iterable->as.call.callee->kind != NODE_NAME) return false;
    const Symbol *symbol = iterable->as.call.callee->as.name.symbol;
    if (!symbol || symbol->kind != SYMBOL_OVERLOADS || strcmp(symbol->name->text, "range") != 0)
        return false;
    const NodeList *args = &iterable->as.call.args;
    if (args->count < 1 || args->count > 3) return false;
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
    IrVar *counter = lower_temp(lower, REPR_INT);
    IrOp *loop = lower_op(lower, IR_COUNT, span, counter, 3);
    loop->args[0] = from;
    loop->args[1] = to;
    loop->args[2] = operand_int(step);
    IrBlock *former = open_loop(lower, loop);
    bind_counter(lower, target, counter);
    turn.each(lower, turn.data);
    close_loop(lower, former);
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
    IrOperand count = lower_routine(lower, &routine_RANGE_TURNS, iterable->span, 3, parts);
    IrVar *item = lower_temp(lower, REPR_VALUE);
    lower_move(lower, item, parts[0], span);
    IrOp *loop = lower_op(lower, IR_COUNT, span, lower_temp(lower, REPR_INT), 3);
    loop->args[0] = operand_int(0);
    loop->args[1] = count;
    loop->args[2] = operand_int(1);
    IrBlock *former = open_loop(lower, loop);
    IrVar *copy = lower_temp(lower, REPR_VALUE);
    lower_move(lower, copy, operand_var(item), span);
    IrOp *next = lower_op(lower, IR_INT_OP, span, item, 2);
    next->sub = TOK_PLUS;
    next->args[0] = operand_var(copy);
    next->args[1] = parts[2];
    lower_assign(lower, target, operand_var(copy), NULL, true, target->span);
    turn.each(lower, turn.data);
    close_loop(lower, former);
}

// ---- lists: by a counter, as the list is at each turn

static IrVar *copy_of(Lower *lower, IrOperand value, IrRepr repr, Span span)
{
    IrVar *copy = lower_temp(lower, repr);
    lower_move(lower, copy, value, span);
    return copy;
}

static IrOperand raw_op(Lower *lower, IrVar *dst, TokenKind sub, IrVar *a, IrOperand b, Span span)
{
    IrOp *op = lower_op(lower, IR_RAW_OP, span, dst, 2);
    op->sub = (uint8_t)sub;
    op->args[0] = operand_var(a);
    op->args[1] = b;
    return operand_var(dst);
}

static void lower_listed(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    IrOperand list =
        operand_var(copy_of(lower, lower_value(lower, iterable), REPR_VALUE, iterable->span));
    IrVar *at = copy_of(lower, operand_int(0), REPR_INT, span);
    IrOp *loop = lower_op(lower, IR_LOOP, span, NULL, 0);
    IrBlock *former = open_loop(lower, loop);
    IrOperand count = LOWER_ROUTINE(lower, LIST_LENGTH, iterable->span, list);
    IrVar *has_more = lower_temp(lower, REPR_BOOL);
    break_unless(lower, raw_op(lower, has_more, TOK_LESS, at, count, span), loop, span);
    IrOperand index = lower_boxed(lower, operand_var(at), iterable->span);
    IrOperand item = lower_list_item(lower, iterable->type, list, index, iterable->span);
    if (ir_operand_repr(item) == REPR_VALUE)
        item.as.var->type = type_element(infer_types(lower->compiler), iterable->type);
    raw_op(lower, at, TOK_PLUS, at, operand_int(1), span);
    lower_assign(lower, target, item, NULL, true, target->span);
    turn.each(lower, turn.data);
    close_loop(lower, former);
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
// else sees its List: it need not be made.
static void make_lazy(Lower *lower, IrOperand value)
{
    IrOp *op = lower->block->last;
    if (!op || op->kind != IR_RUNTIME || !op->as.routine->is_library) return;
    if (value.kind != OPERAND_VAR || op->dst != value.as.var || op->dst->name) return;
    const IrRoutine *lazy = lazy_form(lower, op->as.routine);
    if (!lazy) return;
    op->as.routine = lazy;
    op->dst->type = NULL;
}

static void lower_iterated(Lower *lower, Node *target, Node *iterable, Span span, Turn turn)
{
    bool pair = target->kind == NODE_TUPLE && target->as.list.count == 2 &&
                target->as.list.first->kind != NODE_SPREAD &&
                target->as.list.last->kind != NODE_SPREAD;
    IrOperand value = lower_value(lower, iterable);
    make_lazy(lower, value);
    IrOperand iterator = operand_var(lower_temp(lower, REPR_ITER));
    const IrRoutine *start = pair                         ? &routine_ITER_START_PAIRS
                             : target->kind == NODE_TUPLE ? &routine_ITER_START_ITEMS
                                                          : &routine_ITER_START;
    IrOperand start_args[] = {iterator, value};
    lower_routine(lower, start, iterable->span, 2, start_args);
    IrVar *first = lower_temp(lower, REPR_VALUE);
    IrVar *second = pair ? lower_temp(lower, REPR_VALUE) : NULL;
    IrOp *loop = lower_op(lower, IR_LOOP, span, NULL, 0);
    IrBlock *former = open_loop(lower, loop);
    IrOperand next_args[] = {iterator, operand_var(first),
                             second ? operand_var(second) : operand_none()};
    IrOperand more = lower_routine(lower, pair ? &routine_ITER_NEXT_PAIR : &routine_ITER_NEXT,
                                   iterable->span, pair ? 3 : 2, next_args);
    break_unless(lower, more, loop, span);
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
    close_loop(lower, former);
}

void lower_iterate(Lower *lower, Node *target, Node *iterable, Span span,
                   void (*each)(Lower *, void *), void *data)
{
    Turn turn = {each, data};
    if (type_is(iterable->type, TB_LIST) && target->kind == NODE_NAME)
        lower_listed(lower, target, iterable, span, turn);
    else if (!is_counted(iterable))
        lower_iterated(lower, target, iterable, span, turn);
    else if (has_small_start(lower, iterable))
        lower_counted(lower, target, iterable, span, turn);
    else
        lower_turns(lower, target, iterable, span, turn);
}

static void for_turn(Lower *lower, void *data)
{
    lower_block(lower, ((Node *)data)->as.loop.body);
}

void lower_for(Lower *lower, Node *node)
{
    Span span = {node->span.start, node->as.loop.condition->span.end};
    lower_iterate(lower, node->as.loop.target, node->as.loop.condition, span, for_turn, node);
}

// ------------------------------------------------------------------------------------------------
// try

static IrOp *open_try(Lower *lower, Span span)
{
    IrOp *op = lower_op(lower, IR_TRY, span, NULL, 0);
    op->body = ir_block(lower->arena, lower->block);
    op->other = ir_block(lower->arena, lower->block);
    return op;
}

static IrVar *catch_error(Lower *lower, Span span)
{
    IrVar *error = lower_temp(lower, REPR_VALUE);
    lower_op(lower, IR_CATCH, span, error, 0);
    return error;
}

// The body of one catch block: while it runs, its error is the one being handled.
static void lower_handler(Lower *lower, Node *handler, IrVar *error, IrVar *dst)
{
    Span span = handler->span;
    IrOperand former = LOWER_ROUTINE(lower, HANDLING_BEGIN, span, operand_var(error));
    Frame *frame = push_frame(lower, FRAME_HANDLING, NULL);
    frame->former = former.as.var;
    frame->caught = error;
    IrOp *inside = open_try(lower, span);
    IrBlock *outside = lower_enter(lower, inside->body);
    Symbol *symbol = handler->as.catch_.symbol;
    if (symbol) lower_write(lower, symbol, operand_var(error), true, handler->as.catch_.name_span);
    lower_body_into(lower, handler->as.catch_.body, dst);
    lower->frame = frame->outer;
    lower_enter(lower, inside->other);
    LOWER_ROUTINE(lower, HANDLING_END, span, former);
    lower_op(lower, IR_FAIL, span, NULL, 0);
    lower_enter(lower, outside);
    LOWER_ROUTINE(lower, HANDLING_END, span, former);
}

// Whether the caught error is of the type (or one of the types `A | B`) the catch names.
static IrOperand error_test(Lower *lower, Node *type, IrVar *error)
{
    if (type->kind != NODE_TYPE_UNION) {
        Symbol *symbol = type->as.type.symbol;
        IrOperand cls = lower_is_session_type(type) ? lower_session_type(lower, type)
                        : symbol                    ? lower_symbol_value(lower, symbol, type)
                                                    : operand_none();
        return LOWER_ROUTINE(lower, ERROR_MATCHES, type->span, operand_var(error), cls);
    }
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    IrBlock *outside = lower->block;
    for (Node *part = type->as.type.args.first; part; part = part->next) {
        lower_move(lower, dst, error_test(lower, part, error), part->span);
        if (!part->next) break;
        lower_enter(lower, lower_if(lower, operand_var(dst), part->span)->other);
    }
    lower_enter(lower, outside);
    return operand_var(dst);
}

static void lower_catches(Lower *lower, Node *handler, IrVar *error, IrVar *dst)
{
    if (!handler) {
        LOWER_ROUTINE(lower, RETHROW, ((Span){0, 0}), operand_var(error));
        return;
    }
    if (!handler->as.catch_.type) {
        lower_handler(lower, handler, error, dst);
        return;
    }
    IrOp *branch =
        lower_if(lower, error_test(lower, handler->as.catch_.type, error), handler->span);
    IrBlock *former = lower_enter(lower, branch->body);
    lower_handler(lower, handler, error, dst);
    lower_enter(lower, branch->other);
    lower_catches(lower, handler->next, error, dst);
    lower_enter(lower, former);
}

// `exit(n)` passes every catch.
static void fail_if_exiting(Lower *lower, Span span)
{
    IrOp *branch = lower_if(lower, LOWER_ROUTINE_0(lower, IS_EXITING, span), span);
    IrBlock *former = lower_enter(lower, branch->body);
    lower_op(lower, IR_FAIL, span, NULL, 0);
    lower_enter(lower, former);
}

static void lower_try_catch(Lower *lower, Node *node, IrVar *dst)
{
    if (!node->as.try_.catches.first) {
        lower_body_into(lower, node->as.try_.body, dst);
        return;
    }
    IrOp *op = open_try(lower, node->span);
    IrBlock *former = lower_enter(lower, op->body);
    lower_body_into(lower, node->as.try_.body, dst);
    lower_enter(lower, op->other);
    fail_if_exiting(lower, node->span);
    IrVar *error = catch_error(lower, node->span);
    lower_catches(lower, node->as.try_.catches.first, error, dst);
    lower_enter(lower, former);
}

// Where control goes on behind a finally part.
static void continue_exits(Lower *lower, Frame *frame, IrVar *saved, Span span)
{
    for (int number = 1; number < frame->exits.count + 2; number++) {
        IrVar *is_it = lower_temp(lower, REPR_BOOL);
        IrOp *test = lower_op(lower, IR_RAW_OP, span, is_it, 2);
        test->sub = TOK_EQUAL_EQUAL;
        test->args[0] = operand_var(frame->how);
        test->args[1] = operand_int(number);
        IrOp *branch = lower_if(lower, operand_var(is_it), span);
        IrBlock *former = lower_enter(lower, branch->body);
        if (number == 1)
            LOWER_ROUTINE(lower, RETHROW, span, operand_var(saved));
        else
            leave(lower, frame->exits.items[number - 2]->kind, frame->exits.items[number - 2]->loop,
                  span);
        lower_enter(lower, former);
    }
}

// Runs [body] and then, however it ended, [cleanup].
static void lower_finally(Lower *lower, Span span, void (*body)(Lower *, void *),
                          void (*cleanup)(Lower *, void *), void *data)
{
    IrVar *how = lower_temp(lower, REPR_INT);
    IrVar *saved = lower_temp(lower, REPR_VALUE);
    lower_move(lower, how, operand_int(0), span);
    lower_move(lower, saved, operand_none(), span);
    IrOp *block = lower_op(lower, IR_BLOCK, span, NULL, 0);
    block->body = ir_block(lower->arena, lower->block);
    IrBlock *outside = lower_enter(lower, block->body);
    Frame *frame = push_frame(lower, FRAME_FINALLY, block);
    frame->how = how;
    IrOp *op = open_try(lower, span);
    lower_enter(lower, op->body);
    body(lower, data);
    lower->frame = frame->outer;
    lower_enter(lower, op->other);
    IrVar *error = catch_error(lower, span);
    lower_move(lower, saved, operand_var(error), span);
    lower_move(lower, how, operand_int(1), span);
    lower_enter(lower, outside);
    cleanup(lower, data);
    continue_exits(lower, frame, saved, span);
}

typedef struct TryParts {
    Node *node;
    IrVar *dst;
    IrOperand resource; // of `with`
} TryParts;

static void try_body(Lower *lower, void *data)
{
    TryParts *parts = data;
    lower_try_catch(lower, parts->node, parts->dst);
}

static void finally_body(Lower *lower, void *data)
{
    lower_block(lower, ((TryParts *)data)->node->as.try_.finally);
}

void lower_try(Lower *lower, Node *node, IrVar *dst)
{
    TryParts parts = {node, dst, operand_none()};
    if (node->as.try_.finally)
        lower_finally(lower, node->span, try_body, finally_body, &parts);
    else
        lower_try_catch(lower, node, dst);
}

static void with_body(Lower *lower, void *data)
{
    TryParts *parts = data;
    Node *node = parts->node;
    if (node->as.with.target)
        lower_assign(lower, node->as.with.target, parts->resource, node->as.with.value, true,
                     node->as.with.target->span);
    lower_block(lower, node->as.with.body);
}

static void with_close(Lower *lower, void *data)
{
    TryParts *parts = data;
    LOWER_ROUTINE(lower, CLOSE, parts->node->as.with.value->span, parts->resource);
}

void lower_with(Lower *lower, Node *node)
{
    TryParts parts = {node, NULL, lower_value(lower, node->as.with.value)};
    if (parts.resource.kind == OPERAND_VAR &&
        parts.resource.as.var->name) { // the body may assign that variable
        IrVar *copy = lower_temp(lower, REPR_VALUE);
        lower_move(lower, copy, parts.resource, node->span);
        parts.resource = operand_var(copy);
    }
    lower_finally(lower, node->span, with_body, with_close, &parts);
}
