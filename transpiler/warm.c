// Three kinds of memory are brought in beforehand. What the executable itself consists of: one call
// a segment maps what a hundred faults would. What malloc hands out: the heap begins with what a
// small program needs, brought in by one call, and goes on as one stretch of huge pages, so that a
// larger one touches a few of them instead of hundreds. What the collector's tables take: libtcc
// and the collector are linked in, and the linker puts the function below in the place of the
// collector's own.

#include "warm.h"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    HUGE_PAGE = 2 << 20,
    SMALL_HEAP = 4 << 20,        // where compiling a small program ends
    TOUCHED_HEAP = 384 << 10,    // what it writes there
    HEAP_BYTES = 64 << 20,       // of addresses; only what is touched is memory
    OWN_CODE_BYTES = 1 << 20,    // what a small program needs comes first in the executable
    LARGEST_IN_HEAP = 16 << 20,  // larger blocks get pages of their own
    LARGEST_SCRATCH = 256 << 10, // what the collector asks for its tables at a time, at most
};

// ---- the executable -----------------------------------------------------------------------------

typedef ElfW(Phdr) Segment;

static uintptr_t round_down(uintptr_t address)
{
    return address & ~(uintptr_t)(PAGE - 1);
}

static void bring_in(uintptr_t start, uintptr_t end, int advice)
{
    start = round_down(start);
    if (start < end) madvise((void *)start, end - start, advice);
}

// What the loader makes read-only once it has filled it in.
static uintptr_t end_of_constants(const struct dl_phdr_info *info)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const Segment *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_GNU_RELRO) return info->dlpi_addr + part->p_vaddr + part->p_memsz;
    }
    return 0;
}

static void bring_in_segment(const struct dl_phdr_info *info, const Segment *segment)
{
    uintptr_t start = info->dlpi_addr + segment->p_vaddr, end = start + segment->p_memsz;
    if (segment->p_flags & PF_W) {
        uintptr_t constants = end_of_constants(info);
        uintptr_t first = constants > start && constants < end ? constants : start;
        bring_in(first, end, MADV_POPULATE_WRITE);
    } else if (segment->p_flags & PF_X) {
        uintptr_t own = start + OWN_CODE_BYTES;
        bring_in(start, own < end ? own : end, MADV_POPULATE_READ);
    }
}

// The first that is reported is the executable; no more are wanted.
static int bring_in_executable(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD) bring_in_segment(info, &info->dlpi_phdr[i]);
    return 1;
}

// ---- the heap -----------------------------------------------------------------------------------

// Moves the end of the data segment, where malloc begins, to SMALL_HEAP before a boundary of huge
// pages, and has malloc take a long stretch there at once. The first huge page must not have been
// touched when it is asked for. Where addresses are limited (`ulimit -v`) malloc goes on as it is.
static void begin_heap(void)
{
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) < 0 || space.rlim_cur != RLIM_INFINITY) return;
    uintptr_t now = (uintptr_t)sbrk(0);
    uintptr_t first_huge = (now + SMALL_HEAP + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t start = first_huge - SMALL_HEAP;
    if (now == (uintptr_t)-1 || sbrk((ptrdiff_t)(start - now)) == (void *)-1) return;
    mallopt(M_TOP_PAD, HEAP_BYTES);
    mallopt(M_TRIM_THRESHOLD, HEAP_BYTES);
    mallopt(M_MMAP_THRESHOLD, LARGEST_IN_HEAP);
    void *volatile block = malloc(1); // not to be optimised away
    uintptr_t end = round_down((uintptr_t)sbrk(0));
    if (end > first_huge) {
        madvise((void *)first_huge, end - first_huge, MADV_HUGEPAGE);
        madvise((void *)start, TOUCHED_HEAP, MADV_POPULATE_WRITE);
    }
    free(block);
}

void warm_up(void)
{
    dl_iterate_phdr(bring_in_executable, NULL);
    begin_heap();
}

// ---- the collector ------------------------------------------------------------------------------

// Stands in for the function Boehm takes memory with, and does what that does: [size] zeroed bytes,
// whole pages; NULL without memory. Tables come in small pieces, and are written at once.
void *__wrap_GC_unix_get_mem(size_t size);
void *__wrap_GC_unix_get_mem(size_t size)
{
    int is_table = size <= LARGEST_SCRATCH;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (is_table ? MAP_POPULATE : 0);
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}
