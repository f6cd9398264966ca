// Operators: arithmetic, comparisons, logic, the conditional expression. On numbers whose kinds
// inference knows they work on raw Floats and Bools; Ints are made raw later (raw.h).
#include "lower_state.h"

#include <stdlib.h>

static bool is_float_or_raw(IrOperand operand, const Type *type)
{
    return ir_operand_repr(operand) == REPR_FLOAT || type_is(type, TB_INT) ||
           type_is(type, TB_BOOL);
}

// Both sides are numbers and one is a Float: the operation is on doubles.
static bool works_on_floats(IrOperand left, IrOperand right, const Type *left_type,
                            const Type *right_type)
{
    bool one = ir_operand_repr(left) == REPR_FLOAT || ir_operand_repr(right) == REPR_FLOAT;
    return one && is_float_or_raw(left, left_type) && is_float_or_raw(right, right_type);
}

// An operation on two constants. libtcc would do it in `long double` and round a second time.
static bool fold_floats(TokenKind op, double left, double right, double *result)
{
    if (op == TOK_PLUS)
        *result = left + right;
    else if (op == TOK_MINUS)
        *result = left - right;
    else if (op == TOK_STAR)
        *result = left * right;
    else if (op == TOK_SLASH && right != 0)
        *result = left / right;
    else
        return false;
    return true;
}

static IrOperand lower_float_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                                Span span)
{
    left = lower_convert(lower, left, REPR_FLOAT, span);
    right = lower_convert(lower, right, REPR_FLOAT, span);
    double folded;
    if (left.kind == OPERAND_FLOAT && right.kind == OPERAND_FLOAT &&
        fold_floats(op, left.as.number, right.as.number, &folded))
        return (IrOperand){OPERAND_FLOAT, {.number = folded}};
    switch (op) {
    case TOK_SLASH:
        if (right.kind == OPERAND_FLOAT && right.as.number != 0) break;
        return LOWER_ROUTINE(lower, FLOAT_DIV, span, left, right);
    case TOK_SLASH_SLASH:
        return LOWER_ROUTINE(lower, FLOAT_FLOOR_DIV, span, left, right);
    case TOK_PERCENT:
        return LOWER_ROUTINE(lower, FLOAT_MOD, span, left, right);
    case TOK_STAR_STAR:
        return LOWER_ROUTINE(lower, FLOAT_POW, span, left, right);
    default:
        break;
    }
    return lower_operation(lower, IR_FLOAT_OP, op, REPR_FLOAT, left, right, span);
}

static bool is_whole(const Type *type)
{
    return type_is(type, TB_INT);
}

static bool is_plain_arithmetic(TokenKind op)
{
    return op == TOK_PLUS || op == TOK_MINUS || op == TOK_STAR;
}

static bool is_float_arithmetic(TokenKind op)
{
    return is_plain_arithmetic(op) || op == TOK_SLASH || op == TOK_SLASH_SLASH ||
           op == TOK_PERCENT || op == TOK_STAR_STAR;
}

// `a ** b` of Floats may leave the Floats only by failing; `/` of Ints always gives a Float.
IrOperand lower_binary_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                          const Type *left_type, const Type *right_type, Span span)
{
    if (is_float_arithmetic(op) && works_on_floats(left, right, left_type, right_type))
        return lower_float_op(lower, op, left, right, span);
    left = lower_boxed(lower, left, span);
    right = lower_boxed(lower, right, span);
    if (op == TOK_DOT_DOT) return LOWER_ROUTINE(lower, RANGE_INCLUSIVE, span, left, right);
    bool ints = is_whole(left_type) && is_whole(right_type) && op != TOK_STAR_STAR;
    if (ints && op == TOK_SLASH) return LOWER_ROUTINE(lower, INT_DIV, span, left, right);
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    IrOp *command = lower_op(lower, ints ? IR_INT_OP : IR_DYNAMIC_OP, span, dst, 2);
    command->sub = (uint8_t)op;
    command->args[0] = left;
    command->args[1] = right;
    Type *type = infer_binary(infer_types(lower->compiler), op, left_type, right_type, NULL);
    return lower_raw_if_known(lower, operand_var(dst), type, span);
}

// Whether the node is a `+` that makes a String, and not by a method of the object on its left.
static bool joins_text(const Node *node)
{
    return node->kind == NODE_BINARY && node->op == TOK_PLUS && type_is(node->type, TB_STRING) &&
           !(node->as.binary.left->type->kinds & KINDS_OBJECT);
}

