// `tombo mem --profile`: what the usual things take, measured.
//
// Each scenario is a little program of templates/memory/. It is built and run like any program of
// `tombo mem`, and its report gives the figure: the bytes of one kind of object, or by how much the
// executable is larger than one without the lines in question. What programs print is thrown away.

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embedded.h"
#include "text.h"

// So many things of one kind: what they take, over how many.
typedef struct KindScenario {
    const char *name; // in JSON
    const char *title;
    const char *text;
    const char *kind; // counted in the report
    int count;
} KindScenario;

static const KindScenario kind_scenarios[] = {
    {"list_int", "list of 1,000 Ints, per item", scenario_list_of_ints, "List", 1000},
    {"list_float", "list of 1,000 Floats, per item", scenario_list_of_floats, "List", 1000},
    {"list_bool", "list of 1,000 Bools, per item", scenario_list_of_bools, "List", 1000},
    {"string", "String of 100 characters", scenario_strings, "String", 100},
    {"dict_entry", "dict of 1,000 entries, per entry", scenario_dict_entries, "Dict", 1000},
    {"set_item", "set of 1,000 items, per item", scenario_set_items, "Set", 1000},
    {"tuple", "tuple of two", scenario_tuples, "Tuple", 1000},
    {"instance", "instance with three fields", scenario_instances, "Point", 1000},
    {"closure", "closure over one variable", scenario_closures, "Function (closure)", 1000},
};

enum { REPEATS = 100, TURNS = 10000 };

// A figure of the profile.
typedef struct Figure {
    const char *name;
    const char *title;
    double bytes;
    const char *note;
} Figure;

typedef struct Profile {
    const Options *options;
    Arena arena;
    VEC(Figure) figures;
    int silence; // /dev/null
} Profile;

static void add_figure(Profile *profile, const char *name, const char *title, double bytes,
                       const char *note)
{
    Figure figure = {name, title, bytes, note};
    VEC_PUSH(&profile->arena, profile->figures, figure);
}

// ---- running a scenario -------------------------------------------------------------------------

// The program with its lines that hold a dollar written [count] times, with numbers from 1 on in
// place of the dollars.
static const char *repeat_lines(Arena *arena, const char *text, int count)
{
    Text result = {0};
    while (*text) {
        size_t size = strcspn(text, "\n") + 1;
        bool is_pattern = memchr(text, '$', size) != NULL;
        for (int i = 1; i <= (is_pattern ? count : 1); i++) {
            for (size_t at = 0; at < size; at++) {
                if (text[at] == '$')
                    text_add_int(&result, i);
                else
                    text_add(&result, text + at, 1);
            }
        }
        text += size;
    }
    const char *copy = arena_copy(arena, result.bytes, result.size);
    text_free(&result);
    return copy;
}

// Has what programs print go nowhere while [descriptor] is the saved standard output.
static int silence_output(const Profile *profile)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    if (saved >= 0) dup2(profile->silence, STDOUT_FILENO);
    return saved;
}

static void restore_output(int saved)
{
    if (saved < 0) return;
    dup2(saved, STDOUT_FILENO);
    close(saved);
}

// Builds a program and runs it with one argument. False after a message.
static bool run_scenario(Profile *profile, const char *text, const char *argument, Report *report)
{
    Options options = *profile->options;
    options.input = (Input){.path = "<scenario>", .code = text};
    char *argv[] = {"scenario", arena_copy(&profile->arena, argument, strlen(argument)), NULL};
    MeasuredProgram program = {0};
    MeasuredRun run;
    bool is_done = measured_build(&options, PURPOSE_SURVEY, &profile->arena, &program) == STATUS_OK;
    if (is_done) {
        int saved = silence_output(profile);
        is_done = measured_run(&options, &program, argv, false, &profile->arena, &run) &&
                  measured_status(&options, &run) == STATUS_OK;
        restore_output(saved);
    }
    measured_remove(&program);
    if (is_done) *report = run.report;
    return is_done;
}

// ---- the scenarios ------------------------------------------------------------------------------

static bool measure_start(Profile *profile)
{
    Report report;
    if (!run_scenario(profile, scenario_hello, "", &report)) return false;
    add_figure(profile, "start", "start of a built program", (double)report.start_size,
               "the process, shared pages in proportion");
    return true;
}

// A program that `tombo run` runs tells the size of the process it is in.
static bool measure_run_start(Profile *profile)
{
    static const char program[] =
        "use io\n"
        "for line in lines(\"/proc/self/smaps_rollup\")\n"
        "    if starts_with(line, \"Pss:\") then println(line.split()[1])\n";
    const char *const argv[] = {"/proc/self/exe", "run", "--no-tier", "-e", program, NULL};
    ProcessResult result;
    if (!process_run(&profile->arena, argv, &result) || result.exit_code != 0) {
        message_error(&profile->options->messages, "`tombo run` did not run a program");
        return false;
    }
    add_figure(profile, "run_start", "start of `tombo run`",
               (double)(strtoll(result.text, NULL, 10) << 10), "compiler and program together");
    return true;
}

