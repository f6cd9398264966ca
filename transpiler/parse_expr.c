// Expressions: operators by a table of precedences, then calls, indices and members, then the
// operands themselves. Lists, dicts, strings and what else stands in brackets is in
// parse_literal.c.
//
// A left operand is read by parse_operand, which then loops over the operators that bind tightly
// enough (precedence climbing, also known as a Pratt parser).

#include "parser_state.h"

#include <string.h>

// ---- operators ----------------------------------------------------------------------------------

typedef struct OperatorRow {
    uint8_t precedence;  // PRECEDENCE_NONE: no infix operator
    uint8_t node;        // NodeKind
    bool may_begin_line; // continues the statement from a deeper line: cannot begin a statement
                         // itself
} OperatorRow;

static const OperatorRow operators[TOKEN_KIND_COUNT] = {
    [TOK_OR] = {PRECEDENCE_OR, NODE_LOGICAL, true},
    [TOK_AND] = {PRECEDENCE_AND, NODE_LOGICAL, true},
    [TOK_NOT] = {PRECEDENCE_COMPARE, NODE_COMPARE, false}, // `not in`
    [TOK_IN] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_IS] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_CONTAINS] = {PRECEDENCE_COMPARE, NODE_COMPARE, false},
    [TOK_STARTS_WITH] = {PRECEDENCE_COMPARE, NODE_COMPARE, false},
    [TOK_ENDS_WITH] = {PRECEDENCE_COMPARE, NODE_COMPARE, false},
    [TOK_EQUAL_EQUAL] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_NOT_EQUAL] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_LESS] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_LESS_EQUAL] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_GREATER] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_GREATER_EQUAL] = {PRECEDENCE_COMPARE, NODE_COMPARE, true},
    [TOK_DOT_DOT] = {PRECEDENCE_RANGE, NODE_BINARY, true},
    [TOK_PIPE] = {PRECEDENCE_BIT_OR, NODE_BINARY, true},
    [TOK_CARET] = {PRECEDENCE_BIT_XOR, NODE_BINARY, true},
    [TOK_AMP] = {PRECEDENCE_BIT_AND, NODE_BINARY, true},
    [TOK_SHIFT_LEFT] = {PRECEDENCE_SHIFT, NODE_BINARY, true},
    [TOK_SHIFT_RIGHT] = {PRECEDENCE_SHIFT, NODE_BINARY, true},
    [TOK_PLUS] = {PRECEDENCE_SUM, NODE_BINARY, true},
    [TOK_MINUS] = {PRECEDENCE_SUM, NODE_BINARY, false},
    [TOK_STAR] = {PRECEDENCE_PRODUCT, NODE_BINARY, true},
    [TOK_SLASH] = {PRECEDENCE_PRODUCT, NODE_BINARY, true},
    [TOK_SLASH_SLASH] = {PRECEDENCE_PRODUCT, NODE_BINARY, false},
    [TOK_PERCENT] = {PRECEDENCE_PRODUCT, NODE_BINARY, true},
    [TOK_STAR_STAR] = {PRECEDENCE_POWER, NODE_BINARY, true},
};

// May the next token, if it begins a line, go on with the expression of the line before?
static bool may_continue(const Parser *parser, bool may_begin_line)
{
    if (parser_is_same_line(parser)) return true;
    return may_begin_line && parser->token.line.column > parser->column;
}

// `x++` and `x--`: two signs side by side with nothing behind that they could belong to.
static bool is_increment(const Parser *parser)
{
    const char *at = parser->source->text + parser->token.span.start;
    if ((*at != '+' && *at != '-') || at[1] != *at) return false;
    at += 2 + strspn(at + 2, " \t");
    return strchr("\n;)]},#", *at) != NULL; // or the NUL at the end
}

static void fail_increment(Parser *parser, const Node *operand)
{
    Span span = {parser->token.span.start, parser->token.span.start + 2};
    const char *text = parser->source->text;
    char sign = text[span.start];
    if (!parser_fail_at(parser, span, "there is no operator `%c%c`", sign, sign)) return;
    if (operand->kind == NODE_NAME)
        diag_help(parser->diags, "write `%s %c= 1`", operand->as.name.name->text, sign);
}

