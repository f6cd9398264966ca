// Lists: storage by kind, and every operation that changes or makes one. Sorting is in list_sort.c.
//
// Two questions come up everywhere: does this item fit the list's kind (`store` answers, and writes
// it if it does), and is there room (`grow`). A list without items may change its kind freely
// (`adopt`).
//
// A small list whose size is known when it is made has its items behind its head, in one block. It
// moves to a buffer like any other's when it grows beyond that.
#include "list.h"

#include "compare.h"
#include "error.h"
#include "float.h"
#include "gc.h"
#include "int.h"
#include "items.h"
#include "iter.h"

#include <inttypes.h>
#include <string.h>

tb_class tb_class_list = {.cls = &tb_class_class, .name = "List", .kind = TB_LIST};

// A buffer with more room than this is given back when its list runs empty.
#define KEEP_MAX 64
// What more items than this refer to is likely to weigh something.
#define BIG_COUNT 10000
// So many bytes of items may lie behind the head.
#define INLINE_MAX ((size_t)128)

// ----------------------------------------------------------------------------------------- storage

static inline size_t size_of_kind(int64_t kind)
{
    return kind == TB_ITEMS_BOOL ? 1 : sizeof(tb_value);
}

static inline size_t item_size(const tb_list *xs)
{
    return size_of_kind(xs->kind);
}

static inline char *address(const tb_list *xs, int64_t index)
{
    return (char *)xs->as.data + (size_t)index * item_size(xs);
}

static inline size_t byte_count(const tb_list *xs, int64_t count)
{
    return (size_t)count * item_size(xs);
}

static inline int is_inline(const tb_list *xs)
{
    return xs->as.data == (const void *)(xs + 1);
}

// Gives the place of the items back. Behind the head nothing stays that the collector would follow.
static void let_go(tb_list *xs)
{
    if (!xs->as.data) return;
    if (is_inline(xs))
        memset(xs->as.data, 0, byte_count(xs, xs->capacity));
    else
        tb_free_items(xs->as.data, byte_count(xs, xs->capacity), xs->kind != TB_ITEMS_BOXED);
}

// Gives the list a buffer for exactly [capacity] items, which is more than it holds. 0 or -1.
static int set_capacity(tb_list *xs, int64_t capacity)
{
    size_t size;
    if (tb_size_mul((size_t)capacity, item_size(xs), 0, &size) < 0) return -1;
    int leaves_head = is_inline(xs), is_plain = xs->kind != TB_ITEMS_BOXED;
    void *old = leaves_head ? NULL : xs->as.data;
    void *data = tb_resize_items(old, old ? byte_count(xs, xs->capacity) : 0, size, is_plain);
    if (!data) return -1;
    if (leaves_head) {
        memcpy(data, xs->as.data, byte_count(xs, xs->count));
        let_go(xs);
    }
    xs->as.data = data;
    xs->capacity = capacity;
    return 0;
}

int tb_list_reserve(tb_list *xs, int64_t capacity)
{
    if (capacity <= xs->capacity) return 0;
    return set_capacity(xs, capacity);
}

// Makes room for at least one item more. Growing by half keeps appending linear and wastes at most
// a third.
static int grow(tb_list *xs)
{
    int64_t wanted = xs->capacity < 0 ? -xs->capacity : xs->count + (xs->count >> 1) + 4;
    return set_capacity(xs, wanted);
}

static int make_room(tb_list *xs, int64_t more)
{
    int64_t wanted;
    if (tb_add_overflows(xs->count, more, &wanted)) {
        tb_raise_error(&tb_error_overflow, "a List cannot have that many items");
        return -1;
    }
    if (wanted <= xs->capacity) return 0;
    int64_t usual = xs->count + (xs->count >> 1);
    return set_capacity(xs, wanted > usual ? wanted : usual);
}

static void drop_buffer(tb_list *xs)
{
    let_go(xs);
    xs->as.data = NULL;
    xs->count = 0;
    xs->capacity = 0;
}

// Changes the kind of a list without items. The buffer goes unless it suits the new kind as well.
static void adopt(tb_list *xs, int64_t kind)
{
    int is_numbers = xs->kind == TB_ITEMS_INT || xs->kind == TB_ITEMS_FLOAT;
    int stays = is_numbers && (kind == TB_ITEMS_INT || kind == TB_ITEMS_FLOAT);
    if (kind != xs->kind && !stays && xs->as.data) {
        int64_t capacity = xs->capacity;
        drop_buffer(xs);
        xs->capacity = -capacity;
    }
    xs->kind = kind;
}

