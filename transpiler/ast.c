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

// A member of a kind of node that holds a child, or a list of them.
typedef struct ChildRow {
    uint8_t kind;
    bool is_list;
    uint16_t offset;  // in Node
    const char *role; // what it is led by, or NULL
} ChildRow;

#define CHILD(kind, role, member)                                                                  \
    {                                                                                              \
        NODE_##kind, false, offsetof(Node, as.member), role                                        \
    }
#define ITEMS(kind, role, member)                                                                  \
    {                                                                                              \
        NODE_##kind, true, offsetof(Node, as.member), role                                         \
    }

// In the order in which they are printed.
// clang-format off
static const ChildRow child_rows[] = {
    ITEMS(FSTRING, NULL, list),
    CHILD(FORMAT, "value", format.value),
    CHILD(FORMAT, "spec", format.spec),
    ITEMS(LIST, NULL, list),
    ITEMS(TUPLE, NULL, list),
    ITEMS(SET, NULL, list),
    ITEMS(DICT, NULL, list),
    CHILD(PAIR, NULL, pair.key),
    CHILD(PAIR, NULL, pair.value),
    CHILD(SPREAD, NULL, unary.operand),
    CHILD(COMPREHENSION, "element", comprehension.element),
    CHILD(COMPREHENSION, "value", comprehension.value),
    ITEMS(COMPREHENSION, NULL, comprehension.clauses),
    CHILD(CLAUSE_FOR, "target", clause.target),
    CHILD(CLAUSE_FOR, "in", clause.condition),
    CHILD(CLAUSE_IF, "condition", clause.condition),
    CHILD(UNARY, NULL, unary.operand),
    CHILD(BINARY, NULL, binary.left),
    CHILD(BINARY, NULL, binary.right),
    CHILD(LOGICAL, NULL, binary.left),
    CHILD(LOGICAL, NULL, binary.right),
    CHILD(COMPARE, NULL, compare.first),
    ITEMS(COMPARE, NULL, compare.rest),
    CHILD(COMPARE_TO, NULL, unary.operand),
    CHILD(CONDITIONAL, "condition", conditional.condition),
    CHILD(CONDITIONAL, "then", conditional.then),
    CHILD(CONDITIONAL, "else", conditional.otherwise),
    CHILD(CALL, "callee", call.callee),
    ITEMS(CALL, NULL, call.args),
    CHILD(LABELLED, NULL, labelled.value),
    CHILD(INDEX, NULL, index.object),
    CHILD(INDEX, "index", index.index),
    CHILD(SLICE, "from", slice.from),
    CHILD(SLICE, "to", slice.to),
    CHILD(SLICE, "step", slice.step),
    CHILD(MEMBER, NULL, member.object),
    CHILD(FUNCTION, "doc", function.doc),
    ITEMS(FUNCTION, "type", function.type_params),
    ITEMS(FUNCTION, NULL, function.params),
    CHILD(FUNCTION, "result", function.result),
    CHILD(FUNCTION, "body", function.body),
    CHILD(PARAM, "annotation", param.annotation),
    CHILD(PARAM, "default", param.default_value),
    ITEMS(BLOCK, NULL, list),
    CHILD(LET, "doc", assign.doc),
    CHILD(LET, "target", assign.target),
    CHILD(LET, "annotation", assign.annotation),
    CHILD(LET, "value", assign.value),
    CHILD(ASSIGN, "target", assign.target),
    CHILD(ASSIGN, "value", assign.value),
    CHILD(CHANGE, "target", assign.target),
    CHILD(CHANGE, "value", assign.value),
    CHILD(AUGMENT, "target", assign.target),
    CHILD(AUGMENT, "value", assign.value),
    ITEMS(DEL, NULL, list),
    ITEMS(IF, NULL, branch.arms),
    CHILD(IF, "else", branch.otherwise),
    CHILD(ARM, "condition", arm.condition),
    CHILD(ARM, "body", arm.body),
    CHILD(WHILE, "condition", loop.condition),
    CHILD(WHILE, "body", loop.body),
    CHILD(FOR, "target", loop.target),
    CHILD(FOR, "in", loop.condition),
    CHILD(FOR, "body", loop.body),
    CHILD(MATCH, "subject", match.subject),
    ITEMS(MATCH, NULL, match.arms),
    ITEMS(MATCH_ARM, NULL, match_arm.patterns),
    CHILD(MATCH_ARM, "if", match_arm.guard),
    CHILD(MATCH_ARM, "body", match_arm.body),
    CHILD(TRY, "body", try_.body),
    ITEMS(TRY, NULL, try_.catches),
    CHILD(TRY, "finally", try_.finally),
    CHILD(CATCH, "type", catch_.type),
    CHILD(CATCH, "body", catch_.body),
    CHILD(WITH, "value", with.value),
    CHILD(WITH, "as", with.target),
    CHILD(WITH, "body", with.body),
    CHILD(RETURN, NULL, unary.operand),
    CHILD(THROW, NULL, unary.operand),
    CHILD(ASSERT, NULL, pair.key),
    CHILD(ASSERT, NULL, pair.value),
    ITEMS(FROM, NULL, import.items),
    CHILD(CLASS, "doc", class_.doc),
    CHILD(CLASS, "base", class_.base),
    ITEMS(CLASS, NULL, class_.body),
    CHILD(PATTERN_AS, NULL, labelled.value),
    ITEMS(PATTERN_LIST, NULL, list),
    ITEMS(PATTERN_TUPLE, NULL, list),
    CHILD(PATTERN_VALUE, NULL, unary.operand),
    ITEMS(TYPE_NAME, NULL, type.args),
    ITEMS(TYPE_OPTIONAL, NULL, type.args),
    ITEMS(TYPE_UNION, NULL, type.args),
    ITEMS(TYPE_FUNCTION, NULL, type.args),
    CHILD(TYPE_FUNCTION, "result", type.result),
};
// clang-format on

