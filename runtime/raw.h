// Raw Ints: what the fast version of a function computes with.
//
// A fast version keeps Ints in `int64_t`. Where an operation cannot go on like that (it overflows,
// a value needs more than 62 bits, it would raise) the version is left through its slow twin, which
// goes on from the same place with boxed Ints: `leave` is that `return`. Nothing is done twice.
//
// A fast version whose result is an Int returns it raw. INT64_MIN then means that something else
// happened: an error is pending, or the Int needs more room and waits in `tb_rt.wide`.
#ifndef TB_RAW_H
#define TB_RAW_H

#include "error.h"
#include "int.h"
#include "list.h"
#include "value.h"

#ifdef __TINYC__
#define TB_RAW_ADD(out, a, b, leave)                                                               \
    do {                                                                                           \
        int64_t raw_ = (int64_t)((uint64_t)(a) + (uint64_t)(b));                                   \
        if ((((a) ^ raw_) & ((b) ^ raw_)) < 0) leave;                                              \
        (out) = raw_;                                                                              \
    } while (0)
#define TB_RAW_SUB(out, a, b, leave)                                                               \
    do {                                                                                           \
        int64_t raw_ = (int64_t)((uint64_t)(a) - (uint64_t)(b));                                   \
        if ((((a) ^ (b)) & ((a) ^ raw_)) < 0) leave;                                               \
        (out) = raw_;                                                                              \
    } while (0)
#define TB_RAW_UP(out, a, b, leave)                                                                \
    do {                                                                                           \
        int64_t raw_ = (int64_t)((uint64_t)(a) + (b));                                             \
        if (raw_ < (a)) leave;                                                                     \
        (out) = raw_;                                                                              \
    } while (0)
#define TB_RAW_DOWN(out, a, b, leave)                                                              \
    do {                                                                                           \
        int64_t raw_ = (int64_t)((uint64_t)(a) - (b));                                             \
        if (raw_ > (a)) leave;                                                                     \
        (out) = raw_;                                                                              \
    } while (0)
// Small factors are multiplied in line.
#define TB_RAW_MUL(out, a, b, leave)                                                               \
    do {                                                                                           \
        int64_t raw_;                                                                              \
        if (((((uint64_t)(a) + 0x40000000) | ((uint64_t)(b) + 0x40000000)) >> 31) == 0)            \
            raw_ = (a) * (b);                                                                      \
        else if (tb_mul_overflows(a, b, &raw_))                                                    \
            leave;                                                                                 \
        (out) = raw_;                                                                              \
    } while (0)
#else
#define TB_RAW_ADD(out, a, b, leave) TB_RAW_CHECKED(tb_add_overflows, out, a, b, leave)
#define TB_RAW_SUB(out, a, b, leave) TB_RAW_CHECKED(tb_sub_overflows, out, a, b, leave)
#define TB_RAW_UP                    TB_RAW_ADD
#define TB_RAW_DOWN                  TB_RAW_SUB
#define TB_RAW_MUL(out, a, b, leave) TB_RAW_CHECKED(tb_mul_overflows, out, a, b, leave)
#endif
#define TB_RAW_CHECKED(overflows, out, a, b, leave)                                                \
    do {                                                                                           \
        int64_t raw_;                                                                              \
        if (TB_UNLIKELY(overflows(a, b, &raw_))) leave;                                            \
        (out) = raw_;                                                                              \
    } while (0)

// No `&&` and `||` here: libtcc drops code behind those with a constant operand.
#define TB_RAW_DIVIDES(a, b) (((b) != 0) & (((b) != -1) | ((a) != INT64_MIN)))
#define TB_RAW_FLOOR_DIV(out, a, b, leave)                                                         \
    do {                                                                                           \
        if (TB_UNLIKELY(!TB_RAW_DIVIDES(a, b))) leave;                                             \
        (out) = tb_int64_floor_div(a, b);                                                          \
    } while (0)
