// The walk that gives every expression its type, from assignments and patterns to statements. It
// does not see flow: a variable has one type. Start at infer_walk, at the end.
#include "infer_state.h"

// ---------------------------------------------------------------------------------- assignment

Shape *site_shape(Infer *infer, const void *node)
{
    Shape *shape = map_get(&infer->sites, node);
    if (shape) return shape;
    shape = shape_new(infer);
    map_put(&infer->sites, &infer->compiler->arena, node, shape);
    return shape;
}

Type *made_at(Infer *infer, const void *node, KindSet kinds, Type *item)
{
    Shape *shape = site_shape(infer, node);
    cell_join(infer, shape_item(infer, shape), item);
    return type_shaped(&infer->types, kinds, NULL, shape);
}

Type *item_type(Infer *infer, const Type *type)
{
    if (type->kinds & KINDS_OBJECT) return infer->types.any; // `iter` and `next` give anything
    Type *item = infer->types.never;
    if (type->kinds & (KIND_BIT(TB_RANGE) | KIND_BIT(TB_BYTES))) item = infer_kind(infer, TB_INT);
    if (type->kinds & KIND_BIT(TB_STRING))
        item = infer_join(infer, item, infer_kind(infer, TB_STRING));
    if (type->kinds & KIND_BIT(TB_DICT)) item = infer_join(infer, item, key_of(infer, type));
    const KindSet others = KINDS_SHAPED & ~(KIND_BIT(TB_DICT) | KIND_BIT(TB_FUNCTION));
    if (type->kinds & others) item = infer_join(infer, item, element_of(infer, type));
    return item;
}

// A write to field [name] of an object of type [type].
static void assign_field(Infer *infer, Type *type, const Name *name, Type *value)
{
    if (type->kinds & KIND_BIT(TB_DICT)) {
        const Type *dict = type_only(&infer->types, type, KIND_BIT(TB_DICT));
        if (dict->shape) {
            cell_join(infer, shape_key(infer, dict->shape), infer_kind(infer, TB_STRING));
            cell_join(infer, shape_item(infer, dict->shape), value);
        } else {
            type_open(infer, value);
        }
    }
    if (!(type->kinds & KIND_BIT(TB_INSTANCE))) return;
    Field *own = type->cls ? class_field(type->cls, name) : NULL;
    if (own) {
        cell_join(infer, &own->cell, value);
        return;
    }
    type_open(infer, value); // it can be asked for by name
    if (!type->cls) cell_join(infer, &member_facts(infer, name)->written, value);
    for (int i = 0; i < infer->classes.count; i++) {
        ClassInfo *cls = infer->classes.items[i];
        if (type->cls && !class_is_below(cls, type->cls)) continue;
        Field *field = class_field(cls, name);
        if (field) cell_join(infer, &field->cell, value);
    }
}

static bool is_literal_index(const Node *index, int64_t *value)
{
    bool is_negative = index->kind == NODE_UNARY && index->op == TOK_MINUS;
    if (is_negative) index = index->as.unary.operand;
    if (index->kind != NODE_INT || index->as.integer.digits) return false;
    *value = is_negative ? -index->as.integer.value : index->as.integer.value;
    return *value > -SHAPE_MAX_PLACES && *value < SHAPE_MAX_PLACES;
}

// `object[index] = value`
static void assign_item(Infer *infer, const Node *target, Type *value)
{
    const Type *object = target->as.index.object->type;
    const Node *index = target->as.index.index;
    if (object->kinds & KINDS_OBJECT) type_open(infer, value);
    if (!(object->kinds & (KIND_BIT(TB_LIST) | KIND_BIT(TB_DICT)))) return;
    if (!object->shape) {
        type_open(infer, value);
        return;
    }
    int64_t place;
    if (object->kinds & KIND_BIT(TB_DICT))
        cell_join(infer, shape_key(infer, object->shape), index->type);
    if (index->kind == NODE_SLICE) value = item_type(infer, value);
    Cell *cell = !(object->kinds & KIND_BIT(TB_DICT)) && is_literal_index(index, &place)
                     ? shape_place(infer, object->shape, (int)place)
                     : shape_item(infer, object->shape);
    cell_join(infer, cell, value);
}

// What the part of a value that goes to target [index] of [count] is.
static Type *part_type(Infer *infer, Type *type, int index, int count)
{
    KindSet placed = KIND_BIT(TB_TUPLE) | KIND_BIT(TB_LIST) | KIND_BIT(TB_NONE);
    if (type->shape && !(type->kinds & ~placed) && shape_find(type->shape)->place_count == count)
        return cell_read(infer, shape_place(infer, type->shape, index));
    return item_type(infer, type);
}

static void assign(Infer *infer, Node *target, Type *type, Node *value);

