// Views: loops that change no list read and write items without asking the list again.
//
// Each access to a list asks for its length, its kind and its buffer, because anything might have
// changed them. In a loop in which nothing can, they are taken once, before it: a view (see
// runtime/raw.h). So is what leads to a list, `grid[y]` or `self.cells`, when it stays the same all
// through the loop: it is peeked at before, which never fails. The commands stay in the loop and do
// what they did; where the view does not serve they take the general way. So a view that is of no
// use is never wrong.
#ifndef VIEW_H
#define VIEW_H

#include "ir.h"

// Makes views for the loops of all fast versions (raw.h).
void view_program(IrProgram *program);

#endif
