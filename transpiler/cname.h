// C names: unique by construction, as close to the user's name as C allows. A name that is taken
// gets `_2`, `_3`, …
#ifndef CNAME_H
#define CNAME_H

#include "map.h"
#include "names.h"

typedef struct CNames {
    Arena *arena;
    Names *table;               // where names are looked up
    Map taken;                  // Name * -> the last suffix given (as an integer)
    const struct CNames *outer; // names of an enclosing scope that must not be hidden
} CNames;

// [outer] may be NULL: the file scope, where C keywords and what tombo.h makes visible are taken
// already.
void cnames_init(CNames *names, Arena *arena, Names *table, const CNames *outer);

// Forgets the names of this scope: the next function's begin.
void cnames_clear(CNames *names);

// A C name for [wanted], which may contain anything; characters C does not know become `_`.
const char *cname_unique(CNames *names, const char *wanted);

#endif
