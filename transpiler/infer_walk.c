// The walk that gives every expression its type, from assignments and patterns to statements. It
// does not see flow: a variable has one type. Start at infer_walk, at the end.
#include "infer_state.h"

// ---------------------------------------------------------------------------------- assignment

// What one item of an iterable of this type is.
static Type *item_type(Infer *infer, Type *type)
{
    if (type_is(type, TB_RANGE) || type_is(type, TB_BYTES)) return infer_kind(infer, TB_INT);
    if (type_is(type, TB_STRING)) return infer_kind(infer, TB_STRING);
    return infer->types.any;
}

// A write to field [name] of an object of type [type].
static void assign_field(Infer *infer, Type *type, const Name *name, Type *value)
{
    if (!(type->kinds & KIND_BIT(TB_INSTANCE))) return;
    if (type->cls) {
        Field *field = class_field(type->cls, name);
        if (field) cell_join(infer, &field->cell, value);
    }
    for (int i = 0; i < infer->classes.count; i++) {
        ClassInfo *cls = infer->classes.items[i];
        if (type->cls && !class_is_below(cls, type->cls)) continue;
        Field *field = class_field(cls, name);
        if (field) cell_join(infer, &field->cell, value);
    }
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
        for (Node *item = target->as.list.first; item; item = item->next)
            assign(infer, item, infer->types.any, NULL);
        break;
    case NODE_SPREAD:
        assign(infer, target->as.unary.operand, infer_kind(infer, TB_LIST), NULL);
        break;
    case NODE_MEMBER:
        infer_walk(infer, target->as.member.object);
        assign_field(infer, target->as.member.object->type, target->as.member.name, type);
        break;
    case NODE_INDEX:
        infer_walk(infer, target->as.index.object);
        infer_walk(infer, target->as.index.index);
        break;
    default:
        break;
    }
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
    for (Node *item = target->as.list.first; item; item = item->next, part = part->next)
        assign(infer, item, part->kind == NODE_SPREAD ? infer->types.any : part->type, part);
}

static void walk_augment(Infer *infer, Node *node)
{
    Type *value = infer_walk(infer, node->as.assign.value);
    Type *old = infer_walk(infer, node->as.assign.target);
    Type *type = infer_binary(&infer->types, infer_plain_operator(node->op), old, value,
                              node->as.assign.value);
    assign(infer, node->as.assign.target, type, NULL);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, old, value);
}

// ------------------------------------------------------------------------------------ patterns

