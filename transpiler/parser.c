// Statements, and the door of the parser.
//
// How to read the parser: parser_state.h says what its files share; parse_block.c decides layout;
// this file has a function for each statement; parse_expr.c and parse_literal.c have the
// expressions, parse_function.c functions and classes, parse_pattern.c patterns and annotations.
// Each function carries its grammar rule in the comment above it.

#include "parser_state.h"

// ---- targets and assignments --------------------------------------------------------------------

// Names, elements and fields can be assigned to, and several of them side by side.
static bool is_target(const Node *node)
{
    if (node->kind == NODE_TUPLE) {
        for (const Node *item = node->as.list.first; item; item = item->next)
            if (!is_target(item)) return false;
        return node->as.list.count > 0;
    }
    return node->kind == NODE_NAME || node->kind == NODE_INDEX || node->kind == NODE_MEMBER;
}

static const char *target_description(const Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_CALL:
        return "the result of a call";
    case NODE_INT:
    case NODE_FLOAT:
        return "a number";
    case NODE_STRING:
    case NODE_FSTRING:
        return "a string";
    case NODE_BOOL:
    case NODE_NONE:
        return "a constant";
    case NODE_COMPARE:
        return "a comparison";
    case NODE_LIST:
        return "a list";
    default:
        return "an expression";
    }
}

// Reports what cannot be assigned to, the smallest part of it.
static void check_target(Parser *parser, const Node *node)
{
    if (is_target(node) || node->kind == NODE_ERROR) return;
    if (node->kind == NODE_TUPLE && node->as.list.count > 0) {
        for (const Node *item = node->as.list.first; item; item = item->next)
            check_target(parser, item);
        return;
    }
    parser_report(parser, node->span, DIAG_ASSIGNMENT, "%s cannot be assigned to",
                  target_description(node));
}

// The operator of `op=`, or EOF.
static TokenKind augmented_operator(TokenKind kind)
{
    static const uint8_t operators[TOKEN_KIND_COUNT] = {
        [TOK_PLUS_EQUAL] = TOK_PLUS,
        [TOK_MINUS_EQUAL] = TOK_MINUS,
        [TOK_STAR_EQUAL] = TOK_STAR,
        [TOK_SLASH_EQUAL] = TOK_SLASH,
        [TOK_SLASH_SLASH_EQUAL] = TOK_SLASH_SLASH,
        [TOK_PERCENT_EQUAL] = TOK_PERCENT,
        [TOK_STAR_STAR_EQUAL] = TOK_STAR_STAR,
        [TOK_AMP_EQUAL] = TOK_AMP,
        [TOK_PIPE_EQUAL] = TOK_PIPE,
        [TOK_CARET_EQUAL] = TOK_CARET,
        [TOK_SHIFT_LEFT_EQUAL] = TOK_SHIFT_LEFT,
        [TOK_SHIFT_RIGHT_EQUAL] = TOK_SHIFT_RIGHT,
    };
    return (TokenKind)operators[kind];
}

// The value behind `=`: expressions, but one expression inside brackets, where commas separate
// something else.
static Node *parse_value(Parser *parser)
{
    return parser->brackets > 0 ? parse_expression(parser) : parse_expressions(parser);
}

// The value of an assignment, which ends there: `a = b = c` is none.
static void parse_assigned_value(Parser *parser, Node *node)
{
    node->as.assign.value = parser_adopt(parser, node, parse_value(parser));
    node->span = parser_span_from(parser, node->span);
    if (parser_at(parser, TOK_EQUAL) && !parser->token.is_first_on_line &&
        !parser_fail_dangling(parser))
        parser_fail(parser, "an assignment has no value that could be assigned again");
}

Node *parse_assignment_rest(Parser *parser, Node *target)
{
    TokenKind kind = parser->token.kind;
    TokenKind op = augmented_operator(kind);
    bool is_augmented = op != TOK_EOF;
    if ((kind != TOK_EQUAL && !is_augmented) || !parser_is_same_line(parser)) return target;
    if (is_augmented && target->kind == NODE_TUPLE)
        parser_report(parser, target->span, DIAG_ASSIGNMENT,
                      "`%s` changes one variable, not several", token_text(kind));
    else
        check_target(parser, target);
    Node *node = parser_node(parser, is_augmented ? NODE_AUGMENT : NODE_ASSIGN, target->span);
    node->op = (uint8_t)op;
    node->as.assign.target = parser_adopt(parser, node, target);
    parser_advance(parser);
    parse_assigned_value(parser, node);
    return node;
}