static void assign_parts(Infer *infer, const Node *target, Type *type)
{
    int index = 0;
    int count = target->as.list.count;
    for (const Node *item = target->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD) count = -1;
    for (Node *item = target->as.list.first; item; item = item->next)
        assign(infer, item, part_type(infer, type, index++, count), NULL);
}

static void assign(Infer *infer, Node *target, Type *type, Node *value)
{
    if (!target) return;
    switch ((NodeKind)target->kind) {
    case NODE_NAME: {
        Symbol *symbol = target->as.name.symbol;
        if (!symbol) break;
        target->type = type;
        cell_join(infer, symbol_cell(infer, symbol), type);
        if (value) check_variable(infer, symbol, type, value);
        break;
    }
    case NODE_TUPLE:
    case NODE_LIST:
        assign_parts(infer, target, type);
        break;
    case NODE_SPREAD:
        assign(infer, target->as.unary.operand, made_at(infer, target, KIND_BIT(TB_LIST), type),
               NULL);
        break;
    case NODE_MEMBER:
        infer_walk(infer, target->as.member.object);
        if (target->as.member.is_module_member && target->as.member.symbol)
            cell_join(infer, symbol_cell(infer, target->as.member.symbol), type);
        assign_field(infer, target->as.member.object->type, target->as.member.name, type);
        break;
    case NODE_INDEX:
        infer_walk(infer, target->as.index.object);
        infer_walk(infer, target->as.index.index);
        assign_item(infer, target, type);
        break;
    default:
        break;
    }
}

// What the targets of a `for` get. A name for each part of a pair: a Dict gives its pairs.
static void assign_items(Infer *infer, Node *target, Type *iterable)
{
    bool gives_pairs = target->kind == NODE_TUPLE && target->as.list.count == 2 &&
                       (iterable->kinds & KIND_BIT(TB_DICT));
    KindSet others = iterable->kinds & ~KIND_BIT(TB_DICT);
    if (!gives_pairs) {
        Type *item = item_type(infer, iterable);
        if (target->kind == NODE_TUPLE && (iterable->kinds & KIND_BIT(TB_DICT))) {
            type_open(infer, item); // a tuple of both, of which there is no shape
            type_open(infer, element_of(infer, iterable));
            item = infer->types.any;
        }
        assign(infer, target, item, NULL);
        return;
    }
    if (others) // (type_only keeps the shape, so its places)
        assign(infer, target, item_type(infer, type_only(&infer->types, iterable, others)), NULL);
    assign(infer, target->as.list.first, key_of(infer, iterable), NULL);
    assign(infer, target->as.list.last, element_of(infer, iterable), NULL);
}

// `for a, b in zip(xs, ys)`: a name for the items of each container.
static bool assign_zipped(Infer *infer, const Node *target, const Node *iterable)
{
    if (iterable->kind != NODE_CALL || iterable->as.call.callee->kind != NODE_NAME ||
        target->kind != NODE_TUPLE)
        return false;
    const Symbol *symbol = iterable->as.call.callee->as.name.symbol;
    const NodeList *args = &iterable->as.call.args;
    if (!symbol || symbol->kind != SYMBOL_OVERLOADS || strcmp(symbol->name->text, "zip") != 0 ||
        args->count != target->as.list.count)
        return false;
    for (const Node *arg = args->first; arg; arg = arg->next)
        if (arg->kind == NODE_SPREAD || arg->kind == NODE_LABELLED) return false;
    for (const Node *item = target->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD) return false;
    const Node *arg = args->first;
    for (Node *item = target->as.list.first; item; item = item->next, arg = arg->next)
        assign(infer, item, item_type(infer, arg->type), NULL);
    return true;
}

// What the targets of a loop over [iterable], whose type is known, get.
static void assign_turn(Infer *infer, Node *target, const Node *iterable)
{
    if (!assign_zipped(infer, target, iterable)) assign_items(infer, target, iterable->type);
}

// `a, b = b, a` gives each name its own part's type.
static void assign_node(Infer *infer, Node *node)
{
    Node *target = node->as.assign.target;
    Node *value = node->as.assign.value;
    Type *type = value ? infer_walk(infer, value) : infer_kind(infer, TB_NONE);
    bool parallel = value && value->kind == NODE_TUPLE && target->kind == NODE_TUPLE &&
                    value->as.list.count == target->as.list.count;
    if (!parallel) {
        assign(infer, target, type, value);
        return;
    }
    Node *part = value->as.list.first;
    for (Node *item = target->as.list.first; item; item = item->next, part = part->next) {
        bool is_spread = part->kind == NODE_SPREAD;
        assign(infer, item, is_spread ? item_type(infer, part->as.unary.operand->type) : part->type,
               part);
    }
}

