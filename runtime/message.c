// Formats messages. Each conversion is read into a struct and either handled here or given to
// snprintf with the one argument that belongs to it: a va_list cannot be shared with printf, which
// may use it up.
#include "message.h"
#include "error.h"
#include "object.h"
#include "show.h"
#include "str.h"
#include "text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_VALUE_MAX 80 // code points of a value shown in a message

static int add_type(tb_text *text, tb_value v, int with_article)
{
    const char *article = with_article ? tb_type_article(v) : "";
    const char *title = tb_type_title(v);
    if (tb_text_add(text, article, (int64_t)strlen(article)) < 0) return -1;
    return tb_text_add_any(text, title, (int64_t)strlen(title));
}

// Adds the source form of [v], cut when long; its type when a `to_string` fails, which must not
// hide the error being raised.
static int add_value(tb_text *text, tb_value v)
{
    tb_value shown = tb_repr(v);
    if (shown == TB_PENDING) {
        tb_rt.pending = 0;
        return add_type(text, v, 1);
    }
    tb_str *s = TB_AS_STR(shown);
    if (s->length <= MESSAGE_VALUE_MAX) return tb_text_add_str(text, s);
    if (tb_text_add(text, s->data, tb_str_offset(s, MESSAGE_VALUE_MAX - 1)) < 0) return -1;
    return tb_text_add(text, "…", sizeof "…" - 1);
}

// One conversion of a format: its flags, width, precision and letter.
typedef struct conversion {
    char flags[8];
    int width, precision; // -1: none given
    char length[3];
    char letter;
} conversion;

static int is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static int read_number(const char **at, tb_message_args *args)
{
    if (**at == '*') {
        (*at)++;
        return va_arg(args->list, int);
    }
    int number = 0;
    while (**at >= '0' && **at <= '9')
        number = number * 10 + *(*at)++ - '0';
    return number;
}

// Reads the conversion behind a `%` and moves [at] behind it.
static conversion read_conversion(const char **at, tb_message_args *args)
{
    conversion c = {.width = -1, .precision = -1};
    for (size_t i = 0; is_one_of(**at, "-+ #0") && i < sizeof c.flags - 1; i++)
        c.flags[i] = *(*at)++;
    if (**at == '*' || (**at >= '1' && **at <= '9')) c.width = read_number(at, args);
    if (**at == '.') {
        (*at)++;
        c.precision = read_number(at, args);
    }
    for (size_t i = 0; is_one_of(**at, "hlzj") && i < sizeof c.length - 1; i++)
        c.length[i] = *(*at)++;
    c.letter = *(*at)++;
    return c;
}

// Adds what snprintf makes of a number; [length] is the modifier that fits the argument given
// behind it.
#define ADD_FORMATTED(text, c, length, argument)                                                   \
    do {                                                                                           \
        char spec_[24], out_[400];                                                                 \
        snprintf(spec_, sizeof spec_, "%%%s*.*%s%c", (c)->flags, length, (c)->letter);             \
        int size_ = snprintf(out_, sizeof out_, spec_, (c)->width < 0 ? 0 : (c)->width,            \
                             (c)->precision, argument);                                            \
        if (size_ >= (int)sizeof out_) size_ = (int)sizeof out_ - 1;                               \
        return tb_text_add(text, out_, size_);                                                     \
    } while (0)

static intmax_t read_signed(const conversion *c, tb_message_args *args)
{
    if (!strncmp(c->length, "h", 1) || !*c->length) return va_arg(args->list, int);
    return va_arg(args->list, long); // l, ll, z and j are all 64 bits wide here
}

static uintmax_t read_unsigned(const conversion *c, tb_message_args *args)
{
    if (!strncmp(c->length, "h", 1) || !*c->length) return va_arg(args->list, unsigned);
    return va_arg(args->list, unsigned long);
}

static int add_c_string(tb_text *text, const conversion *c, const char *s)
{
    size_t size = c->precision < 0 ? strlen(s) : strnlen(s, (size_t)c->precision);
    return tb_text_add_any(text, s, (int64_t)size);
}

static int add_conversion(tb_text *text, const conversion *c, tb_message_args *args)
{
    switch (c->letter) {
    case '%':
        return tb_text_add_byte(text, '%');
    case 'V':
        return add_value(text, va_arg(args->list, tb_value));
    case 'T':
        return add_type(text, va_arg(args->list, tb_value), 0);
    case 'A':
        return add_type(text, va_arg(args->list, tb_value), 1);
    case 's':
        return add_c_string(text, c, va_arg(args->list, const char *));
    case 'c':
        return tb_text_add_byte(text, (char)va_arg(args->list, int));
    case 'd':
    case 'i':
        ADD_FORMATTED(text, c, "j", read_signed(c, args));
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        ADD_FORMATTED(text, c, "j", read_unsigned(c, args));
    case 'p':
        ADD_FORMATTED(text, c, "", va_arg(args->list, void *));
    case 'e':
    case 'f':
    case 'g':
        ADD_FORMATTED(text, c, "", va_arg(args->list, double));
    default:
        assert(0 && "a conversion that tb_raise_error does not know");
    }
    return 0;
}

tb_str *tb_message_make(const char *format, tb_message_args *args)
{
    tb_text text;
    tb_text_begin(&text);
    for (const char *at = format; *at;) {
        size_t plain = strcspn(at, "%");
        if (tb_text_add(&text, at, (int64_t)plain) < 0) return NULL;
        at += plain;
        if (!*at) break;
        at++;
        conversion c = read_conversion(&at, args);
        if (add_conversion(&text, &c, args) < 0) {
            tb_text_drop(&text);
            return NULL;
        }
    }
    return tb_text_end(&text);
}
