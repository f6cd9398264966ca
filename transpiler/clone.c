// Copies a function: first the FunctionInfo of it and of every function in it, with their
// variables, then the tree, whose names are turned to the new variables.
#include "clone.h"

typedef struct Clone {
    Arena *arena;
    Map functions; // FunctionInfo * -> its copy
    Map symbols;   // Symbol * -> its copy
} Clone;

static FunctionInfo *copied_function(const Clone *clone, FunctionInfo *function)
{
    FunctionInfo *copy = function ? map_get(&clone->functions, function) : NULL;
    return copy ? copy : function;
}

// The copy of a variable of the function; others stay what they are.
static Symbol *copied_symbol(const Clone *clone, Symbol *symbol)
{
    Symbol *copy = symbol ? map_get(&clone->symbols, symbol) : NULL;
    return copy ? copy : symbol;
}

// ------------------------------------------------------------------------- functions and variables

static Symbol *clone_symbol(Clone *clone, Symbol *symbol)
{
    if (!symbol) return NULL;
    Symbol *copy = map_get(&clone->symbols, symbol);
    if (copy) return copy;
    copy = ARENA_NEW(clone->arena, Symbol);
    *copy = *symbol;
    copy->facts = copy->lowered = NULL;
    copy->c_name = NULL;
    map_put(&clone->symbols, clone->arena, symbol, copy);
    return copy;
}

static void clone_variables(Clone *clone, const FunctionInfo *function, FunctionInfo *copy)
{
    copy->self = clone_symbol(clone, function->self);
    copy->params.items = NULL;
    copy->params.count = copy->params.capacity = 0;
    for (int i = 0; i < function->params.count; i++)
        VEC_PUSH(clone->arena, copy->params, clone_symbol(clone, function->params.items[i]));
    copy->locals.items = NULL;
    copy->locals.count = copy->locals.capacity = 0;
    for (int i = 0; i < function->locals.count; i++)
        VEC_PUSH(clone->arena, copy->locals, clone_symbol(clone, function->locals.items[i]));
}

static FunctionInfo *clone_info(Clone *clone, FunctionInfo *function)
{
    FunctionInfo *copy = ARENA_NEW(clone->arena, FunctionInfo);
    *copy = *function;
    copy->facts = copy->lowered = NULL;
    copy->c_name = NULL;
    map_put(&clone->functions, clone->arena, function, copy);
    clone_variables(clone, function, copy);
    copy->inner.items = NULL;
    copy->inner.count = copy->inner.capacity = 0;
    for (int i = 0; i < function->inner.count; i++) {
        FunctionInfo *inner = function->inner.items[i];
        if (inner->symbol) clone_symbol(clone, inner->symbol);
        VEC_PUSH(clone->arena, copy->inner, clone_info(clone, inner));
    }
    return copy;
}

// What the copies refer to, now that all are there.
static void relate(const Clone *clone, FunctionInfo *copy)
{
    for (int i = 0; i < copy->inner.count; i++) {
        FunctionInfo *inner = copy->inner.items[i];
        inner->parent = copy;
        inner->symbol = copied_symbol(clone, inner->symbol);
        if (inner->symbol)
            inner->symbol->function = copied_function(clone, inner->symbol->function);
        VEC(Symbol *) captures = {0};
        for (int k = 0; k < inner->captures.count; k++)
            VEC_PUSH(clone->arena, captures, copied_symbol(clone, inner->captures.items[k]));
        memcpy(&inner->captures, &captures, sizeof captures);
        relate(clone, inner);
    }
}

static void set_owners(const Clone *clone)
{
    for (uint32_t i = 0; i < clone->symbols.capacity; i++) {
        Symbol *copy = clone->symbols.entries[i].key ? clone->symbols.entries[i].value : NULL;
        if (copy) copy->owner = copied_function(clone, copy->owner);
    }
}

// ------------------------------------------------------------------------------------------ the
// tree

static void adapt_function(const Clone *clone, const Node *node, Node *copy)
{
    FunctionInfo *info = copied_function(clone, node->as.function.info);
    copy->as.function.info = info;
    info->node = copy;
    const Symbol *former = node->as.function.info->symbol;
    if (info->symbol != former && info->symbol->node == node) info->symbol->node = copy;
}

static void adapt(void *data, const Node *node, Node *copy)
{
    const Clone *clone = data;
    switch ((NodeKind)node->kind) {
    case NODE_NAME:
    case NODE_PATTERN_BIND:
    case NODE_PATTERN_REST:
        copy->as.name.symbol = copied_symbol(clone, node->as.name.symbol);
        break;
    case NODE_MEMBER:
        copy->as.member.symbol = copied_symbol(clone, node->as.member.symbol);
        break;
    case NODE_LABELLED:
    case NODE_PATTERN_AS:
        copy->as.labelled.symbol = copied_symbol(clone, node->as.labelled.symbol);
        break;
    case NODE_CATCH:
        copy->as.catch_.symbol = copied_symbol(clone, node->as.catch_.symbol);
        break;
    case NODE_IMPORT:
    case NODE_IMPORT_ITEM:
        copy->as.import.symbol = copied_symbol(clone, node->as.import.symbol);
        break;
    case NODE_PARAM:
        copy->as.param.symbol = copied_symbol(clone, node->as.param.symbol);
        if (copy->as.param.symbol) copy->as.param.symbol->node = copy;
        break;
    case NODE_FUNCTION:
        adapt_function(clone, node, copy);
        break;
    default:
        break;
    }
}

FunctionInfo *clone_function(Arena *arena, const FunctionInfo *function)
{
    Clone clone = {.arena = arena};
    FunctionInfo *copy = clone_info(&clone, (FunctionInfo *)(uintptr_t)function);
    relate(&clone, copy);
    set_owners(&clone);
    node_clone(arena, function->node, adapt, &clone);
    return copy;
}
