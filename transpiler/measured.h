// Programs that measure themselves (runtime/measure.h): building one, running it, and reading the
// report it leaves.
#ifndef MEASURED_H
#define MEASURED_H

#include "kinds.h"
#include "options.h"
#include "process.h"
#include "vec.h"

typedef struct HeapSample {
    int64_t ns; // processor time
    int64_t used;
} HeapSample;

typedef struct StackSample {
    uint64_t *addresses; // innermost first
    int depth;
} StackSample;

// A report as data; names and units are those of runtime/measure.h.
typedef struct Report {
    int64_t code, data, start_size, start_resident, peak_size;
    int64_t allocated, collections, longest_pause, total_pause;
    int64_t ending_used, live, objects, other;
    int64_t most_live, most_objects, most_other, most_at; // 0: never much more than at the end
    KindList kinds;                                       // the largest first
    KindList most_kinds;
    VEC(HeapSample) samples;
    VEC(StackSample) stacks;
    bool is_complete; // the program came to its end and wrote all of it
} Report;

// A C function of a program, and the Tombo function it is a form of.
typedef struct ProgramFunction {
    const char *c_name;
    const char *name; // "Point.init"; "" for a lambda
    const char *file;
    int line;        // where it is defined
    bool is_library; // of the standard library
} ProgramFunction;

typedef struct MeasuredProgram {
    const char *folder; // ours alone
    const char *path;   // of the executable in it
    const char *report_path;
    VEC(ProgramFunction) functions; // by c_name
    VEC(int) lines; // PURPOSE_TIMING: by line of the C text, from 0, the Tombo line it belongs to
} MeasuredProgram;

typedef struct MeasuredRun {
    Report report;
    ProcessUse use;
} MeasuredRun;

// Builds the program into a folder of its own, for PURPOSE_SURVEY or PURPOSE_TIMING. Says what went
// wrong and returns the status to end with. Everything lives in [arena].
ExitStatus measured_build(const Options *options, Purpose purpose, Arena *arena,
                          MeasuredProgram *program);

// Runs it with these arguments, argv[0] being its name, on the tool's own standard streams. False,
// after a message, when it could not be started.
bool measured_run(const Options *options, const MeasuredProgram *program, char **argv,
                  bool has_stacks, Arena *arena, MeasuredRun *run);

// What the tool ends with after such a run: the program's status, or STATUS_FAILED, after a
// message, when a signal ended it or it left no report.
int measured_status(const Options *options, const MeasuredRun *run);

// Removes the folder.
void measured_remove(const MeasuredProgram *program);

// Reads a report's text, which is cut up in the course of it. Lines that are unknown are skipped.
void report_read(Report *report, Arena *arena, char *text);

#endif
