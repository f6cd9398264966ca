// What all rules of the parser need: moving over tokens, reporting mistakes and recovering from
// them, counting levels.

#include "parser_state.h"

#include <stdarg.h>
#include <string.h>

// ---- tokens -------------------------------------------------------------------------------------

void parser_advance(Parser *parser)
{
    parser->previous = parser->token.span;
    if (parser->has_ahead) {
        parser->token = parser->ahead;
        parser->has_ahead = false;
    } else {
        lexer_next(&parser->lexer, &parser->token);
    }
}

const Token *parser_peek(Parser *parser)
{
    if (!parser->has_ahead) {
        lexer_next(&parser->lexer, &parser->ahead);
        parser->has_ahead = true;
    }
    return &parser->ahead;
}

bool parser_at_statement_end(const Parser *parser)
{
    switch (parser->token.kind) {
    case TOK_EOF:
    case TOK_SEMICOLON:
    case TOK_END:
    case TOK_ELIF:
    case TOK_ELSE:
    case TOK_CATCH:
    case TOK_FINALLY:
    case TOK_FIELD_END:
        return true;
    case TOK_RIGHT_PAREN:
    case TOK_RIGHT_SQUARE:
    case TOK_RIGHT_BRACE:
        if (parser->open && parser->open->is_braced) return true;
        return parser->is_bracketed || parser->brackets > 0 || parser->token.is_first_on_line;
    case TOK_COMMA:
        return parser->is_bracketed || parser->brackets > 0 || parser->token.is_first_on_line;
    default:
        return parser->token.is_first_on_line;
    }
}

bool parser_expect(Parser *parser, TokenKind kind, const char *where)
{
    if (parser_accept(parser, kind)) return true;
    parser_fail(parser, "expected `%s`%s%s, found %s", token_text(kind), *where ? " " : "", where,
                parser_describe(parser, &parser->token));
    return false;
}

// Has the line ended before a name that is due? A deeper line goes on, and one behind a `,` or `.`.
static bool is_missing_name(const Parser *parser)
{
    if (parser_is_same_line(parser) || parser->token.line.column > parser->column) return false;
    char last = parser->source->text[parser->previous.end - 1];
    return last != ',' && last != '.';
}

Name *parser_expect_name(Parser *parser, const char *what)
{
    Token token = parser->token;
    if (token_is_name(token.kind) && !is_missing_name(parser)) {
        parser_advance(parser);
        return token.as.name;
    }
    if (token_is_word(token.kind) && !token.is_first_on_line)
        parser_fail(parser, "`%s` is a reserved word and cannot be %s", token.as.name->text, what);
    else
        parser_fail(parser, "expected %s, found %s", what, parser_describe(parser, &token));
    return NULL;
}

// ---- brackets -----------------------------------------------------------------------------------

Span parser_open(Parser *parser)
{
    Span span = parser->token.span;
    parser->brackets++;
    parser->lost_brackets++;
    parser_advance(parser);
    return span;
}

enum { LONGEST_LOOK = 2000 };

static bool is_opening_bracket(TokenKind kind)
{
    return kind == TOK_LEFT_PAREN || kind == TOK_LEFT_SQUARE || kind == TOK_LEFT_BRACE;
}

// Words that begin a statement and nothing that could stand inside brackets.
static bool begins_statement(TokenKind kind)
{
    switch (kind) {
    case TOK_LET:
    case TOK_MUT:
    case TOK_CHANGE:
    case TOK_CLASS:
    case TOK_WHILE:
    case TOK_RETURN:
    case TOK_BREAK:
    case TOK_CONTINUE:
    case TOK_USE:
    case TOK_IMPORT:
    case TOK_END:
    case TOK_EOF:
        return true;
    default:
        return false;
    }
}

// Is the bracket [close] of the one around us to be found further on? Looks a while ahead and comes
// back.
static bool is_closed_later(Parser *parser, TokenKind close)
{
    Parser saved = *parser;
    int brackets = 1;
    TokenKind last = TOK_EOF;
    parser->lexer.is_muted = true;
    for (int i = 0; i < LONGEST_LOOK && brackets > 0 && !parser_at(parser, TOK_EOF); i++) {
        last = parser->token.kind;
        brackets += is_opening_bracket(last) - token_is_closing_bracket(last);
        if (parser->token.is_first_on_line && begins_statement(last)) break;
        parser_advance(parser);
    }
    *parser = saved;
    return brackets == 0 && last == close;
}

