// Encryption: AES-256-GCM, which hides a text and seals it.
//
// The text that programs see is base64 of   nonce (12 bytes) | hidden bytes | seal (16 bytes).
#include "crypto.h"

#include "build/stdlib/crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#define NONCE_SIZE 12
#define SEAL_SIZE  16
#define KEY_SIZE   32

// The key of AES: SHA-256 of what the program calls the key. 0, or -1: raised.
static int make_key(tb_value key, uint8_t out[KEY_SIZE])
{
    unsigned size;
    tb_value kept;
    tb_octets octets = tb_octets_of(key, &kept);
    if (!octets.bytes) return -1;
    if (EVP_Digest(octets.bytes, (size_t)octets.size, out, &size, EVP_sha256(), NULL) == 1)
        return 0;
    tb_crypto_fail("no key");
    return -1;
}

// Whether OpenSSL, which counts in ints, can take that much at once.
static int check_size(int64_t size)
{
    if (size <= INT_MAX - NONCE_SIZE - SEAL_SIZE) return 0;
    tb_raise_error(&tb_error_value, "more than 2 GiB cannot be encrypted at once");
    return -1;
}

// Writes nonce, hidden bytes and seal to [out]. Whether OpenSSL did everything.
static int seal(EVP_CIPHER_CTX *context, const uint8_t *key, tb_octets in, uint8_t *out)
{
    int size, rest;
    uint8_t *hidden = out + NONCE_SIZE;
    return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, out) == 1 &&
           EVP_EncryptUpdate(context, hidden, &size, in.bytes, (int)in.size) == 1 &&
           EVP_EncryptFinal_ex(context, hidden + size, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, SEAL_SIZE, hidden + in.size) == 1;
}

tb_str *tb_crypto_encrypt(tb_value data, tb_value key)
{
    uint8_t secret[KEY_SIZE];
    tb_value kept;
    tb_octets in = tb_octets_of(data, &kept);
    if (!in.bytes || check_size(in.size) < 0 || make_key(key, secret) < 0) return NULL;
    int64_t size = NONCE_SIZE + in.size + SEAL_SIZE;
    uint8_t *out = tb_alloc_plain((size_t)size);
    if (!out || tb_crypto_random(out, NONCE_SIZE) < 0) return NULL;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int done = context && seal(context, secret, in, out);
    EVP_CIPHER_CTX_free(context);
    if (!done) tb_crypto_fail("no encryption");
    tb_str *text = done ? tb_base64_encode(out, size) : NULL;
    tb_free(out);
    return text;
}

// Writes to [out] what nonce, hidden bytes and seal in [in] stand for. Whether the seal holds.
static int open_seal(EVP_CIPHER_CTX *context, const uint8_t *key, const tb_bytes *in, uint8_t *out)
{
    int size, rest, hidden_size = (int)(in->size - NONCE_SIZE - SEAL_SIZE);
    const uint8_t *hidden = in->data + NONCE_SIZE;
    uint8_t tag[SEAL_SIZE];
    memcpy(tag, hidden + hidden_size, SEAL_SIZE);
    return EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, in->data) == 1 &&
           EVP_DecryptUpdate(context, out, &size, hidden, hidden_size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, SEAL_SIZE, tag) == 1 &&
           EVP_DecryptFinal_ex(context, out + size, &rest) == 1;
}

static tb_bytes *raise_wrong(void)
{
    tb_raise_error(&tb_error_value, "this cannot be decrypted: another key, or a changed text");
    return NULL;
}

tb_bytes *tb_crypto_decrypt_bytes(tb_str *data, tb_value key)
{
    uint8_t secret[KEY_SIZE];
    tb_bytes *in = tb_base64_decode(data);
    if (!in || check_size(in->size) < 0 || make_key(key, secret) < 0) return NULL;
    if (in->size < NONCE_SIZE + SEAL_SIZE) return raise_wrong();
    tb_bytes *out = tb_bytes_alloc(in->size - NONCE_SIZE - SEAL_SIZE);
    EVP_CIPHER_CTX *context = out ? EVP_CIPHER_CTX_new() : NULL;
    if (!context) {
        if (out) tb_crypto_fail("no decryption");
        return NULL;
    }
    int is_whole = open_seal(context, secret, in, tb_bytes_data(out));
    EVP_CIPHER_CTX_free(context);
    return is_whole ? out : raise_wrong();
}

tb_str *tb_crypto_decrypt(tb_str *data, tb_value key)
{
    tb_bytes *bytes = tb_crypto_decrypt_bytes(data, key);
    return bytes ? tb_str_new_checked((const char *)bytes->data, bytes->size) : NULL;
}
