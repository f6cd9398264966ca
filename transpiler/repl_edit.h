// The line editor: whole entries of several lines on a terminal, with history, colours, completion.
#ifndef REPL_EDIT_H
#define REPL_EDIT_H

#include <stdio.h>

#include "repl_input.h"
#include "session.h"

typedef struct Editor Editor;

// Starts an editor for the terminal at standard output, whose keys come by [input]. Its history
// goes on from what editor_write_history wrote to [former_history]; NULL: from its file. NULL when
// there is no such terminal.
Editor *editor_new(Session *session, ReplInput *input, bool is_color, FILE *former_history);

// Writes the history for another editor that will take over.
void editor_write_history(const Editor *editor, FILE *out);

// Ends it. NULL is allowed.
void editor_free(Editor *editor);

// Lets the user write an entry and puts it into [entry] with a newline and a NUL behind. False when
// there will be no more: Ctrl-D on an empty line.
bool editor_read(Editor *editor, const char *first_prompt, const char *more_prompt, Text *entry);

#endif
