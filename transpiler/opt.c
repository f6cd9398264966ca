// The passes over the IR. See opt.h.
#include "opt.h"

#include "infer.h"

#include <string.h>

// ---------------------------------------------------------------------------------------- failures
//
// A function can fail when one of its commands can, or when it calls one that can, or when it is
// part of a cycle of calls: then its stack may not suffice. The functions that cannot are found
// from the leaves up: each round marks those all of whose calls are to functions already marked; a
// cycle never gets marked.

static bool block_can_fail(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (ir_can_fail(op)) return true;
        if (!ir_has_blocks(op)) continue;
        if (block_can_fail(op->body) || (op->other && block_can_fail(op->other))) return true;
    }
    return false;
}

static void find_failures(IrProgram *program)
{
    bool changed = true;
    for (int round = 0; changed && round < 8;
         round++) { // deeper chains of small functions keep their checks
        changed = false;
        for (int i = 0; i < program->functions.count; i++) {
            IrFunction *function = program->functions.items[i];
            if (!function->can_fail || block_can_fail(function->body)) continue;
            function->can_fail = false;
            changed = true;
        }
    }
}

// -------------------------------------------------------------------------------------- simplify
//
// Handlers of what cannot fail go. Then uses are counted, and a command whose result is only moved
// on into a variable right behind it gives its result to that variable itself: `t1 = add a, b; c =
// move t1` is `c = add a, b`. Not where a handler in the function might see the variable after the
// command failed.

static void count_exit_uses(const IrExit *exit)
{
    for (int i = 0; i < exit->count; i++)
        exit->fast[i].as.var->use_count++;
    if (exit->value.kind == OPERAND_VAR) exit->value.as.var->use_count++;
}

static void count_uses(IrFunction *function, const IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            if (op->args[i].kind == OPERAND_VAR) op->args[i].as.var->use_count++;
        if (op->dst) op->dst->set_count++;
        if (ir_exit_of(op)) count_exit_uses(ir_exit_of(op));
        if (op->kind == IR_CAPTURED) function->uses_self = true;
        if (!ir_has_blocks(op)) continue;
        if (op->kind == IR_COUNT) op->dst->use_count++; // the loop compares it
        if (op->kind == IR_TRY && !block_can_fail(op->body)) {
            op->kind = IR_BLOCK;
            op->other = NULL;
        }
        count_uses(function, op->body);
        if (op->other) count_uses(function, op->other);
    }
}

void opt_count_uses(IrFunction *function)
{
    count_uses(function, function->body);
}

static bool mentions(const IrOp *op, const IrVar *var)
{
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR && op->args[i].as.var == var) return true;
    return false;
}

// Whether [op] could as well write to the variable that [move] writes to.
static bool can_forward(const IrOp *op, const IrOp *move, bool is_guarded)
{
    const IrVar *var = op->dst;
    if (!var || var->name || var->use_count != 1 || var->set_count != 1 || op->kind == IR_COUNT)
        return false;
    if (!move || move->kind != IR_MOVE || move->args[0].kind != OPERAND_VAR ||
        move->args[0].as.var != var)
        return false;
    if (is_guarded && ir_can_fail(op)) return false;
    // These write to the result, or let the runtime write to an argument, before they have read all
    // operands.
    bool is_plain = op->kind != IR_FIELD_GET && op->kind != IR_RUNTIME;
    return is_plain || !mentions(op, move->dst);
}

static void forward_results(IrBlock *block, bool is_guarded)
{
    for (IrOp *op = block->first; op; op = op->next) {
        while (can_forward(op, op->next, is_guarded)) {
            op->dst = op->next->dst;
            op->next = op->next->next;
            if (!op->next) block->last = op;
        }
        if (!ir_has_blocks(op)) continue;
        forward_results(op->body, is_guarded || op->kind == IR_TRY);
        if (op->other) forward_results(op->other, is_guarded);
    }
}

static void simplify(IrFunction *function)
{
    count_uses(function, function->body);
    forward_results(function->body, false);
}

// ------------------------------------------------------------------------------------------- reach
//
// Only what the program's start can reach is kept: functions, and the literals, globals and library
// functions they name. A function is simplified on the way, while it is at hand.

typedef struct Reach {
    IrProgram *program;
    VEC(IrFunction *) waiting;
} Reach;

