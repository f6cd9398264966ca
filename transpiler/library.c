// The standard library's index at work: finding a name's rows by bisection, and parsing a
// declaration on first use.
//
// A program uses a few dozen of the library's hundreds of declarations, so each is parsed alone.
// Its text is parsed in place, as a stretch of the whole library file: positions come out as in
// that file.
#include "library.h"

#include <stdlib.h>

#include "parser.h"

struct Library {
    Arena *arena;
    Source **sources; // parallel to library_texts; NULL until asked for
    Node **trees;     // parallel to library_entries; NULL until asked for
};

Library *library_new(Arena *arena)
{
    Library *library = ARENA_NEW(arena, Library);
    library->arena = arena;
    library->sources = ARENA_ARRAY(arena, Source *, library_text_count);
    library->trees = ARENA_ARRAY(arena, Node *, library_entry_count);
    return library;
}

int library_number(const char *name)
{
    for (int i = 0; i < library_text_count; i++)
        if (strcmp(library_texts[i].library, name) == 0) return i;
    return -1;
}

bool library_exists(const char *name)
{
    return library_number(name) >= 0;
}

// The first row whose name is not before [name].
static int lower_bound(const char *name)
{
    int low = 0;
    int high = library_entry_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(library_entries[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool library_is_apart(const char *library)
{
    return strcmp(library, "gc") == 0;
}

int library_find_all(const char *name, int *count)
{
    int first = lower_bound(name);
    int end = first;
    while (end < library_entry_count && strcmp(library_entries[end].name, name) == 0)
        end++;
    *count = end - first;
    return first;
}

int library_find(const char *name, int *count)
{
    int first = library_find_all(name, count);
    for (; *count && library_is_apart(library_entries[first].library); first++)
        --*count; // these libraries come first in the order
    return first;
}

Source *library_source(Compiler *compiler, int number)
{
    Source **source = &compiler->library->sources[number];
    if (*source) return *source;
    const LibraryText *text = &library_texts[number];
    *source = ARENA_NEW(&compiler->texts, Source);
    **source = (Source){
        .path = text->path, .text = text->text, .size = text->size, .arena = &compiler->texts};
    (*source)->is_library = true;
    return *source;
}

Node *library_parse(Compiler *compiler, const LibraryEntry *entry)
{
    Node **tree = &compiler->library->trees[entry - library_entries];
    if (*tree) return *tree;
    Source *source = library_source(compiler, library_number(entry->library));
    ParserOptions options = {.is_library = true, .start = entry->start, .end = entry->end};
    int error_count = compiler->diags.error_count;
    Node *block =
        parse_module(&compiler->arena, &compiler->names, &compiler->diags, source, options, NULL);
    if (compiler->diags.error_count == error_count) *tree = block->as.list.first;
    return *tree;
}

void library_offer_names(Nearest *nearest)
{
    for (int i = 0; i < library_entry_count; i++)
        if (library_entries[i].name[0] != '_' && !library_is_apart(library_entries[i].library))
            nearest_offer(nearest, library_entries[i].name);
}
