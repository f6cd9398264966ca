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

IrBlock *lower_open_loop(Lower *lower, IrOp *loop)
{
    loop->body = ir_block(lower->arena, lower->block);
    push_frame(lower, FRAME_LOOP, loop);
    lower->loop_depth++;
    IrBlock *former = lower_enter(lower, loop->body);
    lower_op(lower, IR_POLL, loop->span, NULL, 0);
    return former;
}

void lower_close_loop(Lower *lower, IrBlock *former)
{
    lower->frame = lower->frame->outer;
    lower->loop_depth--;
    lower_enter(lower, former);
}

void lower_break_unless(Lower *lower, IrOperand condition, IrOp *loop, Span span)
{
    IrOp *branch = lower_if(lower, condition, span);
    IrBlock *former = lower_enter(lower, branch->other);
    lower_jump(lower, IR_BREAK, loop, span);
    lower_enter(lower, former);
}

void lower_while(Lower *lower, Node *node)
{
    IrOp *loop = lower_op(lower, IR_LOOP, node->as.loop.condition->span, NULL, 0);
    IrBlock *former = lower_open_loop(lower, loop);
    IrOperand condition = lower_condition(lower, node->as.loop.condition);
    if (condition.kind != OPERAND_BOOL || !condition.as.integer)
        lower_break_unless(lower, condition, loop, node->as.loop.condition->span);
    lower_block(lower, node->as.loop.body);
    lower_close_loop(lower, former);
}

static void for_turn(Lower *lower, void *data)
{
    lower_block(lower, ((Node *)data)->as.loop.body);
}

void lower_for(Lower *lower, Node *node)
{
    Span span = {node->span.start, node->as.loop.condition->span.end};
    lower_iterate(lower, node->as.loop.target, node->as.loop.condition, span, NULL, for_turn, node);
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
        IrOperand is_it = lower_operation(lower, IR_RAW_OP, TOK_EQUAL_EQUAL, REPR_BOOL,
                                          operand_var(frame->how), operand_int(number), span);
        IrOp *branch = lower_if(lower, is_it, span);
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
