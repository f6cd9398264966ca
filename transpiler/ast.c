// Making tree nodes, and printing trees for `tombo emit --after=parser` and the tests.

#include "ast.h"

#include <string.h>

#include "diag.h"
#include "types.h"

// ---- making -------------------------------------------------------------------------------------

typedef struct KindRow {
    const char *text;
    uint8_t payload_size; // of its member of Node.as
} KindRow;

static const KindRow rows[] = {
#define NODE(kind, text, member) {text, sizeof(((Node *)0)->as.member)},
#include "ast.def"
#undef NODE
};

// The resolver turns a NAME into a MEMBER in place.
_Static_assert(sizeof(((Node *)0)->as.member) <= sizeof(((Node *)0)->as.call), "see ast.h");

static size_t node_size(NodeKind kind)
{
    size_t least = sizeof(((Node *)0)->as.call);
    size_t size = rows[kind].payload_size;
    return offsetof(Node, as) + (size < least ? least : size);
}

Node *node_new(Arena *arena, NodeKind kind, Span span)
{
    Node *node = arena_alloc(arena, node_size(kind));
    node->kind = (uint8_t)kind;
    node->span = span;
    return node;
}

Node *node_copy(Arena *arena, const Node *node)
{
    size_t size = node_size(node->kind);
    Node *copy = arena_alloc(arena, size);
    memcpy(copy, node, size);
    copy->next = NULL;
    return copy;
}

void node_append(NodeList *list, Node *node)
{
    if (list->last)
        list->last->next = node;
    else
        list->first = node;
    list->last = node;
    list->count++;
}

const char *node_kind_text(NodeKind kind)
{
    return rows[kind].text;
}

// ---- printing: one line of a node ---------------------------------------------------------------

typedef struct Printer {
    Source *source;
    FILE *out;
    Arena scratch; // texts of types
    int depth;
} Printer;

static void print_node(Printer *printer, const char *role, const Node *node);

static void print_word(const Printer *printer, const char *word)
{
    fprintf(printer->out, " %s", word);
}

static void print_name(const Printer *printer, const Name *name)
{
    if (name) print_word(printer, name->text);
}

static void print_integer(const Printer *printer, const Node *node)
{
    static const char *const prefixes[] = {[2] = "0b", [8] = "0o", [10] = "", [16] = "0x"};
    if (node->kind == NODE_BOOL)
        print_word(printer, node->as.integer.value ? "true" : "false");
    else if (node->as.integer.digits)
        fprintf(printer->out, " %s%s", prefixes[node->as.integer.base], node->as.integer.digits);
    else
        fprintf(printer->out, " %lld", (long long)node->as.integer.value);
}

static void print_path(const Printer *printer, const NodeList *path)
{
    const char *separator = " ";
    for (const Node *part = path->first; part; part = part->next) {
        fprintf(printer->out, "%s%s", separator, part->as.name.name->text);
        separator = ".";
    }
}

static void print_extern(const Printer *printer, const Node *node)
{
    if (!node->as.function.extern_name) return;
    fprintf(printer->out, " extern %s", node->as.function.extern_name);
    if (node->as.function.extern_library)
        fprintf(printer->out, " from %s", node->as.function.extern_library);
}

// The name, value or operator of a node.
static void print_detail(const Printer *printer, const Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_BOOL:
    case NODE_INT:
        print_integer(printer, node);
        break;
    case NODE_FLOAT:
        fprintf(printer->out, " %.17g", node->as.number);
        break;
    case NODE_STRING:
        fputc(' ', printer->out);
        json_write_string(printer->out, node->as.string.bytes);
        break;
    case NODE_NAME:
    case NODE_PATTERN_BIND:
    case NODE_PATTERN_REST:
        print_name(printer, node->as.name.name);
        break;
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_LOGICAL:
    case NODE_AUGMENT:
        print_word(printer, token_text(node->op));
        break;
    case NODE_COMPARE_TO:
        if (node->flags & NODE_NEGATED) print_word(printer, "not");
        print_word(printer, token_text(node->op));
        break;
    case NODE_COMPREHENSION:
        print_word(printer, node_kind_text((NodeKind)node->as.comprehension.kind));
        break;
    case NODE_FORMAT:
        if (node->as.format.conversion) fprintf(printer->out, " !%c", node->as.format.conversion);
        break;
    case NODE_MEMBER:
        print_name(printer, node->as.member.name);
        break;
    case NODE_LABELLED:
    case NODE_PATTERN_AS:
        print_name(printer, node->as.labelled.name);
        break;
    case NODE_FUNCTION:
        print_name(printer, node->as.function.name);
        print_extern(printer, node);
        break;
    case NODE_PARAM:
        print_name(printer, node->as.param.name);
        if (node->as.param.is_rest) fputs("...", printer->out);
        break;
    case NODE_CATCH:
        print_name(printer, node->as.catch_.name);
        break;
    case NODE_USE:
    case NODE_IMPORT:
    case NODE_FROM:
    case NODE_IMPORT_ITEM:
        print_path(printer, &node->as.import.path);
        if (node->as.import.alias) fprintf(printer->out, " as %s", node->as.import.alias->text);
        break;
    case NODE_CLASS:
        print_name(printer, node->as.class_.name);
        if (node->as.class_.extern_name)
            fprintf(printer->out, " extern %s", node->as.class_.extern_name);
        break;
    case NODE_TYPE_NAME:
        print_path(printer, &node->as.type.path);
        break;
    default:
        break;
    }
}

