// Types: what inference knows about a value, as a set of kinds with some detail.
//
// A Type is immutable and interned: equal types are the same pointer. The lattice is finite: a set
// of kinds (at most TB_KIND_COUNT steps high) and, for instances, the nearest common class (at most
// the depth of the class tree, then "any class"). Joining only moves up, so every fixpoint over
// types ends.
//
// What is in a container is not part of the type but stands behind it, in a Shape, which values
// that can be the same object share: a list that is known under two names has one shape, whichever
// name an item is put in by. Joining two types makes one shape of theirs (a union-find), which
// happens at most as often as there are shapes. So `List[Int]` may become `List[Int | String]`
// while inference runs; ask afterwards.
#ifndef TYPES_H
#define TYPES_H

#include "../runtime/value.h"
#include "compiler.h"

typedef uint32_t KindSet;

#define KIND_BIT(kind) ((KindSet)1 << (kind))
#define KINDS_NUMBER   (KIND_BIT(TB_INT) | KIND_BIT(TB_FLOAT) | KIND_BIT(TB_BOOL))
#define KINDS_WHOLE    (KIND_BIT(TB_INT) | KIND_BIT(TB_BOOL))
#define KINDS_OBJECT   (KIND_BIT(TB_INSTANCE) | KIND_BIT(TB_NATIVE))
#define KINDS_CALLABLE (KIND_BIT(TB_FUNCTION) | KIND_BIT(TB_CLASS))
#define KINDS_SIZED                                                                                \
    (KIND_BIT(TB_STRING) | KIND_BIT(TB_BYTES) | KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) |           \
     KIND_BIT(TB_DICT) | KIND_BIT(TB_SET) | KIND_BIT(TB_RANGE) | KINDS_OBJECT)
#define KINDS_ITERABLE (KINDS_SIZED | KIND_BIT(TB_ITERATOR))
#define KINDS_ANY      ((KIND_BIT(TB_KIND_COUNT) - 1) & ~KIND_BIT(TB_MISSING_KIND))

// Kinds that have a shape: containers of anything, and functions.
#define KINDS_SHAPED                                                                               \
    (KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) | KIND_BIT(TB_DICT) | KIND_BIT(TB_SET) |               \
     KIND_BIT(TB_ITERATOR) | KIND_BIT(TB_FUNCTION))

typedef struct Shape Shape; // infer_state.h

struct Type {
    KindSet kinds;  // 0: no value at all (a call that never returns)
    ClassInfo *cls; // with TB_INSTANCE or TB_NATIVE in kinds: it or a class below it; NULL: any
                    // class
    Shape *shape;   // with one of KINDS_SHAPED in kinds: what is in it; NULL: anything
    Type *chain;    // next in the intern table's bucket, or of those with this shape
};

typedef struct Types {
    Arena *arena;
    Type *buckets[256];
    Type *never; // no kinds
    Type *any;
    Type *kinds[TB_KIND_COUNT]; // the type of just one kind
    struct Infer *infer;        // whose shapes these types have
} Types;

void types_init(Types *types, Arena *arena);

// The one Type with these kinds and class; what containers have in them is not known.
Type *type_make(Types *types, KindSet kinds, ClassInfo *cls);

// The one with this shape (NULL: not known). Without any of KINDS_SHAPED it is dropped.
Type *type_shaped(Types *types, KindSet kinds, ClassInfo *cls, Shape *shape);

// The least type that holds what either holds. NULL counts as never. The shapes of both become one:
// only for values that flow to the same place.
Type *type_join(Types *types, Type *a, Type *b);

// The shape of values of both types together (see type_join); NULL: not known.
Shape *shape_join(Types *types, const Type *a, const Type *b);

// What of [type] has one of [kinds].
Type *type_only(Types *types, const Type *type, KindSet kinds);

// Whether every value of [a] is one of [b].
bool type_is_subset(const Type *a, const Type *b);

// Whether [cls] is [base] or derived from it.
bool class_is_below(const ClassInfo *cls, const ClassInfo *base);

// Whether the type is exactly one kind, e.g. `type_is(t, TB_FLOAT)`.
static inline bool type_is(const Type *type, tb_kind kind)
{
    return type && type->kinds == KIND_BIT(kind);
}

// What one item of a List, Set, Tuple or Iterator of this type is, and a key and a value of a Dict.
// Every such value that the program ever holds has items of that type: nothing can put others in.
// ANY when that is not known, and for a container that nothing is put into.
Type *type_element(Types *types, const Type *type);
Type *type_key(Types *types, const Type *type);
Type *type_value(Types *types, const Type *type);

// How many places a Tuple of this type has, each with a type of its own, and what stands in place
// [index]. A count of -1: not known; then the type of any place is that of an element. (Lists that
// were written down as a literal and never change their length have places as well.)
int type_place_count(const Type *type);
Type *type_position(Types *types, const Type *type, int index);

// The one function that a value of kind Function and this type must be, or NULL.
FunctionInfo *type_function(const Type *type);

// As users write it: `Int`, `String?`, `Int | Float`, `Animal`, `List`, `Any`. The second shows
// what is in containers, too: `List[Int]`.
const char *type_text(Arena *arena, const Type *type);
const char *type_text_deep(Types *types, const Type *type);

// The display name of a kind: `Int`.
const char *kind_text(tb_kind kind);

#endif
