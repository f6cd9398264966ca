// Growing texts. A short one lives in a block from malloc that doubles. A long one lives in pages,
// in address space for many times what it needs yet, so that it hardly ever moves again: what it
// does not reach costs nothing.

#include "text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "pages.h"

enum { FIRST_CAPACITY = 4096, LARGEST_MALLOC_BYTES = 256 << 10, ROOM_AHEAD = 64 };

static void release(Text *text)
{
    if (text->capacity > LARGEST_MALLOC_BYTES)
        pages_unmap(text->bytes, text->capacity);
    else
        free(text->bytes);
}

static char *allocate(size_t *capacity)
{
    if (*capacity <= LARGEST_MALLOC_BYTES) return malloc(*capacity);
    *capacity = pages_round(*capacity);
    return *capacity ? pages_map(*capacity) : NULL;
}

void text_grow(Text *text, size_t more)
{
    size_t needed = text->size + more + 1;
    size_t ahead = needed > LARGEST_MALLOC_BYTES / 2 ? ROOM_AHEAD : 2;
    size_t capacity = needed < FIRST_CAPACITY     ? FIRST_CAPACITY
                      : needed < SIZE_MAX / ahead ? needed * ahead
                                                  : needed;
    char *bytes = needed <= more ? NULL : allocate(&capacity);
    if (!bytes && needed > more) bytes = allocate((capacity = needed, &capacity));
    if (!bytes) {
        fprintf(stderr, "error: out of memory while compiling (%zu more bytes were needed)\n",
                more);
        exit(3);
    }
    if (text->size) memcpy(bytes, text->bytes, text->size);
    release(text);
    text->bytes = bytes;
    text->capacity = capacity;
}

static void add_hexadecimal(Text *text, uint64_t number)
{
    int shift = 60;
    while (shift > 0 && !(number >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        text_add(text, &"0123456789abcdef"[number >> shift & 15], 1);
}

static void add_decimal(Text *text, uint64_t number)
{
    size_t count = 1;
    for (uint64_t rest = number; rest > 9; rest /= 10)
        count++;
    char *at = text_room(text, count);
    text->size += count;
    for (; count > 1; number /= 10)
        at[--count] = (char)('0' + number % 10);
    at[0] = (char)('0' + number);
}

void text_add_int(Text *text, int64_t number)
{
    if (number < 0) text_add(text, "-", 1);
    add_decimal(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

// One conversion; [format] points behind its `%`. Returns what follows it. [args] goes by pointer,
// because what happens to a va_list that was passed on is not the same on all machines.
static const char *add_conversion(Text *text, const char *format, va_list *args)
{
    bool is_long = *format == 'l' || *format == 'z';
    format += is_long;
    switch (*format) {
    case 's':
        text_add_string(text, va_arg(*args, const char *));
        break;
    case 'c':
        *text_room(text, 1) = (char)va_arg(*args, int), text->size++;
        break;
    case 'd':
        text_add_int(text, is_long ? va_arg(*args, long) : va_arg(*args, int));
        break;
    case 'u':
        add_decimal(text, is_long ? va_arg(*args, unsigned long) : va_arg(*args, unsigned));
        break;
    case 'x':
        add_hexadecimal(text, is_long ? va_arg(*args, unsigned long) : va_arg(*args, unsigned));
        break;
    default:
        assert(*format == '%');
        text_add(text, "%", 1);
    }
    return format + 1;
}

void text_format_list(Text *text, const char *format, va_list list)
{
    va_list args;
    va_copy(args, list);
    while (*format) {
        const char *plain = format;
        while (*format && *format != '%')
            format++;
        text_add(text, plain, (size_t)(format - plain));
        if (*format) format = add_conversion(text, format + 1, &args);
    }
    va_end(args);
}

void text_format(Text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_format_list(text, format, args);
    va_end(args);
}

void text_insert(Text *text, size_t place, const char *bytes, size_t size)
{
    text_room(text, size);
    memmove(text->bytes + place + size, text->bytes + place, text->size - place);
    memcpy(text->bytes + place, bytes, size);
    text->size += size;
}

void text_end(Text *text)
{
    *text_room(text, 1) = 0;
}

void text_free(Text *text)
{
    release(text);
    *text = (Text){0};
}
