// What code of the prompt asks of classes that only run time knows.
#include "prompt.h"
#include "compare.h"
#include "error.h"
#include "object.h"

int tb_class_extend(tb_class *cls, tb_value base)
{
    if (!TB_IS(base, &tb_class_class)) {
        tb_raise_error(&tb_error_type, "`%s` cannot extend %A: it is no class", cls->name, base);
        return -1;
    }
    if (TB_AS_CLASS(base) == cls) return 0; // the statement runs again
    cls->base = TB_AS_CLASS(base);
    return 0;
}

tb_value tb_class_base(const tb_class *cls)
{
    return TB_OBJECT(cls->base);
}

int tb_matches_value(tb_value v, tb_value pattern)
{
    return TB_IS(pattern, &tb_class_class) ? tb_is_instance(v, pattern) : tb_equal(v, pattern);
}

tb_value tb_check_instance(tb_value v, tb_value cls, const tb_str *what)
{
    if (!TB_IS(cls, &tb_class_class))
        return tb_raise_error(&tb_error_type, "the type of %s is no class any more: it is %A",
                              what->data, cls);
    int fits = tb_is_instance(v, cls);
    if (fits > 0) return v;
    if (fits < 0) return TB_PENDING;
    return tb_raise_error(&tb_error_type, "%s must be %s, not %T", what->data,
                          TB_AS_CLASS(cls)->name, v);
}
