// What only generated code uses: checks with their jump to the handler, and small helpers behind
// single IR commands.
//
// In every generated function `at_` holds the position (TB_AT) of the operation that failed last,
// and a label named by the macros' last argument is where failures go.
#ifndef TB_CODE_H
#define TB_CODE_H

#include "arith.h"
#include "compare.h"
#include "error.h"
#include "finalizer.h"
#include "float.h"
#include "func.h"
#include "int.h"
#include "items.h"
#include "list.h"
#include "object.h"
#include "program.h"
#include "raw.h"
#include "stack.h"
#include "str.h"
#include "value.h"

#define TB_FAIL_AT(position, label)                                                                \
    do {                                                                                           \
        at_ = (position);                                                                          \
        goto label;                                                                                \
    } while (0)

#define TB_CHECK(value, position, label)                                                           \
    if (TB_UNLIKELY((value) == TB_PENDING)) TB_FAIL_AT(position, label)
#define TB_CHECK_STATUS(status, position, label)                                                   \
    if (TB_UNLIKELY((status) < 0)) TB_FAIL_AT(position, label)
#define TB_CHECK_POINTER(pointer, position, label)                                                 \
    if (TB_UNLIKELY(!(pointer))) TB_FAIL_AT(position, label)
#define TB_CHECK_INT(number, position, label)                                                      \
    if (TB_UNLIKELY((number) == INT64_MIN && tb_rt.pending)) TB_FAIL_AT(position, label)
#define TB_CHECK_FLOAT(number, position, label)                                                    \
    if (TB_UNLIKELY((number) != (number) && tb_rt.pending)) TB_FAIL_AT(position, label)

// At the start of a function: is there room for its frame? If not, the call failed where it stands,
// so the function itself adds no line to the trace.
#ifdef __TINYC__ // the same without macros in it
#define TB_ENTER(pending_result)                                                                   \
    if ((char *)__builtin_frame_address(0) <= tb_rt.stack_limit &&                                 \
        tb_stack_overflow() == TB_PENDING)                                                         \
        return pending_result;
#else
#define TB_ENTER(pending_result)                                                                   \
    if (TB_UNLIKELY(!tb_stack_ok()) && tb_stack_overflow() == TB_PENDING) return pending_result;
#endif
// At the head of a loop: was Ctrl-C pressed, or is a finalizer due?
#define TB_POLL(position, label)                                                                   \
    if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_poll() == TB_PENDING)                        \
    TB_FAIL_AT(position, label)
// The same without finalizers, for a loop that counts on lists to stay as they are.
#define TB_POLL_QUIET(position, label)                                                             \
    if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_interrupt() == TB_PENDING)                   \
    TB_FAIL_AT(position, label)
// The same in the first tier of a program, with [ask], tb_poll or tb_interrupt; when optimised code
// has taken over, [leave] returns what it makes of the rest.
#define TB_POLL_TIER(ask, position, label, leave)                                                  \
    if (TB_UNLIKELY(tb_rt.interrupted)) {                                                          \
        if (ask() == TB_PENDING) TB_FAIL_AT(position, label);                                      \
        if (tb_rt.interrupted & TB_SECOND_TIER) leave;                                             \
    }

// The value of a slot that must hold something; AttributeError naming [name_] otherwise.
#define TB_FIELD(out, object, index, name_, position, label)                                       \
    (out) = TB_AS_INSTANCE(object)->slots[index].value;                                            \
    if (TB_UNLIKELY((out) == TB_MISSING)) {                                                        \
        (out) = tb_field_missing((object), (name_));                                               \
        TB_CHECK((out), position, label);                                                          \
    }

#define TB_FIELD_FLOAT(out, object, index, name_, position, label)                                 \
    (out) = TB_AS_INSTANCE(object)->slots[index].number;                                           \
    if (TB_UNLIKELY(TB_AS_INSTANCE(object)->slots[index].value == TB_MISSING)) {                   \
        tb_value missing_ = tb_field_missing((object), (name_));                                   \
        TB_CHECK(missing_, position, label);                                                       \
        (out) = tb_number_get(missing_);                                                           \
    }

// NameError when the variable [name_] has no value yet.
#define TB_CHECK_SET(value, name_, position, label)                                                \
    if (TB_UNLIKELY((value) == TB_MISSING)) {                                                      \
        tb_raise_unset(name_);                                                                     \
        TB_FAIL_AT(position, label);                                                               \
    }

