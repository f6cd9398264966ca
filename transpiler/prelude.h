// What a program compiled in memory needs of the runtime: the declarations it uses, and theirs, out
// of the runtime's header, and the addresses of what they name. Most programs use a tenth of the
// header, and libtcc reads text no faster than two million lines a second.
#ifndef PRELUDE_H
#define PRELUDE_H

#include <stdbool.h>

#include "embedded.h"
#include "names.h"
#include "text.h"
#include "vec.h"

typedef struct Prelude {
    Arena *arena; // set by the caller; the rest starts as zeros
    Names seen;   // the names looked up so far
    bool *wanted; // a flag for each piece
    VEC(const RuntimeSymbol *) symbols;
} Prelude;

// Looks up the runtime's names in [size] bytes of C text; a name in a string or a comment counts as
// well. To be called once for each part of the program.
void prelude_need(Prelude *prelude, const char *text, size_t size);

// Adds the declarations of all that is needed to [text]; prelude->symbols are the names in them
// that have an address.
void prelude_write(const Prelude *prelude, Text *text);

// The runtime's name, or NULL.
const RuntimeSymbol *prelude_symbol(const char *name);

#endif
