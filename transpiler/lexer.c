// The lexer.
//
// lexer_next skips blanks and comments, notes whether a line began, and dispatches on the first
// byte. Words are interned, and a keyword is known by the token kind stored in its Name, so there
// is no keyword search. Text inside f-strings is read by the same function in another mode: `frame`
// says which part of which string we are in, so strings in fields in strings need no second pass
// and no recursion.

#include "lexer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

// ---- tables -------------------------------------------------------------------------------------

typedef enum Group { GROUP_SPECIAL, GROUP_WORD, GROUP_KEYWORD, GROUP_OPERATOR } Group;

typedef struct TokenRow {
    const char *text;
    const char *kind;
    Group group;
} TokenRow;

static const TokenRow rows[] = {
#define TOKEN(kind, text, group) {text, #kind, GROUP_##group},
#include "token.def"
#undef TOKEN
};

const char *token_text(TokenKind kind)
{
    return rows[kind].text;
}

enum { CLASS_BLANK = 1, CLASS_DIGIT = 2, CLASS_LETTER = 4, CLASS_HIGH = 8, CLASS_HEX = 16 };

// What each byte can be. CLASS_HIGH: part of a character outside ASCII.
static const uint8_t byte_classes[256] = {
    [' '] = CLASS_BLANK,
    ['\t'] = CLASS_BLANK,
    ['0' ... '9'] = CLASS_DIGIT | CLASS_HEX,
    ['A' ... 'F'] = CLASS_LETTER | CLASS_HEX,
    ['G' ... 'Z'] = CLASS_LETTER,
    ['_'] = CLASS_LETTER,
    ['a' ... 'f'] = CLASS_LETTER | CLASS_HEX,
    ['g' ... 'z'] = CLASS_LETTER,
    [0x80 ... 0xFF] = CLASS_HIGH,
};

static bool is_class(char byte, int classes)
{
    return (byte_classes[(unsigned char)byte] & classes) != 0;
}

static uint32_t offset_of(const Lexer *lexer, const char *at)
{
    return (uint32_t)(at - lexer->source->text);
}

static Span span_from(const Lexer *lexer, const char *start)
{
    return (Span){offset_of(lexer, start), offset_of(lexer, lexer->at)};
}

