#include <stdio.h>
#include <stdlib.h>

typedef struct Function Function;
struct Function {
    long (*call)(Function *self, long x);
    long a, b;
    Function *f, *g;
};

static Function *function(long (*call)(Function *, long), long a, long b, Function *f, Function *g)
{
    Function *made = malloc(sizeof *made);
    *made = (Function){call, a, b, f, g};
    return made;
}

static long count(Function *self, long unused)
{
    (void)unused;
    return self->a += self->b;
}

static long composed(Function *self, long x)
{
    return self->f->call(self->f, self->g->call(self->g, x));
}

static long triple(Function *self, long x)
{
    return x * 3 + self->a;
}

static long less(Function *self, long x)
{
    return x - self->a;
}

static long square(Function *self, long x)
{
    return x * x % 7 + self->a;
}

static long add_c(Function *self, long c)
{
    return self->a * self->b + c;
}

static Function *add_b(long a, long b)
{
    return function(add_c, a, b, NULL, NULL);
}

static long accumulate(long n, Function *f)
{
    long total = 0;
    for (long i = 0; i < n; i++)
        total = (total + f->call(f, i)) % 1000003;
    return total;
}

int main(void)
{
    long n = 3000000, total = 0, sum = 0, shift = 5;
    Function *by_one = function(count, 0, 1, NULL, NULL), *by_seven = function(count, 0, 7, NULL, NULL);
    for (long i = 0; i < n; i++)
        total += by_one->call(by_one, 0) + by_seven->call(by_seven, 0);
    printf("%ld %ld\n", total, by_one->call(by_one, 0));
    Function *f = function(composed, 0, 0, function(triple, shift, 0, NULL, NULL), function(less, shift, 0, NULL, NULL));
    printf("%ld\n", accumulate(n, f));
    printf("%ld\n", accumulate(n, function(square, shift, 0, NULL, NULL)));
    for (long i = 0; i < n; i++) {
        Function *last = add_b(i, 3);
        sum += last->call(last, i % 10);
        free(last);
    }
    printf("%ld\n", sum);
    return 0;
}
