// Memory for everything a program makes: blocks from the Boehm collector, small ones from free
// lists.
//
// A block is *scanned* (may hold values and pointers; comes zeroed) or *plain* (bytes, numbers,
// limbs; comes with whatever was there). The collector follows pointers to the first byte of a
// block, to the second (tagged values), and to the first item of a list; in C locals and registers
// any inner address will do. A
// buffer that only one object owns is given back at once with tb_free or tb_resize.
//
// Three flavours, chosen when gc.c is compiled: Boehm; TB_GC_MALLOC, plain malloc that never
// collects, so that sanitizers see real bounds; TB_GC_STRESS, which collects at every n-th
// allocation to find blocks that are held by nothing the collector sees.
//
// Environment: TOMBO_MAX_HEAP=64M limits the heap (K, M, G; default: the memory of the machine or
// what `ulimit -v` leaves); TOMBO_GC_STRESS=n sets the period of the stress flavour.
#ifndef TB_GC_H
#define TB_GC_H

#include "error.h"
#include "heap.h"
#include "value.h"

// Starts the collector; must come before any other call here. A second call does nothing.
void tb_gc_init(void);

// A zeroed, scanned block of at least [size] bytes. NULL: MemoryError is pending.
void *tb_alloc(size_t size);

// The same, but neither zeroed nor scanned.
void *tb_alloc_plain(size_t size);

// Moves the first min(old_size, new_size) bytes of [block], which may be NULL, to a new block of
// [new_size] bytes and frees the old one; [plain] tells which kind both are. In a scanned block the
// rest is zeroed. NULL: MemoryError is pending and [block] is untouched.
void *tb_resize(void *block, size_t old_size, size_t new_size, int plain);

// Gives back a block that nothing refers to any more; NULL is allowed.
void tb_free(void *block);

// tb_resize and tb_free for the items of lists. A large buffer begins a little behind the start of
// its block, each one elsewhere, as far as the block's last page has room: rows of a matrix that all
// began with a page would have the items of a column in one set of the processor's cache, which
// holds eight.
void *tb_resize_items(void *items, size_t old_size, size_t new_size, int plain);
void tb_free_items(void *items, size_t size, int plain);

// The same for a block that was asked for with [size] bytes, which saves looking that up.
void tb_free_plain(void *block, size_t size);
void tb_free_scanned(void *block, size_t size);

// Computes `count * each + extra` into [out] and returns 0; -1 and MemoryError when no block can be
// that big.
int tb_size_mul(size_t count, size_t each, size_t extra, size_t *out);

// Asks whether [size] more bytes would stay within the limit, collecting if need be: for memory
// that others will take, like GMP for its intermediate results. 0, or -1 and MemoryError.
int tb_gc_expect(size_t size);

// Lets the heap grow, if it has to, for about [size] bytes that are going to be made and kept, and
// puts off the next collection: without that hint they would set off several, all in vain.
void tb_gc_prepare(size_t size);

// Makes MemoryError pending for a block of [size] bytes. Always returns NULL.
TB_COLD void *tb_gc_raise(size_t size);

// Tells that what a block of [size] bytes referred to is likely to be dead along with it: the next
// collection comes as if the block had not been given back.
void tb_gc_note_dead(size_t size);

// Collects now, also while that is disabled.
void tb_gc_collect(void);

// Collects, and gives free memory back to the system.
void tb_gc_release(void);

// Whether collections begin by themselves, as they do unless told otherwise. While they do not, the
// heap grows up to its limit before one is made after all.
void tb_gc_set_enabled(int is_enabled);
int tb_gc_is_enabled(void);

// Has [size] bytes at [start], memory the collector did not hand out, scanned for pointers from now
// on. Calling again with the same start and a larger size extends the range.
void tb_gc_add_root(void *start, size_t size);

// Ends that for the [size] bytes at [start].
void tb_gc_remove_root(void *start, size_t size);

// Tells the collector where the stack in use begins (its highest address); to be called while
// running on it.
void tb_gc_set_stack_bottom(void *bottom);

// Where the collector believes the stack begins.
void *tb_gc_stack_bottom(void);

// Calls [close] with [object], a block from tb_alloc, once nothing refers to it. For closing files:
// [close] must not allocate, and may run during any allocation. NULL takes it back.
void tb_gc_on_drop(void *object, void (*close)(void *object));

// Has [link], a word in a block that does not hold the object's address, become NULL once nothing
// refers to [object] any more. Nothing happens when that is no block of the collector: it never
// goes.
void tb_gc_weaken(void **link, const void *object);

// The bytes a block really takes.
size_t tb_gc_block_size(const void *block);

// The block that [word] would keep alive as a value or a pointer, and how many of its bytes the
// collector looks into, none of a plain one; NULL: it refers to none. The malloc flavour cannot
// tell and says NULL.
void *tb_gc_block_at(uintptr_t word, size_t *scanned);

// Calls [visit] with each block that the last collection found in use; to be called right behind
// it. [visit] must not allocate. The malloc flavour knows of none.
void tb_gc_each_block(void (*visit)(void *block, size_t size, void *data), void *data);

// Has tb_gc_each_block pass over a block, or visit it again. Blocks that were hidden must be shown
// again before anything is allocated.
void tb_gc_hide_block(const void *block);
void tb_gc_show_block(const void *block);

// What the program's blocks take now, dead ones that were not collected yet included; and the whole
// heap.
size_t tb_gc_used_size(void);
size_t tb_gc_heap_size(void);

// All bytes handed out so far; those in use in the malloc flavour.
size_t tb_gc_made_size(void);

// How many collections there have been.
size_t tb_gc_collection_count(void);

#ifndef TB_NO_SYSTEM_HEADERS
// tb_alloc for runtime code where it matters: takes a small block without a call.
static inline void *tb_alloc_fast(size_t size)
{
    size_t granules = (size + TB_GRANULE - 1) / TB_GRANULE;
    if (TB_UNLIKELY(granules >= TB_SMALL_LISTS || !tb_rt.heap.scanned[granules]))
        return tb_alloc(size);
    void **block = tb_rt.heap.scanned[granules];
    tb_rt.heap.scanned[granules] = *block;
    *block = NULL;
    return block;
}

// The same for tb_alloc_plain.
static inline void *tb_alloc_plain_fast(size_t size)
{
    size_t granules = (size + TB_GRANULE - 1) / TB_GRANULE;
    if (TB_UNLIKELY(granules >= TB_SMALL_LISTS || !tb_rt.heap.plain[granules]))
        return tb_alloc_plain(size);
    void **block = tb_rt.heap.plain[granules];
    tb_rt.heap.plain[granules] = *block;
    return block;
}
#endif

#endif
