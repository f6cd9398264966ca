// Native half of stdlib/regex.tb: one pass over the text for each function.
#include "regex.h"

#include "build/stdlib/regex.h"
#include "text.h"

#include <string.h>

// A search with arguments as programs give them: the text may be any value. 0, or -1: raised.
static int begin(tb_search *search, tb_value pattern, tb_value string, int64_t flags,
                 tb_regex_place place)
{
    tb_pattern *compiled = tb_regex_pattern_of(pattern, flags);
    if (!compiled) return -1;
    tb_value text = tb_to_str(string);
    if (text == TB_PENDING) return -1;
    return tb_search_begin(search, compiled, TB_AS_STR(text), place);
}

tb_value tb_regex_compiled(tb_value pattern, int64_t flags)
{
    if (TB_IS_STR(pattern)) return TB_VALUE_OF(tb_regex_compile(TB_AS_STR(pattern), flags));
    return TB_VALUE_OF(tb_regex_pattern_of(pattern, flags));
}

// -------------------------------------------------------------------------------------- yes or no,
// one

static int is_found(tb_value pattern, tb_value string, int64_t flags, tb_regex_place place)
{
    tb_search search;
    if (begin(&search, pattern, string, flags, place) < 0) return -1;
    int found = tb_search_next(&search);
    tb_search_end(&search);
    return found;
}

int tb_regex_match(tb_value pattern, tb_value string, int64_t flags)
{
    return is_found(pattern, string, flags, TB_REGEX_AT_START);
}

int tb_regex_search(tb_value pattern, tb_value string, int64_t flags)
{
    return is_found(pattern, string, flags, TB_REGEX_ANYWHERE);
}

int tb_regex_full_match(tb_value pattern, tb_value string, int64_t flags)
{
    return is_found(pattern, string, flags, TB_REGEX_WHOLE);
}

tb_value tb_regex_find_match(tb_value pattern, tb_value string, int64_t flags)
{
    tb_search search;
    if (begin(&search, pattern, string, flags, TB_REGEX_ANYWHERE) < 0) return TB_PENDING;
    int found = tb_search_next(&search);
    tb_value match = found < 0 ? TB_PENDING : found ? tb_match_new(&search) : TB_NONE_VALUE;
    tb_search_end(&search);
    return match;
}

// --------------------------------------------------------------------------------------------- all

// A group as find_all gives it: "" when it took no part.
static tb_value group_or_empty(const tb_search *search, int64_t group)
{
    tb_value text = tb_search_group(search, group);
    return text == TB_NONE_VALUE ? TB_OBJECT(tb_str_empty()) : text;
}

static tb_value group_tuple(const tb_search *search)
{
    tb_tuple *tuple = tb_tuple_new(search->pattern->syntax.group_count);
    for (int64_t i = 0; tuple && i < tuple->count; i++) {
        tuple->items[i] = group_or_empty(search, i + 1);
        if (tuple->items[i] == TB_PENDING) return TB_PENDING;
    }
    return TB_VALUE_OF(tuple);
}

static tb_value found_item(const tb_search *search)
{
    switch (search->pattern->syntax.group_count) {
    case 0:
        return tb_search_group(search, 0);
    case 1:
        return group_or_empty(search, 1);
    default:
        return group_tuple(search);
    }
}

// A list of what [item] makes of each match.
static tb_list *collect(tb_value pattern, tb_value string, int64_t flags,
                        tb_value (*item)(const tb_search *search))
{
    tb_search search;
    tb_list *list = tb_list_new(0);
    if (!list || begin(&search, pattern, string, flags, TB_REGEX_ANYWHERE) < 0) return NULL;
    int found;
    while ((found = tb_search_next(&search)) == 1) {
        tb_value one = item(&search);
        if (one == TB_PENDING || tb_list_push(list, one) < 0) {
            found = -1;
            break;
        }
    }
    tb_search_end(&search);
    return found < 0 ? NULL : list;
}

tb_list *tb_regex_find_all(tb_value pattern, tb_value string, int64_t flags)
{
    return collect(pattern, string, flags, found_item);
}

tb_list *tb_regex_find_iter(tb_value pattern, tb_value string, int64_t flags)
{
    return collect(pattern, string, flags, tb_match_new);
}

// --------------------------------------------------------------------------------------- splitting

