// Regular expressions: what the parts of the library share.
//
// Patterns are written in Python's dialect. regex_syntax.c turns one into what PCRE2 understands;
// regex_pattern.c compiles it (PCRE2 with UTF and UCP, machine code for patterns used again) and
// searches; regex_match.c holds what was found; regex_template.c is the replacement text of `sub`.
// Offsets are in bytes here, and in code points in what programs see.
#ifndef STDLIB_REGEX_H
#define STDLIB_REGEX_H

#include "native.h"

enum {
    TB_REGEX_IGNORECASE = 2,
    TB_REGEX_MULTILINE = 8,
    TB_REGEX_DOTALL = 16,
    TB_REGEX_UNICODE = 32, // always so, unless ASCII is asked for
    TB_REGEX_VERBOSE = 64,
    TB_REGEX_ASCII = 256,
    TB_REGEX_ALL_FLAGS = 2 | 8 | 16 | 32 | 64 | 256
};

// ------------------------------------------------------------------------------------------ syntax

// A pattern as PCRE2 writes it. All its groups are numbered; the names are kept here.
typedef struct tb_regex_syntax {
    tb_str *text;
    int64_t flags;       // those given and those the pattern begins with
    int64_t group_count; // without the whole match
    tb_dict *names;      // name -> number
} tb_regex_syntax;

// Translates [pattern]. 0, or -1: ValueError that says what is wrong and where, or MemoryError.
int tb_regex_translate(tb_str *pattern, int64_t flags, tb_regex_syntax *out);

// ---------------------------------------------------------------------------------------- patterns

// How a match must lie.
typedef enum tb_regex_place {
    TB_REGEX_ANYWHERE,
    TB_REGEX_AT_START, // begins where the text begins
    TB_REGEX_WHOLE,    // and ends where it ends
    TB_REGEX_PLACES
} tb_regex_place;

// A compiled pattern, a value of class Pattern. What PCRE2 makes of it comes from malloc and is
// given back by a finalizer.
typedef struct tb_pattern {
    tb_class *cls;
    tb_str *source;
    int64_t flags; // as given
    tb_regex_syntax syntax;
    struct tb_regex_code {
        struct pcre2_real_code_8 *code; // NULL: not needed so far
        int is_machine_code;
        int64_t use_count;
    } codes[TB_REGEX_PLACES]; // one for each tb_regex_place
} tb_pattern;

extern tb_class tb_pattern_class, tb_match_class; // Pattern, Match

#define TB_AS_PATTERN(v) TB_PTR(tb_pattern, v)

// A Pattern of its own. NULL: ValueError for a bad pattern or unknown flags.
tb_pattern *tb_regex_compile(tb_str *source, int64_t flags);

// The Pattern that the argument [pattern], a Pattern or a String, stands for; those of Strings are
// remembered for the next time. NULL: raised.
tb_pattern *tb_regex_pattern_of(tb_value pattern, int64_t flags);

// The group that [group], an Int or a name, means. -1: IndexError (no such group), ValueError or
// TypeError.
int64_t tb_regex_group(const tb_pattern *pattern, tb_value group);

// --------------------------------------------------------------------------------------- searching

// One pass over a text, from match to match. After an empty match the next one may begin at the
// same place but not be empty there; after any other, it begins where that ended.
typedef struct tb_search {
    tb_pattern *pattern;
    tb_str *text;
    const struct tb_regex_code *code;
    struct pcre2_real_match_data_8 *data;
    const size_t *offsets; // of group g in bytes: [2 * g], [2 * g + 1]; TB_REGEX_UNSET when it took
                           // no part
    size_t at;
    int was_empty;
} tb_search;

#define TB_REGEX_UNSET SIZE_MAX

// Every search that has begun must be ended, also after a failure. 0, or -1: MemoryError.
int tb_search_begin(tb_search *search, tb_pattern *pattern, tb_str *text, tb_regex_place place);
// 1: the next match is in `offsets`; 0: there is none; -1: raised. TimeoutError when the pattern
// tries too many ways to match.
int tb_search_next(tb_search *search);
void tb_search_end(tb_search *search);

// The text of [group] in the match just found; None when it took no part. TB_PENDING: MemoryError.
tb_value tb_search_group(const tb_search *search, int64_t group);

// ----------------------------------------------------------------------------------------- matches

// What was found, a value of class Match.
typedef struct tb_match {
    tb_class *cls;
    tb_pattern *pattern;
    tb_str *text;
    int64_t offsets[]; // as in a tb_search; -1: took no part
} tb_match;

#define TB_AS_MATCH(v) TB_PTR(tb_match, v)

// The match just found. TB_PENDING: MemoryError.
tb_value tb_match_new(const tb_search *search);

// --------------------------------------------------------------------------------------- templates

// What each match is replaced by: a text with references to groups, or a function of the match.
typedef struct tb_template {
    tb_value function; // TB_MISSING: none
    tb_str *literal;   // the same text for every match; NULL: see parts
    struct tb_template_part *parts;
    int64_t count;
    int64_t capacity;
} tb_template;

// Reads [repl]: a function is called with each Match; of anything else the text is a template.
// 0, or -1: ValueError for an unknown group or escape.
int tb_template_read(tb_template *out, const tb_pattern *pattern, tb_value repl);

// Adds what replaces the match just found. 0, or -1: raised; [text] is then dropped.
int tb_template_add(const tb_template *template, tb_text *text, const tb_search *search);

#endif
