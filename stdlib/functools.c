// Native half of stdlib/functools.tb.
#include "tombo.h"

#include "build/stdlib/functools.h"

int64_t tb_functools_arity(tb_value func)
{
    const tb_fn_info *info = tb_callable_info(func);
    if (!info) return 0;
    return info->rest_index < 0 ? info->param_count : info->rest_index;
}
