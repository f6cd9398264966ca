// The IR: functions made of flat commands on variables and constants, in nested blocks. Every
// command says how its values are represented; boxing, unboxing and checks are commands of their
// own, so passes can see and remove them.
#ifndef IR_H
#define IR_H

#include "resolve.h"
#include "types.h"

typedef enum IrKind {
#define IR(op, text) IR_##op,
#include "ir.def"
#undef IR
    IR_KIND_COUNT
} IrKind;

// How a value is held in C.
typedef enum IrRepr {
    REPR_NONE,  // nothing: a function that only acts
    REPR_VALUE, // tb_value
    REPR_INT,   // int64_t
    REPR_FLOAT, // double
    REPR_BOOL,  // int, 0 or 1
    REPR_CELL,  // tb_cell *
    REPR_ITER,  // a tb_iter in the function's frame
    REPR_ARRAY, // an array of `length` tb_values in the function's frame
    REPR_VIEW,  // a tb_view of a list whose items are of the tb_items `length` (view.h)
} IrRepr;

typedef struct IrVar {
    const char *name;         // the user's name; NULL: a temporary. emit: its name in C
    Type *type;               // what inference knows; NULL: anything its representation can hold
    struct IrVar *next;       // of the function
    union {                   // emit
        struct IrBlock *home; // the innermost around all mentions, then
        struct IrVar *next_at_home; // those that the same block declares at its start
    };
    IrRepr repr : 8;
    bool is_param;
    bool owns_int;                 // see own.h
    bool is_seen;                  // emit: a command mentions it
    bool is_undeclared;            // emit: the first command that gives it a value declares it
    int length;                    // REPR_ARRAY, REPR_VIEW
    int number;                    // unique in its function; temporaries are named after it
    const struct IrBlock *made_in; // emit: the block of the command that gave it a value
    int mention_count;             // emit: in commands and exits
    int set_count;                 // opt: commands that give it a value
    int use_count;                 // opt: mentions as an operand
} IrVar;

typedef enum IrOperandKind {
    OPERAND_NONE,
    OPERAND_VAR,
    OPERAND_INT,      // raw int64_t constant
    OPERAND_FLOAT,    // raw double constant
    OPERAND_BOOL,     // raw 0 or 1
    OPERAND_SMALL,    // boxed Int that fits 62 bits
    OPERAND_NIL,      // boxed None
    OPERAND_TRUTH,    // boxed true or false, by `integer`
    OPERAND_MISSING,  // TB_MISSING
    OPERAND_LITERAL,  // boxed constant kept in a static of the program: text, big Int, Float
    OPERAND_FUNCTION, // boxed static function object of `function`
    OPERAND_CLASS,    // boxed class object of `cls`
    OPERAND_MODULE,   // boxed module object of `module`
} IrOperandKind;

typedef struct IrFunction IrFunction;
typedef struct IrOp IrOp;

// A constant kept in a static variable of the program.
typedef struct IrLiteral {
    enum { LITERAL_STRING, LITERAL_FLOAT, LITERAL_BIG } kind;
    const char *bytes; // text, or the digits of a big Int
    uint32_t size;
    int base;
    double number;
    int number_in_program; // names the static
    bool is_used;          // opt
    const char *c_name;
} IrLiteral;

typedef struct IrOperand {
    IrOperandKind kind;
    union {
        IrVar *var;
        int64_t integer;
        double number;
        IrLiteral *literal;
        IrFunction *function;
        ClassInfo *cls;
        struct Module *module;
    } as;
} IrOperand;

typedef struct IrBlock {
    IrOp *first;
    IrOp *last;
    struct IrBlock *parent;
    IrVar *vars;   // emit: the last of those it declares at its start
    int depth;     // of blocks around it
    bool is_ended; // known: control never comes out behind `last`
} IrBlock;

