// Expressions: each becomes commands and an operand, raw where inference knows it to be a Float or
// Bool.
#include "lower_state.h"

IrOperand lower_value(Lower *lower, Node *node)
{
    return lower_boxed(lower, lower_expr(lower, node), node->span);
}

// ---- names

static ClassInfo *builtin_class(Lower *lower, int kind)
{
    static const char *const names[TB_KIND_COUNT] = {
        [TB_NONE] = "tb_class_none",     [TB_BOOL] = "tb_class_bool",
        [TB_INT] = "tb_class_int",       [TB_FLOAT] = "tb_class_float",
        [TB_STRING] = "tb_class_string", [TB_BYTES] = "tb_class_bytes",
        [TB_LIST] = "tb_class_list",     [TB_TUPLE] = "tb_class_tuple",
        [TB_DICT] = "tb_class_dict",     [TB_SET] = "tb_class_set",
        [TB_RANGE] = "tb_class_range",   [TB_FUNCTION] = "tb_class_function",
        [TB_CLASS] = "tb_class_class",   [TB_MODULE] = "tb_class_module",
    };
    ClassInfo *cls = ARENA_NEW(lower->arena, ClassInfo);
    cls->native = kind >= 0 && names[kind] ? names[kind] : "tb_class_any";
    cls->name = name_from(&lower->compiler->names, cls->native);
    return cls;
}

// What a library's name stands for, as a constant: a function, a class, or a number, which may be
// written as a difference (`1e999 - 1e999`).
static IrOperand library_constant(Lower *lower, Symbol *overloads)
{
    const Symbol *first = overloads->overloads.items[0];
    if (first->kind != SYMBOL_CONSTANT) return lower_library_value(lower, overloads);
    const Node *value = first->node->as.assign.value;
    if (value->kind != NODE_BINARY) return lower_expr(lower, (Node *)(uintptr_t)value);
    double number = value->as.binary.left->as.number - value->as.binary.right->as.number;
    return (IrOperand){OPERAND_FLOAT, {.number = number}};
}

// A member of a module that is a value.
static void lower_export(Lower *lower, Symbol *member)
{
    lower_name_literal(lower, member->name);
    bool plain = member->kind == SYMBOL_FUNCTION && !member->is_reassigned;
    if (member->kind == SYMBOL_OVERLOADS) {
        IrOperand *value = ARENA_NEW(lower->arena, IrOperand);
        *value = library_constant(lower, member);
        member->lowered = value;
    } else if (plain) {
        lower_closure(lower, member->function, member->span);
    } else if (member->kind == SYMBOL_CLASS && !member->cls->is_closure && !member->is_session) {
        lower_use_class(lower, member->cls);
    } else if (member->kind <= SYMBOL_CLASS) {
        lower_use_global(lower, member);
    }
}

// A module as a value; its members must be there for whoever asks by name.
static IrOperand operand_module(Lower *lower, struct Module *module)
{
    if (!module->lowered) {
        module->lowered = module;
        VEC_PUSH(lower->arena, lower->program->module_values, module);
        for (int i = 0; i < module->exports.count; i++)
            lower_export(lower, module->exports.items[i]);
    }
    return (IrOperand){OPERAND_MODULE, {.module = module}};
}

IrOperand lower_symbol_value(Lower *lower, Symbol *symbol, Node *node)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_UNKNOWN:
    case SYMBOL_VARIABLE:
        return lower_read(lower, symbol, node);
    case SYMBOL_FUNCTION:
        if (symbol->is_reassigned) return lower_read(lower, symbol, node);
        if (!symbol->function->captures.count || symbol->function == lower->info)
            return lower_closure(lower, symbol->function, node->span);
        return lower_read(lower, symbol, node);
    case SYMBOL_CLASS:
        return lower_class_value(lower, symbol->cls, node->span);
    case SYMBOL_OVERLOADS:
        return lower_library_value(lower, symbol);
    case SYMBOL_CONSTANT:
        return lower_expr(lower, symbol->node->as.assign.value);
    case SYMBOL_TYPE:
        return operand_class(builtin_class(lower, symbol->builtin_type));
    case SYMBOL_MODULE:
        return operand_module(lower, symbol->target);
    }
    return operand_none();
}

static bool is_super(const Node *node)
{
    return node->kind == NODE_NAME && !node->as.name.symbol &&
           !strcmp(node->as.name.name->text, "super");
}

static IrOperand lower_super_member(Lower *lower, Node *node)
{
    FunctionInfo *method = lower->info;
    while (method->parent && !method->cls)
        method = method->parent;
    IrOperand self = lower_read(lower, method->self, node);
    IrOperand base = lower_base(lower, method->cls, node->span);
    return LOWER_ROUTINE(lower, SUPER_METHOD, node->span, base,
                         operand_name(lower, node->as.member.name), self);
}

