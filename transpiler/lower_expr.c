// Expressions: each becomes commands and an operand, raw where inference knows it to be a Float or
// Bool.
#include "lower_state.h"

#include <stdlib.h>

IrOperand lower_value(Lower *lower, Node *node)
{
    return lower_boxed(lower, lower_expr(lower, node), node->span);
}

// ------------------------------------------------------------------------------------------
// literals

static IrOperand lower_int(Lower *lower, const Node *node)
{
    int64_t value = node->as.integer.value;
    if (!node->as.integer.digits && value >= TB_INT62_MIN && value <= TB_INT62_MAX)
        return operand_small(value);
    const char *digits = node->as.integer.digits;
    int base = digits ? node->as.integer.base : 10;
    if (!digits) digits = arena_format(lower->arena, "%lld", (long long)value);
    IrLiteral *literal = ARENA_NEW(lower->arena, IrLiteral);
    *literal = (IrLiteral){
        .kind = LITERAL_BIG, .bytes = digits, .size = (uint32_t)strlen(digits), .base = base};
    literal->number_in_program = lower->program->literals.count + 1;
    VEC_PUSH(lower->arena, lower->program->literals, literal);
    return (IrOperand){OPERAND_LITERAL, {.literal = literal}};
}

// Evaluates the items of a chain to boxed operands.
static IrOperand *lower_items(Lower *lower, const NodeList *list)
{
    IrOperand *items = ARENA_ARRAY(lower->arena, IrOperand, list->count + 1);
    int count = 0;
    for (Node *node = list->first; node; node = node->next) {
        items[count] = lower_value(lower, node);
        lower_hold(lower, &items[count++]);
    }
    lower_release(lower, count);
    return items;
}

static bool has_spread(const NodeList *list)
{
    for (const Node *node = list->first; node; node = node->next)
        if (node->kind == NODE_SPREAD) return true;
    return false;
}

// Items of which some are spread: collected one by one with [push] and [extend].
static void collect_items(Lower *lower, const NodeList *list, IrOperand into, const IrRoutine *push,
                          const IrRoutine *extend)
{
    for (Node *node = list->first; node; node = node->next) {
        bool spread = node->kind == NODE_SPREAD;
        IrOperand args[] = {into, lower_value(lower, spread ? node->as.unary.operand : node)};
        lower_routine(lower, spread ? extend : push, node->span, 2, args);
    }
}

static IrOperand lower_list(Lower *lower, Node *node)
{
    if (!has_spread(&node->as.list))
        return lower_routine(lower, &routine_LIST_FROM, node->span, node->as.list.count,
                             lower_items(lower, &node->as.list));
    IrOperand list = LOWER_ROUTINE(lower, LIST_NEW, node->span, operand_int(0));
    collect_items(lower, &node->as.list, list, &routine_LIST_PUSH, &routine_LIST_EXTEND);
    return list;
}

static IrOperand lower_tuple(Lower *lower, Node *node)
{
    if (!has_spread(&node->as.list))
        return lower_routine(lower, &routine_TUPLE_FROM, node->span, node->as.list.count,
                             lower_items(lower, &node->as.list));
    return LOWER_ROUTINE(lower, TUPLE_OF_LIST, node->span, lower_list(lower, node));
}

static IrOperand lower_set(Lower *lower, Node *node)
{
    if (!has_spread(&node->as.list))
        return lower_routine(lower, &routine_SET_FROM, node->span, node->as.list.count,
                             lower_items(lower, &node->as.list));
    IrOperand set = LOWER_ROUTINE(lower, SET_NEW, node->span, operand_int(0));
    collect_items(lower, &node->as.list, set, &routine_SET_ADD, &routine_SET_EXTEND);
    return set;
}

static IrOperand lower_dict_spread(Lower *lower, Node *node)
{
    IrOperand dict = LOWER_ROUTINE(lower, DICT_NEW, node->span, operand_int(0));
    for (Node *item = node->as.list.first; item; item = item->next) {
        if (item->kind == NODE_SPREAD) {
            LOWER_ROUTINE(lower, DICT_EXTEND, item->span, dict,
                          lower_value(lower, item->as.unary.operand));
            continue;
        }
        IrOperand key = lower_value(lower, item->as.pair.key);
        LOWER_ROUTINE(lower, DICT_PUT, item->span, dict, key,
                      lower_value(lower, item->as.pair.value));
    }
    return dict;
}

