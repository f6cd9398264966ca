// `match`: arms are tried in order; each is a test, a guard, and a body that leaves the whole.
#include "lower_state.h"

static IrOperand pattern_test(Lower *lower, Node *pattern, IrOperand subject, const Type *type);

// A test made of parts that must all hold: [dst] starts false, each part stands inside the `if` of
// the one before, and the innermost place sets it.
typedef struct Conjunction {
    IrVar *dst;
    IrBlock *outside;
} Conjunction;

static Conjunction begin_all(Lower *lower, Span span)
{
    Conjunction all = {lower_temp(lower, REPR_BOOL), lower->block};
    lower_move(lower, all.dst, operand_bool(false), span);
    return all;
}

static void and_also(Lower *lower, IrOperand condition, Span span)
{
    IrOp *branch = lower_if(lower, condition, span);
    lower_enter(lower, branch->body);
}

static IrOperand end_all(Lower *lower, Conjunction all, Span span)
{
    lower_move(lower, all.dst, operand_bool(true), span);
    lower_enter(lower, all.outside);
    return operand_var(all.dst);
}

static IrOperand has_kinds(Lower *lower, IrOperand value, KindSet kinds, Span span)
{
    return LOWER_ROUTINE(lower, HAS_KINDS, span, value, operand_int((int64_t)kinds));
}

// A value is compared by ==; a range is membership; a type or class is an instance test.
static IrOperand value_test(Lower *lower, Node *node, IrOperand subject, const Type *type)
{
    const Symbol *symbol = node->kind == NODE_NAME     ? node->as.name.symbol
                           : node->kind == NODE_MEMBER ? node->as.member.symbol
                                                       : NULL;
    if (symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type == -1)
        return operand_bool(true);
    if (symbol && (symbol->kind == SYMBOL_TYPE || symbol->kind == SYMBOL_CLASS)) {
        IrOperand boxed = lower_boxed(lower, subject, node->span);
        IrOperand cls = lower_value(lower, node);
        return LOWER_ROUTINE(lower, IS_INSTANCE, node->span, boxed, cls);
    }
    IrOperand value = lower_expr(lower, node);
    bool is_range = node->kind == NODE_BINARY && node->op == TOK_DOT_DOT;
    if (is_range || type_is(node->type, TB_RANGE)) {
        IrOperand boxed = lower_boxed(lower, subject, node->span);
        return LOWER_ROUTINE(lower, RANGE_HOLDS, node->span, lower_boxed(lower, value, node->span),
                             boxed);
    }
    if (symbol && symbol->is_session) // it may hold a class by the time it is read
        return LOWER_ROUTINE(lower, MATCHES_VALUE, node->span,
                             lower_boxed(lower, subject, node->span), value);
    return lower_compare_op(lower, TOK_EQUAL_EQUAL, subject, value, type, node->type, node->span);
}

static void bind(Lower *lower, Symbol *symbol, IrOperand value, Span span)
{
    if (symbol) lower_write(lower, symbol, value, true, span);
}

// [first, …]: the right kind, the right count, then each part.
static IrOperand sequence_test(Lower *lower, Node *pattern, IrOperand subject)
{
    Span span = pattern->span;
    tb_kind kind = pattern->kind == NODE_PATTERN_LIST ? TB_LIST : TB_TUPLE;
    int count = pattern->as.list.count, rest = -1, at = 0;
    for (Node *item = pattern->as.list.first; item; item = item->next, at++)
        if (item->kind == NODE_PATTERN_REST) rest = at;
    subject = lower_boxed(lower, subject, span);
    Conjunction all = begin_all(lower, span);
    and_also(lower, has_kinds(lower, subject, KIND_BIT(kind), span), span);
    IrOperand length = LOWER_ROUTINE(lower, LENGTH_RAW, span, subject);
    IrOperand fits = rest < 0 ? lower_operation(lower, IR_RAW_OP, TOK_EQUAL_EQUAL, REPR_BOOL,
                                                length, operand_int(count), span)
                              : lower_operation(lower, IR_RAW_OP, TOK_GREATER_EQUAL, REPR_BOOL,
                                                length, operand_int(count - 1), span);
    and_also(lower, fits, span);
    IrVar *parts = lower_temp(lower, REPR_ARRAY);
    parts->length = count ? count : 1;
    if (rest < 0)
        LOWER_ROUTINE(lower, UNPACK, span, subject, operand_int(count), operand_var(parts));
    else
        LOWER_ROUTINE(lower, UNPACK_REST, span, subject, operand_int(rest),
                      operand_int(count - rest - 1), operand_var(parts));
    at = 0;
    for (Node *item = pattern->as.list.first; item; item = item->next, at++) {
        IrVar *part = lower_temp(lower, REPR_VALUE);
        IrOp *op = lower_op(lower, IR_ELEMENT, item->span, part, 1);
        op->args[0] = operand_var(parts);
        op->as.index = at;
        if (item->kind == NODE_PATTERN_REST)
            bind(lower, item->as.name.symbol, operand_var(part), item->span);
        else
            and_also(
                lower,
                pattern_test(lower, item, operand_var(part), infer_types(lower->compiler)->any),
                item->span);
    }
    return end_all(lower, all, span);
}