// The container that an operator makes of two has the items of both. An instance's own method gets
// the other side.
static Type *with_items(Infer *infer, const Node *node, Type *type, Type *left, Type *right)
{
    if ((left->kinds | right->kinds) & KINDS_OBJECT) {
        type_open(infer, left);
        type_open(infer, right);
    }
    if (!(type->kinds & KINDS_SHAPED) || type->kinds == KINDS_ANY) return type;
    Shape *shape = site_shape(infer, node);
    const KindSet joined = KINDS_SHAPED & ~KIND_BIT(TB_FUNCTION);
    for (int side = 0; side < 2; side++) {
        const Type *operand = side ? right : left;
        if (!(operand->kinds & joined)) continue;
        cell_join(infer, shape_item(infer, shape), element_of(infer, operand));
        if (type->kinds & KIND_BIT(TB_DICT))
            cell_join(infer, shape_key(infer, shape), key_of(infer, operand));
    }
    return type_shaped(&infer->types, type->kinds, type->cls, shape);
}

// `xs += ys` and the like change a container in place: all that know it see the new items.
static void extend_in_place(Infer *infer, const Type *old, Type *value)
{
    const KindSet flat = KIND_BIT(TB_LIST) | KIND_BIT(TB_SET);
    Type *item = infer->types.never;
    if (old->kinds & flat) item = item_type(infer, value);
    if (old->kinds & KIND_BIT(TB_DICT)) item = infer_join(infer, item, element_of(infer, value));
    if (!old->shape) {
        type_open(infer, item);
        return;
    }
    cell_join(infer, shape_item(infer, old->shape), item);
    if (old->kinds & KIND_BIT(TB_DICT))
        cell_join(infer, shape_key(infer, old->shape), key_of(infer, value));
}

// What the method [text] gives for those values of [type] that are objects; [right]: the operator's
// other side, if it has one.
static Type *object_operator(Infer *infer, const char *text, const Type *type, Node *right)
{
    Type *called = call_operator(infer, text, type, right);
    if (called) return called;
    method_escapes(infer, text);
    type_open(infer, type);
    if (right) type_open(infer, right->type);
    return infer->types.any;
}

// What `left op right` gives, found behind the operator [node]. On an object it is a call of a
// method: of `add`, for `+`.
static Type *operator_type(Infer *infer, const Node *node, TokenKind op, Type *left, Node *right)
{
    const char *method = infer_operator_method(op);
    Types *types = &infer->types;
    if (!method || !(left->kinds & KINDS_OBJECT) || !right->type->kinds)
        return with_items(infer, node, infer_binary(types, op, left, right->type, right), left,
                          right->type);
    Type *called = object_operator(infer, method, left, right);
    Type *others = type_only(types, left, ~KIND_BIT(TB_INSTANCE));
    Type *type = infer_binary(types, op, others, right->type, right);
    return infer_join(infer, called, with_items(infer, node, type, others, right->type));
}

static Type *augmented(Infer *infer, const Node *node, Type *old, Type *value)
{
    const KindSet in_place = KIND_BIT(TB_LIST) | KIND_BIT(TB_SET) | KIND_BIT(TB_DICT);
    TokenKind op = infer_plain_operator(node->op);
    if (old->kinds & in_place) extend_in_place(infer, old, value);
    if (type_is(old, TB_LIST) && op == TOK_PLUS) return old;
    Type *type = operator_type(infer, node, op, old, node->as.assign.value);
    return old->kinds & in_place ? infer_join(infer, type, old) : type;
}

static void walk_augment(Infer *infer, Node *node)
{
    Type *value = infer_walk(infer, node->as.assign.value);
    Type *old = infer_walk(infer, node->as.assign.target);
    assign(infer, node->as.assign.target, augmented(infer, node, old, value), NULL);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, old, value);
}

// ------------------------------------------------------------------------------------ patterns

static void walk_pattern(Infer *infer, Node *pattern, Type *subject);
static void open_compared(Infer *infer, const Type *left, const Type *right, int depth);

static void bind_pattern(Infer *infer, Symbol *symbol, Type *type)
{
    if (symbol) cell_join(infer, symbol_cell(infer, symbol), type);
}

// `[a, ...rest, b]` and `(a, b)` take only lists and tuples apart.
static void walk_parts(Infer *infer, const Node *pattern, Type *subject)
{
    tb_kind kind = pattern->kind == NODE_PATTERN_LIST ? TB_LIST : TB_TUPLE;
    Type *taken = type_only(&infer->types, subject, KIND_BIT(kind));
    int count = pattern->as.list.count;
    int index = 0;
    for (const Node *item = pattern->as.list.first; item; item = item->next)
        if (item->kind == NODE_PATTERN_REST) count = -1;
    for (Node *item = pattern->as.list.first; item; item = item->next) {
        Type *part = part_type(infer, taken, index++, count);
        if (item->kind == NODE_PATTERN_REST)
            bind_pattern(infer, item->as.name.symbol,
                         made_at(infer, item, KIND_BIT(TB_LIST) | KIND_BIT(kind), part));
        else
            walk_pattern(infer, item, part);
    }
}

