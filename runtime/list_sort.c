// Sorting lists: one merge sort (list_sort_template.h), compiled for raw Ints, raw Floats, values,
// and values with their keys.
//
// Looking into the objects behind values costs a cache miss each, which is most of the time a
// comparison takes. So where all values are small Ints or texts, or tuples that begin with one, a
// number that decides nearly every comparison, the *rank*, is kept beside each value: the Int, or
// the first eight bytes in which the texts differ.
//
// While keys are computed and values compared, code of the program may run and see the list. It
// then finds it empty: the items are detached and put back at the end, whatever happened; if the
// list got items meanwhile, that is a ValueError. Sorting in reverse turns the list round before
// and after, which keeps equal items in their order.
#include "list.h"

#include "compare.h"
#include "error.h"
#include "float.h"
#include "func.h"
#include "gc.h"
#include "str.h"
#include "tuple.h"

#include <string.h>

#define RUN_MIN  32
#define RUNS_MAX 66 // powers on the stack of runs strictly increase, and none exceeds 64

// How two values are compared; chosen once for all of them.
typedef struct Order {
    int (*less)(tb_value a, tb_value b);
} Order;

// A value, and a number that is smaller for smaller values as far as it tells them apart.
typedef struct Ranked {
    uint64_t rank;
    tb_value value;
} Ranked;

// A value and what it is compared by.
typedef struct Keyed {
    uint64_t rank; // of the key
    tb_value key;
    tb_value item;
} Keyed;

// A run that waits to be merged with the next one, and the power of the boundary between the two.
typedef struct Run {
    int64_t from;
    int power;
} Run;

// The power of the boundary between the runs a … b-1 and b … c-1 among [count] items: the number of
// the first binary digit in which the runs' midpoints, as fractions of the whole, differ.
static int run_power(int64_t a, int64_t b, int64_t c, int64_t count)
{
    int64_t left = a + b;
    int64_t right = b + c;
    int64_t whole = 2 * count;
    for (int power = 1;; power++) {
        int left_digit = 2 * left >= whole;
        int right_digit = 2 * right >= whole;
        if (left_digit != right_digit) return power;
        left = 2 * left - (left_digit ? whole : 0);
        right = 2 * right - (right_digit ? whole : 0);
    }
}

static void *sort_space(int64_t count, size_t each, int is_plain)
{
    size_t size;
    if (tb_size_mul((size_t)count, each, 0, &size) < 0) return NULL;
    return is_plain ? tb_alloc_plain(size) : tb_alloc(size);
}

#define SORT_NAME(x)           ints_##x
#define SORT_ITEM              int64_t
#define SORT_LESS(order, a, b) ((void)(order), (a) < (b))
#include "list_sort_template.h"

#define SORT_NAME(x)           floats_##x
#define SORT_ITEM              double
#define SORT_LESS(order, a, b) ((void)(order), (a) < (b))
#include "list_sort_template.h"

#define SORT_NAME(x)           values_##x
#define SORT_ITEM              tb_value
#define SORT_LESS(order, a, b) (order)->less(a, b)
#include "list_sort_template.h"

#define SORT_NAME(x) ranked_##x
#define SORT_ITEM    Ranked
#define SORT_LESS(order, a, b)                                                                     \
    ((a).rank != (b).rank ? (a).rank < (b).rank : (order)->less((a).value, (b).value))
#include "list_sort_template.h"

#define SORT_NAME(x) keyed_##x
#define SORT_ITEM    Keyed
#define SORT_LESS(order, a, b)                                                                     \
    ((a).rank != (b).rank ? (a).rank < (b).rank : (order)->less((a).key, (b).key))
#include "list_sort_template.h"

// ------------------------------------------------------------------------------- choosing an order

static int less_int62(tb_value a, tb_value b)
{
    return (int64_t)a < (int64_t)b;
}

// For values whose rank tells all there is.
static int less_never(tb_value a, tb_value b)
{
    (void)a, (void)b;
    return 0;
}

static int less_float(tb_value a, tb_value b)
{
    return tb_float_get(a) < tb_float_get(b);
}

static int less_str(tb_value a, tb_value b)
{
    return tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)) < 0;
}

enum { SEEN_INT = 1, SEEN_FLOAT = 2, SEEN_STR = 4, SEEN_OTHER = 8 };

