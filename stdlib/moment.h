// Dates and times: the objects Date and DateTime, and the arithmetic of the proleptic Gregorian
// calendar for the years 1 to 9999. Both are one struct, a tb_moment; a Date is midnight.
//
// A DateTime is local time of no particular place unless it has a zone, an offset from UTC.
#ifndef STDLIB_MOMENT_H
#define STDLIB_MOMENT_H

#include "native.h"

#define TB_YEAR_MIN    1
#define TB_YEAR_MAX    9999
#define TB_DAY_SECONDS 86400
#define TB_MICRO       1000000 // microseconds of a second

typedef struct tb_moment {
    tb_class *cls; // tb_date_class or tb_datetime_class
    int32_t year;
    int8_t month, day, hour, minute, second;
    int8_t has_zone;
    int32_t micro;
    int32_t offset; // of the zone: seconds east of UTC
} tb_moment;

extern tb_class tb_date_class;     // Date
extern tb_class tb_datetime_class; // DateTime

#define TB_IS_DATE(v)     TB_IS(v, &tb_date_class)
#define TB_IS_DATETIME(v) TB_IS(v, &tb_datetime_class)
#define TB_AS_MOMENT(v)   TB_PTR(tb_moment, v)

// --------------------------------------------------------------------------------------- calendar

int tb_is_leap(int64_t year);

// 28 to 31; [month] must lie between 1 and 12.
int tb_month_days(int64_t year, int month);

// Days from 1970-01-01 to the date; and back: fills in year, month and day. After H. Hinnant,
// "chrono-compatible low-level date algorithms".
int64_t tb_days_from_civil(int64_t year, int month, int day);
void tb_civil_from_days(int64_t days, tb_moment *out);

int tb_day_of_year(const tb_moment *moment); // 1 to 366
int tb_weekday(const tb_moment *moment);     // Monday is 0

// Year and week by ISO 8601: weeks begin on Monday, the first has the year's first Thursday.
typedef struct tb_iso_week {
    int64_t year;
    int week;
} tb_iso_week;
tb_iso_week tb_iso_week_of(const tb_moment *moment);

// Seconds from 1970-01-01 00:00 as the clock shows it, zone left out.
int64_t tb_clock_seconds(const tb_moment *moment);

// The same in UTC: by the moment's zone, or as local time when it has none.
int64_t tb_epoch_seconds(const tb_moment *moment);

// Raises OverflowError for what lies outside the calendar. Returns TB_PENDING.
TB_COLD tb_value tb_raise_calendar(void);

// Sets the date to the one [days] after 1970-01-01. 0, or -1: OverflowError, outside the calendar.
int tb_moment_set_days(tb_moment *moment, int64_t days);

// ---------------------------------------------------------------------------------------- objects

// A copy of [fields], whose class says which kind, once they are found to be a day and time that
// exist; ValueError otherwise. TB_PENDING: raised.
tb_value tb_moment_new(const tb_moment *fields);

// The date of a moment as a Date. TB_PENDING: MemoryError.
tb_value tb_moment_date(const tb_moment *moment);

// The moment [seconds] after 1970-01-01 00:00 as a DateTime. OverflowError outside the calendar.
tb_value tb_moment_from_seconds(int64_t seconds, int32_t micro);

// The same with an offset: the clock shows [seconds] + [offset].
tb_value tb_moment_in_zone(int64_t seconds, int32_t micro, int32_t offset);

// The seconds by which local time is ahead of UTC at [seconds] after 1970.
int32_t tb_local_offset(int64_t seconds);

// ---------------------------------------------------------------------------------- texts of them

// The moment as [format] says, with the conversions of strftime in the C locale. NULL: MemoryError.
tb_str *tb_moment_format(const tb_moment *moment, tb_str *format);

// What [text] says by [format], with the conversions of strptime: fields as in a DateTime. 0, or
// -1: ValueError, also for text left over. [function] is named in messages.
int tb_moment_parse(tb_str *text, tb_str *format, const char *function, tb_moment *out);

// The conversions that a composed one such as `T` stands for; NULL: [letter] is none.
const char *tb_moment_composition(char letter);

// Names of days (Monday first) and months in full; three letters of them are the short names.
extern const char *const tb_day_names[7];
extern const char *const tb_month_names[12];

#endif
