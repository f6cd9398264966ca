// Instances, classes and attributes.
//
// The central function is `find_in_instance`, the order in which `object.name` is looked for: the
// object's slots, its extra fields, then class by class from its own to the root variables and
// methods. Everything above it adds a cache, an error message, or the other kinds of values that
// have attributes.
#include "object.h"
#include "dict.h"
#include "error.h"
#include "float.h"
#include "gc.h"
#include "int.h"
#include "list.h"
#include "module.h"
#include "nearest.h"
#include "str.h"
#include "tuple.h"

#include <string.h>

tb_class tb_class_class = {.cls = &tb_class_class, .name = "Class", .kind = TB_CLASS};

static int same_name(const tb_str *a, const tb_str *b)
{
    return a == b || tb_str_equal(a, b);
}

// ----------------------------------------------------------------------------------------- classes

static const char *const special_names[TB_SPECIAL_COUNT] = {
    [TB_SPECIAL_TO_STRING] = "to_string",
    [TB_SPECIAL_EQUALS] = "equals",
    [TB_SPECIAL_HASH] = "hash",
    [TB_SPECIAL_COMPARE] = "compare",
    [TB_SPECIAL_LEN] = "len",
    [TB_SPECIAL_GET_ITEM] = "get_item",
    [TB_SPECIAL_SET_ITEM] = "set_item",
    [TB_SPECIAL_CONTAINS] = "contains",
    [TB_SPECIAL_ITER] = "iter",
    [TB_SPECIAL_NEXT] = "next",
    [TB_SPECIAL_CALL] = "call",
    [TB_SPECIAL_ADD] = "add",
    [TB_SPECIAL_SUB] = "sub",
    [TB_SPECIAL_MUL] = "mul",
    [TB_SPECIAL_DIV] = "div",
    [TB_SPECIAL_NEG] = "neg",
    [TB_SPECIAL_CLOSE] = "close",
    [TB_SPECIAL_INIT] = "init",
};

static int special_index(const tb_str *name)
{
    for (int i = 0; i < TB_SPECIAL_COUNT; i++)
        if (strlen(special_names[i]) == (size_t)name->size &&
            !memcmp(special_names[i], name->data, (size_t)name->size))
            return i;
    return -1;
}

int tb_class_ready(tb_class *cls)
{
    const tb_class *base = cls->base;
    cls->cls = &tb_class_class;
    if (base && base->kind != TB_INSTANCE) {
        tb_raise_error(&tb_error_type, "`%s` cannot extend the type %s", cls->name, base->name);
        return -1;
    }
    if (base && cls->slot_count < base->slot_count) {
        cls->slot_count = base->slot_count;
        cls->slots = base->slots;
    }
    for (int i = 0; i < TB_SPECIAL_COUNT; i++)
        cls->special[i] = base ? base->special[i] : NULL;
    for (int64_t i = 0; i < cls->method_count; i++) {
        int special = special_index(cls->methods[i].name);
        if (special >= 0) cls->special[special] = cls->methods[i].function;
    }
    const tb_fn *init = cls->special[TB_SPECIAL_INIT];
    cls->init_info = init ? init->info : NULL;
    return 0;
}

// The table of a class that tb_class_copy made is its own.
static tb_method *own_table(const tb_class *cls)
{
    return (tb_method *)(uintptr_t)cls->methods;
}

tb_value tb_class_copy(const tb_class *made_from, tb_value base)
{
    size_t size;
    if (tb_size_mul((size_t)made_from->method_count, sizeof(tb_method), 0, &size) < 0)
        return TB_PENDING;
    tb_class *cls = tb_alloc(sizeof *cls);
    tb_method *table = cls ? tb_alloc(size) : NULL;
    if (!table) return TB_PENDING;
    if (size > 0) memcpy(table, made_from->methods, size);
    *cls = *made_from;
    cls->methods = table;
    cls->made_from = made_from;
    if (base != TB_MISSING) cls->base = TB_AS_CLASS(base);
    return TB_OBJECT(cls);
}

int tb_class_set_method(tb_class *cls, const tb_str *name, tb_value function)
{
    for (int64_t i = 0; i < cls->method_count; i++)
        if (same_name(cls->methods[i].name, name)) own_table(cls)[i].function = TB_AS_FN(function);
    return 0;
}

