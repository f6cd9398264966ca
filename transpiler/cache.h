// The cache of built programs: `tombo run` of a program it holds starts the optimised executable
// instead of compiling. What a program is kept under is a digest of all it is made from: every
// source, the tool, the runtime library and the C compiler. So nothing in it is ever out of date,
// and deleting any of it is safe at any time.
//
// The folder is $XDG_CACHE_HOME/tombo, or ~/.cache/tombo. A folder that cannot be made or written,
// or that others may write to, is no cache; nothing is said about it. TOMBO_CACHE=off turns it off.
#ifndef CACHE_H
#define CACHE_H

#include <stdint.h>
#include <stdio.h>

#include "compiler.h"

typedef struct Cache {
    Arena arena;
    const char *folder;
    const char *digest;  // set by cache_find: of all the program is made from
    const char *program; // the same: where it is, or would be; NULL: there is no folder
    int place;           // the working directory the tool began in; -1 before cache_find
} Cache;

// Finds the folder and makes it if need be. False: there is none to be used. To be closed anyway.
bool cache_open(Cache *cache);
void cache_close(Cache *cache);

// Works out where a program belongs whose modules have been read (STAGE_RESOLVE). False when it
// cannot be built here: no C compiler, no runtime library. Needs no folder.
bool cache_find(Cache *cache, const Compiler *compiler);

// Becomes the program, with these arguments, if there is a cache that holds it. Returns if not.
void cache_start(const Cache *cache, char **argv);

// Whether it is noted that the program cannot be built.
bool cache_has_given_up(const Cache *cache);

// Starts a process of its own that builds the program at [path] into the cache, unless there is a
// place taken for it already: at a low priority, connected to nothing, and not waited for.
void cache_start_build(const Cache *cache, const char *path);

// Waits for other builds to end, [timeout_ms] at most, since one at a time is enough. Gives a
// descriptor to be closed after the build; -1 when it took too long or the program is there.
int cache_lock(const Cache *cache, int timeout_ms);

// Notes that the program cannot be built, so that nobody tries again.
void cache_give_up(const Cache *cache);

// Removes what was used longest ago until all of it takes at most [limit] bytes, and what builds
// that were cut short have left.
void cache_trim(const Cache *cache, int64_t limit);

// Counts what the cache holds: programs, and their bytes.
void cache_measure(const Cache *cache, int *count, int64_t *size);

enum { CACHE_MEGABYTES = 256 }; // how much is kept

#endif
