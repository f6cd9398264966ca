// Cells, which hold what can be in a variable, result, field or container. A cell only grows, and
// when it does, the functions that have looked are walked again.
#include "infer_state.h"

#include <assert.h>

Types *infer_types(Compiler *compiler)
{
    return &compiler->infer->types;
}

Type *infer_kind(Infer *infer, tb_kind kind)
{
    return infer->types.kinds[kind];
}

Type *infer_join(Infer *infer, Type *a, Type *b)
{
    return type_join(&infer->types, a, b);
}

// --------------------------------------------------------------------------------------- cells

FunctionFacts *function_facts(Infer *infer, FunctionInfo *function)
{
    if (!function->facts) function->facts = ARENA_NEW(&infer->compiler->arena, FunctionFacts);
    return function->facts;
}

void enqueue(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->is_queued || !facts->is_reached) return;
    facts->is_queued = true;
    VEC_PUSH(&infer->compiler->arena, infer->queue, function);
}

Cell *cell_find(Cell *cell)
{
    while (cell->forward) {
        if (cell->forward->forward) cell->forward = cell->forward->forward;
        cell = cell->forward;
    }
    return cell;
}

Type *cell_type(Infer *infer, Cell *cell)
{
    Type *type = cell_find(cell)->type;
    return type ? type : infer->types.never;
}

static void enqueue_readers(Infer *infer, const Cell *cell)
{
    for (int i = 0; i < cell->readers.count; i++)
        enqueue(infer, cell->readers.items[i]);
}

// Whether readers need not look again. What is in a shape has readers of its own.
static bool is_known(const Type *former, const Type *type)
{
    if (former == type) return true;
    return former && former->kinds == type->kinds && former->cls == type->cls &&
           !former->shape == !type->shape;
}

// Annotations that say little, so that what is given tells more: Function, Iterable.
static bool is_loose(const Type *limit)
{
    const KindSet loose = KIND_BIT(TB_FUNCTION) | KIND_BIT(TB_ITERATOR);
    return limit->kinds != KINDS_ANY && (limit->kinds & loose);
}

// What of [type] comes through an annotation.
static Type *limited(Infer *infer, const Type *limit, Type *type)
{
    if (limit->kinds == KINDS_ANY) return type;
    if (is_loose(limit)) return type_only(&infer->types, type, limit->kinds | KINDS_OBJECT);
    if (!(type->kinds & limit->kinds & KINDS_SHAPED)) return infer->types.never;
    return type_shaped(&infer->types, limit->kinds, limit->cls, type->shape);
}

void cell_join(Infer *infer, Cell *cell, Type *type)
{
    if (infer->reporting) return;
    cell = cell_find(cell);
    if (cell->limit) type = limited(infer, cell->limit, type);
    Type *former;
    Type *joined;
    do { // joining may unite this very cell with another
        former = cell->type;
        joined = infer_join(infer, former, type);
        cell = cell_find(cell);
    } while (cell->type != former);
    if (joined == former) return;
    cell->type = joined;
    if (!is_known(former, joined)) enqueue_readers(infer, cell);
    if (cell->is_open) type_open(infer, joined);
}

void cell_union(Infer *infer, Cell *a, Cell *b)
{
    a = cell_find(a);
    b = cell_find(b);
    if (a == b || infer->reporting) return;
    assert(!a->limit && !b->limit);
    if (b->readers.count > a->readers.count) {
        Cell *swapped = a;
        a = b;
        b = swapped;
    }
    b->forward = a;
    Type *joined = infer_join(infer, a->type, b->type);
    if (!is_known(a->type, joined)) enqueue_readers(infer, a);
    if (!is_known(b->type, joined)) enqueue_readers(infer, b);
    for (int i = 0; i < b->readers.count; i++)
        VEC_PUSH(&infer->compiler->arena, a->readers, b->readers.items[i]);
    b->readers.count = 0;
    a->is_open |= b->is_open;
    a->type = joined;
    if (a->is_open) type_open(infer, joined);
}

void cell_leak(Infer *infer, Cell *cell)
{
    cell = cell_find(cell);
    if (cell->is_open || infer->reporting) return;
    cell->is_open = true;
    type_open(infer, cell->type);
}

void cell_open(Infer *infer, Cell *cell)
{
    cell_leak(infer, cell);
    cell_join(infer, cell, infer->types.any);
}

Type *cell_read(Infer *infer, Cell *cell)
{
    cell = cell_find(cell);
    FunctionInfo *reader = infer->function;
    int count = cell->readers.count;
    if (reader && !infer->reporting && (!count || cell->readers.items[count - 1] != reader)) {
        bool known = false;
        for (int i = 0; i < count && i < 8 && !known; i++)
            known = cell->readers.items[i] == reader;
        if (!known) VEC_PUSH(&infer->compiler->arena, cell->readers, reader);
    }
    return cell->type ? cell->type : infer->types.never;
}

void cell_limit(Infer *infer, Cell *cell, Type *limit)
{
    cell->limit = limit;
    if (is_loose(limit)) return;
    Shape *shape =
        limit->kinds != KINDS_ANY && (limit->kinds & KINDS_SHAPED) ? shape_new(infer) : NULL;
    cell->type = type_shaped(&infer->types, limit->kinds, limit->cls, shape);
}

const Node *symbol_annotation(const Symbol *symbol)
{
    if (!symbol->node) return NULL;
    if (symbol->node->kind == NODE_PARAM) return symbol->node->as.param.annotation;
    if (symbol->node->kind == NODE_LET) return symbol->node->as.assign.annotation;
    return NULL;
}

// A variable's cell; made with its annotation's type when it has one.
Cell *symbol_cell(Infer *infer, Symbol *symbol)
{
    if (symbol->facts) return symbol->facts;
    Cell *cell = ARENA_NEW(&infer->compiler->arena, Cell);
    symbol->facts = cell;
    const Node *annotation = symbol_annotation(symbol);
    if (symbol->is_session) {
        infer_annotation(infer->compiler, annotation); // reaches the class it names
        cell_open(infer, cell);
    } else if (symbol->node && symbol->node->kind == NODE_PARAM && symbol->node->as.param.is_rest) {
        cell_limit(infer, cell, infer_kind(infer, TB_LIST));
    } else if (annotation) {
        Type *type = infer_annotation(infer->compiler, annotation);
        if (symbol->node->kind == NODE_LET && !symbol->node->as.assign.value)
            type = infer_join(infer, type, infer_kind(infer, TB_NONE));
        cell_limit(infer, cell, type);
    }
    return cell;
}

// What the passes behind may rely on.
static Type *found(Compiler *compiler, const Cell *cell)
{
    const Type *type = cell ? cell_find((Cell *)(uintptr_t)cell)->type : NULL;
    return type && type->kinds ? (Type *)(uintptr_t)type : compiler->infer->types.any;
}

Type *infer_symbol_type(Compiler *compiler, const Symbol *symbol)
{
    return found(compiler, symbol->facts);
}

Type *infer_field_type(Compiler *compiler, const Field *field)
{
    return found(compiler, &field->cell);
}

Type *infer_result_type(Compiler *compiler, const FunctionInfo *function)
{
    FunctionFacts *facts = function->facts;
    const Type *type = facts ? cell_find(&facts->result)->type : NULL;
    return type ? (Type *)(uintptr_t)type : compiler->infer->types.never;
}

bool infer_is_reached(const FunctionInfo *function)
{
    const FunctionFacts *facts = function->facts;
    return facts && facts->is_reached;
}
