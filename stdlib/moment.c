// Date and DateTime: the calendar, the objects, what operators and fields make of them.
#include "moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const tb_day_names[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
const char *const tb_month_names[12] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

// --------------------------------------------------------------------------------------- calendar

int tb_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int tb_month_days(int64_t year, int month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && tb_is_leap(year) ? 29 : days[month - 1];
}

// Years are taken to begin in March, so that the leap day comes last; 400 of them are an era.
int64_t tb_days_from_civil(int64_t year, int month, int day)
{
    if (month <= 2) year--;
    int64_t era = tb_int64_floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void tb_civil_from_days(int64_t days, tb_moment *out)
{
    days += 719468;
    int64_t era = tb_int64_floor_div(days, 146097);
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    out->day = (int8_t)(of_year - (153 * month + 2) / 5 + 1);
    out->month = (int8_t)(month < 10 ? month + 3 : month - 9);
    out->year = (int32_t)(year + era * 400 + (out->month <= 2));
}

static int64_t days_of(const tb_moment *moment)
{
    return tb_days_from_civil(moment->year, moment->month, moment->day);
}

int tb_day_of_year(const tb_moment *moment)
{
    return (int)(days_of(moment) - tb_days_from_civil(moment->year, 1, 1)) + 1;
}

int tb_weekday(const tb_moment *moment)
{
    return (int)tb_int64_mod(days_of(moment) + 3, 7); // 1970-01-01 was a Thursday
}

tb_iso_week tb_iso_week_of(const tb_moment *moment)
{
    tb_moment thursday = *moment;
    tb_civil_from_days(days_of(moment) - tb_weekday(moment) + 3, &thursday);
    return (tb_iso_week){thursday.year, (tb_day_of_year(&thursday) - 1) / 7 + 1};
}

int64_t tb_clock_seconds(const tb_moment *moment)
{
    return days_of(moment) * TB_DAY_SECONDS + moment->hour * 3600 + moment->minute * 60 +
           moment->second;
}

int32_t tb_local_offset(int64_t seconds)
{
    struct tm local;
    time_t clock = (time_t)seconds;
    tzset(); // the program may have changed TZ
    return localtime_r(&clock, &local) ? (int32_t)local.tm_gmtoff : 0;
}

int64_t tb_epoch_seconds(const tb_moment *moment)
{
    int64_t clock = tb_clock_seconds(moment);
    if (moment->has_zone) return clock - moment->offset;
    struct tm local = {.tm_year = moment->year - 1900,
                       .tm_mon = moment->month - 1,
                       .tm_mday = moment->day,
                       .tm_hour = moment->hour,
                       .tm_min = moment->minute,
                       .tm_sec = moment->second,
                       .tm_wday = -1,
                       .tm_isdst = -1};
    time_t seconds = mktime(&local);
    return local.tm_wday < 0 ? clock : seconds; // -1 is also a result: the day of the week tells
}

// ----------------------------------------------------------------------------------------- making

// The name of a field that is out of range, or NULL.
static const char *bad_field(const tb_moment *m)
{
    if (m->year < TB_YEAR_MIN || m->year > TB_YEAR_MAX) return "year";
    if (m->month < 1 || m->month > 12) return "month";
    if (m->day < 1 || m->day > tb_month_days(m->year, m->month)) return "day";
    if (m->hour < 0 || m->hour > 23) return "hour";
    if (m->minute < 0 || m->minute > 59) return "minute";
    if (m->second < 0 || m->second > 59) return "second";
    return NULL;
}

tb_value tb_moment_new(const tb_moment *fields)
{
    const char *bad = bad_field(fields);
    if (bad)
        return tb_raise_error(&tb_error_value, "there is no such %s: %04d-%02d-%02d %02d:%02d:%02d",
                              bad, fields->year, fields->month, fields->day, fields->hour,
                              fields->minute, fields->second);
    tb_moment *moment = tb_alloc_plain(sizeof *moment);
    if (moment == NULL) return TB_PENDING;
    *moment = *fields;
    return TB_OBJECT(moment);
}

tb_value tb_raise_calendar(void)
{
    return tb_raise_error(&tb_error_overflow, "dates lie between the years %d and %d", TB_YEAR_MIN,
                          TB_YEAR_MAX);
}

int tb_moment_set_days(tb_moment *moment, int64_t days)
{
    if (days >= tb_days_from_civil(TB_YEAR_MIN, 1, 1) &&
        days <= tb_days_from_civil(TB_YEAR_MAX, 12, 31)) {
        tb_civil_from_days(days, moment);
        return 0;
    }
    tb_raise_calendar();
    return -1;
}

// Sets date and time to what the clock shows [seconds] after 1970-01-01 00:00. 0, or -1: raised.
static int set_seconds(tb_moment *moment, int64_t seconds)
{
    if (tb_moment_set_days(moment, tb_int64_floor_div(seconds, TB_DAY_SECONDS)) < 0) return -1;
    int64_t rest = tb_int64_mod(seconds, TB_DAY_SECONDS);
    moment->hour = (int8_t)(rest / 3600);
    moment->minute = (int8_t)(rest / 60 % 60);
    moment->second = (int8_t)(rest % 60);
    return 0;
}

tb_value tb_moment_from_seconds(int64_t seconds, int32_t micro)
{
    tb_moment moment = {.cls = &tb_datetime_class, .micro = micro};
    return set_seconds(&moment, seconds) < 0 ? TB_PENDING : tb_moment_new(&moment);
}

tb_value tb_moment_in_zone(int64_t seconds, int32_t micro, int32_t offset)
{
    tb_moment moment = {.cls = &tb_datetime_class, .micro = micro, .has_zone = 1, .offset = offset};
    return set_seconds(&moment, seconds + offset) < 0 ? TB_PENDING : tb_moment_new(&moment);
}

// ------------------------------------------------------------------------- comparing, calculating

// Two moments can be compared when they are of one kind and both or none have a zone.
static int are_alike(tb_value a, tb_value b)
{
    return TB_CLASS_OF(a) == TB_CLASS_OF(b) &&
           TB_AS_MOMENT(a)->has_zone == TB_AS_MOMENT(b)->has_zone;
}

// Microseconds since 1970 that put moments of one kind in order.
static int64_t ticks(const tb_moment *moment)
{
    return (tb_clock_seconds(moment) - moment->offset) * TB_MICRO + moment->micro;
}

static tb_value moment_equals(tb_fn *fn, tb_value self, tb_value other)
{
    (void)fn;
    int is_equal =
        are_alike(self, other) && ticks(TB_AS_MOMENT(self)) == ticks(TB_AS_MOMENT(other));
    return TB_BOOL_VALUE(is_equal);
}
TB_METHOD(moment_equals, "equals", 1, "other")

static tb_value moment_compare(tb_fn *fn, tb_value self, tb_value other)
{
    (void)fn;
    if (TB_CLASS_OF(self) != TB_CLASS_OF(other))
        return tb_raise_error(&tb_error_type, "%A cannot be compared with %A", self, other);
    if (!are_alike(self, other))
        return tb_raise_error(&tb_error_type,
                              "a DateTime with a zone cannot be compared with one without");
    int64_t a = ticks(TB_AS_MOMENT(self)), b = ticks(TB_AS_MOMENT(other));
    return TB_INT62((a > b) - (a < b));
}
TB_METHOD(moment_compare, "compare", 1, "other")

static tb_value moment_hash(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_int_from(ticks(TB_AS_MOMENT(self)));
}
TB_METHOD(moment_hash, "hash", 0)

// [self] moved by days (a Date) or seconds (a DateTime). [sign] is 1 or -1.
static tb_value moved(const tb_moment *self, tb_value by, int sign)
{
    tb_moment moment = *self;
    int64_t whole;
    if (self->cls == &tb_date_class && TB_IS_INT(by)) {
        if (!tb_int_to(by, &whole) || llabs(whole) > 4000000) whole = 4000000;
        return tb_moment_set_days(&moment, days_of(self) + sign * whole) < 0
                   ? TB_PENDING
                   : tb_moment_new(&moment);
    }
    if (self->cls == &tb_datetime_class && (TB_IS_INT(by) || TB_IS_FLOAT(by))) {
        double seconds = sign * tb_number_get(by);
        if (!(seconds > -4e11 && seconds < 4e11)) seconds = 4e11;
        int64_t total = ticks(self) + self->offset * (int64_t)TB_MICRO +
                        (int64_t)(seconds * TB_MICRO + (seconds < 0 ? -0.5 : 0.5));
        moment.micro = (int32_t)tb_int64_mod(total, TB_MICRO);
        return set_seconds(&moment, tb_int64_floor_div(total, TB_MICRO)) < 0
                   ? TB_PENDING
                   : tb_moment_new(&moment);
    }
    return tb_raise_error(&tb_error_type, "%s moves by %s, not by %A", self->cls->name,
                          self->cls == &tb_date_class ? "whole days" : "seconds", by);
}

static tb_value moment_add(tb_fn *fn, tb_value self, tb_value other)
{
    (void)fn;
    return moved(TB_AS_MOMENT(self), other, 1);
}
TB_METHOD(moment_add, "add", 1, "other")

static tb_value moment_sub(tb_fn *fn, tb_value self, tb_value other)
{
    if (!TB_IS_DATE(other) && !TB_IS_DATETIME(other)) return moved(TB_AS_MOMENT(self), other, -1);
    if (moment_compare(fn, self, other) == TB_PENDING) return TB_PENDING;
    int64_t between = ticks(TB_AS_MOMENT(self)) - ticks(TB_AS_MOMENT(other));
    if (TB_IS_DATE(self)) return TB_INT62(between / TB_MICRO / TB_DAY_SECONDS);
    return tb_float_from((double)between / TB_MICRO);
}
TB_METHOD(moment_sub, "sub", 1, "other")

// ----------------------------------------------------------------------------------------- fields

#define FIELD(name_)                                                                               \
    static tb_value moment_##name_(tb_fn *fn, tb_value self)                                       \
    {                                                                                              \
        (void)fn;                                                                                  \
        return TB_INT62(TB_AS_MOMENT(self)->name_);                                                \
    }                                                                                              \
    TB_PROPERTY(moment_##name_, #name_)

FIELD(year)
FIELD(month)
FIELD(day)
FIELD(hour)
FIELD(minute)
FIELD(second)

static tb_value moment_microsecond(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_INT62(TB_AS_MOMENT(self)->micro);
}
TB_PROPERTY(moment_microsecond, "microsecond")

// The zone as seconds east of UTC, or None.
static tb_value moment_offset(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_AS_MOMENT(self)->has_zone ? TB_INT62(TB_AS_MOMENT(self)->offset) : TB_NONE_VALUE;
}
TB_PROPERTY(moment_offset, "offset")

// ---------------------------------------------------------------------------------------- methods

static tb_value moment_format(tb_fn *fn, tb_value self, tb_value format)
{
    (void)fn;
    tb_str *text = tb_arg_str(format, TB_PLACE("format", "fmt"));
    return text ? TB_VALUE_OF(tb_moment_format(TB_AS_MOMENT(self), text)) : TB_PENDING;
}
TB_METHOD(moment_format, "format", 1, "fmt")

// "2024-01-15" or "2024-01-15T10:30:00.500000+02:00", [between] standing between date and time.
static tb_value iso_text(const tb_moment *m, char between)
{
    char text[48];
    int size = snprintf(text, sizeof text, "%04d-%02d-%02d", m->year, m->month, m->day);
    if (m->cls == &tb_datetime_class)
        size += snprintf(text + size, sizeof text - (size_t)size, "%c%02d:%02d:%02d", between,
                         m->hour, m->minute, m->second);
    if (m->micro) size += snprintf(text + size, sizeof text - (size_t)size, ".%06d", m->micro);
    if (m->has_zone) {
        int east = abs(m->offset);
        size += snprintf(text + size, sizeof text - (size_t)size, "%c%02d:%02d",
                         m->offset < 0 ? '-' : '+', east / 3600, east / 60 % 60);
    }
    return TB_VALUE_OF(tb_str_new(text, size));
}

static tb_value moment_iso(tb_fn *fn, tb_value self)
{
    (void)fn;
    return iso_text(TB_AS_MOMENT(self), 'T');
}
TB_METHOD(moment_iso, "iso", 0)

static tb_value moment_to_string(tb_fn *fn, tb_value self)
{
    (void)fn;
    return iso_text(TB_AS_MOMENT(self), ' ');
}
TB_METHOD(moment_to_string, "to_string", 0)

tb_value tb_moment_date(const tb_moment *moment)
{
    return tb_moment_new(&(tb_moment){
        .cls = &tb_date_class, .year = moment->year, .month = moment->month, .day = moment->day});
}

static tb_value moment_date(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_moment_date(TB_AS_MOMENT(self));
}
TB_METHOD(moment_date, "date", 0)

static tb_value moment_timestamp(tb_fn *fn, tb_value self)
{
    (void)fn;
    const tb_moment *m = TB_AS_MOMENT(self);
    return tb_float_from((double)tb_epoch_seconds(m) + (double)m->micro / TB_MICRO);
}
TB_METHOD(moment_timestamp, "timestamp", 0)

// Puts [v], when it is given, into [field]; what cannot be is left to tb_moment_new to find out.
static int replace_field(tb_value v, const char *name, int64_t low, int64_t high, int64_t *field)
{
    if (v == TB_MISSING || v == TB_NONE_VALUE) return 0;
    *field = tb_arg_whole(v, TB_PLACE("replace", name));
    if (*field == INT64_MIN) return -1;
    if (*field >= low && *field <= high) return 0;
    tb_raise_error(&tb_error_value, "`%s` of `replace` must lie between %ld and %ld, not be %V",
                   name, low, high, v);
    return -1;
}

static tb_value moment_replace(tb_fn *fn, tb_value self, tb_value year, tb_value month,
                               tb_value day, tb_value hour, tb_value minute, tb_value second)
{
    (void)fn;
    tb_moment m = *TB_AS_MOMENT(self);
    int64_t fields[] = {m.year, m.month, m.day, m.hour, m.minute, m.second};
    if (replace_field(year, "year", TB_YEAR_MIN, TB_YEAR_MAX, &fields[0]) < 0 ||
        replace_field(month, "month", 1, 12, &fields[1]) < 0 ||
        replace_field(day, "day", 1, 31, &fields[2]) < 0 ||
        replace_field(hour, "hour", 0, 23, &fields[3]) < 0 ||
        replace_field(minute, "minute", 0, 59, &fields[4]) < 0 ||
        replace_field(second, "second", 0, 59, &fields[5]) < 0)
        return TB_PENDING;
    m.year = (int32_t)fields[0];
    m.month = (int8_t)fields[1];
    m.day = (int8_t)fields[2];
    if (m.cls == &tb_datetime_class) {
        m.hour = (int8_t)fields[3];
        m.minute = (int8_t)fields[4];
        m.second = (int8_t)fields[5];
    }
    return tb_moment_new(&m);
}
TB_METHOD(moment_replace, "replace", 0, "year", "month", "day", "hour", "minute", "second")

static const tb_method moment_methods[] = {
    TB_METHOD_ROW(moment_equals),  TB_METHOD_ROW(moment_compare),
    TB_METHOD_ROW(moment_hash),    TB_METHOD_ROW(moment_year),
    TB_METHOD_ROW(moment_month),   TB_METHOD_ROW(moment_day),
    TB_METHOD_ROW(moment_hour),    TB_METHOD_ROW(moment_minute),
    TB_METHOD_ROW(moment_second),  TB_METHOD_ROW(moment_microsecond),
    TB_METHOD_ROW(moment_offset),  TB_METHOD_ROW(moment_format),
    TB_METHOD_ROW(moment_iso),     TB_METHOD_ROW(moment_to_string),
    TB_METHOD_ROW(moment_date),    TB_METHOD_ROW(moment_timestamp),
    TB_METHOD_ROW(moment_replace), TB_METHOD_ROW(moment_add),
    TB_METHOD_ROW(moment_sub),
};

#define MOMENT_SPECIALS                                                                            \
    .special = {                                                                                   \
        [TB_SPECIAL_TO_STRING] = &moment_to_string_method,                                         \
        [TB_SPECIAL_EQUALS] = &moment_equals_method,                                               \
        [TB_SPECIAL_HASH] = &moment_hash_method,                                                   \
        [TB_SPECIAL_COMPARE] = &moment_compare_method,                                             \
        [TB_SPECIAL_ADD] = &moment_add_method,                                                     \
        [TB_SPECIAL_SUB] = &moment_sub_method,                                                     \
    }

tb_class tb_date_class =
    TB_NATIVE_CLASS("Date", moment_methods, .type_name = "date", MOMENT_SPECIALS);
tb_class tb_datetime_class =
    TB_NATIVE_CLASS("DateTime", moment_methods, .type_name = "datetime", MOMENT_SPECIALS);