static int sort_of(tb_value v)
{
    if (TB_IS_INT62(v)) return SEEN_INT;
    if (TB_IS_FLOAT(v)) return SEEN_FLOAT;
    return TB_IS_STR(v) ? SEEN_STR : SEEN_OTHER;
}

// The order for values of which those sorts were seen: a quick one when all are of one sort.
static Order choose_order(int seen)
{
    switch (seen) {
    case SEEN_INT:
        return (Order){less_int62};
    case SEEN_FLOAT:
        return (Order){less_float};
    case SEEN_STR:
        return (Order){less_str};
    default:
        return (Order){tb_less};
    }
}

// ------------------------------------------------------------------------------------------- ranks

// What the ranks of some values are made of.
typedef struct Ranking {
    int by;       // SEEN_INT, SEEN_STR; 0: nothing, all ranks are 0
    int64_t skip; // bytes with which all texts begin
} Ranking;

// What decides between two values first: the first item of a tuple. TB_PENDING: an empty tuple.
static tb_value head_of(tb_value v)
{
    if (!TB_IS_TUPLE(v)) return v;
    return TB_AS_TUPLE(v)->count > 0 ? TB_AS_TUPLE(v)->items[0] : TB_PENDING;
}

// How many of the first [size] bytes two texts have in common.
static int64_t common_size(const tb_str *a, const tb_str *b, int64_t size)
{
    if (size > a->size) size = a->size;
    if (size > b->size) size = b->size;
    int64_t common = 0;
    while (common < size && a->data[common] == b->data[common])
        common++;
    return common;
}

// The ranking that fits [count] values, each [stride] words behind the one before.
static Ranking choose_ranking(const tb_value *values, int64_t count, int64_t stride)
{
    Ranking ranking = {0, INT64_MAX};
    tb_value first = head_of(values[0]);
    int seen = 0, tuples = 0;
    for (int64_t i = 0; i < count; i++) {
        tb_value head = head_of(values[i * stride]);
        tuples |= TB_IS_TUPLE(values[i * stride]) ? 1 : 2;
        seen |= head == TB_PENDING ? SEEN_OTHER : sort_of(head);
        if (tuples == 3 || (seen != SEEN_INT && seen != SEEN_STR)) return (Ranking){0, 0};
        if (seen == SEEN_STR)
            ranking.skip = common_size(TB_AS_STR(first), TB_AS_STR(head), ranking.skip);
    }
    ranking.by = seen;
    return ranking;
}

// Eight bytes of a text from [skip] on as a number; zeros stand for what is not there.
static uint64_t rank_of_text(const tb_str *s, int64_t skip)
{
    uint64_t rank = 0;
    int64_t size = s->size - skip;
    memcpy(&rank, s->data + skip, size < 8 ? (size_t)size : 8);
    return __builtin_bswap64(rank);
}

static uint64_t rank_of(Ranking ranking, tb_value v)
{
    if (ranking.by == 0) return 0;
    tb_value head = head_of(v);
    if (ranking.by == SEEN_INT) return head ^ (uint64_t)1 << 63;
    return rank_of_text(TB_AS_STR(head), ranking.skip);
}

// ----------------------------------------------------------------------------------------- sorting

// Takes the items out of a list, which is then empty.
static tb_list detach(tb_list *xs)
{
    tb_list items = *xs;
    xs->count = 0;
    xs->capacity = 0;
    xs->as.data = NULL;
    return items;
}

// Puts detached items back. [result] is that of the sort; -1 also when the list was changed
// meanwhile.
static int attach(tb_list *xs, const tb_list *items, int result)
{
    int is_changed = xs->count != 0 || xs->as.data != NULL;
    *xs = *items;
    if (result < 0 || !is_changed) return result;
    tb_raise_error(&tb_error_value, "the List changed while it was being sorted");
    return -1;
}

// Sorts with ranks. The list keeps its items alive meanwhile, so the pairs are plain memory.
static int sort_ranked(const Order *order, Ranking ranking, tb_list *items)
{
    Ranked *pairs = sort_space(items->count, sizeof *pairs, 1);
    if (!pairs) return -1;
    for (int64_t i = 0; i < items->count; i++) {
        tb_value value = items->as.items[i];
        pairs[i] = (Ranked){rank_of(ranking, value), value};
    }
    int result = ranked_sort(order, pairs, items->count, 1);
    for (int64_t i = 0; i < items->count; i++)
        items->as.items[i] = pairs[i].value;
    tb_free(pairs);
    return result;
}

