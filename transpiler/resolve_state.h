// What the files of the resolver share. Reading order: resolve.c (scopes, statements),
// resolve_function.c, resolve_names.c (uses and targets of names), flow.c (what certainly has a
// value), capture.c (closures); then resolve_class.c, resolve_types.c (annotations),
// resolve_calls.c (arguments), modules.c (imports), resolve_library.c.
//
// One walk over a module in the order of its text binds names, follows which variables have a value
// and notes who captures what. A name that is not made yet waits in `pending` and is decided when
// the functions around it end: functions may use what is made later in an enclosing function or the
// module, and the library comes after those. Time is counted in ticks, one for each event that
// matters (assignment, start of a loop, making of a function), so that "assigned after it was
// captured" is a comparison of two numbers.
#ifndef RESOLVE_STATE_H
#define RESOLVE_STATE_H

#include "library.h"
#include "resolve.h"

typedef struct Frame Frame;
typedef struct Loop Loop;
typedef struct Body Body;
typedef struct Unit Unit;
typedef struct Binding Binding;

// What the resolver knows of a symbol while its module is being resolved.
typedef struct SymbolState {
    // The frame whose flow certainly gave it a value, up to the current point; NULL: unsure.
    Frame *set_in;
    // Module variable: since when it certainly has a value, wherever in the program; 0: never.
    uint32_t set_tick;
    uint32_t first_tick; // of the first assignment
    uint32_t
        last_tick; // of the last one that keeps the variable: a `let` in a loop makes a new one
    // The earliest moment from which a closure may hold it: in a loop, the loop's start; 0: never.
    uint32_t capture_tick;
    uint32_t stamp;   // flow.c
    Loop *fresh_loop; // the loop that last made it anew
    // `let x = …` whose value is being walked: x is meant only in functions in there.
    bool is_initialising;
    bool is_assigned_inside; // by a function that captures it

    // Functions and classes:
    bool is_placed;       // the walk has passed its `def`
    bool is_used_outside; // class: outside the block it stands in
    bool is_queued;       // capture.c
    int first_use;        // head of its chain in Resolver.uses, plus one
    uint32_t use_tick;    // of its first use
    uint32_t made_tick;   // when its statement runs
    Body *home;           // the block its `def` stands in
    Loop *home_loop;      // and the loop around that
    Frame *frame;         // of its body
    VEC(Symbol *) needs;  // the functions beside it that its body uses
    Unit *unit;           // at module level
} SymbolState;

// A name's meaning in a scope. Bindings of one name form a stack, Name.binding is its top.
struct Binding {
    Name *name;
    Symbol *symbol;
    Module *module;
    Frame *frame;
    Binding *outer;         // what the name meant outside
    Binding *next;          // in its scope
    bool is_class_variable; // meant only in the class body itself
};

// Function body, comprehension, class body.
struct Scope {
    struct Scope *outer;
    Frame *frame;
    Binding *bindings;
    bool is_comprehension;
};

// A loop of a function, or a comprehension.
struct Loop {
    Loop *outer;
    uint32_t start_tick;
    uint32_t end_tick;
    bool is_active;
    bool is_comprehension;
};

// A block of statements: where the closures of functions used before their statement are made.
struct Body {
    Body *outer;
    uint32_t start_tick;
    bool is_active;
};

// A function (or top level) during its walk, and what is remembered of it until the module is done.
struct Frame {
    FunctionInfo *info;
    Frame *outer;
    Unit *unit;
    Loop *loop;             // innermost one around the current point
    Body *body;             // likewise
    uint32_t made_tick;     // when its closure is made
    uint32_t created_tick;  // when its closure is made, as SymbolState.capture_tick counts
    int pending_start;      // of the names left waiting in it: index in Resolver.pending
    int branch_depth;       // branches and loops around the current point
    int catch_depth;        // `catch` blocks around it
    bool is_dead;           // the current point cannot be reached
    bool may_run_early;     // may be called before the place where it stands
    VEC(Node *) late_reads; // NAMEs of outer variables that have a value unless it runs early
    Map captured;           // Symbol * -> itself
};

// A function or class at module level: a node of the graph of who mentions whom, which tells from
// when on the code in it may run.
struct Unit {
    bool is_reached;
    uint32_t reach_tick;
    VEC(Unit *) mentions;
    VEC(Node *) reads; // NAMEs of module variables it does not set itself
};

typedef enum NameUse {
    USE_VALUE,
    USE_CALL,   // callee
    USE_OBJECT, // in front of a `.`: may be a library
    USE_METHOD, // MEMBER node: x.name(…), tried last as a function of the program
    USE_ASSIGN, // `change`
} NameUse;

// A name that nothing earlier in the text has made.
typedef struct Pending {
    Node *node;
    Frame *frame;
    const Loop *loop; // outermost one of the frame around it
    Symbol *own;      // made later in its own function
    uint32_t tick;
    NameUse use;
} Pending;

