// Ints as GMP sees them. Internal to the files int*.c.
#ifndef TB_INT_LIMBS_H
#define TB_INT_LIMBS_H

#include "int.h"

#include <gmp.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "a limb is 64 bits");

// An Int of either form as sign and magnitude. It may point into itself: pass it by address.
typedef struct limbs {
    const mp_limb_t *data;
    int64_t count; // 0 for the number 0; the highest limb is not 0
    int is_negative;
    mp_limb_t single; // what `data` points to when the Int is inline
} limbs;

static inline void limbs_of(limbs *out, tb_value v)
{
    if (TB_IS_INT62(v)) {
        int64_t n = TB_INT62_GET(v);
        out->is_negative = n < 0;
        out->single = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
        out->data = &out->single;
        out->count = n != 0;
    } else {
        const tb_big *big = TB_AS_BIG(v);
        out->is_negative = big->size < 0;
        out->count = big->size < 0 ? -big->size : big->size;
        out->data = (const mp_limb_t *)big->limbs;
    }
}

// The same number for GMP's functions that only read it. [space] is the room the result needs.
static inline mpz_srcptr limbs_as_mpz(const limbs *a, mpz_t space)
{
    return mpz_roinit_n(space, a->data, a->is_negative ? -a->count : a->count);
}

// A number of [count] limbs to be filled in. NULL: OverflowError or MemoryError.
tb_big *tb_big_new(int64_t count);

// Gives back the block of a number that nothing refers to; NULL is allowed.
void tb_big_drop(tb_big *big);

// Makes a value of [big], of whose [count] limbs the highest ones may be 0: drops those and takes
// the inline form where it fits.
tb_value tb_big_finish(tb_big *big, int64_t count, int is_negative);

// The value of a result of GMP's; frees [z].
tb_value tb_int_take_mpz(mpz_t z);

// The quotient of [a], not 0, by the one limb of [b], rounded down, in [quotient], which has room
// for a limb more than [a] has and may be where [a] points.
tb_value tb_limbs_floor_div_1(const limbs *a, const limbs *b, tb_big *quotient);

// How the magnitudes stand to each other: -1, 0 or 1.
int tb_limbs_compare(const limbs *a, const limbs *b);

// A number of at most 64 bits with a sign.
tb_value tb_int_signed(uint64_t magnitude, int is_negative);

#endif
