// Equality and order of any values.
//
// `equal_shallow` decides for everything but two containers of one type and size. Those are gone
// through by a *walk*: a stack of pairs of containers, each with the position reached. The same
// walk serves order, where it stops at the first two items that differ: lists nested a million deep
// are thus compared in one pass, with no recursion.
//
// A walk that has entered MET_AFTER pairs begins to note them. Meeting a noted pair again it goes
// on as if the two were equal. That is sound: had any difference been found, the walk would be
// over, so a pair met before is either known to be equal or still being compared, and then the
// items that remain decide. It makes data that contains itself finite, and data whose parts are
// shared many times linear.
#include "compare.h"

#include "bytes.h"
#include "dict.h"
#include "error.h"
#include "float.h"
#include "frames.h"
#include "func.h"
#include "int.h"
#include "list.h"
#include "object.h"
#include "pairmap.h"
#include "range.h"
#include "set.h"
#include "str.h"
#include "tuple.h"

#include <string.h>

#define FRAMES_INLINE 8     // depth that needs no block
#define MET_AFTER     10000 // pairs of containers entered before they are noted

// Results of a comparison for equality, besides 0 and 1.
enum { RAISED = -1, NESTED = 2 };

// Results of a comparison for order, besides -1, 0 and 1.
enum { UNORDERED = 2, ORDER_RAISED = -2 };

// ----------------------------------------------------------------------------------------- numbers

static int is_number(tb_kind kind)
{
    return kind == TB_INT || kind == TB_FLOAT || kind == TB_BOOL;
}

static tb_value bool_to_int(tb_value v)
{
    return v == TB_TRUE ? TB_INT62(1) : v == TB_FALSE ? TB_INT62(0) : v;
}

static int compare_doubles(double a, double b)
{
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
}

// The result of comparing the other way round.
static int reversed(int order)
{
    return order == -1 || order == 1 ? -order : order;
}

int tb_number_compare(tb_value a, tb_value b)
{
    a = bool_to_int(a);
    b = bool_to_int(b);
    if (TB_IS_FLOAT(a) && TB_IS_FLOAT(b)) return compare_doubles(tb_float_get(a), tb_float_get(b));
    if (TB_IS_FLOAT(a)) return reversed(tb_int_compare_double(b, tb_float_get(a)));
    if (TB_IS_FLOAT(b)) return tb_int_compare_double(a, tb_float_get(b));
    return tb_int_compare(a, b);
}

// -------------------------------------------------------------------------------- shallow equality

// Whether two lists of the same raw kind and length hold the same items.
static int equal_raw(const tb_list *xs, const tb_list *ys)
{
    if (xs->kind == TB_ITEMS_INT)
        return memcmp(xs->as.ints, ys->as.ints, (size_t)xs->count * sizeof(int64_t)) == 0;
    if (xs->kind == TB_ITEMS_BOOL)
        return memcmp(xs->as.bools, ys->as.bools, (size_t)xs->count) == 0;
    for (int64_t i = 0; i < xs->count; i++) {
        const double *x = &xs->as.floats[i];
        const double *y = &ys->as.floats[i];
        if (*x != *y && memcmp(x, y, sizeof *x) != 0) // the same NaN is the same item
            return 0;
    }
    return 1;
}

static int equal_lists(const tb_list *xs, const tb_list *ys)
{
    if (xs == ys) return 1;
    if (xs->count != ys->count) return 0;
    if (xs->count == 0) return 1;
    return xs->kind == ys->kind && xs->kind != TB_ITEMS_BOXED ? equal_raw(xs, ys) : NESTED;
}

// Most tuples have only Ints and texts, which tell at once.
static int equal_tuples(const tb_tuple *a, const tb_tuple *b)
{
    if (a == b) return 1;
    if (a->count != b->count) return 0;
    for (int64_t i = 0; i < a->count; i++) {
        tb_value x = a->items[i], y = b->items[i];
        if (x == y) continue;
        if (TB_ARE_INT62(x, y)) return 0;
        if (!TB_IS_STR(x) || !TB_IS_STR(y)) return NESTED;
        if (!tb_str_equal(TB_AS_STR(x), TB_AS_STR(y))) return 0;
    }
    return 1;
}

static int equal_dicts(const tb_dict *a, const tb_dict *b)
{
    return a == b ? 1 : tb_dict_count(a) == tb_dict_count(b) ? NESTED : 0;
}

// At the prompt each entry has its own object for a function of the library.
static int is_same_library_function(tb_value a, tb_value b)
{
    if (!TB_IS(a, &tb_class_function) || !TB_IS(b, &tb_class_function)) return 0;
    const tb_fn_info *x = TB_AS_FN(a)->info, *y = TB_AS_FN(b)->info;
    return x->flags & y->flags & TB_FN_LIBRARY && x->line == y->line && *x->name &&
           !strcmp(x->name, y->name) && !strcmp(x->file, y->file);
}