// A variable that is not read again: libtcc gives each its own place in the frame, where a large
// text or list would be held until the function returns.
#ifdef __TINYC__
#define TB_FORGET(variable) (variable) = 0
#else
#define TB_FORGET(variable) (void)0
#endif

// ---- arithmetic in loops: small Ints in line, anything else by the runtime

// [out] keeps its value where the operation fails, and may be one of the operands.
#define TB_ARITHMETIC(fast, slow, out, a, b, position, label)                                      \
    do {                                                                                           \
        tb_value tb_result_;                                                                       \
        if (TB_LIKELY(fast(tb_result_, a, b))) {                                                   \
            (out) = tb_result_;                                                                    \
        } else {                                                                                   \
            tb_result_ = slow(a, b);                                                               \
            TB_CHECK(tb_result_, position, label);                                                 \
            (out) = tb_result_;                                                                    \
            TB_FORGET(tb_result_);                                                                 \
        }                                                                                          \
    } while (0)
#define TB_ADD(out, a, b, position, label)                                                         \
    TB_ARITHMETIC(TB_ADD_FAST, tb_add, out, a, b, position, label)
#define TB_SUB(out, a, b, position, label)                                                         \
    TB_ARITHMETIC(TB_SUB_FAST, tb_sub, out, a, b, position, label)
#define TB_MUL(out, a, b, position, label)                                                         \
    TB_ARITHMETIC(TB_MUL_FAST, tb_mul, out, a, b, position, label)
#define TB_FLOOR_DIV(out, a, b, position, label)                                                   \
    TB_ARITHMETIC(TB_FLOOR_DIV_FAST, tb_floor_div, out, a, b, position, label)
#define TB_MOD(out, a, b, position, label)                                                         \
    TB_ARITHMETIC(TB_MOD_FAST, tb_mod, out, a, b, position, label)
#define TB_BIT_AND(out, a, b, position, label)                                                     \
    TB_ARITHMETIC(TB_BIT_AND_FAST, tb_bit_and, out, a, b, position, label)
#define TB_BIT_OR(out, a, b, position, label)                                                      \
    TB_ARITHMETIC(TB_BIT_OR_FAST, tb_bit_or, out, a, b, position, label)
#define TB_BIT_XOR(out, a, b, position, label)                                                     \
    TB_ARITHMETIC(TB_BIT_XOR_FAST, tb_bit_xor, out, a, b, position, label)

// Operations that may use up the blocks of the operands in [spent]; see int.h.
#define TB_SPENDING(fast, slow, out, a, b, spent, position, label)                                 \
    do {                                                                                           \
        tb_value tb_result_;                                                                       \
        if (!fast(tb_result_, a, b)) {                                                             \
            tb_result_ = slow(a, b, spent);                                                        \
            TB_CHECK(tb_result_, position, label);                                                 \
        }                                                                                          \
        (out) = tb_result_;                                                                        \
    } while (0)
#define TB_ADD_SPENDING(out, a, b, spent, position, label)                                         \
    TB_SPENDING(TB_ADD_FAST, tb_int_add_spending, out, a, b, spent, position, label)
#define TB_SUB_SPENDING(out, a, b, spent, position, label)                                         \
    TB_SPENDING(TB_SUB_FAST, tb_int_sub_spending, out, a, b, spent, position, label)
#define TB_MUL_SPENDING(out, a, b, spent, position, label)                                         \
    TB_SPENDING(TB_MUL_FAST, tb_int_mul_spending, out, a, b, spent, position, label)
#define TB_FLOOR_DIV_SPENDING(out, a, b, spent, position, label)                                   \
    TB_SPENDING(TB_FLOOR_DIV_FAST, tb_int_floor_div_spending, out, a, b, spent, position, label)
#define TB_MOD_SPENDING(out, a, b, spent, position, label)                                         \
    TB_SPENDING(TB_MOD_FAST, tb_int_mod_spending, out, a, b, spent, position, label)

// Comparisons: 1 or 0, and -1 where [slow] fails.
#define TB_COMPARE(a, op, b, slow) (TB_ARE_INT62(a, b) ? (int64_t)(a)op(int64_t)(b) : slow(a, b))
#define TB_COMPARE_INTS(a, op, b)                                                                  \
    (TB_ARE_INT62(a, b) ? (int64_t)(a)op(int64_t)(b) : tb_int_compare(a, b) op 0)

#define TB_HAS_KINDS(v, mask) ((int)((mask) >> TB_KIND(v) & 1))

// ---- types of annotations

