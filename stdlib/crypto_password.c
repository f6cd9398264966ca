// Passwords: forms to keep, and checking them.
//
//     scrypt$15$8$1$SALT$KEY     N = 2**15, r, p; salt and key in base64
//     pbkdf2$600000$SALT$KEY     rounds of HMAC with SHA-256
//     30c952fab122c3f9…          a bare digest in hexadecimal digits
#include "crypto.h"

#include "build/stdlib/crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define SALT_SIZE 16
#define KEY_SIZE  32
#define SALT_MAX  64
#define MEMORY    (256u << 20) // that scrypt may take

// How a key is made of a password. Which numbers count depends on the kind.
typedef struct Recipe {
    int is_scrypt;
    unsigned cost; // scrypt: N is two to the power of this
    unsigned block_size;
    unsigned lanes;
    unsigned rounds; // pbkdf2
    uint8_t salt[SALT_MAX];
    int64_t salt_size;
} Recipe;

// The numbers OWASP recommends for new passwords.
static const Recipe scrypt_recipe = {.is_scrypt = 1, .cost = 15, .block_size = 8, .lanes = 1};
static const Recipe pbkdf2_recipe = {.rounds = 600000};

// The key of [password]. 0, or -1: raised.
static int derive(tb_octets password, const Recipe *recipe, uint8_t key[KEY_SIZE])
{
    const char *text = (const char *)password.bytes;
    int done;
    if (password.size > INT_MAX) {
        tb_raise_error(&tb_error_value, "the password has more than %d bytes", INT_MAX);
        return -1;
    }
    if (recipe->is_scrypt)
        done = EVP_PBE_scrypt(text, (size_t)password.size, recipe->salt, (size_t)recipe->salt_size,
                              1ull << recipe->cost, recipe->block_size, recipe->lanes, MEMORY, key,
                              KEY_SIZE);
    else
        done = PKCS5_PBKDF2_HMAC(text, (int)password.size, recipe->salt, (int)recipe->salt_size,
                                 (int)recipe->rounds, EVP_sha256(), KEY_SIZE, key);
    if (done == 1) return 0;
    tb_crypto_fail("no key from a password");
    return -1;
}

// -------------------------------------------------------------------------------------- making one

static tb_str *write_form(const Recipe *recipe, const uint8_t key[KEY_SIZE])
{
    tb_str *salt = tb_base64_encode(recipe->salt, recipe->salt_size);
    tb_str *secret = tb_base64_encode(key, KEY_SIZE);
    char form[256];
    if (!salt || !secret) return NULL;
    if (recipe->is_scrypt)
        snprintf(form, sizeof form, "scrypt$%u$%u$%u$%s$%s", recipe->cost, recipe->block_size,
                 recipe->lanes, salt->data, secret->data);
    else
        snprintf(form, sizeof form, "pbkdf2$%u$%s$%s", recipe->rounds, salt->data, secret->data);
    return tb_str_from_c(form);
}

static tb_str *slow_hash(tb_value password, Recipe recipe)
{
    uint8_t key[KEY_SIZE];
    tb_value kept;
    tb_octets octets = tb_octets_of(password, &kept);
    recipe.salt_size = SALT_SIZE;
    if (!octets.bytes || tb_crypto_random(recipe.salt, SALT_SIZE) < 0) return NULL;
    return derive(octets, &recipe, key) < 0 ? NULL : write_form(&recipe, key);
}

static int is_called(const tb_str *s, const char *name)
{
    size_t size = strlen(name);
    return (size_t)s->size == size && memcmp(s->data, name, size) == 0;
}

tb_str *tb_crypto_hash_password(tb_value password, tb_str *algorithm)
{
    if (is_called(algorithm, "scrypt")) return slow_hash(password, scrypt_recipe);
    if (is_called(algorithm, "pbkdf2")) return slow_hash(password, pbkdf2_recipe);
    if (is_called(algorithm, "sha512")) return tb_crypto_sha512(password);
    if (is_called(algorithm, "blake2")) return tb_crypto_blake2(password);
    return tb_crypto_sha256(password);
}

