// A text that grows at its end: what the compiler writes long texts into. It lives outside the
// arenas, because growing in an arena would leave every former size behind. A Text of zeros is an
// empty text; text_free gives its memory back.
#ifndef TEXT_H
#define TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Text {
    char *bytes; // no NUL behind them unless text_end put one there
    size_t size;
    size_t capacity;
} Text;

// The slow half of text_room: moves the text to where [more] bytes and one more fit behind it.
void text_grow(Text *text, size_t more);

// Where the next bytes go, with room for [more] of them; the caller writes and adds to text->size.
// Never NULL: without memory it prints a message and ends the process with status 3.
static inline char *text_room(Text *text, size_t more)
{
    if (text->capacity - text->size <= more) text_grow(text, more);
    return text->bytes + text->size;
}

static inline void text_add(Text *text, const char *bytes, size_t size)
{
    memcpy(text_room(text, size), bytes, size);
    text->size += size;
}

static inline void text_add_string(Text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

// The string up to the first [stop] or its end; returns where that is. Pieces between conversions
// are a few bytes long: copied while they are searched.
static inline const char *text_add_until(Text *text, const char *string, char stop)
{
    enum { STRETCH = 64 };
    while (*string && *string != stop) {
        char *start = text_room(text, STRETCH), *at = start;
        while (at < start + STRETCH && *string && *string != stop)
            *at++ = *string++;
        text->size += (size_t)(at - start);
    }
    return string;
}

// [count] spaces.
static inline void text_add_spaces(Text *text, size_t count)
{
    memset(text_room(text, count), ' ', count);
    text->size += count;
}

// Writes [number] in decimal at [at], where TEXT_DECIMAL_MAX bytes fit. Returns what follows it.
enum { TEXT_DECIMAL_MAX = 20 };
char *text_put_decimal(char *at, uint64_t number);

// The number in decimal.
void text_add_int(Text *text, int64_t number);

// What [format] says, as printf would write it, for the few conversions that texts need: %s %c %d
// %u %x %ld %zu %%, without flags or widths. Parses nothing else and calls nothing: several times
// as fast as printf.
void text_format(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_format_list(Text *text, const char *format, va_list args);

// Puts [size] bytes before offset [place], moving what stands there.
void text_insert(Text *text, size_t place, const char *bytes, size_t size);

// Puts a NUL behind the text.
void text_end(Text *text);

// Gives the memory back; the text is empty and usable afterwards.
void text_free(Text *text);

#endif
