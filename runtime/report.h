// Prints an error that nobody caught: the source line with a caret, the chain of calls, the errors
// that were being handled when it was thrown. All positions are Tombo's.
#ifndef TB_REPORT_H
#define TB_REPORT_H

#include "program.h"

// Writes the report of the thrown [value] to standard error. [program] supplies source lines and
// may be NULL. In colour on a terminal unless NO_COLOR is set. Needs no memory from the collector.
void tb_report_error(const tb_program *program, tb_value value);

#endif
