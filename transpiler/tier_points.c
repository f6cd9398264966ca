// Finding what goes along at loop heads. See tier_points.h.
#include "tier_points.h"

#include "live.h"

#define POINT_OPS_MAX 4000 // commands of a function that gets places: liveness takes memory

typedef struct Points {
    Arena *arena; // of the program
    IrFunction *function;
    Live live;
} Points;

static bool is_loop(const IrOp *op)
{
    return op->kind == IR_LOOP || op->kind == IR_COUNT;
}

static bool has_place(const IrOp *op)
{
    return is_loop(op) && op->body->first && op->body->first->kind == IR_POLL;
}

const IrExit *tier_point_of(const IrOp *op)
{
    return has_place(op) ? op->body->first->exit : NULL;
}

// What decides whether a function gets places.
typedef struct Survey {
    int op_count;
    int loop_depth; // at most
    bool has_places;
} Survey;

static void survey_block(Survey *survey, const IrBlock *block, int depth)
{
    if (depth > survey->loop_depth) survey->loop_depth = depth;
    for (const IrOp *op = block->first; op; op = op->next) {
        survey->op_count++;
        if (!ir_has_blocks(op)) continue;
        survey->has_places |= has_place(op);
        survey_block(survey, op->body, depth + is_loop(op));
        if (op->other) survey_block(survey, op->other, depth);
    }
}

static bool is_fit(const IrFunction *function)
{
    Survey survey = {0};
    survey_block(&survey, function->body, 0);
    return survey.has_places && survey.loop_depth <= LIVE_LOOPS_MAX &&
           survey.op_count <= POINT_OPS_MAX;
}

// The turn of a counted loop ends by comparing its counter, even where no turn gets to its end.
static bool goes_along(const IrOp *loop, const LiveWord *live, const IrVar *var)
{
    if (live_has(live, var)) return true;
    if (loop->kind != IR_COUNT) return false;
    return loop->dst == var || (loop->args[1].kind == OPERAND_VAR && loop->args[1].as.var == var);
}

static void add_point(Points *points, const IrOp *loop)
{
    IrFunction *function = points->function;
    IrOp *poll = loop->body->first;
    const LiveWord *live = map_get(&points->live.before, poll);
    if (!live) return; // nothing gets there
    IrExit *exit = ARENA_NEW(points->arena, IrExit);
    exit->number = ++function->loop_count;
    exit->slow = ARENA_ARRAY(points->arena, IrVar *, function->var_count + 1);
    exit->fast = ARENA_ARRAY(points->arena, IrOperand, function->var_count + 1);
    for (IrVar *var = function->vars; var; var = var->next) {
        if (!goes_along(loop, live, var)) continue;
        function->is_loop_live[var->number] = true;
        var->use_count++;
        exit->slow[exit->count] = var;
        exit->fast[exit->count++] = (IrOperand){OPERAND_VAR, {.var = var}};
    }
    poll->exit = exit;
}

static void add_points(Points *points, const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (!ir_has_blocks(op)) continue;
        if (has_place(op)) add_point(points, op);
        add_points(points, op->body);
        if (op->other) add_points(points, op->other);
    }
}

void tier_find_points(IrProgram *program)
{
    Points points = {.arena = program->arena};
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        if (!is_fit(function)) continue;
        Arena scratch = {0};
        points.function = function;
        function->is_loop_live = ARENA_ARRAY(points.arena, bool, function->var_count + 1);
        live_find(&points.live, &scratch, function);
        add_points(&points, function->body);
        arena_free(&scratch);
    }
}
