// Finding words in an entry for colours, brackets and completion.
#include "repl_words.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static const char *const keywords[] = {
#define TOKEN(kind, text, group) GROUP_##group(text)
#define GROUP_SPECIAL(text)
#define GROUP_OPERATOR(text)
#define GROUP_WORD(text)    text,
#define GROUP_KEYWORD(text) text,
#include "token.def"
#undef TOKEN
#undef GROUP_SPECIAL
#undef GROUP_OPERATOR
#undef GROUP_WORD
#undef GROUP_KEYWORD
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof *keywords };

bool words_is_keyword(const char *text, size_t size)
{
    for (int i = 0; i < KEYWORD_COUNT; i++)
        if (strlen(keywords[i]) == size && memcmp(keywords[i], text, size) == 0) return true;
    return false;
}

void words_each_keyword(void (*each)(void *data, const char *word), void *data)
{
    for (int i = 0; i < KEYWORD_COUNT; i++)
        each(data, keywords[i]);
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || (byte & 0x80);
}

// The end of the string whose quotes begin at [at].
static size_t string_end(const char *text, size_t size, size_t at, bool is_raw, WordKind *kind)
{
    char quote = text[at];
    bool is_long = at + 2 < size && text[at + 1] == quote && text[at + 2] == quote;
    for (at += is_long ? 3 : 1; at < size; at++) {
        if (text[at] == '\\' && !is_raw) {
            at++;
        } else if (text[at] == quote && !is_long) {
            return at + 1;
        } else if (is_long && at + 2 < size &&
                   memcmp(text + at, (char[]){quote, quote, quote}, 3) == 0) {
            return at + 3;
        } else if (text[at] == '\n' && !is_long) {
            break;
        }
    }
    *kind = WORD_UNCLOSED;
    return at < size ? at : size;
}

static size_t comment_end(const char *text, size_t size, size_t at)
{
    if (text[at] == '#') {
        const char *newline = memchr(text + at, '\n', size - at);
        return newline ? (size_t)(newline - text) : size;
    }
    for (at += 2; at + 1 < size; at++)
        if (text[at] == '*' && text[at + 1] == '/') return at + 2;
    return size;
}

static size_t number_end(const char *text, size_t size, size_t at)
{
    while (at < size) {
        bool is_point = text[at] == '.' && at + 1 < size && isdigit((unsigned char)text[at + 1]);
        bool is_sign = (text[at] == '-' || text[at] == '+') && (text[at - 1] | 32) == 'e' &&
                       at + 1 < size && isdigit((unsigned char)text[at + 1]);
        if (!is_name_byte(text[at]) && !is_point && !is_sign) break;
        at++;
    }
    return at;
}

// A name, a keyword, or a string with a prefix.
static void take_name(const char *text, size_t size, Word *word)
{
    size_t at = word->start;
    while (at < size && is_name_byte(text[at]))
        at++;
    size_t length = at - word->start;
    bool is_prefix = length <= 2 && strspn(text + word->start, "rRfFbB") >= length;
    if (is_prefix && at < size && (text[at] == '"' || text[at] == '\'')) {
        word->kind = WORD_STRING;
        bool is_raw = memchr(text + word->start, 'r', length) != NULL;
        word->end = string_end(text, size, at, is_raw, &word->kind);
        return;
    }
    bool is_member = word->start > 0 && text[word->start - 1] == '.';
    bool is_keyword = !is_member && words_is_keyword(text + word->start, length);
    word->kind = is_keyword ? WORD_KEYWORD : WORD_NAME;
    word->end = at;
}

bool words_next(const char *text, size_t size, Word *word)
{
    size_t at = word->start = word->end;
    if (at >= size) return false;
    bool is_comment = text[at] == '#' || (text[at] == '/' && at + 1 < size && text[at + 1] == '*');
    word->kind = WORD_OTHER;
    word->end = at + 1;
    if (is_comment) {
        word->kind = WORD_COMMENT;
        word->end = comment_end(text, size, at);
    } else if (text[at] == '"' || text[at] == '\'') {
        word->kind = WORD_STRING;
        word->end = string_end(text, size, at, false, &word->kind);
    } else if (isdigit((unsigned char)text[at])) {
        word->kind = WORD_NUMBER;
        word->end = number_end(text, size, at);
    } else if (is_name_byte(text[at])) {
        take_name(text, size, word);
    }
    return true;
}

Word words_at(const char *text, size_t size, size_t at)
{
    Word word = {0};
    while (words_next(text, size, &word))
        if (word.end >= at) return word;
    return (Word){size, size, WORD_OTHER};
}

// ---- brackets -----------------------------------------------------------------------------------

enum { DEEPEST = 256 };

size_t words_partner(const char *text, size_t size, size_t at)
{
    size_t open[DEEPEST];
    int depth = 0;
    Word word = {0};
    while (words_next(text, size, &word)) {
        if (word.kind != WORD_OTHER) continue;
        char bracket = text[word.start];
        if (strchr("([{", bracket)) {
            if (depth == DEEPEST) return SIZE_MAX;
            open[depth++] = word.start;
        } else if (strchr(")]}", bracket)) {
            size_t partner = depth ? open[--depth] : SIZE_MAX;
            char wanted = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
            if (partner != SIZE_MAX && text[partner] != wanted) partner = SIZE_MAX;
            if (word.start == at) return partner;
            if (partner == at) return word.start;
        }
    }
    return SIZE_MAX;
}

size_t words_open_bracket(const char *text, size_t at)
{
    size_t open[DEEPEST];
    int depth = 0;
    Word word = {0};
    while (words_next(text, at, &word)) {
        if (word.kind != WORD_OTHER) continue;
        if (strchr("([{", text[word.start]) && depth < DEEPEST) open[depth++] = word.start;
        if (strchr(")]}", text[word.start]) && depth) depth--;
    }
    return depth ? open[depth - 1] : SIZE_MAX;
}
