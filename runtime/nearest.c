// The distance between two names, row by row of the usual table, of which three rows suffice.
// V. I. Levenshtein 1966, F. J. Damerau 1964.
#include "nearest.h"

#include <string.h>

#define NAME_MAX_SIZE 64 // longer names are not compared

tb_nearest tb_nearest_to(const char *wanted, int64_t size)
{
    return (tb_nearest){wanted, size, (size + 1) / 3 + 1, NULL};
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// The distance between two names of at most NAME_MAX_SIZE bytes.
static int64_t distance(const char *a, int64_t a_size, const char *b, int64_t b_size)
{
    int64_t rows[3][NAME_MAX_SIZE + 1];
    int64_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (int64_t j = 0; j <= b_size; j++)
        above[j] = j;
    for (int64_t i = 1; i <= a_size; i++) {
        row[0] = i;
        for (int64_t j = 1; j <= b_size; j++) {
            int64_t edit = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(edit, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int64_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_size];
}

void tb_nearest_offer(tb_nearest *nearest, const char *name, int64_t size)
{
    if (size > NAME_MAX_SIZE || nearest->size > NAME_MAX_SIZE) return;
    int64_t far = distance(nearest->wanted, nearest->size, name, size);
    if (far >= nearest->distance) return;
    nearest->distance = far;
    nearest->name = name;
}

void tb_nearest_offer_c(tb_nearest *nearest, const char *name)
{
    tb_nearest_offer(nearest, name, (int64_t)strlen(name));
}
