// What `sub` puts in the place of a match: `\1`, `\g<name>`, `\n` in a text, or a function's
// result.
#include "regex.h"

#include "text.h"
#include "utf8.h"

#include <string.h>

// A stretch of the template: a text, or a group when [group] is not negative.
typedef struct tb_template_part {
    tb_str *text;
    int64_t group;
} tb_template_part;

typedef struct Reader {
    tb_template *out;
    const tb_pattern *pattern;
    tb_str *source;
    const char *at;
    const char *end;
    tb_text text; // of the stretch being read
} Reader;

// ValueError; the stretch is dropped. Returns -1.
static int fail(Reader *reader, const char *what)
{
    tb_text_drop(&reader->text);
    tb_raise_error(&tb_error_value, "%s in the replacement %V", what, TB_OBJECT(reader->source));
    return -1;
}

static int add_part(tb_template *out, tb_template_part part)
{
    if (out->count == out->capacity) {
        int64_t capacity = out->capacity ? 2 * out->capacity : 4;
        size_t size;
        if (tb_size_mul((size_t)capacity, sizeof part, 0, &size) < 0) return -1;
        struct tb_template_part *parts =
            tb_resize(out->parts, (size_t)out->count * sizeof part, size, 0);
        if (!parts) return -1;
        out->parts = parts;
        out->capacity = capacity;
    }
    out->parts[out->count++] = part;
    return 0;
}

// Ends the stretch of text before a reference.
static int end_text(Reader *reader)
{
    if (reader->text.size == 0) return 0;
    tb_str *text = tb_text_end(&reader->text);
    tb_text_begin(&reader->text);
    return text ? add_part(reader->out, (tb_template_part){text, -1}) : -1;
}

static int add_group(Reader *reader, int64_t group)
{
    if (group < 0 || group > reader->pattern->syntax.group_count)
        return fail(reader, "reference to a group that is not there");
    return end_text(reader) < 0 ? -1 : add_part(reader->out, (tb_template_part){NULL, group});
}

static int is_digit(const Reader *reader, char last)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= last;
}

// `\g<name>`, `\g<1>`.
static int read_named(Reader *reader)
{
    if (reader->at == reader->end || *reader->at != '<') return fail(reader, "missing <");
    const char *start = ++reader->at;
    const char *close = memchr(start, '>', (size_t)(reader->end - start));
    if (!close || close == start) return fail(reader, close ? "missing group name" : "missing >");
    reader->at = start;
    int64_t number = 0;
    while (is_digit(reader, '9') && number < 100000)
        number = number * 10 + (*reader->at++ - '0');
    int is_number = reader->at == close;
    reader->at = close + 1;
    if (is_number) return add_group(reader, number);
    tb_str *name = tb_str_new(start, close - start);
    tb_value known =
        name ? tb_dict_find(reader->pattern->syntax.names, TB_OBJECT(name)) : TB_PENDING;
    if (known == TB_MISSING) return fail(reader, "unknown group name");
    return known == TB_PENDING ? -1 : add_group(reader, TB_INT62_GET(known));
}

// Up to [count] octal digits behind [code] as a character.
static int add_octal(Reader *reader, uint32_t code, int count)
{
    for (; count > 0 && is_digit(reader, '7'); count--)
        code = code * 8 + (uint32_t)(*reader->at++ - '0');
    if (code > 0377) return fail(reader, "octal escape beyond \\377");
    return tb_text_add_code(&reader->text, code);
}

// `\0` and three octal digits are a character, other digits a group of one or two digits.
static int read_digits(Reader *reader, char first)
{
    if (first == '0') return add_octal(reader, 0, 2);
    int64_t number = first - '0';
    if (!is_digit(reader, '9')) return add_group(reader, number);
    int is_octal = first <= '7' && is_digit(reader, '7') && reader->end - reader->at > 1 &&
                   reader->at[1] >= '0' && reader->at[1] <= '7';
    if (is_octal) return add_octal(reader, (uint32_t)number, 2);
    return add_group(reader, number * 10 + (*reader->at++ - '0'));
}

static int read_escape(Reader *reader)
{
    static const char letters[] = "abfnrtv\\", codes[] = "\a\b\f\n\r\t\v\\";
    if (reader->at == reader->end) return fail(reader, "a backslash with nothing behind it");
    char letter = *reader->at++;
    if (letter >= '0' && letter <= '9') return read_digits(reader, letter);
    if (letter == 'g') return read_named(reader);
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found) return tb_text_add_byte(&reader->text, codes[found - letters]);
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
        return fail(reader, "unknown escape");
    reader->at--;
    return tb_text_add_byte(&reader->text, '\\');
}

static int read_all(Reader *reader)
{
    while (reader->at < reader->end) {
        const char *slash = memchr(reader->at, '\\', (size_t)(reader->end - reader->at));
        const char *stop = slash ? slash : reader->end;
        if (tb_text_add(&reader->text, reader->at, stop - reader->at) < 0) return -1;
        reader->at = slash ? slash + 1 : stop;
        if (slash && read_escape(reader) < 0) return -1;
    }
    return end_text(reader);
}

int tb_template_read(tb_template *out, const tb_pattern *pattern, tb_value repl)
{
    *out = (tb_template){.function = TB_MISSING};
    if (tb_is_callable(repl)) {
        out->function = repl;
        return 0;
    }
    tb_value text = tb_to_str(repl);
    if (text == TB_PENDING) return -1;
    tb_str *source = TB_AS_STR(text);
    if (!memchr(source->data, '\\', (size_t)source->size)) {
        out->literal = source;
        return 0;
    }
    Reader reader = {out, pattern, source, source->data, source->data + source->size, {0}};
    tb_text_begin(&reader.text);
    return read_all(&reader);
}

// ------------------------------------------------------------------------------------------ adding

static int add_result(tb_value function, tb_text *text, const tb_search *search)
{
    tb_value match = tb_match_new(search);
    tb_value result = match == TB_PENDING ? TB_PENDING : tb_call1(function, match);
    if (result != TB_PENDING) result = tb_to_str(result);
    if (result != TB_PENDING) return tb_text_add_str(text, TB_AS_STR(result));
    tb_text_drop(text);
    return -1;
}

static int add_group_text(tb_text *text, const tb_search *search, int64_t group)
{
    size_t start = search->offsets[2 * group], end = search->offsets[2 * group + 1];
    if (start == TB_REGEX_UNSET) return 0;
    return tb_text_add(text, search->text->data + start, (int64_t)(end - start));
}

int tb_template_add(const tb_template *template, tb_text *text, const tb_search *search)
{
    if (template->function != TB_MISSING) return add_result(template->function, text, search);
    if (template->literal) return tb_text_add_str(text, template->literal);
    for (int64_t i = 0; i < template->count; i++) {
        tb_template_part part = template->parts[i];
        int added =
            part.text ? tb_text_add_str(text, part.text) : add_group_text(text, search, part.group);
        if (added < 0) return -1;
    }
    return 0;
}
