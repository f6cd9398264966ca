// Native half of stdlib/time.tb: clocks, waiting, and the functions on dates and times, which are
// objects of moment.h.
#include "moment.h"

#include "build/stdlib/time.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ----------------------------------------------------------------------------------------- clocks

#define SECOND_NS 1000000000

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

static double read_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double tb_time_time(void)
{
    return read_seconds(CLOCK_REALTIME);
}

int64_t tb_time_timestamp(void)
{
    return (int64_t)time(NULL);
}

double tb_time_monotonic(void)
{
    return read_seconds(CLOCK_MONOTONIC);
}

int64_t tb_time_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double tb_time_process_time(void)
{
    return read_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double tb_time_since_start(void)
{
    return (double)(read_clock(CLOCK_MONOTONIC) - tb_rt.start_ns) / SECOND_NS;
}

int64_t tb_time_timezone(void)
{
    return tb_local_offset((int64_t)time(NULL));
}

// ---------------------------------------------------------------------------------------- waiting

#define LONGEST_WAIT 9e9 // seconds: what fits 64 bits of nanoseconds

// Waits until the monotonic clock shows [end]. 0, or -1: Interrupt. SIGINT is let in only while
// waiting: one that came between a look at the flag and the wait would be noticed too late.
static int wait_until(int64_t end)
{
    sigset_t interrupt, former;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &former);
    int64_t left = end - read_clock(CLOCK_MONOTONIC);
    while (left > 0 && !(tb_rt.interrupted & TB_PRESSES)) {
        struct timespec rest = {.tv_sec = left / SECOND_NS, .tv_nsec = left % SECOND_NS};
        ppoll(NULL, 0, &rest, &former);
        left = end - read_clock(CLOCK_MONOTONIC);
    }
    sigprocmask(SIG_SETMASK, &former, NULL);
    return tb_interrupt() == TB_PENDING ? -1 : 0;
}

static int wait_for(double seconds, tb_value given, tb_place place)
{
    if (!(seconds >= 0)) {
        tb_raise_error(&tb_error_value, "`%s` of `%s` must not be negative: %V", place.param,
                       place.function, given);
        return -1;
    }
    if (seconds > LONGEST_WAIT) {
        tb_raise_error(&tb_error_overflow, "`%s` of `%s` is too long: %V", place.param,
                       place.function, given);
        return -1;
    }
    // Whoever watches a terminal shall see what was printed before.
    if (tb_rt.out.line_buffered && tb_out_flush() < 0) return -1;
    int64_t end = read_clock(CLOCK_MONOTONIC) + (int64_t)(seconds * SECOND_NS);
    return wait_until(end);
}

int tb_time_sleep(tb_value seconds)
{
    tb_place place = TB_PLACE("sleep", "seconds");
    double time = tb_arg_number(seconds, place);
    return tb_rt.pending ? -1 : wait_for(time, seconds, place);
}

int tb_time_delay(tb_value milliseconds)
{
    tb_place place = TB_PLACE("delay", "milliseconds");
    double time = tb_arg_number(milliseconds, place);
    return tb_rt.pending ? -1 : wait_for(time / 1000, milliseconds, place);
}

// ----------------------------------------------------------------------------------------- making

// The moment a real-time clock shows, [offset] seconds east of UTC.
static tb_value moment_now(int is_local)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t offset = is_local ? tb_local_offset(now.tv_sec) : 0;
    return tb_moment_from_seconds(now.tv_sec + offset, (int32_t)(now.tv_nsec / 1000));
}

tb_value tb_time_now(void)
{
    return moment_now(1);
}

tb_value tb_time_utc_now(void)
{
    return moment_now(0);
}

tb_value tb_time_today(void)
{
    tb_value now = moment_now(1);
    return now == TB_PENDING ? now : tb_moment_date(TB_AS_MOMENT(now));
}

