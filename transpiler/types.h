// Types: what inference knows about a value, as a set of kinds with some detail.
//
// A Type is immutable and interned: equal types are the same pointer. The lattice is finite: a set
// of kinds (at most TB_KIND_COUNT steps high) and, for instances, the nearest common class (at most
// the depth of the class tree, then "any class"). Joining only moves up, so every fixpoint over
// types ends.
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
#define KINDS_ANY ((KIND_BIT(TB_KIND_COUNT) - 1) & ~KIND_BIT(TB_MISSING_KIND))

struct Type {
    KindSet kinds; // 0: no value at all (a call that never returns)
    ClassInfo
        *cls; // with TB_INSTANCE or TB_NATIVE in kinds: it or a class below it; NULL: any class
    struct Type *chain; // next in the intern table's bucket
};

typedef struct Types {
    Arena *arena;
    Type *buckets[256];
    Type *never; // no kinds
    Type *any;
    Type *kinds[TB_KIND_COUNT]; // the type of just one kind
} Types;

void types_init(Types *types, Arena *arena);

// The one Type with these kinds and class.
Type *type_make(Types *types, KindSet kinds, ClassInfo *cls);

// The least type that holds what either holds. NULL counts as never.
Type *type_join(Types *types, Type *a, Type *b);

// Whether every value of [a] is one of [b].
bool type_is_subset(const Type *a, const Type *b);

// Whether [cls] is [base] or derived from it.
bool class_is_below(const ClassInfo *cls, const ClassInfo *base);

// Whether the type is exactly one kind, e.g. `type_is(t, TB_FLOAT)`.
static inline bool type_is(const Type *type, tb_kind kind)
{
    return type && type->kinds == KIND_BIT(kind);
}

// What the items of a container of this type can be; ANY when unknown.
static inline Type *type_element(Types *types, const Type *type)
{
    (void)type;
    return types->any;
}

// As users write it: `Int`, `String?`, `Int | Float`, `Animal`, `Any`.
const char *type_text(Arena *arena, const Type *type);

// The display name of a kind: `Int`.
const char *kind_text(tb_kind kind);

#endif
