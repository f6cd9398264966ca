// The text under construction: doubles its block as it grows.
#include "text.h"

#include "gc.h"
#include "str.h"
#include "utf8.h"

#include <string.h>

#define REPLACEMENT 0xfffd // stands for what is no text

void tb_text_begin(tb_text *text)
{
    text->data = text->first;
    text->size = 0;
    text->capacity = TB_TEXT_INLINE;
}

void tb_text_drop(tb_text *text)
{
    if (text->data != text->first) tb_free(text->data);
    tb_text_begin(text);
}

// A block of at least [needed] bytes with what was there.
static int grow(tb_text *text, size_t needed)
{
    size_t capacity = needed + needed / 2;
    int is_inline = text->data == text->first;
    char *data = is_inline ? tb_alloc_plain(capacity)
                           : tb_resize(text->data, (size_t)text->size, capacity, 1);
    if (data == NULL) return -1;
    if (is_inline) memcpy(data, text->first, (size_t)text->size);
    text->data = data;
    text->capacity = (int64_t)capacity;
    return 0;
}

char *tb_text_room(tb_text *text, int64_t more)
{
    if (TB_UNLIKELY(more > text->capacity - text->size)) {
        size_t needed;
        if (tb_size_mul((size_t)more, 1, (size_t)text->size, &needed) < 0 ||
            grow(text, needed) < 0) {
            tb_text_drop(text);
            return NULL;
        }
    }
    return text->data + text->size;
}

int tb_text_add(tb_text *text, const char *bytes, int64_t size)
{
    char *room = tb_text_room(text, size);
    if (room == NULL) return -1;
    memcpy(room, bytes, (size_t)size);
    text->size += size;
    return 0;
}

int tb_text_add_str(tb_text *text, const tb_str *s)
{
    return tb_text_add(text, s->data, s->size);
}

int tb_text_add_code(tb_text *text, uint32_t code)
{
    char bytes[TB_UTF8_MAX];
    return tb_text_add(text, bytes, tb_utf8_encode(code, bytes));
}

int tb_text_add_any(tb_text *text, const char *bytes, int64_t size)
{
    for (int64_t at = 0; at < size; at++) {
        int64_t valid = tb_utf8_check(bytes + at, size - at);
        if (tb_text_add(text, bytes + at, valid) < 0) return -1;
        at += valid;
        if (at < size && tb_text_add_code(text, REPLACEMENT) < 0) return -1;
    }
    return 0;
}

int tb_text_add_repeated(tb_text *text, const char *bytes, int64_t size, int64_t count)
{
    size_t total;
    if (count <= 0) return 0;
    if (tb_size_mul((size_t)count, (size_t)size, 0, &total) < 0) {
        tb_text_drop(text);
        return -1;
    }
    char *room = tb_text_room(text, (int64_t)total);
    if (room == NULL) return -1;
    for (int64_t i = 0; i < count; i++)
        memcpy(room + i * size, bytes, (size_t)size);
    text->size += (int64_t)total;
    return 0;
}

tb_str *tb_text_end(tb_text *text)
{
    tb_str *s = tb_str_new(text->data, text->size);
    tb_text_drop(text);
    return s;
}