// ("let" | "mut") targets [":" type] ["=" expressions]
static Node *parse_let(Parser *parser)
{
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_LET, first.span);
    parser_advance(parser);
    bool is_mut = first.kind == TOK_MUT || parser_accept(parser, TOK_MUT);
    if (is_mut) node->flags |= NODE_MUT;
    node->as.assign.target = parser_adopt(parser, node, parse_binding_targets(parser));
    bool is_single = node->as.assign.target->kind == NODE_NAME;
    if (is_single && parser_accept(parser, TOK_COLON))
        node->as.assign.annotation = parser_adopt(parser, node, parse_type(parser));
    if (parser_accept(parser, TOK_EQUAL))
        parse_assigned_value(parser, node);
    else if (!is_single)
        parser_fail(parser, "expected `=` and the values of these names, found %s",
                    parser_describe(parser, &parser->token));
    node->span = parser_span_from(parser, first.span);
    bool may_have_doc = parser->options.is_library && !parser->open && first.is_first_on_line;
    if (may_have_doc) node->as.assign.doc = doc_comment_above(parser, first.line);
    return node;
}

// One or several of postfix, as targets of `change` and `del`.
static Node *parse_places(Parser *parser)
{
    Node *first = parse_postfix(parser);
    if (!parser_at(parser, TOK_COMMA) || parser->brackets > 0) return first;
    Node *tuple = parser_node(parser, NODE_TUPLE, first->span);
    parser_adopt_item(parser, tuple, &tuple->as.list, first);
    while (!parser->is_recovering && parser_accept(parser, TOK_COMMA))
        parser_adopt_item(parser, tuple, &tuple->as.list, parse_postfix(parser));
    tuple->span = parser_span_from(parser, first->span);
    return tuple;
}

// "change" places "to" expressions
static Node *parse_change(Parser *parser)
{
    Node *node = parser_node(parser, NODE_CHANGE, parser->token.span);
    parser_advance(parser);
    Node *target = parse_places(parser);
    check_target(parser, target);
    node->as.assign.target = parser_adopt(parser, node, target);
    if (parser_at(parser, TOK_EQUAL)) {
        if (parser_fail(parser, "expected `to`, found `=`"))
            diag_help(parser->diags, "write `change … to …`");
    } else if (parser_expect(parser, TOK_TO, "and the new value")) {
        parse_assigned_value(parser, node);
    }
    node->span = parser_span_from(parser, node->span);
    return node;
}

// "del" places
static Node *parse_del(Parser *parser)
{
    Node *node = parser_node(parser, NODE_DEL, parser->token.span);
    parser_advance(parser);
    do {
        Node *place = parse_postfix(parser);
        if (place->kind != NODE_INDEX && place->kind != NODE_MEMBER && place->kind != NODE_ERROR)
            parser_report(parser, place->span, DIAG_ASSIGNMENT,
                          "`del` removes an element or a field, not %s",
                          place->kind == NODE_NAME ? "a name" : target_description(place));
        parser_adopt_item(parser, node, &node->as.list, place);
    } while (!parser->is_recovering && parser_accept(parser, TOK_COMMA));
    node->span = parser_span_from(parser, node->span);
    return node;
}

// ---- one-word statements ------------------------------------------------------------------------

static Node *parse_word(Parser *parser, NodeKind kind)
{
    Node *node = parser_node(parser, kind, parser->token.span);
    parser_advance(parser);
    return node;
}

// "return" [expressions] | ("throw" | "raise") [expression]
static Node *parse_exit(Parser *parser, NodeKind kind)
{
    Node *node = parse_word(parser, kind);
    if (parser_at_statement_end(parser)) return node;
    Node *value = kind == NODE_RETURN ? parse_value(parser) : parse_expression(parser);
    node->as.unary.operand = parser_adopt(parser, node, value);
    node->span = parser_span_from(parser, node->span);
    return node;
}

// "assert" expression ["," expression]
static Node *parse_assert(Parser *parser)
{
    Node *node = parse_word(parser, NODE_ASSERT);
    node->as.pair.key = parser_adopt(parser, node, parse_expression(parser));
    if (parser->brackets == 0 && parser_accept(parser, TOK_COMMA))
        node->as.pair.value = parser_adopt(parser, node, parse_expression(parser));
    node->span = parser_span_from(parser, node->span);
    return node;
}

