// The objects programs see: Pattern and Match, with their methods.
#include "regex.h"

#include "build/stdlib/regex.h"
#include "text.h"

// ---------------------------------------------------------------------------------------- patterns

static tb_value pattern_pattern(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_OBJECT(TB_AS_PATTERN(self)->source);
}

static tb_value pattern_flags(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_INT62(TB_AS_PATTERN(self)->flags);
}

static tb_value pattern_group_count(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_INT62(TB_AS_PATTERN(self)->syntax.group_count);
}

static tb_value pattern_group_names(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_VALUE_OF(tb_dict_copy(TB_AS_PATTERN(self)->syntax.names));
}

// `<Pattern "a+">`
static tb_value pattern_to_string(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add(&text, "<Pattern ", 9) < 0) return TB_PENDING;
    if (tb_show_quoted(&text, TB_AS_PATTERN(self)->source) < 0) return TB_PENDING;
    if (tb_text_add_byte(&text, '>') < 0) return TB_PENDING;
    return TB_VALUE_OF(tb_text_end(&text));
}

TB_PROPERTY(pattern_pattern, "pattern")
TB_PROPERTY(pattern_flags, "flags")
TB_PROPERTY(pattern_group_count, "group_count")
TB_PROPERTY(pattern_group_names, "group_names")
TB_METHOD(pattern_to_string, "to_string", 0)

static const tb_method pattern_methods[] = {
    TB_METHOD_ROW(pattern_pattern),     TB_METHOD_ROW(pattern_flags),
    TB_METHOD_ROW(pattern_group_count), TB_METHOD_ROW(pattern_group_names),
    TB_METHOD_ROW(pattern_to_string),
};

tb_class tb_pattern_class = TB_NATIVE_CLASS(
    "Pattern", pattern_methods, .special = {[TB_SPECIAL_TO_STRING] = &pattern_to_string_method});

// ----------------------------------------------------------------------------------------- matches

tb_value tb_match_new(const tb_search *search)
{
    int64_t count = 2 * (search->pattern->syntax.group_count + 1);
    tb_match *match = tb_alloc(sizeof *match + (size_t)count * sizeof match->offsets[0]);
    if (!match) return TB_PENDING;
    match->cls = &tb_match_class;
    match->pattern = search->pattern;
    match->text = search->text;
    for (int64_t i = 0; i < count; i++)
        match->offsets[i] = search->offsets[i] == TB_REGEX_UNSET ? -1 : (int64_t)search->offsets[i];
    return TB_OBJECT(match);
}

// The text of group [number]; None when it took no part.
static tb_value group_text(const tb_match *match, int64_t number)
{
    int64_t start = match->offsets[2 * number], end = match->offsets[2 * number + 1];
    if (start < 0) return TB_NONE_VALUE;
    return TB_VALUE_OF(tb_str_part(match->text, start, end - start));
}

// The group an argument names; the whole match without one. -1: raised.
static int64_t group_of(const tb_match *match, tb_value group)
{
    return group == TB_MISSING ? 0 : tb_regex_group(match->pattern, group);
}

static tb_value match_group(tb_fn *fn, tb_value self, tb_value group)
{
    (void)fn;
    const tb_match *match = TB_AS_MATCH(self);
    int64_t number = group_of(match, group);
    return number < 0 ? TB_PENDING : group_text(match, number);
}

static tb_value match_groups(tb_fn *fn, tb_value self)
{
    (void)fn;
    const tb_match *match = TB_AS_MATCH(self);
    tb_tuple *tuple = tb_tuple_new(match->pattern->syntax.group_count);
    for (int64_t i = 0; tuple && i < tuple->count; i++) {
        tuple->items[i] = group_text(match, i + 1);
        if (tuple->items[i] == TB_PENDING) return TB_PENDING;
    }
    return TB_VALUE_OF(tuple);
}

