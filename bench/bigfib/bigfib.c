#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void by_adding(mpz_t a, unsigned long n)
{
    mpz_t b;
    mpz_init_set_ui(b, 1);
    mpz_set_ui(a, 0);
    for (unsigned long i = 0; i < n; i++) {
        mpz_add(a, a, b);
        mpz_swap(a, b);
    }
    mpz_clear(b);
}

static void by_doubling(mpz_t a, mpz_t b, unsigned long n)
{
    if (n == 0) {
        mpz_set_ui(a, 0);
        mpz_set_ui(b, 1);
        return;
    }
    mpz_t c, d;
    mpz_inits(c, d, NULL);
    by_doubling(a, b, n / 2);
    mpz_mul_2exp(c, b, 1);
    mpz_sub(c, c, a);
    mpz_mul(c, c, a);
    mpz_mul(d, a, a);
    mpz_addmul(d, b, b);
    if (n % 2 == 0) {
        mpz_swap(a, c);
        mpz_swap(b, d);
    } else {
        mpz_add(b, c, d);
        mpz_swap(a, d);
    }
    mpz_clears(c, d, NULL);
}

int main(void)
{
    mpz_t slow, fast, next;
    mpz_inits(slow, fast, next, NULL);
    by_adding(slow, 100000);
    by_doubling(fast, next, 100000);
    char *digits = mpz_get_str(NULL, 10, slow);
    printf("%s %lu %zu\n", mpz_cmp(slow, fast) == 0 ? "true" : "false", mpz_fdiv_ui(slow, 1000000007), strlen(digits));
    by_doubling(fast, next, 2000000);
    printf("%lu\n", mpz_fdiv_ui(fast, 1000000007));
    free(digits);
    return 0;
}
