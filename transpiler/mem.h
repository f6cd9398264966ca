// `tombo mem`: what a program takes.
#ifndef MEM_H
#define MEM_H

#include "measured.h"

// `tombo mem FILE [ARGUMENTS]`, or with --profile the standard scenarios. Returns the status to end
// with: the program's own where it ran.
int mem_run(const Options *options);

// `tombo mem --profile`: the standard scenarios, on standard output or in the file of -o
// (mem_profile.c).
int mem_run_profile(const Options *options);

// Where the report of a command goes: the file of -o, else standard error, which is the program's
// too but leaves its standard output alone. NULL after a message.
FILE *mem_open_output(const Options *options);

// Closes it. False, after a message, when what was written did not arrive.
bool mem_close_output(const Options *options, FILE *out);

// [text] as a string of JSON, quotes included.
void mem_put_json_string(FILE *out, const char *text);

// Writes the heap over time as an SVG picture of its own (mem_chart.c). False with errno set.
bool mem_write_chart(const Report *report, const char *program, const char *path);

#endif
