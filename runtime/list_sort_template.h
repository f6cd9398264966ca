// A stable merge sort for one type of items; list_sort.c includes this once for each.
//
//     SORT_NAME(x)           the name of function x for this type
//     SORT_ITEM              the type
//     SORT_LESS(order, a, b) whether a stands before b: 1 or 0, or -1 when that raised
//
// Runs that are there already are found and merged in the order of "powersort" (J. I. Munro, S.
// Wild, "Nearly- optimal mergesorts", 2018), which CPython uses too: sorted and reversed input
// takes n-1 comparisons. When a comparison fails the items are left as a permutation: none is ever
// held in the temporary memory alone.

// Sorts items from … to-1, of which those before [done] are in order already, by binary insertion.
static int SORT_NAME(insert)(const Order *order, SORT_ITEM *items, int64_t from, int64_t done,
                             int64_t to)
{
    for (int64_t i = done; i < to; i++) {
        int64_t low = from;
        int64_t high = i;
        while (low < high) {
            int64_t middle = low + (high - low) / 2;
            int less = SORT_LESS(order, items[i], items[middle]);
            if (less < 0) return -1;
            high = less ? middle : high; // no branch: nobody could predict it
            low = less ? low : middle + 1;
        }
        SORT_ITEM item = items[i];
        memmove(items + low + 1, items + low, (size_t)(i - low) * sizeof item);
        items[low] = item;
    }
    return 0;
}

static void SORT_NAME(reverse)(SORT_ITEM *items, int64_t from, int64_t to)
{
    for (to--; from < to; from++, to--) {
        SORT_ITEM item = items[from];
        items[from] = items[to];
        items[to] = item;
    }
}

// The end of the run that begins at [from]: items that rise, or that strictly fall, which are
// turned round. A short run is sorted up to RUN_MIN items. -1: a comparison raised.
static int64_t SORT_NAME(run)(const Order *order, SORT_ITEM *items, int64_t from, int64_t count)
{
    int64_t end = from + 1;
    if (end == count) return end;
    int falls = SORT_LESS(order, items[end], items[from]);
    for (end++; falls >= 0 && end < count; end++) {
        int less = SORT_LESS(order, items[end], items[end - 1]);
        if (less < 0) return -1;
        if (less != falls) break;
    }
    if (falls < 0) return -1;
    if (falls) SORT_NAME(reverse)(items, from, end);
    int64_t enough = count - from < RUN_MIN ? count : from + RUN_MIN;
    if (end >= enough) return end;
    return SORT_NAME(insert)(order, items, from, end, enough) < 0 ? -1 : enough;
}

// Merges the runs from … middle-1 and middle … to-1. [space] has room for the first.
static int SORT_NAME(merge)(const Order *order, SORT_ITEM *items, SORT_ITEM *space, int64_t from,
                            int64_t middle, int64_t to)
{
    int less = SORT_LESS(order, items[middle], items[middle - 1]);
    if (less <= 0) return less; // in order as they are
    int64_t count = middle - from;
    memcpy(space, items + from, (size_t)count * sizeof *items);
    int64_t left = 0;
    int64_t right = middle;
    int64_t out = from;
    while (left < count && right < to) {
        less = SORT_LESS(order, items[right], space[left]);
        if (less < 0) break;
        const SORT_ITEM *next = less ? items + right : space + left; // no branch here either
        items[out++] = *next;
        right += less;
        left += !less;
    }
    memcpy(items + out, space + left, (size_t)(count - left) * sizeof *items);
    return less < 0 ? -1 : 0;
}

// Sorts [count] items. 0, or -1: a comparison raised, or no memory for the space merging needs.
static int SORT_NAME(sort)(const Order *order, SORT_ITEM *items, int64_t count, int is_plain)
{
    Run runs[RUNS_MAX];
    int depth = 0;
    SORT_ITEM *space = NULL;
    for (int64_t from = 0, end; from < count; from = end) {
        end = SORT_NAME(run)(order, items, from, count);
        if (end < 0) return -1;
        if (end - from == count) return 0;
        if (!space && !(space = sort_space(count, sizeof *items, is_plain))) return -1;
        int power = depth > 0 ? run_power(runs[depth - 1].from, from, end, count) : 0;
        while (depth > 1 && runs[depth - 2].power > power) {
            depth--;
            if (SORT_NAME(merge)(order, items, space, runs[depth - 1].from, runs[depth].from,
                                 from) < 0)
                return -1;
        }
        if (depth > 0) runs[depth - 1].power = power;
        runs[depth++] = (Run){from, 0};
    }
    for (; depth > 1; depth--)
        if (SORT_NAME(merge)(order, items, space, runs[depth - 2].from, runs[depth - 1].from,
                             count) < 0)
            return -1;
    tb_free(space);
    return 0;
}

#undef SORT_NAME
#undef SORT_ITEM
#undef SORT_LESS
