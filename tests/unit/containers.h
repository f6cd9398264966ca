// What the tests of containers share: short ways to make values, and to look at them as text.
#ifndef CONTAINERS_H
#define CONTAINERS_H

#include <check.h>
#include <string.h>

#include "runtime/tombo.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define I(n)         TB_INT62(n)

// A List, Tuple or Set of the values given.
#define LIST(...)  tb_list_from(COUNT(((tb_value[]){__VA_ARGS__})), (tb_value[]){__VA_ARGS__})
#define TUPLE(...) tb_tuple_from(COUNT(((tb_value[]){__VA_ARGS__})), (tb_value[]){__VA_ARGS__})
#define SET(...)   tb_set_from(COUNT(((tb_value[]){__VA_ARGS__})), (tb_value[]){__VA_ARGS__})
// A Dict of keys and values in turn.
#define DICT(...) tb_dict_from(COUNT(((tb_value[]){__VA_ARGS__})) / 2, (tb_value[]){__VA_ARGS__})

static inline tb_value text(const char *c)
{
    return TB_OBJECT(tb_str_from_c(c));
}

static inline tb_value number(double d)
{
    return tb_float_from(d);
}

static inline tb_value empty_list(void)
{
    return TB_OBJECT(tb_list_new(0));
}

static inline tb_value big(const char *digits)
{
    return tb_int_from_text(digits, (int64_t)strlen(digits), 10);
}

static inline tb_value range(int64_t from, int64_t to, int64_t step)
{
    return tb_range_new(I(from), I(to), I(step));
}

// The source form of a value.
static inline const char *shown(tb_value v)
{
    ck_assert(v != TB_PENDING);
    tb_value form = tb_repr(v);
    ck_assert(form != TB_PENDING);
    return tb_str_from_c(TB_AS_STR(form)->data)->data;
}

// Checks that an error of class [cls] is pending, takes it, and returns its message.
static inline const char *caught(tb_class *cls)
{
    ck_assert_msg(tb_rt.pending != 0, "nothing was raised");
    tb_value error = tb_catch(NULL, 0);
    const char *actual = TB_CLASS_OF(error)->name;
    ck_assert_str_eq(actual, cls->name);
    return TB_AS_STR(TB_AS_INSTANCE(error)->slots[TB_ERROR_MESSAGE].value)->data;
}

// [count] Ints that look random but are the same in every run, from a linear congruence.
static inline tb_list *scrambled(int64_t count)
{
    tb_list *xs = tb_list_new(count);
    uint64_t state = 1;
    for (int64_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        tb_list_push(xs, I((int64_t)(state >> 44)));
    }
    return xs;
}

// [wrap] applied [depth] times, starting from [v].
static inline tb_value nested(int64_t depth, tb_value v, tb_value (*wrap)(tb_value))
{
    for (int64_t i = 0; i < depth; i++)
        v = wrap(v);
    return v;
}

static inline tb_value in_list(tb_value v)
{
    return LIST(v);
}

static inline tb_value in_tuple(tb_value v)
{
    return TUPLE(v);
}

static inline tb_value in_dict(tb_value v)
{
    return DICT(I(1), v);
}

#endif