IrOperand lower_raw_if_known(Lower *lower, IrOperand value, const Type *type, Span span)
{
    IrRepr repr = lower_repr_of(type);
    if (repr == REPR_VALUE || ir_operand_repr(value) != REPR_VALUE) return value;
    IrVar *raw = lower_temp(lower, repr);
    lower_op(lower, IR_UNBOX, span, raw, 1)->args[0] = value;
    return operand_var(raw);
}

IrOperand lower_field(Lower *lower, const ClassInfo *cls, const Field *field, IrOperand object,
                      Span span)
{
    bool is_raw = infer_field_is_raw(lower->compiler, cls, field);
    IrVar *dst = lower_temp(lower, is_raw ? REPR_FLOAT : REPR_VALUE);
    IrOp *op = lower_op(lower, IR_FIELD_GET, span, dst, 1);
    op->args[0] = object;
    op->as.index = field->index;
    op->field = lower_name_literal(lower, field->name);
    return lower_raw_if_known(lower, operand_var(dst), infer_field_type(lower->compiler, field),
                              span);
}

Field *lower_known_field(const Type *type, const Name *name)
{
    const KindSet known = KIND_BIT(TB_INSTANCE) | KIND_BIT(TB_NONE);
    bool is_object = type->kinds & KIND_BIT(TB_INSTANCE) && !(type->kinds & ~known);
    if (!is_object || !type->cls || type->cls->is_error) return NULL;
    return class_field(type->cls, name);
}

void lower_refuse_none(Lower *lower, IrOperand object, const Type *type, const Name *name,
                       const IrOperand *value, Span span)
{
    if (!(type->kinds & KIND_BIT(TB_NONE))) return;
    IrOperand is_none = LOWER_ROUTINE(lower, IS_SAME, span, object, operand_none());
    IrOp *branch = lower_if(lower, is_none, span);
    IrBlock *former = lower_enter(lower, branch->body);
    if (value)
        LOWER_ROUTINE(lower, SET_ATTR, span, object, operand_name(lower, name),
                      lower_boxed(lower, *value, span));
    else
        LOWER_ROUTINE(lower, GET_ATTR, span, object, operand_name(lower, name));
    lower_enter(lower, former);
}

IrOperand lower_member(Lower *lower, Node *node)
{
    if (node->as.member.is_module_member && node->as.member.symbol)
        return lower_symbol_value(lower, node->as.member.symbol, node);
    if (is_super(node->as.member.object)) return lower_super_member(lower, node);
    Node *object = node->as.member.object;
    IrOperand value = lower_value(lower, object);
    const Type *type = object->type;
    Field *field = lower_known_field(type, node->as.member.name);
    if (field) {
        lower_refuse_none(lower, value, type, node->as.member.name, NULL, node->span);
        return lower_field(lower, type->cls, field, value, node->span);
    }
    // A plain value has no attributes: `xs.append` is the library's function, bound to it.
    const KindSet own = KINDS_OBJECT | KIND_BIT(TB_DICT) | KIND_BIT(TB_CLASS) | KIND_BIT(TB_MODULE);
    Symbol *library = NULL;
    if (!(type->kinds & own) && !type_is(type, TB_NONE))
        library = resolve_method_name(lower->compiler, node->as.member.name);
    if (!library)
        return LOWER_ROUTINE(lower, GET_ATTR, node->span, value,
                             operand_name(lower, node->as.member.name));
    return LOWER_ROUTINE(lower, BIND_METHOD, node->span, value,
                         operand_name(lower, node->as.member.name),
                         lower_library_value(lower, library), operand_missing());
}

// ---- items

// Whether [place] is an item, by an Int, of what is known to be a List.
static bool is_list_item(const Node *place)
{
    return type_is(place->as.index.object->type, TB_LIST) &&
           type_is(place->as.index.index->type, TB_INT);
}

// The kind of a List's items when it has only Ints, only Floats or only Bools; -1 otherwise.
static int item_kind(Lower *lower, const Type *list)
{
    const Type *item = type_element(infer_types(lower->compiler), list);
    for (int kind = TB_BOOL; kind <= TB_FLOAT; kind++)
        if (type_is(item, (tb_kind)kind)) return kind;
    return -1;
}

static const IrRoutine *get_item_routine(const Lower *lower)
{
    return lower->loop_depth ? &routine_GET_ITEM_HOT : &routine_GET_ITEM;
}