// Functions are equal when they are the same; so are two of one method bound to one object.
static int equal_functions(tb_value a, tb_value b)
{
    if (is_same_library_function(a, b)) return 1;
    if (a == b || !TB_IS(a, &tb_class_bound) || !TB_IS(b, &tb_class_bound)) return a == b;
    const tb_bound *x = TB_PTR(tb_bound, a);
    const tb_bound *y = TB_PTR(tb_bound, b);
    return x->target == y->target && x->self == y->self;
}

static int has_own_class(tb_kind kind)
{
    return kind == TB_INSTANCE || kind == TB_NATIVE;
}

// For a pair with at least one object of a class of its own: `equals` of the left one, or of the
// right one.
static int equal_objects(tb_value a, tb_value b)
{
    tb_fn *equals = tb_special_of(a, TB_SPECIAL_EQUALS);
    if (!equals) {
        equals = tb_special_of(b, TB_SPECIAL_EQUALS);
        tb_value left = a;
        a = b;
        b = left;
    }
    if (!equals) return a == b;
    tb_value result = tb_call_method_fn(equals, a, 1, &b);
    return result == TB_PENDING ? RAISED : tb_truth(result);
}

// Whether two values are equal: 1, 0, RAISED, or NESTED: their contents decide.
static int equal_shallow(tb_value a, tb_value b)
{
    tb_kind kind = TB_KIND(a);
    tb_kind other = TB_KIND(b);
    if (is_number(kind) && is_number(other)) return tb_number_compare(a, b) == 0;
    if (has_own_class(kind) || has_own_class(other)) return equal_objects(a, b);
    if (kind != other) return 0;
    switch (kind) {
    case TB_STRING:
        return tb_str_equal(TB_AS_STR(a), TB_AS_STR(b));
    case TB_BYTES:
        return tb_bytes_equal(TB_AS_BYTES(a), TB_AS_BYTES(b));
    case TB_LIST:
        return equal_lists(TB_AS_LIST(a), TB_AS_LIST(b));
    case TB_TUPLE:
        return equal_tuples(TB_AS_TUPLE(a), TB_AS_TUPLE(b));
    case TB_DICT:
        return equal_dicts(TB_AS_DICT(a), TB_AS_DICT(b));
    case TB_SET:
        return tb_set_equal(TB_AS_SET(a), TB_AS_SET(b));
    case TB_RANGE:
        return tb_range_equal(TB_AS_RANGE(a), TB_AS_RANGE(b));
    case TB_FUNCTION:
        return equal_functions(a, b);
    default:
        return a == b;
    }
}

// ------------------------------------------------------------------------------------------- walks

// Two containers of one type, and the position of the items to be compared next.
typedef struct Frame {
    tb_value a;
    tb_value b;
    int64_t position;
} Frame;

typedef struct Walk {
    Frame *frames;
    int64_t depth;
    int64_t capacity;
    int64_t entered; // pairs of containers so far
    tb_pairmap met;
    int is_for_order; // lists and tuples of any length are entered, nothing else is
    tb_value a, b;    // what was found to differ: two items; both TB_PENDING: two lengths
    int by_length;    // and how: -1 or 1
    Frame first[FRAMES_INLINE];
} Walk;

static void walk_begin(Walk *walk, int is_for_order)
{
    walk->frames = walk->first;
    walk->depth = 0;
    walk->capacity = FRAMES_INLINE;
    walk->entered = 0;
    walk->met = (tb_pairmap){0, 0, NULL};
    walk->is_for_order = is_for_order;
    walk->by_length = 0;
}

static void walk_end(Walk *walk)
{
    tb_pairmap_free(&walk->met);
    tb_frames_free(walk->frames, walk->first);
}

static int walk_grow(Walk *walk)
{
    Frame *frames = tb_frames_grow(walk->frames, walk->first, &walk->capacity, sizeof *frames);
    if (!frames) return -1;
    walk->frames = frames;
    return 0;
}

// Puts a pair of containers on the stack, unless it was met before. 0 or RAISED.
static int walk_enter(Walk *walk, tb_value a, tb_value b)
{
    if (++walk->entered > MET_AFTER) {
        if (tb_pairmap_get(&walk->met, a, b) != 0) return 0;
        if (tb_pairmap_put(&walk->met, a, b, TB_NONE_VALUE) < 0) return RAISED;
    }
    if (walk->depth == walk->capacity && walk_grow(walk) < 0) return RAISED;
    walk->frames[walk->depth++] = (Frame){a, b, 0};
    return 0;
}

