// What stands in brackets or quotes: parentheses and tuples, lists, dicts and sets, comprehensions,
// f-strings.

#include "parser_state.h"

// ---- comprehensions -----------------------------------------------------------------------------

// "for" targets "in" operand
static Node *parse_clause_for(Parser *parser)
{
    Node *clause = parser_node(parser, NODE_CLAUSE_FOR, parser->token.span);
    parser_advance(parser);
    clause->as.clause.target = parser_adopt(parser, clause, parse_binding_targets(parser));
    if (parser_expect(parser, TOK_IN, "in a comprehension"))
        clause->as.clause.condition =
            parser_adopt(parser, clause, parse_operand(parser, PRECEDENCE_OR));
    clause->span = parser_span_from(parser, clause->span);
    return clause;
}

// "if" operand
static Node *parse_clause_if(Parser *parser)
{
    Node *clause = parser_node(parser, NODE_CLAUSE_IF, parser->token.span);
    parser_advance(parser);
    clause->as.clause.condition =
        parser_adopt(parser, clause, parse_operand(parser, PRECEDENCE_OR));
    clause->span = parser_span_from(parser, clause->span);
    return clause;
}

// The clauses behind the element of a comprehension, which was read; `for` comes next.
static Node *parse_comprehension(Parser *parser, NodeKind kind, Node *element, Node *value)
{
    Node *node = parser_node(parser, NODE_COMPREHENSION, element->span);
    node->as.comprehension.kind = (int)kind;
    node->as.comprehension.element = parser_adopt(parser, node, element);
    node->as.comprehension.value = parser_adopt(parser, node, value);
    NodeList *clauses = &node->as.comprehension.clauses;
    while (!parser->is_recovering) {
        if (parser_at(parser, TOK_FOR))
            parser_adopt_item(parser, node, clauses, parse_clause_for(parser));
        else if (parser_at(parser, TOK_IF))
            parser_adopt_item(parser, node, clauses, parse_clause_if(parser));
        else
            break;
    }
    return node;
}

// ---- lists --------------------------------------------------------------------------------------

// Further items behind a first one, up to the closing bracket.
static void parse_more_items(Parser *parser, Node *node, TokenKind close)
{
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA)) {
        if (parser_at(parser, close)) return;
        parser_adopt_item(parser, node, &node->as.list, parse_item(parser));
    }
}

static Node *parse_list_inside(Parser *parser, Span open)
{
    Node *list = parser_node(parser, NODE_LIST, open);
    if (parser_at(parser, TOK_RIGHT_SQUARE)) return list;
    Node *first = parse_item(parser);
    if (parser_at(parser, TOK_FOR)) return parse_comprehension(parser, NODE_LIST, first, NULL);
    parser_adopt_item(parser, list, &list->as.list, first);
    parse_more_items(parser, list, TOK_RIGHT_SQUARE);
    return list;
}

Node *parse_list(Parser *parser)
{
    if (!parser_enter(parser)) return parser_error_node(parser);
    Span open = parser_open(parser);
    Node *node = parse_list_inside(parser, open);
    parser_close(parser, open, TOK_RIGHT_SQUARE);
    parser_leave(parser);
    node->span = parser_span_from(parser, open);
    return node;
}

// ---- dicts and sets -----------------------------------------------------------------------------

// The words that are values and so are no keys by their spelling.
static bool is_literal_word(TokenKind kind)
{
    return kind >= TOK_TRUE && kind <= TOK_NULL;
}

// Is the next token a word that is a key by its spelling: `{a: 1}`?
static bool is_word_key(Parser *parser)
{
    TokenKind kind = parser->token.kind;
    return token_is_word(kind) && !is_literal_word(kind) && parser_peek(parser)->kind == TOK_COLON;
}

static Node *parse_word_key(Parser *parser)
{
    Node *key = parser_node(parser, NODE_STRING, parser->token.span);
    key->as.string.bytes = parser->token.as.name->text;
    key->as.string.size = parser->token.as.name->size;
    parser_advance(parser);
    return key;
}

// In `{k: v for k, v in d}` the key is the variable, not the text of its name.
static Node *key_of_comprehension(Parser *parser, Node *key, const Token *word)
{
    if (!token_is_name(word->kind)) return key;
    Node *name = parser_node(parser, NODE_NAME, key->span);
    name->as.name.name = word->as.name;
    return name;
}

