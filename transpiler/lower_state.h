// What the parts of lower share. lower.c: program, top levels, classes; lower_function.c: functions
// and closures; lower_value.c: operands, commands, conversions, variables; lower_stmt.c:
// statements; lower_flow.c: loops, try, leaving constructs; lower_iterate.c: going through items;
// lower_expr.c: expressions; lower_operator.c: operators; lower_literal.c: literals and
// comprehensions; lower_call.c: calls; lower_known.c: library functions in line; lower_match.c:
// patterns; lower_library.c: choosing among library functions.
#ifndef LOWER_STATE_H
#define LOWER_STATE_H

#include "infer.h"
#include "infer_ops.h"
#include "ir.h"

typedef struct Exit Exit;

// A construct that control may leave early, innermost first.
typedef struct Frame {
    struct Frame *outer;
    enum { FRAME_LOOP, FRAME_FINALLY, FRAME_HANDLING } kind;
    IrOp *target;      // LOOP: the loop; FINALLY: the BLOCK behind which the finally part stands
    IrVar *how;        // FINALLY: why control arrived there (see lower_flow.c)
    VEC(Exit *) exits; // FINALLY: the early exits that pass through
    IrVar *former;     // HANDLING: what was being handled before
    IrVar *caught;     // HANDLING: the error `throw` alone throws again
} Frame;

typedef struct Lower {
    Compiler *compiler;
    Arena *arena;
    IrProgram *program;
    Map routines;                // FunctionInfo * -> IrRoutine *
    Map twins;                   // session_twin
    Map overloads;               // SYMBOL_OVERLOADS symbol -> IrFunction *: its dispatcher
    VEC(FunctionInfo *) waiting; // functions to lower

    // of the function being lowered
    FunctionInfo *info; // NULL in made functions
    struct Module *module;
    IrFunction *function;
    IrBlock *block;
    Frame *frame;
    Map storage;       // Symbol * -> IrVar *
    IrVar *self_value; // this closure as a value; made on first use
    IrVar *result;     // holds the value while `finally` parts run
    int loop_depth;
    VEC(IrOperand *) held; // operands evaluated and not used yet; see lower_hold
} Lower;

// C compilers take more than linear time for long functions: a top level is cut into parts of this
// many statements.
#define LOWER_TOP_LEVEL_PART 200

#define ROUTINE(name, c_name, signature) extern const IrRoutine routine_##name;
#include "routines.def"
#undef ROUTINE

// ---- emitting (lower_value.c)
IrVar *lower_temp(Lower *lower, IrRepr repr);
IrOperand operand_int(int64_t value);
IrOperand operand_small(int64_t value);
IrOperand operand_bool(bool value);
IrOperand operand_truth(bool value);
IrOperand operand_none(void); // the value None
IrOperand operand_missing(void);
IrOperand operand_text(Lower *lower, const char *bytes, size_t size);
IrOperand operand_name(Lower *lower, const Name *name);
IrLiteral *lower_name_literal(Lower *lower, const Name *name);
IrOperand operand_function(IrFunction *function);
IrOperand operand_class(ClassInfo *cls);
IrOp *lower_op(Lower *lower, IrKind kind, Span span, IrVar *dst, int arg_count);
void lower_jump(Lower *lower, IrKind kind, IrOp *target, Span span);   // BREAK, CONTINUE or LEAVE
void lower_move(Lower *lower, IrVar *dst, IrOperand value, Span span); // converts as needed
// Calls a runtime function; returns its result (boxed list, dict, … for pointers).
IrOperand lower_routine(Lower *lower, const IrRoutine *routine, Span span, int arg_count,
                        const IrOperand *args);
#define LOWER_ROUTINE(lower, name, span, ...)                                                      \
    lower_routine(lower, &routine_##name, span,                                                    \
                  (int)(sizeof((IrOperand[]){__VA_ARGS__}) / sizeof(IrOperand)),                   \
                  (IrOperand[]){__VA_ARGS__})
