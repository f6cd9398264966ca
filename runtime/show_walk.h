// The part of show.c that walks through nested data; for show.c alone.
#ifndef TB_SHOW_WALK_H
#define TB_SHOW_WALK_H

#include "show.h"

// Whether [v] is written by the walk: a list, tuple, dict or set, or an error without a to_string.
int tb_show_is_nested(tb_value v);

// tb_show for such a value.
int tb_show_nested(tb_text *text, tb_value v, tb_show_form form);

#endif
