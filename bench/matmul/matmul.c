#include <stdio.h>
#include <stdlib.h>

static double **new_matrix(int n, int m)
{
    double **rows = malloc((size_t)n * sizeof *rows);
    for (int i = 0; i < n; i++)
        rows[i] = malloc((size_t)m * sizeof **rows);
    return rows;
}

static double **matrix(int n, double seed)
{
    double **rows = new_matrix(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            rows[i][j] = seed * (i - j) * (i + j) / n / n;
    return rows;
}

static double **multiply(double **a, double **b, int n)
{
    double **product = new_matrix(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += a[i][k] * b[k][j];
            product[i][j] = sum;
        }
    return product;
}

int main(void)
{
    int n = 300;
    double **c = multiply(matrix(n, 1), matrix(n, 2), n);
    printf("%.6f %.6f\n", c[n / 2][n / 2], c[0][n - 1]);
    return 0;
}
