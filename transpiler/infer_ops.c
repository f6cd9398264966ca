// Operator tables for inference. See infer_ops.h.
#include "infer_ops.h"

#include "resolve.h"

#define KINDS_JOINABLE                                                                             \
    (KIND_BIT(TB_STRING) | KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) | KIND_BIT(TB_BYTES))

TokenKind infer_plain_operator(int op)
{
    if (op >= TOK_PLUS_EQUAL && op <= TOK_SHIFT_RIGHT_EQUAL) {
        static const uint8_t plain[] = {
            TOK_PLUS,      TOK_MINUS, TOK_STAR, TOK_SLASH, TOK_SLASH_SLASH, TOK_PERCENT,
            TOK_STAR_STAR, TOK_AMP,   TOK_PIPE, TOK_CARET, TOK_SHIFT_LEFT,  TOK_SHIFT_RIGHT};
        return (TokenKind)plain[op - TOK_PLUS_EQUAL];
    }
    return (TokenKind)op;
}

KindSet infer_converted_kinds(KindSet kinds)
{
    KindSet converted = 0;
    if (kinds & (KIND_BIT(TB_FLOAT) | KIND_BIT(TB_INT))) converted |= KINDS_WHOLE;
    if (kinds & KIND_BIT(TB_FUNCTION)) converted |= KIND_BIT(TB_INSTANCE);
    return converted;
}

// Number kinds of an arithmetic result: Int where both can be whole, Float where either can be one.
static KindSet number_result(KindSet left, KindSet right)
{
    KindSet result = 0;
    if ((left & KINDS_WHOLE) && (right & KINDS_WHOLE)) result |= KIND_BIT(TB_INT);
    bool numbers = (left & KINDS_NUMBER) && (right & KINDS_NUMBER);
    if (numbers && ((left | right) & KIND_BIT(TB_FLOAT))) result |= KIND_BIT(TB_FLOAT);
    return result;
}

static KindSet add_result(KindSet left, KindSet right)
{
    KindSet result = number_result(left, right) | (left & right & KINDS_JOINABLE);
    return result | ((left | right) & KIND_BIT(TB_STRING));
}

static KindSet multiply_result(KindSet left, KindSet right)
{
    KindSet result = number_result(left, right);
    if (right & KINDS_WHOLE) result |= left & KINDS_JOINABLE;
    if (left & KINDS_WHOLE) result |= right & KINDS_JOINABLE;
    return result;
}

static KindSet power_result(KindSet left, KindSet right, const Node *right_node)
{
    KindSet result = number_result(left, right);
    bool literal = right_node && right_node->kind == NODE_INT;
    if ((result & KIND_BIT(TB_INT)) && !literal) result |= KIND_BIT(TB_FLOAT);
    return result;
}

static KindSet bits_result(KindSet left, KindSet right, KindSet containers)
{
    KindSet result = left & right & (containers | KIND_BIT(TB_BOOL));
    if (((left | right) & KIND_BIT(TB_INT)) && (left & KINDS_WHOLE) && (right & KINDS_WHOLE))
        result |= KIND_BIT(TB_INT);
    return result;
}

static KindSet kinds_of_binary(TokenKind op, KindSet left, KindSet right, const Node *right_node)
{
    switch (op) {
    case TOK_PLUS:
        return add_result(left, right);
    case TOK_MINUS:
        return number_result(left, right) | (left & right & KIND_BIT(TB_SET));
    case TOK_STAR:
        return multiply_result(left, right);
    case TOK_SLASH:
        return (left & KINDS_NUMBER) && (right & KINDS_NUMBER) ? KIND_BIT(TB_FLOAT) : 0;
    case TOK_SLASH_SLASH:
    case TOK_PERCENT:
        return number_result(left, right);
    case TOK_STAR_STAR:
        return power_result(left, right, right_node);
    case TOK_PIPE:
        return bits_result(left, right, KIND_BIT(TB_SET) | KIND_BIT(TB_DICT));
    case TOK_AMP:
    case TOK_CARET:
        return bits_result(left, right, KIND_BIT(TB_SET));
    case TOK_SHIFT_LEFT:
    case TOK_SHIFT_RIGHT:
        return (left & KINDS_WHOLE) && (right & KINDS_WHOLE) ? KIND_BIT(TB_INT) : 0;
    case TOK_DOT_DOT:
        return KIND_BIT(TB_RANGE);
    default:
        return KINDS_ANY;
    }
}

const char *infer_operator_method(TokenKind op)
{
    bool has_one = op == TOK_PLUS || op == TOK_MINUS || op == TOK_STAR || op == TOK_SLASH;
    return has_one ? token_operation(op) : NULL;
}

