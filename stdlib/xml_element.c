// Elements: making trees, asking them, and the class Element itself.
#include "xml.h"

#include "build/stdlib/xml.h"

#include <string.h>

// ------------------------------------------------------------------------------------------- trees

tb_element *tb_element_new(tb_str *tag)
{
    tb_element *element = tb_alloc(sizeof *element);
    if (!element) return NULL;
    element->cls = &tb_element_class;
    element->tag = tag;
    return element;
}

int tb_element_append(tb_element *parent, tb_element *child)
{
    if (parent->count == parent->capacity) {
        int64_t capacity = parent->capacity ? 2 * parent->capacity : 4;
        size_t old_size = (size_t)parent->count * sizeof child, size;
        if (tb_size_mul((size_t)capacity, sizeof child, 0, &size) < 0) return -1;
        tb_element **children = tb_resize(parent->children, old_size, size, 0);
        if (!children) return -1;
        parent->children = children;
        parent->capacity = capacity;
    }
    child->parent = parent;
    child->index = parent->count;
    parent->children[parent->count++] = child;
    return 0;
}

tb_dict *tb_element_attrib(tb_element *element)
{
    if (!element->attrib) element->attrib = tb_dict_new(0);
    return element->attrib;
}

static tb_str *text_of(tb_value v)
{
    tb_value text = tb_to_str(v);
    return text == TB_PENDING ? NULL : TB_AS_STR(text);
}

static int put_attribute(tb_element *element, tb_value key, tb_value value)
{
    tb_dict *attrib = tb_element_attrib(element);
    tb_str *name = attrib ? text_of(key) : NULL;
    tb_str *text = name ? text_of(value) : NULL;
    return text ? tb_dict_put(attrib, TB_OBJECT(name), TB_OBJECT(text)) : -1;
}

// The attributes of a Dict, or None, become the element's. 0 or -1.
static int put_attributes(tb_element *element, tb_value attrib)
{
    if (attrib == TB_NONE_VALUE) return 0;
    const tb_table *table = &TB_AS_DICT(attrib)->table;
    for (int64_t at = tb_table_next(table, 0); at >= 0; at = tb_table_next(table, at + 1))
        if (put_attribute(element, table->entries[at].key, table->entries[at].value) < 0) return -1;
    return 0;
}

tb_value tb_xml_element(tb_value tag, tb_value attrib)
{
    tb_str *name = text_of(tag);
    tb_element *element = name ? tb_element_new(name) : NULL;
    return element && put_attributes(element, attrib) == 0 ? TB_OBJECT(element) : TB_PENDING;
}

tb_value tb_xml_subelement(tb_value parent, tb_value tag, tb_value attrib)
{
    tb_value element = tb_xml_element(tag, attrib);
    if (element == TB_PENDING) return TB_PENDING;
    int added = tb_element_append(TB_AS_ELEMENT(parent), TB_AS_ELEMENT(element));
    return added < 0 ? TB_PENDING : element;
}

tb_value tb_xml_add_child(tb_value parent, tb_value child)
{
    tb_element *element = TB_AS_ELEMENT(child);
    if (element->parent)
        return tb_raise_error(&tb_error_value, "the element `%s` has a parent already",
                              element->tag->data);
    for (const tb_element *at = TB_AS_ELEMENT(parent); at; at = at->parent)
        if (at == element)
            return tb_raise_error(&tb_error_value, "the element `%s` would stand in itself",
                                  element->tag->data);
    return tb_element_append(TB_AS_ELEMENT(parent), element) < 0 ? TB_PENDING : child;
}

tb_value tb_xml_remove_child(tb_value parent, tb_value child)
{
    tb_element *from = TB_AS_ELEMENT(parent), *element = TB_AS_ELEMENT(child);
    if (element->parent != from)
        return tb_raise_error(&tb_error_value, "the element `%s` is no child of `%s`",
                              element->tag->data, from->tag->data);
    from->count--;
    for (int64_t i = element->index; i < from->count; i++) {
        from->children[i] = from->children[i + 1];
        from->children[i]->index = i;
    }
    from->children[from->count] = NULL;
    element->parent = NULL;
    element->index = 0;
    return child;
}