static void report(const Lexer *lexer, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void report(const Lexer *lexer, Span span, const char *format, ...)
{
    char message[160];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (!lexer->is_muted)
        diag_error(lexer->diags, lexer->source, span, DIAG_LEXICAL, "%s", message);
}

// What to do about the error just reported.
static void suggest(const Lexer *lexer, const char *help)
{
    if (!lexer->is_muted && help) diag_help(lexer->diags, "%s", help);
}

// ---- starting -----------------------------------------------------------------------------------

static void learn_words(Names *names)
{
    if (name_from(names, token_text(TOK_LET))->token == TOK_LET) return;
    for (int kind = 0; kind < TOKEN_KIND_COUNT; kind++)
        if (rows[kind].group == GROUP_WORD || rows[kind].group == GROUP_KEYWORD)
            name_from(names, rows[kind].text)->token = kind;
}

// Returns the first byte that belongs to no well-formed character, or NULL. ASCII passes eight
// bytes at a time.
static const char *find_malformed(const char *at, const char *end)
{
    while (at < end) {
        uint64_t word;
        if (end - at >= 8) {
            memcpy(&word, at, 8);
            if (!(word & 0x8080808080808080u)) {
                at += 8;
                continue;
            }
        }
        uint32_t size = utf8_size(at, (size_t)(end - at));
        if (size == 0) return at;
        at += size;
    }
    return NULL;
}

static void check_encoding(Lexer *lexer)
{
    const char *bad = find_malformed(lexer->at, lexer->end);
    if (bad) {
        Span span = {offset_of(lexer, bad), offset_of(lexer, bad) + 1};
        report(lexer, span, "the byte 0x%02X is not UTF-8 text", (unsigned char)*bad);
    }
    const char *nul = memchr(lexer->at, '\0', (size_t)(lexer->end - lexer->at));
    if (nul) {
        Span span = {offset_of(lexer, nul), offset_of(lexer, nul) + 1};
        report(lexer, span, "a NUL byte cannot stand in a program");
        suggest(lexer, "inside a string, write `\\0`");
    }
}

void lexer_init_part(Lexer *lexer, Arena *arena, Names *names, Diags *diags, Source *source,
                     Span part)
{
    *lexer = (Lexer){
        .arena = arena,
        .names = names,
        .diags = diags,
        .source = source,
        .at = source->text + part.start,
        .end = source->text + part.end,
        .line = {0, part.start},
        .is_line_start = true,
    };
    learn_words(names);
    check_encoding(lexer);
}

void lexer_init(Lexer *lexer, Arena *arena, Names *names, Diags *diags, Source *source)
{
    lexer_init_part(lexer, arena, names, diags, source, (Span){0, source->size});
}

// ---- blanks, comments, lines --------------------------------------------------------------------

static void begin_line(Lexer *lexer)
{
    lexer->line.start = offset_of(lexer, lexer->at);
    lexer->is_line_start = true;
}

static void skip_to_line_end(Lexer *lexer)
{
    const char *newline = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
    lexer->at = newline ? newline : lexer->end;
}

// `/* … */`, which may go over lines.
static void skip_block_comment(Lexer *lexer)
{
    const char *start = lexer->at;
    for (lexer->at += 2; lexer->at < lexer->end; lexer->at++) {
        if (*lexer->at == '*' && lexer->at[1] == '/') {
            lexer->at += 2;
            return;
        }
        if (*lexer->at != '\n') continue;
        lexer->line.start = offset_of(lexer, lexer->at + 1);
        lexer->is_line_start = true;
    }
    lexer->is_unfinished = true;
    Span span = {offset_of(lexer, start), offset_of(lexer, start) + 2};
    if (!lexer->may_go_on) report(lexer, span, "this comment is never closed by `*/`");
}

static void reject_slash_comment(Lexer *lexer)
{
    Span span = {offset_of(lexer, lexer->at), offset_of(lexer, lexer->at) + 2};
    report(lexer, span, "a line cannot begin with `//`, which divides");
    suggest(lexer, "comments start with `#`");
    skip_to_line_end(lexer);
}

// The column where a line's first token stands, from what is before it.
static uint32_t measure_indent(Lexer *lexer)
{
    uint32_t column = 0;
    for (const char *at = lexer->source->text + lexer->line.start; at < lexer->at; at++) {
        if (*at == '\t') {
            column = (column / TAB_STOP + 1) * TAB_STOP;
            lexer->has_tabs = true;
        } else if (((unsigned char)*at & 0xC0) != 0x80) {
            column++;
        }
    }
    return column;
}

// Remembers how deep a line stands that begins with a comment: under a header it is an empty body.
static void note_comment_line(Lexer *lexer)
{
    if (!lexer->is_line_start) return;
    uint32_t column = measure_indent(lexer) + 1;
    if (column > lexer->comment_column) lexer->comment_column = column;
}

// Skips what is between two tokens.
static void skip_blanks(Lexer *lexer)
{
    for (;;) {
        while (is_class(*lexer->at, CLASS_BLANK))
            lexer->at++;
        switch (*lexer->at) {
        case '\n':
            lexer->at++;
            begin_line(lexer);
            continue;
        case '#':
            note_comment_line(lexer);
            skip_to_line_end(lexer);
            continue;
        case '/':
            if (lexer->at[1] == '*') {
                note_comment_line(lexer);
                skip_block_comment(lexer);
                continue;
            }
            if (lexer->at[1] == '/' && lexer->is_line_start) {
                reject_slash_comment(lexer);
                continue;
            }
            return;
        case '\\':
            if (lexer->at[1] != '\n') return;
            lexer->at += 2; // the next line belongs to this one
            continue;
        default:
            return;
        }
    }
}

// ---- names and numbers --------------------------------------------------------------------------

static bool is_letter(int32_t character)
{
    switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return true;
    default:
        return false;
    }
}