// A C function of the runtime or the library, and how it is called. `signature` is its result, then
// its parameters:
//   result   V tb_value   v tb_value that never fails   B truth, -1 fails   b truth that never
//   fails   S 0 or -1
//            - nothing    I int64_t   i int64_t that never fails   F double   f double that never
//            fails P object pointer, NULL fails
//   params   V tb_value   i int64_t   f double   b int   l tb_list *  t tb_str *  d tb_dict *  s
//   tb_set *  u tb_tuple *
//            y tb_bytes *  n const tb_str * (a literal)   k tb_cache * (the site's own)   A count
//            and array of the remaining values   D the same, counted in pairs   a the array alone
//            N count and array of the labels   T tb_iter *   o tb_value * (an array or value
//            variable to fill) p position (int64_t)   c const tb_class * / class object   h this
//            function's tb_fn_info
typedef struct IrRoutine {
    const char *c_name;
    const char *signature;
    bool is_library; // declared by `extern`: the program emits its prototype
    const FunctionInfo *declaration;
    bool is_used; // opt; library functions only
} IrRoutine;

// Where a version of a function is left for another, and what goes along: a fast version for its
// slow one (raw.h); at a loop's POLL, any version for its optimised twin (tier_points.h), whose
// variables are the same.
typedef struct IrExit {
    int number;      // of the RESUME in the slow version; of the loop
    int count;       // of the variables that are live there
    IrVar **slow;    // as the slow version has them
    IrOperand *fast; // what the fast version has in their place
    IrVar *result;   // of the slow version: gets `value` instead; NULL: none
    IrOperand value; // a value; NONE: the wide Int that a call returned
} IrExit;

// Commands are most of what a compilation keeps in memory, so what different ones need shares its
// place.
struct IrOp {
    uint8_t kind;    // IrKind
    uint8_t sub;     // TokenKind of an operator
    uint8_t spent;   // INT_OP: operands whose blocks may be used up, see own.h
    bool is_fresh;   // CHECK_TYPE of a literal nobody else has seen: its parts may become Floats
    bool is_rest;    // CHECK_TYPE of a rest parameter's list: each item must be of the type
    bool is_lenient; // CHECK_TYPE of a library parameter: a Bool counts as a number
    bool is_hot;     // in a loop or a recursive function: worth code in line
    bool is_listed;  // RUNTIME: an item by an Int, of what is known to be a List
    bool is_typed;   // the same, of a List of just Ints, Floats or Bools
    bool is_left;    // a BREAK or LEAVE names it
    bool is_quiet;   // POLL: runs no code of the program, which could change a list
    bool has_exit_label; // emit: jumps go behind it
    bool has_next_label; // emit: jumps go to the end of its body
    int arg_count;
    union {
        int label_count; // RUNTIME: labelled arguments, the last of `args`
        int label;       // emit: number of a construct's labels
    };
    Span span;  // where a failure is reported
    IrVar *dst; // or NULL
    IrOp *next;
    union {
        struct { // see ir_has_blocks
            IrBlock *body;
            IrBlock *other; // IF, TRY
        };
        struct {
            union {
                const IrRoutine *routine; // RUNTIME
                IrFunction *callee;       // CALL, CLOSURE
                Symbol *global;           // GLOBAL_GET, GLOBAL_SET, RAISE_OVERLOAD
                IrOp *target;             // BREAK CONTINUE LEAVE
                int index;                // CAPTURED FIELD_GET FIELD_SET CLOSURE_SET
                Node *annotation;         // CHECK_TYPE
            } as;
            union {
                const char *text;   // SET_CHECK, CHECK_TYPE: names for messages
                IrLiteral *field;   // FIELD_GET: the field's name
                IrLiteral **labels; // RUNTIME: of the labelled arguments
                IrExit *exit;       // see ir_exit_of; NULL: none
            };
        };
    };
    IrOperand args[];
};

