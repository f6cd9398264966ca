// UTF-8: code points out of bytes and back. Every String is valid UTF-8, so only the checking
// function at the end looks at malformed input; all the others need whole, valid code points and
// cannot fail.
#ifndef TB_UTF8_H
#define TB_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define TB_UTF8_MAX 4 // bytes of the longest code point
#define TB_CODE_MAX 0x10ffffu

// Whether [code] is a code point that text may hold: up to U+10FFFF and no half of a surrogate
// pair.
#define TB_CODE_VALID(code) ((code) <= TB_CODE_MAX && ((code)&0xfffff800u) != 0xd800u)

// The size of the code point that begins with byte [first].
static inline int tb_utf8_size(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

// The size [code] takes when written.
static inline int tb_utf8_width(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

// The code point at [at], which is then moved behind it: `while (at < end) … tb_utf8_next(&at)`.
static inline uint32_t tb_utf8_next(const char **at)
{
    const uint8_t *p = (const uint8_t *)*at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xe0) {
        *at += 2;
        return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
    }
    if (p[0] < 0xf0) {
        *at += 3;
        return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    }
    *at += 4;
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
}

// The code point that ends right before [at], which is moved to its beginning.
uint32_t tb_utf8_previous(const char **at);

// Writes [code] to [out], which has room for TB_UTF8_MAX bytes. Returns the number of bytes
// written.
int tb_utf8_encode(uint32_t code, char *out);

// How many code points the [size] bytes hold.
int64_t tb_utf8_length(const char *text, int64_t size);

// How many bytes the first [count] code points of [text] take; the text has that many.
int64_t tb_utf8_advance(const char *text, int64_t count);

// Whether all [size] bytes are below 128.
int tb_utf8_is_ascii(const char *text, int64_t size);

// The offset of the first byte that is not part of a valid code point (overlong forms, surrogates
// and values above U+10FFFF are not valid), or [size] when all is well.
int64_t tb_utf8_check(const char *text, int64_t size);

#endif
