// The big stack programs run on, and what can stop them: its limit and Ctrl-C.
//
// A program runs on a stack of its own: 1 GB, or half the machine's memory if that is less;
// TOMBO_STACK says otherwise (`64M`, `8G`). Only address space is reserved, pages come when
// touched. Each function of the program compares its frame with `tb_rt.stack_limit`; what does not
// fit is a RecursionError. Below the limit lies a reserve for the runtime's own C code, below that
// a guard page that turns an overflow there into a last message.
//
// Ctrl-C lifts the limit above every frame, so that the next function to be entered notices; loops
// ask tb_interrupt. A second Ctrl-C before the first was noticed ends the process.
#ifndef TB_STACK_H
#define TB_STACK_H

#include "error.h"

// Whether the frame of the function this is used in lies above the limit. If not:
// tb_stack_overflow().
#define tb_stack_ok() TB_LIKELY((char *)__builtin_frame_address(0) > tb_rt.stack_limit)

// What to do when tb_stack_ok() is false: raises Interrupt if Ctrl-C was the reason, lets optimised
// code take over and returns TB_NONE_VALUE if that was, else raises RecursionError. Returns
// TB_PENDING where it raised.
TB_COLD tb_value tb_stack_overflow(void);

// Raises Interrupt if Ctrl-C was pressed (returns TB_PENDING), otherwise returns TB_NONE_VALUE. For
// loops and for system calls that came back with EINTR.
tb_value tb_interrupt(void);

// Asks the program to let optimised code take over: enter(tier) will be called once, on the
// program's own thread, at the head of a loop or the start of a function, and from then on the
// loops of the first tier are left. May be called from another thread, once a run.
void tb_tier_ready(void (*enter)(void *tier), void *tier);

// The same as tb_stack_run below, but a crash of the body (an invalid access, an overflow of the
// stack in C code, abort) and a third Ctrl-C that nobody noticed end it: then *signal is the
// signal, otherwise 0. What the body was in the middle of stays as it was.
int tb_stack_run_guarded(int (*body)(void *argument), void *argument, int *signal);

// Runs body(argument) on the big stack, with SIGINT, SIGPIPE and SIGSEGV taken care of, and returns
// its result. The stack is kept for the next call. Called from the big stack itself it simply
// calls. Collected objects that only the caller's frames point to are not seen meanwhile. Returns
// -1, after a message on standard error, when no stack can be had or TOMBO_STACK cannot be read.
int tb_stack_run(int (*body)(void *argument), void *argument);

#endif