bool parse_simple_statement(Parser *parser, Node *block)
{
    Node *node;
    switch (parser->token.kind) {
    case TOK_LET:
    case TOK_MUT:
        node = parse_let(parser);
        break;
    case TOK_CHANGE:
        node = parse_change(parser);
        break;
    case TOK_RETURN:
        node = parse_exit(parser, NODE_RETURN);
        break;
    case TOK_THROW:
    case TOK_RAISE:
        node = parse_exit(parser, NODE_THROW);
        break;
    case TOK_ASSERT:
        node = parse_assert(parser);
        break;
    case TOK_BREAK:
        node = parse_word(parser, NODE_BREAK);
        break;
    case TOK_CONTINUE:
        node = parse_word(parser, NODE_CONTINUE);
        break;
    case TOK_PASS:
        node = parse_word(parser, NODE_PASS);
        break;
    default:
        return false;
    }
    parser_adopt_item(parser, block, &block->as.list, node);
    return true;
}

// ---- imports ------------------------------------------------------------------------------------

// NAME {"." NAME}, the parts into [node]'s path.
static void parse_path(Parser *parser, Node *node, const char *what)
{
    do {
        Node *name = parser_node(parser, NODE_NAME, parser->token.span);
        name->as.name.name = parser_expect_name(parser, what);
        if (!name->as.name.name) return;
        node_append(&node->as.import.path, name);
    } while (parser_accept(parser, TOK_DOT));
}

static void parse_alias(Parser *parser, Node *node)
{
    if (parser_accept(parser, TOK_AS))
        node->as.import.alias = parser_expect_name(parser, "a name after `as`");
    node->span = parser_span_from(parser, node->span);
}

// Appends an import unless nothing of it could be read.
static void add_import(Parser *parser, Node *block, Node *node)
{
    if (node->as.import.path.count == 0) node->kind = NODE_ERROR;
    parser_adopt_item(parser, block, &block->as.list, node);
}

// ("use" | "import") path ["as" NAME] {"," path ["as" NAME]}, a node for each path.
static void parse_import(Parser *parser, Node *block, NodeKind kind)
{
    Span start = parser->token.span;
    parser_advance(parser);
    do {
        Node *node = parser_node(parser, kind, start);
        parse_path(parser, node, "the name of a module");
        parse_alias(parser, node);
        add_import(parser, block, node);
        start = parser->token.span;
    } while (!parser->is_recovering && parser_accept(parser, TOK_COMMA));
}

static void parse_import_items(Parser *parser, Node *node)
{
    do {
        Node *item = parser_node(parser, NODE_IMPORT_ITEM, parser->token.span);
        Node *name = parser_node(parser, NODE_NAME, parser->token.span);
        name->as.name.name = parser_expect_name(parser, "a name to import");
        if (!name->as.name.name) return;
        node_append(&item->as.import.path, name);
        parse_alias(parser, item);
        node_append(&node->as.import.items, item);
    } while (parser_accept(parser, TOK_COMMA) && !parser_at(parser, TOK_RIGHT_PAREN));
}

// "from" path "import" (items | "(" items ")")
static void parse_from(Parser *parser, Node *block)
{
    Node *node = parser_node(parser, NODE_FROM, parser->token.span);
    parser_advance(parser);
    parse_path(parser, node, "the name of a module");
    parser_expect(parser, TOK_IMPORT, "after the module");
    if (parser_at(parser, TOK_STAR)) {
        parser_fail(parser, "`*` imports nothing; name what is needed");
    } else if (parser_at(parser, TOK_LEFT_PAREN)) {
        Span open = parser_open(parser);
        parse_import_items(parser, node);
        parser_close(parser, open, TOK_RIGHT_PAREN);
    } else if (!parser->is_recovering) {
        parse_import_items(parser, node);
    }
    node->span = parser_span_from(parser, node->span);
    add_import(parser, block, node);
}

// ---- if -----------------------------------------------------------------------------------------

// Does `elif`, or `else if`, of this construct come next? Reads its words if so.
static bool accept_elif(Parser *parser, Construct *construct)
{
    bool is_elif = construct_has_arm(parser, construct, TOK_ELIF);
    bool is_else = construct_has_arm(parser, construct, TOK_ELSE);
    if (is_else) {
        const Token *next = parser_peek(parser);
        is_elif = next->kind == TOK_IF && !next->is_first_on_line;
    }
    if (!is_elif) return false;
    construct->spans_lines |= parser->token.is_first_on_line;
    parser_advance(parser);
    if (is_else) parser_advance(parser);
    return true;
}

