// What the parts of the line editor share. repl_edit.c: the buffer and keys; repl_keys.c: bytes of
// the terminal to keys; repl_paint.c: drawing; repl_complete.c: completion and hints;
// repl_history.c.
#ifndef REPL_EDIT_STATE_H
#define REPL_EDIT_STATE_H

#include <stdio.h>
#include <termios.h>

#include "repl_edit.h"
#include "vec.h"

// Keys that are no characters.
typedef enum Key {
    KEY_NONE = 0x110000, // nothing that means something; the terminal may have changed its size
    KEY_END_OF_INPUT,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    KEY_DELETE,
    KEY_DELETE_WORD, // before the cursor
    KEY_NEW_LINE,    // a line break, wherever the cursor is
    KEY_PASTE,       // what follows up to KEY_PASTE_END is text
    KEY_PASTE_END,
} Key;

#define CONTROL(letter) ((letter)&0x1f)

// What can be inserted at the cursor.
typedef struct Candidates {
    Arena arena;
    size_t start; // of the text that they replace, up to the cursor
    VEC(const char *) items;
    VEC(const char *) notes; // a signature or "", one for each item
} Candidates;

typedef struct History {
    Arena arena;
    VEC(const char *) items; // oldest first
    const char *path;        // NULL: it is not kept
} History;

struct Editor {
    Session *session;
    bool is_color;
    struct termios cooked; // the terminal as it was
    const char *first_prompt, *more_prompt;
    Text text;         // the entry
    size_t cursor;     // in bytes
    int wanted_column; // of Up and Down; -1: that of the cursor
    Text killed;       // by Ctrl-K and the like
    Text draft;        // the entry being written while history is looked at
    int history_at;    // history.items.count: the draft
    History history;
    ReplInput *input;
    int rows_above;    // how far the cursor is below the first row of what was drawn last
    bool has_listed;   // candidates, at this very place
    Text hint;         // shown behind the entry in grey
    bool is_hint_text; // it can be taken over
};

// ---- repl_keys.c

// The next key: a code point or a Key. Waits for it.
int key_read(Editor *editor);

// ---- repl_paint.c

// Draws the entry anew with the cursor in its place.
void paint(Editor *editor);
// The same without hint and marks, and goes to the line below it.
void paint_final(Editor *editor);
// Draws one line in place of the entry: what is searched for and what was found.
void paint_search(Editor *editor, const char *wanted, const char *found);
// Writes candidates in columns below the entry.
void paint_candidates(Editor *editor, const Candidates *candidates);
// The columns of the terminal.
int paint_width(void);
// How many columns [size] bytes take.
int paint_columns(const char *bytes, size_t size);

// ---- repl_complete.c

// What can stand at the cursor. To be given back with arena_free(&candidates->arena).
void complete(const Editor *editor, Candidates *candidates);
// Fills editor->hint: the signature of the call around the cursor, or the rest of an entry of the
// history.
void complete_hint(Editor *editor);
// The library's declaration as `name(a, b)`, or NULL.
const char *complete_signature(Arena *arena, const char *name);

// ---- repl_history.c

// Begins with what [former] has from where it stands, in the layout of the file, or if that is NULL
// with the file.
void history_load(History *history, FILE *former);
// Writes all of it in the layout of the file.
void history_write(const History *history, FILE *out);
// Adds an entry, unless it is the last one again or begins with a blank, and writes it to the file.
void history_add(History *history, const char *text);
void history_free(History *history);

#endif
