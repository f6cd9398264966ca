// Classes, attributes, methods, modules, and calls of function values.
#include "dict.h"
#include "error.h"
#include "float.h"
#include "func.h"
#include "gc.h"
#include "list.h"
#include "module.h"
#include "object.h"
#include "str.h"

#include <check.h>
#include <string.h>

#define NAME(variable, text) static tb_str variable = TB_STR_LITERAL(text, sizeof text - 1)

NAME(s_name, "name");
NAME(s_age, "age");
NAME(s_weight, "weight");
NAME(s_is_tame, "is_tame");
NAME(s_speak, "speak");
NAME(s_init, "init");
NAME(s_call, "call");
NAME(s_count, "count");
NAME(s_color, "color");
NAME(s_type, "type");

static tb_value text(const char *s)
{
    return TB_OBJECT(tb_str_from_c(s));
}

static const char *message(void)
{
    ck_assert(tb_rt.pending);
    tb_value error = tb_catch(NULL, 0);
    return TB_AS_STR(TB_AS_INSTANCE(error)->slots[TB_ERROR_MESSAGE].value)->data;
}

static void assert_raised(tb_value result, const char *expected)
{
    ck_assert_uint_eq(result, TB_PENDING);
    ck_assert_str_eq(message(), expected);
}

// ---------------------------------------------------------------------------- functions under test

// Each function returns a list of what it was given, with None for what was left out.
static tb_value listed(int64_t count, const tb_value *values)
{
    tb_list *list = tb_list_new(count);
    for (int64_t i = 0; i < count; i++)
        tb_list_push(list, values[i] == TB_MISSING ? TB_NONE_VALUE : values[i]);
    return TB_OBJECT(list);
}

static tb_value two_code(tb_fn *fn, tb_value a, tb_value b)
{
    (void)fn;
    return listed(2, (tb_value[]){a, b});
}

static tb_value three_code(tb_fn *fn, tb_value a, tb_value b, tb_value c)
{
    (void)fn;
    return listed(3, (tb_value[]){a, b, c});
}

static tb_value many_code(tb_fn *fn, const tb_value *args)
{
    return listed(fn->info->param_count, args);
}

static tb_value none_code(tb_fn *fn)
{
    (void)fn;
    return TB_INT62(7);
}

static const char *const greet_params[] = {"name", "greeting"};
static const char *const rest_params[] = {"first", "others", "sep"};
static const char *const many_params[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                          "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"};
static const tb_fn_info none_info = {"none", "x.tb", 1, 0, 0, -1, 0, NULL};
static const tb_fn_info greet_info = {"greet", "x.tb", 1, 2, 1, -1, 0, greet_params};
static const tb_fn_info lambda_info = {"", "x.tb", 1, 2, 2, -1, 0, greet_params};
static const tb_fn_info rest_info = {"join", "x.tb", 1, 3, 1, 1, 0, rest_params};
static const tb_fn_info many_info = {"many", "x.tb", 1, 20, 18, -1, TB_FN_ARRAY, many_params};

static tb_value f_none, f_greet, f_lambda, f_rest, f_many;

static void assert_ints(tb_value list, int64_t count, const int *expected) // -1: None
{
    ck_assert(TB_IS_LIST(list));
    ck_assert_int_eq(TB_AS_LIST(list)->count, count);
    for (int64_t i = 0; i < count; i++) {
        tb_value item = tb_list_at(TB_AS_LIST(list), i);
        ck_assert_uint_eq(item, expected[i] < 0 ? TB_NONE_VALUE : TB_INT62(expected[i]));
    }
}

static const tb_value ints[] = {
    TB_INT62(0),  TB_INT62(1),  TB_INT62(2),  TB_INT62(3),  TB_INT62(4),  TB_INT62(5),
    TB_INT62(6),  TB_INT62(7),  TB_INT62(8),  TB_INT62(9),  TB_INT62(10), TB_INT62(11),
    TB_INT62(12), TB_INT62(13), TB_INT62(14), TB_INT62(15), TB_INT62(16), TB_INT62(17),
    TB_INT62(18), TB_INT62(19), TB_INT62(20)};

// ------------------------------------------------------------------------------------------- calls