// The narrowest kind of list that can hold [item].
static int64_t kind_for(tb_value item)
{
    int64_t n;
    if (TB_IS_INT(item)) return tb_int_to(item, &n) ? TB_ITEMS_INT : TB_ITEMS_BOXED;
    if (TB_IS_FLOAT(item)) return TB_ITEMS_FLOAT;
    return item == TB_TRUE || item == TB_FALSE ? TB_ITEMS_BOOL : TB_ITEMS_BOXED;
}

// Writes [item] to the place [index], which exists. 0: it does not fit the list's kind.
static int store(tb_list *xs, int64_t index, tb_value item)
{
    switch ((tb_items)xs->kind) {
    case TB_ITEMS_BOXED:
        xs->as.items[index] = item;
        return 1;
    case TB_ITEMS_INT:
        return TB_IS_INT(item) && tb_int_to(item, &xs->as.ints[index]);
    case TB_ITEMS_FLOAT:
        if (!TB_IS_FLOAT(item)) return 0;
        xs->as.floats[index] = tb_float_get(item);
        return 1;
    case TB_ITEMS_BOOL:
        if (item != TB_TRUE && item != TB_FALSE) return 0;
        xs->as.bools[index] = item == TB_TRUE;
        return 1;
    }
    __builtin_unreachable();
}

int tb_list_store(tb_list *xs, int64_t index, tb_value item)
{
    return store(xs, index, item);
}

tb_value tb_list_at(const tb_list *xs, int64_t index)
{
    switch ((tb_items)xs->kind) {
    case TB_ITEMS_BOXED:
        return xs->as.items[index];
    case TB_ITEMS_INT:
        return tb_int_from(xs->as.ints[index]);
    case TB_ITEMS_FLOAT:
        return tb_float_from(xs->as.floats[index]);
    case TB_ITEMS_BOOL:
        return TB_BOOL_VALUE(xs->as.bools[index]);
    }
    __builtin_unreachable();
}

int tb_list_generalise(tb_list *xs)
{
    if (xs->kind == TB_ITEMS_BOXED) return 0;
    if (xs->count == 0) {
        adopt(xs, TB_ITEMS_BOXED);
        return 0;
    }
    int64_t capacity = xs->count + (xs->count >> 1) + 4;
    size_t size;
    if (tb_size_mul((size_t)capacity, sizeof(tb_value), 0, &size) < 0) return -1;
    tb_value *items = tb_resize_items(NULL, 0, size, 0);
    if (!items) return -1;
    for (int64_t i = 0; i < xs->count; i++)
        if ((items[i] = tb_list_at(xs, i)) == TB_PENDING) return -1;
    let_go(xs);
    xs->as.items = items;
    xs->kind = TB_ITEMS_BOXED;
    xs->capacity = capacity;
    return 0;
}

// ------------------------------------------------------------------------------------------ making

tb_list *tb_list_new(int64_t capacity)
{
    tb_list *xs = tb_alloc_fast(sizeof *xs);
    if (!xs) return NULL;
    xs->cls = &tb_class_list;
    xs->capacity = capacity > 0 ? -capacity : 0;
    return xs;
}

tb_list *tb_list_new_of(tb_items kind, int64_t capacity)
{
    size_t item = size_of_kind(kind);
    int fits = capacity > 0 && (size_t)capacity <= INLINE_MAX / item;
    tb_list *xs = tb_alloc_fast(sizeof *xs + (fits ? (size_t)capacity * item : 0));
    if (!xs) return NULL;
    xs->cls = &tb_class_list;
    xs->kind = kind;
    if (fits) {
        xs->capacity = capacity;
        xs->as.data = xs + 1;
    }
    return capacity > 0 && !fits && set_capacity(xs, capacity) < 0 ? NULL : xs;
}

// The narrowest kind of list that can hold all [count] items.
static int64_t kind_for_all(int64_t count, const tb_value *items)
{
    int64_t kind = count > 0 ? kind_for(items[0]) : TB_ITEMS_BOXED;
    for (int64_t i = 1; i < count && kind != TB_ITEMS_BOXED; i++)
        if (kind_for(items[i]) != kind) return TB_ITEMS_BOXED;
    return kind;
}

tb_value tb_list_from(int64_t count, const tb_value *items)
{
    tb_list *xs = tb_list_new_of((tb_items)kind_for_all(count, items), count);
    if (!xs) return TB_PENDING;
    for (int64_t i = 0; i < count; i++)
        store(xs, i, items[i]);
    xs->count = count;
    return TB_OBJECT(xs);
}