// The right operand of an operator that has just been read. It is due: a newline before it does not
// count.
static Node *parse_right(Parser *parser, Precedence least)
{
    if (!parser_enter(parser)) return parser_error_node(parser);
    Node *right = parse_operand(parser, least);
    parser_leave(parser);
    return right;
}

static Node *parse_binary(Parser *parser, Node *left, OperatorRow row)
{
    Node *node = parser_node(parser, row.node, left->span);
    node->op = parser->token.kind;
    node->as.binary.op_span = parser->token.span;
    parser_advance(parser);
    // `**` is the one operator that groups to the right.
    Precedence least = row.precedence == PRECEDENCE_POWER ? row.precedence : row.precedence + 1u;
    node->as.binary.left = parser_adopt(parser, node, left);
    node->as.binary.right = parser_adopt(parser, node, parse_right(parser, least));
    node->span = parser_span_from(parser, left->span);
    return node;
}

// Reads a comparison operator of one or two words into [item]; false where `not` is not followed by
// `in`.
static bool parse_comparison_operator(Parser *parser, Node *item)
{
    item->op = parser->token.kind;
    if (parser_at(parser, TOK_NOT)) {
        if (parser_peek(parser)->kind != TOK_IN) return false;
        parser_advance(parser);
        item->op = TOK_IN;
        item->flags = NODE_NEGATED;
    }
    parser_advance(parser);
    if (item->op == TOK_IS && parser_accept(parser, TOK_NOT)) item->flags = NODE_NEGATED;
    return true;
}

// comparison: operand {operator operand}. One node for the whole chain.
static Node *parse_comparison(Parser *parser, Node *left)
{
    Node *node = parser_node(parser, NODE_COMPARE, left->span);
    node->as.compare.first = parser_adopt(parser, node, left);
    while (operators[parser->token.kind].precedence == PRECEDENCE_COMPARE &&
           may_continue(parser, operators[parser->token.kind].may_begin_line)) {
        Node *item = parser_node(parser, NODE_COMPARE_TO, parser->token.span);
        if (!parse_comparison_operator(parser, item)) break;
        item->as.unary.operand =
            parser_adopt(parser, item, parse_right(parser, PRECEDENCE_COMPARE + 1));
        item->span = parser_span_from(parser, item->span);
        // A chain is as deep as it is long: later passes take it apart one comparison inside the
        // other.
        int height = item->height + node->as.compare.rest.count;
        item->height = (uint16_t)(height < UINT16_MAX ? height : UINT16_MAX);
        parser_adopt_item(parser, node, &node->as.compare.rest, item);
    }
    node->span = parser_span_from(parser, left->span);
    return node->as.compare.rest.count ? node : left;
}

Node *parse_operand_rest(Parser *parser, Node *left, Precedence least)
{
    for (;;) {
        OperatorRow row = operators[parser->token.kind];
        if (row.precedence == PRECEDENCE_NONE || row.precedence < least) return left;
        if (!may_continue(parser, row.may_begin_line)) return left;
        if (row.precedence == PRECEDENCE_SUM && is_increment(parser)) {
            fail_increment(parser, left);
            return left;
        }
        Node *longer = row.node == NODE_COMPARE ? parse_comparison(parser, left)
                                                : parse_binary(parser, left, row);
        if (longer == left) return left;
        left = longer;
    }
}

static Node *parse_unary(Parser *parser, TokenKind op, Precedence operand)
{
    Node *node = parser_node(parser, NODE_UNARY, parser->token.span);
    node->op = (uint8_t)op;
    parser_advance(parser);
    node->as.unary.operand = parser_adopt(parser, node, parse_right(parser, operand));
    node->span = parser_span_from(parser, node->span);
    return node;
}

