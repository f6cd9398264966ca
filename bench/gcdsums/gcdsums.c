#include <stdio.h>

static long divisor(long a, long b)
{
    while (b != 0) {
        long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int main(void)
{
    long n = 2000, total = 0, coprime = 0;
    for (long i = 1; i <= n; i++)
        for (long j = i + 1; j <= n; j++) {
            long d = divisor(i, j);
            total += d;
            coprime += d == 1;
        }
    printf("%ld %ld\n", total, coprime);
    return 0;
}