IrOperand lower_list_item(Lower *lower, const Type *list, IrOperand object, IrOperand index,
                          Span span)
{
    IrOperand args[] = {object, index};
    int kind = item_kind(lower, list);
    const IrRoutine *routine = kind == TB_FLOAT  ? &routine_GET_ITEM_FLOAT
                               : kind == TB_BOOL ? &routine_GET_ITEM_BOOL
                                                 : get_item_routine(lower);
    IrOperand item = lower_routine(lower, routine, span, 2, args);
    lower->block->last->is_listed = true;
    lower->block->last->is_typed = kind >= 0;
    return item;
}

IrOperand lower_get_item(Lower *lower, Node *place, IrOperand object, IrOperand index)
{
    const Type *type = place->as.index.object->type;
    if (is_list_item(place)) return lower_list_item(lower, type, object, index, place->span);
    if (lower->loop_depth && type_is(type, TB_STRING) &&
        type_is(place->as.index.index->type, TB_INT))
        return LOWER_ROUTINE(lower, GET_CHAR, place->span, object, index);
    IrOperand args[] = {object, index};
    return lower_routine(lower, get_item_routine(lower), place->span, 2, args);
}

void lower_set_item(Lower *lower, Node *place, IrOperand object, IrOperand index, IrOperand value,
                    Span span)
{
    IrRepr repr = ir_operand_repr(value);
    int kind = is_list_item(place) ? item_kind(lower, place->as.index.object->type) : -1;
    bool is_float = kind == TB_FLOAT && repr == REPR_FLOAT;
    bool is_bool = kind == TB_BOOL && repr == REPR_BOOL;
    const IrRoutine *routine = is_float            ? &routine_SET_ITEM_FLOAT
                               : is_bool           ? &routine_SET_ITEM_BOOL
                               : lower->loop_depth ? &routine_SET_ITEM_HOT
                                                   : &routine_SET_ITEM;
    if (!is_float && !is_bool) value = lower_boxed(lower, value, span);
    IrOperand args[] = {object, index, value};
    lower_routine(lower, routine, place->span, 3, args);
    lower->block->last->is_typed = kind >= 0;
}

static IrOperand slice_part(Lower *lower, Node *node)
{
    return node ? lower_value(lower, node) : operand_none();
}

IrOperand lower_index(Lower *lower, Node *node)
{
    Node *index = node->as.index.index;
    IrOperand object = lower_value(lower, node->as.index.object);
    lower_hold(lower, &object);
    IrOperand result;
    if (index->kind == NODE_SLICE) {
        IrOperand parts[4];
        Node *nodes[] = {index->as.slice.from, index->as.slice.to, index->as.slice.step};
        for (int i = 0; i < 3; i++) {
            parts[i + 1] = slice_part(lower, nodes[i]);
            lower_hold(lower, &parts[i + 1]);
        }
        lower_release(lower, 3);
        parts[0] = object;
        result = lower_routine(lower, &routine_GET_SLICE, node->span, 4, parts);
    } else {
        IrOperand at = lower_value(lower, index);
        result = lower_get_item(lower, node, object, at);
    }
    lower_release(lower, 1);
    return lower_raw_if_known(lower, result, node->type, node->span);
}

void lower_push(Lower *lower, IrOperand list, IrOperand item, Span span)
{
    switch (ir_operand_repr(item)) {
    case REPR_FLOAT:
        LOWER_ROUTINE(lower, LIST_PUSH_FLOAT, span, list, item);
        break;
    case REPR_BOOL:
        LOWER_ROUTINE(lower, LIST_PUSH_BOOL, span, list, item);
        break;
    case REPR_INT:
        LOWER_ROUTINE(lower, LIST_PUSH_INT, span, list, item);
        break;
    default:
        LOWER_ROUTINE(lower, LIST_PUSH, span, list, item);
    }
}

// ---- annotations

