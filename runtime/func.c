// Calls of function values.
//
// Every road ends in `invoke`, which has one argument for each parameter and casts the code to the
// C type those make. A call that fits exactly takes it at once; any other is *bound* first:
// labelled arguments go to their parameters, the positional ones fill up what is left from the
// left, the rest becomes a List.
#include "func.h"
#include "error.h"
#include "gc.h"
#include "list.h"
#include "nearest.h"
#include "object.h"
#include "stack.h"
#include "str.h"
#include "text.h"
#include "tuple.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

tb_class tb_class_function = {.cls = &tb_class_class, .name = "Function", .kind = TB_FUNCTION};
tb_class tb_class_bound = {.cls = &tb_class_class, .name = "Function", .kind = TB_FUNCTION};

// What a bound value shows that has no info of its own.
static const tb_fn_info no_info = {"", "", 0, 0, 0, -1, 0, NULL};

tb_value tb_fn_new(tb_code code, const tb_fn_info *info, int64_t free_count)
{
    tb_fn *fn = tb_alloc_fast(sizeof *fn + (size_t)free_count * sizeof(tb_value));
    if (!fn) return TB_PENDING;
    fn->cls = &tb_class_function;
    fn->code = code;
    fn->info = info;
    return TB_OBJECT(fn);
}

tb_value tb_bound_new(tb_value target, tb_value self)
{
    tb_bound *bound = tb_alloc_fast(sizeof *bound);
    if (!bound) return TB_PENDING;
    const tb_fn_info *info = tb_callable_info(target);
    *bound = (tb_bound){&tb_class_bound, NULL, info ? info : &no_info, target, self};
    return TB_OBJECT(bound);
}

int tb_is_callable(tb_value v)
{
    tb_kind kind = TB_KIND(v);
    if (kind == TB_CLASS) return TB_AS_CLASS(v)->kind == TB_INSTANCE;
    return kind == TB_FUNCTION || tb_special_of(v, TB_SPECIAL_CALL) != NULL;
}

const tb_fn_info *tb_callable_info(tb_value v)
{
    tb_kind kind = TB_KIND(v);
    if (kind == TB_FUNCTION) return TB_AS_FN(v)->info;
    tb_fn *fn = kind == TB_CLASS ? TB_AS_CLASS(v)->special[TB_SPECIAL_INIT]
                                 : tb_special_of(v, TB_SPECIAL_CALL);
    return fn ? fn->info : NULL;
}

// ----------------------------------------------------------------------------------- the last step

typedef tb_value (*code_array)(tb_fn *, const tb_value *);
typedef tb_value (*code_0)(tb_fn *);
typedef tb_value (*code_1)(tb_fn *, tb_value);
typedef tb_value (*code_2)(tb_fn *, tb_value, tb_value);
typedef tb_value (*code_3)(tb_fn *, tb_value, tb_value, tb_value);
typedef tb_value (*code_4)(tb_fn *, tb_value, tb_value, tb_value, tb_value);
typedef tb_value (*code_5)(tb_fn *, tb_value, tb_value, tb_value, tb_value, tb_value);
typedef tb_value (*code_6)(tb_fn *, tb_value, tb_value, tb_value, tb_value, tb_value, tb_value);
typedef tb_value (*code_7)(tb_fn *, tb_value, tb_value, tb_value, tb_value, tb_value, tb_value,
                           tb_value);
typedef tb_value (*code_8)(tb_fn *, tb_value, tb_value, tb_value, tb_value, tb_value, tb_value,
                           tb_value, tb_value);

