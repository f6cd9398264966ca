// Actions that follow objects out of memory, for `gc.finalizer`: a function that is called once
// nothing refers to an object any more.
//
// The collector only clears a weak link; the action, which may be any code of the program, waits
// for the next turn of a loop (tb_poll). What is left runs when the program ends.
#ifndef TB_FINALIZER_H
#define TB_FINALIZER_H

#include "value.h"

// An action and the object it waits for. Called, it runs its action at once, if that did not happen
// yet, and returns its result, otherwise None.
typedef struct tb_finalizer {
    tb_class *cls;
    struct tb_finalizer *next; // in one of the two chains of tb_rt
    tb_value action;           // a function without parameters; TB_MISSING: it has run
    void *link;                // NULL once the object is gone
} tb_finalizer;

// A finalizer for [object] as an object of [cls]. What is no block of the collector, like an Int,
// is never gone. TB_PENDING: no memory.
tb_value tb_finalizer_new(tb_class *cls, tb_value object, tb_value action);

// Runs the action and returns its result; None when it has run before.
tb_value tb_finalizer_run(tb_finalizer *finalizer);

// What loops call when tb_rt.interrupted says so: runs the actions that are due, reports the errors
// they throw on standard error, then raises Interrupt if Ctrl-C was pressed (TB_PENDING, as for the
// end of the program in an action). Otherwise returns TB_NONE_VALUE.
tb_value tb_poll(void);

// Runs all actions there are, as the program ends; those of young objects first.
void tb_finalizers_end(void);

#endif
