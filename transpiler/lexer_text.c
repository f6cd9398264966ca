// Strings and f-strings.
//
// A plain string is one token. An f-string is a sequence of them, and frames say where in it the
// lexer is: in the text between the quotes, in the expression of a field, or in a field's format
// spec. Frames nest like the strings and fields do, so any quotes may stand inside a field.

#include "lexer_state.h"

#include <utf8proc.h>

// ---- strings ------------------------------------------------------------------------------------

static bool is_at_closing_quotes(const char *at, Quotes quotes)
{
    if (*at != quotes.mark) return false;
    return !quotes.is_triple || (at[1] == quotes.mark && at[2] == quotes.mark);
}

// Appends the character to [out] as UTF-8 and returns the place behind it.
static char *put_character(char *out, uint32_t character)
{
    return out + utf8proc_encode_char((utf8proc_int32_t)character, (utf8proc_uint8_t *)out);
}

// Reads up to [most] hex digits into *value; returns how many there were.
static int read_hex(const char *at, const char *end, int most, uint32_t *value)
{
    int count = 0;
    for (*value = 0; count < most && at + count < end && is_class(at[count], CLASS_HEX); count++)
        *value = *value * 16 + (uint32_t)digit_value(at[count]);
    return count;
}

static void reject_escape(Lexer *lexer, const char *start, const char *end, const char *message)
{
    Span span = {offset_of(lexer, start), offset_of(lexer, end)};
    lexer_report(lexer, span, "%s", message);
}

static bool is_scalar(uint32_t character)
{
    return character < 0xD800 || (character > 0xDFFF && character <= 0x10FFFF);
}

// Reads `\xHH`, `\uXXXX` or `\u{…}` at *in, which stands on the backslash, and moves behind it.
static char *unescape_hex(Lexer *lexer, const char **in, const char *end, char *out)
{
    const char *start = *in;
    bool is_short = start[1] == 'x';
    bool is_braced = !is_short && start + 2 < end && start[2] == '{';
    const char *digits = start + (is_braced ? 3 : 2);
    uint32_t character;
    int wanted = is_short ? 2 : is_braced ? 6 : 4;
    int count = read_hex(digits, end, wanted, &character);
    const char *after = digits + count;
    bool is_complete = is_braced ? count > 0 && after < end && *after == '}' : count == wanted;
    if (is_braced && is_complete) after++;
    *in = after;
    if (!is_complete) {
        reject_escape(lexer, start, after,
                      is_short ? "`\\x` needs two hexadecimal digits"
                      : is_braced
                          ? "`\\u{` needs one to six hexadecimal digits and `}`"
                          : "`\\u` needs four hexadecimal digits, or any number in `\\u{…}`");
        return out;
    }
    if (!is_scalar(character)) {
        reject_escape(lexer, start, after, "there is no such character");
        return out;
    }
    return put_character(out, character);
}

// Translates the escape at *in and moves behind it. An unknown one keeps its backslash.
static char *unescape(Lexer *lexer, const char **in, const char *end, char *out)
{
    static const char plain[128] = {
        ['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['\\'] = '\\', ['"'] = '"', ['\''] = '\''};
    char letter = (*in)[1];
    if (letter == 'x' || letter == 'u') return unescape_hex(lexer, in, end, out);
    if (letter == '0' || letter == '\n' || (!is_class(letter, CLASS_HIGH) && plain[(int)letter])) {
        // A backslash at a line's end joins the lines of a triple-quoted string.
        if (letter != '\n') *out++ = letter == '0' ? '\0' : plain[(int)letter];
        *in += 2;
        return out;
    }
    *out++ = *(*in)++;
    return out;
}

// Stores what stands between [start] and [end] in the token, escapes and doubled braces translated.
// The result is never longer than the source.
static void set_string(Lexer *lexer, Token *token, const char *start, const char *end,
                       Quotes quotes)
{
    char *bytes = arena_alloc(lexer->arena, (size_t)(end - start) + 1);
    char *out = bytes;
    for (const char *in = start; in < end;) {
        if (*in == '\\' && !quotes.is_raw && in + 1 < end) {
            out = unescape(lexer, &in, end, out);
            continue;
        }
        if (quotes.has_fields && (*in == '{' || *in == '}')) in++; // the first of two
        *out++ = *in++;
    }
    token->as.string.bytes = bytes;
    token->as.string.size = (uint32_t)(out - bytes);
}

