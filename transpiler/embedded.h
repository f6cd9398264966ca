// What the Makefile generates into the executable for programs compiled in memory.
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

// The runtime's header, preprocessed for libtcc.
extern const char prelude_text[];
extern const size_t prelude_size;

// A name such programs can refer to, and where it is.
typedef struct RuntimeSymbol {
    const char *name;
    const void *address;
} RuntimeSymbol;

// Sorted by name.
extern const RuntimeSymbol runtime_symbols[];
extern const int runtime_symbol_count;

#endif
