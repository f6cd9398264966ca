// Index, slice, length and unpacking: what each means for the type at hand, and the errors when it
// means nothing.
#include "items.h"

#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "func.h"
#include "int.h"
#include "iter.h"
#include "list.h"
#include "object.h"
#include "range.h"
#include "set.h"
#include "str.h"
#include "tuple.h"

#include <inttypes.h>

// ----------------------------------------------------------------------------------------- indices

tb_value tb_index_error(int64_t index, const char *type, int64_t count, const char *one)
{
    return tb_raise_error(&tb_error_index, "index %" PRId64 " is outside a %s of %" PRId64 " %s%s",
                          index, type, count, one, count == 1 ? "" : "s");
}

// An Int or Bool as an Int; TB_PENDING with a TypeError for anything else.
static tb_value index_as_int(tb_value index)
{
    if (TB_LIKELY(TB_IS_INT(index))) return index;
    if (index == TB_TRUE || index == TB_FALSE) return TB_INT62(index == TB_TRUE);
    return tb_raise_error(&tb_error_type, "an index must be an Int, not %A", index);
}

int tb_index_from(tb_value index, int64_t *out)
{
    tb_value whole = index_as_int(index);
    if (whole == TB_PENDING) return -1;
    if (tb_int_to(whole, out)) return 0;
    tb_raise_error(&tb_error_index, "index %V is outside any sequence", index);
    return -1;
}

// ------------------------------------------------------------------------------------ single items

static tb_value get_by_special(tb_value object, tb_value index)
{
    tb_fn *get_item = tb_special_of(object, TB_SPECIAL_GET_ITEM);
    if (get_item) return tb_call_method_fn(get_item, object, 1, &index);
    return tb_raise_error(&tb_error_type, "%A has no items to index", object);
}

static tb_value get_at(tb_value object, tb_kind kind, int64_t index)
{
    switch (kind) {
    case TB_LIST:
        return tb_list_get(TB_AS_LIST(object), index);
    case TB_TUPLE:
        return tb_tuple_get(TB_AS_TUPLE(object), index);
    case TB_STRING:
        return tb_str_get(TB_AS_STR(object), index);
    default:
        return tb_bytes_get(TB_AS_BYTES(object), index);
    }
}

tb_value tb_get_item(tb_value object, tb_value index)
{
    int64_t at;
    if (TB_IS_LIST(object) && TB_IS_INT62(index)) { // nearly always
        const tb_list *xs = TB_AS_LIST(object);
        at = tb_index_wrap(TB_INT62_GET(index), xs->count);
        if (TB_LIKELY(at >= 0))
            return xs->kind == TB_ITEMS_BOXED ? xs->as.items[at] : tb_list_at(xs, at);
    }
    tb_kind kind = TB_KIND(object);
    switch (kind) {
    case TB_LIST:
    case TB_TUPLE:
    case TB_STRING:
    case TB_BYTES:
        return tb_index_from(index, &at) < 0 ? TB_PENDING : get_at(object, kind, at);
    case TB_DICT:
        return tb_dict_get(TB_AS_DICT(object), index);
    case TB_RANGE:
        index = index_as_int(index);
        return index == TB_PENDING ? TB_PENDING : tb_range_get(TB_AS_RANGE(object), index);
    default:
        return get_by_special(object, index);
    }
}

// Raises TypeError for something whose items cannot be changed. Returns -1.
static int cannot_change(tb_value object)
{
    tb_raise_error(&tb_error_type, "the items of %A cannot be changed", object);
    return -1;
}

static int set_by_special(tb_value object, tb_value index, tb_value value)
{
    tb_fn *set_item = tb_special_of(object, TB_SPECIAL_SET_ITEM);
    if (!set_item) return cannot_change(object);
    tb_value arguments[] = {index, value};
    return tb_call_method_fn(set_item, object, 2, arguments) == TB_PENDING ? -1 : 0;
}

