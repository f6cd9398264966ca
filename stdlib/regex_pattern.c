// Patterns and searching: PCRE2 at work.
//
// A pattern given as a text is looked up in a table of those used before, so a loop that passes the
// same text compiles once. From its second use on a pattern is machine code. Limits turn a pattern
// that would try for ever into a TimeoutError, and one that would need the machine's memory into a
// MemoryError.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "regex.h"

#include <pcre2.h>
#include <string.h>

#define REMEMBERED     64 // patterns given as texts
#define MATCH_LIMIT    5000000
#define HEAP_LIMIT_KIB (64 * 1024)
#define JIT_STACK_MIN  (32 * 1024)
#define JIT_STACK_MAX  (64 * 1024 * 1024)
#define LONG_TEXT      4096 // worth machine code at once

// What all patterns share, made on first use and kept in tb_rt. PCRE2's own blocks come from
// malloc.
struct tb_regex {
    pcre2_compile_context *compiling;
    pcre2_match_context *matching;
    pcre2_jit_stack *jit_stack;
    tb_pattern *remembered[REMEMBERED];
};

// Neither returns NULL for want of memory here and goes on: that is a MemoryError.
static struct tb_regex *shared(void)
{
    struct tb_regex *regex = tb_rt.regex;
    if (regex) return regex;
    regex = tb_alloc(sizeof *regex);
    if (!regex) return NULL;
    regex->compiling = pcre2_compile_context_create(NULL);
    regex->matching = pcre2_match_context_create(NULL);
    regex->jit_stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    if (!regex->compiling || !regex->matching) return tb_gc_raise(sizeof *regex);
    pcre2_set_newline(regex->compiling, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(regex->compiling, 1000);
    pcre2_set_match_limit(regex->matching, MATCH_LIMIT);
    pcre2_set_heap_limit(regex->matching, HEAP_LIMIT_KIB);
    if (regex->jit_stack) pcre2_jit_stack_assign(regex->matching, NULL, regex->jit_stack);
    return tb_rt.regex = regex;
}

// --------------------------------------------------------------------------------------- compiling

static uint32_t compile_options(int64_t flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_ALT_CIRCUMFLEX;
    if (!(flags & TB_REGEX_ASCII)) options |= PCRE2_UCP;
    if (flags & TB_REGEX_IGNORECASE) options |= PCRE2_CASELESS;
    if (flags & TB_REGEX_MULTILINE) options |= PCRE2_MULTILINE;
    if (flags & TB_REGEX_DOTALL) options |= PCRE2_DOTALL;
    return options;
}

// What PCRE2 still finds wrong with a pattern.
static pcre2_code *raise_bad(tb_str *source, int code)
{
    PCRE2_UCHAR message[160];
    if (code == PCRE2_ERROR_HEAP_FAILED) return tb_gc_raise((size_t)source->size);
    if (pcre2_get_error_message(code, message, sizeof message) < 0) *message = 0;
    tb_raise_error(&tb_error_value, "%s in the pattern %V", (const char *)message,
                   TB_OBJECT(source));
    return NULL;
}

static pcre2_code *compile(tb_str *source, const tb_regex_syntax *syntax)
{
    struct tb_regex *regex = shared();
    int code;
    PCRE2_SIZE offset;
    if (!regex) return NULL;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)syntax->text->data, (PCRE2_SIZE)syntax->text->size,
                      compile_options(syntax->flags), &code, &offset, regex->compiling);
    return compiled ? compiled : raise_bad(source, code);
}

// The finalizer of a pattern.
static void drop_pattern(void *object)
{
    tb_pattern *pattern = object;
    pcre2_code_free(pattern->code);
    pcre2_match_data_free(pattern->data);
}

tb_pattern *tb_regex_compile(tb_str *source, int64_t flags)
{
    tb_regex_syntax syntax;
    if (flags & ~(int64_t)TB_REGEX_ALL_FLAGS) {
        tb_raise_error(&tb_error_value, "%lld has flags no pattern knows", (long long)flags);
        return NULL;
    }
    if (tb_regex_translate(source, flags, &syntax) < 0) return NULL;
    tb_pattern *pattern = tb_alloc(sizeof *pattern);
    if (!pattern) return NULL;
    *pattern = (tb_pattern){.cls = &tb_pattern_class,
                            .source = source,
                            .flags = flags,
                            .group_count = syntax.group_count,
                            .names = syntax.names};
    pattern->code = compile(source, &syntax);
    if (!pattern->code) return NULL;
    tb_gc_on_drop(pattern, drop_pattern);
    return pattern;
}

// --------------------------------------------------------------------------------------
// remembering

static tb_pattern *remembered(tb_str *source, int64_t flags)
{
    struct tb_regex *regex = shared();
    if (!regex) return NULL;
    size_t place = (tb_str_hash(source) ^ (uint64_t)flags) % REMEMBERED;
    tb_pattern *pattern = regex->remembered[place];
    if (pattern && pattern->flags == flags && tb_str_equal(pattern->source, source)) return pattern;
    pattern = tb_regex_compile(source, flags);
    if (pattern) regex->remembered[place] = pattern;
    return pattern;
}