#define LOWER_ROUTINE_0(lower, name, span) lower_routine(lower, &routine_##name, span, 0, NULL)
// object[index], with a List's item in line where that pays.
// [place] is the expression, its object and index already evaluated and boxed.
IrOperand lower_get_item(Lower *lower, Node *place, IrOperand object, IrOperand index);
// The item at a boxed Int [index] of a List of type [list]: raw where the List has only such.
IrOperand lower_list_item(Lower *lower, const Type *list, IrOperand object, IrOperand index,
                          Span span);
void lower_set_item(Lower *lower, Node *place, IrOperand object, IrOperand index, IrOperand value,
                    Span span);
void lower_push(Lower *lower, IrOperand list, IrOperand item, Span span); // at the end of a list
// The field of objects of this type that has a slot, or NULL. The object may still be None.
Field *lower_known_field(const Type *type, const Name *name);
// Raises the error of reading (or with [value], writing) a field of None where [object] is None.
void lower_refuse_none(Lower *lower, IrOperand object, const Type *type, const Name *name,
                       const IrOperand *value, Span span);
// The value of a field that instances of [cls] have a slot for.
IrOperand lower_field(Lower *lower, const ClassInfo *cls, const Field *field, IrOperand object,
                      Span span);
IrRepr lower_repr_of(const Type *type); // how a value of this type is best held
IrOperand lower_convert(Lower *lower, IrOperand value, IrRepr repr, Span span);
IrOperand lower_boxed(Lower *lower, IrOperand value, Span span);
// `left op right` by a command of this kind, into a new temporary.
IrOperand lower_operation(Lower *lower, IrKind kind, TokenKind op, IrRepr repr, IrOperand left,
                          IrOperand right, Span span);
IrOperand lower_truth(Lower *lower, IrOperand value, Span span); // to bool
IrOperand lower_not(Lower *lower, IrOperand condition, Span span);
IrOp *lower_if(Lower *lower, IrOperand condition,
               Span span);                          // opens nothing: fill op->body, op->other
IrBlock *lower_enter(Lower *lower, IrBlock *block); // goes on in [block]; returns the former one
// Operands that wait while further expressions are evaluated: a block expression in between may
// assign the variables they name, so lower_settle copies those. Every hold is released in reverse
// order.
void lower_hold(Lower *lower, IrOperand *operand);
void lower_release(Lower *lower, int count);
void lower_settle(Lower *lower, Span span);

// ---- functions (lower_function.c), classes (lower.c)
// Saves and restores what belongs to the function being lowered around making another one.
typedef struct SavedFunction {
    FunctionInfo *info;
    struct Module *module;
    IrFunction *function;
    IrBlock *block;
    Frame *frame;
    Map storage;
    IrVar *self_value, *result;
    int loop_depth, held;
} SavedFunction;

SavedFunction lower_begin_function(Lower *lower, IrFunction *function, FunctionInfo *info);
void lower_end_function(Lower *lower, SavedFunction saved);
const char *lower_module_prefix(const struct Module *module); // of C names: "main", "shapes"
// Lowers the body of a function that lower_function_for declared and adds it to the program.
void lower_function_body(Lower *lower, FunctionInfo *info);
IrFunction *lower_function_for(Lower *lower,
                               FunctionInfo *info); // declared; its body is lowered later
IrFunction *lower_boxed_form(Lower *lower, IrFunction *function); // callable with all values boxed
void lower_function_value(Lower *lower, IrFunction *function); // a static function object is needed
IrOperand lower_closure(Lower *lower, FunctionInfo *info, Span span);
void lower_class_statement(Lower *lower, Node *node);
void lower_use_class(Lower *lower, ClassInfo *cls);
// The class as a value: a static, or what its variable holds.
IrOperand lower_class_value(Lower *lower, ClassInfo *cls, Span span);
// What [cls] extends, for `super`.
IrOperand lower_base(Lower *lower, ClassInfo *cls, Span span);

