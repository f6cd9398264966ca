// Makes fast versions; see raw.h. First it is decided which functions get one and which variables
// are raw there (raw_choose), then each function's commands are copied (raw_function).
#include "raw.h"

#include "infer.h"
#include "live.h"
#include "opt.h"

#define ROUTINE(name, c_name, signature) extern const IrRoutine routine_##name;
#include "routines.def"
#undef ROUTINE

#define RAW_OPS_MAX 4000 // commands of a function that gets a fast version
// Commands in all of them: beyond, a program is too big for every hot function to be worth two.
#define RAW_OPS_TOTAL 30000

typedef struct Raw {
    IrProgram *program;
    Arena *arena;
    struct Survey *surveys; // of the functions, in order
    bool has_forms;         // some function has a raw form
    int op_count;           // in fast versions so far
    Arena scratch;          // what is live, for one function at a time
    Live live;
    IrFunction *slow;
    IrFunction *fast;
    bool *is_int; // by number, of the slow version's variables: raw in the fast one
    IrVar **vars; // by number: the fast version's
    IrBlock *block;
    Map targets; // LOOP, COUNT, BLOCK of the slow version -> of the fast one
    IrOp **link; // points to the slow version's command that is being copied
} Raw;

// ---------------------------------------------------------------------------------------- choosing

// What a function consists of.
typedef struct Survey {
    int op_count;
    int loop_depth; // at most
    bool has_ints;  // something that would be raw
    bool has_calls;
} Survey;

static bool is_raw_work(const IrOp *op)
{
    if (op->kind == IR_RUNTIME) return op->is_typed || op->as.routine == &routine_FLOAT_DIV;
    return op->kind == IR_INT_OP;
}

// Also marks what hot places call as hot: loops, and all but the top levels, which run once.
static void survey_block(Survey *survey, const IrBlock *block, int depth, bool is_hot)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        survey->op_count++;
        survey->has_ints |= is_raw_work(op);
        if (op->kind == IR_CALL) {
            survey->has_calls = true;
            op->as.callee->is_hot |= is_hot;
        }
        if (!ir_has_blocks(op)) continue;
        bool is_loop = op->kind == IR_LOOP || op->kind == IR_COUNT;
        int inner = depth + is_loop;
        if (inner > survey->loop_depth) survey->loop_depth = inner;
        survey_block(survey, op->body, inner, is_hot || is_loop);
        if (op->other) survey_block(survey, op->other, inner, is_hot);
    }
}

static bool is_top_level(const IrFunction *function)
{
    return function->info && !function->info->node;
}

// Whether variables of this type are raw: Ints and nothing else.
static bool is_int_type(const Type *type)
{
    return type_is(type, TB_INT);
}

static bool is_raw_param(const IrFunction *function, int index)
{
    const IrVar *param = function->params.items[index];
    if (param->repr != REPR_VALUE || !is_int_type(param->type)) return false;
    int own = index - (function->is_method ? 1 : 0);
    if (own < 0) return false;
    const Node *node = ((Symbol *)function->info->params.items[own])->node;
    return !node->as.param.default_value && !node->as.param.is_rest;
}

// Written by the user. A closure that is itself what function values call is worth an entry only if
// something hot calls it directly.
static bool may_have_raw_form(const IrFunction *function)
{
    return function->info && function->info->node && !function->is_transparent &&
           (function->boxed != function || function->is_hot) && !function->is_array_code;
}

// Notes which parameters and whether the result would be raw; whether there are any.
static bool find_raw_form(IrProgram *program, IrFunction *function)
{
    function->raw_result = function->result == REPR_VALUE &&
                           is_int_type(infer_result_type(program->compiler, function->info));
    bool found = function->raw_result;
    function->raw_params = ARENA_ARRAY(program->arena, bool, function->params.count + 1);
    for (int i = 0; i < function->params.count; i++) {
        function->raw_params[i] = is_raw_param(function, i);
        found |= function->raw_params[i];
    }
    return found;
}

// Functions called only where a top level runs straight through are not worth two versions.
static bool is_worth_it(const IrFunction *function, const Survey *survey)
{
    bool is_hot = function->is_hot || function->needs_value || survey->loop_depth > 0;
    return is_hot && survey->op_count <= RAW_OPS_MAX && survey->loop_depth <= LIVE_LOOPS_MAX;
}

