// Arithmetic on Ints: the inline form first, then GMP on limbs.
//
// Sums, products, quotients and shifts run on GMP's low-level functions (mpn_…) straight into the
// limbs of the new object. What is rarer, or would be long, goes through mpz_t; its results are
// copied.
//
// In a loop over long numbers a block is wanted about as soon as another of much the same size is
// dropped, and the collector is slow to hand out and to take back blocks of more than a page. So a
// few dropped ones are kept for the next that fits (tb_rt.spare_ints).
#include "int.h"
#include "error.h"
#include "float.h"
#include "gc.h"
#include "int_limbs.h"

#include <string.h>

// ---------------------------------------------------------------------------------- making Ints

static tb_value too_large(void)
{
    return tb_raise_error(&tb_error_overflow, "the result is too large for an Int");
}

#define LIMB        sizeof(uint64_t)
#define SPARE_LIMBS 8192 // the longest number whose block is kept
#define SMALL_LIMBS                                                                                \
    ((int64_t)(((TB_SMALL_LISTS - 1) * TB_GRANULE - sizeof(tb_big)) / LIMB)) // see heap.h

// A kept block that [count] limbs fill at least by half, or NULL.
static tb_big *take_spare(int64_t count)
{
    for (int i = 0; i < TB_SPARE_INTS; i++) {
        tb_big *spare = tb_rt.spare_ints[i];
        if (!spare || spare->room < count || spare->room / 2 > count) continue;
        tb_rt.spare_ints[i] = NULL;
        return spare;
    }
    return NULL;
}

tb_big *tb_big_new(int64_t count)
{
    if (count > TB_INT_LIMBS_MAX) {
        too_large();
        return NULL;
    }
    tb_big *big = count > SMALL_LIMBS && count <= SPARE_LIMBS ? take_spare(count) : NULL;
    if (big) return big;
    int64_t room = (count + 1) & ~(int64_t)1; // blocks are multiples of two limbs
    big = tb_alloc_plain_fast(sizeof *big + (size_t)room * LIMB);
    if (!big) return NULL;
    big->cls = &tb_class_int;
    big->room = (int32_t)room;
    return big;
}

void tb_big_drop(tb_big *big)
{
    if (big && big->room > SMALL_LIMBS && big->room <= SPARE_LIMBS) {
        tb_big **place = &tb_rt.spare_ints[tb_rt.next_spare_int++ % TB_SPARE_INTS];
        tb_big *oldest = *place;
        *place = big;
        big = oldest;
    }
    if (big) tb_free_plain(big, sizeof *big + (size_t)big->room * LIMB);
}

tb_value tb_big_finish(tb_big *big, int64_t count, int is_negative)
{
    while (count > 0 && big->limbs[count - 1] == 0)
        count--;
    if (count > 1 || (count == 1 && big->limbs[0] > (uint64_t)TB_INT62_MAX + (is_negative != 0))) {
        big->size = (int32_t)(is_negative ? -count : count);
        return TB_OBJECT(big);
    }
    int64_t n = count ? (int64_t)big->limbs[0] : 0;
    tb_big_drop(big);
    return TB_INT62(is_negative ? -n : n);
}

void tb_int_drop(tb_value v)
{
    if (v != TB_PENDING && TB_IS_BIG(v)) tb_big_drop(TB_AS_BIG(v));
}

tb_value tb_int_signed(uint64_t magnitude, int is_negative)
{
    if (magnitude <= (uint64_t)TB_INT62_MAX) {
        int64_t n = (int64_t)magnitude;
        return TB_INT62(is_negative ? -n : n);
    }
    tb_big *big = tb_big_new(1);
    if (!big) return TB_PENDING;
    big->limbs[0] = magnitude;
    return tb_big_finish(big, 1, is_negative);
}

tb_value tb_int_from_wide(int64_t n)
{
    return tb_int_signed(n < 0 ? 0 - (uint64_t)n : (uint64_t)n, n < 0);
}

tb_value tb_int_from_unsigned(uint64_t n)
{
    return tb_int_signed(n, 0);
}

