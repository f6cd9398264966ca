// What the build tool `declare` (declare.c) knows of the library's declarations.
#ifndef DECLARE_H
#define DECLARE_H

#include "library.h"
#include "parser.h"

typedef struct LibraryFile {
    const char *name; // "math"
    Source *source;
    Node *tree;
    int rank;
} LibraryFile;

typedef struct Declaration {
    const char *name;
    const LibraryFile *file;
    const Node *node;
    uint32_t start;
    uint32_t end;
} Declaration;

typedef struct Declare {
    Arena arena;
    Names names;
    Diags diags;
    VEC(LibraryFile *) files;
    VEC(Declaration) declarations;
} Declare;

// Opens FOLDER/NAME to write. Ends the tool with a message where that fails.
FILE *declare_open(Declare *declare, const char *folder, const char *name);

// Closes what declare_open gave. Ends the tool with a message when not all could be written.
void declare_close(FILE *out);

// Writes the reference: a page FOLDER/NAME.md for each library, with every public declaration as it
// is written, its comment and its examples, and a list of the pages in FOLDER/README.md.
void declare_pages(Declare *declare, const char *folder);

#endif
