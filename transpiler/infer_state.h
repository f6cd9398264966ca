// What the parts of infer share. infer.c: the fixpoint and printing; infer_cells.c: cells;
// infer_shape.c: what is in containers; infer_reach.c: functions, classes; infer_calls.c: calls;
// infer_copy.c: which calls get a function of their own; infer_narrow.c: what is not None;
// infer_annotation.c: annotations; infer_walk.c: the walk over expressions and statements;
// infer_ops.c: operators.
#ifndef INFER_STATE_H
#define INFER_STATE_H

#include "infer.h"
#include "infer_ops.h"

// A tuple or literal list of more places has no types for each.
#define SHAPE_MAX_PLACES 8

// What is in containers and what functions take and give; see infer_shape.c.
struct Shape {
    Shape *forward; // another shape this one has become one with, or NULL
    int rank;       // of the union-find: at most log2 of how many were united
    bool is_open;
    bool is_several; // values can be several functions
    int place_count; // 0: any place holds an item
    int param_count;
    Cell
        *item; // of a List, Set, Iterator, a Tuple without places; a value of a Dict; NULL: not yet
    Cell *key; // of a Dict; NULL: not yet
    Cell **places; // of a Tuple or List whose length is known
    Cell **params; // of a Function
    Cell *result;
    FunctionInfo *function;
    Type *types; // those with this shape
};

// Two cells to become one, or (other: NULL) a cell to be opened.
typedef struct PendingCell {
    Cell *cell;
    Cell *other;
} PendingCell;

// What happens to members of that name in objects whose class is not known.
typedef struct MemberFacts {
    Cell written;
    bool is_read; // or called: fields are open, methods escape
} MemberFacts;

typedef struct Infer {
    Compiler *compiler;
    Types types;
    VEC(FunctionInfo *) queue;
    VEC(FunctionInfo *) functions;     // reached, in the order found
    VEC(ClassInfo *) classes;          // reached
    VEC(FunctionInfo *) named_methods; // methods of reached classes
    FunctionInfo *function;            // whose body is walked
    VEC(PendingCell) pending;
    bool is_settling;
    bool is_exposed;        // every class is, see ClassFacts
    Map sites;              // Node * -> Shape *: of the object that the expression makes
    Map members;            // Name * -> MemberFacts *
    Map native_calls;       // NodeList * (of arguments) -> NativeCall *, see infer_native.c
    Map copies;             // NodeList * (of arguments) -> FunctionInfo *, see infer_copy.c
    int copied_nodes;       // in all copies
    VEC(Symbol *) narrowed; // cannot be None here, see infer_narrow.c; NULL: no more
    int narrow_settled;     // so many of them are not assigned in the statement around
    bool reporting;         // the last walk: cells stay as they are, mismatches are reported
} Infer;

// ---- cells (infer_cells.c)
// The type of just that kind.
Type *infer_kind(Infer *infer, tb_kind kind);
Type *infer_join(Infer *infer, Type *a, Type *b);
FunctionFacts *function_facts(Infer *infer, FunctionInfo *function);
// [type] can be in the cell: who has read it is walked again if that is new.
void cell_join(Infer *infer, Cell *cell, Type *type);
// What the cell holds now; NEVER when that is nothing.
Type *cell_type(Infer *infer, Cell *cell);
Cell *cell_find(Cell *cell); // the one it has become one with
void cell_union(Infer *infer, Cell *a, Cell *b);
// Anything may be put into the cell, and what is in it changed.
void cell_open(Infer *infer, Cell *cell);
// What is in it may be changed by code that cannot be seen, but nothing else is put in.
void cell_leak(Infer *infer, Cell *cell);
// What the cell holds; the function that is walked becomes a reader.
Type *cell_read(Infer *infer, Cell *cell);
// A variable's cell; made with its annotation's type when it has one.
Cell *symbol_cell(Infer *infer, Symbol *symbol);
const Node *symbol_annotation(const Symbol *symbol); // or NULL