#define TB_RAW_MOD(out, a, b, leave)                                                               \
    do {                                                                                           \
        if (TB_UNLIKELY(!TB_RAW_DIVIDES(a, b))) leave;                                             \
        (out) = tb_int64_mod(a, b);                                                                \
    } while (0)
// The quotient of two Ints that are exact as Floats.
#define TB_RAW_IS_EXACT(a) (((a) >= -(1L << 53)) & ((a) <= 1L << 53))
#define TB_RAW_DIV(out, a, b, leave)                                                               \
    do {                                                                                           \
        if (TB_UNLIKELY(!(((b) != 0) & TB_RAW_IS_EXACT(a) & TB_RAW_IS_EXACT(b)))) leave;           \
        (out) = (double)(a) / (double)(b);                                                         \
    } while (0)
#define TB_RAW_SHIFT_LEFT(out, a, b, leave)                                                        \
    do {                                                                                           \
        int64_t raw_;                                                                              \
        if (TB_UNLIKELY(!tb_raw_shift_left(a, b, &raw_))) leave;                                   \
        (out) = raw_;                                                                              \
    } while (0)
#define TB_RAW_SHIFT_RIGHT(out, a, b, leave)                                                       \
    do {                                                                                           \
        if (TB_UNLIKELY((b) < 0)) leave;                                                           \
        (out) = (int64_t)(a) >> ((b) > 63 ? 63 : (b));                                             \
    } while (0)

// Whether `a << b` fits; then it is in [out].
static inline int tb_raw_shift_left(int64_t a, int64_t b, int64_t *out)
{
    if (b < 0 || b > 62) return 0;
    *out = (int64_t)((uint64_t)a << b);
    return *out >> b == a;
}

// The end of a counted loop, so far off the ends of int64_t that no step leaves it.
static inline int64_t tb_raw_bound(int64_t n)
{
    return n > TB_INT62_MAX ? TB_INT62_MAX : n < TB_INT62_MIN ? TB_INT62_MIN : n;
}

// Room to make at once for a list of about [count] items: one that is longer grows when it comes to
// that, for the loop that fills it may end early.
static inline int64_t tb_raw_room(int64_t count)
{
    const int64_t most = 1 << 20;
    return count < 0 ? 0 : count < most ? count : most;
}

static inline int64_t tb_raw_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// How many of from, from + step, … stand before [to]; [step] is not 0. See tb_range_turns.
static inline int64_t tb_raw_turns(int64_t from, int64_t to, int64_t step)
{
    if (step > 0 ? from >= to : from <= to) return 0;
    uint64_t distance = step > 0 ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t turns = (distance - 1) / stride + 1;
    return turns > (uint64_t)TB_INT62_MAX ? TB_INT62_MAX : (int64_t)turns;
}

// The quotient of two Floats.
#define TB_RAW_FLOAT_DIV(out, a, b, leave)                                                         \
    do {                                                                                           \
        if (TB_UNLIKELY((b) == 0.0)) leave;                                                        \
        (out) = (a) / (b);                                                                         \
    } while (0)

// The Int [value], if it is a small one.
#define TB_RAW_GUARD(out, value, leave)                                                            \
    do {                                                                                           \
        if (TB_UNLIKELY(!TB_IS_INT62(value))) leave;                                               \
        (out) = TB_INT62_GET(value);                                                               \
    } while (0)

// ------------------------------------------------------------------------------------------ items
//
// Items of a list by a raw index. What is in line reads and writes a list of the kind expected; a
// boxed list (something else was in it once) and an index that counts from the end are the
// runtime's business. For constants that count from the end the index is TB_FROM_END(n): a list
// that is shorter is asked for -n, so that the error names it.
#define TB_FROM_END(n)                                                                             \
    ((uint64_t)list_->count < (uint64_t)(n) ? (int64_t)(0 - (uint64_t)(n))                         \
                                            : list_->count - (int64_t)(n))

