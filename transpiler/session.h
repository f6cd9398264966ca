// What a session of the prompt remembers: the names its entries have made, each in a cell of its
// own, their code, and the texts that messages show.
//
// An entry is a program whose top-level names are those cells (Symbol.is_session). It is compiled
// by the usual passes, placed behind the code of the entries before it, and run once. Nothing of
// the compilation stays but code, cells and text. What one entry makes, others reach only through
// its cell, so that everything can be defined anew and change its type.
//
// This header is free of the runtime: what the prompt wants to know about values, it asks here.
#ifndef SESSION_H
#define SESSION_H

#include "driver.h"

typedef enum EntryResult {
    ENTRY_DONE,
    ENTRY_REJECTED, // it did not compile; nothing was run
    ENTRY_FAILED,   // it raised an error, was interrupted or crashed; what it did before stays
    ENTRY_EXIT,     // it asked to leave: session_exit_status
} EntryResult;

// How values are shown.
typedef struct ShowOptions {
    bool color;
    int width;        // of the lines they are laid out on
    bool is_quiet;    // they are not
    bool is_terminal; // where `^C` stands on the line when an entry is interrupted
} ShowOptions;

// Starts a session. Its messages go to standard error, values to standard output. NULL after a
// message when there is no memory for it.
Session *session_new(const Messages *messages, ShowOptions show);

// Changes how values are shown.
void session_set_show(Session *session, ShowOptions show);

// Whether the entry needs more lines: an open bracket, string or block. A blank line at its end
// ends a block.
bool session_wants_more(const char *text, size_t size);

// Whether the text has no mistakes of syntax; what is only unfinished has none.
bool session_is_well_formed(const char *text, size_t size);

// Whether a statement of its own begins at or behind [offset] of the text, outside every block:
// then what stands there is another entry.
bool session_begins_anew(const char *text, size_t size, size_t offset);

// From now on Ctrl-C outside of entries does not end the process. Pressed while an entry is being
// compiled, it stops the entry when it begins.
void session_listen(void);

// Runs an entry, shows its value unless it is None and remembers it as `_`. What is wrong with it
// is said on standard error.
EntryResult session_run(Session *session, const char *text, size_t size);

// The same for a file, whose functions may be used above their definitions.
EntryResult session_load(Session *session, const char *path);

// Compiles an entry without running it and writes what [stage] makes of it; with STAGE_C, the C as
// a reader wants it. NULL text: the last entry that compiled.
bool session_emit(Session *session, const char *text, Stage stage);

// Writes the type of an expression, without running it: what a variable holds now, else what
// inference knows.
bool session_type(Session *session, const char *text);

// Takes back what the last entry did to names (not to what they hold). Returns its text, which
// lives as long as the session; NULL when there is nothing to take back.
const char *session_undo(Session *session);

// What programs do at their end: runs finalizers, writes out open files.
void session_end(Session *session);

// Drops every name and all code of a session that was ended, and gives the memory back as far as
// that can be done within a process.
void session_reset(Session *session);

// The text of the last entry that compiled, "" when there is none; and of all that did, in order.
const char *session_last_entry(const Session *session);
void session_save(const Session *session, FILE *out);

// The status to leave with, after ENTRY_EXIT.
int session_exit_status(const Session *session);

// What the session takes, for `:mem`, to [out].
void session_report_memory(Session *session, FILE *out);

// Writes the names that have a value, for `:vars` and `dir()`: with type and value, one a line, or
// names only.
void session_list(Session *session, bool is_short);

// Whether the name has a value.
bool session_has(const Session *session, const char *name);

// Calls [each] with every name that has a value.
void session_each_name(Session *session, void (*each)(void *data, const char *name), void *data);

// Calls [each] with the members of what the name holds: fields and methods of an instance, names of
// a module, text keys of a dict. Returns the kind of value as the library's declarations name it
// ("List"), or NULL when there is no such name.
const char *session_each_member(Session *session, const char *name,
                                void (*each)(void *data, const char *member), void *data);

// How the function or class of that name is called, `f(a, b)`; NULL when it is neither. Lives until
// the session's next call.
const char *session_signature(Session *session, const char *name);

// The text of the entry that made a name; NULL when unknown.
const char *session_origin(Session *session, const char *name);

#endif
