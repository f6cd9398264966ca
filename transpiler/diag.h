// Diagnostics: collected while compiling, rendered at the end, in source order.
//
//     diag_error(diags, source, span, DIAG_UNKNOWN_NAME, "unknown name `%s`", name->text);
//     diag_label(diags, other_span, "Int");
//     diag_note(diags, source, span, "`total` became an Int here");
//     diag_help(diags, "did you mean `%s`?", nearest);
//
// label, note and help attach to the error or warning before them; where that was dropped they are
// dropped too.
#ifndef DIAG_H
#define DIAG_H

#include <stdio.h>

#include "source.h"

typedef enum DiagKind {
#define DIAG(name, severity, summary) DIAG_##name,
#include "diag.def"
#undef DIAG
    DIAG_KIND_COUNT
} DiagKind;

typedef struct Diag Diag;

typedef struct Diags {
    Arena *arena;
    Diag *first;
    Diag *last;
    Diag *open; // what labels, notes and helps attach to; NULL after a report that was not kept
    int error_count;
    int warning_count;
    int error_limit; // more errors than this are counted but not kept; warnings likewise
} Diags;

typedef enum ColorMode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;

// Makes an empty collection whose texts live in [arena], with the usual error_limit.
void diags_init(Diags *diags, Arena *arena);

// Reports an error (or a warning, if the kind's row in diag.def says so) at [span]. A second report
// of an error at the very same span is dropped: one message per cause.
void diag_error(Diags *diags, Source *source, Span span, DiagKind kind, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

// A second underlined stretch in the same source with a word beside it. At the very span of the
// error itself, the word goes beside its carets.
void diag_label(Diags *diags, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// A sentence about another place.
void diag_note(Diags *diags, Source *source, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// What to do about it; only when we are fairly sure.
void diag_help(Diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Writes everything collected, sorted by position (sources in the order of their first report).
// COLOR_AUTO colours on a terminal unless NO_COLOR is set. [json]: one JSON object a line, with the
// members severity, code, message, file, line, column, end_line, end_column, labels, notes and
// help.
void diags_render(const Diags *diags, FILE *out, ColorMode color, bool json);

// Whether what is written to [out] should be coloured: COLOR_AUTO asks for a terminal and no
// NO_COLOR.
bool color_is_wanted(FILE *out, ColorMode color);

// Writes [text] so that no terminal obeys what is in it: control characters but the newline, and
// those that turn the direction of writing, as `\x1b` or `\u202e`, bytes that are not UTF-8 as
// U+FFFD.
void diag_write_text(FILE *out, const char *text);

// Writes [text] as a JSON string with its quotes; what diag_write_text would escape is escaped.
// Bytes that are not UTF-8 become U+FFFD.
void json_write_string(FILE *out, const char *text);

// The nearest of several spellings, for "did you mean". Set `wanted`, zero the rest and feed
// candidates one by one; `best` is then the nearest that differs from `wanted` in at most a third
// of its letters, or NULL. Among equally near ones the first fed. The distance is the optimal
// string alignment one (insert, delete, replace, swap neighbours).
typedef struct Nearest {
    const char *wanted;
    const char *best;
    int best_distance;
} Nearest;
void nearest_offer(Nearest *nearest, const char *candidate);

#endif
