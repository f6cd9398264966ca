#include <stdio.h>

static int turns(double cr, double ci, int limit)
{
    double zr = 0, zi = 0;
    for (int i = 0; i < limit; i++) {
        double r2 = zr * zr, i2 = zi * zi;
        if (r2 + i2 > 4)
            return i;
        zi = 2 * zr * zi + ci;
        zr = r2 - i2 + cr;
    }
    return limit;
}

int main(void)
{
    int size = 500, inside = 0;
    long total = 0;
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            int n = turns(3.0 * x / size - 2.1, 2.4 * y / size - 1.2, 200);
            total += n;
            if (n == 200)
                inside++;
        }
    printf("%ld %d\n", total, inside);
    return 0;
}