// The named groups: a dict of their texts.
static tb_value match_group_dict(tb_fn *fn, tb_value self)
{
    (void)fn;
    const tb_match *match = TB_AS_MATCH(self);
    const tb_table *names = &match->pattern->syntax.names->table;
    tb_dict *dict = tb_dict_new(names->count);
    if (!dict) return TB_PENDING;
    for (int64_t at = tb_table_next(names, 0); at >= 0; at = tb_table_next(names, at + 1)) {
        tb_value text = group_text(match, TB_INT62_GET(names->entries[at].value));
        if (text == TB_PENDING || tb_dict_put(dict, names->entries[at].key, text) < 0)
            return TB_PENDING;
    }
    return TB_OBJECT(dict);
}

// Where the group begins ([side] 0) or ends (1), in code points; -1 when it took no part.
static tb_value position(tb_value self, tb_value group, int side)
{
    const tb_match *match = TB_AS_MATCH(self);
    int64_t number = group_of(match, group);
    if (number < 0) return TB_PENDING;
    int64_t offset = match->offsets[2 * number + side];
    return TB_INT62(offset < 0 ? -1 : tb_str_index_at(match->text, offset));
}

static tb_value match_start(tb_fn *fn, tb_value self, tb_value group)
{
    (void)fn;
    return position(self, group, 0);
}

static tb_value match_end(tb_fn *fn, tb_value self, tb_value group)
{
    (void)fn;
    return position(self, group, 1);
}

static tb_value match_span(tb_fn *fn, tb_value self, tb_value group)
{
    (void)fn;
    tb_value start = position(self, group, 0);
    return start == TB_PENDING ? TB_PENDING : tb_tuple_pair(start, position(self, group, 1));
}

static tb_value match_text(tb_fn *fn, tb_value self)
{
    (void)fn;
    return group_text(TB_AS_MATCH(self), 0);
}

static tb_value match_get_item(tb_fn *fn, tb_value self, tb_value group)
{
    return match_group(fn, self, group);
}

// `<Match "text">`
static tb_value match_to_string(tb_fn *fn, tb_value self)
{
    tb_value whole = match_text(fn, self);
    if (whole == TB_PENDING) return TB_PENDING;
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add(&text, "<Match ", 7) < 0) return TB_PENDING;
    if (tb_show_quoted(&text, TB_AS_STR(whole)) < 0) return TB_PENDING;
    if (tb_text_add_byte(&text, '>') < 0) return TB_PENDING;
    return TB_VALUE_OF(tb_text_end(&text));
}

TB_METHOD(match_group, "group", 0, "group_num")
TB_METHOD(match_groups, "groups", 0)
TB_METHOD(match_group_dict, "group_dict", 0)
TB_METHOD(match_start, "start", 0, "group_num")
TB_METHOD(match_end, "end", 0, "group_num")
TB_METHOD(match_span, "span", 0, "group_num")
TB_METHOD(match_get_item, "get_item", 1, "group_num")
TB_METHOD(match_to_string, "to_string", 0)
TB_PROPERTY(match_text, "text")

static const tb_method match_methods[] = {
    TB_METHOD_ROW(match_group), TB_METHOD_ROW(match_groups),   TB_METHOD_ROW(match_group_dict),
    TB_METHOD_ROW(match_start), TB_METHOD_ROW(match_end),      TB_METHOD_ROW(match_span),
    TB_METHOD_ROW(match_text),  TB_METHOD_ROW(match_get_item), TB_METHOD_ROW(match_to_string),
};

tb_class tb_match_class =
    TB_NATIVE_CLASS("Match", match_methods,
                    .special = {[TB_SPECIAL_TO_STRING] = &match_to_string_method,
                                [TB_SPECIAL_GET_ITEM] = &match_get_item_method});

// ------------------------------------------------------------------- the same as library functions

tb_value tb_regex_match_group(tb_value match_obj, tb_value group_num)
{
    return match_group(NULL, match_obj, group_num);
}

tb_tuple *tb_regex_match_groups(tb_value match_obj)
{
    tb_value groups = match_groups(NULL, match_obj);
    return groups == TB_PENDING ? NULL : TB_AS_TUPLE(groups);
}

int64_t tb_regex_match_start(tb_value match_obj)
{
    return TB_INT62_GET(match_start(NULL, match_obj, TB_MISSING));
}

int64_t tb_regex_match_end(tb_value match_obj)
{
    return TB_INT62_GET(match_end(NULL, match_obj, TB_MISSING));
}