tb_value tb_int_take_mpz(mpz_t z)
{
    int64_t count = (int64_t)mpz_size(z);
    tb_value v = TB_PENDING;
    tb_big *big = tb_big_new(count);
    if (big) {
        if (count) memcpy(big->limbs, mpz_limbs_read(z), (size_t)count * sizeof *big->limbs);
        v = tb_big_finish(big, count, mpz_sgn(z) < 0);
    }
    mpz_clear(z);
    return v;
}

int tb_int_to(tb_value v, int64_t *out)
{
    if (TB_IS_INT62(v)) {
        *out = TB_INT62_GET(v);
        return 1;
    }
    const tb_big *big = TB_AS_BIG(v);
    uint64_t magnitude = big->limbs[0];
    if (big->size == 1 && magnitude <= INT64_MAX)
        *out = (int64_t)magnitude;
    else if (big->size == -1 && magnitude <= (uint64_t)INT64_MAX + 1)
        *out = -(int64_t)(magnitude - 1) - 1;
    else
        return 0;
    return 1;
}

int tb_int64_mul_overflows(int64_t a, int64_t b, int64_t *out)
{
    return __builtin_mul_overflow(a, b, out);
}

// -------------------------------------------------------------------------------- sums, products

int tb_limbs_compare(const limbs *a, const limbs *b)
{
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    return mpn_cmp(a->data, b->data, a->count);
}

static tb_value add_magnitudes(const limbs *a, const limbs *b, int is_negative)
{
    if (a->count < b->count) return add_magnitudes(b, a, is_negative);
    tb_big *sum = tb_big_new(a->count + 1);
    if (!sum) return TB_PENDING;
    sum->limbs[a->count] = mpn_add(sum->limbs, a->data, a->count, b->data, b->count);
    return tb_big_finish(sum, a->count + 1, is_negative);
}

static tb_value sub_magnitudes(const limbs *a, const limbs *b, int is_negative)
{
    int order = tb_limbs_compare(a, b);
    if (order == 0) return TB_INT62(0);
    if (order < 0) return sub_magnitudes(b, a, !is_negative);
    tb_big *difference = tb_big_new(a->count);
    if (!difference) return TB_PENDING;
    mpn_sub(difference->limbs, a->data, a->count, b->data, b->count);
    return tb_big_finish(difference, a->count, is_negative);
}

// A number of its own that equals [a]: results never share their block with an operand, so that
// generated code can give back an operand nobody else has.
static tb_value copy_of(tb_value a)
{
    if (TB_IS_INT62(a)) return a;
    limbs x;
    limbs_of(&x, a);
    tb_big *copy = tb_big_new(x.count);
    if (!copy) return TB_PENDING;
    mpn_copyi((mp_limb_t *)copy->limbs, x.data, x.count);
    return tb_big_finish(copy, x.count, x.is_negative);
}

// a + b, where the sign of [b] is turned round when [negate] is set.
static tb_value add(tb_value a, tb_value b, int negate)
{
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (y.count == 0) return copy_of(a);
    if (x.is_negative == (y.is_negative ^ negate)) return add_magnitudes(&x, &y, x.is_negative);
    return sub_magnitudes(&x, &y, x.is_negative);
}

tb_value tb_int_add(tb_value a, tb_value b)
{
    // Two numbers of 62 bits add up within 64.
    if (TB_ARE_INT62(a, b)) return tb_int_from(TB_INT62_GET(a) + TB_INT62_GET(b));
    return add(a, b, 0);
}

tb_value tb_int_sub(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return tb_int_from(TB_INT62_GET(a) - TB_INT62_GET(b));
    return add(a, b, 1);
}

tb_value tb_int_neg(tb_value a)
{
    if (TB_IS_INT62(a)) return tb_int_from(-TB_INT62_GET(a));
    return add(TB_INT62(0), a, 1);
}

