// What operators give for operands of known types, which of them are certain to fail, and what a
// statement yields.
#ifndef INFER_OPS_H
#define INFER_OPS_H

#include "types.h"

// The method of an object that stands for the operator (`add`, for `+`); NULL: none does.
const char *infer_operator_method(TokenKind op);

// The result type of `left op right`. [right_node] lets `**` see a literal exponent; may be NULL.
Type *infer_binary(Types *types, TokenKind op, const Type *left, const Type *right,
                   const Node *right_node);

// The result type of `op operand` for `-`, `+` and `~`.
Type *infer_unary(Types *types, int op, Type *operand);

// The kinds that become one of [kinds] when given to a library function: Bools and Ints numbers, an
// instance with `call` a function.
KindSet infer_converted_kinds(KindSet kinds);

// The operator inside an augmented assignment: `+` for `+=`. A plain operator is given back.
TokenKind infer_plain_operator(int op);

// Warn of what is certain to fail when it runs. [node] is a BINARY or AUGMENT.
void infer_warn_binary(Compiler *compiler, Source *source, const Node *node, const Type *left,
                       const Type *right);
void infer_warn_compare(Compiler *compiler, Source *source, const Node *node, const Node *item,
                        const Type *left, const Type *right);
void infer_warn_call(Compiler *compiler, Source *source, const Node *callee, const Type *type);

// Whether the statement has a value a function can return implicitly: an expression, `if`, `match`
// or `try`.
bool infer_has_value(const Node *statement);

// Whether control never comes out behind it: return, throw, break, continue.
bool infer_never_ends(const Node *statement);

#endif