// The parts of a chain of `+` that makes a String, leftmost first.
static int text_parts(Node *node, Node **out, int limit)
{
    int count = 0;
    Node *part = node;
    while (joins_text(part) && count < limit) {
        out[count++] = part->as.binary.right;
        part = part->as.binary.left;
    }
    out[count++] = part;
    for (int i = 0; i < count / 2; i++) {
        Node *swap = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = swap;
    }
    return count;
}

#define TEXT_PARTS_MAX 63

// A chain of three or more texts is joined at once. When it begins with a variable it may be
// growing it, so that one is kept apart: adding to it can extend its buffer in place.
static IrOperand lower_text_chain(Lower *lower, Node *node)
{
    Node *nodes[TEXT_PARTS_MAX + 1];
    int count = text_parts(node, nodes, TEXT_PARTS_MAX);
    IrOperand *parts = ARENA_ARRAY(lower->arena, IrOperand, count);
    for (int i = 0; i < count; i++) {
        parts[i] = lower_value(lower, nodes[i]);
        lower_hold(lower, &parts[i]);
    }
    lower_release(lower, count);
    bool grows = type_is(nodes[0]->type, TB_STRING) &&
                 (nodes[0]->kind == NODE_NAME || nodes[0]->kind == NODE_MEMBER);
    if (!grows) return lower_routine(lower, &routine_JOIN_PARTS, node->span, count, parts);
    IrOperand rest = lower_routine(lower, &routine_JOIN_PARTS, node->span, count - 1, parts + 1);
    Type *text = infer_types(lower->compiler)->kinds[TB_STRING];
    return lower_binary_op(lower, TOK_PLUS, parts[0], rest, text, text, node->span);
}

IrOperand lower_binary(Lower *lower, Node *node)
{
    Node *left_node = node->as.binary.left;
    if (joins_text(node) && joins_text(left_node)) return lower_text_chain(lower, node);
    IrOperand left = lower_expr(lower, left_node);
    lower_hold(lower, &left);
    IrOperand right = lower_expr(lower, node->as.binary.right), result;
    lower_release(lower, 1);
    if (lower_operator_call(lower, infer_operator_method((TokenKind)node->op), left_node->type,
                            left, node->as.binary.right, right, node->as.binary.op_span, &result))
        return result;
    return lower_binary_op(lower, (TokenKind)node->op, left, right, left_node->type,
                           node->as.binary.right->type, node->as.binary.op_span);
}

IrOperand lower_not(Lower *lower, IrOperand condition, Span span)
{
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    lower_op(lower, IR_NOT, span, dst, 1)->args[0] = condition;
    return operand_var(dst);
}

IrOperand lower_unary(Lower *lower, Node *node)
{
    Node *operand = node->as.unary.operand;
    if (node->op == TOK_NOT) return lower_not(lower, lower_condition(lower, operand), node->span);
    if (node->op == TOK_MINUS && operand->kind == NODE_FLOAT)
        return (IrOperand){OPERAND_FLOAT, {.number = -operand->as.number}};
    IrOperand value = lower_expr(lower, operand);
    if (node->op == TOK_MINUS && value.kind == OPERAND_SMALL && value.as.integer != TB_INT62_MIN)
        return operand_small(-value.as.integer);
    if (ir_operand_repr(value) == REPR_FLOAT && node->op != TOK_TILDE) {
        if (node->op == TOK_PLUS) return value;
        IrVar *dst = lower_temp(lower, REPR_FLOAT);
        IrOp *op = lower_op(lower, IR_FLOAT_OP, node->span, dst, 1);
        op->sub = TOK_MINUS;
        op->args[0] = value;
        return operand_var(dst);
    }
    IrOperand called;
    if (node->op == TOK_MINUS && lower_operator_call(lower, "neg", operand->type, value, NULL,
                                                     operand_none(), node->span, &called))
        return called;
    const IrRoutine *routine = node->op == TOK_MINUS   ? &routine_NEG
                               : node->op == TOK_TILDE ? &routine_BIT_NOT
                                                       : &routine_PLUS;
    IrOperand boxed = lower_boxed(lower, value, node->span);
    IrOperand result = lower_routine(lower, routine, node->span, 1, &boxed);
    return lower_raw_if_known(lower, result, node->type, node->span);
}