static void walk_pattern(Infer *infer, Node *pattern, Type *subject)
{
    switch ((NodeKind)pattern->kind) {
    case NODE_PATTERN_AS:
        walk_pattern(infer, pattern->as.labelled.value, subject);
        cell_join(infer, symbol_cell(infer, pattern->as.labelled.symbol), subject);
        break;
    case NODE_PATTERN_BIND:
        cell_join(infer, symbol_cell(infer, pattern->as.name.symbol), infer->types.any);
        break;
    case NODE_PATTERN_REST:
        if (pattern->as.name.symbol)
            cell_join(infer, symbol_cell(infer, pattern->as.name.symbol), infer->types.any);
        break;
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        for (Node *item = pattern->as.list.first; item; item = item->next)
            walk_pattern(infer, item, infer->types.any);
        break;
    default:
        infer_walk(infer, pattern->as.unary.operand);
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

static Type *walk_name(Infer *infer, const Node *node);

// A module becomes a value: its members can be asked for by name.
static void module_escapes(Infer *infer, struct Module *module)
{
    resolve_exports(infer->compiler, module);
    for (int i = 0; i < module->exports.count; i++) {
        Symbol *member = module->exports.items[i];
        if (member->kind == SYMBOL_MODULE) continue;
        walk_name(infer, &(Node){.kind = NODE_NAME, .as.name = {member->name, member}});
    }
}

static Type *walk_name(Infer *infer, const Node *node)
{
    Symbol *symbol = node->as.name.symbol;
    if (!symbol) return infer->types.any;
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_VARIABLE:
        return cell_read(infer, symbol_cell(infer, symbol));
    case SYMBOL_FUNCTION:
        function_escapes(infer, symbol->function);
        return symbol->is_reassigned ? cell_read(infer, symbol_cell(infer, symbol))
                                     : infer_kind(infer, TB_FUNCTION);
    case SYMBOL_CLASS:
        class_escapes(infer, symbol->cls);
        return symbol->is_session ? infer->types.any : infer_kind(infer, TB_CLASS);
    case SYMBOL_OVERLOADS:
        if (symbol->overloads.items[0]->kind != SYMBOL_FUNCTION) { // a constant or an error class
            Node name = {.kind = NODE_NAME, .as.name = {symbol->name, symbol->overloads.items[0]}};
            return walk_name(infer, &name);
        }
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

static Type *walk_member(Infer *infer, Node *node)
{
    if (node->as.member.is_module_member && node->as.member.symbol) {
        Node name = {.kind = NODE_NAME, .as.name = {node->as.member.name, node->as.member.symbol}};
        return walk_name(infer, &name);
    }
    if (is_super(node->as.member.object)) {
        methods_named(infer, node->as.member.name, true, NULL);
        return infer->types.any;
    }
    Type *object = infer_walk(infer, node->as.member.object);
    Field *field = type_is(object, TB_INSTANCE) && object->cls
                       ? class_field(object->cls, node->as.member.name)
                       : NULL;
    if (field) return cell_read(infer, &field->cell);
    methods_named(infer, node->as.member.name, true, NULL);
    Symbol *library = resolve_method_name(infer->compiler, node->as.member.name);
    if (library)
        walk_name(infer, &(Node){.kind = NODE_NAME, .as.name = {node->as.member.name, library}});
    return infer->types.any;
}

static Type *walk_index(Infer *infer, Node *node)
{
    Type *object = infer_walk(infer, node->as.index.object);
    Type *index = infer_walk(infer, node->as.index.index);
    bool slice = node->as.index.index->kind == NODE_SLICE;
    if (type_is(object, TB_STRING)) return object;
    if (slice &&
        (type_is(object, TB_LIST) || type_is(object, TB_TUPLE) || type_is(object, TB_BYTES)))
        return object;
    if (type_is(object, TB_BYTES)) return infer_kind(infer, TB_INT);
    (void)index;
    return infer->types.any;
}

static Type *walk_compare(Infer *infer, Node *node)
{
    Type *left = infer_walk(infer, node->as.compare.first);
    for (Node *item = node->as.compare.rest.first; item; item = item->next) {
        Type *right = infer_walk(infer, item->as.unary.operand);
        if (infer->reporting)
            infer_warn_compare(infer->compiler, infer->function->module->source, node, item, left,
                               right);
        left = right;
    }
    return infer_kind(infer, TB_BOOL);
}

static Type *walk_comprehension(Infer *infer, Node *node)
{
    for (Node *clause = node->as.comprehension.clauses.first; clause; clause = clause->next) {
        Type *type = infer_walk(infer, clause->as.clause.condition);
        if (clause->kind == NODE_CLAUSE_FOR)
            assign(infer, clause->as.clause.target, item_type(infer, type), NULL);
    }
    infer_walk(infer, node->as.comprehension.element);
    if (node->as.comprehension.value) infer_walk(infer, node->as.comprehension.value);
    switch (node->as.comprehension.kind) {
    case NODE_DICT:
        return infer_kind(infer, TB_DICT);
    case NODE_SET:
        return infer_kind(infer, TB_SET);
    default:
        return infer_kind(infer, TB_LIST);
    }
}

static Type *walk_unary(Infer *infer, Node *node)
{
    Type *type = infer_walk(infer, node->as.unary.operand);
    if (node->op == TOK_NOT) return infer_kind(infer, TB_BOOL);
    return infer_unary(&infer->types, node->op, type);
}

static Type *walk_binary(Infer *infer, Node *node)
{
    Type *left = infer_walk(infer, node->as.binary.left);
    Type *right = infer_walk(infer, node->as.binary.right);
    if (infer->reporting)
        infer_warn_binary(infer->compiler, infer->function->module->source, node, left, right);
    return infer_binary(&infer->types, (TokenKind)node->op, left, right, node->as.binary.right);
}

static Type *walk_conditional(Infer *infer, Node *node)
{
    infer_walk(infer, node->as.conditional.condition);
    Type *type = infer_walk(infer, node->as.conditional.then);
    Node *otherwise = node->as.conditional.otherwise;
    return infer_join(infer, type,
                      otherwise ? infer_walk(infer, otherwise) : infer_kind(infer, TB_NONE));
}

static Type *walk_function(Infer *infer, Node *node)
{
    FunctionInfo *function = node->as.function.info;
    if (node->flags & NODE_IS_STATEMENT) {
        Symbol *symbol = function->symbol;
        if (symbol && symbol->is_reassigned) {
            function_escapes(infer, function);
            cell_join(infer, symbol_cell(infer, symbol), infer_kind(infer, TB_FUNCTION));
        }
        return infer_kind(infer, TB_NONE);
    }
    function_escapes(infer, function);
    return infer_kind(infer, TB_FUNCTION);
}

// ---------------------------------------------------------------------------------- statements

static Type *walk_block(Infer *infer, Node *block)
{
    Type *type = infer_kind(infer, TB_NONE);
    for (Node *statement = block->as.list.first; statement; statement = statement->next) {
        type = infer_walk(infer, statement);
        if (!infer_has_value(statement))
            type = infer_never_ends(statement) ? infer->types.never : infer_kind(infer, TB_NONE);
    }
    return type;
}

static Type *walk_if(Infer *infer, Node *node)
{
    Type *type = infer->types.never;
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next) {
        infer_walk(infer, arm->as.arm.condition);
        type = infer_join(infer, type, infer_walk(infer, arm->as.arm.body));
    }
    Node *otherwise = node->as.branch.otherwise;
    return infer_join(infer, type,
                      otherwise ? infer_walk(infer, otherwise) : infer_kind(infer, TB_NONE));
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
    Type *type = infer_walk(infer, node->as.loop.condition);
    assign(infer, node->as.loop.target, item_type(infer, type), NULL);
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
        methods_named(infer, name_from(&infer->compiler->names, closers[i]), true, NULL);
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
        walk_name(infer, &(Node){.kind = NODE_NAME,
                                 .as.name = {symbol->name, (Symbol *)(uintptr_t)symbol}});
}

static void walk_import(Infer *infer, Node *node)
{
    reach_module(infer, node->as.import.symbol);
    for (Node *item = node->as.import.items.first; item; item = item->next)
        reach_module(infer, item->as.import.symbol);
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
        for (Node *item = node->as.list.first; item; item = item->next)
            infer_walk(infer, item);
        break;
    case NODE_WHILE:
        infer_walk(infer, node->as.loop.condition);
        infer_walk(infer, node->as.loop.body);
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
        if (node->as.unary.operand) infer_walk(infer, node->as.unary.operand);
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
        infer_walk_list(infer, &node->as.list);
        return infer_kind(infer, TB_LIST);
    case NODE_TUPLE:
        infer_walk_list(infer, &node->as.list);
        return infer_kind(infer, TB_TUPLE);
    case NODE_SET:
        infer_walk_list(infer, &node->as.list);
        return infer_kind(infer, TB_SET);
    case NODE_DICT:
        infer_walk_list(infer, &node->as.list);
        return infer_kind(infer, TB_DICT);
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
        return infer_join(infer, left, infer_walk(infer, node->as.binary.right));
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
