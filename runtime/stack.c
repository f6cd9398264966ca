// The stack a program runs on.
//
//     base                         floor                            top
//      | guard | reserve for C code | ...  <--- frames of the program |
//
// It is mapped once, without claiming memory, and reused by later runs. `swapcontext` moves onto it
// and back. Signals are handled while it is in use: SIGINT lifts the limit so that the program
// stops at the next check, SIGPIPE becomes an ordinary write error, and SIGSEGV tells an overflow
// in C code from a fault.
#include "stack.h"
#include "gc.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define DEFAULT_SIZE      (512L << 20) // a million frames of half a kilobyte
#define LEAST_SIZE        (1L << 20)
#define MOST_SIZE         (1L << 42)
#define GUARD_SIZE        (256L << 10) // more than the frame of any C function, so that none steps over it
#define RESERVE           (256L << 10) // for C code called by the last frame that fits
#define SMALL_PAGES_SIZE  (4L << 20)
#define KEEP_RESIDENT     (256L << 10) // what a run may leave touched for the next one
#define SIGNAL_STACK_SIZE (64L << 10)

#define STATUS_FAILED 1
#define STATUS_FAULT  3

// ------------------------------------------------------------------------------------------ limits

tb_value tb_stack_overflow(void)
{
    tb_value due = tb_interrupt();
    if (due == TB_PENDING) return TB_PENDING;
    if (tb_stack_ok()) return TB_NONE_VALUE; // the limit was lifted to be asked
    return tb_raise_error(&tb_error_recursion, "the calls are nested too deeply for the stack");
}

// Puts the limit back in its place, unless someone asks for attention between the two.
static void lower_limit(void)
{
    tb_rt.stack_limit = tb_rt.stack_floor;
    if (tb_rt.interrupted & TB_PRESSES || tb_rt.enter_tier) tb_rt.stack_limit = (char *)UINTPTR_MAX;
}

static void enter_second_tier(void)
{
    void (*enter)(void *tier) = tb_rt.enter_tier;
    tb_rt.enter_tier = NULL;
    lower_limit();
    enter(tb_rt.tier);
}

void tb_tier_ready(void (*enter)(void *tier), void *tier)
{
    tb_rt.tier = tier;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    tb_rt.enter_tier = enter;
    __atomic_fetch_or(&tb_rt.interrupted, TB_SECOND_TIER, __ATOMIC_SEQ_CST);
    __atomic_store_n(&tb_rt.stack_limit, (char *)UINTPTR_MAX, __ATOMIC_SEQ_CST);
}

tb_value tb_interrupt(void)
{
    if (TB_UNLIKELY(tb_rt.enter_tier)) enter_second_tier();
    if (TB_LIKELY(!(tb_rt.interrupted & TB_PRESSES))) return TB_NONE_VALUE;
    __atomic_fetch_and(&tb_rt.interrupted, ~TB_PRESSES, __ATOMIC_RELAXED);
    lower_limit();
    return tb_raise_error(&tb_error_interrupt, "interrupted");
}

// ----------------------------------------------------------------------------------------- signals

// What ends a guarded run, beside an invalid access.
#define CRASH_COUNT 4
static const int crash_signals[CRASH_COUNT] = {SIGBUS, SIGFPE, SIGILL, SIGABRT};

// The signals that are handled while a program runs, and what was done about them before.
typedef struct signals {
    struct sigaction interrupt, pipe, fault;
    struct sigaction crashes[CRASH_COUNT];
    stack_t stack;
} signals;

// Ends a guarded run from a signal's handler.
static void escape(int number)
{
    if (tb_rt.rescue) siglongjmp(*(sigjmp_buf *)tb_rt.rescue, number);
}

// The first Ctrl-C asks the program to stop; the next one, when it did not, ends the process; in a
// guarded run the third ends the run.
static void on_interrupt(int number)
{
    int presses = tb_rt.interrupted & TB_PRESSES;
    if (presses && tb_rt.rescue) {
        if (presses < TB_PRESSES) tb_rt.interrupted += 1;
        if (presses > 1) escape(number);
        return;
    }
    if (presses) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    __atomic_fetch_add(&tb_rt.interrupted, 1, __ATOMIC_RELAXED);
    tb_rt.stack_limit = (char *)UINTPTR_MAX;
}