static tb_value mul_big(const limbs *a, const limbs *b)
{
    if (a->count < b->count) return mul_big(b, a);
    if (b->count == 0) return TB_INT62(0);
    int64_t count = a->count + b->count;
    // GMP's own room for long factors is a small multiple of the product.
    if (b->count > 1000 && tb_gc_expect((size_t)count * 4 * sizeof *a->data) < 0) return TB_PENDING;
    tb_big *product = tb_big_new(count);
    if (!product) return TB_PENDING;
    if (b->count == 1)
        product->limbs[a->count] = mpn_mul_1(product->limbs, a->data, a->count, b->data[0]);
    else if (a->data == b->data && a->count == b->count)
        mpn_sqr(product->limbs, a->data, a->count);
    else
        mpn_mul(product->limbs, a->data, a->count, b->data, b->count);
    return tb_big_finish(product, count, a->is_negative != b->is_negative);
}

tb_value tb_int_mul(tb_value a, tb_value b)
{
    int64_t product;
    if (TB_ARE_INT62(a, b) && !tb_mul_overflows(TB_INT62_GET(a), TB_INT62_GET(b), &product))
        return tb_int_from(product);
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    return mul_big(&x, &y);
}

// --------------------------------------------------------------------------------------- division

static int zero_division(void)
{
    tb_raise_error(&tb_error_zero_division, "division by zero");
    return -1;
}

// Adds one to the magnitude of a quotient cut towards zero, which rounds a negative one down.
static void increment(tb_big *big, int64_t *count)
{
    big->limbs[*count] = mpn_add_1(big->limbs, big->limbs, *count, 1);
    ++*count;
}

// GMP divides magnitudes. When the signs differ and something remains, the quotient is one further
// from zero, and the remainder is what is missing to the divisor.
static int divmod_big(const limbs *a, const limbs *b, tb_value *quotient, tb_value *remainder)
{
    int64_t count = a->count - b->count + 1;
    if (b->count > 1000 && tb_gc_expect((size_t)a->count * 4 * sizeof *a->data) < 0) return -1;
    tb_big *q = tb_big_new(count + 1), *r = q ? tb_big_new(b->count) : NULL;
    if (!r) return -1;
    mpn_tdiv_qr(q->limbs, r->limbs, 0, a->data, a->count, b->data, b->count);
    int signs_differ = a->is_negative != b->is_negative;
    if (signs_differ && !mpn_zero_p(r->limbs, b->count)) {
        increment(q, &count);
        mpn_sub_n(r->limbs, b->data, (mp_limb_t *)r->limbs, b->count);
    }
    *quotient = tb_big_finish(q, count, signs_differ);
    *remainder = tb_big_finish(r, b->count, b->is_negative);
    return 0;
}

int tb_int_divmod(tb_value a, tb_value b, tb_value *quotient, tb_value *remainder)
{
    if (b == TB_INT62(0)) return zero_division();
    if (TB_ARE_INT62(a, b)) {
        int64_t x = TB_INT62_GET(a), y = TB_INT62_GET(b);
        *quotient = tb_int_from(tb_int64_floor_div(x, y));
        *remainder = TB_INT62(tb_int64_mod(x, y));
        return *quotient == TB_PENDING ? -1 : 0;
    }
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (x.count >= y.count) return divmod_big(&x, &y, quotient, remainder);
    int below = x.count > 0 && x.is_negative != y.is_negative;
    *quotient = TB_INT62(below ? -1 : 0);
    *remainder = below ? tb_int_add(a, b) : copy_of(a);
    return *remainder == TB_PENDING ? -1 : 0;
}

// The quotient by one limb; it may take the place of [a].
tb_value tb_limbs_floor_div_1(const limbs *a, const limbs *b, tb_big *quotient)
{
    int64_t count = a->count;
    int signs_differ = a->is_negative != b->is_negative;
    mp_limb_t rest = mpn_divrem_1((mp_limb_t *)quotient->limbs, 0, a->data, count, b->data[0]);
    if (rest && signs_differ) increment(quotient, &count);
    return tb_big_finish(quotient, count, signs_differ);
}

static tb_value mod_1(const limbs *a, const limbs *b)
{
    mp_limb_t rest = mpn_mod_1(a->data, a->count, b->data[0]);
    if (rest && a->is_negative != b->is_negative) rest = b->data[0] - rest;
    return tb_int_signed(rest, b->is_negative);
}

