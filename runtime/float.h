// Floats: IEEE doubles, nearly all of them inside the value word.
//
// The bits of the double rotated left by 4, plus 3. Rotation brings sign and the three highest bits
// of the exponent down to where the tag is; two of these three decide. Where both are equal (0,
// exponents from 2^-255 to 2^256, and the far ends with infinities, NaNs and denormals) the sum has
// the tag 1x. The rest, 2^-767 … 2^-256 and 2^257 … 2^768, would look like an Int or an object and
// is boxed instead.
#ifndef TB_FLOAT_H
#define TB_FLOAT_H

#include "value.h"

// A Float that does not fit the word.
typedef struct tb_box {
    tb_class *cls; // tb_class_float
    double number;
} tb_box;

#define TB_IS_FLOAT(v) (TB_IS_DOUBLE(v) || TB_IS(v, &tb_class_float))

// Room for any text tb_float_text writes.
#define TB_FLOAT_TEXT_SIZE 32

typedef union tb_float_bits {
    double number;
    uint64_t bits;
} tb_float_bits;

// The general case of tb_float_from: a Float in a box. May be pending.
tb_value tb_float_box(double d);

// [d] as a value. May be pending for want of memory.
static inline tb_value tb_float_from(double d)
{
    tb_float_bits u = {.number = d};
    tb_value v = (u.bits << 4 | u.bits >> 60) + 3;
    return TB_LIKELY(TB_IS_DOUBLE(v)) ? v : tb_float_box(d);
}

// The number in an immediate Float, for which TB_IS_DOUBLE holds.
static inline double tb_float_unpack(tb_value v)
{
    uint64_t rotated = v - 3;
    tb_float_bits u = {.bits = rotated >> 4 | rotated << 60};
    return u.number;
}

// The number in any Float.
static inline double tb_float_get(tb_value v)
{
    return TB_LIKELY(TB_IS_DOUBLE(v)) ? tb_float_unpack(v) : TB_PTR(tb_box, v)->number;
}

// The number in an Int, Bool or Float. NaN: TypeError, or OverflowError for an Int beyond all
// Floats.
double tb_number_get(tb_value v);

// Writes the shortest text that reads back as [d], as Python's repr: `0.1`, `1.0`, `1e+20`,
// `1e-05`, `inf`, `nan`. [out] has room for TB_FLOAT_TEXT_SIZE bytes; no NUL is written. Returns
// the number of bytes. Finding the digits: R. Giulietti, "The Schubfach way to render doubles",
// 2020.
int64_t tb_float_text(double d, char *out);

// The shortest digits that read back as [d], which must be finite and not 0: `digits *
// 10**exponent`, the sign left out, no zeros at the end of [digits].
typedef struct tb_decimal {
    uint64_t digits;
    int exponent;
} tb_decimal;
tb_decimal tb_float_digits(double d);

// The Float a text of [size] bytes stands for, as Python's float(): spaces around it, a sign,
// digits with single underscores between them, a fraction, an exponent; or `inf`, `infinity`,
// `nan`. 0, or -1: ValueError.
int tb_float_from_text(const char *text, int64_t size, double *out);

// Operators on Floats as Python has them. NaN: look at tb_rt.pending. Division by zero raises
// ZeroDivisionError; the remainder has the divisor's sign; a power raises OverflowError when it is
// too large, ValueError when a negative number has a fractional exponent.
double tb_float_div(double a, double b);
double tb_float_mod(double a, double b);
double tb_float_floor_div(double a, double b);
double tb_float_pow(double a, double b);

// A hash of the number, mixed with [secret]; that of the Int of the same value if there is one.
uint64_t tb_float_hash(double d, uint64_t secret);

#endif