// What may follow a letter besides letters: digits of any script, and marks that combine with the
// letter before.
static bool is_letter_part(int32_t character)
{
    switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return is_letter(character);
    }
}

// Decodes the character at [at]; returns its size, 0 where it is malformed.
static uint32_t decode(const Lexer *lexer, const char *at, int32_t *character)
{
    uint32_t size = utf8_size(at, (size_t)(lexer->end - at));
    if (size) utf8proc_iterate((const utf8proc_uint8_t *)at, size, character);
    return size;
}

// Moves over the rest of a name.
static void skip_word(Lexer *lexer)
{
    for (;;) {
        while (is_class(*lexer->at, CLASS_LETTER | CLASS_DIGIT))
            lexer->at++;
        if (!is_class(*lexer->at, CLASS_HIGH)) return;
        int32_t character;
        uint32_t size = decode(lexer, lexer->at, &character);
        if (size == 0 || !is_letter_part(character)) return;
        lexer->at += size;
    }
}

static void lex_word(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    skip_word(lexer);
    Name *name = name_of(lexer->names, start, (size_t)(lexer->at - start));
    token->kind = name->token ? (uint8_t)name->token : TOK_NAME;
    // `end(` calls the function of that name; a block's `end` is never followed by a bracket.
    if (token->kind == TOK_END && *lexer->at == '(') token->kind = TOK_NAME;
    token->as.name = name;
}

// Reports a malformed number: all letters and digits from [start] on.
static void reject_number(Lexer *lexer, Token *token, const char *start, const char *message)
{
    skip_word(lexer);
    token->kind = TOK_ERROR;
    report(lexer, span_from(lexer, start), "%s", message);
}

static bool is_digit_of(char byte, int base)
{
    if (base == 16) return is_class(byte, CLASS_HEX);
    return byte >= '0' && byte < '0' + base;
}

// Moves over digits with single underscores between them; false when an underscore stands elsewhere
// or none is there.
static bool skip_digits(Lexer *lexer, int base)
{
    if (!is_digit_of(*lexer->at, base)) return false;
    while (is_digit_of(*lexer->at, base)) {
        lexer->at++;
        if (*lexer->at != '_') continue;
        if (!is_digit_of(lexer->at[1], base)) return false;
        lexer->at++;
    }
    return true;
}

static int digit_value(char digit)
{
    return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

// The text from [start] to here without its underscores.
static char *copy_digits(Lexer *lexer, const char *start)
{
    char *copy = arena_alloc(lexer->arena, (size_t)(lexer->at - start) + 1);
    char *out = copy;
    for (const char *at = start; at < lexer->at; at++)
        if (*at != '_') *out++ = *at;
    return copy;
}

static void set_integer(Lexer *lexer, Token *token, const char *digits, int base)
{
    token->kind = TOK_INT;
    token->as.integer.base = base;
    token->as.integer.digits = NULL;
    int64_t value = 0;
    for (const char *at = digits; at < lexer->at; at++) {
        if (*at == '_') continue;
        if (__builtin_mul_overflow(value, (int64_t)base, &value) ||
            __builtin_add_overflow(value, (int64_t)digit_value(*at), &value)) {
            token->as.integer.digits = copy_digits(lexer, digits);
            return;
        }
    }
    token->as.integer.value = value;
}

// `0x…`, `0o…`, `0b…`
static void lex_prefixed(Lexer *lexer, Token *token, int base)
{
    static const char *const messages[] = {
        [2] = "a binary number is `0b` and the digits 0 and 1",
        [8] = "an octal number is `0o` and digits from 0 to 7",
        [16] = "a hexadecimal number is `0x` and digits from 0 to F",
    };
    const char *start = lexer->at;
    lexer->at += 2;
    const char *digits = lexer->at;
    if (!skip_digits(lexer, base) || is_class(*lexer->at, CLASS_LETTER | CLASS_DIGIT))
        reject_number(lexer, token, start, messages[base]);
    else
        set_integer(lexer, token, digits, base);
}

static int prefix_base(const char *at)
{
    if (at[0] != '0') return 10;
    switch (at[1] | 0x20) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return 10;
    }
}

