// Native half of stdlib/random.tb, and the random functions of stdlib/math.tb. See random.h.
#include "random.h"

#include "build/stdlib/math.h"
#include "build/stdlib/random.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

// -------------------------------------------------------------------------------------- generator

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t tb_random_next(uint64_t s[4])
{
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double tb_random_unit(uint64_t state[4])
{
    return (double)(tb_random_next(state) >> 11) * 0x1p-53;
}

// splitmix64: spreads a seed over the state.
static uint64_t spread(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint64_t seed_of_system(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) == (ssize_t)sizeof seed) return seed;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec;
}

// A number for the source form of [v], and not by tb_hash, which differs from run to run. 0, or -1.
static int number_of(tb_value v, uint64_t *out)
{
    tb_value text = tb_repr(v);
    if (text == TB_PENDING) return -1;
    *out = 0xCBF29CE484222325u; // FNV-1a
    for (int64_t i = 0; i < TB_AS_STR(text)->size; i++)
        *out = (*out ^ (unsigned char)TB_AS_STR(text)->data[i]) * 0x100000001B3u;
    return 0;
}

int tb_random_seed(uint64_t state[4], tb_value seed)
{
    uint64_t number;
    if (seed == TB_NONE_VALUE)
        number = seed_of_system();
    else if (number_of(seed, &number) < 0)
        return -1;
    for (int i = 0; i < 4; i++)
        state[i] = spread(&number);
    return 0;
}

uint64_t *tb_random_shared(void)
{
    uint64_t *s = tb_rt.random;
    if (!(s[0] | s[1] | s[2] | s[3])) tb_random_seed(s, TB_NONE_VALUE);
    return s;
}

// ----------------------------------------------------------------------------------- whole numbers

// A number from 0 to [last]. Those from the incomplete last stretch are dropped, so that all are
// equally likely.
static uint64_t below(uint64_t state[4], uint64_t last)
{
    if (last == UINT64_MAX) return tb_random_next(state);
    uint64_t limit = UINT64_MAX - UINT64_MAX % (last + 1);
    uint64_t number = tb_random_next(state);
    while (number >= limit)
        number = tb_random_next(state);
    return number % (last + 1);
}

tb_value tb_random_bits(uint64_t state[4], int64_t count)
{
    tb_value result = TB_INT62(0);
    for (; count > 0 && result != TB_PENDING; count -= 32) {
        int width = count < 32 ? (int)count : 32;
        tb_value bits = TB_INT62(tb_random_next(state) >> (64 - width));
        result = tb_int_shl(result, TB_INT62(width));
        if (result != TB_PENDING) result = tb_int_or(result, bits);
    }
    return result;
}

// For spans beyond 64 bits: as many bits as the span has, until they fit.
static tb_value between_large(uint64_t state[4], tb_value low, tb_value span)
{
    int64_t width = tb_int_bit_length(span);
    for (;;) {
        tb_value number = tb_random_bits(state, width);
        if (number == TB_PENDING) return number;
        if (tb_int_compare(number, span) <= 0) return tb_int_add(low, number);
    }
}

tb_value tb_random_between(uint64_t state[4], tb_value low, tb_value high)
{
    int64_t from, to;
    if (tb_int_compare(low, high) > 0)
        return tb_raise_error(&tb_error_value, "no whole number lies between %V and %V", low, high);
    if (!tb_int_to(low, &from) || !tb_int_to(high, &to)) {
        tb_value span = tb_int_sub(high, low);
        return span == TB_PENDING ? span : between_large(state, low, span);
    }
    uint64_t span = (uint64_t)to - (uint64_t)from;
    return tb_int_from((int64_t)((uint64_t)from + below(state, span)));
}

// ------------------------------------------------------------------------------ functions of
// `math`

double tb_math_random(void)
{
    return tb_random_unit(tb_random_shared());
}

tb_value tb_math_randint(tb_value a, tb_value b)
{
    return tb_random_between(tb_random_shared(), a, b);
}

int tb_math_seed(tb_value s)
{
    return tb_random_seed(tb_rt.random, s);
}

// ---------------------------------------------------------------------------- functions of
// `random`

// The state of a generator as a value.
typedef struct State {
    tb_class *cls;
    uint64_t words[4];
} State;

static tb_class tb_class_random_state = {
    .cls = &tb_class_class, .name = "RandomState", .kind = TB_NATIVE};

tb_value tb_random_state(tb_value seed)
{
    State *state = tb_alloc_plain(sizeof *state);
    if (state == NULL || tb_random_seed(state->words, seed) < 0) return TB_PENDING;
    state->cls = &tb_class_random_state;
    return TB_OBJECT(state);
}

// The words of a state; None stands for the program's own generator.
static uint64_t *words_of(tb_value state)
{
    return TB_IS(state, &tb_class_random_state) ? TB_PTR(State, state)->words : tb_random_shared();
}

double tb_random_float(tb_value state)
{
    return tb_random_unit(words_of(state));
}

tb_value tb_random_int(tb_value state, tb_value low, tb_value high)
{
    return tb_random_between(words_of(state), low, high);
}

tb_value tb_random_getbits(tb_value state, int64_t count)
{
    if (count >= 0) return tb_random_bits(words_of(state), count);
    return tb_raise_error(&tb_error_value, "`count` of `random_bits` must not be negative: %ld",
                          count);
}

tb_bytes *tb_random_bytes(tb_value state, int64_t count)
{
    if (count < 0) {
        tb_raise_error(&tb_error_value, "`count` of `random_bytes` must not be negative: %ld",
                       count);
        return NULL;
    }
    tb_bytes *bytes = tb_bytes_alloc(count);
    for (int64_t i = 0; bytes && i < count; i += 8) {
        uint64_t word = tb_random_next(words_of(state));
        memcpy(tb_bytes_data(bytes) + i, &word, (size_t)(count - i < 8 ? count - i : 8));
    }
    return bytes;
}
