// Layout: where bodies begin and end (LANGUAGE.md section 3).
//
// A construct knows its header column. Its body is what follows on the same line; or the lines
// indented deeper; or, at the header column itself, the lines up to its `end`. Bodies nest by
// recursion, so a line that is less deep ends the bodies inside one after the other, and an `end`
// meets the innermost construct with its column first.

#include "parser_state.h"

// ---- constructs ---------------------------------------------------------------------------------

void construct_open(Parser *parser, Construct *construct, const Token *first, const char *word)
{
    *construct = (Construct){
        .outer = parser->open,
        .word = word,
        .span = first->span,
        .line = first->line,
    };
    parser->open = construct;
}

bool construct_is_in_unindented(const Construct *construct, uint32_t column)
{
    for (const Construct *outer = construct->outer; outer; outer = outer->outer)
        if (outer->is_unindented && outer->line.column == column) return true;
    return false;
}

bool construct_has_arm(const Parser *parser, const Construct *construct, TokenKind kind)
{
    const Token *token = &parser->token;
    if (token->kind != kind) return false;
    if (!token->is_first_on_line) return construct->is_inline || construct->is_braced;
    if (token->line.column == construct->line.column) return true;
    if (construct->is_inline && parser->brackets > 0) return true;
    // `else` of an if-expression may stand deeper than the statement that the expression is part
    // of.
    bool may_be_deeper = construct->is_inline || construct->is_expression;
    return may_be_deeper && token->line.column > construct->line.column;
}

// Is the `end` that comes next this construct's?
static bool is_end_of(const Parser *parser, const Construct *construct)
{
    const Token *token = &parser->token;
    if (token->kind != TOK_END) return false;
    if (!token->is_first_on_line) return true;
    if (token->line.column != construct->line.column) return false;
    if (construct->has_lines) return true;
    // What has only one-line bodies is complete; an `end` below it is tolerated where nobody else
    // can want it.
    if (construct_is_in_unindented(construct, token->line.column)) return false;
    return construct->spans_lines || !construct->is_expression;
}

void construct_close(Parser *parser, Construct *construct)
{
    parser->open = construct->outer;
    if (is_end_of(parser, construct)) {
        parser_advance(parser);
        return;
    }
    if (!construct->is_unindented || construct->has_mistake || parser->has_tab_error) return;
    bool is_closed = parser->brackets > 0 && !parser->token.is_first_on_line;
    bool is_finished = parser->options.is_repl && parser_at(parser, TOK_EOF);
    if (is_closed || is_finished) return;
    if (parser_report(parser, construct->span, DIAG_LAYOUT, "this `%s` is never closed by `end`",
                      construct->word))
        diag_help(parser->diags, "indent its body, or end it with `end`");
}

// ---- lines --------------------------------------------------------------------------------------

// Words that go on with a construct or end it.
static bool is_arm_word(const Construct *construct, TokenKind kind)
{
    switch (kind) {
    case TOK_END:
    case TOK_ELIF:
    case TOK_ELSE:
    case TOK_CATCH:
    case TOK_FINALLY:
        return true;
    case TOK_WHEN:
    case TOK_CASE:
        return construct && construct->is_arm;
    default:
        return false;
    }
}

// Does a line that begins with the next token end the body that stands at [column]?
static bool is_body_end(const Parser *parser, const Construct *construct, uint32_t column)
{
    const Token *token = &parser->token;
    if (!construct) return false;
    if (token_is_closing_bracket(token->kind) && (parser->is_bracketed || construct->is_braced))
        return true;
    if (token->kind == TOK_COMMA && parser->is_bracketed) return true;
    if (!token->is_first_on_line) return false;
    uint32_t header = construct->line.column;
    if (token->line.column < header) return true;
    if (column == header)
        return token->line.column == header && is_arm_word(construct, token->kind);
    if (token->line.column == header) return true;
    bool is_else = token->kind == TOK_ELSE || token->kind == TOK_ELIF;
    return is_else && construct->is_expression && token->line.column < column;
}