void tb_list_drop(tb_list *xs)
{
    size_t items = is_inline(xs) ? byte_count(xs, xs->capacity) : 0;
    if (xs->kind == TB_ITEMS_BOXED && xs->count > BIG_COUNT)
        tb_gc_note_dead(byte_count(xs, xs->capacity));
    if (!items && xs->as.data)
        tb_free_items(xs->as.data, byte_count(xs, xs->capacity), xs->kind != TB_ITEMS_BOXED);
    tb_free_scanned(xs, sizeof *xs + items);
}

tb_list *tb_list_of(tb_value iterable)
{
    tb_list *xs = tb_list_new(0);
    return xs && tb_list_extend(xs, iterable) == 0 ? xs : NULL;
}

// -------------------------------------------------------------------------------- reading, writing

// The place [index] means in [xs], or -1 with an IndexError.
static int64_t place(const tb_list *xs, int64_t index)
{
    int64_t at = tb_index_wrap(index, xs->count);
    if (at < 0) tb_index_error(index, "List", xs->count, "item");
    return at;
}

tb_value tb_list_get(tb_list *xs, int64_t index)
{
    int64_t at = place(xs, index);
    return at < 0 ? TB_PENDING : tb_list_at(xs, at);
}

int tb_list_put(tb_list *xs, int64_t index, tb_value item)
{
    int64_t at = place(xs, index);
    if (at < 0) return -1;
    if (store(xs, at, item)) return 0;
    if (tb_list_generalise(xs) < 0) return -1;
    xs->as.items[at] = item;
    return 0;
}

// ----------------------------------------------------------------------------------------- pushing

// Gets the list ready for one more item like [item]: its kind and its room. 0 or -1.
static int prepare(tb_list *xs, tb_value item)
{
    int64_t kind = kind_for(item);
    if (xs->count == 0)
        adopt(xs, kind);
    else if (kind != xs->kind && tb_list_generalise(xs) < 0)
        return -1;
    return xs->count < xs->capacity ? 0 : grow(xs);
}

int tb_list_push_slow(tb_list *xs, tb_value item)
{
    if (prepare(xs, item) < 0) return -1;
    store(xs, xs->count, item);
    xs->count++;
    return 0;
}

int tb_list_push_int_slow(tb_list *xs, int64_t item)
{
    if (xs->count == 0) adopt(xs, TB_ITEMS_INT);
    if (xs->kind != TB_ITEMS_INT) {
        tb_value boxed = tb_int_from(item);
        return boxed == TB_PENDING ? -1 : tb_list_push_slow(xs, boxed);
    }
    if (xs->count >= xs->capacity && grow(xs) < 0) return -1;
    xs->as.ints[xs->count++] = item;
    return 0;
}

int tb_list_push_float_slow(tb_list *xs, double item)
{
    if (xs->count == 0) adopt(xs, TB_ITEMS_FLOAT);
    if (xs->kind != TB_ITEMS_FLOAT) {
        tb_value boxed = tb_float_from(item);
        return boxed == TB_PENDING ? -1 : tb_list_push_slow(xs, boxed);
    }
    if (xs->count >= xs->capacity && grow(xs) < 0) return -1;
    xs->as.floats[xs->count++] = item;
    return 0;
}

int tb_list_push_bool_slow(tb_list *xs, int item)
{
    return tb_list_push_slow(xs, TB_BOOL_VALUE(item));
}

// -------------------------------------------------------------------------- inserting and removing

int tb_list_insert(tb_list *xs, int64_t at, tb_value item)
{
    if (prepare(xs, item) < 0) return -1;
    if (at < 0) at = at + xs->count < 0 ? 0 : at + xs->count;
    if (at > xs->count) at = xs->count;
    memmove(address(xs, at + 1), address(xs, at), byte_count(xs, xs->count - at));
    store(xs, at, item);
    xs->count++;
    return 0;
}

// Lets go of the places behind the last item after [removed] items went: the collector must not see
// what was there, and a list that ran empty does not keep a big buffer.
static void forget_tail(tb_list *xs, int64_t removed)
{
    if (xs->count == 0 && xs->capacity > KEEP_MAX)
        drop_buffer(xs);
    else if (xs->kind == TB_ITEMS_BOXED)
        memset(xs->as.items + xs->count, 0, byte_count(xs, removed));
}

void tb_list_remove_span(tb_list *xs, int64_t from, int64_t count)
{
    if (count == 0) return;
    int64_t behind = xs->count - from - count;
    memmove(address(xs, from), address(xs, from + count), byte_count(xs, behind));
    xs->count -= count;
    forget_tail(xs, count);
}