int tb_set_item(tb_value object, tb_value index, tb_value value)
{
    int64_t at;
    if (TB_IS_LIST(object))
        return tb_index_from(index, &at) < 0 ? -1 : tb_list_put(TB_AS_LIST(object), at, value);
    if (TB_IS_DICT(object)) return tb_dict_put(TB_AS_DICT(object), index, value);
    return set_by_special(object, index, value);
}

static int remove_key(tb_dict *dict, tb_value key)
{
    int removed = tb_dict_remove(dict, key);
    if (removed == 0) tb_dict_no_key(key);
    return removed == 1 ? 0 : -1;
}

static int remove_at(tb_list *xs, tb_value index)
{
    int64_t given;
    if (tb_index_from(index, &given) < 0) return -1;
    int64_t at = tb_index_wrap(given, xs->count);
    if (at < 0) {
        tb_index_error(given, "List", xs->count, "item");
        return -1;
    }
    tb_list_remove_span(xs, at, 1);
    return 0;
}

int tb_del_item(tb_value object, tb_value index)
{
    if (TB_IS_LIST(object)) return remove_at(TB_AS_LIST(object), index);
    if (TB_IS_DICT(object)) return remove_key(TB_AS_DICT(object), index);
    return cannot_change(object);
}

// ------------------------------------------------------------------------------------------ slices

// Reads one part of a slice: None is [unset], an Int beyond 64 bits the nearest number that fits.
static inline int slice_part(tb_value v, int64_t unset, int64_t *out)
{
    *out = unset;
    if (v == TB_NONE_VALUE || v == TB_MISSING) return 0;
    if (TB_IS_INT62(v)) {
        *out = TB_INT62_GET(v);
        return 0;
    }
    tb_value whole = index_as_int(v);
    if (whole == TB_PENDING) return -1;
    if (!tb_int_to(whole, out)) *out = tb_int_sign(whole) < 0 ? INT64_MIN : INT64_MAX;
    return 0;
}

// The position a bound means: negative counts from the end, what lies outside is clamped to low …
// high.
static int64_t clamp_bound(int64_t at, int64_t count, int64_t low, int64_t high)
{
    if (at < 0) at += count;
    return at < low ? low : at > high ? high : at;
}

int tb_span_of(int64_t count, tb_value from, tb_value to, tb_value step, tb_span *out)
{
    int64_t stride, first, last;
    if (slice_part(step, 1, &stride) < 0) return -1;
    if (stride == 0) {
        tb_raise_error(&tb_error_value, "the step of a slice cannot be 0");
        return -1;
    }
    if (stride == INT64_MIN)
        stride++; // it has no positive counterpart, and nobody can tell the difference
    int64_t low = stride < 0 ? -1 : 0;
    int64_t high = stride < 0 ? count - 1 : count;
    // What is left out lies beyond the end it stands for.
    if (slice_part(from, stride < 0 ? INT64_MAX : INT64_MIN, &first) < 0 ||
        slice_part(to, stride < 0 ? INT64_MIN : INT64_MAX, &last) < 0)
        return -1;
    first = clamp_bound(first, count, low, high);
    last = clamp_bound(last, count, low, high);
    int64_t distance = stride < 0 ? first - last : last - first;
    int64_t size = stride < 0 ? -stride : stride;
    if (distance < 0) distance = 0;
    int64_t items = size == 1 || distance == 0 ? distance : (distance - 1) / size + 1;
    *out = (tb_span){first, stride, items};
    return 0;
}

static tb_value or_pending(void *object)
{
    return object ? TB_OBJECT(object) : TB_PENDING;
}