static void walk_pattern(Infer *infer, Node *pattern, Type *subject)
{
    switch ((NodeKind)pattern->kind) {
    case NODE_PATTERN_AS:
        walk_pattern(infer, pattern->as.labelled.value, subject);
        bind_pattern(infer, pattern->as.labelled.symbol, subject);
        break;
    case NODE_PATTERN_BIND:
        bind_pattern(infer, pattern->as.name.symbol, subject);
        break;
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        walk_parts(infer, pattern, subject);
        break;
    case NODE_PATTERN_REST:
        break;
    default:
        open_compared(infer, infer_walk(infer, pattern->as.unary.operand), subject, 0);
        break;
    }
}

static Type *walk_match(Infer *infer, Node *node)
{
    Type *subject = infer_walk(infer, node->as.match.subject);
    Type *type = infer->types.never;
    bool has_else = false;
    for (Node *arm = node->as.match.arms.first; arm; arm = arm->next) {
        for (Node *pattern = arm->as.match_arm.patterns.first; pattern; pattern = pattern->next)
            walk_pattern(infer, pattern, subject);
        if (arm->as.match_arm.guard) infer_walk(infer, arm->as.match_arm.guard);
        if (!arm->as.match_arm.patterns.first && !arm->as.match_arm.guard) has_else = true;
        type = infer_join(infer, type, infer_walk(infer, arm->as.match_arm.body));
    }
    return has_else ? type : infer_join(infer, type, infer_kind(infer, TB_NONE));
}

// --------------------------------------------------------------------------------- expressions

// A module becomes a value: its members can be asked for by name.
static void module_escapes(Infer *infer, struct Module *module)
{
    resolve_exports(infer->compiler, module);
    for (int i = 0; i < module->exports.count; i++) {
        Symbol *member = module->exports.items[i];
        if (member->kind == SYMBOL_MODULE) continue;
        if (member->kind == SYMBOL_VARIABLE) cell_open(infer, symbol_cell(infer, member));
        type_open(infer, symbol_value(infer, member));
    }
}

// The function as a value: whoever gets it may call it.
static Type *function_value(Infer *infer, FunctionInfo *function)
{
    return type_shaped(&infer->types, KIND_BIT(TB_FUNCTION), NULL, function_shape(infer, function));
}

Type *symbol_value(Infer *infer, Symbol *symbol)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_VARIABLE:
        return cell_read(infer, symbol_cell(infer, symbol));
    case SYMBOL_FUNCTION:
        if (symbol->is_reassigned) return cell_read(infer, symbol_cell(infer, symbol));
        return function_value(infer, symbol->function);
    case SYMBOL_CLASS:
        class_escapes(infer, symbol->cls);
        return symbol->is_session ? infer->types.any : infer_kind(infer, TB_CLASS);
    case SYMBOL_OVERLOADS:
        if (symbol->overloads.items[0]->kind != SYMBOL_FUNCTION) // a constant or an error class
            return symbol_value(infer, symbol->overloads.items[0]);
        if (symbol->overloads.count == 1)
            return function_value(infer, symbol->overloads.items[0]->function);
        overloads_escape(infer, symbol);
        return infer_kind(infer, TB_FUNCTION);
    case SYMBOL_CONSTANT:
        return infer_walk(infer, symbol->node->as.assign.value);
    case SYMBOL_TYPE:
        return infer_kind(infer, TB_CLASS);
    case SYMBOL_MODULE:
        module_escapes(infer, symbol->target);
        return infer_kind(infer, TB_MODULE);
    case SYMBOL_UNKNOWN:
        return infer->types.any;
    }
    return infer->types.any;
}

static Type *walk_name(Infer *infer, const Node *node)
{
    Symbol *symbol = node->as.name.symbol;
    if (!symbol) return infer->types.any;
    Type *type = symbol_value(infer, symbol);
    return infer->narrowed.count ? narrowed_type(infer, symbol, type) : type;
}

// `d.key`
static Type *dict_member(Infer *infer, const Type *object, const Symbol *library)
{
    Type *type = element_of(infer, object);
    return library ? infer_join(infer, type, infer_kind(infer, TB_FUNCTION)) : type;
}

