// Tokens to tree. Layout is decided here, from token columns (LANGUAGE.md section 3).
#ifndef PARSER_H
#define PARSER_H

#include "ast.h"
#include "diag.h"

// Deepest nesting of brackets, blocks and operators that is accepted.
#define PARSER_MAX_NESTING 1000

// Most branches of one `if`: what C compilers need for a chain of them grows with its square.
#define PARSER_MAX_BRANCHES 5000

typedef struct ParserOptions {
    bool is_library; // `extern` declarations, type parameters and `##` doc comments are understood
                     // (users' `extern` too)
    bool is_repl;    // an unfinished entry is not an error: *incomplete is set instead
    uint32_t start;  // the stretch of the text to parse, as byte offsets: one declaration of a
                     // library; positions stay
    uint32_t end;    // those of the whole text. end 0: everything
} ParserOptions;

// Parses a whole source to a BLOCK of its statements. Reports through [diags] and recovers at
// statement ends: the tree is complete but for ERROR nodes. [incomplete] may be NULL.
Node *parse_module(Arena *arena, Names *names, Diags *diags, Source *source, ParserOptions options,
                   bool *incomplete);

#endif