// Runs the code of [fn] with one argument for each of its [count] parameters (`self` of a method
// included).
static tb_value invoke(tb_fn *fn, int64_t count, const tb_value *a)
{
    if (!tb_stack_ok() && tb_stack_overflow() == TB_PENDING) return TB_PENDING;
    tb_code code = fn->code;
    if (fn->info->flags & TB_FN_ARRAY) return TB_CODE_AS(code_array, code)(fn, a);
    switch (count) {
    case 0:
        return TB_CODE_AS(code_0, code)(fn);
    case 1:
        return TB_CODE_AS(code_1, code)(fn, a[0]);
    case 2:
        return TB_CODE_AS(code_2, code)(fn, a[0], a[1]);
    case 3:
        return TB_CODE_AS(code_3, code)(fn, a[0], a[1], a[2]);
    case 4:
        return TB_CODE_AS(code_4, code)(fn, a[0], a[1], a[2], a[3]);
    case 5:
        return TB_CODE_AS(code_5, code)(fn, a[0], a[1], a[2], a[3], a[4]);
    case 6:
        return TB_CODE_AS(code_6, code)(fn, a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7:
        return TB_CODE_AS(code_7, code)(fn, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    default:
        return TB_CODE_AS(code_8, code)(fn, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    }
}

// Whether [argc] positional arguments are exactly what a plain function with [info] takes.
static inline int fits_exactly(const tb_fn_info *info, int64_t argc)
{
    return info->param_count == argc && info->rest_index < 0 && !(info->flags & TB_FN_METHOD);
}

// --------------------------------------------------------------------------------- wrong arguments

// Everything about one call that is being bound.
typedef struct call {
    const tb_fn_info *info;
    const char *name; // what messages call the callee: a function's name, a class's
    int64_t argc;     // all arguments, labelled ones last
    const tb_value *argv;
    int64_t label_count;
    const tb_str *const *labels;
} call;

static int add_c(tb_text *text, const char *s)
{
    return tb_text_add(text, s, (int64_t)strlen(s));
}

static int add_parameter(tb_text *text, const tb_fn_info *info, int index)
{
    if (index > 0 && add_c(text, ", ") < 0) return -1;
    if (add_c(text, info->params[index]) < 0) return -1;
    if (index == info->rest_index) return add_c(text, "...");
    return index >= info->required_count ? add_c(text, " = …") : 0;
}

// The signature for messages, `(name, greeting = …)`. NULL: MemoryError.
static tb_str *signature(const tb_fn_info *info)
{
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_byte(&text, '(') < 0) return NULL;
    for (int i = 0; i < info->param_count; i++)
        if (add_parameter(&text, info, i) < 0) return NULL;
    if (tb_text_add_byte(&text, ')') < 0) return NULL;
    return tb_text_end(&text);
}

// How many arguments a function takes, in words: `1 to 2 arguments`.
static void describe_count(const tb_fn_info *info, char *out, size_t size)
{
    int least = info->required_count, most = info->param_count;
    if (info->rest_index >= 0) {
        least -= info->rest_index < least;
        snprintf(out, size, least ? "at least %d argument%s" : "any number of arguments", least,
                 least == 1 ? "" : "s");
    } else if (least != most) {
        snprintf(out, size, "%d to %d arguments", least, most);
    } else if (most == 0) {
        snprintf(out, size, "no arguments");
    } else {
        snprintf(out, size, "%d argument%s", most, most == 1 ? "" : "s");
    }
}

#define NAME_SIZE 256

// The name of the callee for messages, with backticks where it has one, and its signature. NULL:
// MemoryError.
static const char *describe(const call *c, char name[NAME_SIZE])
{
    if (*c->name)
        snprintf(name, NAME_SIZE, "`%s`", c->name);
    else
        snprintf(name, NAME_SIZE, "this function");
    tb_str *s = signature(c->info);
    return s ? s->data : NULL;
}

static tb_value raise_count(const call *c)
{
    char name[NAME_SIZE], count[64];
    describe_count(c->info, count, sizeof count);
    const char *parameters = describe(c, name);
    if (!parameters) return TB_PENDING;
    if (c->info->param_count == 0)
        return tb_raise_error(&tb_error_type, "%s takes %s, %" PRId64 " given", name, count,
                              c->argc);
    return tb_raise_error(&tb_error_type, "%s takes %s %s, %" PRId64 " given", name, count,
                          parameters, c->argc);
}

static tb_value raise_missing(const call *c, int index)
{
    if (c->label_count == 0) return raise_count(c);
    char name[NAME_SIZE];
    const char *parameters = describe(c, name);
    if (!parameters) return TB_PENDING;
    return tb_raise_error(&tb_error_type, "the argument `%s` of %s %s is missing",
                          c->info->params[index], name, parameters);
}

static tb_value raise_label(const call *c, const tb_str *label)
{
    char name[NAME_SIZE];
    const char *parameters = describe(c, name);
    if (!parameters) return TB_PENDING;
    tb_nearest nearest = tb_nearest_to(label->data, label->size);
    for (int i = 0; i < c->info->param_count; i++)
        if (i != c->info->rest_index) tb_nearest_offer_c(&nearest, c->info->params[i]);
    if (nearest.name)
        return tb_raise_error(&tb_error_type, "%s %s has no parameter `%s`; nearest: `%s`", name,
                              parameters, label->data, nearest.name);
    return tb_raise_error(&tb_error_type, "%s %s has no parameter `%s`", name, parameters,
                          label->data);
}

static tb_value raise_doubled(const call *c, int index)
{
    char name[NAME_SIZE];
    const char *parameters = describe(c, name);
    if (!parameters) return TB_PENDING;
    return tb_raise_error(&tb_error_type, "the argument `%s` of %s %s is given twice",
                          c->info->params[index], name, parameters);
}

// ----------------------------------------------------------------------------------------- binding

static int parameter_index(const tb_fn_info *info, const tb_str *label)
{
    for (int i = 0; i < info->param_count; i++) {
        const char *name = info->params[i];
        if (i != info->rest_index && strlen(name) == (size_t)label->size &&
            !memcmp(name, label->data, (size_t)label->size))
            return i;
    }
    return -1;
}

// Gives labelled arguments to their parameters. 0, or -1: TypeError.
static int bind_labels(const call *c, tb_value *places)
{
    for (int64_t i = 0; i < c->label_count; i++) {
        int index = parameter_index(c->info, c->labels[i]);
        if (index < 0) return raise_label(c, c->labels[i]), -1;
        if (places[index] != TB_MISSING) return raise_doubled(c, index), -1;
        places[index] = c->argv[c->argc - c->label_count + i];
    }
    return 0;
}

// Fills the parameters still free from the left. 0, or -1: TypeError.
static int bind_positional(const call *c, tb_value *places)
{
    const tb_fn_info *info = c->info;
    int64_t used = 0, count = c->argc - c->label_count;
    int end = info->rest_index >= 0 ? info->rest_index : info->param_count;
    for (int i = 0; i < end && used < count; i++)
        if (places[i] == TB_MISSING) places[i] = c->argv[used++];
    if (info->rest_index >= 0) {
        tb_value rest = tb_list_from(count - used, c->argv + used);
        if (rest == TB_PENDING) return -1;
        places[info->rest_index] = rest;
    } else if (used < count) {
        return raise_count(c), -1;
    }
    for (int i = 0; i < info->required_count; i++)
        if (places[i] == TB_MISSING) return raise_missing(c, i), -1;
    return 0;
}

// Binds [c] and calls [fn]; [self] is what a method gets in front, or TB_MISSING.
static tb_value bind_and_invoke(tb_fn *fn, tb_value self, const call *c)
{
    tb_value on_stack[1 + 2 * TB_DIRECT_MAX], *places = on_stack;
    int64_t count = c->info->param_count;
    if (count > 2 * TB_DIRECT_MAX) {
        places = tb_alloc((size_t)(count + 1) * sizeof *places);
        if (!places) return TB_PENDING;
    }
    tb_value *first = places;
    if (c->info->flags & TB_FN_METHOD) *first++ = self;
    for (int64_t i = 0; i < count; i++)
        first[i] = TB_MISSING;
    if (bind_labels(c, first) < 0 || bind_positional(c, first) < 0) return TB_PENDING;
    return invoke(fn, count + (first - places), places);
}

// -------------------------------------------------------------------------------- kinds of callees

static tb_value raise_no_function(tb_value f)
{
    if (TB_IS(f, &tb_class_class))
        return tb_raise_error(&tb_error_type, "the type %s cannot be called", TB_AS_CLASS(f)->name);
    return tb_raise_error(&tb_error_type, "%A cannot be called", f);
}

static tb_value call_any(tb_value f, int64_t argc, const tb_value *argv, int64_t label_count,
                         const tb_str *const *labels);

// Calls [f] with [self] in front of its other arguments.
static tb_value call_with_first(tb_value f, tb_value self, int64_t argc, const tb_value *argv,
                                int64_t label_count, const tb_str *const *labels)
{
    tb_value on_stack[1 + TB_DIRECT_MAX], *all = on_stack;
    if (argc > TB_DIRECT_MAX) {
        size_t size;
        if (tb_size_mul((size_t)argc, sizeof *all, sizeof *all, &size) < 0) return TB_PENDING;
        all = tb_alloc(size);
        if (!all) return TB_PENDING;
    }
    all[0] = self;
    if (argc > 0) memcpy(all + 1, argv, (size_t)argc * sizeof *all);
    return call_any(f, argc + 1, all, label_count, labels);
}

tb_value tb_call_method_labelled(tb_fn *f, tb_value self, int64_t argc, const tb_value *argv,
                                 int64_t label_count, const tb_str *const *labels)
{
    if (!(f->info->flags & TB_FN_METHOD))
        return call_with_first(TB_OBJECT(f), self, argc, argv, label_count, labels);
    call c = {f->info, f->info->name, argc, argv, label_count, labels};
    return bind_and_invoke(f, self, &c);
}

tb_value tb_call_method_fn(tb_fn *f, tb_value self, int64_t argc, const tb_value *argv)
{
    const tb_fn_info *info = f->info;
    int is_exact = info->param_count == argc && info->rest_index < 0 && argc < TB_DIRECT_MAX &&
                   (info->flags & TB_FN_METHOD);
    if (TB_UNLIKELY(!is_exact)) return tb_call_method_labelled(f, self, argc, argv, 0, NULL);
    tb_value all[TB_DIRECT_MAX];
    all[0] = self;
    for (int64_t i = 0; i < argc; i++)
        all[i + 1] = argv[i];
    return invoke(f, argc + 1, all);
}

// A method called as a plain function: `Animal.speak(rex)`. Its first argument is `self`.
static tb_value call_unbound(tb_fn *f, const call *c)
{
    if (c->argc == c->label_count)
        return tb_raise_error(
            &tb_error_type, "the method `%s` needs an object as its first argument", f->info->name);
    return tb_call_method_labelled(f, c->argv[0], c->argc - 1, c->argv + 1, c->label_count,
                                   c->labels);
}

// Calls `init` on the new instance [self].
static tb_value initialise(tb_fn *init, tb_value self, call *c)
{
    if (c->label_count == 0 && init->info->param_count == c->argc)
        return tb_call_method_fn(init, self, c->argc, c->argv);
    c->info = init->info;
    c->name = TB_CLASS_OF(self)->name;
    return bind_and_invoke(init, self, c);
}

// A class called: a new instance, given to `init`.
static tb_value construct(tb_class *cls, call *c)
{
    if (cls->kind != TB_INSTANCE) return raise_no_function(TB_OBJECT(cls));
    tb_value self = tb_instance_new(cls);
    if (self == TB_PENDING) return TB_PENDING;
    tb_fn *init = cls->special[TB_SPECIAL_INIT];
    if (init) return initialise(init, self, c) == TB_PENDING ? TB_PENDING : self;
    if (c->argc == 0) return self;
    c->name = cls->name;
    return raise_count(c);
}

static tb_value call_bound(const tb_bound *bound, const call *c)
{
    if (TB_IS(bound->target, &tb_class_function))
        return tb_call_method_labelled(TB_AS_FN(bound->target), bound->self, c->argc, c->argv,
                                       c->label_count, c->labels);
    return call_with_first(bound->target, bound->self, c->argc, c->argv, c->label_count, c->labels);
}

static tb_value call_any(tb_value f, int64_t argc, const tb_value *argv, int64_t label_count,
                         const tb_str *const *labels)
{
    if (!tb_stack_ok() && tb_stack_overflow() == TB_PENDING) return TB_PENDING;
    call c = {&no_info, "", argc, argv, label_count, labels};
    if (TB_IS(f, &tb_class_function)) {
        tb_fn *fn = TB_AS_FN(f);
        c.info = fn->info;
        c.name = fn->info->name;
        return c.info->flags & TB_FN_METHOD ? call_unbound(fn, &c)
                                            : bind_and_invoke(fn, TB_MISSING, &c);
    }
    if (TB_IS(f, &tb_class_class)) return construct(TB_AS_CLASS(f), &c);
    if (TB_IS(f, &tb_class_bound)) return call_bound(TB_PTR(tb_bound, f), &c);
    tb_fn *special = tb_special_of(f, TB_SPECIAL_CALL);
    if (!special) return raise_no_function(f);
    return tb_call_method_labelled(special, f, argc, argv, label_count, labels);
}

// ------------------------------------------------------------------------------------------- calls

tb_value tb_call(tb_value f, int64_t argc, const tb_value *argv)
{
    if (TB_LIKELY(TB_IS(f, &tb_class_function)) && fits_exactly(TB_AS_FN(f)->info, argc))
        return invoke(TB_AS_FN(f), argc, argv);
    return call_any(f, argc, argv, 0, NULL);
}

tb_value tb_call0(tb_value f)
{
    return tb_call(f, 0, NULL);
}

tb_value tb_call1(tb_value f, tb_value a)
{
    return tb_call(f, 1, &a);
}

tb_value tb_call2(tb_value f, tb_value a, tb_value b)
{
    return tb_call(f, 2, (tb_value[]){a, b});
}

tb_value tb_call3(tb_value f, tb_value a, tb_value b, tb_value c)
{
    return tb_call(f, 3, (tb_value[]){a, b, c});
}

tb_value tb_call_with_first(tb_value f, tb_value first, int64_t argc, const tb_value *argv)
{
    return call_with_first(f, first, argc, argv, 0, NULL);
}

tb_value tb_call_labelled(tb_value f, int64_t argc, const tb_value *argv, int64_t label_count,
                          const tb_str *const *labels)
{
    return call_any(f, argc, argv, label_count, labels);
}

// The item [index] of a List or Tuple.
static tb_value spread_item(tb_value list, int64_t index)
{
    return TB_IS_TUPLE(list) ? TB_AS_TUPLE(list)->items[index]
                             : tb_list_at(TB_AS_LIST(list), index);
}

tb_value tb_call_list(tb_value f, tb_value list, int64_t label_count, const tb_str *const *labels,
                      const tb_value *labelled)
{
    if (!TB_IS_LIST(list) && !TB_IS_TUPLE(list))
        return tb_raise_error(&tb_error_type, "`...` spreads a List, not %A", list);
    int64_t count = TB_IS_TUPLE(list) ? TB_AS_TUPLE(list)->count : TB_AS_LIST(list)->count;
    size_t size;
    if (tb_size_mul((size_t)count, sizeof(tb_value), (size_t)(label_count + 1) * sizeof(tb_value),
                    &size) < 0)
        return TB_PENDING;
    tb_value *argv = tb_alloc(size);
    if (!argv) return TB_PENDING;
    for (int64_t i = 0; i < count; i++) {
        argv[i] = spread_item(list, i);
        if (argv[i] == TB_PENDING) return TB_PENDING;
    }
    for (int64_t i = 0; i < label_count; i++)
        argv[count + i] = labelled[i];
    return call_any(f, count + label_count, argv, label_count, labels);
}
