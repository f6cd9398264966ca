// Runs a program as tb_run does and writes down what it took: what `tombo mem` and `tombo bench`
// put into the `main` of the programs they build. Other programs do not contain it.
//
// The environment variable TOMBO_REPORT names the file to write, which must exist; it is gone when
// the program's first line runs. Without it the program just runs. While it runs, a timer that goes
// by the processor time it uses takes samples: of the heap, or with TOMBO_REPORT_STACKS set of what
// it is doing. The report has one fact a line, numbers in bytes and nanoseconds:
//
//     code N, data N                  of the executable: instructions, and variables and constants
//     start_size N, start_resident N  the process when the program's first line is about to run:
//                                     shared pages in proportion, and in full
//     peak_size N                     the most it was, shared pages in full
//     allocated N                     all bytes handed out
//     collections N, longest_pause N, total_pause N
//     ending_used N, live N, objects N before and after a last collection
//     kind COUNT BYTES own|built-in NAME       what is live, by kind (survey.h)
//     other BYTES                     … and what belongs to no kind
//     most_live N, most_objects N, most_kind …, most_other N, most_at NS   the same after the
//                                     collection that left most, if that is much more
//     heap_sample NS USED             processor time and bytes in use, dead ones included
//     stack ADDRESS …                 innermost first: where the program was
//     end
#ifndef TB_MEASURE_H
#define TB_MEASURE_H

#include "program.h"

// A report that cannot be written is said on standard error; the status stays the program's.
int tb_measure(const tb_program *program, int argc, char **argv);

#endif
