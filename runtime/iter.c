// Iteration: one `next` function for each kind of thing that can be gone through. tb_iter_start
// chooses it.
#include "iter.h"

#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "func.h"
#include "gc.h"
#include "int.h"
#include "items.h"
#include "list.h"
#include "object.h"
#include "range.h"
#include "set.h"
#include "stack.h"
#include "str.h"
#include "tuple.h"
#include "utf8.h"

tb_class tb_class_iterator = {.cls = &tb_class_class, .name = "Iterator", .kind = TB_ITERATOR};

// How often `iter` may give something that has to be asked for its `iter` in turn.
#define ITER_HOPS 100

// --------------------------------------------------------------------------------------- sequences

static int next_of_list(tb_iter *it, tb_value *item)
{
    const tb_list *xs = TB_AS_LIST(it->source);
    if (it->position >= xs->count) return 0;
    *item = tb_list_at(xs, it->position++);
    return *item == TB_PENDING ? -1 : 1;
}

static int next_of_tuple(tb_iter *it, tb_value *item)
{
    const tb_tuple *tuple = TB_AS_TUPLE(it->source);
    if (it->position >= tuple->count) return 0;
    *item = tuple->items[it->position++];
    return 1;
}

static int next_of_string(tb_iter *it, tb_value *item)
{
    tb_str *s = TB_AS_STR(it->source);
    if (it->position >= s->size) return 0;
    uint8_t first = (uint8_t)s->data[it->position];
    int64_t size = tb_utf8_size(first);
    tb_str *part = size == 1 ? tb_str_char(first) : tb_str_part(s, it->position, size);
    if (!part) return -1;
    it->position += size;
    *item = TB_OBJECT(part);
    return 1;
}

static int next_of_bytes(tb_iter *it, tb_value *item)
{
    const tb_bytes *bytes = TB_AS_BYTES(it->source);
    if (it->position >= bytes->size) return 0;
    *item = TB_INT62(bytes->data[it->position++]);
    return 1;
}

static int next_of_range(tb_iter *it, tb_value *item)
{
    if (it->left == 0) return 0;
    *item = tb_int_from(it->position);
    if (*item == TB_PENDING) return -1;
    // Behind the last item there may be no Int of 64 bits; it is computed but never used.
    it->position = (int64_t)((uint64_t)it->position + (uint64_t)it->step);
    it->left--;
    return 1;
}

// A range with bounds beyond 64 bits; `left` is then the most that anybody could wait for.
static int next_of_big_range(tb_iter *it, tb_value *item)
{
    if (it->left == 0) return 0;
    tb_value index = tb_int_from(it->position);
    if (index == TB_PENDING) return -1;
    *item = tb_range_at(TB_AS_RANGE(it->source), index);
    it->position++;
    it->left--;
    return *item == TB_PENDING ? -1 : 1;
}

static void start_range(tb_iter *it, const tb_range *range)
{
    tb_range_numbers numbers;
    if (tb_range_raw(range, &numbers)) {
        it->next = next_of_range;
        it->position = numbers.first;
        it->step = numbers.step;
        it->left = numbers.count;
        return;
    }
    it->next = next_of_big_range;
    if (!tb_int_to(tb_range_length(range), &it->left)) it->left = INT64_MAX;
}

// ---------------------------------------------------------------------------------- dicts and sets

static const tb_table *table_of(const tb_iter *it)
{
    return TB_IS_DICT(it->source) ? &TB_AS_DICT(it->source)->table : &TB_AS_SET(it->source)->table;
}

// The next live entry; NULL: *got says whether that is the end (0) or the table changed (-1).
static const tb_entry *next_entry(tb_iter *it, int *got)
{
    const tb_table *table = table_of(it);
    if (table->version != it->version) {
        tb_raise_error(&tb_error_value, "the %T changed size during iteration", it->source);
        *got = -1;
        return NULL;
    }
    int64_t at = tb_table_next(table, it->position);
    *got = at >= 0;
    if (at < 0) return NULL;
    it->position = at + 1;
    return &table->entries[at];
}

static int next_key(tb_iter *it, tb_value *item)
{
    int got;
    const tb_entry *entry = next_entry(it, &got);
    if (entry) *item = entry->key;
    return got;
}

