// `tombo mem FILE`: builds the program so that it measures itself, runs it, and turns its report
// into a table, into JSON and, on request, into a picture.

#include "mem.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void mem_put_json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if (*at < 0x20)
            fprintf(out, "\\u%04x", *at);
        else
            fputc(*at, out);
    }
    fputc('"', out);
}

// ---- where it goes ------------------------------------------------------------------------------

FILE *mem_open_output(const Options *options)
{
    const char *path = options->build.output;
    if (!path) return stderr;
    FILE *file = fopen(path, "we");
    if (!file) message_error(&options->messages, "cannot write `%s`: %s", path, strerror(errno));
    return file;
}

bool mem_close_output(const Options *options, FILE *out)
{
    if (out == stderr) return fflush(out) == 0;
    bool is_bad = ferror(out) != 0;
    if (fclose(out) == 0 && !is_bad) return true;
    message_error(&options->messages, "cannot write `%s`: %s", options->build.output,
                  strerror(errno));
    return false;
}

// ---- the table ----------------------------------------------------------------------------------

static void put_fact(FILE *out, const char *what, int64_t size)
{
    NumberText text;
    fprintf(out, "  %-26s %12s\n", what, kinds_size(size, &text));
}

static void put_collections(FILE *out, const Report *report)
{
    NumberText count;
    fprintf(out, "  %-26s %12s", "collections", kinds_number(report->collections, &count));
    if (report->collections > 0)
        fprintf(out, "   the longest pause %.1f ms, %.1f ms in all",
                (double)report->longest_pause * 1e-6, (double)report->total_pause * 1e-6);
    fprintf(out, "\n");
}

static int64_t returned(const Report *report)
{
    return report->ending_used > report->live ? report->ending_used - report->live : 0;
}

// The heap after the collection that left most, where the end says little about it.
static void print_largest(const Report *report, FILE *out)
{
    char title[64];
    KindTable table = {title, &report->most_kinds, report->most_other, report->most_live};
    if (!report->most_live) return;
    snprintf(title, sizeof title, "live at most, at %.1f ms", (double)report->most_at * 1e-6);
    fprintf(out, "\n");
    kinds_print(&table, out);
}

static void print_table(const Report *report, const char *program, FILE *out)
{
    fprintf(out, "memory of %s\n\n", program);
    put_fact(out, "program start", report->start_size);
    put_fact(out, "  machine code", report->code);
    put_fact(out, "  static data", report->data);
    put_fact(out, "  with whole libraries", report->start_resident);
    put_fact(out, "peak, with whole libraries", report->peak_size);
    put_fact(out, "allocated in all", report->allocated);
    put_collections(out, report);
    put_fact(out, "a last one returned", returned(report));
    put_fact(out, "live at the end", report->live);
    fprintf(out, "\n");
    KindTable table = {"live at the end", &report->kinds, report->other, report->live};
    kinds_print(&table, out);
    print_largest(report, out);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void put_number(FILE *out, const char *name, int64_t number)
{
    fprintf(out, ", \"%s\": %" PRId64, name, number);
}

static void put_json_kinds(FILE *out, const char *name, const KindList *kinds)
{
    fprintf(out, ", \"%s\": [", name);
    for (int i = 0; i < kinds->count; i++) {
        const Kind *kind = &kinds->items[i];
        fprintf(out, "%s{\"name\": ", i ? ", " : "");
        mem_put_json_string(out, kind->name);
        fprintf(out, ", \"is_class\": %s", kind->is_own_class ? "true" : "false");
        put_number(out, "count", kind->count);
        put_number(out, "bytes", kind->size);
        fprintf(out, "}");
    }
    fprintf(out, "]");
}

static void put_json_samples(FILE *out, const Report *report)
{
    fprintf(out, ", \"heap\": [");
    for (int i = 0; i < report->samples.count; i++)
        fprintf(out, "%s[%" PRId64 ", %" PRId64 "]", i ? ", " : "", report->samples.items[i].ns,
                report->samples.items[i].used);
    fprintf(out, "]");
}

// One object on one line. Sizes are bytes, times nanoseconds.
static void print_json(const Report *report, const char *program, const ProcessUse *use, FILE *out)
{
    fprintf(out, "{\"program\": ");
    mem_put_json_string(out, program);
    put_number(out, "status", use->exit_code);
    put_number(out, "start", report->start_size);
    put_number(out, "code", report->code);
    put_number(out, "static_data", report->data);
    put_number(out, "start_resident", report->start_resident);
    put_number(out, "peak", report->peak_size);
    put_number(out, "allocated", report->allocated);
    put_number(out, "collections", report->collections);
    put_number(out, "longest_pause", report->longest_pause);
    put_number(out, "total_pause", report->total_pause);
    put_number(out, "last_collection_returned", returned(report));
    put_number(out, "live", report->live);
    put_number(out, "live_objects", report->objects);
    put_number(out, "shared_parts", report->other);
    put_json_kinds(out, "kinds", &report->kinds);
    if (report->most_live) {
        put_number(out, "most_live", report->most_live);
        put_number(out, "most_live_at", report->most_at);
        put_json_kinds(out, "most_kinds", &report->most_kinds);
    }
    put_json_samples(out, report);
    fprintf(out, "}\n");
}

// ---- the command --------------------------------------------------------------------------------

// Writes what was asked for. False after a message.
static bool write_report(const Options *options, const MeasuredRun *run)
{
    const Report *report = &run->report;
    const char *program = options->input.path;
    if (options->svg_path && !mem_write_chart(report, program, options->svg_path)) {
        message_error(&options->messages, "cannot write `%s`: %s", options->svg_path,
                      strerror(errno));
        return false;
    }
    FILE *out = mem_open_output(options);
    if (!out) return false;
    if (options->messages.json)
        print_json(report, program, &run->use, out);
    else
        print_table(report, program, out);
    return mem_close_output(options, out);
}

int mem_run(const Options *options)
{
    if (options->is_profile) return mem_run_profile(options);
    Arena arena = {0};
    MeasuredProgram program = {0};
    MeasuredRun run;
    int status = (int)measured_build(options, PURPOSE_SURVEY, &arena, &program);
    if (status == STATUS_OK) {
        status = STATUS_FAILED;
        if (measured_run(options, &program, options->argv, false, &arena, &run)) {
            status = measured_status(options, &run);
            if (run.report.is_complete && !write_report(options, &run)) status = STATUS_FAILED;
        }
    }
    measured_remove(&program);
    arena_free(&arena);
    return status;
}
