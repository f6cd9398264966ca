// Names to declarations: every NAME, MEMBER of a module, TYPE_NAME and pattern gets its Symbol;
// every function learns its locals and what it captures; user modules are found, parsed and
// resolved as they are imported. LANGUAGE.md sections 5 and 10 are the rules.
#ifndef RESOLVE_H
#define RESOLVE_H

#include "compiler.h"

typedef enum SymbolKind {
    SYMBOL_VARIABLE,  // let, =, parameter, for, catch, with, pattern name
    SYMBOL_FUNCTION,  // def / defi / fn with a name. With is_reassigned it is a variable that its
                      // `def` statements assign
    SYMBOL_CLASS,     // a class of the program or of the library (errors)
    SYMBOL_MODULE,    // an imported module or a library: `math`
    SYMBOL_OVERLOADS, // a library name: all library declarations with that name, in order of
                      // preference
    SYMBOL_CONSTANT,  // a library `let`, e.g. PI: its value is a literal
    SYMBOL_TYPE,      // a built-in type name: Int, String, Any, …
    SYMBOL_UNKNOWN,   // only at the prompt: looked up when it runs
} SymbolKind;

// Types that only declarations of the library name (Symbol.builtin_type).
enum {
    TYPE_SIZED = -5,    // what `len` takes
    TYPE_ITERABLE = -6, // Iterable[T]: what can be gone through; gives T
    TYPE_OBJECT = -7,   // anything; fields of an object may be read and written by name
    TYPE_ITEMS = -8,    // Items[T]: the same as Iterable[T], or anything else as the only item
};

struct Symbol {
    uint8_t kind;
    bool is_global : 1; // made at module level: one static variable of the program
    bool is_param : 1;
    // A function made inside its scope uses it and so must capture it. Module-level variables only
    // if a loop makes them fresh each turn and the function stands in that loop: other functions
    // reach globals directly.
    bool is_captured : 1;
    bool is_shared : 1; // some function other than its owner mentions it
    // Captured, and assigned after a capture may have happened: the value lives in a tb_cell.
    bool needs_cell : 1;
    // A loop makes it anew (target of `for`, `let` in a loop's body): with needs_cell, each turn or
    // `let` makes a cell.
    bool is_fresh : 1;
    bool is_reassigned : 1; // more than one place gives it a value
    // Some read may come before a value: it starts as TB_MISSING, and such reads are marked
    // NODE_MAYBE_UNSET.
    bool may_be_unset : 1;
    bool is_used_as_value : 1; // FUNCTION, CLASS: appears other than as the callee of a call
    bool is_private : 1;       // starts with `_`
    // A nested FUNCTION used before its statement runs: its closure is made at the start of the
    // block it stands in.
    bool is_hoisted : 1;
    // Made at the top level of an entry of the prompt: a variable, function or class that lives in
    // a cell of the session, boxed, and may be anything by the time it is read.
    bool is_session : 1;
    Name *name;
    Node *node; // declaration: FUNCTION, CLASS, PARAM, LET, FOR, …
    Span span;  // of the name where it is declared
    struct Module *module;
    FunctionInfo *owner;    // the function whose variable it is; a module's `top` for globals
    FunctionInfo *function; // SYMBOL_FUNCTION
    ClassInfo *cls;         // SYMBOL_CLASS
    struct Module *target;  // SYMBOL_MODULE
    // SYMBOL_OVERLOADS: SYMBOL_FUNCTION, _CLASS or _CONSTANT symbols of library modules.
    VEC(Symbol *) overloads;
    int builtin_type;          // SYMBOL_TYPE: a tb_kind-like number, see types.h
    struct SymbolState *state; // resolve: only while its module is being resolved
    // for the passes that follow
    void *facts;   // infer
    void *lowered; // lower
    uint8_t repr;  // lower: an IrRepr, of globals
    bool is_used;  // opt: of globals, some command names it
    const char *c_name;
};

// A function, method, lambda, or a module's top level.
struct FunctionInfo {
    Node *node; // FUNCTION; NULL for a top level
    Name *name; // NULL for a lambda or a top level
    struct Module *module;
    FunctionInfo *parent; // the function it stands in, or a top level; NULL for a top level
    ClassInfo *cls;       // of a method
    Symbol *symbol;       // its own name, NULL for lambdas
    Symbol *self;         // of a method
    VEC(Symbol *) params; // without self
    // Every other variable of its own, in order of appearance. Variables of comprehensions, whose
    // scope is their own, are among them; last come nested functions that are assigned or need a
    // cell, and classes that are closures.
    VEC(Symbol *) locals;
    // Variables of enclosing functions that it or functions in it need, each once, in order of
    // first use. Not itself: a function reaches itself without. Nor nested functions and classes
    // that capture nothing: they are plain C functions and static classes.
    VEC(Symbol *) captures;
    VEC(FunctionInfo *) inner;
    int rest_index; // -1
    int required_count;
    bool uses_super : 1;
    bool is_reached : 1; // scratch for later passes
    bool is_extern : 1;  // declared by `extern`
    bool in_loop : 1;    // stands in a loop of its parent
    bool is_walked : 1;  // scratch of resolve
    void *facts;
    void *lowered;
    const char *c_name;
};

