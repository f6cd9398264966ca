// Starting another program and reading what it says. Never through a shell.
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "arena.h"

typedef struct ProcessResult {
    int exit_code; // when it ended by itself; else -1
    int signal;    // that ended it; else 0
    const char
        *text; // all it wrote to standard output and standard error, NUL-terminated, in [arena]
} ProcessResult;

// Runs argv[0], looked up in PATH, with the arguments behind it up to a NULL, in the C locale and
// with nothing on its standard input, and waits for it. Ctrl-C meanwhile ends the other program
// only. False, with errno set, when it could not be started.
bool process_run(Arena *arena, const char *const *argv, ProcessResult *result);

// What a process took.
typedef struct ProcessUse {
    int exit_code;             // when it ended by itself; else -1
    int signal;                // that ended it; else 0
    double wall, user, system; // seconds
} ProcessUse;

// Runs the executable at [path] on our own standard streams, with the variables of [more] (up to a
// NULL) in its environment too, and waits for it. Ctrl-C meanwhile is for the other program only.
// False, with errno set, when it could not be started.
bool process_watch(Arena *arena, const char *path, char *const *argv, const char *const *more,
                   ProcessUse *use);

// Starts argv[0], a path, as a process that this one has no more to do with: in a session of its
// own, with [place], a directory, to work in, and no open files but [output] (-1: none) as its
// standard output. Gives its number. May be called beside other threads. False if it could not be
// started.
bool process_start_apart(const char *const *argv, int place, int output, pid_t *child);

// The path of the executable of this name, looked up in PATH (a name with a slash is a path); NULL
// when there is none.
const char *process_find(Arena *arena, const char *name);

// Whether there is one.
bool process_exists(const char *name);

#endif