// What `next_pair` and its helpers return.
enum { PAIR = 1, END = 0, DIFFER = 2 /* by length or by key; RAISED too */ };

// The end of two sequences of which one was gone through.
static int end_of_sequences(Walk *walk, int64_t count, int64_t other)
{
    walk->by_length = count < other ? -1 : count > other ? 1 : 0;
    return walk->by_length ? DIFFER : END;
}

static int next_of_lists(Walk *walk, Frame *frame, tb_value *a, tb_value *b)
{
    const tb_list *xs = TB_AS_LIST(frame->a);
    const tb_list *ys = TB_AS_LIST(frame->b);
    int64_t at = frame->position++;
    if (at >= xs->count || at >= ys->count) return end_of_sequences(walk, xs->count, ys->count);
    *a = tb_list_at(xs, at);
    if (*a == TB_PENDING) return RAISED;
    *b = tb_list_at(ys, at);
    return *b == TB_PENDING ? RAISED : PAIR;
}

static int next_of_tuples(Walk *walk, Frame *frame, tb_value *a, tb_value *b)
{
    const tb_tuple *x = TB_AS_TUPLE(frame->a);
    const tb_tuple *y = TB_AS_TUPLE(frame->b);
    int64_t at = frame->position++;
    if (at >= x->count || at >= y->count) return end_of_sequences(walk, x->count, y->count);
    *a = x->items[at];
    *b = y->items[at];
    return PAIR;
}

static int next_of_dicts(Frame *frame, tb_value *a, tb_value *b)
{
    const tb_table *table = &TB_AS_DICT(frame->a)->table;
    tb_table *other = &TB_AS_DICT(frame->b)->table;
    int64_t at = tb_table_next(table, frame->position);
    if (at < 0) return END;
    frame->position = at + 1;
    tb_entry entry = table->entries[at];
    int64_t found = tb_table_find_hashed(other, entry.key, tb_table_hash(table, at));
    if (found < 0) return found == -1 ? DIFFER : RAISED;
    *a = entry.value;
    *b = other->entries[found].value;
    return PAIR;
}

// The next two items to compare: PAIR, END, DIFFER or RAISED.
static int next_pair(Walk *walk, tb_value *a, tb_value *b)
{
    Frame *frame = &walk->frames[walk->depth - 1];
    if (TB_IS_LIST(frame->a)) return next_of_lists(walk, frame, a, b);
    if (TB_IS_TUPLE(frame->a)) return next_of_tuples(walk, frame, a, b);
    return next_of_dicts(frame, a, b);
}

static int are_sequences(tb_value a, tb_value b)
{
    return (TB_IS_LIST(a) && TB_IS_LIST(b)) || (TB_IS_TUPLE(a) && TB_IS_TUPLE(b));
}

// Compares two items of containers: 1, 0, RAISED or NESTED.
static int compare_items(const Walk *walk, tb_value a, tb_value b)
{
    if (a == b) return 1;
    if (!walk->is_for_order) return equal_shallow(a, b);
    return are_sequences(a, b) ? NESTED : tb_equal(a, b);
}

// Goes through two containers until something differs: 1 nothing does, 0 (the difference is in
// `walk`), RAISED.
static int walk_run(Walk *walk, tb_value a, tb_value b)
{
    if (walk_enter(walk, a, b) < 0) return RAISED;
    while (walk->depth > 0) {
        walk->a = walk->b = TB_PENDING;
        int got = next_pair(walk, &a, &b);
        if (got == END) {
            walk->depth--;
            continue;
        }
        if (got != PAIR) return got == DIFFER ? 0 : RAISED;
        int equal = compare_items(walk, a, b);
        if (equal == NESTED) equal = walk_enter(walk, a, b) < 0 ? RAISED : 1;
        if (equal != 1) {
            walk->a = a;
            walk->b = b;
            return equal;
        }
    }
    return 1;
}

int tb_equal(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return a == b;
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_equal(TB_AS_STR(a), TB_AS_STR(b));
    if (b == TB_NONE_VALUE && !tb_special_of(a, TB_SPECIAL_EQUALS)) return a == b;
    int equal = equal_shallow(a, b);
    if (equal != NESTED) return equal;
    Walk walk;
    walk_begin(&walk, 0);
    equal = walk_run(&walk, a, b);
    walk_end(&walk);
    return equal;
}

int tb_not_equal(tb_value a, tb_value b)
{
    int equal = tb_equal(a, b);
    return equal < 0 ? -1 : !equal;
}

int tb_same_item(tb_value a, tb_value b)
{
    return a == b ? 1 : tb_equal(a, b);
}

// ------------------------------------------------------------------------------------------- order

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