static void survey_program(Raw *raw)
{
    const IrProgram *program = raw->program;
    raw->surveys = ARENA_ARRAY(raw->arena, Survey, program->functions.count + 1);
    for (int i = 0; i < program->functions.count; i++) {
        const IrFunction *function = program->functions.items[i];
        survey_block(&raw->surveys[i], function->body, 0, !is_top_level(function));
    }
}

// Decides for which functions callers pass Ints raw, or get one.
static void choose_forms(Raw *raw)
{
    IrProgram *program = raw->program;
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        const Survey *survey = &raw->surveys[i];
        bool is_affordable = raw->op_count + survey->op_count <= RAW_OPS_TOTAL;
        if (!survey->has_ints || !is_affordable || !is_worth_it(function, survey)) continue;
        function->has_raw_form = may_have_raw_form(function) && find_raw_form(program, function);
        if (!function->has_raw_form) continue;
        raw->op_count += survey->op_count;
        raw->has_forms = true;
    }
}

// ---- raw variables

static bool *int_flag(const Raw *raw, const IrVar *var)
{
    return &raw->is_int[var->number];
}

static bool is_comparison(int op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

// A constant or variable that is raw in the fast version, or can be.
static bool is_raw_operand(const Raw *raw, IrOperand operand)
{
    if (operand.kind == OPERAND_SMALL || operand.kind == OPERAND_INT) return true;
    if (operand.kind != OPERAND_VAR) return false;
    return operand.as.var->repr == REPR_INT || *int_flag(raw, operand.as.var);
}

static bool is_raw_unary(const Raw *raw, const IrOp *op)
{
    const IrRoutine *routine = op->as.routine;
    bool is_one =
        routine == &routine_NEG || routine == &routine_BIT_NOT || routine == &routine_PLUS;
    return is_one && is_raw_operand(raw, op->args[0]);
}

// Whether the command gives an Int by itself, so that a temporary it writes to is known to be one.
static bool makes_int(const Raw *raw, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_INT_OP:
        return !is_comparison(op->sub);
    case IR_BOX:
        return ir_operand_repr(op->args[0]) == REPR_INT;
    case IR_MOVE:
        return is_raw_operand(raw, op->args[0]);
    case IR_CALL:
        return ir_has_raw_result(op->as.callee);
    case IR_RUNTIME:
        return is_raw_unary(raw, op);
    default:
        return false;
    }
}

// A variable that inference knows to be an Int takes Ints from anywhere, but not the mark of a
// variable without a value.
static bool keeps_int(const Raw *raw, const IrOp *op)
{
    if (is_int_type(op->dst->type))
        return op->kind != IR_MOVE || op->args[0].kind == OPERAND_VAR ||
               op->args[0].kind == OPERAND_SMALL || op->args[0].kind == OPERAND_LITERAL;
    return makes_int(raw, op);
}

// Takes back the flags of variables that a command gives something else; whether there were any.
static bool strike_block(const Raw *raw, const IrBlock *block)
{
    bool changed = false;
    for (const IrOp *op = block->first; op; op = op->next) {
        if (op->dst && *int_flag(raw, op->dst) && !keeps_int(raw, op)) {
            *int_flag(raw, op->dst) = false;
            changed = true;
        }
        for (int i = 0; i < op->arg_count; i++)
            if (ir_writes_argument(op, i)) *int_flag(raw, op->args[i].as.var) = false;
        if (!ir_has_blocks(op)) continue;
        changed |= strike_block(raw, op->body);
        if (op->other) changed |= strike_block(raw, op->other);
    }
    return changed;
}

static void choose_variables(Raw *raw)
{
    const IrFunction *slow = raw->slow;
    for (const IrVar *var = slow->vars; var; var = var->next)
        raw->is_int[var->number] =
            var->repr == REPR_VALUE && (!var->name || is_int_type(var->type)) && !var->is_param;
    for (int i = 0; i < slow->params.count; i++)
        raw->is_int[slow->params.items[i]->number] =
            raw->fast->has_raw_form && raw->fast->raw_params[i];
    while (strike_block(raw, slow->body))
        ;
}

// ----------------------------------------------------------------------------------------- exits

static IrVar *fast_var(Raw *raw, IrVar *var)
{
    IrVar **place = &raw->vars[var->number];
    if (!*place) {
        IrRepr repr = *int_flag(raw, var) ? REPR_INT : (IrRepr)var->repr;
        *place = ir_var(raw->arena, raw->fast, var->name, repr, var->type);
        (*place)->length = var->length;
    }
    return *place;
}

static IrVar *new_temp(Raw *raw, IrRepr repr)
{
    return ir_var(raw->arena, raw->fast, NULL, repr, NULL);
}