// A type as an annotation says it. A value fits when its kind is in [kinds] (an instance: of [cls]
// or below, NULL: any) and its parts fit [args]: items of a List or Set, keys and values of a Dict,
// the parts of a Tuple; or when it fits one of the alternatives.
typedef struct tb_type {
    uint32_t kinds;
    int special; // an instance or an object of the library must have this tb_special; -1: none
    const tb_class *cls;
    const char *text; // as written: "List[Int]"
    int64_t arg_count;
    const struct tb_type *const *args; // NULL: anything
    int64_t alternative_count;
    const struct tb_type *const *alternatives;
} tb_type;

// Whether [v] is of the type. [lenient]: a Bool counts as a number.
int tb_type_holds(const tb_type *type, tb_value v, int lenient);

// Whether [v], if it is an instance or an object of the library, has what TB_SPECIAL_ITER, _LEN or
// _CALL stands for. What has `next` or `get_item` can be gone through as well.
int tb_can(tb_value v, int64_t special);

// Whether the type has Float where an Int may be given: `Float`, `Float?`, …
int tb_type_wants_float(const tb_type *type);

// One of several functions of the library that share a name.
typedef struct tb_form_param {
    const char *name;
    const tb_type *type; // NULL: anything
} tb_form_param;

typedef struct tb_form {
    int64_t count;
    int64_t required; // the first so many parameters must be given
    int64_t rest;     // index of the rest parameter, or -1
    const tb_form_param *params;
} tb_form;

typedef struct tb_forms {
    const char *name;
    int64_t count;
    const tb_form *forms;
} tb_forms;

// Gives back [v] when it fits; an Int given where a Float but no Int fits comes back as that Float.
// Otherwise raises TypeError "[what] must be Int, not String".
tb_value tb_check_type(tb_value v, const tb_type *type, const char *what, int flags);
// The same for each item of a rest parameter's list, which comes back.
tb_value tb_check_rest(tb_value list, const tb_type *type, const char *what, int flags);
#define TB_CHECK_LENIENT 1 // a Bool counts as a number
#define TB_CHECK_FRESH   2 // nobody else has seen the container: its Ints may become Floats in place

// ---- truth and attributes, the usual cases in line; libtcc makes a call of everything

#ifdef __TINYC__
#define tb_truth_of    tb_truth
#define tb_get_attr_of tb_get_attr
#define tb_set_attr_of tb_set_attr
#else
static inline int tb_truth_of(tb_value v)
{
    if (v == TB_TRUE) return 1;
    return v == TB_FALSE || v == TB_NONE_VALUE ? 0 : tb_truth(v);
}

// Whether [cache] knows a boxed slot of the object.
static inline int tb_knows_slot(tb_value object, const tb_cache *cache)
{
    if (!TB_IS_OBJECT(object)) return 0;
    const tb_class *cls = TB_AS_OBJECT(object)->cls;
    return cls == cache->cls && !cache->method && cls->slots[cache->slot].kind == TB_SLOT_VALUE;
}

// Keeps gcc from following a constant object into slots it does not have, which it would warn of.
#define TB_OPAQUE(object) __asm__("" : "+r"(object))

static inline tb_value tb_get_attr_of(tb_value object, const tb_str *name, tb_cache *cache)
{
    TB_OPAQUE(object);
    if (TB_LIKELY(tb_knows_slot(object, cache))) {
        tb_value value = TB_AS_INSTANCE(object)->slots[cache->slot].value;
        if (TB_LIKELY(value != TB_MISSING)) return value;
    }
    return tb_get_attr(object, name, cache);
}

static inline int tb_set_attr_of(tb_value object, const tb_str *name, tb_value value,
                                 tb_cache *cache)
{
    TB_OPAQUE(object);
    if (TB_UNLIKELY(!tb_knows_slot(object, cache))) return tb_set_attr(object, name, value, cache);
    TB_AS_INSTANCE(object)->slots[cache->slot].value = value;
    return 0;
}
#endif

// `v == "text"`, where the text is written in the program: most often the sizes tell.
#ifdef __TINYC__
#define tb_equal_text tb_equal
#else
static inline int tb_equal_text(tb_value v, tb_value text)
{
    TB_OPAQUE(v);
    if (TB_UNLIKELY(!TB_IS_STR(v))) return tb_equal(v, text);
    const tb_str *a = TB_AS_STR(v), *b = TB_AS_STR(text);
    return a->size == b->size && tb_str_equal(a, b);
}
#endif

