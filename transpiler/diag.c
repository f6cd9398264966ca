// Collecting diagnostics, and drawing them.
//
// A diagnostic is an error or a warning with the labels, notes and helps said after it. Drawing one
// means: its sentence, where it is, and a snippet of the source with each span underlined. The
// layout is the one of this example:
//
//     12 |     report(prices + total)
//        |            ------ ^ ----- Int
//        |            List
//
// Spans of one line share a row of marks; the word of the last stands beside its mark, the others
// hang below theirs.

#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vec.h"

enum { DEFAULT_ERROR_LIMIT = 50 };

typedef enum PartKind { PART_LABEL, PART_NOTE, PART_HELP } PartKind;

typedef struct Part {
    struct Part *next;
    PartKind kind;
    Source *source; // PART_NOTE
    Span span;
    const char *text;
} Part;

struct Diag {
    Diag *next;
    DiagKind kind;
    Source *source;
    Span span;
    const char *text;
    Part *first;
    Part *last;
    int source_rank; // the number of sources reported about before this one
    int rank;        // order of reports
};

typedef enum Severity { SEVERITY_error, SEVERITY_warning } Severity;

typedef struct KindRow {
    const char *name;
    Severity severity;
} KindRow;

static const KindRow kind_rows[] = {
#define DIAG(name, severity, summary) {#name, SEVERITY_##severity},
#include "diag.def"
#undef DIAG
};

static const char *severity_text(Severity severity)
{
    return severity == SEVERITY_warning ? "warning" : "error";
}

// ---- collecting ---------------------------------------------------------------------------------

void diags_init(Diags *diags, Arena *arena)
{
    *diags = (Diags){.arena = arena, .error_limit = DEFAULT_ERROR_LIMIT};
}

static const char *format_text(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, size < 0 ? 1 : (size_t)size + 1);
    if (size >= 0) vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

static bool is_reported(const Diags *diags, const Source *source, Span span)
{
    for (const Diag *diag = diags->first; diag; diag = diag->next)
        if (diag->source == source && diag->span.start == span.start && diag->span.end == span.end)
            return true;
    return false;
}

static int rank_of_source(const Diags *diags, const Source *source)
{
    int rank = 0;
    for (const Diag *diag = diags->first; diag; diag = diag->next) {
        if (diag->source == source) return diag->source_rank;
        if (diag->source_rank >= rank) rank = diag->source_rank + 1;
    }
    return rank;
}

// Counts a report and decides whether it is kept.
static bool admit(Diags *diags, const Source *source, Span span, DiagKind kind)
{
    int *count =
        kind_rows[kind].severity == SEVERITY_error ? &diags->error_count : &diags->warning_count;
    bool is_over_limit = *count >= diags->error_limit;
    if (!is_over_limit && is_reported(diags, source, span)) return false;
    ++*count;
    return !is_over_limit;
}

void diag_error(Diags *diags, Source *source, Span span, DiagKind kind, const char *format, ...)
{
    diags->open = NULL;
    if (!admit(diags, source, span, kind)) return;
    Diag *diag = ARENA_NEW(diags->arena, Diag);
    va_list args;
    va_start(args, format);
    diag->text = format_text(diags->arena, format, args);
    va_end(args);
    diag->kind = kind;
    diag->source = source;
    diag->span = span;
    diag->source_rank = rank_of_source(diags, source);
    diag->rank = diags->last ? diags->last->rank + 1 : 0;
    if (diags->last)
        diags->last->next = diag;
    else
        diags->first = diag;
    diags->last = diag;
    diags->open = diag;
}

// Attaches a part to the open diagnostic.
static void attach(Diags *diags, Part part, const char *format, va_list args)
{
    Diag *diag = diags->open;
    if (!diag) return;
    part.text = format_text(diags->arena, format, args);
    Part *kept = ARENA_NEW(diags->arena, Part);
    *kept = part;
    if (diag->last)
        diag->last->next = kept;
    else
        diag->first = kept;
    diag->last = kept;
}

