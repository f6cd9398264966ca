// The text of containers, and of errors, whose message may be one: a walk with its own stack.
//
// A frame of the stack is a value being written. Each turn asks the topmost frame for its next
// item, which it introduces with its separator, and writes that item: a scalar at once, a container
// by pushing a frame. Whether a container is already being written is answered through a hash table
// over the frames; since frames leave in the reverse order they came, taking one out of its chain
// is a single store.
//
// A to_string called on the way may change what is being written, so every turn checks its position
// anew.
#include "show_walk.h"

#include "dict.h"
#include "error.h"
#include "gc.h"
#include "list.h"
#include "set.h"
#include "table.h"

#include <string.h>

#define FIRST_FRAMES 16 // kept on the C stack; up to here chains are not needed either

typedef struct Frame {
    tb_value owner;
    int64_t position;  // of the next item; in a table, of its entry
    int64_t done;      // items written; a dict's key and value count as two
    tb_value value;    // of a dict's pair whose key was written last
    int64_t chain;     // the frame below with the same hash, plus one; 0: none
    tb_show_form form; // of the items
} Frame;

typedef struct Walk {
    tb_text *text;
    Frame *frames;
    int64_t count;
    int64_t capacity;
    int64_t *chains; // as many as `capacity`; NULL while the frames are few
    Frame first[FIRST_FRAMES];
} Walk;

// ------------------------------------------------------------------------------------ the stack

static int64_t *chain_of(const Walk *walk, tb_value owner)
{
    uint64_t mixed = owner * 0x9e3779b97f4a7c15u;
    return &walk->chains[mixed >> 32 & (uint64_t)(walk->capacity - 1)];
}

static void link_frame(Walk *walk, int64_t index)
{
    int64_t *chain = chain_of(walk, walk->frames[index].owner);
    walk->frames[index].chain = *chain;
    *chain = index + 1;
}

static int is_open(const Walk *walk, tb_value owner)
{
    if (walk->chains == NULL) {
        for (int64_t i = 0; i < walk->count; i++)
            if (walk->frames[i].owner == owner) return 1;
        return 0;
    }
    for (int64_t at = *chain_of(walk, owner); at != 0; at = walk->frames[at - 1].chain)
        if (walk->frames[at - 1].owner == owner) return 1;
    return 0;
}

static void free_stack(Walk *walk)
{
    if (walk->frames != walk->first) tb_free(walk->frames);
    tb_free(walk->chains);
}

// Doubles the stack and its chains. 0, or -1: MemoryError.
static int grow(Walk *walk)
{
    size_t old_size = (size_t)walk->capacity * sizeof(Frame), size, chains_size;
    size_t capacity = (size_t)walk->capacity * 2;
    if (tb_size_mul(capacity, sizeof(Frame), 0, &size) < 0) return -1;
    if (tb_size_mul(capacity, sizeof(int64_t), 0, &chains_size) < 0) return -1;
    int is_first = walk->frames == walk->first;
    Frame *frames = is_first ? tb_alloc(size) : tb_resize(walk->frames, old_size, size, 0);
    if (frames == NULL) return -1;
    if (is_first) memcpy(frames, walk->first, old_size);
    walk->frames = frames;
    tb_free(walk->chains);
    walk->chains = tb_alloc_plain(chains_size);
    walk->capacity = (int64_t)capacity;
    if (walk->chains == NULL) return -1;
    memset(walk->chains, 0, chains_size);
    for (int64_t i = 0; i < walk->count; i++)
        link_frame(walk, i);
    return 0;
}

static int push(Walk *walk, tb_value owner, tb_show_form form)
{
    if (walk->count == walk->capacity && grow(walk) < 0) {
        tb_text_drop(walk->text);
        return -1;
    }
    walk->frames[walk->count] = (Frame){.owner = owner, .form = form};
    if (walk->chains != NULL) link_frame(walk, walk->count);
    walk->count++;
    return 0;
}

static void pop(Walk *walk)
{
    Frame *top = &walk->frames[--walk->count];
    if (walk->chains != NULL) *chain_of(walk, top->owner) = top->chain;
}

// --------------------------------------------------------------------------------- next items
// Each gives the next item of a frame: 1 and the item, written behind its separator; 0 at the end;
// -1 raised.

static int separate(Walk *walk, const Frame *frame)
{
    return frame->done == 0 ? 0 : tb_text_add(walk->text, ", ", 2);
}

static int next_of_list(Walk *walk, Frame *frame, tb_value *item)
{
    const tb_list *list = TB_AS_LIST(frame->owner);
    if (frame->position >= list->count) return 0;
    if (separate(walk, frame) < 0) return -1;
    *item = tb_list_at(list, frame->position++);
    if (*item != TB_PENDING) return 1;
    tb_text_drop(walk->text);
    return -1;
}

static int next_of_tuple(Walk *walk, Frame *frame, tb_value *item)
{
    const tb_tuple *tuple = TB_AS_TUPLE(frame->owner);
    if (frame->position >= tuple->count) return 0;
    if (separate(walk, frame) < 0) return -1;
    *item = tuple->items[frame->position++];
    return 1;
}

