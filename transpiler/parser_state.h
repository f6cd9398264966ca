// What the files of the parser share: where we are in the text, which constructs are open, and how
// mistakes are reported. Private to parser*.c and parse_*.c.
//
// Mistakes. `parser_fail` reports a token that cannot stand where it does and sets `is_recovering`;
// from then on nothing is reported, rules return quickly, and the statement's end clears the state
// after skipping to a line where reading can go on. So there is one message per cause.
// `parser_report` is for mistakes after which the text is still clear.
#ifndef PARSER_STATE_H
#define PARSER_STATE_H

#include "lexer.h"
#include "parser.h"

// An open `if`, `def`, `fn`, …: it has a header, one or more bodies, and perhaps an `end`.
typedef struct Construct {
    struct Construct *outer;
    const char *word;   // as messages call it: "if"
    Span span;          // of that word
    Line line;          // where the header's line begins: its column is the header column
    bool is_expression; // stands inside an expression, whose value it gives
    bool is_arm;        // an arm of a `match`: the next `when` ends an unindented body
    bool is_inline;     // its latest body stood on the header's line
    bool has_lines;     // one of its bodies or arms has lines of its own, so an `end` may follow
    bool spans_lines;   // an `else` or the like began a line
    bool is_unindented; // one of its bodies stood at the header column: `end` is due
    bool is_braced;     // its latest body was opened with `{`
    bool was_braced;    // that was reported
    bool has_mistake;   // its header was wrong: a missing body or `end` is not worth a message
} Construct;

typedef struct Parser {
    Arena *arena;
    Names *names;
    Diags *diags;
    Source *source;
    ParserOptions options;
    Lexer lexer;
    Token token; // the one to be read next
    Token ahead; // the one after it, where parser_peek has asked
    bool has_ahead;
    Span previous;      // the token read last
    Construct *open;    // innermost, NULL at module level
    uint32_t column;    // of the line on which the current statement began
    uint32_t statement; // where the current statement starts
    int brackets;       // open ones in the current statement: newlines do not count inside
    bool is_bracketed;  // the current body stands inside brackets of an outer statement
    int depth;          // levels of nesting around the current token
    bool is_recovering; // an error was reported; be quiet until the statement's end
    int lost_brackets;  // brackets of the statement that are open while recovering
    Span dangling; // the last operator or `=` whose operand stands on a line that looks like the
                   // next statement
    uint32_t dangling_line; // where that line starts
    bool is_stopped;        // nested too deeply: everything reads as the end of the file
    bool is_incomplete;     // the text ended too early and may go on (at the prompt)
    bool is_pattern;        // reading a pattern: `=>` does not make a lambda
    bool has_tab_error;     // reported that the width of a tab matters; once is enough
} Parser;

// ---- tokens -------------------------------------------------------------------------------------

// Reads on to the next token.
void parser_advance(Parser *parser);

// The token after the next one.
const Token *parser_peek(Parser *parser);

static inline bool parser_at(const Parser *parser, TokenKind kind)
{
    return parser->token.kind == kind;
}

// Reads the next token if it is of that kind.
static inline bool parser_accept(Parser *parser, TokenKind kind)
{
    if (parser->token.kind != kind) return false;
    parser_advance(parser);
    return true;
}

// Reads a token of that kind, or fails with "expected …, found …". [where] ends the sentence:
// "after `for`"; or "".
bool parser_expect(Parser *parser, TokenKind kind, const char *where);

// Reads a name (an ordinary one or a word special elsewhere) and returns it; NULL after failing.
// [what]: "a name".
Name *parser_expect_name(Parser *parser, const char *what);

// Is the next token on the same line, or where newlines do not count?
static inline bool parser_is_same_line(const Parser *parser)
{
    return !parser->token.is_first_on_line || parser->brackets > 0;
}

// Does the next token end a statement: a line's end, `;`, `end`, `else`, a bracket of the statement
// around, …?
bool parser_at_statement_end(const Parser *parser);

// The stretch from the start of an earlier token to the last one read.
static inline Span parser_span_from(const Parser *parser, Span start)
{
    uint32_t end = parser->previous.end;
    return (Span){start.start, end > start.start ? end : start.end};
}

// Opens a bracket: remembers its place for messages and lets newlines pass. Close with
// parser_close.
Span parser_open(Parser *parser);