void diag_label(Diags *diags, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    attach(diags, (Part){.kind = PART_LABEL, .span = span}, format, args);
    va_end(args);
}

void diag_note(Diags *diags, Source *source, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    attach(diags, (Part){.kind = PART_NOTE, .source = source, .span = span}, format, args);
    va_end(args);
}

void diag_help(Diags *diags, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    attach(diags, (Part){.kind = PART_HELP}, format, args);
    va_end(args);
}

// ---- drawing: pens and characters ---------------------------------------------------------------

typedef enum Pen { PEN_PLAIN, PEN_ERROR, PEN_WARNING, PEN_NOTE, PEN_HELP, PEN_FRAME } Pen;

typedef struct Canvas {
    FILE *out;
    Arena *arena; // for the marks of the snippet being drawn
    bool is_colored;
    int gutter; // digits of the largest line number of the diagnostic being drawn
} Canvas;

static void set_pen(const Canvas *canvas, Pen pen)
{
    static const char *const codes[] = {"\x1b[0m",    "\x1b[1;31m", "\x1b[1;33m",
                                        "\x1b[1;36m", "\x1b[1;32m", "\x1b[1;34m"};
    if (canvas->is_colored) fputs(codes[pen], canvas->out);
}

static void put_colored(const Canvas *canvas, Pen pen, const char *text)
{
    set_pen(canvas, pen);
    fputs(text, canvas->out);
    set_pen(canvas, PEN_PLAIN);
}

static void put_repeated(const Canvas *canvas, char character, int count)
{
    for (int i = 0; i < count; i++)
        fputc(character, canvas->out);
}

// The code point of the [size] bytes at [text], which utf8_size has looked at.
static uint32_t code_of(const char *text, uint32_t size)
{
    uint32_t code = size == 1 ? (unsigned char)*text : (unsigned char)*text & (0x7Fu >> size);
    for (uint32_t i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3Fu);
    return code;
}