static int next_of_set(Walk *walk, Frame *frame, tb_value *item)
{
    const tb_table *table = &TB_AS_SET(frame->owner)->table;
    int64_t at = tb_table_next(table, frame->position);
    if (at < 0) return 0;
    if (separate(walk, frame) < 0) return -1;
    *item = table->entries[at].key;
    frame->position = at + 1;
    return 1;
}

static int next_of_dict(Walk *walk, Frame *frame, tb_value *item)
{
    if (frame->done % 2 == 1) {
        *item = frame->value;
        return tb_text_add(walk->text, ": ", 2) < 0 ? -1 : 1;
    }
    const tb_table *table = &TB_AS_DICT(frame->owner)->table;
    int64_t at = tb_table_next(table, frame->position);
    if (at < 0) return 0;
    if (separate(walk, frame) < 0) return -1;
    *item = table->entries[at].key;
    frame->value = table->entries[at].value;
    frame->position = at + 1;
    return 1;
}

// An error has one item, its message, or none.
static int next_of_error(Frame *frame, tb_value *item)
{
    if (frame->position++ > 0) return 0;
    *item = TB_AS_INSTANCE(frame->owner)->slots[TB_ERROR_MESSAGE].value;
    return *item != TB_NONE_VALUE && *item != TB_MISSING;
}

static int next_item(Walk *walk, Frame *frame, tb_value *item)
{
    switch (TB_KIND(frame->owner)) {
    case TB_LIST:
        return next_of_list(walk, frame, item);
    case TB_TUPLE:
        return next_of_tuple(walk, frame, item);
    case TB_DICT:
        return next_of_dict(walk, frame, item);
    case TB_SET:
        return next_of_set(walk, frame, item);
    default:
        return next_of_error(frame, item);
    }
}

// ---------------------------------------------------------------------------------- brackets

static int add_word(tb_text *text, const char *word)
{
    return tb_text_add(text, word, (int64_t)strlen(word));
}

// What opens the text of a container.
static int open_value(Walk *walk, tb_value v, tb_show_form form)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return add_word(walk->text, "[");
    case TB_TUPLE:
        return add_word(walk->text, "(");
    case TB_DICT:
        return add_word(walk->text, "{");
    case TB_SET:
        return add_word(walk->text, tb_set_count(TB_AS_SET(v)) == 0 ? "set(" : "{");
    default: // an error: as text it is just its message
        if (form == TB_SHOW_TEXT) return 0;
        if (add_word(walk->text, TB_CLASS_OF(v)->name) < 0) return -1;
        return add_word(walk->text, "(");
    }
}

// What closes it.
static int close_value(Walk *walk, const Frame *frame)
{
    switch (TB_KIND(frame->owner)) {
    case TB_LIST:
        return add_word(walk->text, "]");
    case TB_TUPLE:
        return add_word(walk->text, frame->done == 1 ? ",)" : ")");
    case TB_DICT:
        return add_word(walk->text, "}");
    case TB_SET:
        return add_word(walk->text, frame->done == 0 ? ")" : "}");
    default:
        return frame->form == TB_SHOW_TEXT ? 0 : add_word(walk->text, ")");
    }
}

// What stands for a container inside itself.
static int add_cycle(tb_text *text, tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
        return add_word(text, "[...]");
    case TB_DICT:
    case TB_SET:
        return add_word(text, "{...}");
    case TB_TUPLE:
        return add_word(text, "(...)");
    default:
        return add_word(text, "...");
    }
}

// ------------------------------------------------------------------------------------ the walk

static int add_value(Walk *walk, tb_value v, tb_show_form form)
{
    if (!tb_show_is_nested(v)) return tb_show(walk->text, v, form);
    if (is_open(walk, v)) return add_cycle(walk->text, v);
    if (open_value(walk, v, form) < 0) return -1;
    // What is inside a container is always in source form; an error passes its own form on.
    return push(walk, v, TB_KIND(v) == TB_INSTANCE ? form : TB_SHOW_SOURCE);
}

static int run(Walk *walk)
{
    while (walk->count > 0) {
        Frame *top = &walk->frames[walk->count - 1];
        tb_value item;
        int got = next_item(walk, top, &item);
        if (got < 0) return -1;
        if (got == 0) {
            if (close_value(walk, top) < 0) return -1;
            pop(walk);
            continue;
        }
        top->done++;
        if (add_value(walk, item, top->form) < 0) return -1;
    }
    return 0;
}

int tb_show_nested(tb_text *text, tb_value v, tb_show_form form)
{
    Walk walk;
    walk.text = text;
    walk.frames = walk.first;
    walk.count = 0;
    walk.capacity = FIRST_FRAMES;
    walk.chains = NULL;
    int result = add_value(&walk, v, form) < 0 ? -1 : run(&walk);
    free_stack(&walk);
    return result;
}
