// Paths to elements: `a/b[2]`, `.//c[@x='1']`, the part of XPath that ElementTree knows.
//
// A path becomes a list of steps; each step makes of a list of elements the next one. Tokens and
// steps follow Python's ElementPath, whose answers these are.
#include "xml.h"

#include "build/stdlib/xml.h"
#include "text.h"
#include "unicode.h"
#include "utf8.h"

#include <string.h>

typedef enum StepKind {
    STEP_CHILD,      // children called `name`
    STEP_STAR,       // all children
    STEP_SELF,       // the elements themselves
    STEP_PARENT,     // their parents
    STEP_DESCENDANT, // everything below called `name`; NULL: everything
    STEP_ATTRIBUTE,  // those with the attribute `name`; with `value`, if it is that
    STEP_HAS_CHILD,  // those with a child `name`; with `value`, if its whole text is that
    STEP_TEXT,       // those whose whole text is `value`
    STEP_INDEX // the one at `index` among its brothers of the same name, negative from the end
} StepKind;

typedef struct Step {
    StepKind kind;
    tb_str *name;
    tb_str *value;
    int64_t index;
    int is_negated; // `!=`
} Step;

typedef struct Path {
    tb_str *text;
    Step *steps;
    int64_t count;
    int64_t capacity;
} Path;

// ------------------------------------------------------------------------------------------ tokens

// What a token is: a name, white space, the end, or the characters that it consists of.
#define TOKEN_NAME  1
#define TOKEN_BLANK 2
#define TOKEN_END   0

typedef struct Token {
    int kind; // TOKEN_…, `"` for a quoted text, or the first character of an operator
    const char *start;
    int64_t size;
} Token;

typedef struct Reader {
    Path *path;
    const char *at;
    const char *end;
    Token token;
} Reader;

// ValueError: [what] in the path. Returns -1.
static int fail(const Path *path, const char *what)
{
    tb_raise_error(&tb_error_value, "%s in the path %V", what, TB_OBJECT(path->text));
    return -1;
}

static int ends_name(char c)
{
    return c && strchr("/[]()@!= \t\n\r\f\v", c) != NULL;
}

// The end of the name at [at]: `{…}` may stand before it.
static const char *skip_name(const Reader *reader, const char *at)
{
    if (at < reader->end && *at == '{') {
        const char *close = memchr(at, '}', (size_t)(reader->end - at));
        if (close && close > at + 1 && close + 1 < reader->end && !ends_name(close[1]))
            at = close + 1;
    }
    while (at < reader->end && !ends_name(*at))
        at++;
    return at;
}

static Token make_token(Reader *reader, int kind, int64_t size)
{
    Token token = {kind, reader->at, size};
    reader->at += size;
    return token;
}

static Token read_token(Reader *reader)
{
    static const char *const words[] = {"::", "//", "..", "()", "!="};
    for (;; reader->at++) {
        const char *at = reader->at;
        if (at == reader->end) return (Token){TOKEN_END, at, 0};
        if (*at == '\'' || *at == '"') {
            const char *close = memchr(at + 1, *at, (size_t)(reader->end - at - 1));
            if (close) return make_token(reader, '"', close + 1 - at);
        }
        for (size_t i = 0; i < sizeof words / sizeof *words && reader->end - at > 1; i++)
            if (memcmp(at, words[i], 2) == 0) return make_token(reader, *at, 2);
        if (strchr("/.*:[]()@=", *at)) return make_token(reader, *at, 1);
        const char *name = skip_name(reader, at);
        if (name > at) return make_token(reader, TOKEN_NAME, name - at);
        if (*at != '!') {
            while (name < reader->end && strchr(" \t\n\r\f\v", *name))
                name++;
            return make_token(reader, TOKEN_BLANK, name - at);
        }
    }
}

// Reads the next token. 0, or -1: a prefix, which nobody explained.
static int advance(Reader *reader)
{
    reader->token = read_token(reader);
    Token token = reader->token;
    int has_prefix = token.kind == TOKEN_NAME && *token.start != '{' &&
                     memchr(token.start, ':', (size_t)token.size) != NULL;
    return has_prefix ? fail(reader->path, "a prefix without a namespace") : 0;
}