// How wide a line's indentation is if a tab goes to the next multiple of [stop].
static uint32_t width_with_tabs(const Parser *parser, Line line, uint32_t stop)
{
    uint32_t width = 0;
    for (const char *at = parser->source->text + line.start; *at == ' ' || *at == '\t'; at++)
        width = *at == '\t' ? (width / stop + 1) * stop : width + 1;
    return width;
}

static int order_with_tabs(const Parser *parser, Line a, Line b, uint32_t stop)
{
    uint32_t width_a = width_with_tabs(parser, a, stop);
    uint32_t width_b = width_with_tabs(parser, b, stop);
    return (width_a > width_b) - (width_a < width_b);
}

// Reports two lines of which it depends on the width of a tab which one is deeper.
static void check_tabs(Parser *parser, Line other)
{
    static const uint32_t stops[] = {1, 2, 3, 8, 1000};
    if (!parser->lexer.has_tabs || parser->has_tab_error) return;
    Line line = parser->token.line;
    int order = order_with_tabs(parser, line, other, TAB_STOP);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        if (order_with_tabs(parser, line, other, stops[i]) == order) continue;
        parser->has_tab_error = true;
        if (parser_report(parser, parser->token.span, DIAG_LAYOUT,
                          "how deep this line is indented depends on the width of a tab"))
            diag_note(parser->diags, parser->source, (Span){other.start, other.start},
                      "compared with this line");
        return;
    }
}

// Where the lines of a body should stand, and where they stood wrong.
typedef struct Margin {
    uint32_t column;
    uint32_t wrong; // column of the last line reported; lines that repeat it are the same mistake
    Line first;     // the body's first line
} Margin;

static void check_indentation(Parser *parser, const Construct *construct, Margin *margin)
{
    uint32_t column = parser->token.line.column;
    check_tabs(parser, margin->first);
    if (construct) check_tabs(parser, construct->line);
    if (column == margin->column || column == margin->wrong) return;
    margin->wrong = column;
    parser_report(parser, parser->token.span, DIAG_LAYOUT,
                  column > margin->column ? "unexpected indentation" : "inconsistent dedent");
}

// An `end` that closes nothing: the error names what it may have been meant for.
static void reject_end(Parser *parser)
{
    const Construct *open = parser->open;
    if (!parser_report(parser, parser->token.span, DIAG_LAYOUT,
                       open ? "this `end` is not at the column of an open block"
                            : "this `end` closes nothing"))
        return;
    if (open)
        diag_note(parser->diags, parser->source, open->span, "the nearest open block is this `%s`",
                  open->word);
}

static void fail_arm_word(Parser *parser)
{
    TokenKind kind = parser->token.kind;
    bool is_of_if = kind == TOK_ELSE || kind == TOK_ELIF;
    parser_fail(parser, "this `%s` belongs to no open `%s`", token_text(kind),
                is_of_if ? "if" : "try");
}

// After a statement that could not be read: its `end`, `else` and so on have no owner and are not
// worth a message.
static void skip_orphans(Parser *parser)
{
    for (;;) {
        const Token *token = &parser->token;
        bool is_orphan = is_arm_word(NULL, token->kind) || token->kind == TOK_RIGHT_BRACE;
        if (!is_orphan || token->line.column != parser->column || parser->is_bracketed) return;
        const Construct *open = parser->open;
        if (open && open->line.column == parser->column) return;
        if (open && construct_is_in_unindented(open, parser->column)) return;
        parser->lost_brackets = 0;
        parser_advance(parser);
        parser_recover(parser);
    }
}

// Reads an `end` or `else` that is nobody's.
static void parse_stray_word(Parser *parser)
{
    parser->column = parser->token.line.column;
    parser->statement = parser->token.span.start;
    bool is_end = parser_at(parser, TOK_END);
    if (is_end)
        reject_end(parser);
    else
        fail_arm_word(parser);
    parser_advance(parser);
    if (!is_end) parser_recover(parser);
    skip_orphans(parser);
}

