// Statements: assignment in all its forms, branches, and bodies with a value.
#include "lower_state.h"

// ---------------------------------------------------------------------------------------
// assignment

static void assign_slice(Lower *lower, Node *target, IrOperand value)
{
    Node *slice = target->as.index.index;
    IrOperand parts[5] = {lower_value(lower, target->as.index.object)};
    Node *nodes[] = {slice->as.slice.from, slice->as.slice.to, slice->as.slice.step};
    for (int i = 0; i < 3; i++)
        parts[i + 1] = nodes[i] ? lower_value(lower, nodes[i]) : operand_none();
    parts[4] = value;
    lower_routine(lower, &routine_SET_SLICE, target->span, 5, parts);
}

static void assign_field(Lower *lower, Node *target, IrOperand object, const Type *type,
                         IrOperand value)
{
    Field *field = lower_known_field(type, target->as.member.name);
    if (!field) {
        LOWER_ROUTINE(lower, SET_ATTR, target->span, object,
                      operand_name(lower, target->as.member.name),
                      lower_boxed(lower, value, target->span));
        return;
    }
    bool is_raw = infer_field_is_raw(lower->compiler, type->cls, field);
    lower_refuse_none(lower, object, type, target->as.member.name, &value, target->span);
    value = lower_convert(lower, value, is_raw ? REPR_FLOAT : REPR_VALUE, target->span);
    IrOp *op = lower_op(lower, IR_FIELD_SET, target->span, NULL, 2);
    op->args[0] = object;
    op->args[1] = value;
    op->as.index = field->index;
}

// Unpacks [value] into several targets; one of them may be `...rest`.
static void assign_parts(Lower *lower, Node *target, IrOperand value, bool makes)
{
    int count = target->as.list.count, before = -1, at = 0;
    for (Node *item = target->as.list.first; item; item = item->next, at++)
        if (item->kind == NODE_SPREAD) before = at;
    IrVar *parts = lower_temp(lower, REPR_ARRAY);
    parts->length = count;
    value = lower_boxed(lower, value, target->span);
    if (before < 0)
        LOWER_ROUTINE(lower, UNPACK, target->span, value, operand_int(count), operand_var(parts));
    else
        LOWER_ROUTINE(lower, UNPACK_REST, target->span, value, operand_int(before),
                      operand_int(count - before - 1), operand_var(parts));
    at = 0;
    for (Node *item = target->as.list.first; item; item = item->next, at++) {
        IrVar *part = lower_temp(lower, REPR_VALUE);
        IrOp *op = lower_op(lower, IR_ELEMENT, item->span, part, 1);
        op->args[0] = operand_var(parts);
        op->as.index = at;
        Node *to = item->kind == NODE_SPREAD ? item->as.unary.operand : item;
        lower_assign(lower, to, operand_var(part), NULL, makes, item->span);
    }
}

static Node *symbol_annotation(const Symbol *symbol)
{
    if (!symbol->node) return NULL;
    if (symbol->node->kind == NODE_PARAM && !symbol->node->as.param.is_rest)
        return symbol->node->as.param.annotation;
    if (symbol->node->kind == NODE_LET) return symbol->node->as.assign.annotation;
    return NULL;
}

void lower_assign(Lower *lower, Node *target, IrOperand value, const Node *from, bool makes,
                  Span span)
{
    switch ((NodeKind)target->kind) {
    case NODE_NAME: {
        Symbol *symbol = target->as.name.symbol;
        Node *annotation = symbol_annotation(symbol);
        if (annotation)
            value = lower_check_type(lower, value, from, annotation,
                                     arena_format(lower->arena, "`%s`", symbol->name->text), span);
        lower_write(lower, symbol, value, makes, span);
        break;
    }
    case NODE_TUPLE:
    case NODE_LIST:
        assign_parts(lower, target, value, makes);
        break;
    case NODE_MEMBER: {
        if (target->as.member.is_module_member && target->as.member.symbol) {
            lower_write(lower, target->as.member.symbol, value, false, span);
            break;
        }
        IrOperand object = lower_value(lower, target->as.member.object);
        assign_field(lower, target, object, target->as.member.object->type, value);
        break;
    }
    case NODE_INDEX: {
        if (target->as.index.index->kind == NODE_SLICE) {
            assign_slice(lower, target, lower_boxed(lower, value, span));
            break;
        }
        IrOperand object = lower_value(lower, target->as.index.object);
        lower_hold(lower, &object);
        IrOperand index = lower_value(lower, target->as.index.index);
        lower_release(lower, 1);
        lower_set_item(lower, target, object, index, value, span);
        break;
    }
    default:
        break;
    }
}

