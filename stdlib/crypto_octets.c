// What needs no OpenSSL: bytes of arguments, hexadecimal digits, random bytes.
#include "crypto.h"

#include "build/stdlib/crypto.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

tb_octets tb_octets_of(tb_value v, tb_value *kept)
{
    *kept = v;
    if (TB_IS(v, &tb_class_bytes)) return (tb_octets){TB_AS_BYTES(v)->data, TB_AS_BYTES(v)->size};
    *kept = tb_to_str(v);
    if (*kept == TB_PENDING) return (tb_octets){NULL, 0};
    return (tb_octets){(const uint8_t *)TB_AS_STR(*kept)->data, TB_AS_STR(*kept)->size};
}

tb_str *tb_crypto_hex(const uint8_t *bytes, int64_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t whole;
    if (tb_size_mul((size_t)size, 2, 0, &whole) < 0) return NULL;
    tb_str *text = tb_str_alloc((int64_t)whole, (int64_t)whole);
    if (!text) return NULL;
    char *out = tb_str_bytes(text);
    for (int64_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

int tb_crypto_random(uint8_t *out, size_t size)
{
    while (size > 0) {
        ssize_t got = getrandom(out, size, 0);
        if (got < 0 && errno == EINTR) {
            if (tb_rt.interrupted & TB_DUE && tb_interrupt() == TB_PENDING) return -1;
            continue;
        }
        if (got < 0) {
            tb_raise_error(&tb_error_io, "the system gives no random bytes: %s", strerror(errno));
            return -1;
        }
        out += got;
        size -= (size_t)got;
    }
    return 0;
}

int tb_crypto_equal(tb_octets a, tb_octets b)
{
    if (a.size != b.size) return 0;
    volatile uint8_t differences = 0; // so that no compiler ends the loop early
    for (int64_t i = 0; i < a.size; i++)
        differences |= a.bytes[i] ^ b.bytes[i];
    return differences == 0;
}

int tb_crypto_same_secret(tb_value a, tb_value b)
{
    tb_value kept_a, kept_b;
    return tb_crypto_equal(tb_octets_of(a, &kept_a), tb_octets_of(b, &kept_b));
}

// Raises ValueError for a negative count; others are given back. A pending one is passed on.
static int64_t check_count(int64_t count, tb_place place)
{
    if (count >= 0 || tb_rt.pending) return count;
    tb_raise_error(&tb_error_value, "`%s` of `%s` must not be negative: %lld", place.param,
                   place.function, (long long)count);
    return -1;
}

tb_bytes *tb_crypto_token_bytes(int64_t n)
{
    if (check_count(n, TB_PLACE("token_bytes", "n")) < 0) return NULL;
    tb_bytes *bytes = tb_bytes_alloc(n);
    if (!bytes) return NULL;
    return tb_crypto_random(tb_bytes_data(bytes), (size_t)n) < 0 ? NULL : bytes;
}

static tb_str *random_hex(int64_t size)
{
    tb_bytes *bytes = size < 0 ? NULL : tb_crypto_token_bytes(size);
    return bytes ? tb_crypto_hex(bytes->data, bytes->size) : NULL;
}

tb_str *tb_crypto_secure_random(tb_value n)
{
    tb_place place = TB_PLACE("secure_random", "n");
    return random_hex(check_count(tb_arg_whole(n, place), place));
}

tb_str *tb_crypto_generate_key(tb_value length)
{
    tb_place place = TB_PLACE("generate_key", "length");
    int64_t digits = check_count(tb_arg_whole(length, place), place);
    return random_hex(digits < 0 ? -1 : digits / 2);
}