START_TEST(calls_fill_parameters)
{
    ck_assert_uint_eq(tb_call0(f_none), TB_INT62(7));
    assert_ints(tb_call2(f_greet, ints[1], ints[2]), 2, (int[]){1, 2});
    assert_ints(tb_call1(f_greet, ints[1]), 2, (int[]){1, -1});
    int all[20];
    for (int i = 0; i < 20; i++)
        all[i] = i < 19 ? i : -1;
    assert_ints(tb_call(f_many, 19, ints), 20, all);
}
END_TEST

START_TEST(a_rest_parameter_is_a_list)
{
    tb_value result = tb_call(f_rest, 4, ints + 1);
    tb_value rest = tb_list_at(TB_AS_LIST(result), 1);
    assert_ints(rest, 3, (int[]){2, 3, 4});
    ck_assert_uint_eq(tb_list_at(TB_AS_LIST(result), 2), TB_NONE_VALUE);
    result = tb_call1(f_rest, ints[1]);
    ck_assert_int_eq(TB_AS_LIST(tb_list_at(TB_AS_LIST(result), 1))->count, 0);
    const tb_str *labels[] = {tb_str_from_c("sep")};
    result = tb_call_labelled(f_rest, 3, ints, 1, labels);
    assert_ints(tb_list_at(TB_AS_LIST(result), 1), 1, (int[]){1});
    ck_assert_uint_eq(tb_list_at(TB_AS_LIST(result), 2), ints[2]);
}
END_TEST

START_TEST(labels_go_first_and_the_rest_fills_up)
{
    const tb_str *labels[] = {&s_name};
    assert_ints(tb_call_labelled(f_greet, 2, ints + 1, 1, labels), 2, (int[]){2, 1});
    tb_value list = tb_list_from(1, ints + 5);
    assert_ints(tb_call_list(f_greet, list, 1, labels, ints + 9), 2, (int[]){9, 5});
    assert_ints(tb_call_list(f_greet, tb_list_from(2, ints), 0, NULL, NULL), 2, (int[]){0, 1});
}
END_TEST

START_TEST(wrong_arguments_show_the_signature)
{
    const tb_str *naem[] = {tb_str_from_c("naem")}, *zebra[] = {tb_str_from_c("zebra")};
    const tb_str *twice[] = {&s_name, &s_name}, *greeting[] = {tb_str_from_c("greeting")};
    assert_raised(tb_call0(f_greet),
                  "`greet` takes 1 to 2 arguments (name, greeting = …), 0 given");
    assert_raised(tb_call3(f_greet, ints[0], ints[0], ints[0]),
                  "`greet` takes 1 to 2 arguments (name, greeting = …), 3 given");
    assert_raised(tb_call1(f_none, ints[0]), "`none` takes no arguments, 1 given");
    assert_raised(tb_call1(f_lambda, ints[0]),
                  "this function takes 2 arguments (name, greeting), 1 given");
    assert_raised(tb_call0(f_rest),
                  "`join` takes at least 1 argument (first, others..., sep = …), 0 given");
    assert_raised(tb_call_labelled(f_greet, 1, ints, 1, naem),
                  "`greet` (name, greeting = …) has no parameter `naem`; nearest: `name`");
    assert_raised(tb_call_labelled(f_greet, 1, ints, 1, zebra),
                  "`greet` (name, greeting = …) has no parameter `zebra`");
    assert_raised(tb_call_labelled(f_greet, 2, ints, 2, twice),
                  "the argument `name` of `greet` (name, greeting = …) is given twice");
    assert_raised(tb_call_labelled(f_greet, 1, ints, 1, greeting),
                  "the argument `name` of `greet` (name, greeting = …) is missing");
    assert_raised(tb_call0(text("x")), "a String cannot be called");
    assert_raised(tb_call0(TB_INT62(1)), "an Int cannot be called");
    assert_raised(tb_call0(TB_OBJECT(&tb_class_int)), "the type Int cannot be called");
}
END_TEST

// ----------------------------------------------------------------------------------------- classes

static tb_value animal_init(tb_fn *fn, tb_value self, tb_value name)
{
    (void)fn;
    return tb_set_attr(self, &s_name, name, NULL) < 0 ? TB_PENDING : TB_NONE_VALUE;
}