static tb_fn *own_method(const tb_class *cls, const tb_str *name)
{
    for (int64_t i = 0; i < cls->method_count; i++)
        if (same_name(cls->methods[i].name, name)) return cls->methods[i].function;
    return NULL;
}

tb_fn *tb_class_method(const tb_class *cls, const tb_str *name)
{
    for (; cls; cls = cls->base) {
        tb_fn *method = own_method(cls, name);
        if (method) return method;
    }
    return NULL;
}

int tb_class_derives(const tb_class *cls, const tb_class *base)
{
    for (; cls; cls = cls->base)
        if (cls == base || cls->made_from == base) return 1;
    return 0;
}

static tb_value own_variable(const tb_class *cls, const tb_str *name)
{
    return cls->variables ? tb_dict_find_str(cls->variables, name) : TB_MISSING;
}

tb_value tb_class_variable(const tb_class *cls, const tb_str *name)
{
    tb_value value = TB_MISSING;
    for (; cls && value == TB_MISSING; cls = cls->base)
        value = own_variable(cls, name);
    return value;
}

int tb_class_set_variable(tb_class *cls, const tb_str *name, tb_value value)
{
    if (!cls->variables) cls->variables = tb_dict_new(0);
    return cls->variables ? tb_dict_put(cls->variables, TB_OBJECT(name), value) : -1;
}

// -------------------------------------------------------------------------------- instances, slots

tb_value tb_instance_new(tb_class *cls)
{
    tb_instance *object =
        tb_alloc_fast(sizeof *object + (size_t)cls->slot_count * sizeof object->slots[0]);
    if (!object) return TB_PENDING;
    object->cls = cls;
    int64_t first = 0;
    if (cls->slot_count >= TB_ERROR_SLOTS && tb_is_error_class(cls)) {
        tb_error_defaults(object);
        first = TB_ERROR_SLOTS;
    }
    for (int64_t i = first; i < cls->slot_count; i++)
        object->slots[i].value = TB_MISSING;
    return TB_OBJECT(object);
}

tb_value tb_slot_get(const tb_instance *object, int64_t index)
{
    switch ((tb_slot_kind)object->cls->slots[index].kind) {
    case TB_SLOT_VALUE:
        return object->slots[index].value;
    case TB_SLOT_INT:
        return tb_int_from(object->slots[index].integer);
    case TB_SLOT_FLOAT:
        if (object->slots[index].value == TB_MISSING) return TB_MISSING;
        return tb_float_from(object->slots[index].number);
    case TB_SLOT_BOOL:
        return TB_BOOL_VALUE(object->slots[index].integer);
    }
    return TB_PENDING;
}

static int raise_slot(const tb_instance *object, int64_t index, const char *holds, tb_value value)
{
    const tb_str *name = object->cls->slots[index].name;
    tb_raise_error(&tb_error_type, "the field `%s` of `%s` holds %s, not %A", name->data,
                   object->cls->name, holds, value);
    return -1;
}

static int put_int(tb_instance *object, int64_t index, tb_value value)
{
    int64_t n;
    if (TB_KIND(value) != TB_INT) return raise_slot(object, index, "an Int", value);
    if (!tb_int_to(value, &n)) {
        tb_raise_error(&tb_error_overflow, "%V does not fit the field `%s` of `%s`", value,
                       object->cls->slots[index].name->data, object->cls->name);
        return -1;
    }
    object->slots[index].integer = n;
    return 0;
}

static int put_float(tb_instance *object, int64_t index, tb_value value)
{
    tb_kind kind = TB_KIND(value);
    if (kind != TB_FLOAT && kind != TB_INT) return raise_slot(object, index, "a Float", value);
    double number = tb_number_get(value);
    if (tb_rt.pending) return -1;
    object->slots[index].number = number;
    return 0;
}

int tb_slot_put(tb_instance *object, int64_t index, tb_value value)
{
    switch ((tb_slot_kind)object->cls->slots[index].kind) {
    case TB_SLOT_VALUE:
        object->slots[index].value = value;
        return 0;
    case TB_SLOT_INT:
        return put_int(object, index, value);
    case TB_SLOT_FLOAT:
        return put_float(object, index, value);
    case TB_SLOT_BOOL:
        if (TB_KIND(value) != TB_BOOL) return raise_slot(object, index, "a Bool", value);
        object->slots[index].integer = value == TB_TRUE;
        return 0;
    }
    return -1;
}

