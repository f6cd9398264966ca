// SipHash-1-3: a keyed hash of bytes. With a key an attacker does not know, no input makes a dict
// slow. J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012; one round a word
// and three at the end, the variant Rust and CPython settled on for hash tables.
#ifndef TB_SIPHASH_H
#define TB_SIPHASH_H

#include "value.h"

typedef struct tb_hash_key {
    uint64_t first, second;
} tb_hash_key;

// A key for this process: random, unless the environment variable TOMBO_HASH_SEED holds a number,
// from which it is then derived (so that a run can be repeated exactly).
tb_hash_key tb_hash_key_make(void);

// The key of this process; made when it is first asked for.
const tb_hash_key *tb_hash_secret(void);

// The hash of [size] bytes.
uint64_t tb_siphash(const tb_hash_key *key, const void *bytes, int64_t size);

#endif
