// Large blocks of memory straight from the kernel, in huge pages where it has them: touching fresh
// memory page by page takes longer than parsing what goes into it.
#ifndef PAGES_H
#define PAGES_H

#include <stddef.h>

// Blocks are aligned to this size, and a multiple of it.
enum { PAGES_UNIT = 2 << 20 };

// [size] rounded up to whole units; 0 when there is no such size.
size_t pages_round(size_t size);

// Maps [size] zeroed bytes, a multiple of PAGES_UNIT; NULL without memory. What is never touched
// costs address space only.
void *pages_map(size_t size);

// Gives such a block back.
void pages_unmap(void *start, size_t size);

#endif
