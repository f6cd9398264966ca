// Interning, joining and printing of types. See types.h for the lattice.
#include "types.h"

#include "resolve.h"

static const char *const kind_names[TB_KIND_COUNT] = {
    [TB_NONE] = "None",         [TB_BOOL] = "Bool",         [TB_INT] = "Int",
    [TB_FLOAT] = "Float",       [TB_STRING] = "String",     [TB_BYTES] = "Bytes",
    [TB_LIST] = "List",         [TB_TUPLE] = "Tuple",       [TB_DICT] = "Dict",
    [TB_SET] = "Set",           [TB_RANGE] = "Range",       [TB_FUNCTION] = "Function",
    [TB_CLASS] = "Class",       [TB_INSTANCE] = "instance", [TB_MODULE] = "Module",
    [TB_ITERATOR] = "Iterator", [TB_NATIVE] = "object",     [TB_MISSING_KIND] = "nothing",
};

const char *kind_text(tb_kind kind)
{
    return kind_names[kind];
}

Type *type_make(Types *types, KindSet kinds, ClassInfo *cls)
{
    if (!(kinds & KINDS_OBJECT)) cls = NULL;
    uint32_t hash = kinds * 2654435761u ^ (uint32_t)((uintptr_t)cls >> 4) * 40503u;
    Type **bucket = &types->buckets[(hash >> 12) & 255];
    for (Type *type = *bucket; type; type = type->chain)
        if (type->kinds == kinds && type->cls == cls) return type;
    Type *type = ARENA_NEW(types->arena, Type);
    *type = (Type){.kinds = kinds, .cls = cls, .chain = *bucket};
    *bucket = type;
    return type;
}

void types_init(Types *types, Arena *arena)
{
    *types = (Types){.arena = arena};
    types->never = type_make(types, 0, NULL);
    types->any = type_make(types, KINDS_ANY, NULL);
    for (int kind = 0; kind < TB_KIND_COUNT; kind++)
        types->kinds[kind] = type_make(types, KIND_BIT(kind), NULL);
}

bool class_is_below(const ClassInfo *cls, const ClassInfo *base)
{
    for (; cls; cls = cls->base)
        if (cls == base) return true;
    return false;
}

static ClassInfo *common_base(ClassInfo *a, ClassInfo *b)
{
    for (; a; a = a->base)
        if (class_is_below(b, a)) return a;
    return NULL;
}

Type *type_join(Types *types, Type *a, Type *b)
{
    if (a == b || !b) return a ? a : types->never;
    if (!a) return b;
    ClassInfo *cls = a->cls;
    if (!(a->kinds & KINDS_OBJECT))
        cls = b->cls;
    else if (b->kinds & KINDS_OBJECT)
        cls = common_base(a->cls, b->cls);
    return type_make(types, a->kinds | b->kinds, cls);
}

bool type_is_subset(const Type *a, const Type *b)
{
    if (a->kinds & ~b->kinds) return false;
    if (!(a->kinds & KINDS_OBJECT) || !b->cls) return true;
    return a->cls && class_is_below(a->cls, b->cls);
}

static const char *one_kind_text(const Type *type, tb_kind kind)
{
    if ((kind == TB_INSTANCE || kind == TB_NATIVE) && type->cls) return type->cls->name->text;
    return kind_names[kind];
}

const char *type_text(Arena *arena, const Type *type)
{
    if (!type || !type->kinds) return "nothing";
    if (type->kinds == KINDS_ANY) return "Any";
    const char *text = "";
    KindSet kinds = type->kinds;
    KindSet others = kinds & ~KIND_BIT(TB_NONE);
    bool optional = kinds != others && others && !(others & (others - 1));
    if (optional) kinds &= ~KIND_BIT(TB_NONE);
    for (int kind = 0; kind < TB_KIND_COUNT; kind++) {
        if (!(kinds & KIND_BIT(kind))) continue;
        text = arena_format(arena, "%s%s%s", text, *text ? " | " : "",
                            one_kind_text(type, (tb_kind)kind));
    }
    if (!optional) return text;
    return arena_format(arena, "%s?", text);
}