tb_value tb_time_from_timestamp(double seconds)
{
    if (!(fabs(seconds) < 4e11)) return tb_raise_calendar();
    double whole = floor(seconds);
    int32_t micro = (int32_t)lrint((seconds - whole) * TB_MICRO);
    int64_t at = (int64_t)whole + (micro == TB_MICRO);
    return tb_moment_from_seconds(at + tb_local_offset(at), micro % TB_MICRO);
}

// Reads one field of `date` or `datetime`. What lies far outside any range is kept outside.
static int read_field(tb_value v, const char *function, const char *name, int32_t *field)
{
    int64_t number = tb_arg_whole(v, TB_PLACE(function, name));
    if (number == INT64_MIN) return -1;
    *field = number < -1 ? -1 : number > 10000 ? 10000 : (int32_t)number;
    return 0;
}

// Puts together what was given, each field narrowed so that nonsense stays nonsense.
static tb_value moment_from(tb_class *cls, const int32_t fields[6])
{
    tb_moment m = {.cls = cls, .year = fields[0]};
    int8_t *const small[] = {&m.month, &m.day, &m.hour, &m.minute, &m.second};
    for (int i = 0; i < 5; i++)
        *small[i] = (int8_t)(fields[i + 1] > 99 ? 99 : fields[i + 1]);
    return tb_moment_new(&m);
}

tb_value tb_time_date(tb_value year, tb_value month, tb_value day)
{
    int32_t fields[6] = {0};
    if (read_field(year, "date", "year", &fields[0]) < 0 ||
        read_field(month, "date", "month", &fields[1]) < 0 ||
        read_field(day, "date", "day", &fields[2]) < 0)
        return TB_PENDING;
    return moment_from(&tb_date_class, fields);
}

tb_value tb_time_datetime(tb_value year, tb_value month, tb_value day, tb_value hour,
                          tb_value minute, tb_value second)
{
    int32_t fields[6];
    if (read_field(year, "datetime", "year", &fields[0]) < 0 ||
        read_field(month, "datetime", "month", &fields[1]) < 0 ||
        read_field(day, "datetime", "day", &fields[2]) < 0 ||
        read_field(hour, "datetime", "hour", &fields[3]) < 0 ||
        read_field(minute, "datetime", "minute", &fields[4]) < 0 ||
        read_field(second, "datetime", "second", &fields[5]) < 0)
        return TB_PENDING;
    return moment_from(&tb_datetime_class, fields);
}

// ------------------------------------------------------------------------------------ calculating

#define FURTHEST 10000000 // days, months or years beyond which nothing is left of the calendar

static int read_step(tb_value v, const char *function, const char *name, int64_t *step)
{
    *step = tb_arg_whole(v, TB_PLACE(function, name));
    if (*step == INT64_MIN) return -1;
    if (*step <= FURTHEST && *step >= -FURTHEST) return 0;
    tb_raise_calendar();
    return -1;
}

// Years and months first, the day kept within its month; then days.
static tb_value moved(const tb_moment *from, int64_t days, int64_t months, int64_t years)
{
    tb_moment m = *from;
    int64_t month = ((int64_t)m.year + years) * 12 + m.month - 1 + months;
    int64_t year = tb_int64_floor_div(month, 12);
    if (year < TB_YEAR_MIN || year > TB_YEAR_MAX) return tb_raise_calendar();
    m.year = (int32_t)year;
    m.month = (int8_t)(tb_int64_mod(month, 12) + 1);
    int last = tb_month_days(m.year, m.month);
    if (m.day > last) m.day = (int8_t)last;
    int64_t day = tb_days_from_civil(m.year, m.month, m.day) + days;
    if (tb_moment_set_days(&m, day) < 0) return TB_PENDING;
    return tb_moment_new(&m);
}

static tb_value add_steps(tb_value date, tb_value days, tb_value months, tb_value years,
                          const char *function, int sign)
{
    int64_t day, month, year;
    if (read_step(days, function, "days", &day) < 0 ||
        read_step(months, function, "months", &month) < 0 ||
        read_step(years, function, "years", &year) < 0)
        return TB_PENDING;
    return moved(TB_AS_MOMENT(date), sign * day, sign * month, sign * year);
}

