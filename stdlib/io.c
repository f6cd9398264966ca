// The terminal's half of stdlib/io.tb: println and its kin, printf, input.
#include "file.h"

#include "build/stdlib/io.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int tb_io_println(int64_t count, const tb_value *values)
{
    return tb_print(count, values, 1);
}

int tb_io_eprintln(int64_t count, const tb_value *values)
{
    return tb_print_error(count, values, 1);
}

// ------------------------------------------------------------------------------------------ input

tb_str *tb_io_input(tb_value prompt)
{
    if (tb_print(1, &prompt, 0) < 0 || tb_out_flush() < 0) return NULL;
    tb_file *file = tb_file_input();
    tb_value line = file ? tb_file_line(file) : TB_PENDING;
    if (line == TB_MISSING)
        line = tb_raise_error(&tb_error_eof, "standard input has no more lines");
    return line == TB_PENDING ? NULL : TB_AS_STR(line);
}

// ----------------------------------------------------------------------------------------- printf

// A conversion such as `%-8.3f`, on its way to one of our own format specs.
typedef struct Conversion {
    int is_left, is_signed, is_spaced, is_alternate, is_zero;
    int64_t width;
    int64_t precision; // -1: none
    char letter;
} Conversion;

#define WIDTH_MAX 1000000

static const char *read_number(const char *at, const char *end, int64_t *number)
{
    for (*number = 0; at < end && *at >= '0' && *at <= '9'; at++)
        if (*number < WIDTH_MAX) *number = *number * 10 + (*at - '0');
    return at;
}

// Reads what follows a `%`. Returns the place behind it.
static const char *read_conversion(const char *at, const char *end, Conversion *out)
{
    *out = (Conversion){.precision = -1};
    for (; at < end && strchr("-+ #0", *at) && *at; at++) {
        if (*at == '-') out->is_left = 1;
        if (*at == '+') out->is_signed = 1;
        if (*at == ' ') out->is_spaced = 1;
        if (*at == '#') out->is_alternate = 1;
        if (*at == '0') out->is_zero = 1;
    }
    at = read_number(at, end, &out->width);
    if (at < end && *at == '.') at = read_number(at + 1, end, &out->precision);
    while (at < end && (*at == 'l' || *at == 'h'))
        at++;
    out->letter = at < end ? *at++ : 0;
    return at;
}

// The value as the conversion wants it: whole numbers for %d and %x, Floats for %f, texts for %s.
static tb_value fitted(const char *function, const Conversion *conversion, tb_value value)
{
    int64_t number;
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        if (TB_IS_INT(value)) return value;
        if (TB_KIND(value) == TB_FLOAT) return tb_int_from_double(tb_float_get(value));
        if (TB_KIND(value) == TB_BOOL) return TB_INT62(value == TB_TRUE);
        break;
    case 'c':
        if (TB_IS_STR(value) && TB_AS_STR(value)->length == 1) return value;
        if (TB_IS_INT(value) && tb_int_to(value, &number) && number >= 0 && number <= 0x10ffff &&
            (number & ~0x7ff) != 0xd800)
            return TB_VALUE_OF(tb_str_from_code((uint32_t)number));
        break;
    case 's':
        return tb_to_str(value);
    default: {
        double real =
            TB_KIND(value) <= TB_FLOAT && TB_KIND(value) != TB_NONE ? tb_number_get(value) : NAN;
        if (real == real || TB_KIND(value) == TB_FLOAT) return tb_float_from(real);
    }
    }
    if (tb_rt.pending) return TB_PENDING;
    return tb_raise_error(&tb_error_type, "`values` of `%s` cannot be shown by `%%%c`: %A",
                          function, conversion->letter, value);
}

// The spec of `format` that means the same.
static tb_value spec_of(const Conversion *conversion)
{
    char spec[64];
    const char *sign = conversion->is_signed ? "+" : conversion->is_spaced ? " " : "";
    int is_text = conversion->letter == 's' || conversion->letter == 'c';
    char letter = conversion->letter == 'i' || conversion->letter == 'u' ? 'd' : conversion->letter;
    int is_real = strchr("feEgGF", letter) != NULL;
    int size = snprintf(spec, sizeof spec, "%s%s%s%s",
                        conversion->is_left               ? "<"
                        : is_text || !conversion->is_zero ? ">"
                                                          : "",
                        is_text ? "" : sign, conversion->is_alternate && !is_text ? "#" : "",
                        conversion->is_zero && !conversion->is_left && !is_text ? "0" : "");
    if (conversion->width > 0)
        size +=
            snprintf(spec + size, sizeof spec - (size_t)size, "%lld", (long long)conversion->width);
    if (conversion->precision >= 0 && (is_real || conversion->letter == 's'))
        size += snprintf(spec + size, sizeof spec - (size_t)size, ".%lld",
                         (long long)conversion->precision);
    snprintf(spec + size, sizeof spec - (size_t)size, "%c", is_text ? 's' : letter);
    return TB_VALUE_OF(tb_str_from_c(spec));
}

// Adds the value shown as the conversion says. 0, or -1: raised.
static int add_converted(tb_text *text, const char *function, const Conversion *conversion,
                         tb_value value)
{
    tb_value fit = fitted(function, conversion, value);
    tb_value spec = fit == TB_PENDING ? TB_PENDING : spec_of(conversion);
    tb_value shown = spec == TB_PENDING ? TB_PENDING : tb_format(fit, spec);
    if (shown != TB_PENDING) return tb_text_add_str(text, TB_AS_STR(shown));
    tb_text_drop(text);
    return -1;
}

static int raise_template(tb_text *text, const char *function, const char *message)
{
    tb_text_drop(text);
    tb_raise_error(&tb_error_value, "`template` of `%s` %s", function, message);
    return -1;
}

// Adds the whole template with its conversions replaced. 0, or -1: raised.
static int add_template(tb_text *text, const char *function, const tb_str *template, int64_t count,
                        const tb_value *values)
{
    const char *at = template->data, *end = at + template->size;
    int64_t used = 0;
    for (;;) {
        const char *mark = memchr(at, '%', (size_t)(end - at));
        if (tb_text_add(text, at, (mark ? mark : end) - at) < 0) return -1;
        if (mark == NULL) break;
        Conversion conversion;
        at = read_conversion(mark + 1, end, &conversion);
        if (conversion.letter == '%') {
            if (tb_text_add(text, "%", 1) < 0) return -1;
            continue;
        }
        if (conversion.letter == 0 || !strchr("diuxXosceEfFgG", conversion.letter))
            return raise_template(text, function, "has a `%` that no conversion follows");
        if (used == count)
            return raise_template(text, function, "asks for more values than were given");
        if (add_converted(text, function, &conversion, values[used++]) < 0) return -1;
    }
    return used == count ? 0
                         : raise_template(text, function, "asks for fewer values than were given");
}

tb_str *tb_io_printed(tb_str *function, tb_str *template, int64_t count, const tb_value *values)
{
    tb_text text;
    tb_text_begin(&text);
    return add_template(&text, function->data, template, count, values) < 0 ? NULL
                                                                            : tb_text_end(&text);
}
