// Functions, lambdas, declarations of C functions, and classes.

#include "parser_state.h"

#include <string.h>

// ---- parameters ---------------------------------------------------------------------------------

// `*args`, `**kwargs`
static void fail_star_parameter(Parser *parser)
{
    bool is_double = parser_at(parser, TOK_STAR_STAR);
    if (parser_fail(parser, "`%s` cannot begin a parameter", token_text(parser->token.kind)) &&
        !is_double)
        diag_help(parser->diags, "a parameter that takes the rest is written `name...`");
}

// param: NAME ["..."] [":" type] ["=" expression] | "..." NAME
static Node *parse_param(Parser *parser)
{
    Node *param = parser_node(parser, NODE_PARAM, parser->token.span);
    if (parser_at(parser, TOK_STAR) || parser_at(parser, TOK_STAR_STAR)) {
        fail_star_parameter(parser);
        return param;
    }
    param->as.param.is_rest = parser_accept(parser, TOK_ELLIPSIS);
    param->as.param.name = parser_expect_name(parser, "the name of a parameter");
    if (parser_accept(parser, TOK_ELLIPSIS)) param->as.param.is_rest = true;
    if (parser_accept(parser, TOK_COLON))
        param->as.param.annotation = parser_adopt(parser, param, parse_type(parser));
    if (parser_accept(parser, TOK_EQUAL))
        param->as.param.default_value = parser_adopt(parser, param, parse_expression(parser));
    param->span = parser_span_from(parser, param->span);
    return param;
}

// What a list of parameters must be whatever the names mean: defaults last, one rest.
static void check_params(Parser *parser, const NodeList *params)
{
    const Node *with_default = NULL;
    const Node *rest = NULL;
    for (const Node *param = params->first; param; param = param->next) {
        if (param->kind != NODE_PARAM || !param->as.param.name) return;
        const char *name = param->as.param.name->text;
        if (param->as.param.is_rest) {
            if (rest)
                parser_report(parser, param->span, DIAG_SYNTAX,
                              "a function has only one parameter that takes the rest");
            rest = param;
        } else if (param->as.param.default_value) {
            with_default = param;
        } else if (with_default && !rest) {
            if (parser_report(parser, param->span, DIAG_SYNTAX,
                              "`%s` needs a default, because `%s` before it has one", name,
                              with_default->as.param.name->text))
                diag_label(parser->diags, with_default->span, "has a default");
        }
    }
}

// "(" [param {"," param}] ")"
static void parse_params(Parser *parser, Node *function)
{
    if (!parser_at(parser, TOK_LEFT_PAREN)) {
        parser_fail(parser, "expected `(` and the parameters, found %s",
                    parser_describe(parser, &parser->token));
        return;
    }
    if (!parser_enter(parser)) return;
    NodeList *params = &function->as.function.params;
    Span open = parser_open(parser);
    while (!parser_at(parser, TOK_RIGHT_PAREN) && !parser->is_recovering) {
        parser_adopt_item(parser, function, params, parse_param(parser));
        if (!parser_accept(parser, TOK_COMMA)) break;
    }
    parser_close(parser, open, TOK_RIGHT_PAREN);
    parser_leave(parser);
    check_params(parser, params);
}

// "[" NAME {"," NAME} "]"
static void parse_type_params(Parser *parser, Node *function)
{
    if (!parser_at(parser, TOK_LEFT_SQUARE)) return;
    Span open = parser_open(parser);
    while (!parser_at(parser, TOK_RIGHT_SQUARE) && !parser->is_recovering) {
        Node *name = parser_node(parser, NODE_NAME, parser->token.span);
        name->as.name.name = parser_expect_name(parser, "the name of a type parameter");
        if (name->as.name.name) node_append(&function->as.function.type_params, name);
        if (!parser_accept(parser, TOK_COMMA)) break;
    }
    parser_close(parser, open, TOK_RIGHT_SQUARE);
}

// ---- bodies -------------------------------------------------------------------------------------

