// What code of the prompt asks of classes that only run time knows.
#include "prompt.h"
#include "compare.h"
#include "dict.h"
#include "error.h"
#include "object.h"
#include "str.h"

#include <string.h>

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

void tb_note_fresh(tb_value v)
{
    tb_rt.fresh[tb_rt.fresh_count++ % TB_FRESH_KEPT] = v;
}

int tb_is_noted_fresh(tb_value v)
{
    for (int i = 0; i < TB_FRESH_KEPT; i++)
        if (tb_rt.fresh[i] == v) return 1;
    return 0;
}

tb_value tb_folder_add(tb_value folder, tb_value path, tb_value module)
{
    const tb_str *text = TB_AS_STR(path);
    const char *dot = memchr(text->data, '.', (size_t)text->size);
    int64_t size = dot ? dot - text->data : text->size;
    tb_str *name = tb_str_new(text->data, size);
    tb_dict *dict = TB_IS_DICT(folder) ? TB_AS_DICT(folder) : tb_dict_new(1);
    if (!name || !dict) return TB_PENDING;
    if (dot) {
        tb_str *rest = tb_str_new(dot + 1, text->size - size - 1);
        if (!rest) return TB_PENDING;
        tb_value inner = tb_dict_find_str(dict, name);
        module = inner == TB_PENDING ? inner : tb_folder_add(inner, TB_OBJECT(rest), module);
        if (module == TB_PENDING) return TB_PENDING;
    }
    return tb_dict_put(dict, TB_OBJECT(name), module) < 0 ? TB_PENDING : TB_OBJECT(dict);
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