static Type *walk_member(Infer *infer, Node *node)
{
    Name *name = node->as.member.name;
    if (node->as.member.is_module_member && node->as.member.symbol)
        return symbol_value(infer, node->as.member.symbol);
    if (is_super(node->as.member.object)) {
        methods_named(infer, name, true, NULL);
        return infer->types.any;
    }
    Type *object = infer_walk(infer, node->as.member.object);
    if (!object->kinds) return object;
    Symbol *library = resolve_method_name(infer->compiler, name);
    const KindSet known = KIND_BIT(TB_INSTANCE) | KIND_BIT(TB_NONE);
    Field *field = !(object->kinds & ~known) && object->cls ? class_field(object->cls, name) : NULL;
    if (field) return cell_read(infer, &field->cell);
    if (type_is(object, TB_DICT) && !library) return dict_member(infer, object, library);
    // So far it is None, which has no members; more may become known of it later.
    if (type_is(object, TB_NONE)) return infer->types.never;
    methods_named(infer, name, true, NULL);
    if (library) type_open(infer, symbol_value(infer, library));
    type_open(infer, object); // the function is called with it first
    type_open(infer, element_of(infer, object));
    return infer->types.any;
}

// `xs[2]`: its own type if the length is known.
static Type *literal_item(Infer *infer, const Type *object, const Node *index)
{
    int64_t place;
    const KindSet placed = KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) | KIND_BIT(TB_NONE);
    if (!object->shape || (object->kinds & ~placed) || !is_literal_index(index, &place))
        return NULL;
    const Shape *shape = shape_find(object->shape);
    if (place >= shape->place_count || place < -shape->place_count) return NULL;
    return cell_read(infer, shape_place(infer, object->shape, (int)place));
}

static Type *slice_type(Infer *infer, const Node *node, Type *object)
{
    const KindSet flat = KIND_BIT(TB_STRING) | KIND_BIT(TB_BYTES) | KIND_BIT(TB_RANGE);
    const KindSet shaped = KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE);
    if (object->kinds & ~(flat | shaped | KIND_BIT(TB_NONE))) return infer->types.any;
    Type *type = type_only(&infer->types, object, flat);
    if (!(object->kinds & shaped)) return type;
    return infer_join(infer, type,
                      made_at(infer, node, object->kinds & shaped, element_of(infer, object)));
}

static Type *walk_index(Infer *infer, Node *node)
{
    Type *object = infer_walk(infer, node->as.index.object);
    Type *index = infer_walk(infer, node->as.index.index);
    if (object->kinds & KINDS_OBJECT) type_open(infer, index); // for `get_item`
    if (node->as.index.index->kind == NODE_SLICE) return slice_type(infer, node, object);
    const KindSet flat = KIND_BIT(TB_STRING) | KIND_BIT(TB_BYTES) | KIND_BIT(TB_RANGE);
    const KindSet shaped = KIND_BIT(TB_LIST) | KIND_BIT(TB_TUPLE) | KIND_BIT(TB_DICT);
    if (object->kinds & ~(flat | shaped | KIND_BIT(TB_NONE))) return infer->types.any;
    Type *item = literal_item(infer, object, node->as.index.index);
    if (item) return item;
    item = item_type(infer, type_only(&infer->types, object, flat));
    return object->kinds & shaped ? infer_join(infer, item, element_of(infer, object)) : item;
}

// Comparing calls `equals` or `compare` of an instance with the other side.
static void open_compared(Infer *infer, const Type *left, const Type *right, int depth)
{
    if (!((left->kinds | right->kinds) & (KINDS_SHAPED | KINDS_OBJECT)) || depth > 3) return;
    if (left->kinds & KIND_BIT(TB_INSTANCE)) type_open(infer, right);
    if (right->kinds & KIND_BIT(TB_INSTANCE)) type_open(infer, left);
    if ((left->kinds & KINDS_SHAPED) && (right->kinds & KINDS_SHAPED))
        open_compared(infer, element_of(infer, left), element_of(infer, right), depth + 1);
}

static Type *walk_compare(Infer *infer, Node *node)
{
    Type *left = infer_walk(infer, node->as.compare.first);
    for (Node *item = node->as.compare.rest.first; item; item = item->next) {
        Type *right = infer_walk(infer, item->as.unary.operand);
        open_compared(infer, left, right, 0);
        open_compared(infer, left, element_of(infer, right), 0); // `in`
        if (infer->reporting)
            infer_warn_compare(infer->compiler, infer->function->module->source, node, item, left,
                               right);
        left = right;
    }
    return infer_kind(infer, TB_BOOL);
}

