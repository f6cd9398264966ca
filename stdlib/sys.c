// Native half of stdlib/sys.tb.
#include "tombo.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "build/stdlib/sys.h"
#include "text.h"

tb_value tb_sys_exit(tb_value code)
{
    tb_value number = code == TB_NONE_VALUE ? TB_INT62(0) : code;
    if (TB_IS_STR(code)) number = tb_int_from_text(TB_AS_STR(code)->data, TB_AS_STR(code)->size, 10);
    if (number == TB_PENDING) return TB_PENDING;
    if (TB_KIND(number) == TB_BOOL) number = TB_INT62(number == TB_TRUE);
    int64_t status;
    if (!TB_IS_INT(number)) return tb_raise_error(&tb_error_type, "a status is an Int, not %A", number);
    if (!tb_int_to(number, &status)) return tb_raise_error(&tb_error_value, "no such status: %V", number);
    return tb_exit(status);
}

tb_list *tb_sys_args(void)
{
    tb_value args = tb_program_args();
    return args == TB_PENDING ? NULL : TB_AS_LIST(args);
}

// The text of a C string that may hold anything.
static tb_str *text_of(const char *bytes)
{
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_any(&text, bytes, (int64_t)strlen(bytes)) < 0) return NULL;
    return tb_text_end(&text);
}

tb_list *tb_sys_argv(void)
{
    tb_list *args = tb_sys_args();
    tb_str *name = args ? text_of(program_invocation_name) : NULL;
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
    for (char *at = system.sysname; *at; at++) *at = (char)tolower((unsigned char)*at);
    return tb_str_from_c(system.sysname);
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
    case TB_INT: return TB_IS_INT62(obj) ? 8 : (int64_t)sizeof(tb_big) + 8 * llabs(TB_AS_BIG(obj)->size);
    case TB_FLOAT: return TB_IS_DOUBLE(obj) ? 8 : (int64_t)sizeof(tb_box);
    case TB_STRING: return (int64_t)sizeof(tb_str) + TB_AS_STR(obj)->size + 1;
    case TB_BYTES: return (int64_t)sizeof(tb_bytes) + TB_AS_BYTES(obj)->size;
    case TB_LIST: return list_size(TB_AS_LIST(obj));
    case TB_TUPLE: return (int64_t)sizeof(tb_tuple) + 8 * TB_AS_TUPLE(obj)->count;
    case TB_DICT: return (int64_t)sizeof(tb_dict) + table_size(&TB_AS_DICT(obj)->table);
    case TB_SET: return (int64_t)sizeof(tb_set) + table_size(&TB_AS_SET(obj)->table);
    case TB_RANGE: return (int64_t)sizeof(tb_range);
    case TB_FUNCTION: return (int64_t)sizeof(tb_fn);
    case TB_CLASS: return (int64_t)sizeof(tb_class);
    case TB_INSTANCE: return (int64_t)sizeof(tb_instance) + 8 * TB_CLASS_OF(obj)->slot_count;
    case TB_MODULE: return (int64_t)sizeof(tb_module);
    case TB_ITERATOR: return (int64_t)sizeof(tb_iterator);
    default: return 8;
    }
}
