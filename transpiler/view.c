// Makes views. First each function is surveyed, calls included: can a list have another length or
// kind after it, can a variable or field have another value? (mark_functions). Then the loops of
// the fast versions are gone through from the outermost inwards; where nothing can change a list,
// the accesses in it get views of lists that stay the same (view_loop). See view.h.
#include "view.h"

#include <string.h>

#define ROUTINE(name, c_name, signature) extern const IrRoutine routine_##name;
#include "routines.def"
#undef ROUTINE

#define VIEW_ROUNDS_MAX  8  // chains of calls that are followed
#define VIEW_OUTSIDE_MAX 16 // steps from a list back to what the loop does not change

// What a piece of code may do.
typedef enum Change {
    CHANGE_LISTS = 1, // the length or kind of some list
    CHANGE_STATE = 2, // a field, or a variable that is not local
} Change;

typedef struct View {
    Arena *arena;
    int *changes;         // Change bits by number of the function
    IrOp **makers;        // by number of a variable that is set once: the command
    const IrOp **setters; // by number of a variable: the innermost loop gone into that sets it
    IrFunction *function;
    IrOp *loop;
    int loop_changes; // Change bits
    IrBlock *around;  // that the loop stands in
    IrOp **link;      // where new commands go: points to the loop
    Map outside;      // IrVar * -> what it will be in the loop, known before it; NULL: not known
    Map views[4];     // by tb_items: IrVar * -> its view
    int depth;
} View;

// ---------------------------------------------------------------------------------------- changes

static bool reads_item(const IrRoutine *routine)
{
    return routine == &routine_GET_ITEM || routine == &routine_GET_ITEM_HOT ||
           routine == &routine_GET_ITEM_FLOAT || routine == &routine_GET_ITEM_BOOL;
}

static bool is_counting(const IrRoutine *routine)
{
    return routine == &routine_RAW_BOUND || routine == &routine_RAW_TURNS ||
           routine == &routine_RANGE_BOUND || routine == &routine_RAW_LEAST ||
           routine == &routine_RAW_ROOM || routine == &routine_LIST_LENGTH ||
           routine == &routine_STR_LENGTH || routine == &routine_TUPLE_LENGTH ||
           routine == &routine_DICT_LENGTH || routine == &routine_SET_LENGTH ||
           routine == &routine_FLOAT_DIV;
}

// The length of what is known not to be an object of the user's.
static bool is_plain_length(const IrOp *op)
{
    if (strcmp(op->as.routine->c_name, "tb_length_raw") || op->args[0].kind != OPERAND_VAR)
        return false;
    const Type *type = op->args[0].as.var->type;
    return type && !(type->kinds & KINDS_OBJECT);
}

// Library functions of numbers that give a number: nothing of the program can be reached by them.
static bool is_numeric(const IrRoutine *routine)
{
    const char *signature = routine->signature;
    return routine->is_library && strchr("fF", signature[0]) && signature[1] &&
           strspn(signature + 1, "if") == strlen(signature + 1);
}

// What looks at texts.
static bool is_textual(const IrRoutine *routine)
{
    return routine == &routine_GET_CHAR || routine == &routine_GET_CHAR_AT ||
           routine == &routine_EQUAL_TEXTS || routine == &routine_COMPARE_TEXTS;
}

static bool is_harmless(const IrOp *op)
{
    const IrRoutine *routine = op->as.routine;
    return (op->is_listed && reads_item(routine)) || is_counting(routine) || is_numeric(routine) ||
           is_textual(routine) || is_plain_length(op);
}

// An ITEM_SET changes neither length nor kind: where an item does not fit, the version is left.
static int changes_of(const View *view, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_RUNTIME:
        return is_harmless(op) ? 0 : CHANGE_LISTS | CHANGE_STATE;
    case IR_CALL:
        return view->changes[op->as.callee->number];
    case IR_GLOBAL_SET:
    case IR_CELL_SET:
    case IR_CLOSURE_SET:
    case IR_FIELD_SET:
        return CHANGE_STATE;
    case IR_CHECK_TYPE:
    case IR_DYNAMIC_OP:
    case IR_SPREAD_CALL:
        return CHANGE_LISTS | CHANGE_STATE;
    default:
        return 0;
    }
}

static int changes_in(const View *view, const IrBlock *block)
{
    int changes = 0;
    for (const IrOp *op = block->first; op; op = op->next) {
        changes |= changes_of(view, op);
        if (!ir_has_blocks(op)) continue;
        changes |= changes_in(view, op->body);
        if (op->other) changes |= changes_in(view, op->other);
    }
    return changes;
}

