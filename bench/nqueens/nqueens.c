#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static long place(int row, int n, bool *columns, bool *rising, bool *falling)
{
    if (row == n)
        return 1;
    long found = 0;
    for (int column = 0; column < n; column++) {
        if (columns[column] || rising[row + column] || falling[row - column + n - 1])
            continue;
        columns[column] = rising[row + column] = falling[row - column + n - 1] = true;
        found += place(row + 1, n, columns, rising, falling);
        columns[column] = rising[row + column] = falling[row - column + n - 1] = false;
    }
    return found;
}

static long queens(int n)
{
    size_t size = (size_t)n;
    bool *columns = calloc(size, 1), *rising = calloc(2 * size, 1), *falling = calloc(2 * size, 1);
    long found = place(0, n, columns, rising, falling);
    free(columns);
    free(rising);
    free(falling);
    return found;
}

int main(void)
{
    for (int n = 4; n < 12; n++)
        printf("%d %ld\n", n, queens(n));
    return 0;
}
