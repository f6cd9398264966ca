// Interned names: two equal names are the same pointer, so the passes compare pointers and never
// text.
#ifndef NAMES_H
#define NAMES_H

#include "arena.h"

typedef struct Name {
    struct Name *chain; // next in the table's bucket
    uint32_t hash;
    uint32_t size; // of the text, in bytes
    int32_t token; // the keyword's TokenKind, 0 for an ordinary name; set by lexer_init
    void *binding; // scratch for the pass that resolves names
    char text[];   // NUL-terminated
} Name;

typedef struct Names {
    Arena *arena;
    Name **buckets; // bucket_count of them, a power of two
    uint32_t bucket_count;
    uint32_t count; // of names
} Names;

// Makes an empty table whose names live in [arena].
void names_init(Names *names, Arena *arena);

// The one Name for this text, made if need be. [text] is copied and needs no NUL; [size] is below 4
// GB.
Name *name_of(Names *names, const char *text, size_t size);

// The same for a C string.
Name *name_from(Names *names, const char *text);

// The Name if it exists already, else NULL.
Name *name_find(Names *names, const char *text, size_t size);

#endif