static int next_dict_item(tb_iter *it, tb_value *item)
{
    int got;
    const tb_entry *entry = next_entry(it, &got);
    if (!entry) return got;
    *item = tb_tuple_pair(entry->key, entry->value);
    return *item == TB_PENDING ? -1 : 1;
}

static void start_table(tb_iter *it, int (*next)(tb_iter *it, tb_value *item))
{
    it->next = next;
    it->version = table_of(it)->version;
}

// ------------------------------------------------------------------------- iterators and instances

static int next_of_iterator(tb_iter *it, tb_value *item)
{
    tb_iterator *iterator = TB_PTR(tb_iterator, it->source);
    if (!iterator->next) return 0;
    // A lazy sequence may have no end, and whoever collects its items runs no code of the program.
    if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_interrupt() == TB_PENDING) return -1;
    int got = iterator->next(iterator->state, item);
    if (got == 0) {
        iterator->next = NULL;
        iterator->state = NULL;
    }
    return got;
}

// An object whose class defines `next`, which ends by throwing StopIteration.
static int next_of_object(tb_iter *it, tb_value *item)
{
    tb_fn *next = tb_special_of(it->source, TB_SPECIAL_NEXT);
    *item = tb_call_method_fn(next, it->source, 0, NULL);
    if (*item != TB_PENDING) return 1;
    return tb_catch_class(&tb_error_stop_iteration) ? 0 : -1;
}

// An object with `get_item` alone: asked for 0, 1, … until that is an IndexError, as in Python.
static int next_by_index(tb_iter *it, tb_value *item)
{
    tb_value index = tb_int_from(it->position++);
    if (index == TB_PENDING) return -1;
    *item = tb_get_item(it->source, index);
    if (*item != TB_PENDING) return 1;
    return tb_catch_class(&tb_error_index) ? 0 : -1;
}

static int not_iterable(tb_value v)
{
    tb_raise_error(&tb_error_type, "cannot iterate over %A", v);
    return -1;
}

// Follows `iter` of an object to something that gives items itself, and leaves that in `source`.
// Returns 1 when that is an object with `next`, 0 when it is anything else, -1 when something
// raised.
static int resolve(tb_iter *it)
{
    for (int hops = 0; hops < ITER_HOPS; hops++) {
        tb_fn *iter = tb_special_of(it->source, TB_SPECIAL_ITER);
        int has_next = tb_special_of(it->source, TB_SPECIAL_NEXT) != NULL;
        if (!iter || (has_next && hops > 0)) return has_next;
        tb_value result = tb_call_method_fn(iter, it->source, 0, NULL);
        if (result == TB_PENDING) return -1;
        if (result == it->source) return has_next ? 1 : not_iterable(result);
        it->source = result;
    }
    return not_iterable(it->source);
}

static int start_plain(tb_iter *it);

static int start_object(tb_iter *it)
{
    int has_next = resolve(it);
    if (has_next < 0) return -1;
    it->next = has_next ? next_of_object : next_by_index;
    if (has_next || tb_special_of(it->source, TB_SPECIAL_GET_ITEM)) return 0;
    tb_kind kind = TB_KIND(it->source);
    return kind == TB_INSTANCE || kind == TB_NATIVE ? not_iterable(it->source) : start_plain(it);
}

// ---------------------------------------------------------------------------------------- starting

// Chooses `next` for the value in `source`. 0 or -1.
static int start_plain(tb_iter *it)
{
    switch (TB_KIND(it->source)) {
    case TB_LIST:
        it->next = next_of_list;
        return 0;
    case TB_TUPLE:
        it->next = next_of_tuple;
        return 0;
    case TB_DICT:
    case TB_SET:
        start_table(it, next_key);
        return 0;
    case TB_RANGE:
        start_range(it, TB_AS_RANGE(it->source));
        return 0;
    case TB_STRING:
        it->next = next_of_string;
        return 0;
    case TB_BYTES:
        it->next = next_of_bytes;
        return 0;
    case TB_ITERATOR:
        it->next = next_of_iterator;
        return 0;
    case TB_INSTANCE:
    case TB_NATIVE:
        return start_object(it);
    default:
        return not_iterable(it->source);
    }
}