static tb_value animal_speak(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_get_attr(self, &s_name, NULL);
}

static tb_value animal_call(tb_fn *fn, tb_value self, tb_value a)
{
    (void)fn, (void)self;
    return a;
}

static const char *const name_param[] = {"name"};
static const tb_fn_info animal_init_info = {"init", "x.tb", 1, 1, 1, -1, TB_FN_METHOD, name_param};
static const tb_fn_info animal_speak_info = {"speak", "x.tb", 1, 0, 0, -1, TB_FN_METHOD, NULL};
static const tb_fn_info animal_call_info = {"call", "x.tb", 1, 1, 1, -1, TB_FN_METHOD, name_param};
static tb_fn animal_init_fn = {&tb_class_function, TB_CODE(animal_init), &animal_init_info, {}};
static tb_fn animal_speak_fn = {&tb_class_function, TB_CODE(animal_speak), &animal_speak_info, {}};
static tb_fn animal_call_fn = {&tb_class_function, TB_CODE(animal_call), &animal_call_info, {}};

static const tb_slot animal_slots[] = {{&s_name, TB_SLOT_VALUE},
                                       {&s_age, TB_SLOT_INT},
                                       {&s_weight, TB_SLOT_FLOAT},
                                       {&s_is_tame, TB_SLOT_BOOL}};
static const tb_method animal_methods[] = {{&s_init, &animal_init_fn},
                                           {&s_speak, &animal_speak_fn}};
static const tb_method dog_methods[] = {{&s_call, &animal_call_fn}};

static tb_class animal = {.name = "Animal",
                          .kind = TB_INSTANCE,
                          .slot_count = 4,
                          .slots = animal_slots,
                          .method_count = 2,
                          .methods = animal_methods};
static tb_class dog = {
    .name = "Dog", .base = &animal, .kind = TB_INSTANCE, .method_count = 1, .methods = dog_methods};
static tb_class my_error = {.name = "MyError", .base = &tb_error_base, .kind = TB_INSTANCE};
static tb_value rex;

static void setup(void)
{
    tb_gc_init();
    tb_rt.pending = 0;
    tb_rt.handling = TB_NONE_VALUE;
    f_none = tb_fn_new(TB_CODE(none_code), &none_info, 0);
    f_greet = tb_fn_new(TB_CODE(two_code), &greet_info, 0);
    f_lambda = tb_fn_new(TB_CODE(two_code), &lambda_info, 0);
    f_rest = tb_fn_new(TB_CODE(three_code), &rest_info, 0);
    f_many = tb_fn_new(TB_CODE(many_code), &many_info, 0);
    ck_assert_int_eq(tb_class_ready(&animal), 0);
    ck_assert_int_eq(tb_class_ready(&dog), 0);
    ck_assert_int_eq(tb_class_ready(&my_error), 0);
    animal.variables = dog.variables = NULL;
    rex = tb_call1(TB_OBJECT(&dog), text("Rex"));
    ck_assert_uint_ne(rex, TB_PENDING);
}

START_TEST(classes_inherit)
{
    ck_assert_int_eq(dog.slot_count, 4);
    ck_assert_ptr_eq(dog.special[TB_SPECIAL_INIT], &animal_init_fn);
    ck_assert_ptr_eq(tb_special_of(rex, TB_SPECIAL_CALL), &animal_call_fn);
    ck_assert_ptr_null(animal.special[TB_SPECIAL_CALL]);
    ck_assert_ptr_null(tb_special_of(TB_INT62(1), TB_SPECIAL_CALL));
    ck_assert_uint_eq(tb_call1(rex, ints[5]), ints[5]);
    tb_class wrong = {.name = "Wrong", .base = &tb_class_int, .kind = TB_INSTANCE};
    ck_assert_int_eq(tb_class_ready(&wrong), -1);
    ck_assert_str_eq(message(), "`Wrong` cannot extend the type Int");
    assert_raised(tb_call0(TB_OBJECT(&dog)), "`Dog` takes 1 argument (name), 0 given");
}
END_TEST