static int is_token(const Reader *reader, const char *word)
{
    return (size_t)reader->token.size == strlen(word) &&
           memcmp(reader->token.start, word, (size_t)reader->token.size) == 0;
}

static tb_str *token_text(const Reader *reader)
{
    return tb_str_new(reader->token.start, reader->token.size);
}

// -------------------------------------------------------------------------------------- predicates

// A predicate as it is written: the kinds of its tokens as one text, names as `-` and quoted texts
// as `'`, and the texts of the first name and the last token.
typedef struct Predicate {
    char form[8];
    int size;
    tb_str *name;
    tb_str *last;
} Predicate;

static int add_form(Predicate *predicate, char c)
{
    if (predicate->size + 1 < (int)sizeof predicate->form) predicate->form[predicate->size++] = c;
    return 0;
}

// The token as a part of the form.
static int add_token(Predicate *predicate, const Reader *reader)
{
    Token token = reader->token;
    if (token.kind == TOKEN_NAME) {
        predicate->last = token_text(reader);
        if (!predicate->name) predicate->name = predicate->last;
        return predicate->last ? add_form(predicate, '-') : -1;
    }
    if (token.kind == '"') {
        predicate->last = tb_str_new(token.start + 1, token.size - 2);
        return predicate->last ? add_form(predicate, '\'') : -1;
    }
    for (int64_t i = 0; i < token.size; i++)
        add_form(predicate, token.start[i]);
    return 0;
}

static int read_predicate(Reader *reader, Predicate *predicate)
{
    *predicate = (Predicate){.size = 0};
    for (;;) {
        if (advance(reader) < 0) return -1;
        if (reader->token.kind == TOKEN_END)
            return fail(reader->path, "a `[` that is never closed");
        if (reader->token.kind == ']') return 0;
        if (reader->token.kind == TOKEN_BLANK) continue;
        if (add_token(predicate, reader) < 0) return -1;
    }
}

// Whether a name is a whole number, and which.
static int is_number(const tb_str *name, int64_t *number)
{
    int64_t at = name->size > 0 && name->data[0] == '-';
    int is_negative = at > 0;
    if (at == name->size || name->size > 15) return 0;
    for (*number = 0; at < name->size; at++) {
        if (name->data[at] < '0' || name->data[at] > '9') return 0;
        *number = *number * 10 + (name->data[at] - '0');
    }
    if (is_negative) *number = -*number;
    return 1;
}

static int is_form(const Predicate *predicate, const char *form)
{
    return strcmp(predicate->form, form) == 0;
}

// `[3]`, `[last()]`, `[last()-1]`.
static int index_step(const Path *path, const Predicate *predicate, Step *step)
{
    step->kind = STEP_INDEX;
    if (is_form(predicate, "-")) {
        is_number(predicate->name, &step->index);
        return --step->index < 0 ? fail(path, "positions count from 1") : 0;
    }
    if (predicate->name->size != 4 || memcmp(predicate->name->data, "last", 4) != 0)
        return fail(path, "an unknown function");
    step->index = -1;
    if (is_form(predicate, "-()")) return 0;
    if (!is_number(predicate->last, &step->index)) return fail(path, "an offset that is no number");
    return --step->index > -2 ? fail(path, "an offset from last() that is not negative") : 0;
}

static int predicate_step(const Path *path, const Predicate *predicate, Step *step)
{
    int64_t number;
    *step = (Step){.name = predicate->name,
                   .value = predicate->last,
                   .is_negated = strchr(predicate->form, '!') != NULL};
    int has_number = predicate->name && is_number(predicate->name, &number);
    if (is_form(predicate, "@-")) step->value = NULL;
    if (is_form(predicate, "@-") || is_form(predicate, "@-='") || is_form(predicate, "@-!='"))
        step->kind = STEP_ATTRIBUTE;
    else if (is_form(predicate, ".='") || is_form(predicate, ".!='"))
        step->kind = STEP_TEXT;
    else if ((is_form(predicate, "-='") || is_form(predicate, "-!='")) && !has_number)
        step->kind = STEP_HAS_CHILD;
    else if (is_form(predicate, "-") && !has_number) {
        step->kind = STEP_HAS_CHILD;
        step->value = NULL;
    } else if (is_form(predicate, "-") || is_form(predicate, "-()") || is_form(predicate, "-()-"))
        return index_step(path, predicate, step);
    else
        return fail(path, "a bad condition in `[ ]`");
    return 0;
}

