// Native half of stdlib/json.tb: arguments as programs give them.
#include "json.h"

#include "build/stdlib/json.h"

// The text that an argument is: any value counts as its text, Bytes as the text they encode.
static tb_str *text_of(tb_value v)
{
    if (TB_IS(v, &tb_class_bytes)) {
        const tb_bytes *bytes = TB_AS_BYTES(v);
        return tb_str_new_checked((const char *)bytes->data, bytes->size);
    }
    tb_value text = tb_to_str(v);
    return text == TB_PENDING ? NULL : TB_AS_STR(text);
}

tb_value tb_json_parse(tb_value json_str)
{
    tb_str *text = text_of(json_str);
    return text ? tb_json_read(text) : TB_PENDING;
}

int tb_json_validate(tb_value json_str)
{
    if (tb_json_parse(json_str) != TB_PENDING) return 1;
    return tb_catch_class(&tb_error_value) ? 0 : -1;
}

tb_str *tb_json_stringify(tb_value obj, tb_value indent, int compact)
{
    tb_json_style style = {-1, compact};
    if (indent != TB_NONE_VALUE) {
        style.indent = tb_arg_whole(indent, TB_PLACE("stringify", "indent"));
        if (style.indent == INT64_MIN) return NULL;
        if (style.indent < 0) style.indent = 0;
    }
    return tb_json_write(obj, style);
}
