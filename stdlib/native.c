// Checks of arguments, and texts on their way to and from the system. See native.h.
#include "native.h"

#include "build/stdlib/core.h"
#include "text.h"

#include <math.h>
#include <string.h>

tb_value tb_raise_arg(tb_place place, const char *expected, tb_value given)
{
    return tb_raise_error(&tb_error_type, "`%s` of `%s` must be %s, not %T", place.param,
                          place.function, expected, given);
}

tb_value tb_raise_key(tb_place place, tb_value key)
{
    if (!TB_IS_LIST(key) && !TB_IS_DICT(key) && !TB_IS(key, &tb_class_set)) return TB_PENDING;
    if (!tb_catch_class(&tb_error_type)) return TB_PENDING;
    return tb_raise_error(&tb_error_type,
                          "`%s` of `%s` must be hashable: %A cannot be a key (it can change)",
                          place.param, place.function, key);
}

tb_str *tb_arg_str(tb_value v, tb_place place)
{
    if (TB_IS_STR(v)) return TB_AS_STR(v);
    tb_raise_arg(place, "String", v);
    return NULL;
}

// ---------------------------------------------------------------------------------------- numbers

tb_value tb_arg_int(tb_value v, tb_place place)
{
    switch (TB_KIND(v)) {
    case TB_INT:
        return v;
    case TB_BOOL:
        return TB_INT62(v == TB_TRUE);
    case TB_FLOAT:
        return tb_int_from_double(tb_float_get(v));
    case TB_STRING: {
        tb_value number = tb_core_int(v, 10);
        if (number != TB_PENDING || !tb_catch_class(&tb_error_value)) return number;
        return tb_raise_error(&tb_error_value, "`%s` of `%s` must be a whole number, not %V",
                              place.param, place.function, v);
    }
    default:
        return tb_raise_arg(place, "Int", v);
    }
}

int64_t tb_arg_whole(tb_value v, tb_place place)
{
    int64_t number;
    tb_value converted = tb_arg_int(v, place);
    if (converted == TB_PENDING) return INT64_MIN;
    if (tb_int_to(converted, &number) && number != INT64_MIN) return number;
    tb_raise_error(&tb_error_overflow, "`%s` of `%s` is too large: %V", place.param, place.function,
                   v);
    return INT64_MIN;
}

double tb_arg_number(tb_value v, tb_place place)
{
    double number;
    switch (TB_KIND(v)) {
    case TB_INT:
    case TB_BOOL:
    case TB_FLOAT:
        return tb_number_get(v);
    case TB_STRING:
        if (tb_float_from_text(TB_AS_STR(v)->data, TB_AS_STR(v)->size, &number) == 0) return number;
        if (tb_catch_class(&tb_error_value))
            tb_raise_error(&tb_error_value, "`%s` of `%s` must be a number, not %V", place.param,
                           place.function, v);
        return NAN;
    default:
        tb_raise_arg(place, "a number", v);
        return NAN;
    }
}

// ------------------------------------------------------------------------------- system, dicts

const char *tb_c_text(tb_str *s, tb_place place)
{
    if (memchr(s->data, 0, (size_t)s->size) != NULL) {
        tb_raise_error(&tb_error_value, "`%s` of `%s` must not contain a NUL character",
                       place.param, place.function);
        return NULL;
    }
    if (!(s->flags & TB_STR_SHARED)) return s->data;
    char *copy = tb_alloc_plain((size_t)s->size + 1);
    if (copy == NULL) return NULL;
    memcpy(copy, s->data, (size_t)s->size);
    copy[s->size] = 0;
    return copy;
}

tb_str *tb_str_from_system(const char *text)
{
    tb_text out;
    tb_text_begin(&out);
    if (tb_text_add_any(&out, text, (int64_t)strlen(text)) < 0) return NULL;
    return tb_text_end(&out);
}

int tb_dict_put_name(tb_dict *dict, const char *key, tb_value value)
{
    if (value == TB_PENDING) return -1;
    tb_str *name = tb_str_from_c(key);
    return name == NULL ? -1 : tb_dict_put(dict, TB_OBJECT(name), value);
}