static IrOperand lower_dict(Lower *lower, Node *node)
{
    if (has_spread(&node->as.list)) return lower_dict_spread(lower, node);
    IrOperand *items = ARENA_ARRAY(lower->arena, IrOperand, 2 * node->as.list.count + 1);
    int count = 0;
    for (Node *item = node->as.list.first; item; item = item->next) {
        items[count] = lower_value(lower, item->as.pair.key);
        lower_hold(lower, &items[count++]);
        items[count] = lower_value(lower, item->as.pair.value);
        lower_hold(lower, &items[count++]);
    }
    lower_release(lower, count);
    return lower_routine(lower, &routine_DICT_FROM, node->span, count, items);
}

static IrOperand lower_fstring(Lower *lower, Node *node);

// One `{value!r:spec}`: its text, or the value itself where joining makes the text anyway.
static IrOperand lower_format(Lower *lower, Node *node)
{
    IrOperand value = lower_value(lower, node->as.format.value);
    if (node->as.format.conversion == 'r') value = LOWER_ROUTINE(lower, REPR, node->span, value);
    Node *spec = node->as.format.spec;
    if (!spec) return value;
    lower_hold(lower, &value);
    IrOperand text =
        spec->kind == NODE_FSTRING ? lower_fstring(lower, spec) : lower_value(lower, spec);
    lower_release(lower, 1);
    return LOWER_ROUTINE(lower, FORMAT, node->span, value, text);
}

static IrOperand lower_fstring(Lower *lower, Node *node)
{
    IrOperand *parts = ARENA_ARRAY(lower->arena, IrOperand, node->as.list.count + 1);
    int count = 0;
    for (Node *part = node->as.list.first; part; part = part->next) {
        parts[count] =
            part->kind == NODE_FORMAT ? lower_format(lower, part) : lower_value(lower, part);
        lower_hold(lower, &parts[count++]);
    }
    lower_release(lower, count);
    return lower_routine(lower, &routine_JOIN_PARTS, node->span, count, parts);
}

// ---------------------------------------------------------------------------------------------
// names

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

static IrOperand raw_if_known(Lower *lower, IrOperand value, const Type *type, Span span)
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
    return raw_if_known(lower, operand_var(dst), infer_field_type(lower->compiler, field), span);
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

static IrOperand lower_member(Lower *lower, Node *node)
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

// -----------------------------------------------------------------------------------------
// operators

static bool is_float_or_raw(IrOperand operand, const Type *type)
{
    return ir_operand_repr(operand) == REPR_FLOAT || type_is(type, TB_INT) ||
           type_is(type, TB_BOOL);
}

// Both sides are numbers and one is a Float: the operation is on doubles.
static bool works_on_floats(IrOperand left, IrOperand right, const Type *left_type,
                            const Type *right_type)
{
    bool one = ir_operand_repr(left) == REPR_FLOAT || ir_operand_repr(right) == REPR_FLOAT;
    return one && is_float_or_raw(left, left_type) && is_float_or_raw(right, right_type);
}

static IrOperand lower_float_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                                Span span)
{
    left = lower_convert(lower, left, REPR_FLOAT, span);
    right = lower_convert(lower, right, REPR_FLOAT, span);
    switch (op) {
    case TOK_SLASH:
        if (right.kind == OPERAND_FLOAT && right.as.number != 0) break;
        return LOWER_ROUTINE(lower, FLOAT_DIV, span, left, right);
    case TOK_SLASH_SLASH:
        return LOWER_ROUTINE(lower, FLOAT_FLOOR_DIV, span, left, right);
    case TOK_PERCENT:
        return LOWER_ROUTINE(lower, FLOAT_MOD, span, left, right);
    case TOK_STAR_STAR:
        return LOWER_ROUTINE(lower, FLOAT_POW, span, left, right);
    default:
        break;
    }
    return lower_operation(lower, IR_FLOAT_OP, op, REPR_FLOAT, left, right, span);
}

static bool is_whole(const Type *type)
{
    return type_is(type, TB_INT);
}

static bool is_plain_arithmetic(TokenKind op)
{
    return op == TOK_PLUS || op == TOK_MINUS || op == TOK_STAR;
}

static bool is_float_arithmetic(TokenKind op)
{
    return is_plain_arithmetic(op) || op == TOK_SLASH || op == TOK_SLASH_SLASH ||
           op == TOK_PERCENT || op == TOK_STAR_STAR;
}