// ------------------------------------------------------------------------------------ checking one

// A part of a form up to a `$` or the end.
typedef struct Part {
    const char *start;
    int64_t size;
} Part;

static Part next_part(const char **at, const char *end)
{
    const char *start = *at;
    const char *stop = memchr(start, '$', (size_t)(end - start));
    *at = stop ? stop + 1 : end;
    return (Part){start, (stop ? stop : end) - start};
}

// A number from 1 to [most]; 0: the part is no such number.
static unsigned number_of(Part part, unsigned most)
{
    uint64_t number = 0;
    if (part.size < 1 || part.size > 9) return 0;
    for (int64_t i = 0; i < part.size; i++) {
        if (part.start[i] < '0' || part.start[i] > '9') return 0;
        number = number * 10 + (uint64_t)(part.start[i] - '0');
    }
    return number <= most ? (unsigned)number : 0;
}

// The bytes of a part in base64; NULL, with nothing raised but MemoryError, when it is none.
static tb_bytes *bytes_of(Part part)
{
    tb_str *text = tb_str_new(part.start, part.size);
    tb_bytes *bytes = text ? tb_base64_decode(text) : NULL;
    if (!bytes) tb_catch_class(&tb_error_value);
    return bytes;
}

// Takes a form apart. 1: it is one, with the key in [key]; 0: it is none, or -1: MemoryError. The
// limits keep a form that comes from elsewhere from asking for hours or for all memory.
static int read_form(const tb_str *form, Recipe *recipe, tb_bytes **key)
{
    const char *at = form->data + 7, *end = form->data + form->size;
    *recipe = (Recipe){.is_scrypt = form->data[0] == 's'};
    if (recipe->is_scrypt) {
        recipe->cost = number_of(next_part(&at, end), 18);
        recipe->block_size = number_of(next_part(&at, end), 8);
        recipe->lanes = number_of(next_part(&at, end), 16);
        if (!recipe->cost || !recipe->block_size || !recipe->lanes) return 0;
    } else {
        recipe->rounds = number_of(next_part(&at, end), 10000000);
        if (!recipe->rounds) return 0;
    }
    tb_bytes *salt = bytes_of(next_part(&at, end));
    *key = salt ? bytes_of((Part){at, end - at}) : NULL;
    if (!*key) return tb_rt.pending ? -1 : 0;
    if (salt->size > SALT_MAX || (*key)->size != KEY_SIZE) return 0;
    memcpy(recipe->salt, salt->data, (size_t)salt->size);
    recipe->salt_size = salt->size;
    return 1;
}

static int has_prefix(const tb_str *s, const char *prefix)
{
    size_t size = strlen(prefix);
    return (size_t)s->size >= size && memcmp(s->data, prefix, size) == 0;
}

static int check_slow(tb_value password, const tb_str *form)
{
    Recipe recipe;
    tb_bytes *wanted;
    uint8_t key[KEY_SIZE];
    tb_value kept;
    int is_form = read_form(form, &recipe, &wanted);
    if (is_form != 1) return is_form;
    tb_octets octets = tb_octets_of(password, &kept);
    if (!octets.bytes || derive(octets, &recipe, key) < 0) return -1;
    return tb_crypto_equal((tb_octets){key, KEY_SIZE}, (tb_octets){wanted->data, wanted->size});
}

int tb_crypto_verify_hash(tb_value data, tb_str *hash_value, tb_str *algorithm)
{
    if (has_prefix(hash_value, "scrypt$") || has_prefix(hash_value, "pbkdf2$"))
        return check_slow(data, hash_value);
    if (is_called(algorithm, "scrypt") || is_called(algorithm, "pbkdf2")) return 0;
    tb_str *own = tb_crypto_hash_password(data, algorithm);
    if (!own) return -1;
    return tb_crypto_equal((tb_octets){(const uint8_t *)own->data, own->size},
                           (tb_octets){(const uint8_t *)hash_value->data, hash_value->size});
}