tb_value tb_int_floor_div(tb_value a, tb_value b)
{
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (!TB_ARE_INT62(a, b) && y.count == 1 && x.count > 0) {
        tb_big *big = tb_big_new(x.count + 1);
        return big ? tb_limbs_floor_div_1(&x, &y, big) : TB_PENDING;
    }
    tb_value quotient, remainder;
    if (tb_int_divmod(a, b, &quotient, &remainder) < 0) return TB_PENDING;
    tb_int_drop(remainder);
    return quotient;
}

tb_value tb_int_mod(tb_value a, tb_value b)
{
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (!TB_ARE_INT62(a, b) && y.count == 1 && x.count > 0) return mod_1(&x, &y);
    tb_value quotient, remainder;
    if (tb_int_divmod(a, b, &quotient, &remainder) < 0) return TB_PENDING;
    tb_int_drop(quotient);
    return remainder;
}

// ----------------------------------------------------------------------------------------- powers

int tb_pow_overflows(int64_t a, int64_t b, int64_t *out)
{
    int64_t result = 1;
    for (;;) {
        if ((b & 1) && tb_mul_overflows(result, a, &result)) return 1;
        b >>= 1;
        if (b == 0) break;
        if (tb_mul_overflows(a, a, &a)) return 1;
    }
    *out = result;
    return 0;
}

static tb_value float_pow(tb_value a, tb_value b)
{
    double x = tb_int_to_double(a);
    if (tb_rt.pending) return TB_PENDING;
    double y = tb_int_to_double(b);
    if (tb_rt.pending) return TB_PENDING;
    double power = tb_float_pow(x, y);
    return tb_rt.pending ? TB_PENDING : tb_float_from(power);
}

// The power of a base beyond -1, 0, 1. The bits of the result are foretold before GMP is asked for
// them.
static tb_value pow_big(tb_value a, tb_value b)
{
    int64_t exponent, bits, size;
    if (!tb_int_to(b, &exponent) || tb_mul_overflows(tb_int_bit_length(a), exponent, &bits) ||
        bits / 64 > TB_INT_LIMBS_MAX)
        return too_large();
    size = bits / 8;
    if (size > 8000 && tb_gc_expect((size_t)size * 6) < 0) return TB_PENDING;
    limbs x;
    limbs_of(&x, a);
    mpz_t space, power;
    mpz_init(power);
    mpz_pow_ui(power, limbs_as_mpz(&x, space), (unsigned long)exponent);
    return tb_int_take_mpz(power);
}

tb_value tb_int_pow(tb_value a, tb_value b)
{
    if (tb_int_sign(b) < 0) return float_pow(a, b);
    int64_t power;
    if (TB_ARE_INT62(a, b)) {
        int64_t base = TB_INT62_GET(a), exponent = TB_INT62_GET(b);
        if (base == 2 && exponent > 60) return tb_int_shl(TB_INT62(1), b);
        if (!tb_pow_overflows(base, exponent, &power)) return tb_int_from(power);
    }
    if (a == TB_INT62(0) || a == TB_INT62(1)) return b == TB_INT62(0) ? TB_INT62(1) : a;
    if (a == TB_INT62(-1)) return tb_int_and(b, TB_INT62(1)) == TB_INT62(0) ? TB_INT62(1) : a;
    return pow_big(a, b);
}

tb_value tb_int_pow_mod(tb_value a, tb_value b, tb_value m)
{
    if (m == TB_INT62(0)) {
        zero_division();
        return TB_PENDING;
    }
    limbs x, y, z;
    limbs_of(&x, a);
    limbs_of(&y, b);
    limbs_of(&z, m);
    if (z.count > 1000 && tb_gc_expect((size_t)z.count * 64) < 0) return TB_PENDING;
    mpz_t base, exponent, modulus, result;
    limbs_as_mpz(&x, base);
    limbs_as_mpz(&y, exponent);
    limbs_as_mpz(&z, modulus);
    mpz_init(result);
    if (y.is_negative && !mpz_invert(result, base, modulus)) {
        mpz_clear(result);
        return tb_raise_error(&tb_error_value, "%V has no inverse modulo %V", a, m);
    }
    mpz_powm(result, base, exponent, modulus);
    if (z.is_negative && mpz_sgn(result) != 0) mpz_add(result, result, modulus);
    return tb_int_take_mpz(result);
}