// The value in a header, which must begin on the header's line: [rule] reads it.
static Node *parse_header_value(Parser *parser, const Construct *construct, const char *what,
                                Node *(*rule)(Parser *parser))
{
    if (!parser->token.is_first_on_line || parser->brackets > 0) return rule(parser);
    parser_fail_at(parser, construct->span, "%s is missing after `%s`", what, construct->word);
    return parser_error_node(parser);
}

static Node *parse_if_arm(Parser *parser, Construct *construct)
{
    Node *arm = parser_node(parser, NODE_ARM, parser->previous);
    Node *condition = parse_header_value(parser, construct, "a condition", parse_expression);
    arm->as.arm.condition = parser_adopt(parser, arm, condition);
    Node *body = parse_header_end_and_body(parser, construct, HEADER_THEN);
    arm->as.arm.body = parser_adopt(parser, arm, body);
    arm->span = parser_span_from(parser, arm->span);
    return arm;
}

static Node *parse_else(Parser *parser, Construct *construct)
{
    construct->spans_lines |= parser->token.is_first_on_line;
    parser_advance(parser);
    return parse_header_end_and_body(parser, construct, HEADER_LOOSE);
}

// The expression that a block consists of, or NULL.
static Node *expression_of_block(const Node *block)
{
    if (block->as.list.count != 1) return NULL;
    Node *only = block->as.list.first;
    bool is_expression = only->kind <= NODE_FUNCTION || only->kind == NODE_IF ||
                         only->kind == NODE_MATCH || only->kind == NODE_TRY;
    return is_expression ? only : NULL;
}

// An `if` of one arm whose bodies are expressions on the same line is a CONDITIONAL.
static Node *simplify_if(Parser *parser, Node *node)
{
    const Node *arm = node->as.branch.arms.first;
    Node *otherwise = node->as.branch.otherwise;
    if (node->as.branch.arms.count != 1) return node;
    Node *then_value = expression_of_block(arm->as.arm.body);
    Node *else_value = otherwise ? expression_of_block(otherwise) : NULL;
    if (!then_value || (otherwise && !else_value)) return node;
    Node *simple = parser_node(parser, NODE_CONDITIONAL, node->span);
    simple->as.conditional.condition = parser_adopt(parser, simple, arm->as.arm.condition);
    simple->as.conditional.then = parser_adopt(parser, simple, then_value);
    simple->as.conditional.otherwise = parser_adopt(parser, simple, else_value);
    return simple;
}

// "if" expression body {"elif" expression body} ["else" body] ["end"]
Node *parse_if(Parser *parser, bool is_expression)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_IF, first.span);
    construct_open(parser, &construct, &first, "if");
    construct.is_expression = is_expression;
    parser_advance(parser);
    bool has_lines = false;
    do {
        parser_adopt_item(parser, node, &node->as.branch.arms, parse_if_arm(parser, &construct));
        has_lines |= !construct.is_inline;
        if (node->as.branch.arms.count > PARSER_MAX_BRANCHES)
            parser_stop(parser, first.span, "this `if` has more than %d branches",
                        PARSER_MAX_BRANCHES);
    } while (accept_elif(parser, &construct));
    if (construct_has_arm(parser, &construct, TOK_ELSE)) {
        node->as.branch.otherwise = parser_adopt(parser, node, parse_else(parser, &construct));
        has_lines |= !construct.is_inline;
    }
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return is_expression && !has_lines ? simplify_if(parser, node) : node;
}

// ---- loops and with -----------------------------------------------------------------------------

// "while" expression body ["end"]
static Node *parse_while(Parser *parser)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_WHILE, first.span);
    construct_open(parser, &construct, &first, "while");
    parser_advance(parser);
    Node *condition = parse_header_value(parser, &construct, "a condition", parse_expression);
    node->as.loop.condition = parser_adopt(parser, node, condition);
    Node *body = parse_header_end_and_body(parser, &construct, HEADER_DO);
    node->as.loop.body = parser_adopt(parser, node, body);
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return node;
}