START_TEST(fields_live_in_slots_and_beyond)
{
    tb_cache get = {0}, set = {0};
    for (int turn = 1; turn <= 3; turn++) {
        ck_assert_int_eq(tb_set_attr(rex, &s_age, TB_INT62(turn), &set), 0);
        ck_assert_uint_eq(tb_get_attr(rex, &s_age, &get), TB_INT62(turn));
        ck_assert_int_eq(tb_set_attr(rex, &s_color, TB_INT62(turn), NULL), 0);
        ck_assert_uint_eq(tb_get_attr(rex, &s_color, &get), TB_INT62(turn));
    }
    ck_assert_int_eq(tb_set_attr(rex, &s_weight, TB_INT62(3), NULL), 0);
    ck_assert(tb_float_get(tb_get_attr(rex, &s_weight, NULL)) == 3.0);
    ck_assert_int_eq(tb_set_attr(rex, &s_is_tame, TB_TRUE, NULL), 0);
    ck_assert_uint_eq(tb_get_attr(rex, &s_is_tame, NULL), TB_TRUE);
    ck_assert_int_eq(tb_set_attr(rex, &s_age, text("x"), NULL), -1);
    ck_assert_str_eq(message(), "the field `age` of `Dog` holds an Int, not a String");
    ck_assert_int_eq(tb_del_attr(rex, &s_color), 0);
    ck_assert_int_eq(tb_del_attr(rex, &s_color), -1);
    ck_assert_str_eq(message(), "`Dog` has no `color`");
    ck_assert_int_eq(tb_del_attr(rex, &s_age), -1);
    ck_assert_str_eq(message(), "the field `age` of `Dog` cannot be deleted");
    ck_assert_int_eq(tb_del_attr(rex, &s_name), 0);
    ck_assert_uint_eq(tb_find_attr(rex, &s_name), TB_MISSING);
}
END_TEST

START_TEST(missing_attributes_name_the_nearest)
{
    assert_raised(tb_get_attr(rex, tb_str_from_c("spek"), NULL),
                  "`Dog` has no `spek`; nearest: `speak`");
    assert_raised(tb_get_attr(rex, tb_str_from_c("nam"), NULL),
                  "`Dog` has no `nam`; nearest: `name`");
    assert_raised(tb_get_attr(rex, tb_str_from_c("zzz"), NULL), "`Dog` has no `zzz`");
    assert_raised(tb_get_attr(TB_INT62(1), &s_name, NULL), "an Int has no `name`");
    ck_assert_int_eq(tb_set_attr(TB_INT62(1), &s_name, ints[0], NULL), -1);
    ck_assert_str_eq(message(), "an Int has no fields that could be set");
}
END_TEST

START_TEST(class_variables_are_shared)
{
    ck_assert_int_eq(tb_set_attr(TB_OBJECT(&animal), &s_count, ints[1], NULL), 0);
    ck_assert_uint_eq(tb_get_attr(rex, &s_count, NULL), ints[1]);
    ck_assert_uint_eq(tb_get_attr(TB_OBJECT(&dog), &s_count, NULL), ints[1]);
    ck_assert_int_eq(tb_set_attr(TB_OBJECT(&dog), &s_count, ints[2], NULL), 0);
    ck_assert_uint_eq(tb_get_attr(rex, &s_count, NULL), ints[2]);
    ck_assert_uint_eq(tb_get_attr(TB_OBJECT(&animal), &s_count, NULL), ints[1]);
    ck_assert_int_eq(tb_set_attr(rex, &s_count, ints[3], NULL), 0);
    ck_assert_uint_eq(tb_get_attr(rex, &s_count, NULL), ints[3]);
    ck_assert_int_eq(tb_set_attr(TB_OBJECT(&animal), &s_speak, ints[1], NULL), -1);
    ck_assert_str_eq(message(), "`speak` is a method of `Animal` and cannot be replaced");
}
END_TEST

