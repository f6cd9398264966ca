// Native half of stdlib/core.tb: conversions and questions about any value.
#include "native.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "build/stdlib/core.h"
#include "text.h"
#include "unicode.h"
#include "utf8.h"

// ---------------------------------------------------------------------------------------- numbers

// A text without the white space around it.
typedef struct Trimmed {
    const char *text;
    int64_t size;
} Trimmed;

static Trimmed trim(const tb_str *s)
{
    const char *from = s->data;
    const char *to = s->data + s->size;
    for (const char *next = from; from < to; from = next)
        if (!tb_code_is_space(tb_utf8_next(&next))) break;
    while (to > from) {
        const char *last = to - 1;
        while (last > from && ((unsigned char)*last & 0xC0) == 0x80)
            last--;
        const char *at = last;
        if (!tb_code_is_space(tb_utf8_next(&at))) break;
        to = last;
    }
    return (Trimmed){from, to - from};
}

// Digits without the single `_` that may stand between two of them. NULL: MemoryError, or
// TB_MISSING in [failed] for a `_` elsewhere.
static char *drop_underscores(Trimmed in, int64_t *size)
{
    char *out = tb_alloc_plain((size_t)in.size + 1);
    if (!out) return NULL;
    *size = 0;
    for (int64_t i = 0; i < in.size; i++) {
        int between = in.text[i] == '_' && i > 0 && i + 1 < in.size && in.text[i - 1] != '_' &&
                      in.text[i + 1] != '_';
        if (!between) out[(*size)++] = in.text[i];
    }
    return out;
}

// Without the prefix that says the base: 0x, 0o, 0b.
static Trimmed drop_prefix(Trimmed in, int64_t base)
{
    char letter = base == 16 ? 'x' : base == 8 ? 'o' : base == 2 ? 'b' : 0;
    if (letter && in.size > 2 && in.text[0] == '0' && (in.text[1] | 0x20) == letter)
        return (Trimmed){in.text + 2, in.size - 2};
    return in;
}

// Up to 18 digits, with a sign or not, and nothing else: 1 and the number in [out].
static int is_plain_number(const tb_str *s, int64_t *out)
{
    const char *at = s->data, *end = at + s->size;
    int is_negative = at < end && *at == '-';
    at += is_negative;
    if (at == end || end - at > 18) return 0;
    int64_t number = 0;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9') return 0;
        number = number * 10 + (*at - '0');
    }
    *out = is_negative ? -number : number;
    return 1;
}

// The text with the digits of all scripts as those of ASCII. NULL: MemoryError.
static const tb_str *with_ascii_digits(const tb_str *s)
{
    if (s->length == s->size) return s;
    tb_text text;
    tb_text_begin(&text);
    for (const char *at = s->data, *end = at + s->size; at < end;) {
        uint32_t code = tb_utf8_next(&at);
        if (tb_code_is_decimal(code)) code = (uint32_t)('0' + tb_code_decimal_value(code));
        if (tb_text_add_code(&text, code) < 0) return NULL;
    }
    return tb_text_end(&text);
}

static tb_value int_from_text(tb_value value, int64_t base)
{
    int64_t number;
    if (base == 10 && is_plain_number(TB_AS_STR(value), &number)) return tb_int_from(number);
    if (base < 2 || base > 36)
        return tb_raise_error(&tb_error_value, "a base lies between 2 and 36, not %ld", base);
    const tb_str *text = with_ascii_digits(TB_AS_STR(value));
    if (!text) return TB_PENDING;
    Trimmed in = drop_prefix(trim(text), base);
    int64_t size;
    char *digits = drop_underscores(in, &size);
    if (!digits) return TB_PENDING;
    tb_value result = tb_int_from_text(digits, size, (int)base);
    tb_free(digits);
    if (result != TB_PENDING || !tb_catch_class(&tb_error_value)) return result;
    if (base != 10)
        return tb_raise_error(&tb_error_value,
                              "`value` of `int` must be a whole number in base %ld, not %V", base,
                              value);
    return tb_raise_error(&tb_error_value, "`value` of `int` must be a whole number, not %V",
                          value);
}

tb_value tb_core_int(tb_value value, int64_t base)
{
    if (TB_IS_INT(value)) return value;
    switch (TB_KIND(value)) {
    case TB_BOOL:
        return TB_INT62(value == TB_TRUE);
    case TB_FLOAT:
        return tb_int_from_double(tb_float_get(value));
    case TB_STRING:
        return int_from_text(value, base);
    default:
        return tb_raise_error(&tb_error_type, "`value` of `int` must be Number | String, not %T",
                              value);
    }
}