static Node *parse_bang(Parser *parser)
{
    if (parser_report(parser, parser->token.span, DIAG_SYNTAX, "there is no operator `!`"))
        diag_help(parser->diags, "write `not`");
    return parse_unary(parser, TOK_NOT, PRECEDENCE_NOT);
}

// Remembers an operator at a line's end when the operand it takes from the next line may be a
// statement of its own.
static void note_dangling(Parser *parser)
{
    const Token *token = &parser->token;
    if (!token->is_first_on_line || parser->brackets > 0) return;
    if (token->span.start == parser->statement || token->line.column > parser->column) return;
    parser->dangling = parser->previous;
    parser->dangling_line = token->line.start;
}

Node *parse_operand(Parser *parser, Precedence least)
{
    note_dangling(parser);
    Node *left;
    switch (parser->token.kind) {
    case TOK_NOT:
        left = parse_unary(parser, TOK_NOT, PRECEDENCE_NOT);
        break;
    case TOK_MINUS:
    case TOK_PLUS:
    case TOK_TILDE:
        left = parse_unary(parser, parser->token.kind, PRECEDENCE_POWER);
        break;
    case TOK_BANG:
        left = parse_bang(parser);
        break;
    default:
        left = parse_postfix(parser);
        break;
    }
    return parse_operand_rest(parser, left, least);
}

// ---- the loosest operators ----------------------------------------------------------------------

// value "if" condition "else" expression; the value has been read and `if` comes next.
static Node *parse_conditional(Parser *parser, Node *value)
{
    Span keyword = parser->token.span;
    Node *node = parser_node(parser, NODE_CONDITIONAL, value->span);
    parser_advance(parser);
    node->as.conditional.then = parser_adopt(parser, node, value);
    node->as.conditional.condition = parser_adopt(parser, node, parse_right(parser, PRECEDENCE_OR));
    if (!parser_at(parser, TOK_ELSE)) {
        parser_fail_at(parser, keyword, "`value if condition` needs an `else`");
        return node;
    }
    parser_advance(parser);
    if (!parser_enter(parser)) return node;
    node->as.conditional.otherwise = parser_adopt(parser, node, parse_expression(parser));
    parser_leave(parser);
    node->span = parser_span_from(parser, value->span);
    return node;
}

static Node *parse_maybe_conditional(Parser *parser, Node *value)
{
    if (!parser_at(parser, TOK_IF) || !parser_is_same_line(parser)) return value;
    return parse_conditional(parser, value);
}

Node *parse_expression(Parser *parser)
{
    return parse_maybe_conditional(parser, parse_operand(parser, PRECEDENCE_OR));
}

// Does the text go on behind a comma that ends a tuple? A newline does not: after a comma an
// operand is due.
static bool is_after_last_comma(const Parser *parser)
{
    switch (parser->token.kind) {
    case TOK_EQUAL:
    case TOK_SEMICOLON:
    case TOK_RIGHT_PAREN:
    case TOK_RIGHT_SQUARE:
    case TOK_RIGHT_BRACE:
    case TOK_FIELD_END:
        return true;
    default:
        return false;
    }
}

Node *parse_expressions(Parser *parser)
{
    Node *first = parse_expression(parser);
    if (!parser_at(parser, TOK_COMMA) || !parser_is_same_line(parser)) return first;
    Node *tuple = parser_node(parser, NODE_TUPLE, first->span);
    parser_adopt_item(parser, tuple, &tuple->as.list, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA)) {
        if (is_after_last_comma(parser)) break;
        parser_adopt_item(parser, tuple, &tuple->as.list, parse_expression(parser));
    }
    tuple->span = parser_span_from(parser, first->span);
    return tuple;
}

// ---- calls, indices, members --------------------------------------------------------------------

// `*xs` and `**d` in calls.
static Node *fail_star(Parser *parser)
{
    bool is_double = parser_at(parser, TOK_STAR_STAR);
    if (parser_fail(parser, "`%s` cannot begin an argument", token_text(parser->token.kind)) &&
        !is_double)
        diag_help(parser->diags, "a list is spread by `xs...`");
    return parser_error_node(parser);
}

