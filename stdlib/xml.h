// XML: elements, and what the parts of the library share.
//
// A tree is made of elements that know their parent and their place among its children, so it can
// be walked without recursion, however deep it is. Names are as in ElementTree: `{namespace}name`
// where there is a namespace.
#ifndef STDLIB_XML_H
#define STDLIB_XML_H

#include "native.h"

// An element, a value of class Element.
typedef struct tb_element {
    tb_class *cls;
    tb_str *tag;
    tb_str *text;    // before the first child; NULL: none
    tb_str *tail;    // behind this element, before the next one; NULL: none
    tb_dict *attrib; // NULL until asked for
    struct tb_element *parent;
    int64_t index; // among the parent's children
    int64_t count;
    int64_t capacity;
    struct tb_element **children;
} tb_element;

extern tb_class tb_element_class; // Element

#define TB_AS_ELEMENT(v) TB_PTR(tb_element, v)

// A new element without parent. NULL: MemoryError.
tb_element *tb_element_new(tb_str *tag);

// Makes [child], which has no parent, the last child. 0, or -1: MemoryError.
int tb_element_append(tb_element *parent, tb_element *child);

// The attributes, a dict that belongs to the element. NULL: MemoryError.
tb_dict *tb_element_attrib(tb_element *element);

// The next element of the tree below [root] behind [element], children before siblings; NULL at the
// end. Begin with [root] itself.
static inline tb_element *tb_element_next(const tb_element *root, tb_element *element)
{
    if (element->count > 0) return element->children[0];
    while (element != root) {
        tb_element *parent = element->parent;
        if (element->index + 1 < parent->count) return parent->children[element->index + 1];
        element = parent;
    }
    return NULL;
}

// Adds `&`, `<`, `>` as entities, and `"` too when [quotes]. Other bytes are copied. 0 or -1.
int tb_xml_add_escaped(tb_text *text, const char *bytes, int64_t size, int quotes);

// ------------------------------------------------------------------------------------------- expat

struct XML_ParserStruct;

// ValueError for the error that stopped [parser], with line and column, unless one is pending.
// Returns TB_PENDING.
TB_COLD tb_value tb_xml_raise(struct XML_ParserStruct *parser);

// Feeds all [size] bytes to [parser], which is then freed. 0, or -1: raised. External entities are
// an error and never loaded.
int tb_xml_feed(struct XML_ParserStruct *parser, const char *bytes, int64_t size);

#endif
