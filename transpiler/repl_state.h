// What the files of the prompt share. repl.c: the loop; repl_read.c: where entries come from;
// repl_commands.c: `:commands`; repl_help.c: documentation.
#ifndef REPL_STATE_H
#define REPL_STATE_H

#include "repl.h"
#include "repl_input.h"
#include "session.h"

typedef struct Repl {
    const Messages *messages;
    char *const *command_line; // the process was started with
    Session *session;
    bool is_terminal; // both input and output: prompts and the line editor
    bool is_color;
    bool is_quiet; // values are not shown
    bool is_leaving;
    int status; // to leave with
    ReplInput input;
    Text entry;     // the lines of the entry being read
    Text next_line; // read ahead: belongs to the next entry
    bool has_next_line;
    struct Editor *editor; // of a terminal that can do it; NULL: plain lines
} Repl;

// ---- repl_read.c

// Reads the next entry, all its lines, to repl->entry. False at the end of the input.
bool repl_read(Repl *repl);

// ---- repl.c

// Runs an entry as if it had been typed.
void repl_enter(Repl *repl, const char *text, size_t size);

// ---- repl_commands.c

// If the entry is a command (`:mem`, `%time e`, `!ls`, `?name`, `exit`, `help(x)`, …), does what it
// says and returns true.
bool repl_command(Repl *repl, const char *text);

// Calls [each] with the names of all commands, `:help` first.
void repl_each_command(void (*each)(void *data, const char *name), void *data);

// ---- repl_renew.c

// Puts a fresh process in the place of this one, which must have ended what it ran. The other takes
// over the input, the history and the status. Returns only when that is impossible.
void repl_renew(const Repl *repl);

// What a former process left for this one, read up to its history; NULL: there was none.
FILE *repl_take_over(Repl *repl);

// ---- repl_help.c

// Writes what is known of a name: a library's page, a function's signature and comment. Says so
// when there is nothing.
void repl_help(Repl *repl, const char *topic);

// ---- repl_teach.c

// Says what to write instead when an entry that did not compile shows a habit of another language.
void repl_teach(const Repl *repl, const char *text);

#endif
