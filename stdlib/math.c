// Native half of stdlib/math.tb: what libm offers with Python's errors, rounding of decimals, the
// least and greatest of values. Random numbers are in random.c.
#include "native.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/stdlib/math.h"

// ----------------------------------------------------------------------------------------- errors

static double domain_error(const char *name, double x)
{
    char text[TB_FLOAT_TEXT_SIZE];
    int64_t size = tb_float_text(x, text);
    tb_raise_error(&tb_error_value, "`%s` is not defined for %.*s", name, (int)size, text);
    return NAN;
}

static double range_error(const char *name)
{
    tb_raise_error(&tb_error_overflow, "the result of `%s` is too large for a Float", name);
    return NAN;
}

// A result that is not finite although [x] is.
static double checked(const char *name, double x, double result)
{
    if (isnan(result) && !isnan(x)) return domain_error(name, x);
    if (isinf(result) && isfinite(x)) return range_error(name);
    return result;
}

// ---------------------------------------------------------------------------- functions of Floats

double tb_math_sqrt(double x)
{
    return x < 0 ? domain_error("sqrt", x) : sqrt(x);
}

double tb_math_exp(double x)
{
    return checked("exp", x, exp(x));
}

double tb_math_sin(double x)
{
    return checked("sin", x, sin(x));
}

double tb_math_cos(double x)
{
    return checked("cos", x, cos(x));
}

double tb_math_tan(double x)
{
    return checked("tan", x, tan(x));
}

double tb_math_asin(double x)
{
    return checked("asin", x, asin(x));
}

double tb_math_acos(double x)
{
    return checked("acos", x, acos(x));
}

double tb_math_sinh(double x)
{
    return checked("sinh", x, sinh(x));
}

double tb_math_cosh(double x)
{
    return checked("cosh", x, cosh(x));
}

double tb_math_acosh(double x)
{
    return checked("acosh", x, acosh(x));
}

double tb_math_atanh(double x)
{
    return fabs(x) == 1 ? domain_error("atanh", x) : checked("atanh", x, atanh(x));
}

double tb_math_fmod(double x, double y)
{
    return y == 0 ? domain_error("fmod", y) : checked("fmod", x, fmod(x, y));
}

// ------------------------------------------------------------------------------------- logarithms

// A positive number as mantissa * 2**exponent, so that Ints beyond all Floats have logarithms too.
// 0, or -1: raised.
static int split_number(tb_value x, const char *name, double *mantissa, int64_t *exponent)
{
    *exponent = 0;
    if (TB_IS_BIG(x) && tb_int_sign(x) > 0 && tb_int_bit_length(x) > 1000) {
        *exponent = tb_int_bit_length(x) - 64;
        tb_value high = tb_int_shr(x, TB_INT62(*exponent));
        if (high == TB_PENDING) return -1;
        *mantissa = tb_int_to_double(high);
        return 0;
    }
    *mantissa = tb_number_get(x);
    if (isnan(*mantissa) && tb_rt.pending) return -1;
    if (*mantissa > 0 || isnan(*mantissa)) return 0;
    domain_error(name, *mantissa);
    return -1;
}

static double natural_log(tb_value x)
{
    double mantissa;
    int64_t exponent;
    if (split_number(x, "log", &mantissa, &exponent) < 0) return NAN;
    return log(mantissa) + (double)exponent * M_LN2;
}

double tb_math_log(tb_value x, tb_value base)
{
    double result = natural_log(x);
    if (base == TB_NONE_VALUE || (isnan(result) && tb_rt.pending)) return result;
    double divisor = natural_log(base);
    if (isnan(divisor) && tb_rt.pending) return NAN;
    return tb_float_div(result, divisor);
}

double tb_math_log10(tb_value x)
{
    double mantissa;
    int64_t exponent;
    if (split_number(x, "log10", &mantissa, &exponent) < 0) return NAN;
    return log10(mantissa) + (double)exponent * log10(2);
}

double tb_math_log2(tb_value x)
{
    double mantissa;
    int64_t exponent;
    if (split_number(x, "log2", &mantissa, &exponent) < 0) return NAN;
    return log2(mantissa) + (double)exponent;
}

// --------------------------------------------------------------------------------------- rounding

static tb_value whole(tb_value x, double (*round_down)(double))
{
    if (TB_IS_INT(x)) return x;
    if (TB_KIND(x) == TB_BOOL) return TB_INT62(x == TB_TRUE);
    return tb_int_from_double(round_down(tb_float_get(x)));
}

tb_value tb_math_floor(tb_value x)
{
    return whole(x, floor);
}

tb_value tb_math_ceil(tb_value x)
{
    return whole(x, ceil);
}

tb_value tb_math_trunc(tb_value x)
{
    return whole(x, trunc);
}

tb_value tb_math_abs(tb_value x)
{
    if (TB_IS_FLOAT(x)) return tb_float_from(fabs(tb_float_get(x)));
    if (TB_KIND(x) == TB_BOOL) return TB_INT62(x == TB_TRUE);
    return tb_int_sign(x) < 0 ? tb_int_neg(x) : x;
}

