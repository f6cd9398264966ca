// Random numbers: xoshiro256** of D. Blackman and S. Vigna ("Scrambled linear pseudorandom number
// generators", 2018), seeded through splitmix64. Not for secrets; those are the business of
// `crypto`.
#ifndef STDLIB_RANDOM_H
#define STDLIB_RANDOM_H

#include "native.h"

// The state of a generator, four words of which one at least is not 0.

// The program's own generator, which is seeded when it is first used.
uint64_t *tb_random_shared(void);

// Starts a generator: the same seed, by value, gives the same numbers; None takes chance. 0, or -1:
// raised.
int tb_random_seed(uint64_t state[4], tb_value seed);

// The next 64 random bits.
uint64_t tb_random_next(uint64_t state[4]);

// A Float in [0, 1), one of 2^53.
double tb_random_unit(uint64_t state[4]);

// A whole number from [low] to [high], both included, all equally likely. TB_PENDING: ValueError
// when there is none, or MemoryError.
tb_value tb_random_between(uint64_t state[4], tb_value low, tb_value high);

// An Int of [count] random bits. TB_PENDING: MemoryError.
tb_value tb_random_bits(uint64_t state[4], int64_t count);

#endif
