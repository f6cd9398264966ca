// Shapes: what is in containers and what functions take and give, shared by all values that can be
// the same object.
//
// This is a union-find in the manner of Steensgaard ("Points-to analysis in almost linear time",
// 1996): where two values meet, their shapes become one, and so do the cells in them. What remains
// to be done stands in a list, for shapes may hold each other to any depth, and themselves.
//
// A shape that is open has met code that cannot be seen (a value of unknown type, a function of the
// library that may keep or change what it is given): anything may be put in, and what is in may
// itself be changed.
#include "infer_state.h"

Shape *shape_find(Shape *shape)
{
    while (shape->forward) {
        if (shape->forward->forward) shape->forward = shape->forward->forward;
        shape = shape->forward;
    }
    return shape;
}

Shape *shape_new(Infer *infer)
{
    return ARENA_NEW(&infer->compiler->arena, Shape);
}

Type *type_shaped(Types *types, KindSet kinds, ClassInfo *cls, Shape *shape)
{
    if (!shape || !(kinds & KINDS_SHAPED)) return type_make(types, kinds, cls);
    if (kinds == KINDS_ANY) {
        shape_open(types->infer, shape);
        return types->any;
    }
    if (!(kinds & KINDS_OBJECT)) cls = NULL;
    shape = shape_find(shape);
    for (Type *type = shape->types; type; type = type->chain)
        if (type->kinds == kinds && type->cls == cls) return type;
    Type *type = ARENA_NEW(types->arena, Type);
    *type = (Type){.kinds = kinds, .cls = cls, .shape = shape, .chain = shape->types};
    shape->types = type;
    return type;
}

static Cell *cell_new(Infer *infer)
{
    return ARENA_NEW(&infer->compiler->arena, Cell);
}

// --------------------------------------------------------------------------------------- settling

static void later(Infer *infer, Cell *cell, Cell *other)
{
    if (!cell) return;
    VEC_PUSH(&infer->compiler->arena, infer->pending, ((PendingCell){cell, other}));
}

static void settle(Infer *infer)
{
    if (infer->is_settling) return;
    infer->is_settling = true;
    while (infer->pending.count) {
        PendingCell next = infer->pending.items[--infer->pending.count];
        if (next.other)
            cell_union(infer, next.cell, next.other);
        else
            cell_open(infer, next.cell);
    }
    infer->is_settling = false;
}

void shape_open(Infer *infer, Shape *shape)
{
    shape = shape_find(shape);
    if (shape->is_open || infer->reporting) return;
    shape->is_open = true;
    later(infer, shape->item, NULL);
    later(infer, shape->key, NULL);
    later(infer, shape->result, NULL);
    for (int i = 0; i < shape->place_count; i++)
        later(infer, shape->places[i], NULL);
    for (int i = 0; i < shape->param_count; i++)
        later(infer, shape->params[i], NULL);
    settle(infer);
}

void type_open(Infer *infer, const Type *type)
{
    if (type && type->shape && (type->kinds & KINDS_SHAPED)) shape_open(infer, type->shape);
}

// ----------------------------------------------------------------------------------------- uniting

// Makes one cell of two, of which either may be NULL.
static Cell *merged(Infer *infer, Cell *a, Cell *b)
{
    if (a && b) later(infer, a, b);
    return a ? a : b;
}

// Every place holds what any item can be.
static void collapse(Infer *infer, Shape *shape)
{
    for (int i = 0; i < shape->place_count; i++)
        shape->item = merged(infer, shape->item, shape->places[i]);
    shape->place_count = 0;
}

static void unite_places(Infer *infer, Shape *shape, Shape *other)
{
    if (other->item ||
        (shape->place_count && other->place_count && shape->place_count != other->place_count)) {
        collapse(infer, shape);
    }
    if (shape->item) collapse(infer, other);
    if (!shape->place_count) {
        shape->places = other->places;
        shape->place_count = other->place_count;
    } else {
        for (int i = 0; i < other->place_count; i++)
            later(infer, shape->places[i], other->places[i]);
    }
    shape->item = merged(infer, shape->item, other->item);
    shape->key = merged(infer, shape->key, other->key);
}

static void unite_functions(Infer *infer, Shape *shape, Shape *other)
{
    Shape *longer = shape->param_count >= other->param_count ? shape : other;
    const Shape *shorter = longer == shape ? other : shape;
    for (int i = 0; i < shorter->param_count; i++)
        later(infer, shorter->params[i], longer->params[i]);
    shape->params = longer->params;
    shape->param_count = longer->param_count;
    shape->result = merged(infer, shape->result, other->result);
    bool is_same = !shape->function || !other->function || shape->function == other->function;
    shape->is_several |= other->is_several || !is_same;
    if (!shape->function) shape->function = other->function;
}

Shape *shape_unite(Infer *infer, Shape *a, Shape *b)
{
    a = shape_find(a);
    b = shape_find(b);
    if (a == b || infer->reporting) return a;
    if (b->rank > a->rank) {
        Shape *swapped = a;
        a = b;
        b = swapped;
    }
    if (a->rank == b->rank) a->rank++;
    b->forward = a;
    unite_places(infer, a, b);
    unite_functions(infer, a, b);
    if (a->is_open != b->is_open) {
        a->is_open = false;
        shape_open(infer, a);
    }
    settle(infer);
    return a;
}