// ------------------------------------------------------------------------------------------- bits

typedef void bit_operation(mpz_ptr out, mpz_srcptr a, mpz_srcptr b);

static tb_value bits_big(bit_operation *operation, tb_value a, tb_value b)
{
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    mpz_t space_x, space_y, result;
    mpz_init(result);
    operation(result, limbs_as_mpz(&x, space_x), limbs_as_mpz(&y, space_y));
    return tb_int_take_mpz(result);
}

tb_value tb_int_and(tb_value a, tb_value b)
{
    return TB_ARE_INT62(a, b) ? (a & b) : bits_big(mpz_and, a, b);
}

tb_value tb_int_or(tb_value a, tb_value b)
{
    return TB_ARE_INT62(a, b) ? (a | b) : bits_big(mpz_ior, a, b);
}

tb_value tb_int_xor(tb_value a, tb_value b)
{
    return TB_ARE_INT62(a, b) ? (a ^ b) : bits_big(mpz_xor, a, b);
}

tb_value tb_int_not(tb_value a)
{
    return tb_int_sub(TB_INT62(-1), a);
}

// Reads a shift count: 1 when it is a number of bits that memory could have, 0 when it is larger
// than that. -1: negative, ValueError.
static int shift_count(tb_value b, int64_t *out)
{
    if (tb_int_sign(b) < 0) {
        tb_raise_error(&tb_error_value, "cannot shift by a negative number of bits, %V", b);
        return -1;
    }
    return tb_int_to(b, out) && *out / 64 < TB_INT_LIMBS_MAX;
}

static tb_value shl_big(const limbs *a, int64_t count)
{
    int64_t whole = count / 64, size = a->count + whole + 1;
    unsigned part = (unsigned)(count % 64);
    tb_big *big = tb_big_new(size);
    if (!big) return TB_PENDING;
    memset(big->limbs, 0, (size_t)whole * sizeof *big->limbs);
    mp_limb_t *high = (mp_limb_t *)big->limbs + whole;
    high[a->count] = 0;
    if (part)
        high[a->count] = mpn_lshift(high, a->data, a->count, part);
    else
        mpn_copyi(high, a->data, a->count);
    return tb_big_finish(big, size, a->is_negative);
}

tb_value tb_int_shl(tb_value a, tb_value b)
{
    int64_t count;
    int fits = shift_count(b, &count);
    if (fits < 0) return TB_PENDING;
    if (a == TB_INT62(0)) return a;
    if (!fits) return too_large();
    if (TB_IS_INT62(a) && count < 62) {
        int64_t n = TB_INT62_GET(a), shifted = (int64_t)((uint64_t)n << count);
        if (shifted >> count == n) return tb_int_from(shifted);
    }
    limbs x;
    limbs_of(&x, a);
    return shl_big(&x, count);
}

// Drops [count] bits of the magnitude; a negative number that loses any ones is rounded away from
// zero.
static tb_value shr_big(const limbs *a, int64_t count)
{
    int64_t whole = count / 64, size = a->count - whole;
    unsigned part = (unsigned)(count % 64);
    tb_big *big = tb_big_new(size + 1);
    if (!big) return TB_PENDING;
    mp_limb_t lost = 0;
    if (part)
        lost = mpn_rshift(big->limbs, a->data + whole, size, part);
    else
        mpn_copyi(big->limbs, a->data + whole, size);
    if (a->is_negative && (lost || (whole && !mpn_zero_p(a->data, whole)))) increment(big, &size);
    return tb_big_finish(big, size, a->is_negative);
}

tb_value tb_int_shr(tb_value a, tb_value b)
{
    int64_t count;
    int fits = shift_count(b, &count);
    if (fits < 0) return TB_PENDING;
    if (TB_IS_INT62(a) && fits) return TB_INT62(TB_INT62_GET(a) >> (count < 63 ? count : 63));
    limbs x;
    limbs_of(&x, a);
    if (!fits || count / 64 >= x.count) return TB_INT62(x.is_negative ? -1 : 0);
    return shr_big(&x, count);
}