// "for" targets "in" expressions body ["end"]
static Node *parse_for(Parser *parser)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_FOR, first.span);
    construct_open(parser, &construct, &first, "for");
    parser_advance(parser);
    node->as.loop.target = parser_adopt(parser, node, parse_binding_targets(parser));
    if (parser_expect(parser, TOK_IN, "after the loop's variable"))
        node->as.loop.condition = parser_adopt(parser, node, parse_expressions(parser));
    Node *body = parse_header_end_and_body(parser, &construct, HEADER_DO);
    node->as.loop.body = parser_adopt(parser, node, body);
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return node;
}

// "with" expression ["as" NAME] body ["end"]
static Node *parse_with(Parser *parser)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_WITH, first.span);
    construct_open(parser, &construct, &first, "with");
    parser_advance(parser);
    node->as.with.value = parser_adopt(parser, node, parse_expression(parser));
    if (parser_accept(parser, TOK_AS)) {
        Node *name = parser_node(parser, NODE_NAME, parser->token.span);
        name->as.name.name = parser_expect_name(parser, "a name after `as`");
        if (name->as.name.name) node->as.with.target = name;
    }
    Node *body = parse_header_end_and_body(parser, &construct, HEADER_DO);
    node->as.with.body = parser_adopt(parser, node, body);
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return node;
}

// ---- match --------------------------------------------------------------------------------------

static bool is_arm_start(const Parser *parser)
{
    TokenKind kind = parser->token.kind;
    bool is_word = kind == TOK_WHEN || kind == TOK_CASE || kind == TOK_ELSE;
    return is_word && parser->token.is_first_on_line;
}

// Does an arm of [match] come next? `else` may belong to an `if` around it.
static bool has_match_arm(const Parser *parser, const Construct *match)
{
    uint32_t column = parser->token.line.column;
    if (!is_arm_start(parser) || column < match->line.column) return false;
    bool may_be_outer = parser_at(parser, TOK_ELSE) && construct_is_in_unindented(match, column);
    return !(may_be_outer && match->outer->line.column == column);
}

// `case _` is `else`.
static bool is_wildcard(const NodeList *patterns)
{
    if (patterns->count != 1 || patterns->first->kind != NODE_PATTERN_VALUE) return false;
    const Node *value = patterns->first->as.unary.operand;
    return value->kind == NODE_NAME && !(value->flags & NODE_PARENTHESIZED) &&
           value->as.name.name->size == 1 && value->as.name.name->text[0] == '_';
}

// ("when" | "case") pattern {"," pattern} ["if" operand] | "else"
static void parse_arm_header(Parser *parser, Node *arm)
{
    bool is_else = parser_at(parser, TOK_ELSE);
    parser_advance(parser);
    if (is_else) return;
    if (parser->token.is_first_on_line) {
        parser_fail_at(parser, arm->span, "a pattern is missing after `%s`", parser->open->word);
        return;
    }
    NodeList *patterns = &arm->as.match_arm.patterns;
    do {
        parser_adopt_item(parser, arm, patterns, parse_pattern(parser));
    } while (!parser->is_recovering && parser_accept(parser, TOK_COMMA));
    if (is_wildcard(patterns)) *patterns = (NodeList){0};
    if (!parser->token.is_first_on_line && parser_accept(parser, TOK_IF))
        arm->as.match_arm.guard = parser_adopt(parser, arm, parse_operand(parser, PRECEDENCE_OR));
}

// Reads what stands in the place of the `:`. Other languages put an arrow there.
static bool accept_arm_arrow(Parser *parser)
{
    bool is_arrow = parser_at(parser, TOK_FAT_ARROW) || parser_at(parser, TOK_ARROW);
    if (!is_arrow) return parser_accept(parser, TOK_THEN);
    if (parser_report(parser, parser->token.span, DIAG_SYNTAX,
                      "expected `:` after the pattern, found %s",
                      parser_describe(parser, &parser->token)))
        diag_help(parser->diags, "write `when …: …`");
    parser_advance(parser);
    return true;
}

