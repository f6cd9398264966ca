// mmap with alignment: one unit too much is mapped and the ends are given back.

#include "pages.h"

#include <stdint.h>
#include <sys/mman.h>

size_t pages_round(size_t size)
{
    if (size > SIZE_MAX - 2 * PAGES_UNIT) return 0;
    return (size + PAGES_UNIT - 1) / PAGES_UNIT * PAGES_UNIT;
}

void *pages_map(size_t size)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *start = mmap(NULL, size + PAGES_UNIT, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (start == MAP_FAILED) return NULL;
    size_t before = (size_t)(-(uintptr_t)start % PAGES_UNIT);
    if (before) munmap(start, before);
    munmap(start + before + size, PAGES_UNIT - before);
    // Only a wish: without it the memory is the same, and slower.
    madvise(start + before, size, MADV_HUGEPAGE);
    return start + before;
}

void pages_unmap(void *start, size_t size)
{
    munmap(start, size);
}
