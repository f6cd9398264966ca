// The standard library's index. The .tb files are embedded in the executable as text; a table made
// when Tombo is built (declare.c) says where each declaration starts and ends. A declaration is
// parsed when a program first names it.
#ifndef LIBRARY_H
#define LIBRARY_H

#include "compiler.h"

// A row of the table, sorted by name, then by order of the libraries.
typedef struct LibraryEntry {
    const char *name;
    const char *library; // "math"
    uint32_t start; // byte offsets of the declaration in the library's text, doc comment included
    uint32_t end;
    uint32_t line; // of `start`
} LibraryEntry;

typedef struct LibraryText {
    const char *library;
    const char *path; // shown in messages: "stdlib/math.tb"
    const char *text;
    uint32_t size;
} LibraryText;

extern const LibraryEntry library_entries[];
extern const int library_entry_count;
extern const LibraryText library_texts[];
extern const int library_text_count;

// What one compilation has parsed of the library so far.
Library *library_new(Arena *arena);

// The place of a library in library_texts, or -1. The order of library_texts is the order of
// preference: a later library wins where a name is in several.
int library_number(const char *name);

// Whether there is a library of that name.
bool library_exists(const char *name);

// Whether a library's names are reached only through it, `gc.collect`: as plain names they would
// take the place of methods that programs have, `x.collect()`.
bool library_is_apart(const char *library);

// First of the consecutive rows with this name, and how many; 0 when there is none. Among them
// later libraries stand last, and the declarations of one library stand in the order of its text.
int library_find_all(const char *name, int *count);

// The same for a plain name: without the libraries that stand apart.
int library_find(const char *name, int *count);

// The library's text as a source for positions and messages, made once. [number] as from
// library_number.
Source *library_source(Compiler *compiler, int number);

// The declaration's tree (FUNCTION, LET or CLASS), parsed once, positions as in the library's file.
// NULL when it does not parse, which was reported.
Node *library_parse(Compiler *compiler, const LibraryEntry *entry);

// Offers every plain library name to a nearest-spelling search.
void library_offer_names(Nearest *nearest);

#endif