// Whether [var] still has its value when target number [at] of a parallel assignment gets it.
static bool is_kept_until(Lower *lower, const IrVar *var, const Node *target, int at)
{
    for (const Node *item = target->as.list.first; at >= 0; item = item->next, at--) {
        if (item->kind != NODE_NAME) return false; // it may have expressions that assign
        if (at > 0 && map_get(&lower->storage, item->as.name.symbol) == var) return false;
    }
    return true;
}

// `a, b = b, a`: no tuple is made.
static void assign_parallel(Lower *lower, Node *target, Node *value, bool makes)
{
    int count = value->as.list.count, at = 0;
    IrOperand *parts = ARENA_ARRAY(lower->arena, IrOperand, count);
    for (Node *item = value->as.list.first; item; item = item->next, at++) {
        IrOperand part = lower_expr(lower, item);
        bool is_named = part.kind == OPERAND_VAR && part.as.var->name;
        if (is_named && !is_kept_until(lower, part.as.var, target, at)) {
            IrVar *copy = lower_temp(lower, part.as.var->repr);
            lower_move(lower, copy, part, item->span);
            part = operand_var(copy);
        }
        parts[at] = part;
        lower_hold(lower, &parts[at]);
    }
    lower_release(lower, count);
    Node *part = value->as.list.first;
    at = 0;
    for (Node *item = target->as.list.first; item; item = item->next, part = part->next)
        lower_assign(lower, item, parts[at++], part, makes, item->span);
}

static bool is_parallel(const Node *target, const Node *value)
{
    if (!value || target->kind != NODE_TUPLE || value->kind != NODE_TUPLE) return false;
    if (target->as.list.count != value->as.list.count) return false;
    for (const Node *item = value->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD) return false;
    for (const Node *item = target->as.list.first; item; item = item->next)
        if (item->kind == NODE_SPREAD) return false;
    return true;
}

static void lower_assignment(Lower *lower, Node *node)
{
    Node *target = node->as.assign.target;
    Node *value = node->as.assign.value;
    bool makes = node->kind == NODE_LET;
    if (is_parallel(target, value)) {
        assign_parallel(lower, target, value, makes);
        return;
    }
    if (!value && node->as.assign.annotation) { // declared, without a value yet
        lower_write(lower, target->as.name.symbol, operand_none(), makes, node->span);
        return;
    }
    // A function in the initialiser may see the new variable: its cell must be there before.
    if (makes && value && value->kind == NODE_FUNCTION && target->kind == NODE_NAME &&
        target->as.name.symbol->needs_cell) {
        lower_write(lower, target->as.name.symbol, operand_missing(), true, node->span);
        makes = false;
    }
    IrOperand operand = value ? lower_expr(lower, value) : operand_none();
    lower_assign(lower, target, operand, value, makes, value ? value->span : node->span);
}

// ---- augmented assignment: the place is evaluated once

static IrOperand augmented(Lower *lower, Node *node, IrOperand old, const Type *old_type)
{
    TokenKind op = infer_plain_operator(node->op);
    Node *value = node->as.assign.value;
    lower_hold(lower, &old);
    IrOperand operand = lower_expr(lower, value), result;
    lower_release(lower, 1);
    if (lower_operator_call(lower, infer_operator_method(op), old_type, old, value, operand,
                            node->span, &result))
        return result;
    const IrRoutine *in_place = op == TOK_PLUS    ? &routine_ADD_ASSIGN
                                : op == TOK_MINUS ? &routine_SUB_ASSIGN
                                : op == TOK_STAR  ? &routine_MUL_ASSIGN
                                : op == TOK_AMP   ? &routine_BIT_AND_ASSIGN
                                : op == TOK_PIPE  ? &routine_BIT_OR_ASSIGN
                                : op == TOK_CARET ? &routine_BIT_XOR_ASSIGN
                                                  : NULL;
    const KindSet changing = KIND_BIT(TB_LIST) | KIND_BIT(TB_SET) | KIND_BIT(TB_DICT);
    if (in_place && ir_operand_repr(old) == REPR_VALUE && (old_type->kinds & changing)) {
        IrOperand args[] = {old, lower_boxed(lower, operand, value->span)};
        return lower_routine(lower, in_place, node->span, 2, args);
    }
    return lower_binary_op(lower, op, old, operand, old_type, value->type, node->span);
}

