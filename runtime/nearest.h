// The nearest spelling of a name, for messages: offer it every candidate and see what stays.
//
// Distance is that of Damerau and Levenshtein in its restricted form: insertions, deletions,
// replacements and swaps of neighbours. At most a third of the name may differ, so that nothing
// far-fetched is suggested.
#ifndef TB_NEAREST_H
#define TB_NEAREST_H

#include "value.h"

typedef struct tb_nearest {
    const char *wanted; // the misspelt name, [size] bytes
    int64_t size;
    int64_t
        distance; // of the best candidate so far; the first one to be rejected before there is any
    const char *name; // the best candidate; NULL: none is near
} tb_nearest;

tb_nearest tb_nearest_to(const char *wanted, int64_t size);

// Offers a candidate; of several equally near ones the first stays.
void tb_nearest_offer(tb_nearest *nearest, const char *name, int64_t size);
void tb_nearest_offer_c(tb_nearest *nearest, const char *name); // ended by NUL

#endif
