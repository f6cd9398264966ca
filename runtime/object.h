// Instances and classes; attributes and methods of any value.
//
// An instance has numbered slots for the fields its class declares (found by inference), and a dict
// for what appears beyond them. Names are looked up at run time only where the class is not known
// at compile time; a per-site cache then makes the second look-up a comparison.
#ifndef TB_OBJECT_H
#define TB_OBJECT_H

#include "func.h"
#include "value.h"

// What one place in the program found out last time: for objects of class `cls`, the name it looks
// up is the method `method`, or, when that is NULL, slot number `slot`. Zeroed at first.
typedef struct tb_cache {
    tb_class *cls;
    tb_fn *method;
    int64_t slot;
} tb_cache;

// ----------------------------------------------------------------------------------------- classes

// Finishes a class when its statement runs: checks the base, links inherited slots and special
// methods. Returns 0, or -1: TypeError.
int tb_class_ready(tb_class *cls);

// A class for one execution of a class statement whose methods keep variables of the function
// around it: like [made_from], but with a table of methods of its own for their closures
// (tb_class_set_method), and with base [base] unless that is TB_MISSING. Its instances count as
// instances of [made_from], too. TB_PENDING when there is no memory.
tb_value tb_class_copy(const tb_class *made_from, tb_value base);

// Makes [function] the method [name], which [cls] declares. [cls] was made by tb_class_copy and is
// not ready yet. Returns 0.
int tb_class_set_method(tb_class *cls, const tb_str *name, tb_value function);

// The own or inherited method [name] of [cls], or NULL.
tb_fn *tb_class_method(const tb_class *cls, const tb_str *name);

// Whether [cls] is [base] or a copy of it, or derives from such a class.
int tb_class_derives(const tb_class *cls, const tb_class *base);

// The class variable [name] of [cls] or its bases, or TB_MISSING; and setting one in [cls] itself
// (0, or -1: raised).
tb_value tb_class_variable(const tb_class *cls, const tb_str *name);
int tb_class_set_variable(tb_class *cls, const tb_str *name, tb_value value);

// --------------------------------------------------------------------------------------- instances

// A new instance; slots hold TB_MISSING (raw ones 0), those of an error its defaults. `init` is not
// called. TB_PENDING when there is no memory.
tb_value tb_instance_new(tb_class *cls);

// The field in slot [index] as a value: TB_MISSING when it holds nothing, TB_PENDING when boxing it
// fails.
tb_value tb_slot_get(const tb_instance *object, int64_t index);

// Writes slot [index]. Returns 0, or -1: TypeError when a raw slot cannot hold [value].
int tb_slot_put(tb_instance *object, int64_t index, tb_value value);

// The special method [which] of [v], or NULL: not defined. Takes constant time.
static inline tb_fn *tb_special_of(tb_value v, tb_special which)
{
    return TB_CLASS_OF(v)->special[which];
}

// ----------------------------------------------------------------------------- attributes, methods

// `object.name`. Instances: field, class variable, method (bound). Classes and modules: their
// members. Dicts: the key. Errors also `type` and `trace`. AttributeError (KeyError for a dict)
// otherwise. [cache] may be NULL.
tb_value tb_get_attr(tb_value object, const tb_str *name, tb_cache *cache);

// `object.name = value`: a field, a class variable of a class, a key of a dict. Returns 0 or -1.
int tb_set_attr(tb_value object, const tb_str *name, tb_value value, tb_cache *cache);

// `del object.name`. Returns 0 or -1.
int tb_del_attr(tb_value object, const tb_str *name);

// tb_get_attr for what may be absent: TB_MISSING when there is no such attribute; TB_PENDING when
// reading it raised.
tb_value tb_find_attr(tb_value object, const tb_str *name);

// The names of the attributes of [object] that do not begin with `_`, sorted: a List of Strings.
tb_value tb_attr_names(tb_value object);

// `object.name(argv…)` by the order of LANGUAGE.md §6. [library] is the library's function of that
// name and [program] the program's own, each TB_MISSING when there is none. [cache] may be NULL.
tb_value tb_call_method(tb_value object, const tb_str *name, tb_cache *cache, tb_value library,
                        tb_value program, int64_t argc, const tb_value *argv);

// `object.name` as a value that can be called later, found as tb_call_method finds it.
tb_value tb_bind_method(tb_value object, const tb_str *name, tb_value library, tb_value program);

// `super.name` in a method of a class whose base is [base] (NULL: it has none): the method bound to
// [self]. `super.init` always exists.
tb_value tb_super_method(tb_class *base, const tb_str *name, tb_value self);

// ------------------------------------------------------------------------------------------- types

// Whether [v] is of the type [cls] (a class value): an instance of the class or of one derived from
// it; for built-in types exactly that kind, so that a Bool is no Int. [cls] may be a List or Tuple
// of classes.
int tb_is_instance(tb_value v, tb_value cls);

// What `type(v)` returns: `int`, `string`, …, an instance's class name.
tb_str *tb_type_name(tb_value v);

// Whether that name is [name], a String.
int tb_type_is(tb_value v, tb_value name);

// What messages call it: `Int`, `String`, …; the second form with its article, `an ` or `a ` (none
// for None).
const char *tb_type_title(tb_value v);
const char *tb_type_article(tb_value v);

#endif
