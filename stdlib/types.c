// Native half of stdlib/types.tb.
#include "tombo.h"

#include "build/stdlib/types.h"

// A class itself, or the class of any other value.
static const tb_class *class_meant(tb_value v)
{
    return TB_KIND(v) == TB_CLASS ? TB_AS_CLASS(v) : TB_CLASS_OF(v);
}

int tb_types_subtype_of(tb_value value, tb_value parent_type)
{
    return TB_KIND(parent_type) == TB_CLASS &&
           tb_class_derives(class_meant(value), TB_AS_CLASS(parent_type));
}

tb_list *tb_types_get_mro(tb_value value)
{
    tb_list *classes = tb_list_new(0);
    for (const tb_class *cls = class_meant(value); classes && cls; cls = cls->base)
        if (tb_list_push(classes, TB_OBJECT(cls)) < 0) return NULL;
    return classes;
}