tb_value tb_time_date_add(tb_value date, tb_value days, tb_value months, tb_value years)
{
    return add_steps(date, days, months, years, "date_add", 1);
}

tb_value tb_time_date_sub(tb_value date, tb_value days, tb_value months, tb_value years)
{
    return add_steps(date, days, months, years, "date_sub", -1);
}

int64_t tb_time_date_diff(tb_value date1, tb_value date2)
{
    const tb_moment *a = TB_AS_MOMENT(date1), *b = TB_AS_MOMENT(date2);
    if (a->cls != b->cls || a->has_zone != b->has_zone) {
        tb_raise_error(&tb_error_type,
                       "`date_diff` needs two dates or two times of one kind, not %A and %A", date1,
                       date2);
        return INT64_MIN;
    }
    int64_t seconds = tb_clock_seconds(a) - a->offset - (tb_clock_seconds(b) - b->offset);
    return tb_int64_floor_div(seconds - (a->micro < b->micro), TB_DAY_SECONDS);
}

// ------------------------------------------------------------------------------------------ texts

tb_str *tb_time_date_format(tb_value date, tb_str *fmt)
{
    return tb_moment_format(TB_AS_MOMENT(date), fmt);
}

tb_value tb_time_parse(tb_str *text, tb_str *fmt, tb_str *function)
{
    tb_moment m;
    const char *name = tb_c_text(function, TB_PLACE("_parse", "function"));
    if (name == NULL || tb_moment_parse(text, fmt, name, &m) < 0) return TB_PENDING;
    return tb_moment_new(&m);
}

// ----------------------------------------------------------------------------------------- fields

#define FIELD(name_, param_)                                                                       \
    int64_t tb_time_##name_(tb_value param_)                                                       \
    {                                                                                              \
        return TB_AS_MOMENT(param_)->name_;                                                        \
    }

FIELD(year, date)
FIELD(month, date)
FIELD(day, date)
FIELD(hour, dt)
FIELD(minute, dt)
FIELD(second, dt)

int64_t tb_time_millisecond(tb_value dt)
{
    return TB_AS_MOMENT(dt)->micro / 1000;
}

int64_t tb_time_weekday(tb_value date)
{
    return tb_weekday(TB_AS_MOMENT(date));
}

int tb_time_is_leap_year(tb_value year)
{
    int64_t number = tb_arg_whole(year, TB_PLACE("is_leap_year", "year"));
    return number == INT64_MIN ? -1 : tb_is_leap(number);
}

int64_t tb_time_days_in_month(tb_value year, tb_value month)
{
    int64_t y = tb_arg_whole(year, TB_PLACE("days_in_month", "year"));
    int64_t m = y == INT64_MIN ? y : tb_arg_whole(month, TB_PLACE("days_in_month", "month"));
    if (m == INT64_MIN) return INT64_MIN;
    if (m >= 1 && m <= 12) return tb_month_days(y, (int)m);
    tb_raise_error(&tb_error_value,
                   "`month` of `days_in_month` must lie between 1 and 12, not be %V", month);
    return INT64_MIN;
}

// ------------------------------------------------------------------------------------------ zones

tb_value tb_time_localize(tb_value dt)
{
    const tb_moment *m = TB_AS_MOMENT(dt);
    if (m->has_zone) return dt;
    tb_moment local = *m;
    local.has_zone = 1;
    local.offset = (int32_t)(tb_clock_seconds(m) - tb_epoch_seconds(m));
    return tb_moment_new(&local);
}

static int is_word(const tb_str *s, const char *word)
{
    return s->size == (int64_t)strlen(word) && strncasecmp(s->data, word, strlen(word)) == 0;
}