// Marks the place before or behind the slow version's current command.
static int add_resume(Raw *raw, IrOp *op, bool behind)
{
    IrOp *before = *raw->link;
    if (!behind && before->kind == IR_RESUME) return before->as.index;
    IrOp *mark = arena_alloc(raw->arena, sizeof *mark);
    mark->kind = IR_RESUME;
    mark->span = op->span;
    mark->as.index = ++raw->slow->exit_count;
    if (behind) {
        mark->next = op->next;
        op->next = mark;
    } else {
        mark->next = op;
        *raw->link = mark;
    }
    return mark->as.index;
}

static int count_bits(const Live *live, const LiveWord *set)
{
    int count = 0;
    for (int i = 0; i < live->word_count; i++)
        count += __builtin_popcountll(set[i]);
    return count;
}

// An exit before [op] (of the slow version), or behind it with [result] given.
static IrExit *new_exit(Raw *raw, IrOp *op, IrVar *result)
{
    const LiveWord *set = map_get(result ? &raw->live.behind : &raw->live.before, op);
    IrExit *exit = ARENA_NEW(raw->arena, IrExit);
    int room = count_bits(&raw->live, set) + 1;
    exit->number = add_resume(raw, op, result != NULL);
    exit->slow = ARENA_ARRAY(raw->arena, IrVar *, room);
    exit->fast = ARENA_ARRAY(raw->arena, IrOperand, room);
    exit->result = result;
    for (IrVar *var = raw->slow->vars; var; var = var->next) {
        if (!live_has(set, var)) continue;
        raw->slow->is_live[var->number] = true;
        if (var == result) continue;
        exit->slow[exit->count] = var;
        exit->fast[exit->count++] = operand_var(fast_var(raw, var));
    }
    return exit;
}

// ---------------------------------------------------------------------------------------- copying

static IrOp *fast_op(Raw *raw, IrKind kind, const IrOp *from, IrVar *dst, int arg_count)
{
    IrOp *op = ir_op(raw->arena, raw->block, kind, from->span, dst, arg_count);
    op->is_hot = from->is_hot;
    return op;
}

// The operand as everything but raw arithmetic takes it.
static IrOperand plain_operand(Raw *raw, const IrOp *op, IrOperand operand)
{
    if (operand.kind != OPERAND_VAR) return operand;
    IrVar *var = fast_var(raw, operand.as.var);
    if (var->repr == (IrRepr)operand.as.var->repr) return operand_var(var);
    IrVar *box = new_temp(raw, REPR_VALUE);
    fast_op(raw, IR_BOX, op, box, 1)->args[0] = operand_var(var);
    return operand_var(box);
}

static IrOperand guarded(Raw *raw, IrOp *op, IrOperand value)
{
    IrVar *number = new_temp(raw, REPR_INT);
    IrExit *exit = new_exit(raw, op, NULL);
    IrOp *guard = fast_op(raw, IR_GUARD, op, number, 1);
    guard->args[0] = value;
    guard->exit = exit;
    return operand_var(number);
}

// The operand, known to be an Int, raw; what is boxed is guarded before [op].
static IrOperand raw_operand(Raw *raw, IrOp *op, IrOperand operand)
{
    if (operand.kind == OPERAND_SMALL)
        return (IrOperand){OPERAND_INT, {.integer = operand.as.integer}};
    if (operand.kind != OPERAND_VAR) return operand; // a raw constant
    IrVar *var = fast_var(raw, operand.as.var);
    if (var->repr == REPR_INT) return operand_var(var);
    return guarded(raw, op, operand_var(var));
}

// Where the result goes: the variable itself, or for a boxed result that is to be raw a temporary
// that finish_result unboxes.
static IrVar *result_var(Raw *raw, const IrOp *op)
{
    if (!op->dst) return NULL;
    if (*int_flag(raw, op->dst)) return new_temp(raw, REPR_VALUE);
    return fast_var(raw, op->dst);
}

// Behind a command that gave a boxed Int: it must be small to go on.
static void finish_result(Raw *raw, IrOp *op, IrVar *given)
{
    if (!op->dst || !*int_flag(raw, op->dst)) return;
    IrExit *exit = new_exit(raw, op, op->dst);
    exit->value = operand_var(given);
    IrOp *guard = fast_op(raw, IR_GUARD, op, fast_var(raw, op->dst), 1);
    guard->args[0] = operand_var(given);
    guard->exit = exit;
}