Shape *shape_join(Types *types, const Type *a, const Type *b)
{
    bool left = a->kinds & KINDS_SHAPED;
    bool right = b->kinds & KINDS_SHAPED;
    if (left && right && a->shape && b->shape) return shape_unite(types->infer, a->shape, b->shape);
    if (!left) return b->shape;
    if (!right) return a->shape;
    type_open(types->infer, a);
    type_open(types->infer, b);
    return NULL;
}

// ------------------------------------------------------------------------------------- what is in

static Cell *opened_if(Infer *infer, const Shape *shape, Cell *cell)
{
    if (shape->is_open) cell_open(infer, cell);
    return cell;
}

Cell *shape_item(Infer *infer, Shape *shape)
{
    shape = shape_find(shape);
    if (shape->place_count && !infer->reporting) collapse(infer, shape);
    if (!shape->item) shape->item = opened_if(infer, shape, cell_new(infer));
    Cell *item = shape->item;
    settle(infer);
    return item;
}

Cell *shape_key(Infer *infer, Shape *shape)
{
    shape = shape_find(shape);
    if (!shape->key) shape->key = opened_if(infer, shape, cell_new(infer));
    return shape->key;
}

Cell *shape_result(Infer *infer, Shape *shape)
{
    shape = shape_find(shape);
    if (!shape->result) shape->result = opened_if(infer, shape, cell_new(infer));
    return shape->result;
}

void shape_set_places(Infer *infer, Shape *shape, int count)
{
    shape = shape_find(shape);
    if (shape->item || shape->place_count || count > SHAPE_MAX_PLACES) return;
    shape->places = ARENA_ARRAY(&infer->compiler->arena, Cell *, count);
    for (int i = 0; i < count; i++)
        shape->places[i] = opened_if(infer, shape, cell_new(infer));
    shape->place_count = count;
}

Cell *shape_place(Infer *infer, Shape *shape, int index)
{
    shape = shape_find(shape);
    if (index < 0) index += shape->place_count;
    if (index >= 0 && index < shape->place_count) return shape->places[index];
    return shape_item(infer, shape);
}

Type *shape_element(Infer *infer, Shape *shape)
{
    shape = shape_find(shape);
    if (!shape->place_count) return cell_read(infer, shape_item(infer, shape));
    Type *type = infer->types.never;
    for (int i = 0; i < shape->place_count; i++)
        type = infer_join(infer, type, cell_read(infer, shape->places[i]));
    return type;
}

Type *element_of(Infer *infer, const Type *type)
{
    if (!(type->kinds & KINDS_SHAPED)) return infer->types.never;
    return type->shape ? shape_element(infer, type->shape) : infer->types.any;
}

Type *key_of(Infer *infer, const Type *type)
{
    if (!(type->kinds & KIND_BIT(TB_DICT))) return infer->types.never;
    return type->shape ? cell_read(infer, shape_key(infer, type->shape)) : infer->types.any;
}

// ------------------------------------------------------------------- for the passes that follow

// What a cell has come to hold; anything when that is nothing: no code should rely on it.
static Type *settled(Types *types, const Cell *cell)
{
    Type *type = cell ? cell_find((Cell *)(uintptr_t)cell)->type : NULL;
    return type && type->kinds ? type : types->any;
}

static const Shape *shape_of(const Type *type, KindSet kinds)
{
    if (!type || !type->shape || !(type->kinds & kinds)) return NULL;
    const Shape *shape = shape_find(type->shape);
    return shape->is_open ? NULL : shape;
}

Type *type_element(Types *types, const Type *type)
{
    const Shape *shape = shape_of(type, KINDS_SHAPED & ~KIND_BIT(TB_FUNCTION));
    if (!shape) return types->any;
    if (!shape->place_count) return settled(types, shape->item);
    KindSet kinds = 0;
    Type *joined = types->never;
    for (int i = 0; i < shape->place_count; i++) {
        Type *place = settled(types, shape->places[i]);
        kinds |= place->kinds & KINDS_SHAPED;
        if (i && (kinds & KINDS_SHAPED) && joined != place) return types->any; // shapes may differ
        joined = type_join(types, joined, place);
    }
    return joined;
}

Type *type_key(Types *types, const Type *type)
{
    const Shape *shape = shape_of(type, KIND_BIT(TB_DICT));
    return shape ? settled(types, shape->key) : types->any;
}

Type *type_value(Types *types, const Type *type)
{
    const Shape *shape = shape_of(type, KIND_BIT(TB_DICT));
    return shape ? settled(types, shape->item) : types->any;
}

int type_place_count(const Type *type)
{
    const Shape *shape = shape_of(type, KIND_BIT(TB_TUPLE) | KIND_BIT(TB_LIST));
    return shape && shape->place_count ? shape->place_count : -1;
}

Type *type_position(Types *types, const Type *type, int index)
{
    if (index < 0 || index >= type_place_count(type)) return type_element(types, type);
    return settled(types, shape_find(type->shape)->places[index]);
}

FunctionInfo *type_function(const Type *type)
{
    if (!type || !type->shape || type->kinds != KIND_BIT(TB_FUNCTION)) return NULL;
    const Shape *shape = shape_find(type->shape);
    return shape->is_several ? NULL : shape->function;
}
