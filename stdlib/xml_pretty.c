// prettify: an XML text again, one node on a line, two blanks deeper for each level.
//
// Nothing is kept but the text being written and one piece of text that was just read: only the
// node behind it tells whether it is all its element contains and stays on the line.
#include "xml.h"

#include "build/stdlib/xml.h"
#include "text.h"

#include <expat.h>
#include <string.h>

typedef enum Held { HELD_NOTHING, HELD_TEXT, HELD_CDATA } Held;

typedef struct Pretty {
    XML_Parser parser;
    tb_text out;
    int64_t depth;
    int is_fresh; // the last start tag has no `>` yet: no child came that was written
    Held held;
    tb_text text; // what is held
    int in_cdata;
    int cdata_began; // and its text is being held
} Pretty;

static int add(Pretty *pretty, const char *word)
{
    return tb_text_add(&pretty->out, word, (int64_t)strlen(word));
}

static int add_indent(Pretty *pretty, int64_t depth)
{
    return tb_text_add_repeated(&pretty->out, "  ", 2, depth);
}

static int add_escaped(Pretty *pretty, const char *text)
{
    return tb_xml_add_escaped(&pretty->out, text, (int64_t)strlen(text), 1);
}

// Writes the text held: alone between tags, or as one child among others.
static int add_held(Pretty *pretty, int is_alone)
{
    Held held = pretty->held;
    const tb_text *text = &pretty->text;
    pretty->held = HELD_NOTHING;
    if (held == HELD_CDATA) {
        if (add(pretty, "<![CDATA[") < 0) return -1;
        if (tb_text_add(&pretty->out, text->data, text->size) < 0 || add(pretty, "]]>") < 0)
            return -1;
    } else {
        if (!is_alone && add_indent(pretty, pretty->depth) < 0) return -1;
        if (tb_xml_add_escaped(&pretty->out, text->data, text->size, 1) < 0) return -1;
        if (!is_alone && add(pretty, "\n") < 0) return -1;
    }
    tb_text_drop(&pretty->text);
    return 0;
}

// What has to be written before another child.
static int begin_child(Pretty *pretty)
{
    if (pretty->is_fresh && add(pretty, ">\n") < 0) return -1;
    pretty->is_fresh = 0;
    return pretty->held == HELD_NOTHING ? 0 : add_held(pretty, 0);
}

static int start_element(Pretty *pretty, const XML_Char *name, const XML_Char **attributes)
{
    if (begin_child(pretty) < 0 || add_indent(pretty, pretty->depth) < 0) return -1;
    if (add(pretty, "<") < 0 || add(pretty, name) < 0) return -1;
    for (; *attributes; attributes += 2) {
        if (add(pretty, " ") < 0 || add(pretty, attributes[0]) < 0) return -1;
        if (add(pretty, "=\"") < 0 || add_escaped(pretty, attributes[1]) < 0) return -1;
        if (add(pretty, "\"") < 0) return -1;
    }
    pretty->is_fresh = 1;
    pretty->depth++;
    return 0;
}

static int end_element(Pretty *pretty, const XML_Char *name)
{
    int is_empty = pretty->is_fresh && pretty->held == HELD_NOTHING;
    int is_inline = pretty->is_fresh && !is_empty;
    if (is_empty && add(pretty, "/>\n") < 0) return -1;
    if (is_inline && (add(pretty, ">") < 0 || add_held(pretty, 1) < 0)) return -1;
    if (!pretty->is_fresh && begin_child(pretty) < 0) return -1;
    pretty->depth--;
    if (!pretty->is_fresh && add_indent(pretty, pretty->depth) < 0) return -1;
    pretty->is_fresh = 0;
    if (is_empty) return 0;
    return add(pretty, "</") < 0 || add(pretty, name) < 0 || add(pretty, ">\n") < 0 ? -1 : 0;
}

// Text continues what is held when it is of the same kind and, in a CDATA section, the same one.
static int add_text(Pretty *pretty, const XML_Char *bytes, int size)
{
    Held kind = pretty->in_cdata ? HELD_CDATA : HELD_TEXT;
    int continues = pretty->held == kind && (kind == HELD_TEXT || pretty->cdata_began);
    if (!continues && pretty->held != HELD_NOTHING && begin_child(pretty) < 0) return -1;
    pretty->held = kind;
    pretty->cdata_began = pretty->in_cdata;
    return tb_text_add(&pretty->text, bytes, size);
}

