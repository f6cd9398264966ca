// Annotations: the types they stand for, and reports of values that cannot be of them.
#include "infer_state.h"

// --------------------------------------------------------------------------------- annotations

// The kind of a class's objects.
static KindSet class_kind(const ClassInfo *cls)
{
    return class_is_native(cls) ? KIND_BIT(TB_NATIVE) : KIND_BIT(TB_INSTANCE);
}

static Type *annotation_name(Compiler *compiler, const Node *node)
{
    Types *types = &compiler->infer->types;
    const Symbol *symbol = node->as.type.symbol;
    if (!symbol) return types->any;
    if (symbol->is_session) { // its name may mean another class soon
        if (symbol->kind == SYMBOL_CLASS) class_escapes(compiler->infer, symbol->cls);
        return types->any;
    }
    if (symbol->kind == SYMBOL_CLASS) {
        class_ready(compiler->infer, symbol->cls);
        return type_make(types, class_kind(symbol->cls), symbol->cls);
    }
    if (symbol->kind != SYMBOL_TYPE) return types->any;
    switch (symbol->builtin_type) {
    case -1:
    case TYPE_OBJECT:
    case TYPE_ITEMS:
        return types->any;
    case -2: // Number
    case -4: // Whole
        return type_make(types, KINDS_NUMBER, NULL);
    case TYPE_SIZED:
        return type_make(types, KINDS_SIZED, NULL);
    case TYPE_ITERABLE:
        return type_make(types, KINDS_ITERABLE, NULL);
    case -3:
        return types->kinds[TB_INT];
    case TB_FUNCTION:
        return type_make(types, KINDS_CALLABLE, NULL);
    default:
        return types->kinds[symbol->builtin_type];
    }
}

Type *infer_annotation(Compiler *compiler, const Node *annotation)
{
    Types *types = &compiler->infer->types;
    if (!annotation) return NULL;
    Type *type = types->never;
    switch ((NodeKind)annotation->kind) {
    case NODE_TYPE_OPTIONAL:
        type = types->kinds[TB_NONE]; // fall through
    case NODE_TYPE_UNION:
        for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            type = type_join(types, type, infer_annotation(compiler, arg));
        return type;
    case NODE_TYPE_FUNCTION:
        return type_make(types, KINDS_CALLABLE, NULL);
    case NODE_TYPE_NAME:
        return annotation_name(compiler, annotation);
    default:
        return types->any;
    }
}

bool infer_is_type_param(const Node *annotation)
{
    const Symbol *symbol = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.symbol : NULL;
    return symbol && symbol->kind == SYMBOL_TYPE && symbol->builtin_type == -1 && symbol->node;
}

// What users know a type by. The library's own names of types say more than they need to know.
static const char *type_title(const Node *node)
{
    const Symbol *symbol = node->as.type.symbol;
    const Node *last = node->as.type.path.last;
    switch (symbol && symbol->kind == SYMBOL_TYPE ? symbol->builtin_type : 0) {
    case -3: // Int64
    case -4: // Whole
        return "Int";
    case TYPE_SIZED:
        return "a container or text";
    default:
        return last ? last->as.name.name->text : "Any";
    }
}

const char *infer_annotation_text(Arena *arena, const Node *node)
{
    const char *text = "";
    const char *between = node->kind == NODE_TYPE_UNION ? " | " : ", ";
    for (const Node *arg = node->as.type.args.first; arg; arg = arg->next)
        if (!infer_is_type_param(arg))
            text = arena_format(arena, "%s%s%s", text, *text ? between : "",
                                infer_annotation_text(arena, arg));
    switch ((NodeKind)node->kind) {
    case NODE_TYPE_OPTIONAL:
        return arena_format(arena, "%s?", text);
    case NODE_TYPE_UNION:
        return text;
    case NODE_TYPE_FUNCTION:
        if (*text) return arena_format(arena, "a function (%s)", text);
        return "Function";
    case NODE_TYPE_NAME:
        return *text ? arena_format(arena, "%s[%s]", type_title(node), text) : type_title(node);
    default:
        return "None";
    }
}