static void report_unclosed_string(Lexer *lexer, const char *start, Quotes quotes)
{
    uint32_t size = quotes.is_triple ? 3 : 1;
    Span span = {offset_of(lexer, start), offset_of(lexer, start) + size};
    lexer->is_unfinished |= quotes.is_triple;
    if (!quotes.is_triple || !lexer->may_go_on)
        lexer_report(lexer, span, "this string is never closed");
}

// Moves to the closing quotes; false when they are missing: at the line's end, or for triple quotes
// at the file's.
static bool skip_plain_text(Lexer *lexer, Quotes quotes)
{
    for (; lexer->at < lexer->end; lexer->at++) {
        if (is_at_closing_quotes(lexer->at, quotes)) return true;
        if (*lexer->at == '\n' && !quotes.is_triple) return false;
        bool is_escape = *lexer->at == '\\' && lexer->at + 1 < lexer->end;
        if (is_escape && (lexer->at[1] != '\n' || quotes.is_triple)) lexer->at++;
    }
    return false;
}

static Quotes read_quotes(Lexer *lexer)
{
    Quotes quotes = {.mark = *lexer->at};
    quotes.is_triple = lexer->at[1] == quotes.mark && lexer->at[2] == quotes.mark;
    return quotes;
}

// ---- f-strings ----------------------------------------------------------------------------------

static void push_frame(Lexer *lexer, int kind, Quotes quotes, const char *start)
{
    FFrame *frame = ARENA_NEW(lexer->arena, FFrame);
    frame->outer = lexer->frame;
    frame->kind = (unsigned)kind;
    frame->quotes = quotes;
    frame->start = start;
    frame->outer_brackets = lexer->brackets;
    frame->line = lexer->line;
    lexer->frame = frame;
    lexer->brackets = 0;
}

static void pop_frame(Lexer *lexer)
{
    lexer->brackets = lexer->frame->outer_brackets;
    lexer->line = lexer->frame->line;
    lexer->frame = lexer->frame->outer;
}

static void lex_fstring_start(Lexer *lexer, Token *token, bool is_raw)
{
    Quotes quotes = read_quotes(lexer);
    quotes.is_raw = is_raw;
    quotes.has_fields = true;
    token->kind = TOK_FSTRING_START;
    push_frame(lexer, FRAME_TEXT, quotes, lexer->at);
    lexer->at += quotes.is_triple ? 3 : 1;
}

void lexer_abandon_fstring(Lexer *lexer, Token *token)
{
    const FFrame *frame = lexer->frame;
    Quotes quotes = frame->quotes;
    token->kind = TOK_ERROR;
    if (frame->kind == FRAME_TEXT) {
        report_unclosed_string(lexer, frame->start, quotes);
    } else {
        Span span = {offset_of(lexer, frame->start), offset_of(lexer, frame->start) + 1};
        lexer->is_unfinished |= quotes.is_triple;
        if (!quotes.is_triple || !lexer->may_go_on)
            lexer_report(lexer, span, "this `{` is never closed");
        if (is_at_closing_quotes(lexer->at, quotes)) lexer->at += quotes.is_triple ? 3 : 1;
    }
    while (lexer->frame->kind != FRAME_TEXT)
        pop_frame(lexer);
    pop_frame(lexer);
}

void lexer_abandon_fstring_at_line(Lexer *lexer, Token *token)
{
    Line line = lexer->line;
    lexer_abandon_fstring(lexer, token);
    token->is_first_on_line = false;
    lexer->line = line;
    lexer->is_line_start = true;
}

// Moves from a backslash to the last byte it belongs with. `\{` is no escape: the brace counts.
// `\u{…}` is one, with braces of its own.
static void skip_fstring_escape(Lexer *lexer, Quotes quotes)
{
    const char *at = lexer->at;
    if (at[1] == '{' || at[1] == '}' || (at[1] == '\n' && !quotes.is_triple)) return;
    lexer->at++;
    if (quotes.is_raw || at[1] != 'u' || at[2] != '{') return;
    uint32_t character;
    at += 3 + read_hex(at + 3, lexer->end, 6, &character);
    if (*at == '}') lexer->at = at;
}

// Moves to the end of a text of an f-string: its closing quotes, a brace that is not doubled, a
// line's end where the string cannot go on.
static void skip_fstring_text(Lexer *lexer, const FFrame *frame)
{
    Quotes quotes = frame->quotes;
    for (; lexer->at < lexer->end; lexer->at++) {
        char byte = *lexer->at;
        if (is_at_closing_quotes(lexer->at, quotes)) return;
        if (byte == '\n' && !quotes.is_triple) return;
        if (byte == '{' || byte == '}') {
            // In a format spec braces are not doubled: `{x:{w}}` ends in two that count.
            if (frame->kind == FRAME_SPEC || lexer->at[1] != byte) return;
            lexer->at++;
        } else if (byte == '\\' && lexer->at + 1 < lexer->end) {
            skip_fstring_escape(lexer, quotes);
        }
    }
}

