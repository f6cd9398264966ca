// Cryptography: what the parts of the library share. OpenSSL does the work; programs that use none
// of this do not link it.
#ifndef STDLIB_CRYPTO_H
#define STDLIB_CRYPTO_H

#include "native.h"

// A run of bytes that somebody else owns.
typedef struct tb_octets {
    const uint8_t *bytes; // NULL: raised
    int64_t size;
} tb_octets;

// The bytes that an argument stands for: Bytes themselves, a text's UTF-8, the text of any other
// value. The result keeps neither alive: hold on to [v], or to [kept], where the text is put.
tb_octets tb_octets_of(tb_value v, tb_value *kept);

// [size] bytes in lower-case hexadecimal digits. NULL: MemoryError.
tb_str *tb_crypto_hex(const uint8_t *bytes, int64_t size);

// Fills [out] with random bytes nobody can predict. 0, or -1: IOError.
int tb_crypto_random(uint8_t *out, size_t size);

// Whether two runs of bytes are equal; the time depends on the sizes only.
int tb_crypto_equal(tb_octets a, tb_octets b);

// The failure of an OpenSSL call that only fails for want of memory or in a crippled OpenSSL:
// MemoryError with its reason. Returns TB_PENDING.
TB_COLD tb_value tb_crypto_fail(const char *what);

// ------------------------------------------------------------------------------------------ base64

// [size] bytes in base64 with `=` at the end. NULL: MemoryError.
tb_str *tb_base64_encode(const uint8_t *bytes, int64_t size);

// The Bytes that base64 stands for; white space in it is skipped, `=` at the end may be left out,
// and `-` and `_` of the form for addresses are taken too. NULL: ValueError or MemoryError.
tb_bytes *tb_base64_decode(tb_str *text);

#endif
