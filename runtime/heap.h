// The allocator's own memory, a part of `tb_rt`: free lists of small blocks, and what the heap may
// cost.
//
// It stands apart from gc.h because tb_rt (error.h) holds one and gc.h reads tb_rt.
#ifndef TB_HEAP_H
#define TB_HEAP_H

#include "value.h"

#ifdef TB_NO_SYSTEM_HEADERS
typedef unsigned long size_t;
#else
#include <stddef.h>
#endif

#define TB_GRANULE     16 // blocks come in multiples of this many bytes
#define TB_SMALL_LISTS 33 // one list for each size of up to 32 granules

typedef struct tb_heap {
    void *scanned[TB_SMALL_LISTS]; // [n]: zeroed blocks of n granules, linked by their first word
    void *plain[TB_SMALL_LISTS];   // the same for blocks the collector does not look into
    size_t limit;                  // in bytes; 0 before tb_gc_init
    size_t due;                    // collect when so much was handed out since the last time
    int is_limit_settled;   // 0: `limit` is small enough for any machine, look when it is hit
    int is_paused;          // collections begin only when memory runs out
    size_t shift;           // how many large buffers of items there were, see tb_resize_items
    size_t live;            // in use after the last collection
    int64_t pause_start_ns; // the collections, in nanoseconds
    int64_t pause_longest_ns;
    int64_t pause_total_ns;
    void (*watch)(void); // called behind each collection, must not allocate; NULL: nobody looks
    size_t used;        // malloc flavour only: bytes handed out
    size_t allocations; // stress flavour only: counts up to stress_period
    size_t stress_period;
} tb_heap;

#endif
