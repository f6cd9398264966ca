// The passes over the IR. See opt.h.
#include "opt.h"

// ---------------------------------------------------------------------------------------- failures
//
// A function can fail when one of its commands can, or when it calls one that can, or when it is part of a cycle of
// calls: then its stack may not suffice. The functions that cannot are found from the leaves up: each round marks those
// all of whose calls are to functions already marked; a cycle never gets marked.

static bool block_can_fail(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (ir_can_fail(op)) return true;
        if (op->body && block_can_fail(op->body)) return true;
        if (op->other && block_can_fail(op->other)) return true;
    }
    return false;
}

static void find_failures(IrProgram *program)
{
    bool changed = true;
    for (int round = 0; changed && round < 8; round++) { // deeper chains of small functions keep their checks
        changed = false;
        for (int i = 0; i < program->functions.count; i++) {
            IrFunction *function = program->functions.items[i];
            if (!function->can_fail || block_can_fail(function->body)) continue;
            function->can_fail = false;
            changed = true;
        }
    }
}

void opt_program(IrProgram *program)
{
    find_failures(program);
}