static bool measure_kind(Profile *profile, const KindScenario *scenario)
{
    Report report;
    if (!run_scenario(profile, scenario->text, "", &report)) return false;
    for (int i = 0; i < report.kinds.count; i++) {
        const Kind *kind = &report.kinds.items[i];
        if (strcmp(kind->name, scenario->kind) != 0) continue;
        add_figure(profile, scenario->name, scenario->title, (double)kind->size / scenario->count,
                   "");
        return true;
    }
    message_internal(&profile->options->messages, "the scenario `%s` left no %s", scenario->name,
                     scenario->kind);
    return false;
}

// Adds what [with] takes more than [without], over [count] things: heap and variables.
static void add_difference(Profile *profile, const char *name, const char *title,
                           const Report *with, const Report *without, int count)
{
    double memory = (double)(with->data - without->data + with->live - without->live) / count;
    double code = (double)(with->code - without->code) / count;
    const char *note =
        code > 0 ? arena_format(&profile->arena, "and %.0f bytes of machine code", code) : "";
    add_figure(profile, name, title, memory, note);
}

// Compares the program with its lines once and twice as often: what the first of them needs of the
// runtime is not theirs.
static bool measure_repeated(Profile *profile, const char *name, const char *title,
                             const char *text)
{
    Report with, without;
    if (!run_scenario(profile, repeat_lines(&profile->arena, text, 2 * REPEATS), "", &with) ||
        !run_scenario(profile, repeat_lines(&profile->arena, text, REPEATS), "", &without))
        return false;
    add_difference(profile, name, title, &with, &without, REPEATS);
    return true;
}

static bool measure_library(Profile *profile)
{
    Report with, without;
    if (!run_scenario(profile, scenario_library, "", &with) ||
        !run_scenario(profile, scenario_hello, "", &without))
        return false;
    add_difference(profile, "library", "the whole library, until used", &with, &without, 1);
    return true;
}

// How much of unreachable cycles a collection finds.
static bool measure_cycles(Profile *profile)
{
    Report with, without;
    const char *turns = arena_format(&profile->arena, "%d", TURNS);
    if (!run_scenario(profile, scenario_cycles, turns, &with) ||
        !run_scenario(profile, scenario_cycles, "0", &without))
        return false;
    double made = (double)(with.ending_used - without.ending_used);
    double left = (double)(with.live - without.live);
    add_figure(
        profile, "returned", "a collection returned", made - left,
        arena_format(&profile->arena, "%.2f %% of unreachable cycles", 100 * (made - left) / made));
    return true;
}

static bool measure_all(Profile *profile)
{
    bool is_done =
        measure_start(profile) && measure_run_start(profile) && measure_library(profile) &&
        measure_repeated(profile, "function", "function definition, of 100", scenario_functions) &&
        measure_repeated(profile, "variable", "variable of the top level, of 100",
                         scenario_variables);
    for (size_t i = 0; is_done && i < sizeof kind_scenarios / sizeof *kind_scenarios; i++)
        is_done = measure_kind(profile, &kind_scenarios[i]);
    return is_done && measure_cycles(profile);
}

// ---- what is written ----------------------------------------------------------------------------

static void print_table(const Profile *profile, FILE *out)
{
    fprintf(out, "memory of the standard scenarios, in bytes\n\n");
    for (int i = 0; i < profile->figures.count; i++) {
        const Figure *figure = &profile->figures.items[i];
        NumberText whole;
        bool is_whole = figure->bytes == (double)(int64_t)figure->bytes || figure->bytes > 10000;
        if (!is_whole) snprintf(whole.text, sizeof whole.text, "%.1f", figure->bytes);
        fprintf(out, "  %-36s %12s", figure->title,
                is_whole ? kinds_number((int64_t)figure->bytes, &whole) : whole.text);
        fprintf(out, *figure->note ? "   %s\n" : "%s\n", figure->note);
    }
}

// An object with a member for each figure, in bytes.
static void print_json(const Profile *profile, FILE *out)
{
    for (int i = 0; i < profile->figures.count; i++) {
        const Figure *figure = &profile->figures.items[i];
        fprintf(out, "%s\"%s\": {\"title\": ", i ? ", " : "{", figure->name);
        mem_put_json_string(out, figure->title);
        fprintf(out, ", \"bytes\": %.2f, \"note\": ", figure->bytes);
        mem_put_json_string(out, figure->note);
        fprintf(out, "}");
    }
    fprintf(out, "}\n");
}

static bool write_profile(const Profile *profile)
{
    const Options *options = profile->options;
    FILE *out = options->build.output ? mem_open_output(options) : stdout;
    if (!out) return false;
    if (options->messages.json)
        print_json(profile, out);
    else
        print_table(profile, out);
    return out == stdout || mem_close_output(options, out);
}

int mem_run_profile(const Options *options)
{
    Profile profile = {.options = options, .silence = open("/dev/null", O_WRONLY | O_CLOEXEC)};
    bool is_done = profile.silence >= 0 && measure_all(&profile) && write_profile(&profile);
    if (profile.silence < 0)
        message_error(&options->messages, "cannot open /dev/null: %s", strerror(errno));
    else
        close(profile.silence);
    arena_free(&profile.arena);
    return is_done ? STATUS_OK : STATUS_FAILED;
}
