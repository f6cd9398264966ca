// Floats: boxing, operators, shortest text, reading text.
#include "float.h"
#include "error.h"
#include "gc.h"
#include "int.h"
#include "object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

tb_value tb_float_box(double d)
{
    tb_box *box = tb_alloc_plain_fast(sizeof *box);
    if (!box) return TB_PENDING;
    box->cls = &tb_class_float;
    box->number = d;
    return TB_OBJECT(box);
}

double tb_number_get(tb_value v)
{
    if (TB_IS_FLOAT(v)) return tb_float_get(v);
    if (TB_IS_INT(v)) return tb_int_to_double(v);
    if (v == TB_TRUE || v == TB_FALSE) return v == TB_TRUE;
    tb_raise_error(&tb_error_type, "a number is needed here, not %A", v);
    return NAN;
}

uint64_t tb_float_hash(double d, uint64_t secret)
{
    if (fabs(d) <= 0x1p61 && d != 0x1p61 && d == trunc(d))
        return tb_word_hash((uint64_t)(int64_t)d, secret);
    tb_float_bits u = {.number = isnan(d) ? NAN : d};
    return tb_word_hash(u.bits, secret);
}

// -------------------------------------------------------------------------------------- operators

static double zero_division(void)
{
    tb_raise_error(&tb_error_zero_division, "division by zero");
    return NAN;
}

double tb_float_div(double a, double b)
{
    return b == 0 ? zero_division() : a / b;
}