static void reach_function(Reach *reach, IrFunction *function)
{
    if (!function || function->is_used) return;
    function->is_used = true;
    VEC_PUSH(reach->program->arena, reach->waiting, function);
}

// A function as a value runs through its boxed form.
static void reach_value(Reach *reach, IrFunction *function)
{
    function->needs_value = function->has_info = true;
    reach_function(reach, function);
    reach_function(reach, function->boxed);
}

// A closure needs no static function object.
static void reach_closure(Reach *reach, IrFunction *function)
{
    function->has_info = true;
    reach_function(reach, function);
    reach_function(reach, function->boxed);
}

static void reach_operand(Reach *reach, IrOperand operand)
{
    if (operand.kind == OPERAND_LITERAL) operand.as.literal->is_used = true;
    if (operand.kind == OPERAND_FUNCTION) reach_value(reach, operand.as.function);
}

// What the command names beside its operands.
static void reach_named(Reach *reach, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_RUNTIME:
    case IR_SPREAD_CALL:
        for (int i = 0; i < op->label_count; i++)
            op->labels[i]->is_used = true;
        if (op->as.routine->is_library) ((IrRoutine *)(uintptr_t)op->as.routine)->is_used = true;
        break;
    case IR_CALL:
        reach_function(reach, op->as.callee);
        break;
    case IR_CLOSURE:
        reach_closure(reach, op->as.callee);
        break;
    case IR_GLOBAL_GET:
    case IR_GLOBAL_SET:
        op->as.global->is_used = true;
        break;
    case IR_FIELD_GET:
        op->field->is_used = true;
        break;
    default:
        break;
    }
}

static void reach_block(Reach *reach, const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            reach_operand(reach, op->args[i]);
        reach_named(reach, op);
        if (!ir_has_blocks(op)) continue;
        reach_block(reach, op->body);
        if (op->other) reach_block(reach, op->other);
    }
}

static IrLiteral *name_literal(const IrProgram *program, const Name *name)
{
    return map_get(&program->text_literals,
                   name_of(&program->compiler->names, name->text, name->size));
}

static void reach_class(Reach *reach, ClassInfo *cls)
{
    for (int i = 0; i < cls->methods.count; i++) {
        IrFunction *method = cls->methods.items[i]->lowered;
        if (!method) continue;
        if (method->is_closure)
            reach_closure(reach, method);
        else
            reach_value(reach, method);
        name_literal(reach->program, cls->methods.items[i]->name)->is_used = true;
    }
    const ClassFacts *facts = infer_class_facts(cls);
    for (int i = 0; i < facts->fields.count; i++)
        name_literal(reach->program, facts->fields.items[i]->name)->is_used = true;
}

static void reach_module(Reach *reach, const struct Module *module)
{
    for (int i = 0; i < module->exports.count; i++) {
        const Symbol *member = module->exports.items[i];
        IrLiteral *name = name_literal(reach->program, member->name);
        if (name) name->is_used = true;
        ((Symbol *)(uintptr_t)member)->is_used = true;
        if (member->kind == SYMBOL_FUNCTION && member->function->lowered)
            reach_value(reach, member->function->lowered);
        if (member->kind == SYMBOL_OVERLOADS) reach_operand(reach, *(IrOperand *)member->lowered);
    }
}

#define KEEP_USED(vec)                                                                             \
    do {                                                                                           \
        int kept_ = 0;                                                                             \
        for (int i_ = 0; i_ < (vec).count; i_++)                                                   \
            if ((vec).items[i_]->is_used) (vec).items[kept_++] = (vec).items[i_];                  \
        (vec).count = kept_;                                                                       \
    } while (0)

static void keep_reached(IrProgram *program)
{
    Reach reach = {.program = program};
    reach_function(&reach, program->start);
    for (int i = 0; i < program->classes.count; i++)
        reach_class(&reach, program->classes.items[i]);
    for (int i = 0; i < program->module_values.count; i++)
        reach_module(&reach, program->module_values.items[i]);
    for (int i = 0; i < reach.waiting.count; i++) {
        simplify(reach.waiting.items[i]);
        reach_block(&reach, reach.waiting.items[i]->body);
    }
    KEEP_USED(program->functions);
    KEEP_USED(program->literals);
    KEEP_USED(program->routines);
    KEEP_USED(program->globals);
}

void opt_program(IrProgram *program)
{
    find_failures(program);
    keep_reached(program);
}