// Habits of other languages that show where a statement should have ended.
static void fail_statement_end(Parser *parser);

// One line of statements separated by `;`, with the line's mistakes dealt with.
static void parse_line(Parser *parser, Node *block)
{
    uint32_t start = parser->token.span.start;
    parser->column = parser->token.line.column;
    do {
        if (parser->token.is_first_on_line && parser->token.span.start != start) break;
        parse_statement(parser, block);
    } while (!parser->is_recovering && parser_accept(parser, TOK_SEMICOLON));
    if (!parser->is_recovering && !parser_at_statement_end(parser)) fail_statement_end(parser);
    if (!parser->is_recovering || parser->is_stopped) return;
    if (parser->token.span.start == start) parser_advance(parser);
    parser_recover(parser);
    skip_orphans(parser);
}

void parse_lines(Parser *parser, Construct *construct, Node *block, uint32_t column)
{
    Margin margin = {column, column, parser->token.line};
    while (!parser_at(parser, TOK_EOF) && !is_body_end(parser, construct, column)) {
        bool is_stray = is_arm_word(NULL, parser->token.kind);
        if (is_stray) {
            parse_stray_word(parser);
            continue;
        }
        if (parser->token.is_first_on_line) check_indentation(parser, construct, &margin);
        parse_line(parser, block);
    }
    if (parser_at(parser, TOK_EOF) && construct) note_unfinished_block(parser);
}

// ---- the end of a statement ---------------------------------------------------------------------

// Is the expression that was just read a name of this spelling?
static bool was_word(const Parser *parser, const char *word)
{
    const char *text = parser->source->text + parser->previous.start;
    uint32_t size = parser->previous.end - parser->previous.start;
    for (uint32_t i = 0; i < size; i++)
        if (text[i] != word[i]) return false; // a shorter word differs at its NUL
    return word[size] == '\0';
}

typedef struct WordHabit {
    const char *word;
    const char *help;
} WordHabit;

static const WordHabit word_habits[] = {
    {"print", "call it: `print(…)`"}, {"println", "call it: `println(…)`"},
    {"echo", "write `println(…)`"},   {"puts", "write `println(…)`"},
    {"var", "write `let`"},           {"const", "write `let`"},
    {"function", "write `def`"},      {"func", "write `def`"},
    {"fun", "write `def`"},           {"elseif", "write `elif`"},
    {"elsif", "write `elif`"},        {"except", "write `catch`"},
    {"switch", "write `match`"},      {"until", "write `while not`"},
    {"unless", "write `if not`"},     {"del", "`del` is for elements: `del xs[i]`"},
};

// `x = 5 // like this`
static bool is_behind_slashes(const Parser *parser)
{
    const char *text = parser->source->text;
    const char *at = text + parser->token.span.start;
    for (; at > text && at[-1] != '\n'; at--)
        if (at[-1] == '/' && *at == '/') return true;
    return false;
}

static void fail_statement_end(Parser *parser)
{
    const char *found = parser_describe(parser, &parser->token);
    const char *help = NULL;
    if (parser_fail_dangling(parser)) return;
    for (size_t i = 0; i < sizeof word_habits / sizeof *word_habits; i++)
        if (was_word(parser, word_habits[i].word)) help = word_habits[i].help;
    if (is_behind_slashes(parser)) help = "comments start with `#`";
    bool failed = parser_at(parser, TOK_LEFT_BRACE)
                      ? parser_fail(parser, "blocks are indented, not put in braces")
                  : token_is_closing_bracket(parser->token.kind)
                      ? parser_fail(parser, "this %s closes nothing", found)
                      : parser_fail(parser, "expected the end of the line, found %s", found);
    if (failed && help) diag_help(parser->diags, "%s", help);
}

// ---- bodies -------------------------------------------------------------------------------------

