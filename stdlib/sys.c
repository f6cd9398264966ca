// Native half of stdlib/sys.tb: the program's surroundings. What values cost is in sys_size.c,
// its streams are in file_object.c.
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