// `a ** b` of Floats may leave the Floats only by failing; `/` of Ints always gives a Float.
IrOperand lower_binary_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                          const Type *left_type, const Type *right_type, Span span)
{
    if (is_float_arithmetic(op) && works_on_floats(left, right, left_type, right_type))
        return lower_float_op(lower, op, left, right, span);
    left = lower_boxed(lower, left, span);
    right = lower_boxed(lower, right, span);
    if (op == TOK_DOT_DOT) return LOWER_ROUTINE(lower, RANGE_INCLUSIVE, span, left, right);
    bool ints = is_whole(left_type) && is_whole(right_type) && op != TOK_STAR_STAR;
    if (ints && op == TOK_SLASH) return LOWER_ROUTINE(lower, INT_DIV, span, left, right);
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    IrOp *command = lower_op(lower, ints ? IR_INT_OP : IR_DYNAMIC_OP, span, dst, 2);
    command->sub = (uint8_t)op;
    command->args[0] = left;
    command->args[1] = right;
    Type *type = infer_binary(infer_types(lower->compiler), op, left_type, right_type, NULL);
    return raw_if_known(lower, operand_var(dst), type, span);
}

// Whether the node is a `+` that makes a String, and not by a method of the object on its left.
static bool joins_text(const Node *node)
{
    return node->kind == NODE_BINARY && node->op == TOK_PLUS && type_is(node->type, TB_STRING) &&
           !(node->as.binary.left->type->kinds & KINDS_OBJECT);
}

// The parts of a chain of `+` that makes a String, leftmost first.
static int text_parts(Node *node, Node **out, int limit)
{
    int count = 0;
    Node *part = node;
    while (joins_text(part) && count < limit) {
        out[count++] = part->as.binary.right;
        part = part->as.binary.left;
    }
    out[count++] = part;
    for (int i = 0; i < count / 2; i++) {
        Node *swap = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = swap;
    }
    return count;
}

#define TEXT_PARTS_MAX 63

// A chain of three or more texts is joined at once. When it begins with a variable it may be
// growing it, so that one is kept apart: adding to it can extend its buffer in place.
static IrOperand lower_text_chain(Lower *lower, Node *node)
{
    Node *nodes[TEXT_PARTS_MAX + 1];
    int count = text_parts(node, nodes, TEXT_PARTS_MAX);
    IrOperand *parts = ARENA_ARRAY(lower->arena, IrOperand, count);
    for (int i = 0; i < count; i++) {
        parts[i] = lower_value(lower, nodes[i]);
        lower_hold(lower, &parts[i]);
    }
    lower_release(lower, count);
    bool grows = type_is(nodes[0]->type, TB_STRING) &&
                 (nodes[0]->kind == NODE_NAME || nodes[0]->kind == NODE_MEMBER);
    if (!grows) return lower_routine(lower, &routine_JOIN_PARTS, node->span, count, parts);
    IrOperand rest = lower_routine(lower, &routine_JOIN_PARTS, node->span, count - 1, parts + 1);
    Type *text = infer_types(lower->compiler)->kinds[TB_STRING];
    return lower_binary_op(lower, TOK_PLUS, parts[0], rest, text, text, node->span);
}

static IrOperand lower_binary(Lower *lower, Node *node)
{
    Node *left_node = node->as.binary.left;
    if (joins_text(node) && joins_text(left_node)) return lower_text_chain(lower, node);
    IrOperand left = lower_expr(lower, left_node);
    lower_hold(lower, &left);
    IrOperand right = lower_expr(lower, node->as.binary.right), result;
    lower_release(lower, 1);
    if (lower_operator_call(lower, infer_operator_method((TokenKind)node->op), left_node->type,
                            left, node->as.binary.right, right, node->as.binary.op_span, &result))
        return result;
    return lower_binary_op(lower, (TokenKind)node->op, left, right, left_node->type,
                           node->as.binary.right->type, node->as.binary.op_span);
}

IrOperand lower_not(Lower *lower, IrOperand condition, Span span)
{
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    lower_op(lower, IR_NOT, span, dst, 1)->args[0] = condition;
    return operand_var(dst);
}