static void augment_member(Lower *lower, Node *node, Node *target)
{
    IrOperand object = lower_value(lower, target->as.member.object);
    const Type *type = target->as.member.object->type;
    Field *field = lower_known_field(type, target->as.member.name);
    IrOperand name = operand_name(lower, target->as.member.name);
    IrOperand old;
    lower_hold(lower, &object);
    if (field) {
        lower_refuse_none(lower, object, type, target->as.member.name, NULL, target->span);
        old = lower_field(lower, type->cls, field, object, target->span);
    } else {
        old = LOWER_ROUTINE(lower, GET_ATTR, target->span, object, name);
    }
    IrOperand value = augmented(lower, node, old, target->type);
    lower_release(lower, 1);
    assign_field(lower, target, object, type, value);
}

static void augment_index(Lower *lower, Node *node, Node *target)
{
    IrOperand object = lower_value(lower, target->as.index.object);
    lower_hold(lower, &object);
    if (target->as.index.index->kind == NODE_SLICE) {
        lower_release(lower, 1);
        IrOperand old = lower_expr(lower, target);
        assign_slice(lower, target,
                     lower_boxed(lower, augmented(lower, node, old, target->type), node->span));
        return;
    }
    IrOperand index = lower_value(lower, target->as.index.index);
    lower_hold(lower, &index);
    IrOperand old = lower_get_item(lower, target, object, index);
    IrOperand value = augmented(lower, node, old, target->type);
    lower_release(lower, 2);
    lower_set_item(lower, target, object, index, value, node->span);
}

static void lower_augment(Lower *lower, Node *node)
{
    Node *target = node->as.assign.target;
    if (target->kind == NODE_INDEX) {
        augment_index(lower, node, target);
    } else if (target->kind == NODE_MEMBER && !target->as.member.is_module_member) {
        augment_member(lower, node, target);
    } else {
        IrOperand old = lower_expr(lower, target);
        const Type *old_type = target->type ? target->type : infer_types(lower->compiler)->any;
        IrOperand value = augmented(lower, node, old, old_type);
        lower_assign(lower, target, value, NULL, false, node->span);
    }
}

// ------------------------------------------------------------------------------------ small
// statements

static void lower_del(Lower *lower, Node *node)
{
    for (Node *item = node->as.list.first; item; item = item->next) {
        if (item->kind == NODE_MEMBER) {
            LOWER_ROUTINE(lower, DEL_ATTR, item->span, lower_value(lower, item->as.member.object),
                          operand_name(lower, item->as.member.name));
            continue;
        }
        if (item->kind != NODE_INDEX) continue;
        IrOperand parts[4] = {lower_value(lower, item->as.index.object)};
        Node *index = item->as.index.index;
        if (index->kind != NODE_SLICE) {
            parts[1] = lower_value(lower, index);
            lower_routine(lower, &routine_DEL_ITEM, item->span, 2, parts);
            continue;
        }
        Node *nodes[] = {index->as.slice.from, index->as.slice.to, index->as.slice.step};
        for (int i = 0; i < 3; i++)
            parts[i + 1] = nodes[i] ? lower_value(lower, nodes[i]) : operand_none();
        lower_routine(lower, &routine_DEL_SLICE, item->span, 4, parts);
    }
}

static void lower_assert(Lower *lower, Node *node)
{
    IrOp *branch = lower_if(lower, lower_condition(lower, node->as.pair.key), node->span);
    IrBlock *former = lower_enter(lower, branch->other);
    IrOperand message =
        node->as.pair.value ? lower_value(lower, node->as.pair.value) : operand_missing();
    LOWER_ROUTINE(lower, RAISE_ASSERTION, node->span, message);
    lower_enter(lower, former);
}

static void lower_def(Lower *lower, Node *node)
{
    Symbol *symbol = node->as.function.info->symbol;
    if (!symbol || !infer_is_reached(node->as.function.info)) return;
    bool is_plain = !symbol->is_reassigned && !node->as.function.info->captures.count;
    if (is_plain || (symbol->is_hoisted && !symbol->is_reassigned)) return;
    lower_write(lower, symbol, lower_closure(lower, node->as.function.info, node->span), true,
                node->span);
}

static void run_module(Lower *lower, struct Module *module, Span span)
{
    if (!module || module->is_library || !module->top || module->is_main) return;
    IrFunction *top = lower_module_top(lower, module);
    lower_op(lower, IR_CALL, span, NULL, 0)->as.callee = top;
}

// A variable of the prompt's session.
static Symbol *prompt_variable(Lower *lower, Name *name)
{
    Symbol *variable = ARENA_NEW(lower->arena, Symbol);
    *variable = (Symbol){.kind = SYMBOL_VARIABLE, .is_global = true, .is_session = true};
    variable->name = name;
    variable->module = lower->module;
    return variable;
}