int64_t tb_int_bit_length(tb_value a)
{
    limbs x;
    limbs_of(&x, a);
    return x.count == 0 ? 0 : x.count * 64 - __builtin_clzl(x.data[x.count - 1]);
}

int64_t tb_int_bit_count(tb_value a)
{
    limbs x;
    limbs_of(&x, a);
    return x.count == 0 ? 0 : (int64_t)mpn_popcount(x.data, x.count);
}

// ---------------------------------------------------------------------------------- for the
// library

tb_value tb_int_gcd(tb_value a, tb_value b)
{
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (x.count <= 1 && y.count <= 1) {
        uint64_t p = x.count ? x.data[0] : 0, q = y.count ? y.data[0] : 0;
        while (q) {
            uint64_t rest = p % q;
            p = q;
            q = rest;
        }
        return tb_int_signed(p, 0);
    }
    mpz_t space_x, space_y, result;
    mpz_init(result);
    mpz_gcd(result, limbs_as_mpz(&x, space_x), limbs_as_mpz(&y, space_y));
    return tb_int_take_mpz(result);
}

tb_value tb_int_sqrt(tb_value a)
{
    limbs x;
    limbs_of(&x, a);
    if (x.is_negative)
        return tb_raise_error(&tb_error_value, "%V is negative and has no square root", a);
    mpz_t space, result;
    mpz_init(result);
    mpz_sqrt(result, limbs_as_mpz(&x, space));
    return tb_int_take_mpz(result);
}

// Before GMP computes [n] times about [bits_each] bits: the size in limbs must be possible, and
// memory there. Gives [n] as GMP takes it.
static int foretell(tb_value n, double bits_each, unsigned long *out)
{
    int64_t count;
    if (!tb_int_to(n, &count) || (double)count * bits_each / 64 > TB_INT_LIMBS_MAX)
        return too_large() == TB_PENDING ? -1 : 0;
    double size = (double)count * bits_each / 8;
    if (size > 8000 && tb_gc_expect((size_t)size * 4) < 0) return -1;
    *out = (unsigned long)count;
    return 0;
}

tb_value tb_int_factorial(tb_value n)
{
    unsigned long count;
    if (foretell(n, (double)tb_int_bit_length(n), &count) < 0) return TB_PENDING;
    mpz_t product;
    mpz_init(product);
    mpz_fac_ui(product, count);
    return tb_int_take_mpz(product);
}

tb_value tb_int_fibonacci(tb_value n)
{
    unsigned long place;
    if (foretell(n, 0.7, &place) < 0) return TB_PENDING; // the golden ratio has 0.694 bits
    mpz_t number;
    mpz_init(number);
    mpz_fib_ui(number, place);
    return tb_int_take_mpz(number);
}

#define PRIME_ROUNDS 30 // the first 24 are the Baillie-PSW test

int tb_int_is_prime(tb_value n)
{
    limbs x;
    limbs_of(&x, n);
    mpz_t space;
    return !x.is_negative && mpz_probab_prime_p(limbs_as_mpz(&x, space), PRIME_ROUNDS) > 0;
}

// -------------------------------------------------------------------------------------- comparison

int tb_int_sign(tb_value a)
{
    int64_t n = TB_IS_INT62(a) ? TB_INT62_GET(a) : TB_AS_BIG(a)->size;
    return (n > 0) - (n < 0);
}

int tb_int_compare(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
    limbs x, y;
    limbs_of(&x, a);
    limbs_of(&y, b);
    if (x.is_negative != y.is_negative) return x.is_negative ? -1 : 1;
    int order = tb_limbs_compare(&x, &y);
    return x.is_negative ? (order < 0) - (order > 0) : (order > 0) - (order < 0);
}

int tb_int_equal(tb_value a, tb_value b)
{
    // Each number has one form only.
    if (TB_IS_INT62(a) || TB_IS_INT62(b)) return a == b;
    const tb_big *x = TB_AS_BIG(a), *y = TB_AS_BIG(b);
    if (x->size != y->size) return 0;
    size_t count = (size_t)(x->size < 0 ? -x->size : x->size);
    return memcmp(x->limbs, y->limbs, count * sizeof *x->limbs) == 0;
}
