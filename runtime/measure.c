// A program that measures itself.
//
// The timer is ITIMER_PROF: it does not interrupt a program that waits, and a heap does not change
// while it does. Its handler only reads numbers and writes into a block made before. When that is
// full, every second sample goes and the next ones are taken half as often, so that the samples
// always cover the whole run evenly.
#include "measure.h"
#include "gc.h"
#include "survey.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define PERIOD_US    1000 // the system rounds it up to its own clock's
#define SAMPLE_COUNT 4096
#define STACK_DEPTH  24 // enough to get from C code deep in the runtime to the program's function
#define SKIPPED_MOST 4  // frames of the handler and of the signal itself

typedef struct sample {
    int64_t ns; // processor time
    size_t used;
    int depth; // of its stack
} sample;

typedef struct tb_measurement {
    size_t made_before; // what the collector itself handed out while it started
    int64_t start_ns;
    size_t live_most; // after the collection that left most
    int64_t most_at_ns;
    // What it left, and what the last one did. Not in a frame, where the collector would take for
    // roots what lay there before.
    tb_survey largest, last;
    int has_stacks;
    int64_t stride; // a sample every so many ticks
    int64_t ticks;
    int64_t count;
    sample samples[SAMPLE_COUNT];
    void *stacks[SAMPLE_COUNT][STACK_DEPTH]; // not touched without has_stacks
} tb_measurement;

// ----------------------------------------------------------------------------------------- samples

static int64_t processor_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

// Keeps every second sample.
static void thin_out(tb_measurement *m)
{
    m->count /= 2;
    for (int64_t i = 0; i < m->count; i++) {
        m->samples[i] = m->samples[2 * i];
        if (m->has_stacks) memcpy(m->stacks[i], m->stacks[2 * i], sizeof m->stacks[i]);
    }
    m->stride *= 2;
}

// The instruction the signal came at; NULL where we cannot tell.
static void *interrupted_at(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (void *)(uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (void *)(uintptr_t)context->uc_mcontext.pc;
#else
    (void)context;
    return NULL;
#endif
}

// Writes the stack from the interrupted instruction on, which backtrace finds behind the handler's
// own frames, and returns its depth.
static int take_stack(void **stack, void *interrupted)
{
    void *frames[STACK_DEPTH + SKIPPED_MOST];
    int count = backtrace(frames, STACK_DEPTH + SKIPPED_MOST), first = 0, depth = 1;
    while (first < count && frames[first] != interrupted)
        first++;
    stack[0] = interrupted;
    for (int i = first + 1; i < count && depth < STACK_DEPTH; i++)
        stack[depth++] = (char *)frames[i] - 1; // inside the call, not behind it
    return depth;
}

static void take_sample(tb_measurement *m, void *interrupted)
{
    if (m->count == SAMPLE_COUNT) thin_out(m);
    sample *s = &m->samples[m->count];
    s->ns = processor_ns() - m->start_ns;
    s->used = tb_gc_used_size();
    s->depth = m->has_stacks && interrupted ? take_stack(m->stacks[m->count], interrupted) : 0;
    m->count++;
}

static void on_tick(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info;
    tb_measurement *m = tb_rt.measurement;
    int former = errno;
    if (++m->ticks % m->stride == 0) take_sample(m, interrupted_at(context));
    errno = former;
}

// Takes a survey of the largest heap. One that is only a little larger is not worth another.
static void on_collection(void)
{
    tb_measurement *m = tb_rt.measurement;
    size_t live = tb_rt.heap.live;
    if (live < m->live_most + m->live_most / 8) return;
    m->live_most = live;
    m->most_at_ns = processor_ns() - m->start_ns;
    tb_survey_take(&m->largest);
}

static void set_timer(int period_us)
{
    struct timeval period = {.tv_usec = period_us};
    struct itimerval timer = {.it_interval = period, .it_value = period};
    setitimer(ITIMER_PROF, &timer, NULL);
}

// Begins to take samples. Returns NULL when there is no room for them.
static tb_measurement *start_samples(int has_stacks)
{
    tb_measurement *m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (m == MAP_FAILED) return NULL;
    m->has_stacks = has_stacks;
    m->stride = 1;
    m->made_before = tb_gc_made_size();
    m->start_ns = processor_ns();
    void *first;
    if (has_stacks) backtrace(&first, 1); // loads what it needs, which no handler may do
    tb_rt.measurement = m;
    struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGPROF, &action, NULL);
    if (!has_stacks) take_sample(m, NULL);
    set_timer(PERIOD_US);
    if (!has_stacks) tb_rt.heap.watch = on_collection;
    return m;
}

static void stop_samples(tb_measurement *m)
{
    set_timer(0);
    signal(SIGPROF, SIG_IGN); // one may be on its way
    if (!m->has_stacks) take_sample(m, NULL);
}

