// Arithmetic on any values: what the operators of the language mean when types are known at run
// time only.
//
// Bools count as Ints. An Int and a Float make a Float. `+` with a String on either side joins it
// with str() of the other; `+` and `*` join and repeat Lists, Tuples and Bytes; `- & | ^` work on
// Sets, `|` on Dicts. A class may define `add`, `sub`, `mul`, `div`, `neg` for objects of its own
// on the left.
//
// All return TB_PENDING when they raised: TypeError for operands that do not fit ("`-` needs
// numbers, not a String and an Int"), ZeroDivisionError, OverflowError, MemoryError, or what a
// program's own method raised.
#ifndef TB_ARITH_H
#define TB_ARITH_H

#include "int.h"
#include "value.h"

tb_value tb_add(tb_value a, tb_value b);
tb_value tb_sub(tb_value a, tb_value b);
tb_value tb_mul(tb_value a, tb_value b);
tb_value tb_div(tb_value a, tb_value b); // always a Float for numbers
tb_value tb_floor_div(tb_value a, tb_value b);
tb_value tb_mod(tb_value a, tb_value b);
tb_value tb_pow(tb_value a, tb_value b);
tb_value tb_bit_and(tb_value a, tb_value b);
tb_value tb_bit_or(tb_value a, tb_value b);
tb_value tb_bit_xor(tb_value a, tb_value b);
tb_value tb_shift_left(tb_value a, tb_value b);
tb_value tb_shift_right(tb_value a, tb_value b);
tb_value tb_neg(tb_value a);
tb_value tb_plus(tb_value a);
tb_value tb_bit_not(tb_value a);

// `a += b` and so on: what is to be stored in the place of [a]. A List (`+=` with any iterable,
// `*=`), a Set
// (`-= &= |= ^=`) and a Dict (`|=`) change in place and are returned; anything else is the plain
// operator.
tb_value tb_add_assign(tb_value a, tb_value b);
tb_value tb_sub_assign(tb_value a, tb_value b);
tb_value tb_mul_assign(tb_value a, tb_value b);
tb_value tb_div_assign(tb_value a, tb_value b);
tb_value tb_floor_div_assign(tb_value a, tb_value b);
tb_value tb_mod_assign(tb_value a, tb_value b);
tb_value tb_pow_assign(tb_value a, tb_value b);
tb_value tb_bit_and_assign(tb_value a, tb_value b);
tb_value tb_bit_or_assign(tb_value a, tb_value b);
tb_value tb_bit_xor_assign(tb_value a, tb_value b);
tb_value tb_shift_left_assign(tb_value a, tb_value b);
tb_value tb_shift_right_assign(tb_value a, tb_value b);

// ----------------------------------------------------------------------------- fast paths, in line

// Each is 1, with the result in [out], when [a] and [b] are inline Ints and the result is one too.
// Otherwise [out] holds nothing of use and the function above gives the result or the error. [out]
// is a variable of type tb_value other than [a] and [b]; all three are evaluated more than once.
#ifdef __TINYC__
#define TB_ADD_FAST(out, a, b)                                                                     \
    (TB_ARE_INT62(a, b) && ((out) = (a) + (b), (int64_t)(((out) ^ (a)) & ((out) ^ (b))) >= 0))
#define TB_SUB_FAST(out, a, b)                                                                     \
    (TB_ARE_INT62(a, b) && ((out) = (a) - (b), (int64_t)(((a) ^ (b)) & ((out) ^ (a))) >= 0))
// Always true, but no constant: libtcc drops code after a constant operand of `&&`.
#define TB_DONE(out) TB_IS_INT62(out)
#else
#define TB_DONE(out) 1
#define TB_ADD_FAST(out, a, b)                                                                     \
    (TB_LIKELY(TB_ARE_INT62(a, b)) &&                                                              \
     TB_LIKELY(!tb_add_overflows((int64_t)(a), (int64_t)(b), (int64_t *)&(out))))
#define TB_SUB_FAST(out, a, b)                                                                     \
    (TB_LIKELY(TB_ARE_INT62(a, b)) &&                                                              \
     TB_LIKELY(!tb_sub_overflows((int64_t)(a), (int64_t)(b), (int64_t *)&(out))))
#endif
#define TB_MUL_FAST(out, a, b)                                                                     \
    (TB_LIKELY(TB_ARE_INT62(a, b)) &&                                                              \
     TB_LIKELY(!tb_mul_overflows(TB_INT62_GET(a), (int64_t)(b), (int64_t *)&(out))))
// Only for positive divisors.
#define TB_FLOOR_DIV_FAST(out, a, b)                                                               \
    (TB_LIKELY(TB_ARE_INT62(a, b) && (int64_t)(b) > 0) &&                                          \
     ((out) = TB_INT62(tb_int64_floor_div(TB_INT62_GET(a), TB_INT62_GET(b))), TB_DONE(out)))
#define TB_MOD_FAST(out, a, b)                                                                     \
    (TB_LIKELY(TB_ARE_INT62(a, b) && (int64_t)(b) > 0) &&                                          \
     ((out) = (tb_value)tb_int64_mod((int64_t)(a), (int64_t)(b)), TB_DONE(out)))
#define TB_BIT_AND_FAST(out, a, b)                                                                 \
    (TB_LIKELY(TB_ARE_INT62(a, b)) && ((out) = (a) & (b), TB_DONE(out)))
#define TB_BIT_OR_FAST(out, a, b)                                                                  \
    (TB_LIKELY(TB_ARE_INT62(a, b)) && ((out) = (a) | (b), TB_DONE(out)))
#define TB_BIT_XOR_FAST(out, a, b)                                                                 \
    (TB_LIKELY(TB_ARE_INT62(a, b)) && ((out) = (a) ^ (b), TB_DONE(out)))

#endif