// The remainder with the sign of [b], which is not 0; a zero has that sign too.
static double mod(double a, double b)
{
    double rest = fmod(a, b);
    if (rest == 0) return copysign(0, b);
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

double tb_float_mod(double a, double b)
{
    return b == 0 ? zero_division() : mod(a, b);
}

// As CPython: the quotient comes from the exact remainder, so that a == a // b * b + a % b holds as
// well as it can, and rounding must not lift it to the next whole number.
double tb_float_floor_div(double a, double b)
{
    if (b == 0) return zero_division();
    double rest = fmod(a, b), quotient = (a - rest) / b;
    if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
    if (quotient == 0) return copysign(0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

double tb_float_pow(double a, double b)
{
    if (a == 0 && b < 0 && isfinite(b)) {
        tb_raise_error(&tb_error_zero_division, "0 cannot be raised to a negative power");
        return NAN;
    }
    double power = pow(a, b);
    if (isfinite(power) || !isfinite(a) || !isfinite(b)) return power;
    if (isnan(power))
        tb_raise_error(&tb_error_value, "a negative number has no real power with a fraction");
    else
        tb_raise_error(&tb_error_overflow, "the power is too large for a Float");
    return NAN;
}

// --------------------------------------------------------------------------------- shortest digits

// 5**(27 * i) for i from -11 on: its first 192 bits. With a factor 5**0 … 5**26 every power of five
// that doubles need comes out exact in its first 128 bits (checked for each of them when the table
// was made), and a factor of two does not change bits. A full table would take 617 rows.
#define FIRST_ROW (-11)
#define ROW_STEP  27
static const uint64_t fives[24][3] = {
    {0xa76c582338ed2621, 0xaf2af2b80af6f24e, 0x657c8f4d43323a36},
    {0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xcc35eddfcf0996d7},
    {0xda7f5bf590966848, 0xaf39a475506a899e, 0xa30294cc2934e662},
    {0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0xfe13a5c86af64418},
    {0x8e938662882af53e, 0x547eb47b7282ee9c, 0x41b0230e1421487d},
    {0xe65829b3046b0afa, 0x0cb4a5a3112a5112, 0xa3b561b1cb208396},
    {0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x21a0183e10583cd3},
    {0x964e858c91ba2655, 0x3a6a07f8d510f86f, 0xe9082f25e9c5e9ec},
    {0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0x3695dad7e8858901},
    {0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x96842dc95323f5a8},
    {0x9e74d1b791e07e48, 0x775ea264cf55347d, 0xca49f1c05120c9c7},
    {0x8000000000000000, 0x0000000000000000, 0x0000000000000000},
    {0xcecb8f27f4200f3a, 0x0000000000000000, 0x0000000000000000},
    {0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x0000000000000000},
    {0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xdf9f915627c04e28},
    {0xda01ee641a708de9, 0xe80e6f4820cc9495, 0xd74baad03bc1d8d3},
    {0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0xc04c79ffe324301f},
    {0x8e41ade9fbebc27d, 0x14588f13be847307, 0x23bd6a2059c002f5},
    {0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xf0b5ccf5176ecc7c},
    {0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x88efb0037ac08bde},
    {0x95f83d0a1fb69cd9, 0x4abdaf101564f98e, 0x0d5a4af7b3a98e47},
    {0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0x3d9c44cd2f36917c},
    {0xc3b8358109e84f07, 0x0a862f80ec4700c8, 0x02606ea01029dc37},
    {0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1, 0x4944d9f52cd0dec2},
};

typedef struct power {
    uint64_t high, low;
} power;

static uint64_t small_power_of_five(int n)
{
    uint64_t result = 1;
    while (n-- > 0)
        result *= 5;
    return result;
}

// The first 128 bits of 10**n, plus one: the smallest number of that length above it.
static power power_of_ten(int n)
{
    int row = (n - FIRST_ROW * ROW_STEP) / ROW_STEP;
    const uint64_t *words = fives[row];
    uint64_t factor = small_power_of_five(n - (row + FIRST_ROW) * ROW_STEP);
    unsigned __int128 low = (unsigned __int128)words[2] * factor;
    unsigned __int128 middle = (unsigned __int128)words[1] * factor + (uint64_t)(low >> 64);
    unsigned __int128 high = (unsigned __int128)words[0] * factor + (uint64_t)(middle >> 64);
    uint64_t top = (uint64_t)(high >> 64);
    int shift = top ? __builtin_clzl(top) : 64;
    unsigned __int128 bits = shift == 64 ? high << 64 | (uint64_t)middle
                                         : (high << shift) | (uint64_t)middle >> (64 - shift);
    bits++;
    return (power){(uint64_t)(bits >> 64), (uint64_t)bits};
}

// The highest 64 bits of a product of 192, made odd when anything but a rounding error lies below
// them.
static uint64_t multiply_to_odd(power g, uint64_t factor)
{
    unsigned __int128 product = (unsigned __int128)g.high * factor;
    product += (uint64_t)((unsigned __int128)g.low * factor >> 64);
    return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

// floor(n * log10(2)), or of 3/4 * 2**n; and floor(n * log2(10)); in the range of doubles.
static int floor_log10_pow2(int n, int three_quarters)
{
    return (n * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

static int floor_log2_pow10(int n)
{
    return (n * 1741647) >> 19;
}

// Schubfach: the interval of numbers that read back as c * 2**q, scaled by a power of ten so that
// it holds at least one whole number and at most one multiple of ten. Scaled numbers carry two more
// bits, enough to compare them with the bounds and the middle between two whole ones.
static tb_decimal shortest(uint64_t c, int q, int lower_is_closer)
{
    int k = floor_log10_pow2(q, lower_is_closer), shift = q + floor_log2_pow10(-k) + 1;
    power g = power_of_ten(-k);
    uint64_t odd = c & 1; // the bounds themselves read back as an even c
    uint64_t value = multiply_to_odd(g, (4 * c) << shift);
    uint64_t lower = multiply_to_odd(g, (4 * c - 2 + (lower_is_closer != 0)) << shift) + odd;
    uint64_t upper = multiply_to_odd(g, (4 * c + 2) << shift) - odd;
    uint64_t whole = value / 4, tens = whole / 10;
    int down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
    if (whole >= 10 && down != up) return (tb_decimal){tens + (uint64_t)up, k + 1};
    down = lower <= 4 * whole;
    up = 4 * whole + 4 <= upper;
    if (down == up) up = value > 4 * whole + 2 || (value == 4 * whole + 2 && (whole & 1));
    return (tb_decimal){whole + (uint64_t)up, k};
}

tb_decimal tb_float_digits(double d)
{
    tb_float_bits u = {.number = d};
    uint64_t c = u.bits & 0xfffffffffffffUL;
    int biased = (int)(u.bits >> 52 & 0x7ff), q = (biased ? biased : 1) - 1075;
    int lower_is_closer = c == 0 && biased > 1;
    if (biased) c |= 1UL << 52;
    tb_decimal result;
    if (q <= 0 && q >= -52 && (c & ((1UL << -q) - 1)) == 0)
        result = (tb_decimal){c >> -q, 0}; // a whole number: all its digits count
    else
        result = shortest(c, q, lower_is_closer);
    while (result.digits % 10 == 0) {
        result.digits /= 10;
        result.exponent++;
    }
    return result;
}

// ---------------------------------------------------------------------------------------- to text

static char *put(char *out, const char *text, int64_t size)
{
    memcpy(out, text, (size_t)size);
    return out + size;
}

static char *put_zeros(char *out, int64_t count)
{
    memset(out, '0', (size_t)count);
    return out + count;
}

// `d.ddde-05`: one digit before the point, at least two in the exponent.
static char *put_scientific(char *out, const char *digits, int64_t count, int exponent)
{
    out = put(out, digits, 1);
    if (count > 1) {
        *out++ = '.';
        out = put(out, digits + 1, count - 1);
    }
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    exponent = abs(exponent);
    if (exponent >= 100) *out++ = (char)('0' + exponent / 100);
    *out++ = (char)('0' + exponent / 10 % 10);
    *out++ = (char)('0' + exponent % 10);
    return out;
}

// The point stands behind the first [point] digits, which may be none or more than there are.
static char *put_positional(char *out, const char *digits, int64_t count, int64_t point)
{
    if (point <= 0) {
        out = put(out, "0.", 2);
        return put(put_zeros(out, -point), digits, count);
    }
    if (point >= count) {
        out = put_zeros(put(out, digits, count), point - count);
        return put(out, ".0", 2);
    }
    out = put(out, digits, point);
    *out++ = '.';
    return put(out, digits + point, count - point);
}

int64_t tb_float_text(double d, char *out)
{
    char *start = out;
    if (isnan(d)) return put(out, "nan", 3) - start;
    if (signbit(d)) *out++ = '-';
    if (isinf(d)) return put(out, "inf", 3) - start;
    if (d == 0) return put(out, "0.0", 3) - start;
    tb_decimal decimal = tb_float_digits(d);
    char buffer[20], *digits = buffer + sizeof buffer;
    for (uint64_t rest = decimal.digits; rest; rest /= 10)
        *--digits = (char)('0' + rest % 10);
    int count = (int)(buffer + sizeof buffer - digits), point = count + decimal.exponent;
    if (point <= -4 || point > 16) return put_scientific(out, digits, count, point - 1) - start;
    return put_positional(out, digits, count, point) - start;
}

// -------------------------------------------------------------------------------------- from text

// A text being read: what is accepted is copied, without underscores, for strtod.
typedef struct reader {
    const char *at, *end;
    char *copy;
} reader;

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int accept(reader *r, char a, char b)
{
    if (r->at == r->end || (*r->at != a && *r->at != b)) return 0;
    *r->copy++ = *r->at++;
    return 1;
}

// Digits with single underscores between them; how many digits.
static int64_t accept_digits(reader *r)
{
    int64_t count = 0;
    while (r->at < r->end) {
        if (count && *r->at == '_' && r->at + 1 < r->end && is_digit(r->at[1])) r->at++;
        if (!is_digit(*r->at)) break;
        *r->copy++ = *r->at++;
        count++;
    }
    return count;
}

static int accept_word(reader *r, const char *word)
{
    const char *start = r->at;
    char *copied = r->copy;
    for (; *word; word++)
        if (!accept(r, *word, (char)(*word - 'a' + 'A'))) {
            r->at = start;
            r->copy = copied;
            return 0;
        }
    return 1;
}

static int accept_number(reader *r)
{
    if (accept_word(r, "infinity") || accept_word(r, "inf") || accept_word(r, "nan")) return 1;
    int64_t count = accept_digits(r);
    if (accept(r, '.', '.')) count += accept_digits(r);
    if (count == 0) return 0;
    if (!accept(r, 'e', 'E')) return 1;
    if (!accept(r, '-', '-')) accept(r, '+', '+');
    return accept_digits(r) > 0;
}

static int no_number(const char *text, int64_t size)
{
    int shown = size > 60 ? 60 : (int)size;
    tb_raise_error(&tb_error_value, "\"%.*s%s\" is not a Float", shown, text, size > 60 ? "…" : "");
    return -1;
}

int tb_float_from_text(const char *text, int64_t size, double *out)
{
    char buffer[128];
    char *copy = size < (int64_t)sizeof buffer ? buffer : tb_alloc_plain((size_t)size + 1);
    if (!copy) return -1;
    reader r = {text, text + size, copy};
    while (r.at < r.end && is_space(*r.at))
        r.at++;
    while (r.end > r.at && is_space(r.end[-1]))
        r.end--;
    if (!accept(&r, '-', '-')) accept(&r, '+', '+');
    if (!accept_number(&r) || r.at != r.end) return no_number(text, size);
    *r.copy = 0;
    *out = strtod(copy, NULL);
    if (copy != buffer) tb_free(copy);
    return 0;
}