// ------------------------------------------------------------------------------------------- steps

static int add_step(Path *path, Step step)
{
    if (path->count == path->capacity) {
        int64_t capacity = path->capacity ? 2 * path->capacity : 4;
        size_t size;
        if (tb_size_mul((size_t)capacity, sizeof step, 0, &size) < 0) return -1;
        Step *steps = tb_resize(path->steps, (size_t)path->count * sizeof step, size, 0);
        if (!steps) return -1;
        path->steps = steps;
        path->capacity = capacity;
    }
    path->steps[path->count++] = step;
    return 0;
}

// The step that begins at the current token, which `//` alone continues.
static int read_step(Reader *reader, Step *step)
{
    *step = (Step){.kind = STEP_CHILD};
    if (is_token(reader, "//")) {
        step->kind = STEP_DESCENDANT;
        if (advance(reader) < 0) return -1;
        if (is_token(reader, "*")) return 0;
        if (reader->token.kind != TOKEN_NAME) return fail(reader->path, "no name behind `//`");
    } else if (is_token(reader, "*")) {
        step->kind = STEP_STAR;
    } else if (is_token(reader, ".")) {
        step->kind = STEP_SELF;
    } else if (is_token(reader, "..")) {
        step->kind = STEP_PARENT;
    } else if (is_token(reader, "[")) {
        Predicate predicate;
        if (read_predicate(reader, &predicate) < 0) return -1;
        return predicate_step(reader->path, &predicate, step);
    } else if (reader->token.kind != TOKEN_NAME && reader->token.kind != TOKEN_BLANK) {
        return fail(reader->path, "a step that makes no sense");
    }
    step->name = reader->token.kind == TOKEN_NAME ? token_text(reader) : tb_str_empty();
    return step->name ? 0 : -1;
}

static int read_steps(Reader *reader)
{
    if (advance(reader) < 0) return -1;
    while (reader->token.kind != TOKEN_END) {
        Step step;
        if (read_step(reader, &step) < 0 || add_step(reader->path, step) < 0) return -1;
        if (advance(reader) < 0) return -1;
        if (is_token(reader, "/") && advance(reader) < 0) return -1;
    }
    return 0;
}

// Whether a path is just a name: no character outside of `{…}` says otherwise, and it is not one of
// the names for any namespace.
static int is_name(const tb_str *text)
{
    int is_outside = 1;
    if (text->size > 2 && text->data[0] == '{' &&
        (text->data[1] == '}' || memcmp(text->data, "{*}", 3) == 0))
        return 0;
    for (int64_t i = 0; i < text->size; i++) {
        char c = text->data[i];
        if (c == '{' || c == '}')
            is_outside = c == '}';
        else if (is_outside && c && strchr("/*[@.", c))
            return 0;
    }
    return 1;
}

static int read_path(Path *path, tb_str *text)
{
    *path = (Path){.text = text};
    if (is_name(text)) return add_step(path, (Step){.kind = STEP_CHILD, .name = text});
    if (text->data[0] == '/')
        return fail(path, "an absolute path where one from an element is needed");
    // `a/` means `a/*`
    if (text->data[text->size - 1] == '/') text = tb_str_concat(text, tb_str_char('*'));
    if (!text) return -1;
    Reader reader = {.path = path, .at = text->data, .end = text->data + text->size};
    return read_steps(&reader);
}

// ------------------------------------------------------------------------------------------- names

static int has_prefix(const tb_str *s, const char *prefix, int64_t size)
{
    return s->size >= size && memcmp(s->data, prefix, (size_t)size) == 0;
}