START_TEST(methods_are_found_in_order)
{
    tb_value name = tb_get_attr(rex, &s_name, NULL);
    tb_cache cache = {0};
    for (int turn = 0; turn < 2; turn++)
        ck_assert_uint_eq(tb_call_method(rex, &s_speak, &cache, TB_MISSING, TB_MISSING, 0, NULL),
                          name);
    ck_assert_uint_eq(tb_call0(tb_get_attr(rex, &s_speak, NULL)), name);
    ck_assert_uint_eq(tb_call0(tb_bind_method(rex, &s_speak, f_none, f_none)), name);
    ck_assert_uint_eq(tb_call1(tb_get_attr(TB_OBJECT(&animal), &s_speak, NULL), rex), name);
    assert_raised(tb_call0(tb_get_attr(TB_OBJECT(&animal), &s_speak, NULL)),
                  "the method `speak` needs an object as its first argument");
    tb_set_attr(rex, &s_color, f_none, NULL);
    ck_assert_uint_eq(tb_call_method(rex, &s_color, NULL, f_greet, f_greet, 0, NULL), TB_INT62(7));
    tb_set_attr(rex, &s_color, ints[1], NULL);
    assert_raised(tb_call_method(rex, &s_color, NULL, f_greet, f_greet, 0, NULL),
                  "an Int cannot be called");
    tb_value result = tb_call_method(rex, &s_type, NULL, f_none, f_greet, 1, ints);
    ck_assert_uint_eq(tb_list_at(TB_AS_LIST(result), 0), rex); // the program's function
    assert_raised(tb_call_method(rex, &s_type, NULL, f_none, TB_MISSING, 1, ints),
                  "`Dog` has no `type`");
}
END_TEST

START_TEST(other_values_use_functions_as_methods)
{
    tb_value five = TB_INT62(5), key_and_value[] = {TB_OBJECT(&s_name), f_none};
    assert_ints(tb_call_method(five, &s_name, NULL, f_greet, f_none, 1, ints), 2, (int[]){5, 0});
    assert_ints(tb_call_method(five, &s_name, NULL, TB_MISSING, f_greet, 1, ints), 2,
                (int[]){5, 0});
    assert_ints(tb_call1(tb_bind_method(five, &s_name, f_greet, TB_MISSING), ints[3]), 2,
                (int[]){5, 3});
    assert_raised(tb_call_method(five, &s_name, NULL, TB_MISSING, TB_MISSING, 0, NULL),
                  "an Int has no method `name`");
    tb_value dict = tb_dict_from(1, key_and_value);
    ck_assert_uint_eq(tb_call_method(dict, &s_name, NULL, TB_MISSING, f_greet, 0, NULL),
                      TB_INT62(7));
    ck_assert_uint_eq(tb_get_attr(dict, &s_name, NULL), f_none);
    ck_assert_int_eq(tb_set_attr(dict, &s_age, ints[4], NULL), 0);
    ck_assert_uint_eq(tb_get_attr(dict, &s_age, NULL), ints[4]);
    ck_assert_int_eq(tb_del_attr(dict, &s_age), 0);
    ck_assert_uint_eq(tb_get_attr(dict, &s_age, NULL), TB_PENDING);
    tb_catch(NULL, 0);
}
END_TEST

START_TEST(super_reaches_the_base)
{
    tb_value name = tb_get_attr(rex, &s_name, NULL);
    ck_assert_uint_eq(tb_call0(tb_super_method(&animal, &s_speak, rex)), name);
    ck_assert_uint_eq(tb_call0(tb_super_method(NULL, &s_init, rex)), TB_NONE_VALUE);
    assert_raised(tb_super_method(&animal, &s_color, rex), "`Animal` has no `color`");
    assert_raised(tb_super_method(NULL, &s_color, rex),
                  "`Dog` extends no class that could have `color`");
}
END_TEST

START_TEST(errors_can_be_derived)
{
    tb_value error = tb_call1(TB_OBJECT(&my_error), text("oops"));
    ck_assert(tb_is_error(error));
    ck_assert_str_eq(TB_AS_STR(tb_get_attr(error, &s_type, NULL))->data, "MyError");
    ck_assert(tb_is_instance(error, TB_OBJECT(&tb_error_base)));
    ck_assert_int_eq(tb_set_attr(error, tb_str_from_c("code"), ints[3], NULL), 0);
    ck_assert_uint_eq(tb_get_attr(error, tb_str_from_c("code"), NULL), ints[3]);
    tb_value init = tb_super_method(&tb_error_base, &s_init, error);
    ck_assert_uint_eq(tb_call1(init, TB_INT62(5)), TB_NONE_VALUE);
    ck_assert_str_eq(TB_AS_STR(tb_get_attr(error, tb_str_from_c("message"), NULL))->data, "5");
}
END_TEST