// ---- variables (lower_value.c)
IrOperand lower_read(Lower *lower, Symbol *symbol, Node *node);
// [makes]: this is the statement that makes the variable anew (let, for), not just an assignment.
void lower_write(Lower *lower, Symbol *symbol, IrOperand value, bool makes, Span span);
// A variable of the module level is a static (one that loops make fresh and closures see: a static
// cell), unless only the top level itself mentions it.
bool lower_is_static(const Symbol *symbol);
// A variable of the program's top level that only the top level mentions.
bool lower_is_top_local(const Symbol *symbol);
// Whether the function being lowered reads the symbol from its static, not from a capture.
bool lower_reaches_statically(const Lower *lower, const Symbol *symbol);
IrVar *lower_global_get(Lower *lower, Symbol *symbol, Span span); // reads a static
// The C variable of a symbol in the function being lowered: its own local, or a copy of what it
// captured.
IrVar *lower_local(Lower *lower, Symbol *symbol);
// Puts [value] into a new cell, which [cell] then holds.
void lower_make_cell(Lower *lower, Symbol *symbol, IrVar *cell, IrOperand value);
IrRepr lower_symbol_repr(Lower *lower, Symbol *symbol);
void lower_use_global(Lower *lower, Symbol *symbol); // its static is needed

// ---- expressions
IrOperand lower_expr(Lower *lower, Node *node);
IrOperand lower_value(Lower *lower, Node *node); // boxed
IrOperand lower_condition(Lower *lower, Node *node);
IrOperand lower_binary_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                          const Type *left_type, const Type *right_type, Span span);
IrOperand lower_compare_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                           const Type *left_type, const Type *right_type, Span span);
IrOperand lower_lambda(Lower *lower, Node *node);
// One kind of node each (lower_literal.c).
IrOperand lower_int(Lower *lower, const Node *node);
IrOperand lower_list(Lower *lower, Node *node);
IrOperand lower_tuple(Lower *lower, Node *node);
IrOperand lower_set(Lower *lower, Node *node);
IrOperand lower_dict(Lower *lower, Node *node);
IrOperand lower_fstring(Lower *lower, Node *node);
IrOperand lower_comprehension(Lower *lower, Node *node);
// The same (lower_operator.c); [as_condition]: only the truth is wanted.
IrOperand lower_unary(Lower *lower, Node *node);
IrOperand lower_binary(Lower *lower, Node *node);
IrOperand lower_compare(Lower *lower, Node *node);
IrOperand lower_logical(Lower *lower, Node *node, bool as_condition);
IrOperand lower_conditional(Lower *lower, Node *node);
// A boxed value of a type that is best held raw, unboxed; any other as it is.
IrOperand lower_raw_if_known(Lower *lower, IrOperand value, const Type *type, Span span);
IrOperand lower_call(Lower *lower, Node *node);
IrOperand lower_symbol_value(Lower *lower, Symbol *symbol, Node *node);
// [from] is the expression the value came from, or NULL: what is known of it need not be checked,
// and the parts of a literal become Floats where its annotation says so.
// At the prompt: the class that an annotation names, when that is known only as a name of the
// session (NODE_TYPE_NAME with a session symbol).
IrOperand lower_session_type(Lower *lower, const Node *annotation);
bool lower_is_session_type(const Node *annotation);
// Whether the expression makes a container that nobody else has seen: [1, 2], {x for x in xs}.
bool lower_is_container(const Node *node);
// Checks [value], which the expression [from] gave (NULL: not known), against an annotation.
IrOperand lower_check_type(Lower *lower, IrOperand value, const Node *from, Node *annotation,
                           const char *what, Span span);
// The same for a parameter of [function]; those of the library take a Bool as a number.
IrOperand lower_check_param(Lower *lower, const IrFunction *function, IrOperand value,
                            const Node *from, const Symbol *param, Span span);
// How the message about such a check calls a parameter: "`x` of `area`", "`x`" of a lambda.
const char *lower_param_text(Lower *lower, const IrFunction *function, const char *param);

// ---- statements
void lower_statement(Lower *lower, Node *node);
void lower_match_into(Lower *lower, Node *node, IrVar *dst); // NULL dst: nobody wants the value
IrFunction *
lower_module_top(Lower *lower,
                 struct Module *module); // the top level of an imported module; runs once
