// Values as the prompt shows them: in source form, coloured by kind, laid out over lines where one
// is not enough, cut where they are long.
#ifndef SESSION_SHOW_H
#define SESSION_SHOW_H

#include "runtime/value.h"
#include "session.h"

// Writes [value] and a newline to standard output. 0, or -1 when it raised: a `to_string` did, or
// there is no memory or no output.
int show_value(tb_value value, const ShowOptions *options);

// Writes [value] on part of a line: at most [width] characters, without colours or newline.
int show_briefly(tb_value value, int width);

#endif
