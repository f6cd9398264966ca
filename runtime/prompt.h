// What code of the prompt needs where a program's code knows more: names of earlier entries may
// hold anything by the time they are read, classes included.
#ifndef TB_PROMPT_H
#define TB_PROMPT_H

#include "value.h"

// Makes [base], a class or -1 and TypeError, the base of [cls], before tb_class_ready. Returns 0.
int tb_class_extend(tb_class *cls, tb_value base);

// The class that [cls] extends, as a value.
tb_value tb_class_base(const tb_class *cls);

// A pattern that is a name: whether [v] is an instance of the class [pattern], or equals anything
// else. 0, 1 or -1.
int tb_matches_value(tb_value v, tb_value pattern);

// Remembers a container that a call has just made for one of its arguments: nobody else has seen
// it, so tb_check_type may turn its Ints into Floats where the function called wants that.
void tb_note_fresh(tb_value v);

// Whether [v] is one of the few that were noted last.
int tb_is_noted_fresh(tb_value v);

// What a folder's name holds once [module] was imported from it as [path], a String like
// `flat.circle`: a Dict in a Dict. [folder] is what it held before. TB_PENDING: raised.
tb_value tb_folder_add(tb_value folder, tb_value path, tb_value module);

// Gives back [v] when it is an instance of [cls]; otherwise raises TypeError "[what] must be C, not
// Int".
tb_value tb_check_instance(tb_value v, tb_value cls, const tb_str *what);

#endif
