// Texts as moments, as Python's strptime does it in the C locale.
//
// A format is matched conversion by conversion. A number takes as many digits as it can and gives
// some back when the rest of the format does not fit otherwise ("%H%M" of "123" is 12:03); no
// conversion may occur twice, so there are few ways to try. What was found is put together at the
// end: a day of the year, or a week and a weekday, give a date too.
#include "moment.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NOT_GIVEN = -1 };

// What a text said. The letters of the conversions index `found`.
typedef struct Parts {
    int64_t found[128]; // NOT_GIVEN where nothing was said
    int32_t offset;     // of the zone, when found['z'] is 1
} Parts;

typedef struct Text {
    const char *at, *end;
} Text;

// A conversion for a number: how many digits it may have, and its range.
typedef struct NumberRule {
    char letter;
    int least_digits, most_digits;
    int64_t low, high;
} NumberRule;

static const NumberRule number_rules[] = {
    {'Y', 4, 4, 0, 9999}, {'G', 4, 4, 0, 9999}, {'y', 2, 2, 0, 99},     {'m', 1, 2, 1, 12},
    {'d', 1, 2, 1, 31},   {'e', 1, 2, 1, 31},   {'H', 1, 2, 0, 23},     {'k', 1, 2, 0, 23},
    {'I', 1, 2, 1, 12},   {'l', 1, 2, 1, 12},   {'M', 1, 2, 0, 59},     {'S', 1, 2, 0, 61},
    {'j', 1, 3, 1, 366},  {'U', 1, 2, 0, 53},   {'W', 1, 2, 0, 53},     {'V', 1, 2, 0, 53},
    {'u', 1, 1, 1, 7},    {'w', 1, 1, 0, 6},    {'f', 1, 6, 0, 999999},
};

static const NumberRule *number_rule(char letter)
{
    for (size_t i = 0; i < sizeof number_rules / sizeof *number_rules; i++)
        if (number_rules[i].letter == letter) return &number_rules[i];
    return NULL;
}

// Letters that are one conversion.
static char canonical(char letter)
{
    switch (letter) {
    case 'e':
        return 'd';
    case 'k':
        return 'H';
    case 'l':
        return 'I';
    case 'h':
        return 'b';
    default:
        return letter;
    }
}

// ------------------------------------------------------------------------------- single
// conversions

// Reads exactly [digits] digits. The number, or -1.
static int64_t read_digits(Text text, int digits)
{
    int64_t number = 0;
    if (text.end - text.at < digits) return -1;
    for (int i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)text.at[i])) return -1;
        number = number * 10 + (text.at[i] - '0');
    }
    return number;
}

// Takes the first of [names] the text begins with, in any case; only its first [size] letters when
// that is not 0. The index, or -1.
static int take_name(Text *text, const char *const *names, int count, size_t size)
{
    for (int i = 0; i < count; i++) {
        size_t length = size ? size : strlen(names[i]);
        if ((size_t)(text->end - text->at) < length || strncasecmp(text->at, names[i], length) != 0)
            continue;
        text->at += length;
        return i;
    }
    return -1;
}

// Takes an offset from UTC: Z, +hhmm, +hh:mm, with seconds if wanted. 1, or 0: there is none.
static int take_zone(Text *text, Parts *parts)
{
    static const char *const utc[] = {"Z"};
    parts->offset = 0;
    if (take_name(text, utc, 1, 0) == 0) return 1;
    if (text->at == text->end || (*text->at != '+' && *text->at != '-')) return 0;
    int sign = *text->at++ == '-' ? -1 : 1;
    int64_t hours = read_digits(*text, 2);
    if (hours < 0 || hours > 23) return 0;
    text->at += 2;
    int colon = text->at < text->end && *text->at == ':';
    int64_t minutes = read_digits((Text){text->at + colon, text->end}, 2);
    if (minutes < 0 || minutes > 59) return 0;
    text->at += colon + 2;
    parts->offset = (int32_t)(sign * (hours * 3600 + minutes * 60));
    return 1;
}

// Takes what a conversion for words stands for. 1, or 0: the text says something else.
static int take_words(Text *text, char letter, Parts *parts)
{
    static const char *const halves[] = {"AM", "PM"};
    static const char *const zones[] = {"UTC", "GMT"};
    int found;
    switch (letter) {
    case 'a':
        found = take_name(text, tb_day_names, 7, 3);
        break;
    case 'A':
        found = take_name(text, tb_day_names, 7, 0);
        break;
    case 'b':
        found = take_name(text, tb_month_names, 12, 3);
        break;
    case 'B':
        found = take_name(text, tb_month_names, 12, 0);
        break;
    case 'p':
        found = take_name(text, halves, 2, 0);
        break;
    case 'Z':
        found = take_name(text, zones, 2, 0);
        break;
    default:
        found = take_zone(text, parts) ? 1 : -1;
    }
    parts->found[(int)letter] = found;
    return found >= 0;
}

