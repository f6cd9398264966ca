// The classes of values without a file of their own to live in, and the values there is one of.
#include "value.h"

tb_class tb_class_none = {.cls = &tb_class_class, .name = "None", .kind = TB_NONE};
tb_class tb_class_bool = {.cls = &tb_class_class, .name = "Bool", .kind = TB_BOOL};
tb_class tb_class_int = {.cls = &tb_class_class, .name = "Int", .kind = TB_INT};
tb_class tb_class_float = {.cls = &tb_class_class, .name = "Float", .kind = TB_FLOAT};
tb_class tb_class_string = {.cls = &tb_class_class, .name = "String", .kind = TB_STRING};
tb_class tb_class_bytes = {.cls = &tb_class_class, .name = "Bytes", .kind = TB_BYTES};
tb_class tb_class_missing = {.cls = &tb_class_class, .name = "missing", .kind = TB_MISSING_KIND};

tb_object tb_none_object = {&tb_class_none};
tb_object tb_true_object = {&tb_class_bool};
tb_object tb_false_object = {&tb_class_bool};
tb_object tb_missing_object = {&tb_class_missing};