enum { DIGITS_MAX = 400 }; // no Float has a digit beyond

// The Int nearest to n / unit * unit, a half to the even neighbour; [has_rest]: a little more than
// n is meant.
static tb_value round_to_unit(tb_value n, tb_value unit, int has_rest)
{
    tb_value quotient, rest;
    if (tb_int_divmod(n, unit, &quotient, &rest) < 0) return TB_PENDING;
    tb_value twice = tb_int_add(rest, rest);
    if (twice == TB_PENDING) return TB_PENDING;
    int order = tb_int_compare(twice, unit);
    tb_value is_odd = tb_int_and(quotient, TB_INT62(1));
    if (is_odd == TB_PENDING) return TB_PENDING;
    if (order > 0 || (order == 0 && (has_rest || is_odd == TB_INT62(1)))) {
        quotient = tb_int_add(quotient, TB_INT62(1));
        if (quotient == TB_PENDING) return TB_PENDING;
    }
    return tb_int_mul(quotient, unit);
}

static tb_value round_int(tb_value n, int64_t digits)
{
    if (digits >= 0) return n;
    int64_t size = tb_int_text_size(n);
    if (-digits > size + 1) return TB_INT62(0);
    tb_value unit = tb_int_pow(TB_INT62(10), TB_INT62(-digits));
    return unit == TB_PENDING ? TB_PENDING : round_to_unit(n, unit, 0);
}

// Digits in front of the point: exact, on the whole part.
static double round_to_tens(double x, int64_t digits)
{
    double positive = fabs(x);
    tb_value n = tb_int_from_double(trunc(positive));
    if (n == TB_PENDING || -digits > DIGITS_MAX) return n == TB_PENDING ? NAN : copysign(0, x);
    tb_value unit = tb_int_pow(TB_INT62(10), TB_INT62(-digits));
    tb_value result =
        unit == TB_PENDING ? TB_PENDING : round_to_unit(n, unit, positive != trunc(positive));
    return result == TB_PENDING ? NAN : copysign(tb_int_to_double(result), x);
}

// Digits behind the point: printf rounds the exact value of the Float, a half to even.
static double round_to_places(double x, int64_t digits)
{
    char text[DIGITS_MAX + 400];
    if (digits > DIGITS_MAX) return x;
    snprintf(text, sizeof text, "%.*f", (int)digits, x);
    return strtod(text, NULL);
}

tb_value tb_math_round(tb_value x, int64_t ndigits)
{
    if (TB_KIND(x) == TB_BOOL) x = TB_INT62(x == TB_TRUE);
    if (ndigits < -DIGITS_MAX * 1000L) ndigits = -DIGITS_MAX * 1000L;
    if (TB_IS_INT(x)) return round_int(x, ndigits);
    double number = tb_float_get(x);
    if (ndigits == 0) return tb_int_from_double(rint(number));
    if (!isfinite(number)) return x;
    double result = ndigits < 0 ? round_to_tens(number, ndigits) : round_to_places(number, ndigits);
    return isnan(result) ? TB_PENDING : tb_float_from(result);
}

// -------------------------------------------------------------------------- least, greatest, sums

tb_value tb_math_min(tb_value a, tb_value b)
{
    int less = tb_less(b, a);
    return less < 0 ? TB_PENDING : less ? b : a;
}

tb_value tb_math_min3(tb_value a, tb_value b, tb_value c)
{
    tb_value least = tb_math_min(a, b);
    return least == TB_PENDING ? TB_PENDING : tb_math_min(least, c);
}

tb_value tb_math_max(tb_value a, tb_value b)
{
    int greater = tb_greater(b, a);
    return greater < 0 ? TB_PENDING : greater ? b : a;
}

tb_value tb_math_max3(tb_value a, tb_value b, tb_value c)
{
    tb_value greatest = tb_math_max(a, b);
    return greatest == TB_PENDING ? TB_PENDING : tb_math_max(greatest, c);
}

// What an item is compared by.
static tb_value measure(tb_value item, tb_value key)
{
    return key == TB_NONE_VALUE ? item : tb_call1(key, item);
}

// The first extreme item of an iterable; TB_MISSING when there are none.
static tb_value extreme_of(tb_value items, tb_value key, int greatest)
{
    tb_iter it;
    tb_value item, best = TB_MISSING, best_measure = TB_MISSING;
    if (tb_iter_start(&it, items) < 0) return TB_PENDING;
    int got;
    while ((got = tb_iter_next(&it, &item)) == 1) {
        tb_value size = measure(item, key);
        if (size == TB_PENDING) return TB_PENDING;
        int wins = 1;
        if (best != TB_MISSING)
            wins = greatest ? tb_greater(size, best_measure) : tb_less(size, best_measure);
        if (wins < 0) return TB_PENDING;
        if (!wins) continue;
        best = item;
        best_measure = size;
    }
    return got < 0 ? TB_PENDING : best;
}

