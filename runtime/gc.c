// The only file that knows the collector. See gc.h for what it offers.
//
// Small blocks come from the free lists in tb_rt.heap. Boehm fills a list with a page full of
// blocks at a time (GC_generic_malloc_many), so that most allocations take no lock and make no
// call. Blocks on a list are not in use by anybody, and only the first word links them: the lists
// are dropped when a collection starts, and what was on them is collected and handed out again.
//
// The limit on the heap is kept here and not by Boehm: it counts what is in use, is checked before
// Boehm is asked, and a program that caught MemoryError and let go of its data gets all of it back.
//
// So is the decision when to collect. Boehm would use up the whole heap first; but memory that was
// never touched is dear, and little of what a program makes lives long. A collection is due when
// NURSERY bytes have been handed out, or three quarters of what the last one left, if that is more:
// so its cost stays in proportion to what was made since, and the blocks in turn stay in the cache.
#include "gc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define INITIAL_HEAP                                                                               \
    ((size_t)64 << 20) // address space only: pages cost nothing until they are used
#define SMALL_PROGRAM  ((size_t)4 << 20) // what most programs need: small pages waste less
#define NURSERY        ((size_t)6 << 20)
#define HUGE_PAGE      ((size_t)2 << 20)
#define SMALLEST_LIMIT ((size_t)1 << 20)
#define SLACK          ((size_t)32 << 20) // a heap twice as big as this and what lives gives pages back
#define FIRST_LIMIT    ((size_t)128 << 20)
#define DEAD_FRAMES    ((size_t)16 << 10) // more than the frames of a collection take
#define PAGE           ((size_t)4096)     // what Boehm cuts into small blocks
#define CACHE_LINE     ((size_t)64)
#define SHIFTS         ((size_t)32) // a large buffer of items begins with one of so many lines of its block
#define SHIFTED_SIZE   (PAGE / 3)          // smaller buffers begin all over a page anyway
#define FIRST_BLOCK    ((size_t)256 << 10) // more than Boehm begins with, which is 64 KB

// ---------------------------------------------------------------------------------------- settings

// Reads a size such as 512K, 64M or 2G; 0 when [text] is none.
static size_t parse_size(const char *text)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    int shift = 0;
    if (*end == 'K' || *end == 'k') shift = 10;
    if (*end == 'M' || *end == 'm') shift = 20;
    if (*end == 'G' || *end == 'g') shift = 30;
    if (shift) end++;
    if (*end || end == text || number > SIZE_MAX >> shift) return 0;
    return (size_t)number << shift;
}

// Keeps the collector from taking much more from the system than [limit].
static void limit_heap(size_t limit);