tb_value tb_get_slice(tb_value object, tb_value from, tb_value to, tb_value step)
{
    tb_span span;
    switch (TB_KIND(object)) {
    case TB_LIST: {
        tb_list *xs = TB_AS_LIST(object);
        if (tb_span_of(xs->count, from, to, step, &span) < 0) return TB_PENDING;
        return or_pending(tb_list_slice(xs, span.from, span.step, span.count));
    }
    case TB_TUPLE: {
        tb_tuple *tuple = TB_AS_TUPLE(object);
        if (tb_span_of(tuple->count, from, to, step, &span) < 0) return TB_PENDING;
        return tb_tuple_slice(tuple, span.from, span.step, span.count);
    }
    case TB_STRING:
        return or_pending(tb_str_slice_step(TB_AS_STR(object), from, to, step));
    case TB_BYTES:
        return or_pending(tb_bytes_slice(TB_AS_BYTES(object), from, to, step));
    case TB_RANGE:
        return tb_range_slice(TB_AS_RANGE(object), from, to, step);
    default:
        return tb_raise_error(&tb_error_type, "%A cannot be sliced", object);
    }
}

// The list of a slice to be changed, with the slice laid over it; NULL: raised.
static tb_list *list_to_change(tb_value object, tb_value from, tb_value to, tb_value step,
                               tb_span *span)
{
    if (!TB_IS_LIST(object)) {
        cannot_change(object);
        return NULL;
    }
    tb_list *xs = TB_AS_LIST(object);
    return tb_span_of(xs->count, from, to, step, span) < 0 ? NULL : xs;
}

static int put_steps(tb_list *xs, tb_span span, const tb_list *items)
{
    if (items->count != span.count) {
        tb_raise_error(&tb_error_value,
                       "%" PRId64 " items cannot replace the %" PRId64 " of a slice with a step",
                       items->count, span.count);
        return -1;
    }
    if (items == xs && !(items = tb_list_copy(xs))) return -1;
    for (int64_t i = 0; i < span.count; i++) {
        tb_value item = tb_list_at(items, i);
        if (item == TB_PENDING || tb_list_put(xs, span.from + i * span.step, item) < 0) return -1;
    }
    return 0;
}

int tb_set_slice(tb_value object, tb_value from, tb_value to, tb_value step, tb_value value)
{
    // First the items: going through an iterable may run code that changes the list.
    const tb_list *items = TB_IS_LIST(value) ? TB_AS_LIST(value) : tb_list_of(value);
    if (!items) return -1;
    tb_span span;
    tb_list *xs = list_to_change(object, from, to, step, &span);
    if (!xs) return -1;
    if (span.step == 1) return tb_list_replace(xs, span.from, span.count, items);
    return put_steps(xs, span, items);
}

int tb_del_slice(tb_value object, tb_value from, tb_value to, tb_value step)
{
    tb_span span;
    tb_list *xs = list_to_change(object, from, to, step, &span);
    if (!xs) return -1;
    if (span.step < 0 && span.count > 0)
        span = (tb_span){span.from + (span.count - 1) * span.step, -span.step, span.count};
    if (span.step == 1)
        tb_list_remove_span(xs, span.from, span.count);
    else
        tb_list_remove_steps(xs, span.from, span.step, span.count);
    return 0;
}

// ------------------------------------------------------------------------------------------ length

static tb_value length_by_special(tb_value v)
{
    tb_fn *len = tb_special_of(v, TB_SPECIAL_LEN);
    if (!len) return tb_raise_error(&tb_error_type, "%A has no length", v);
    tb_value length = tb_call_method_fn(len, v, 0, NULL);
    if (length == TB_PENDING || (TB_IS_INT(length) && tb_int_sign(length) >= 0)) return length;
    if (TB_IS_INT(length))
        return tb_raise_error(&tb_error_value, "`len` of %A returned %V", v, length);
    return tb_raise_error(&tb_error_type, "`len` of %A returned %A, not an Int", v, length);
}

tb_value tb_length(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return TB_INT62(TB_AS_LIST(v)->count);
    case TB_TUPLE:
        return TB_INT62(TB_AS_TUPLE(v)->count);
    case TB_STRING:
        return TB_INT62(TB_AS_STR(v)->length);
    case TB_BYTES:
        return TB_INT62(TB_AS_BYTES(v)->size);
    case TB_DICT:
        return TB_INT62(tb_dict_count(TB_AS_DICT(v)));
    case TB_SET:
        return TB_INT62(tb_set_count(TB_AS_SET(v)));
    case TB_RANGE:
        return tb_range_length(TB_AS_RANGE(v));
    default:
        return length_by_special(v);
    }
}

