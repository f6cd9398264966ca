// Kinds of tokens; the table is token.def. Operators of tree nodes (Node.op) are TokenKinds too.
#ifndef TOKEN_H
#define TOKEN_H

typedef enum TokenKind {
#define TOKEN(kind, text, group) TOK_##kind,
#include "token.def"
#undef TOKEN
    TOKEN_KIND_COUNT
} TokenKind;

// The spelling of an operator or a word ("+", "let"); what messages call the others ("a string").
// Defined in lexer.c.
const char *token_text(TokenKind kind);

// What an operator between two values does, as the runtime's functions and the methods of classes
// are named after it ("add"). Defined in lexer.c.
const char *token_operation(TokenKind op);

#endif