// A string that is followed by more statements is no value but the documentation.
static Node *take_docstring(Node *block)
{
    Node *first = block->as.list.first;
    if (block->as.list.count < 2 || first->kind != NODE_STRING) return NULL;
    if (first->flags & NODE_PARENTHESIZED) return NULL;
    block->as.list.first = first->next;
    block->as.list.count--;
    first->next = NULL;
    return first;
}

// A body of lines, or of statements behind `:`.
static void set_block(Parser *parser, Node *function, Node *block)
{
    Node *doc = take_docstring(block);
    if (doc) function->as.function.doc = doc;
    function->as.function.body = parser_adopt(parser, function, block);
}

// The body behind an arrow: one expression or simple statement, or lines.
static void parse_arrow_body(Parser *parser, Construct *construct, Node *function)
{
    if (parser->token.is_first_on_line) {
        set_block(parser, function, parse_body(parser, construct));
        return;
    }
    construct->is_inline = true;
    if (!parser_enter(parser)) return;
    Node *value = parse_inline_value(parser);
    if (value->kind != NODE_BLOCK) function->flags |= NODE_ONE_EXPRESSION;
    parser_leave(parser);
    function->as.function.body = parser_adopt(parser, function, value);
}

static void reject_equal(Parser *parser)
{
    if (parser_fail(parser, "`=` cannot follow the parameters"))
        diag_help(parser->diags, "a function of one expression is written `def f(x) => …`");
}

// Everything behind the parameters. A named function may have a result type there; the arrow of a
// lambda is its body's.
static void parse_rest_of_function(Parser *parser, Construct *construct, Node *function)
{
    bool is_lambda = function->as.function.name == NULL;
    if (!is_lambda && parser_accept(parser, TOK_ARROW))
        function->as.function.result = parser_adopt(parser, function, parse_type(parser));
    if (parser->is_recovering) {
        // The header's mistake was reported; its body is read all the same.
    } else if (parser_accept(parser, TOK_FAT_ARROW) ||
               (is_lambda && parser_accept(parser, TOK_ARROW))) {
        parse_arrow_body(parser, construct, function);
        return;
    } else if (parser_at(parser, TOK_EQUAL)) {
        reject_equal(parser);
    }
    set_block(parser, function, parse_header_end_and_body(parser, construct, HEADER_COLON));
}

// ---- functions ----------------------------------------------------------------------------------

// [NAME [type parameters]] "(" parameters ")". Any word may be a function's name: it can be called
// as a method.
static void parse_signature(Parser *parser, Node *function)
{
    if (token_is_word(parser->token.kind) && !parser->token.is_first_on_line) {
        function->as.function.name = parser->token.as.name;
        function->as.function.name_span = parser->token.span;
        parser_advance(parser);
        parse_type_params(parser, function);
    }
    parse_params(parser, function);
}

Node *parse_function(Parser *parser, bool is_statement)
{
    Construct construct;
    Token first = parser->token;
    Node *function = parser_node(parser, NODE_FUNCTION, first.span);
    if (first.kind == TOK_DEFI) function->flags |= NODE_DEFI;
    if (is_statement) function->flags |= NODE_IS_STATEMENT;
    construct_open(parser, &construct, &first, token_text(first.kind));
    construct.is_expression = !is_statement;
    parser_advance(parser);
    parse_signature(parser, function);
    parse_rest_of_function(parser, &construct, function);
    construct_close(parser, &construct);
    function->span = parser_span_from(parser, first.span);
    return function;
}

// Makes a parameter of what was read as an expression between parentheses; NULL after reporting
// that it is none.
static Node *param_of_expression(Parser *parser, Node *item)
{
    if (item->kind == NODE_PARAM) return item;
    bool is_rest = item->kind == NODE_SPREAD;
    Node *name = is_rest ? item->as.unary.operand : item;
    if (name->kind != NODE_NAME) {
        parser_report(parser, item->span, DIAG_SYNTAX, "a parameter of a lambda is a name");
        return NULL;
    }
    Node *param = parser_node(parser, NODE_PARAM, item->span);
    param->as.param.name = name->as.name.name;
    param->as.param.is_rest = is_rest;
    return param;
}