// The size a file of the system begins with; SIZE_MAX when there is no such file or it says `max`.
static size_t read_size(const char *path)
{
    char text[32];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (size <= 0) return SIZE_MAX;
    text[size] = 0;
    text[strcspn(text, " \n")] = 0;
    size_t number = parse_size(text);
    return number ? number : SIZE_MAX;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// What is left of the address space when that is limited (`ulimit -v`): what the process takes now
// goes away, except for the heap's own part. SIZE_MAX without such a limit.
static size_t address_space(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
    size_t pages = read_size("/proc/self/statm");
    size_t taken = pages == SIZE_MAX ? 0 : pages * PAGE - tb_gc_heap_size();
    return taken < limit.rlim_cur ? (size_t)limit.rlim_cur - taken : SMALLEST_LIMIT;
}

// What the machine has, or the container we run in (control groups, both versions), or the limits
// of the process allow; a sixteenth less, for everything that is not heap.
static size_t machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page_size = sysconf(_SC_PAGESIZE);
    size_t memory = SIZE_MAX / 2;
    if (pages > 0 && page_size > 0) memory = (size_t)pages * (size_t)page_size;
    memory = smaller(memory, read_size("/sys/fs/cgroup/memory.max"));
    memory = smaller(memory, read_size("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    memory = smaller(memory, address_space());
    return memory - memory / 16;
}

static void set_limit(tb_heap *heap, size_t limit)
{
    heap->limit = limit < SMALLEST_LIMIT ? SMALLEST_LIMIT : limit;
    heap->is_limit_settled = 1;
    limit_heap(heap->limit);
}

// Takes the limit from the environment. Without one, small programs never pay for looking at the
// machine.
static void read_limit(tb_heap *heap)
{
    const char *text = getenv("TOMBO_MAX_HEAP");
    size_t limit = text ? parse_size(text) : 0;
    struct rlimit space;
    if (limit)
        set_limit(heap, limit);
    else if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        heap->limit = smaller(FIRST_LIMIT, (size_t)space.rlim_cur / 4);
    else
        heap->limit = FIRST_LIMIT;
}

// -------------------------------------------------------------------------------------- the limit

static size_t used_size(void);
static int collect_for_room(void);

// Whether [size] more bytes stay within [limit].
static int is_within(size_t limit, size_t size)
{
    return size <= limit && used_size() <= limit - size;
}

// Whether they stay within the limit of this heap, which is found out when it matters.
static int fits(size_t size)
{
    tb_heap *heap = &tb_rt.heap;
    if (TB_LIKELY(is_within(heap->limit, size))) return 1;
    if (heap->is_limit_settled) return 0;
    heap->is_limit_settled = 1;
    heap->limit = machine_memory();
    return is_within(heap->limit, size);
}

// Whether there is room for [size] more bytes. A collection has to free a good part of the heap:
// otherwise a program near its limit would do nothing but collect.
static int has_room(size_t size)
{
    if (TB_LIKELY(fits(size))) return 1;
    size_t limit = tb_rt.heap.limit;
    return collect_for_room() && is_within(limit - limit / 32, size);
}

void *tb_gc_raise(size_t size)
{
    tb_raise_error(&tb_error_memory, "not enough memory for %zu more bytes", size);
    return NULL;
}

int tb_gc_expect(size_t size)
{
    if (has_room(size)) return 0;
    tb_gc_raise(size);
    return -1;
}

int tb_size_mul(size_t count, size_t each, size_t extra, size_t *out)
{
    if (!__builtin_mul_overflow(count, each, out) && !__builtin_add_overflow(*out, extra, out) &&
        *out <= PTRDIFF_MAX)
        return 0;
    tb_raise_error(&tb_error_memory, "not enough memory for %zu items of %zu bytes", count, each);
    return -1;
}

#ifdef TB_GC_MALLOC
// --------------------------------------------------------------------- flavour: malloc, no
// collector

#include <malloc.h>

static size_t used_size(void)
{
    return tb_rt.heap.used;
}

static int collect_for_room(void)
{
    return 0;
}

static void *take(size_t size, int plain)
{
    if (size == 0) size = 1;
    void *block = !has_room(size) ? NULL : plain ? malloc(size) : calloc(1, size);
    if (!block) return tb_gc_raise(size);
    tb_rt.heap.used += malloc_usable_size(block);
    return block;
}

void tb_free(void *block)
{
    if (block) tb_rt.heap.used -= malloc_usable_size(block);
    free(block);
}

static void give_back(void *block, size_t size, int plain)
{
    (void)size, (void)plain;
    tb_free(block);
}

static size_t next_shift(size_t size)
{
    (void)size;
    return 0;
}

static void *block_of(void *items, size_t size)
{
    (void)size;
    return items;
}

static void limit_heap(size_t limit)
{
    (void)limit;
}

void tb_gc_init(void)
{
    if (tb_rt.heap.limit == 0) read_limit(&tb_rt.heap);
}

void tb_gc_collect(void)
{
}

void tb_gc_add_root(void *start, size_t size)
{
    (void)start, (void)size;
}

void tb_gc_remove_root(void *start, size_t size)
{
    (void)start, (void)size;
}

void tb_gc_set_stack_bottom(void *bottom)
{
    (void)bottom;
}

void *tb_gc_stack_bottom(void)
{
    return NULL;
}

void tb_gc_on_drop(void *object, void (*close)(void *object))
{
    (void)object, (void)close;
}

void tb_gc_weaken(void **link, const void *object)
{
    (void)link, (void)object;
}

void tb_gc_prepare(size_t size)
{
    (void)size;
}

void tb_gc_release(void)
{
}

size_t tb_gc_block_size(const void *block)
{
    return malloc_usable_size((void *)(uintptr_t)block);
}

void *tb_gc_block_at(uintptr_t word, size_t *scanned)
{
    (void)word, (void)scanned;
    return NULL;
}

void tb_gc_each_block(void (*visit)(void *block, size_t size, void *data), void *data)
{
    (void)visit, (void)data;
}

void tb_gc_hide_block(const void *block)
{
    (void)block;
}

void tb_gc_show_block(const void *block)
{
    (void)block;
}

size_t tb_gc_heap_size(void)
{
    return tb_rt.heap.used;
}

size_t tb_gc_made_size(void)
{
    return tb_rt.heap.used;
}

size_t tb_gc_collection_count(void)
{
    return 0;
}

#else
// --------------------------------------------------------------------------------- flavour: Boehm

#define GC_THREADS // declares GC_set_markers_count
#define GC_NO_THREAD_REDIRECTS
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>

static size_t used_size(void)
{
    return GC_get_heap_size() - GC_get_free_bytes();
}

// Asks for big pages behind a large block nobody has touched yet: the first touch of each page is a
// fault, and so there are five hundred times fewer. Only a hint.
static void use_huge_pages(void *block, size_t size)
{
    uintptr_t first = ((uintptr_t)block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)block + size) & ~(uintptr_t)(HUGE_PAGE - 1);
    if (first < end) madvise((void *)first, end - first, MADV_HUGEPAGE);
}

// Takes the heap's first stretch, [size] bytes, with big pages behind all but what small programs
// use. Where it is shows a block too big for what Boehm began with; taking all of it would write a
// table of its pages.
static void begin_heap(size_t size)
{
    if (!GC_expand_hp(size) || size < SMALL_PROGRAM + HUGE_PAGE) return;
    char *first = GC_malloc_atomic(FIRST_BLOCK);
    if (first) use_huge_pages(first + SMALL_PROGRAM, size - SMALL_PROGRAM);
    GC_free(first);
}

// Grows the heap by one stretch of [size] bytes with big pages behind it. Taking it as one block
// shows where it is.
static void grow_heap(size_t size)
{
    if (!GC_expand_hp(size)) return;
    size_t rest = size - 4 * PAGE; // Boehm needs a little of it
    void *block = GC_malloc_atomic(rest);
    if (block) use_huge_pages(block, rest);
    GC_free(block);
}

// Has [size] bytes free, as far as the limit allows.
static void make_room(size_t size)
{
    size_t free_size = GC_get_free_bytes();
    if (size > free_size && size - free_size > HUGE_PAGE && fits(size)) grow_heap(size - free_size);
}

// What was handed out since the last collection. Buffers given back at once do not count.
static size_t taken_size(void)
{
    size_t taken = GC_get_bytes_since_gc(), freed = GC_get_expl_freed_bytes_since_gc();
    return taken > freed ? taken - freed : 0;
}

// Overwrites the stack below, where calls that have returned left pointers (a signal's frame even
// those of vector registers): the collector's own frames come to lie there, are not written in
// full, and would be looked at.
static __attribute__((noinline)) void clear_dead_frames(void)
{
    char frames[DEAD_FRAMES];
    memset(frames, 0, sizeof frames);
    __asm__ volatile("" : : "r"(frames) : "memory"); // they are wanted
}

static void collect(void)
{
    tb_heap *heap = &tb_rt.heap;
    clear_dead_frames();
    GC_set_force_unmap_on_gcollect(GC_get_heap_size() / 2 > heap->live + SLACK);
    GC_gcollect();
    size_t live = used_size();
    heap->live = live;
    heap->due = live - live / 4 > NURSERY ? live - live / 4 : NURSERY;
    make_room(smaller(heap->due, INITIAL_HEAP)); // more in one piece would only be cut up
    if (heap->watch) heap->watch();
}

static int collect_for_room(void)
{
    collect();
    return 1;
}

static void limit_heap(size_t limit)
{
    GC_set_max_heap_size(limit + limit / 8 + SMALL_PROGRAM); // pages are never quite full
}

// The system refused memory. Whether a collection found a good deal of it after all: for little it
// would have to be done again at once.
static int recover(size_t size)
{
    collect();
    return GC_get_free_bytes() > size + GC_get_heap_size() / 32;
}

// How far behind the start of its block the next buffer of [size] bytes begins. What Boehm cuts
// into blocks is a page; half of one is the largest that shares it. Where the size leaves no room,
// a small heap can spare some for 256 or 512 Floats: those are rows of a matrix; of longer ones,
// fewer begin in one set.
static size_t next_shift(size_t size)
{
    if (size <= SHIFTED_SIZE) return 0;
    size_t unit = size <= PAGE / 2 ? PAGE / 2 : PAGE;
    size_t lines = (unit - 1 - (size - 1) % unit) / CACHE_LINE;
    int is_row = lines == 0 && size <= PAGE && tb_rt.heap.live < SLACK;
    if (lines >= SHIFTS || is_row) lines = SHIFTS - 1;
    return tb_rt.heap.shift++ % (lines + 1) * CACHE_LINE;
}

static void *block_of(void *items, size_t size)
{
    return size > SHIFTED_SIZE ? GC_base(items) : items;
}

// A block of Boehm's; NULL when there is no memory.
static void *ask(size_t size, int plain)
{
    if (size >= HUGE_PAGE) clear_dead_frames(); // Boehm may collect for it
    void *block = plain ? GC_malloc_atomic(size) : GC_malloc(size);
    if (block || !recover(size)) return block;
    return plain ? GC_malloc_atomic(size) : GC_malloc(size);
}

void tb_gc_prepare(size_t size)
{
    tb_heap *heap = &tb_rt.heap;
    if (taken_size() + size > heap->due) heap->due = taken_size() + size;
    make_room(size);
}

#ifdef TB_GC_STRESS
static void give_back(void *block, size_t size, int plain)
{
    (void)size, (void)plain;
    GC_free(block);
}

// Every block by itself, so that each allocation can collect; the lists stay empty.
static void *take(size_t size, int plain)
{
    tb_heap *heap = &tb_rt.heap;
    if (++heap->allocations >= heap->stress_period && !heap->is_paused) {
        heap->allocations = 0;
        GC_gcollect();
    }
    void *block = has_room(size) ? ask(size, plain) : NULL;
    return block ? block : tb_gc_raise(size);
}

static size_t stress_period(void)
{
    const char *text = getenv("TOMBO_GC_STRESS");
    size_t period = text ? parse_size(text) : 0;
    return period ? period : 101;
}
#else
// Collects if that is due when [size] more bytes are handed out.
static void collect_if_due(size_t size)
{
    const tb_heap *heap = &tb_rt.heap;
    if (TB_UNLIKELY(taken_size() + size > heap->due) && !heap->is_paused) collect();
}

// A large block counts twice: what was there before it is likely to be in its way.
static void *take_large(size_t size, int plain)
{
    collect_if_due(2 * size);
    if (!has_room(size)) return tb_gc_raise(size);
    void *block = ask(size, plain);
    if (block && plain && size >= 2 * HUGE_PAGE) use_huge_pages(block, size);
    return block ? block : tb_gc_raise(size);
}

// Fills the list of free blocks of [granules]. 0, or -1: there is no memory.
static int fill_list(void **list, size_t granules, int plain)
{
    int kind = plain ? GC_I_PTRFREE : GC_I_NORMAL;
    collect_if_due(PAGE);
    if (!has_room(PAGE)) return -1;
    GC_generic_malloc_many(granules * TB_GRANULE, kind, list);
    if (!*list && recover(PAGE)) GC_generic_malloc_many(granules * TB_GRANULE, kind, list);
    return *list ? 0 : -1;
}

// Takes a block off a list, after filling the list if it is empty.
static void *take(size_t size, int plain)
{
    if (size > (TB_SMALL_LISTS - 1) * TB_GRANULE) return take_large(size, plain);
    size_t granules = size ? (size + TB_GRANULE - 1) / TB_GRANULE : 1;
    void **list = (plain ? tb_rt.heap.plain : tb_rt.heap.scanned) + granules;
    if (!*list && fill_list(list, granules, plain) < 0) return tb_gc_raise(size);
    void **block = *list;
    *list = *block;
    if (!plain) *block = NULL;
    return block;
}

// Gives back a block of which the first [size] bytes may have been used. A small one goes straight
// to its list.
static void give_back(void *block, size_t size, int plain)
{
    size_t granules = (size + TB_GRANULE - 1) / TB_GRANULE;
    if (!block || size == 0 || granules >= TB_SMALL_LISTS) {
        GC_free(block);
        if (size >= HUGE_PAGE) clear_dead_frames(); // what lies there next must not seem to be held
        return;
    }
    void **list = (plain ? tb_rt.heap.plain : tb_rt.heap.scanned) + granules;
    if (!plain) memset(block, 0, granules * TB_GRANULE);
    *(void **)block = *list;
    *list = block;
}
#endif

static void drop_lists(void)
{
    memset(tb_rt.heap.scanned, 0, sizeof tb_rt.heap.scanned);
    memset(tb_rt.heap.plain, 0, sizeof tb_rt.heap.plain);
}

// What Boehm calls when it has no memory: its own answer would be to end the process.
static void *give_up(size_t size)
{
    (void)size;
    return NULL;
}

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Measures how long the program stands still.
static void GC_CALLBACK watch(GC_EventType event)
{
    tb_heap *heap = &tb_rt.heap;
    if (event == GC_EVENT_START) heap->pause_start_ns = clock_ns();
    if (event != GC_EVENT_END) return;
    if (tb_rt.finalizers)
        __atomic_fetch_or(&tb_rt.interrupted, TB_FINALIZERS_DUE, __ATOMIC_RELAXED);
    int64_t pause = clock_ns() - heap->pause_start_ns;
    heap->pause_total_ns += pause;
    if (pause > heap->pause_longest_ns) heap->pause_longest_ns = pause;
}

// Programs have one thread: with a second one for marking every call of Boehm would take a lock.
static void start_boehm(void)
{
    GC_set_all_interior_pointers(0);
    GC_set_warn_proc(GC_ignore_warn_proc);
    GC_set_oom_fn(give_up);
    GC_set_start_callback(drop_lists);
    GC_set_on_collection_event(watch);
    GC_set_markers_count(1);
    GC_set_dont_precollect(1);
    GC_INIT();
    GC_set_disable_automatic_collection(1);
    GC_register_displacement(1);
    GC_register_displacement(sizeof(tb_list)); // items behind their head
    for (size_t i = 1; i < SHIFTS; i++)
        GC_register_displacement(i * CACHE_LINE);
    // GC_generic_malloc_many does not set up what a collection needs to sweep small blocks: without
    // these two, blocks that were given back with GC_free would stay on a list whose pages are
    // gone.
    (void)GC_malloc(1);
    (void)GC_malloc_atomic(1);
}

void tb_gc_init(void)
{
    tb_heap *heap = &tb_rt.heap;
    if (heap->limit) return;
    read_limit(heap);
    start_boehm();
    heap->due = NURSERY;
    begin_heap(smaller(heap->limit, INITIAL_HEAP));
#ifdef TB_GC_STRESS
    heap->stress_period = stress_period();
#endif
}

void tb_free(void *block)
{
    GC_free(block);
}

void tb_gc_collect(void)
{
    collect();
}

void tb_gc_release(void)
{
    enum { ROUNDS = 3 }; // a block goes back when it has been free for a collection
    for (int i = 0; i < ROUNDS; i++)
        GC_gcollect_and_unmap();
}

void tb_gc_add_root(void *start, size_t size)
{
    GC_add_roots(start, (char *)start + size);
}

void tb_gc_remove_root(void *start, size_t size)
{
    GC_remove_roots(start, (char *)start + size);
}

static void *set_stack_bottom(void *bottom)
{
    struct GC_stack_base base = {.mem_base = bottom};
    GC_set_stackbottom(NULL, &base);
    return NULL;
}

void tb_gc_set_stack_bottom(void *bottom)
{
    GC_call_with_alloc_lock(set_stack_bottom, bottom);
}

void *tb_gc_stack_bottom(void)
{
    struct GC_stack_base base;
    GC_get_my_stackbottom(&base);
    return base.mem_base;
}

// Boehm passes a finalizer two words and wants data pointers; the closer travels in the second.
static void run_closer(void *object, void *closer)
{
    void (*close)(void *) = (void (*)(void *))(uintptr_t)closer;
    close(object);
}

void tb_gc_on_drop(void *object, void (*close)(void *object))
{
    GC_finalization_proc procedure = close ? run_closer : NULL;
    GC_register_finalizer_no_order(object, procedure, (void *)(uintptr_t)close, NULL, NULL);
}

void tb_gc_weaken(void **link, const void *object)
{
    if (GC_base((void *)(uintptr_t)object) == object)
        GC_general_register_disappearing_link(link, object);
}

// What a block of [size] bytes takes: large ones are given out in pages.
static size_t size_in_pages(size_t size)
{
    return size <= PAGE / 2 ? size : (size + PAGE - 1) / PAGE * PAGE;
}

size_t tb_gc_block_size(const void *block)
{
    return size_in_pages(GC_size(block));
}

size_t tb_gc_made_size(void)
{
    return GC_get_total_bytes();
}

void *tb_gc_block_at(uintptr_t word, size_t *scanned)
{
    uintptr_t address = word & ~(uintptr_t)1;
    void *block = GC_base((void *)address);
    size_t shift = address - (uintptr_t)block;
    if (!block || shift % CACHE_LINE || shift / CACHE_LINE >= SHIFTS) return NULL;
    if (GC_get_kind_and_size(block, scanned) == GC_I_PTRFREE) *scanned = 0;
    return block;
}

// What tb_gc_each_block carries through Boehm's walk, which holds its lock.
typedef struct walk {
    void (*visit)(void *block, size_t size, void *data);
    void *data;
} walk;

static void GC_CALLBACK visit_block(void *block, size_t size, void *walk_pointer)
{
    const walk *w = walk_pointer;
    w->visit(block, size_in_pages(size), w->data);
}

static void *walk_blocks(void *walk_pointer)
{
    GC_enumerate_reachable_objects_inner(visit_block, walk_pointer);
    return NULL;
}

void tb_gc_each_block(void (*visit)(void *block, size_t size, void *data), void *data)
{
    walk w = {.visit = visit, .data = data};
    GC_call_with_alloc_lock(walk_blocks, &w);
}

// What the walk goes by are the marks of the last collection.
void tb_gc_hide_block(const void *block)
{
    GC_clear_mark_bit(block);
}

void tb_gc_show_block(const void *block)
{
    GC_set_mark_bit(block);
}

size_t tb_gc_heap_size(void)
{
    return GC_get_heap_size();
}

size_t tb_gc_collection_count(void)
{
    return GC_get_gc_no();
}
#endif

// ------------------------------------------------------------------------------------- all
// flavours

void *tb_alloc(size_t size)
{
    return take(size, 0);
}

void *tb_alloc_plain(size_t size)
{
    return take(size, 1);
}

void *tb_resize(void *block, size_t old_size, size_t new_size, int plain)
{
    char *moved = take(new_size, plain);
    if (!moved) return NULL;
    if (block) memcpy(moved, block, old_size < new_size ? old_size : new_size);
    give_back(block, old_size, plain);
    return moved;
}

void *tb_resize_items(void *items, size_t old_size, size_t new_size, int plain)
{
    size_t shift = next_shift(new_size);
    char *block = take(new_size + shift, plain);
    if (!block) return NULL;
    if (items) memcpy(block + shift, items, old_size < new_size ? old_size : new_size);
    if (items) give_back(block_of(items, old_size), old_size, plain);
    return block + shift;
}

void tb_free_items(void *items, size_t size, int plain)
{
    if (items) give_back(block_of(items, size), size, plain);
}

void tb_gc_note_dead(size_t size)
{
    tb_heap *heap = &tb_rt.heap;
    heap->due = heap->due > size ? heap->due - size : 0;
}

void tb_gc_set_enabled(int is_enabled)
{
    tb_rt.heap.is_paused = !is_enabled;
}

int tb_gc_is_enabled(void)
{
    return !tb_rt.heap.is_paused;
}

void tb_free_plain(void *block, size_t size)
{
    give_back(block, size, 1);
}

void tb_free_scanned(void *block, size_t size)
{
    give_back(block, size, 0);
}

size_t tb_gc_used_size(void)
{
    return used_size();
}