static void print_flags(const Printer *printer, const Node *node)
{
    if (node->flags & NODE_PARENTHESIZED) print_word(printer, "(parenthesized)");
    if (node->flags & NODE_MUT && node->kind == NODE_LET) print_word(printer, "(mut)");
    if (node->flags & NODE_DEFI && node->kind == NODE_FUNCTION) print_word(printer, "(defi)");
}

static void print_line(Printer *printer, const char *role, const Node *node)
{
    Position position = source_position(printer->source, node->span.start);
    fprintf(printer->out, "%*s", 2 * printer->depth, "");
    if (role) fprintf(printer->out, "%s: ", role);
    fputs(node_kind_text(node->kind), printer->out);
    print_detail(printer, node);
    print_flags(printer, node);
    fprintf(printer->out, " %u:%u", position.line, position.column);
    if (node->type) fprintf(printer->out, " : %s", type_text(&printer->scratch, node->type));
    fputc('\n', printer->out);
}

// ---- printing: children -------------------------------------------------------------------------

static void print_list(Printer *printer, const char *role, const NodeList *list)
{
    for (const Node *item = list->first; item; item = item->next)
        print_node(printer, role, item);
}

static void print_function(Printer *printer, const Node *node)
{
    print_node(printer, "doc", node->as.function.doc);
    print_list(printer, "type", &node->as.function.type_params);
    print_list(printer, NULL, &node->as.function.params);
    print_node(printer, "result", node->as.function.result);
    print_node(printer, "body", node->as.function.body);
}

static void print_assign(Printer *printer, const Node *node)
{
    print_node(printer, "doc", node->as.assign.doc);
    print_node(printer, "target", node->as.assign.target);
    print_node(printer, "annotation", node->as.assign.annotation);
    print_node(printer, "value", node->as.assign.value);
}

static void print_comprehension(Printer *printer, const Node *node)
{
    print_node(printer, "element", node->as.comprehension.element);
    print_node(printer, "value", node->as.comprehension.value);
    print_list(printer, NULL, &node->as.comprehension.clauses);
}

static void print_conditional(Printer *printer, const Node *node)
{
    print_node(printer, "condition", node->as.conditional.condition);
    print_node(printer, "then", node->as.conditional.then);
    print_node(printer, "else", node->as.conditional.otherwise);
}

static void print_loop(Printer *printer, const Node *node)
{
    print_node(printer, "target", node->as.loop.target);
    print_node(printer, node->kind == NODE_FOR ? "in" : "condition", node->as.loop.condition);
    print_node(printer, "body", node->as.loop.body);
}

static void print_match_arm(Printer *printer, const Node *node)
{
    print_list(printer, NULL, &node->as.match_arm.patterns);
    print_node(printer, "if", node->as.match_arm.guard);
    print_node(printer, "body", node->as.match_arm.body);
}

