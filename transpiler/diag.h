// Diagnostics: collected while compiling, rendered at the end, in source order.
//
//     diag_error(diags, source, span, DIAG_UNKNOWN_NAME, "unknown name `%s`", name->text);
//     diag_label(diags, other_span, "Int");
//     diag_note(diags, source, span, "`total` became an Int here");
//     diag_help(diags, "did you mean `%s`?", nearest);
//
// label, note and help attach to the error or warning before them.
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
    int error_count;
    int warning_count;
    int error_limit; // more errors than this are counted but not kept
} Diags;

typedef enum ColorMode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;

void diags_init(Diags *diags, Arena *arena);

// Reports an error (or a warning, if the kind's row in diag.def says so) at [span]. A second report of an error at the
// very same span is dropped: one message per cause.
void diag_error(Diags *diags, Source *source, Span span, DiagKind kind, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
// A second underlined stretch in the same source with a word beside it.
void diag_label(Diags *diags, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_note(Diags *diags, Source *source, Span span, const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_help(Diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Writes everything collected. [json]: one JSON object a line.
void diags_render(const Diags *diags, FILE *out, ColorMode color, bool json);

// The nearest of several spellings, for "did you mean": see edit_distance's bound in diag.c. Feed candidates one by one.
typedef struct Nearest {
    const char *wanted;
    const char *best;
    int best_distance;
} Nearest;
void nearest_offer(Nearest *nearest, const char *candidate);

#endif
