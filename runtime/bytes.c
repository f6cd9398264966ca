// Bytes: a head and the data behind it, in one plain block.
#include "bytes.h"

#include "error.h"
#include "gc.h"
#include "items.h"
#include "siphash.h"

#include <string.h>

tb_bytes *tb_bytes_alloc(int64_t size)
{
    size_t total;
    if (tb_size_mul((size_t)size, 1, sizeof(tb_bytes), &total) < 0) return NULL;
    tb_bytes *bytes = tb_alloc_plain(total);
    if (bytes == NULL) return NULL;
    *bytes = (tb_bytes){&tb_class_bytes, 0, size, (const uint8_t *)(bytes + 1)};
    return bytes;
}

tb_value tb_bytes_new(const uint8_t *data, int64_t size)
{
    tb_bytes *bytes = tb_bytes_alloc(size);
    if (bytes == NULL) return TB_PENDING;
    if (size > 0) memcpy(tb_bytes_data(bytes), data, (size_t)size);
    return TB_OBJECT(bytes);
}

tb_value tb_bytes_get(const tb_bytes *bytes, int64_t index)
{
    int64_t at = index < 0 ? index + bytes->size : index;
    if (at < 0 || at >= bytes->size) return tb_index_error(index, "Bytes", bytes->size, "byte");
    return TB_INT62(bytes->data[at]);
}

tb_bytes *tb_bytes_slice(tb_bytes *bytes, tb_value from, tb_value to, tb_value step)
{
    tb_span span;
    if (tb_span_of(bytes->size, from, to, step, &span) < 0) return NULL;
    if (span.step == 1 && span.count == bytes->size) return bytes;
    tb_bytes *part = tb_bytes_alloc(span.count);
    if (part == NULL) return NULL;
    uint8_t *out = tb_bytes_data(part);
    if (span.step == 1) {
        memcpy(out, bytes->data + span.from, (size_t)span.count);
        return part;
    }
    for (int64_t i = 0, at = span.from; i < span.count; i++, at += span.step)
        out[i] = bytes->data[at];
    return part;
}

tb_bytes *tb_bytes_concat(tb_bytes *a, tb_bytes *b)
{
    tb_bytes *joined = tb_bytes_alloc(a->size + b->size);
    if (joined == NULL) return NULL;
    memcpy(tb_bytes_data(joined), a->data, (size_t)a->size);
    memcpy(tb_bytes_data(joined) + a->size, b->data, (size_t)b->size);
    return joined;
}

tb_bytes *tb_bytes_repeat(tb_bytes *bytes, int64_t count)
{
    size_t size;
    if (count < 0) count = 0;
    if (tb_size_mul((size_t)bytes->size, (size_t)count, 0, &size) < 0) return NULL;
    tb_bytes *repeated = tb_bytes_alloc((int64_t)size);
    if (repeated == NULL || size == 0) return repeated;
    uint8_t *out = tb_bytes_data(repeated);
    for (int64_t i = 0; i < count; i++, out += bytes->size)
        memcpy(out, bytes->data, (size_t)bytes->size);
    return repeated;
}

int tb_bytes_equal(const tb_bytes *a, const tb_bytes *b)
{
    return a == b || (a->size == b->size && memcmp(a->data, b->data, (size_t)a->size) == 0);
}

int tb_bytes_compare(const tb_bytes *a, const tb_bytes *b)
{
    int64_t common = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->data, b->data, (size_t)common);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

uint32_t tb_bytes_hash(tb_bytes *bytes)
{
    if (bytes->hash != 0) return bytes->hash;
    uint32_t hash = (uint32_t)(tb_siphash(tb_hash_secret(), bytes->data, bytes->size) >> 32);
    bytes->hash = hash != 0 ? hash : 1;
    return bytes->hash;
}

int64_t tb_bytes_find(const tb_bytes *bytes, const tb_bytes *sub, int64_t from)
{
    const uint8_t *at =
        memmem(bytes->data + from, (size_t)(bytes->size - from), sub->data, (size_t)sub->size);
    return at == NULL ? -1 : at - bytes->data;
}

int tb_bytes_starts_with(const tb_bytes *bytes, const tb_bytes *prefix)
{
    return prefix->size <= bytes->size &&
           memcmp(bytes->data, prefix->data, (size_t)prefix->size) == 0;
}

int tb_bytes_ends_with(const tb_bytes *bytes, const tb_bytes *suffix)
{
    int64_t start = bytes->size - suffix->size;
    return start >= 0 && memcmp(bytes->data + start, suffix->data, (size_t)suffix->size) == 0;
}