// Of functions that call one another: from nothing up, as long as it takes.
static bool mark_round(View *view, const IrProgram *program)
{
    bool changed = false;
    for (int i = 0; i < program->functions.count; i++) {
        const IrFunction *function = program->functions.items[i];
        const IrFunction *whole = function->slow ? function->slow : function;
        int changes = view->changes[function->number] | changes_in(view, whole->body);
        changed |= changes != view->changes[function->number];
        view->changes[function->number] = changes;
    }
    return changed;
}

static void mark_functions(View *view, const IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++)
        program->functions.items[i]->number = i;
    view->changes = ARENA_ARRAY(view->arena, int, program->functions.count + 1);
    for (int round = 0; round < VIEW_ROUNDS_MAX; round++)
        if (!mark_round(view, program)) return;
    for (int i = 0; i < program->functions.count; i++)
        view->changes[i] = CHANGE_LISTS | CHANGE_STATE;
}

// ------------------------------------------------------------------------------- before the loop

// A new command right before the loop.
static IrOp *before_loop(View *view, IrKind kind, IrVar *dst, IrOperand a, IrOperand b)
{
    int arg_count = b.kind == OPERAND_NONE ? 1 : 2;
    IrOp *op = arena_alloc(view->arena, sizeof *op + sizeof *op->args * (size_t)arg_count);
    op->kind = (uint8_t)kind;
    op->span = view->loop->span;
    op->dst = dst;
    op->arg_count = arg_count;
    op->args[0] = a;
    if (arg_count > 1) op->args[1] = b;
    for (int i = 0; i < arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR) op->args[i].as.var->use_count++;
    dst->set_count++;
    op->next = view->loop;
    *view->link = op;
    view->link = &op->next;
    if (view->around->first == view->loop) view->around->first = op;
    return op;
}

static IrVar *new_var(View *view, IrRepr repr)
{
    return ir_var(view->arena, view->function, NULL, repr, NULL);
}

static IrOperand no_operand(void)
{
    return (IrOperand){OPERAND_NONE, {.integer = 0}};
}

static bool is_set_in_loop(const View *view, const IrVar *var)
{
    return view->setters[var->number] == view->loop;
}

static IrVar *outside(View *view, IrVar *var);

static IrVar *view_of(View *view, IrVar *list, tb_items kind)
{
    IrVar *known = map_get(&view->views[kind], list);
    if (known) return known;
    IrVar *made = new_var(view, REPR_VIEW);
    made->length = (int)kind;
    before_loop(view, IR_VIEW, made, operand_var(list), no_operand());
    map_put(&view->views[kind], view->arena, list, made);
    return made;
}

// An operand of a command in the loop as it is known before; NONE: it is not.
static IrOperand outside_operand(View *view, IrOperand operand)
{
    if (operand.kind != OPERAND_VAR) return operand;
    IrVar *var = outside(view, operand.as.var);
    return var ? operand_var(var) : no_operand();
}

static IrVar *peek_item(View *view, const IrOp *op)
{
    IrOperand list = outside_operand(view, op->args[0]);
    IrOperand index = outside_operand(view, op->args[1]);
    bool is_known =
        list.kind == OPERAND_VAR && (index.kind == OPERAND_VAR || (index.kind == OPERAND_INT));
    if (!is_known) return NULL;
    IrVar *items = view_of(view, list.as.var, TB_ITEMS_BOXED);
    IrVar *item = new_var(view, REPR_VALUE);
    before_loop(view, IR_PEEK, item, operand_var(items), index);
    return item;
}

// Of `self` alone: any other variable may have been found to be an instance only in the loop.
static IrVar *peek_field(View *view, const IrOp *op)
{
    const IrFunction *function = view->function;
    bool is_own = function->is_method && op->args[0].kind == OPERAND_VAR &&
                  op->args[0].as.var == function->params.items[0] &&
                  !function->params.items[0]->set_count;
    if (!is_own || view->loop_changes & CHANGE_STATE) return NULL;
    IrVar *field = new_var(view, REPR_VALUE);
    before_loop(view, IR_PEEK_FIELD, field, op->args[0], no_operand())->as.index = op->as.index;
    return field;
}

static IrVar *outside_of(View *view, IrVar *var)
{
    const IrOp *op = view->makers[var->number];
    if (!op || view->depth >= VIEW_OUTSIDE_MAX) return NULL;
    switch ((IrKind)op->kind) {
    case IR_MOVE:
        return op->args[0].kind == OPERAND_VAR ? outside(view, op->args[0].as.var) : NULL;
    case IR_ITEM_GET:
        return op->dst->repr == REPR_VALUE ? peek_item(view, op) : NULL;
    case IR_FIELD_GET:
        return op->dst->repr == REPR_VALUE ? peek_field(view, op) : NULL;
    default:
        return NULL;
    }
}