struct ClassInfo {
    Node *node; // CLASS; NULL for a native class
    Name *name;
    Symbol *symbol;
    struct Module *module;
    ClassInfo *base;       // NULL: none, or
    Symbol *base_variable; // at the prompt: a name of the session that holds the base when it runs
    FunctionInfo *owner;   // the function or top level it stands in
    VEC(FunctionInfo *) methods;
    VEC(Symbol *) variables; // class-level `let`
    VEC(Name *) fields; // assigned as `self.f = …` in its own methods, in order of appearance
    const char *native; // C name of the tb_class of a class made in C: "tb_error_value"
    bool is_error;      // its chain reaches Error
    // A method captures something, or the base is such a class: the statement makes a class each
    // time it runs, and [symbol] is a variable that holds it and is captured like any other.
    bool is_closure;
    void *facts;
    void *lowered;
    const char *c_name;
};

// Whether only run time knows all of the class: it or one it extends has a base that the session
// holds.
static inline bool class_is_open(const ClassInfo *cls)
{
    for (; cls; cls = cls->base)
        if (cls->base_variable) return true;
    return false;
}

// Whether the class is that of a library's own objects (kind TB_NATIVE): `extern class`.
static inline bool class_is_native(const ClassInfo *cls)
{
    return cls->native && !cls->is_error;
}

struct Module {
    Name *name;       // last part of its path: shapes
    const char *path; // as imported: geo.shapes; library: math
    Source *source;
    Node *tree; // BLOCK; NULL for a library module, whose declarations are parsed one by one
    FunctionInfo *top;
    Map members; // Name * -> Symbol *: what stands at its module level
    Map flat; // Name * -> Symbol *: library names as its `use` lines order them; scratch of resolve
    VEC(Symbol *) globals;
    VEC(Symbol *) exports; // see resolve_exports
    VEC(struct Module *) imports;
    bool is_library;
    bool is_main;
    bool is_broken;  // has mistakes of syntax, which were reported: not resolved
    bool calls_main; // the main file defines `main` and never calls it: call it last
    Symbol *main_symbol;
    int preferred_count; // `use` order: libraries named by `use`, last one wins
    struct Module *preferred[32];
    void *lowered;
};

// Resolves [module] (parsed, main file or prompt entry) and everything it imports. Reports through
// compiler->diags.
//
// What is not a symbol: the NAME `super` (only as callee or before a `.`, in a method or a function
// inside one; `self` is then captured like a name that was written) and names that are unknown,
// which were reported.
void resolve_module(Compiler *compiler, struct Module *module);

// Fills [module]->exports: its public members by name, which can be asked for at run time where the
// module is a value. Of a library that is all it has; resolve asks for those.
void resolve_exports(Compiler *compiler, struct Module *module);

// The library's meaning of a flat name (SYMBOL_OVERLOADS), parsed and resolved on first use; NULL
// when no library has it. [module]'s `use` lines order the overloads. Independent of any user
// names.
Symbol *resolve_library_name(Compiler *compiler, struct Module *module, Name *name);

// The library's meaning of `x.name`, which no `use` line changes; NULL when it has none.
Symbol *resolve_method_name(Compiler *compiler, Name *name);

// The library of that name as a module; NULL when there is none.
struct Module *resolve_library_module(Compiler *compiler, const Name *name);

// The library whose function the name of a program's variable hides, or NULL.
const char *resolve_hidden_library(const Symbol *symbol);

// The symbol of a member of a library or module; NULL when there is none (or it is private).
Symbol *resolve_member(Compiler *compiler, struct Module *target, Name *name);

// Reports arguments of [call], which stands in [source], that do not fit [function], a function or
// method with a name that the call certainly means: missing, extra, unknown and doubled ones.
void resolve_check_arguments(Compiler *compiler, Source *source, const Node *call,
                             const FunctionInfo *function);

// Writes what each name means, for `tombo emit --after=resolve`.
void resolve_print(const Compiler *compiler, struct Module *module, FILE *out);

#endif
