// UTF-8 by words: counting and skipping look at eight bytes at a time, since text is walked far
// more often than it is made. A code point is counted at its first byte, that is at each byte that
// is not 10xxxxxx.
#include "utf8.h"

#include <string.h>

#define EACH_BYTE 0x0101010101010101u
#define HIGH_BITS 0x8080808080808080u

static uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

// How many of the eight bytes of [word] begin a code point.
static int64_t count_first_bytes(uint64_t word)
{
    uint64_t continues = (word >> 7) & (~word >> 6) & EACH_BYTE; // bit 7 set and bit 6 clear
    return 8 - (int64_t)((continues * EACH_BYTE) >> 56);
}

static int is_continuation(char byte)
{
    return ((uint8_t)byte & 0xc0) == 0x80;
}

uint32_t tb_utf8_previous(const char **at)
{
    const char *p = *at - 1;
    while (is_continuation(*p))
        p--;
    *at = p;
    return tb_utf8_next(&p);
}

int tb_utf8_encode(uint32_t code, char *out)
{
    int width = tb_utf8_width(code);
    if (width == 1) {
        out[0] = (char)code;
        return 1;
    }
    for (int i = width - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(marks[width] | code);
    return width;
}

int64_t tb_utf8_length(const char *text, int64_t size)
{
    int64_t length = 0, at = 0;
    for (; at + 8 <= size; at += 8)
        length += count_first_bytes(load_word(text + at));
    for (; at < size; at++)
        length += !is_continuation(text[at]);
    return length;
}

int64_t tb_utf8_advance(const char *text, int64_t count)
{
    const char *at = text;
    // With nine code points to go at least nine bytes follow, so a whole word can be read. A word
    // may end inside a code point; the loop below then steps over the rest of it.
    while (count > 8) {
        count -= count_first_bytes(load_word(at));
        at += 8;
    }
    while (at != text && is_continuation(*at))
        at++;
    while (count-- > 0)
        at += tb_utf8_size((uint8_t)*at);
    return at - text;
}

int tb_utf8_is_ascii(const char *text, int64_t size)
{
    int64_t at = 0;
    for (; at + 8 <= size; at += 8)
        if (load_word(text + at) & HIGH_BITS) return 0;
    for (; at < size; at++)
        if ((uint8_t)text[at] >= 0x80) return 0;
    return 1;
}

// The size of the valid code point at [at], of which [left] bytes are there, or 0 when it is none.
// The ranges of the second byte are table 3-7 of the Unicode Standard.
static int valid_size(const uint8_t *at, int64_t left)
{
    uint8_t first = at[0];
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    int size = tb_utf8_size(first);
    if (left < size) return 0;
    uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high) return 0;
    for (int i = 2; i < size; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return size;
}

int64_t tb_utf8_check(const char *text, int64_t size)
{
    int64_t at = 0;
    while (at < size) {
        if (at + 8 <= size && !(load_word(text + at) & HIGH_BITS)) {
            at += 8;
            continue;
        }
        int step = valid_size((const uint8_t *)text + at, size - at);
        if (step == 0) return at;
        at += step;
    }
    return size;
}
