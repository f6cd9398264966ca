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

// What all patterns share, made on first use and kept in tb_rt.
struct tb_regex {
    pcre2_compile_context *compiling;
    pcre2_match_context *matching;
    pcre2_match_data *data; // for the next search; NULL while one uses it
    uint32_t data_groups;   // that it has room for
    tb_pattern *remembered[REMEMBERED];
};

// Compiled patterns lie in the collector's memory, so that it sees what they take.
static void *take_block(size_t size, void *nothing)
{
    (void)nothing;
    return tb_alloc(size);
}

static void give_block(void *block, void *nothing)
{
    (void)nothing;
    tb_free(block);
}

static struct tb_regex *shared(void)
{
    struct tb_regex *regex = tb_rt.regex;
    if (regex) return regex;
    regex = tb_alloc(sizeof *regex);
    pcre2_general_context *memory = pcre2_general_context_create(take_block, give_block, NULL);
    if (!regex || !memory) return tb_gc_raise(sizeof *regex);
    regex->compiling = pcre2_compile_context_create(memory);
    regex->matching = pcre2_match_context_create(memory);
    if (!regex->compiling || !regex->matching) return tb_gc_raise(sizeof *regex);
    pcre2_set_newline(regex->compiling, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(regex->compiling, 1000);
    pcre2_set_match_limit(regex->matching, MATCH_LIMIT);
    pcre2_set_heap_limit(regex->matching, HEAP_LIMIT_KIB);
    pcre2_jit_stack *stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    if (stack) pcre2_jit_stack_assign(regex->matching, NULL, stack);
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

// PCRE2's form of a pattern whose matches lie at [place].
static pcre2_code *compile(const tb_pattern *pattern, tb_regex_place place)
{
    static const uint32_t places[] = {
        [TB_REGEX_ANYWHERE] = 0,
        [TB_REGEX_AT_START] = PCRE2_ANCHORED,
        [TB_REGEX_WHOLE] = PCRE2_ANCHORED | PCRE2_ENDANCHORED,
    };
    struct tb_regex *regex = shared();
    const tb_regex_syntax *syntax = &pattern->syntax;
    int code;
    PCRE2_SIZE offset;
    if (!regex) return NULL;
    pcre2_code *compiled = pcre2_compile(
        (PCRE2_SPTR)syntax->text->data, (PCRE2_SIZE)syntax->text->size,
        compile_options(syntax->flags) | places[place], &code, &offset, regex->compiling);
    return compiled ? compiled : raise_bad(pattern->source, code);
}

tb_pattern *tb_regex_compile(tb_str *source, int64_t flags)
{
    if (flags & ~(int64_t)TB_REGEX_ALL_FLAGS) {
        tb_raise_error(&tb_error_value, "%lld has flags no pattern knows", (long long)flags);
        return NULL;
    }
    tb_pattern *pattern = tb_alloc(sizeof *pattern);
    if (!pattern) return NULL;
    pattern->cls = &tb_pattern_class;
    pattern->source = source;
    pattern->flags = flags;
    if (tb_regex_translate(source, flags, &pattern->syntax) < 0) return NULL;
    pattern->codes[TB_REGEX_ANYWHERE].code = compile(pattern, TB_REGEX_ANYWHERE);
    return pattern->codes[TB_REGEX_ANYWHERE].code ? pattern : NULL;
}

// ------------------------------------------------------------------------------------- remembering

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
    tb_value known = TB_IS_STR(group) ? tb_dict_find(pattern->syntax.names, group) : TB_MISSING;
    if (known != TB_MISSING) return known == TB_PENDING ? -1 : TB_INT62_GET(known);
    int64_t number = tb_arg_whole(group, TB_PLACE("group", "group_num"));
    if (number == INT64_MIN) return -1;
    if (number >= 0 && number <= pattern->syntax.group_count) return number;
    tb_raise_error(&tb_error_index, "there is no group %lld in the pattern %V", (long long)number,
                   TB_OBJECT(pattern->source));
    return -1;
}

// --------------------------------------------------------------------------------------- searching

// The finalizer of a pattern with machine code, which lies outside the collector's memory.
static void drop_machine_code(void *object)
{
    tb_pattern *pattern = object;
    for (int i = 0; i < TB_REGEX_PLACES; i++)
        pcre2_code_free(pattern->codes[i].code);
}

// The form for matches at [place], as machine code when it is used again or on a long text. Without
// that it is interpreted, which gives the same results. NULL: MemoryError.
static const struct tb_regex_code *prepare(tb_pattern *pattern, const tb_str *text,
                                           tb_regex_place place)
{
    struct tb_regex_code *code = &pattern->codes[place];
    if (!code->code) code->code = compile(pattern, place);
    if (!code->code) return NULL;
    int is_due = code->use_count == 1 || (code->use_count == 0 && text->size >= LONG_TEXT);
    if (is_due) code->is_machine_code = pcre2_jit_compile(code->code, PCRE2_JIT_COMPLETE) == 0;
    if (is_due && code->is_machine_code) tb_gc_on_drop(pattern, drop_machine_code);
    if (code->use_count < 2) code->use_count += is_due ? 2 : 1;
    return code;
}

// Room for the offsets of a match: the one kept from the last search, if it is free and large
// enough. It comes from malloc: PCRE2 hides pointers in it. NULL: MemoryError.
static pcre2_match_data *take_data(int64_t group_count)
{
    struct tb_regex *regex = tb_rt.regex;
    uint32_t groups = (uint32_t)group_count + 1;
    pcre2_match_data *data = regex->data;
    regex->data = NULL;
    if (data && regex->data_groups >= groups) return data;
    pcre2_match_data_free(data);
    data = pcre2_match_data_create(groups, NULL);
    return data ? data : tb_gc_raise(groups * sizeof(size_t));
}

static void give_data(pcre2_match_data *data)
{
    struct tb_regex *regex = tb_rt.regex;
    pcre2_match_data_free(regex->data); // of a search inside this one
    regex->data = data;
    regex->data_groups = pcre2_get_ovector_count(data);
}

int tb_search_begin(tb_search *search, tb_pattern *pattern, tb_str *text, tb_regex_place place)
{
    *search = (tb_search){.pattern = pattern, .text = text};
    search->code = prepare(pattern, text, place);
    if (search->code) search->data = take_data(pattern->syntax.group_count);
    if (!search->data) return -1;
    search->offsets = pcre2_get_ovector_pointer(search->data);
    return 0;
}

void tb_search_end(tb_search *search)
{
    give_data(search->data);
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

int tb_search_next(tb_search *search)
{
    if (TB_UNLIKELY(tb_rt.interrupted & TB_DUE) && tb_interrupt() == TB_PENDING) return -1;
    PCRE2_SPTR text = (PCRE2_SPTR)search->text->data;
    PCRE2_SIZE size = (PCRE2_SIZE)search->text->size;
    const pcre2_code *code = search->code->code;
    pcre2_match_context *context = tb_rt.regex->matching;
    uint32_t options = search->was_empty ? PCRE2_NOTEMPTY_ATSTART : 0;
    int found = search->code->is_machine_code
                    ? pcre2_jit_match(code, text, size, search->at, options, search->data, context)
                    : pcre2_match(code, text, size, search->at, options | PCRE2_NO_UTF_CHECK,
                                  search->data, context);
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    if (found < 0) return raise_match(search, found);
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