// The fraction and exponent of a Float; false when they are malformed. *is_float tells whether
// there is one.
static bool skip_fraction(Lexer *lexer, bool *is_float)
{
    if (lexer->at[0] == '.' && is_class(lexer->at[1], CLASS_DIGIT)) {
        lexer->at++;
        *is_float = true;
        if (!skip_digits(lexer, 10)) return false;
    }
    if ((*lexer->at | 0x20) == 'e') {
        lexer->at++;
        *is_float = true;
        if (*lexer->at == '+' || *lexer->at == '-') lexer->at++;
        if (!skip_digits(lexer, 10)) return false;
    }
    return true;
}

static bool has_leading_zero(const Lexer *lexer, const char *start)
{
    if (*start != '0') return false;
    for (const char *at = start; at < lexer->at; at++)
        if (*at != '0' && *at != '_') return true;
    return false;
}

static void lex_number(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    int base = prefix_base(start);
    if (base != 10) {
        lex_prefixed(lexer, token, base);
        return;
    }
    bool is_float = false;
    if (!skip_digits(lexer, 10) || !skip_fraction(lexer, &is_float)) {
        reject_number(lexer, token, start, "this number is malformed");
    } else if (is_class(*lexer->at, CLASS_LETTER | CLASS_DIGIT | CLASS_HIGH)) {
        reject_number(lexer, token, start, "letters cannot follow a number directly");
    } else if (is_float) {
        token->kind = TOK_FLOAT;
        token->as.number = strtod(copy_digits(lexer, start), NULL);
    } else if (has_leading_zero(lexer, start)) {
        reject_number(lexer, token, start, "a number cannot begin with 0");
        suggest(lexer, "octal numbers are written `0o17`");
    } else {
        set_integer(lexer, token, start, 10);
    }
}

// ---- strings ------------------------------------------------------------------------------------

// How a string literal is written.
typedef struct Quotes {
    char mark; // " or '
    bool is_triple;
    bool is_raw;
    bool has_fields; // f"…"
} Quotes;

// A part of an f-string that is being read. Frames never change once made, so that a copied Lexer
// stays valid.
struct FFrame {
    FFrame *outer;
    enum { FRAME_TEXT, FRAME_FIELD, FRAME_SPEC } kind;
    Quotes quotes;
    const char *start;       // the string's opening quotes, or the field's `{`
    uint32_t outer_brackets; // Lexer.brackets to come back to
    Line line;               // the line to come back to
};

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
    report(lexer, span, "%s", message);
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
    if (!quotes.is_triple || !lexer->may_go_on) report(lexer, span, "this string is never closed");
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

// Reports the innermost part of an f-string that is not closed, and leaves the string.
static void abandon_fstring(Lexer *lexer, Token *token)
{
    const FFrame *frame = lexer->frame;
    Quotes quotes = frame->quotes;
    token->kind = TOK_ERROR;
    if (frame->kind == FRAME_TEXT) {
        report_unclosed_string(lexer, frame->start, quotes);
    } else {
        Span span = {offset_of(lexer, frame->start), offset_of(lexer, frame->start) + 1};
        lexer->is_unfinished |= quotes.is_triple;
        if (!quotes.is_triple || !lexer->may_go_on) report(lexer, span, "this `{` is never closed");
        if (is_at_closing_quotes(lexer->at, quotes)) lexer->at += quotes.is_triple ? 3 : 1;
    }
    while (lexer->frame->kind != FRAME_TEXT)
        pop_frame(lexer);
    pop_frame(lexer);
}