// The variable that holds before the loop what [var] will hold in all of it; NULL: none.
static IrVar *outside(View *view, IrVar *var)
{
    if (!is_set_in_loop(view, var)) return var;
    IrVar *known = map_get(&view->outside, var);
    if (known) return known;
    view->depth++;
    IrVar *found = outside_of(view, var);
    view->depth--;
    if (found) map_put(&view->outside, view->arena, var, found);
    return found;
}

// ------------------------------------------------------------------------------------- the loops

static tb_items items_of(IrRepr repr)
{
    return repr == REPR_INT     ? TB_ITEMS_INT
           : repr == REPR_FLOAT ? TB_ITEMS_FLOAT
           : repr == REPR_BOOL  ? TB_ITEMS_BOOL
                                : TB_ITEMS_BOXED;
}

// The command's place for a view, empty or not; NULL: it does not access an item.
static IrOperand *view_place(IrOp *op)
{
    if (op->kind == IR_ITEM_GET) return &op->args[2];
    return op->kind == IR_ITEM_SET ? &op->args[3] : NULL;
}

static void view_access(View *view, IrOp *op)
{
    IrOperand *place = view_place(op);
    if (!place || place->kind != OPERAND_NONE || op->args[0].kind != OPERAND_VAR) return;
    IrVar *list = outside(view, op->args[0].as.var);
    if (!list) return;
    IrRepr repr = op->kind == IR_ITEM_GET ? (IrRepr)op->dst->repr : ir_operand_repr(op->args[2]);
    *place = operand_var(view_of(view, list, items_of(repr)));
    place->as.var->use_count++;
}

static void view_accesses(View *view, const IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        view_access(view, op);
        if (!ir_has_blocks(op)) continue;
        view_accesses(view, op->body);
        if (op->other) view_accesses(view, op->other);
    }
}

static void note_setters(View *view, const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (op->dst) view->setters[op->dst->number] = view->loop;
        for (int i = 0; i < op->arg_count; i++)
            if (ir_writes_argument(op, i)) view->setters[op->args[i].as.var->number] = view->loop;
        if (!ir_has_blocks(op)) continue;
        note_setters(view, op->body);
        if (op->other) note_setters(view, op->other);
    }
}

static void view_loop(View *view, IrBlock *around, IrOp **link)
{
    view->loop = *link;
    view->around = around;
    view->link = link;
    view->loop_changes = changes_in(view, view->loop->body);
    if (view->loop_changes & CHANGE_LISTS) return;
    note_setters(view, view->loop->body);
    if (view->loop->dst) view->setters[view->loop->dst->number] = view->loop;
    view->outside = (Map){0};
    memset(view->views, 0, sizeof view->views);
    view_accesses(view, view->loop->body);
}

// Finalizers, which may do anything, run at the heads of loops: but of no loop that has views, nor
// in what such a loop calls, so only of those that change lists anyway.
static void settle_polls(const View *view, const IrBlock *block, bool is_quiet)
{
    for (IrOp *op = block->first; op; op = op->next) {
        if (op->kind == IR_POLL) op->is_quiet = is_quiet;
        if (!ir_has_blocks(op)) continue;
        bool is_loop = op->kind == IR_LOOP || op->kind == IR_COUNT;
        bool is_quiet_inside = is_loop ? !(changes_in(view, op->body) & CHANGE_LISTS) : is_quiet;
        settle_polls(view, op->body, is_quiet_inside);
        if (op->other) settle_polls(view, op->other, is_quiet_inside);
    }
}

static void view_block(View *view, IrBlock *block)
{
    for (IrOp **link = &block->first; *link; link = &(*link)->next) {
        IrOp *op = *link;
        if (!ir_has_blocks(op)) continue;
        if (op->kind == IR_LOOP || op->kind == IR_COUNT) view_loop(view, block, link);
        while (*link != op)
            link = &(*link)->next;
        view_block(view, op->body);
        if (op->other) view_block(view, op->other);
    }
}

static void note_makers(View *view, const IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        if (op->dst && op->dst->set_count == 1) view->makers[op->dst->number] = op;
        if (!ir_has_blocks(op)) continue;
        note_makers(view, op->body);
        if (op->other) note_makers(view, op->other);
    }
}

// What is made on the way stands in no loop that is gone through later, so only variables there are
// now have makers and setters.
static void view_function(View *view, IrFunction *function)
{
    view->function = function;
    view->makers = ARENA_ARRAY(view->arena, IrOp *, function->var_count + 1);
    view->setters = ARENA_ARRAY(view->arena, const IrOp *, function->var_count + 1);
    note_makers(view, function->body);
    view_block(view, function->body);
}

void view_program(IrProgram *program)
{
    View view = {.arena = program->arena};
    mark_functions(&view, program);
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        settle_polls(&view, function->body, false);
        if (!function->slow) continue;
        settle_polls(&view, function->slow->body, false);
        view_function(&view, function);
    }
}