tb_pattern *tb_regex_pattern_of(tb_value pattern, int64_t flags)
{
    if (TB_IS_STR(pattern)) return remembered(TB_AS_STR(pattern), flags);
    if (!TB_IS(pattern, &tb_pattern_class)) {
        tb_raise_error(&tb_error_type, "a pattern must be a Pattern or String, not %T", pattern);
        return NULL;
    }
    if (flags == 0) return TB_AS_PATTERN(pattern);
    tb_raise_error(&tb_error_value, "flags go to `compile`: the pattern is compiled already");
    return NULL;
}

int64_t tb_regex_group(const tb_pattern *pattern, tb_value group)
{
    tb_value known = TB_IS_STR(group) ? tb_dict_find(pattern->names, group) : TB_MISSING;
    if (known != TB_MISSING) return known == TB_PENDING ? -1 : TB_INT62_GET(known);
    int64_t number = tb_arg_whole(group, TB_PLACE("group", "group_num"));
    if (number == INT64_MIN) return -1;
    if (number >= 0 && number <= pattern->group_count) return number;
    tb_raise_error(&tb_error_index, "there is no group %lld in the pattern %V", (long long)number,
                   TB_OBJECT(pattern->source));
    return -1;
}

// --------------------------------------------------------------------------------------- searching

// Machine code for a pattern that is used again or on a long text. Without it the pattern is
// interpreted, which gives the same results.
static void speed_up(tb_pattern *pattern, const tb_str *text)
{
    int was_once = pattern->use_count == 0 && text->size < LONG_TEXT;
    int is_done = pattern->use_count >= 2;
    if (!is_done) pattern->use_count = was_once ? 1 : 2;
    if (!is_done && !was_once) pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
}

int tb_search_begin(tb_search *search, tb_pattern *pattern, tb_str *text, tb_regex_place place)
{
    *search = (tb_search){.pattern = pattern, .text = text, .place = place};
    speed_up(pattern, text);
    search->data = pattern->data;
    pattern->data = NULL;
    if (!search->data) search->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (!search->data) {
        tb_gc_raise((size_t)pattern->group_count);
        return -1;
    }
    search->offsets = pcre2_get_ovector_pointer(search->data);
    return 0;
}

void tb_search_end(tb_search *search)
{
    tb_pattern *pattern = search->pattern;
    if (pattern->data)
        pcre2_match_data_free(search->data); // another search with this pattern ended meanwhile
    else
        pattern->data = search->data;
    search->data = NULL;
}

static int raise_match(const tb_search *search, int code)
{
    tb_value source = TB_OBJECT(search->pattern->source);
    switch (code) {
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
        tb_raise_error(&tb_error_timeout,
                       "the pattern %V can match in too many ways: trying them was given up",
                       source);
        break;
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
    case PCRE2_ERROR_NOMEMORY:
        tb_raise_error(&tb_error_memory, "the pattern %V needs too much memory on this text",
                       source);
        break;
    default: {
        PCRE2_UCHAR message[160];
        if (pcre2_get_error_message(code, message, sizeof message) < 0) *message = 0;
        tb_raise_error(&tb_error_value, "%s with the pattern %V", (const char *)message, source);
    }
    }
    return -1;
}

static uint32_t match_options(const tb_search *search)
{
    static const uint32_t places[] = {
        [TB_REGEX_ANYWHERE] = 0,
        [TB_REGEX_AT_START] = PCRE2_ANCHORED,
        [TB_REGEX_WHOLE] = PCRE2_ANCHORED | PCRE2_ENDANCHORED,
    };
    uint32_t options = places[search->place] | PCRE2_NO_UTF_CHECK;
    return search->was_empty ? options | PCRE2_NOTEMPTY_ATSTART : options;
}

int tb_search_next(tb_search *search)
{
    if (TB_UNLIKELY(tb_rt.interrupted) && tb_interrupt() == TB_PENDING) return -1;
    int code = pcre2_match(search->pattern->code, (PCRE2_SPTR)search->text->data,
                           (PCRE2_SIZE)search->text->size, search->at, match_options(search),
                           search->data, tb_rt.regex->matching);
    if (code == PCRE2_ERROR_NOMATCH) return 0;
    if (code < 0) return raise_match(search, code);
    search->at = search->offsets[1];
    search->was_empty = search->offsets[0] == search->offsets[1];
    return 1;
}

tb_value tb_search_group(const tb_search *search, int64_t group)
{
    size_t start = search->offsets[2 * group], end = search->offsets[2 * group + 1];
    if (start == TB_REGEX_UNSET) return TB_NONE_VALUE;
    return TB_VALUE_OF(tb_str_part(search->text, (int64_t)start, (int64_t)(end - start)));
}
