// What values cost: `getsizeof`.
//
// The collector knows which block a word refers to and which bytes of a block it looks into. So
// what is reachable is found without knowing any object's layout, block by block: `found` lists the
// blocks in the order in which they were met, a hash table over it tells which ones were, and the
// walk ends when it has looked into all of the list. Data that came with the program (literals,
// functions without captured variables, classes) is in no block and costs nothing more.
#include "native.h"
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "build/stdlib/sys.h"

#define WORD_SIZE   ((int64_t)sizeof(tb_value))
#define FIRST_SLOTS 64

// ----------------------------------------------------------------------------------- by the layout

static int64_t table_size(const tb_table *table)
{
    return table->capacity * (int64_t)(sizeof(tb_entry) + sizeof(uint32_t)) +
           table->slots * (int64_t)sizeof(uint32_t);
}

static int64_t list_size(const tb_list *list)
{
    static const int64_t item_sizes[] = {
        [TB_ITEMS_BOXED] = 8, [TB_ITEMS_INT] = 8, [TB_ITEMS_FLOAT] = 8, [TB_ITEMS_BOOL] = 1};
    int64_t room = list->capacity > 0 ? list->capacity : 0;
    return (int64_t)sizeof *list + room * item_sizes[list->kind];
}

// The size of what is not in a block, or of anything where the heap does not know its blocks.
static int64_t layout_size(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_INT:
        return (int64_t)sizeof(tb_big) + 8 * llabs(TB_AS_BIG(v)->size);
    case TB_FLOAT:
        return (int64_t)sizeof(tb_box);
    case TB_STRING:
        return (int64_t)sizeof(tb_str) + TB_AS_STR(v)->size + 1;
    case TB_BYTES:
        return (int64_t)sizeof(tb_bytes) + TB_AS_BYTES(v)->size;
    case TB_LIST:
        return list_size(TB_AS_LIST(v));
    case TB_TUPLE:
        return (int64_t)sizeof(tb_tuple) + WORD_SIZE * TB_AS_TUPLE(v)->count;
    case TB_DICT:
        return (int64_t)sizeof(tb_dict) + table_size(&TB_AS_DICT(v)->table);
    case TB_SET:
        return (int64_t)sizeof(tb_set) + table_size(&TB_AS_SET(v)->table);
    case TB_RANGE:
        return (int64_t)sizeof(tb_range);
    case TB_INSTANCE:
        return (int64_t)sizeof(tb_instance) + WORD_SIZE * TB_CLASS_OF(v)->slot_count;
    case TB_FUNCTION:
    case TB_CLASS:
    case TB_MODULE:
        return 0;
    default:
        return WORD_SIZE;
    }
}

// What the value takes for itself; what fits a word takes that word.
static int64_t own_size(tb_value v)
{
    if (!TB_IS_OBJECT(v)) return WORD_SIZE;
    size_t size = tb_object_size(TB_AS_OBJECT(v));
    return size ? (int64_t)size : layout_size(v);
}

// ---------------------------------------------------------------------------------------- the walk

typedef struct Walk {
    uintptr_t *found; // blocks
    size_t count;
    uint32_t *slots;   // positions in `found` plus one; 0: free
    size_t slot_count; // a power of two, at least twice the room in `found`
    int64_t size;
} Walk;

static uint32_t *slot_of(const Walk *walk, uintptr_t block)
{
    size_t at = (size_t)((block >> 4) * 0x9e3779b97f4a7c15u >> 20);
    for (;; at++) {
        uint32_t *slot = &walk->slots[at & (walk->slot_count - 1)];
        if (!*slot || walk->found[*slot - 1] == block) return slot;
    }
}

// Makes room for more blocks. 0, or -1: raised.
static int grow(Walk *walk)
{
    size_t slot_count = walk->slot_count ? 2 * walk->slot_count : FIRST_SLOTS, size;
    if (slot_count / 2 > UINT32_MAX || tb_size_mul(slot_count, sizeof *walk->slots, 0, &size) < 0)
        return -1;
    uint32_t *slots = tb_alloc_plain(size);
    uintptr_t *found =
        tb_resize(walk->found, walk->count * sizeof *found, slot_count / 2 * sizeof *found, 1);
    if (!slots || !found) return -1;
    memset(slots, 0, size);
    tb_free(walk->slots);
    walk->slots = slots;
    walk->slot_count = slot_count;
    walk->found = found;
    for (size_t i = 0; i < walk->count; i++)
        *slot_of(walk, found[i]) = (uint32_t)i + 1;
    return 0;
}

// Takes in the block that [word] refers to, if it does and the block is new. 0, or -1: raised.
static int look_at(Walk *walk, uintptr_t word)
{
    size_t scanned;
    uintptr_t block = (uintptr_t)tb_gc_block_at(word, &scanned);
    if (!block) return 0;
    if (2 * walk->count >= walk->slot_count && grow(walk) < 0) return -1;
    uint32_t *slot = slot_of(walk, block);
    if (*slot) return 0;
    walk->found[walk->count++] = block;
    *slot = (uint32_t)walk->count;
    walk->size += (int64_t)tb_gc_block_size((const void *)block);
    return 0;
}

static int look_into(Walk *walk, uintptr_t block)
{
    size_t scanned;
    const uintptr_t *words = tb_gc_block_at(block, &scanned);
    for (size_t i = 0; i < scanned / sizeof *words; i++)
        if (look_at(walk, words[i]) < 0) return -1;
    return 0;
}

// The bytes of all blocks that can be reached from [v]; INT64_MIN: raised.
static int64_t reachable_size(tb_value v)
{
    Walk walk = {0};
    int failed = look_at(&walk, (uintptr_t)v) < 0;
    for (size_t i = 0; i < walk.count && !failed; i++)
        failed = look_into(&walk, walk.found[i]) < 0;
    tb_free(walk.slots);
    tb_free(walk.found);
    return failed ? INT64_MIN : walk.size;
}

int64_t tb_sys_getsizeof(tb_value obj, int deep)
{
    if (!deep || !TB_IS_OBJECT(obj)) return own_size(obj);
    int64_t size = reachable_size(obj);
    return size ? size : layout_size(obj);
}