// What `len` takes.
static int has_length(tb_value v)
{
    const uint32_t kinds = 1u << TB_STRING | 1u << TB_BYTES | 1u << TB_LIST | 1u << TB_TUPLE |
                           1u << TB_DICT | 1u << TB_SET | 1u << TB_RANGE;
    return kinds >> TB_KIND(v) & 1 || tb_special_of(v, TB_SPECIAL_LEN) != NULL;
}

int64_t tb_length_raw(tb_value v)
{
    int64_t count;
    if (TB_UNLIKELY(!has_length(v))) {
        tb_raise_error(&tb_error_type, "`x` of `len` must be a container or text, not %T", v);
        return INT64_MIN;
    }
    tb_value length = tb_length(v);
    if (length == TB_PENDING) return INT64_MIN;
    if (tb_int_to(length, &count)) return count;
    tb_raise_error(&tb_error_overflow, "%A of %V items is too long to be counted here", v, length);
    return INT64_MIN;
}

// --------------------------------------------------------------------------------------- unpacking

static int wrong_count(int64_t wanted, int64_t count)
{
    tb_raise_error(&tb_error_value, "expected %" PRId64 " item%s to unpack, not %" PRId64, wanted,
                   wanted == 1 ? "" : "s", count);
    return -1;
}

static int unpack_iterable(tb_value v, int64_t count, tb_value *out)
{
    tb_iter it;
    if (tb_iter_start(&it, v) < 0) return -1;
    for (int64_t i = 0; i < count; i++) {
        int got = tb_iter_next(&it, &out[i]);
        if (got != 1) return got < 0 ? -1 : wrong_count(count, i);
    }
    tb_value extra;
    int got = tb_iter_next(&it, &extra);
    if (got == 1)
        tb_raise_error(&tb_error_value, "expected %" PRId64 " item%s to unpack, but there are more",
                       count, count == 1 ? "" : "s");
    return got == 0 ? 0 : -1;
}

// Copies [count] items of a list from [from] on to [out].
static int copy_items(const tb_list *xs, int64_t from, int64_t count, tb_value *out)
{
    for (int64_t i = 0; i < count; i++)
        if ((out[i] = tb_list_at(xs, from + i)) == TB_PENDING) return -1;
    return 0;
}

int tb_unpack(tb_value v, int64_t count, tb_value *out)
{
    if (TB_IS_TUPLE(v)) {
        const tb_tuple *tuple = TB_AS_TUPLE(v);
        if (tuple->count != count) return wrong_count(count, tuple->count);
        for (int64_t i = 0; i < count; i++)
            out[i] = tuple->items[i];
        return 0;
    }
    if (TB_IS_LIST(v)) {
        const tb_list *xs = TB_AS_LIST(v);
        return xs->count == count ? copy_items(xs, 0, count, out) : wrong_count(count, xs->count);
    }
    return unpack_iterable(v, count, out);
}

int tb_unpack_rest(tb_value v, int64_t before, int64_t after, tb_value *out)
{
    const tb_list *xs = TB_IS_LIST(v) ? TB_AS_LIST(v) : tb_list_of(v);
    if (!xs) return -1;
    int64_t rest = xs->count - before - after;
    if (rest < 0) {
        tb_raise_error(&tb_error_value,
                       "expected at least %" PRId64 " item%s to unpack, not %" PRId64,
                       before + after, before + after == 1 ? "" : "s", xs->count);
        return -1;
    }
    tb_list *middle = tb_list_slice(xs, before, 1, rest);
    if (!middle || copy_items(xs, 0, before, out) < 0) return -1;
    out[before] = TB_OBJECT(middle);
    return copy_items(xs, before + rest, after, out + before + 1);
}