// An arm: its header and a body or a result.
static Node *parse_match_arm(Parser *parser, Construct *match)
{
    Construct construct;
    Token first = parser->token;
    Node *arm = parser_node(parser, NODE_MATCH_ARM, first.span);
    construct_open(parser, &construct, &first, token_text(first.kind));
    construct.is_arm = true;
    construct.is_expression = match->is_expression;
    parse_arm_header(parser, arm);
    bool is_loose = accept_arm_arrow(parser) || first.kind == TOK_ELSE;
    Node *body =
        parse_header_end_and_body(parser, &construct, is_loose ? HEADER_LOOSE : HEADER_COLON);
    Node *value = construct.has_lines ? NULL : expression_of_block(body);
    arm->as.match_arm.body = parser_adopt(parser, arm, value ? value : body);
    parser->open = construct.outer;
    bool is_own_end = parser_at(parser, TOK_END) && parser->token.is_first_on_line &&
                      parser->token.line.column == construct.line.column &&
                      construct.line.column > match->line.column;
    if (is_own_end)
        parser_advance(parser);
    else
        match->is_unindented |= construct.is_unindented;
    arm->span = parser_span_from(parser, first.span);
    return arm;
}

static void parse_match_arms(Parser *parser, Node *node, Construct *match)
{
    uint32_t column = parser->token.line.column;
    Surroundings around = parser_leave_statement(parser);
    match->has_lines = true;
    while (has_match_arm(parser, match)) {
        parser->column = parser->token.line.column;
        if (parser->token.line.column != column)
            parser_report(parser, parser->token.span, DIAG_LAYOUT,
                          "the arms of a `match` stand in one column");
        parser_adopt_item(parser, node, &node->as.match.arms, parse_match_arm(parser, match));
    }
    if (parser_at(parser, TOK_EOF)) note_unfinished_block(parser);
    parser_return_to_statement(parser, around);
}

// The subject of `match (a, b)`, which was read as the arguments of a call.
static Node *subject_of_call(Parser *parser, Node *call)
{
    NodeList args = call->as.call.args;
    if (args.count == 1) {
        args.first->flags |= NODE_PARENTHESIZED;
        return args.first;
    }
    Node *tuple = parser_node(parser, NODE_TUPLE, call->span);
    tuple->as.list = args;
    tuple->height = call->height;
    return tuple;
}

// Reads what is matched. *is_call tells that it was a call of the function `match`, which is
// returned then.
static Node *parse_subject(Parser *parser, Construct *match, bool *is_call)
{
    const char *after = parser->source->text + parser->token.span.end;
    Node *callee = parser_node(parser, NODE_NAME, parser->token.span);
    callee->as.name.name = parser->token.as.name;
    parser_advance(parser);
    if (*after != '(') return parse_header_value(parser, match, "a value", parse_value);
    Node *call = parse_call(parser, callee);
    *is_call = !is_arm_start(parser) && !parser_at(parser, TOK_COLON);
    return *is_call ? call : subject_of_call(parser, call);
}

static void reject_missing_arms(Parser *parser, Construct *construct)
{
    if (parser_at(parser, TOK_EOF) && parser->options.is_repl) {
        note_unfinished_block(parser);
        return;
    }
    construct->has_lines = true; // for its `end`
    parser_report(parser, construct->span, DIAG_LAYOUT, "this `match` has no arms");
}

// "match" expressions [":"] arm {arm} ["end"]
Node *parse_match(Parser *parser, bool is_expression)
{
    Construct construct;
    Token first = parser->token;
    bool is_call = false;
    Node *node = parser_node(parser, NODE_MATCH, first.span);
    construct_open(parser, &construct, &first, "match");
    construct.is_expression = is_expression;
    Node *subject = parse_subject(parser, &construct, &is_call);
    if (is_call) {
        parser->open = construct.outer;
        return subject;
    }
    node->as.match.subject = parser_adopt(parser, node, subject);
    parse_header_end(parser, &construct, HEADER_COLON);
    if (is_arm_start(parser))
        parse_match_arms(parser, node, &construct);
    else
        reject_missing_arms(parser, &construct);
    if (construct.is_braced) parser_accept(parser, TOK_RIGHT_BRACE);
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return node;
}

// ---- try ----------------------------------------------------------------------------------------

static bool begins_with_capital(const Token *token)
{
    char letter = token->as.name->text[0];
    return letter >= 'A' && letter <= 'Z';
}

// Is what follows `catch e:` on its line a type, and not a one-line body? A type is names, `.` and
// `|` up to the line's end or a word that ends a header; a name alone is one if it begins with a
// capital letter.
static bool is_catch_type(Parser *parser)
{
    if (!token_is_name(parser->token.kind) || parser->token.is_first_on_line) return false;
    if (!begins_with_capital(&parser->token) && parser_peek(parser)->kind != TOK_DOT) return false;
    // Look as far as it takes, then come back.
    Parser saved = *parser;
    parser->lexer.is_muted = true;
    while (!parser->token.is_first_on_line &&
           (token_is_name(parser->token.kind) || parser_at(parser, TOK_DOT) ||
            parser_at(parser, TOK_PIPE)))
        parser_advance(parser);
    const Token *after = &parser->token;
    bool is_type = after->is_first_on_line || after->kind == TOK_COLON || after->kind == TOK_THEN ||
                   after->kind == TOK_DO || after->kind == TOK_LEFT_BRACE;
    *parser = saved;
    return is_type;
}

