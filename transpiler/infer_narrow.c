// Where a variable cannot be None.
//
// A variable has one type, but behind a test it is known not to be None: in the branch of
// `if x != None`, the body of `while x`, the right side of `x and …`, and in the rest of a block
// behind `if x == None then return`. That holds up to the first statement of the block that may
// assign the variable anywhere in it. What closures can change meanwhile is left alone.
//
// The list of such variables belongs to the walk: what a construct adds it takes away at its end.
// A statement that assigns none of them need not be searched again inside, so the cost is linear.
#include "infer_state.h"

enum { NARROWED_MAX = 8 }; // at once; each costs a look at every statement

// ---------------------------------------------------------------------------------- assignments

static bool is_target(const Node *target, const Symbol *symbol)
{
    if (!target) return false;
    if (target->kind == NODE_NAME) return target->as.name.symbol == symbol;
    if (target->kind == NODE_SPREAD) return is_target(target->as.unary.operand, symbol);
    if (target->kind != NODE_TUPLE && target->kind != NODE_LIST) return false;
    for (const Node *item = target->as.list.first; item; item = item->next)
        if (is_target(item, symbol)) return true;
    return false;
}

static bool is_assignment(void *data, const Node *node)
{
    const Symbol *symbol = data;
    switch ((NodeKind)node->kind) {
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
    case NODE_AUGMENT:
        return is_target(node->as.assign.target, symbol);
    case NODE_FOR:
        return is_target(node->as.loop.target, symbol);
    case NODE_CLAUSE_FOR:
        return is_target(node->as.clause.target, symbol);
    case NODE_WITH:
        return is_target(node->as.with.target, symbol);
    case NODE_CATCH:
        return node->as.catch_.symbol == symbol;
    case NODE_PATTERN_BIND:
    case NODE_PATTERN_REST:
        return node->as.name.symbol == symbol;
    case NODE_PATTERN_AS:
        return node->as.labelled.symbol == symbol;
    default:
        return false;
    }
}

static bool assigns(const Node *node, Symbol *symbol)
{
    return node_any(node, is_assignment, symbol);
}

// ---------------------------------------------------------------------------------- conditions

static bool is_narrowable(const Symbol *symbol)
{
    return symbol && symbol->kind == SYMBOL_VARIABLE && !symbol->needs_cell &&
           !symbol->is_session && !(symbol->is_global && symbol->is_shared);
}

static void narrow(Infer *infer, const Node *name, const Node *region)
{
    Symbol *symbol = name->kind == NODE_NAME ? name->as.name.symbol : NULL;
    if (!is_narrowable(symbol) || infer->narrowed.count >= NARROWED_MAX) return;
    if (region && region->kind != NODE_BLOCK && assigns(region, symbol)) return;
    VEC_PUSH(&infer->compiler->arena, infer->narrowed, symbol);
}

// `x == None` and its like: 1, or where it is negated 0; -1: something else.
static int none_test(const Node *node)
{
    const Node *item = node->as.compare.rest.first;
    if (item->next || item->as.unary.operand->kind != NODE_NONE) return -1;
    bool is_negated = item->flags & NODE_NEGATED;
    switch ((TokenKind)item->op) {
    case TOK_EQUAL_EQUAL:
    case TOK_IS:
        return !is_negated;
    case TOK_NOT_EQUAL:
        return is_negated;
    default:
        return -1;
    }
}

void narrow_by(Infer *infer, const Node *condition, bool holds, const Node *region)
{
    switch ((NodeKind)condition->kind) {
    case NODE_NAME:
        if (holds) narrow(infer, condition, region);
        break;
    case NODE_UNARY:
        if (condition->op == TOK_NOT) narrow_by(infer, condition->as.unary.operand, !holds, region);
        break;
    case NODE_LOGICAL:
        if ((condition->op == TOK_AND) != holds) break;
        narrow_by(infer, condition->as.binary.left, holds, region);
        narrow_by(infer, condition->as.binary.right, holds, region);
        break;
    case NODE_COMPARE:
        if (none_test(condition) == !holds) narrow(infer, condition->as.compare.first, region);
        break;
    default:
        break;
    }
}

// ---------------------------------------------------------------------------------- regions

static bool is_plain_assignment(const Node *statement, Symbol *symbol)
{
    bool is_one = statement->kind == NODE_ASSIGN || statement->kind == NODE_CHANGE;
    return is_one && statement->as.assign.target->kind == NODE_NAME &&
           statement->as.assign.target->as.name.symbol == symbol &&
           !assigns(statement->as.assign.value, symbol);
}

void narrow_enter(Infer *infer, const Node *node)
{
    for (int i = infer->narrow_settled; i < infer->narrowed.count; i++) {
        Symbol *symbol = infer->narrowed.items[i];
        if (symbol && !is_plain_assignment(node, symbol) && assigns(node, symbol))
            infer->narrowed.items[i] = NULL;
    }
}

// Behind `if x == None then return`, or `assert x != None`.
static void narrow_rest(Infer *infer, const Node *statement)
{
    if (statement->kind == NODE_ASSERT) {
        narrow_by(infer, statement->as.pair.key, true, NULL);
        return;
    }
    if (statement->kind != NODE_IF || statement->as.branch.otherwise) return;
    const Node *arm = statement->as.branch.arms.first;
    const Node *body = arm->as.arm.body;
    while (body && body->kind == NODE_BLOCK)
        body = body->as.list.last;
    if (!arm->next && body && infer_never_ends(body))
        narrow_by(infer, arm->as.arm.condition, false, NULL);
}

void narrow_leave(Infer *infer, const Node *statement)
{
    for (int i = infer->narrow_settled; i < infer->narrowed.count; i++) {
        Symbol *symbol = infer->narrowed.items[i];
        if (symbol && is_plain_assignment(statement, symbol)) infer->narrowed.items[i] = NULL;
    }
    narrow_rest(infer, statement);
}

Type *narrowed_type(Infer *infer, const Symbol *symbol, Type *type)
{
    KindSet kinds = type->kinds;
    if (!(kinds & KIND_BIT(TB_NONE)) || kinds == KIND_BIT(TB_NONE) || kinds == KINDS_ANY)
        return type;
    for (int i = 0; i < infer->narrowed.count; i++)
        if (infer->narrowed.items[i] == symbol)
            return type_only(&infer->types, type, ~KIND_BIT(TB_NONE));
    return type;
}