int infer_annotation_special(Compiler *compiler, const Node *annotation)
{
    if (annotation && annotation->kind == NODE_TYPE_UNION) {
        int special = -1;
        for (const Node *arg = annotation->as.type.args.first; arg && special < 0; arg = arg->next)
            special = infer_annotation_special(compiler, arg);
        return special;
    }
    const Type *type = annotation ? infer_annotation(compiler, annotation) : NULL;
    if (!type || type->kinds == KINDS_ANY) return -1;
    if (type->kinds == KINDS_ITERABLE) return TB_SPECIAL_ITER;
    if (type->kinds == KINDS_SIZED) return TB_SPECIAL_LEN;
    return type->kinds & KIND_BIT(TB_FUNCTION) ? TB_SPECIAL_CALL : -1;
}

static void check_items(Infer *infer, const Node *annotation, const Node *first, const char *what)
{
    for (const Node *item = first; item; item = item->next)
        if (item->kind != NODE_SPREAD)
            check_annotation(infer, annotation, item->type, (Node *)(uintptr_t)item, what);
}

static void check_tuple(Infer *infer, const Node *annotation, const Node *value)
{
    const Node *part = annotation->as.type.args.first;
    if (value->as.list.count != annotation->as.type.args.count) {
        diag_error(&infer->compiler->diags, infer->function->module->source, value->span, DIAG_TYPE,
                   "a Tuple of %d parts is wanted, not of %d", annotation->as.type.args.count,
                   value->as.list.count);
        return;
    }
    for (Node *item = value->as.list.first; item; item = item->next, part = part->next)
        check_annotation(infer, part, item->type, item, "the part");
}

// The parts of a value written down as a literal.
static void check_parts(Infer *infer, const Node *annotation, const Node *value)
{
    const Node *first = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.args.first : NULL;
    const Symbol *symbol = first ? annotation->as.type.symbol : NULL;
    if (!symbol || symbol->kind != SYMBOL_TYPE) return;
    bool is_items = (symbol->builtin_type == TB_LIST && value->kind == NODE_LIST) ||
                    (symbol->builtin_type == TB_SET && value->kind == NODE_SET);
    if (is_items) check_items(infer, first, value->as.list.first, "the item");
    if (symbol->builtin_type == TB_TUPLE && value->kind == NODE_TUPLE)
        check_tuple(infer, annotation, value);
    if (symbol->builtin_type != TB_DICT || value->kind != NODE_DICT) return;
    for (const Node *pair = value->as.list.first; pair; pair = pair->next) {
        if (pair->kind != NODE_PAIR) continue;
        check_annotation(infer, first, pair->as.pair.key->type, pair->as.pair.key, "the key");
        if (first->next)
            check_annotation(infer, first->next, pair->as.pair.value->type, pair->as.pair.value,
                             "the value");
    }
}

// Reports a value that cannot be what its annotation says.
void check_annotation(Infer *infer, const Node *annotation, Type *given, Node *value,
                      const char *what)
{
    if (!infer->reporting || !annotation || !given || !given->kinds) return;
    check_parts(infer, annotation, value);
    Type *wanted = infer_annotation(infer->compiler, annotation);
    KindSet accepted = wanted->kinds;
    if (accepted & KIND_BIT(TB_FLOAT)) accepted |= KIND_BIT(TB_INT);
    if (accepted & KIND_BIT(TB_FUNCTION)) accepted |= KIND_BIT(TB_INSTANCE); // with `call`
    if (accepted & KIND_BIT(TB_INSTANCE)) accepted |= KIND_BIT(TB_NATIVE);
    bool possible = (accepted & given->kinds) != 0;
    if (possible && !(given->kinds & ~KINDS_OBJECT)) possible = classes_may_meet(given, wanted);
    if (possible) return;
    Arena *arena = &infer->compiler->arena;
    diag_error(&infer->compiler->diags, infer->function->module->source, value->span, DIAG_TYPE,
               "%s must be %s, not %s", what, type_text(arena, wanted), type_text(arena, given));
}

// The same for what [symbol] is given.
void check_variable(Infer *infer, const Symbol *symbol, Type *given, Node *value)
{
    const Node *annotation = symbol_annotation(symbol);
    if (!infer->reporting || !annotation) return;
    check_annotation(infer, annotation, given, value,
                     arena_format(&infer->compiler->arena, "`%s`", symbol->name->text));
}
