// Copies of functions for single calls.
//
// What a function is given decides what is known in it. One that is given functions, and a generic
// one of the library, learns little where calls of all kinds meet: `map` would work on anything. So
// such a call gets a copy of its own (clone.h): there `func` can only be the one function, which is
// called directly, and items have their types.
//
// The number of copies is bounded: only small functions are copied, calls in copies to a certain
// depth, a recursive call means the copy it stands in, and there is a limit for each function and
// for the program. A call without a copy means the function itself, as ever.
#include "clone.h"
#include "infer_state.h"

enum {
    COPY_NODES_MAX = 150,     // of the tree of a function that is copied
    COPIES_MAX = 40,          // of one function
    COPY_DEPTH_MAX = 4,       // of a call in a copy for a call in a copy …
    COPIED_NODES_MAX = 20000, // in all copies together
};

// ------------------------------------------------------------------------------------ what it
// costs

static bool count_node(void *data, const Node *node)
{
    int *count = data;
    if (node->kind == NODE_CLASS) *count = COPY_NODES_MAX;
    return ++*count > COPY_NODES_MAX;
}

// The size of the function's tree; -1 if it is too big, or has a class in it.
static int size_of(Infer *infer, FunctionInfo *function)
{
    FunctionFacts *facts = function_facts(infer, function);
    if (facts->node_count) return facts->node_count;
    int count = 0;
    facts->node_count = node_any(function->node, count_node, &count) ? -1 : count;
    return facts->node_count;
}

// How many copies the function that is walked stands in.
static int current_depth(Infer *infer)
{
    for (FunctionInfo *outer = infer->function; outer; outer = outer->parent) {
        const FunctionFacts *facts = function_facts(infer, outer);
        if (facts->original) return facts->copy_depth;
    }
    return 0;
}

// -------------------------------------------------------------------------------------- what it
// gains

// A variable that can hold just one function, or a list and the like of known items.
static bool is_telling(const Infer *infer, const FunctionInfo *function, const Type *type)
{
    if (type_function(type)) return true;
    if (!function->module->is_library || !type) return false;
    const KindSet containers = KINDS_SIZED & ~KINDS_OBJECT;
    return type != infer->types.any && (type->kinds & containers);
}

// Whether the copy would know more of a parameter than that it is what its annotation says.
static bool gains(Infer *infer, const FunctionInfo *function, Node *first, const NodeList *args)
{
    int count = function->params.count;
    Node **matched = ARENA_ARRAY(&infer->compiler->arena, Node *, count + 1);
    if (!infer_match_args(function, first, args, matched)) return false;
    for (int i = 0; i < count; i++)
        if (matched[i] && is_telling(infer, function, matched[i]->type)) return true;
    return false;
}

static bool is_copyable(const FunctionInfo *function)
{
    return function->node && !function->is_extern && !function->cls && !function->self &&
           !function->captures.count && function->rest_index < 0;
}

// ------------------------------------------------------------------------------------------ the
// copies

// The copy of [function] that the function which is walked stands in, or NULL; [function] itself
// if it stands in that.
static FunctionInfo *enclosing(Infer *infer, FunctionInfo *function)
{
    for (FunctionInfo *outer = infer->function; outer; outer = outer->parent)
        if (outer == function || function_facts(infer, outer)->original == function) return outer;
    return NULL;
}

static FunctionInfo *make_copy(Infer *infer, FunctionInfo *function, int depth)
{
    Arena *arena = &infer->compiler->arena;
    FunctionInfo *copy = clone_function(arena, function);
    FunctionFacts *facts = function_facts(infer, copy);
    facts->original = function;
    facts->copy_depth = depth;
    infer->copied_nodes += size_of(infer, function);
    VEC_PUSH(arena, function_facts(infer, function)->copies, copy);
    return copy;
}

FunctionInfo *copy_for_call(Infer *infer, FunctionInfo *function, Node *first, const NodeList *args)
{
    FunctionInfo *known = map_get(&infer->copies, args);
    if (known && function_facts(infer, known)->original == function) return known;
    if (infer->reporting || infer->compiler->options.is_repl || !is_copyable(function))
        return function;
    FunctionInfo *copy = enclosing(infer, function);
    if (!copy) {
        int depth = current_depth(infer) + 1;
        bool is_affordable =
            depth <= COPY_DEPTH_MAX && function_facts(infer, function)->copies.count < COPIES_MAX;
        if (!is_affordable || !gains(infer, function, first, args)) return function;
        int size = size_of(infer, function); // last: this walks through the function
        if (size <= 0 || infer->copied_nodes + size > COPIED_NODES_MAX) return function;
        copy = make_copy(infer, function, depth);
    }
    if (copy != function) map_put(&infer->copies, &infer->compiler->arena, args, copy);
    return copy;
}

void no_copy_for_call(Infer *infer, const NodeList *args)
{
    if (!infer->reporting && map_get(&infer->copies, args))
        map_put(&infer->copies, &infer->compiler->arena, args, NULL);
}

FunctionInfo *infer_called(const Compiler *compiler, FunctionInfo *function, const NodeList *args)
{
    FunctionInfo *copy = map_get(&compiler->infer->copies, args);
    const FunctionFacts *facts = copy ? copy->facts : NULL;
    return facts && facts->original == function ? copy : function;
}