// What [compare], called on [object] with [other], says.
static int order_by_method(tb_fn *compare, tb_value object, tb_value other)
{
    tb_value result = tb_call_method_fn(compare, object, 1, &other);
    if (result == TB_PENDING) return ORDER_RAISED;
    if (is_number(TB_KIND(result))) return tb_number_compare(result, TB_INT62(0));
    tb_raise_error(&tb_error_type, "`compare` of %A returned %A, not an Int", object, result);
    return ORDER_RAISED;
}

static int order_objects(tb_value a, tb_value b, const char *symbol)
{
    tb_fn *compare = tb_special_of(a, TB_SPECIAL_COMPARE);
    if (compare) return order_by_method(compare, a, b);
    compare = tb_special_of(b, TB_SPECIAL_COMPARE);
    if (!compare) {
        tb_raise_error(&tb_error_type, "`%s` cannot compare %A and %A", symbol, a, b);
        return ORDER_RAISED;
    }
    return reversed(order_by_method(compare, b, a));
}

// How [a] stands to [b], two values that are not both lists or both tuples: -1, 0, 1, UNORDERED,
// ORDER_RAISED.
static int order_shallow(tb_value a, tb_value b, const char *symbol)
{
    tb_kind kind = TB_KIND(a);
    tb_kind other = TB_KIND(b);
    if (is_number(kind) && is_number(other)) return tb_number_compare(a, b);
    if (kind == TB_STRING && other == TB_STRING)
        return sign(tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)));
    if (kind == TB_BYTES && other == TB_BYTES)
        return sign(tb_bytes_compare(TB_AS_BYTES(a), TB_AS_BYTES(b)));
    return order_objects(a, b, symbol);
}

// How two tuples stand to each other when their first difference is one of Ints, texts or lengths;
// UNORDERED: something else comes before.
static int order_tuples(const tb_tuple *a, const tb_tuple *b)
{
    for (int64_t i = 0; i < a->count && i < b->count; i++) {
        tb_value x = a->items[i], y = b->items[i];
        if (x == y) continue;
        if (TB_ARE_INT62(x, y)) return (int64_t)x < (int64_t)y ? -1 : 1;
        if (!TB_IS_STR(x) || !TB_IS_STR(y)) return UNORDERED;
        int difference = tb_str_compare(TB_AS_STR(x), TB_AS_STR(y));
        if (difference != 0) return sign(difference);
    }
    return (a->count > b->count) - (a->count < b->count);
}

// How [a] stands to [b]; the first difference decides between lists and between tuples.
static int order(tb_value a, tb_value b, const char *symbol)
{
    if (!are_sequences(a, b)) return order_shallow(a, b, symbol);
    if (a == b) return 0;
    if (TB_IS_TUPLE(a)) {
        int quick = order_tuples(TB_AS_TUPLE(a), TB_AS_TUPLE(b));
        if (quick != UNORDERED) return quick;
    }
    Walk walk;
    walk_begin(&walk, 1);
    int equal = walk_run(&walk, a, b);
    walk_end(&walk);
    if (equal != 0) return equal < 0 ? ORDER_RAISED : 0;
    return walk.a == TB_PENDING ? walk.by_length : order_shallow(walk.a, walk.b, symbol);
}

int tb_less(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return (int64_t)a < (int64_t)b;
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)) < 0;
    int result = order(a, b, "<");
    return result == ORDER_RAISED ? -1 : result == -1;
}

int tb_less_equal(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return (int64_t)a <= (int64_t)b;
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)) <= 0;
    int result = order(a, b, "<=");
    return result == ORDER_RAISED ? -1 : result == -1 || result == 0;
}

int tb_greater(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return (int64_t)a > (int64_t)b;
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)) > 0;
    int result = order(a, b, ">");
    return result == ORDER_RAISED ? -1 : result == 1;
}

int tb_greater_equal(tb_value a, tb_value b)
{
    if (TB_ARE_INT62(a, b)) return (int64_t)a >= (int64_t)b;
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_compare(TB_AS_STR(a), TB_AS_STR(b)) >= 0;
    int result = order(a, b, ">=");
    return result == ORDER_RAISED ? -1 : result == 1 || result == 0;
}

// ---------------------------------------------------------------------------------------- identity

int tb_identical(tb_value a, tb_value b)
{
    if (a == b) return 1;
    if (TB_IS_BIG(a) && TB_IS_BIG(b)) return tb_int_equal(a, b);
    if (TB_IS_STR(a) && TB_IS_STR(b)) return tb_str_equal(TB_AS_STR(a), TB_AS_STR(b));
    // Two Floats in boxes; those in the word were compared above.
    if (TB_IS(a, &tb_class_float) && TB_IS(b, &tb_class_float))
        return tb_float_get(a) == tb_float_get(b);
    return 0;
}