// ----------------------------------------------------------------------------------- whole formats

// A format, and what follows it when it is itself a part of another.
typedef struct Format {
    const char *at, *end;
    const struct Format *after;
} Format;

typedef enum Fit { FIT, NO_FIT, BAD_FORMAT } Fit;

static Fit match(Format format, Text *text, Parts *parts);

// Tries a number with as many digits as fit, then with fewer.
static Fit match_number(const NumberRule *rule, Format rest, Text *text, Parts *parts)
{
    int letter = canonical(rule->letter);
    Text from = *text;
    int is_padded = letter == 'd' && from.at < from.end && *from.at == ' ';
    if (is_padded) from.at++;
    int most = is_padded ? 1 : rule->most_digits;
    for (int digits = most; digits >= rule->least_digits; digits--) {
        int64_t number = read_digits(from, digits);
        for (int i = digits; letter == 'f' && number >= 0 && i < 6; i++)
            number *= 10;
        if (number < rule->low || number > rule->high) continue;
        parts->found[letter] = number;
        *text = (Text){from.at + digits, from.end};
        Fit fit = match(rest, text, parts);
        if (fit != NO_FIT) return fit;
    }
    parts->found[letter] = NOT_GIVEN;
    return NO_FIT;
}

static Fit match_conversion(Format format, Text *text, Parts *parts)
{
    char letter = format.at < format.end ? *format.at : 0;
    Format rest = {format.at + 1, format.end, format.after};
    const char *inner = tb_moment_composition(letter);
    if (inner) return match((Format){inner, inner + strlen(inner), &rest}, text, parts);
    if (letter == '%') {
        if (text->at == text->end || *text->at++ != '%') return NO_FIT;
        return match(rest, text, parts);
    }
    const NumberRule *rule = number_rule(letter);
    letter = canonical(letter);
    if ((!rule && !strchr("aAbBpzZ", letter)) || letter == 0) return BAD_FORMAT;
    if (parts->found[(int)letter] != NOT_GIVEN) return BAD_FORMAT; // twice
    if (rule) return match_number(rule, rest, text, parts);
    Fit fit = take_words(text, letter, parts) ? match(rest, text, parts) : NO_FIT;
    if (fit == NO_FIT) parts->found[(int)letter] = NOT_GIVEN;
    return fit;
}

// White space in a format stands for any white space, at least one.
static Fit match_spaces(Format format, Text *text, Parts *parts)
{
    while (format.at < format.end && isspace((unsigned char)*format.at))
        format.at++;
    if (text->at == text->end || !isspace((unsigned char)*text->at)) return NO_FIT;
    while (text->at < text->end && isspace((unsigned char)*text->at))
        text->at++;
    return match(format, text, parts);
}

// Whether the text begins as the format says; if so it is moved behind that. It recurses once for
// each conversion or stretch of white space.
static Fit match(Format format, Text *text, Parts *parts)
{
    if ((char *)__builtin_frame_address(0) <= tb_rt.stack_floor) return BAD_FORMAT; // too long
    while (format.at < format.end) {
        if (*format.at == '%') {
            format.at++;
            return match_conversion(format, text, parts);
        }
        if (isspace((unsigned char)*format.at)) return match_spaces(format, text, parts);
        if (text->at == text->end ||
            tolower((unsigned char)*format.at) != tolower((unsigned char)*text->at))
            return NO_FIT;
        format.at++;
        text->at++;
    }
    return format.after ? match(*format.after, text, parts) : FIT;
}

// --------------------------------------------------------------------------------- putting
// together

static int64_t part(const Parts *parts, char letter, int64_t otherwise)
{
    int64_t found = parts->found[(int)letter];
    return found == NOT_GIVEN ? otherwise : found;
}

// Two digits of a year: 69 to 99 are of the last century.
static int64_t year_of(const Parts *parts)
{
    int64_t year = part(parts, 'Y', NOT_GIVEN), two = part(parts, 'y', NOT_GIVEN);
    if (year != NOT_GIVEN || two == NOT_GIVEN) return year;
    return two < 69 ? 2000 + two : 1900 + two;
}

// The day of the week, Monday 0, or NOT_GIVEN.
static int64_t weekday_of(const Parts *parts)
{
    int64_t sunday_first = part(parts, 'w', NOT_GIVEN), monday_one = part(parts, 'u', NOT_GIVEN);
    if (sunday_first != NOT_GIVEN) return (sunday_first + 6) % 7;
    if (monday_one != NOT_GIVEN) return monday_one - 1;
    return part(parts, 'a', part(parts, 'A', NOT_GIVEN));
}

static int64_t month_of(const Parts *parts)
{
    int64_t named = part(parts, 'b', part(parts, 'B', NOT_GIVEN));
    return named == NOT_GIVEN ? part(parts, 'm', NOT_GIVEN) : named + 1;
}

