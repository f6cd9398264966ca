// Function values and every way to call one from C.
//
// What can be called: a Function, a class (constructs an instance), a bound method (`obj.method` as
// a value) and an instance whose class defines `call`. A call with the exact number of arguments of
// a plain function goes straight to its code; anything else (defaults, a rest parameter, labels) is
// sorted into one array by the rules of LANGUAGE.md §6 first. A parameter left out arrives as
// TB_MISSING, a rest parameter as a List.
//
// All calls return the result or TB_PENDING, and check the stack.
#ifndef TB_FUNC_H
#define TB_FUNC_H

#include "value.h"

// Casts the C function [f] of a function value to the type tb_fn and its kin store.
#define TB_CODE(f) ((tb_code)(void (*)(void))(f))
// … and back to its real [type] for a call.
#define TB_CODE_AS(type, code) ((type)(void (*)(void))(code))

// `obj.method` as a value: a target that gets [self] as its first argument. It begins as a tb_fn
// does, so that whoever only shows a function may treat it as one; its kind is TB_FUNCTION too.
typedef struct tb_bound {
    tb_class *cls; // tb_class_bound
    tb_code code;  // not to be called
    const tb_fn_info *info;
    tb_value target; // a method (its info says TB_FN_METHOD) or anything that can be called
    tb_value self;
} tb_bound;

extern tb_class tb_class_bound;

// A function value over [code] with room for [free_count] captured values, to be filled in by the
// caller.
tb_value tb_fn_new(tb_code code, const tb_fn_info *info, int64_t free_count);

// [target] with [self] in front of its arguments.
tb_value tb_bound_new(tb_value target, tb_value self);

// Whether [v] can be called.
int tb_is_callable(tb_value v);

// The info of what [v] runs when called: a function's, a bound method's, that of a class's `init`
// or of an instance's `call`; NULL when it takes no arguments or cannot be called.
const tb_fn_info *tb_callable_info(tb_value v);

// ------------------------------------------------------------------------------------------- calls

tb_value tb_call(tb_value f, int64_t argc, const tb_value *argv);
tb_value tb_call0(tb_value f);
tb_value tb_call1(tb_value f, tb_value a);
tb_value tb_call2(tb_value f, tb_value a, tb_value b);
tb_value tb_call3(tb_value f, tb_value a, tb_value b, tb_value c);

// A call with [first] in front of the other arguments: `x.f(a)` where f is a plain function.
tb_value tb_call_with_first(tb_value f, tb_value first, int64_t argc, const tb_value *argv);

// A call whose last [label_count] arguments carry labels[0 … label_count - 1].
tb_value tb_call_labelled(tb_value f, int64_t argc, const tb_value *argv, int64_t label_count,
                          const tb_str *const *labels);

// A call with the items of [list] (a List or Tuple) as positional arguments, then labelled ones.
tb_value tb_call_list(tb_value f, tb_value list, int64_t label_count, const tb_str *const *labels,
                      const tb_value *labelled);

// Calls the method [f] (its info says TB_FN_METHOD; otherwise self is its first argument) on
// [self].
tb_value tb_call_method_fn(tb_fn *f, tb_value self, int64_t argc, const tb_value *argv);
tb_value tb_call_method_labelled(tb_fn *f, tb_value self, int64_t argc, const tb_value *argv,
                                 int64_t label_count, const tb_str *const *labels);

#endif
