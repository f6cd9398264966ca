#include <gmp.h>
#include <stdio.h>
#include <string.h>

static void factorial(mpz_t product, unsigned long n)
{
    mpz_set_ui(product, 1);
    for (unsigned long i = 2; i <= n; i++)
        mpz_mul_ui(product, product, i);
}

int main(void)
{
    mpz_t f, g;
    mpz_inits(f, g, NULL);
    for (unsigned long n = 1000; n < 13000; n += 2000) {
        factorial(f, n);
        factorial(g, n - 10);
        mpz_fdiv_q(g, f, g);
        printf("%lu %lu %lu\n", n, mpz_fdiv_ui(f, 1000003), mpz_fdiv_ui(g, 1000003));
    }
    factorial(f, 10000);
    char *digits = mpz_get_str(NULL, 10, f);
    long sum = 0;
    for (char *c = digits; *c; c++)
        sum += *c - '0';
    printf("%zu %ld\n", strlen(digits), sum);
    return 0;
}
