// What is said when none of the functions that share a name takes what it is given. Each form is
// tried parameter by parameter; those that get farthest are what was meant, and the parameter where
// they all stop is the one to speak of: "`sub` of `find` must be String, not Int".
#include "code.h"
#include "error.h"
#include "text.h"

#include <string.h>

static int takes(const tb_type *type, tb_value v)
{
    if (!type || tb_type_holds(type, v, 1)) return 1;
    return TB_KIND(v) == TB_INT && tb_type_wants_float(type);
}

// The first place where the form does not fit, [count] when there is none.
static int64_t reach(const tb_form *form, int64_t count, const tb_value *values)
{
    for (int64_t i = 0; i < count; i++) {
        if (form->rest >= 0 && i >= form->rest) return count;
        if (i >= form->count          ? values[i] != TB_MISSING
            : values[i] == TB_MISSING ? i < form->required
                                      : !takes(form->params[i].type, values[i]))
            return i;
    }
    return count;
}

// Whether one of the words added so far, [between] them, is this one.
static int has_word(const tb_text *text, const char *word, int64_t size, const char *between)
{
    int64_t gap = (int64_t)strlen(between);
    for (int64_t at = 0; at + size <= text->size; at++) {
        int64_t end = at + size;
        if (at && (at < gap || memcmp(text->data + at - gap, between, (size_t)gap) != 0)) continue;
        if (end != text->size &&
            (end + gap > text->size || memcmp(text->data + end, between, (size_t)gap) != 0))
            continue;
        if (!memcmp(text->data + at, word, (size_t)size)) return 1;
    }
    return 0;
}

// Adds those of [words], which stand with " | " between them, that are not there yet.
static int add_words(tb_text *text, const char *words, const char *between)
{
    while (*words) {
        const char *end = strstr(words, " | ");
        int64_t size = end ? end - words : (int64_t)strlen(words);
        if (!has_word(text, words, size, between)) {
            if (text->size && tb_text_add(text, between, (int64_t)strlen(between)) < 0) return -1;
            if (tb_text_add(text, words, size) < 0) return -1;
        }
        words += size + (end ? 3 : 0);
    }
    return 0;
}

// The parameters, or else the types, that the forms which reach [best] have there. NULL: raised.
static tb_str *words_at(const tb_forms *forms, int64_t best, int64_t count, const tb_value *values,
                        int names)
{
    tb_text text;
    tb_text_begin(&text);
    for (int64_t i = 0; i < forms->count; i++) {
        const tb_form *form = &forms->forms[i];
        if (best >= form->count || reach(form, count, values) != best) continue;
        const tb_form_param *param = &form->params[best];
        const char *words = names ? param->name : param->type ? param->type->text : "Any";
        if (add_words(&text, words, names ? "`/`" : " | ") < 0) return NULL;
    }
    return tb_text_end(&text);
}

tb_value tb_raise_overload(const tb_forms *forms, int64_t count, const tb_value *values)
{
    int64_t best = 0;
    for (int64_t i = 0; i < forms->count; i++) {
        int64_t place = reach(&forms->forms[i], count, values);
        if (place > best) best = place;
    }
    if (best >= count)
        return tb_raise_error(&tb_error_type, "`%s` has no form for these arguments", forms->name);
    tb_str *names = words_at(forms, best, count, values, 1);
    if (!names) return TB_PENDING;
    if (values[best] == TB_MISSING)
        return tb_raise_error(&tb_error_type, "`%s` needs an argument for `%s`", forms->name,
                              names->data);
    if (!names->size)
        return tb_raise_error(&tb_error_type, "too many arguments for `%s`", forms->name);
    tb_str *types = words_at(forms, best, count, values, 0);
    if (!types) return TB_PENDING;
    return tb_raise_error(&tb_error_type, "`%s` of `%s` must be %s, not %T", names->data,
                          forms->name, types->data, values[best]);
}
