// Literals and comprehensions: numbers, texts with parts, and containers written out or computed.
#include "lower_state.h"

IrOperand lower_int(Lower *lower, const Node *node)
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

// How a container is made of its items: at once, or, when some are spread, begun empty.
typedef struct Maker {
    const IrRoutine *from, *begin, *push, *extend;
} Maker;

static IrOperand lower_container(Lower *lower, Node *node, const Maker *maker)
{
    const NodeList *items = &node->as.list;
    if (!has_spread(items))
        return lower_routine(lower, maker->from, node->span, items->count,
                             lower_items(lower, items));
    IrOperand none = operand_int(0);
    IrOperand container = lower_routine(lower, maker->begin, node->span, 1, &none);
    collect_items(lower, items, container, maker->push, maker->extend);
    return container;
}

IrOperand lower_list(Lower *lower, Node *node)
{
    static const Maker list = {&routine_LIST_FROM, &routine_LIST_NEW, &routine_LIST_PUSH,
                               &routine_LIST_EXTEND};
    return lower_container(lower, node, &list);
}

IrOperand lower_tuple(Lower *lower, Node *node)
{
    if (!has_spread(&node->as.list))
        return lower_routine(lower, &routine_TUPLE_FROM, node->span, node->as.list.count,
                             lower_items(lower, &node->as.list));
    return LOWER_ROUTINE(lower, TUPLE_OF_LIST, node->span, lower_list(lower, node));
}

IrOperand lower_set(Lower *lower, Node *node)
{
    static const Maker set = {&routine_SET_FROM, &routine_SET_NEW, &routine_SET_ADD,
                              &routine_SET_EXTEND};
    return lower_container(lower, node, &set);
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

IrOperand lower_dict(Lower *lower, Node *node)
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

IrOperand lower_fstring(Lower *lower, Node *node);

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

IrOperand lower_fstring(Lower *lower, Node *node)
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

// ---- comprehensions

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

IrOperand lower_comprehension(Lower *lower, Node *node)
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