static tb_value nothing(int greatest)
{
    return tb_raise_error(&tb_error_value, "`values` of `%s` must not be empty",
                          greatest ? "max" : "min");
}

tb_value tb_math_extreme(tb_list *values, tb_value key, tb_value default_, int greatest)
{
    tb_value items = TB_OBJECT(values);
    if (values->count == 1) {
        items = tb_list_at(values, 0);
        if (items == TB_PENDING) return TB_PENDING;
        if (!tb_is_iterable(items))
            return tb_raise_arg(TB_PLACE(greatest ? "max" : "min", "values"), "Iterable", items);
    }
    tb_value best = extreme_of(items, key, greatest);
    if (best != TB_MISSING) return best;
    return default_ == TB_NONE_VALUE ? nothing(greatest) : default_;
}

static tb_value extreme_or_error(tb_value items, int greatest)
{
    tb_value best = extreme_of(items, TB_NONE_VALUE, greatest);
    return best == TB_MISSING ? nothing(greatest) : best;
}

tb_value tb_math_least_of(tb_value items)
{
    return extreme_or_error(items, 0);
}

tb_value tb_math_greatest_of(tb_value items)
{
    return extreme_or_error(items, 1);
}

// Floats from left to right, as Python before 3.12.
static tb_value sum_floats(const tb_list *list, double total)
{
    for (int64_t i = 0; i < list->count; i++)
        total += list->as.floats[i];
    return tb_float_from(total);
}

// Whole numbers as long as the sum fits 64 bits; [at] gets the place of the first that was not
// added.
static int64_t sum_ints(const tb_list *list, int64_t total, int64_t *at)
{
    int64_t i = 0;
    while (i < list->count && !tb_add_overflows(total, list->as.ints[i], &total))
        i++;
    if (i < list->count) total = (int64_t)((uint64_t)total - (uint64_t)list->as.ints[i]);
    *at = i;
    return total;
}

static int is_number(tb_value v)
{
    return TB_IS_INT(v) || TB_IS_FLOAT(v) || TB_KIND(v) == TB_BOOL;
}

tb_value tb_math_whole(tb_value value, tb_str *function, tb_str *param)
{
    return tb_arg_int(value, TB_PLACE(function->data, param->data));
}

tb_list *tb_math_numbers_in(tb_value values, tb_str *function)
{
    tb_list *list = TB_IS_LIST(values) ? TB_AS_LIST(values) : tb_list_of(values);
    if (!list || list->kind != TB_ITEMS_BOXED) return list;
    for (int64_t i = 0; i < list->count; i++) {
        tb_value item = tb_list_at(list, i);
        if (is_number(item) || TB_KIND(item) == TB_INSTANCE) continue;
        tb_raise_error(&tb_error_type, "`values` of `%s` must hold numbers, not %T", function->data,
                       item);
        return NULL;
    }
    return list;
}

static tb_value add_item(tb_value total, tb_value item)
{
    if (!is_number(total) && TB_KIND(total) != TB_INSTANCE && TB_KIND(total) != TB_LIST)
        return tb_raise_arg(TB_PLACE("sum", "start"), "a number", total);
    if (!is_number(item) && TB_KIND(item) != TB_INSTANCE && TB_KIND(item) != TB_LIST)
        return tb_raise_error(&tb_error_type, "`iterable` of `sum` must hold numbers, not %T%s",
                              item, TB_IS_STR(item) ? ": use `join`" : "");
    return tb_add(total, item);
}

static tb_value sum_items(tb_value iterable, tb_value total)
{
    tb_iter it;
    tb_value item;
    if (tb_iter_start(&it, iterable) < 0) return TB_PENDING;
    int got;
    while ((got = tb_iter_next(&it, &item)) == 1) {
        total = add_item(total, item);
        if (total == TB_PENDING) return TB_PENDING;
    }
    return got < 0 ? TB_PENDING : total;
}

tb_value tb_math_sum(tb_value iterable, tb_value start)
{
    if (is_number(iterable)) return add_item(start, iterable);
    if (!tb_is_iterable(iterable))
        return tb_raise_arg(TB_PLACE("sum", "iterable"), "Iterable", iterable);
    if (!TB_IS_LIST(iterable)) return sum_items(iterable, start);
    tb_list *list = TB_AS_LIST(iterable);
    if (list->kind == TB_ITEMS_FLOAT && list->count && is_number(start)) {
        double from = tb_number_get(start);
        return isnan(from) && tb_rt.pending ? TB_PENDING : sum_floats(list, from);
    }
    int64_t first;
    if (list->kind != TB_ITEMS_INT || !TB_IS_INT(start) || !tb_int_to(start, &first))
        return sum_items(iterable, start);
    int64_t at;
    tb_value total = tb_int_from(sum_ints(list, first, &at));
    for (; at < list->count && total != TB_PENDING; at++) {
        tb_value item = tb_list_at(list, at);
        total = item == TB_PENDING ? TB_PENDING : tb_add(total, item);
    }
    return total;
}