// `{ return x }`: the block of a language with braces.
static bool is_statement_word(TokenKind kind)
{
    switch (kind) {
    case TOK_LET:
    case TOK_MUT:
    case TOK_CHANGE:
    case TOK_RETURN:
    case TOK_WHILE:
    case TOK_FOR:
    case TOK_THROW:
    case TOK_RAISE:
    case TOK_BREAK:
    case TOK_CONTINUE:
    case TOK_PASS:
        return true;
    default:
        return false;
    }
}

static Node *parse_pair(Parser *parser, Node *key)
{
    Node *pair = parser_node(parser, NODE_PAIR, key->span);
    pair->as.pair.key = parser_adopt(parser, pair, key);
    parser_expect(parser, TOK_COLON, "after the key");
    pair->as.pair.value = parser_adopt(parser, pair, parse_expression(parser));
    pair->span = parser_span_from(parser, key->span);
    return pair;
}

static Node *parse_key(Parser *parser)
{
    return is_word_key(parser) ? parse_word_key(parser) : parse_expression(parser);
}

// What may follow a key: ":" expression, or "..." when it was a dict to be spread.
static Node *parse_dict_item_rest(Parser *parser, Node *key)
{
    if (parser_accept(parser, TOK_ELLIPSIS)) return parse_spread(parser, key, key->span);
    return parse_pair(parser, key);
}

// dict item: key ":" expression | item with dots
static Node *parse_dict_item(Parser *parser)
{
    if (parser_at(parser, TOK_ELLIPSIS)) return parse_item(parser);
    return parse_dict_item_rest(parser, parse_key(parser));
}

static Node *parse_dict_rest(Parser *parser, Node *dict, Node *first)
{
    parser_adopt_item(parser, dict, &dict->as.list, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA)) {
        if (parser_at(parser, TOK_RIGHT_BRACE)) break;
        parser_adopt_item(parser, dict, &dict->as.list, parse_dict_item(parser));
    }
    return dict;
}

static Node *parse_set_rest(Parser *parser, Node *set, Node *first)
{
    set->kind = NODE_SET;
    parser_adopt_item(parser, set, &set->as.list, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA)) {
        if (parser_at(parser, TOK_RIGHT_BRACE)) break;
        parser_adopt_item(parser, set, &set->as.list, parse_expression(parser));
    }
    return set;
}

static Node *parse_brace_inside(Parser *parser, Span open)
{
    Node *node = parser_node(parser, NODE_DICT, open);
    if (parser_at(parser, TOK_RIGHT_BRACE)) return node;
    if (is_statement_word(parser->token.kind) && !is_word_key(parser)) {
        parser_fail_at(parser, open, "blocks are indented, not put in braces");
        return node;
    }
    if (parser_at(parser, TOK_ELLIPSIS))
        return parse_dict_rest(parser, node, parse_dict_item(parser));
    Token word = parser->token;
    bool is_word = is_word_key(parser);
    Node *first = parse_key(parser);
    if (parser_at(parser, TOK_FOR)) return parse_comprehension(parser, NODE_SET, first, NULL);
    if (!parser_at(parser, TOK_COLON) && !parser_at(parser, TOK_ELLIPSIS))
        return parse_set_rest(parser, node, first);
    Node *item = parse_dict_item_rest(parser, first);
    if (item->kind == NODE_SPREAD || !parser_at(parser, TOK_FOR))
        return parse_dict_rest(parser, node, item);
    Node *key = is_word ? key_of_comprehension(parser, first, &word) : first;
    return parse_comprehension(parser, NODE_DICT, key, item->as.pair.value);
}

Node *parse_brace(Parser *parser)
{
    if (!parser_enter(parser)) return parser_error_node(parser);
    Span open = parser_open(parser);
    Node *node = parse_brace_inside(parser, open);
    parser_close(parser, open, TOK_RIGHT_BRACE);
    parser_leave(parser);
    node->span = parser_span_from(parser, open);
    return node;
}

// ---- parentheses --------------------------------------------------------------------------------