// Does the text end in an empty line, which at the prompt finishes a block?
static bool ends_with_blank_line(const Source *source)
{
    uint32_t newlines = 0;
    for (uint32_t i = source->size; i > 0; i--) {
        char byte = source->text[i - 1];
        if (byte == '\n')
            newlines++;
        else if (byte != ' ' && byte != '\t')
            break;
    }
    return newlines >= 2;
}

void note_unfinished_block(Parser *parser)
{
    if (parser->options.is_repl && !ends_with_blank_line(parser->source))
        parser->is_incomplete = true;
}

// A body on its header's line: statements separated by `;`, or inside an expression one value.
static void parse_inline_body(Parser *parser, Construct *construct, Node *block)
{
    construct->is_inline = true;
    if (parser_at(parser, TOK_END)) return;
    if (construct->is_expression) {
        parser_adopt_item(parser, block, &block->as.list, parse_inline_value(parser));
    } else {
        do {
            if (parser_at_statement_end(parser) && block->as.list.count) break;
            parse_statement(parser, block);
        } while (!parser->is_recovering && parser_accept(parser, TOK_SEMICOLON));
    }
    if (construct->is_braced) parser_accept(parser, TOK_RIGHT_BRACE);
}

static void reject_missing_body(Parser *parser, const Construct *construct)
{
    if (construct->has_mistake) return;
    if (parser_at(parser, TOK_EOF) && parser->options.is_repl) {
        note_unfinished_block(parser);
        if (parser->is_incomplete) return;
    }
    parser_report(parser, construct->span, DIAG_LAYOUT, "this `%s` has no body", construct->word);
}

// The lines below a header, if they are its body. A comment alone, deeper than the header, is an
// empty body.
static void parse_lines_below(Parser *parser, Construct *construct, Node *block)
{
    const Token *token = &parser->token;
    uint32_t column = token->line.column;
    uint32_t header = construct->line.column;
    bool is_end = token->kind == TOK_EOF || is_body_end(parser, construct, header);
    bool has_comment = token->comment_column > header + 1;
    bool may_be_unindented = column == header && !has_comment && !construct->has_mistake;
    if (!is_end && (column > header || may_be_unindented)) {
        construct->is_unindented |= column == header;
        parse_lines(parser, construct, block, column);
    } else if (has_comment) {
        if (token->kind == TOK_EOF) note_unfinished_block(parser);
    } else if (!(token->kind == TOK_END && column == header)) {
        reject_missing_body(parser, construct);
    }
}

Node *parse_inline_value(Parser *parser)
{
    Node *block = parser_node(parser, NODE_BLOCK, parser->token.span);
    if (parse_simple_statement(parser, block)) {
        block->span = parser_span_from(parser, block->span);
        return block;
    }
    Node *value = parse_assignment_rest(parser, parse_expression(parser));
    if (value->kind != NODE_ASSIGN && value->kind != NODE_AUGMENT) return value;
    parser_adopt_item(parser, block, &block->as.list, value);
    block->span = value->span;
    return block;
}

Surroundings parser_leave_statement(Parser *parser)
{
    Surroundings around = {parser->brackets, parser->is_bracketed, parser->is_pattern,
                           parser->column};
    parser->is_bracketed |= parser->brackets > 0;
    parser->brackets = 0;
    parser->is_pattern = false;
    parser->column = parser->token.line.column;
    return around;
}

void parser_return_to_statement(Parser *parser, Surroundings around)
{
    parser->brackets = around.brackets;
    parser->is_bracketed = around.is_bracketed;
    parser->is_pattern = around.is_pattern;
    parser->column = around.column;
}

Node *parse_body(Parser *parser, Construct *construct)
{
    Node *block = parser_node(parser, NODE_BLOCK, parser->token.span);
    if (!parser_enter(parser)) return block;
    construct->is_inline = false;
    if (parser->token.is_first_on_line) {
        Surroundings around = parser_leave_statement(parser);
        construct->has_lines = true;
        parse_lines_below(parser, construct, block);
        parser_return_to_statement(parser, around);
    } else {
        parse_inline_body(parser, construct, block);
    }
    parser_leave(parser);
    Node *first = block->as.list.first;
    if (first)
        block->span = (Span){first->span.start, block->as.list.last->span.end};
    else
        block->span.end = block->span.start;
    return block;
}