double tb_core_float(tb_value value)
{
    double number;
    switch (TB_KIND(value)) {
    case TB_BOOL:
    case TB_INT:
    case TB_FLOAT:
        return tb_number_get(value);
    case TB_STRING: {
        const tb_str *text = with_ascii_digits(TB_AS_STR(value));
        if (!text) return NAN;
        if (tb_float_from_text(text->data, text->size, &number) == 0) return number;
        if (tb_catch_class(&tb_error_value))
            tb_raise_error(&tb_error_value, "`value` of `float` must be a number, not %V", value);
        return NAN;
    }
    default:
        tb_raise_error(&tb_error_type, "`value` of `float` must be Number | String, not %T", value);
        return NAN;
    }
}

tb_value tb_core_id(tb_value value)
{
    return tb_int_from((int64_t)(value & INT64_MAX));
}

tb_value tb_core_hash(tb_value value)
{
    int failed;
    uint64_t hash = tb_hash(value, &failed);
    return failed ? tb_raise_key(TB_PLACE("hash", "value"), value) : TB_INT62(hash >> 4);
}

// ------------------------------------------------------------------------------------------ texts

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

// ------------------------------------------------------------------------------------- containers

tb_list *tb_core_list(tb_value value)
{
    if (tb_is_iterable(value)) return tb_list_of(value);
    tb_value list = tb_list_from(1, &value);
    return list == TB_PENDING ? NULL : TB_AS_LIST(list);
}

tb_tuple *tb_core_tuple(tb_value value)
{
    tb_value tuple = tb_is_iterable(value) ? tb_tuple_of(value) : tb_tuple_from(1, &value);
    return tuple == TB_PENDING ? NULL : TB_AS_TUPLE(tuple);
}

tb_set *tb_core_set(tb_value value)
{
    if (value == TB_NONE_VALUE) return tb_set_new(0);
    if (!TB_IS_DICT(value)) return tb_set_of(value);
    tb_raise_error(&tb_error_type,
                   "`value` of `set` must not be a Dict: take its `keys` or `values`");
    return NULL;
}

static int is_pair(tb_value v)
{
    return (TB_IS_LIST(v) && TB_AS_LIST(v)->count == 2) ||
           (TB_IS_TUPLE(v) && TB_AS_TUPLE(v)->count == 2);
}

// 1: every item of the list is a pair; 0: one is not; -1: raised.
static int are_pairs(const tb_list *list)
{
    for (int64_t i = 0; i < list->count; i++) {
        tb_value item = tb_list_at(list, i);
        if (item == TB_PENDING) return -1;
        if (!is_pair(item)) return 0;
    }
    return 1;
}

static tb_dict *dict_of_positions(const tb_list *list)
{
    tb_dict *dict = tb_dict_new(list->count);
    for (int64_t i = 0; dict && i < list->count; i++) {
        tb_value key = tb_to_str(TB_INT62(i));
        if (key == TB_PENDING) return NULL;
        tb_value item = tb_list_at(list, i);
        if (item == TB_PENDING || tb_dict_put(dict, key, item) < 0) return NULL;
    }
    return dict;
}

static tb_dict *dict_of_list(tb_list *list)
{
    int pairs = are_pairs(list);
    if (pairs < 0) return NULL;
    if (!pairs) return dict_of_positions(list);
    tb_dict *dict = tb_dict_new(list->count);
    return dict && tb_dict_update(dict, TB_OBJECT(list)) == 0 ? dict : NULL;
}

tb_dict *tb_core_dict(tb_value value)
{
    if (value == TB_NONE_VALUE) return tb_dict_new(0);
    if (TB_IS_DICT(value)) return tb_dict_copy(TB_AS_DICT(value));
    if (tb_is_iterable(value) && !TB_IS_STR(value)) {
        tb_list *list = TB_IS_LIST(value) ? TB_AS_LIST(value) : tb_list_of(value);
        return list ? dict_of_list(list) : NULL;
    }
    tb_raise_error(&tb_error_type, "`value` of `dict` must be a Dict or a List of pairs, not %T",
                   value);
    return NULL;
}

// Whether `next` can ask it for items.
static int has_next(tb_value iterator)
{
    if (TB_KIND(iterator) == TB_ITERATOR || tb_special_of(iterator, TB_SPECIAL_NEXT)) return 1;
    tb_raise_error(&tb_error_type, "`iterator` of `next` must be an iterator, not %T", iterator);
    return 0;
}

tb_value tb_core_next(tb_value iterator)
{
    return has_next(iterator) ? tb_iterator_step(iterator, TB_MISSING) : TB_PENDING;
}

