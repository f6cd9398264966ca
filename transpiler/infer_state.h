// What the parts of infer share. infer.c: the fixpoint and printing; infer_cells.c: cells, what is
// reached, classes; infer_calls.c: calls; infer_annotation.c: annotations; infer_walk.c: the walk
// over expressions and statements; infer_ops.c: operators.
#ifndef INFER_STATE_H
#define INFER_STATE_H

#include "infer.h"
#include "infer_ops.h"

typedef struct Infer {
    Compiler *compiler;
    Types types;
    VEC(FunctionInfo *) queue;
    VEC(FunctionInfo *) functions;     // reached, in the order found
    VEC(ClassInfo *) classes;          // reached
    VEC(FunctionInfo *) named_methods; // methods of reached classes
    FunctionInfo *function;            // whose body is walked
    bool reporting; // the last walk: cells stay as they are, mismatches are reported
} Infer;

// ---- cells (infer_cells.c)
// The type of just that kind.
Type *infer_kind(Infer *infer, tb_kind kind);
Type *infer_join(Infer *infer, Type *a, Type *b);
FunctionFacts *function_facts(Infer *infer, FunctionInfo *function);
// [type] can be in the cell: who has read it is walked again if that is new.
void cell_join(Infer *infer, Cell *cell, Type *type);
// What the cell holds; the function that is walked becomes a reader.
Type *cell_read(Infer *infer, Cell *cell);
// A variable's cell; made with its annotation's type when it has one.
Cell *symbol_cell(Infer *infer, Symbol *symbol);
const Node *symbol_annotation(const Symbol *symbol); // or NULL

// ---- what is reached (infer_cells.c)
void reach_function(Infer *infer, FunctionInfo *function);
void reach_class(Infer *infer, ClassInfo *cls);
// The function becomes a value: anything may call it with anything.
void function_escapes(Infer *infer, FunctionInfo *function);
void class_escapes(Infer *infer, ClassInfo *cls);
// The library's function becomes a value: every form of it can be called.
void overloads_escape(Infer *infer, const Symbol *overloads);
// Lays out a class's slots: the base's first, then the fields its own methods assign.
ClassFacts *class_ready(Infer *infer, ClassInfo *cls);

// ---- calls (infer_calls.c)
Symbol *param_at(const FunctionInfo *function, int index);
// Whether an object of one type can be one of the other, as far as classes tell.
bool classes_may_meet(const Type *a, const Type *b);
Type *walk_call(Infer *infer, Node *node);
// Methods of that name in any class: [escape]d, or else called with [args]; then what they return.
Type *methods_named(Infer *infer, const Name *name, bool escape, const NodeList *args);
bool is_super(const Node *node);

// ---- annotations (infer_annotation.c)
// Reports a value that cannot be what its annotation says. [what] names what is given it.
void check_annotation(Infer *infer, const Node *annotation, Type *given, Node *value,
                      const char *what);
// The same for what [symbol] is given.
void check_variable(Infer *infer, const Symbol *symbol, Type *given, Node *value);

// ---- the walk (infer_walk.c)
// Types [node] and all below it; returns its type.
Type *infer_walk(Infer *infer, Node *node);
void infer_walk_list(Infer *infer, const NodeList *list);

#endif