static int64_t slot_index(const tb_class *cls, const tb_str *name)
{
    for (int64_t i = 0; i < cls->slot_count; i++)
        if (same_name(cls->slots[i].name, name)) return i;
    return -1;
}

// ------------------------------------------------------------------------------ finding attributes

// A method as an attribute of [self]: bound, or what it computes.
static tb_value method_value(tb_fn *method, tb_value self)
{
    if (method->info->flags & TB_FN_PROPERTY) return tb_call_method_fn(method, self, 0, NULL);
    return tb_bound_new(TB_OBJECT(method), self);
}

// The field [name] of an instance, or TB_MISSING.
static tb_value find_field(const tb_instance *object, const tb_str *name, tb_cache *cache)
{
    int64_t slot = slot_index(object->cls, name);
    if (slot >= 0) {
        if (slot == TB_ERROR_TRACE && tb_error_has_trace(object))
            return tb_error_trace_list(TB_OBJECT(object));
        tb_value value = tb_slot_get(object, slot);
        if (value != TB_MISSING && cache) *cache = (tb_cache){object->cls, NULL, slot};
        if (value != TB_MISSING) return value;
    }
    return object->extra ? tb_dict_find_str(object->extra, name) : TB_MISSING;
}

// The variable or method [name] of [cls] as an attribute of [self], an instance, or TB_MISSING.
static tb_value find_in_classes(const tb_class *cls, tb_value self, const tb_str *name)
{
    for (; cls; cls = cls->base) {
        tb_value value = own_variable(cls, name);
        if (value != TB_MISSING) return value;
        tb_fn *method = own_method(cls, name);
        if (method) return method_value(method, self);
    }
    return TB_MISSING;
}

static tb_value find_in_instance(tb_value object, const tb_str *name, tb_cache *cache)
{
    tb_value value = find_field(TB_AS_INSTANCE(object), name, cache);
    if (value != TB_MISSING) return value;
    return find_in_classes(TB_AS_OBJECT(object)->cls, object, name);
}

// `Animal.count`, `Animal.speak`: a method comes unbound and takes the object as its first
// argument.
static tb_value find_in_class(const tb_class *cls, const tb_str *name)
{
    for (; cls; cls = cls->base) {
        tb_value value = own_variable(cls, name);
        if (value != TB_MISSING) return value;
        tb_fn *method = own_method(cls, name);
        if (method) return TB_OBJECT(method);
    }
    return TB_MISSING;
}

static tb_value find_in_module(const tb_module *module, const tb_str *name)
{
    return tb_module_find(module, name) < 0 ? TB_MISSING : tb_module_get(module, name);
}

tb_value tb_find_attr(tb_value object, const tb_str *name)
{
    switch (TB_KIND(object)) {
    case TB_INSTANCE:
        return find_in_instance(object, name, NULL);
    case TB_CLASS:
        return find_in_class(TB_AS_CLASS(object), name);
    case TB_MODULE:
        return find_in_module(TB_AS_MODULE(object), name);
    case TB_DICT:
        return tb_dict_find_str(TB_AS_DICT(object), name);
    default:
        return find_in_classes(TB_CLASS_OF(object), object, name);
    }
}

// ------------------------------------------------------------------- attributes that are not there

static void offer(tb_nearest *nearest, const tb_str *name)
{
    tb_nearest_offer(nearest, name->data, name->size);
}

static void offer_keys(tb_nearest *nearest, const tb_dict *dict)
{
    if (!dict) return;
    const tb_table *table = &dict->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1))
        if (TB_IS_STR(table->entries[at].key)) offer(nearest, TB_AS_STR(table->entries[at].key));
}

static void offer_members(tb_nearest *nearest, const tb_class *cls)
{
    for (; cls; cls = cls->base) {
        for (int64_t i = 0; i < cls->method_count; i++)
            offer(nearest, cls->methods[i].name);
        offer_keys(nearest, cls->variables);
    }
}

static void offer_fields(tb_nearest *nearest, const tb_instance *object)
{
    for (int64_t i = 0; i < object->cls->slot_count; i++) {
        if (object->slots[i].value != TB_MISSING) offer(nearest, object->cls->slots[i].name);
    }
    offer_keys(nearest, object->extra);
}