// A list, tuple or set written down.
static Type *walk_sequence(Infer *infer, Node *node, tb_kind kind)
{
    Shape *shape = site_shape(infer, node);
    bool is_plain = kind != TB_SET;
    for (Node *item = node->as.list.first; item; item = item->next) {
        infer_walk(infer, item);
        is_plain &= item->kind != NODE_SPREAD;
    }
    if (is_plain) shape_set_places(infer, shape, node->as.list.count);
    int index = 0;
    for (const Node *item = node->as.list.first; item; item = item->next, index++) {
        Type *type =
            item->kind == NODE_SPREAD ? item_type(infer, item->as.unary.operand->type) : item->type;
        cell_join(infer, is_plain ? shape_place(infer, shape, index) : shape_item(infer, shape),
                  type);
    }
    return type_shaped(&infer->types, KIND_BIT(kind), NULL, shape);
}

static Type *walk_dict(Infer *infer, Node *node)
{
    Shape *shape = site_shape(infer, node);
    for (Node *pair = node->as.list.first; pair; pair = pair->next) {
        infer_walk(infer, pair);
        bool is_pair = pair->kind == NODE_PAIR;
        Type *other = is_pair ? NULL : pair->as.unary.operand->type;
        bool is_unknown = other && (other->kinds & ~KIND_BIT(TB_DICT));
        Type *key = is_pair ? pair->as.pair.key->type : key_of(infer, other);
        Type *value = is_pair ? pair->as.pair.value->type : element_of(infer, other);
        if (is_unknown) type_open(infer, other);
        cell_join(infer, shape_key(infer, shape), is_unknown ? infer->types.any : key);
        cell_join(infer, shape_item(infer, shape), is_unknown ? infer->types.any : value);
    }
    return type_shaped(&infer->types, KIND_BIT(TB_DICT), NULL, shape);
}

static Type *walk_comprehension(Infer *infer, Node *node)
{
    for (Node *clause = node->as.comprehension.clauses.first; clause; clause = clause->next) {
        infer_walk(infer, clause->as.clause.condition);
        if (clause->kind == NODE_CLAUSE_FOR)
            assign_turn(infer, clause->as.clause.target, clause->as.clause.condition);
    }
    Type *element = infer_walk(infer, node->as.comprehension.element);
    if (node->as.comprehension.kind != NODE_DICT) {
        bool is_set = node->as.comprehension.kind == NODE_SET;
        return made_at(infer, node, KIND_BIT(is_set ? TB_SET : TB_LIST), element);
    }
    cell_join(infer, shape_key(infer, site_shape(infer, node)), element);
    return made_at(infer, node, KIND_BIT(TB_DICT), infer_walk(infer, node->as.comprehension.value));
}

static Type *walk_unary(Infer *infer, Node *node)
{
    Type *type = infer_walk(infer, node->as.unary.operand);
    if (node->op == TOK_NOT) return infer_kind(infer, TB_BOOL);
    if (node->op != TOK_MINUS || !(type->kinds & KINDS_OBJECT))
        return infer_unary(&infer->types, node->op, type);
    Type *called = object_operator(infer, "neg", type, NULL);
    Type *others = type_only(&infer->types, type, ~KIND_BIT(TB_INSTANCE));
    return infer_join(infer, called, infer_unary(&infer->types, node->op, others));
}

static Type *walk_binary(Infer *infer, Node *node)
{
    Type *left = infer_walk(infer, node->as.binary.left);
    Type *right = infer_walk(infer, node->as.binary.right);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, left, right);
    return operator_type(infer, node, (TokenKind)node->op, left, node->as.binary.right);
}

// Walks [node], which is reached only where the condition [holds], or does not.
static Type *walk_where(Infer *infer, const Node *condition, bool holds, Node *node)
{
    int former = infer->narrowed.count;
    narrow_by(infer, condition, holds, node);
    Type *type = infer_walk(infer, node);
    infer->narrowed.count = former;
    return type;
}

static Type *walk_conditional(Infer *infer, Node *node)
{
    const Node *condition = node->as.conditional.condition;
    infer_walk(infer, node->as.conditional.condition);
    Type *type = walk_where(infer, condition, true, node->as.conditional.then);
    Node *otherwise = node->as.conditional.otherwise;
    Type *other =
        otherwise ? walk_where(infer, condition, false, otherwise) : infer_kind(infer, TB_NONE);
    return infer_join(infer, type, other);
}

static Type *walk_function(Infer *infer, Node *node)
{
    FunctionInfo *function = node->as.function.info;
    if (node->flags & NODE_IS_STATEMENT) {
        Symbol *symbol = function->symbol;
        if (symbol && symbol->is_reassigned)
            cell_join(infer, symbol_cell(infer, symbol), function_value(infer, function));
        return infer_kind(infer, TB_NONE);
    }
    return function_value(infer, function);
}

// ---------------------------------------------------------------------------------- statements