static IrOperand lower_unary(Lower *lower, Node *node)
{
    Node *operand = node->as.unary.operand;
    if (node->op == TOK_NOT) return lower_not(lower, lower_condition(lower, operand), node->span);
    if (node->op == TOK_MINUS && operand->kind == NODE_FLOAT)
        return (IrOperand){OPERAND_FLOAT, {.number = -operand->as.number}};
    IrOperand value = lower_expr(lower, operand);
    if (node->op == TOK_MINUS && value.kind == OPERAND_SMALL && value.as.integer != TB_INT62_MIN)
        return operand_small(-value.as.integer);
    if (ir_operand_repr(value) == REPR_FLOAT && node->op != TOK_TILDE) {
        if (node->op == TOK_PLUS) return value;
        IrVar *dst = lower_temp(lower, REPR_FLOAT);
        IrOp *op = lower_op(lower, IR_FLOAT_OP, node->span, dst, 1);
        op->sub = TOK_MINUS;
        op->args[0] = value;
        return operand_var(dst);
    }
    IrOperand called;
    if (node->op == TOK_MINUS && lower_operator_call(lower, "neg", operand->type, value, NULL,
                                                     operand_none(), node->span, &called))
        return called;
    const IrRoutine *routine = node->op == TOK_MINUS   ? &routine_NEG
                               : node->op == TOK_TILDE ? &routine_BIT_NOT
                                                       : &routine_PLUS;
    IrOperand boxed = lower_boxed(lower, value, node->span);
    IrOperand result = lower_routine(lower, routine, node->span, 1, &boxed);
    return raw_if_known(lower, result, node->type, node->span);
}

