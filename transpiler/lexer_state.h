// What the files of the lexer share. Private to lexer*.c.
#ifndef LEXER_STATE_H
#define LEXER_STATE_H

#include "lexer.h"

// ---- bytes --------------------------------------------------------------------------------------

enum { CLASS_BLANK = 1, CLASS_DIGIT = 2, CLASS_LETTER = 4, CLASS_HIGH = 8, CLASS_HEX = 16 };

// What each byte can be, as CLASS_ bits. CLASS_HIGH: part of a character outside ASCII.
extern const uint8_t lexer_byte_classes[256];

static inline bool is_class(char byte, int classes)
{
    return (lexer_byte_classes[(unsigned char)byte] & classes) != 0;
}

// The value of a hexadecimal digit.
static inline int digit_value(char digit)
{
    return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

// ---- spans and messages -------------------------------------------------------------------------

static inline uint32_t offset_of(const Lexer *lexer, const char *at)
{
    return (uint32_t)(at - lexer->source->text);
}

// From [start] to where the lexer stands.
static inline Span span_from(const Lexer *lexer, const char *start)
{
    return (Span){offset_of(lexer, start), offset_of(lexer, lexer->at)};
}

// Reports a DIAG_LEXICAL error, unless the lexer is muted.
void lexer_report(const Lexer *lexer, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// What to do about the error just reported; NULL for nothing.
void lexer_suggest(const Lexer *lexer, const char *help);

// ---- strings: lexer_text.c ----------------------------------------------------------------------

// How a string literal is written.
typedef struct Quotes {
    char mark; // " or '
    bool is_triple;
    bool is_raw;
    bool has_fields; // f"…"
} Quotes;

// A part of an f-string that is being read. Frames never change once made, so that a copied Lexer
// stays valid.
struct FFrame {
    FFrame *outer;
    enum { FRAME_TEXT, FRAME_FIELD, FRAME_SPEC } kind;
    Quotes quotes;
    const char *start;       // the string's opening quotes, or the field's `{`
    uint32_t outer_brackets; // Lexer.brackets to come back to
    Line line;               // the line to come back to
};

// Reads `"…"`, `r'…'`, or the start of an f-string; false where the letters here are no prefix of a
// string.
bool lex_string(Lexer *lexer, Token *token);

// Reads the next token of an f-string, outside its fields.
void lex_fstring_text(Lexer *lexer, Token *token);

// Inside a field, outside its brackets: reads a token that belongs to the f-string, its `}` or `:`.
// False when there is none here.
bool lex_field_mark(Lexer *lexer, Token *token);

// Reports the innermost part of an f-string that is not closed, and leaves the string.
void lexer_abandon_fstring(Lexer *lexer, Token *token);

// The same where a line ended inside a field of a single-line string: the token that stands here
// begins a line nevertheless.
void lexer_abandon_fstring_at_line(Lexer *lexer, Token *token);

#endif