// AttributeError for [object] having no [name]. Instances and classes are named by their class.
static tb_value raise_no_attr(tb_value object, const tb_str *name)
{
    tb_kind kind = TB_KIND(object);
    if (kind == TB_MODULE) return tb_module_get(TB_AS_MODULE(object), name);
    if (kind != TB_INSTANCE && kind != TB_CLASS && kind != TB_NATIVE)
        return tb_raise_error(&tb_error_attribute, "%A has no `%s`", object, name->data);
    const tb_class *cls = kind == TB_CLASS ? TB_AS_CLASS(object) : TB_CLASS_OF(object);
    tb_nearest nearest = tb_nearest_to(name->data, name->size);
    if (kind == TB_INSTANCE) offer_fields(&nearest, TB_AS_INSTANCE(object));
    offer_members(&nearest, cls);
    if (!nearest.name)
        return tb_raise_error(&tb_error_attribute, "`%s` has no `%s`", cls->name, name->data);
    return tb_raise_error(&tb_error_attribute, "`%s` has no `%s`; nearest: `%s`", cls->name,
                          name->data, nearest.name);
}

tb_value tb_get_attr(tb_value object, const tb_str *name, tb_cache *cache)
{
    tb_kind kind = TB_KIND(object);
    tb_value value;
    if (TB_LIKELY(kind == TB_INSTANCE)) {
        tb_instance *self = TB_AS_INSTANCE(object);
        if (cache && cache->cls == self->cls && !cache->method) {
            value = tb_slot_get(self, cache->slot);
            if (TB_LIKELY(value != TB_MISSING)) return value;
        }
        value = find_in_instance(object, name, cache);
    } else if (kind == TB_DICT) {
        return tb_dict_get(TB_AS_DICT(object), TB_OBJECT(name));
    } else {
        value = tb_find_attr(object, name);
    }
    return value == TB_MISSING ? raise_no_attr(object, name) : value;
}

// ---------------------------------------------------------------------------- setting and deleting

static int set_field(tb_instance *object, const tb_str *name, tb_value value, tb_cache *cache)
{
    if (cache && cache->cls == object->cls && !cache->method)
        return tb_slot_put(object, cache->slot, value);
    int64_t slot = slot_index(object->cls, name);
    if (slot >= 0) {
        if (cache) *cache = (tb_cache){object->cls, NULL, slot};
        return tb_slot_put(object, slot, value);
    }
    if (!object->extra) object->extra = tb_dict_new(0);
    return object->extra ? tb_dict_put(object->extra, TB_OBJECT(name), value) : -1;
}

// Calls of a method go straight to it, so a method cannot become a variable.
static int set_in_class(tb_class *cls, const tb_str *name, tb_value value)
{
    if (cls->kind == TB_INSTANCE && !own_method(cls, name))
        return tb_class_set_variable(cls, name, value);
    if (cls->kind == TB_INSTANCE)
        tb_raise_error(&tb_error_attribute, "`%s` is a method of `%s` and cannot be replaced",
                       name->data, cls->name);
    else
        tb_raise_error(&tb_error_attribute, "the type %s cannot be changed", cls->name);
    return -1;
}

int tb_set_attr(tb_value object, const tb_str *name, tb_value value, tb_cache *cache)
{
    switch (TB_KIND(object)) {
    case TB_INSTANCE:
        return set_field(TB_AS_INSTANCE(object), name, value, cache);
    case TB_CLASS:
        return set_in_class(TB_AS_CLASS(object), name, value);
    case TB_MODULE:
        return tb_module_set(TB_AS_MODULE(object), name, value);
    case TB_DICT:
        return tb_dict_put(TB_AS_DICT(object), TB_OBJECT(name), value);
    default:
        tb_raise_error(&tb_error_attribute, "%A has no fields that could be set", object);
        return -1;
    }
}

// Raw slots and those of every error always hold something.
static int can_be_deleted(const tb_class *cls, int64_t slot)
{
    if (cls->slots[slot].kind != TB_SLOT_VALUE) return 0;
    return slot >= TB_ERROR_SLOTS || !tb_is_error_class(cls);
}

static int del_field(tb_instance *object, const tb_str *name)
{
    int64_t slot = slot_index(object->cls, name);
    if (slot >= 0 && !can_be_deleted(object->cls, slot)) {
        tb_raise_error(&tb_error_attribute, "the field `%s` of `%s` cannot be deleted", name->data,
                       object->cls->name);
        return -1;
    }
    if (slot >= 0 && object->slots[slot].value != TB_MISSING) {
        object->slots[slot].value = TB_MISSING;
        return 0;
    }
    int removed = object->extra ? tb_dict_remove(object->extra, TB_OBJECT(name)) : 0;
    if (removed == 0) raise_no_attr(TB_OBJECT(object), name);
    return removed > 0 ? 0 : -1;
}

