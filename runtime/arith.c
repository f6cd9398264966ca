// The operators on any values. Two Ints or two Floats take a few instructions; everything else goes
// through one table row per operator: what it does with Ints, with Floats, with other objects,
// which special method of a class stands for it, and what to say when nothing fits.
#include "arith.h"
#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "float.h"
#include "func.h"
#include "int.h"
#include "list.h"
#include "object.h"
#include "set.h"
#include "show.h"
#include "str.h"
#include "tuple.h"

#include <math.h>

typedef struct operation {
    const char *symbol;
    const char *complaint; // stands between the symbol and the types of the operands
    tb_value (*ints)(tb_value a, tb_value b);
    double (*floats)(double a, double b); // NULL: not for Floats
    tb_value (*objects)(tb_value a,
                        tb_value b); // NULL, or gives TB_MISSING for what it does not know
    int special;                     // a tb_special, or -1
} operation;

// ---------------------------------------------------------------------------------------- numbers

#define IS_BOOL(v)              ((v) == TB_TRUE || (v) == TB_FALSE)
#define ARE_IMMEDIATE(a, b)     (((a) & (b)&2) != 0) // two Floats, both in their words
#define FLOATS(a, operator_, b) tb_float_from(tb_float_unpack(a) operator_ tb_float_unpack(b))

// Whether [v] is an Int or Bool; then [out] is the Int.
static int as_int(tb_value v, tb_value *out)
{
    *out = v == TB_TRUE ? TB_INT62(1) : v == TB_FALSE ? TB_INT62(0) : v;
    return TB_IS_INT(*out);
}

static int is_number(tb_value v)
{
    return TB_IS_FLOAT(v) || TB_IS_INT(v) || IS_BOOL(v);
}

// The result of a computation on raw Floats as a value; it may have raised.
static tb_value float_result(double d)
{
    return TB_UNLIKELY(isnan(d)) && tb_rt.pending ? TB_PENDING : tb_float_from(d);
}

static tb_value float_operation(double (*compute)(double, double), tb_value a, tb_value b)
{
    double x = tb_number_get(a);
    if (isnan(x) && tb_rt.pending) return TB_PENDING;
    double y = tb_number_get(b);
    if (isnan(y) && tb_rt.pending) return TB_PENDING;
    return float_result(compute(x, y));
}

static tb_value operate(const operation *o, tb_value a, tb_value b)
{
    tb_value x, y, result;
    if (as_int(a, &x) && as_int(b, &y)) return o->ints(x, y);
    if (o->floats && is_number(a) && is_number(b)) return float_operation(o->floats, a, b);
    tb_fn *method = o->special < 0 ? NULL : tb_special_of(a, (tb_special)o->special);
    if (method) return tb_call_method_fn(method, a, 1, &b);
    result = o->objects ? o->objects(a, b) : TB_MISSING;
    if (result != TB_MISSING) return result;
    return tb_raise_error(&tb_error_type, "`%s` %s %A and %A", o->symbol, o->complaint, a, b);
}

static double add_floats(double a, double b)
{
    return a + b;
}

static double sub_floats(double a, double b)
{
    return a - b;
}

static double mul_floats(double a, double b)
{
    return a * b;
}

static tb_value div_ints(tb_value a, tb_value b)
{
    return float_result(tb_int_div(a, b));
}

// ---------------------------------------------------------------------------------------- objects

// A pointer to a new object, or NULL, as a value.
static tb_value object_result(void *object)
{
    return object ? TB_OBJECT(object) : TB_PENDING;
}

static tb_value add_text(tb_value a, tb_value b)
{
    tb_value left = tb_to_str(a);
    if (left == TB_PENDING) return TB_PENDING;
    tb_value right = tb_to_str(b);
    if (right == TB_PENDING) return TB_PENDING;
    return object_result(tb_str_concat(TB_AS_STR(left), TB_AS_STR(right)));
}

static tb_value add_objects(tb_value a, tb_value b)
{
    if (TB_IS_STR(a) || TB_IS_STR(b)) return add_text(a, b);
    if (TB_KIND(a) != TB_KIND(b)) return TB_MISSING;
    if (TB_IS_LIST(a)) return object_result(tb_list_concat(TB_AS_LIST(a), TB_AS_LIST(b)));
    if (TB_IS_TUPLE(a)) return tb_tuple_concat(TB_AS_TUPLE(a), TB_AS_TUPLE(b));
    if (TB_KIND(a) == TB_BYTES)
        return object_result(tb_bytes_concat(TB_AS_BYTES(a), TB_AS_BYTES(b)));
    return TB_MISSING;
}

// How often to repeat something: none for a negative number. 0, or -1: more often than can be
// counted.
static int repetitions(tb_value n, int64_t *out)
{
    if (tb_int_sign(n) < 0) n = TB_INT62(0);
    if (tb_int_to(n, out)) return 0;
    tb_raise_error(&tb_error_overflow, "nothing can be repeated that often");
    return -1;
}

