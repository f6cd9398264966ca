// Tuples. What concerns their content (equality, order, hash) is in compare.c and hash.c.
#include "tuple.h"

#include "compare.h"
#include "error.h"
#include "gc.h"
#include "int.h"
#include "items.h"
#include "list.h"

#include <string.h>

tb_class tb_class_tuple = {.cls = &tb_class_class, .name = "Tuple", .kind = TB_TUPLE};

static const tb_tuple empty_tuple = {.cls = &tb_class_tuple, .count = 0};

tb_tuple *tb_tuple_new(int64_t count)
{
    if (count == 0) return (tb_tuple *)(uintptr_t)&empty_tuple;
    size_t size;
    if (tb_size_mul((size_t)count, sizeof(tb_value), sizeof(tb_tuple), &size) < 0) return NULL;
    tb_tuple *tuple = tb_alloc_fast(size);
    if (!tuple) return NULL;
    tuple->cls = &tb_class_tuple;
    tuple->count = count;
    return tuple;
}

// A tuple over two runs of values; either may be empty.
static tb_value join(int64_t count, const tb_value *items, int64_t more_count, const tb_value *more)
{
    tb_tuple *tuple = tb_tuple_new(count + more_count);
    if (!tuple) return TB_PENDING;
    if (count > 0) memcpy(tuple->items, items, (size_t)count * sizeof *items);
    if (more_count > 0) memcpy(tuple->items + count, more, (size_t)more_count * sizeof *more);
    return TB_OBJECT(tuple);
}

tb_value tb_tuple_from(int64_t count, const tb_value *items)
{
    return join(count, items, 0, NULL);
}

tb_value tb_tuple_pair(tb_value first, tb_value second)
{
    return join(1, &first, 1, &second);
}

tb_value tb_tuple_of(tb_value iterable)
{
    if (TB_IS_TUPLE(iterable)) return iterable;
    tb_list *xs = tb_list_of(iterable);
    if (!xs || tb_list_generalise(xs) < 0) return TB_PENDING;
    return tb_tuple_from(xs->count, xs->as.items);
}

tb_value tb_tuple_get(const tb_tuple *tuple, int64_t index)
{
    int64_t at = tb_index_wrap(index, tuple->count);
    return at < 0 ? tb_index_error(index, "Tuple", tuple->count, "item") : tuple->items[at];
}

tb_value tb_tuple_slice(const tb_tuple *tuple, int64_t from, int64_t step, int64_t count)
{
    if (count == tuple->count && step == 1) return TB_OBJECT(tuple);
    tb_tuple *part = tb_tuple_new(count);
    if (!part) return TB_PENDING;
    for (int64_t i = 0; i < count; i++)
        part->items[i] = tuple->items[from + i * step];
    return TB_OBJECT(part);
}

tb_value tb_tuple_concat(const tb_tuple *a, const tb_tuple *b)
{
    return join(a->count, a->items, b->count, b->items);
}

tb_value tb_tuple_repeat(const tb_tuple *tuple, int64_t times)
{
    int64_t total;
    if (times <= 0) return TB_OBJECT(&empty_tuple);
    if (tb_mul_overflows(tuple->count, times, &total))
        return tb_raise_error(&tb_error_overflow, "a Tuple cannot have that many items");
    tb_tuple *all = tb_tuple_new(total);
    if (!all) return TB_PENDING;
    for (int64_t done = 0; done < total; done += tuple->count)
        memcpy(all->items + done, tuple->items, (size_t)tuple->count * sizeof(tb_value));
    return TB_OBJECT(all);
}

int64_t tb_tuple_index(const tb_tuple *tuple, tb_value item)
{
    for (int64_t i = 0; i < tuple->count; i++) {
        int equal = tb_same_item(tuple->items[i], item);
        if (equal != 0) return equal < 0 ? INT64_MIN : i;
    }
    tb_raise_error(&tb_error_value, "%V is not in the Tuple", item);
    return INT64_MIN;
}

int64_t tb_tuple_count(const tb_tuple *tuple, tb_value item)
{
    int64_t count = 0;
    for (int64_t i = 0; i < tuple->count; i++) {
        int equal = tb_same_item(tuple->items[i], item);
        if (equal < 0) return INT64_MIN;
        count += equal;
    }
    return count;
}
