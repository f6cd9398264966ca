// Native half of stdlib/collections.tb. Functions that change a container return it, so that `xs =
// append(xs, 1)` is as right as the statement `append(xs, 1)`.
#include "native.h"

#include "build/stdlib/collections.h"

// ------------------------------------------------------------------------------------------ lists

tb_list *tb_collections_append(tb_list *lst, tb_value item)
{
    return tb_list_push(lst, item) < 0 ? NULL : lst;
}

tb_list *tb_collections_extend(tb_list *lst, tb_value items)
{
    return tb_list_extend(lst, items) < 0 ? NULL : lst;
}

tb_list *tb_collections_insert(tb_list *lst, int64_t index, tb_value item)
{
    return tb_list_insert(lst, index, item) < 0 ? NULL : lst;
}

// What a function that removed something (1), found nothing (0) or raised (-1) leads to.
static tb_value removed(int found, tb_value container, tb_value item)
{
    if (found > 0) return container;
    return found < 0 ? TB_PENDING
                     : tb_raise_error(&tb_error_value, "%V is not in the %T", item, container);
}

tb_value tb_collections_remove(tb_value lst, tb_value item)
{
    switch (TB_KIND(lst)) {
    case TB_DICT:
        return removed(tb_dict_remove(TB_AS_DICT(lst), item), lst, item);
    case TB_SET:
        return removed(tb_set_discard(TB_AS_SET(lst), item), lst, item);
    default:
        return tb_list_remove(TB_AS_LIST(lst), item) < 0 ? TB_PENDING : lst;
    }
}

tb_value tb_collections_pop_or(tb_dict *d, tb_value key, tb_value default_)
{
    tb_value value = tb_dict_pop(d, key, default_);
    return value == TB_PENDING ? tb_raise_key(TB_PLACE("pop", "key"), key) : value;
}

tb_value tb_collections_pop_key(tb_dict *d, tb_value key)
{
    return tb_collections_pop_or(d, key, TB_MISSING);
}

tb_tuple *tb_collections_popitem(tb_dict *d)
{
    tb_value pair = tb_dict_popitem(d);
    return pair == TB_PENDING ? NULL : TB_AS_TUPLE(pair);
}

tb_value tb_collections_clear(tb_value lst)
{
    switch (TB_KIND(lst)) {
    case TB_DICT:
        tb_dict_clear(TB_AS_DICT(lst));
        break;
    case TB_SET:
        tb_set_clear(TB_AS_SET(lst));
        break;
    default:
        tb_list_clear(TB_AS_LIST(lst));
        break;
    }
    return lst;
}

// The items of a list, tuple or range as a list.
static tb_list *as_list(tb_value v)
{
    return TB_IS_LIST(v) ? TB_AS_LIST(v) : tb_list_of(v);
}

int64_t tb_collections_index(tb_value lst, tb_value item, int64_t start)
{
    tb_list *list = as_list(lst);
    if (!list) return INT64_MIN;
    int64_t found = tb_list_find(list, item, start, INT64_MAX);
    if (found != -1) return found;
    tb_raise_error(&tb_error_value, "%V is not in the %T", item, lst);
    return INT64_MIN;
}

int64_t tb_collections_count(tb_value lst, tb_value item)
{
    tb_list *list = as_list(lst);
    return list ? tb_list_count(list, item) : INT64_MIN;
}

tb_list *tb_collections_sort(tb_list *lst, int reverse, tb_value key)
{
    return tb_list_sort(lst, key, reverse) < 0 ? NULL : lst;
}

tb_list *tb_collections_reverse(tb_list *lst)
{
    tb_list_reverse(lst);
    return lst;
}

// --------------------------------------------------------------------------------- zip, enumerate

// One item from each; 1, 0 at the end of the shortest, -1: raised.
static int next_row(tb_iter *iterators, int64_t count, tb_value *row)
{
    for (int64_t i = 0; i < count; i++) {
        int got = tb_iter_next(&iterators[i], &row[i]);
        if (got != 1) return got;
    }
    return 1;
}

