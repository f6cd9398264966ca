// Interned names: two equal names are the same pointer.
#ifndef NAMES_H
#define NAMES_H

#include "arena.h"

typedef struct Name {
    struct Name *chain; // next in the table's bucket
    uint32_t hash;
    uint32_t size;
    int32_t token; // the keyword's TokenKind, 0 for an ordinary name
    void *binding; // scratch for the pass that resolves names
    char text[];   // NUL-terminated
} Name;

typedef struct Names {
    Arena *arena;
    Name **buckets;
    uint32_t bucket_count;
    uint32_t count;
} Names;

void names_init(Names *names, Arena *arena);

// The one Name for this text.
Name *name_of(Names *names, const char *text, size_t size);

// The same for a C string.
Name *name_from(Names *names, const char *text);

// The Name if it exists already, else NULL.
Name *name_find(Names *names, const char *text, size_t size);

#endif