// `"ab" * 3` and `3 * "ab"`.
static tb_value mul_objects(tb_value a, tb_value b)
{
    tb_value n;
    int64_t times;
    if (as_int(a, &n)) {
        a = b;
    } else if (!as_int(b, &n)) {
        return TB_MISSING;
    }
    tb_kind kind = TB_KIND(a);
    if (kind != TB_STRING && kind != TB_LIST && kind != TB_TUPLE && kind != TB_BYTES)
        return TB_MISSING;
    if (repetitions(n, &times) < 0) return TB_PENDING;
    if (kind == TB_STRING) return object_result(tb_str_repeat(TB_AS_STR(a), times));
    if (kind == TB_LIST) return object_result(tb_list_repeat(TB_AS_LIST(a), times));
    if (kind == TB_TUPLE) return tb_tuple_repeat(TB_AS_TUPLE(a), times);
    return object_result(tb_bytes_repeat(TB_AS_BYTES(a), times));
}

static int are_sets(tb_value a, tb_value b)
{
    return TB_IS(a, &tb_class_set) && TB_IS(b, &tb_class_set);
}

static tb_value sub_objects(tb_value a, tb_value b)
{
    return are_sets(a, b) ? object_result(tb_set_difference(TB_AS_SET(a), TB_AS_SET(b)))
                          : TB_MISSING;
}

static tb_value and_objects(tb_value a, tb_value b)
{
    return are_sets(a, b) ? object_result(tb_set_intersection(TB_AS_SET(a), TB_AS_SET(b)))
                          : TB_MISSING;
}

static tb_value xor_objects(tb_value a, tb_value b)
{
    return are_sets(a, b) ? object_result(tb_set_symmetric_difference(TB_AS_SET(a), TB_AS_SET(b)))
                          : TB_MISSING;
}

static tb_value or_objects(tb_value a, tb_value b)
{
    if (are_sets(a, b)) return object_result(tb_set_union(TB_AS_SET(a), TB_AS_SET(b)));
    if (!TB_IS_DICT(a) || !TB_IS_DICT(b)) return TB_MISSING;
    tb_dict *merged = tb_dict_copy(TB_AS_DICT(a));
    if (!merged || tb_dict_update(merged, b) < 0) return TB_PENDING;
    return TB_OBJECT(merged);
}

// -------------------------------------------------------------------------------------- operators

// clang-format off
static const operation
    op_add       = {"+",  "cannot add",                     tb_int_add,       add_floats,         add_objects, TB_SPECIAL_ADD},
    op_sub       = {"-",  "needs numbers or Sets, not",     tb_int_sub,       sub_floats,         sub_objects, TB_SPECIAL_SUB},
    op_mul       = {"*",  "cannot multiply",                tb_int_mul,       mul_floats,         mul_objects, TB_SPECIAL_MUL},
    op_div       = {"/",  "needs numbers, not",             div_ints,         tb_float_div,       NULL,        TB_SPECIAL_DIV},
    op_floor_div = {"//", "needs numbers, not",             tb_int_floor_div, tb_float_floor_div, NULL,        -1},
    op_mod       = {"%",  "needs numbers, not",             tb_int_mod,       tb_float_mod,       NULL,        -1},
    op_pow       = {"**", "needs numbers, not",             tb_int_pow,       tb_float_pow,       NULL,        -1},
    op_and       = {"&",  "needs Ints or Sets, not",        tb_int_and,       NULL,               and_objects, -1},
    op_or        = {"|",  "needs Ints, Sets or Dicts, not", tb_int_or,        NULL,               or_objects,  -1},
    op_xor       = {"^",  "needs Ints or Sets, not",        tb_int_xor,       NULL,               xor_objects, -1},
    op_shl       = {"<<", "needs Ints, not",                tb_int_shl,       NULL,               NULL,        -1},
    op_shr       = {">>", "needs Ints, not",                tb_int_shr,       NULL,               NULL,        -1};
// clang-format on

tb_value tb_add(tb_value a, tb_value b)
{
    tb_value sum;
    if (TB_ADD_FAST(sum, a, b)) return sum;
    if (ARE_IMMEDIATE(a, b)) return FLOATS(a, +, b);
    if (TB_IS_STR(a) && TB_IS_STR(b))
        return object_result(tb_str_concat(TB_AS_STR(a), TB_AS_STR(b)));
    return operate(&op_add, a, b);
}

tb_value tb_sub(tb_value a, tb_value b)
{
    tb_value difference;
    if (TB_SUB_FAST(difference, a, b)) return difference;
    if (ARE_IMMEDIATE(a, b)) return FLOATS(a, -, b);
    return operate(&op_sub, a, b);
}

tb_value tb_mul(tb_value a, tb_value b)
{
    tb_value product;
    if (TB_MUL_FAST(product, a, b)) return product;
    if (ARE_IMMEDIATE(a, b)) return FLOATS(a, *, b);
    return operate(&op_mul, a, b);
}