// A view of a list: where its items are and how many, taken before a loop in which no list grows,
// shrinks or changes its kind. A view of a list of another kind than expected, or of what is no
// list, is empty, and then every access takes the general way.
typedef struct tb_view {
    union {
        tb_value *items;
        int64_t *ints;
        double *floats;
        uint8_t *bools;
    } as;
    uint64_t count;
} tb_view;

#define TB_VIEW(out, list, kind_)                                                                  \
    do {                                                                                           \
        (out).as.items = 0;                                                                        \
        (out).count = 0;                                                                           \
        if (TB_IS_LIST(list) && TB_AS_LIST(list)->kind == (kind_)) {                               \
            (out).as.items = TB_AS_LIST(list)->as.items;                                           \
            (out).count = (uint64_t)TB_AS_LIST(list)->count;                                       \
        }                                                                                          \
    } while (0)

// Whether the code in line can do it: by the list itself, or by a view.
#define TB_IS_INSIDE(kind_) ((uint64_t)index_ < (uint64_t)list_->count && list_->kind == (kind_))
#define TB_IS_VIEWED(view)  ((uint64_t)index_ < (view).count)

#define TB_READ_RAW(type, in_line, place, get, out, list, index, leave)                            \
    do {                                                                                           \
        const tb_list *list_ = TB_AS_LIST(list);                                                   \
        int64_t index_ = (index);                                                                  \
        if (TB_LIKELY(in_line)) {                                                                  \
            (out) = (place)[index_];                                                               \
        } else {                                                                                   \
            type item_;                                                                            \
            if (!get(list_, index_, &item_)) leave;                                                \
            (out) = item_;                                                                         \
        }                                                                                          \
    } while (0)
#define TB_READ_BOXED(in_line, place, out, list, index, position, label)                           \
    do {                                                                                           \
        const tb_list *list_ = TB_AS_LIST(list);                                                   \
        int64_t index_ = (index);                                                                  \
        (void)list_;                                                                               \
        if (TB_LIKELY(in_line)) {                                                                  \
            (out) = (place)[index_];                                                               \
        } else {                                                                                   \
            (out) = tb_get_item_at_slow(list, index_);                                             \
            TB_CHECK(out, position, label);                                                        \
        }                                                                                          \
    } while (0)
#define TB_WRITE_RAW(in_line, place, put, list, index, item, leave)                                \
    do {                                                                                           \
        tb_list *list_ = TB_AS_LIST(list);                                                         \
        int64_t index_ = (index);                                                                  \
        if (TB_LIKELY(in_line))                                                                    \
            (place)[index_] = (item);                                                              \
        else if (!put(list_, index_, item))                                                        \
            leave;                                                                                 \
    } while (0)

#define TB_ITEM_INT(out, list, index, leave)                                                       \
    TB_READ_RAW(int64_t, TB_IS_INSIDE(TB_ITEMS_INT), list_->as.ints, tb_raw_get_int, out, list,    \
                index, leave)
#define TB_ITEM_FLOAT(out, list, index, leave)                                                     \
    TB_READ_RAW(double, TB_IS_INSIDE(TB_ITEMS_FLOAT), list_->as.floats, tb_raw_get_float, out,     \
                list, index, leave)
#define TB_ITEM_BOOL(out, list, index, leave)                                                      \
    TB_READ_RAW(int, TB_IS_INSIDE(TB_ITEMS_BOOL), list_->as.bools, tb_raw_get_bool, out, list,     \
                index, leave)
#define TB_ITEM_BOXED(out, list, index, position, label)                                           \
    TB_READ_BOXED(TB_IS_INSIDE(TB_ITEMS_BOXED), list_->as.items, out, list, index, position, label)
#define TB_ITEM_SET_INT(list, index, item, leave)                                                  \
    TB_WRITE_RAW(TB_IS_INSIDE(TB_ITEMS_INT), list_->as.ints, tb_raw_put_int, list, index, item,    \
                 leave)
