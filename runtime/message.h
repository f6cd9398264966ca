// The text of an error message, made from a format and its arguments. What the conversions are is
// written at tb_raise_error (error.h), which is the one to use this.
#ifndef TB_MESSAGE_H
#define TB_MESSAGE_H

#include "value.h"

#include <stdarg.h>

// A va_list that can be passed on by address.
typedef struct tb_message_args {
    va_list list;
} tb_message_args;

// The message that [format] describes. NULL: MemoryError is pending.
tb_str *tb_message_make(const char *format, tb_message_args *args);

#endif