// Controls, which a terminal obeys, and the characters that turn the direction of writing or end a
// line elsewhere than here (UAX #9; "Trojan Source", CVE-2021-42574). The runtime's report.c has
// the same list.
static bool is_unprintable(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

void diag_write_text(FILE *out, const char *text)
{
    for (uint32_t size; *text; text += size) {
        size = utf8_size(text, strnlen(text, 4));
        uint32_t code = size ? code_of(text, size) : 0;
        if (size == 0) {
            fputs(REPLACEMENT, out);
            size = 1;
        } else if (!is_unprintable(code) || code == '\n') {
            fwrite(text, 1, size, out);
        } else {
            fprintf(out, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
        }
    }
}

// ---- drawing: a line of source ------------------------------------------------------------------

// What is shown of a line. Very long lines are cut to a window around the main span.
typedef struct Window {
    const char *text; // the line
    uint32_t size;
    uint32_t from; // bytes of it that are shown
    uint32_t to;
} Window;

enum { LONGEST_SHOWN_BYTES = 240, SHOWN_BEFORE_BYTES = 60, SHOWN_AFTER_BYTES = 160, TAB_WIDTH = 4 };

static bool is_inside_character(const Window *window, uint32_t at)
{
    return at > 0 && at < window->size && ((unsigned char)window->text[at] & 0xC0) == 0x80;
}

static Window window_around(const char *text, uint32_t size, uint32_t offset)
{
    Window window = {text, size, 0, size};
    if (size <= LONGEST_SHOWN_BYTES) return window;
    if (offset > SHOWN_BEFORE_BYTES) window.from = offset - SHOWN_BEFORE_BYTES;
    if (size - window.from > LONGEST_SHOWN_BYTES) {
        uint32_t after = offset + SHOWN_AFTER_BYTES;
        window.to = after < size ? after : size;
    }
    while (is_inside_character(&window, window.from))
        window.from++;
    while (is_inside_character(&window, window.to))
        window.to--;
    return window;
}

// Writes the window's text with tabs as blanks; returns the column (from 0) where byte [until] of
// the line lies. With out == NULL it only counts. The text and the marks below it are both placed
// by this one walk.
static int draw_text(const Window *window, uint32_t until, FILE *out)
{
    int column = 0;
    if (window->from > 0) {
        if (out) fputs("... ", out);
        column = 4;
    }
    uint32_t end = until < window->to ? until : window->to;
    for (uint32_t at = window->from; at < end;) {
        if (window->text[at] == '\t') {
            int width = TAB_WIDTH - column % TAB_WIDTH;
            if (out) fprintf(out, "%*s", width, "");
            column += width;
            at++;
            continue;
        }
        uint32_t size = utf8_size(window->text + at, window->to - at);
        bool is_shown = size > 0 && !is_unprintable(code_of(window->text + at, size));
        if (size == 0) size = 1;
        if (out) fwrite(is_shown ? window->text + at : REPLACEMENT, 1, is_shown ? size : 3, out);
        column++;
        at += size;
    }
    if (out && window->to < window->size) fputs(" ...", out);
    return column;
}

// ---- drawing: marks -----------------------------------------------------------------------------

typedef struct Mark {
    uint32_t line;
    Span span;
    const char *text; // "" for none
    bool is_main;     // drawn with carets
    int from;         // columns, once the line's window is known
    int to;
} Mark;

typedef VEC(Mark) Marks;

static int compare_marks(const void *left_pointer, const void *right_pointer)
{
    const Mark *left = left_pointer;
    const Mark *right = right_pointer;
    if (left->line != right->line) return left->line < right->line ? -1 : 1;
    if (left->span.start != right->span.start) return left->span.start < right->span.start ? -1 : 1;
    return right->is_main - left->is_main;
}

static int text_width(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void draw_margin(const Canvas *canvas)
{
    set_pen(canvas, PEN_FRAME);
    fprintf(canvas->out, "%*s |", canvas->gutter, "");
    set_pen(canvas, PEN_PLAIN);
}

// Moves from column *at to [column], never back.
static void advance_to(const Canvas *canvas, int *at, int column)
{
    if (column > *at) {
        put_repeated(canvas, ' ', column - *at);
        *at = column;
    }
}

// The row of underlines. Where two overlap, the part already drawn stays.
static void draw_underlines(const Canvas *canvas, const Mark *marks, int count, Pen pen)
{
    draw_margin(canvas);
    int at = -1;
    for (int i = 0; i < count; i++) {
        advance_to(canvas, &at, marks[i].from);
        set_pen(canvas, marks[i].is_main ? pen : PEN_FRAME);
        if (marks[i].to > at) {
            put_repeated(canvas, marks[i].is_main ? '^' : '-', marks[i].to - at);
            at = marks[i].to;
        }
        if (i == count - 1 && *marks[i].text) fprintf(canvas->out, " %s", marks[i].text);
        set_pen(canvas, PEN_PLAIN);
    }
    fputc('\n', canvas->out);
}

// Below the underlines: the words of all marks but the last, each under its mark's start, on as few
// rows as it takes.
static void draw_hanging_words(const Canvas *canvas, Mark *marks, int count, Pen pen)
{
    for (int left = count - 1; left > 0;) {
        int drawn = 0;
        int at = -1;
        for (int i = 0; i < count - 1; i++) {
            if (!*marks[i].text || (drawn && marks[i].from <= at)) continue;
            if (!drawn++) draw_margin(canvas);
            advance_to(canvas, &at, marks[i].from);
            put_colored(canvas, marks[i].is_main ? pen : PEN_FRAME, marks[i].text);
            at += text_width(marks[i].text);
            marks[i].text = "";
        }
        if (!drawn) return;
        fputc('\n', canvas->out);
        left -= drawn;
    }
}

// One line of source with its marks.
static void draw_line(const Canvas *canvas, Source *source, Mark *marks, int count, Pen pen)
{
    uint32_t size;
    const char *text = source_line(source, marks->line, &size);
    uint32_t line_start = (uint32_t)(text - source->text);
    uint32_t focus = marks->span.start;
    for (int i = 0; i < count; i++)
        if (marks[i].is_main) focus = marks[i].span.start;
    Window window = window_around(text, size, focus - line_start);
    set_pen(canvas, PEN_FRAME);
    fprintf(canvas->out, "%*u |", canvas->gutter, marks->line);
    set_pen(canvas, PEN_PLAIN);
    if (size) fputc(' ', canvas->out);
    draw_text(&window, size, canvas->out);
    fputc('\n', canvas->out);
    for (int i = 0; i < count; i++) {
        Span span = marks[i].span;
        marks[i].from = draw_text(&window, span.start - line_start, NULL);
        marks[i].to = draw_text(&window, span.end - line_start, NULL);
        if (marks[i].to <= marks[i].from) marks[i].to = marks[i].from + 1;
    }
    draw_underlines(canvas, marks, count, pen);
    draw_hanging_words(canvas, marks, count, pen);
}

// A span over several lines is underlined on its first one.
static Mark make_mark(Source *source, Span span, const char *text, bool is_main)
{
    uint32_t line = source_position(source, span.start).line;
    uint32_t size;
    const char *start = source_line(source, line, &size);
    uint32_t line_end = (uint32_t)(start - source->text) + size;
    if (span.start > line_end) span.start = line_end;
    if (span.end > line_end) span.end = line_end;
    if (span.end < span.start) span.end = span.start;
    return (Mark){.line = line, .span = span, .text = text, .is_main = is_main};
}

static void draw_snippet(const Canvas *canvas, Source *source, Marks *marks, Pen pen)
{
    qsort(marks->items, (size_t)marks->count, sizeof *marks->items, compare_marks);
    draw_margin(canvas);
    fputc('\n', canvas->out);
    for (int i = 0, next; i < marks->count; i = next) {
        uint32_t line = marks->items[i].line;
        for (next = i; next < marks->count && marks->items[next].line == line;)
            next++;
        if (i > 0 && line > marks->items[i - 1].line + 1) put_colored(canvas, PEN_FRAME, "...\n");
        draw_line(canvas, source, &marks->items[i], next - i, pen);
    }
}

static void draw_place(const Canvas *canvas, Source *source, Span span)
{
    Position position = source_position(source, span.start);
    put_repeated(canvas, ' ', canvas->gutter);
    put_colored(canvas, PEN_FRAME, "--> ");
    diag_write_text(canvas->out, source->path);
    fprintf(canvas->out, ":%u:%u\n", position.line, position.column);
}

// ---- drawing: a whole diagnostic ----------------------------------------------------------------

static int count_digits(uint32_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

// The digits of the largest line number that will be shown.
static int gutter_width(const Diag *diag)
{
    uint32_t largest = source_position(diag->source, diag->span.start).line;
    for (const Part *part = diag->first; part; part = part->next) {
        if (part->kind == PART_HELP) continue;
        Source *source = part->source ? part->source : diag->source;
        uint32_t line = source_position(source, part->span.start).line;
        if (line > largest) largest = line;
    }
    return count_digits(largest);
}

static bool is_same_span(Span a, Span b)
{
    return a.start == b.start && a.end == b.end;
}

// The main span and its labels; a label at the main span itself becomes the word of the carets.
static Marks collect_marks(const Canvas *canvas, const Diag *diag)
{
    Marks marks = {0};
    Mark main_mark = make_mark(diag->source, diag->span, "", true);
    for (const Part *part = diag->first; part; part = part->next) {
        if (part->kind != PART_LABEL) continue;
        if (is_same_span(part->span, diag->span))
            main_mark.text = part->text;
        else
            VEC_PUSH(canvas->arena, marks, make_mark(diag->source, part->span, part->text, false));
    }
    VEC_PUSH(canvas->arena, marks, main_mark);
    return marks;
}

static void draw_head(const Canvas *canvas, Pen pen, const char *word, const char *text)
{
    put_colored(canvas, pen, word);
    fputs(": ", canvas->out);
    diag_write_text(canvas->out, text);
    fputc('\n', canvas->out);
}

static void draw_parts(const Canvas *canvas, const Diag *diag)
{
    for (const Part *part = diag->first; part; part = part->next) {
        if (part->kind == PART_HELP) draw_head(canvas, PEN_HELP, "help", part->text);
        if (part->kind != PART_NOTE) continue;
        draw_head(canvas, PEN_NOTE, "note", part->text);
        draw_place(canvas, part->source, part->span);
        Marks marks = {0};
        VEC_PUSH(canvas->arena, marks, make_mark(part->source, part->span, "", true));
        draw_snippet(canvas, part->source, &marks, PEN_NOTE);
    }
}

static bool has_note(const Diag *diag)
{
    for (const Part *part = diag->first; part; part = part->next)
        if (part->kind == PART_NOTE) return true;
    return false;
}

static void draw_diag(Canvas *canvas, const Diag *diag)
{
    Severity severity = kind_rows[diag->kind].severity;
    Pen pen = severity == SEVERITY_warning ? PEN_WARNING : PEN_ERROR;
    canvas->gutter = gutter_width(diag);
    draw_head(canvas, pen, severity_text(severity), diag->text);
    draw_place(canvas, diag->source, diag->span);
    Marks marks = collect_marks(canvas, diag);
    draw_snippet(canvas, diag->source, &marks, pen);
    if (has_note(diag)) {
        draw_margin(canvas);
        fputc('\n', canvas->out);
    }
    draw_parts(canvas, diag);
}

// ---- JSON ---------------------------------------------------------------------------------------

void json_write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (uint32_t size; *text; text += size) {
        size = utf8_size(text, strnlen(text, 4));
        unsigned char byte = (unsigned char)*text;
        if (size == 0) {
            fputs(REPLACEMENT, out);
            size = 1;
        } else if (byte == '"' || byte == '\\') {
            fprintf(out, "\\%c", byte);
        } else if (is_unprintable(code_of(text, size))) {
            fprintf(out, "\\u%04x", code_of(text, size));
        } else {
            fwrite(text, 1, size, out);
        }
    }
    fputc('"', out);
}

// The members message, file and the four of the position.
static void json_write_place(FILE *out, Source *source, Span span, const char *text)
{
    Position start = source_position(source, span.start);
    Position end = source_position(source, span.end);
    fputs("\"message\":", out);
    json_write_string(out, text);
    fputs(",\"file\":", out);
    json_write_string(out, source->path);
    fprintf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u", start.line,
            start.column, end.line, end.column);
}

// The parts of one kind as an array: objects with a place, or plain texts for helps.
static void json_write_parts(FILE *out, const char *member, const Diag *diag, PartKind kind)
{
    fprintf(out, ",\"%s\":[", member);
    const char *separator = "";
    for (const Part *part = diag->first; part; part = part->next) {
        if (part->kind != kind) continue;
        fputs(separator, out);
        separator = ",";
        if (kind == PART_HELP) {
            json_write_string(out, part->text);
            continue;
        }
        fputc('{', out);
        json_write_place(out, part->source ? part->source : diag->source, part->span, part->text);
        fputc('}', out);
    }
    fputc(']', out);
}

// The kind's name in lower case with dashes.
static void json_write_code(FILE *out, DiagKind kind)
{
    fputc('"', out);
    for (const char *at = kind_rows[kind].name; *at; at++)
        fputc(*at == '_' ? '-' : *at - 'A' + 'a', out);
    fputc('"', out);
}

static void json_write_diag(FILE *out, const Diag *diag)
{
    fprintf(out, "{\"severity\":\"%s\",\"code\":", severity_text(kind_rows[diag->kind].severity));
    json_write_code(out, diag->kind);
    fputc(',', out);
    json_write_place(out, diag->source, diag->span, diag->text);
    json_write_parts(out, "labels", diag, PART_LABEL);
    json_write_parts(out, "notes", diag, PART_NOTE);
    json_write_parts(out, "help", diag, PART_HELP);
    fputs("}\n", out);
}

// ---- rendering ----------------------------------------------------------------------------------

static int compare_diags(const void *left_pointer, const void *right_pointer)
{
    const Diag *left = *(const Diag *const *)left_pointer;
    const Diag *right = *(const Diag *const *)right_pointer;
    if (left->source_rank != right->source_rank) return left->source_rank - right->source_rank;
    if (left->span.start != right->span.start) return left->span.start < right->span.start ? -1 : 1;
    return left->rank - right->rank;
}

bool color_is_wanted(FILE *out, ColorMode color)
{
    if (color != COLOR_AUTO) return color == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_color && *no_color) return false;
    return isatty(fileno(out)) && !(terminal && strcmp(terminal, "dumb") == 0);
}

static void draw_unkept(const Diags *diags, FILE *out, int kept_errors)
{
    int count = diags->error_count - kept_errors;
    if (count > 0)
        fprintf(out, "\n%d more error%s not shown\n", count, count == 1 ? " is" : "s are");
}

void diags_render(const Diags *diags, FILE *out, ColorMode color, bool json)
{
    VEC(const Diag *) sorted = {0};
    int errors = 0;
    for (const Diag *diag = diags->first; diag; diag = diag->next) {
        VEC_PUSH(diags->arena, sorted, diag);
        errors += kind_rows[diag->kind].severity == SEVERITY_error;
    }
    if (sorted.count == 0) return;
    qsort(sorted.items, (size_t)sorted.count, sizeof *sorted.items, compare_diags);
    Canvas canvas = {.out = out, .arena = diags->arena, .is_colored = color_is_wanted(out, color)};
    for (int i = 0; i < sorted.count; i++) {
        if (json) {
            json_write_diag(out, sorted.items[i]);
            continue;
        }
        if (i > 0) fputc('\n', out);
        draw_diag(&canvas, sorted.items[i]);
    }
    if (!json) draw_unkept(diags, out, errors);
}

// ---- nearest spelling ---------------------------------------------------------------------------

enum { LONGEST_COMPARED = 40 };

static int min3(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

static char to_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

// The optimal string alignment distance (Damerau-Levenshtein without editing a swapped pair again)
// of two texts no longer than LONGEST_COMPARED, whether letters are capital or not. Three rows of
// the usual table are kept.
static int edit_distance(const char *a, int a_size, const char *b, int b_size)
{
    int rows[3][LONGEST_COMPARED + 1];
    for (int j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (int i = 1; i <= a_size; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= b_size; j++) {
            char x = to_lower(a[i - 1]);
            char y = to_lower(b[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
            bool is_swap = i > 1 && j > 1 && x == to_lower(b[j - 2]) && to_lower(a[i - 2]) == y;
            if (is_swap && above2[j - 2] + 1 < row[j]) row[j] = above2[j - 2] + 1;
        }
    }
    return rows[a_size % 3][b_size];
}

void nearest_offer(Nearest *nearest, const char *candidate)
{
    int size = (int)strnlen(nearest->wanted, LONGEST_COMPARED + 1);
    int candidate_size = (int)strnlen(candidate, LONGEST_COMPARED + 1);
    if (size > LONGEST_COMPARED || candidate_size > LONGEST_COMPARED) return;
    int limit = nearest->best ? nearest->best_distance - 1 : (size + 1) / 3;
    if (abs(size - candidate_size) > limit) return;
    int distance = edit_distance(nearest->wanted, size, candidate, candidate_size);
    if (distance == 0) distance = 1; // they differ in capitals only
    if (distance > limit) return;
    nearest->best = candidate;
    nearest->best_distance = distance;
}