static bool is_ordering(TokenKind op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

static bool is_raw_int(IrOperand operand)
{
    return ir_operand_repr(operand) == REPR_INT || operand.kind == OPERAND_SMALL;
}

// A small constant compared with a Float, exactly, as a Float.
static IrOperand constant_as_float(IrOperand operand, IrOperand other)
{
    bool is_exact = operand.kind == OPERAND_SMALL && llabs(operand.as.integer) <= 1LL << 53;
    if (!is_exact || ir_operand_repr(other) != REPR_FLOAT) return operand;
    return (IrOperand){OPERAND_FLOAT, {.number = (double)operand.as.integer}};
}

// Whether some class says itself what equals its objects: then even `== None` must ask.
static bool any_equals(Lower *lower)
{
    const Name *name = name_from(&lower->compiler->names, "equals");
    return lower->compiler->options.is_repl ||
           infer_methods_named(lower->compiler, name, 0, NULL) > 0;
}

static bool is_text(IrOperand operand)
{
    return operand.kind == OPERAND_LITERAL && operand.as.literal->kind == LITERAL_STRING;
}

static bool is_equality(TokenKind op)
{
    return op == TOK_EQUAL_EQUAL || op == TOK_NOT_EQUAL;
}

// `==` by the routine, or `!=` by its opposite.
static IrOperand lower_equality(Lower *lower, TokenKind op, const IrRoutine *routine,
                                IrOperand left, IrOperand right, Span span)
{
    IrOperand args[] = {left, right};
    IrOperand same = lower_routine(lower, routine, span, 2, args);
    return op == TOK_EQUAL_EQUAL ? same : lower_not(lower, same, span);
}

IrOperand lower_compare_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                           const Type *left_type, const Type *right_type, Span span)
{
    if (is_ordering(op)) {
        left = constant_as_float(left, right);
        right = constant_as_float(right, left);
        if (ir_operand_repr(left) == REPR_FLOAT && ir_operand_repr(right) == REPR_FLOAT)
            return lower_operation(lower, IR_FLOAT_OP, op, REPR_BOOL,
                                   lower_convert(lower, left, REPR_FLOAT, span),
                                   lower_convert(lower, right, REPR_FLOAT, span), span);
        bool raw = is_raw_int(left) && is_raw_int(right) &&
                   (ir_operand_repr(left) == REPR_INT || ir_operand_repr(right) == REPR_INT);
        if (raw)
            return lower_operation(lower, IR_RAW_OP, op, REPR_BOOL,
                                   lower_convert(lower, left, REPR_INT, span),
                                   lower_convert(lower, right, REPR_INT, span), span);
    }
    bool with_none = left.kind == OPERAND_NIL || right.kind == OPERAND_NIL;
    left = lower_boxed(lower, left, span);
    right = lower_boxed(lower, right, span);
    if (is_equality(op) && with_none && !any_equals(lower))
        return lower_equality(lower, op, &routine_IS_SAME, left, right, span);
    switch (op) {
    case TOK_IS:
        return LOWER_ROUTINE(lower, IDENTICAL, span, left, right);
    case TOK_IN:
        return LOWER_ROUTINE(lower, CONTAINS, span, right, left);
    case TOK_CONTAINS:
        return LOWER_ROUTINE(lower, CONTAINS, span, left, right);
    case TOK_STARTS_WITH:
        return LOWER_ROUTINE(lower, STARTS_WITH, span, left, right);
    case TOK_ENDS_WITH:
        return LOWER_ROUTINE(lower, ENDS_WITH, span, left, right);
    default:
        break;
    }
    bool texts = type_is(left_type, TB_STRING) && type_is(right_type, TB_STRING);
    if (is_equality(op) && (texts || is_text(right)))
        return lower_equality(lower, op, texts ? &routine_EQUAL_TEXTS : &routine_EQUAL_TEXT, left,
                              right, span);
    if (texts && is_ordering(op))
        return lower_operation(lower, IR_RAW_OP, op, REPR_BOOL,
                               LOWER_ROUTINE(lower, COMPARE_TEXTS, span, left, right),
                               operand_int(0), span);
    bool ints = is_whole(left_type) && is_whole(right_type);
    return lower_operation(lower, ints ? IR_INT_OP : IR_DYNAMIC_OP, op, REPR_BOOL, left, right,
                           span);
}

// One step of a chain: the comparison, negated if so written.
static IrOperand compare_step(Lower *lower, const Node *item, IrOperand left, IrOperand right,
                              const Type *left_type)
{
    IrOperand result = lower_compare_op(lower, (TokenKind)item->op, left, right, left_type,
                                        item->as.unary.operand->type, item->span);
    return item->flags & NODE_NEGATED ? lower_not(lower, result, item->span) : result;
}

