// Tables of what is live in a heap, by kind of object, and how sizes look in them: for the reports
// of `tombo mem` and the prompt's `:mem`.
#ifndef KINDS_H
#define KINDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vec.h"

typedef struct Kind {
    const char *name;
    bool is_own_class; // the program's, not a built-in type
    int64_t count;
    int64_t size; // in bytes
} Kind;

typedef VEC(Kind) KindList;

// Adds objects of a kind to those already there; the name is copied into [arena].
void kinds_add(KindList *kinds, Arena *arena, Kind kind);

// Puts the largest first.
void kinds_sort(KindList *kinds);

typedef struct KindTable {
    const char *title; // over the first column
    const KindList *kinds;
    int64_t other; // bytes that belong to no kind
    int64_t total;
} KindTable;

// Writes the table.
void kinds_print(const KindTable *table, FILE *out);

// Room for a number as people read it.
typedef struct NumberText {
    char text[32];
} NumberText;

// A size: `820 bytes`, `84.2 KB`, `1.3 MB`. Returns text->text.
const char *kinds_size(int64_t size, NumberText *text);

// A number with commas between thousands. Returns text->text.
const char *kinds_number(int64_t number, NumberText *text);

#endif
