// Native half of stdlib/csv.tb: CSV text into rows.
#include "native.h"

#include "build/stdlib/csv.h"
#include "text.h"

#include <string.h>

typedef struct Reader {
    const char *start, *at, *end;
    char delimiter, quote;
} Reader;

// The one ASCII character that [s] must be. 0, or -1: ValueError.
static int mark_of(const tb_str *s, const char *param, char *mark)
{
    *mark = s->size > 0 ? s->data[0] : 0;
    if (s->size == 1 && *mark != '\n' && *mark != '\r') return 0;
    tb_raise_error(&tb_error_value, "`%s` of `parse_csv` must be one ASCII character, not %V",
                   param, TB_OBJECT(s));
    return -1;
}

static int ends_field(const Reader *in, char c)
{
    return c == in->delimiter || c == '\n' || c == '\r';
}

// The line the reader stands on, for messages.
static int64_t line_number(const Reader *in, const char *place)
{
    int64_t line = 1;
    for (const char *at = in->start; (at = memchr(at, '\n', (size_t)(place - at))) != NULL; at++)
        line++;
    return line;
}

// The closing quote of a field whose inside begins at [at]; NULL: there is none.
static const char *find_close(const Reader *in, const char *at)
{
    for (; (at = memchr(at, in->quote, (size_t)(in->end - at))) != NULL; at += 2)
        if (at + 1 == in->end || at[1] != in->quote) return at;
    return NULL;
}

// Adds what lies between quotes, where quotes are written twice, to [text]. 0, or -1: MemoryError.
static int add_quoted(const Reader *in, tb_text *text, const char *at, const char *close)
{
    const char *mark;
    while ((mark = memchr(at, in->quote, (size_t)(close - at))) != NULL) {
        if (tb_text_add(text, at, mark + 1 - at) < 0) return -1;
        at = mark + 2;
    }
    return tb_text_add(text, at, close - at);
}

static void skip_field(Reader *in)
{
    while (in->at < in->end && !ends_field(in, *in->at))
        in->at++;
}

static int is_at_quote(const Reader *in)
{
    return in->at < in->end && *in->at == in->quote;
}

// Reads a field and leaves the reader at what ends it. NULL: raised.
static tb_str *read_field(Reader *in)
{
    const char *start = in->at;
    if (!is_at_quote(in)) {
        skip_field(in);
        return tb_str_new(start, in->at - start);
    }
    const char *close = find_close(in, start + 1);
    if (close == NULL) {
        tb_raise_error(&tb_error_value, "a quote is opened on line %ld and never closed",
                       line_number(in, start));
        return NULL;
    }
    in->at = close + 1;
    skip_field(in); // what follows the closing quote belongs to the field
    tb_text text;
    tb_text_begin(&text);
    if (add_quoted(in, &text, start + 1, close) < 0) return NULL;
    return tb_text_add(&text, close + 1, in->at - close - 1) < 0 ? NULL : tb_text_end(&text);
}

// Moves behind "\n", "\r\n" or "\r".
static void skip_line_end(Reader *in)
{
    int is_return = in->at < in->end && *in->at == '\r';
    in->at += is_return;
    if (in->at < in->end && *in->at == '\n') in->at++;
}

// Reads a row and what ends it. A blank line is a row without fields. NULL: raised.
static tb_list *read_row(Reader *in)
{
    tb_list *row = tb_list_new(0);
    int more = row && !(*in->at == '\n' || *in->at == '\r');
    while (more) {
        tb_str *field = read_field(in);
        if (field == NULL || tb_list_push(row, TB_OBJECT(field)) < 0) return NULL;
        more = in->at < in->end && *in->at == in->delimiter;
        in->at += more;
    }
    skip_line_end(in);
    return row;
}

static int reader_open(Reader *in, tb_str *text, tb_str *delimiter, tb_str *quote)
{
    *in = (Reader){.start = text->data, .at = text->data, .end = text->data + text->size};
    if (mark_of(delimiter, "delimiter", &in->delimiter) < 0) return -1;
    return mark_of(quote, "quote", &in->quote);
}

tb_list *tb_csv_parse(tb_str *text, tb_str *delimiter, tb_str *quote)
{
    Reader in;
    tb_list *rows = reader_open(&in, text, delimiter, quote) < 0 ? NULL : tb_list_new(0);
    while (rows && in.at < in.end) {
        tb_list *row = read_row(&in);
        if (row == NULL || tb_list_push(rows, TB_OBJECT(row)) < 0) return NULL;
    }
    return rows;
}

int tb_csv_is_open(tb_str *text, tb_str *delimiter, tb_str *quote)
{
    Reader in;
    if (reader_open(&in, text, delimiter, quote) < 0) return -1;
    for (; in.at < in.end; in.at++) { // at what ended the field before
        const char *close = is_at_quote(&in) ? find_close(&in, in.at + 1) : in.at;
        if (close == NULL) return 1;
        in.at = close;
        skip_field(&in);
    }
    return 0;
}