// Whether [tag] is called [name]: `{*}b` is `b` in any namespace or none, `{ns}*` anything in one,
// `{}b` is `b` in none.
static int is_named(const tb_str *tag, const tb_str *name)
{
    if (name->size == 4 && has_prefix(name, "{*}*", 4)) return 1;
    if (name->size == 3 && has_prefix(name, "{}*", 3)) return tag->size == 0 || tag->data[0] != '{';
    if (has_prefix(name, "{*}", 3)) {
        int64_t local = name->size - 3, start = tag->size - local;
        if (start < 0 || memcmp(tag->data + start, name->data + 3, (size_t)local) != 0) return 0;
        return start == 0 || tag->data[start - 1] == '}';
    }
    if (name->size > 2 && memcmp(name->data + name->size - 2, "}*", 2) == 0)
        return has_prefix(tag, name->data, name->size - 1);
    if (has_prefix(name, "{}", 2))
        return tag->size == name->size - 2 && has_prefix(tag, name->data + 2, name->size - 2);
    return tb_str_equal(tag, name);
}

// ------------------------------------------------------------------------------------- the answers

// One step at work: from the elements of the step before to those of the next.
typedef struct Search {
    tb_element *root;
    tb_list *found;
    int64_t limit; // of `found`
    const tb_element
        *brothers;     // STEP_INDEX: the parent asked last, its children of the name `tag`,
    const tb_str *tag; // and which of them is meant
    const tb_element *chosen;
} Search;

static int is_full(const Search *search)
{
    return search->found->count >= search->limit;
}

static int add(Search *search, tb_element *element)
{
    return tb_list_push(search->found, TB_OBJECT(element));
}

static int add_children(Search *search, const tb_element *element, const tb_str *name)
{
    for (int64_t i = 0; i < element->count && !is_full(search); i++) {
        tb_element *child = element->children[i];
        if ((!name || is_named(child->tag, name)) && add(search, child) < 0) return -1;
    }
    return 0;
}

static int add_below(Search *search, tb_element *element, const tb_str *name)
{
    tb_element *at = element;
    while ((at = tb_element_next(element, at)) && !is_full(search))
        if ((!name || is_named(at->tag, name)) && add(search, at) < 0) return -1;
    return 0;
}

// The parent, once, if it is not above where the search began.
static int add_parent(Search *search, tb_set *seen, const tb_element *element)
{
    if (element == search->root || !element->parent) return 0;
    tb_value parent = TB_OBJECT(element->parent);
    int known = tb_set_has(seen, parent);
    if (known) return known < 0 ? -1 : 0;
    return tb_set_add(seen, parent) < 0 ? -1 : add(search, element->parent);
}

// Whether all text in an element, its children's included, is [value]. -1: raised.
static int has_text(tb_element *element, const tb_str *value)
{
    tb_text text;
    tb_text_begin(&text);
    for (tb_element *at = element; at; at = tb_element_next(element, at)) {
        if (at->text && tb_text_add_str(&text, at->text) < 0) return -1;
        // An element's tail comes behind all that is inside it: behind the last leaf.
        for (const tb_element *up = at; up->count == 0 || up != at; up = up->parent) {
            if (up == element) break;
            if (up->tail && tb_text_add_str(&text, up->tail) < 0) return -1;
            if (up->index + 1 < up->parent->count) break;
        }
    }
    int same = text.size == value->size && memcmp(text.data, value->data, (size_t)text.size) == 0;
    tb_text_drop(&text);
    return same;
}

static int has_attribute(const tb_element *element, const Step *step)
{
    tb_value own = element->attrib ? tb_dict_find_str(element->attrib, step->name) : TB_MISSING;
    if (own == TB_MISSING || own == TB_PENDING || !step->value) return own != TB_MISSING;
    int same = TB_IS_STR(own) && tb_str_equal(TB_AS_STR(own), step->value);
    return same != step->is_negated;
}

static int has_child(const tb_element *element, const Step *step)
{
    for (int64_t i = 0; i < element->count; i++) {
        tb_element *child = element->children[i];
        if (!is_named(child->tag, step->name)) continue;
        if (!step->value) return 1;
        int same = has_text(child, step->value);
        if (same < 0) return -1;
        if (same != step->is_negated) return 1;
    }
    return 0;
}