// A single-line f-string whose line ended inside a field. The token that stands here begins a line
// nevertheless.
static void abandon_fstring_at_line(Lexer *lexer, Token *token)
{
    Line line = lexer->line;
    abandon_fstring(lexer, token);
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
        report(lexer, span_from(lexer, start), "a `}` in an f-string that closes nothing");
        suggest(lexer, "for the character itself write `}}`");
    } else if (lexer->at < lexer->end && *start != '\n' && frame->kind == FRAME_TEXT) {
        token->kind = TOK_FSTRING_END;
        lexer->at += frame->quotes.is_triple ? 3 : 1;
        pop_frame(lexer);
    } else {
        abandon_fstring(lexer, token);
    }
}

static void lex_fstring_text(Lexer *lexer, Token *token)
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

// Inside a field, outside its brackets: the tokens that belong to the f-string. False when there is
// none here.
static bool lex_field_mark(Lexer *lexer, Token *token)
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
        abandon_fstring(lexer, token);
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
static bool lex_string(Lexer *lexer, Token *token)
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

// ---- operators ----------------------------------------------------------------------------------

// Habits of other languages that are clear enough to go on with.
typedef struct Habit {
    const char *text;
    TokenKind meant;
} Habit;

static const Habit habits[] = {
    {"===", TOK_EQUAL_EQUAL}, {"!==", TOK_NOT_EQUAL}, {"&&", TOK_AND},
    {"||", TOK_OR},           {"<>", TOK_NOT_EQUAL},
};

static bool lex_habit(Lexer *lexer, Token *token)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        size_t size = strlen(habits[i].text);
        if (strncmp(lexer->at, habits[i].text, size) != 0) continue;
        const char *start = lexer->at;
        lexer->at += size;
        token->kind = (uint8_t)habits[i].meant;
        if (token_is_word(token->kind))
            token->as.name = name_from(lexer->names, token_text(token->kind));
        report(lexer, span_from(lexer, start), "there is no operator `%s`", habits[i].text);
        if (!lexer->is_muted) diag_help(lexer->diags, "write `%s`", token_text(habits[i].meant));
        return true;
    }
    return false;
}

static void take(Lexer *lexer, Token *token, int size, TokenKind kind)
{
    lexer->at += size;
    token->kind = (uint8_t)kind;
}

// An operator [one] that may be doubled, and either followed by `=`.
static void lex_doubled(Lexer *lexer, Token *token, TokenKind one, TokenKind one_equal,
                        TokenKind two, TokenKind two_equal)
{
    char byte = *lexer->at;
    if (lexer->at[1] == byte)
        lexer->at[2] == '=' ? take(lexer, token, 3, two_equal) : take(lexer, token, 2, two);
    else
        lexer->at[1] == '=' ? take(lexer, token, 2, one_equal) : take(lexer, token, 1, one);
}

// An operator that may be followed by `=`.
static void lex_equal(Lexer *lexer, Token *token, TokenKind one, TokenKind one_equal)
{
    lexer->at[1] == '=' ? take(lexer, token, 2, one_equal) : take(lexer, token, 1, one);
}

static void lex_bracket(Lexer *lexer, Token *token, TokenKind kind)
{
    bool opens = kind == TOK_LEFT_PAREN || kind == TOK_LEFT_SQUARE || kind == TOK_LEFT_BRACE;
    if (opens)
        lexer->brackets++;
    else if (lexer->brackets > 0)
        lexer->brackets--;
    take(lexer, token, 1, kind);
}

static void lex_dots(Lexer *lexer, Token *token)
{
    if (lexer->at[1] != '.')
        take(lexer, token, 1, TOK_DOT);
    else if (lexer->at[2] != '.')
        take(lexer, token, 2, TOK_DOT_DOT);
    else
        take(lexer, token, 3, TOK_ELLIPSIS);
}

static const char *help_for_character(int32_t character)
{
    switch (character) {
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x2018:
    case 0x2019:
        return "strings stand in straight quotes: \"…\" or '…'";
    case 0xA0:
    case 0x3000:
    case 0x200B:
    case 0xFEFF:
        return "it looks like a blank but is none; replace it by one";
    case 0x2212:
    case 0x2013:
    case 0x2014:
        return "write `-`";
    case 0xD7:
        return "write `*`";
    case '@':
        return "there are no decorators; call the function: `f = decorate(f)`";
    case '$':
        return "variables are written without `$`";
    default:
        return NULL;
    }
}