static int push_part(tb_list *list, tb_str *text, size_t start, size_t end)
{
    tb_str *part = tb_str_part(text, (int64_t)start, (int64_t)(end - start));
    return part ? tb_list_push(list, TB_OBJECT(part)) : -1;
}

static int push_groups(tb_list *list, const tb_search *search)
{
    for (int64_t i = 1; i <= search->pattern->syntax.group_count; i++) {
        tb_value text = tb_search_group(search, i);
        if (text == TB_PENDING || tb_list_push(list, text) < 0) return -1;
    }
    return 0;
}

// 0 cuts: no limit. -1: raised.
static int split_all(tb_list *list, tb_search *search, int64_t maxsplit)
{
    size_t at = 0;
    int found = 0;
    for (int64_t cuts = 0; maxsplit == 0 || cuts < maxsplit; cuts++) {
        found = tb_search_next(search);
        if (found != 1) break;
        if (push_part(list, search->text, at, search->offsets[0]) < 0) return -1;
        if (push_groups(list, search) < 0) return -1;
        at = search->offsets[1];
    }
    if (found < 0) return -1;
    return push_part(list, search->text, at, (size_t)search->text->size);
}

tb_list *tb_regex_split(tb_value pattern, tb_value string, int64_t maxsplit, int64_t flags)
{
    tb_search search;
    tb_list *list = tb_list_new(0);
    if (!list || begin(&search, pattern, string, flags, TB_REGEX_ANYWHERE) < 0) return NULL;
    int result = split_all(list, &search, maxsplit);
    tb_search_end(&search);
    return result < 0 ? NULL : list;
}

// --------------------------------------------------------------------------------------- replacing

// Writes the text with the first [limit] matches (0: all) replaced. -1: raised, [text] is dropped.
static int64_t replace_all(tb_text *text, tb_search *search, const tb_template *template,
                           int64_t limit)
{
    int64_t count = 0;
    size_t at = 0;
    int found = 0;
    const char *bytes = search->text->data;
    while ((limit == 0 || count < limit) && (found = tb_search_next(search)) == 1) {
        size_t start = search->offsets[0], end = search->offsets[1];
        if (tb_text_add(text, bytes + at, (int64_t)(start - at)) < 0) return -1;
        if (tb_template_add(template, text, search) < 0) return -1;
        at = end;
        count++;
    }
    if (found >= 0 && tb_text_add(text, bytes + at, search->text->size - (int64_t)at) == 0)
        return count;
    tb_text_drop(text);
    return -1;
}

// The text with matches replaced, and how many were. NULL: raised.
static tb_str *substitute(tb_search *search, tb_value repl, int64_t limit, int64_t *count)
{
    tb_template template;
    tb_text text;
    if (tb_template_read(&template, search->pattern, repl) < 0) return NULL;
    tb_text_begin(&text);
    *count = replace_all(&text, search, &template, limit);
    if (*count < 0) return NULL;
    if (*count > 0) return tb_text_end(&text);
    tb_text_drop(&text);
    return search->text;
}

static tb_str *replaced(tb_value pattern, tb_value repl, tb_value string, int64_t limit,
                        int64_t flags, int64_t *count)
{
    tb_search search;
    if (begin(&search, pattern, string, flags, TB_REGEX_ANYWHERE) < 0) return NULL;
    tb_str *result = substitute(&search, repl, limit, count);
    tb_search_end(&search);
    return result;
}

tb_str *tb_regex_sub(tb_value pattern, tb_value repl, tb_value string, int64_t count, int64_t flags)
{
    int64_t done;
    return replaced(pattern, repl, string, count, flags, &done);
}

tb_list *tb_regex_subn(tb_value pattern, tb_value repl, tb_value string, int64_t count,
                       int64_t flags)
{
    int64_t done;
    tb_str *text = replaced(pattern, repl, string, count, flags, &done);
    if (!text) return NULL;
    tb_value items[] = {TB_OBJECT(text), TB_INT62(done)};
    tb_value list = tb_list_from(2, items);
    return list == TB_PENDING ? NULL : TB_AS_LIST(list);
}

tb_str *tb_regex_escape(tb_str *pattern)
{
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < pattern->size; i++) {
        char byte = pattern->data[i];
        int is_special = byte && strchr("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", byte);
        if (is_special && tb_text_add_byte(&text, '\\') < 0) return NULL;
        if (tb_text_add_byte(&text, byte) < 0) return NULL;
    }
    return tb_text_end(&text);
}