static int del_key(tb_dict *dict, tb_value object, const tb_str *name)
{
    int removed = dict ? tb_dict_remove(dict, TB_OBJECT(name)) : 0;
    if (removed == 0 && TB_KIND(object) == TB_CLASS)
        raise_no_attr(object, name);
    else if (removed == 0)
        tb_dict_get(dict, TB_OBJECT(name)); // raises KeyError as reading does
    return removed > 0 ? 0 : -1;
}

int tb_del_attr(tb_value object, const tb_str *name)
{
    switch (TB_KIND(object)) {
    case TB_INSTANCE:
        return del_field(TB_AS_INSTANCE(object), name);
    case TB_CLASS:
        return del_key(TB_AS_CLASS(object)->variables, object, name);
    case TB_DICT:
        return del_key(TB_AS_DICT(object), object, name);
    default:
        tb_raise_error(&tb_error_attribute, "%A has no fields that could be deleted", object);
        return -1;
    }
}

// ------------------------------------------------------------------------------------------- names

// Adds [name] to the names being collected unless it is private.
static int collect(tb_dict *names, const tb_str *name)
{
    if (name->size == 0 || name->data[0] == '_' || name->data[0] == '(') return 0;
    return tb_dict_put(names, TB_OBJECT(name), TB_NONE_VALUE);
}

static int collect_keys(tb_dict *names, const tb_dict *dict)
{
    if (!dict) return 0;
    const tb_table *table = &dict->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1)) {
        tb_value key = table->entries[at].key;
        if (TB_IS_STR(key) && collect(names, TB_AS_STR(key)) < 0) return -1;
    }
    return 0;
}

static int collect_members(tb_dict *names, const tb_class *cls)
{
    for (; cls; cls = cls->base) {
        for (int64_t i = 0; i < cls->method_count; i++)
            if (collect(names, cls->methods[i].name) < 0) return -1;
        if (collect_keys(names, cls->variables) < 0) return -1;
    }
    return 0;
}

static int collect_fields(tb_dict *names, const tb_instance *object)
{
    for (int64_t i = 0; i < object->cls->slot_count; i++) {
        int is_raw = object->cls->slots[i].kind != TB_SLOT_VALUE;
        if (!is_raw && object->slots[i].value == TB_MISSING) continue;
        if (collect(names, object->cls->slots[i].name) < 0) return -1;
    }
    return collect_keys(names, object->extra);
}

static int collect_module(tb_dict *names, const tb_module *module)
{
    for (int64_t i = 0; i < module->count; i++)
        if (collect(names, module->names[i]) < 0) return -1;
    return 0;
}

static int collect_all(tb_dict *names, tb_value object)
{
    switch (TB_KIND(object)) {
    case TB_MODULE:
        return collect_module(names, TB_AS_MODULE(object));
    case TB_CLASS:
        return collect_members(names, TB_AS_CLASS(object));
    case TB_DICT:
        return collect_keys(names, TB_AS_DICT(object));
    case TB_INSTANCE:
        if (collect_fields(names, TB_AS_INSTANCE(object)) < 0) return -1;
        return collect_members(names, TB_CLASS_OF(object));
    default:
        return collect_members(names, TB_CLASS_OF(object));
    }
}

tb_value tb_attr_names(tb_value object)
{
    tb_dict *names = tb_dict_new(0);
    if (!names || collect_all(names, object) < 0) return TB_PENDING;
    tb_list *list = tb_dict_keys(names);
    if (!list || tb_list_sort(list, TB_NONE_VALUE, 0) < 0) return TB_PENDING;
    return TB_OBJECT(list);
}

// ----------------------------------------------------------------------------------------- methods

static int has_methods(tb_kind kind)
{
    return kind == TB_INSTANCE || kind == TB_NATIVE;
}

// What `object.name` means before any library or program function is asked, apart from methods: a
// field that is there, a member of a class or module. TB_MISSING: nothing.
static tb_value find_member(tb_value object, const tb_str *name)
{
    switch (TB_KIND(object)) {
    case TB_INSTANCE: {
        tb_value value = find_field(TB_AS_INSTANCE(object), name, NULL);
        return value != TB_MISSING ? value : tb_class_variable(TB_CLASS_OF(object), name);
    }
    case TB_CLASS:
        return find_in_class(TB_AS_CLASS(object), name);
    case TB_MODULE:
        return tb_module_get(TB_AS_MODULE(object), name);
    default:
        return TB_MISSING;
    }
}

