// Members of module objects, found by name. A module has few of them, so the search is linear.
#include "module.h"
#include "error.h"
#include "nearest.h"
#include "object.h"
#include "str.h"

tb_class tb_class_module = {.cls = &tb_class_class, .name = "Module", .kind = TB_MODULE};

int64_t tb_module_find(const tb_module *module, const tb_str *name)
{
    for (int64_t i = 0; i < module->count; i++)
        if (module->names[i] == name || tb_str_equal(module->names[i], name)) return i;
    return -1;
}

static tb_value raise_no_member(const tb_module *module, const tb_str *name)
{
    tb_nearest nearest = tb_nearest_to(name->data, name->size);
    for (int64_t i = 0; i < module->count; i++)
        tb_nearest_offer(&nearest, module->names[i]->data, module->names[i]->size);
    return tb_raise_error(&tb_error_attribute,
                          nearest.name ? "`%s` has no `%.*s`; nearest: `%s`" : "`%s` has no `%.*s`",
                          module->name, (int)name->size, name->data, nearest.name);
}

tb_value tb_module_get(const tb_module *module, const tb_str *name)
{
    int64_t index = tb_module_find(module, name);
    if (index < 0) return raise_no_member(module, name);
    tb_value value = module->get(index);
    if (value != TB_MISSING) return value;
    return tb_raise_error(&tb_error_name, "`%s.%.*s` has no value yet", module->name,
                          (int)name->size, name->data);
}

int tb_module_set(const tb_module *module, const tb_str *name, tb_value value)
{
    int64_t index = tb_module_find(module, name);
    if (index < 0) return raise_no_member(module, name), -1;
    if (module->set) return module->set(index, value);
    tb_raise_error(&tb_error_attribute, "`%s.%.*s` cannot be changed", module->name,
                   (int)name->size, name->data);
    return -1;
}