struct IrFunction {
    const char *name; // as traces show it: `area`, `Shape.area`; "" for a lambda
    const char *c_name;
    FunctionInfo *info; // NULL: made by lower (wrappers, dispatchers, parts of a top level)
    struct Module *module;
    Span span;
    VEC(IrVar *) params;
    IrVar *vars; // all variables, params included
    IrVar *last_var;
    int var_count;
    IrRepr result;
    IrBlock *body;
    bool uses_self;   // opt: a command reads what it captured
    bool is_closure;  // takes its own tb_fn as first C parameter, `self_`
    bool needs_value; // opt: a static function object is emitted
    bool has_info;    // opt, emit: its tb_fn_info is needed
    bool can_fail;
    bool is_method;      // params[0] is `self`
    bool is_wrapper;     // adapts a typed function to boxed calls
    bool is_transparent; // leaves no line in traces: errors are reported where it was called
    int required_count;  // of made functions; those with `info` have their own
    int rest_index;
    bool is_array_code; // TB_FN_ARRAY: takes (fn, const tb_value *args)
    IrFunction *slow;   // of a fast version: its twin with boxed Ints
    IrFunction *fast;   // of a slow version
    bool has_raw_form;  // of a fast version: some parameters or the result are raw Ints
    bool *raw_params;   // with has_raw_form: by index
    bool raw_result;    // with has_raw_form
    bool is_hot;        // called in a loop, or by a function that is not a top level
    bool needs_entry;   // opt: boxed code calls a fast version that has_raw_form
    bool is_kept;       // of a slow version: something leads to it
    int exit_count;     // of a slow version: RESUMEs are numbered from 1
    bool *is_live;      // of a slow version: by number, the variables that come along at an exit
    bool *is_raw;       // of a slow version: by number, those that are raw Ints in the fast one
    const char *live_c_name; // of a slow version: the struct of what comes along
    int loop_count;          // with tiers: loops that the program can change over at
    bool *is_loop_live;      // with loop_count: by number, the variables that come along there
    const char *loop_c_name; // with loop_count: the function that goes on from there
    const char *entry_c_name;
    IrFunction *boxed; // the form function values call: itself or a wrapper; NULL until needed
    bool is_used;      // opt: something that runs can reach it
    int order_module;  // emit: where it stands in the C text
    int number;
    const char *fn_c_name; // of the static function object
    const char *info_c_name;
};

typedef struct IrProgram {
    Compiler *compiler;
    Arena *arena;
    VEC(IrFunction *) functions; // in the order of the C text
    VEC(ClassInfo *) classes;
    VEC(Symbol *) globals;
    VEC(IrLiteral *) literals;
    Map text_literals;                  // Name * of the text -> IrLiteral *
    VEC(IrRoutine *) routines;          // library functions used
    VEC(struct Module *) modules;       // whose top levels run
    VEC(struct Module *) module_values; // in use as values
    VEC(const char *) link_libraries;   // of `extern "m"`
    IrFunction *start;                  // runs the program
} IrProgram;

// Building.
IrVar *ir_var(Arena *arena, IrFunction *function, const char *name, IrRepr repr, Type *type);
// A command at the end of [block]. Where control never gets there it is made, but goes nowhere.
IrOp *ir_op(Arena *arena, IrBlock *block, IrKind kind, Span span, IrVar *dst, int arg_count);
// BREAK, CONTINUE or LEAVE.
IrOp *ir_jump(Arena *arena, IrBlock *block, IrKind kind, Span span, IrOp *target);
IrBlock *ir_block(Arena *arena, IrBlock *parent);

// Whether control never comes out behind the last command of the block.
bool ir_is_ended(IrBlock *block);

// Whether the command has blocks of its own: `body`, and `other` or NULL.
static inline bool ir_has_blocks(const IrOp *op)
{
    return op->kind >= IR_IF && op->kind <= IR_TRY;
}

// A variable as an operand.
static inline IrOperand operand_var(IrVar *var)
{
    return (IrOperand){OPERAND_VAR, {.var = var}};
}

// What an operand is represented as.
IrRepr ir_operand_repr(IrOperand operand);

// Whether calls of the function give a raw Int.
static inline bool ir_has_raw_result(const IrFunction *function)
{
    return function->has_raw_form && function->raw_result;
}

// Whether a parameter is raw: then its entry may have to start the slow version.
bool ir_has_raw_param(const IrFunction *function);

// Whether the command writes argument [index], a variable, through a pointer.
bool ir_writes_argument(const IrOp *op, int index);

// The exit of a command of a fast version, or NULL.
IrExit *ir_exit_of(const IrOp *op);

// Whether the command can leave by failing.
bool ir_can_fail(const IrOp *op);

// Writes the program's IR, for `tombo emit --after=lower`.
void ir_print(const IrProgram *program, FILE *out);

// Asserts what must hold of the IR between passes: representations agree, targets enclose,
// variables belong.
void ir_verify(const IrProgram *program);

#endif
