// Native half of stdlib/sys.tb: the program's surroundings, and what values cost. Its streams are
// in file_object.c.
#include "native.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "build/stdlib/sys.h"

tb_value tb_sys_exit(tb_value code)
{
    int64_t status = tb_arg_whole(code, TB_PLACE("exit", "code"));
    return status == INT64_MIN ? TB_PENDING : tb_exit(status);
}

tb_list *tb_sys_args(void)
{
    tb_value args = tb_program_args();
    return args == TB_PENDING ? NULL : TB_AS_LIST(args);
}

tb_list *tb_sys_argv(void)
{
    tb_list *args = tb_sys_args();
    tb_str *name = args ? tb_str_from_system(tb_rt.program_name) : NULL;
    return name && tb_list_insert(args, 0, TB_OBJECT(name)) == 0 ? args : NULL;
}

tb_str *tb_sys_version(void)
{
    return tb_str_from_c(TOMBO_VERSION);
}

tb_str *tb_sys_platform(void)
{
    struct utsname system;
    if (uname(&system) < 0) return tb_str_from_c("unknown");
    for (char *at = system.sysname; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return tb_str_from_c(system.sysname);
}

tb_str *tb_sys_executable(void)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size < 0) return tb_str_from_system(program_invocation_name);
    path[size] = 0;
    return tb_str_from_system(path);
}

tb_list *tb_sys_modules(void)
{
    static const char *const names[] = {
#define LIBRARY(name) name,
#include "build/stdlib/libraries.def"
    };
    tb_list *list = tb_list_new(0);
    for (size_t i = 0; list && i < sizeof names / sizeof *names; i++) {
        tb_str *name = tb_str_from_c(names[i]);
        if (name == NULL || tb_list_push(list, TB_OBJECT(name)) < 0) return NULL;
    }
    return list && tb_list_sort(list, TB_NONE_VALUE, 0) == 0 ? list : NULL;
}

// A frame of a small function takes about this much.
#define FRAME_SIZE 160

int64_t tb_sys_get_recursion_limit(void)
{
    return tb_rt.stack_size / FRAME_SIZE;
}

tb_str *tb_sys_byteorder(void)
{
    return tb_str_from_c(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "little" : "big");
}

static int64_t table_size(const tb_table *table)
{
    return table->capacity * (int64_t)(sizeof(tb_entry) + sizeof(int32_t));
}

static int64_t list_size(const tb_list *list)
{
    static const int64_t item_sizes[] = {
        [TB_ITEMS_BOXED] = 8, [TB_ITEMS_INT] = 8, [TB_ITEMS_FLOAT] = 8, [TB_ITEMS_BOOL] = 1};
    int64_t room = list->capacity > 0 ? list->capacity : 0;
    return (int64_t)sizeof *list + room * item_sizes[list->kind];
}

// What fits the value word takes 8 bytes.
int64_t tb_sys_getsizeof(tb_value obj)
{
    switch (TB_KIND(obj)) {
    case TB_INT:
        return TB_IS_INT62(obj) ? 8 : (int64_t)sizeof(tb_big) + 8 * llabs(TB_AS_BIG(obj)->size);
    case TB_FLOAT:
        return TB_IS_DOUBLE(obj) ? 8 : (int64_t)sizeof(tb_box);
    case TB_STRING:
        return (int64_t)sizeof(tb_str) + TB_AS_STR(obj)->size + 1;
    case TB_BYTES:
        return (int64_t)sizeof(tb_bytes) + TB_AS_BYTES(obj)->size;
    case TB_LIST:
        return list_size(TB_AS_LIST(obj));
    case TB_TUPLE:
        return (int64_t)sizeof(tb_tuple) + 8 * TB_AS_TUPLE(obj)->count;
    case TB_DICT:
        return (int64_t)sizeof(tb_dict) + table_size(&TB_AS_DICT(obj)->table);
    case TB_SET:
        return (int64_t)sizeof(tb_set) + table_size(&TB_AS_SET(obj)->table);
    case TB_RANGE:
        return (int64_t)sizeof(tb_range);
    case TB_FUNCTION:
        return (int64_t)sizeof(tb_fn);
    case TB_CLASS:
        return (int64_t)sizeof(tb_class);
    case TB_INSTANCE:
        return (int64_t)sizeof(tb_instance) + 8 * TB_CLASS_OF(obj)->slot_count;
    case TB_MODULE:
        return (int64_t)sizeof(tb_module);
    case TB_ITERATOR:
        return (int64_t)sizeof(tb_iterator);
    default:
        return 8;
    }
}