// Does a name begin here, with a letter outside ASCII?
static bool is_high_word(const Lexer *lexer)
{
    int32_t character;
    return decode(lexer, lexer->at, &character) > 0 && is_letter(character);
}

// What no token begins with. A run of such characters on a line is one mistake.
static void lex_unknown(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    int32_t character = (unsigned char)*start;
    uint32_t size = decode(lexer, start, &character);
    token->kind = TOK_ERROR;
    lexer->at += size ? size : 1;
    if (size == 0 || character == 0) return; // check_encoding has reported it
    if (character < 0x20 || (character >= 0x7F && character < 0xA0))
        report(lexer, span_from(lexer, start), "a control character (U+%04X) cannot stand here",
               (unsigned)character);
    else
        report(lexer, span_from(lexer, start), "`%.*s` cannot stand here", (int)size, start);
    suggest(lexer, help_for_character(character));
    while (is_class(*lexer->at, CLASS_HIGH) && !is_high_word(lexer))
        lexer->at++;
}

static void lex_backslash(Lexer *lexer, Token *token)
{
    const char *start = lexer->at++;
    token->kind = TOK_ERROR;
    report(lexer, span_from(lexer, start), "a `\\` joins two lines only at the end of a line");
}

static void lex_operator(Lexer *lexer, Token *token)
{
    const char *at = lexer->at;
    switch (*at) {
    case '(':
        return lex_bracket(lexer, token, TOK_LEFT_PAREN);
    case ')':
        return lex_bracket(lexer, token, TOK_RIGHT_PAREN);
    case '[':
        return lex_bracket(lexer, token, TOK_LEFT_SQUARE);
    case ']':
        return lex_bracket(lexer, token, TOK_RIGHT_SQUARE);
    case '{':
        return lex_bracket(lexer, token, TOK_LEFT_BRACE);
    case '}':
        return lex_bracket(lexer, token, TOK_RIGHT_BRACE);
    case ',':
        return take(lexer, token, 1, TOK_COMMA);
    case ':':
        return take(lexer, token, 1, TOK_COLON);
    case ';':
        return take(lexer, token, 1, TOK_SEMICOLON);
    case '~':
        return take(lexer, token, 1, TOK_TILDE);
    case '?':
        return take(lexer, token, 1, TOK_QUESTION);
    case '.':
        return lex_dots(lexer, token);
    case '=':
        if (at[1] == '>') return take(lexer, token, 2, TOK_FAT_ARROW);
        if (at[1] == '=' && at[2] == '=' && lex_habit(lexer, token)) return;
        return lex_equal(lexer, token, TOK_EQUAL, TOK_EQUAL_EQUAL);
    case '!':
        if (at[1] == '=' && at[2] == '=' && lex_habit(lexer, token)) return;
        return lex_equal(lexer, token, TOK_BANG, TOK_NOT_EQUAL);
    case '-':
        if (at[1] == '>') return take(lexer, token, 2, TOK_ARROW);
        return lex_equal(lexer, token, TOK_MINUS, TOK_MINUS_EQUAL);
    case '+':
        return lex_equal(lexer, token, TOK_PLUS, TOK_PLUS_EQUAL);
    case '%':
        return lex_equal(lexer, token, TOK_PERCENT, TOK_PERCENT_EQUAL);
    case '^':
        return lex_equal(lexer, token, TOK_CARET, TOK_CARET_EQUAL);
    case '&':
        if (lex_habit(lexer, token)) return;
        return lex_equal(lexer, token, TOK_AMP, TOK_AMP_EQUAL);
    case '|':
        if (lex_habit(lexer, token)) return;
        return lex_equal(lexer, token, TOK_PIPE, TOK_PIPE_EQUAL);
    case '*':
        return lex_doubled(lexer, token, TOK_STAR, TOK_STAR_EQUAL, TOK_STAR_STAR,
                           TOK_STAR_STAR_EQUAL);
    case '/':
        return lex_doubled(lexer, token, TOK_SLASH, TOK_SLASH_EQUAL, TOK_SLASH_SLASH,
                           TOK_SLASH_SLASH_EQUAL);
    case '<':
        if (at[1] == '>' && lex_habit(lexer, token)) return;
        return lex_doubled(lexer, token, TOK_LESS, TOK_LESS_EQUAL, TOK_SHIFT_LEFT,
                           TOK_SHIFT_LEFT_EQUAL);
    case '>':
        return lex_doubled(lexer, token, TOK_GREATER, TOK_GREATER_EQUAL, TOK_SHIFT_RIGHT,
                           TOK_SHIFT_RIGHT_EQUAL);
    case '\\':
        return lex_backslash(lexer, token);
    default:
        return lex_unknown(lexer, token);
    }
}

