// Two chains hang from tb_rt: finalizers whose objects may live, and those whose turn it is. The
// end of a collection sets TB_FINALIZERS_DUE in tb_rt.interrupted when there are any of the first
// kind; tb_poll then moves those with a cleared link to the other chain and runs that.
#include "finalizer.h"
#include "func.h"
#include "gc.h"
#include "out.h"
#include "report.h"
#include "stack.h"

tb_value tb_finalizer_new(tb_class *cls, tb_value object, tb_value action)
{
    tb_finalizer *finalizer = tb_alloc(sizeof *finalizer);
    if (!finalizer) return TB_PENDING;
    *finalizer =
        (tb_finalizer){.cls = cls, .next = tb_rt.finalizers, .action = action, .link = finalizer};
    if (TB_IS_OBJECT(object)) tb_gc_weaken(&finalizer->link, TB_AS_OBJECT(object));
    tb_rt.finalizers = finalizer;
    return TB_OBJECT(finalizer);
}

tb_value tb_finalizer_run(tb_finalizer *finalizer)
{
    tb_value action = finalizer->action;
    if (action == TB_MISSING) return TB_NONE_VALUE;
    finalizer->action = TB_MISSING;
    return tb_call0(action);
}

// Moves the finalizers whose objects are gone, and drops those that have run.
static void find_due(void)
{
    tb_finalizer **place = &tb_rt.finalizers;
    while (*place) {
        tb_finalizer *finalizer = *place;
        if (finalizer->link && finalizer->action != TB_MISSING) {
            place = &finalizer->next;
            continue;
        }
        *place = finalizer->next;
        finalizer->next = tb_rt.finalizers_due;
        tb_rt.finalizers_due = finalizer;
    }
}

// Runs an action between two statements of a program that knows nothing of it. 0, or -1: something
// that must not be kept from the program is pending.
static int run_aside(tb_finalizer *finalizer)
{
    tb_value handling = tb_rt.handling;
    tb_rt.handling = TB_NONE_VALUE;
    tb_value result = tb_finalizer_run(finalizer);
    tb_rt.handling = handling;
    if (result != TB_PENDING) return 0;
    if (tb_is_exiting() || tb_error_matches(tb_rt.pending, TB_OBJECT(&tb_error_interrupt)) > 0)
        return -1;
    tb_value error = tb_catch(NULL, 0);
    if (tb_out_flush() < 0) tb_catch(NULL, 0);
    tb_report_error(NULL, error);
    return 0;
}

static int run_due(void)
{
    while (tb_rt.finalizers_due) {
        tb_finalizer *finalizer = tb_rt.finalizers_due;
        tb_rt.finalizers_due = finalizer->next;
        if (run_aside(finalizer) < 0) return -1;
    }
    return 0;
}

tb_value tb_poll(void)
{
    // A signal may come at any time: the flag is taken back in one step.
    if (__atomic_fetch_and(&tb_rt.interrupted, ~TB_FINALIZERS_DUE, __ATOMIC_RELAXED) &
        TB_FINALIZERS_DUE)
        find_due();
    if (run_due() < 0) return TB_PENDING;
    return tb_interrupt();
}

void tb_finalizers_end(void)
{
    while (tb_rt.finalizers_due || tb_rt.finalizers) {
        tb_finalizer **chain = tb_rt.finalizers_due ? &tb_rt.finalizers_due : &tb_rt.finalizers;
        tb_finalizer *finalizer = *chain;
        *chain = finalizer->next;
        if (run_aside(finalizer) < 0) tb_catch(NULL, 0);
    }
}