// Whether the comparison is `type(v) == "name"`, by the library's `type`.
static bool asks_type(const Node *node)
{
    const Node *call = node->as.compare.first, *item = node->as.compare.rest.first;
    if (item->next || item->op != TOK_EQUAL_EQUAL || item->flags & NODE_NEGATED) return false;
    if (item->as.unary.operand->kind != NODE_STRING || call->kind != NODE_CALL) return false;
    const Node *callee = call->as.call.callee, *arg = call->as.call.args.first;
    const Symbol *symbol = callee->kind == NODE_NAME ? callee->as.name.symbol : NULL;
    return symbol && symbol->kind == SYMBOL_OVERLOADS && !strcmp(symbol->name->text, "type") &&
           call->as.call.args.count == 1 && arg->kind != NODE_SPREAD && arg->kind != NODE_LABELLED;
}

IrOperand lower_compare(Lower *lower, Node *node)
{
    Node *item = node->as.compare.rest.first;
    if (asks_type(node)) {
        IrOperand value = lower_value(lower, node->as.compare.first->as.call.args.first);
        return LOWER_ROUTINE(lower, TYPE_IS, node->span, value,
                             lower_expr(lower, item->as.unary.operand));
    }
    IrOperand left = lower_expr(lower, node->as.compare.first);
    lower_hold(lower, &left);
    IrOperand right = lower_expr(lower, item->as.unary.operand);
    lower_release(lower, 1);
    IrOperand result = compare_step(lower, item, left, right, node->as.compare.first->type);
    if (!item->next) return result;
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    lower_move(lower, dst, result, node->span);
    IrBlock *outside = lower->block;
    for (; item->next; item = item->next) { // each further step stands inside the one before
        IrOp *branch = lower_if(lower, operand_var(dst), item->span);
        lower_enter(lower, branch->body);
        left = right;
        lower_hold(lower, &left);
        right = lower_expr(lower, item->next->as.unary.operand);
        lower_release(lower, 1);
        result = compare_step(lower, item->next, left, right, item->as.unary.operand->type);
        lower_move(lower, dst, result, item->span);
    }
    lower_enter(lower, outside);
    return operand_var(dst);
}

static bool is_bool_node(const Node *node)
{
    return type_is(node->type, TB_BOOL);
}

IrOperand lower_logical(Lower *lower, Node *node, bool as_condition)
{
    bool raw =
        as_condition || (is_bool_node(node->as.binary.left) && is_bool_node(node->as.binary.right));
    IrVar *dst = lower_temp(lower, raw ? REPR_BOOL : REPR_VALUE);
    IrOperand left = as_condition ? lower_condition(lower, node->as.binary.left)
                                  : lower_expr(lower, node->as.binary.left);
    lower_move(lower, dst, left, node->span);
    IrOperand decides =
        raw ? operand_var(dst) : lower_truth(lower, operand_var(dst), node->as.binary.left->span);
    IrOp *branch = lower_if(lower, decides, node->span);
    IrBlock *former = lower_enter(lower, node->op == TOK_AND ? branch->body : branch->other);
    IrOperand right = as_condition ? lower_condition(lower, node->as.binary.right)
                                   : lower_expr(lower, node->as.binary.right);
    lower_move(lower, dst, right, node->span);
    lower_enter(lower, former);
    return operand_var(dst);
}

IrOperand lower_condition(Lower *lower, Node *node)
{
    if (node->kind == NODE_LOGICAL) return lower_logical(lower, node, true);
    return lower_truth(lower, lower_expr(lower, node), node->span);
}

IrOperand lower_conditional(Lower *lower, Node *node)
{
    IrVar *dst = lower_temp(lower, lower_repr_of(node->type));
    IrOp *branch =
        lower_if(lower, lower_condition(lower, node->as.conditional.condition), node->span);
    IrBlock *former = lower_enter(lower, branch->body);
    lower_move(lower, dst, lower_expr(lower, node->as.conditional.then), node->span);
    lower_enter(lower, branch->other);
    Node *otherwise = node->as.conditional.otherwise;
    lower_move(lower, dst, otherwise ? lower_expr(lower, otherwise) : operand_none(), node->span);
    lower_enter(lower, former);
    return operand_var(dst);
}
