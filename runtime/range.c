// Ranges. All arithmetic is that of unbounded Ints (int.h), whose small case is quick enough for
// what happens once a range; loops use tb_range_raw.
//
// "May be pending" runs through everything here, since a big Int may find no memory. The helpers in
// the first part take a pending operand and pass it on, so that formulas stay formulas.
#include "range.h"

#include "compare.h"
#include "error.h"
#include "float.h"
#include "gc.h"
#include "int.h"
#include "items.h"
#include "object.h"

#include <math.h>

tb_class tb_class_range = {.cls = &tb_class_class, .name = "Range", .kind = TB_RANGE};

#define ZERO TB_INT62(0)
#define ONE  TB_INT62(1)

// -------------------------------------------------------------------------------------- arithmetic

static tb_value plus(tb_value a, tb_value b)
{
    return a == TB_PENDING || b == TB_PENDING ? TB_PENDING : tb_int_add(a, b);
}

static tb_value minus(tb_value a, tb_value b)
{
    return a == TB_PENDING || b == TB_PENDING ? TB_PENDING : tb_int_sub(a, b);
}

static tb_value times(tb_value a, tb_value b)
{
    return a == TB_PENDING || b == TB_PENDING ? TB_PENDING : tb_int_mul(a, b);
}

static int is_negative(tb_value a)
{
    return tb_int_sign(a) < 0;
}

// An Int or Bool as an Int; TB_PENDING with a TypeError for anything else.
static tb_value as_int(tb_value v)
{
    if (TB_IS_INT(v)) return v;
    if (v == TB_TRUE || v == TB_FALSE) return TB_INT62(v == TB_TRUE);
    return tb_raise_error(&tb_error_type, "a Range needs Ints, not %A", v);
}

// How many items from, from + step, … stand before [to]: the quotient rounded up, or 0.
static tb_value count_between(tb_value from, tb_value to, tb_value step)
{
    tb_value back = minus(from, to);
    tb_value negated = back == TB_PENDING ? TB_PENDING : tb_int_floor_div(back, step);
    if (negated == TB_PENDING) return TB_PENDING;
    return tb_int_sign(negated) >= 0 ? ZERO : tb_int_neg(negated);
}

// ------------------------------------------------------------------------------------------ making

// A range over three Ints, any of which may be pending.
static tb_value make(tb_value from, tb_value to, tb_value step)
{
    if (from == TB_PENDING || to == TB_PENDING || step == TB_PENDING) return TB_PENDING;
    tb_value length = count_between(from, to, step);
    tb_range *range = length == TB_PENDING ? NULL : tb_alloc_fast(sizeof *range);
    if (!range) return TB_PENDING;
    *range = (tb_range){&tb_class_range, from, to, step, length};
    return TB_OBJECT(range);
}

tb_value tb_range_new(tb_value from, tb_value to, tb_value step)
{
    from = as_int(from);
    if (from == TB_PENDING) return TB_PENDING;
    to = as_int(to);
    if (to == TB_PENDING) return TB_PENDING;
    step = step == TB_MISSING || step == TB_NONE_VALUE ? ONE : as_int(step);
    if (step == ZERO) return tb_raise_error(&tb_error_value, "the step of a Range cannot be 0");
    return make(from, to, step);
}

tb_value tb_range_inclusive(tb_value from, tb_value to)
{
    from = as_int(from);
    if (from == TB_PENDING) return TB_PENDING;
    to = as_int(to);
    return make(from, plus(to, ONE), ONE);
}

int tb_range_raw(const tb_range *range, tb_range_numbers *out)
{
    int64_t to; // that both ends fit is enough: all items lie between them
    return tb_int_to(range->from, &out->first) && tb_int_to(range->to, &to) &&
           tb_int_to(range->step, &out->step) && tb_int_to(range->length, &out->count);
}

// ----------------------------------------------------------------------------------------- reading

tb_value tb_range_at(const tb_range *range, tb_value index)
{
    return plus(range->from, times(index, range->step));
}

tb_value tb_range_get(const tb_range *range, tb_value index)
{
    tb_value at = is_negative(index) ? plus(index, range->length) : index;
    if (at == TB_PENDING) return TB_PENDING;
    if (!is_negative(at) && tb_int_compare(at, range->length) < 0) return tb_range_at(range, at);
    return tb_raise_error(&tb_error_index, "index %V is outside a Range of %V item%s", index,
                          range->length, range->length == ONE ? "" : "s");
}

