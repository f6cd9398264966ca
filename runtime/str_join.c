// Joining texts. `s = s + x` in a loop would copy s each time. So a long text made by concatenation
// from one that was made by concatenation itself gets a buffer with room to spare:
//
//     s  ──► [ head | data ────────┐ ]          t = s + "!" while s ends the buffer writes one byte
//                                  ▼            and makes a second head; s still sees its own
//                                  bytes.
//     buffer  { capacity, used,  "some long text!          " }
//                                               ^ used
//
// When s does not end the buffer (something else was appended to it before) or the room is used up,
// the bytes move to a new buffer.
#include "str.h"

#include "error.h"
#include "gc.h"
#include "show.h"
#include "text.h"
#include "utf8.h"

#include <string.h>

#define SHARE_SIZE 128 // shorter results are simply copied

// A head for the first [size] bytes of [buffer].
static tb_str *new_shared(tb_str_buffer *buffer, int64_t size, int64_t length)
{
    tb_str_shared *s = tb_alloc_fast(sizeof *s);
    if (s == NULL) return NULL;
    uint32_t ascii = length == size ? TB_STR_ASCII : 0;
    s->head = (tb_str){&tb_class_string, 0,    ascii | TB_STR_SHARED | TB_STR_JOINED,
                       length,           size, buffer->bytes};
    s->buffer = buffer;
    return &s->head;
}

// A buffer of twice [size] bytes that begins with those of [s].
static tb_str_buffer *new_buffer(const tb_str *s, int64_t size)
{
    size_t total;
    if (tb_size_mul((size_t)size, 2, sizeof(tb_str_buffer), &total) < 0) return NULL;
    tb_str_buffer *buffer = tb_alloc_plain(total);
    if (buffer == NULL) return NULL;
    buffer->capacity = size * 2;
    buffer->used = s->size;
    memcpy(buffer->bytes, s->data, (size_t)s->size);
    return buffer;
}

// [s] continued by [size] bytes that hold [length] code points, in a growing buffer.
static tb_str *append_shared(tb_str *s, const char *bytes, int64_t size, int64_t length)
{
    tb_str_buffer *buffer = s->flags & TB_STR_SHARED ? ((tb_str_shared *)(void *)s)->buffer : NULL;
    int64_t total = s->size + size;
    if (buffer == NULL || buffer->used != s->size || buffer->capacity < total)
        buffer = new_buffer(s, total);
    if (buffer == NULL) return NULL;
    tb_str *joined = new_shared(buffer, total, s->length + length);
    if (joined == NULL) return NULL;
    memcpy(buffer->bytes + s->size, bytes, (size_t)size);
    buffer->used = total;
    return joined;
}

// Whether a result of [size] bytes that begins with [s] should go to a growing buffer.
static int is_growing(const tb_str *s, int64_t size)
{
    return (s->flags & TB_STR_JOINED) && size >= SHARE_SIZE;
}

// `s + bytes`. The sizes of two texts in memory cannot overflow when added.
static tb_str *append(tb_str *s, const char *bytes, int64_t size, int64_t length)
{
    if (is_growing(s, s->size + size)) return append_shared(s, bytes, size, length);
    tb_str *joined = tb_str_alloc(s->size + size, s->length + length);
    if (joined == NULL) return NULL;
    joined->flags |= TB_STR_JOINED;
    memcpy(tb_str_bytes(joined), s->data, (size_t)s->size);
    memcpy(tb_str_bytes(joined) + s->size, bytes, (size_t)size);
    return joined;
}

tb_str *tb_str_concat(tb_str *a, tb_str *b)
{
    if (b->size == 0) return a;
    if (a->size == 0) return b;
    return append(a, b->data, b->size, b->length);
}

// Adds the texts of [count] values to [text]. 0, or -1: raised, and the text is dropped.
static int add_parts(tb_text *text, int64_t count, const tb_value *parts)
{
    for (int64_t i = 0; i < count; i++)
        if (tb_show(text, parts[i], TB_SHOW_TEXT) < 0) return -1;
    return 0;
}

// A chain that continues a growing text keeps growing it.
static tb_str *continue_parts(tb_str *s, int64_t count, const tb_value *parts)
{
    tb_text text;
    tb_text_begin(&text);
    if (add_parts(&text, count, parts) < 0) return NULL;
    tb_str *joined =
        text.size == 0 ? s : append(s, text.data, text.size, tb_utf8_length(text.data, text.size));
    tb_text_drop(&text);
    return joined;
}

// When all parts are Strings their size is known before: one block, filled directly.
static tb_str *join_strings(int64_t count, const tb_value *parts, int64_t size, int64_t length)
{
    tb_str *joined = tb_str_alloc(size, length);
    if (joined == NULL) return NULL;
    joined->flags |= TB_STR_JOINED;
    char *out = tb_str_bytes(joined);
    for (int64_t i = 0; i < count; i++) {
        const tb_str *part = TB_AS_STR(parts[i]);
        memcpy(out, part->data, (size_t)part->size);
        out += part->size;
    }
    return joined;
}

// The sizes of all parts together; 0 when one is no String or the sum overflows.
static int measure(int64_t count, const tb_value *parts, int64_t *size, int64_t *length)
{
    *size = *length = 0;
    for (int64_t i = 0; i < count; i++) {
        if (!TB_IS_STR(parts[i])) return 0;
        if (__builtin_add_overflow(*size, TB_AS_STR(parts[i])->size, size)) return 0;
        *length += TB_AS_STR(parts[i])->length;
    }
    return 1;
}

tb_value tb_str_join_parts(int64_t count, const tb_value *parts)
{
    tb_str *joined;
    int64_t size, length;
    if (count == 1) return tb_to_str(parts[0]);
    if (count > 0 && TB_IS_STR(parts[0]) &&
        is_growing(TB_AS_STR(parts[0]), TB_AS_STR(parts[0])->size)) {
        joined = continue_parts(TB_AS_STR(parts[0]), count - 1, parts + 1);
    } else if (measure(count, parts, &size, &length) && size > 1) {
        joined = join_strings(count, parts, size, length);
    } else {
        tb_text text;
        tb_text_begin(&text);
        joined = add_parts(&text, count, parts) < 0 ? NULL : tb_text_end(&text);
        if (joined != NULL && joined->size > 1) joined->flags |= TB_STR_JOINED;
    }
    return joined == NULL ? TB_PENDING : TB_OBJECT(joined);
}

tb_str *tb_str_repeat(tb_str *s, int64_t count)
{
    size_t size;
    if (count <= 0 || s->size == 0) return tb_str_empty();
    if (count == 1) return s;
    if (tb_size_mul((size_t)s->size, (size_t)count, 0, &size) < 0) return NULL;
    tb_str *repeated = tb_str_alloc((int64_t)size, s->length * count);
    if (repeated == NULL) return NULL;
    char *out = tb_str_bytes(repeated);
    memcpy(out, s->data, (size_t)s->size);
    // Doubling what is there copies in big pieces.
    for (size_t done = (size_t)s->size; done < size;) {
        size_t more = done <= size - done ? done : size - done;
        memcpy(out + done, out, more);
        done += more;
    }
    return repeated;
}