// ---- shapes (infer_shape.c)
Shape *shape_new(Infer *infer);
Shape *shape_find(Shape *shape);
Shape *shape_unite(Infer *infer, Shape *a, Shape *b);
void shape_open(Infer *infer, Shape *shape);
// A value of this type meets code that cannot be seen.
void type_open(Infer *infer, const Type *type);
// Where items are put in and taken from at places that are not known. Lists lose their places.
Cell *shape_item(Infer *infer, Shape *shape);
Cell *shape_key(Infer *infer, Shape *shape);
Cell *shape_result(Infer *infer, Shape *shape);
// Gives a shape places, if it has neither those nor items yet and they are not too many.
void shape_set_places(Infer *infer, Shape *shape, int count);
// Place [index] (negative: from the end), or the item.
Cell *shape_place(Infer *infer, Shape *shape, int index);
// Any item.
Type *shape_element(Infer *infer, Shape *shape);
// What an item of a container of this type is (a value of a Dict), and a key of a Dict. The
// function that is walked reads it. NEVER when it is no container.
Type *element_of(Infer *infer, const Type *type);
Type *key_of(Infer *infer, const Type *type);

// Fixes what kinds the cell holds. What is in containers is still found out: an annotation's parts
// are checked where a value arrives, but not when one is put into it later, under another name.
void cell_limit(Infer *infer, Cell *cell, Type *limit);
void enqueue(Infer *infer, FunctionInfo *function); // to be walked again

// ---- what is reached (infer_reach.c)
// The shape of the function as a value.
Shape *function_shape(Infer *infer, FunctionInfo *function);
MemberFacts *member_facts(Infer *infer, const Name *name);
// Members of that name are asked for in an object whose class is not known.
void member_read(Infer *infer, const Name *name);
// A value of this type is given to native code that may do anything with it.
void native_open(Infer *infer, const Type *type);
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
// What an operator gives whose method is called [text] (`add`, for `+`), for an object of a known
// class on its left: what the method returns, and a text where the class has none and `+` a text on
// its right. [right] has been walked; NULL: the operator has no right side. NULL: the class is not
// known.
Type *call_operator(Infer *infer, const char *text, const Type *left, Node *right);
// The runtime may call methods of that name with anything.
void method_escapes(Infer *infer, const char *name);
bool is_super(const Node *node);

// What one item is when a value of this type is gone through; keys of a Dict.
Type *item_type(Infer *infer, const Type *type);
// An item put into the list that holds a function's rest arguments.
void give_rest(Infer *infer, const FunctionInfo *function, Type *type);

// ---- copies of functions for single calls (infer_copy.c)
// The copy of [function] for the call with [first] (or NULL) in front of [args], made if it is
// worth one; else [function].
FunctionInfo *copy_for_call(Infer *infer, FunctionInfo *function, Node *first,
                            const NodeList *args);
// The call may mean several functions: it has no copy.
void no_copy_for_call(Infer *infer, const NodeList *args);

// ---- functions written in C (infer_native.c)
// A call with [first] (or NULL) in front of [args]: does to the arguments what the declaration
// says, and returns the type of the result.
Type *native_call(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args);
// Whether the function as a value leaves what it gets for this parameter alone.
bool native_is_harmless(const FunctionInfo *function, const Node *annotation);

// ---- where variables cannot be None (infer_narrow.c): `narrowed` is cut to its former count
// behind the construct Adds what cannot be None where the condition [holds], or does not. [region]:
// what is walked then, statements of a BLOCK excepted, which are each entered; NULL: a part of a
// block.
void narrow_by(Infer *infer, const Node *condition, bool holds, const Node *region);
// Before and behind the walk of a statement of a block, or of a part that may assign variables.
void narrow_enter(Infer *infer, const Node *node);
void narrow_leave(Infer *infer, const Node *statement);
// What [type], that of the variable, is here.
Type *narrowed_type(Infer *infer, const Symbol *symbol, Type *type);

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
// What the name means as a value.
Type *symbol_value(Infer *infer, Symbol *symbol);
// The shape of what the node makes each time it runs.
Shape *site_shape(Infer *infer, const void *node);
// The type of a new object of one of [kinds] made at [node], with items of type [item].
Type *made_at(Infer *infer, const void *node, KindSet kinds, Type *item);

#endif
