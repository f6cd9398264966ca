// An entry as the editor sees it: words of one colour. Nothing is reported; what is half written
// has its colour already.
#ifndef REPL_WORDS_H
#define REPL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum WordKind {
    WORD_OTHER, // blanks, operators, brackets
    WORD_NAME,
    WORD_KEYWORD,
    WORD_NUMBER,
    WORD_STRING,
    WORD_COMMENT,
    WORD_UNCLOSED, // a string without its end
} WordKind;

// A stretch of the text.
typedef struct Word {
    size_t start, end;
    WordKind kind;
} Word;

// Moves [word], zeroed before the first call, to the next stretch; false at the end.
bool words_next(const char *text, size_t size, Word *word);

// The word that [at] lies in, or that ends there.
Word words_at(const char *text, size_t size, size_t at);

// Where the bracket that belongs to the one at [at] is; SIZE_MAX when there is none.
size_t words_partner(const char *text, size_t size, size_t at);

// Where the bracket is that is open at [at], innermost; SIZE_MAX: none is.
size_t words_open_bracket(const char *text, size_t at);

// Whether the word is reserved, or special in its place (`to`, `when`).
bool words_is_keyword(const char *text, size_t size);

// Calls [each] with every such word.
void words_each_keyword(void (*each)(void *data, const char *word), void *data);

#endif