// Which of the children called [tag] is meant. NULL: there are too few.
static const tb_element *choose(const tb_element *parent, const tb_str *tag, int64_t index)
{
    int64_t count = 0;
    for (int64_t i = 0; i < parent->count; i++)
        count += tb_str_equal(parent->children[i]->tag, tag);
    if (index < 0) index += count;
    for (int64_t i = 0; i < parent->count; i++)
        if (tb_str_equal(parent->children[i]->tag, tag) && index-- == 0) return parent->children[i];
    return NULL;
}

static int is_at_index(Search *search, const tb_element *element, int64_t index)
{
    if (element == search->root || !element->parent) return 0;
    int is_known = search->brothers == element->parent && tb_str_equal(search->tag, element->tag);
    if (!is_known) {
        search->brothers = element->parent;
        search->tag = element->tag;
        search->chosen = choose(element->parent, element->tag, index);
    }
    return search->chosen == element;
}

// Whether a predicate lets [element] through. -1: raised.
static int passes(Search *search, tb_element *element, const Step *step)
{
    switch (step->kind) {
    case STEP_ATTRIBUTE:
        return has_attribute(element, step);
    case STEP_HAS_CHILD:
        return has_child(element, step);
    case STEP_TEXT: {
        int same = has_text(element, step->value);
        return same < 0 ? -1 : same != step->is_negated;
    }
    case STEP_INDEX:
        return is_at_index(search, element, step->index);
    default:
        return 1;
    }
}

static int walk_step(Search *search, const Step *step, tb_element *element, tb_set *seen)
{
    switch (step->kind) {
    case STEP_CHILD:
        return add_children(search, element, step->name);
    case STEP_STAR:
        return add_children(search, element, NULL);
    case STEP_DESCENDANT:
        return add_below(search, element, step->name);
    case STEP_PARENT:
        return add_parent(search, seen, element);
    default: {
        int result = passes(search, element, step);
        return result == 1 ? add(search, element) : result;
    }
    }
}

// The first [limit] elements that [path] leads to from [root]. NULL: raised.
static tb_list *follow(const Path *path, tb_element *root, int64_t limit)
{
    tb_value first = TB_OBJECT(root);
    tb_value list = tb_list_from(path->count > 0, &first);
    for (int64_t i = 0; list != TB_PENDING && i < path->count; i++) {
        const tb_list *from = TB_AS_LIST(list);
        int is_last = i == path->count - 1;
        Search search = {root, tb_list_new(0), is_last ? limit : INT64_MAX, NULL, NULL, NULL};
        tb_set *seen = path->steps[i].kind == STEP_PARENT ? tb_set_new(0) : NULL;
        if (!search.found || (path->steps[i].kind == STEP_PARENT && !seen)) return NULL;
        for (int64_t at = 0; at < from->count && !is_full(&search); at++) {
            tb_element *element = TB_AS_ELEMENT(from->as.items[at]);
            if (walk_step(&search, &path->steps[i], element, seen) < 0) return NULL;
        }
        list = TB_OBJECT(search.found);
    }
    return list == TB_PENDING ? NULL : TB_AS_LIST(list);
}

tb_list *tb_xml_findall(tb_value element, tb_str *path)
{
    Path steps;
    if (read_path(&steps, path) < 0) return NULL;
    return follow(&steps, TB_AS_ELEMENT(element), INT64_MAX);
}

tb_value tb_xml_find(tb_value element, tb_str *path)
{
    Path steps;
    if (read_path(&steps, path) < 0) return TB_PENDING;
    tb_list *found = follow(&steps, TB_AS_ELEMENT(element), 1);
    if (!found) return TB_PENDING;
    return found->count > 0 ? tb_list_at(found, 0) : TB_NONE_VALUE;
}

tb_str *tb_xml_findtext(tb_value element, tb_str *path, tb_value default_)
{
    tb_value found = tb_xml_find(element, path);
    if (found == TB_PENDING) return NULL;
    if (found != TB_NONE_VALUE) {
        tb_str *text = TB_AS_ELEMENT(found)->text;
        return text ? text : tb_str_empty();
    }
    tb_value text = tb_to_str(default_);
    return text == TB_PENDING ? NULL : TB_AS_STR(text);
}
