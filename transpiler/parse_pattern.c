// What binds names or describes values without being an expression: patterns of `match`, targets of
// `for` and `let`, type annotations.

#include "parser_state.h"

#include <string.h>

// ---- patterns -----------------------------------------------------------------------------------

static Node *parse_pattern_item(Parser *parser, bool is_inside);

static Node *make_value(Parser *parser, Node *expression)
{
    Node *node = parser_node(parser, NODE_PATTERN_VALUE, expression->span);
    node->as.unary.operand = parser_adopt(parser, node, expression);
    return node;
}

static bool is_literal(const Node *node)
{
    return node->kind == NODE_INT || node->kind == NODE_FLOAT || node->kind == NODE_STRING ||
           node->kind == NODE_BOOL || node->kind == NODE_NONE;
}

// `case 1 | 2`: alternatives as Python writes them would here be one number.
static void reject_bar(Parser *parser, const Node *value)
{
    if (value->kind != NODE_BINARY || value->op != TOK_PIPE) return;
    if (!is_literal(value->as.binary.right)) return;
    if (parser_report(parser, value->as.binary.op_span, DIAG_SYNTAX,
                      "`|` does not separate patterns"))
        diag_help(parser->diags, "write `,` between alternatives");
}

static Node *parse_value_pattern(Parser *parser)
{
    Node *value = parse_operand(parser, PRECEDENCE_OR);
    reject_bar(parser, value);
    return make_value(parser, value);
}

// "..." [NAME], or NAME "..."
static Node *parse_rest_pattern(Parser *parser)
{
    Node *node = parser_node(parser, NODE_PATTERN_REST, parser->token.span);
    bool has_dots = parser_accept(parser, TOK_ELLIPSIS);
    if (token_is_name(parser->token.kind)) {
        node->as.name.name = parser->token.as.name;
        parser_advance(parser);
    }
    if (!has_dots) parser_advance(parser); // the dots behind the name
    node->span = parser_span_from(parser, node->span);
    return node;
}

static Node *parse_bind_pattern(Parser *parser)
{
    Node *node = parser_node(parser, NODE_PATTERN_BIND, parser->token.span);
    node->as.name.name = parser->token.as.name;
    parser_advance(parser);
    return node;
}

static bool is_underscore(const Token *token)
{
    return strcmp(token->as.name->text, "_") == 0;
}

// Inside brackets a name alone binds; what follows tells whether it is alone. In `[Int as n]` the
// name that binds is the other one, and `Int` the value of that name.
static Node *parse_name_pattern(Parser *parser)
{
    switch (parser_peek(parser)->kind) {
    case TOK_COMMA:
    case TOK_RIGHT_PAREN:
    case TOK_RIGHT_SQUARE:
    case TOK_EOF:
        return parse_bind_pattern(parser);
    case TOK_AS:
        return is_underscore(&parser->token) ? parse_bind_pattern(parser)
                                             : parse_value_pattern(parser);
    case TOK_ELLIPSIS:
        return parse_rest_pattern(parser);
    default:
        return parse_value_pattern(parser);
    }
}

// The patterns between brackets, into [node]; *has_comma tells `(a,)` from `(a)`.
static void parse_pattern_items(Parser *parser, Node *node, TokenKind close, bool *has_comma)
{
    if (!parser_enter(parser)) return;
    Span open = parser_open(parser);
    while (!parser_at(parser, close) && !parser->is_recovering) {
        parser_adopt_item(parser, node, &node->as.list, parse_pattern_item(parser, true));
        if (!parser_accept(parser, TOK_COMMA)) break;
        *has_comma = true;
    }
    parser_close(parser, open, close);
    parser_leave(parser);
    node->span = parser_span_from(parser, open);
}

static Node *parse_list_pattern(Parser *parser)
{
    Node *node = parser_node(parser, NODE_PATTERN_LIST, parser->token.span);
    bool has_comma = false;
    parse_pattern_items(parser, node, TOK_RIGHT_SQUARE, &has_comma);
    return node;
}

