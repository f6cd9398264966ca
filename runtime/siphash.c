// SipHash-1-3 as in the paper, reading the input by 64-bit little-endian words.
#include "siphash.h"

#include "error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

typedef struct State {
    uint64_t v0, v1, v2, v3;
} State;

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(State *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static inline void absorb(State *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

static uint64_t finish(State *s)
{
    s->v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

// The last word: the zero to seven bytes left over, and the size's low byte on top.
static uint64_t last_word(const uint8_t *at, int left, int64_t size)
{
    uint64_t word = (uint64_t)size << 56;
    for (int i = 0; i < left; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

uint64_t tb_siphash(const tb_hash_key *key, const void *bytes, int64_t size)
{
    State s = {key->first ^ 0x736f6d6570736575u, key->second ^ 0x646f72616e646f6du,
               key->first ^ 0x6c7967656e657261u, key->second ^ 0x7465646279746573u};
    const uint8_t *at = bytes;
    for (int64_t left = size; left >= 8; left -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        absorb(&s, word);
    }
    absorb(&s, last_word(at, (int)(size & 7), size));
    return finish(&s);
}

// SplitMix64 (S. Vigna): spreads a small seed over all bits.
static uint64_t spread(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

tb_hash_key tb_hash_key_make(void)
{
    tb_hash_key key;
    const char *text = getenv("TOMBO_HASH_SEED");
    if (text == NULL && getrandom(&key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key)
        return key;
    // Early at boot there may be no entropy yet; a hash table is no reason to wait for it.
    struct timespec now = {0, 0};
    if (text == NULL) clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t seed =
        text != NULL ? strtoull(text, NULL, 10) : (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&key;
    key.first = spread(&seed);
    key.second = spread(&seed);
    return key;
}

const tb_hash_key *tb_hash_secret(void)
{
    tb_hash_key *key = &tb_rt.hash_key;
    if (TB_UNLIKELY(key->first == 0)) {
        *key = tb_hash_key_make();
        key->first |= 1; // 0 means: not made yet
    }
    return key;
}
