// Names of files, and writing them so that a reader never sees half of one: to a temporary name,
// then renamed.
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>

#include "arena.h"

// The folder of a path, "." when it names none; never begins with a dash, so it is safe in argument
// lists.
const char *file_folder(Arena *arena, const char *path);

// The last part of a path.
const char *file_base(const char *path);

// Whether the path ends like a Tombo source: .tb or .to.
bool file_is_source(const char *path);

// The last part of a path without .tb or .to: what is built from it is called so.
const char *file_stem(Arena *arena, const char *path);

// Creates an empty file with a new name in the folder of [path] and returns its name; NULL with
// errno set.
const char *file_create_beside(Arena *arena, const char *path);

// Creates a folder with a new name in TMPDIR (or /tmp) and returns its name; NULL with errno set.
const char *file_create_folder(Arena *arena);

// Renames a temporary file to [path]. It gets the permissions of the file that was there, or those
// of new files; [is_program]: it may be executed too. False with errno set.
bool file_replace(const char *temporary, const char *path, bool is_program);

// Writes a file in place of what [path] named. A device or pipe is written to directly. False with
// errno set.
bool file_write(Arena *arena, const char *path, const char *text, size_t size);

#endif
