// Where variables are declared. One whose first mention is a command that gives it a value, in a
// block around all its mentions, is declared by that command. Else a temporary is declared at the
// start of the innermost block around its mentions, and a user's variable, which may keep its value
// from turn to turn, at the start of the function.
#include "emit_state.h"

// Of two blocks of a function, the innermost that holds both.
static IrBlock *common_block(IrBlock *a, IrBlock *b)
{
    for (; a->depth > b->depth; a = a->parent)
        ;
    for (; b->depth > a->depth; b = b->parent)
        ;
    for (; a != b; b = b->parent)
        a = a->parent;
    return a;
}

static void note_use(IrVar *var, IrBlock *block)
{
    var->mention_count++;
    if (var->home != block) var->home = var->home ? common_block(var->home, block) : block;
}

static void find_homes(IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            if (op->args[i].kind == OPERAND_VAR) note_use(op->args[i].as.var, block);
        const IrExit *exit = ir_exit_of(op);
        for (int i = 0; exit && i < exit->count; i++)
            note_use(exit->fast[i].as.var, block);
        if (exit && exit->value.kind == OPERAND_VAR) exit->value.as.var->mention_count++;
        if (op->dst) note_use(op->dst, op->kind == IR_COUNT ? op->body : block);
        if (!ir_has_blocks(op)) continue;
        find_homes(op->body);
        if (op->other) find_homes(op->other);
    }
}

static void see_operands(const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR) op->args[i].as.var->is_seen = true;
    const IrExit *exit = ir_exit_of(op);
    for (int i = 0; exit && i < exit->count; i++)
        exit->fast[i].as.var->is_seen = true;
}

static void see_result(const IrOp *op, const IrBlock *place)
{
    if (!op->dst->is_seen && op->dst->home == place) op->dst->is_undeclared = true;
    op->dst->is_seen = true;
}

static void find_declarations(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        see_operands(op);
        if (op->dst) see_result(op, op->kind == IR_COUNT ? op->body : block);
        if (!ir_has_blocks(op)) continue;
        find_declarations(op->body);
        if (op->other) find_declarations(op->other);
    }
}

// Hands a variable that no command declares to the block that does. A block's variables are a ring,
// known by the last.
static void declare_at_start(IrVar *var, IrBlock *block)
{
    var->next_at_home = var;
    if (block->vars) {
        var->next_at_home = block->vars->next_at_home;
        block->vars->next_at_home = var;
    }
    block->vars = var;
}

static void place_vars(IrFunction *function)
{
    for (IrVar *var = function->vars; var; var = var->next)
        var->is_seen = var->is_param, var->mention_count = 0;
    find_homes(function->body);
    find_declarations(function->body);
    for (IrVar *var = function->vars; var; var = var->next)
        if (!var->is_param && !var->is_undeclared && var->home)
            declare_at_start(var, var->name ? function->body : var->home);
}

void emit_place_vars(Emit *emit, IrFunction *function)
{
    place_vars(function);
    for (IrVar *var = function->vars; var; var = var->next)
        if (var->name) var->name = cname_unique(&emit->locals, var->name);
}

static void forget_places(IrBlock *block)
{
    block->vars = NULL;
    for (const IrOp *op = block->first; op; op = op->next) {
        if (!ir_has_blocks(op)) continue;
        forget_places(op->body);
        if (op->other) forget_places(op->other);
    }
}

void emit_place_vars_again(IrFunction *function)
{
    forget_places(function->body);
    for (IrVar *var = function->vars; var; var = var->next) {
        var->home = NULL;
        var->is_undeclared = false;
    }
    place_vars(function);
}

static const char *initial_value(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE:
        return " = TB_NONE_VALUE";
    case REPR_FLOAT:
        return " = 0.0";
    case REPR_ITER:
    case REPR_ARRAY:
    case REPR_VIEW:
        return "";
    default:
        return " = 0";
    }
}

static void declare_var(Emit *emit, const IrVar *var)
{
    emit_indent(emit);
    text_add_string(&emit->text, emit_repr(var->repr));
    emit_var(emit, var);
    if (var->repr == REPR_ARRAY) emit_text(emit, "[%d]", var->length);
    emit_text(emit, "%s;\n", initial_value(var->repr));
    if (var->use_count) return;
    emit_indent(emit);
    text_add(&emit->text, "(void)", 6);
    emit_var(emit, var);
    text_add(&emit->text, ";\n", 2);
}

void emit_declare_vars(Emit *emit, const IrBlock *block)
{
    const IrVar *var = block->vars;
    if (!var) return;
    do {
        var = var->next_at_home;
        declare_var(emit, var);
    } while (var != block->vars);
}

void emit_var(Emit *emit, const IrVar *var)
{
    if (var->name) {
        text_add_string(&emit->text, var->name);
        return;
    }
    char *at = text_room(&emit->text, TEXT_DECIMAL_MAX + 2);
    *at++ = 't';
    at = text_put_decimal(at, (uint64_t)var->number);
    *at++ = '_';
    emit->text.size = (size_t)(at - emit->text.bytes);
}