void tb_list_remove_steps(tb_list *xs, int64_t from, int64_t step, int64_t count)
{
    if (count == 0) return;
    int64_t kept = from;
    for (int64_t k = 0; k < count; k++) {
        int64_t start = from + k * step + 1;
        int64_t end = k + 1 < count ? start + step - 1 : xs->count;
        memmove(address(xs, kept), address(xs, start), byte_count(xs, end - start));
        kept += end - start;
    }
    xs->count = kept;
    forget_tail(xs, count);
}

tb_value tb_list_pop(tb_list *xs, int64_t index)
{
    if (xs->count == 0) return tb_raise_error(&tb_error_index, "cannot pop from an empty List");
    int64_t at = place(xs, index);
    if (at < 0) return TB_PENDING;
    tb_value item = tb_list_at(xs, at);
    if (item != TB_PENDING) tb_list_remove_span(xs, at, 1);
    return item;
}

int tb_list_remove(tb_list *xs, tb_value item)
{
    int64_t at = tb_list_index(xs, item);
    if (at == INT64_MIN) return -1;
    if (at < xs->count) // the program's own `equals` may have shortened the list
        tb_list_remove_span(xs, at, 1);
    return 0;
}

void tb_list_clear(tb_list *xs)
{
    drop_buffer(xs);
}

int tb_list_replace(tb_list *xs, int64_t from, int64_t count, const tb_list *items)
{
    int64_t added = items->count;
    if (xs->count == 0) adopt(xs, items->kind);
    if (added > 0 && (items == xs || items->kind != xs->kind)) {
        tb_list *copy = tb_list_copy(items);
        if (!copy || tb_list_generalise(copy) < 0 || tb_list_generalise(xs) < 0) return -1;
        items = copy;
    }
    if (added > count && make_room(xs, added - count) < 0) return -1;
    int64_t behind = xs->count - from - count;
    if (added != count && behind > 0)
        memmove(address(xs, from + added), address(xs, from + count), byte_count(xs, behind));
    if (added > 0) memcpy(address(xs, from), items->as.data, byte_count(xs, added));
    xs->count += added - count;
    if (added < count) forget_tail(xs, count - added);
    return 0;
}

static void reverse_words(uint64_t *items, int64_t count)
{
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) {
        uint64_t item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}

static void reverse_bytes(uint8_t *items, int64_t count)
{
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) {
        uint8_t item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}

static void reverse_doubles(double *items, int64_t count)
{
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) {
        double item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}

void tb_list_reverse(tb_list *xs)
{
    switch ((tb_items)xs->kind) {
    case TB_ITEMS_BOXED:
        reverse_words(xs->as.items, xs->count);
        return;
    case TB_ITEMS_INT:
        reverse_words((uint64_t *)xs->as.ints, xs->count);
        return;
    case TB_ITEMS_FLOAT:
        reverse_doubles(xs->as.floats, xs->count);
        return;
    case TB_ITEMS_BOOL:
        reverse_bytes(xs->as.bools, xs->count);
        return;
    }
}

// --------------------------------------------------------------------------------------- extending

// Appends the items of [other], which may be [xs] itself: then those it had at first.
static int extend_by_list(tb_list *xs, const tb_list *other)
{
    int64_t added = other->count;
    if (added == 0) return 0;
    if (xs->count == 0) adopt(xs, other->kind);
    if (make_room(xs, added) < 0) return -1;
    if (xs->kind == other->kind) {
        memcpy(address(xs, xs->count), other->as.data, byte_count(xs, added));
        xs->count += added;
        return 0;
    }
    for (int64_t i = 0; i < added; i++) {
        tb_value item = tb_list_at(other, i);
        if (item == TB_PENDING || tb_list_push(xs, item) < 0) return -1;
    }
    return 0;
}

static int extend_by_items(tb_list *xs, tb_value iterable)
{
    tb_iter it;
    if (tb_iter_start(&it, iterable) < 0) return -1;
    int64_t hint = tb_iter_hint(iterable);
    if (xs->count > 0 && make_room(xs, hint) < 0) return -1;
    if (xs->count == 0 && xs->capacity <= 0) xs->capacity = -hint;
    tb_value item;
    int got;
    while ((got = tb_iter_next(&it, &item)) == 1)
        if (tb_list_push(xs, item) < 0) return -1;
    return got;
}

int tb_list_extend(tb_list *xs, tb_value iterable)
{
    if (TB_IS_LIST(iterable)) return extend_by_list(xs, TB_AS_LIST(iterable));
    return extend_by_items(xs, iterable);
}

// --------------------------------------------------------------------------------------- searching

