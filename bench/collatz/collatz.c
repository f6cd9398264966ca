#include <stdio.h>

static long steps(long n)
{
    long count = 0;
    for (; n != 1; count++)
        n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    return count;
}

int main(void)
{
    long best = 1, longest = 0;
    for (long start = 1; start < 500000; start++) {
        long count = steps(start);
        if (count > longest) {
            longest = count;
            best = start;
        }
    }
    printf("%ld %ld\n", best, longest);
    return 0;
}
