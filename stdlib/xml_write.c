// Writes XML: an element and all below it as text, walking the tree without recursion.
//
// Namespaces get prefixes, `ns0` and so on in the order they are met, and are declared at the
// element written, in the order of the prefixes.
#include "xml.h"

#include "build/stdlib/xml.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

int tb_xml_add_escaped(tb_text *text, const char *bytes, int64_t size, int quotes)
{
    const char *plain = bytes, *end = bytes + size;
    for (const char *at = bytes; at < end; at++) {
        const char *entity = *at == '&'             ? "&amp;"
                             : *at == '<'           ? "&lt;"
                             : *at == '>'           ? "&gt;"
                             : *at == '"' && quotes ? "&quot;"
                                                    : NULL;
        if (!entity) continue;
        if (tb_text_add(text, plain, at - plain) < 0) return -1;
        if (tb_text_add(text, entity, (int64_t)strlen(entity)) < 0) return -1;
        plain = at + 1;
    }
    return tb_text_add(text, plain, end - plain);
}

// ---------------------------------------------------------------------------------------- prefixes

typedef struct Writer {
    tb_text text;
    tb_dict *prefixes; // namespace -> prefix
} Writer;

static int fail(Writer *writer)
{
    tb_text_drop(&writer->text);
    return -1;
}

static int add(Writer *writer, const char *word)
{
    return tb_text_add(&writer->text, word, (int64_t)strlen(word));
}

// The size of the namespace in `{namespace}name`, or -1.
static int64_t namespace_size(const tb_str *name)
{
    const char *close = name->size > 0 && name->data[0] == '{'
                            ? memrchr(name->data, '}', (size_t)name->size)
                            : NULL;
    return close ? close - name->data - 1 : -1;
}

// Prefixes that everybody knows.
static const char *known_prefix(const tb_str *space)
{
    static const char *const known[][2] = {
        {"http://www.w3.org/XML/1998/namespace", "xml"},
        {"http://www.w3.org/1999/xhtml", "html"},
        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
        {"http://schemas.xmlsoap.org/wsdl/", "wsdl"},
        {"http://www.w3.org/2001/XMLSchema", "xs"},
        {"http://www.w3.org/2001/XMLSchema-instance", "xsi"},
        {"http://purl.org/dc/elements/1.1/", "dc"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i][0]) == (size_t)space->size &&
            memcmp(known[i][0], space->data, (size_t)space->size) == 0)
            return known[i][1];
    return NULL;
}

static int is_xml_prefix(tb_value prefix)
{
    return TB_AS_STR(prefix)->size == 3 && memcmp(TB_AS_STR(prefix)->data, "xml", 3) == 0;
}

// Gives the namespace of [name] a prefix if it has one. 0 or -1.
static int note_name(Writer *writer, tb_str *name)
{
    int64_t size = namespace_size(name);
    if (size < 0) return 0;
    tb_str *space = tb_str_part(name, 1, size);
    if (!space) return -1;
    int known = tb_dict_has(writer->prefixes, TB_OBJECT(space));
    if (known) return known < 0 ? -1 : 0;
    char own[32];
    const char *prefix = known_prefix(space);
    snprintf(own, sizeof own, "ns%lld", (long long)tb_dict_count(writer->prefixes));
    tb_str *text = tb_str_from_c(prefix ? prefix : own);
    return text ? tb_dict_put(writer->prefixes, TB_OBJECT(space), TB_OBJECT(text)) : -1;
}

// A key or value of the attributes as text: a program may have put others there.
static tb_str *text_of(tb_value v)
{
    if (TB_IS_STR(v)) return TB_AS_STR(v);
    tb_value text = tb_to_str(v);
    return text == TB_PENDING ? NULL : TB_AS_STR(text);
}

static int note_names(Writer *writer, tb_element *root)
{
    for (tb_element *at = root; at; at = tb_element_next(root, at)) {
        if (note_name(writer, at->tag) < 0) return -1;
        const tb_table *table = at->attrib ? &at->attrib->table : NULL;
        for (int64_t i = 0; table && (i = tb_table_next(table, i)) >= 0; i++) {
            tb_str *key = text_of(table->entries[i].key);
            if (!key || note_name(writer, key) < 0) return -1;
        }
    }
    return 0;
}

// ------------------------------------------------------------------------------------------- names

static int add_name(Writer *writer, tb_str *name)
{
    int64_t size = namespace_size(name);
    if (size < 0) return tb_text_add_str(&writer->text, name);
    tb_str *space = tb_str_part(name, 1, size);
    tb_value prefix = space ? tb_dict_find(writer->prefixes, TB_OBJECT(space)) : TB_PENDING;
    if (prefix == TB_PENDING) return fail(writer);
    if (prefix != TB_MISSING && tb_text_add_str(&writer->text, TB_AS_STR(prefix)) < 0) return -1;
    if (tb_text_add_byte(&writer->text, ':') < 0) return -1;
    return tb_text_add(&writer->text, name->data + size + 2, name->size - size - 2);
}