// --------------------------------------------------------------------------- modules, names, types

static const tb_str *const shape_names[] = {&s_name, &s_count};

static tb_value shape_get(int64_t index)
{
    return index == 0 ? TB_INT62(5) : TB_MISSING;
}

START_TEST(modules_have_members)
{
    static tb_module shapes = {&tb_class_module, "shapes", 2, shape_names, shape_get, NULL};
    tb_value module = TB_OBJECT(&shapes);
    ck_assert_uint_eq(tb_get_attr(module, &s_name, NULL), TB_INT62(5));
    assert_raised(tb_get_attr(module, &s_count, NULL), "`shapes.count` has no value yet");
    assert_raised(tb_get_attr(module, tb_str_from_c("nmae"), NULL),
                  "`shapes` has no `nmae`; nearest: `name`");
    ck_assert_int_eq(tb_set_attr(module, &s_name, ints[1], NULL), -1);
    ck_assert_str_eq(message(), "`shapes.name` cannot be changed");
    ck_assert_int_eq(TB_AS_LIST(tb_attr_names(module))->count, 2);
}
END_TEST

START_TEST(names_are_sorted)
{
    static const char *const expected[] = {"age",  "call",  "init",  "is_tame",
                                           "name", "speak", "weight"};
    tb_set_attr(rex, tb_str_from_c("_hidden"), ints[0], NULL);
    tb_list *names = TB_AS_LIST(tb_attr_names(rex));
    ck_assert_int_eq(names->count, 7);
    for (int i = 0; i < 7; i++)
        ck_assert_str_eq(TB_AS_STR(tb_list_at(names, i))->data, expected[i]);
}
END_TEST

START_TEST(types_have_names)
{
    struct {
        tb_value value;
        const char *name, *title, *article;
    } rows[] = {
        {TB_NONE_VALUE, "none", "None", ""},
        {TB_TRUE, "bool", "Bool", "a "},
        {TB_INT62(1), "int", "Int", "an "},
        {text("x"), "string", "String", "a "},
        {f_none, "function", "Function", "a "},
        {tb_bound_new(f_greet, rex), "function", "Function", "a "},
        {rex, "Dog", "Dog", "a "},
        {TB_OBJECT(&dog), "class", "Class", "a "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_str_eq(tb_type_name(rows[i].value)->data, rows[i].name);
        ck_assert_str_eq(tb_type_title(rows[i].value), rows[i].title);
        ck_assert_str_eq(tb_type_article(rows[i].value), rows[i].article);
    }
}
END_TEST

START_TEST(values_are_of_types)
{
    ck_assert(tb_is_instance(rex, TB_OBJECT(&animal)));
    ck_assert(!tb_is_instance(TB_TRUE, TB_OBJECT(&tb_class_int)));
    ck_assert(tb_is_instance(tb_bound_new(f_greet, rex), TB_OBJECT(&tb_class_function)));
    ck_assert_int_eq(tb_is_instance(rex, TB_INT62(1)), -1);
    ck_assert_str_eq(message(), "an Int is no type");
}
END_TEST

Suite *object_suite(void)
{
    Suite *suite = suite_create("object");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, calls_fill_parameters);
    tcase_add_test(tests, a_rest_parameter_is_a_list);
    tcase_add_test(tests, labels_go_first_and_the_rest_fills_up);
    tcase_add_test(tests, wrong_arguments_show_the_signature);
    tcase_add_test(tests, classes_inherit);
    tcase_add_test(tests, fields_live_in_slots_and_beyond);
    tcase_add_test(tests, missing_attributes_name_the_nearest);
    tcase_add_test(tests, class_variables_are_shared);
    tcase_add_test(tests, methods_are_found_in_order);
    tcase_add_test(tests, other_values_use_functions_as_methods);
    tcase_add_test(tests, super_reaches_the_base);
    tcase_add_test(tests, errors_can_be_derived);
    tcase_add_test(tests, modules_have_members);
    tcase_add_test(tests, names_are_sorted);
    tcase_add_test(tests, types_have_names);
    tcase_add_test(tests, values_are_of_types);
    suite_add_tcase(suite, tests);
    return suite;
}