static bool is_ordering(TokenKind op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

static bool is_raw_int(IrOperand operand)
{
    return ir_operand_repr(operand) == REPR_INT || operand.kind == OPERAND_SMALL;
}

// A small constant compared with a Float, exactly, as a Float.
static IrOperand constant_as_float(IrOperand operand, IrOperand other)
{
    bool is_exact = operand.kind == OPERAND_SMALL && llabs(operand.as.integer) <= 1LL << 53;
    if (!is_exact || ir_operand_repr(other) != REPR_FLOAT) return operand;
    return (IrOperand){OPERAND_FLOAT, {.number = (double)operand.as.integer}};
}

// Whether some class says itself what equals its objects: then even `== None` must ask.
static bool any_equals(Lower *lower)
{
    const Name *name = name_from(&lower->compiler->names, "equals");
    return lower->compiler->options.is_repl ||
           infer_methods_named(lower->compiler, name, 0, NULL) > 0;
}

static bool is_text(IrOperand operand)
{
    return operand.kind == OPERAND_LITERAL && operand.as.literal->kind == LITERAL_STRING;
}

IrOperand lower_compare_op(Lower *lower, TokenKind op, IrOperand left, IrOperand right,
                           const Type *left_type, const Type *right_type, Span span)
{
    if (is_ordering(op)) {
        left = constant_as_float(left, right);
        right = constant_as_float(right, left);
        if (ir_operand_repr(left) == REPR_FLOAT && ir_operand_repr(right) == REPR_FLOAT)
            return lower_operation(lower, IR_FLOAT_OP, op, REPR_BOOL,
                                   lower_convert(lower, left, REPR_FLOAT, span),
                                   lower_convert(lower, right, REPR_FLOAT, span), span);
        bool raw = is_raw_int(left) && is_raw_int(right) &&
                   (ir_operand_repr(left) == REPR_INT || ir_operand_repr(right) == REPR_INT);
        if (raw)
            return lower_operation(lower, IR_RAW_OP, op, REPR_BOOL,
                                   lower_convert(lower, left, REPR_INT, span),
                                   lower_convert(lower, right, REPR_INT, span), span);
    }
    bool with_none = left.kind == OPERAND_NIL || right.kind == OPERAND_NIL;
    if ((op == TOK_EQUAL_EQUAL || op == TOK_NOT_EQUAL) && with_none && !any_equals(lower)) {
        IrOperand same = LOWER_ROUTINE(lower, IS_SAME, span, lower_boxed(lower, left, span),
                                       lower_boxed(lower, right, span));
        return op == TOK_EQUAL_EQUAL ? same : lower_not(lower, same, span);
    }
    left = lower_boxed(lower, left, span);
    right = lower_boxed(lower, right, span);
    switch (op) {
    case TOK_IS:
        return LOWER_ROUTINE(lower, IDENTICAL, span, left, right);
    case TOK_IN:
        return LOWER_ROUTINE(lower, CONTAINS, span, right, left);
    case TOK_CONTAINS:
        return LOWER_ROUTINE(lower, CONTAINS, span, left, right);
    case TOK_STARTS_WITH:
        return LOWER_ROUTINE(lower, STARTS_WITH, span, left, right);
    case TOK_ENDS_WITH:
        return LOWER_ROUTINE(lower, ENDS_WITH, span, left, right);
    default:
        break;
    }
    if ((op == TOK_EQUAL_EQUAL || op == TOK_NOT_EQUAL) && is_text(right)) {
        IrOperand same = LOWER_ROUTINE(lower, EQUAL_TEXT, span, left, right);
        return op == TOK_EQUAL_EQUAL ? same : lower_not(lower, same, span);
    }
    bool ints = is_whole(left_type) && is_whole(right_type);
    return lower_operation(lower, ints ? IR_INT_OP : IR_DYNAMIC_OP, op, REPR_BOOL, left, right,
                           span);
}

// One step of a chain: the comparison, negated if so written.
static IrOperand compare_step(Lower *lower, const Node *item, IrOperand left, IrOperand right,
                              const Type *left_type)
{
    IrOperand result = lower_compare_op(lower, (TokenKind)item->op, left, right, left_type,
                                        item->as.unary.operand->type, item->span);
    return item->flags & NODE_NEGATED ? lower_not(lower, result, item->span) : result;
}

// Whether the comparison is `type(v) == "name"`, by the library's `type`.
static bool asks_type(const Node *node)
{
    const Node *call = node->as.compare.first, *item = node->as.compare.rest.first;
    if (item->next || item->op != TOK_EQUAL_EQUAL || item->flags & NODE_NEGATED) return false;
    if (item->as.unary.operand->kind != NODE_STRING || call->kind != NODE_CALL) return false;
    const Node *callee = call->as.call.callee, *arg = call->as.call.args.first;
    const Symbol *symbol = callee->kind == NODE_NAME ? callee->as.name.symbol : NULL;
    return symbol && symbol->kind == SYMBOL_OVERLOADS && !strcmp(symbol->name->text, "type") &&
           call->as.call.args.count == 1 && arg->kind != NODE_SPREAD && arg->kind != NODE_LABELLED;
}

static IrOperand lower_compare(Lower *lower, Node *node)
{
    Node *item = node->as.compare.rest.first;
    if (asks_type(node)) {
        IrOperand value = lower_value(lower, node->as.compare.first->as.call.args.first);
        return LOWER_ROUTINE(lower, TYPE_IS, node->span, value,
                             lower_expr(lower, item->as.unary.operand));
    }
    IrOperand left = lower_expr(lower, node->as.compare.first);
    lower_hold(lower, &left);
    IrOperand right = lower_expr(lower, item->as.unary.operand);
    lower_release(lower, 1);
    IrOperand result = compare_step(lower, item, left, right, node->as.compare.first->type);
    if (!item->next) return result;
    IrVar *dst = lower_temp(lower, REPR_BOOL);
    lower_move(lower, dst, result, node->span);
    IrBlock *outside = lower->block;
    for (; item->next; item = item->next) { // each further step stands inside the one before
        IrOp *branch = lower_if(lower, operand_var(dst), item->span);
        lower_enter(lower, branch->body);
        left = right;
        lower_hold(lower, &left);
        right = lower_expr(lower, item->next->as.unary.operand);
        lower_release(lower, 1);
        result = compare_step(lower, item->next, left, right, item->as.unary.operand->type);
        lower_move(lower, dst, result, item->span);
    }
    lower_enter(lower, outside);
    return operand_var(dst);
}

static bool is_bool_node(const Node *node)
{
    return type_is(node->type, TB_BOOL);
}

static IrOperand lower_logical(Lower *lower, Node *node, bool as_condition)
{
    bool raw =
        as_condition || (is_bool_node(node->as.binary.left) && is_bool_node(node->as.binary.right));
    IrVar *dst = lower_temp(lower, raw ? REPR_BOOL : REPR_VALUE);
    IrOperand left = as_condition ? lower_condition(lower, node->as.binary.left)
                                  : lower_expr(lower, node->as.binary.left);
    lower_move(lower, dst, left, node->span);
    IrOperand decides =
        raw ? operand_var(dst) : lower_truth(lower, operand_var(dst), node->as.binary.left->span);
    IrOp *branch = lower_if(lower, decides, node->span);
    IrBlock *former = lower_enter(lower, node->op == TOK_AND ? branch->body : branch->other);
    IrOperand right = as_condition ? lower_condition(lower, node->as.binary.right)
                                   : lower_expr(lower, node->as.binary.right);
    lower_move(lower, dst, right, node->span);
    lower_enter(lower, former);
    return operand_var(dst);
}

IrOperand lower_condition(Lower *lower, Node *node)
{
    if (node->kind == NODE_LOGICAL) return lower_logical(lower, node, true);
    return lower_truth(lower, lower_expr(lower, node), node->span);
}

static IrOperand lower_conditional(Lower *lower, Node *node)
{
    IrVar *dst = lower_temp(lower, lower_repr_of(node->type));
    IrOp *branch =
        lower_if(lower, lower_condition(lower, node->as.conditional.condition), node->span);
    IrBlock *former = lower_enter(lower, branch->body);
    lower_move(lower, dst, lower_expr(lower, node->as.conditional.then), node->span);
    lower_enter(lower, branch->other);
    Node *otherwise = node->as.conditional.otherwise;
    lower_move(lower, dst, otherwise ? lower_expr(lower, otherwise) : operand_none(), node->span);
    lower_enter(lower, former);
    return operand_var(dst);
}

// ------------------------------------------------------------------------------- items,
// comprehensions

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
    if (is_list_item(place))
        return lower_list_item(lower, place->as.index.object->type, object, index, place->span);
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

static IrOperand lower_index(Lower *lower, Node *node)
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
    return raw_if_known(lower, result, node->type, node->span);
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

typedef struct Comprehension {
    Node *node;
    Node *clause; // the next to open
    IrOperand into;
} Comprehension;

static void comprehension_turn(Lower *lower, void *data);

static void add_element(Lower *lower, const Comprehension *comprehension)
{
    Node *node = comprehension->node;
    Node *element = node->as.comprehension.element;
    if (node->as.comprehension.kind == NODE_LIST) {
        lower_push(lower, comprehension->into, lower_expr(lower, element), element->span);
        return;
    }
    IrOperand first = lower_value(lower, element);
    switch (node->as.comprehension.kind) {
    case NODE_SET:
        LOWER_ROUTINE(lower, SET_ADD, element->span, comprehension->into, first);
        break;
    default:
        lower_hold(lower, &first);
        IrOperand value = lower_value(lower, node->as.comprehension.value);
        lower_release(lower, 1);
        LOWER_ROUTINE(lower, DICT_PUT, element->span, comprehension->into, first, value);
    }
}

// Whether it is a list with an item for each turn of its one loop.
static bool is_one_list(const Node *node)
{
    return node->as.comprehension.kind == NODE_LIST && node->as.comprehension.clauses.count == 1;
}

static void make_room(Lower *lower, IrOperand count, void *data)
{
    Comprehension *comprehension = data;
    Span span = comprehension->node->span;
    bool is_none = count.kind == OPERAND_INT && !count.as.integer;
    if (!is_none) count = LOWER_ROUTINE(lower, RAW_ROOM, span, count);
    comprehension->into = LOWER_ROUTINE(lower, LIST_NEW, span, count);
}

static void open_clauses(Lower *lower, Comprehension *comprehension)
{
    Node *clause = comprehension->clause;
    if (!clause) {
        add_element(lower, comprehension);
        return;
    }
    Comprehension inner = *comprehension;
    inner.clause = clause->next;
    if (clause->kind == NODE_CLAUSE_FOR) {
        lower_iterate(lower, clause->as.clause.target, clause->as.clause.condition, clause->span,
                      is_one_list(comprehension->node) ? make_room : NULL, comprehension_turn,
                      &inner);
        comprehension->into = inner.into;
        return;
    }
    IrOp *branch =
        lower_if(lower, lower_condition(lower, clause->as.clause.condition), clause->span);
    IrBlock *former = lower_enter(lower, branch->body);
    open_clauses(lower, &inner);
    lower_enter(lower, former);
}

static void comprehension_turn(Lower *lower, void *data)
{
    open_clauses(lower, data);
}

static IrOperand lower_comprehension(Lower *lower, Node *node)
{
    const IrRoutine *maker = node->as.comprehension.kind == NODE_DICT  ? &routine_DICT_NEW
                             : node->as.comprehension.kind == NODE_SET ? &routine_SET_NEW
                                                                       : &routine_LIST_NEW;
    IrOperand zero = operand_int(0);
    Comprehension comprehension = {node, node->as.comprehension.clauses.first, zero};
    if (!is_one_list(node)) comprehension.into = lower_routine(lower, maker, node->span, 1, &zero);
    open_clauses(lower, &comprehension);
    return comprehension.into;
}

// --------------------------------------------------------------------------------------
// annotations

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
    return raw_if_known(lower, operand_var(dst), wanted, span);
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

// ------------------------------------------------------------------------------------------ the
// door

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