static void print_children(Printer *printer, const Node *node)
{
    switch ((NodeKind)node->kind) {
    case NODE_NONE:
    case NODE_BOOL:
    case NODE_INT:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_NAME:
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_PASS:
    case NODE_ERROR:
    case NODE_PATTERN_BIND:
    case NODE_PATTERN_REST:
    case NODE_USE:
    case NODE_IMPORT:
    case NODE_IMPORT_ITEM:
    case NODE_KIND_COUNT:
        break;
    case NODE_FSTRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_SET:
    case NODE_DICT:
    case NODE_BLOCK:
    case NODE_DEL:
    case NODE_PATTERN_LIST:
    case NODE_PATTERN_TUPLE:
        print_list(printer, NULL, &node->as.list);
        break;
    case NODE_FORMAT:
        print_node(printer, "value", node->as.format.value);
        print_node(printer, "spec", node->as.format.spec);
        break;
    case NODE_PAIR:
    case NODE_ASSERT:
        print_node(printer, NULL, node->as.pair.key);
        print_node(printer, NULL, node->as.pair.value);
        break;
    case NODE_SPREAD:
    case NODE_UNARY:
    case NODE_COMPARE_TO:
    case NODE_RETURN:
    case NODE_THROW:
    case NODE_PATTERN_VALUE:
        print_node(printer, NULL, node->as.unary.operand);
        break;
    case NODE_COMPREHENSION:
        print_comprehension(printer, node);
        break;
    case NODE_CLAUSE_FOR:
    case NODE_CLAUSE_IF:
        print_node(printer, "target", node->as.clause.target);
        print_node(printer, node->kind == NODE_CLAUSE_FOR ? "in" : "condition",
                   node->as.clause.condition);
        break;
    case NODE_BINARY:
    case NODE_LOGICAL:
        print_node(printer, NULL, node->as.binary.left);
        print_node(printer, NULL, node->as.binary.right);
        break;
    case NODE_COMPARE:
        print_node(printer, NULL, node->as.compare.first);
        print_list(printer, NULL, &node->as.compare.rest);
        break;
    case NODE_CONDITIONAL:
        print_conditional(printer, node);
        break;
    case NODE_CALL:
        print_node(printer, "callee", node->as.call.callee);
        print_list(printer, NULL, &node->as.call.args);
        break;
    case NODE_LABELLED:
    case NODE_PATTERN_AS:
        print_node(printer, NULL, node->as.labelled.value);
        break;
    case NODE_INDEX:
        print_node(printer, NULL, node->as.index.object);
        print_node(printer, "index", node->as.index.index);
        break;
    case NODE_SLICE:
        print_node(printer, "from", node->as.slice.from);
        print_node(printer, "to", node->as.slice.to);
        print_node(printer, "step", node->as.slice.step);
        break;
    case NODE_MEMBER:
        print_node(printer, NULL, node->as.member.object);
        break;
    case NODE_FUNCTION:
        print_function(printer, node);
        break;
    case NODE_LET:
    case NODE_ASSIGN:
    case NODE_CHANGE:
    case NODE_AUGMENT:
        print_assign(printer, node);
        break;
    case NODE_IF:
        print_list(printer, NULL, &node->as.branch.arms);
        print_node(printer, "else", node->as.branch.otherwise);
        break;
    case NODE_ARM:
        print_node(printer, "condition", node->as.arm.condition);
        print_node(printer, "body", node->as.arm.body);
        break;
    case NODE_WHILE:
    case NODE_FOR:
        print_loop(printer, node);
        break;
    case NODE_MATCH:
        print_node(printer, "subject", node->as.match.subject);
        print_list(printer, NULL, &node->as.match.arms);
        break;
    case NODE_MATCH_ARM:
        print_match_arm(printer, node);
        break;
    case NODE_TRY:
        print_node(printer, "body", node->as.try_.body);
        print_list(printer, NULL, &node->as.try_.catches);
        print_node(printer, "finally", node->as.try_.finally);
        break;
    case NODE_CATCH:
        print_node(printer, "type", node->as.catch_.type);
        print_node(printer, "body", node->as.catch_.body);
        break;
    case NODE_WITH:
        print_node(printer, "value", node->as.with.value);
        print_node(printer, "as", node->as.with.target);
        print_node(printer, "body", node->as.with.body);
        break;
    case NODE_FROM:
        print_list(printer, NULL, &node->as.import.items);
        break;
    case NODE_CLASS:
        print_node(printer, "doc", node->as.class_.doc);
        print_node(printer, "base", node->as.class_.base);
        print_list(printer, NULL, &node->as.class_.body);
        break;
    case NODE_TYPE_NAME:
    case NODE_TYPE_OPTIONAL:
    case NODE_TYPE_UNION:
    case NODE_TYPE_FUNCTION:
        print_list(printer, NULL, &node->as.type.args);
        print_node(printer, "result", node->as.type.result);
        break;
    case NODE_PARAM:
        print_node(printer, "annotation", node->as.param.annotation);
        print_node(printer, "default", node->as.param.default_value);
        break;
    }
}

static void print_node(Printer *printer, const char *role, const Node *node)
{
    if (!node) return;
    print_line(printer, role, node);
    printer->depth++;
    print_children(printer, node);
    printer->depth--;
}

void ast_print(const Node *node, Source *source, FILE *out)
{
    Printer printer = {.source = source, .out = out};
    print_node(&printer, NULL, node);
    arena_free(&printer.scratch);
}
