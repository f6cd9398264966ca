// Digests and keyed digests: one row each over OpenSSL's EVP.
#include "crypto.h"

#include "build/stdlib/crypto.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

tb_value tb_crypto_fail(const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    return tb_raise_error(&tb_error_memory, "%s: %s", what, reason ? reason : "OpenSSL failed");
}

static tb_str *digest(tb_value data, const EVP_MD *kind)
{
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned size;
    tb_value kept;
    tb_octets octets = tb_octets_of(data, &kept);
    if (!octets.bytes) return NULL;
    if (EVP_Digest(octets.bytes, (size_t)octets.size, out, &size, kind, NULL) == 1)
        return tb_crypto_hex(out, size);
    tb_crypto_fail("no digest");
    return NULL;
}

tb_str *tb_crypto_md5(tb_value data)
{
    return digest(data, EVP_md5());
}

tb_str *tb_crypto_sha1(tb_value data)
{
    return digest(data, EVP_sha1());
}

tb_str *tb_crypto_sha256(tb_value data)
{
    return digest(data, EVP_sha256());
}

tb_str *tb_crypto_sha512(tb_value data)
{
    return digest(data, EVP_sha512());
}

tb_str *tb_crypto_sha3_256(tb_value data)
{
    return digest(data, EVP_sha3_256());
}

tb_str *tb_crypto_sha3_512(tb_value data)
{
    return digest(data, EVP_sha3_512());
}

tb_str *tb_crypto_blake2(tb_value data)
{
    return digest(data, EVP_blake2b512());
}

static tb_str *keyed_digest(tb_value data, tb_value key, const EVP_MD *kind)
{
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned size;
    tb_value kept_data, kept_key;
    tb_octets text = tb_octets_of(data, &kept_data);
    tb_octets secret = text.bytes ? tb_octets_of(key, &kept_key) : text;
    if (!secret.bytes) return NULL;
    if (secret.size > INT_MAX) {
        tb_raise_error(&tb_error_value, "the key has more than %d bytes", INT_MAX);
        return NULL;
    }
    if (HMAC(kind, secret.bytes, (int)secret.size, text.bytes, (size_t)text.size, out, &size))
        return tb_crypto_hex(out, size);
    tb_crypto_fail("no digest");
    return NULL;
}

tb_str *tb_crypto_hmac_sha256(tb_value data, tb_value key)
{
    return keyed_digest(data, key, EVP_sha256());
}

tb_str *tb_crypto_hmac_sha512(tb_value data, tb_value key)
{
    return keyed_digest(data, key, EVP_sha512());
}
