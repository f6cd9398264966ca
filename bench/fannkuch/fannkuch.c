#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int flips(const int *order, int n)
{
    int *work = malloc((size_t)n * sizeof *work);
    memcpy(work, order, (size_t)n * sizeof *work);
    int count = 0;
    for (int first; (first = work[0]) != 0; count++)
        for (int low = 0, high = first; low < high; low++, high--) {
            int t = work[low];
            work[low] = work[high];
            work[high] = t;
        }
    free(work);
    return count;
}

static long fannkuch(int n, int *most)
{
    int *order = malloc((size_t)n * sizeof *order), *counts = calloc((size_t)n, sizeof *counts);
    long checksum = 0;
    int left = n, is_even = 1;
    for (int i = 0; i < n; i++)
        order[i] = i;
    *most = 0;
    for (;;) {
        for (; left > 1; left--)
            counts[left - 1] = left;
        int count = flips(order, n);
        if (count > *most)
            *most = count;
        checksum += is_even ? count : -count;
        is_even = !is_even;
        for (;; left++) {
            if (left == n) {
                free(order);
                free(counts);
                return checksum;
            }
            int first = order[0];
            for (int i = 0; i < left; i++)
                order[i] = order[i + 1];
            order[left] = first;
            if (--counts[left] > 0)
                break;
        }
    }
}

int main(void)
{
    int n = 9, most;
    long checksum = fannkuch(n, &most);
    printf("%ld\nPfannkuchen(%d) = %d\n", checksum, n, most);
    return 0;
}
