// Finding variables that own their Int. See own.h.
//
// A variable of a slow version is a candidate when it was a raw Int in the fast one: what it comes
// along with is then boxed anew. It stays one as long as everything that gives it a value makes a
// new Int (results of arithmetic never share a block with an operand, see runtime/int.h) and
// everything that reads it only computes with it, or returns it, and then the function is over.
// Moving, storing or passing it would make a second reference.
#include "own.h"

#include <string.h>

// Runtime functions that compute with Ints as the commands do.
static bool is_arithmetic_call(const IrOp *op)
{
    static const char *const names[] = {"tb_shift_left", "tb_shift_right", "tb_neg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (op->kind == IR_RUNTIME && !strcmp(op->as.routine->c_name, names[i])) return true;
    return false;
}

static bool makes_new_int(const IrOp *op)
{
    if (op->kind == IR_MOVE) return op->args[0].kind == OPERAND_SMALL;
    return op->kind == IR_INT_OP || op->kind == IR_BOX || is_arithmetic_call(op);
}

static bool only_computes(const IrOp *op)
{
    return op->kind == IR_INT_OP || op->kind == IR_UNBOX || op->kind == IR_RETURN ||
           is_arithmetic_call(op);
}

static void look_at(const IrOp *op)
{
    if (op->dst && !makes_new_int(op)) op->dst->owns_int = false;
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR && !only_computes(op))
            op->args[i].as.var->owns_int = false;
}

static void look_through(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        look_at(op);
        if (!ir_has_blocks(op)) continue;
        look_through(op->body);
        if (op->other) look_through(op->other);
    }
}

static void own_function(IrFunction *slow)
{
    for (IrVar *var = slow->vars; var; var = var->next)
        var->owns_int =
            var->repr == REPR_VALUE && slow->is_live[var->number] && slow->is_raw[var->number];
    for (int i = 0; i < slow->params.count; i++)
        slow->params.items[i]->owns_int = false;
    look_through(slow->body);
}

void own_program(IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++)
        if (program->functions.items[i]->fast) own_function(program->functions.items[i]);
}