Type *infer_binary(Types *types, TokenKind op, const Type *left, const Type *right,
                   const Node *right_node)
{
    if (!left->kinds || !right->kinds) return types->never;
    if (infer_operator_method(op) && (left->kinds & KINDS_OBJECT)) return types->any;
    if (type_is(left, TB_NONE) || type_is(right, TB_NONE)) return types->never; // it raises
    KindSet kinds = kinds_of_binary(op, left->kinds, right->kinds, right_node);
    return kinds ? type_make(types, kinds, NULL) : types->any;
}

Type *infer_unary(Types *types, int op, Type *operand)
{
    if (!operand->kinds) return operand;
    if (operand->kinds & ~KINDS_NUMBER) return types->any;
    KindSet kinds = operand->kinds & KIND_BIT(TB_FLOAT);
    if (operand->kinds & KINDS_WHOLE) kinds |= KIND_BIT(TB_INT);
    return op == TOK_TILDE ? types->kinds[TB_INT] : type_make(types, kinds, NULL);
}

// ------------------------------------------------------------------------------------ warnings

static void warn_operands(Compiler *compiler, Source *source, Span span, const char *op,
                          const Type *left, const Type *right)
{
    Arena *arena = &compiler->arena;
    diag_error(&compiler->diags, source, span, DIAG_FAILS, "`%s` cannot work on %s and %s", op,
               type_text(arena, left), type_text(arena, right));
}

void infer_warn_binary(Compiler *compiler, Source *source, const Node *node, const Type *left,
                       const Type *right)
{
    TokenKind op = infer_plain_operator(node->op);
    if (!left->kinds || !right->kinds || op == TOK_DOT_DOT) return;
    if ((left->kinds | right->kinds) & (KINDS_OBJECT | KIND_BIT(TB_CLASS))) return;
    if (kinds_of_binary(op, left->kinds, right->kinds, NULL)) return;
    Span span = node->kind == NODE_BINARY ? node->as.binary.op_span : node->span;
    warn_operands(compiler, source, span, token_text(op), left, right);
    if (node->kind != NODE_BINARY) return;
    diag_label(&compiler->diags, node->as.binary.left->span, "%s",
               type_text(&compiler->arena, left));
    diag_label(&compiler->diags, node->as.binary.right->span, "%s",
               type_text(&compiler->arena, right));
}

void infer_warn_compare(Compiler *compiler, Source *source, const Node *node, const Node *item,
                        const Type *left, const Type *right)
{
    bool ordering = item->op >= TOK_LESS && item->op <= TOK_GREATER_EQUAL;
    if (!ordering || !left->kinds || !right->kinds) return;
    const KindSet ordered = KIND_BIT(TB_STRING) | KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) |
                            KIND_BIT(TB_BYTES) | KIND_BIT(TB_SET);
    if ((left->kinds & KINDS_NUMBER) && (right->kinds & KINDS_NUMBER)) return;
    if ((left->kinds & right->kinds & ordered) || ((left->kinds | right->kinds) & KINDS_OBJECT))
        return;
    (void)node;
    warn_operands(compiler, source, item->span, token_text((TokenKind)item->op), left, right);
}

void infer_warn_call(Compiler *compiler, Source *source, const Node *callee, const Type *type)
{
    const KindSet callable = KIND_BIT(TB_FUNCTION) | KIND_BIT(TB_CLASS) | KINDS_OBJECT;
    if (!type->kinds || (type->kinds & callable)) return;
    diag_error(&compiler->diags, source, callee->span, DIAG_FAILS, "%s cannot be called",
               type_text(&compiler->arena, type));
    const Symbol *symbol = callee->kind == NODE_NAME ? callee->as.name.symbol : NULL;
    const char *library = resolve_hidden_library(symbol);
    if (!library) return;
    const char *name = symbol->name->text;
    diag_help(&compiler->diags,
              "the variable `%s` hides the function of library `%s`: call it as `%s.%s`", name,
              library, library, name);
}

// ---------------------------------------------------------------------------------- statements

bool infer_has_value(const Node *statement)
{
    switch ((NodeKind)statement->kind) {
    case NODE_IF:
    case NODE_MATCH:
    case NODE_TRY:
        return true;
    case NODE_FUNCTION:
        return !(statement->flags & NODE_IS_STATEMENT);
    default:
        return statement->kind <= NODE_MEMBER;
    }
}

bool infer_never_ends(const Node *statement)
{
    return statement->kind == NODE_RETURN || statement->kind == NODE_THROW ||
           statement->kind == NODE_BREAK || statement->kind == NODE_CONTINUE;
}