// NAME (":" | "=") expression
static Node *parse_labelled(Parser *parser)
{
    Node *node = parser_node(parser, NODE_LABELLED, parser->token.span);
    node->as.labelled.name = parser->token.as.name;
    node->as.labelled.name_span = parser->token.span;
    parser_advance(parser);
    parser_advance(parser);
    node->as.labelled.value = parser_adopt(parser, node, parse_expression(parser));
    node->span = parser_span_from(parser, node->span);
    return node;
}

static bool is_label(Parser *parser)
{
    if (!token_is_word(parser->token.kind)) return false;
    TokenKind next = parser_peek(parser)->kind;
    return next == TOK_COLON || next == TOK_EQUAL;
}

Node *parse_spread(Parser *parser, Node *value, Span start)
{
    Node *node = parser_node(parser, NODE_SPREAD, start);
    node->as.unary.operand = parser_adopt(parser, node, value);
    node->span = parser_span_from(parser, start);
    return node;
}

Node *parse_item(Parser *parser)
{
    Span start = parser->token.span;
    if (parser_accept(parser, TOK_ELLIPSIS))
        return parse_spread(parser, parse_expression(parser), start);
    Node *value = parse_expression(parser);
    return parser_accept(parser, TOK_ELLIPSIS) ? parse_spread(parser, value, value->span) : value;
}

// argument: label (":" | "=") expression | item
static Node *parse_argument(Parser *parser)
{
    if (parser_at(parser, TOK_STAR) || parser_at(parser, TOK_STAR_STAR)) return fail_star(parser);
    if (is_label(parser)) return parse_labelled(parser);
    Node *item = parse_item(parser);
    if (parser_at(parser, TOK_FOR) &&
        parser_fail(parser, "a comprehension stands in brackets of its own"))
        diag_help(parser->diags, "write `[… for … in …]`");
    return item;
}

Node *parse_call(Parser *parser, Node *callee)
{
    Node *node = parser_node(parser, NODE_CALL, callee->span);
    node->as.call.callee = parser_adopt(parser, node, callee);
    if (!parser_enter(parser)) return node;
    Span open = parser_open(parser);
    while (!parser_at(parser, TOK_RIGHT_PAREN) && !parser->is_recovering) {
        parser_adopt_item(parser, node, &node->as.call.args, parse_argument(parser));
        if (!parser_accept(parser, TOK_COMMA)) break;
    }
    parser_close(parser, open, TOK_RIGHT_PAREN);
    parser_leave(parser);
    node->as.call.close = parser->previous;
    node->span = parser_span_from(parser, callee->span);
    return node;
}

// One of the three parts of a slice; NULL when it is left out.
static Node *parse_slice_part(Parser *parser, Node *slice)
{
    bool is_empty = parser_at(parser, TOK_COLON) || parser_at(parser, TOK_RIGHT_SQUARE);
    return is_empty ? NULL : parser_adopt(parser, slice, parse_expression(parser));
}

// subscript: expressions | [expression] ":" [expression] [":" [expression]]
static Node *parse_subscript(Parser *parser)
{
    Span start = parser->token.span;
    Node *first = parser_at(parser, TOK_COLON) ? NULL : parse_expressions(parser);
    if (!parser_at(parser, TOK_COLON)) return first;
    Node *slice = parser_node(parser, NODE_SLICE, start);
    slice->as.slice.from = parser_adopt(parser, slice, first);
    parser_advance(parser);
    slice->as.slice.to = parse_slice_part(parser, slice);
    if (parser_accept(parser, TOK_COLON)) slice->as.slice.step = parse_slice_part(parser, slice);
    slice->span = parser_span_from(parser, start);
    return slice;
}