// ------------------------------------------------------------------------------------- the process

// The number of KiB behind [label] at the start of a line of a file under /proc, in bytes; 0 when
// the system does not tell.
static size_t proc_size(const char *path, const char *label)
{
    char line[256];
    size_t size = 0, length = strlen(label);
    FILE *file = fopen(path, "re");
    while (file && size == 0 && fgets(line, sizeof line, file))
        if (strncmp(line, label, length) == 0) size = strtoul(line + length, NULL, 10) << 10;
    if (file) fclose(file);
    return size;
}

extern char __executable_start[], etext[], __data_start[], _end[]; // by the linker

// ------------------------------------------------------------------------------------------ report

typedef struct kind_writer {
    FILE *file;
    const char *word;
} kind_writer;

static void put_kind(const char *name, int is_own_class, const tb_survey_row *row,
                     void *writer_pointer)
{
    const kind_writer *w = writer_pointer;
    fprintf(w->file, "%s %" PRId64 " %zu %s %s\n", w->word, row->count, row->size,
            is_own_class ? "own" : "built-in", name);
}

static void put_kinds(FILE *file, const char *word, const tb_survey *survey)
{
    kind_writer writer = {file, word};
    tb_survey_each(survey, put_kind, &writer);
}

// What a last collection leaves, and what the one that left most did if that was much more.
static void put_surveys(FILE *file, tb_measurement *m)
{
    tb_rt.heap.watch = NULL;
    fprintf(file, "ending_used %zu\n", tb_gc_used_size());
    tb_gc_collect();
    tb_survey_take(&m->last);
    const tb_survey *last = &m->last;
    fprintf(file, "live %zu\nobjects %" PRId64 "\nother %zu\n", last->total, last->object_count,
            last->total - last->attributed);
    put_kinds(file, "kind", last);
    const tb_survey *largest = &m->largest;
    if (largest->total <= last->total + last->total / 8) return;
    fprintf(file, "most_live %zu\nmost_objects %" PRId64 "\nmost_other %zu\nmost_at %" PRId64 "\n",
            largest->total, largest->object_count, largest->total - largest->attributed,
            m->most_at_ns);
    put_kinds(file, "most_kind", largest);
}

static void put_samples(FILE *file, const tb_measurement *m)
{
    for (int64_t i = 0; i < m->count; i++) {
        const sample *s = &m->samples[i];
        if (!m->has_stacks) fprintf(file, "heap_sample %" PRId64 " %zu\n", s->ns, s->used);
        if (s->depth) fprintf(file, "stack");
        for (int j = 0; j < s->depth; j++)
            fprintf(file, " %" PRIxPTR, (uintptr_t)m->stacks[i][j]);
        if (s->depth) fprintf(file, "\n");
    }
}

static void put_collections(FILE *file, const tb_measurement *m)
{
    const tb_heap *heap = &tb_rt.heap;
    fprintf(file, "allocated %zu\ncollections %zu\n", tb_gc_made_size() - m->made_before,
            tb_gc_collection_count());
    fprintf(file, "longest_pause %" PRId64 "\ntotal_pause %" PRId64 "\n", heap->pause_longest_ns,
            heap->pause_total_ns);
}

static void put_start(FILE *file)
{
    fprintf(file, "code %zu\ndata %zu\n", (size_t)(etext - __executable_start),
            (size_t)(_end - __data_start));
    fprintf(file, "start_size %zu\nstart_resident %zu\n",
            proc_size("/proc/self/smaps_rollup", "Pss:"),
            proc_size("/proc/self/smaps_rollup", "Rss:"));
    fflush(file);
}

// Opens the report; NULL when none is wanted or it cannot be had.
static FILE *open_report(int *has_stacks)
{
    const char *path = getenv("TOMBO_REPORT");
    FILE *file = path ? fopen(path, "we") : NULL;
    if (path && !file) perror("error: cannot write the report");
    *has_stacks = getenv("TOMBO_REPORT_STACKS") != NULL;
    unsetenv("TOMBO_REPORT");
    unsetenv("TOMBO_REPORT_STACKS");
    return file;
}

int tb_measure(const tb_program *program, int argc, char **argv)
{
    int has_stacks;
    FILE *file = open_report(&has_stacks);
    if (!file) return tb_run(program, argc, argv);
    tb_gc_init();
    put_start(file);
    tb_measurement *m = start_samples(has_stacks);
    int status = tb_run(program, argc, argv);
    if (!m) return status;
    stop_samples(m);
    fprintf(file, "peak_size %zu\n", proc_size("/proc/self/status", "VmHWM:"));
    put_collections(file, m);
    if (!has_stacks) put_surveys(file, m);
    put_samples(file, m);
    fprintf(file, "end\n");
    if (ferror(file) | fclose(file)) perror("error: cannot write the report");
    return status;
}