static void copy_details(IrOp *to, const IrOp *from)
{
    to->sub = from->sub;
    to->is_fresh = from->is_fresh;
    to->is_lenient = from->is_lenient;
    to->is_listed = from->is_listed;
    to->is_rest = from->is_rest;
    to->is_typed = from->is_typed;
    to->is_left = from->is_left;
    to->label_count = from->label_count;
    to->as = from->as;
    to->text = from->text;
}

// Any command that has nothing to do with raw Ints: its Int operands are boxed.
static void copy_plain(Raw *raw, IrOp *op)
{
    IrOperand *args = ARENA_ARRAY(raw->arena, IrOperand, op->arg_count + 1);
    for (int i = 0; i < op->arg_count; i++)
        args[i] = plain_operand(raw, op, op->args[i]);
    IrVar *dst = result_var(raw, op);
    IrOp *copy = fast_op(raw, (IrKind)op->kind, op, dst, op->arg_count);
    copy_details(copy, op);
    if (op->arg_count) memcpy(copy->args, args, sizeof *args * (size_t)op->arg_count);
    finish_result(raw, op, dst);
}

// The result of raw arithmetic where it is wanted: raw, or boxed behind.
static void box_result(Raw *raw, const IrOp *op, IrVar *number)
{
    if (*int_flag(raw, op->dst) || op->dst->repr != REPR_VALUE) return;
    fast_op(raw, IR_BOX, op, fast_var(raw, op->dst), 1)->args[0] = operand_var(number);
}

static IrVar *raw_result_var(Raw *raw, const IrOp *op)
{
    bool fits = *int_flag(raw, op->dst) || op->dst->repr != REPR_VALUE;
    return fits ? fast_var(raw, op->dst) : new_temp(raw, REPR_INT);
}

static bool cannot_overflow(int op, IrOperand b)
{
    bool divides = op == TOK_SLASH_SLASH || op == TOK_PERCENT;
    if (divides) return b.kind == OPERAND_INT && b.as.integer > 0;
    if (op == TOK_SHIFT_RIGHT)
        return b.kind == OPERAND_INT && b.as.integer >= 0 && b.as.integer < 64;
    return op == TOK_AMP || op == TOK_PIPE || op == TOK_CARET || is_comparison(op);
}

// `//` and `%` by a power of two, as a shift and a mask.
static void reduce_strength(int *sub, IrOperand *b)
{
    int64_t n = b->as.integer;
    if (b->kind != OPERAND_INT || n <= 0 || (n & (n - 1))) return;
    if (*sub == TOK_PERCENT) {
        *sub = TOK_AMP;
        b->as.integer = n - 1;
    } else if (*sub == TOK_SLASH_SLASH) {
        *sub = TOK_SHIFT_RIGHT;
        b->as.integer = __builtin_ctzll((uint64_t)n);
    }
}

// a `sub` b on raw operands.
static void copy_arithmetic(Raw *raw, IrOp *op, int sub, IrOperand a, IrOperand b)
{
    reduce_strength(&sub, &b);
    IrVar *dst = raw_result_var(raw, op);
    bool is_safe = cannot_overflow(sub, b);
    IrExit *exit = is_safe ? NULL : new_exit(raw, op, NULL);
    IrOp *copy = fast_op(raw, is_safe ? IR_RAW_OP : IR_CHECKED_OP, op, dst, 2);
    copy->sub = (uint8_t)sub;
    copy->args[0] = a;
    copy->args[1] = b;
    copy->exit = exit;
    box_result(raw, op, dst);
}

// Whether the operand, known to be an Int, can be had raw at all.
static bool can_be_raw(IrOperand operand)
{
    return operand.kind == OPERAND_VAR || operand.kind == OPERAND_SMALL ||
           operand.kind == OPERAND_INT;
}

static void copy_int_op(Raw *raw, IrOp *op)
{
    if (!can_be_raw(op->args[0]) || !can_be_raw(op->args[1]) || !op->dst) {
        copy_plain(raw, op);
        return;
    }
    IrOperand a = raw_operand(raw, op, op->args[0]);
    IrOperand b = raw_operand(raw, op, op->args[1]);
    copy_arithmetic(raw, op, op->sub, a, b);
}

static void copy_move_raw(Raw *raw, const IrOp *op, IrOperand value)
{
    fast_op(raw, IR_MOVE, op, fast_var(raw, op->dst), 1)->args[0] = value;
}