static void say(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

// Only async-signal-safe calls here; it runs on the alternate stack.
static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    escape(number);
    char *address = info->si_addr;
    if (address >= tb_rt.stack_base && address < tb_rt.stack_floor) {
        say("error: RecursionError: the stack is used up\n");
        _exit(STATUS_FAILED);
    }
    say("internal error: invalid memory access; this is a fault of Tombo, please report it\n");
    _exit(STATUS_FAULT);
}

static void signals_begin(signals *former, void *signal_stack)
{
    stack_t stack = {.ss_sp = signal_stack, .ss_size = SIGNAL_STACK_SIZE};
    sigaltstack(&stack, &former->stack);
    // No SA_RESTART: a program that waits for input must notice.
    struct sigaction interrupt = {.sa_handler = on_interrupt};
    struct sigaction pipe = {.sa_handler = SIG_IGN};
    struct sigaction fault = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGINT, NULL, &former->interrupt);
    int is_ignored =
        former->interrupt.sa_handler == SIG_IGN; // started in the background by a shell
    if (!is_ignored) sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGPIPE, &pipe, &former->pipe);
#ifdef __SANITIZE_ADDRESS__
    sigaction(SIGSEGV, NULL, &former->fault); // the sanitizer has more to say about it
    (void)fault;
#else
    sigaction(SIGSEGV, &fault, &former->fault);
#endif
    for (int i = 0; tb_rt.rescue && i < CRASH_COUNT; i++)
        sigaction(crash_signals[i], &fault, &former->crashes[i]);
}

static void signals_end(const signals *former)
{
    sigaction(SIGINT, &former->interrupt, NULL);
    sigaction(SIGPIPE, &former->pipe, NULL);
    sigaction(SIGSEGV, &former->fault, NULL);
    for (int i = 0; tb_rt.rescue && i < CRASH_COUNT; i++)
        sigaction(crash_signals[i], &former->crashes[i], NULL);
    sigaltstack(&former->stack, NULL);
}

// --------------------------------------------------------------------------------------- the stack

// Reads a size such as `64M` into [size]. 0, or -1 when [text] is none or out of range.
static int read_size(const char *text, int64_t *size)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (shift) end++;
    if (errno || end == text || *end || number < 0 || number > MOST_SIZE >> shift) return -1;
    *size = number << shift;
    return *size < LEAST_SIZE ? -1 : 0;
}

static int64_t round_to_pages(int64_t size)
{
    int64_t page = sysconf(_SC_PAGESIZE);
    return (size + page - 1) / page * page;
}

