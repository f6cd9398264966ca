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

// Two digits a step, for a number that 32 bits hold: their division is a multiplication.
static char *put_small_decimal(char *at, uint32_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint32_t count = number < 10      ? 1
                     : number < 100   ? 2
                     : number < 1000  ? 3
                     : number < 10000 ? 4
                                      : 5;
    for (uint32_t rest = number / 100000; rest; rest /= 10)
        count++;
    char *out = at + count;
    for (; number > 99; number /= 100)
        memcpy(out -= 2, pairs + number % 100 * 2, 2);
    if (number > 9)
        memcpy(at, pairs + number * 2, 2);
    else
        *at = (char)('0' + number);
    return at + count;
}

char *text_put_decimal(char *at, uint64_t number)
{
    if (number <= UINT32_MAX) return put_small_decimal(at, (uint32_t)number);
    at = text_put_decimal(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

static void add_decimal(Text *text, uint64_t number)
{
    char *end = text_put_decimal(text_room(text, TEXT_DECIMAL_MAX), number);
    text->size = (size_t)(end - text->bytes);
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
        format = text_add_until(text, format, '%');
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