// The token where a text of an f-string stops.
static void lex_fstring_mark(Lexer *lexer, Token *token)
{
    const FFrame *frame = lexer->frame;
    const char *start = lexer->at;
    if (lexer->at < lexer->end && *start == '{') {
        token->kind = TOK_FIELD_START;
        lexer->at++;
        push_frame(lexer, FRAME_FIELD, frame->quotes, start);
    } else if (lexer->at < lexer->end && *start == '}' && frame->kind == FRAME_SPEC) {
        token->kind = TOK_FIELD_END;
        lexer->at++;
        pop_frame(lexer);
    } else if (lexer->at < lexer->end && *start == '}') {
        lexer->at++;
        token->kind = TOK_FSTRING_TEXT;
        token->as.string.bytes = "}";
        token->as.string.size = 1;
        lexer_report(lexer, span_from(lexer, start), "a `}` in an f-string that closes nothing");
        lexer_suggest(lexer, "for the character itself write `}}`");
    } else if (lexer->at < lexer->end && *start != '\n' && frame->kind == FRAME_TEXT) {
        token->kind = TOK_FSTRING_END;
        lexer->at += frame->quotes.is_triple ? 3 : 1;
        pop_frame(lexer);
    } else {
        lexer_abandon_fstring(lexer, token);
    }
}

void lex_fstring_text(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    const FFrame *frame = lexer->frame;
    skip_fstring_text(lexer, frame);
    if (lexer->at == start) {
        lex_fstring_mark(lexer, token);
        return;
    }
    token->kind = TOK_FSTRING_TEXT;
    Quotes quotes = frame->quotes;
    quotes.has_fields = frame->kind == FRAME_TEXT;
    set_string(lexer, token, start, lexer->at, quotes);
}

// none here.
bool lex_field_mark(Lexer *lexer, Token *token)
{
    const FFrame *frame = lexer->frame;
    if (lexer->brackets > 0) return false;
    if (*lexer->at == '}') {
        token->kind = TOK_FIELD_END;
        lexer->at++;
        pop_frame(lexer);
        return true;
    }
    if (*lexer->at != ':') return false;
    token->kind = TOK_FIELD_SPEC;
    lexer->at++;
    Quotes quotes = frame->quotes;
    const char *start = frame->start;
    pop_frame(lexer);
    push_frame(lexer, FRAME_SPEC, quotes, start);
    return true;
}

// In a field of an f-string with the same quotes, what looked like the start of a string was the
// end of the outer one.
static void reject_plain_string(Lexer *lexer, Token *token, const char *start, Quotes quotes)
{
    const FFrame *frame = lexer->frame;
    if (frame && frame->quotes.mark == quotes.mark && frame->quotes.is_triple == quotes.is_triple) {
        lexer_abandon_fstring(lexer, token);
        return;
    }
    report_unclosed_string(lexer, start, quotes);
    token->kind = TOK_ERROR;
}

static void lex_plain_string(Lexer *lexer, Token *token, bool is_raw)
{
    Quotes quotes = read_quotes(lexer);
    quotes.is_raw = is_raw;
    int size = quotes.is_triple ? 3 : 1;
    const char *start = lexer->at;
    lexer->at += size;
    if (!skip_plain_text(lexer, quotes)) {
        reject_plain_string(lexer, token, start, quotes);
        return;
    }
    token->kind = TOK_STRING;
    token->is_raw = is_raw;
    set_string(lexer, token, start + size, lexer->at, quotes);
    lexer->at += size;
}

// `"…"`, `r'…'`, `f"""…"""`, `rf"…"`: a quote, or letters that are the prefix of one.
bool lex_string(Lexer *lexer, Token *token)
{
    bool is_raw = false;
    bool has_fields = false;
    const char *at = lexer->at;
    for (; *at != '"' && *at != '\''; at++) {
        bool *flag = (*at | 0x20) == 'r' ? &is_raw : (*at | 0x20) == 'f' ? &has_fields : NULL;
        if (!flag || *flag) return false;
        *flag = true;
    }
    lexer->at = at;
    if (has_fields)
        lex_fstring_start(lexer, token, is_raw);
    else
        lex_plain_string(lexer, token, is_raw);
    return true;
}
