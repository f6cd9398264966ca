// Raw Int results that do not fit. See raw.h.
#include "raw.h"

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