// At the prompt later entries know what was imported as a value, in the session's variable.
static void keep_import(Lower *lower, Name *name, Symbol *symbol, Node *node)
{
    if (!symbol || symbol->kind == SYMBOL_UNKNOWN) return;
    if (symbol->kind == SYMBOL_MODULE && symbol->target->is_library) return;
    IrOperand value = lower_boxed(lower, lower_symbol_value(lower, symbol, node), node->span);
    lower_write(lower, prompt_variable(lower, name), value, true, node->span);
}

// `import geo.shapes`: the name is that of the folder, which holds what was imported from it.
static void keep_folder(Lower *lower, Node *node)
{
    const Node *part = node->as.import.path.first;
    const char *path = part->next->as.name.name->text;
    for (const Node *next = part->next->next; next; next = next->next)
        path = arena_format(lower->arena, "%s.%s", path, next->as.name.name->text);
    Symbol *folder = prompt_variable(lower, part->as.name.name);
    IrOperand former = lower_read(lower, folder, node);
    IrOperand module = lower_symbol_value(lower, node->as.import.symbol, node);
    IrOperand held = LOWER_ROUTINE(lower, FOLDER_ADD, node->span, former,
                                   operand_text(lower, path, strlen(path)), module);
    lower_write(lower, folder, held, true, node->span);
}

static void keep_imports(Lower *lower, Node *node)
{
    bool is_prompt = lower->compiler->options.is_repl && lower->module->is_main;
    if (!is_prompt) return;
    bool is_folder = node->kind == NODE_IMPORT && node->as.import.symbol &&
                     node->as.import.path.count > 1 && !node->as.import.alias;
    if (is_folder) {
        keep_folder(lower, node);
        return;
    }
    if (node->kind == NODE_IMPORT) {
        Name *name =
            node->as.import.alias ? node->as.import.alias : node->as.import.path.last->as.name.name;
        keep_import(lower, name, node->as.import.symbol, node);
    }
    for (Node *item = node->as.import.items.first; item; item = item->next) {
        Name *name = item->as.import.alias ? item->as.import.alias
                                           : item->as.import.path.first->as.name.name;
        keep_import(lower, name, item->as.import.symbol, item);
    }
}

static void lower_import(Lower *lower, Node *node)
{
    if (node->as.import.symbol) run_module(lower, node->as.import.symbol->target, node->span);
    for (Node *item = node->as.import.items.first; item; item = item->next) {
        const Symbol *symbol =
            item->as.import.symbol; // from geo import shapes, where geo is a folder
        if (symbol && symbol->kind == SYMBOL_MODULE) run_module(lower, symbol->target, node->span);
    }
    keep_imports(lower, node);
}

// --------------------------------------------------------------------------------------------
// branches

// Arms of `if`: each further condition is tested in the `else` of the one before; to keep the C
// flat whatever their number, a taken arm leaves the whole instead.
static void lower_branch(Lower *lower, Node *node, IrVar *dst)
{
    bool flat = node->as.branch.arms.count > 1;
    IrOp *whole = NULL;
    IrBlock *outside = lower->block;
    if (flat) {
        whole = lower_op(lower, IR_BLOCK, node->span, NULL, 0);
        whole->body = ir_block(lower->arena, outside);
        lower_enter(lower, whole->body);
    }
    IrOp *branch = NULL;
    for (Node *arm = node->as.branch.arms.first; arm; arm = arm->next) {
        branch = lower_if(lower, lower_condition(lower, arm->as.arm.condition), arm->span);
        IrBlock *former = lower_enter(lower, branch->body);
        lower_body_into(lower, arm->as.arm.body, dst);
        if (flat && (arm->next || node->as.branch.otherwise || dst))
            lower_jump(lower, IR_LEAVE, whole, arm->span);
        lower_enter(lower, former);
    }
    IrBlock *former = flat ? lower->block : lower_enter(lower, branch->other);
    if (node->as.branch.otherwise || dst) lower_body_into(lower, node->as.branch.otherwise, dst);
    lower_enter(lower, flat ? outside : former);
}

IrOperand lower_block_expr(Lower *lower, Node *node)
{
    IrVar *dst = lower_temp(lower, lower_repr_of(node->type));
    lower_body_into(lower, node, dst);
    return operand_var(dst);
}

// ----------------------------------------------------------------------------------------------
// bodies

// Whether the statement defines a function whose closure is made before, at the start of its block.
static bool is_hoisted(const Node *node)
{
    if (node->kind != NODE_FUNCTION || !(node->flags & NODE_IS_STATEMENT)) return false;
    const FunctionInfo *info = node->as.function.info;
    const Symbol *symbol = info->symbol;
    return symbol && symbol->is_hoisted && !symbol->is_reassigned && info->captures.count &&
           infer_is_reached(info);
}

