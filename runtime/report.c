// Writes an uncaught error to standard error.
//
//     error: ZeroDivisionError: division by zero
//       --> shop.tb:12:11
//        |
//     12 |     total / count
//        |           ^
//        |
//        = called from `average` at shop.tb:20:5
//        = … 99,950 more calls
//     while handling: KeyError: no such key
//       --> …
//
// The layout is that of the compiler's diagnostics. It is written through a small buffer of its
// own, since it may be memory that has run out.
#include "report.h"
#include "object.h"
#include "show.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS_FIRST   12 // calls shown from the error on …
#define CALLS_LAST    6  // … and from the start of the program on
#define CAUSES_MAX    8
#define TAB_WIDTH     4
#define LINE_MAX_SIZE 240 // a longer line is shown from LINE_BEFORE bytes before the error on
#define LINE_BEFORE   60

typedef struct report {
    const tb_program *program;
    int is_coloured;
    int gutter; // digits of the line number shown
    size_t used;
    char buffer[4096];
} report;

// ----------------------------------------------------------------------------------------- writing

// A report that cannot be written has nobody to be reported to.
static void flush(report *r)
{
    for (size_t done = 0; done < r->used;) {
        ssize_t size = write(STDERR_FILENO, r->buffer + done, r->used - done);
        if (size <= 0) break;
        done += (size_t)size;
    }
    r->used = 0;
}

static void put(report *r, const char *bytes, int64_t size)
{
    while (size > 0) {
        if (r->used == sizeof r->buffer) flush(r);
        size_t room = sizeof r->buffer - r->used;
        size_t part = (size_t)size < room ? (size_t)size : room;
        memcpy(r->buffer + r->used, bytes, part);
        r->used += part;
        bytes += part;
        size -= (int64_t)part;
    }
}

static void put_text(report *r, const char *text)
{
    put(r, text, (int64_t)strlen(text));
}

// For short pieces: at most 511 bytes are written.
static void put_format(report *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_format(report *r, const char *format, ...)
{
    char piece[512];
    va_list args;
    va_start(args, format);
    vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    put_text(r, piece);
}

static void put_repeated(report *r, char c, int64_t count)
{
    for (; count > 0; count--)
        put(r, &c, 1);
}

// A count with commas between thousands.
static void put_count(report *r, int64_t count)
{
    if (count >= 1000) {
        put_count(r, count / 1000);
        put_format(r, ",%03d", (int)(count % 1000));
    } else {
        put_format(r, "%d", (int)count);
    }
}

#define PEN_PLAIN "\x1b[0m"
#define PEN_ERROR "\x1b[1;31m"
#define PEN_NOTE  "\x1b[1;36m"
#define PEN_FRAME "\x1b[1;34m"

static void put_coloured(report *r, const char *pen, const char *text)
{
    if (r->is_coloured) put_text(r, pen);
    put_text(r, text);
    if (r->is_coloured) put_text(r, PEN_PLAIN);
}

static int is_colour_wanted(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (no_color && *no_color) return 0;
    return isatty(STDERR_FILENO) && !(terminal && !strcmp(terminal, "dumb"));
}

// ------------------------------------------------------------------------------------ source lines

// A piece of source text.
typedef struct line {
    const char *text; // NULL: not known
    int64_t size;
} line;

// Line [number] of [text], in which CR, LF and CR LF end lines.
static line line_of_text(const char *text, int64_t number)
{
    if (!strncmp(text, "\xef\xbb\xbf", 3)) text += 3;
    for (; number > 1; number--) {
        text += strcspn(text, "\r\n");
        if (!*text) return (line){NULL, 0};
        text += !strncmp(text, "\r\n", 2) ? 2 : 1;
    }
    return (line){text, (int64_t)strcspn(text, "\r\n")};
}

// Finds a line among those a program carries, by bisection.
static line line_of_table(const tb_source *source, int64_t number)
{
    int64_t from = 0, to = source->line_count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (source->lines[middle].number < number)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == source->line_count || source->lines[from].number != number) return (line){NULL, 0};
    const char *text = source->lines[from].text;
    return (line){text, (int64_t)strlen(text)};
}

