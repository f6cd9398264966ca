// Growing texts. The buffer comes from malloc and grows by half: large blocks are moved by
// remapping their pages, not by copying them.

#include "text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 4096 };

void text_grow(Text *text, size_t more)
{
    size_t needed = text->size + more + 1;
    size_t capacity = text->capacity + text->capacity / 2;
    if (capacity < FIRST_CAPACITY) capacity = FIRST_CAPACITY;
    if (capacity < needed) capacity = needed;
    char *bytes = needed <= more ? NULL : realloc(text->bytes, capacity);
    if (!bytes) {
        fprintf(stderr, "error: out of memory while compiling (%zu more bytes were needed)\n",
                more);
        exit(3);
    }
    text->bytes = bytes;
    text->capacity = capacity;
}

static void add_number(Text *text, uint64_t number, unsigned base)
{
    char digits[20];
    char *at = digits + sizeof digits;
    do
        *--at = "0123456789abcdef"[number % base];
    while (number /= base);
    text_add(text, at, (size_t)(digits + sizeof digits - at));
}

void text_add_int(Text *text, int64_t number)
{
    if (number < 0) text_add(text, "-", 1);
    uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
    if (size < 10)
        *text_room(text, 1) = (char)('0' + size), text->size++;
    else
        add_number(text, size, 10);
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
        add_number(text, is_long ? va_arg(*args, unsigned long) : va_arg(*args, unsigned), 10);
        break;
    case 'x':
        add_number(text, is_long ? va_arg(*args, unsigned long) : va_arg(*args, unsigned), 16);
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
        size_t plain = strcspn(format, "%");
        text_add(text, format, plain);
        format += plain;
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

char *text_end(Text *text)
{
    *text_room(text, 1) = 0;
    return text->bytes;
}

void text_free(Text *text)
{
    free(text->bytes);
    *text = (Text){0};
}