// Maps a stack of [size] bytes or, where the address space is limited, the largest half, quarter, …
// of it.
static char *map_stack(int64_t *size)
{
    for (; *size >= LEAST_SIZE; *size = round_to_pages(*size / 2)) {
        void *base = mmap(NULL, (size_t)*size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (base != MAP_FAILED) return base;
    }
    return NULL;
}

// Small pages near the top, so that a program that needs little takes little; huge ones below,
// where a program that recurses deeply would otherwise spend most of its time on page faults.
static void choose_pages(char *base, int64_t size)
{
    int64_t small = size < SMALL_PAGES_SIZE ? size : SMALL_PAGES_SIZE;
    madvise(base, (size_t)(size - small), MADV_HUGEPAGE);
    madvise(base + size - small, (size_t)small, MADV_NOHUGEPAGE);
}

static int64_t default_size(void)
{
    int64_t half = sysconf(_SC_PHYS_PAGES) / 2 * sysconf(_SC_PAGESIZE);
    return half >= LEAST_SIZE && half < DEFAULT_SIZE ? half : DEFAULT_SIZE;
}

// Reserves the big stack. 0, or -1 after a message.
static int reserve_stack(void)
{
    int64_t size = default_size();
    const char *wish = getenv("TOMBO_STACK");
    if (wish && *wish && read_size(wish, &size) < 0) {
        fprintf(stderr,
                "error: TOMBO_STACK must be a size from 1M to 4096G such as `64M`, not `%s`\n",
                wish);
        return -1;
    }
    size = round_to_pages(size);
    char *base = map_stack(&size);
    if (!base || mprotect(base, GUARD_SIZE, PROT_NONE) < 0) {
        fprintf(stderr, "error: no room for the stack: %s\n", strerror(errno));
        return -1;
    }
    choose_pages(base, size);
    tb_rt.stack_base = base;
    // The last page stays unused: the stack's end would look like a pointer to what lies behind it.
    tb_rt.stack_size = size - round_to_pages(1);
    return 0;
}

// Gives back what an earlier, deeper run has touched.
static void trim_stack(void)
{
    int64_t size = tb_rt.stack_size - KEEP_RESIDENT - GUARD_SIZE;
    madvise(tb_rt.stack_base + GUARD_SIZE, (size_t)size, MADV_DONTNEED);
}

// ---------------------------------------------------------------------------------- moving onto it

// What is to run on the big stack, and the way back.
typedef struct run {
    int (*body)(void *argument);
    void *argument;
    int result;
    int signal; // that ended it
    ucontext_t here, there;
    sigjmp_buf rescue;
} run;

// makecontext passes ints only, so the address of the run comes in two halves.
static void enter(unsigned high, unsigned low)
{
    run *r = (run *)((uintptr_t)high << 32 | low);
    tb_gc_set_stack_bottom(tb_rt.stack_base + tb_rt.stack_size);
    r->result = r->body(r->argument);
}

static int switch_and_run(run *r)
{
    if (getcontext(&r->there) < 0) return -1;
    r->there.uc_stack.ss_sp = tb_rt.stack_base + GUARD_SIZE;
    r->there.uc_stack.ss_size = (size_t)(tb_rt.stack_size - GUARD_SIZE);
    r->there.uc_link = &r->here;
    uintptr_t address = (uintptr_t)r;
    makecontext(&r->there, (void (*)(void))enter, 2, (unsigned)(address >> 32), (unsigned)address);
    tb_rt.stack_floor = tb_rt.stack_base + GUARD_SIZE + RESERVE;
    lower_limit(); // Ctrl-C may have been pressed already
    return swapcontext(&r->here, &r->there) ? -1 : r->result;
}

// The same, with a way back for crashes. Nothing here is read after the jump that was changed
// before.
static int switch_and_run_guarded(run *r)
{
    r->signal = tb_rt.rescue ? sigsetjmp(r->rescue, 1) : 0;
    return r->signal ? -1 : switch_and_run(r);
}

static int start_run(run *r)
{
    if (tb_rt.stack_base)
        trim_stack();
    else if (reserve_stack() < 0)
        return -1;
    void *signal_stack =
        mmap(NULL, SIGNAL_STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (signal_stack == MAP_FAILED)
        return fprintf(stderr, "error: no room for a stack: %s\n", strerror(errno)), -1;
    signals former;
    void *former_bottom = tb_gc_stack_bottom();
    char *former_limit = tb_rt.stack_limit;
    signals_begin(&former, signal_stack);
    int result = switch_and_run_guarded(r);
    tb_rt.stack_floor = NULL;
    tb_rt.stack_limit = former_limit;
    tb_rt.interrupted = 0;
    tb_gc_set_stack_bottom(former_bottom);
    signals_end(&former);
    munmap(signal_stack, SIGNAL_STACK_SIZE);
    return result;
}

int tb_stack_run(int (*body)(void *argument), void *argument)
{
    if (tb_rt.stack_floor) return body(argument);
    run r = {.body = body, .argument = argument};
    return start_run(&r);
}

int tb_stack_run_guarded(int (*body)(void *argument), void *argument, int *signal)
{
    run r = {.body = body, .argument = argument};
    tb_rt.rescue = &r.rescue;
    int result = start_run(&r);
    tb_rt.rescue = NULL;
    *signal = r.signal;
    return result;
}