tb_value tb_div(tb_value a, tb_value b)
{
    if (ARE_IMMEDIATE(a, b) && tb_float_unpack(b) != 0) return FLOATS(a, /, b);
    return operate(&op_div, a, b);
}

tb_value tb_floor_div(tb_value a, tb_value b)
{
    tb_value quotient;
    if (TB_FLOOR_DIV_FAST(quotient, a, b)) return quotient;
    return operate(&op_floor_div, a, b);
}

tb_value tb_mod(tb_value a, tb_value b)
{
    tb_value rest;
    if (TB_MOD_FAST(rest, a, b)) return rest;
    return operate(&op_mod, a, b);
}

tb_value tb_pow(tb_value a, tb_value b)
{
    return operate(&op_pow, a, b);
}

// Two Bools give a Bool, as in Python.
tb_value tb_bit_and(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return a & b;
    if (IS_BOOL(a) && IS_BOOL(b)) return a == TB_TRUE ? b : a;
    return operate(&op_and, a, b);
}

tb_value tb_bit_or(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return a | b;
    if (IS_BOOL(a) && IS_BOOL(b)) return a == TB_TRUE ? a : b;
    return operate(&op_or, a, b);
}

tb_value tb_bit_xor(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return a ^ b;
    if (IS_BOOL(a) && IS_BOOL(b)) return TB_BOOL_VALUE(a != b);
    return operate(&op_xor, a, b);
}

tb_value tb_shift_left(tb_value a, tb_value b)
{
    return operate(&op_shl, a, b);
}

tb_value tb_shift_right(tb_value a, tb_value b)
{
    return operate(&op_shr, a, b);
}

tb_value tb_neg(tb_value a)
{
    tb_value n;
    if (as_int(a, &n)) return tb_int_neg(n);
    if (TB_IS_FLOAT(a)) return tb_float_from(-tb_float_get(a));
    tb_fn *method = tb_special_of(a, TB_SPECIAL_NEG);
    if (method) return tb_call_method_fn(method, a, 0, NULL);
    return tb_raise_error(&tb_error_type, "`-` needs a number, not %A", a);
}

tb_value tb_plus(tb_value a)
{
    tb_value n;
    if (as_int(a, &n)) return n;
    if (TB_IS_FLOAT(a)) return a;
    return tb_raise_error(&tb_error_type, "`+` needs a number, not %A", a);
}

tb_value tb_bit_not(tb_value a)
{
    tb_value n;
    if (as_int(a, &n)) return tb_int_not(n);
    return tb_raise_error(&tb_error_type, "`~` needs an Int, not %A", a);
}

// ------------------------------------------------------------------------------------ in place

// [a] itself after a change in place that returned [status].
static tb_value changed(tb_value a, int status)
{
    return status < 0 ? TB_PENDING : a;
}

tb_value tb_add_assign(tb_value a, tb_value b)
{
    return TB_IS_LIST(a) ? changed(a, tb_list_extend(TB_AS_LIST(a), b)) : tb_add(a, b);
}

tb_value tb_mul_assign(tb_value a, tb_value b)
{
    tb_value product = tb_mul(a, b);
    if (product == TB_PENDING || !TB_IS_LIST(a) || !TB_IS_LIST(product)) return product;
    *TB_AS_LIST(a) = *TB_AS_LIST(product); // a new list: its buffer can change hands
    return a;
}

tb_value tb_sub_assign(tb_value a, tb_value b)
{
    return are_sets(a, b) ? changed(a, tb_set_drop(TB_AS_SET(a), TB_AS_SET(b))) : tb_sub(a, b);
}

tb_value tb_bit_and_assign(tb_value a, tb_value b)
{
    return are_sets(a, b) ? changed(a, tb_set_keep(TB_AS_SET(a), TB_AS_SET(b))) : tb_bit_and(a, b);
}

tb_value tb_bit_or_assign(tb_value a, tb_value b)
{
    if (are_sets(a, b)) return changed(a, tb_set_update(TB_AS_SET(a), b));
    if (TB_IS_DICT(a) && TB_IS_DICT(b)) return changed(a, tb_dict_update(TB_AS_DICT(a), b));
    return tb_bit_or(a, b);
}

tb_value tb_bit_xor_assign(tb_value a, tb_value b)
{
    return are_sets(a, b) ? changed(a, tb_set_toggle(TB_AS_SET(a), TB_AS_SET(b)))
                          : tb_bit_xor(a, b);
}

tb_value tb_div_assign(tb_value a, tb_value b)
{
    return tb_div(a, b);
}

tb_value tb_floor_div_assign(tb_value a, tb_value b)
{
    return tb_floor_div(a, b);
}

tb_value tb_mod_assign(tb_value a, tb_value b)
{
    return tb_mod(a, b);
}

tb_value tb_pow_assign(tb_value a, tb_value b)
{
    return tb_pow(a, b);
}

tb_value tb_shift_left_assign(tb_value a, tb_value b)
{
    return tb_shift_left(a, b);
}

tb_value tb_shift_right_assign(tb_value a, tb_value b)
{
    return tb_shift_right(a, b);
}