// An item between parentheses. While reading it we cannot know whether it is a value or a lambda's
// parameter, so both are read: *parameter_mark becomes the `:` or `=` that only a parameter can
// have.
static Node *parse_paren_item(Parser *parser, Token *parameter_mark)
{
    Node *item = parse_item(parser);
    bool has_annotation = parser_at(parser, TOK_COLON);
    if (item->kind != NODE_NAME || (!has_annotation && !parser_at(parser, TOK_EQUAL))) return item;
    if (parameter_mark->kind == TOK_EOF) *parameter_mark = parser->token;
    Node *param = parser_node(parser, NODE_PARAM, item->span);
    param->as.param.name = item->as.name.name;
    if (parser_accept(parser, TOK_COLON))
        param->as.param.annotation = parser_adopt(parser, param, parse_type(parser));
    if (parser_accept(parser, TOK_EQUAL))
        param->as.param.default_value = parser_adopt(parser, param, parse_expression(parser));
    param->span = parser_span_from(parser, item->span);
    return param;
}

// The items between parentheses as a TUPLE; *has_comma tells `(a,)` from `(a)`.
static Node *parse_paren_items(Parser *parser, Token *parameter_mark, bool *has_comma)
{
    Node *tuple = parser_node(parser, NODE_TUPLE, parser->token.span);
    while (!parser_at(parser, TOK_RIGHT_PAREN) && !parser->is_recovering) {
        Node *item = parse_paren_item(parser, parameter_mark);
        parser_adopt_item(parser, tuple, &tuple->as.list, item);
        if (parser_at(parser, TOK_FOR) &&
            parser_fail(parser, "a comprehension stands in `[ ]` or `{ }`"))
            diag_help(parser->diags, "write `[… for … in …]`");
        if (!parser_accept(parser, TOK_COMMA)) break;
        *has_comma = true;
    }
    return tuple;
}

// `(a = 1)`, `(a: Int)`, `(xs...)` that turned out to be no parameters.
static void reject_parameters(Parser *parser, const Node *tuple, const Token *parameter_mark)
{
    if (parameter_mark->kind == TOK_EQUAL) {
        if (parser_report(parser, parameter_mark->span, DIAG_SYNTAX,
                          "`=` cannot stand inside an expression"))
            diag_help(parser->diags, "to compare, write `==`");
    } else if (parameter_mark->kind != TOK_EOF) {
        parser_report(parser, parameter_mark->span, DIAG_SYNTAX,
                      "`:` cannot stand inside parentheses");
    }
    for (const Node *item = tuple->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD)
            parser_report(parser, item->span, DIAG_SYNTAX,
                          "a spread stands in a call, a list or a dict");
}

// `(a, b) -> e`, where `=>` is meant.
static void reject_thin_arrow(Parser *parser)
{
    if (parser_fail(parser, "`->` cannot follow `( )` here"))
        diag_help(parser->diags, "a lambda is `(a, b) => …` or `fn(a, b) -> …`");
}

Node *parse_paren(Parser *parser)
{
    if (!parser_enter(parser)) return parser_error_node(parser);
    Token first = parser->token;
    Token parameter_mark = {.kind = TOK_EOF};
    bool has_comma = false;
    Span open = parser_open(parser);
    Node *tuple = parse_paren_items(parser, &parameter_mark, &has_comma);
    parser_close(parser, open, TOK_RIGHT_PAREN);
    parser_leave(parser);
    tuple->span = parser_span_from(parser, open);
    bool is_same_line = parser_is_same_line(parser);
    if (parser_at(parser, TOK_FAT_ARROW) && is_same_line && !parser->is_pattern)
        return parse_arrow_lambda(parser, &first, tuple->as.list);
    if (parser_at(parser, TOK_ARROW) && is_same_line) reject_thin_arrow(parser);
    reject_parameters(parser, tuple, &parameter_mark);
    if (has_comma || tuple->as.list.count != 1) return tuple;
    Node *inside = tuple->as.list.first;
    inside->flags |= NODE_PARENTHESIZED;
    return inside;
}

// ---- f-strings ----------------------------------------------------------------------------------

static Node *make_string(Parser *parser, const char *bytes, uint32_t size, Span span)
{
    Node *node = parser_node(parser, NODE_STRING, span);
    node->as.string.bytes = bytes;
    node->as.string.size = size;
    return node;
}

static Node *parse_fstring_text(Parser *parser)
{
    Token token = parser->token;
    parser_advance(parser);
    return make_string(parser, token.as.string.bytes, token.as.string.size, token.span);
}

