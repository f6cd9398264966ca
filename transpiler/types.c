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

// What a container has in it stays with its shape, so the types that have one are interned there.
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

Type *type_only(Types *types, const Type *type, KindSet kinds)
{
    return type_shaped(types, type->kinds & kinds, type->cls, type->shape);
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
    return type_shaped(types, a->kinds | b->kinds, cls, shape_join(types, a, b));
}

bool type_is_subset(const Type *a, const Type *b)
{
    if (a->kinds & ~b->kinds) return false;
    if (!(a->kinds & KINDS_OBJECT) || !b->cls) return true;
    return a->cls && class_is_below(a->cls, b->cls);
}

// Containers inside containers are shown to this depth; one may hold itself.
#define SHOWN_DEPTH 4

static const char *shown(Types *types, const Type *type, int depth);

static const char *tuple_text(Types *types, const Type *type, int depth)
{
    const char *text = "";
    for (int i = 0; i < type_place_count(type); i++)
        text = arena_format(types->arena, "%s%s%s", text, i ? ", " : "",
                            shown(types, type_position(types, type, i), depth));
    return arena_format(types->arena, "Tuple[%s]", text);
}

static const char *container_text(Types *types, const Type *type, tb_kind kind, int depth)
{
    const char *name = kind_names[kind];
    if (!type->shape || depth >= SHOWN_DEPTH || kind == TB_FUNCTION) return name;
    if (kind == TB_TUPLE && type_place_count(type) > 0) return tuple_text(types, type, depth + 1);
    const Type *element = type_element(types, type);
    const Type *key = kind == TB_DICT ? type_key(types, type) : types->any;
    if (kind == TB_DICT) element = type_value(types, type);
    if (element->kinds == KINDS_ANY && key->kinds == KINDS_ANY) return name;
    const char *text = shown(types, element, depth + 1);
    if (kind != TB_DICT) return arena_format(types->arena, "%s[%s]", name, text);
    return arena_format(types->arena, "%s[%s, %s]", name, shown(types, key, depth + 1), text);
}

static const char *one_kind_text(Types *types, const Type *type, tb_kind kind, int depth)
{
    if ((kind == TB_INSTANCE || kind == TB_NATIVE) && type->cls) return type->cls->name->text;
    if (KIND_BIT(kind) & KINDS_SHAPED) return container_text(types, type, kind, depth);
    return kind_names[kind];
}

static const char *shown(Types *types, const Type *type, int depth)
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
        text = arena_format(types->arena, "%s%s%s", text, *text ? " | " : "",
                            one_kind_text(types, type, (tb_kind)kind, depth));
    }
    return optional ? arena_format(types->arena, "%s?", text) : text;
}

const char *type_text(Arena *arena, const Type *type)
{
    Types types = {.arena = arena};
    return shown(&types, type, SHOWN_DEPTH);
}

const char *type_text_deep(Types *types, const Type *type)
{
    return shown(types, type, 0);
}