static Node *parse_index(Parser *parser, Node *object)
{
    Node *node = parser_node(parser, NODE_INDEX, object->span);
    node->as.index.object = parser_adopt(parser, node, object);
    if (!parser_enter(parser)) return node;
    Span open = parser_open(parser);
    if (parser_at(parser, TOK_RIGHT_SQUARE))
        parser_fail(parser, "an index is missing between the brackets");
    node->as.index.index = parser_adopt(parser, node, parse_subscript(parser));
    parser_close(parser, open, TOK_RIGHT_SQUARE);
    parser_leave(parser);
    node->span = parser_span_from(parser, object->span);
    return node;
}

// "." word: any word, reserved or not.
static Node *parse_member(Parser *parser, Node *object)
{
    Node *node = parser_node(parser, NODE_MEMBER, object->span);
    node->as.member.object = parser_adopt(parser, node, object);
    Span dot = parser->token.span;
    parser_advance(parser);
    bool is_of_number = object->kind == NODE_INT && dot.start == object->span.end;
    if (!token_is_word(parser->token.kind) || (is_of_number && parser->token.is_first_on_line)) {
        if (is_of_number)
            parser_fail_at(parser, dot, "a digit must follow the point of a number");
        else
            parser_fail(parser, "expected a name after `.`, found %s",
                        parser_describe(parser, &parser->token));
        return object;
    }
    node->as.member.name = parser->token.as.name;
    node->as.member.name_span = parser->token.span;
    parser_advance(parser);
    node->span = parser_span_from(parser, object->span);
    return node;
}

static Node *parse_postfix_rest(Parser *parser, Node *node)
{
    for (;;) {
        TokenKind kind = parser->token.kind;
        if (parser->is_stopped) return node;
        if (kind == TOK_DOT && may_continue(parser, true))
            node = parse_member(parser, node);
        else if (kind == TOK_LEFT_PAREN && parser_is_same_line(parser))
            node = parse_call(parser, node);
        else if (kind == TOK_LEFT_SQUARE && parser_is_same_line(parser))
            node = parse_index(parser, node);
        else
            return node;
        if (parser->is_recovering) return node;
    }
}

Node *parse_expression_rest(Parser *parser, Node *left)
{
    left = parse_postfix_rest(parser, left);
    return parse_maybe_conditional(parser, parse_operand_rest(parser, left, PRECEDENCE_OR));
}

// ---- operands -----------------------------------------------------------------------------------

static Node *parse_constant(Parser *parser, NodeKind kind, int64_t value)
{
    Node *node = parser_node(parser, kind, parser->token.span);
    if (kind == NODE_BOOL) node->as.integer.value = value;
    parser_advance(parser);
    return node;
}

static Node *parse_int(Parser *parser)
{
    Node *node = parser_node(parser, NODE_INT, parser->token.span);
    node->as.integer.digits = parser->token.as.integer.digits;
    node->as.integer.value = parser->token.as.integer.value;
    node->as.integer.base = parser->token.as.integer.base;
    parser_advance(parser);
    return node;
}

static Node *parse_float(Parser *parser)
{
    Node *node = parser_node(parser, NODE_FLOAT, parser->token.span);
    node->as.number = parser->token.as.number;
    parser_advance(parser);
    return node;
}

// Two strings side by side are one in Python, and here a comma that was forgotten.
static void reject_adjacent_string(Parser *parser)
{
    if (!parser_at(parser, TOK_STRING) && !parser_at(parser, TOK_FSTRING_START)) return;
    if (!parser_is_same_line(parser)) return;
    if (parser_fail(parser, "two strings stand side by side"))
        diag_help(parser->diags, "join them with `+`");
}

static Node *parse_string(Parser *parser)
{
    Node *node = parser_node(parser, NODE_STRING, parser->token.span);
    node->as.string.bytes = parser->token.as.string.bytes;
    node->as.string.size = parser->token.as.string.size;
    if (parser->token.is_raw) node->flags = NODE_RAW_LITERAL;
    parser_advance(parser);
    reject_adjacent_string(parser);
    return node;
}

// `lambda x: x`
static void fail_lambda(Parser *parser, const Token *word)
{
    if (parser_fail_at(parser, word->span, "there is no `lambda`"))
        diag_help(parser->diags, "write `x => …` or `(a, b) => …`");
}

