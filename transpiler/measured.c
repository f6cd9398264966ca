// Measured programs: the usual passes with another template, the usual C compiler, a temporary
// folder for executable and report.

#include "measured.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "files.h"
#include "ir.h"
#include "resolve.h"

// ---- the report ---------------------------------------------------------------------------------

// A line `name NUMBER`, and where the number goes.
typedef struct NumberRow {
    const char *name;
    size_t offset;
} NumberRow;

#define NUMBER(name)                                                                               \
    {                                                                                              \
#name, offsetof(Report, name)                                                              \
    }

static const NumberRow number_rows[] = {
    NUMBER(code),        NUMBER(data),        NUMBER(start_size),   NUMBER(start_resident),
    NUMBER(peak_size),   NUMBER(allocated),   NUMBER(collections),  NUMBER(longest_pause),
    NUMBER(total_pause), NUMBER(ending_used), NUMBER(live),         NUMBER(objects),
    NUMBER(other),       NUMBER(most_live),   NUMBER(most_objects), NUMBER(most_other),
    NUMBER(most_at),
};

static bool read_number(Report *report, const char *name, const char *rest)
{
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        if (strcmp(number_rows[i].name, name) != 0) continue;
        int64_t number = strtoll(rest, NULL, 10);
        memcpy((char *)report + number_rows[i].offset, &number, sizeof number);
        return true;
    }
    return false;
}

// `COUNT BYTES own|built-in NAME`.
static void read_kind(KindList *kinds, Arena *arena, char *rest)
{
    char *end;
    Kind kind = {.count = strtoll(rest, &end, 10)};
    kind.size = strtoll(end, &end, 10);
    end += strspn(end, " ");
    kind.is_own_class = strncmp(end, "own ", 4) == 0;
    kind.name = end + strcspn(end, " ");
    kind.name += strspn(kind.name, " ");
    kinds_add(kinds, arena, kind);
}

static void read_heap_sample(Report *report, Arena *arena, char *rest)
{
    char *end;
    HeapSample sample = {.ns = strtoll(rest, &end, 10)};
    sample.used = strtoll(end, &end, 10);
    VEC_PUSH(arena, report->samples, sample);
}

static void read_stack(Report *report, Arena *arena, char *rest)
{
    VEC(uint64_t) addresses = {0};
    for (char *end; *rest; rest = end) {
        uint64_t address = strtoull(rest, &end, 16);
        if (end == rest) break;
        VEC_PUSH(arena, addresses, address);
    }
    StackSample sample = {addresses.items, addresses.count};
    VEC_PUSH(arena, report->stacks, sample);
}

static void read_line(Report *report, Arena *arena, char *line)
{
    char *rest = line + strcspn(line, " ");
    if (*rest) *rest++ = '\0';
    if (strcmp(line, "kind") == 0)
        read_kind(&report->kinds, arena, rest);
    else if (strcmp(line, "most_kind") == 0)
        read_kind(&report->most_kinds, arena, rest);
    else if (strcmp(line, "heap_sample") == 0)
        read_heap_sample(report, arena, rest);
    else if (strcmp(line, "stack") == 0)
        read_stack(report, arena, rest);
    else if (strcmp(line, "end") == 0)
        report->is_complete = true;
    else
        read_number(report, line, rest);
}

void report_read(Report *report, Arena *arena, char *text)
{
    *report = (Report){0};
    for (char *line = text; *line;) {
        char *end = line + strcspn(line, "\n");
        char *next = *end ? end + 1 : end;
        *end = '\0';
        read_line(report, arena, line);
        line = next;
    }
    kinds_sort(&report->kinds);
    kinds_sort(&report->most_kinds);
}

// The text of the report; "" when there is none.
static char *read_file(Arena *arena, const char *path)
{
    Text text = {0};
    FILE *file = fopen(path, "re");
    for (size_t got = 1; file && got;) {
        got = fread(text_room(&text, 1 << 16), 1, 1 << 16, file);
        text.size += got;
    }
    if (file) fclose(file);
    char *copy = arena_copy(arena, text.size ? text.bytes : "", text.size);
    text_free(&text);
    return copy;
}

// ---- building, running --------------------------------------------------------------------------

static int by_c_name(const void *a, const void *b)
{
    const ProgramFunction *first = a, *second = b;
    return strcmp(first->c_name, second->c_name);
}