// "(" patterns ")": a tuple; without a comma what stands inside, perhaps as the first operand of a
// longer value.
static Node *parse_paren_pattern(Parser *parser)
{
    Node *tuple = parser_node(parser, NODE_PATTERN_TUPLE, parser->token.span);
    bool has_comma = false;
    parse_pattern_items(parser, tuple, TOK_RIGHT_PAREN, &has_comma);
    Node *inside = tuple->as.list.first;
    if (has_comma || tuple->as.list.count != 1) return tuple;
    if (inside->kind == NODE_PATTERN_BIND) {
        Node *name = parser_node(parser, NODE_NAME, inside->span);
        name->as.name.name = inside->as.name.name;
        inside = make_value(parser, name);
    }
    if (inside->kind != NODE_PATTERN_VALUE) return inside;
    inside->as.unary.operand->flags |= NODE_PARENTHESIZED;
    return make_value(parser, parse_operand_rest(parser, inside->as.unary.operand, PRECEDENCE_OR));
}

static Node *parse_pattern_core(Parser *parser, bool is_inside)
{
    TokenKind kind = parser->token.kind;
    if (kind == TOK_LEFT_SQUARE) return parse_list_pattern(parser);
    if (kind == TOK_LEFT_PAREN) return parse_paren_pattern(parser);
    if (is_inside && kind == TOK_ELLIPSIS) return parse_rest_pattern(parser);
    if (is_inside && token_is_name(kind)) return parse_name_pattern(parser);
    return parse_value_pattern(parser);
}

// core ["as" NAME]
static Node *parse_pattern_item(Parser *parser, bool is_inside)
{
    Node *pattern = parse_pattern_core(parser, is_inside);
    if (!parser_accept(parser, TOK_AS)) return pattern;
    Node *node = parser_node(parser, NODE_PATTERN_AS, pattern->span);
    node->as.labelled.value = parser_adopt(parser, node, pattern);
    node->as.labelled.name_span = parser->token.span;
    node->as.labelled.name = parser_expect_name(parser, "a name after `as`");
    node->span = parser_span_from(parser, pattern->span);
    return node;
}

Node *parse_pattern(Parser *parser)
{
    bool was_pattern = parser->is_pattern;
    parser->is_pattern = true;
    Node *pattern = parse_pattern_item(parser, false);
    parser->is_pattern = was_pattern;
    return pattern;
}

// ---- targets that bind --------------------------------------------------------------------------

static Node *parse_binding_target(Parser *parser)
{
    if (parser_at(parser, TOK_LEFT_PAREN)) {
        if (!parser_enter(parser)) return parser_error_node(parser);
        Span open = parser_open(parser);
        Node *inside = parse_binding_targets(parser);
        parser_close(parser, open, TOK_RIGHT_PAREN);
        parser_leave(parser);
        return inside;
    }
    Node *node = parser_node(parser, NODE_NAME, parser->token.span);
    node->as.name.name = parser_expect_name(parser, "a variable's name");
    if (!node->as.name.name) node->kind = NODE_ERROR;
    return node;
}

Node *parse_binding_targets(Parser *parser)
{
    Node *first = parse_binding_target(parser);
    if (!parser_at(parser, TOK_COMMA)) return first;
    Node *tuple = parser_node(parser, NODE_TUPLE, first->span);
    parser_adopt_item(parser, tuple, &tuple->as.list, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA)) {
        bool has_next = token_is_word(parser->token.kind) || parser_at(parser, TOK_LEFT_PAREN);
        if (!has_next || parser_at(parser, TOK_IN)) break;
        parser_adopt_item(parser, tuple, &tuple->as.list, parse_binding_target(parser));
    }
    tuple->span = parser_span_from(parser, first->span);
    return tuple;
}

// ---- annotations --------------------------------------------------------------------------------

static void append_path_name(Parser *parser, Node *type)
{
    Node *name = parser_node(parser, NODE_NAME, parser->token.span);
    bool is_none = parser_at(parser, TOK_NIL) || parser_at(parser, TOK_NULL);
    name->as.name.name = is_none ? name_from(parser->names, "None") : parser->token.as.name;
    node_append(&type->as.type.path, name);
    parser_advance(parser);
}