// ------------------------------------------------------------------------------------------ asking

static tb_value text_or_none(tb_str *text)
{
    return text ? TB_OBJECT(text) : TB_NONE_VALUE;
}

tb_str *tb_xml_get_tag(tb_value element)
{
    return TB_AS_ELEMENT(element)->tag;
}

tb_value tb_xml_get_text(tb_value element)
{
    return text_or_none(TB_AS_ELEMENT(element)->text);
}

tb_value tb_xml_set_text(tb_value element, tb_value text)
{
    tb_str *given = text == TB_NONE_VALUE ? NULL : text_of(text);
    if (!given && text != TB_NONE_VALUE) return TB_PENDING;
    TB_AS_ELEMENT(element)->text = given;
    return element;
}

tb_dict *tb_xml_get_attrib(tb_value element)
{
    return tb_element_attrib(TB_AS_ELEMENT(element));
}

tb_value tb_xml_set_attrib(tb_value element, tb_value key, tb_value value)
{
    return put_attribute(TB_AS_ELEMENT(element), key, value) < 0 ? TB_PENDING : element;
}

tb_value tb_xml_get(tb_value element, tb_str *key, tb_value default_)
{
    tb_dict *attrib = TB_AS_ELEMENT(element)->attrib;
    tb_value value = attrib ? tb_dict_find_str(attrib, key) : TB_MISSING;
    return value == TB_MISSING ? default_ : value;
}

tb_value tb_xml_get_parent(tb_value element)
{
    tb_element *parent = TB_AS_ELEMENT(element)->parent;
    return parent ? TB_OBJECT(parent) : TB_NONE_VALUE;
}

tb_list *tb_xml_children(tb_value element)
{
    const tb_element *parent = TB_AS_ELEMENT(element);
    tb_list *list = tb_list_new(parent->count);
    for (int64_t i = 0; list && i < parent->count; i++)
        if (tb_list_push(list, TB_OBJECT(parent->children[i])) < 0) return NULL;
    return list;
}

// --------------------------------------------------------------------------------------- the class

static tb_value element_tag(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_OBJECT(TB_AS_ELEMENT(self)->tag);
}

static tb_value element_text(tb_fn *fn, tb_value self)
{
    (void)fn;
    return text_or_none(TB_AS_ELEMENT(self)->text);
}

static tb_value element_tail(tb_fn *fn, tb_value self)
{
    (void)fn;
    return text_or_none(TB_AS_ELEMENT(self)->tail);
}

static tb_value element_attrib(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_VALUE_OF(tb_element_attrib(TB_AS_ELEMENT(self)));
}

static tb_value element_iter(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_VALUE_OF(tb_xml_children(self));
}

// `<Element tag>`
static tb_value element_to_string(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add(&text, "<Element ", 9) < 0) return TB_PENDING;
    if (tb_text_add_str(&text, TB_AS_ELEMENT(self)->tag) < 0) return TB_PENDING;
    if (tb_text_add_byte(&text, '>') < 0) return TB_PENDING;
    return TB_VALUE_OF(tb_text_end(&text));
}

TB_PROPERTY(element_tag, "tag")
TB_PROPERTY(element_text, "text")
TB_PROPERTY(element_tail, "tail")
TB_PROPERTY(element_attrib, "attrib")
TB_METHOD(element_iter, "iter", 0)
TB_METHOD(element_to_string, "to_string", 0)

static const tb_method element_methods[] = {
    TB_METHOD_ROW(element_tag),    TB_METHOD_ROW(element_text), TB_METHOD_ROW(element_tail),
    TB_METHOD_ROW(element_attrib), TB_METHOD_ROW(element_iter), TB_METHOD_ROW(element_to_string),
};

tb_class tb_element_class =
    TB_NATIVE_CLASS("Element", element_methods,
                    .special = {[TB_SPECIAL_TO_STRING] = &element_to_string_method,
                                [TB_SPECIAL_ITER] = &element_iter_method});
