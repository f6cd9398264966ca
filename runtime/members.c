// Truth and membership: `if v`, `item in container`, `a starts_with b`, `a ends_with b`.
#include "compare.h"

#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "float.h"
#include "func.h"
#include "int.h"
#include "items.h"
#include "iter.h"
#include "list.h"
#include "object.h"
#include "range.h"
#include "set.h"
#include "str.h"
#include "tuple.h"

// ------------------------------------------------------------------------------------------- truth

static int truth_of_object(tb_value v)
{
    if (!tb_special_of(v, TB_SPECIAL_LEN)) return 1;
    tb_value length = tb_length(v);
    return length == TB_PENDING ? -1 : tb_int_sign(length) != 0;
}

int tb_truth(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_NONE:
        return 0;
    case TB_BOOL:
        return v == TB_TRUE;
    case TB_INT:
        return v != TB_INT62(0);
    case TB_FLOAT:
        return tb_float_get(v) != 0.0;
    case TB_STRING:
        return TB_AS_STR(v)->size != 0;
    case TB_BYTES:
        return TB_AS_BYTES(v)->size != 0;
    case TB_LIST:
        return TB_AS_LIST(v)->count != 0;
    case TB_TUPLE:
        return TB_AS_TUPLE(v)->count != 0;
    case TB_DICT:
        return tb_dict_count(TB_AS_DICT(v)) != 0;
    case TB_SET:
        return tb_set_count(TB_AS_SET(v)) != 0;
    case TB_RANGE:
        return tb_range_length(TB_AS_RANGE(v)) != TB_INT62(0);
    case TB_INSTANCE:
    case TB_NATIVE:
        return truth_of_object(v);
    default:
        return 1;
    }
}

// -------------------------------------------------------------------------------------- membership

static int list_contains(tb_list *xs, tb_value item)
{
    int64_t at = tb_list_find(xs, item, 0, xs->count);
    return at == INT64_MIN ? -1 : at >= 0;
}

static int tuple_contains(const tb_tuple *tuple, tb_value item)
{
    for (int64_t i = 0; i < tuple->count; i++) {
        int equal = tb_same_item(tuple->items[i], item);
        if (equal != 0) return equal;
    }
    return 0;
}

// A text contains texts, and nothing else can be asked for.
static int string_contains(const tb_str *s, tb_value item)
{
    if (TB_IS_STR(item)) return tb_str_contains(s, TB_AS_STR(item));
    tb_raise_error(&tb_error_type, "a String contains Strings, not %A", item);
    return -1;
}

static int bytes_contain(const tb_bytes *bytes, tb_value item)
{
    int64_t byte;
    if (TB_IS(item, &tb_class_bytes)) return tb_bytes_find(bytes, TB_AS_BYTES(item), 0) >= 0;
    if (!TB_IS_INT(item)) {
        tb_raise_error(&tb_error_type, "Bytes contain Bytes and Ints, not %A", item);
        return -1;
    }
    if (!tb_int_to(item, &byte) || byte < 0 || byte > 255) {
        tb_raise_error(&tb_error_value, "a byte lies between 0 and 255, %V does not", item);
        return -1;
    }
    for (int64_t i = 0; i < bytes->size; i++)
        if (bytes->data[i] == byte) return 1;
    return 0;
}

static int contains_by_iteration(tb_value container, tb_value item)
{
    tb_iter it;
    tb_value own;
    int got = tb_iter_start(&it, container);
    if (got < 0) return -1;
    while ((got = tb_iter_next(&it, &own)) == 1) {
        int equal = tb_same_item(own, item);
        if (equal != 0) return equal;
    }
    return got;
}

static int object_contains(tb_value object, tb_value item)
{
    tb_fn *contains = tb_special_of(object, TB_SPECIAL_CONTAINS);
    if (!contains) return contains_by_iteration(object, item);
    tb_value result = tb_call_method_fn(contains, object, 1, &item);
    return result == TB_PENDING ? -1 : tb_truth(result);
}

int tb_contains(tb_value container, tb_value item)
{
    switch (TB_KIND(container)) {
    case TB_LIST:
        return list_contains(TB_AS_LIST(container), item);
    case TB_TUPLE:
        return tuple_contains(TB_AS_TUPLE(container), item);
    case TB_DICT:
        return tb_dict_has(TB_AS_DICT(container), item);
    case TB_SET:
        return tb_set_has(TB_AS_SET(container), item);
    case TB_RANGE:
        return tb_range_contains(TB_AS_RANGE(container), item);
    case TB_STRING:
        return string_contains(TB_AS_STR(container), item);
    case TB_BYTES:
        return bytes_contain(TB_AS_BYTES(container), item);
    case TB_ITERATOR:
        return contains_by_iteration(container, item);
    case TB_INSTANCE:
    case TB_NATIVE:
        return object_contains(container, item);
    default:
        tb_raise_error(&tb_error_type, "%A cannot contain anything", container);
        return -1;
    }
}

static int not_texts(tb_value a, tb_value b, const char *word)
{
    tb_raise_error(&tb_error_type, "`%s` needs two Strings, not %A and %A", word, a, b);
    return -1;
}

int tb_starts_with(tb_value a, tb_value b)
{
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_starts_with(TB_AS_STR(a), TB_AS_STR(b));
    if (TB_IS(a, &tb_class_bytes) && TB_IS(b, &tb_class_bytes))
        return tb_bytes_starts_with(TB_AS_BYTES(a), TB_AS_BYTES(b));
    return not_texts(a, b, "starts_with");
}

int tb_ends_with(tb_value a, tb_value b)
{
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_ends_with(TB_AS_STR(a), TB_AS_STR(b));
    if (TB_IS(a, &tb_class_bytes) && TB_IS(b, &tb_class_bytes))
        return tb_bytes_ends_with(TB_AS_BYTES(a), TB_AS_BYTES(b));
    return not_texts(a, b, "ends_with");
}