static void copy_move(Raw *raw, IrOp *op)
{
    if (!*int_flag(raw, op->dst) || !can_be_raw(op->args[0])) {
        copy_plain(raw, op);
        return;
    }
    copy_move_raw(raw, op, raw_operand(raw, op, op->args[0]));
}

// BOX of a raw Int into a variable that is raw itself, UNBOX of one that is raw already.
static bool copy_conversion(Raw *raw, IrOp *op)
{
    bool keeps =
        op->kind == IR_BOX     ? ir_operand_repr(op->args[0]) == REPR_INT && *int_flag(raw, op->dst)
        : op->kind == IR_UNBOX ? op->dst->repr == REPR_INT && is_raw_operand(raw, op->args[0])
                               : false;
    if (keeps) {
        copy_move_raw(raw, op, raw_operand(raw, op, op->args[0]));
        return true;
    }
    if (op->kind != IR_TO_FLOAT || op->args[0].kind != OPERAND_VAR ||
        !*int_flag(raw, op->args[0].as.var))
        return false;
    fast_op(raw, IR_TO_FLOAT, op, fast_var(raw, op->dst), 1)->args[0] =
        raw_operand(raw, op, op->args[0]);
    return true;
}

static bool is_raw_variable(const Raw *raw, IrOperand operand)
{
    return operand.kind == OPERAND_VAR && *int_flag(raw, operand.as.var);
}

static void copy_raw_routine(Raw *raw, const IrOp *op, const IrRoutine *routine, IrOperand number)
{
    IrOp *copy = fast_op(raw, IR_RUNTIME, op, fast_var(raw, op->dst), 1);
    copy->as.routine = routine;
    copy->args[0] = number;
}

static bool is_routine(const IrOp *op, const IrRoutine *a, const IrRoutine *b)
{
    return op->as.routine == a || op->as.routine == b;
}

static IrOp *copy_item(Raw *raw, IrOp *op, IrKind kind, IrVar *dst, IrOperand value)
{
    bool is_set = kind == IR_ITEM_SET;
    IrOperand list = plain_operand(raw, op, op->args[0]);
    IrOperand index = raw_operand(raw, op, op->args[1]);
    IrExit *exit = is_set || dst->repr != REPR_VALUE ? new_exit(raw, op, NULL) : NULL;
    IrOp *copy = fast_op(raw, kind, op, dst, is_set ? 4 : 3); // the last is for view.h
    copy->args[0] = list;
    copy->args[1] = index;
    if (is_set) copy->args[2] = value;
    copy->exit = exit;
    return copy;
}

// a[b] of a List that has only numbers or only Bools.
static bool copy_typed_get(Raw *raw, IrOp *op)
{
    bool is_one = op->as.routine == &routine_GET_ITEM_FLOAT ||
                  op->as.routine == &routine_GET_ITEM_BOOL || *int_flag(raw, op->dst);
    if (is_one) copy_item(raw, op, IR_ITEM_GET, fast_var(raw, op->dst), op->args[0]);
    return is_one;
}

static bool copy_typed_set(Raw *raw, IrOp *op)
{
    bool is_boxed = ir_operand_repr(op->args[2]) == REPR_VALUE;
    if (is_boxed && !is_raw_operand(raw, op->args[2])) return false;
    IrOperand value =
        is_boxed ? raw_operand(raw, op, op->args[2]) : plain_operand(raw, op, op->args[2]);
    copy_item(raw, op, IR_ITEM_SET, NULL, value);
    return true;
}

// Items by a raw index.
static bool copy_item_routine(Raw *raw, IrOp *op)
{
    bool is_char = op->as.routine == &routine_GET_CHAR;
    bool is_get = is_char || is_routine(op, &routine_GET_ITEM, &routine_GET_ITEM_HOT) ||
                  is_routine(op, &routine_GET_ITEM_FLOAT, &routine_GET_ITEM_BOOL);
    bool is_set = is_routine(op, &routine_SET_ITEM, &routine_SET_ITEM_HOT) ||
                  is_routine(op, &routine_SET_ITEM_FLOAT, &routine_SET_ITEM_BOOL);
    if ((!is_get && !is_set) || !is_raw_operand(raw, op->args[1]) || (is_get && !op->dst))
        return false;
    if (op->is_typed && (is_get ? copy_typed_get(raw, op) : copy_typed_set(raw, op))) return true;
    if (is_routine(op, &routine_SET_ITEM_FLOAT, &routine_SET_ITEM_BOOL)) return false;
    if (op->is_listed && is_get) {
        IrVar *dst = result_var(raw, op);
        copy_item(raw, op, IR_ITEM_GET, dst, op->args[0]);
        finish_result(raw, op, dst);
        return true;
    }
    IrOperand object = plain_operand(raw, op, op->args[0]);
    IrOperand index = raw_operand(raw, op, op->args[1]);
    IrOperand value = is_set ? plain_operand(raw, op, op->args[2]) : object;
    IrVar *dst = result_var(raw, op);
    IrOp *copy = fast_op(raw, IR_RUNTIME, op, dst, op->arg_count);
    copy->as.routine = is_char  ? &routine_GET_CHAR_AT
                       : is_get ? &routine_GET_ITEM_AT
                                : &routine_SET_ITEM_AT;
    copy->args[0] = object;
    copy->args[1] = index;
    if (is_set) copy->args[2] = value;
    finish_result(raw, op, dst);
    return true;
}

