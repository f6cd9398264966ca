// What the parts of emit share. emit.c: the file; emit_function.c: functions and control flow;
// emit_vars.c: where variables are declared; emit_command.c: the other commands; emit_data.c:
// literals, classes, types and positions.
#ifndef EMIT_STATE_H
#define EMIT_STATE_H

#include "cname.h"
#include "emit.h"
#include "infer.h"
#include "text.h"

typedef struct Emit {
    IrProgram *program;
    Arena *arena;
    EmitOptions options;
    CNames names;                          // of the file
    Text text;                             // the C text so far
    VEC(Node *) annotations;               // types that CHECK_TYPE names, in order of first use
    VEC(Symbol *) overloads;               // whose forms RAISE_OVERLOAD names, likewise
    VEC(const ClassInfo *) native_classes; // of libraries, in order of first use
    Map type_names;                        // annotation Node * -> C name (const char *)
    Map form_names;                        // overloads Symbol * -> C name (const char *)
    int cache_count;                       // call sites share no cache
    VEC(const char *) shared;              // with tiers: the data both texts name, as in tb_tier
    Map module_names;                      // Module * -> C name (const char *)
    Map lines;                         // Module * -> bool *: which of its lines errors can point at
    const struct Module *named_module; // the last #line named its file

    // of the function being written
    IrFunction *function;
    CNames locals;
    bool *function_lines; // its module's `lines`; NULL in the library
    int depth;
    uint32_t line;       // of the last #line or comment
    bool fails;          // some command goes to the handler
    bool uses_at;        // `at_` is read
    int handler;         // the label failures go to: `catch_N`; 0: `fail`
    const IrOp *loop;    // the innermost
    bool begins_at_loop; // this is the copy that is entered at a loop's head
    int label_count;
} Emit;

// Whether the text is for libtcc, which reads macros slowly and optimises nothing.
static inline bool emit_is_for_libtcc(const Emit *emit)
{
    return emit->options.is_memory && emit->options.tier != TIER_SECOND;
}

// ---- text (emit.c)
void emit_text(Emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_indent(Emit *emit);
void emit_line(Emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3))); // indented, with newline
void emit_c_string(Emit *emit, const char *bytes,
                   size_t size); // as a C string literal, quotes included
void emit_c_path(Emit *emit,
                 const struct Module *module); // the module's file, as a C string literal
const char *emit_in_comment(Arena *arena, const char *text); // without what would end the comment
const char *emit_join(Emit *emit, const char *first, const char *final);

// ---- data (emit_data.c)
void emit_literals(Emit *emit);
void emit_note_types(Emit *emit); // finds all that emit_types will write, and the classes they need
void emit_note_modules(Emit *emit); // the same for emit_modules
void emit_types(Emit *emit);        // the tb_type statics of annotations, the tb_forms of overloads
void emit_classes(Emit *emit);
void emit_sources(Emit *emit);
void emit_big_literals(Emit *emit); // statements that make big Ints when the program starts
void emit_name_data(Emit *emit);    // C names for literals, classes, globals
const char *emit_type_name(Emit *emit, Node *annotation);
const char *emit_forms_name(Emit *emit, Symbol *overloads);
const char *emit_class_name(Emit *emit, const ClassInfo *cls);
const char *emit_global_name(const Symbol *symbol);
const char *emit_module_name(Emit *emit, const struct Module *module);
void emit_modules(Emit *emit);                           // module objects and what they hold
void emit_literal(Emit *emit, const IrLiteral *literal); // as a boxed value
bool *emit_lines_of(Emit *emit, struct Module *module);  // for `function_lines`
// A place in the function's module as `TB_AT(line, column, length)`, or its value for libtcc; notes
// the line for messages.
void emit_at(Emit *emit, Span span);

