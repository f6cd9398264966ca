// What the files of the session share. session.c: names, compiling and running; session_ask.c: what
// the prompt asks about them.
#ifndef SESSION_STATE_H
#define SESSION_STATE_H

#include "runtime/program.h"
#include "runtime/value.h"
#include "session.h"
#include "vec.h"

// A name of the session.
typedef struct SessionName {
    const char *text;
    tb_value *cell;      // TB_MISSING: it has no value (any more)
    const char *library; // `use math as m`: the library it stands for; NULL: it is a variable
    const char *origin;  // the text of the entry that made it, or NULL
} SessionName;

// What entries did to a name, for :undo.
typedef struct Change {
    SessionName *name;
    tb_value former;
    const char *former_origin;
} Change;

// The changes of one entry. Lives in the collector's heap.
typedef struct Record {
    struct Record *before;
    int64_t depth;
    int64_t count;
    Change changes[];
} Record;

// What the collector sees of the session, at the start of its code space.
typedef struct Roots {
    tb_value shown; // the value of the entry that runs
    Record *undo;
    Record *before; // what names held when the entry began: frames of the prompt are not seen while
                    // it runs
} Roots;

struct Session {
    const Messages *messages;
    ShowOptions show;
    Arena arena; // everything below
    Names names;
    CodeSpace space;
    Roots *roots;
    Map by_name;               // Name * of `names` -> SessionName *
    VEC(SessionName *) all;    // in the order of their making
    VEC(tb_source) sources;    // of messages: entries and imported modules
    VEC(const char *) entries; // texts of those that compiled
    VEC(const char *) used;    // libraries named by `use`, the last one wins
    tb_value *free_cells;      // of the block of cells begun last
    int free_cell_count;
    int entry_number;
    int exit_status;
    Compiler *compiler; // of the entry that is compiled now
    Map found;          // Name * of that -> Symbol *
};

// The name if it was ever mentioned, or NULL.
SessionName *session_find(const Session *session, const char *text);

// Writes the type that inference finds for the value of an entry. False when it does not compile.
bool session_infer(Session *session, const char *text);

// Runs body(argument) as programs run: on the big stack, where it can be interrupted, with crashes
// caught. Returns the signal that ended it, or 0.
int session_guarded(Session *session, int (*body)(void *argument), void *argument);

#endif