// Reads the bracket [close] that belongs to the one at [open]; fails with what is wrong otherwise.
void parser_close(Parser *parser, Span open, TokenKind close);

// ---- mistakes -----------------------------------------------------------------------------------

// Reports an error that leaves the text clear. Returns whether it was reported: labels and helps
// follow only then.
bool parser_report(Parser *parser, Span span, DiagKind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Reports an error at the next token (at the line's end, if that came before it), or elsewhere,
// after which the rest of the statement is skipped. Silent when the lexer has reported that token,
// or when the text ended and the prompt may give more. Returns whether it reported.
bool parser_fail(Parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool parser_fail_at(Parser *parser, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// After a mistake on a line that began as the operand of the line before: fails for the operand
// missing there. False where that is not the case.
bool parser_fail_dangling(Parser *parser);

// The next token as messages name it: "`else`", "a string", "the end of the line".
const char *parser_describe(Parser *parser, const Token *token);

// Skips to where reading can go on after a failure: a line that is not deeper than the current
// statement.
void parser_recover(Parser *parser);

// ---- nesting ------------------------------------------------------------------------------------

// Reports that [limit], which [format] prints, is exceeded at [span], and makes everything from
// here on read as the end of the file.
void parser_stop(Parser *parser, Span span, const char *format, int limit)
    __attribute__((format(printf, 3, 0)));

// Enters a level of nesting; false when that is one too many (reported, reading stops). Pair with
// parser_leave.
bool parser_enter(Parser *parser);

static inline void parser_leave(Parser *parser)
{
    parser->depth--;
}

// Notes that [child], which may be NULL, hangs below [parent], and returns it. Reports where that
// is too deep.
Node *parser_adopt(Parser *parser, Node *parent, Node *child);

// The same for an item of one of [parent]'s lists.
void parser_adopt_item(Parser *parser, Node *parent, NodeList *list, Node *item);

static inline Node *parser_node(Parser *parser, NodeKind kind, Span span)
{
    return node_new(parser->arena, kind, span);
}

static inline Node *parser_error_node(Parser *parser)
{
    return parser_node(parser, NODE_ERROR, parser->token.span);
}

// ---- rules: parse_expr.c, parse_literal.c -------------------------------------------------------

typedef enum Precedence {
    PRECEDENCE_NONE,
    PRECEDENCE_OR,
    PRECEDENCE_AND,
    PRECEDENCE_NOT,
    PRECEDENCE_COMPARE,
    PRECEDENCE_RANGE,
    PRECEDENCE_BIT_OR,
    PRECEDENCE_BIT_XOR,
    PRECEDENCE_BIT_AND,
    PRECEDENCE_SHIFT,
    PRECEDENCE_SUM,
    PRECEDENCE_PRODUCT,
    PRECEDENCE_UNARY,
    PRECEDENCE_POWER,
} Precedence;

// expression: any expression but a tuple without brackets.
Node *parse_expression(Parser *parser);

// expressions: expression {"," expression} [","], a TUPLE when there is a comma.
Node *parse_expressions(Parser *parser);

// operand: an expression of operators that bind at least as tightly as [least]: no lambda, no `a if
// c else b` outside.
Node *parse_operand(Parser *parser, Precedence least);

// Goes on with an operand whose first part has been read.
Node *parse_operand_rest(Parser *parser, Node *left, Precedence least);

// postfix: what can be called, indexed, and be a target of assignments.
Node *parse_postfix(Parser *parser);

// Goes on with calls, indices and members behind what has been read, then operators, then `if …
// else`.
Node *parse_expression_rest(Parser *parser, Node *left);

// item: expression ["..."] | "..." expression, of a call, list or tuple; a SPREAD where there are
// dots.
Node *parse_item(Parser *parser);

// The SPREAD of a value that was read with its dots; [start] is its first token.
Node *parse_spread(Parser *parser, Node *value, Span start);

// Arguments of a call up to its closing bracket, which is read; the next token is the opening one.
Node *parse_call(Parser *parser, Node *callee);

// "[" … "]": a list or a list comprehension. "{" … "}": a dict, a set, or a comprehension of
// either.
Node *parse_list(Parser *parser);
Node *parse_brace(Parser *parser);

// "(" … ")": a parenthesized expression, a tuple, or the parameters of a lambda and the lambda.
Node *parse_paren(Parser *parser);

Node *parse_fstring(Parser *parser);

// ---- rules: parse_function.c --------------------------------------------------------------------

// def, fn, defi with or without a name; the next token is that word. [is_statement]: it stands
// where statements do.
Node *parse_function(Parser *parser, bool is_statement);

// "extern" ["library"] ("def" | "fn") NAME … ["=" "c_name"]; the next token is `extern`.
Node *parse_extern(Parser *parser);

// The `##` lines directly above the line of a declaration as a STRING, or NULL.
Node *doc_comment_above(Parser *parser, Line line);

// class NAME ["(" base ")" | "extends" base] body
Node *parse_class(Parser *parser);

// A lambda whose parameters were read as expressions, which [params] lists; the next token is `=>`.
// [first] is the lambda's first token.
Node *parse_arrow_lambda(Parser *parser, const Token *first, NodeList params);

// ---- rules: parse_pattern.c ---------------------------------------------------------------------

// pattern ["as" NAME], one alternative of a `when`.
Node *parse_pattern(Parser *parser);

// target {"," target}: names to be bound, for `for`, `let` and comprehensions. A NAME or a TUPLE.
Node *parse_binding_targets(Parser *parser);

// type: an annotation.
Node *parse_type(Parser *parser);

// ---- rules: parse_block.c -----------------------------------------------------------------------

// Opens a construct whose first word is [first]: the caller owns the storage. Close with
// parse_construct_end.
void construct_open(Parser *parser, Construct *construct, const Token *first, const char *word);

// How a header ends before a body on the same line. A newline or `:` always does.
typedef enum HeaderEnd {
    HEADER_THEN,
    HEADER_DO,
    HEADER_COLON,
    HEADER_LOOSE, // with nothing at all: `else f()`
} HeaderEnd;

// The end of a header: what [end] says, `:` or a newline.
void parse_header_end(Parser *parser, Construct *construct, HeaderEnd end);

// The end of a header and the body behind it. Gives a BLOCK in any case.
Node *parse_header_end_and_body(Parser *parser, Construct *construct, HeaderEnd end);

// The body alone: on this line, or indented below, or unindented and closed by `end`.
Node *parse_body(Parser *parser, Construct *construct);

// A one-line body inside an expression: an expression, or one simple statement (then a BLOCK).
Node *parse_inline_value(Parser *parser);

// What a statement knows and the lines inside one of its constructs do not: its brackets and its
// column.
typedef struct Surroundings {
    int brackets;
    bool is_bracketed;
    bool is_pattern;
    uint32_t column;
} Surroundings;

// Begins reading lines that belong to a construct inside a statement, and comes back.
Surroundings parser_leave_statement(Parser *parser);
void parser_return_to_statement(Parser *parser, Surroundings around);

// Appends the statements of whole lines that start at [column]; [construct] is NULL at module
// level.
void parse_lines(Parser *parser, Construct *construct, Node *block, uint32_t column);

// Does `elif`, `else`, `catch` or `finally` of this construct come next?
bool construct_has_arm(const Parser *parser, const Construct *construct, TokenKind kind);

// Is an `end` or `else` on a line of its own at [column] meant for an unindented body around
// [construct]?
bool construct_is_in_unindented(const Construct *construct, uint32_t column);

// Did the text end where the prompt may still give more lines of a block?
void note_unfinished_block(Parser *parser);

// Reads the construct's `end` if there is one, and sees that there is one where it must be.
void construct_close(Parser *parser, Construct *construct);

// ---- rules: parser.c ----------------------------------------------------------------------------

// Appends one statement to [block]; a line like `use a, b` gives several.
void parse_statement(Parser *parser, Node *block);

// Reads one of throw, return, pass, let, …, which may stand in a one-line body inside an
// expression; false when something else comes next.
bool parse_simple_statement(Parser *parser, Node *block);

// Goes on behind an expression that may be the target of `=` or `+=`: gives the assignment, or the
// expression itself.
Node *parse_assignment_rest(Parser *parser, Node *target);

// if, match, try, with [is_expression] inside expressions. parse_match gives a CALL where
// `match(…)` is one.
Node *parse_if(Parser *parser, bool is_expression);
Node *parse_match(Parser *parser, bool is_expression);
Node *parse_try(Parser *parser, bool is_expression);

#endif
