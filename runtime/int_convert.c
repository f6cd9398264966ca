// Ints to and from text and Floats, and what must agree with Floats: exact comparison, hash,
// division.
#include "error.h"
#include "float.h"
#include "gc.h"
#include "int.h"
#include "int_limbs.h"

#include <math.h>
#include <string.h>

// ------------------------------------------------------------------------------------ from text

// The value of a digit, or a number that is no digit in any base.
static int digit_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

static tb_value no_number(const char *text, int64_t size, int base)
{
    int shown = size > 60 ? 60 : (int)size;
    const char *more = size > 60 ? "…" : "";
    if (base == 10)
        return tb_raise_error(&tb_error_value, "\"%.*s%s\" is not an Int", shown, text, more);
    return tb_raise_error(&tb_error_value, "\"%.*s%s\" is not an Int in base %d", shown, text, more,
                          base);
}

// Turns [size] valid digits, the first not 0, into an Int of any size.
static tb_value big_from_digits(const char *digits, int64_t size, int base, int is_negative)
{
    double count = (double)size * log2(base) / 64 + 2;
    if (count > (double)TB_INT_LIMBS_MAX)
        return tb_raise_error(&tb_error_overflow, "%lld digits are too many for an Int",
                              (long long)size);
    unsigned char *values = tb_alloc_plain((size_t)size);
    tb_big *big = values ? tb_big_new((int64_t)count) : NULL;
    if (!big || tb_gc_expect((size_t)size) < 0) return TB_PENDING;
    for (int64_t i = 0; i < size; i++)
        values[i] = (unsigned char)digit_value(digits[i]);
    int64_t used = mpn_set_str(big->limbs, values, (size_t)size, base);
    tb_free(values);
    return tb_big_finish(big, used, is_negative);
}

tb_value tb_int_from_text(const char *text, int64_t size, int base)
{
    int64_t at = size > 0 && (text[0] == '-' || text[0] == '+');
    int is_negative = at && text[0] == '-';
    if (at == size) return no_number(text, size, base);
    for (int64_t i = at; i < size; i++)
        if (digit_value(text[i]) >= base) return no_number(text, size, base);
    while (at < size && text[at] == '0')
        at++;
    if (size - at > 12) return big_from_digits(text + at, size - at, base, is_negative);
    uint64_t value = 0; // 36 ** 12 < 2 ** 63
    for (; at < size; at++)
        value = value * (uint64_t)base + (uint64_t)digit_value(text[at]);
    return tb_int_signed(value, is_negative);
}

// -------------------------------------------------------------------------------------- to text

int64_t tb_int_text_size_base(tb_value v, int base)
{
    if (TB_IS_INT62(v) && base == 10) return 20;
    limbs x;
    limbs_of(&x, v);
    return 3 + (int64_t)((double)x.count * 64 / log2(base) * (1 + 1e-12));
}

int64_t tb_int_text_size(tb_value v)
{
    return tb_int_text_size_base(v, 10);
}

static const char digit_letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";

// Writes the digits of a number of one limb. A constant divisor saves most of the time.
static int64_t write_limb(uint64_t n, uint64_t base, char *out)
{
    char buffer[64], *first = buffer + sizeof buffer;
    for (; base == 10 && n >= 10; n /= 10)
        *--first = (char)('0' + n % 10);
    do {
        *--first = digit_letters[n % base];
        n /= base;
    } while (n);
    int64_t size = buffer + sizeof buffer - first;
    memcpy(out, first, (size_t)size);
    return size;
}

// Writes the digits of a longer number. GMP destroys the limbs it is given and may begin with
// zeros.
static int64_t write_limbs(const limbs *a, int base, char *out)
{
    size_t size = (size_t)a->count * sizeof *a->data;
    if (a->count > 1000 && tb_gc_expect(size * 4) < 0) return INT64_MIN;
    mp_limb_t *copy = tb_alloc_plain(size);
    if (!copy) return INT64_MIN;
    memcpy(copy, a->data, size);
    int64_t count = (int64_t)mpn_get_str((unsigned char *)out, base, copy, a->count);
    tb_free(copy);
    int64_t zeros = 0;
    while (zeros < count - 1 && out[zeros] == 0)
        zeros++;
    for (int64_t i = zeros; i < count; i++)
        out[i - zeros] = digit_letters[(unsigned char)out[i]];
    return count - zeros;
}

int64_t tb_int_text_base(tb_value v, int base, char *out)
{
    limbs x;
    limbs_of(&x, v);
    int64_t sign = x.is_negative;
    if (sign) *out++ = '-';
    int64_t size = x.count <= 1 ? write_limb(x.count ? x.data[0] : 0, (uint64_t)base, out)
                                : write_limbs(&x, base, out);
    return size == INT64_MIN ? size : size + sign;
}

int64_t tb_int_text(tb_value v, char *out)
{
    return tb_int_text_base(v, 10, out);
}

// ------------------------------------------------------------------------------------ and Floats

// Rounds to the spacing of the denormals, 2**-1074, which is coarser than 53 bits there.
static double round_denormal(uint64_t mantissa, int64_t exponent)
{
    int64_t dropped = -1074 - exponent;
    if (dropped <= 0) return ldexp((double)mantissa, (int)exponent);
    if (dropped > 64) return 0;
    uint64_t kept = dropped < 64 ? mantissa >> dropped : 0;
    uint64_t rest = dropped < 64 ? mantissa << (64 - dropped) : mantissa;
    uint64_t half = 1UL << 63;
    if (rest > half || (rest == half && (kept & 1))) kept++;
    return ldexp((double)kept, -1074);
}