// What stands between the quotes of an attribute: white space other than blanks is kept by writing
// it as numbers.
static int add_value(Writer *writer, const tb_str *value)
{
    const char *at = value->data, *end = at + value->size;
    while (at < end) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r' && *stop != '\t')
            stop++;
        if (tb_xml_add_escaped(&writer->text, at, stop - at, 1) < 0) return -1;
        if (stop < end) {
            const char *number = *stop == '\n' ? "&#10;" : *stop == '\r' ? "&#13;" : "&#09;";
            if (add(writer, number) < 0) return -1;
            stop++;
        }
        at = stop;
    }
    return 0;
}

static int add_attribute(Writer *writer, tb_value key, tb_value value)
{
    tb_str *name = text_of(key), *text = name ? text_of(value) : NULL;
    if (!text) return fail(writer);
    if (tb_text_add_byte(&writer->text, ' ') < 0 || add_name(writer, name) < 0) return -1;
    if (add(writer, "=\"") < 0 || add_value(writer, text) < 0) return -1;
    return tb_text_add_byte(&writer->text, '"');
}

static int add_attributes(Writer *writer, const tb_element *element)
{
    for (int64_t at = 0; element->attrib; at++) {
        at = tb_table_next(&element->attrib->table, at);
        if (at < 0) break;
        tb_entry entry = element->attrib->table.entries[at];
        if (add_attribute(writer, entry.key, entry.value) < 0) return -1;
    }
    return 0;
}

// ` xmlns:ns0="…"` for each namespace, sorted by prefix.
static int add_declarations(Writer *writer)
{
    tb_dict *spaces = tb_dict_new(0);
    const tb_table *table = &writer->prefixes->table;
    tb_list *prefixes = spaces ? tb_dict_values(writer->prefixes) : NULL;
    if (!prefixes || tb_list_sort(prefixes, TB_NONE_VALUE, 0) < 0) return fail(writer);
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1))
        if (tb_dict_put(spaces, table->entries[at].value, table->entries[at].key) < 0)
            return fail(writer);
    for (int64_t i = 0; i < prefixes->count; i++) {
        tb_value prefix = tb_list_at(prefixes, i);
        if (is_xml_prefix(prefix)) continue;
        if (add(writer, " xmlns:") < 0) return -1;
        if (tb_text_add_str(&writer->text, TB_AS_STR(prefix)) < 0 || add(writer, "=\"") < 0)
            return -1;
        tb_value space = tb_dict_get(spaces, prefix);
        if (space == TB_PENDING) return fail(writer);
        if (add_value(writer, TB_AS_STR(space)) < 0) return -1;
        if (tb_text_add_byte(&writer->text, '"') < 0) return -1;
    }
    return 0;
}

// ---------------------------------------------------------------------------------------- elements

static int add_text(Writer *writer, const tb_str *text)
{
    return text ? tb_xml_add_escaped(&writer->text, text->data, text->size, 0) : 0;
}

static int has_inside(const tb_element *element)
{
    return element->count > 0 || (element->text && element->text->size > 0);
}

static int open_element(Writer *writer, const tb_element *element, int is_root)
{
    if (tb_text_add_byte(&writer->text, '<') < 0 || add_name(writer, element->tag) < 0) return -1;
    if (is_root && add_declarations(writer) < 0) return -1;
    if (add_attributes(writer, element) < 0) return -1;
    if (!has_inside(element)) return add(writer, " />");
    return add(writer, ">") < 0 ? -1 : add_text(writer, element->text);
}

// What comes behind an element that is complete.
static int close_element(Writer *writer, const tb_element *element, int is_root)
{
    if (has_inside(element)) {
        if (add(writer, "</") < 0 || add_name(writer, element->tag) < 0) return -1;
        if (tb_text_add_byte(&writer->text, '>') < 0) return -1;
    }
    return is_root ? 0 : add_text(writer, element->tail);
}

// Closes [*at] and every element around it that is complete. 1: the next one to open is in [at]; 0:
// the root is closed; -1: raised.
static int close_complete(Writer *writer, const tb_element *root, tb_element **at)
{
    for (;;) {
        const tb_element *element = *at;
        if (close_element(writer, element, element == root) < 0) return -1;
        if (element == root) return 0;
        tb_element *parent = element->parent;
        *at = parent;
        if (element->index + 1 < parent->count) {
            *at = parent->children[element->index + 1];
            return 1;
        }
    }
}

static int add_tree(Writer *writer, tb_element *root)
{
    tb_element *at = root;
    int more = 1;
    while (more == 1) {
        if (open_element(writer, at, at == root) < 0) return -1;
        if (at->count > 0)
            at = at->children[0];
        else
            more = close_complete(writer, root, &at);
    }
    return more;
}

tb_str *tb_xml_tostring(tb_value element)
{
    Writer writer = {.prefixes = tb_dict_new(0)};
    if (!writer.prefixes || note_names(&writer, TB_AS_ELEMENT(element)) < 0) return NULL;
    tb_text_begin(&writer.text);
    return add_tree(&writer, TB_AS_ELEMENT(element)) < 0 ? NULL : tb_text_end(&writer.text);
}