Node *parse_arrow_lambda(Parser *parser, const Token *first, NodeList params)
{
    Construct construct;
    Node *function = parser_node(parser, NODE_FUNCTION, first->span);
    for (Node *item = params.first, *next; item; item = next) {
        next = item->next;
        item->next = NULL;
        Node *param = param_of_expression(parser, item);
        if (param) parser_adopt_item(parser, function, &function->as.function.params, param);
    }
    check_params(parser, &function->as.function.params);
    Token arrow = parser->token;
    arrow.line = first->line;
    construct_open(parser, &construct, &arrow, "=>");
    construct.is_expression = true;
    parser_advance(parser);
    parse_arrow_body(parser, &construct, function);
    construct_close(parser, &construct);
    function->span = parser_span_from(parser, first->span);
    return function;
}

// ---- C functions --------------------------------------------------------------------------------

static const char *parse_c_text(Parser *parser)
{
    const char *text = parser->token.as.string.bytes;
    parser_advance(parser);
    return text;
}

// "extern" "class" NAME "=" C_NAME: the type of a library's own objects, whose tb_class C defines.
static Node *parse_extern_class(Parser *parser)
{
    Node *node = parser_node(parser, NODE_CLASS, parser->token.span);
    parser_advance(parser);
    parser_advance(parser);
    node->as.class_.name_span = parser->token.span;
    node->as.class_.name = parser_expect_name(parser, "the name of a class");
    parser_expect(parser, TOK_EQUAL, "and the C name of the class");
    if (parser_at(parser, TOK_STRING))
        node->as.class_.extern_name = parse_c_text(parser);
    else
        parser_fail(parser, "expected the C name of the class in quotes, found %s",
                    parser_describe(parser, &parser->token));
    node->span = parser_span_from(parser, node->span);
    if (!node->as.class_.extern_name) node->kind = NODE_ERROR;
    return node;
}

Node *parse_extern(Parser *parser)
{
    if (parser_peek(parser)->kind == TOK_CLASS) return parse_extern_class(parser);
    Node *function = parser_node(parser, NODE_FUNCTION, parser->token.span);
    function->flags |= NODE_IS_STATEMENT;
    parser_advance(parser);
    if (parser_at(parser, TOK_STRING)) function->as.function.extern_library = parse_c_text(parser);
    if (!parser_accept(parser, TOK_FN)) parser_expect(parser, TOK_DEF, "after `extern`");
    parse_signature(parser, function);
    const Name *name = function->as.function.name;
    if (!name) parser_fail(parser, "a C function needs a name");
    if (parser_accept(parser, TOK_ARROW))
        function->as.function.result = parser_adopt(parser, function, parse_type(parser));
    function->as.function.extern_name = name ? name->text : "";
    if (parser_accept(parser, TOK_EQUAL)) {
        if (parser_at(parser, TOK_STRING))
            function->as.function.extern_name = parse_c_text(parser);
        else
            parser_fail(parser, "expected the C function's name in quotes, found %s",
                        parser_describe(parser, &parser->token));
    }
    function->span = parser_span_from(parser, function->span);
    return function;
}

// ---- doc comments -------------------------------------------------------------------------------

// Moves *line, the start of a line, to the line before it if that is a `##` line.
static bool step_to_doc_line(const char *text, uint32_t *line)
{
    if (*line == 0) return false;
    uint32_t start = *line - 1;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    uint32_t at = start + (uint32_t)strspn(text + start, " \t");
    if (text[at] != '#' || text[at + 1] != '#') return false;
    *line = start;
    return true;
}

