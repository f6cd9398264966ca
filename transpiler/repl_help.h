// Library declarations as text for people.
#ifndef REPL_HELP_H
#define REPL_HELP_H

#include "library.h"

// How a function is called, `name(a: Int, b: Int) -> Int`; what a constant or class says of itself.
const char *help_signature(Arena *arena, const LibraryEntry *entry);

#endif
