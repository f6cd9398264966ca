// Running a function on a stack of its own: reserved address space and a switch of contexts. A
// crash meanwhile is the compiler's own, and is reported as such.

#include "deep.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "message.h"

enum { STACK_BYTES = 256 << 20 };

typedef struct Call {
    int (*body)(void *argument);
    void *argument;
    int result;
} Call;

// ---- crashes ------------------------------------------------------------------------------------

// With a sanitizer none: it reports crashes better.
#ifdef __SANITIZE_ADDRESS__
static const int crash_signals[] = {SIGABRT};
#else
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#endif

enum { CRASH_SIGNAL_COUNT = sizeof crash_signals / sizeof *crash_signals };

// What the signals did before, and the stack for what they do now: the other one may be what
// overflowed.
typedef struct Watch {
    struct sigaction former[CRASH_SIGNAL_COUNT];
    stack_t former_stack;
    char stack[16 << 10];
} Watch;

static void report_crash(int number)
{
    (void)number;
    static const char text[] =
        "internal error: Tombo crashed while compiling the program\n"
        "help: this is a fault of Tombo, not of the program; please report it with the program "
        "and what `tombo --version` prints\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(STATUS_INTERNAL); // nobody reads it
    _exit(STATUS_INTERNAL);
}

static void watch_begin(Watch *watch)
{
    stack_t stack = {.ss_sp = watch->stack, .ss_size = sizeof watch->stack};
    struct sigaction action = {.sa_handler = report_crash, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, &watch->former_stack);
    for (int i = 0; i < CRASH_SIGNAL_COUNT; i++)
        sigaction(crash_signals[i], &action, &watch->former[i]);
}

static void watch_end(const Watch *watch)
{
    for (int i = 0; i < CRASH_SIGNAL_COUNT; i++)
        sigaction(crash_signals[i], &watch->former[i], NULL);
    sigaltstack(&watch->former_stack, NULL);
}

// ---- the stack ----------------------------------------------------------------------------------

// makecontext passes ints only: the address of the call comes in two halves.
static void enter(unsigned high, unsigned low)
{
    Call *call = (Call *)(uintptr_t)((uint64_t)high << 32 | low);
    call->result = call->body(call->argument);
}

// Runs the call on [stack]; on the present one where contexts cannot be had.
static void run_on(void *stack, Call *call)
{
    ucontext_t here, there;
    uint64_t address = (uintptr_t)call;
    if (getcontext(&there) != 0) {
        call->result = call->body(call->argument);
        return;
    }
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = STACK_BYTES;
    there.uc_link = &here;
    makecontext(&there, (void (*)(void))enter, 2, (unsigned)(address >> 32), (unsigned)address);
    swapcontext(&here, &there);
}

int deep_call(int (*body)(void *argument), void *argument)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (stack == MAP_FAILED) return body(argument);
    Call call = {body, argument, 0};
    Watch watch;
    watch_begin(&watch);
    run_on(stack, &call);
    watch_end(&watch);
    munmap(stack, STACK_BYTES);
    return call.result;
}
