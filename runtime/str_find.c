// Searching in text: by bytes, since bytes of valid UTF-8 only match where code points begin; only
// the results need translating.
//
// One byte is found by memchr. Longer texts are looked for sixteen places at a time, by their first
// and last byte (W. Muła, "SIMD-friendly algorithms for substring searching"). Where that gives too
// many false hopes, memmem, which takes linear time whatever it searches, goes on.
#include "str.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>

// Bytes compared in vain, for each byte that was searched, before memmem takes over.
#define PATIENCE 4

// The places among the sixteen from [at] on where the first byte is [first] and that [last] bytes
// behind is [final]: a bit for each.
static unsigned candidates(const char *at, size_t last, __m128i first, __m128i final)
{
    __m128i heads = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i tails = _mm_loadu_si128((const __m128i *)(const void *)(at + last));
    __m128i both = _mm_and_si128(_mm_cmpeq_epi8(heads, first), _mm_cmpeq_epi8(tails, final));
    return (unsigned)_mm_movemask_epi8(both);
}

// memmem for a [sub] of two bytes or more.
static const char *search(const char *text, size_t size, const char *sub, size_t sub_size)
{
    const char *at = text, *end = text + size;
    size_t last = sub_size - 1, wasted = 0;
    __m128i first = _mm_set1_epi8(sub[0]), final = _mm_set1_epi8(sub[last]);
    for (; (size_t)(end - at) >= last + 16; at += 16) {
        unsigned found = candidates(at, last, first, final);
        for (; found != 0; found &= found - 1) {
            const char *place = at + __builtin_ctz(found);
            if (memcmp(place + 1, sub + 1, last) == 0) return place;
            wasted += sub_size;
        }
        if (wasted > PATIENCE * (size_t)(at - text) + 1000) break;
    }
    return memmem(at, (size_t)(end - at), sub, sub_size);
}
#else
#define search memmem
#endif

int64_t tb_str_find_bytes(const tb_str *s, const tb_str *sub, int64_t offset)
{
    const char *start = s->data + offset;
    size_t size = (size_t)(s->size - offset);
    if (sub->size == 0) return offset;
    const char *at = sub->size == 1 ? memchr(start, sub->data[0], size)
                                    : search(start, size, sub->data, (size_t)sub->size);
    return at == NULL ? -1 : at - s->data;
}

int64_t tb_str_find_bytes_last(const tb_str *s, const tb_str *sub, int64_t start, int64_t end)
{
    int64_t last = end - sub->size; // no match begins behind it
    if (sub->size == 0) return end;
    while (last >= start) {
        const char *at = memrchr(s->data + start, sub->data[0], (size_t)(last - start + 1));
        if (at == NULL) return -1;
        if (memcmp(at, sub->data, (size_t)sub->size) == 0) return at - s->data;
        last = at - s->data - 1;
    }
    return -1;
}

// The byte offset where a search from index [from] begins, or -1 when that lies behind the end.
static int64_t search_start(tb_str *s, int64_t from)
{
    if (from < 0) from = from + s->length < 0 ? 0 : from + s->length;
    return from > s->length ? -1 : tb_str_offset(s, from);
}

int64_t tb_str_find(tb_str *s, tb_str *sub, int64_t from)
{
    int64_t start = search_start(s, from);
    if (start < 0) return -1;
    int64_t at = tb_str_find_bytes(s, sub, start);
    return at < 0 ? -1 : tb_str_index_at(s, at);
}

int64_t tb_str_find_last(tb_str *s, tb_str *sub, int64_t from)
{
    int64_t start = search_start(s, from);
    if (start < 0) return -1;
    int64_t at = tb_str_find_bytes_last(s, sub, start, s->size);
    return at < 0 ? -1 : tb_str_index_at(s, at);
}

int64_t tb_str_count(tb_str *s, tb_str *sub)
{
    if (sub->size == 0) return s->length + 1;
    int64_t count = 0;
    for (int64_t at = 0; (at = tb_str_find_bytes(s, sub, at)) >= 0; at += sub->size)
        count++;
    return count;
}

int tb_str_contains(const tb_str *s, const tb_str *sub)
{
    return tb_str_find_bytes(s, sub, 0) >= 0;
}

int tb_str_starts_with(const tb_str *s, const tb_str *prefix)
{
    return prefix->size <= s->size && memcmp(s->data, prefix->data, (size_t)prefix->size) == 0;
}

int tb_str_ends_with(const tb_str *s, const tb_str *suffix)
{
    int64_t start = s->size - suffix->size;
    return start >= 0 && memcmp(s->data + start, suffix->data, (size_t)suffix->size) == 0;
}