// ---- headers ------------------------------------------------------------------------------------

// After a mistake in a header: skips to its end, so that the body is read as usual.
static void recover_header(Parser *parser, Construct *construct)
{
    construct->has_mistake = true;
    parser->lexer.is_muted = true;
    while (!parser_at(parser, TOK_EOF)) {
        const Token *token = &parser->token;
        bool is_outside = parser->lost_brackets <= 0;
        if (token->is_first_on_line && !token->is_in_text &&
            (is_outside || token->line.column <= construct->line.column))
            break;
        if (is_outside && parser->is_bracketed && token_is_closing_bracket(token->kind)) break;
        if (token_is_closing_bracket(token->kind)) parser->lost_brackets--;
        if (token->kind == TOK_LEFT_PAREN || token->kind == TOK_LEFT_SQUARE)
            parser->lost_brackets++;
        parser_advance(parser);
    }
    parser->lexer.is_muted = false;
    parser->is_recovering = parser->is_stopped;
}

static void fail_header_end(Parser *parser, HeaderEnd end)
{
    static const char *const expected[] = {
        [HEADER_THEN] = "`then`, `:`",
        [HEADER_DO] = "`do`, `:`",
        [HEADER_COLON] = "`:`",
        [HEADER_LOOSE] = "`:`",
    };
    if (parser_at(parser, TOK_EQUAL) && end == HEADER_THEN) {
        if (parser_fail(parser, "`=` assigns and cannot stand in a condition"))
            diag_help(parser->diags, "to compare, write `==`");
        return;
    }
    parser_fail(parser, "expected %s or the end of the line, found %s", expected[end],
                parser_describe(parser, &parser->token));
}

// `if x {`: says that braces are not needed, once for the construct, and goes on as if they were.
static bool accept_brace(Parser *parser, Construct *construct)
{
    if (!parser_at(parser, TOK_LEFT_BRACE) || parser->token.is_first_on_line) return false;
    if (!construct->was_braced)
        parser_report(parser, parser->token.span, DIAG_SYNTAX,
                      "blocks are indented, not put in braces");
    construct->was_braced = true;
    construct->is_braced = true;
    parser_advance(parser);
    return true;
}

// `else {` opens a block as in C only where the bodies before were no values on one line.
static bool may_be_braced(Parser *parser, const Construct *construct, HeaderEnd end)
{
    if (end != HEADER_LOOSE || !parser_at(parser, TOK_LEFT_BRACE)) return true;
    return construct->is_braced || construct->has_lines || parser_peek(parser)->is_first_on_line;
}

void parse_header_end(Parser *parser, Construct *construct, HeaderEnd end)
{
    bool was_braced = construct->is_braced;
    if (!parser->is_recovering) {
        if (may_be_braced(parser, construct, end) && accept_brace(parser, construct)) return;
        construct->is_braced = false;
        bool is_read = parser_accept(parser, TOK_COLON) ||
                       (end == HEADER_THEN && parser_accept(parser, TOK_THEN)) ||
                       (end == HEADER_DO && parser_accept(parser, TOK_DO));
        if (is_read && was_braced) accept_brace(parser, construct);
        if (is_read || end == HEADER_LOOSE) return;
        if (!parser_at_statement_end(parser)) fail_header_end(parser, end);
    }
    if (parser->is_recovering) recover_header(parser, construct);
}

Node *parse_header_end_and_body(Parser *parser, Construct *construct, HeaderEnd end)
{
    parse_header_end(parser, construct, end);
    Node *body = parse_body(parser, construct);
    if (construct->is_braced && parser_at(parser, TOK_RIGHT_BRACE)) parser_advance(parser);
    return body;
}