static tb_list *zip_into(tb_list *rows, tb_iter *iterators, int64_t count, tb_value *row)
{
    int got;
    while ((got = next_row(iterators, count, row)) == 1) {
        tb_value tuple = tb_tuple_from(count, row);
        if (tuple == TB_PENDING || tb_list_push(rows, tuple) < 0) return NULL;
    }
    return got < 0 ? NULL : rows;
}

tb_list *tb_collections_zip(int64_t count, const tb_value *lists)
{
    tb_list *rows = tb_list_new(0);
    if (!rows || count == 0) return rows;
    size_t iterators_size, row_size;
    if (tb_size_mul((size_t)count, sizeof(tb_iter), 0, &iterators_size) < 0) return NULL;
    if (tb_size_mul((size_t)count, sizeof(tb_value), 0, &row_size) < 0) return NULL;
    tb_iter *iterators = tb_alloc(iterators_size);
    tb_value *row = iterators ? tb_alloc(row_size) : NULL;
    if (!row) return NULL;
    for (int64_t i = 0; i < count; i++)
        if (tb_iter_start(&iterators[i], lists[i]) < 0) return NULL;
    return zip_into(rows, iterators, count, row);
}

tb_list *tb_collections_enumerate(tb_value lst, int64_t start)
{
    tb_iter it;
    tb_value item;
    tb_list *rows = tb_list_new(tb_iter_hint(lst));
    if (!rows || tb_iter_start(&it, lst) < 0) return NULL;
    tb_value number = tb_int_from(start);
    int got;
    while (number != TB_PENDING && (got = tb_iter_next(&it, &item)) != 0) {
        tb_value pair = got < 0 ? TB_PENDING : tb_tuple_pair(number, item);
        if (pair == TB_PENDING || tb_list_push(rows, pair) < 0) return NULL;
        number = tb_int_add(number, TB_INT62(1));
    }
    return number == TB_PENDING ? NULL : rows;
}

// --------------------------------------------------------------------------------- dicts and sets

tb_list *tb_collections_keys(tb_dict *d)
{
    return tb_dict_keys(d);
}

tb_list *tb_collections_values(tb_dict *d)
{
    return tb_dict_values(d);
}

tb_value tb_collections_get(tb_dict *d, tb_value key, tb_value default_)
{
    tb_value found = tb_dict_find(d, key);
    if (TB_UNLIKELY(found == TB_PENDING)) return tb_raise_key(TB_PLACE("get", "key"), key);
    if (found != TB_MISSING) return found;
    if (TB_IS_STR(key) || !tb_table_has_texts(&d->table)) return default_;
    tb_value text = tb_to_str(key);
    if (text == TB_PENDING) return TB_PENDING;
    found = tb_dict_find(d, text);
    return found == TB_MISSING ? default_ : found;
}

tb_dict *tb_collections_put(tb_dict *d, tb_value key, tb_value value)
{
    if (tb_dict_put(d, key, value) == 0) return d;
    tb_raise_key(TB_PLACE("put", "key"), key);
    return NULL;
}

tb_value tb_collections_setdefault(tb_dict *d, tb_value key, tb_value default_)
{
    tb_value value = tb_dict_setdefault(d, key, default_);
    return value == TB_PENDING ? tb_raise_key(TB_PLACE("setdefault", "key"), key) : value;
}

int tb_collections_has_key(tb_dict *d, tb_value key)
{
    int has = tb_dict_has(d, key);
    if (TB_UNLIKELY(has < 0)) tb_raise_key(TB_PLACE("has_key", "key"), key);
    return has;
}

tb_dict *tb_collections_update(tb_dict *d, tb_value other)
{
    return tb_dict_update(d, other) < 0 ? NULL : d;
}

tb_set *tb_collections_update_set(tb_set *s, tb_value other)
{
    return tb_set_update(s, other) < 0 ? NULL : s;
}

tb_set *tb_collections_add(tb_set *s, tb_value item)
{
    if (tb_set_add(s, item) >= 0) return s;
    tb_raise_key(TB_PLACE("add", "item"), item);
    return NULL;
}

tb_set *tb_collections_discard(tb_set *s, tb_value item)
{
    if (tb_set_discard(s, item) >= 0) return s;
    tb_raise_key(TB_PLACE("discard", "item"), item);
    return NULL;
}
