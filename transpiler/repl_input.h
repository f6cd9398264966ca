// The bytes that the prompt reads from standard input, a part at a time. What was read and not
// asked for yet is in plain sight, so that it can be handed on to another process (repl_renew.c).
#ifndef REPL_INPUT_H
#define REPL_INPUT_H

#include <stdbool.h>

#include "text.h"

// An Input of zeros is ready for use.
typedef struct ReplInput {
    Text bytes;
    size_t at; // those before it are gone
} ReplInput;

// The next byte, waited for; -1 at the end of the input, -2 when a signal came instead.
int input_byte(ReplInput *input);

// Whether there is a byte, or will be within [wait_ms].
bool input_is_waiting(const ReplInput *input, int wait_ms);

// Reads a line to [line], its newline and a NUL behind it, also when the input ends without one.
// Signals interrupt nothing. False at the end of the input.
bool input_line(ReplInput *input, Text *line);

#endif
