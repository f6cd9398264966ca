// Where raw numbers do not suffice. See raw.h.
#include "raw.h"

#include "float.h"

tb_value tb_raw_wide(void)
{
    tb_value wide = tb_rt.wide;
    tb_rt.wide = 0;
    return wide ? wide : tb_int_from(INT64_MIN);
}

int64_t tb_raw_result(tb_value value)
{
    int64_t number;
    if (value == TB_PENDING) return INT64_MIN;
    if (tb_int_to(value, &number)) return number;
    tb_rt.wide = value;
    return INT64_MIN;
}

// ------------------------------------------------------------------------------------------ items

int tb_raw_get_int(const tb_list *xs, int64_t index, int64_t *out)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at < 0) return 0;
    if (xs->kind == TB_ITEMS_INT) return *out = xs->as.ints[at], 1;
    if (xs->kind != TB_ITEMS_BOXED || !TB_IS_INT62(xs->as.items[at])) return 0;
    *out = TB_INT62_GET(xs->as.items[at]);
    return 1;
}

int tb_raw_get_float(const tb_list *xs, int64_t index, double *out)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at < 0) return 0;
    if (xs->kind == TB_ITEMS_FLOAT) return *out = xs->as.floats[at], 1;
    if (xs->kind != TB_ITEMS_BOXED || !TB_IS_FLOAT(xs->as.items[at])) return 0;
    *out = tb_float_get(xs->as.items[at]);
    return 1;
}

int tb_raw_get_bool(const tb_list *xs, int64_t index, int *out)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at < 0) return 0;
    if (xs->kind == TB_ITEMS_BOOL) return *out = xs->as.bools[at], 1;
    if (xs->kind != TB_ITEMS_BOXED) return 0;
    *out = xs->as.items[at] == TB_TRUE;
    return 1;
}

static int store(tb_list *xs, int64_t index, tb_value item)
{
    int64_t at = tb_index_wrap(index, xs->count);
    return at >= 0 && item != TB_PENDING && tb_list_store(xs, at, item);
}

int tb_raw_put_int(tb_list *xs, int64_t index, int64_t item)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at >= 0 && xs->kind == TB_ITEMS_INT) return xs->as.ints[at] = item, 1;
    return store(xs, index,
                 item >= TB_INT62_MIN && item <= TB_INT62_MAX ? TB_INT62(item) : TB_PENDING);
}

int tb_raw_put_float(tb_list *xs, int64_t index, double item)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at >= 0 && xs->kind == TB_ITEMS_FLOAT) return xs->as.floats[at] = item, 1;
    return xs->kind == TB_ITEMS_BOXED && store(xs, index, tb_float_from(item));
}

int tb_raw_put_bool(tb_list *xs, int64_t index, int item)
{
    return store(xs, index, TB_BOOL_VALUE(item));
}
