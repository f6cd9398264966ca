// What the native halves of several libraries share: objects of a library's own (kind TB_NATIVE)
// with methods, and arguments that C functions check themselves.
//
// A library's object begins with `tb_class *cls`, like every object. Its class is a static tb_class
// whose methods are C functions `tb_value f(tb_fn *fn, tb_value self, …)` with one tb_value for
// each parameter, TB_MISSING for one that was left out:
//
//     static tb_value timer_stop(tb_fn *fn, tb_value self) { … }
//     TB_METHOD(timer_stop, "stop", 0)
//     static const tb_method timer_methods[] = {TB_METHOD_ROW(timer_stop)};
//     static tb_class timer_class = TB_NATIVE_CLASS("Timer", timer_methods);
#ifndef STDLIB_NATIVE_H
#define STDLIB_NATIVE_H

#include "tombo.h"

#include <string.h>

// ---------------------------------------------------------------------------------------- methods

#define TB_METHOD_FLAGS(code_, title_, flags_, required_, ...)                                     \
    static const char *const code_##_params[] = {__VA_ARGS__ __VA_OPT__(, ) NULL};                 \
    static const tb_fn_info code_##_info = {                                                       \
        title_,    "", 0,      sizeof code_##_params / sizeof(char *) - 1,                         \
        required_, -1, flags_, code_##_params};                                                    \
    static tb_str code_##_name = TB_STR_LITERAL(title_, sizeof title_ - 1);                        \
    static tb_fn code_##_method = {&tb_class_function, TB_CODE(code_), &code_##_info, {}};

// Makes the C function [code_] the method [title_] (a string literal), whose first [required_]
// parameters must be given; the names of all of them follow.
#define TB_METHOD(code_, title_, required_, ...)                                                   \
    TB_METHOD_FLAGS(code_, title_, TB_FN_METHOD, required_, __VA_ARGS__)

// A method without parameters that is read like a field: `file.path`.
#define TB_PROPERTY(code_, title_) TB_METHOD_FLAGS(code_, title_, TB_FN_METHOD | TB_FN_PROPERTY, 0)

// The method's row in its class's table.
#define TB_METHOD_ROW(code_)                                                                       \
    {                                                                                              \
        &code_##_name, &code_##_method                                                             \
    }

// The initialiser of a class called [name_] with the array [methods_]; designated initialisers for
// `special` may follow: `.special = {[TB_SPECIAL_ITER] = &f_method}`.
#define TB_NATIVE_CLASS(name_, methods_, ...)                                                      \
    {                                                                                              \
        .cls = &tb_class_class, .name = name_, .kind = TB_NATIVE,                                  \
        .method_count = sizeof methods_ / sizeof *methods_, .methods = methods_, __VA_ARGS__       \
    }

// -------------------------------------------------------------------------------------- arguments

// Where an argument stands, for messages: "`size` of `read`".
typedef struct tb_place {
    const char *function;
    const char *param;
} tb_place;

#define TB_PLACE(function_, param_) ((tb_place){function_, param_})

// Raises TypeError "`param` of `function` must be [expected], not Int". Returns TB_PENDING.
TB_COLD tb_value tb_raise_arg(tb_place place, const char *expected, tb_value given);

// After a failure with [key] in a dict or set: says which parameter it was, where it is the kind of
// value that is no key. Returns TB_PENDING.
TB_COLD tb_value tb_raise_key(tb_place place, tb_value key);

// [v] as a text, which it must be. NULL: TypeError.
tb_str *tb_arg_str(tb_value v, tb_place place);

// The whole number [v] stands for: an Int, a Bool, a Float without its fraction, a text of digits.
// INT64_MIN: TypeError, ValueError, or OverflowError for what does not fit 64 bits.
int64_t tb_arg_whole(tb_value v, tb_place place);

// The same of any size, as an Int. TB_PENDING: TypeError or ValueError.
tb_value tb_arg_int(tb_value v, tb_place place);

// The number [v] stands for: any number or a text of one. NaN: look at tb_rt.pending.
double tb_arg_number(tb_value v, tb_place place);

// ------------------------------------------------------------------------------- texts for the
// system

// The bytes of [s] with a NUL behind them, for system calls. NULL: ValueError when [s] itself
// contains a NUL, or MemoryError.
const char *tb_c_text(tb_str *s, tb_place place);

// A text of what the system says; bytes that are not UTF-8 become U+FFFD. NULL: MemoryError.
tb_str *tb_str_from_system(const char *text);

// `dict[key] = value` for a key of ASCII. A pending [value] is passed on. 0, or -1: raised.
int tb_dict_put_name(tb_dict *dict, const char *key, tb_value value);

// A pointer result as a value: TB_PENDING for NULL.
#define TB_VALUE_OF(pointer_) tb_value_of_pointer(pointer_)
static inline tb_value tb_value_of_pointer(const void *object)
{
    return object ? TB_OBJECT(object) : TB_PENDING;
}

// ------------------------------------------------------------------------------------------ texts

// What [size] bytes, at least 1, begin and end with: up to eight each, which overlap in short ones.
typedef struct tb_ends {
    uint64_t first;
    uint64_t last;
} tb_ends;

static inline tb_ends tb_ends_of(const char *bytes, int64_t size)
{
    tb_ends ends = {0, 0};
    if (size >= 8) {
        memcpy(&ends.first, bytes, 8);
        memcpy(&ends.last, bytes + size - 8, 8);
    } else if (size >= 4) {
        memcpy(&ends.first, bytes, 4);
        memcpy(&ends.last, bytes + size - 4, 4);
    } else { // one, two or three bytes
        ends.first = (unsigned char)bytes[0];
        ends.last = (uint64_t)(unsigned char)bytes[size / 2] << 8 | (unsigned char)bytes[size - 1];
    }
    return ends;
}

// Whether [text] is the [size] bytes at [bytes], whose ends are known. Short texts, most often
// asked for, are told apart without a loop.
static inline int tb_str_is(const tb_str *text, const char *bytes, int64_t size, tb_ends ends)
{
    if (text->size != size) return 0;
    tb_ends own = tb_ends_of(text->data, size);
    if (own.first != ends.first || own.last != ends.last) return 0;
    return size <= 16 || memcmp(text->data, bytes, (size_t)size) == 0;
}

// A number of [bits] bits made of such ends: where to look for the text. Any mixture does.
static inline size_t tb_ends_place(tb_ends ends, int64_t size, int bits)
{
    uint64_t mixed = (ends.first + (uint64_t)size) * 0x9e3779b97f4a7c15u ^ ends.last;
    return (size_t)((mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9u >> (64 - bits));
}

#endif
