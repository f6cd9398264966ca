// Finding lists that nobody else refers to. See drop.h.
//
// A variable is a candidate when the one command that sets it makes a new list. Its list stays its
// own as long as it is only lent: read, written, measured, extended by code that keeps no reference
// to it. A variable that a candidate is moved to, and that is set nowhere else, is another name of
// it. When all mentions of both stand behind the maker in the maker's block or deeper, the list is
// dead behind the last of that block's commands that holds one.
#include "drop.h"

#include <string.h>

#define ROUTINE(name, c_name, signature) extern const IrRoutine routine_##name;
#include "routines.def"
#undef ROUTINE

// What the passes over a function learn of a variable, by its number.
typedef struct Fate {
    int set_count;
    int mention_count; // as an operand, also of exits
    bool is_kept;      // something else refers to what it holds
    IrVar *root;       // the variable that it is another name of, or itself
} Fate;

typedef struct Drop {
    Arena *arena;
    Fate *fates;
} Drop;

static Fate *fate_of(const Drop *drop, const IrVar *var)
{
    return &drop->fates[var->number];
}

// --------------------------------------------------------------------------------- what makes,
// what lends

static bool is_list(IrOperand operand)
{
    return operand.kind == OPERAND_VAR && type_is(operand.as.var->type, TB_LIST);
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(*names, name)) return true;
    return false;
}

static bool makes_list(const IrOp *op)
{
    static const char *const makers[] = {"tb_list_from",   "tb_list_new",  "tb_list_copy",
                                         "tb_list_sorted", "tb_core_list", NULL};
    if (!op->dst || op->dst->repr != REPR_VALUE) return false;
    if (op->kind == IR_DYNAMIC_OP)
        return is_list(op->args[0]) &&
               (op->sub == TOK_STAR || (op->sub == TOK_PLUS && is_list(op->args[1])));
    if (op->kind != IR_RUNTIME) return false;
    if (op->as.routine == &routine_GET_SLICE) return is_list(op->args[0]);
    return is_one_of(op->as.routine->c_name, makers);
}

// Functions that keep no reference to the list that is their argument number [index], and give
// none.
static bool routine_lends(const IrOp *op, int index)
{
    static const char *const names[] = {"tb_list_push",
                                        "tb_list_push_int",
                                        "tb_list_push_float",
                                        "tb_list_push_bool",
                                        "tb_list_length",
                                        "tb_length_raw",
                                        "tb_get_item",
                                        "tb_get_item_hot",
                                        "tb_get_item_at",
                                        "tb_get_item_float",
                                        "tb_get_item_bool",
                                        "tb_set_item",
                                        "tb_set_item_hot",
                                        "tb_set_item_at",
                                        "tb_set_item_float",
                                        "tb_set_item_bool",
                                        "tb_list_sorted",
                                        "tb_list_pop",
                                        "tb_list_pop_last",
                                        "tb_math_sum",
                                        "tb_core_list",
                                        "tb_collections_index",
                                        "tb_collections_append",
                                        "tb_collections_extend",
                                        "tb_collections_sort",
                                        "tb_collections_reverse",
                                        NULL};
    const char *name = op->as.routine->c_name;
    if (!strcmp(name, "tb_string_join")) return true;
    if (index != 0) return false;
    if (op->as.routine == &routine_GET_SLICE) return is_list(op->args[0]);
    return is_one_of(name, names);
}

// Whether the command only uses the list that is its argument [index].
static bool is_lent(const Drop *drop, const IrOp *op, int index)
{
    switch ((IrKind)op->kind) {
    case IR_ITEM_GET:
    case IR_ITEM_SET:
    case IR_VIEW:
        return index == 0;
    case IR_DYNAMIC_OP:
        return makes_list(op);
    case IR_MOVE:
        return fate_of(drop, op->dst)->root == fate_of(drop, op->args[0].as.var)->root;
    case IR_RUNTIME:
        return routine_lends(op, index);
    default:
        return false;
    }
}

// --------------------------------------------------------------------------------------- surveying

typedef void Visit(Drop *drop, IrOp *op);

static void each_op(Drop *drop, const IrBlock *block, Visit *visit)
{
    for (IrOp *op = block->first; op; op = op->next) {
        visit(drop, op);
        if (!ir_has_blocks(op)) continue;
        each_op(drop, op->body, visit);
        if (op->other) each_op(drop, op->other, visit);
    }
}

static void count_sets(Drop *drop, IrOp *op)
{
    if (op->dst) fate_of(drop, op->dst)->set_count++;
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR && ir_writes_argument(op, i))
            fate_of(drop, op->args[i].as.var)->set_count += 2; // how often, nobody knows
}

static void find_names(Drop *drop, IrOp *op)
{
    if (op->kind != IR_MOVE || op->args[0].kind != OPERAND_VAR) return;
    const IrVar *from = op->args[0].as.var;
    if (from->repr != REPR_VALUE || fate_of(drop, from)->set_count != 1) return;
    if (fate_of(drop, op->dst)->set_count == 1)
        fate_of(drop, op->dst)->root = fate_of(drop, from)->root;
}

static int exit_operands(const IrOp *op, IrOperand **operands)
{
    const IrExit *exit = ir_exit_of(op);
    *operands = exit ? exit->fast : NULL;
    return exit ? exit->count : 0;
}