// As tb_list_find for raw items and a value of the same type, within 0 … count. -2: no such case.
static int64_t find_raw(const tb_list *xs, tb_value item, int64_t from, int64_t to)
{
    int64_t n;
    if (xs->kind == TB_ITEMS_INT && TB_IS_INT(item)) {
        if (tb_int_to(item, &n))
            for (int64_t i = from; i < to; i++)
                if (xs->as.ints[i] == n) return i;
        return -1;
    }
    if (xs->kind == TB_ITEMS_FLOAT && TB_IS_FLOAT(item)) {
        double d = tb_float_get(item);
        if (d != d) return -2; // the same NaN is found, by its word
        for (int64_t i = from; i < to; i++)
            if (xs->as.floats[i] == d) return i;
        return -1;
    }
    return -2;
}

static int64_t clamp_index(int64_t index, int64_t count)
{
    if (index < 0) index += count;
    return index < 0 ? 0 : index > count ? count : index;
}

// Whether the item at [index] equals [item]: 1, 0, -1.
static int item_equals(const tb_list *xs, int64_t index, tb_value item)
{
    tb_value own = tb_list_at(xs, index);
    return own == TB_PENDING ? -1 : tb_same_item(own, item);
}

int64_t tb_list_find(tb_list *xs, tb_value item, int64_t from, int64_t to)
{
    from = clamp_index(from, xs->count);
    to = clamp_index(to, xs->count);
    int64_t found = find_raw(xs, item, from, to);
    if (found != -2) return found;
    for (int64_t i = from; i < to && i < xs->count; i++) {
        int equal = item_equals(xs, i, item);
        if (equal != 0) return equal < 0 ? INT64_MIN : i;
    }
    return -1;
}

int64_t tb_list_index(tb_list *xs, tb_value item)
{
    int64_t at = tb_list_find(xs, item, 0, xs->count);
    if (at != -1) return at;
    tb_raise_error(&tb_error_value, "%V is not in the List", item);
    return INT64_MIN;
}

int64_t tb_list_count(tb_list *xs, tb_value item)
{
    int64_t count = 0;
    for (int64_t i = 0; i < xs->count; i++) {
        int equal = item_equals(xs, i, item);
        if (equal < 0) return INT64_MIN;
        count += equal;
    }
    return count;
}

// --------------------------------------------------------------------------------------- new lists

tb_list *tb_list_copy(const tb_list *xs)
{
    return tb_list_slice(xs, 0, 1, xs->count);
}

tb_list *tb_list_slice(const tb_list *xs, int64_t from, int64_t step, int64_t count)
{
    tb_list *part = tb_list_new_of((tb_items)xs->kind, count);
    if (!part || count == 0) return part;
    if (step == 1)
        memcpy(part->as.data, address(xs, from), byte_count(xs, count));
    else if (xs->kind == TB_ITEMS_BOOL)
        for (int64_t i = 0; i < count; i++)
            part->as.bools[i] = xs->as.bools[from + i * step];
    else
        for (int64_t i = 0; i < count; i++)
            memcpy(address(part, i), address(xs, from + i * step), sizeof(tb_value));
    part->count = count;
    return part;
}

tb_list *tb_list_concat(const tb_list *a, const tb_list *b)
{
    const tb_list *model = a->count > 0 ? a : b;
    tb_list *joined = tb_list_new_of((tb_items)model->kind, a->count + b->count);
    if (!joined || extend_by_list(joined, a) < 0 || extend_by_list(joined, b) < 0) return NULL;
    return joined;
}

tb_list *tb_list_repeat(const tb_list *xs, int64_t times)
{
    int64_t total;
    if (times <= 0 || xs->count == 0) return tb_list_new_of((tb_items)xs->kind, 0);
    if (tb_mul_overflows(xs->count, times, &total)) {
        tb_raise_error(&tb_error_overflow, "a List cannot have that many items");
        return NULL;
    }
    tb_list *all = tb_list_new_of((tb_items)xs->kind, total);
    if (!all) return NULL;
    memcpy(all->as.data, xs->as.data, byte_count(xs, xs->count));
    // What is there is doubled until it is all there.
    for (int64_t done = xs->count; done < total; done *= 2) {
        int64_t more = done <= total - done ? done : total - done;
        memcpy(address(all, done), all->as.data, byte_count(all, more));
    }
    all->count = total;
    return all;
}

tb_list *tb_list_sorted(tb_value iterable, tb_value key, int reverse)
{
    tb_list *xs = tb_list_of(iterable);
    return xs && tb_list_sort(xs, key, reverse) == 0 ? xs : NULL;
}