// `catch ValueError as e`
static void reject_catch_as(Parser *parser, const Node *node)
{
    if (!parser_at(parser, TOK_AS)) return;
    const char *name = node->as.catch_.name->text;
    if (parser_fail(parser, "expected `:` and a type after the caught error's name, found `as`"))
        diag_help(parser->diags, "write `catch e: %s`", name);
}

// "catch" [NAME [":" type]] body
static Node *parse_catch(Parser *parser, Construct *construct)
{
    Node *node = parser_node(parser, NODE_CATCH, parser->token.span);
    construct->spans_lines |= parser->token.is_first_on_line;
    parser_advance(parser);
    if (token_is_name(parser->token.kind) && !parser->token.is_first_on_line) {
        node->as.catch_.name = parser->token.as.name;
        node->as.catch_.name_span = parser->token.span;
        parser_advance(parser);
        reject_catch_as(parser, node);
        if (parser_at(parser, TOK_COLON) && !parser_peek(parser)->is_first_on_line) {
            parser_advance(parser);
            if (is_catch_type(parser))
                node->as.catch_.type = parser_adopt(parser, node, parse_type(parser));
        }
    }
    // Behind `catch e:` a body may stand on the same line, but where a type stood another `:` is
    // due.
    bool is_read = !node->as.catch_.type && parser->previous.end > parser->previous.start &&
                   parser->source->text[parser->previous.start] == ':';
    Node *body = is_read ? parse_body(parser, construct)
                         : parse_header_end_and_body(parser, construct, HEADER_COLON);
    node->as.catch_.body = parser_adopt(parser, node, body);
    node->span = parser_span_from(parser, node->span);
    return node;
}

// "try" body {catch} ["finally" body] ["end"]
Node *parse_try(Parser *parser, bool is_expression)
{
    Construct construct;
    Token first = parser->token;
    Node *node = parser_node(parser, NODE_TRY, first.span);
    construct_open(parser, &construct, &first, "try");
    construct.is_expression = is_expression;
    parser_advance(parser);
    Node *body = parse_header_end_and_body(parser, &construct, HEADER_LOOSE);
    node->as.try_.body = parser_adopt(parser, node, body);
    while (construct_has_arm(parser, &construct, TOK_CATCH))
        parser_adopt_item(parser, node, &node->as.try_.catches, parse_catch(parser, &construct));
    if (construct_has_arm(parser, &construct, TOK_FINALLY))
        node->as.try_.finally = parser_adopt(parser, node, parse_else(parser, &construct));
    if (!node->as.try_.catches.count && !node->as.try_.finally)
        parser_report(parser, first.span, DIAG_LAYOUT,
                      "this `try` has neither `catch` nor `finally`");
    construct_close(parser, &construct);
    node->span = parser_span_from(parser, first.span);
    return node;
}

// ---- statements ---------------------------------------------------------------------------------

// Words like `with` are ordinary names too. They begin a statement where an operand follows on
// their line, for that could not follow a name; a bracket counts if a blank stands before it.
static bool is_statement_word(Parser *parser)
{
    Span word = parser->token.span;
    const Token *next = parser_peek(parser);
    if (next->is_first_on_line) return false;
    switch (next->kind) {
    case TOK_LEFT_PAREN:
    case TOK_LEFT_SQUARE:
        return next->span.start > word.end;
    case TOK_CONTAINS:
    case TOK_STARTS_WITH:
    case TOK_ENDS_WITH:
    case TOK_AS:
        return false;
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_FN:
    case TOK_MATCH:
    case TOK_TRY:
        return true;
    default:
        return token_is_name(next->kind);
    }
}

// `x: Int = 3`
static void reject_annotation(Parser *parser, const Node *target)
{
    if (target->kind != NODE_NAME || !parser_at(parser, TOK_COLON)) return;
    if (parser->token.is_first_on_line || parser_peek(parser)->is_first_on_line) return;
    const char *name = target->as.name.name->text;
    if (parser_fail(parser, "`:` cannot follow a name here"))
        diag_help(parser->diags, "a variable with a type is made by `let %s: …`", name);
}