// "!" "r": the form of the value that is shown.
static void parse_conversion(Parser *parser, Node *field)
{
    Span bang = parser->token.span;
    parser_advance(parser);
    const char *text = parser->source->text + parser->token.span.start;
    if (parser_at(parser, TOK_NAME) && parser->token.as.name->size == 1 && *text == 'r') {
        field->as.format.conversion = 'r';
        parser_advance(parser);
        return;
    }
    Span span = {bang.start, parser->token.span.end};
    if (parser_fail_at(parser, span, "there is no such conversion in an f-string"))
        diag_help(parser->diags, "`!r` shows a value's source form");
}

static Node *parse_field(Parser *parser, Node *fstring);

// The texts and fields behind the `:` of a field, up to its `}`: a STRING, or an FSTRING when it
// has fields.
static Node *parse_spec(Parser *parser)
{
    Node *spec = parser_node(parser, NODE_FSTRING, parser->token.span);
    parser_advance(parser);
    while (!parser->is_recovering) {
        if (parser_at(parser, TOK_FSTRING_TEXT))
            parser_adopt_item(parser, spec, &spec->as.list, parse_fstring_text(parser));
        else if (parser_at(parser, TOK_FIELD_START))
            parser_adopt_item(parser, spec, &spec->as.list, parse_field(parser, spec));
        else
            break;
    }
    spec->span = parser_span_from(parser, spec->span);
    Node *first = spec->as.list.first;
    if (!first) return make_string(parser, "", 0, spec->span);
    return first->kind == NODE_STRING && spec->as.list.count == 1 ? first : spec;
}

// `{x = }` shows the expression's text before its value, as in Python.
static void parse_self_description(Parser *parser, Node *fstring, Node *field)
{
    uint32_t start = field->span.start + 1;
    parser_advance(parser);
    uint32_t end = parser->token.span.start;
    const char *text = arena_copy(parser->arena, parser->source->text + start, end - start);
    Node *label = make_string(parser, text, end - start, (Span){start, end});
    parser_adopt_item(parser, fstring, &fstring->as.list, label);
    if (parser_at(parser, TOK_FIELD_END)) field->as.format.conversion = 'r';
}

// field: "{" expressions ["="] ["!" "r"] [":" spec] "}"
static Node *parse_field(Parser *parser, Node *fstring)
{
    Node *field = parser_node(parser, NODE_FORMAT, parser->token.span);
    if (!parser_enter(parser)) return field;
    Span open = parser_open(parser);
    if (parser_at(parser, TOK_FIELD_END))
        parser_fail_at(parser, (Span){open.start, parser->token.span.end},
                       "an expression is missing between the braces");
    field->as.format.value = parser_adopt(parser, field, parse_expressions(parser));
    if (parser_at(parser, TOK_EQUAL)) parse_self_description(parser, fstring, field);
    if (parser_at(parser, TOK_BANG)) parse_conversion(parser, field);
    if (parser_at(parser, TOK_FIELD_SPEC))
        field->as.format.spec = parser_adopt(parser, field, parse_spec(parser));
    parser->brackets--;
    if (parser_accept(parser, TOK_FIELD_END))
        parser->lost_brackets--;
    else
        parser_fail(parser, "expected `}` to end the field, found %s",
                    parser_describe(parser, &parser->token));
    parser_leave(parser);
    field->span = parser_span_from(parser, open);
    return field;
}

Node *parse_fstring(Parser *parser)
{
    Node *node = parser_node(parser, NODE_FSTRING, parser->token.span);
    parser_advance(parser);
    while (!parser->is_recovering) {
        if (parser_at(parser, TOK_FSTRING_TEXT)) {
            parser_adopt_item(parser, node, &node->as.list, parse_fstring_text(parser));
        } else if (parser_at(parser, TOK_FIELD_START)) {
            Node *field = parse_field(parser, node);
            parser_adopt_item(parser, node, &node->as.list, field);
        } else {
            break;
        }
    }
    if (!parser_accept(parser, TOK_FSTRING_END))
        parser_fail(parser, "expected the end of the string, found %s",
                    parser_describe(parser, &parser->token));
    node->span = parser_span_from(parser, node->span);
    return node;
}