// The function outside of [object] that `object.name(…)` calls with it as first argument: the
// library's, for all but instances, else the program's. TB_MISSING: none. A dict's own key comes
// between the two: it is returned, and [is_key] says so.
static tb_value find_outside(tb_value object, const tb_str *name, tb_value library,
                             tb_value program, int *is_key)
{
    *is_key = 0;
    if (library != TB_MISSING && TB_KIND(object) != TB_INSTANCE) return library;
    if (TB_IS_DICT(object)) {
        tb_value value = tb_dict_find_str(TB_AS_DICT(object), name);
        *is_key = value != TB_MISSING && tb_is_callable(value);
        if (*is_key) return value;
    }
    return program;
}

static tb_value raise_no_method(tb_value object, const tb_str *name)
{
    tb_kind kind = TB_KIND(object);
    if (kind == TB_INSTANCE || kind == TB_CLASS || kind == TB_NATIVE)
        return raise_no_attr(object, name);
    return tb_raise_error(&tb_error_attribute, "%A has no method `%s`", object, name->data);
}

static tb_value call_found(tb_value object, const tb_str *name, tb_value library, tb_value program,
                           int64_t argc, const tb_value *argv)
{
    tb_value member = find_member(object, name);
    if (member == TB_PENDING) return TB_PENDING;
    if (member != TB_MISSING) return tb_call(member, argc, argv);
    int is_key;
    tb_value f = find_outside(object, name, library, program, &is_key);
    if (f == TB_MISSING) return raise_no_method(object, name);
    return is_key ? tb_call(f, argc, argv) : tb_call_with_first(f, object, argc, argv);
}

// The method of that name, a literal, for objects of the class, or NULL. A copy of a class may be
// gone when another gets its address, so copies are looked up each time.
static tb_fn *lookup_method(tb_class *cls, const tb_str *name)
{
    tb_found_method *found = tb_found_place(cls, name);
    if (found->cls == cls && found->name == name) return found->method;
    tb_fn *method = has_methods((tb_kind)cls->kind) ? tb_class_method(cls, name) : NULL;
    int is_computed = method && method->info->flags & TB_FN_PROPERTY;
    if (!cls->made_from && !is_computed) *found = (tb_found_method){cls, name, method};
    return method;
}

tb_value tb_find_method_slow(tb_value object, const tb_str *name, tb_cache *cache)
{
    tb_class *cls = TB_AS_OBJECT(object)->cls;
    tb_fn *method = lookup_method(cls, name);
    if (!method || method->info->flags & TB_FN_PROPERTY) return TB_MISSING;
    *cache = (tb_cache){cls, method, 0};
    return TB_OBJECT(method);
}

tb_value tb_call_method(tb_value object, const tb_str *name, tb_cache *cache, tb_value library,
                        tb_value program, int64_t argc, const tb_value *argv)
{
    tb_class *cls = TB_CLASS_OF(object);
    if (cache && cache->cls == cls && cache->method)
        return tb_call_method_fn(cache->method, object, argc, argv);
    tb_fn *method = lookup_method(cls, name);
    if (!method || method->info->flags & TB_FN_PROPERTY)
        return call_found(object, name, library, program, argc, argv);
    if (cache) *cache = (tb_cache){cls, method, 0};
    return tb_call_method_fn(method, object, argc, argv);
}

tb_value tb_bind_method(tb_value object, const tb_str *name, tb_value library, tb_value program)
{
    tb_class *cls = TB_CLASS_OF(object);
    tb_fn *method = has_methods((tb_kind)cls->kind) ? tb_class_method(cls, name) : NULL;
    if (method) return method_value(method, object);
    tb_value member = find_member(object, name);
    if (member != TB_MISSING) return member;
    int is_key;
    tb_value f = find_outside(object, name, library, program, &is_key);
    if (f == TB_MISSING) return raise_no_method(object, name);
    return is_key ? f : tb_bound_new(f, object);
}

// The `init` of a class that defines none.
static tb_value empty_init(tb_fn *fn, tb_value self)
{
    (void)fn, (void)self;
    return TB_NONE_VALUE;
}