static Node *parse_expression_statement(Parser *parser)
{
    Node *target = parse_expressions(parser);
    reject_annotation(parser, target);
    return parse_assignment_rest(parser, target);
}

static Node *parse_declaration(Parser *parser, Node *(*rule)(Parser *parser))
{
    Token first = parser->token;
    Node *node = rule(parser);
    bool may_have_doc = parser->options.is_library && !parser->open && first.is_first_on_line;
    Node *doc = may_have_doc ? doc_comment_above(parser, first.line) : NULL;
    if (doc && node->kind == NODE_FUNCTION) node->as.function.doc = doc;
    if (doc && node->kind == NODE_CLASS) node->as.class_.doc = doc;
    return node;
}

static Node *parse_function_statement(Parser *parser)
{
    // Without a name it is a lambda, the beginning of an expression.
    if (parser_peek(parser)->kind == TOK_LEFT_PAREN) return parse_expression_statement(parser);
    return parse_function(parser, true);
}

static Node *parse_match_statement(Parser *parser)
{
    Node *node = parse_match(parser, false);
    if (node->kind == NODE_MATCH) return node;
    return parse_assignment_rest(parser, parse_expression_rest(parser, node));
}

// The statements that are one node. [expression] statements are whatever nothing else is.
static Node *parse_one_statement(Parser *parser)
{
    switch (parser->token.kind) {
    case TOK_IF:
        return parse_if(parser, false);
    case TOK_WHILE:
        return parse_while(parser);
    case TOK_FOR:
        return parse_for(parser);
    case TOK_MATCH:
        return parse_match_statement(parser);
    case TOK_TRY:
        return parse_try(parser, false);
    case TOK_CLASS:
        return parse_declaration(parser, parse_class);
    case TOK_DEF:
    case TOK_DEFI:
    case TOK_FN:
        return parse_declaration(parser, parse_function_statement);
    case TOK_EXTERN:
        if (parser_peek(parser)->kind == TOK_DEF || parser_peek(parser)->kind == TOK_FN ||
            parser_peek(parser)->kind == TOK_STRING || parser_peek(parser)->kind == TOK_CLASS)
            return parse_declaration(parser, parse_extern);
        break;
    case TOK_WITH:
        if (is_statement_word(parser)) return parse_with(parser);
        break;
    case TOK_DEL:
        if (is_statement_word(parser)) return parse_del(parser);
        break;
    default:
        break;
    }
    return parse_expression_statement(parser);
}

void parse_statement(Parser *parser, Node *block)
{
    parser->statement = parser->token.span.start;
    switch (parser->token.kind) {
    case TOK_USE:
        parse_import(parser, block, NODE_USE);
        return;
    case TOK_IMPORT:
        parse_import(parser, block, NODE_IMPORT);
        return;
    case TOK_FROM:
        parse_from(parser, block);
        return;
    default:
        if (parse_simple_statement(parser, block)) return;
        parser_adopt_item(parser, block, &block->as.list, parse_one_statement(parser));
    }
}

// ---- the door -----------------------------------------------------------------------------------

static void parser_init(Parser *parser, const ParserOptions *options)
{
    Source *source = parser->source;
    uint32_t end = options->end ? options->end : source->size;
    parser->options = *options;
    lexer_init_part(&parser->lexer, parser->arena, parser->names, parser->diags, source,
                    (Span){options->start, end});
    parser->lexer.may_go_on = options->is_repl;
    parser_advance(parser);
    parser->previous = (Span){options->start, options->start};
}

Node *parse_module(Arena *arena, Names *names, Diags *diags, Source *source, ParserOptions options,
                   bool *incomplete)
{
    Parser parser = {.arena = arena, .names = names, .diags = diags, .source = source};
    int errors = diags->error_count;
    parser_init(&parser, &options);
    Node *module = parser_node(&parser, NODE_BLOCK, (Span){options.start, options.start});
    uint32_t column = options.is_repl ? parser.token.line.column : 0;
    parse_lines(&parser, NULL, module, column);
    module->span = parser_span_from(&parser, module->span);
    bool is_unfinished = parser.is_incomplete || (options.is_repl && parser.lexer.is_unfinished);
    if (incomplete) *incomplete = is_unfinished && diags->error_count == errors;
    return module;
}
