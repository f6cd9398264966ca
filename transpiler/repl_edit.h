// The line editor: whole entries of several lines on a terminal, with history, colours, completion.
#ifndef REPL_EDIT_H
#define REPL_EDIT_H

#include "session.h"

typedef struct Editor Editor;

// Starts an editor for the terminal at standard input and output. NULL when that is none.
Editor *editor_new(Session *session, bool is_color);

// Ends it and saves the history. NULL is allowed.
void editor_free(Editor *editor);

// Lets the user write an entry and puts it into [entry] with a newline and a NUL behind. False when
// there will be no more: Ctrl-D on an empty line.
bool editor_read(Editor *editor, const char *first_prompt, const char *more_prompt, Text *entry);

#endif
