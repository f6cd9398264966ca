// What the parts of emit share. emit.c: the file; emit_function.c: functions and their commands; emit_data.c: literals,
// classes, types and positions.
#ifndef EMIT_STATE_H
#define EMIT_STATE_H

#include "cname.h"
#include "emit.h"
#include "infer.h"

typedef struct Emit {
    IrProgram *program;
    Arena *arena;
    EmitOptions options;
    CNames names; // of the file
    char *text;   // the C text so far
    size_t size;
    size_t capacity;
    VEC(Node *) annotations;  // types that CHECK_TYPE names, in order of first use
    VEC(const ClassInfo *) native_classes; // of libraries, in order of first use
    Map type_names;           // annotation Node * -> C name (const char *)
    Map caches;               // unused call sites share nothing: each gets its own static
    int cache_count;
    int label_set_count;
    Map module_names;         // Module * -> C name (const char *)
    Map lines;                // Module * -> a bitmap of the lines errors can point at

    // of the function being written
    IrFunction *function;
    CNames locals;
    int depth;
    uint32_t line;      // of the last #line or comment
    bool fails;         // some command goes to `fail`
    bool uses_at;        // `at_` is read
    const char *handler; // the label failures go to
    int label_count;
} Emit;

// ---- text (emit.c)
void emit_text(Emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_indent(Emit *emit);
void emit_line(Emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3))); // indented, with newline
const char *emit_c_string(Arena *arena, const char *bytes, size_t size); // a C string literal, quotes included
const char *emit_in_comment(Arena *arena, const char *text); // without what would end the comment

// ---- data (emit_data.c)
void emit_literals(Emit *emit);
void emit_note_types(Emit *emit); // finds all that emit_types will write, and the classes they need
void emit_types(Emit *emit); // the tb_type statics of annotations
void emit_classes(Emit *emit);
void emit_sources(Emit *emit);
void emit_big_literals(Emit *emit); // statements that make big Ints when the program starts
void emit_name_data(Emit *emit);    // C names for literals, classes, globals
const char *emit_type_name(Emit *emit, Node *annotation);
const char *emit_class_name(Emit *emit, const ClassInfo *cls);
const char *emit_global_name(const Symbol *symbol);
const char *emit_module_name(Emit *emit, const struct Module *module);
void emit_modules(Emit *emit); // module objects and what they hold
const char *emit_literal(Emit *emit, const IrLiteral *literal); // as a boxed value
void emit_note_line(Emit *emit, struct Module *module, uint32_t line);
// A position as `TB_AT(line, column, length)`; notes the line for messages.
const char *emit_at(Emit *emit, struct Module *module, Span span);

// ---- functions (emit_function.c)
void emit_function(Emit *emit, IrFunction *function);
void emit_prototype(Emit *emit, const IrFunction *function, const char *end);
const char *emit_repr(IrRepr repr);

#endif
