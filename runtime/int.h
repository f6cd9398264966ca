// Ints of any size.
//
// An Int that fits 62 bits is the value word itself. A larger one is a tb_big: sign and magnitude,
// the limbs (64-bit digits, least significant first) inside the object, which is all GMP's
// low-level functions need. Results always take the smallest form, so equal Ints have equal forms.
//
// The functions that take Ints need Ints: a Bool is converted before (arith.c). They raise
// OverflowError for results beyond TB_INT_LIMBS_MAX and MemoryError where there is no room; GMP,
// which would end the process, is never asked for what cannot be had.
#ifndef TB_INT_H
#define TB_INT_H

#include "value.h"

typedef struct tb_big {
    tb_class *cls; // tb_class_int
    int32_t size;  // number of limbs, the highest one not 0; negative for a negative number
    int32_t room;  // how many limbs the block has
    uint64_t limbs[];
} tb_big;

#define TB_INT_LIMBS_MAX (1L << 30) // 64 thousand million bits: what a tb_big may have

#define TB_IS_BIG(v) TB_IS(v, &tb_class_int)
#define TB_IS_INT(v) (TB_IS_INT62(v) || TB_IS_BIG(v))
#define TB_AS_BIG(v) TB_PTR(tb_big, v)

// ------------------------------------------------------------------------------------ conversions

// The general case of tb_int_from: a number that needs more than 62 bits. May be pending.
tb_value tb_int_from_wide(int64_t n);

// [n] as an Int. May be pending for want of memory.
static inline tb_value tb_int_from(int64_t n)
{
    return TB_LIKELY(n >= TB_INT62_MIN && n <= TB_INT62_MAX) ? TB_INT62(n) : tb_int_from_wide(n);
}

// The same for an unsigned number.
tb_value tb_int_from_unsigned(uint64_t n);

// Whether the Int [v] fits 64 bits; then it is in [out]. Raises nothing.
int tb_int_to(tb_value v, int64_t *out);

// The Int that [size] bytes of text stand for in [base], 2 to 36: a sign if any, then digits of
// either case. Raises ValueError for anything else, the empty text included.
tb_value tb_int_from_text(const char *text, int64_t size, int base);

// The most bytes tb_int_text_base writes for [v], sign included; tb_int_text_size is for base 10.
int64_t tb_int_text_size(tb_value v);
int64_t tb_int_text_size_base(tb_value v, int base);

// Writes [v] in base 10, or in [base] with lower-case digits, to [out], which has room for the size
// above (no NUL is written). Returns the number of bytes; INT64_MIN: raised.
int64_t tb_int_text(tb_value v, char *out);
int64_t tb_int_text_base(tb_value v, int base, char *out);

// The Float nearest to [v], ties to even. OverflowError (NaN) when it is beyond all Floats.
double tb_int_to_double(tb_value v);

// The whole part of [d]. Raises ValueError for NaN, OverflowError for an infinity.
tb_value tb_int_from_double(double d);

// ------------------------------------------------------------------------------------- arithmetic

tb_value tb_int_add(tb_value a, tb_value b);
tb_value tb_int_sub(tb_value a, tb_value b);
tb_value tb_int_mul(tb_value a, tb_value b);
tb_value tb_int_neg(tb_value a);

// The quotient rounded down, and the remainder that has the divisor's sign. ZeroDivisionError.
tb_value tb_int_floor_div(tb_value a, tb_value b);
tb_value tb_int_mod(tb_value a, tb_value b);
// Both at once. 0, or -1: raised.
int tb_int_divmod(tb_value a, tb_value b, tb_value *quotient, tb_value *remainder);

// `a / b`: the Float nearest to the exact quotient. NaN: ZeroDivisionError or OverflowError.
double tb_int_div(tb_value a, tb_value b);

// `a ** b`; a Float when [b] is negative (ZeroDivisionError for 0).
tb_value tb_int_pow(tb_value a, tb_value b);
// `a ** b % m`, with the sign of [m]. ValueError when [b] is negative and [a] has no inverse.
tb_value tb_int_pow_mod(tb_value a, tb_value b, tb_value m);

// Bit operations see a negative number as endless ones to the left (two's complement).
tb_value tb_int_and(tb_value a, tb_value b);
tb_value tb_int_or(tb_value a, tb_value b);
tb_value tb_int_xor(tb_value a, tb_value b);
tb_value tb_int_not(tb_value a);
// Shifts; the right one rounds down. ValueError when [b] is negative.
tb_value tb_int_shl(tb_value a, tb_value b);
tb_value tb_int_shr(tb_value a, tb_value b);

