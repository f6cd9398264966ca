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
    if (var->home != block) var->home = var->home ? common_block(var->home, block) : block;
}

static void find_homes(IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            if (op->args[i].kind == OPERAND_VAR) note_use(op->args[i].as.var, block);
        if (op->dst) note_use(op->dst, op->kind == IR_COUNT ? op->body : block);
        if (op->body) find_homes(op->body);
        if (op->other) find_homes(op->other);
    }
}

static void see_operands(const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR) op->args[i].as.var->is_seen = true;
}

static void find_declarations(IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        see_operands(op);
        IrVar *dst = op->dst;
        if (dst && !dst->is_seen) {
            const IrBlock *place = op->kind == IR_COUNT ? op->body : block;
            if (dst->home == place) dst->declaration = op;
            dst->is_seen = true;
        }
        if (op->body) find_declarations(op->body);
        if (op->other) find_declarations(op->other);
    }
}

void emit_place_vars(Emit *emit, IrFunction *function)
{
    for (int i = 0; i < function->params.count; i++)
        function->params.items[i]->is_seen = true;
    find_homes(function->body);
    find_declarations(function->body);
    for (int i = function->vars.count; i-- > 0;) { // backwards, so that the lists come out in order
        IrVar *var = function->vars.items[i];
        if (var->is_param || var->declaration || !var->home) continue;
        IrBlock *block = var->name ? function->body : var->home;
        var->next = block->vars;
        block->vars = var;
    }
    for (int i = 0; i < function->vars.count; i++) {
        IrVar *var = function->vars.items[i];
        if (var->name) var->c_name = cname_unique(&emit->locals, var->name);
    }
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
        return "";
    default:
        return " = 0";
    }
}

void emit_declare_vars(Emit *emit, const IrBlock *block)
{
    for (const IrVar *var = block->vars; var; var = var->next) {
        emit_indent(emit);
        text_add_string(&emit->text, emit_repr(var->repr));
        emit_var(emit, var);
        if (var->repr == REPR_ARRAY) emit_text(emit, "[%d]", var->length);
        emit_text(emit, "%s;\n", initial_value(var->repr));
        if (var->use_count) continue;
        emit_indent(emit);
        text_add(&emit->text, "(void)", 6);
        emit_var(emit, var);
        text_add(&emit->text, ";\n", 2);
    }
}

void emit_var(Emit *emit, const IrVar *var)
{
    if (var->c_name) {
        text_add_string(&emit->text, var->c_name);
        return;
    }
    text_add(&emit->text, "t", 1);
    text_add_int(&emit->text, var->number);
    text_add(&emit->text, "_", 1);
}
