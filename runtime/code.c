// Behind single commands of generated code: checks against annotations, cells, variables without a
// value.
#include "code.h"

#include "compare.h"
#include "dict.h"
#include "float.h"
#include "gc.h"
#include "int.h"
#include "iter.h"
#include "list.h"
#include "prompt.h"
#include "range.h"
#include "set.h"
#include "show.h"
#include "tuple.h"

#include <math.h>

double tb_nan(void)
{
    return (double)NAN;
}

double tb_infinity(void)
{
    return (double)INFINITY;
}

// ------------------------------------------------------------------------------- annotation types

static int list_holds(const tb_list *list, const tb_type *item, int lenient)
{
    static const uint32_t kind_bits[] = {[TB_ITEMS_INT] = 1u << TB_INT,
                                         [TB_ITEMS_FLOAT] = 1u << TB_FLOAT,
                                         [TB_ITEMS_BOOL] = 1u << TB_BOOL};
    if (list->kind != TB_ITEMS_BOXED && (item->kinds & kind_bits[list->kind])) return 1;
    for (int64_t i = 0; i < list->count; i++)
        if (!tb_type_holds(item, tb_list_at(list, i), lenient)) return 0;
    return 1;
}

static int tuple_holds(const tb_tuple *tuple, const tb_type *type, int lenient)
{
    if (tuple->count != type->arg_count) return 0;
    for (int64_t i = 0; i < tuple->count; i++)
        if (!tb_type_holds(type->args[i], tuple->items[i], lenient)) return 0;
    return 1;
}

static int entries_hold(const tb_type *type, tb_value v, int lenient)
{
    tb_iter it;
    tb_value key, value = TB_NONE_VALUE;
    int pairs = TB_KIND(v) == TB_DICT;
    if ((pairs ? tb_iter_start_pairs(&it, v) : tb_iter_start(&it, v)) < 0) return 0;
    while ((pairs ? tb_iter_next_pair(&it, &key, &value) : tb_iter_next(&it, &key)) > 0) {
        if (!tb_type_holds(type->args[0], key, lenient)) return 0;
        if (pairs && type->arg_count > 1 && !tb_type_holds(type->args[1], value, lenient)) return 0;
    }
    return 1;
}

static int parts_hold(const tb_type *type, tb_value v, int lenient)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return list_holds(TB_AS_LIST(v), type->args[0], lenient);
    case TB_TUPLE:
        return tuple_holds(TB_AS_TUPLE(v), type, lenient);
    case TB_SET:
    case TB_DICT:
        return entries_hold(type, v, lenient);
    default:
        return 1;
    }
}

int tb_can(tb_value v, int64_t special)
{
    tb_kind kind = TB_KIND(v);
    if (kind != TB_INSTANCE && kind != TB_NATIVE) return 1;
    if (tb_special_of(v, (tb_special)special)) return 1;
    if (special != TB_SPECIAL_ITER) return 0;
    return tb_special_of(v, TB_SPECIAL_NEXT) || tb_special_of(v, TB_SPECIAL_GET_ITEM);
}

int tb_type_holds(const tb_type *type, tb_value v, int lenient)
{
    for (int64_t i = 0; i < type->alternative_count; i++)
        if (tb_type_holds(type->alternatives[i], v, lenient)) return 1;
    tb_kind kind = TB_KIND(v);
    uint32_t kinds = type->kinds;
    if (type->alternative_count && kind != TB_NONE) return 0;
    if (lenient && (kinds & (1u << TB_INT | 1u << TB_FLOAT))) kinds |= 1u << TB_BOOL;
    if (kinds & 1u << TB_INSTANCE) kinds |= 1u << TB_NATIVE;
    if (kind == TB_INSTANCE && kinds >> TB_FUNCTION & 1 && tb_special_of(v, TB_SPECIAL_CALL))
        return 1;
    if (!(kinds >> kind & 1)) return 0;
    if (type->special >= 0) return tb_can(v, type->special);
    if ((kind == TB_INSTANCE || kind == TB_NATIVE) && type->cls)
        return tb_class_derives(TB_CLASS_OF(v), type->cls);
    return type->arg_count ? parts_hold(type, v, lenient) : 1;
}

// An annotation has Float (or `Float?`, a list of Floats, …) where an Int came.
int tb_type_wants_float(const tb_type *type)
{
    for (int64_t i = 0; i < type->alternative_count; i++)
        if (tb_type_wants_float(type->alternatives[i])) return 1;
    return (type->kinds & 1u << TB_FLOAT) && !(type->kinds & 1u << TB_INT);
}

// Makes Floats of the Ints in a container that was just written down, where the annotation says so.
static int convert_parts(tb_value v, const tb_type *type);

static tb_value convert_part(tb_value v, const tb_type *type)
{
    if (TB_KIND(v) == TB_INT && tb_type_wants_float(type)) {
        double number = tb_int_to_double(v);
        return number != number && tb_rt.pending ? TB_PENDING : tb_float_from(number);
    }
    return convert_parts(v, type) < 0 ? TB_PENDING : v;
}