// A nested function or class used in a function inside its owner; whether that is a capture is
// known when all are walked.
typedef struct NestedUse {
    Frame *frame;
    Symbol *symbol;
    int next; // index plus one of the next use of the symbol
} NestedUse;

// A call of the base class's method, and the class it stands in.
typedef struct SuperCall {
    Node *call;
    ClassInfo *cls;
} SuperCall;

// flow.c: what a SymbolState.set_in was before it was changed.
typedef struct Trail {
    SymbolState *state;
    Frame *set_in; // before
} Trail;

// The resolution of one module.
typedef struct Resolver {
    Compiler *compiler;
    Arena *arena;
    Module *module;
    Source *source;
    struct Resolver *outer; // of the module that imports this one
    Frame *frame;
    Scope *scope;
    uint32_t tick;
    uint32_t stamp;
    VEC(Pending) pending;
    VEC(Trail) trail;
    VEC(Node *) spine;          // walk_binary's stack
    VEC(Node *) calls;          // to check when all signatures are known
    VEC(SuperCall) super_calls; // likewise
    VEC(Node *) members;        // of a NAME that was pending
    VEC(NestedUse) uses;
    VEC(Node *) early_functions; // NAMEs of functions where their statement may not have run
    VEC(Unit *) units;
    VEC(Unit *) reached; // in the order the top level mentions them
    VEC(ClassInfo *) classes;
    VEC(Symbol *) symbols; // all that have a state
    Map unknown;           // Name * -> SYMBOL_UNKNOWN, at the prompt
    const Name *super_name;
    bool main_is_used;
} Resolver;

// Shared by all modules of a compilation: Compiler.resolve.
typedef struct Resolve {
    Resolver *active;      // innermost module being resolved
    Map modules;           // Name * of a file's canonical path -> Module *
    Module **libraries;    // by library_number
    Symbol **declarations; // by row of library_entries
    Map flat;              // Name * -> SYMBOL_OVERLOADS or lone class, for modules without a say
    Map builtins;          // Name * -> SYMBOL_TYPE or native SYMBOL_CLASS
    Map library_names;     // Name * -> itself when a library has it, else Compiler.resolve
    VEC(Symbol *) waiting; // library declarations whose insides are not resolved yet
    bool is_draining;
} Resolve;

// ---- resolve.c

// Compiler.resolve, made on first use.
Resolve *resolve_state(Compiler *compiler);

// Whether what is made here lives in a cell of the session: the top level of an entry of the
// prompt, or of a module, which other entries may import as well.
static inline bool is_prompt_level(const Resolver *r)
{
    return r->compiler->options.is_repl && !r->module->is_library && !r->frame->outer;
}

// Resolves the names in a statement or expression, in a list of them, in a block or single
// expression. [is_used]: the last statement of the block is its value.
void walk(Resolver *r, Node *node);
void walk_list(Resolver *r, const NodeList *list);
void walk_body(Resolver *r, Node *body, bool is_used);

// An IF, MATCH or TRY: statements that can have a value.
static inline bool is_value_block(const Node *node)
{
    return node->kind == NODE_IF || node->kind == NODE_MATCH || node->kind == NODE_TRY;
}

// Scopes, frames and loops are opened around what they hold and closed in reverse order. A frame's
// end decides the names that wait for it and the cells of its variables; it outlives its walk.
void scope_open(Resolver *r, Scope *scope);
void scope_close(Resolver *r);
void frame_open(Resolver *r, Frame *frame, FunctionInfo *info);
void frame_close(Resolver *r);
void loop_open(Resolver *r, Loop *loop);
void loop_close(Resolver *r);

// A new symbol of the current function with an empty state, and a new meaning of [name] in the
// current scope.
Symbol *symbol_new(Resolver *r, SymbolKind kind, Name *name, Node *node, Span span);
Binding *bind(Resolver *r, Name *name, Symbol *symbol);

// Starts and ends the resolution of a module's top level.
void resolver_open(Resolver *r, Compiler *compiler, Module *module);
void resolver_close(Resolver *r);