// Does the text go on here as if the bracket around us had been closed?
static bool is_after_unclosed_bracket(Parser *parser, TokenKind close)
{
    const Token *token = &parser->token;
    if (token->kind == TOK_EOF) return true;
    if (!token->is_first_on_line || token_is_closing_bracket(token->kind)) return false;
    return begins_statement(token->kind) || !is_closed_later(parser, close);
}

// Says what is wrong where [close] should stand.
static void fail_close(Parser *parser, Span open, TokenKind close)
{
    char bracket = parser->source->text[open.start];
    if (parser->token.kind == TOK_ERROR || is_after_unclosed_bracket(parser, close)) {
        parser_fail_at(parser, open, "this `%c` is never closed", bracket);
        parser->lost_brackets = 0; // what follows stands outside of it
    } else if (token_is_closing_bracket(parser->token.kind)) {
        if (parser_fail(parser, "`%c` is closed by `%s`", bracket, token_text(parser->token.kind)))
            diag_label(parser->diags, open, "opened here");
        parser->lost_brackets = 0; // who knows
    } else {
        parser_fail(parser, "expected `,` or `%s`, found %s", token_text(close),
                    parser_describe(parser, &parser->token));
    }
}

void parser_close(Parser *parser, Span open, TokenKind close)
{
    if (parser_accept(parser, close))
        parser->lost_brackets--;
    else if (!parser->is_recovering)
        fail_close(parser, open, close);
    parser->brackets--;
}

// ---- mistakes -----------------------------------------------------------------------------------

// Did the line end before the next token, in the middle of a statement? Then that is where the
// mistake is.
static bool is_behind_line_end(const Parser *parser)
{
    return parser->token.is_first_on_line && parser->brackets == 0 &&
           parser->token.span.start != parser->statement;
}

const char *parser_describe(Parser *parser, const Token *token)
{
    enum { LONGEST_QUOTED = 40 };
    int size = (int)(token->span.end - token->span.start);
    if (is_behind_line_end(parser)) return "the end of the line";
    switch (token->kind) {
    case TOK_EOF:
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_FSTRING_TEXT:
    case TOK_FSTRING_END:
        return token_text(token->kind);
    default:
        if (size > LONGEST_QUOTED) return token_text(token->kind);
        return arena_format(parser->arena, "`%.*s`", size,
                            parser->source->text + token->span.start);
    }
}

// Whether an error may be shown now.
static bool is_quiet(const Parser *parser)
{
    return parser->is_recovering || parser->is_stopped || parser->is_incomplete;
}

static void report(Parser *parser, Span span, DiagKind kind, const char *format, va_list args)
{
    char message[256];
    vsnprintf(message, sizeof message, format, args);
    diag_error(parser->diags, parser->source, span, kind, "%s", message);
}

bool parser_report(Parser *parser, Span span, DiagKind kind, const char *format, ...)
{
    if (is_quiet(parser)) return false;
    va_list args;
    va_start(args, format);
    report(parser, span, kind, format, args);
    va_end(args);
    return true;
}

// Begins recovering. Returns whether the mistake at the next token is still to be reported.
static bool start_recovering(Parser *parser)
{
    if (is_quiet(parser)) return false;
    parser->is_recovering = true;
    parser->lost_brackets = parser->brackets;
    if (parser->token.kind == TOK_EOF && parser->options.is_repl) {
        parser->is_incomplete = true;
        return false;
    }
    return parser->token.kind != TOK_ERROR;
}

bool parser_fail(Parser *parser, const char *format, ...)
{
    if (!start_recovering(parser)) return false;
    va_list args;
    va_start(args, format);
    Span span = parser->token.span;
    if (is_behind_line_end(parser)) span = (Span){parser->previous.end, parser->previous.end};
    report(parser, span, DIAG_SYNTAX, format, args);
    va_end(args);
    return true;
}

