// A text under construction: bytes are added at its end, and a String made from it at last.
// It lives on the C stack, holds short texts in itself, and frees its own block when it grows and
// at the end.
//
//     tb_text text;
//     tb_text_begin(&text);
//     if (tb_text_add(&text, "abc", 3) < 0) return NULL;     // a failed addition has dropped the
//     text return tb_text_end(&text);
#ifndef TB_TEXT_H
#define TB_TEXT_H

#include "value.h"

#define TB_TEXT_INLINE 256

typedef struct tb_text {
    char *data;
    int64_t size;
    int64_t capacity;
    char first[TB_TEXT_INLINE];
} tb_text;

void tb_text_begin(tb_text *text);

// Room for [more] bytes behind those there, to be written by the caller, who then adds to `size`.
// NULL: MemoryError or OverflowError is pending, and the text is dropped.
char *tb_text_room(tb_text *text, int64_t more);

// Each adds to the end. 0, or -1: MemoryError is pending, and the text is dropped.
int tb_text_add(tb_text *text, const char *bytes, int64_t size);
int tb_text_add_str(tb_text *text, const tb_str *s);
int tb_text_add_code(tb_text *text, uint32_t code);
int tb_text_add_repeated(tb_text *text, const char *bytes, int64_t size, int64_t count);

// The same for bytes of unknown origin: each that is not part of valid UTF-8 becomes U+FFFD.
int tb_text_add_any(tb_text *text, const char *bytes, int64_t size);

static inline int tb_text_add_byte(tb_text *text, char byte)
{
    if (TB_LIKELY(text->size < text->capacity)) {
        text->data[text->size++] = byte;
        return 0;
    }
    return tb_text_add(text, &byte, 1);
}

// The String of what was added; the text is dropped. NULL: MemoryError.
tb_str *tb_text_end(tb_text *text);

// Gives the text's block back. Harmless when it was dropped before.
void tb_text_drop(tb_text *text);

#endif