static const char *copy(Arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

static void add_function(MeasuredProgram *program, Arena *arena, const IrFunction *function,
                         const char *c_name)
{
    if (!c_name) return;
    const Module *module = function->module;
    bool is_top = function->info && !function->info->node;
    ProgramFunction row = {
        .c_name = copy(arena, c_name),
        .name = is_top ? "the top level" : copy(arena, function->name),
        .file = copy(arena, module->source->path),
        .line = (int)source_position(module->source, function->span.start).line,
        .is_library = module->is_library,
    };
    VEC_PUSH(arena, program->functions, row);
}

// Notes what the program's C functions are called: each, its version for the cases that are not
// the usual ones, and what leads from one to the other.
static void name_functions(MeasuredProgram *program, Arena *arena, const IrProgram *ir)
{
    for (int i = 0; i < ir->functions.count; i++) {
        const IrFunction *function = ir->functions.items[i];
        if (!function->module || !function->module->source) continue;
        add_function(program, arena, function, function->c_name);
        add_function(program, arena, function, function->entry_c_name);
        if (function->slow) add_function(program, arena, function, function->slow->c_name);
    }
    if (program->functions.count)
        qsort(program->functions.items, (size_t)program->functions.count,
              sizeof *program->functions.items, by_c_name);
}

// Notes which Tombo line each line of the C text belongs to: comments of a number alone say so
// (#line could not: it counts on from one statement's first line to its others).
static void number_lines(MeasuredProgram *program, Arena *arena, const char *text)
{
    int current = 0;
    for (const char *line = text; *line; line += *line == '\n') {
        const char *comment = line + strspn(line, " ");
        char *end;
        long number = strncmp(comment, "/* ", 3) == 0 ? strtol(comment + 3, &end, 10) : 0;
        if (number > 0 && strncmp(end, " */\n", 4) == 0) current = (int)number;
        VEC_PUSH(arena, program->lines, current);
        line += strcspn(line, "\n");
    }
}

ExitStatus measured_build(const Options *options, Purpose purpose, Arena *arena,
                          MeasuredProgram *program)
{
    program->folder = file_create_folder(arena);
    if (!program->folder) {
        message_error(&options->messages, "cannot create a temporary folder: %s", strerror(errno));
        return STATUS_FAILED;
    }
    program->path = arena_format(arena, "%s/program", program->folder);
    program->report_path = arena_format(arena, "%s/report", program->folder);
    Compilation compilation;
    ExitStatus status = command_compile(options, &compilation, STAGE_C, purpose);
    BuildOptions build_options = {.output = program->path, .has_lines = purpose == PURPOSE_TIMING};
    if (status == STATUS_OK) name_functions(program, arena, compilation.program);
    if (status == STATUS_OK && purpose == PURPOSE_TIMING)
        number_lines(program, arena, compilation.c.text);
    if (status == STATUS_OK)
        status = toolchain_build(&options->messages, &compilation.c, &build_options);
    driver_free(&compilation);
    return status;
}

bool measured_run(const Options *options, const MeasuredProgram *program, char **argv,
                  bool has_stacks, Arena *arena, MeasuredRun *run)
{
    const char *path = arena_format(arena, "TOMBO_REPORT=%s", program->report_path);
    const char *const more[] = {path, has_stacks ? "TOMBO_REPORT_STACKS=1" : NULL, NULL};
    *run = (MeasuredRun){0};
    unlink(program->report_path);
    fflush(NULL);
    if (!process_watch(arena, program->path, argv, more, &run->use)) {
        message_error(&options->messages, "cannot start the program: %s", strerror(errno));
        return false;
    }
    report_read(&run->report, arena, read_file(arena, program->report_path));
    return true;
}

int measured_status(const Options *options, const MeasuredRun *run)
{
    if (run->use.signal) {
        message_error(&options->messages, "the program was stopped: %s",
                      strsignal(run->use.signal));
        return STATUS_FAILED;
    }
    if (run->report.is_complete) return run->use.exit_code;
    message_error(&options->messages, "the program ended without a report of what it took");
    return STATUS_FAILED;
}

void measured_remove(const MeasuredProgram *program)
{
    if (!program->folder) return;
    unlink(program->path);
    unlink(program->report_path);
    rmdir(program->folder);
}