static int convert_list(tb_list *list, const tb_type *item)
{
    for (int64_t i = 0; i < list->count; i++) {
        tb_value part = convert_part(tb_list_at(list, i), item);
        if (part == TB_PENDING) return -1;
        if (tb_list_generalise(list) < 0) return -1;
        list->as.items[i] = part;
    }
    return 0;
}

static int convert_dict(tb_dict *dict, const tb_type *value_type)
{
    tb_list *keys = tb_dict_keys(dict);
    if (!keys) return -1;
    for (int64_t i = 0; i < keys->count; i++) {
        tb_value key = tb_list_at(keys, i);
        tb_value value = tb_dict_get(dict, key);
        value = value == TB_PENDING ? value : convert_part(value, value_type);
        if (value == TB_PENDING || tb_dict_put(dict, key, value) < 0) return -1;
    }
    return 0;
}

static int convert_parts(tb_value v, const tb_type *type)
{
    if (TB_KIND(v) == TB_LIST && type->arg_count == 1)
        return convert_list(TB_AS_LIST(v), type->args[0]);
    if (TB_KIND(v) == TB_DICT && type->arg_count == 2)
        return convert_dict(TB_AS_DICT(v), type->args[1]);
    return 0;
}

// Whether the kind of [v] alone says that it fits. A lenient check may turn a Bool into an Int.
static int fits_by_kind(tb_value v, const tb_type *type)
{
    if (type->alternative_count || type->arg_count || type->cls || v == TB_TRUE || v == TB_FALSE)
        return 0;
    tb_kind kind = TB_KIND(v);
    if (type->special >= 0 && (kind == TB_INSTANCE || kind == TB_NATIVE)) return 0;
    return type->kinds >> kind & 1;
}

tb_value tb_check_type(tb_value v, const tb_type *type, const char *what, int flags)
{
    if (TB_LIKELY(fits_by_kind(v, type))) return v;
    int lenient = flags & TB_CHECK_LENIENT;
    int is_fresh = (flags & TB_CHECK_FRESH) || (type->arg_count && tb_is_noted_fresh(v));
    if (is_fresh && !tb_type_holds(type, v, 0) && convert_parts(v, type) < 0) return TB_PENDING;
    if (tb_type_holds(type, v, lenient)) {
        if (!lenient || TB_KIND(v) != TB_BOOL || (type->kinds & 1u << TB_BOOL)) return v;
        return tb_type_wants_float(type) ? tb_float_from(v == TB_TRUE) : TB_INT62(v == TB_TRUE);
    }
    if (TB_KIND(v) == TB_INT && tb_type_wants_float(type)) {
        double number = tb_int_to_double(v);
        return number != number && tb_rt.pending ? TB_PENDING : tb_float_from(number);
    }
    return tb_raise_error(&tb_error_type, "%s must be %s, not %T", what, type->text, v);
}

tb_value tb_check_rest(tb_value list, const tb_type *type, const char *what, int flags)
{
    tb_list *xs = TB_AS_LIST(list);
    for (int64_t i = 0; i < xs->count; i++) {
        tb_value item = tb_list_at(xs, i);
        tb_value checked = item == TB_PENDING ? item : tb_check_type(item, type, what, flags);
        if (checked == TB_PENDING) return TB_PENDING;
        if (checked == item) continue;
        if (tb_list_generalise(xs) < 0) return TB_PENDING;
        xs->as.items[i] = checked;
    }
    return list;
}

// ------------------------------------------------------------------------------- variables, fields

tb_cell *tb_cell_new(tb_value v)
{
    tb_cell *cell = tb_alloc(sizeof *cell);
    if (cell) cell->value = v;
    return cell;
}

tb_value tb_field_missing(tb_value object, const tb_str *name)
{
    return tb_get_attr(object, name, NULL);
}

tb_value tb_raise_unset(const char *name)
{
    return tb_raise_error(&tb_error_name, "`%s` has no value yet", name);
}

tb_value tb_raise_assertion(tb_value message)
{
    if (message == TB_MISSING) return tb_raise_error(&tb_error_assertion, "assertion failed");
    tb_value text = tb_to_str(message);
    if (text == TB_PENDING) return text;
    return tb_raise_message(&tb_error_assertion, text);
}

// ------------------------------------------------------------------------------------------
// numbers

int64_t tb_range_bound(tb_value v)
{
    if (v == TB_TRUE || v == TB_FALSE) return v == TB_TRUE;
    if (TB_IS_INT62(v)) return TB_INT62_GET(v);
    if (TB_IS_INT(v)) return TB_AS_BIG(v)->size < 0 ? TB_INT62_MIN : TB_INT62_MAX;
    tb_raise_error(&tb_error_type, "`range` needs Ints, not %T", v);
    return INT64_MIN;
}