// For the library: greatest common divisor (never negative), integer square root (ValueError when
// negative), number of bits of the magnitude, number of ones in the magnitude.
tb_value tb_int_gcd(tb_value a, tb_value b);
tb_value tb_int_sqrt(tb_value a);
// The product of 1 … [n], and the [n]th Fibonacci number; [n] is not negative. TB_PENDING: the
// result is longer than any Int can be, or than memory allows.
tb_value tb_int_factorial(tb_value n);
tb_value tb_int_fibonacci(tb_value n);
// Whether [n] is a prime: certain below 2**64, and otherwise wrong for no number known
// (mpz_probab_prime_p: Baillie-PSW and Miller-Rabin).
int tb_int_is_prime(tb_value n);
int64_t tb_int_bit_length(tb_value a);
int64_t tb_int_bit_count(tb_value a);

// -------------------------------------------------------------------------------------- comparison

// -1, 0 or 1: how [a] stands to [b].
int tb_int_compare(tb_value a, tb_value b);
int tb_int_equal(tb_value a, tb_value b);
// The same for a Float, exactly; 2 when [b] is a NaN.
int tb_int_compare_double(tb_value a, double b);
// -1, 0 or 1.
int tb_int_sign(tb_value a);

// A hash of the number, mixed with [secret]. A Float of the same value has the same
// (tb_float_hash).
uint64_t tb_int_hash(tb_value v, uint64_t secret);
#ifndef __TINYC__
// The hash of one word; what the two functions build on. Multiplies to 128 bits and folds the
// halves; the secret keeps others from choosing words that collide.
static inline uint64_t tb_word_hash(uint64_t word, uint64_t secret)
{
    unsigned __int128 product =
        (unsigned __int128)(word ^ secret) * (0x9e3779b97f4a7c15UL ^ (secret << 32 | secret >> 32));
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}
#endif

// Gives back the block of an Int that nothing refers to any more; an inline one has none, nor has
// TB_PENDING. Results of arithmetic never share a block with an operand, so a result that was only
// an operand since can be dropped.
void tb_int_drop(tb_value v);

// Arithmetic with operands that nobody wants afterwards, told by [spent]: their blocks hold the
// result or are given back, also where the operation fails. Two operands with the same block: only
// one of them counts as spent.
#define TB_SPENT_LEFT  1
#define TB_SPENT_RIGHT 2
tb_value tb_int_add_spending(tb_value a, tb_value b, int spent);
tb_value tb_int_sub_spending(tb_value a, tb_value b, int spent);
tb_value tb_int_mul_spending(tb_value a, tb_value b, int spent);
tb_value tb_int_floor_div_spending(tb_value a, tb_value b, int spent);
tb_value tb_int_mod_spending(tb_value a, tb_value b, int spent);

// ------------------------------------------------------------------------- raw 64-bit arithmetic

// Whether the result does not fit 64 bits; if it does it is in [out].
#ifdef __TINYC__
int tb_int64_mul_overflows(int64_t a, int64_t b, int64_t *out);
#define tb_mul_overflows tb_int64_mul_overflows
static inline int tb_add_overflows(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum = (int64_t)((uint64_t)a + (uint64_t)b);
    *out = sum;
    return ((a ^ sum) & (b ^ sum)) < 0;
}
static inline int tb_sub_overflows(int64_t a, int64_t b, int64_t *out)
{
    int64_t difference = (int64_t)((uint64_t)a - (uint64_t)b);
    *out = difference;
    return ((a ^ b) & (a ^ difference)) < 0;
}
#else
int tb_int64_mul_overflows(int64_t a, int64_t b, int64_t *out); // for code compiled by tcc
static inline int tb_mul_overflows(int64_t a, int64_t b, int64_t *out)
{
    return __builtin_mul_overflow(a, b, out);
}
static inline int tb_add_overflows(int64_t a, int64_t b, int64_t *out)
{
    return __builtin_add_overflow(a, b, out);
}
static inline int tb_sub_overflows(int64_t a, int64_t b, int64_t *out)
{
    return __builtin_sub_overflow(a, b, out);
}
#endif

// Quotient rounded down and remainder with the divisor's sign; [b] must not be 0, nor -1 with a ==
// INT64_MIN.
static inline int64_t tb_int64_floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return quotient - ((a % b != 0) & ((a ^ b) < 0));
}
static inline int64_t tb_int64_mod(int64_t a, int64_t b)
{
    int64_t remainder = a % b;
    return remainder != 0 && (remainder ^ b) < 0 ? remainder + b : remainder;
}

// `a ** b` for b >= 0; whether it does not fit 64 bits.
int tb_pow_overflows(int64_t a, int64_t b, int64_t *out);

#endif
