#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    long n = 1000000, total = 0;
    long *squares = malloc((size_t)n * sizeof *squares);
    for (long i = 0; i < n; i++)
        squares[i] = i * i;
    for (long i = 0; i < n; i++)
        if (squares[i] % 3 == 1)
            total = (total + squares[i]) % 1000007;
    printf("%ld\n", total);

    total = 0;
    for (long i = 0; i < n; i++)
        if ((i * 2 + 1) % 5 != 0)
            total += i * 2 + 1;
    printf("%ld\n", total);

    total = 0;
    for (long i = 0; i < n; i += 2)
        total += i * squares[i] % 7;
    printf("%ld\n", total);

    long count = n / 4, kept = 0;
    char **words = malloc((size_t)count * sizeof *words), **long_ones = malloc((size_t)count * sizeof *words);
    for (long i = 0; i < count; i++) {
        char text[24];
        snprintf(text, sizeof text, "w%ld", i % 1000);
        words[i] = strdup(text);
    }
    for (long i = 0; i < count; i++)
        if (strlen(words[i]) > 3) {
            char *copy = strdup(words[i]);
            for (char *at = copy; *at; at++)
                if (*at >= 'a' && *at <= 'z')
                    *at -= 'a' - 'A';
            long_ones[kept++] = copy;
        }
    printf("%ld %s\n", kept, long_ones[kept - 1]);

    long found = 0;
    for (long i = 0; i < 200; i++) {
        long limit = 1000 + i;
        int is_any = 0, are_all = 1;
        for (long x = 0; x < limit; x++)
            is_any |= x * x % 1009 == i;
        for (long x = 0; x < limit; x++)
            are_all &= x * x >= x;
        found += is_any + are_all;
    }
    printf("%ld\n", found);

    long most = squares[0] % 9973, least = (squares[0] + 17) % 9973;
    for (long i = 1; i < n; i++) {
        if (squares[i] % 9973 > most)
            most = squares[i] % 9973;
        if ((squares[i] + 17) % 9973 < least)
            least = (squares[i] + 17) % 9973;
    }
    printf("%ld %ld\n", most, least);
    return 0;
}
