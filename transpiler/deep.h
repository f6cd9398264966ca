// A large stack for the compiler: its passes recurse over trees.
#ifndef DEEP_H
#define DEEP_H

// Runs body(argument) on a stack of 256 MB, of which only touched pages take memory, and returns
// its result. Where no such stack can be had, runs it on the present one.
int deep_call(int (*body)(void *argument), void *argument);

#endif
