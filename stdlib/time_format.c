// Moments as text, as strftime does it in the C locale.
#include "moment.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What may stand between `%` and the letter.
typedef struct Style {
    char pad;     // '0', ' ', '-' for none, or 0 for what is usual
    int is_upper; // `^`
} Style;

static int add(tb_text *text, const char *words, Style style)
{
    int64_t start = text->size;
    if (tb_text_add(text, words, (int64_t)strlen(words)) < 0) return -1;
    for (int64_t i = start; style.is_upper && i < text->size; i++)
        text->data[i] = (char)toupper((unsigned char)text->data[i]);
    return 0;
}

// Adds [number] with at least [width] places, filled with [pad] unless the style says otherwise.
static int add_number(tb_text *text, Style style, int64_t number, int width, char pad)
{
    char digits[32];
    if (style.pad) pad = style.pad;
    if (pad == '-') width = 1;
    snprintf(digits, sizeof digits, pad == ' ' ? "%*lld" : "%0*lld", width, (long long)number);
    return add(text, digits, style);
}

static int add_short(tb_text *text, Style style, const char *name)
{
    char part[4] = {name[0], name[1], name[2], 0};
    return add(text, part, style);
}

// The number of the week when weeks begin on a weekday that is [first] days before Monday.
static int week_of_year(const tb_moment *m, int first)
{
    return (tb_day_of_year(m) + 6 - (tb_weekday(m) + first) % 7) / 7;
}

static int hour_of_twelve(const tb_moment *m)
{
    return m->hour % 12 ? m->hour % 12 : 12;
}

static int add_zone(tb_text *text, const tb_moment *m, const char *layout)
{
    char zone[32];
    int east = abs(m->offset);
    if (!m->has_zone) return 0;
    snprintf(zone, sizeof zone, layout, m->offset < 0 ? '-' : '+', east / 3600, east / 60 % 60);
    return add(text, zone, (Style){0});
}

const char *tb_moment_composition(char letter)
{
    switch (letter) {
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'r':
        return "%I:%M:%S %p";
    case 'R':
        return "%H:%M";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    default:
        return NULL;
    }
}

static int add_format(tb_text *text, const tb_moment *m, const char *at, const char *end);

// Adds what one conversion stands for. 1: done, 0: there is no such letter, -1: raised.
static int add_conversion(tb_text *text, const tb_moment *m, char letter, Style style)
{
#define NUMBER(number_, width_, pad_) (add_number(text, style, number_, width_, pad_) < 0 ? -1 : 1)
#define WORDS(call_)                  ((call_) < 0 ? -1 : 1)
    switch (letter) {
    case 'Y':
        return NUMBER(m->year, 4, '0');
    case 'C':
        return NUMBER(m->year / 100, 2, '0');
    case 'y':
        return NUMBER(m->year % 100, 2, '0');
    case 'G':
        return NUMBER(tb_iso_week_of(m).year, 4, '0');
    case 'g':
        return NUMBER(tb_iso_week_of(m).year % 100, 2, '0');
    case 'm':
        return NUMBER(m->month, 2, '0');
    case 'd':
        return NUMBER(m->day, 2, '0');
    case 'e':
        return NUMBER(m->day, 2, ' ');
    case 'H':
        return NUMBER(m->hour, 2, '0');
    case 'k':
        return NUMBER(m->hour, 2, ' ');
    case 'I':
        return NUMBER(hour_of_twelve(m), 2, '0');
    case 'l':
        return NUMBER(hour_of_twelve(m), 2, ' ');
    case 'M':
        return NUMBER(m->minute, 2, '0');
    case 'S':
        return NUMBER(m->second, 2, '0');
    case 'f':
        return NUMBER(m->micro, 6, '0');
    case 'j':
        return NUMBER(tb_day_of_year(m), 3, '0');
    case 'u':
        return NUMBER(tb_weekday(m) + 1, 1, '0');
    case 'w':
        return NUMBER((tb_weekday(m) + 1) % 7, 1, '0');
    case 'U':
        return NUMBER(week_of_year(m, 1), 2, '0');
    case 'W':
        return NUMBER(week_of_year(m, 0), 2, '0');
    case 'V':
        return NUMBER(tb_iso_week_of(m).week, 2, '0');
    case 's':
        return NUMBER(tb_epoch_seconds(m), 1, '0');
    case 'a':
        return WORDS(add_short(text, style, tb_day_names[tb_weekday(m)]));
    case 'A':
        return WORDS(add(text, tb_day_names[tb_weekday(m)], style));
    case 'b':
    case 'h':
        return WORDS(add_short(text, style, tb_month_names[m->month - 1]));
    case 'B':
        return WORDS(add(text, tb_month_names[m->month - 1], style));
    case 'p':
        return WORDS(add(text, m->hour < 12 ? "AM" : "PM", style));
    case 'P':
        return WORDS(add(text, m->hour < 12 ? "am" : "pm", style));
    case 'z':
        return WORDS(add_zone(text, m, "%c%02d%02d"));
    case 'Z':
        return WORDS(m->offset ? add_zone(text, m, "UTC%c%02d:%02d")
                               : add(text, m->has_zone ? "UTC" : "", style));
    case 'n':
        return WORDS(add(text, "\n", style));
    case 't':
        return WORDS(add(text, "\t", style));
    case '%':
        return WORDS(add(text, "%", style));
    default: {
        const char *parts = tb_moment_composition(letter);
        return parts ? WORDS(add_format(text, m, parts, parts + strlen(parts))) : 0;
    }
    }
#undef NUMBER
#undef WORDS
}

// Reads the flags behind a `%`. Returns the place of the letter.
static const char *read_style(const char *at, const char *end, Style *style)
{
    *style = (Style){0};
    for (; at < end; at++) {
        if (*at == '-' || *at == '0')
            style->pad = *at;
        else if (*at == '_')
            style->pad = ' ';
        else if (*at == '^')
            style->is_upper = 1;
        else
            break;
    }
    return at;
}

// Conversions that do not exist are left as they stand.
static int add_format(tb_text *text, const tb_moment *m, const char *at, const char *end)
{
    while (at < end) {
        const char *mark = memchr(at, '%', (size_t)(end - at));
        if (tb_text_add(text, at, (mark ? mark : end) - at) < 0) return -1;
        if (mark == NULL) return 0;
        Style style;
        const char *letter = read_style(mark + 1, end, &style);
        int done = letter < end ? add_conversion(text, m, *letter, style) : 0;
        if (done < 0) return -1;
        at = letter < end ? letter + 1 : end;
        if (!done) { // a code point may follow the `%`: take only the mark itself
            if (tb_text_add(text, mark, 1) < 0) return -1;
            at = mark + 1;
        }
    }
    return 0;
}

tb_str *tb_moment_format(const tb_moment *moment, tb_str *format)
{
    tb_text text;
    tb_text_begin(&text);
    if (add_format(&text, moment, format->data, format->data + format->size) < 0) return NULL;
    return tb_text_end(&text);
}