void lower_block(Lower *lower, Node *block);
// The value of a body whose last statement may be an expression, if, match or try. NULL body: None.
void lower_body_into(Lower *lower, Node *body, IrVar *dst);
IrOperand lower_block_expr(Lower *lower, Node *node); // IF, MATCH, TRY, BLOCK as an expression
void lower_assign(Lower *lower, Node *target, IrOperand value, const Node *from, bool makes,
                  Span span);

// ---- flow
// Enters the body of [loop], which begins with a POLL; returns the block around for
// lower_close_loop.
IrBlock *lower_open_loop(Lower *lower, IrOp *loop);
void lower_close_loop(Lower *lower, IrBlock *former);
void lower_break_unless(Lower *lower, IrOperand condition, IrOp *loop, Span span);
void lower_while(Lower *lower, Node *node);
void lower_for(Lower *lower, Node *node);
// Runs `each` for every item of an iterable bound to [target]: the shared part of `for` and
// comprehensions (lower_iterate.c). Unless it is NULL, `ready` is called once, right before the
// loop, with the number of turns as an int: a guess, 0 when nothing is known.
void lower_iterate(Lower *lower, Node *target, Node *iterable, Span span,
                   void (*ready)(Lower *, IrOperand, void *), void (*each)(Lower *, void *),
                   void *data);
void lower_try(Lower *lower, Node *node, IrVar *dst);
void lower_with(Lower *lower, Node *node);
void lower_return(Lower *lower, IrOperand value, const Node *from, Span span);
void lower_loop_exit(Lower *lower, bool is_break, Span span);
void lower_throw(Lower *lower, Node *node);

// ---- library
const IrRoutine *lower_library_routine(Lower *lower, FunctionInfo *function);
// The overload set's function as something to call with boxed values: a dispatcher when there are
// several.
IrOperand lower_library_value(Lower *lower, Symbol *overloads);
// A call of a library name; [receiver] is an argument in front (of `x.f()`), already evaluated, or
// NULL.
IrOperand lower_library_call(Lower *lower, Symbol *overloads, Node *receiver,
                             IrOperand *receiver_value, Node *call);
// A call of a function that is certain to be the callee.
IrOperand lower_direct_call(Lower *lower, FunctionInfo *function, Node *receiver,
                            IrOperand *receiver_value, const NodeList *args, Span span);
// The call of an extern function with its arguments in parameter order, `missing` where left out.
// [types] is what is known of them, or NULL.
IrOperand lower_extern_call(Lower *lower, FunctionInfo *function, int count, IrOperand *args,
                            const Type *const *types, Span span);
// The same in line, where the function is one that lower_known.c knows and [types] are certain:
// true, and [*result] is its result.
bool lower_known_call(Lower *lower, const FunctionInfo *function, int count, const IrOperand *args,
                      const Type *const *types, Span span, IrOperand *result);
// A call of a value: [receiver_value], if any, then [args].
IrOperand lower_any_call(Lower *lower, IrOperand callee, const IrOperand *receiver_value,
                         const NodeList *args, Span span);
// `left op right` where that certainly means the method [text] (`add`, for `+`; NULL: no operator
// of objects) of a class: calls it and gives its result in [*result]. [type] is that of the left
// side; [right_node] NULL: the operator has no right side. False: something else may be meant.
bool lower_operator_call(Lower *lower, const char *text, const Type *type, IrOperand left,
                         Node *right_node, IrOperand right, Span span, IrOperand *result);
// The closure of a function that captures something, where it is called by name.
IrOperand lower_read_closure(Lower *lower, FunctionInfo *function, Span span);
// An IrFunction around an extern function, for use as a value.
IrFunction *lower_extern_function(Lower *lower, FunctionInfo *function);
IrFunction *lower_new_function(Lower *lower, const char *c_name, const char *name,
                               struct Module *module, Span span);
IrVar *lower_add_param(Lower *lower, IrFunction *function, const char *name, IrRepr repr,
                       Type *type);
// Fills [function]'s body: calls [fill] with [lower] set up for it.
void lower_made_function(Lower *lower, IrFunction *function, void (*fill)(Lower *, void *),
                         void *data);

#endif