// `==` of two Strings, which begin with different bytes most often when they differ. The order of
// two: below, at or above 0.
#ifdef __TINYC__
#define tb_equal_texts   tb_equal
#define tb_compare_texts tb_compare_texts_slow
#else
static inline int tb_equal_texts(tb_value left, tb_value right)
{
    if (left == right) return 1;
    const tb_str *a = TB_AS_STR(left), *b = TB_AS_STR(right);
    return a->size == b->size && *a->data == *b->data && tb_str_equal(a, b);
}

static inline int64_t tb_compare_texts(tb_value left, tb_value right)
{
    const tb_str *a = TB_AS_STR(left), *b = TB_AS_STR(right);
    int order = (unsigned char)*a->data - (unsigned char)*b->data;
    return order && a->size && b->size ? order : tb_str_compare(a, b);
}
#endif
int64_t tb_compare_texts_slow(tb_value left, tb_value right);

// ---- methods

// What [object].name() calls: the method's function object, or TB_MISSING when its class has none.
tb_value tb_find_method_slow(tb_value object, const tb_str *name, tb_cache *cache);
static inline tb_value tb_find_method(tb_value object, const tb_str *name, tb_cache *cache)
{
    if (!TB_IS_OBJECT(object)) return TB_MISSING;
    const tb_class *cls = TB_AS_OBJECT(object)->cls;
    if (cls == cache->cls) return TB_OBJECT(cache->method);
    const tb_found_method *found = tb_found_place(cls, name);
    if (found->cls == cls && found->name == name) return TB_OBJECT(found->method);
    return tb_find_method_slow(object, name, cache);
}

// Whether two values are the same object.
static inline int tb_is_same(tb_value a, tb_value b)
{
    return a == b;
}

// Whether [value] is an object of just this class, none below it.
static inline int tb_is_exactly(tb_value value, const tb_class *cls)
{
    return TB_IS(value, cls);
}

// ---- single commands

// A new cell holding [v]; NULL: MemoryError is pending.
tb_cell *tb_cell_new(tb_value v);

// Raises AttributeError: the field has no value yet. A value in the instance's extra fields of that
// name is returned instead.
TB_COLD tb_value tb_field_missing(tb_value object, const tb_str *name);

// Raises NameError: the variable has no value yet.
TB_COLD tb_value tb_raise_unset(const char *name);

// Raises AssertionError with str() of [message], or without a message for TB_MISSING.
TB_COLD tb_value tb_raise_assertion(tb_value message);

// Raises TypeError: none of the [forms] takes these values (by position, TB_MISSING where left
// out). It speaks of the first value that the form which comes nearest cannot take (forms.c).
TB_COLD tb_value tb_raise_overload(const tb_forms *forms, int64_t count, const tb_value *values);

// Raises TypeError unless [f] can be called: it is the value of the variable [name], which hides a
// function of [library]. 0 or -1.
int tb_check_callee(tb_value f, tb_value name, tb_value library);

// The end of a counted loop: an Int beyond 62 bits counts as the nearest bound, which no loop
// reaches. TypeError when [v] is no Int.
int64_t tb_range_bound(tb_value v);

// How many items `range(from, to, step)` has, all Ints; what no loop reaches counts as 2^61 - 1.
// INT64_MIN: the step is 0 (ValueError), or MemoryError.
int64_t tb_range_turns(tb_value from, tb_value to, tb_value step);

// What a loop over a Range counts with; of items what no loop reaches counts as 2^61 - 1.
tb_value tb_range_from(tb_value range);
tb_value tb_range_step(tb_value range);
int64_t tb_range_count(tb_value range);

// `when 1..5`: whether [v] is a number in the range; anything else is not.
int tb_range_holds(tb_value range, tb_value v);

// An Int or Bool that fits 64 bits, or a Float without its fraction; OverflowError otherwise,
// TypeError for anything else.
int64_t tb_int64_of(tb_value v);

// What `with` does in the end: calls close(), exit() or release(); a value that has none of them is
// left alone.
int tb_close(tb_value resource);

// The list's items as boxed values, for a call that spreads them. NULL only when raised; an empty
// list gives a pointer that must not be read.
tb_value *tb_list_values(tb_list *list);

// ---- items of lists, in line in loops