static bool has_type_args(const Node *annotation)
{
    if (annotation->kind == NODE_TYPE_NAME) return annotation->as.type.args.first != NULL;
    if (annotation->kind == NODE_TYPE_FUNCTION) return false;
    for (const Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
        if (has_type_args(arg)) return true;
    return false;
}

bool lower_is_container(const Node *node)
{
    return node && (node->kind == NODE_LIST || node->kind == NODE_DICT || node->kind == NODE_SET ||
                    node->kind == NODE_COMPREHENSION);
}

bool lower_is_session_type(const Node *annotation)
{
    const Symbol *symbol = annotation->kind == NODE_TYPE_NAME ? annotation->as.type.symbol : NULL;
    return symbol && symbol->is_session;
}

IrOperand lower_session_type(Lower *lower, const Node *annotation)
{
    Node *first = annotation->as.type.path.first;
    IrOperand value = lower_symbol_value(lower, annotation->as.type.symbol, first);
    if (annotation->as.type.symbol->kind != SYMBOL_VARIABLE) return value;
    for (const Node *part = first->next; part; part = part->next)
        value = LOWER_ROUTINE(lower, GET_ATTR, annotation->span, value,
                              operand_name(lower, part->as.name.name));
    return value;
}

static IrOperand check_type(Lower *lower, IrOperand value, const Node *from, Node *annotation,
                            bool is_lenient, const char *what, Span span)
{
    const Type *known = from ? from->type : NULL;
    Type *wanted = infer_annotation(lower->compiler, annotation);
    if (lower_is_session_type(annotation))
        return LOWER_ROUTINE(lower, CHECK_INSTANCE, span, lower_boxed(lower, value, span),
                             lower_session_type(lower, annotation),
                             operand_text(lower, what, strlen(what)));
    if (ir_operand_repr(value) == REPR_INT) known = infer_types(lower->compiler)->kinds[TB_INT];
    if (ir_operand_repr(value) == REPR_FLOAT) known = infer_types(lower->compiler)->kinds[TB_FLOAT];
    if (ir_operand_repr(value) == REPR_BOOL) known = infer_types(lower->compiler)->kinds[TB_BOOL];
    bool wants_float = type_is(wanted, TB_FLOAT);
    if (known && known->kinds && !has_type_args(annotation)) {
        if (type_is_subset(known, wanted)) return value;
        if (wants_float && type_is(known, TB_INT))
            return lower_convert(lower, value, REPR_FLOAT, span);
    }
    value = lower_boxed(lower, value, span);
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    IrOp *op = lower_op(lower, IR_CHECK_TYPE, span, dst, 1);
    op->args[0] = value;
    op->is_fresh = lower_is_container(from);
    op->is_lenient = is_lenient;
    op->as.annotation = annotation;
    op->text = what;
    return lower_raw_if_known(lower, operand_var(dst), wanted, span);
}

IrOperand lower_check_type(Lower *lower, IrOperand value, const Node *from, Node *annotation,
                           const char *what, Span span)
{
    return check_type(lower, value, from, annotation, false, what, span);
}

IrOperand lower_check_param(Lower *lower, const IrFunction *function, IrOperand value,
                            const Node *from, const Symbol *param, Span span)
{
    return check_type(lower, value, from, param->node->as.param.annotation,
                      function->module->is_library,
                      lower_param_text(lower, function, param->name->text), span);
}

// ---- the door

IrOperand lower_lambda(Lower *lower, Node *node)
{
    return lower_closure(lower, node->as.function.info, node->span);
}

static IrOperand lower_any_expr(Lower *lower, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_NONE:
        return operand_none();
    case NODE_BOOL:
        return operand_bool(node->as.integer.value != 0);
    case NODE_INT:
        return lower_int(lower, node);
    case NODE_FLOAT:
        return (IrOperand){OPERAND_FLOAT, {.number = node->as.number}};
    case NODE_STRING:
        return operand_text(lower, node->as.string.bytes, node->as.string.size);
    case NODE_FSTRING:
        return lower_fstring(lower, node);
    case NODE_NAME:
        return lower_symbol_value(lower, node->as.name.symbol, node);
    case NODE_LIST:
        return lower_list(lower, node);
    case NODE_TUPLE:
        return lower_tuple(lower, node);
    case NODE_SET:
        return lower_set(lower, node);
    case NODE_DICT:
        return lower_dict(lower, node);
    case NODE_COMPREHENSION:
        return lower_comprehension(lower, node);
    case NODE_UNARY:
        return lower_unary(lower, node);
    case NODE_BINARY:
        return lower_binary(lower, node);
    case NODE_LOGICAL:
        return lower_logical(lower, node, false);
    case NODE_COMPARE:
        return lower_compare(lower, node);
    case NODE_CONDITIONAL:
        return lower_conditional(lower, node);
    case NODE_CALL:
        return lower_call(lower, node);
    case NODE_INDEX:
        return lower_index(lower, node);
    case NODE_MEMBER:
        return lower_member(lower, node);
    case NODE_FUNCTION:
        return lower_lambda(lower, node);
    case NODE_IF:
    case NODE_MATCH:
    case NODE_TRY:
    case NODE_BLOCK:
        lower_settle(lower, node->span);
        return lower_block_expr(lower, node);
    default:
        lower_statement(lower, node);
        return operand_none();
    }
}

// What inference knows of the value is noted with the temporary that holds it.
IrOperand lower_expr(Lower *lower, Node *node)
{
    IrOperand value = lower_any_expr(lower, node);
    IrVar *var = value.kind == OPERAND_VAR ? value.as.var : NULL;
    if (var && !var->name && !var->type && var->repr == REPR_VALUE) var->type = node->type;
    return value;
}
