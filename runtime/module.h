// Module objects: what `math` or an imported file is when it is used as a value.
//
// A module's variables live wherever the compiler put them, often unboxed; the object holds names
// and two functions that read and write the member with a given index.
#ifndef TB_MODULE_H
#define TB_MODULE_H

#include "value.h"

typedef struct tb_module {
    tb_class *cls; // tb_class_module
    const char *name;
    int64_t count;
    const tb_str *const *names;                // public members, by name
    tb_value (*get)(int64_t index);            // TB_MISSING: has no value yet; may raise
    int (*set)(int64_t index, tb_value value); // 0 or -1; NULL: no member can be written
} tb_module;

#define TB_AS_MODULE(v) TB_PTR(tb_module, v)

// The index of the member [name], or -1.
int64_t tb_module_find(const tb_module *module, const tb_str *name);

// `module.name`. AttributeError with the nearest name when there is none, NameError when it has no
// value yet.
tb_value tb_module_get(const tb_module *module, const tb_str *name);

// `module.name = value`. Returns 0 or -1: AttributeError.
int tb_module_set(const tb_module *module, const tb_str *name, tb_value value);

#endif
