// Annotations: what the names of types mean.
#include <strings.h>

#include "resolve_state.h"
#include "types.h"

static void unknown_type(Resolver *r, const Node *node)
{
    static const char *const names[] = {"Int",  "Float", "String", "Bool",  "Bytes",    "List",
                                        "Dict", "Set",   "Tuple",  "Range", "Function", "Any"};
    const Node *last = node->as.type.path.last;
    Nearest nearest = {.wanted = last->as.name.name->text};
    resolve_error(r, node->span, DIAG_UNKNOWN_TYPE, "unknown type `%s`", nearest.wanted);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(names[i], nearest.wanted) == 0) nearest.best = names[i];
        if (!nearest.best) nearest_offer(&nearest, names[i]);
    }
    for (int i = 0; i < r->classes.count; i++)
        nearest_offer(&nearest, r->classes.items[i]->name->text);
    if (nearest.best) diag_help(&r->compiler->diags, "did you mean `%s`?", nearest.best);
}

// A built-in or library type's name, when no class of the program has it.
static Symbol *library_type(Resolver *r, Name *name)
{
    Symbol *symbol = builtin_symbol(r->compiler, name);
    if (symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type < -1 &&
        !r->module->is_library)
        return NULL;
    if (symbol) return symbol;
    return library_has(r->compiler, name) ? resolve_library_name(r->compiler, r->module, name)
                                          : NULL;
}

static Symbol *type_symbol(Resolver *r, const Node *node)
{
    const Node *first = node->as.type.path.first;
    Name *name = first->as.name.name;
    Binding *binding = visible_binding(r, name);
    Symbol *symbol = binding ? binding->symbol : NULL;
    if (!symbol) symbol = session_symbol(r, name);
    // What a module of the session has under that name is known when it runs.
    if (symbol && symbol->is_session && symbol->kind == SYMBOL_VARIABLE) return symbol;
    for (Node *part = first->next; part; part = part->next) {
        if (!symbol) symbol = library_module_symbol(r->compiler, name);
        if (!symbol || symbol->kind != SYMBOL_MODULE) return NULL;
        symbol = resolve_member(r->compiler, symbol->target, part->as.name.name);
        if (!symbol) return NULL;
    }
    return symbol ? symbol : library_type(r, name);
}

// How many arguments a type takes in brackets: -1 for any number.
static int type_arity(const Symbol *symbol)
{
    if (symbol->kind != SYMBOL_TYPE) return 0;
    switch (symbol->builtin_type) {
    case TB_LIST:
    case TB_SET:
    case TYPE_ITERABLE:
    case TYPE_ITEMS:
        return 1;
    case TB_DICT:
        return 2;
    case TB_TUPLE:
        return -1;
    default:
        return 0;
    }
}

static void check_type_args(Resolver *r, const Node *node, const Symbol *symbol)
{
    int count = node->as.type.args.count;
    int arity = type_arity(symbol);
    if (!count || arity < 0 || count == arity) return;
    const char *name = symbol->name->text;
    if (arity)
        resolve_error(r, node->span, DIAG_TYPE, "`%s` takes %d type%s in brackets, not %d", name,
                      arity, arity == 1 ? "" : "s", count);
    else
        resolve_error(r, node->span, DIAG_TYPE, "`%s` takes no types in brackets", name);
}

static void walk_type_name(Resolver *r, Node *node)
{
    Symbol *symbol = type_symbol(r, node);
    bool is_session_class = symbol && symbol->is_session && symbol->kind == SYMBOL_VARIABLE;
    if (is_session_class ||
        (symbol && (symbol->kind == SYMBOL_CLASS || symbol->kind == SYMBOL_TYPE))) {
        node->as.type.symbol = symbol;
        check_type_args(r, node, symbol);
    } else if (symbol) {
        const Name *name = node->as.type.path.last->as.name.name;
        resolve_error(r, node->span, DIAG_UNKNOWN_TYPE, "`%s` is not a type", name->text);
    } else {
        unknown_type(r, node);
    }
}

void walk_type(Resolver *r, Node *node)
{
    if (node->kind == NODE_TYPE_NAME && node->as.type.path.first) walk_type_name(r, node);
    for (Node *arg = node->as.type.args.first; arg; arg = arg->next)
        walk_type(r, arg);
    if (node->as.type.result) walk_type(r, node->as.type.result);
}