// diag_error in the module's source.
void resolve_error(Resolver *r, Span span, DiagKind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// ---- resolve_function.c

// Makes a function's FunctionInfo; [parent] is the function it stands in.
FunctionInfo *function_declare(Resolver *r, Node *node, FunctionInfo *parent);
// A function's inside. [info] was made by function_declare.
void walk_function(Resolver *r, FunctionInfo *info);
// A `def` statement, whose name declare_definitions has made; and a lambda.
void walk_definition(Resolver *r, Node *node);
void walk_lambda(Resolver *r, Node *node);
// Makes the names of the functions and classes that stand in [body], which are known in all of it.
void declare_definitions(Resolver *r, Node *body);

// ---- resolve_types.c

// Finds the types that an annotation names.
void walk_type(Resolver *r, Node *type);

// ---- resolve_names.c

// What an earlier entry of the prompt made of the name; NULL when none did.
Symbol *session_symbol(const Resolver *r, Name *name);
// The binding of [name] that can be seen from here; NULL when nothing earlier made one.
Binding *visible_binding(Resolver *r, Name *name);
void walk_name(Resolver *r, Node *node, NameUse use);
// The current function uses a class.
void use_class(Resolver *r, Symbol *symbol);
// x.name. Returns whether `x` is a name that still waits, so that this may turn out to be a
// module's member.
bool walk_member(Resolver *r, Node *node, NameUse use);
// Makes [name] in the current function, or finds it there. [node] declares it.
Symbol *make_name(Resolver *r, Name *name, Node *node, Span span);
// A new variable of the current function (or comprehension), bound to its name.
Symbol *make_variable(Resolver *r, Name *name, Node *node, Span span);
// A unit for a function or class at module level.
Unit *unit_new(Resolver *r);
// LET, ASSIGN, CHANGE, AUGMENT.
void walk_assign(Resolver *r, Node *node);
// The targets of `for`, `with`: [node] is the statement.
void walk_target(Resolver *r, Node *target, Node *node, bool is_new_variable);
// Notes that [symbol] gets a value here. [is_fresh]: a new variable each time.
void note_assignment(Resolver *r, Symbol *symbol, bool is_fresh);
// Decides what waits at the end of a function, and at the end of the module.
void settle_pending(Resolver *r);
void settle_module(Resolver *r);
// Name of a special method by its Python-like name: `__str__` is `to_string`.
Name *special_name(Resolver *r, Name *name);

// ---- resolve_calls.c

// Reports missing, extra, unknown and doubled arguments of calls whose callee is known.
void check_calls(Resolver *r);

// ---- resolve_class.c

// Makes the name of a class in its scope.
void class_declare(Resolver *r, Node *node);
// A class statement: base, variables, methods.
void walk_class(Resolver *r, Node *node);
// Adds the target `self.name` of an assignment to the fields of the class around.
void note_field(Resolver *r, const Node *member);
// Tells which classes are errors, once all bases are known.
void settle_classes(Resolver *r);
// The class whose method the current point stands in, or NULL.
ClassInfo *class_around(const Resolver *r, Frame **method);

// ---- flow.c: which variables certainly have a value

typedef struct Merge {
    int mark;
    int live_count;
    bool was_dead;
    VEC(SymbolState *) common; // what all living arms so far have set
} Merge;

// Every arm starts from the state at merge_open; afterwards set is what all arms that end have set.
void merge_open(Resolver *r, Merge *merge);
void merge_arm(Resolver *r, Merge *merge);
void merge_close(Resolver *r, Merge *merge);
// The variable has a value from here on.
void flow_set(Resolver *r, SymbolState *state);
// Forgets what was set since [mark], a former trail.count.
void flow_undo(Resolver *r, int mark);
// Marks the NAME when its variable may not have a value here.
void flow_read(Resolver *r, Node *node, Symbol *symbol);
// The same where it has no value for certain, or where that is not known before the module is done.
void flow_read_unset(Resolver *r, Node *node, Symbol *symbol);
// Marks a NAME that may be read before its variable has a value.
void flow_mark_unset(Resolver *r, Node *node, Symbol *symbol);
// A class of a function is used: marks the class when its statement may not have run.
void flow_read_class(Resolver *r, Symbol *symbol);
// A unit is mentioned: its code may run from here on.
void flow_mention(Resolver *r, Unit *unit);
// Module variables that functions read: marks what may not have a value yet when they can first
// run.
void settle_units(Resolver *r);

// ---- capture.c

// [frame] uses a variable of a frame around it.
void capture(Resolver *r, Frame *frame, Symbol *symbol);
// Functions that are used before their statement need those that they use as early. To be called
// before settle_cells.
void settle_hoisting(Resolver *r);
// Decides needs_cell and is_fresh of the variables of the frame that ends.
void settle_cells(Resolver *r);
// Decides which nested functions and classes are closures and adds them to the captures of those
// that use them.
void settle_captures(Resolver *r);

// ---- modules.c

// The statements `import`, `from … import`, `use`.
void walk_import(Resolver *r, Node *node);
void walk_from(Resolver *r, Node *node);
void walk_use(Resolver *r, Node *node);

// ---- resolve_library.c

// A library as a module, made on first use.
Module *library_module(Compiler *compiler, int number);
// The SYMBOL_MODULE for a library's name, or NULL.
Symbol *library_module_symbol(Compiler *compiler, Name *name);
// Whether some library has a public declaration of that plain name.
bool library_has(Compiler *compiler, Name *name);
// Int, ValueError, …: NULL for other names.
Symbol *builtin_symbol(Compiler *compiler, Name *name);
// Resolves the insides of the library declarations that are waiting.
void library_drain(Compiler *compiler);

#endif