static Type *walk_block(Infer *infer, Node *block)
{
    Type *type = infer_kind(infer, TB_NONE);
    int former = infer->narrowed.count, settled = infer->narrow_settled;
    for (Node *statement = block->as.list.first; statement; statement = statement->next) {
        if (infer->narrowed.count > settled) narrow_enter(infer, statement);
        infer->narrow_settled = infer->narrowed.count;
        type = infer_walk(infer, statement);
        infer->narrow_settled = settled;
        narrow_leave(infer, statement);
        if (!infer_has_value(statement))
            type = infer_never_ends(statement) ? infer->types.never : infer_kind(infer, TB_NONE);
    }
    infer->narrowed.count = former;
    return type;
}

// What is no block, whose statements are entered one by one.
static void enter_part(Infer *infer, const Node *node)
{
    if (infer->narrowed.count && node->kind != NODE_BLOCK) narrow_enter(infer, node);
}

static Type *walk_if(Infer *infer, Node *node)
{
    Type *type = infer->types.never;
    int former = infer->narrowed.count;
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next) {
        const Node *condition = arm->as.arm.condition;
        enter_part(infer, condition);
        infer_walk(infer, arm->as.arm.condition);
        enter_part(infer, arm->as.arm.body);
        type = infer_join(infer, type, walk_where(infer, condition, true, arm->as.arm.body));
        narrow_by(infer, condition, false, arm->next ? NULL : node->as.branch.otherwise);
    }
    Node *otherwise = node->as.branch.otherwise;
    if (otherwise) enter_part(infer, otherwise);
    Type *other = otherwise ? infer_walk(infer, otherwise) : infer_kind(infer, TB_NONE);
    infer->narrowed.count = former;
    return infer_join(infer, type, other);
}

static Type *walk_try(Infer *infer, Node *node)
{
    Type *type = infer_walk(infer, node->as.try_.body);
    for (Node *handler = node->as.try_.catches.first; handler; handler = handler->next) {
        Type *caught = infer_annotation(infer->compiler, handler->as.catch_.type);
        Symbol *symbol = handler->as.catch_.symbol;
        if (symbol)
            cell_join(infer, symbol_cell(infer, symbol), caught ? caught : infer->types.any);
        type = infer_join(infer, type, infer_walk(infer, handler->as.catch_.body));
    }
    if (node->as.try_.finally) infer_walk(infer, node->as.try_.finally);
    return type;
}

static void walk_for(Infer *infer, Node *node)
{
    infer_walk(infer, node->as.loop.condition);
    assign_turn(infer, node->as.loop.target, node->as.loop.condition);
    infer_walk(infer, node->as.loop.body);
}

static void walk_return(Infer *infer, Node *node)
{
    Node *operand = node->as.unary.operand;
    Type *type = operand ? infer_walk(infer, operand) : infer_kind(infer, TB_NONE);
    FunctionFacts *facts = function_facts(infer, infer->function);
    cell_join(infer, &facts->result, type);
    if (operand && infer->function->node)
        check_annotation(infer, infer->function->node->as.function.result, type, operand,
                         "the result");
}

static void walk_class(Infer *infer, Node *node)
{
    ClassInfo *cls = node->as.class_.info;
    class_ready(infer, cls);
    if (cls->base_variable) infer_walk(infer, cls->node->as.class_.base);
    if (cls->is_closure || cls->symbol->is_session)
        class_escapes(infer, cls); // its variable holds it
    for (Node *item = node->as.class_.body.first; item; item = item->next)
        if (item->kind == NODE_LET && item->as.assign.value)
            infer_walk(infer, item->as.assign.value);
}

static void walk_with(Infer *infer, Node *node)
{
    Type *type = infer_walk(infer, node->as.with.value);
    if (node->as.with.target) assign(infer, node->as.with.target, type, NULL);
    static const char *const closers[] = {"close", "exit", "release"};
    for (size_t i = 0; i < 3; i++)
        method_escapes(infer, closers[i]);
    infer_walk(infer, node->as.with.body);
}

void infer_walk_list(Infer *infer, const NodeList *list)
{
    for (Node *node = list->first; node; node = node->next)
        infer_walk(infer, node);
}

static void reach_module(Infer *infer, const Symbol *symbol)
{
    if (symbol && symbol->kind == SYMBOL_MODULE && symbol->target && symbol->target->top)
        reach_function(infer, symbol->target->top);
    // At the prompt later entries have the module as a value, and only that.
    if (infer->compiler->options.is_repl && symbol && symbol->kind <= SYMBOL_MODULE)
        type_open(infer, symbol_value(infer, (Symbol *)(uintptr_t)symbol));
}

static void walk_import(Infer *infer, Node *node)
{
    reach_module(infer, node->as.import.symbol);
    for (Node *item = node->as.import.items.first; item; item = item->next)
        reach_module(infer, item->as.import.symbol);
}