// NAME, or NAME "=>" body
static Node *parse_name(Parser *parser)
{
    Token token = parser->token;
    Node *node = parser_node(parser, NODE_NAME, token.span);
    node->as.name.name = token.as.name;
    parser_advance(parser);
    TokenKind next = parser->token.kind;
    if (next == TOK_FAT_ARROW && !parser->is_pattern && parser_is_same_line(parser)) {
        NodeList params = {0};
        node_append(&params, node);
        return parse_arrow_lambda(parser, &token, params);
    }
    bool is_lambda = token_is_name(next) || next == TOK_COLON;
    if (is_lambda && parser_is_same_line(parser) && strcmp(token.as.name->text, "lambda") == 0)
        fail_lambda(parser, &token);
    return node;
}

static Node *fail_reserved_for_later(Parser *parser)
{
    parser_fail(parser, "`%s` is kept for a later version of Tombo",
                token_text(parser->token.kind));
    return parser_error_node(parser);
}

// An operand is due and the next token is none. Where the line ended, the mistake is before that.
static Node *fail_operand(Parser *parser)
{
    enum { LONGEST_QUOTED = 20 };
    Node *node = parser_error_node(parser);
    const char *found = parser_describe(parser, &parser->token);
    Span previous = parser->previous;
    int size = (int)(previous.end - previous.start);
    if (parser->token.span.start == parser->statement)
        parser_fail(parser,
                    token_is_closing_bracket(parser->token.kind) ? "this %s closes nothing"
                                                                 : "%s cannot begin a statement",
                    found);
    else if (parser->token.is_first_on_line && size > 0 && size < LONGEST_QUOTED)
        parser_fail_at(parser, previous, "an operand is missing after `%.*s`", size,
                       parser->source->text + previous.start);
    else
        parser_fail(parser, "expected an expression, found %s", found);
    return node;
}

static Node *parse_nested(Parser *parser, Node *(*rule)(Parser *parser, bool flag), bool flag)
{
    if (!parser_enter(parser)) return parser_error_node(parser);
    Node *node = rule(parser, flag);
    parser_leave(parser);
    return node;
}

static Node *parse_primary(Parser *parser)
{
    switch (parser->token.kind) {
    case TOK_INT:
        return parse_int(parser);
    case TOK_FLOAT:
        return parse_float(parser);
    case TOK_STRING:
        return parse_string(parser);
    case TOK_FSTRING_START: {
        Node *node = parse_fstring(parser);
        reject_adjacent_string(parser);
        return node;
    }
    case TOK_TRUE:
    case TOK_TRUE_CAPITAL:
        return parse_constant(parser, NODE_BOOL, 1);
    case TOK_FALSE:
    case TOK_FALSE_CAPITAL:
        return parse_constant(parser, NODE_BOOL, 0);
    case TOK_NONE:
    case TOK_NIL:
    case TOK_NULL:
        return parse_constant(parser, NODE_NONE, 0);
    case TOK_LEFT_PAREN:
        return parse_paren(parser);
    case TOK_LEFT_SQUARE:
        return parse_list(parser);
    case TOK_LEFT_BRACE:
        return parse_brace(parser);
    case TOK_DEF:
    case TOK_DEFI:
    case TOK_FN:
        return parse_nested(parser, parse_function, false);
    case TOK_IF:
        return parse_nested(parser, parse_if, true);
    case TOK_MATCH:
        return parse_nested(parser, parse_match, true);
    case TOK_TRY:
        return parse_nested(parser, parse_try, true);
    case TOK_YIELD:
    case TOK_ASYNC:
    case TOK_AWAIT:
        return fail_reserved_for_later(parser);
    default:
        return token_is_name(parser->token.kind) ? parse_name(parser) : fail_operand(parser);
    }
}

Node *parse_postfix(Parser *parser)
{
    return parse_postfix_rest(parser, parse_primary(parser));
}