// The offset that [zone] means at [seconds] after 1970. 0, or -1: raised.
static int offset_of(tb_value zone, int64_t seconds, int32_t *offset)
{
    tb_place place = TB_PLACE("astimezone", "zone");
    if (TB_IS_INT(zone)) {
        int64_t given = tb_arg_whole(zone, place);
        if (given > -TB_DAY_SECONDS && given < TB_DAY_SECONDS) {
            *offset = (int32_t)given;
            return 0;
        }
    } else {
        tb_moment parsed;
        tb_str *name = tb_arg_str(zone, place);
        if (name == NULL) return -1;
        *offset = is_word(name, "local") ? tb_local_offset(seconds) : 0;
        if (is_word(name, "local") || is_word(name, "utc")) return 0;
        tb_str *format = tb_str_from_c("%z");
        if (format && tb_moment_parse(name, format, "astimezone", &parsed) == 0) {
            *offset = parsed.offset;
            return 0;
        }
        if (!tb_catch_class(&tb_error_value)) return -1;
    }
    if (!tb_rt.pending)
        tb_raise_error(&tb_error_value,
                       "`zone` of `astimezone` must be \"local\", \"UTC\" or an offset such as "
                       "\"+02:00\", not %V",
                       zone);
    return -1;
}

tb_value tb_time_astimezone(tb_value dt, tb_value zone)
{
    const tb_moment *m = TB_AS_MOMENT(dt);
    int32_t offset;
    int64_t seconds = tb_epoch_seconds(m);
    return offset_of(zone, seconds, &offset) < 0 ? TB_PENDING
                                                 : tb_moment_in_zone(seconds, m->micro, offset);
}

// -------------------------------------------------------------------------------------- stopwatch

typedef struct Watch {
    tb_class *cls;
    int64_t started; // on the monotonic clock, in nanoseconds; 0: it stands still
    int64_t before;  // how long it had run until then
} Watch;

#define AS_WATCH(v) TB_PTR(Watch, v)

static int64_t watch_ns(const Watch *watch)
{
    return watch->before + (watch->started ? read_clock(CLOCK_MONOTONIC) - watch->started : 0);
}

static tb_value watch_start(tb_fn *fn, tb_value self)
{
    (void)fn;
    Watch *watch = AS_WATCH(self);
    if (watch->started == 0) watch->started = read_clock(CLOCK_MONOTONIC);
    return self;
}
TB_METHOD(watch_start, "start", 0)

static tb_value watch_stop(tb_fn *fn, tb_value self)
{
    (void)fn;
    Watch *watch = AS_WATCH(self);
    watch->before = watch_ns(watch);
    watch->started = 0;
    return self;
}
TB_METHOD(watch_stop, "stop", 0)

static tb_value watch_reset(tb_fn *fn, tb_value self)
{
    (void)fn;
    AS_WATCH(self)->before = 0;
    AS_WATCH(self)->started = 0;
    return self;
}
TB_METHOD(watch_reset, "reset", 0)

static tb_value watch_time(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_float_from((double)watch_ns(AS_WATCH(self)) / SECOND_NS);
}
TB_METHOD(watch_time, "time", 0)

static tb_value watch_elapsed(tb_fn *fn, tb_value self)
{
    return watch_time(fn, self);
}
TB_PROPERTY(watch_elapsed, "elapsed")

static const tb_method watch_methods[] = {
    TB_METHOD_ROW(watch_start), TB_METHOD_ROW(watch_stop),    TB_METHOD_ROW(watch_reset),
    TB_METHOD_ROW(watch_time),  TB_METHOD_ROW(watch_elapsed),
};

tb_class tb_watch_class = TB_NATIVE_CLASS("StopWatch", watch_methods);

tb_value tb_time_stopwatch(void)
{
    Watch *watch = tb_alloc_plain(sizeof *watch);
    if (watch == NULL) return TB_PENDING;
    *watch = (Watch){.cls = &tb_watch_class};
    return TB_OBJECT(watch);
}
