// The lexer.
//
// lexer_next skips blanks and comments, notes whether a line began, and dispatches on the first
// byte. Words are interned, and a keyword is known by the token kind stored in its Name, so there
// is no keyword search. Text inside f-strings is read by the same function in another mode: `frame`
// says which part of which string we are in, so strings in fields in strings need no second pass
// and no recursion.

#include "lexer_state.h"

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

const char *token_operation(TokenKind op)
{
    static const char *const names[TOKEN_KIND_COUNT] = {
        [TOK_PLUS] = "add",
        [TOK_MINUS] = "sub",
        [TOK_STAR] = "mul",
        [TOK_SLASH] = "div",
        [TOK_SLASH_SLASH] = "floor_div",
        [TOK_PERCENT] = "mod",
        [TOK_STAR_STAR] = "pow",
        [TOK_AMP] = "bit_and",
        [TOK_PIPE] = "bit_or",
        [TOK_CARET] = "bit_xor",
        [TOK_SHIFT_LEFT] = "shift_left",
        [TOK_SHIFT_RIGHT] = "shift_right",
        [TOK_EQUAL_EQUAL] = "equal",
        [TOK_NOT_EQUAL] = "not_equal",
        [TOK_LESS] = "less",
        [TOK_LESS_EQUAL] = "less_equal",
        [TOK_GREATER] = "greater",
        [TOK_GREATER_EQUAL] = "greater_equal",
    };
    return names[op];
}

const uint8_t lexer_byte_classes[256] = {
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

void lexer_report(const Lexer *lexer, Span span, const char *format, ...)
{
    char message[160];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (!lexer->is_muted)
        diag_error(lexer->diags, lexer->source, span, DIAG_LEXICAL, "%s", message);
}

void lexer_suggest(const Lexer *lexer, const char *help)
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
        lexer_report(lexer, span, "the byte 0x%02X is not UTF-8 text", (unsigned char)*bad);
    }
    const char *nul = memchr(lexer->at, '\0', (size_t)(lexer->end - lexer->at));
    if (nul) {
        Span span = {offset_of(lexer, nul), offset_of(lexer, nul) + 1};
        lexer_report(lexer, span, "a NUL byte cannot stand in a program");
        lexer_suggest(lexer, "inside a string, write `\\0`");
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

// `/* … */`, which may go over lines. What follows one that began a line stands on that line.
static void skip_block_comment(Lexer *lexer)
{
    const char *start = lexer->at;
    bool began_line = lexer->is_line_start;
    for (lexer->at += 2; lexer->at < lexer->end; lexer->at++) {
        if (*lexer->at == '*' && lexer->at[1] == '/') {
            lexer->at += 2;
            return;
        }
        if (*lexer->at != '\n' || began_line) continue;
        lexer->line.start = offset_of(lexer, lexer->at + 1);
        lexer->is_line_start = true;
    }
    lexer->is_unfinished = true;
    Span span = {offset_of(lexer, start), offset_of(lexer, start) + 2};
    if (!lexer->may_go_on) lexer_report(lexer, span, "this comment is never closed by `*/`");
}

static void reject_slash_comment(Lexer *lexer)
{
    Span span = {offset_of(lexer, lexer->at), offset_of(lexer, lexer->at) + 2};
    lexer_report(lexer, span, "a line cannot begin with `//`, which divides");
    lexer_suggest(lexer, "comments start with `#`");
    skip_to_line_end(lexer);
}

// The width of the blanks that a line begins with: the column of its first token, or of the
// comment before that.
static uint32_t measure_indent(Lexer *lexer)
{
    uint32_t column = 0;
    const char *at = lexer->source->text + lexer->line.start;
    for (; at < lexer->at && is_class(*at, CLASS_BLANK); at++) {
        if (*at == '\t') {
            column = (column / TAB_STOP + 1) * TAB_STOP;
            lexer->has_tabs = true;
        } else {
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
            lexer->is_unfinished |= lexer->at >= lexer->end;
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
    lexer_report(lexer, span_from(lexer, start), "%s", message);
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
        lexer_suggest(lexer, "octal numbers are written `0o17`");
    } else {
        set_integer(lexer, token, start, 10);
    }
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
        lexer_report(lexer, span_from(lexer, start), "there is no operator `%s`", habits[i].text);
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
        lexer_report(lexer, span_from(lexer, start),
                     "a control character (U+%04X) cannot stand here", (unsigned)character);
    else
        lexer_report(lexer, span_from(lexer, start), "`%.*s` cannot stand here", (int)size, start);
    lexer_suggest(lexer, help_for_character(character));
    while (is_class(*lexer->at, CLASS_HIGH) && !is_high_word(lexer))
        lexer->at++;
}

static void lex_backslash(Lexer *lexer, Token *token)
{
    const char *start = lexer->at++;
    token->kind = TOK_ERROR;
    lexer_report(lexer, span_from(lexer, start),
                 "a `\\` joins two lines only at the end of a line");
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
        lexer_abandon_fstring(lexer, token);
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
    token->is_in_text = lexer->frame != NULL;
    token->line = lexer->line;
    const char *start = lexer->at;
    if (is_text)
        lex_fstring_text(lexer, token);
    else if (lexer->at >= lexer->end)
        lex_end(lexer, token);
    else if (lexer->frame && token->is_first_on_line && !lexer->frame->quotes.is_triple)
        lexer_abandon_fstring_at_line(lexer, token);
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