// What tb_get_item and tb_set_item do, with the way for an index inside a List first. libtcc makes
// a call of everything and so uses the plain forms.
#ifdef __TINYC__
#define tb_get_item_hot tb_get_item
#define tb_set_item_hot tb_set_item
#else
static inline tb_value tb_get_item_hot(tb_value object, tb_value index)
{
    if (TB_LIKELY(TB_IS_LIST(object) && TB_IS_INT62(index))) {
        const tb_list *list = TB_AS_LIST(object);
        uint64_t at = (uint64_t)TB_INT62_GET(index);
        if (TB_LIKELY(at < (uint64_t)list->count)) {
            if (list->kind == TB_ITEMS_BOXED) return list->as.items[at];
            if (list->kind == TB_ITEMS_INT) return tb_int_from(list->as.ints[at]);
            if (list->kind == TB_ITEMS_FLOAT) return tb_float_from(list->as.floats[at]);
            return TB_BOOL_VALUE(list->as.bools[at]);
        }
    }
    return tb_get_item(object, index);
}

static inline int tb_set_item_hot(tb_value object, tb_value index, tb_value value)
{
    if (TB_LIKELY(TB_IS_LIST(object) && TB_IS_INT62(index))) {
        tb_list *list = TB_AS_LIST(object);
        uint64_t at = (uint64_t)TB_INT62_GET(index);
        if (TB_LIKELY(at < (uint64_t)list->count)) {
            if (list->kind == TB_ITEMS_BOXED) return list->as.items[at] = value, 0;
            if (list->kind == TB_ITEMS_INT && TB_IS_INT62(value))
                return list->as.ints[at] = TB_INT62_GET(value), 0;
            if (list->kind == TB_ITEMS_FLOAT && TB_IS_DOUBLE(value))
                return list->as.floats[at] = tb_float_unpack(value), 0;
            if (list->kind == TB_ITEMS_BOOL && (value == TB_TRUE || value == TB_FALSE))
                return list->as.bools[at] = value == TB_TRUE, 0;
        }
    }
    return tb_set_item(object, index, value);
}
#endif

// The same with a raw index.
tb_value tb_get_item_at_slow(tb_value object, int64_t index);
int tb_set_item_at_slow(tb_value object, int64_t index, tb_value value);
#ifdef __TINYC__
#define tb_get_item_at tb_get_item_at_slow
#define tb_get_char_at tb_get_item_at_slow
#define tb_get_char    tb_get_item
#define tb_set_item_at tb_set_item_at_slow
#else
static inline tb_value tb_get_item_at(tb_value object, int64_t index)
{
    if (TB_LIKELY(TB_IS_LIST(object))) {
        const tb_list *list = TB_AS_LIST(object);
        if (TB_LIKELY((uint64_t)index < (uint64_t)list->count && list->kind == TB_ITEMS_BOXED))
            return list->as.items[index];
    }
    return tb_get_item_at_slow(object, index);
}

// The character of a String at an Int.
static inline tb_value tb_get_char_at(tb_value text, int64_t index)
{
    const tb_str *s = TB_AS_STR(text);
    if (TB_LIKELY((uint64_t)index < (uint64_t)s->length && (s->flags & TB_STR_ASCII)))
        return TB_OBJECT(tb_str_char(s->data[index]));
    return tb_get_item_at_slow(text, index);
}

static inline tb_value tb_get_char(tb_value text, tb_value index)
{
    if (TB_LIKELY(TB_IS_INT62(index))) return tb_get_char_at(text, TB_INT62_GET(index));
    return tb_get_item(text, index);
}

static inline int tb_set_item_at(tb_value object, int64_t index, tb_value value)
{
    if (TB_LIKELY(TB_IS_LIST(object))) {
        tb_list *list = TB_AS_LIST(object);
        if (TB_LIKELY((uint64_t)index < (uint64_t)list->count && list->kind == TB_ITEMS_BOXED))
            return list->as.items[index] = value, 0;
    }
    return tb_set_item_at_slow(object, index, value);
}
#endif

// object[index] for a List of Floats or of Bools.
double tb_get_item_float(tb_value object, tb_value index);
int tb_get_item_bool(tb_value object, tb_value index);
int tb_set_item_float(tb_value object, tb_value index, double value);
int tb_set_item_bool(tb_value object, tb_value index, int value);

// The Int, known to be one and to fit, as a raw number, and the raw Float or Bool of a value known
// to be one.
#define TB_UNBOX_INT(v)  TB_INT62_GET(v)
#define TB_UNBOX_BOOL(v) ((v) == TB_TRUE)
// The raw Float result that says an error is pending: a NaN. Also what `inf` and `nan` are written
// as in C.
double tb_nan(void);
double tb_infinity(void);

#endif