bool parser_fail_at(Parser *parser, Span span, const char *format, ...)
{
    if (!start_recovering(parser)) return false;
    va_list args;
    va_start(args, format);
    report(parser, span, DIAG_SYNTAX, format, args);
    va_end(args);
    return true;
}

// Has skipping reached a line where a statement may begin?
static bool is_recovered(const Parser *parser)
{
    const Token *token = &parser->token;
    if (!token->is_first_on_line || token->is_in_text) return false;
    if (token->line.column > parser->column) return false;
    return parser->lost_brackets <= 0 || begins_statement(token->kind);
}

bool parser_fail_dangling(Parser *parser)
{
    if (parser->dangling.end == 0 || parser->dangling_line != parser->token.line.start)
        return false;
    Span span = parser->dangling;
    return parser_fail_at(parser, span, "an operand is missing after `%.*s`",
                          (int)(span.end - span.start), parser->source->text + span.start);
}

// Skips one token, keeping count of the brackets that are open.
static void skip_token(Parser *parser)
{
    TokenKind kind = parser->token.kind;
    if (is_opening_bracket(kind) || kind == TOK_FIELD_START) parser->lost_brackets++;
    if (token_is_closing_bracket(kind) || kind == TOK_FIELD_END) parser->lost_brackets--;
    parser_advance(parser);
}

void parser_recover(Parser *parser)
{
    parser->lexer.is_muted = true;
    while (parser->token.kind != TOK_EOF && !is_recovered(parser)) {
        bool is_outer_bracket = parser->is_bracketed && parser->lost_brackets <= 0;
        if (is_outer_bracket && token_is_closing_bracket(parser->token.kind)) break;
        skip_token(parser);
    }
    parser->lexer.is_muted = false;
    parser->is_recovering = false;
}

// ---- nesting ------------------------------------------------------------------------------------

static const char too_deep[] = "this is nested more than %d levels deep";

void parser_stop(Parser *parser, Span span, const char *format, int limit)
{
    if (parser->is_stopped) return;
    diag_error(parser->diags, parser->source, span, DIAG_NESTING, format, limit);
    parser->is_stopped = true;
    parser->is_recovering = true;
    parser->has_ahead = false;
    parser->lexer.at = parser->lexer.end;
    parser->lexer.frame = NULL;
    parser_advance(parser);
}

bool parser_enter(Parser *parser)
{
    parser->depth++;
    if (parser->depth <= PARSER_MAX_NESTING) return true;
    parser_stop(parser, parser->token.span, too_deep, PARSER_MAX_NESTING);
    parser->depth--;
    return false;
}

// Whether a node of this kind is a level of its own. The others only group: an `if` is as deep as
// its bodies.
static int levels_of(const Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_FSTRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_SET:
    case NODE_DICT:
    case NODE_COMPREHENSION:
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_LOGICAL:
    case NODE_COMPARE:
    case NODE_CONDITIONAL:
    case NODE_CALL:
    case NODE_INDEX:
    case NODE_MEMBER:
    case NODE_BLOCK:
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
    case NODE_TYPE_NAME:
    case NODE_TYPE_OPTIONAL:
    case NODE_TYPE_UNION:
    case NODE_TYPE_FUNCTION:
        return 1;
    case NODE_FUNCTION:
        return node->flags & NODE_ONE_EXPRESSION ? 1 : 0;
    default:
        return 0;
    }
}

Node *parser_adopt(Parser *parser, Node *parent, Node *child)
{
    if (!child) return NULL;
    int height = child->height + levels_of(parent);
    if (height <= parent->height) return child;
    parent->height = (uint16_t)height;
    // A mistake inside is message enough.
    if (parser->depth + height > PARSER_MAX_NESTING && !parser->is_recovering)
        parser_stop(parser, parser->token.span, too_deep, PARSER_MAX_NESTING);
    return child;
}

void parser_adopt_item(Parser *parser, Node *parent, NodeList *list, Node *item)
{
    node_append(list, parser_adopt(parser, parent, item));
}
