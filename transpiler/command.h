// What the commands that take a program have in common.
#ifndef COMMAND_H
#define COMMAND_H

#include "options.h"

// Reads the program's text; false after a message.
bool command_read(const Options *options, Compilation *compilation);

// Writes the mistakes and warnings there are, and returns STATUS_OK or STATUS_REJECTED.
ExitStatus command_render(const Options *options, Compilation *compilation);

// Reads, compiles and renders. The compilation is to be freed in any case.
ExitStatus command_compile(const Options *options, Compilation *compilation, Stage stage,
                           Purpose purpose);

#endif