// The first Monday on or before January 1st of [year] as days from 1970, for weeks that begin
// [shift] days before it.
static int64_t first_week(int64_t year, int shift)
{
    int64_t start = tb_days_from_civil(year, 1, 1);
    return start - tb_int64_mod(start + 3 + shift, 7);
}

// The date that the day of the year, or week and weekday, stand for; 0: there is none.
static int other_date(const Parts *parts, int64_t year, int64_t *days)
{
    int64_t weekday = weekday_of(parts), iso_week = part(parts, 'V', NOT_GIVEN);
    int64_t sundays = part(parts, 'U', NOT_GIVEN), mondays = part(parts, 'W', NOT_GIVEN);
    if (part(parts, 'j', NOT_GIVEN) != NOT_GIVEN) {
        *days = tb_days_from_civil(year, 1, 1) + part(parts, 'j', 1) - 1;
        return 1;
    }
    if (weekday == NOT_GIVEN) return 0;
    if (iso_week != NOT_GIVEN) { // the week with January 4th is the first
        int64_t fourth = tb_days_from_civil(part(parts, 'G', year), 1, 4);
        *days = fourth - tb_int64_mod(fourth + 3, 7) + (iso_week - 1) * 7 + weekday;
        return 1;
    }
    if (sundays == NOT_GIVEN && mondays == NOT_GIVEN) return 0;
    int shift = sundays != NOT_GIVEN; // weeks begin on Sunday, a day earlier
    int64_t week = shift ? sundays : mondays;
    int64_t first = first_week(year, shift);
    int is_whole = first == tb_days_from_civil(year, 1, 1); // the year begins with week 1, not 0
    *days = first + (week - is_whole) * 7 + (weekday + shift) % 7;
    return 1;
}

// What is wrong with the parts taken together, or NULL.
static const char *conflict(const Parts *parts)
{
    int has_week = part(parts, 'V', NOT_GIVEN) != NOT_GIVEN;
    int has_iso_year = part(parts, 'G', NOT_GIVEN) != NOT_GIVEN;
    if (has_week != has_iso_year) return "%G and %V need each other";
    if (has_week && weekday_of(parts) == NOT_GIVEN) return "%V needs a weekday";
    return NULL;
}

static void put_together(const Parts *parts, tb_moment *out)
{
    int64_t year = year_of(parts), month = month_of(parts), day = part(parts, 'd', NOT_GIVEN), days;
    int64_t hour = part(parts, 'I', NOT_GIVEN), half = part(parts, 'p', 0);
    if (year == NOT_GIVEN) year = part(parts, 'G', 1900);
    *out = (tb_moment){.cls = &tb_datetime_class, .year = (int32_t)year};
    out->month = (int8_t)(month == NOT_GIVEN ? 1 : month);
    out->day = (int8_t)(day == NOT_GIVEN ? 1 : day);
    if (month == NOT_GIVEN && day == NOT_GIVEN && other_date(parts, year, &days))
        tb_civil_from_days(days, out);
    out->hour = (int8_t)(hour == NOT_GIVEN ? part(parts, 'H', 0) : hour % 12 + 12 * half);
    out->minute = (int8_t)part(parts, 'M', 0);
    out->second = (int8_t)part(parts, 'S', 0);
    out->micro = (int32_t)part(parts, 'f', 0);
    out->has_zone = parts->found['z'] != NOT_GIVEN || parts->found['Z'] != NOT_GIVEN;
    out->offset = parts->found['z'] != NOT_GIVEN ? parts->offset : 0;
}

int tb_moment_parse(tb_str *text, tb_str *format, const char *function, tb_moment *out)
{
    Parts parts;
    for (int i = 0; i < 128; i++)
        parts.found[i] = NOT_GIVEN;
    Text rest = {text->data, text->data + text->size};
    Format whole = {format->data, format->data + format->size, NULL};
    Fit fit = match(whole, &rest, &parts);
    if (tb_rt.interrupted & TB_DUE && tb_interrupt() == TB_PENDING) return -1;
    const char *wrong = fit == FIT ? conflict(&parts) : NULL;
    if (fit == BAD_FORMAT)
        tb_raise_error(&tb_error_value,
                       "`fmt` of `%s` has a conversion that does not exist, or one twice: %V",
                       function, TB_OBJECT(format));
    else if (wrong)
        tb_raise_error(&tb_error_value, "`fmt` of `%s`: %s", function, wrong);
    else if (fit == NO_FIT || rest.at < rest.end)
        tb_raise_error(&tb_error_value, "`%s`: %V does not fit the format %V", function,
                       TB_OBJECT(text), TB_OBJECT(format));
    else
        put_together(&parts, out);
    return tb_rt.pending ? -1 : 0;
}