static const tb_fn_info empty_init_info = {"init", "", 0, 0, 0, -1, TB_FN_METHOD, NULL};
static tb_fn empty_init_method = {&tb_class_function, TB_CODE(empty_init), &empty_init_info, {}};

tb_value tb_super_method(tb_class *base, const tb_str *name, tb_value self)
{
    tb_value value = find_in_classes(base, self, name);
    if (value != TB_MISSING) return value;
    if (special_index(name) == TB_SPECIAL_INIT)
        return tb_bound_new(TB_OBJECT(&empty_init_method), self);
    if (base) return raise_no_attr(TB_OBJECT(base), name);
    return tb_raise_error(&tb_error_attribute, "`%s` extends no class that could have `%s`",
                          tb_type_title(self), name->data);
}

// ------------------------------------------------------------------------------------------- types

// Whether [v] is of the type [cls]. Functions have two classes, plain and bound ones.
static int is_of(tb_value v, const tb_class *cls)
{
    if (cls->kind == TB_FUNCTION) return TB_KIND(v) == TB_FUNCTION;
    return tb_class_derives(TB_CLASS_OF(v), cls);
}

static int64_t type_count(tb_value types)
{
    return TB_IS_TUPLE(types) ? TB_AS_TUPLE(types)->count : TB_AS_LIST(types)->count;
}

int tb_is_instance(tb_value v, tb_value cls)
{
    if (TB_IS(cls, &tb_class_class)) return is_of(v, TB_AS_CLASS(cls));
    if (!TB_IS_TUPLE(cls) && !TB_IS_LIST(cls)) {
        tb_raise_error(&tb_error_type, "%A is no type", cls);
        return -1;
    }
    for (int64_t i = 0; i < type_count(cls); i++) {
        tb_value item =
            TB_IS_TUPLE(cls) ? TB_AS_TUPLE(cls)->items[i] : tb_list_at(TB_AS_LIST(cls), i);
        if (TB_IS(item, &tb_class_class) && is_of(v, TB_AS_CLASS(item))) return 1;
    }
    return 0;
}

// What `type(v)` is for the kinds whose objects are all of one type; an empty text for others.
static tb_str *kind_name(tb_value v)
{
#define TYPE(kind, name) [kind] = TB_STR_LITERAL(name, sizeof name - 1)
    static tb_str names[TB_KIND_COUNT] = {
        TYPE(TB_NONE, "none"),   TYPE(TB_BOOL, "bool"),     TYPE(TB_INT, "int"),
        TYPE(TB_FLOAT, "float"), TYPE(TB_STRING, "string"), TYPE(TB_BYTES, "bytes"),
        TYPE(TB_LIST, "list"),   TYPE(TB_TUPLE, "tuple"),   TYPE(TB_DICT, "dict"),
        TYPE(TB_SET, "set"),     TYPE(TB_RANGE, "range"),   TYPE(TB_FUNCTION, "function"),
        TYPE(TB_CLASS, "class"), TYPE(TB_MODULE, "module"), TYPE(TB_ITERATOR, "iterator"),
    };
#undef TYPE
    return &names[TB_KIND(v)];
}

static const char *class_type_name(tb_value v)
{
    const tb_class *cls = TB_CLASS_OF(v);
    return cls->type_name ? cls->type_name : cls->name;
}

tb_str *tb_type_name(tb_value v)
{
    tb_str *name = kind_name(v);
    return name->size ? name : tb_str_from_c(class_type_name(v));
}

// The names of kinds are a few letters long: comparing them takes less than calling memcmp.
int tb_type_is(tb_value v, tb_value name)
{
    const tb_str *own = kind_name(v), *wanted = TB_AS_STR(name);
    if (own->size) {
        if (own->size != wanted->size) return 0;
        int64_t i = 0;
        while (i < own->size && own->data[i] == wanted->data[i])
            i++;
        return i == own->size;
    }
    const char *title = class_type_name(v);
    return (size_t)wanted->size == strlen(title) && !memcmp(title, wanted->data, strlen(title));
}

const char *tb_type_title(tb_value v)
{
    return TB_CLASS_OF(v)->name;
}

const char *tb_type_article(tb_value v)
{
    if (v == TB_NONE_VALUE) return "";
    return strchr("AEIOUaeiou", *tb_type_title(v)) ? "an " : "a ";
}
