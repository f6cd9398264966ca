// Running a function on a stack of its own: reserved address space and a switch of contexts.

#include "deep.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { STACK_BYTES = 256 << 20 };

typedef struct Call {
    int (*body)(void *argument);
    void *argument;
    int result;
} Call;

// makecontext passes ints only: the address of the call comes in two halves.
static void enter(unsigned high, unsigned low)
{
    Call *call = (Call *)(uintptr_t)((uint64_t)high << 32 | low);
    call->result = call->body(call->argument);
}

int deep_call(int (*body)(void *argument), void *argument)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (stack == MAP_FAILED) return body(argument);
    Call call = {body, argument, 0};
    ucontext_t here, there;
    uint64_t address = (uintptr_t)&call;
    if (getcontext(&there) != 0) {
        call.result = body(argument);
    } else {
        there.uc_stack.ss_sp = stack;
        there.uc_stack.ss_size = STACK_BYTES;
        there.uc_link = &here;
        makecontext(&there, (void (*)(void))enter, 2, (unsigned)(address >> 32), (unsigned)address);
        swapcontext(&here, &there);
    }
    munmap(stack, STACK_BYTES);
    return call.result;
}