int tb_iter_start(tb_iter *it, tb_value v)
{
    *it = (tb_iter){.source = v};
    return start_plain(it);
}

int tb_iter_start_items(tb_iter *it, tb_value v)
{
    if (!TB_IS_DICT(v)) return tb_iter_start(it, v);
    *it = (tb_iter){.source = v};
    start_table(it, next_dict_item);
    return 0;
}

int tb_iter_start_pairs(tb_iter *it, tb_value v)
{
    if (tb_iter_start(it, v) < 0) return -1;
    it->pairs = it->next == next_key && TB_IS_DICT(it->source);
    return 0;
}

int tb_iter_next_pair(tb_iter *it, tb_value *first, tb_value *second)
{
    int got;
    if (it->pairs) {
        const tb_entry *entry = next_entry(it, &got);
        if (entry) {
            *first = entry->key;
            *second = entry->value;
        }
        return got;
    }
    tb_value item, halves[2];
    got = tb_iter_next(it, &item);
    if (got != 1) return got;
    if (TB_IS_LIST(item) && TB_AS_LIST(item)->count == 2 &&
        TB_AS_LIST(item)->kind == TB_ITEMS_BOXED) {
        *first = TB_AS_LIST(item)->as.items[0];
        *second = TB_AS_LIST(item)->as.items[1];
        return 1;
    }
    if (tb_unpack(item, 2, halves) < 0) return -1;
    *first = halves[0];
    *second = halves[1];
    return 1;
}

int tb_is_iterable(tb_value v)
{
    const uint32_t kinds = 1u << TB_STRING | 1u << TB_BYTES | 1u << TB_LIST | 1u << TB_TUPLE |
                           1u << TB_DICT | 1u << TB_SET | 1u << TB_RANGE | 1u << TB_ITERATOR;
    return kinds >> TB_KIND(v) & 1 || tb_special_of(v, TB_SPECIAL_ITER) ||
           tb_special_of(v, TB_SPECIAL_NEXT) || tb_special_of(v, TB_SPECIAL_GET_ITEM);
}

// ---------------------------------------------------------------------------------- lazy sequences

tb_value tb_iterator_new(tb_iterator_next next, void *state)
{
    tb_iterator *iterator = tb_alloc_fast(sizeof *iterator);
    if (!iterator) return TB_PENDING;
    iterator->cls = &tb_class_iterator;
    iterator->next = next;
    iterator->state = state;
    return TB_OBJECT(iterator);
}

static int next_of_cursor(void *state, tb_value *item)
{
    return tb_iter_next(state, item);
}

tb_value tb_iterator_of(tb_value v)
{
    if (TB_IS(v, &tb_class_iterator)) return v;
    tb_iter *it = tb_alloc(sizeof *it);
    if (!it || tb_iter_start(it, v) < 0) return TB_PENDING;
    return tb_iterator_new(next_of_cursor, it);
}

tb_value tb_iterator_step(tb_value iterator, tb_value fallback)
{
    if (!TB_IS(iterator, &tb_class_iterator) && !tb_special_of(iterator, TB_SPECIAL_NEXT))
        return tb_raise_error(&tb_error_type, "%A has no `next`", iterator);
    tb_iter it = {.source = iterator};
    tb_value item;
    int got = TB_IS(iterator, &tb_class_iterator) ? next_of_iterator(&it, &item)
                                                  : next_of_object(&it, &item);
    if (got != 0) return got < 0 ? TB_PENDING : item;
    if (fallback == TB_MISSING) return tb_raise_error(&tb_error_stop_iteration, "no more items");
    return fallback;
}

int64_t tb_iter_hint(tb_value v)
{
    switch (TB_KIND(v)) {
    case TB_LIST:
    case TB_TUPLE:
    case TB_DICT:
    case TB_SET:
    case TB_STRING:
    case TB_BYTES:
        return tb_length_raw(v);
    case TB_RANGE: {
        int64_t count;
        return tb_int_to(tb_range_length(TB_AS_RANGE(v)), &count) ? count : INT64_MAX;
    }
    default:
        return 0;
    }
}
