// `tombo mem`: what a program takes.
#ifndef MEM_H
#define MEM_H

#include "measured.h"

// `tombo mem FILE [ARGUMENTS]`, or with --profile the standard scenarios. Returns the status to end
// with: the program's own where it ran.
int mem_run(const Options *options);

// Where the report of a command goes: the file of -o, else standard error, which is the program's
// too but leaves its standard output alone. NULL after a message.
FILE *mem_open_output(const Options *options);

// Closes it. False, after a message, when what was written did not arrive.
bool mem_close_output(const Options *options, FILE *out);

// Writes a table of what is live by kind of object, with [title] over its first column.
typedef struct KindTable {
    const char *title;
    const KindList *kinds;
    int64_t other, total;
} KindTable;
void mem_print_kinds(const KindTable *table, FILE *out);

// A size as people read it: `820 bytes`, `84.2 KB`, `1.3 MB`. Lives in [text].
typedef struct MemText {
    char text[32];
} MemText;
const char *mem_size(int64_t size, MemText *text);

// A number with commas between thousands.
const char *mem_count(int64_t count, MemText *text);

// [text] as a string of JSON, quotes included.
void mem_put_json_string(FILE *out, const char *text);

// Writes the heap over time as an SVG picture of its own (mem_chart.c). False with errno set.
bool mem_write_chart(const Report *report, const char *program, const char *path);

#endif