// The turns of a counted loop whose step is a constant.
static bool copy_turns(Raw *raw, IrOp *op)
{
    const IrOperand *step = &op->args[2];
    if (step->kind != OPERAND_SMALL || !step->as.integer || !is_raw_operand(raw, op->args[0]) ||
        !is_raw_operand(raw, op->args[1]))
        return false;
    IrOperand args[3];
    for (int i = 0; i < 3; i++)
        args[i] = raw_operand(raw, op, op->args[i]);
    IrOp *copy = fast_op(raw, IR_RUNTIME, op, fast_var(raw, op->dst), 3);
    copy->as.routine = &routine_RAW_TURNS;
    memcpy(copy->args, args, sizeof args);
    return true;
}

// The runtime functions that raw Ints need not be boxed for.
static bool copy_routine(Raw *raw, IrOp *op)
{
    const IrRoutine *routine = op->as.routine;
    IrOperand zero = {OPERAND_INT, {.integer = 0}}, minus_one = {OPERAND_INT, {.integer = -1}};
    if (copy_item_routine(raw, op)) return true;
    if (routine == &routine_LIST_PUSH && is_raw_variable(raw, op->args[1])) {
        IrOperand list = plain_operand(raw, op, op->args[0]);
        IrOperand number = raw_operand(raw, op, op->args[1]);
        IrOp *copy = fast_op(raw, IR_RUNTIME, op, NULL, 2);
        copy->as.routine = &routine_LIST_PUSH_INT;
        copy->args[0] = list;
        copy->args[1] = number;
        return true;
    }
    if (!op->dst || !op->arg_count) return false;
    if (routine == &routine_RANGE_TURNS) return copy_turns(raw, op);
    if (routine == &routine_FLOAT_DIV) {
        copy_arithmetic(raw, op, TOK_SLASH, plain_operand(raw, op, op->args[0]),
                        plain_operand(raw, op, op->args[1]));
        return true;
    }
    if (routine == &routine_INT_DIV && is_raw_operand(raw, op->args[0]) &&
        is_raw_operand(raw, op->args[1])) {
        IrOperand a = raw_operand(raw, op, op->args[0]);
        copy_arithmetic(raw, op, TOK_SLASH, a, raw_operand(raw, op, op->args[1]));
        return true;
    }
    if (!is_raw_variable(raw, op->args[0])) return false;
    IrOperand number = raw_operand(raw, op, op->args[0]);
    if (routine == &routine_NEG)
        copy_arithmetic(raw, op, TOK_MINUS, zero, number);
    else if (routine ==
             &routine_BIT_NOT) // never overflows, but there is no need for a case of its own
        copy_arithmetic(raw, op, TOK_MINUS, minus_one, number);
    else if (routine == &routine_RANGE_BOUND)
        copy_raw_routine(raw, op, &routine_RAW_BOUND, number);
    else if (routine == &routine_INT64_OF || (routine == &routine_PLUS && *int_flag(raw, op->dst)))
        copy_move_raw(raw, op, number);
    else
        return false;
    return true;
}

static IrOperand argument(Raw *raw, IrOp *op, int index)
{
    const IrFunction *callee = op->as.callee;
    int param = index - (callee->is_closure ? 1 : 0);
    if (callee->has_raw_form && param >= 0 && callee->raw_params[param])
        return can_be_raw(op->args[index]) ? raw_operand(raw, op, op->args[index])
                                           : guarded(raw, op, op->args[index]);
    return plain_operand(raw, op, op->args[index]);
}

