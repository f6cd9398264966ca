// Sums, differences, products and quotients of Ints whose operands are not wanted any more.
//
// `product *= i` and `a, b = b, a + b` need no new block for each result: the one of an operand
// that dies there has the right length already. A block that is too short is replaced by one with
// some limbs to spare, so that a growing number moves only now and then.
#include "error.h"
#include "gc.h"
#include "int.h"
#include "int_limbs.h"

// The operands of one operation.
typedef struct spending {
    limbs a, b;
    tb_big *spent_a, *spent_b; // NULL: still wanted, or inline
} spending;

static tb_big *spent_block(tb_value v, int is_spent)
{
    return is_spent && !TB_IS_INT62(v) ? TB_AS_BIG(v) : NULL;
}

static void spend(spending *out, tb_value a, tb_value b, int spent)
{
    limbs_of(&out->a, a);
    limbs_of(&out->b, b);
    out->spent_a = spent_block(a, spent & TB_SPENT_LEFT);
    out->spent_b = spent_block(b, spent & TB_SPENT_RIGHT);
}

// Room for [count] limbs: a spent block, or a new one that lets the number grow by an eighth.
static tb_big *result_block(const spending *operands, int64_t count)
{
    tb_big *a = operands->spent_a, *b = operands->spent_b;
    if (a && a->room >= count) return a;
    if (b && b->room >= count) return b;
    int64_t more = a || b ? count / 8 : 0;
    return tb_big_new(count + (count + more <= TB_INT_LIMBS_MAX ? more : 0));
}

// Gives back what was spent and does not hold the result.
static void settle(const spending *operands, const tb_big *result)
{
    if (operands->spent_a != result) tb_big_drop(operands->spent_a);
    if (operands->spent_b != result) tb_big_drop(operands->spent_b);
}

// What a function of int.c gave, after which all that was spent goes.
static tb_value settled(tb_value result, tb_value a, tb_value b, int spent)
{
    tb_big_drop(spent_block(a, spent & TB_SPENT_LEFT));
    tb_big_drop(spent_block(b, spent & TB_SPENT_RIGHT));
    return result;
}

// Writes |a| + |b|, or the difference of the larger and the smaller one, and says how many limbs
// that has.
static int64_t combine(tb_big *out, const limbs *larger, const limbs *smaller, int is_sum)
{
    mp_limb_t *data = (mp_limb_t *)out->limbs;
    if (!is_sum) {
        mpn_sub(data, larger->data, larger->count, smaller->data, smaller->count);
        return larger->count;
    }
    data[larger->count] = mpn_add(data, larger->data, larger->count, smaller->data, smaller->count);
    return larger->count + 1;
}

// a + b, where the sign of [b] is turned round when [negate] is set.
static tb_value add(tb_value a, tb_value b, int negate, int spent)
{
    spending operands;
    spend(&operands, a, b, spent);
    limbs *x = &operands.a, *y = &operands.b;
    y->is_negative ^= negate;
    int is_sum = x->is_negative == y->is_negative;
    int is_turned = is_sum ? x->count < y->count : tb_limbs_compare(x, y) < 0;
    const limbs *larger = is_turned ? y : x, *smaller = is_turned ? x : y;
    tb_big *out = result_block(&operands, larger->count + 1);
    int64_t count = out ? combine(out, larger, smaller, is_sum) : 0;
    settle(&operands, out);
    if (!out) return TB_PENDING;
    return tb_big_finish(out, count, larger->is_negative);
}

tb_value tb_int_add_spending(tb_value a, tb_value b, int spent)
{
    if (TB_ARE_INT62(a, b)) return tb_int_from(TB_INT62_GET(a) + TB_INT62_GET(b));
    return add(a, b, 0, spent);
}

tb_value tb_int_sub_spending(tb_value a, tb_value b, int spent)
{
    if (TB_ARE_INT62(a, b)) return tb_int_from(TB_INT62_GET(a) - TB_INT62_GET(b));
    return add(a, b, 1, spent);
}

// [a] times the one limb of [b].
static tb_value mul_1(const spending *operands, const limbs *a, const limbs *b)
{
    tb_big *out = result_block(operands, a->count + 1);
    mp_limb_t *data = out ? (mp_limb_t *)out->limbs : NULL;
    if (data) data[a->count] = mpn_mul_1(data, a->data, a->count, b->data[0]);
    settle(operands, out);
    if (!out) return TB_PENDING;
    return tb_big_finish(out, a->count + 1, a->is_negative != b->is_negative);
}

tb_value tb_int_mul_spending(tb_value a, tb_value b, int spent)
{
    if (TB_ARE_INT62(a, b)) return tb_int_mul(a, b);
    spending operands;
    spend(&operands, a, b, spent);
    const limbs *x = &operands.a, *y = &operands.b;
    if (y->count == 1 && x->count > 0) return mul_1(&operands, x, y);
    if (x->count == 1 && y->count > 0) return mul_1(&operands, y, x);
    return settled(tb_int_mul(a, b), a, b, spent);
}

tb_value tb_int_floor_div_spending(tb_value a, tb_value b, int spent)
{
    spending operands;
    spend(&operands, a, b, spent);
    tb_big *out = operands.spent_a;
    if (out && operands.b.count == 1 && out->room > operands.a.count)
        return tb_limbs_floor_div_1(&operands.a, &operands.b, out);
    return settled(tb_int_floor_div(a, b), a, b, spent);
}

tb_value tb_int_mod_spending(tb_value a, tb_value b, int spent)
{
    return settled(tb_int_mod(a, b), a, b, spent);
}