tb_value tb_range_from(tb_value range)
{
    return TB_AS_RANGE(range)->from;
}

tb_value tb_range_step(tb_value range)
{
    return TB_AS_RANGE(range)->step;
}

int64_t tb_range_count(tb_value range)
{
    tb_value count = TB_AS_RANGE(range)->length;
    return TB_IS_INT62(count) ? TB_INT62_GET(count) : TB_INT62_MAX;
}

int64_t tb_range_turns(tb_value from, tb_value to, tb_value step)
{
    if (TB_ARE_INT62(from, to) && TB_IS_INT62(step) && step != TB_INT62(0))
        return tb_raw_turns(TB_INT62_GET(from), TB_INT62_GET(to), TB_INT62_GET(step));
    tb_value range = tb_range_new(from, to, step);
    if (range == TB_PENDING) return INT64_MIN;
    return tb_range_bound(TB_PTR(tb_range, range)->length);
}

int tb_range_holds(tb_value range, tb_value v)
{
    tb_kind kind = TB_KIND(v);
    if (kind != TB_INT && kind != TB_FLOAT) return 0;
    return tb_contains(range, v);
}

int tb_check_callee(tb_value f, tb_value name, tb_value library)
{
    if (tb_is_callable(f)) return 0;
    const tb_str *n = TB_AS_STR(name), *l = TB_AS_STR(library);
    tb_raise_error(&tb_error_type,
                   "`%.*s` is %A here, which cannot be called; it hides the function `%.*s.%.*s`",
                   (int)n->size, n->data, f, (int)l->size, l->data, (int)n->size, n->data);
    return -1;
}

int64_t tb_int64_of(tb_value v)
{
    int64_t number;
    if (v == TB_TRUE || v == TB_FALSE) return v == TB_TRUE;
    if (TB_IS_FLOAT(v)) v = tb_int_from_double(tb_float_get(v));
    if (v == TB_PENDING) return INT64_MIN;
    if (!TB_IS_INT(v)) {
        tb_raise_error(&tb_error_type, "an Int is needed, not %T", v);
        return INT64_MIN;
    }
    if (tb_int_to(v, &number)) return number;
    tb_raise_error(&tb_error_overflow, "the Int is too large here");
    return INT64_MIN;
}

// --------------------------------------------------------------------------------------------
// other

static const tb_str close_name = TB_STR_LITERAL("close", 5), exit_name = TB_STR_LITERAL("exit", 4),
                    release_name = TB_STR_LITERAL("release", 7);

int tb_close(tb_value resource)
{
    const tb_str *const names[] = {&close_name, &exit_name, &release_name};
    for (int i = 0; i < 3; i++) {
        tb_value method = tb_find_attr(resource, names[i]);
        if (method == TB_PENDING) return -1;
        if (method == TB_MISSING) continue;
        return tb_call0(method) == TB_PENDING ? -1 : 0;
    }
    return 0;
}

tb_value *tb_list_values(tb_list *list)
{
    if (tb_list_generalise(list) < 0) return NULL;
    return list->as.items;
}

// -------------------------------------------------------------------------------------- raw items

int64_t tb_compare_texts_slow(tb_value left, tb_value right)
{
    return tb_str_compare(TB_AS_STR(left), TB_AS_STR(right));
}

tb_value tb_get_item_at_slow(tb_value object, int64_t index)
{
    if (TB_IS_LIST(object)) {
        tb_list *list = TB_AS_LIST(object);
        if ((uint64_t)index < (uint64_t)list->count) return tb_list_at(list, index);
    }
    tb_value boxed = tb_int_from(index);
    return boxed == TB_PENDING ? boxed : tb_get_item(object, boxed);
}

int tb_set_item_at_slow(tb_value object, int64_t index, tb_value value)
{
    if (TB_IS_LIST(object)) {
        tb_list *list = TB_AS_LIST(object);
        if ((uint64_t)index < (uint64_t)list->count && tb_list_store(list, index, value)) return 0;
    }
    tb_value boxed = tb_int_from(index);
    return boxed == TB_PENDING ? -1 : tb_set_item(object, boxed, value);
}

double tb_get_item_float(tb_value object, tb_value index)
{
    tb_value item = tb_get_item(object, index);
    return item == TB_PENDING ? tb_nan() : tb_number_get(item);
}

int tb_get_item_bool(tb_value object, tb_value index)
{
    tb_value item = tb_get_item(object, index);
    return item == TB_PENDING ? -1 : item == TB_TRUE;
}

int tb_set_item_float(tb_value object, tb_value index, double value)
{
    tb_value boxed = tb_float_from(value);
    return boxed == TB_PENDING ? -1 : tb_set_item(object, index, boxed);
}

int tb_set_item_bool(tb_value object, tb_value index, int value)
{
    return tb_set_item(object, index, TB_BOOL_VALUE(value));
}