tb_value tb_core_next_or(tb_value iterator, tb_value default_)
{
    return has_next(iterator) ? tb_iterator_step(iterator, default_) : TB_PENDING;
}

// ------------------------------------------------------------------------------------------ types

// The names of types in texts, and the kinds of value they stand for.
static const struct {
    const char *name;
    uint32_t kinds;
} type_names[] = {
    {"none", 1u << TB_NONE},         {"null", 1u << TB_NONE},
    {"nil", 1u << TB_NONE},          {"bool", 1u << TB_BOOL},
    {"int", 1u << TB_INT},           {"float", 1u << TB_FLOAT},
    {"string", 1u << TB_STRING},     {"str", 1u << TB_STRING},
    {"bytes", 1u << TB_BYTES},       {"list", 1u << TB_LIST},
    {"tuple", 1u << TB_TUPLE},       {"dict", 1u << TB_DICT},
    {"set", 1u << TB_SET},           {"range", 1u << TB_RANGE},
    {"function", 1u << TB_FUNCTION}, {"class", 1u << TB_CLASS},
    {"module", 1u << TB_MODULE},     {"number", 1u << TB_INT | 1u << TB_FLOAT},
};

// Whether [value] is of the type a text names: 1 or 0; -1: no type has that name.
static int fits_name(tb_value value, const tb_str *name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcasecmp(name->data, type_names[i].name) == 0)
            return (int)(type_names[i].kinds >> TB_KIND(value) & 1);
    for (const tb_class *cls = TB_CLASS_OF(value); cls; cls = cls->base)
        if ((cls->kind == TB_NATIVE ? strcasecmp : strcmp)(name->data, cls->name) == 0) return 1;
    return tb_error_class_named(name->data) ? 0 : -1;
}

static int fits_type(tb_value value, tb_value type);

static int fits_any(tb_value value, tb_value types)
{
    tb_iter it;
    tb_value item;
    if (tb_iter_start(&it, types) < 0) return -1;
    int got, fits = 0;
    while (!fits && (got = tb_iter_next(&it, &item)) != 0) {
        if (got < 0) return -1;
        fits = fits_type(value, item);
    }
    return fits;
}

static int fits_type(tb_value value, tb_value type)
{
    if (!tb_stack_ok() && tb_stack_overflow() == TB_PENDING) return -1;
    if (TB_IS_LIST(type) || TB_IS_TUPLE(type)) return fits_any(value, type);
    if (TB_KIND(type) == TB_CLASS) return tb_is_instance(value, type);
    if (!TB_IS_STR(type)) {
        tb_raise_error(&tb_error_type,
                       "`type_str` of `isinstance` must be a type or its name, not %T", type);
        return -1;
    }
    // A shared string has no NUL behind it.
    tb_str *name = tb_str_part(TB_AS_STR(type), 0, TB_AS_STR(type)->size);
    if (!name) return -1;
    int fits = fits_name(value, name);
    if (fits < 0)
        tb_raise_error(&tb_error_value,
                       "`type_str` of `isinstance` must be a type or its name, not %V", type);
    return fits;
}

int tb_core_isinstance(tb_value value, tb_value type_str)
{
    return fits_type(value, type_str);
}

// ------------------------------------------------------------------------------------- attributes

tb_list *tb_core_dir(tb_value value)
{
    tb_value names = tb_attr_names(value);
    return names == TB_PENDING ? NULL : TB_AS_LIST(names);
}

static tb_value no_attribute(tb_value obj, const tb_str *name)
{
    return tb_raise_error(&tb_error_attribute, "%A has no attribute %V", obj, TB_OBJECT(name));
}

tb_value tb_core_getattr(tb_value obj, tb_str *attr_name, tb_value default_)
{
    tb_value found = tb_find_attr(obj, attr_name);
    if (found != TB_MISSING) return found;
    return default_ == TB_NONE_VALUE ? no_attribute(obj, attr_name) : default_;
}

tb_value tb_core_setattr(tb_value obj, tb_str *attr_name, tb_value value)
{
    return tb_set_attr(obj, attr_name, value, NULL) < 0 ? TB_PENDING : value;
}

int tb_core_hasattr(tb_value obj, tb_str *attr_name)
{
    tb_value found = tb_find_attr(obj, attr_name);
    return found == TB_PENDING ? -1 : found != TB_MISSING;
}

int tb_core_delattr(tb_value obj, tb_str *attr_name)
{
    tb_value found = tb_find_attr(obj, attr_name);
    if (found == TB_PENDING) return -1;
    if (found != TB_MISSING) return tb_del_attr(obj, attr_name);
    no_attribute(obj, attr_name);
    return -1;
}
