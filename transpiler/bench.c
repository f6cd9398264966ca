// `tombo bench FILE`: builds the program so that it looks at itself while it runs, runs it once or
// several times, and writes medians and the functions it was found in.

#include "bench.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

typedef struct Bench {
    const Options *options;
    Arena arena;
    MeasuredProgram program;
    VEC(MeasuredRun) runs;
    Report all; // the stacks of all runs
    Hottest hottest;
} Bench;

// ---- medians ------------------------------------------------------------------------------------

typedef double Measure(const MeasuredRun *run);

static double wall(const MeasuredRun *run)
{
    return run->use.wall;
}

static double user(const MeasuredRun *run)
{
    return run->use.user;
}

static double kernel(const MeasuredRun *run)
{
    return run->use.system;
}

static double peak(const MeasuredRun *run)
{
    return (double)run->report.peak_size;
}

static double allocated(const MeasuredRun *run)
{
    return (double)run->report.allocated;
}

static double collections(const MeasuredRun *run)
{
    return (double)run->report.collections;
}

static double longest_pause(const MeasuredRun *run)
{
    return (double)run->report.longest_pause * 1e-9;
}

static double total_pause(const MeasuredRun *run)
{
    return (double)run->report.total_pause * 1e-9;
}

static int by_number(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

// What the runs measured, in rising order.
static double *sorted(Bench *bench, Measure *measure)
{
    int count = bench->runs.count;
    double *numbers = ARENA_ARRAY(&bench->arena, double, count);
    for (int i = 0; i < count; i++)
        numbers[i] = measure(&bench->runs.items[i]);
    qsort(numbers, (size_t)count, sizeof *numbers, by_number);
    return numbers;
}

static double median(Bench *bench, Measure *measure)
{
    int count = bench->runs.count;
    const double *numbers = sorted(bench, measure);
    return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}

// ---- the table ----------------------------------------------------------------------------------

static void put_time(Bench *bench, FILE *out, const char *what, Measure *measure)
{
    fprintf(out, "  %-18s %10.3f s", what, median(bench, measure));
    const double *numbers = sorted(bench, measure);
    if (bench->runs.count > 1)
        fprintf(out, "   %.3f to %.3f s", numbers[0], numbers[bench->runs.count - 1]);
    fprintf(out, "\n");
}

static void put_size(Bench *bench, FILE *out, const char *what, Measure *measure)
{
    NumberText text;
    fprintf(out, "  %-18s %12s\n", what, kinds_size((int64_t)median(bench, measure), &text));
}

static void put_collections(Bench *bench, FILE *out)
{
    NumberText text;
    fprintf(out, "  %-18s %12s", "collections",
            kinds_number((int64_t)median(bench, collections), &text));
    if (median(bench, collections) > 0)
        fprintf(out, "   the longest pause %.1f ms, %.1f ms in all",
                median(bench, longest_pause) * 1e3, median(bench, total_pause) * 1e3);
    fprintf(out, "\n");
}

static double percent(const Bench *bench, int samples)
{
    return 100.0 * samples / bench->hottest.samples;
}

static void put_function(Bench *bench, FILE *out, const HotFunction *hot)
{
    const char *name = *hot->name ? hot->name : "a lambda";
    fprintf(out, "  %-24s %6.1f %%   ", name, percent(bench, hot->samples));
    if (hot->is_library) {
        fprintf(out, "the library\n");
        return;
    }
    fprintf(out, "%s:%d", hot->file, hot->defined);
    if (hot->hottest.line)
        fprintf(out, ", most at line %d: %.1f %%", hot->hottest.line,
                percent(bench, hot->hottest.samples));
    fprintf(out, "\n");
}

static void put_functions(Bench *bench, FILE *out)
{
    enum { SHOWN = 12 };
    const Hottest *hottest = &bench->hottest;
    int rest = hottest->samples;
    fprintf(out, "\n");
    if (!hottest->samples || !hottest->is_known) {
        fprintf(out, "  %s\n",
                hottest->samples
                    ? "which functions were hot is not known: `addr2line` of binutils is missing"
                    : "it ended before anyone could look at what it was doing");
        return;
    }
    fprintf(out, "  hottest functions, of %d samples of the processor time\n", hottest->samples);
    for (int i = 0; i < hottest->functions.count && i < SHOWN; i++) {
        put_function(bench, out, &hottest->functions.items[i]);
        rest -= hottest->functions.items[i].samples;
    }
    if (rest > 0) fprintf(out, "  %-24s %6.1f %%\n", "anything else", percent(bench, rest));
}

static void print_table(Bench *bench, FILE *out)
{
    fprintf(out, "time of %s", bench->options->input.path);
    if (bench->runs.count > 1) fprintf(out, ", medians of %d runs", bench->runs.count);
    fprintf(out, "\n\n");
    put_time(bench, out, "wall", wall);
    put_time(bench, out, "user", user);
    put_time(bench, out, "system", kernel);
    put_size(bench, out, "peak memory", peak);
    put_size(bench, out, "allocated", allocated);
    put_collections(bench, out);
    put_functions(bench, out);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void put_json_functions(const Bench *bench, FILE *out)
{
    fprintf(out, ", \"functions\": [");
    for (int i = 0; i < bench->hottest.functions.count; i++) {
        const HotFunction *hot = &bench->hottest.functions.items[i];
        fprintf(out, "%s{\"name\": ", i ? ", " : "");
        mem_put_json_string(out, hot->name);
        fprintf(out, ", \"file\": ");
        mem_put_json_string(out, hot->file);
        fprintf(out,
                ", \"line\": %d, \"is_library\": %s, \"samples\": %d, \"hottest_line\": %d, "
                "\"hottest_line_samples\": %d}",
                hot->defined, hot->is_library ? "true" : "false", hot->samples, hot->hottest.line,
                hot->hottest.samples);
    }
    fprintf(out, "]");
}

// One object on one line. Times are seconds, sizes bytes; all of them medians.
static void print_json(Bench *bench, FILE *out)
{
    static const struct {
        const char *name;
        Measure *measure;
        int decimals;
    } rows[] = {
        {"wall", wall, 6},
        {"user", user, 6},
        {"system", kernel, 6},
        {"peak", peak, 0},
        {"allocated", allocated, 0},
        {"collections", collections, 0},
        {"longest_pause", longest_pause, 9},
        {"total_pause", total_pause, 9},
    };
    fprintf(out, "{\"program\": ");
    mem_put_json_string(out, bench->options->input.path);
    fprintf(out, ", \"runs\": %d", bench->runs.count);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fprintf(out, ", \"%s\": %.*f", rows[i].name, rows[i].decimals,
                median(bench, rows[i].measure));
    fprintf(out, ", \"samples\": %d", bench->hottest.samples);
    put_json_functions(bench, out);
    fprintf(out, "}\n");
}

// ---- the command --------------------------------------------------------------------------------

static bool write_report(Bench *bench)
{
    FILE *out = mem_open_output(bench->options);
    if (!out) return false;
    bench_find_functions(&bench->program, &bench->all, &bench->arena, &bench->hottest);
    if (bench->options->messages.json)
        print_json(bench, out);
    else
        print_table(bench, out);
    return mem_close_output(bench->options, out);
}

// Runs the program once more. Returns its status.
static int run_once(Bench *bench)
{
    MeasuredRun run;
    const Options *options = bench->options;
    if (!measured_run(options, &bench->program, options->argv, true, &bench->arena, &run))
        return STATUS_FAILED;
    if (run.report.is_complete) VEC_PUSH(&bench->arena, bench->runs, run);
    for (int i = 0; i < run.report.stacks.count; i++)
        VEC_PUSH(&bench->arena, bench->all.stacks, run.report.stacks.items[i]);
    return measured_status(options, &run);
}

int bench_run(const Options *options)
{
    Bench bench = {.options = options};
    int status = (int)measured_build(options, PURPOSE_TIMING, &bench.arena, &bench.program);
    if (status == STATUS_OK) {
        for (int i = 0; i < options->run_count && status == STATUS_OK; i++)
            status = run_once(&bench);
        if (bench.runs.count && !write_report(&bench)) status = STATUS_FAILED;
    }
    measured_remove(&bench.program);
    arena_free(&bench.arena);
    return status;
}
