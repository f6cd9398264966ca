// base64 (RFC 4648): three bytes in four characters, and back.
#include "crypto.h"

#include "build/stdlib/crypto.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

tb_str *tb_base64_encode(const uint8_t *bytes, int64_t size)
{
    size_t whole;
    if (tb_size_mul(((size_t)size + 2) / 3, 4, 0, &whole) < 0) return NULL;
    tb_str *text = tb_str_alloc((int64_t)whole, (int64_t)whole);
    if (!text) return NULL;
    char *out = tb_str_bytes(text);
    for (int64_t at = 0; at < size; at += 3, out += 4) {
        int64_t left = size - at;
        uint32_t bits = (uint32_t)bytes[at] << 16;
        if (left > 1) bits |= (uint32_t)bytes[at + 1] << 8;
        if (left > 2) bits |= bytes[at + 2];
        for (int i = 0; i < 4; i++)
            out[i] = alphabet[bits >> (18 - 6 * i) & 63];
        if (left < 3) out[3] = '=';
        if (left < 2) out[2] = '=';
    }
    return text;
}

// The six bits of a character, or -1.
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static tb_bytes *fail(const char *what)
{
    tb_raise_error(&tb_error_value, "no base64: %s", what);
    return NULL;
}

// Only `=` and blanks may follow the last digit; -1: something else does.
static int64_t count_padding(const char *at, const char *end)
{
    int64_t count = 0;
    for (; at < end; at++) {
        if (*at == '=')
            count++;
        else if (!is_blank(*at))
            return -1;
    }
    return count;
}

tb_bytes *tb_base64_decode(tb_str *text)
{
    uint8_t *buffer = tb_alloc_plain((size_t)text->size / 4 * 3 + 4);
    if (!buffer) return NULL;
    const char *at = text->data, *end = at + text->size;
    uint32_t bits = 0;
    int64_t digits = 0, size = 0;
    for (; at < end && *at != '='; at++) {
        int value = value_of(*at);
        if (value < 0 && is_blank(*at)) continue;
        if (value < 0) return fail("a character that does not belong there");
        bits = bits << 6 | (uint32_t)value;
        if (++digits % 4 != 1) buffer[size++] = (uint8_t)(bits >> (6 - 2 * ((digits - 1) % 4)));
    }
    int64_t padding = count_padding(at, end), missing = (4 - digits % 4) % 4;
    if (missing == 3) return fail("one character too many");
    if (padding < 0 || (padding > 0 && padding != missing)) return fail("`=` in the wrong place");
    tb_value result = tb_bytes_new(buffer, size);
    tb_free(buffer);
    return result == TB_PENDING ? NULL : TB_AS_BYTES(result);
}

tb_str *tb_crypto_base64_encode(tb_value data)
{
    tb_value kept;
    tb_octets octets = tb_octets_of(data, &kept);
    return octets.bytes ? tb_base64_encode(octets.bytes, octets.size) : NULL;
}

tb_str *tb_crypto_base64_decode(tb_str *data)
{
    tb_bytes *bytes = tb_base64_decode(data);
    return bytes ? tb_str_new_checked((const char *)bytes->data, bytes->size) : NULL;
}