static void note_mention(Drop *drop, IrOperand operand, bool is_kept)
{
    if (operand.kind != OPERAND_VAR) return;
    Fate *fate = fate_of(drop, fate_of(drop, operand.as.var)->root);
    fate->mention_count++;
    fate->is_kept |= is_kept;
}

static void note_mentions(Drop *drop, IrOp *op)
{
    IrOperand *operands;
    for (int i = exit_operands(op, &operands); i-- > 0;)
        note_mention(drop, operands[i], false);
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR) note_mention(drop, op->args[i], !is_lent(drop, op, i));
}

// A routine that changes a list may give it back: then that must go nowhere. A name that is never
// mentioned is none.
static void note_results(Drop *drop, IrOp *op)
{
    if (op->kind != IR_RUNTIME || !op->dst || op->arg_count == 0) return;
    if (op->args[0].kind != OPERAND_VAR || strncmp(op->as.routine->c_name, "tb_collections_", 15))
        return;
    if (fate_of(drop, op->dst)->mention_count > 0)
        fate_of(drop, fate_of(drop, op->args[0].as.var)->root)->is_kept = true;
}

// --------------------------------------------------------------------------------------- dropping

static int count_mentions(const Drop *drop, const IrOp *op, const IrVar *root);

static int count_in_block(const Drop *drop, const IrBlock *block, const IrVar *root)
{
    int count = 0;
    for (const IrOp *op = block->first; op; op = op->next)
        count += count_mentions(drop, op, root);
    return count;
}

static int count_mentions(const Drop *drop, const IrOp *op, const IrVar *root)
{
    IrOperand *operands;
    int count = 0;
    for (int i = exit_operands(op, &operands); i-- > 0;)
        count += operands[i].kind == OPERAND_VAR && fate_of(drop, operands[i].as.var)->root == root;
    for (int i = 0; i < op->arg_count; i++)
        count += op->args[i].kind == OPERAND_VAR && fate_of(drop, op->args[i].as.var)->root == root;
    if (!ir_has_blocks(op)) return count;
    count += count_in_block(drop, op->body, root);
    return op->other ? count + count_in_block(drop, op->other, root) : count;
}

// A new command that drops the list of [var], to stand before [next].
static IrOp *new_drop(Drop *drop, IrVar *var, Span span, IrOp *next)
{
    IrOp *op = arena_alloc(drop->arena, sizeof *op + sizeof *op->args);
    op->kind = IR_RUNTIME;
    op->as.routine = &routine_LIST_DROP;
    op->span = span;
    op->arg_count = 1;
    op->args[0] = operand_var(var);
    op->next = next;
    var->use_count++;
    return op;
}

// Drops the list before each RETURN among the commands from [link] to [end] and inside them.
static void drop_at_returns(Drop *drop, IrOp **link, const IrOp *end, IrVar *var)
{
    for (; *link != end; link = &(*link)->next) {
        IrOp *op = *link;
        if (op->kind == IR_RETURN) {
            *link = new_drop(drop, var, op->span, op);
            link = &(*link)->next;
        }
        if (!ir_has_blocks(op)) continue;
        drop_at_returns(drop, &op->body->first, NULL, var);
        if (op->other) drop_at_returns(drop, &op->other->first, NULL, var);
    }
}

// Drops the list that [maker], a command of [block], puts into its variable, if that is sure to be
// its only holder.
static void drop_list(Drop *drop, IrBlock *block, IrOp *maker)
{
    IrVar *var = maker->dst;
    const Fate *fate = fate_of(drop, var);
    if (fate->set_count != 1 || fate->root != var || fate->is_kept) return;
    IrOp *last = maker;
    int left = fate->mention_count;
    for (IrOp *op = maker->next; op && left > 0; op = op->next) {
        int count = count_mentions(drop, op, var);
        if (count > 0) last = op;
        left -= count;
    }
    if (left > 0 || last->kind == IR_RETURN) return;
    IrOp *behind = last->next;
    if (last != maker) drop_at_returns(drop, &maker->next, behind, var);
    if (!behind && ir_is_ended(block)) return;
    last->next = new_drop(drop, var, last->span, behind);
    if (block->last == last) block->last = last->next;
}

static void drop_in_block(Drop *drop, IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        if (makes_list(op)) drop_list(drop, block, op);
        if (!ir_has_blocks(op)) continue;
        drop_in_block(drop, op->body);
        if (op->other) drop_in_block(drop, op->other);
    }
}

static void drop_function(Drop *drop, IrFunction *function)
{
    drop->fates = ARENA_ARRAY(drop->arena, Fate, function->var_count + 1);
    for (IrVar *var = function->vars; var; var = var->next)
        fate_of(drop, var)->root = var;
    for (int i = 0; i < function->params.count; i++)
        fate_of(drop, function->params.items[i])->set_count++;
    static Visit *const visits[] = {count_sets, find_names, note_mentions, note_results};
    for (size_t i = 0; i < sizeof visits / sizeof *visits; i++)
        each_op(drop, function->body, visits[i]);
    drop_in_block(drop, function->body);
}

void drop_program(IrProgram *program)
{
    Drop drop = {.arena = program->arena};
    for (int i = 0; i < program->functions.count; i++)
        if (!program->functions.items[i]->fast) drop_function(&drop, program->functions.items[i]);
}