static bool is_type_name(TokenKind kind)
{
    return token_is_name(kind) || kind == TOK_NONE || kind == TOK_NIL || kind == TOK_NULL;
}

// Types between brackets, separated by commas, as arguments of [type].
static void parse_type_list(Parser *parser, Node *type, TokenKind close)
{
    if (!parser_enter(parser)) return;
    Span open = parser_open(parser);
    while (!parser_at(parser, close) && !parser->is_recovering) {
        parser_adopt_item(parser, type, &type->as.type.args, parse_type(parser));
        if (!parser_accept(parser, TOK_COMMA)) break;
    }
    parser_close(parser, open, close);
    parser_leave(parser);
}

static void reject_angle_brackets(Parser *parser, const Node *type)
{
    if (!parser_fail(parser, "types of elements stand in `[ ]`")) return;
    diag_help(parser->diags, "write `%s[…]`", type->as.type.path.last->as.name.name->text);
}

// NAME {"." NAME} ["[" types "]"]
static Node *parse_named_type(Parser *parser)
{
    Node *type = parser_node(parser, NODE_TYPE_NAME, parser->token.span);
    append_path_name(parser, type);
    while (parser_accept(parser, TOK_DOT)) {
        if (!token_is_name(parser->token.kind)) {
            parser_expect_name(parser, "the name of a type");
            return type;
        }
        append_path_name(parser, type);
    }
    if (parser_at(parser, TOK_LEFT_SQUARE) && parser_is_same_line(parser))
        parse_type_list(parser, type, TOK_RIGHT_SQUARE);
    if (parser_at(parser, TOK_LESS)) reject_angle_brackets(parser, type);
    type->span = parser_span_from(parser, type->span);
    return type;
}

// "(" types ")" ["->" type]
static Node *parse_function_type(Parser *parser)
{
    Node *type = parser_node(parser, NODE_TYPE_FUNCTION, parser->token.span);
    parse_type_list(parser, type, TOK_RIGHT_PAREN);
    if (parser_accept(parser, TOK_ARROW)) {
        if (!parser_enter(parser)) return type;
        type->as.type.result = parser_adopt(parser, type, parse_type(parser));
        parser_leave(parser);
    } else if (type->as.type.args.count == 1) {
        return type->as.type.args.first;
    } else if (parser_fail(parser, "expected `->` and a type after the types of parameters")) {
        diag_help(parser->diags, "a tuple's type is `Tuple[Int, String]`");
    }
    type->span = parser_span_from(parser, type->span);
    return type;
}

static Node *parse_simple_type(Parser *parser)
{
    if (parser_at(parser, TOK_LEFT_PAREN)) return parse_function_type(parser);
    if (is_type_name(parser->token.kind)) return parse_named_type(parser);
    parser_fail(parser, "expected a type, found %s", parser_describe(parser, &parser->token));
    return parser_error_node(parser);
}

// simple {"?"}
static Node *parse_optional_type(Parser *parser)
{
    Node *type = parse_simple_type(parser);
    while (parser_at(parser, TOK_QUESTION) && !parser->is_stopped) {
        parser_advance(parser);
        Node *optional = parser_node(parser, NODE_TYPE_OPTIONAL, type->span);
        parser_adopt_item(parser, optional, &optional->as.type.args, type);
        optional->span = parser_span_from(parser, type->span);
        type = optional;
    }
    return type;
}

// optional {"|" optional}
Node *parse_type(Parser *parser)
{
    Node *first = parse_optional_type(parser);
    if (!parser_at(parser, TOK_PIPE)) return first;
    Node *type = parser_node(parser, NODE_TYPE_UNION, first->span);
    parser_adopt_item(parser, type, &type->as.type.args, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_PIPE))
        parser_adopt_item(parser, type, &type->as.type.args, parse_optional_type(parser));
    type->span = parser_span_from(parser, first->span);
    return type;
}