// The Float nearest to mantissa * 2**exponent, ties to even. When the exact number has more bits
// than the mantissa, the lowest bit of the mantissa, well below the 53 that stay, is set to say so.
static double round_scaled(uint64_t mantissa, int64_t exponent)
{
    if (mantissa == 0) return 0;
    int64_t top = 64 - __builtin_clzl(mantissa) + exponent; // it lies in 2**(top-1) … 2**top
    if (top > 1024) return INFINITY;
    if (top < -1021) return round_denormal(mantissa, exponent);
    return ldexp((double)mantissa, (int)exponent);
}

static double too_large(const char *what)
{
    tb_raise_error(&tb_error_overflow, "the %s is too large for a Float", what);
    return NAN;
}

// The magnitude as a Float, or infinity: its 64 highest bits, and whether anything lies below them.
static double magnitude_to_double(const limbs *a)
{
    if (a->count <= 1) return a->count ? (double)a->data[0] : 0;
    if (a->count > 16) return INFINITY;
    uint64_t high = a->data[a->count - 1], next = a->data[a->count - 2];
    int shift = __builtin_clzl(high);
    uint64_t mantissa = shift ? high << shift | next >> (64 - shift) : high;
    if ((next << shift) || (a->count > 2 && !mpn_zero_p(a->data, a->count - 2))) mantissa |= 1;
    return round_scaled(mantissa, (a->count - 1) * 64 - shift);
}

double tb_int_to_double(tb_value v)
{
    if (TB_IS_INT62(v)) return (double)TB_INT62_GET(v);
    limbs x;
    limbs_of(&x, v);
    double d = magnitude_to_double(&x);
    if (isinf(d)) return too_large("Int");
    return x.is_negative ? -d : d;
}

tb_value tb_int_from_double(double d)
{
    if (fabs(d) < 0x1p61) return TB_INT62((int64_t)d);
    if (isnan(d)) return tb_raise_error(&tb_error_value, "a Float that is not a number has no Int");
    if (isinf(d)) return tb_raise_error(&tb_error_overflow, "an infinite Float has no Int");
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(d, &exponent), 53);
    return tb_int_shl(TB_INT62(mantissa), TB_INT62(exponent - 53));
}

// The quotient of two magnitudes as a Float: shifts one of them so that the whole quotient has 63
// or 64 bits.
static double div_magnitudes(const limbs *a, const limbs *b, int64_t excess)
{
    int64_t shift = 63 - excess;
    mpz_t space_a, space_b, quotient, remainder;
    limbs_as_mpz(a, space_a);
    limbs_as_mpz(b, space_b);
    mpz_init(quotient);
    mpz_init(remainder);
    mpz_mul_2exp(quotient, shift > 0 ? space_a : space_b,
                 (mp_bitcnt_t)(shift > 0 ? shift : -shift));
    mpz_tdiv_qr(quotient, remainder, shift > 0 ? quotient : space_a,
                shift > 0 ? space_b : quotient);
    uint64_t mantissa = mpz_getlimbn(quotient, 0) | (mpz_sgn(remainder) != 0);
    mpz_clear(quotient);
    mpz_clear(remainder);
    return round_scaled(mantissa, -shift);
}

double tb_int_div(tb_value a, tb_value b)
{
    if (b == TB_INT62(0)) return tb_float_div(1, 0);
    double x = TB_IS_INT62(a) ? (double)TB_INT62_GET(a) : INFINITY;
    double y = TB_IS_INT62(b) ? (double)TB_INT62_GET(b) : INFINITY;
    if (fabs(x) < 0x1p53 && fabs(y) < 0x1p53) return x / y;
    int64_t excess = tb_int_bit_length(a) - tb_int_bit_length(b);
    int is_negative = (tb_int_sign(a) < 0) != (tb_int_sign(b) < 0);
    limbs m, n;
    limbs_of(&m, a);
    limbs_of(&n, b);
    m.is_negative = n.is_negative = 0;
    double quotient = 0;
    if (excess > 1025) return too_large("quotient");
    if (m.count > 0 && excess > -1100) quotient = div_magnitudes(&m, &n, excess);
    if (isinf(quotient)) return too_large("quotient");
    return is_negative ? -quotient : quotient;
}

int tb_int_compare_double(tb_value a, double b)
{
    if (isnan(b)) return 2;
    if (isinf(b)) return b > 0 ? -1 : 1;
    if (TB_IS_INT62(a) && fabs(b) < 0x1p62) {
        int64_t n = TB_INT62_GET(a), whole = (int64_t)b;
        if (n != whole) return n < whole ? -1 : 1;
        double rest = b - (double)whole;
        return (rest < 0) - (rest > 0);
    }
    limbs x;
    limbs_of(&x, a);
    mpz_t space;
    int order = mpz_cmp_d(limbs_as_mpz(&x, space), b);
    return (order > 0) - (order < 0);
}

// ------------------------------------------------------------------------------------------ hash

// Whether a long number is exactly some Float: at most 53 bits from its highest one to its lowest.
static int is_double(const limbs *a)
{
    int64_t length = a->count * 64 - __builtin_clzl(a->data[a->count - 1]);
    return length <= 1024 && length - (int64_t)mpn_scan1(a->data, 0) <= 53;
}

uint64_t tb_int_hash(tb_value v, uint64_t secret)
{
    if (TB_IS_INT62(v)) return tb_word_hash((uint64_t)TB_INT62_GET(v), secret);
    limbs x;
    limbs_of(&x, v);
    if (is_double(&x)) return tb_float_hash(tb_int_to_double(v), secret);
    uint64_t hash = (uint64_t)x.is_negative;
    for (int64_t i = 0; i < x.count; i++)
        hash = tb_word_hash(x.data[i] ^ hash, secret);
    return hash;
}