#define TB_ITEM_SET_FLOAT(list, index, item, leave)                                                \
    TB_WRITE_RAW(TB_IS_INSIDE(TB_ITEMS_FLOAT), list_->as.floats, tb_raw_put_float, list, index,    \
                 item, leave)
#define TB_ITEM_SET_BOOL(list, index, item, leave)                                                 \
    TB_WRITE_RAW(TB_IS_INSIDE(TB_ITEMS_BOOL), list_->as.bools, tb_raw_put_bool, list, index,       \
                 (uint8_t)(item), leave)

#define TB_VIEW_INT(out, view, list, index, leave)                                                 \
    TB_READ_RAW(int64_t, TB_IS_VIEWED(view), (view).as.ints, tb_raw_get_int, out, list, index,     \
                leave)
#define TB_VIEW_FLOAT(out, view, list, index, leave)                                               \
    TB_READ_RAW(double, TB_IS_VIEWED(view), (view).as.floats, tb_raw_get_float, out, list, index,  \
                leave)
#define TB_VIEW_BOOL(out, view, list, index, leave)                                                \
    TB_READ_RAW(int, TB_IS_VIEWED(view), (view).as.bools, tb_raw_get_bool, out, list, index, leave)
#define TB_VIEW_BOXED(out, view, list, index, position, label)                                     \
    TB_READ_BOXED(TB_IS_VIEWED(view), (view).as.items, out, list, index, position, label)
#define TB_VIEW_SET_INT(view, list, index, item, leave)                                            \
    TB_WRITE_RAW(TB_IS_VIEWED(view), (view).as.ints, tb_raw_put_int, list, index, item, leave)
#define TB_VIEW_SET_FLOAT(view, list, index, item, leave)                                          \
    TB_WRITE_RAW(TB_IS_VIEWED(view), (view).as.floats, tb_raw_put_float, list, index, item, leave)
#define TB_VIEW_SET_BOOL(view, list, index, item, leave)                                           \
    TB_WRITE_RAW(TB_IS_VIEWED(view), (view).as.bools, tb_raw_put_bool, list, index,                \
                 (uint8_t)(item), leave)

// What a loop will read, before it is known that it will: an item or TB_MISSING.
#define TB_PEEK(view, index)                                                                       \
    ((uint64_t)(index) < (view).count ? (view).as.items[index] : TB_MISSING)

// Any access to a list of numbers or Bools that the code in line did not do. 0: nothing was done,
// the slow version knows what to do.
TB_COLD int tb_raw_get_int(const tb_list *xs, int64_t index, int64_t *out);
TB_COLD int tb_raw_get_float(const tb_list *xs, int64_t index, double *out);
TB_COLD int tb_raw_get_bool(const tb_list *xs, int64_t index, int *out);
TB_COLD int tb_raw_put_int(tb_list *xs, int64_t index, int64_t item);
TB_COLD int tb_raw_put_float(tb_list *xs, int64_t index, double item);
TB_COLD int tb_raw_put_bool(tb_list *xs, int64_t index, int item);

// ------------------------------------------------------------------------------------------ calls

// Behind a call with a raw Int result, in a fast version: did it fail, or was the result too wide?
#define TB_RAW_CHECK(number, position, label, leave)                                               \
    if (TB_UNLIKELY((number) == INT64_MIN)) {                                                      \
        if (tb_rt.pending) TB_FAIL_AT(position, label);                                            \
        leave;                                                                                     \
    }

// The Int behind a raw result of INT64_MIN that is no failure. May be pending for want of memory.
TB_COLD tb_value tb_raw_wide(void);

// What a fast version returns for the boxed Int (or pending) result [value] of its slow twin.
TB_COLD int64_t tb_raw_result(tb_value value);

// The boxed Int (or pending) that the raw result [number] stands for.
static inline tb_value tb_raw_boxed(int64_t number)
{
    if (TB_LIKELY(number != INT64_MIN)) return tb_int_from(number);
    return tb_rt.pending ? TB_PENDING : tb_raw_wide();
}

#endif