// ---- variables (emit_vars.c)
// Names the function's variables and finds where each is declared.
void emit_place_vars(Emit *emit, IrFunction *function);
// The same once more, for another copy of the function: the names stay.
void emit_place_vars_again(IrFunction *function);
// Declares what [block] declares at its start.
void emit_declare_vars(Emit *emit, const IrBlock *block);
// The variable's name in C.
void emit_var(Emit *emit, const IrVar *var);

// ---- commands (emit_command.c)
const char *emit_repr(IrRepr repr); // the C type, ready for a name behind it
void emit_operand(Emit *emit, IrOperand value);
void emit_int(Emit *emit, int64_t value); // a raw constant
// clang-format off
// Writes what [pattern] says. A `$` in it is followed by one of
//   0–9 that operand            d  the result's name       =  `result = `, with its type where it is declared here
//   *   the arguments           f  the C function called   @  the position        !  the label failures go to
//   o   its operator in C       n  its operator by name    #  its index           g  its global
//   s   its text, as a string   l  its field's name        t  its annotation      x  the flags of its check
//   i   the function's tb_fn_info   >  what leaves a fast version   F  the forms of its global
//   a   the count of the operands, and an array of them
// clang-format on
void emit_pattern(Emit *emit, const IrOp *op, const char *pattern);
void emit_template(Emit *emit, const IrOp *op,
                   const char *template); // the same, indented, with newline
// Whether the command is an expression in C that cannot fail, and so can stand in a condition.
bool emit_is_plain(const Emit *emit, const IrOp *op);
void emit_plain(Emit *emit, const IrOp *op);   // that expression
void emit_command(Emit *emit, const IrOp *op); // any command without a body, jumps excepted
void emit_fail_label(Emit *emit);
void emit_info_address(Emit *emit); // of the function's tb_fn_info

void emit_declare_result(Emit *emit, const IrOp *op); // of one that a macro writes to

// ---- fast and slow versions (emit_raw.c)
void emit_get_item(Emit *emit, const IrOp *op);
void emit_set_item(Emit *emit, const IrOp *op);
void emit_view(Emit *emit, const IrOp *op);
void emit_leave(Emit *emit, const IrOp *op); // what a fast version does to leave at the command
void emit_slow_prototype(Emit *emit, const IrFunction *slow, const char *end);
void emit_slow_start(Emit *emit, const IrFunction *slow); // up to the opening brace
void emit_slow_head(Emit *emit, const IrFunction *slow);  // takes up what came along and goes there
void emit_entry_prototype(Emit *emit, const IrFunction *fast, const char *end);
void emit_entry(Emit *emit, const IrFunction *fast);
// A field of the struct that goes along, and the variable it becomes; raw Ints are boxed on the
// way.
void emit_live_field(Emit *emit, const IrVar *var, bool is_raw);
void emit_take_up(Emit *emit, const IrVar *var, bool is_raw);
// The struct's initializer for what goes along; the values' own part of it.
void emit_live_values(Emit *emit, const IrExit *exit);

// ---- two tiers (emit_tier.c)
// Notes data of [type] that both texts name. True in the second: it is declared, not to be defined.
bool emit_is_elsewhere(Emit *emit, const char *type, const char *name);
void emit_loop_prototype(Emit *emit, const IrFunction *function, const char *end);
void emit_loop_start(Emit *emit, const IrFunction *function); // the struct that goes along
void emit_loop_stub(Emit *emit, const IrFunction *function);  // in the first text
void emit_loop_head(Emit *emit, const IrFunction *function);  // takes up what came along
void emit_poll(Emit *emit, const IrOp *op);
void emit_tier(Emit *emit); // the tables

// ---- functions (emit_function.c)
void emit_function(Emit *emit, IrFunction *function);
const char *emit_failure_result(const IrFunction *function); // what it returns when it fails
const char *emit_result_type(const IrFunction *function);    // ready for a name behind it
void emit_prototype(Emit *emit, const IrFunction *function, const char *end);

#endif
