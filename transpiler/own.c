// Finding variables that own their Int. See own.h.
//
// A variable of a slow version is a candidate unless what it comes along with from the fast version
// is a boxed value; a raw Int is boxed anew. It stays one as long as everything that gives it a
// value makes a new Int (results of arithmetic never share a block with an operand, see
// runtime/int.h) or is another owner's last use, and everything that reads it only computes with it
// or is its last use. Moving, storing or passing it and reading it again would make a second
// reference.
#include "own.h"
#include "live.h"

#include <string.h>

typedef struct Own {
    Live live;
    bool *is_owner;  // by number of the variable
    bool *is_passed; // what it holds went to somebody else
    int try_depth;   // a handler may read anything: nothing is used for the last time
    bool is_changed;
} Own;

// Runtime functions that compute with Ints as the commands do.
static bool is_arithmetic_call(const IrOp *op)
{
    static const char *const names[] = {"tb_shift_left", "tb_shift_right", "tb_neg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (op->kind == IR_RUNTIME && !strcmp(op->as.routine->c_name, names[i])) return true;
    return false;
}

static bool only_computes(const IrOp *op)
{
    return op->kind == IR_INT_OP || op->kind == IR_UNBOX || is_arithmetic_call(op);
}

// Whether nobody reads the value that [var], an operand of [op], holds before it.
static bool is_last_use(const Own *own, const IrOp *op, const IrVar *var)
{
    if (own->try_depth) return false;
    if (op->kind == IR_RETURN || op->dst == var) return true;
    const LiveWord *behind = map_get(&own->live.behind, op);
    return behind && !live_has(behind, var);
}

static bool is_owner(const Own *own, IrOperand operand)
{
    return operand.kind == OPERAND_VAR && own->is_owner[operand.as.var->number];
}

static bool makes_new_int(const Own *own, const IrOp *op)
{
    if (op->kind == IR_MOVE)
        return op->args[0].kind == OPERAND_SMALL ||
               (is_owner(own, op->args[0]) && is_last_use(own, op, op->args[0].as.var));
    return op->kind == IR_INT_OP || op->kind == IR_BOX || is_arithmetic_call(op);
}

static void disown(Own *own, const IrVar *var)
{
    own->is_owner[var->number] = false;
    own->is_changed = true;
}

static void look_at(Own *own, IrOp *op)
{
    if (op->dst && own->is_owner[op->dst->number] && !makes_new_int(own, op)) disown(own, op->dst);
    if (only_computes(op)) return;
    for (int i = 0; i < op->arg_count; i++) {
        if (!is_owner(own, op->args[i])) continue;
        const IrVar *var = op->args[i].as.var;
        own->is_passed[var->number] = true;
        if (!is_last_use(own, op, var)) disown(own, var);
    }
}

static bool can_spend(int op)
{
    return op == TOK_PLUS || op == TOK_MINUS || op == TOK_STAR || op == TOK_SLASH_SLASH ||
           op == TOK_PERCENT;
}

// Notes which operands of arithmetic are used for the last time, as TB_SPENT_… of runtime/int.h.
static void mark_spent(Own *own, IrOp *op)
{
    if (op->kind != IR_INT_OP || !can_spend(op->sub)) return;
    for (int i = 0; i < 2; i++)
        if (is_owner(own, op->args[i]) && is_last_use(own, op, op->args[i].as.var))
            op->spent |= (uint8_t)(1 << i);
    if (op->spent == 3 && op->args[0].as.var == op->args[1].as.var) op->spent = 1;
}

static void each_op(Own *own, const IrBlock *block, void (*visit)(Own *own, IrOp *op))
{
    for (IrOp *op = block->first; op; op = op->next) {
        visit(own, op);
        if (!ir_has_blocks(op)) continue;
        own->try_depth += op->kind == IR_TRY;
        each_op(own, op->body, visit);
        own->try_depth -= op->kind == IR_TRY;
        if (op->other) each_op(own, op->other, visit);
    }
}

static void own_function(Arena *arena, IrFunction *slow)
{
    Own own = {.is_owner = ARENA_ARRAY(arena, bool, slow->var_count + 1),
               .is_passed = ARENA_ARRAY(arena, bool, slow->var_count + 1)};
    live_find(&own.live, arena, slow);
    for (const IrVar *var = slow->vars; var; var = var->next)
        own.is_owner[var->number] =
            var->repr == REPR_VALUE && (!slow->is_live[var->number] || slow->is_raw[var->number]);
    for (int i = 0; i < slow->params.count; i++)
        own.is_owner[slow->params.items[i]->number] = false;
    do {
        own.is_changed = false;
        each_op(&own, slow->body, look_at);
    } while (own.is_changed);
    each_op(&own, slow->body, mark_spent);
    // Only what comes along is sure to hold something when it gets its first value.
    for (IrVar *var = slow->vars; var; var = var->next)
        var->owns_int =
            own.is_owner[var->number] && !own.is_passed[var->number] && slow->is_live[var->number];
}

void own_program(IrProgram *program)
{
    Arena scratch = {0};
    for (int i = 0; i < program->functions.count; i++)
        if (program->functions.items[i]->fast) own_function(&scratch, program->functions.items[i]);
    arena_free(&scratch);
}
