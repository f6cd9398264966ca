// Native half of stdlib/builtins.tb: what every first program uses.
#include "tombo.h"

#include "build/stdlib/builtins.h"

int tb_builtins_print(int64_t count, const tb_value *values)
{
    return tb_print(count, values, 0);
}

tb_value tb_builtins_range_to(tb_value stop)
{
    return tb_range_new(TB_INT62(0), stop, TB_INT62(1));
}