// A comment or processing instruction between [open] and [close].
static int add_note(Pretty *pretty, const char *open, const XML_Char *text, const char *close)
{
    if (begin_child(pretty) < 0 || add_indent(pretty, pretty->depth) < 0) return -1;
    return add(pretty, open) < 0 || add(pretty, text) < 0 || add(pretty, close) < 0 ? -1 : 0;
}

// ---------------------------------------------------------------------------------------- handlers

static Pretty *pretty_of(void *parser)
{
    return XML_GetUserData((XML_Parser)parser);
}

static void stop_unless(Pretty *pretty, int result)
{
    if (result < 0) XML_StopParser(pretty->parser, XML_FALSE);
}

static void on_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    Pretty *pretty = pretty_of(parser);
    stop_unless(pretty, start_element(pretty, name, attributes));
}

static void on_end(void *parser, const XML_Char *name)
{
    Pretty *pretty = pretty_of(parser);
    stop_unless(pretty, end_element(pretty, name));
}

static void on_text(void *parser, const XML_Char *bytes, int size)
{
    Pretty *pretty = pretty_of(parser);
    stop_unless(pretty, add_text(pretty, bytes, size));
}

static void on_comment(void *parser, const XML_Char *text)
{
    Pretty *pretty = pretty_of(parser);
    stop_unless(pretty, add_note(pretty, "<!--", text, "-->\n"));
}

static void on_instruction(void *parser, const XML_Char *target, const XML_Char *data)
{
    Pretty *pretty = pretty_of(parser);
    int result = add_note(pretty, "<?", target, " ");
    if (result == 0 && add(pretty, data) == 0) result = add(pretty, "?>\n");
    stop_unless(pretty, result);
}

static void on_cdata_start(void *parser)
{
    Pretty *pretty = pretty_of(parser);
    pretty->in_cdata = 1;
    pretty->cdata_began = 0;
}

static void on_cdata_end(void *parser)
{
    pretty_of(parser)->in_cdata = 0;
}

static void on_doctype(void *parser, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_subset)
{
    (void)has_subset;
    Pretty *pretty = pretty_of(parser);
    int result = add(pretty, "<!DOCTYPE ") < 0 || add(pretty, name) < 0 ? -1 : 0;
    if (result == 0 && public_id)
        result = add(pretty, "\n  PUBLIC '") < 0 || add(pretty, public_id) < 0 ||
                         add(pretty, "'\n  '") < 0 || add(pretty, system_id) < 0 ||
                         add(pretty, "'") < 0
                     ? -1
                     : 0;
    else if (result == 0 && system_id)
        result =
            add(pretty, "\n  SYSTEM '") < 0 || add(pretty, system_id) < 0 || add(pretty, "'") < 0
                ? -1
                : 0;
    stop_unless(pretty, result < 0 ? result : add(pretty, ">\n"));
}

tb_str *tb_xml_prettify(tb_str *xml_string)
{
    Pretty pretty = {.parser = XML_ParserCreate("UTF-8")};
    if (!pretty.parser) return tb_gc_raise((size_t)xml_string->size);
    tb_text_begin(&pretty.out);
    tb_text_begin(&pretty.text);
    XML_SetUserData(pretty.parser, &pretty);
    XML_SetElementHandler(pretty.parser, on_start, on_end);
    XML_SetCharacterDataHandler(pretty.parser, on_text);
    XML_SetCommentHandler(pretty.parser, on_comment);
    XML_SetProcessingInstructionHandler(pretty.parser, on_instruction);
    XML_SetCdataSectionHandler(pretty.parser, on_cdata_start, on_cdata_end);
    XML_SetStartDoctypeDeclHandler(pretty.parser, on_doctype);
    int result = add(&pretty, "<?xml version=\"1.0\" ?>\n");
    if (result == 0) result = tb_xml_feed(pretty.parser, xml_string->data, xml_string->size);
    tb_text_drop(&pretty.text);
    if (result == 0) return tb_text_end(&pretty.out);
    tb_text_drop(&pretty.out);
    return NULL;
}
