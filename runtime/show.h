// The text of values: str, repr, print. LANGUAGE.md §8, "Display".
//
// A value has a text and a source form. They differ for Strings (`ab`, `"ab"`) and errors (`no such
// key`, `KeyError("no such key")`); what is inside a container always appears in source form. A
// class's `to_string` gives both. Nested data of any depth is walked with a stack on the heap, in
// linear time; a container met inside itself is written `[...]`, `{...}` or `(...)`.
#ifndef TB_SHOW_H
#define TB_SHOW_H

#include "text.h"
#include "value.h"

typedef enum tb_show_form { TB_SHOW_TEXT, TB_SHOW_SOURCE } tb_show_form;

// Adds the text or the source form of [v] to [text]. 0, or -1: a `to_string` raised, or
// MemoryError; [text] is then dropped.
int tb_show(tb_text *text, tb_value v, tb_show_form form);

// `str(v)` and `repr(v)` as Strings. TB_PENDING: as above.
tb_value tb_to_str(tb_value v);
tb_value tb_repr(tb_value v);

// Adds [s] in source form: in double quotes, with `\"`, `\\`, `\n`, `\t`, `\r`, and `\xHH`,
// `\uHHHH` or
// `\u{H…}` for what cannot be printed. 0, or -1: MemoryError.
int tb_show_quoted(tb_text *text, const tb_str *s);

// Writes the texts of [count] values to standard output with blanks between, then a newline if
// [newline]. 0, or -1: a `to_string` raised, or IOError.
int tb_print(int64_t count, const tb_value *values, int newline);

// The same to standard error, after standard output is flushed; not buffered.
int tb_print_error(int64_t count, const tb_value *values, int newline);

#endif