static IrOperand pattern_test(Lower *lower, Node *pattern, IrOperand subject, const Type *type)
{
    switch ((NodeKind)pattern->kind) {
    case NODE_PATTERN_BIND:
        bind(lower, pattern->as.name.symbol, subject, pattern->span);
        return operand_bool(true);
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        return sequence_test(lower, pattern, subject);
    case NODE_PATTERN_AS: {
        IrOperand test = pattern_test(lower, pattern->as.labelled.value, subject, type);
        IrVar *dst = lower_temp(lower, REPR_BOOL);
        lower_move(lower, dst, test, pattern->span);
        IrOp *branch = lower_if(lower, operand_var(dst), pattern->span);
        IrBlock *former = lower_enter(lower, branch->body);
        bind(lower, pattern->as.labelled.symbol, subject, pattern->span);
        lower_enter(lower, former);
        return operand_var(dst);
    }
    case NODE_PATTERN_VALUE:
        return value_test(lower, pattern->as.unary.operand, subject, type);
    default:
        return value_test(lower, pattern, subject, type);
    }
}

// `p, q`: the first that holds.
static IrOperand alternatives_test(Lower *lower, const NodeList *patterns, IrOperand subject,
                                   const Type *type)
{
    Node *first = patterns->first;
    if (!first->next) return pattern_test(lower, first, subject, type);
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    IrBlock *outside = lower->block;
    for (Node *pattern = first; pattern; pattern = pattern->next) {
        lower_move(lower, dst, pattern_test(lower, pattern, subject, type), pattern->span);
        if (pattern->next)
            lower_enter(lower, lower_if(lower, operand_var(dst), pattern->span)->other);
    }
    lower_enter(lower, outside);
    return operand_var(dst);
}

static void lower_arm(Lower *lower, Node *arm, IrOperand subject, const Type *type, IrOp *whole,
                      IrVar *dst)
{
    IrBlock *outside = lower->block;
    if (arm->as.match_arm.patterns.first)
        and_also(lower, alternatives_test(lower, &arm->as.match_arm.patterns, subject, type),
                 arm->span);
    if (arm->as.match_arm.guard)
        and_also(lower, lower_condition(lower, arm->as.match_arm.guard), arm->span);
    lower_body_into(lower, arm->as.match_arm.body, dst);
    lower_jump(lower, IR_LEAVE, whole, arm->span);
    lower_enter(lower, outside);
}

void lower_match_into(Lower *lower, Node *node, IrVar *dst)
{
    IrOperand subject = lower_expr(lower, node->as.match.subject);
    if (subject.kind == OPERAND_VAR) { // patterns may assign the variable it came from
        IrVar *copy = lower_temp(lower, subject.as.var->repr);
        lower_move(lower, copy, subject, node->span);
        subject = operand_var(copy);
    }
    IrOp *whole = lower_op(lower, IR_BLOCK, node->span, NULL, 0);
    whole->body = ir_block(lower->arena, lower->block);
    IrBlock *outside = lower_enter(lower, whole->body);
    for (Node *arm = node->as.match.arms.first; arm; arm = arm->next)
        lower_arm(lower, arm, subject, node->as.match.subject->type, whole, dst);
    if (dst) lower_move(lower, dst, operand_none(), node->span);
    lower_enter(lower, outside);
}