static void copy_call(Raw *raw, IrOp *op)
{
    IrOperand *args = ARENA_ARRAY(raw->arena, IrOperand, op->arg_count + 1);
    for (int i = 0; i < op->arg_count; i++)
        args[i] = argument(raw, op, i);
    bool raw_result = ir_has_raw_result(op->as.callee);
    IrVar *dst = !op->dst ? NULL : raw_result ? raw_result_var(raw, op) : result_var(raw, op);
    IrExit *exit = raw_result && op->dst ? new_exit(raw, op, op->dst) : NULL;
    IrOp *call = fast_op(raw, IR_CALL, op, dst, op->arg_count);
    call->as = op->as;
    call->exit = exit;
    if (op->arg_count) memcpy(call->args, args, sizeof *args * (size_t)op->arg_count);
    if (!raw_result)
        finish_result(raw, op, dst);
    else if (op->dst)
        box_result(raw, op, dst);
}

static void copy_return(Raw *raw, IrOp *op)
{
    bool wants_raw = ir_has_raw_result(raw->fast) && op->arg_count;
    IrOperand value = {OPERAND_NONE, {.integer = 0}};
    if (op->arg_count)
        value = !wants_raw                ? plain_operand(raw, op, op->args[0])
                : can_be_raw(op->args[0]) ? raw_operand(raw, op, op->args[0])
                                          : guarded(raw, op, op->args[0]);
    IrOp *copy = fast_op(raw, IR_RETURN, op, NULL, op->arg_count);
    if (op->arg_count) copy->args[0] = value;
}

static void copy_block(Raw *raw, IrBlock *block);

static void copy_into(Raw *raw, IrBlock *copy, IrBlock *block)
{
    IrBlock *outside = raw->block;
    raw->block = copy;
    copy_block(raw, block);
    raw->block = outside;
}

static void copy_construct(Raw *raw, IrOp *op)
{
    IrOperand *args = ARENA_ARRAY(raw->arena, IrOperand, op->arg_count + 1);
    for (int i = 0; i < op->arg_count; i++)
        args[i] = plain_operand(raw, op, op->args[i]);
    IrOp *copy =
        fast_op(raw, (IrKind)op->kind, op, op->dst ? fast_var(raw, op->dst) : NULL, op->arg_count);
    if (op->arg_count) memcpy(copy->args, args, sizeof *args * (size_t)op->arg_count);
    copy->is_left = op->is_left;
    map_put(&raw->targets, raw->arena, op, copy);
    copy->body = ir_block(raw->arena, raw->block);
    if (op->other) copy->other = ir_block(raw->arena, raw->block);
    copy_into(raw, copy->body, op->body);
    if (op->other) copy_into(raw, copy->other, op->other);
}

static void copy_op(Raw *raw, IrOp *op)
{
    if (ir_has_blocks(op)) {
        copy_construct(raw, op);
        return;
    }
    switch ((IrKind)op->kind) {
    case IR_INT_OP:
        copy_int_op(raw, op);
        break;
    case IR_MOVE:
        copy_move(raw, op);
        break;
    case IR_BOX:
    case IR_UNBOX:
    case IR_TO_FLOAT:
        if (!copy_conversion(raw, op)) copy_plain(raw, op);
        break;
    case IR_RUNTIME:
        if (!copy_routine(raw, op)) copy_plain(raw, op);
        break;
    case IR_CALL:
        copy_call(raw, op);
        break;
    case IR_BREAK:
    case IR_CONTINUE:
    case IR_LEAVE:
        fast_op(raw, (IrKind)op->kind, op, NULL, 0)->as.target =
            map_get(&raw->targets, op->as.target);
        break;
    case IR_RETURN:
        copy_return(raw, op);
        break;
    default:
        copy_plain(raw, op);
    }
}

// Copies [block] of the slow version to the end of the current one.
static void copy_block(Raw *raw, IrBlock *block)
{
    IrOp **link = &block->first;
    while (*link) {
        IrOp *op = *link;
        raw->link = link;
        copy_op(raw, op);
        // RESUMEs may stand before and behind it now.
        link = &op->next;
        if (*link && (*link)->kind == IR_RESUME) link = &(*link)->next;
        if (!*link) block->last = op->next ? op->next : op;
    }
}

// -------------------------------------------------------------------------------------- functions

// The fast version's parameters in the order of the slow one's.
static void make_params(Raw *raw)
{
    for (int i = 0; i < raw->slow->params.count; i++) {
        IrVar *param = fast_var(raw, raw->slow->params.items[i]);
        param->is_param = true;
        VEC_PUSH(raw->arena, raw->fast->params, param);
    }
}