static line find_line(const tb_program *program, const char *file, int64_t number)
{
    for (int64_t i = 0; program && i < program->source_count; i++) {
        const tb_source *source = &program->sources[i];
        if (strcmp(source->file, file)) continue;
        return source->text ? line_of_text(source->text, number) : line_of_table(source, number);
    }
    return (line){NULL, 0};
}

// The offset of code point number [column], counted from 1; the end of the line when it is shorter.
static int64_t column_offset(line source, int64_t column)
{
    const char *at = source.text, *end = at + source.size;
    while (--column > 0 && at < end)
        tb_utf8_next(&at);
    return at < end ? at - source.text : source.size;
}

// Controls, which a terminal obeys, and the characters that turn the direction of writing or end a
// line elsewhere than here. The compiler's diag.c has the same list.
static int is_unprintable(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
           (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

// Writes text that may hold anything: what is unprintable but newlines and tabs as escapes.
static void put_visible(report *r, const char *text, int64_t size)
{
    for (const char *at = text, *end = text + size; at < end;) {
        const char *start = at;
        uint32_t code = tb_utf8_next(&at);
        if (!is_unprintable(code) || code == '\n' || code == '\t')
            put(r, start, at - start);
        else
            put_format(r, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
    }
}

// Walks over the bytes [from, to) of a line with tabs as blanks and what is unprintable as U+FFFD,
// as the compiler's excerpts have it. Writes them when [r] is not NULL; returns the width. The line
// and the carets below it are both placed by this walk.
static int64_t walk(report *r, line source, int64_t from, int64_t to)
{
    int64_t width = 0;
    const char *at = source.text + from, *end = source.text + to;
    while (at < end) {
        const char *start = at;
        uint32_t code = tb_utf8_next(&at);
        int64_t step = code == '\t' ? TAB_WIDTH - width % TAB_WIDTH : 1;
        width += step;
        if (r && code == '\t')
            put_repeated(r, ' ', step);
        else if (r && is_unprintable(code))
            put_text(r, "\xef\xbf\xbd");
        else if (r)
            put(r, start, at - start);
    }
    return width;
}

// The first byte of a long line that is shown.
static int64_t window_start(line source, int64_t focus)
{
    if (source.size <= LINE_MAX_SIZE || focus <= LINE_BEFORE) return 0;
    int64_t start = focus - LINE_BEFORE;
    while ((source.text[start] & 0xc0) == 0x80)
        start++;
    return start;
}

static int64_t window_end(line source, int64_t start)
{
    if (source.size - start <= LINE_MAX_SIZE) return source.size;
    int64_t end = start + LINE_MAX_SIZE;
    while ((source.text[end] & 0xc0) == 0x80)
        end--;
    return end;
}

static void put_margin(report *r)
{
    put_repeated(r, ' ', r->gutter);
    put_coloured(r, PEN_FRAME, " |");
}

// The source line with carets below the span [at].
static void put_snippet(report *r, line source, int64_t at)
{
    int64_t from = column_offset(source, TB_AT_COLUMN(at));
    int64_t to = column_offset(source, TB_AT_COLUMN(at) + TB_AT_LENGTH(at));
    int64_t start = window_start(source, from), end = window_end(source, start);
    if (to > end) to = end;
    put_margin(r);
    if (r->is_coloured) put_text(r, PEN_FRAME);
    put_format(r, "\n%*" PRId64 " |", r->gutter, TB_AT_LINE(at));
    if (r->is_coloured) put_text(r, PEN_PLAIN);
    put_text(r, source.size ? start ? " ... " : " " : "");
    walk(r, source, start, end);
    put_text(r, end < source.size ? " ...\n" : "\n");
    put_margin(r);
    int64_t before = walk(NULL, source, start, from);
    put_repeated(r, ' ', before + (start ? 5 : 1));
    if (r->is_coloured) put_text(r, PEN_ERROR);
    int64_t width = walk(NULL, source, start, to) - before;
    put_repeated(r, '^', width > 0 ? width : 1);
    if (r->is_coloured) put_text(r, PEN_PLAIN);
    put_text(r, "\n");
}

// --------------------------------------------------------------------------------------- the calls

static void put_place(report *r, tb_frame frame)
{
    put_visible(r, frame.fn->file, (int64_t)strlen(frame.fn->file));
    put_format(r, ":%" PRId64 ":%" PRId64 "\n", TB_AT_LINE(frame.at), TB_AT_COLUMN(frame.at));
}

static void put_note(report *r)
{
    put_repeated(r, ' ', r->gutter);
    put_coloured(r, PEN_FRAME, " = ");
}

static void put_call(report *r, tb_frame frame)
{
    const char *name = frame.fn->name;
    put_note(r);
    if (!strcmp(name, TB_TOP_LEVEL)) {
        put_text(r, "called at ");
    } else if (!*name) {
        put_text(r, "called from a lambda at ");
    } else {
        put_text(r, "called from `");
        put_text(r, name);
        put_text(r, "` at ");
    }
    put_place(r, frame);
}

static void put_hidden(report *r, int64_t *hidden)
{
    if (*hidden == 0) return;
    put_note(r);
    put_text(r, "… ");
    put_count(r, *hidden);
    put_text(r, *hidden == 1 ? " more call\n" : " more calls\n");
    *hidden = 0;
}

// The calls that led to frames[0]. A call that repeats the one before is hidden, and so are those
// in the middle of a long chain and those the trace has dropped.
static void put_calls(report *r, const tb_frame *frames, int64_t count, int64_t total)
{
    int64_t shown = 0, hidden = 0;
    for (int64_t i = 1; i < count; i++) {
        if (i == TB_TRACE_FIRST) hidden += total - count;
        int is_repeated =
            i > 1 && frames[i].fn == frames[i - 1].fn && frames[i].at == frames[i - 1].at;
        if (is_repeated || (shown >= CALLS_FIRST && i < count - CALLS_LAST)) {
            hidden++;
            continue;
        }
        put_hidden(r, &hidden);
        put_call(r, frames[i]);
        shown++;
    }
    put_hidden(r, &hidden);
}

// ------------------------------------------------------------------------------------------ values

// The text of the thrown [value], which must come out even when making it fails.
static void put_value(report *r, tb_value value)
{
    tb_value text = value;
    if (tb_is_error(value) && !tb_special_of(value, TB_SPECIAL_TO_STRING))
        text = TB_AS_INSTANCE(value)->slots[TB_ERROR_MESSAGE].value;
    if (!tb_is_error(value))
        text = tb_repr(value);
    else if (!TB_IS_STR(text))
        text = tb_to_str(value);
    if (text == TB_PENDING) {
        tb_rt.pending = 0;
        put_text(r, "(it cannot be shown)");
        return;
    }
    tb_str *s = TB_AS_STR(text);
    if (tb_is_error(value) && s->size) put_text(r, ": ");
    put_visible(r, s->data, s->size);
}

static void put_head(report *r, tb_value value)
{
    if (tb_is_error(value))
        put_text(r, tb_type_title(value));
    else
        put_text(r, "uncaught value: ");
    put_value(r, value);
    put_text(r, "\n");
}

static int digits(int64_t number)
{
    int count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

// Where [value] was thrown, and the calls that led there.
static void put_trace(report *r, tb_value value)
{
    tb_frame frames[TB_TRACE_KEPT];
    int64_t total, count = tb_trace_frames(value, frames, &total);
    if (count == 0) return;
    int64_t number = TB_AT_LINE(frames[0].at);
    line source = find_line(r->program, frames[0].fn->file, number);
    r->gutter = digits(number);
    put_repeated(r, ' ', r->gutter);
    put_coloured(r, PEN_FRAME, "--> ");
    put_place(r, frames[0]);
    if (source.text) put_snippet(r, source, frames[0].at);
    if (count == 1) return;
    if (source.text) {
        put_margin(r);
        put_text(r, "\n");
    }
    put_calls(r, frames, count, total);
}

static tb_value cause_of(tb_value value)
{
    if (!tb_is_error(value)) return TB_NONE_VALUE;
    return TB_AS_INSTANCE(value)->slots[TB_ERROR_CAUSE].value;
}

void tb_report_error(const tb_program *program, tb_value value)
{
    report r = {.program = program, .is_coloured = is_colour_wanted()};
    put_coloured(&r, PEN_ERROR, "error: ");
    put_head(&r, value);
    put_trace(&r, value);
    value = cause_of(value);
    for (int i = 0; i < CAUSES_MAX && tb_is_error(value); i++, value = cause_of(value)) {
        put_coloured(&r, PEN_NOTE, "while handling: ");
        put_head(&r, value);
        put_trace(&r, value);
    }
    flush(&r);
}