tb_value tb_range_reversed(const tb_range *range)
{
    tb_value last = minus(range->length, ONE);
    tb_value step = tb_int_neg(range->step);
    if (last == TB_PENDING || step == TB_PENDING) return TB_PENDING;
    return make(tb_range_at(range, last), minus(range->from, range->step), step);
}

// ----------------------------------------------------------------------------------------- slicing

// A bound of a slice with a negative or positive [step]: None is [unset]; a negative one counts
// from the end; what lies outside is clamped to low … high.
static tb_value bound(tb_value v, tb_value unset, tb_value length, tb_value low, tb_value high)
{
    if (v == TB_NONE_VALUE || v == TB_MISSING) return unset;
    v = as_int(v);
    if (v != TB_PENDING && is_negative(v)) v = plus(v, length);
    if (v == TB_PENDING) return TB_PENDING;
    if (tb_int_compare(v, low) < 0) return low;
    return tb_int_compare(v, high) > 0 ? high : v;
}

tb_value tb_range_slice(const tb_range *range, tb_value from, tb_value to, tb_value step)
{
    step = step == TB_MISSING || step == TB_NONE_VALUE ? ONE : as_int(step);
    if (step == TB_PENDING) return TB_PENDING;
    if (step == ZERO) return tb_raise_error(&tb_error_value, "the step of a slice cannot be 0");
    int falls = is_negative(step);
    tb_value low = falls ? TB_INT62(-1) : ZERO;
    tb_value high = falls ? minus(range->length, ONE) : range->length;
    if (high == TB_PENDING) return TB_PENDING;
    from = bound(from, falls ? high : low, range->length, low, high);
    if (from == TB_PENDING) return TB_PENDING;
    to = bound(to, falls ? low : high, range->length, low, high);
    return make(tb_range_at(range, from), tb_range_at(range, to), times(range->step, step));
}

// --------------------------------------------------------------------------------------- searching

// The position of the Int [item]: an Int; TB_MISSING: it is not in the range.
static tb_value position(const tb_range *range, tb_value item)
{
    tb_value quotient, remainder;
    tb_value distance = minus(item, range->from);
    if (distance == TB_PENDING || tb_int_divmod(distance, range->step, &quotient, &remainder) < 0)
        return TB_PENDING;
    int is_in =
        remainder == ZERO && !is_negative(quotient) && tb_int_compare(quotient, range->length) < 0;
    return is_in ? quotient : TB_MISSING;
}

// The same for any value: a Float may equal an item. An object with its own `equals` is compared
// with each.
static tb_value position_of_any(const tb_range *range, tb_value item)
{
    if (TB_IS_INT(item) || item == TB_TRUE || item == TB_FALSE)
        return position(range, as_int(item));
    if (TB_IS_FLOAT(item)) {
        double d = tb_float_get(item);
        if (!isfinite(d) || d != floor(d)) return TB_MISSING;
        tb_value whole = tb_int_from_double(d);
        return whole == TB_PENDING ? TB_PENDING : position(range, whole);
    }
    if (!tb_special_of(item, TB_SPECIAL_EQUALS)) return TB_MISSING;
    tb_value at = ZERO;
    while (at != TB_PENDING && tb_int_compare(at, range->length) < 0) {
        tb_value own = tb_range_at(range, at);
        int equal = own == TB_PENDING ? -1 : tb_equal(own, item);
        if (equal != 0) return equal < 0 ? TB_PENDING : at;
        at = plus(at, ONE);
    }
    return at == TB_PENDING ? TB_PENDING : TB_MISSING;
}

int tb_range_contains(const tb_range *range, tb_value item)
{
    tb_value at = position_of_any(range, item);
    return at == TB_PENDING ? -1 : at != TB_MISSING;
}

tb_value tb_range_index(const tb_range *range, tb_value item)
{
    tb_value at = position_of_any(range, item);
    if (at != TB_MISSING) return at;
    return tb_raise_error(&tb_error_value, "%V is not in the Range", item);
}

int tb_range_equal(const tb_range *a, const tb_range *b)
{
    if (!tb_int_equal(a->length, b->length)) return 0;
    if (a->length == ZERO) return 1;
    if (!tb_int_equal(a->from, b->from)) return 0;
    return a->length == ONE || tb_int_equal(a->step, b->step);
}
