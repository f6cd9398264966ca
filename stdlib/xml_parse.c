// Reads XML: expat finds the parts, the handlers here build the tree.
#include "xml.h"

#include "build/stdlib/xml.h"
#include "text.h"

#include <expat.h>
#include <string.h>

// The most that expat is given at once: it counts in ints.
#define PIECE     (1 << 24)
#define LONG_TEXT (1 << 20)
#define GROWTH    8 // trees take about so many times the room of their text

// ------------------------------------------------------------------------------------------- expat

tb_value tb_xml_raise(XML_Parser parser)
{
    if (tb_rt.pending) return TB_PENDING;
    enum XML_Error error = XML_GetErrorCode(parser);
    const char *what = error == XML_ERROR_EXTERNAL_ENTITY_HANDLING || error == XML_ERROR_ABORTED
                           ? "an entity that is not in the text"
                           : XML_ErrorString(error);
    return tb_raise_error(&tb_error_value, "XML, line %lu, column %lu: %s",
                          (unsigned long)XML_GetCurrentLineNumber(parser),
                          (unsigned long)XML_GetCurrentColumnNumber(parser) + 1, what);
}

// Nothing is loaded from elsewhere.
static int refuse_external(XML_Parser parser, const XML_Char *context, const XML_Char *base,
                           const XML_Char *system_id, const XML_Char *public_id)
{
    (void)parser, (void)context, (void)base, (void)system_id, (void)public_id;
    return XML_STATUS_ERROR;
}

static void refuse_unknown(void *parser, const XML_Char *name, int is_parameter)
{
    (void)name;
    if (!is_parameter) XML_StopParser(parser, XML_FALSE);
}

int tb_xml_feed(XML_Parser parser, const char *bytes, int64_t size)
{
    enum XML_Status status = XML_STATUS_OK;
    XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_NEVER);
    XML_SetExternalEntityRefHandler(parser, refuse_external);
    XML_UseParserAsHandlerArg(parser);
    XML_SetSkippedEntityHandler(parser, refuse_unknown);
    do {
        int piece = size > PIECE ? PIECE : (int)size;
        status = XML_Parse(parser, bytes, piece, piece == size);
        bytes += piece;
        size -= piece;
    } while (status == XML_STATUS_OK && size > 0);
    if (status != XML_STATUS_OK) tb_xml_raise(parser);
    XML_ParserFree(parser);
    return status == XML_STATUS_OK ? 0 : -1;
}

// ---------------------------------------------------------------------------------------- the tree

typedef struct Builder {
    XML_Parser parser;
    tb_element *root;
    tb_element *open; // the element being filled
    tb_element *last; // the element that began or ended last: what text belongs to
    int is_behind;    // text comes behind `last`, not inside it
    tb_text text;     // since then
} Builder;

// Stops when something was raised.
static void stop_unless(Builder *builder, int done)
{
    if (!done) XML_StopParser(builder->parser, XML_FALSE);
}

// The text since the last tag goes where it belongs. Whether that worked.
static int place_text(Builder *builder)
{
    if (builder->text.size == 0 || !builder->last) return 1;
    tb_str *text = tb_text_end(&builder->text);
    tb_text_begin(&builder->text);
    *(builder->is_behind ? &builder->last->tail : &builder->last->text) = text;
    return text != NULL;
}

// expat's `namespace}name` as `{namespace}name`.
static tb_str *name_of(const XML_Char *name)
{
    tb_text text;
    if (!strchr(name, '}')) return tb_str_from_c(name);
    tb_text_begin(&text);
    if (tb_text_add_byte(&text, '{') < 0) return NULL;
    if (tb_text_add(&text, name, (int64_t)strlen(name)) < 0) return NULL;
    return tb_text_end(&text);
}

static int put_attributes(tb_element *element, const XML_Char **attributes)
{
    for (; *attributes; attributes += 2) {
        tb_dict *attrib = tb_element_attrib(element);
        tb_str *name = attrib ? name_of(attributes[0]) : NULL;
        tb_str *value = name ? tb_str_from_c(attributes[1]) : NULL;
        if (!value || tb_dict_put(attrib, TB_OBJECT(name), TB_OBJECT(value)) < 0) return 0;
    }
    return 1;
}

static int add_element(Builder *builder, const XML_Char *name, const XML_Char **attributes)
{
    tb_str *tag = place_text(builder) ? name_of(name) : NULL;
    tb_element *element = tag ? tb_element_new(tag) : NULL;
    if (!element || !put_attributes(element, attributes)) return 0;
    if (!builder->root) builder->root = element;
    if (builder->open && tb_element_append(builder->open, element) < 0) return 0;
    builder->open = builder->last = element;
    builder->is_behind = 0;
    return 1;
}

// expat hands the parser itself to its handlers; what they work on is its user data.
static Builder *builder_of(void *parser)
{
    return XML_GetUserData((XML_Parser)parser);
}

static void on_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    Builder *builder = builder_of(parser);
    stop_unless(builder, add_element(builder, name, attributes));
}

static void on_end(void *parser, const XML_Char *name)
{
    (void)name;
    Builder *builder = builder_of(parser);
    stop_unless(builder, place_text(builder));
    builder->last = builder->open;
    builder->is_behind = 1;
    builder->open = builder->open->parent;
}

static void on_text(void *parser, const XML_Char *bytes, int size)
{
    Builder *builder = builder_of(parser);
    stop_unless(builder, tb_text_add(&builder->text, bytes, size) == 0);
}

static tb_value parse(const char *bytes, int64_t size, const char *encoding)
{
    Builder builder = {.parser = XML_ParserCreateNS(encoding, '}')};
    if (!builder.parser) {
        tb_gc_raise((size_t)size);
        return TB_PENDING;
    }
    if (size >= LONG_TEXT) tb_gc_prepare((size_t)size * GROWTH);
    tb_text_begin(&builder.text);
    XML_SetUserData(builder.parser, &builder);
    XML_SetElementHandler(builder.parser, on_start, on_end);
    XML_SetCharacterDataHandler(builder.parser, on_text);
    int result = tb_xml_feed(builder.parser, bytes, size);
    tb_text_drop(&builder.text);
    return result < 0 ? TB_PENDING : TB_OBJECT(builder.root);
}

tb_value tb_xml_parse(tb_str *xml_string)
{
    // Whatever the declaration says, a String is UTF-8 inside.
    return parse(xml_string->data, xml_string->size, "UTF-8");
}

tb_value tb_xml_parse_bytes(tb_bytes *data)
{
    return parse((const char *)data->data, data->size, NULL);
}