static int sort_values(tb_list *xs)
{
    int seen = 0;
    for (int64_t i = 0; i < xs->count; i++)
        seen |= sort_of(xs->as.items[i]);
    Order order = choose_order(seen);
    Ranking ranking = choose_ranking(xs->as.items, xs->count, 1);
    tb_list items = detach(xs);
    return attach(xs, &items,
                  ranking.by ? sort_ranked(&order, ranking, &items)
                             : values_sort(&order, items.as.items, items.count, 0));
}

// Puts every item of [items] with its key into [pairs]; returns the sorts of keys seen, or -1.
static int compute_keys(const tb_list *items, tb_value key, Keyed *pairs)
{
    int seen = 0;
    for (int64_t i = 0; i < items->count; i++) {
        pairs[i].item = tb_list_at(items, i);
        if (pairs[i].item == TB_PENDING) return -1;
        pairs[i].key = tb_call1(key, pairs[i].item);
        if (pairs[i].key == TB_PENDING) return -1;
        seen |= sort_of(pairs[i].key);
    }
    return seen;
}

// Sorts by keys that are all small Ints: the rank is the key.
static int sort_by_ints(tb_list *items, Keyed *keyed)
{
    const Order order = {less_never};
    const Ranking ranking = {SEEN_INT, 0};
    Ranked *pairs = (Ranked *)keyed; // the array shrinks in place
    for (int64_t i = 0; i < items->count; i++)
        pairs[i] = (Ranked){rank_of(ranking, keyed[i].key), keyed[i].item};
    int result = ranked_sort(&order, pairs, items->count, 0);
    for (int64_t i = 0; i < items->count; i++)
        tb_list_store(items, i, pairs[i].value);
    return result;
}

static int sort_by_values(int seen, tb_list *items, Keyed *pairs)
{
    Order order = choose_order(seen);
    Ranking ranking = choose_ranking(&pairs[0].key, items->count, sizeof *pairs / sizeof(tb_value));
    for (int64_t i = 0; i < items->count; i++)
        pairs[i].rank = rank_of(ranking, pairs[i].key);
    int result = keyed_sort(&order, pairs, items->count, 0);
    for (int64_t i = 0; i < items->count; i++)
        tb_list_store(items, i, pairs[i].item);
    return result;
}

static int sort_detached_by_key(tb_list *items, tb_value key)
{
    Keyed *pairs = sort_space(items->count, sizeof *pairs, 0);
    if (!pairs) return -1;
    int seen = compute_keys(items, key, pairs);
    if (seen < 0) return -1;
    int result = seen == SEEN_INT ? sort_by_ints(items, pairs) : sort_by_values(seen, items, pairs);
    tb_free(pairs);
    return result;
}

static int sort_by_key(tb_list *xs, tb_value key)
{
    tb_list items = detach(xs);
    return attach(xs, &items, sort_detached_by_key(&items, key));
}

static void sort_bools(tb_list *xs)
{
    int64_t trues = 0;
    for (int64_t i = 0; i < xs->count; i++)
        trues += xs->as.bools[i];
    memset(xs->as.bools, 0, (size_t)(xs->count - trues));
    memset(xs->as.bools + (xs->count - trues), 1, (size_t)trues);
}

static int sort_by_kind(tb_list *xs)
{
    const Order plain = {NULL};
    switch ((tb_items)xs->kind) {
    case TB_ITEMS_BOXED:
        return sort_values(xs);
    case TB_ITEMS_INT:
        return ints_sort(&plain, xs->as.ints, xs->count, 1);
    case TB_ITEMS_FLOAT:
        return floats_sort(&plain, xs->as.floats, xs->count, 1);
    case TB_ITEMS_BOOL:
        sort_bools(xs);
        return 0;
    }
    __builtin_unreachable();
}

int tb_list_sort(tb_list *xs, tb_value key, int reverse)
{
    if (xs->count == 0) return 0;
    if (reverse) tb_list_reverse(xs);
    int is_plain = key == TB_NONE_VALUE || key == TB_MISSING;
    int result = is_plain ? sort_by_kind(xs) : sort_by_key(xs, key);
    if (reverse) tb_list_reverse(xs);
    return result;
}