Node *doc_comment_above(Parser *parser, Line line)
{
    const char *text = parser->source->text;
    uint32_t start = line.start;
    while (step_to_doc_line(text, &start)) {
    }
    if (start == line.start) return NULL;
    char *bytes = arena_alloc(parser->arena, line.start - start + 1);
    char *out = bytes;
    for (const char *at = text + start; at < text + line.start;) {
        at += strspn(at, " \t") + 2; // behind the `##`
        if (*at == ' ') at++;
        const char *end = memchr(at, '\n', (size_t)(text + line.start - at));
        memcpy(out, at, (size_t)(end + 1 - at));
        out += end + 1 - at;
        at = end + 1;
    }
    out[-1] = '\0'; // the last line's end
    Node *doc = parser_node(parser, NODE_STRING, (Span){start, line.start - 1});
    doc->as.string.bytes = bytes;
    doc->as.string.size = (uint32_t)(out - 1 - bytes);
    return doc;
}

// ---- classes ------------------------------------------------------------------------------------

// NAME {"." NAME}
static Node *parse_base(Parser *parser)
{
    Node *base = parser_node(parser, NODE_NAME, parser->token.span);
    base->as.name.name = parser_expect_name(parser, "the name of a class");
    while (!parser->is_recovering && parser_accept(parser, TOK_DOT)) {
        Node *member = parser_node(parser, NODE_MEMBER, base->span);
        member->as.member.object = parser_adopt(parser, member, base);
        member->as.member.name_span = parser->token.span;
        member->as.member.name = parser_expect_name(parser, "the name of a class");
        member->span = parser_span_from(parser, base->span);
        base = member;
    }
    if (parser->is_recovering) base->kind = NODE_ERROR;
    return base;
}

// ["(" [base] ")" | "extends" base]
static void parse_class_base(Parser *parser, Node *node)
{
    if (parser_accept(parser, TOK_EXTENDS)) {
        node->as.class_.base = parser_adopt(parser, node, parse_base(parser));
        return;
    }
    if (!parser_at(parser, TOK_LEFT_PAREN)) return;
    Span open = parser_open(parser);
    if (!parser_at(parser, TOK_RIGHT_PAREN))
        node->as.class_.base = parser_adopt(parser, node, parse_base(parser));
    if (parser_at(parser, TOK_COMMA)) parser_fail(parser, "a class has one base");
    parser_close(parser, open, TOK_RIGHT_PAREN);
}

static void reject_member(Parser *parser, const Node *item)
{
    if (!parser_report(parser, item->span, DIAG_SYNTAX,
                       "a class body holds methods and `let`, nothing else"))
        return;
    if (item->kind == NODE_ASSIGN) diag_help(parser->diags, "a class variable is made by `let`");
}

// Sorts the statements of a class body: methods and class variables, the docstring, what cannot
// stand there.
static void take_members(Parser *parser, Node *node, Node *block)
{
    for (Node *item = block->as.list.first, *next; item; item = next) {
        next = item->next;
        item->next = NULL;
        bool is_method = item->kind == NODE_FUNCTION && item->as.function.name;
        if (is_method || item->kind == NODE_LET)
            parser_adopt_item(parser, node, &node->as.class_.body, item);
        else if (item->kind == NODE_STRING && item == block->as.list.first)
            node->as.class_.doc = item;
        else if (item->kind != NODE_PASS && item->kind != NODE_ERROR)
            reject_member(parser, item);
    }
}

Node *parse_class(Parser *parser)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_CLASS, first.span);
    construct_open(parser, &construct, &first, "class");
    parser_advance(parser);
    node->as.class_.name_span = parser->token.span;
    node->as.class_.name = parser_expect_name(parser, "the name of a class");
    if (!parser->is_recovering) parse_class_base(parser, node);
    Node *block = parse_header_end_and_body(parser, &construct, HEADER_COLON);
    node->height = block->height;
    bool is_unclosed = construct.is_unindented && !parser_at(parser, TOK_END);
    if (!construct.has_mistake && !is_unclosed) take_members(parser, node, block);
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    if (!node->as.class_.name) node->kind = NODE_ERROR;
    return node;
}