// ---- the door -----------------------------------------------------------------------------------

static void lex_end(Lexer *lexer, Token *token)
{
    if (lexer->frame) {
        abandon_fstring(lexer, token);
        return;
    }
    token->kind = TOK_EOF;
    token->is_first_on_line = true;
    token->line = (Line){0, lexer->source->size};
}

static void lex_code(Lexer *lexer, Token *token)
{
    char byte = *lexer->at;
    if (byte == '"' || byte == '\'' || is_class(byte, CLASS_LETTER)) {
        char letter = byte | 0x20;
        bool may_be_string = !is_class(byte, CLASS_LETTER) || letter == 'r' || letter == 'f';
        if (!may_be_string || !lex_string(lexer, token)) lex_word(lexer, token);
    } else if (is_class(byte, CLASS_DIGIT)) {
        lex_number(lexer, token);
    } else if (is_class(byte, CLASS_HIGH) && is_high_word(lexer)) {
        lex_word(lexer, token);
    } else {
        lex_operator(lexer, token);
    }
}

void lexer_next(Lexer *lexer, Token *token)
{
    bool is_text = lexer->frame && lexer->frame->kind != FRAME_FIELD;
    lexer->comment_column = 0;
    if (!is_text) skip_blanks(lexer);
    token->comment_column = lexer->comment_column;
    token->is_first_on_line = lexer->is_line_start && !is_text;
    if (token->is_first_on_line) lexer->line.column = measure_indent(lexer);
    lexer->is_line_start = false;
    token->is_raw = false;
    token->line = lexer->line;
    const char *start = lexer->at;
    if (is_text)
        lex_fstring_text(lexer, token);
    else if (lexer->at >= lexer->end)
        lex_end(lexer, token);
    else if (lexer->frame && token->is_first_on_line && !lexer->frame->quotes.is_triple)
        abandon_fstring_at_line(lexer, token);
    else if (!lexer->frame || !lex_field_mark(lexer, token))
        lex_code(lexer, token);
    token->span = span_from(lexer, start);
}

// ---- printing -----------------------------------------------------------------------------------

static void print_token(Source *source, const Token *token, FILE *out)
{
    Position position = source_position(source, token->span.start);
    char place[32];
    snprintf(place, sizeof place, "%u:%u", position.line, position.column);
    fprintf(out, "%-8s %-13s ", place, rows[token->kind].kind);
    if (token->kind == TOK_STRING || token->kind == TOK_FSTRING_TEXT)
        json_write_string(out, token->as.string.bytes);
    else
        fprintf(out, "%.*s", (int)(token->span.end - token->span.start),
                source->text + token->span.start);
    fputc('\n', out);
}

void tokens_print(Arena *arena, Names *names, Diags *diags, Source *source, FILE *out)
{
    Lexer lexer;
    Token token;
    lexer_init(&lexer, arena, names, diags, source);
    do {
        lexer_next(&lexer, &token);
        print_token(source, &token, out);
    } while (token.kind != TOK_EOF);
}
