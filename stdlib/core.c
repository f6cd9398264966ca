// Native half of stdlib/core.tb: conversions and questions about any value.
#include "tombo.h"

#include "build/stdlib/core.h"

// A String value as a pointer; a pending error as NULL.
static tb_str *text_of(tb_value v)
{
    return v == TB_PENDING ? NULL : TB_AS_STR(v);
}

tb_str *tb_core_str(tb_value value)
{
    return text_of(tb_to_str(value));
}

tb_str *tb_core_repr(tb_value value)
{
    return text_of(tb_repr(value));
}
