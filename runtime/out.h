// Standard output: one buffer for everything a program prints.
//
// It is written when it is full, when the program ends, when standard input is read (tb_out_flush
// is then the reader's duty), before an error is reported, and on a terminal at the end of each
// line.
#ifndef TB_OUT_H
#define TB_OUT_H

#include "value.h"

#define TB_OUT_SIZE 32768

// The state of standard output, a part of tb_rt. All zeroes to begin with.
typedef struct tb_out {
    char *buffer; // NULL: nothing was written yet
    int64_t used;
    int line_buffered;
} tb_out;

// Writes [size] bytes. 0, or -1: IOError naming the reason, MemoryError or Interrupt; what could
// not be written is then forgotten, so that the next flush does not fail for the same bytes again.
int tb_out_write(const char *bytes, int64_t size);

// Writes out what the buffer holds. 0, or -1 as above.
int tb_out_flush(void);

// Writes [size] bytes to file descriptor [fd] at once, waiting where it must. [what] names it in
// the message. 0, or -1: IOError or Interrupt.
int tb_out_write_fd(int fd, const char *bytes, int64_t size, const char *what);

#endif
