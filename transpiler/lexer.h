// Text to tokens, one at a time, when the parser asks.
//
// There are no NEWLINE, INDENT or DEDENT tokens: each token says whether it is the first on its
// line and how far its line is indented, and the parser decides what that means (LANGUAGE.md
// section 3).
#ifndef LEXER_H
#define LEXER_H

#include <stdio.h>

#include "diag.h"
#include "names.h"
#include "token.h"

// Where a line begins: the column of its first token (from 0, tabs to the next multiple of
// TAB_STOP) and its offset.
typedef struct Line {
    uint32_t column;
    uint32_t start;
} Line;

#define TAB_STOP 4

typedef struct Token {
    uint8_t kind; // TokenKind
    bool is_first_on_line;
    bool is_raw;     // STRING written r"…"
    bool is_in_text; // stands inside an f-string
    Span span;
    uint32_t comment_column; // 1 more than the column of the deepest of the comment lines right
                             // before it; 0: none
    Line line; // of the token's line; a token that spans lines, or follows one that does, belongs
               // to the line that began it
    union {
        Name *name; // NAME and every word
        double number;
        struct {
            const char *digits; // NULL when `value` holds the number; else its digits, without
                                // prefix and underscores
            int64_t value;
            int base; // 2, 8, 10 or 16
        } integer;
        struct {
            const char *bytes; // unescaped, NUL-terminated, may hold NULs
            uint32_t size;
        } string; // STRING, FSTRING_TEXT
    } as;
} Token;

// A part of an f-string that is being read (lexer.c).
typedef struct FFrame FFrame;

// The state of reading. A plain value: copy it to be able to come back.
typedef struct Lexer {
    Arena *arena;
    Names *names;
    Diags *diags;
    Source *source;
    const char *at;
    const char *end;
    Line line;
    bool is_line_start;      // no token yet on this line
    uint32_t comment_column; // for the next token
    bool has_tabs;           // some line so far was indented with tabs
    bool is_muted;           // the parser is skipping what it could not read: report nothing
    bool may_go_on; // the text may be given more lines: note what is unfinished at its end, do not
                    // report it
    bool is_unfinished; // the text ended inside a triple-quoted string or a block comment
    FFrame *frame;      // innermost, NULL outside f-strings
    uint32_t brackets;  // open inside the innermost f-string field
} Lexer;

// Starts at the beginning of [source]. Makes sure [names] knows the words, and reports bytes that
// are not UTF-8 and NULs (the first of each). Strings and numbers go to [arena].
void lexer_init(Lexer *lexer, Arena *arena, Names *names, Diags *diags, Source *source);

// The same for a stretch of it that begins and ends where lines do.
void lexer_init_part(Lexer *lexer, Arena *arena, Names *names, Diags *diags, Source *source,
                     Span part);

// Reads the next token; at the end always EOF, which counts as first on its line at column 0. What
// is malformed is reported and gives an ERROR token, or the token that was meant where that is
// clear.
void lexer_next(Lexer *lexer, Token *token);

// May a token of this kind be used as a name? Not so reserved words.
static inline bool token_is_name(TokenKind kind)
{
    return kind >= TOK_NAME && kind <= TOK_ENDS_WITH;
}

// Is it written as a word: a name, or reserved? Such tokens have a Name.
static inline bool token_is_word(TokenKind kind)
{
    return kind >= TOK_NAME && kind <= TOK_NULL;
}

static inline bool token_is_closing_bracket(TokenKind kind)
{
    return kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_SQUARE || kind == TOK_RIGHT_BRACE;
}

// Writes all tokens of [source], one a line: line:column, kind, text (for `tombo emit
// --after=lexer`).
void tokens_print(Arena *arena, Names *names, Diags *diags, Source *source, FILE *out);

#endif
