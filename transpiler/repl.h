// The prompt: `tombo` or `tombo repl`. Entries are read from a terminal with the line editor, or
// from a pipe without prompts; commands begin with `:`.
#ifndef REPL_H
#define REPL_H

#include "message.h"

// Runs the prompt, with [is_quiet] without showing values, until it is left. [command_line] is what
// starts it again: argv, NULL at its end. Returns the status
// to end with: what `exit` was given; else, where entries come from a pipe, STATUS_FAILED or
// STATUS_REJECTED when some entry failed.
int repl_run(const Messages *messages, bool is_quiet, char *const *command_line);

#endif