static const Node *first_child(const ChildRow *row, const Node *node)
{
    const void *member = (const char *)node + row->offset;
    return row->is_list ? ((const NodeList *)member)->first : *(Node *const *)member;
}

static const Node *next_child(const ChildRow *row, const Node *child)
{
    return row->is_list ? child->next : NULL;
}

static void print_children(Printer *printer, const Node *node)
{
    for (size_t i = 0; i < sizeof child_rows / sizeof *child_rows; i++) {
        const ChildRow *row = &child_rows[i];
        if (row->kind != node->kind) continue;
        for (const Node *child = first_child(row, node); child; child = next_child(row, child))
            print_node(printer, row->role, child);
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

// ---- copying and searching ----------------------------------------------------------------------

static bool is_annotation(const Node *node)
{
    return node->kind >= NODE_TYPE_NAME && node->kind <= NODE_TYPE_FUNCTION;
}

static NodeList clone_list(Arena *arena, const NodeList *list, NodeAdapt *adapt, void *data)
{
    NodeList copies = {0};
    for (const Node *item = list->first; item; item = item->next)
        node_append(&copies, node_clone(arena, item, adapt, data));
    return copies;
}

Node *node_clone(Arena *arena, const Node *node, NodeAdapt *adapt, void *data)
{
    if (is_annotation(node)) return (Node *)(uintptr_t)node;
    Node *copy = node_copy(arena, node);
    copy->type = NULL;
    for (size_t i = 0; i < sizeof child_rows / sizeof *child_rows; i++) {
        const ChildRow *row = &child_rows[i];
        if (row->kind != node->kind) continue;
        void *member = (char *)copy + row->offset;
        if (row->is_list) {
            *(NodeList *)member = clone_list(arena, member, adapt, data);
        } else {
            Node **child = member;
            if (*child) *child = node_clone(arena, *child, adapt, data);
        }
    }
    adapt(data, node, copy);
    return copy;
}

bool node_any(const Node *node, NodeTest *test, void *data)
{
    if (!node) return false;
    if (test(data, node)) return true;
    for (size_t i = 0; i < sizeof child_rows / sizeof *child_rows; i++) {
        const ChildRow *row = &child_rows[i];
        if (row->kind != node->kind) continue;
        for (const Node *child = first_child(row, node); child; child = next_child(row, child))
            if (node_any(child, test, data)) return true;
    }
    return false;
}

void ast_print(const Node *node, Source *source, FILE *out)
{
    Printer printer = {.source = source, .out = out};
    print_node(&printer, NULL, node);
    arena_free(&printer.scratch);
}
