// Changing over to optimised code while a program runs (`tombo run`).
//
// A thread of the tool waits until the program has run for a moment. Then it starts `tombo cache
// tier FILE`, a process of its own that makes the program's second text (tier_points.h), has the
// system's C compiler turn it into an object file, and hands that over through a pipe. The thread
// places it in memory and asks the program's thread to take over, which it does at the next loop
// head or call: each function of the first text gets a jump to its twin as its first instruction.
//
// Whatever fails on the way (no C compiler, another text by now) ends it silently: the program runs
// on as it is. Nothing is started on machines other than x86-64, or under `ulimit -v`.
//
// For tests, TOMBO_TIER=calls has the program wait for the optimised code and begin in it;
// TOMBO_TIER=loops lets only loops change over, each in its first turn.
#ifndef TIER_H
#define TIER_H

#include "cache.h"
#include "driver.h"
#include "toolchain.h"

typedef struct Tier Tier;

// Whether programs can change over here, and nobody turned it off.
bool tier_is_possible(void);

// Starts the thread for the program at [path], whose [first] tier is about to run. NULL where that
// fails. What it takes is never given back: the thread may use it as long as the process lasts.
Tier *tier_start(const char *path, const Cache *cache, const LoadedTier *first);

// The program has ended, [tier] may be NULL. Whether the process that compiles it goes on, and will
// put the program into the cache; it is stopped when there is none.
bool tier_end(Tier *tier, bool has_cache);

// The other side: compiles the second text to an object and writes it to standard output, which is
// closed then. False when it cannot be compiled; the program may have ended before it is.
bool tier_serve(const Messages *messages, const Cache *cache, const CProgram *program);

#endif
