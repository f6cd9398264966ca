// Resolved tree to typed tree: every expression's Node.type, and what every variable, parameter,
// result and field can hold, over the whole program.
//
// Variables, results and fields are cells that only grow (types.h). A function's body is walked
// again when a cell it has read grew; since the lattice is finite and each growth is one step up,
// walking ends, and each function is walked at most (cells it reads x height of the lattice) times,
// in practice two or three.
#ifndef INFER_H
#define INFER_H

#include "compiler.h"
#include "resolve.h"
#include "types.h"

// Something that holds values: what it can hold, and which functions looked.
typedef struct Cell {
    struct Cell *forward; // another cell this one has become one with, or NULL
    Type *type;           // NULL: nothing yet
    Type *limit;          // by an annotation: its kinds are these; or NULL
    bool is_open;         // code that cannot be seen may get at what it holds (see infer_shape.c)
    VEC(FunctionInfo *) readers;
} Cell;

typedef struct FunctionFacts {
    Cell result;
    bool is_reached; // something can call it
    bool is_walked;
    bool is_queued;
    Shape *shape;           // of the function as a value; NULL: it is not used as one
    FunctionInfo *original; // of a copy for one call (infer_copy.c): what it was made from
    int copy_depth;         // of a copy: in how many it stands, itself included
    int node_count;         // of its tree, -1: must not be copied, 0: not counted yet
    VEC(FunctionInfo *) copies;
} FunctionFacts;

// A field every instance of a class has a slot for.
typedef struct Field {
    Name *name;
    Cell cell;
    int index; // of its slot
} Field;

typedef struct ClassFacts {
    VEC(Field *) fields;      // inherited ones first, shared with the base
    VEC(ClassInfo *) derived; // directly below
    Map methods;              // Name * -> FunctionInfo *, own ones
    bool is_ready;
    bool is_reached;
    bool escapes;         // used as a value: objects may be made with anything
    bool is_exposed;      // code that cannot be seen may read and write the fields of its objects
    bool may_be_extended; // at the prompt: by classes of later entries
} ClassFacts;

// Finds everything out; reports what annotations exclude and warns of operations certain to fail.
void infer_program(Compiler *compiler);

// What the passes behind ask.
Type *infer_symbol_type(Compiler *compiler, const Symbol *symbol);
Type *infer_result_type(Compiler *compiler, const FunctionInfo *function);
bool infer_is_reached(const FunctionInfo *function);
ClassFacts *infer_class_facts(ClassInfo *cls);
Types *infer_types(Compiler *compiler);

// What a field can hold.
Type *infer_field_type(Compiler *compiler, const Field *field);

// The field of that name in instances of [cls], or NULL.
Field *class_field(ClassInfo *cls, const Name *name);

// Whether instances of [cls] keep the field as a raw double: it is a Float whenever it is set. Not
// at the prompt, where later entries may set anything.
bool infer_field_is_raw(const Compiler *compiler, const ClassInfo *cls, const Field *field);

// The method that `x.name` means for an exact instance of [cls], or NULL.
FunctionInfo *class_method(ClassInfo *cls, const Name *name);

// Writes to [out] the methods of that name that classes in use define, at most [limit]; returns how
// many there are.
int infer_methods_named(Compiler *compiler, const Name *name, int limit, FunctionInfo **out);

// Whether a class below [cls] defines the method anew, so that a call must look at the instance.
bool class_overrides(ClassInfo *cls, const Name *name);

// The type an annotation stands for; ANY for what it does not pin down. NULL annotation: NULL.
Type *infer_annotation(Compiler *compiler, const Node *annotation);

// The annotation as users know it: `List[Int]`, `Iterable`. Type parameters are left out.
const char *infer_annotation_text(Arena *arena, const Node *annotation);

// The tb_special that instances need for the annotation: TB_SPECIAL_ITER for Iterable, _LEN for
// Sized, _CALL for Function; -1: none.
int infer_annotation_special(Compiler *compiler, const Node *annotation);

// Whether the annotation is a type parameter: it says how things of a library's declaration hang
// together, not what they must be.
bool infer_is_type_param(const Node *annotation);

// Which overloads a call with these arguments can mean: those whose parameters accept the count,
// labels and kinds. Fills [out] (room for overloads.count) in order of preference, those that fit
// exactly before those that need a conversion; returns how many. One whose parameters take all that
// the arguments can hold stands alone.
int infer_candidates(Compiler *compiler, const Symbol *overloads, const Node *receiver,
                     const NodeList *args, Symbol **out);

// For each parameter of [function] the argument node of the call that fills it, NULL when left out.
// [first] is an argument in front of the list (the receiver of `x.f()`), or NULL. Returns false
// when a spread or the rest parameter is involved, so that only run time can tell.
bool infer_match_args(const FunctionInfo *function, Node *first, const NodeList *args, Node **out);

// The function that the call with these arguments means where it names [function]: a copy for this
// call alone, or [function] itself.
FunctionInfo *infer_called(const Compiler *compiler, FunctionInfo *function, const NodeList *args);

// Writes the types found, for `tombo emit --after=infer`.
void infer_print(Compiler *compiler, FILE *out);

#endif