// The cells of functions and classes that closures of the same turn of a loop keep.
static void make_fresh_cell(Lower *lower, const Node *node)
{
    Symbol *symbol = NULL;
    if (node->kind == NODE_CLASS) symbol = node->as.class_.symbol;
    if (is_hoisted(node)) symbol = node->as.function.info->symbol;
    if (symbol && symbol->needs_cell && symbol->is_fresh)
        lower_write(lower, symbol, operand_missing(), true, node->span);
}

// Closures of functions that are used before their statement. They may keep each other.
static void make_hoisted(Lower *lower, const Node *block)
{
    for (const Node *node = block->as.list.first; node; node = node->next)
        make_fresh_cell(lower, node);
    for (const Node *node = block->as.list.first; node; node = node->next) {
        if (!is_hoisted(node)) continue;
        FunctionInfo *info = node->as.function.info;
        lower_write(lower, info->symbol, lower_closure(lower, info, node->span), false, node->span);
    }
}

void lower_block(Lower *lower, Node *block)
{
    if (block->kind != NODE_BLOCK) {
        lower_statement(lower, block);
        return;
    }
    make_hoisted(lower, block);
    for (Node *node = block->as.list.first; node; node = node->next)
        lower_statement(lower, node);
}

// A statement in the place of a value.
static void lower_last(Lower *lower, Node *node, IrVar *dst)
{
    switch ((NodeKind)node->kind) {
    case NODE_BLOCK:
        lower_body_into(lower, node, dst);
        return;
    case NODE_IF:
        lower_branch(lower, node, dst);
        return;
    case NODE_TRY:
        lower_try(lower, node, dst);
        return;
    case NODE_MATCH:
        lower_match_into(lower, node, dst);
        return;
    default:
        break;
    }
    if (infer_has_value(node)) {
        lower_move(lower, dst, lower_expr(lower, node), node->span);
        return;
    }
    lower_statement(lower, node);
    if (!infer_never_ends(node)) lower_move(lower, dst, operand_none(), node->span);
}

void lower_body_into(Lower *lower, Node *body, IrVar *dst)
{
    if (!dst) {
        if (body) lower_block(lower, body);
        return;
    }
    if (!body) {
        lower_move(lower, dst, operand_none(), (Span){0, 0});
        return;
    }
    if (body->kind != NODE_BLOCK) {
        lower_last(lower, body, dst);
        return;
    }
    make_hoisted(lower, body);
    Node *last = body->as.list.last;
    for (Node *node = body->as.list.first; node && node != last; node = node->next)
        lower_statement(lower, node);
    if (last)
        lower_last(lower, last, dst);
    else
        lower_move(lower, dst, operand_none(), body->span);
}

void lower_statement(Lower *lower, Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
        lower_assignment(lower, node);
        break;
    case NODE_AUGMENT:
        lower_augment(lower, node);
        break;
    case NODE_DEL:
        lower_del(lower, node);
        break;
    case NODE_BLOCK:
        lower_block(lower, node);
        break;
    case NODE_IF:
        lower_branch(lower, node, NULL);
        break;
    case NODE_MATCH:
        lower_match_into(lower, node, NULL);
        break;
    case NODE_TRY:
        lower_try(lower, node, NULL);
        break;
    case NODE_WHILE:
        lower_while(lower, node);
        break;
    case NODE_FOR:
        lower_for(lower, node);
        break;
    case NODE_WITH:
        lower_with(lower, node);
        break;
    case NODE_BREAK:
        lower_loop_exit(lower, true, node->span);
        break;
    case NODE_CONTINUE:
        lower_loop_exit(lower, false, node->span);
        break;
    case NODE_RETURN: {
        Node *operand = node->as.unary.operand;
        lower_return(lower, operand ? lower_expr(lower, operand) : operand_none(), operand,
                     node->span);
        break;
    }
    case NODE_THROW:
        lower_throw(lower, node);
        break;
    case NODE_ASSERT:
        lower_assert(lower, node);
        break;
    case NODE_CLASS:
        lower_class_statement(lower, node);
        break;
    case NODE_IMPORT:
    case NODE_FROM:
        lower_import(lower, node);
        break;
    case NODE_FUNCTION:
        if (node->flags & NODE_IS_STATEMENT) lower_def(lower, node);
        break;
    case NODE_PASS:
    case NODE_USE:
    case NODE_ERROR:
        break;
    default:
        lower_expr(lower, node);
        break;
    }
}