// [function] becomes the fast version; what it was goes to its new slow twin.
static void make_versions(Raw *raw, IrFunction *function)
{
    IrFunction *slow = ARENA_NEW(raw->arena, IrFunction);
    *slow = *function;
    slow->fast = function;
    slow->has_raw_form = slow->needs_value = slow->has_info = false;
    slow->is_live = ARENA_ARRAY(raw->arena, bool, slow->var_count + 1);
    function->slow = slow;
    function->body = ir_block(raw->arena, NULL);
    function->vars = function->last_var = NULL;
    function->var_count = 0;
    function->params.items = NULL;
    function->params.count = function->params.capacity = 0;
    raw->slow = slow;
    raw->fast = function;
}

static void make_fast(Raw *raw, IrFunction *function)
{
    make_versions(raw, function);
    raw->is_int = raw->slow->is_raw = ARENA_ARRAY(raw->arena, bool, raw->slow->var_count + 1);
    raw->vars = ARENA_ARRAY(raw->arena, IrVar *, raw->slow->var_count + 1);
    raw->targets = (Map){0};
    choose_variables(raw);
    live_find(&raw->live, &raw->scratch, raw->slow);
    make_params(raw);
    raw->block = function->body;
    copy_block(raw, raw->slow->body);
    opt_count_uses(function);
    VEC_PUSH(raw->arena, raw->program->functions, raw->slow);
    arena_free(&raw->scratch);
    raw->scratch = (Arena){0};
}

static bool calls_raw_form(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (op->kind == IR_CALL && op->as.callee->has_raw_form) return true;
        if (!ir_has_blocks(op)) continue;
        if (calls_raw_form(op->body) || (op->other && calls_raw_form(op->other))) return true;
    }
    return false;
}

static bool deserves_fast(Raw *raw, const IrFunction *function, const Survey *survey)
{
    if (function->has_raw_form) return true;
    if (function->is_wrapper || function->is_transparent || !function->info) return false;
    if (!is_worth_it(function, survey)) return false;
    bool calls_raw = raw->has_forms && survey->has_calls && calls_raw_form(function->body);
    if (!survey->has_ints && !calls_raw) return false;
    raw->op_count += survey->op_count;
    return raw->op_count <= RAW_OPS_TOTAL;
}

// ---- who calls how

static void keep_slow(IrFunction *slow);

static void need_entry(IrFunction *function)
{
    if (!function->has_raw_form || function->needs_entry) return;
    function->needs_entry = true;
    if (ir_has_raw_param(function)) keep_slow(function->slow);
}

// Function values, and with [calls] boxed code, call functions by their entries, which may start
// their slow versions.
static void note_entries(const IrBlock *block, bool calls)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if ((calls && op->kind == IR_CALL) ||
            (op->kind == IR_CLOSURE && op->as.callee->boxed == op->as.callee))
            need_entry(op->as.callee);
        if (!ir_has_blocks(op)) continue;
        note_entries(op->body, calls);
        if (op->other) note_entries(op->other, calls);
    }
}

static void keep_slow(IrFunction *slow)
{
    if (slow->is_kept) return;
    slow->is_kept = true;
    note_entries(slow->body, true);
}

// What comes along at exits is declared at the start of a slow version, as its parameters are.
static void finish_slow(IrFunction *slow)
{
    if (slow->fast->needs_entry)
        for (int i = 0; i < slow->params.count; i++)
            if (slow->params.items[i]->use_count)
                slow->is_live[slow->params.items[i]->number] = true;
    for (IrVar *var = slow->vars; var; var = var->next)
        var->is_param = slow->is_live[var->number];
}

// Slow versions that nothing leads to go.
static void drop_unused(IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        if (!function->fast) note_entries(function->body, !function->slow);
        if (function->fast && function->exit_count) keep_slow(function);
    }
    int kept = 0;
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        if (!function->fast || function->is_kept) program->functions.items[kept++] = function;
    }
    program->functions.count = kept;
}

void raw_program(IrProgram *program)
{
    Raw raw = {.program = program, .arena = program->arena};
    survey_program(&raw);
    choose_forms(&raw);
    int count = program->functions.count;
    for (int i = 0; i < count; i++)
        if (deserves_fast(&raw, program->functions.items[i], &raw.surveys[i]))
            make_fast(&raw, program->functions.items[i]);
    if (program->functions.count == count) return;
    drop_unused(program);
    for (int i = 0; i < program->functions.count; i++)
        if (program->functions.items[i]->fast) finish_slow(program->functions.items[i]);
}