// A list that loses an item loses its places.
static void walk_del(Infer *infer, Node *node)
{
    for (Node *item = node->as.list.first; item; item = item->next) {
        infer_walk(infer, item);
        const Type *object = item->kind == NODE_INDEX ? item->as.index.object->type : NULL;
        if (object && (object->kinds & KINDS_SHAPED) && object->shape)
            shape_item(infer, object->shape);
    }
}

static Type *walk_statement(Infer *infer, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
        assign_node(infer, node);
        break;
    case NODE_AUGMENT:
        walk_augment(infer, node);
        break;
    case NODE_DEL:
        walk_del(infer, node);
        break;
    case NODE_WHILE:
        infer_walk(infer, node->as.loop.condition);
        walk_where(infer, node->as.loop.condition, true, node->as.loop.body);
        break;
    case NODE_FOR:
        walk_for(infer, node);
        break;
    case NODE_WITH:
        walk_with(infer, node);
        break;
    case NODE_RETURN:
        walk_return(infer, node);
        break;
    case NODE_THROW:
        if (node->as.unary.operand) type_open(infer, infer_walk(infer, node->as.unary.operand));
        break;
    case NODE_ASSERT:
        infer_walk(infer, node->as.pair.key);
        if (node->as.pair.value) infer_walk(infer, node->as.pair.value);
        break;
    case NODE_CLASS:
        walk_class(infer, node);
        break;
    case NODE_IMPORT:
    case NODE_FROM:
        walk_import(infer, node);
        break;
    default:
        break;
    }
    return infer_kind(infer, TB_NONE);
}

static Type *walk_expression(Infer *infer, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_NONE:
        return infer_kind(infer, TB_NONE);
    case NODE_BOOL:
        return infer_kind(infer, TB_BOOL);
    case NODE_INT:
        return infer_kind(infer, TB_INT);
    case NODE_FLOAT:
        return infer_kind(infer, TB_FLOAT);
    case NODE_STRING:
        return infer_kind(infer, TB_STRING);
    case NODE_FSTRING:
        infer_walk_list(infer, &node->as.list);
        return infer_kind(infer, TB_STRING);
    case NODE_FORMAT:
        infer_walk(infer, node->as.format.value);
        if (node->as.format.spec) infer_walk(infer, node->as.format.spec);
        return infer_kind(infer, TB_STRING);
    case NODE_NAME:
        return walk_name(infer, node);
    case NODE_LIST:
        return walk_sequence(infer, node, TB_LIST);
    case NODE_TUPLE:
        return walk_sequence(infer, node, TB_TUPLE);
    case NODE_SET:
        return walk_sequence(infer, node, TB_SET);
    case NODE_DICT:
        return walk_dict(infer, node);
    case NODE_PAIR:
        infer_walk(infer, node->as.pair.key);
        infer_walk(infer, node->as.pair.value);
        return infer->types.any;
    case NODE_SPREAD:
        infer_walk(infer, node->as.unary.operand);
        return infer->types.any;
    case NODE_LABELLED:
        return infer_walk(infer, node->as.labelled.value);
    case NODE_COMPREHENSION:
        return walk_comprehension(infer, node);
    case NODE_UNARY:
        return walk_unary(infer, node);
    case NODE_BINARY:
        return walk_binary(infer, node);
    case NODE_LOGICAL: {
        Type *left = infer_walk(infer, node->as.binary.left);
        return infer_join(
            infer, left,
            walk_where(infer, node->as.binary.left, node->op == TOK_AND, node->as.binary.right));
    }
    case NODE_COMPARE:
        return walk_compare(infer, node);
    case NODE_CONDITIONAL:
        return walk_conditional(infer, node);
    case NODE_CALL:
        return walk_call(infer, node);
    case NODE_INDEX:
        return walk_index(infer, node);
    case NODE_SLICE:
        if (node->as.slice.from) infer_walk(infer, node->as.slice.from);
        if (node->as.slice.to) infer_walk(infer, node->as.slice.to);
        if (node->as.slice.step) infer_walk(infer, node->as.slice.step);
        return infer->types.any;
    case NODE_MEMBER:
        return walk_member(infer, node);
    case NODE_FUNCTION:
        return walk_function(infer, node);
    case NODE_BLOCK:
        return walk_block(infer, node);
    case NODE_IF:
        return walk_if(infer, node);
    case NODE_MATCH:
        return walk_match(infer, node);
    case NODE_TRY:
        return walk_try(infer, node);
    default:
        return walk_statement(infer, node);
    }
}

Type *infer_walk(Infer *infer, Node *node)
{
    Type *type = walk_expression(infer, node);
    if (node->kind != NODE_NAME || !node->type || type->kinds) node->type = type;
    return type;
}
