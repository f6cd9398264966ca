// `tombo bench`: where a program's time goes.
#ifndef BENCH_H
#define BENCH_H

#include "measured.h"

// `tombo bench FILE [ARGUMENTS]`. Returns the status to end with: the program's own where it ran.
int bench_run(const Options *options);

typedef struct HotLine {
    int line;
    int samples;
} HotLine;

// A function of the program, and how many samples found it at work, itself or through the runtime.
typedef struct HotFunction {
    const char *name; // "" for a lambda
    const char *file;
    int defined; // the line
    bool is_library;
    int samples;
    VEC(HotLine) lines;
    HotLine hottest;
} HotFunction;

typedef struct Hottest {
    VEC(HotFunction) functions; // the hottest first
    int samples;                // all there are; some are in no function of the program
    bool is_known;              // false: `addr2line` is not there
} Hottest;

// Finds out which functions the samples of a report were in.
void bench_find_functions(const MeasuredProgram *program, const Report *report, Arena *arena,
                          Hottest *hottest);

#endif
