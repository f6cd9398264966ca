// The tree: what the parser makes, the resolver completes with symbols and inference with types.
//
// One struct for all nodes; `kind` says which member of `as` counts (the third column of ast.def).
// Lists of nodes are chained through `next`.
//
// A node has only as much memory as the member of its kind needs, and at least what a CALL needs: a
// tree is the largest thing a compilation keeps, and most nodes are small. So make nodes with
// node_new and node_copy only, never by assigning structs, and turn a node into another kind only
// if that is one of the small ones.
#ifndef AST_H
#define AST_H

#include <stdio.h>

#include "names.h"
#include "source.h"
#include "token.h"

typedef enum NodeKind {
#define NODE(kind, text, member) NODE_##kind,
#include "ast.def"
#undef NODE
    NODE_KIND_COUNT
} NodeKind;

typedef struct Node Node;
typedef struct Symbol Symbol;             // resolve.h
typedef struct Scope Scope;               // resolve.h
typedef struct Type Type;                 // types.h
typedef struct FunctionInfo FunctionInfo; // resolve.h
typedef struct ClassInfo ClassInfo;       // resolve.h

// A chain of nodes.
typedef struct NodeList {
    Node *first;
    Node *last;
    int count;
} NodeList;

enum NodeFlags {
    NODE_NEGATED = 1,       // COMPARE_TO: `not in`, `is not`
    NODE_PARENTHESIZED = 2, // the expression stood in ( )
    NODE_IS_STATEMENT = 4, // FUNCTION with a name in statement position; IF, MATCH, TRY whose value
                           // nobody uses (set by resolve)
    NODE_MUT = 8,          // LET written `mut`
    NODE_RAW_LITERAL = 16, // STRING written r"…"
    NODE_ONE_EXPRESSION = 32, // FUNCTION whose body is one expression behind an arrow
    NODE_DEFI = 64,           // FUNCTION written `defi`
    NODE_MAYBE_UNSET =
        128, // NAME read where its variable may not have a value yet (set by resolve)
};

struct Node {
    uint8_t kind;  // NodeKind
    uint8_t flags; // NodeFlags
    uint8_t op;    // TokenKind of an operator
    Span span;     // the whole construct; for BLOCK-like ones from its first token to its last
    uint16_t
        height; // of the tree below, in levels that count for PARSER_MAX_NESTING; set by the parser
    Node *next; // the next in the list this node is an item of
    Type *type; // of an expression's value, set by infer
    union {
        char none; // kinds without contents
        struct {
            const char *digits; // INT: NULL when `value` holds it; else its digits in base 10, 16,
                                // 8 or 2 without prefix and underscores
            int64_t value;
            int base;
        } integer;
        double number;
        struct {
            const char *bytes; // unescaped UTF-8
            uint32_t size;
        } string;
        struct {
            Node *value;
            Node *spec;      // FSTRING or STRING, or NULL
            char conversion; // 'r', or 0
        } format;
        struct {
            Name *name;
            Symbol *symbol; // set by resolve
        } name;
        NodeList list;
        struct {
            Node *key;
            Node *value;
        } pair;
        struct {
            Node *operand;
        } unary;
        struct {
            Node *left;
            Node *right;
            Span op_span;
        } binary;
        struct {
            Node *first;
            NodeList rest; // COMPARE_TO
        } compare;
        struct {
            Node *condition;
            Node *then;
            Node *otherwise; // NULL: None
        } conditional;
        struct {
            int kind;         // NODE_LIST, NODE_DICT or NODE_SET
            Node *element;    // or the key
            Node *value;      // of a dict comprehension
            NodeList clauses; // CLAUSE_FOR, CLAUSE_IF; the first is a CLAUSE_FOR
        } comprehension;
        struct {
            Node *target;    // NAME, or TUPLE of targets (`for k, v in`)
            Node *condition; // CLAUSE_FOR: the iterable; CLAUSE_IF: the condition
        } clause;
        struct {
            Node *callee;
            NodeList args;
            Span close; // the closing bracket
        } call;
        struct {
            Name *name;
            Node *value;
            Symbol *symbol; // PATTERN_AS
            Span name_span;
        } labelled;
        struct {
            Node *object;
            Node *index; // may be SLICE, TUPLE
        } index;
        struct {
            Node *from; // each may be NULL
            Node *to;
            Node *step;
        } slice;
        struct {
            Node *object;
            Name *name;
            Span name_span;
            Symbol *symbol; // set by resolve: the member when `object` is a module; otherwise, as
                            // the callee of a CALL, the program's own function or variable `name`
                            // (tried last, LANGUAGE.md section 6), or NULL
            bool is_module_member;
        } member;
        struct {
            Name *name; // NULL: a lambda
            Span name_span;
            NodeList params;         // PARAM
            Node *result;            // annotation or NULL
            Node *body;              // BLOCK, or the expression (NODE_ONE_EXPRESSION)
            Node *doc;               // STRING: the docstring, no longer part of the body; or NULL
            const char *extern_name; // `extern def … = "c_name"`: the C function; NULL otherwise
            const char *extern_library; // `extern "m" def`: the library to link; NULL otherwise
            NodeList type_params;       // NAME: [T, U] of a library declaration
            FunctionInfo *info;         // set by resolve
        } function;
        struct {
            Name *name;
            Node *annotation;
            Node *default_value;
            bool is_rest;
            Symbol *symbol;
        } param;
        struct {
            Node *target; // NAME, INDEX, MEMBER, or TUPLE of these (several targets)
            Node *annotation;
            Node *value; // NULL: `let x`
            Node *doc;   // of a LET in a library: STRING from the `##` lines above it, or NULL
        } assign;
        struct {
            NodeList arms;   // ARM
            Node *otherwise; // BLOCK or NULL
        } branch;
        struct {
            Node *condition;
            Node *body;
        } arm;
        struct {
            Node *target;    // FOR only
            Node *condition; // WHILE: condition; FOR: iterable
            Node *body;
        } loop;
        struct {
            Node *subject;
            NodeList arms; // MATCH_ARM; `else` is an arm without patterns
        } match;
        struct {
            NodeList patterns; // alternatives `p, q`; empty: else
            Node *guard;       // or NULL
            Node *body;        // BLOCK or expression
        } match_arm;
        struct {
            Node *body;
            NodeList catches; // CATCH
            Node *finally;    // BLOCK or NULL
        } try_;
        struct {
            Name *name; // or NULL
            Symbol *symbol;
            Node *type; // annotation or NULL
            Node *body;
            Span name_span;
        } catch_;
        struct {
            Node *value;
            Node *target; // NAME or NULL
            Node *body;
        } with;
        struct {
            NodeList path;  // NAME nodes: geo.shapes
            Name *alias;    // `as`, or NULL
            NodeList items; // FROM: IMPORT_ITEM, whose path is the one name
            Symbol *symbol; // what it binds
        } import;
        struct {
            Name *name;
            Span name_span;
            Node *base;    // NAME or MEMBER, or NULL
            NodeList body; // FUNCTION, LET
            Node *doc;
            const char *extern_name; // `extern class C = "c_name"`: its tb_class; NULL otherwise
            Symbol *symbol;
            ClassInfo *info; // set by resolve
        } class_;
        struct {
            NodeList path; // NAME nodes of TYPE_NAME
            NodeList
                args; // List[A, B]; members of a union; parameters of a function type; the T of T?
            Node *result; // TYPE_FUNCTION
            Symbol *symbol;
        } type;
    } as;
};

// A parsed file.
typedef struct Module Module; // resolve.h

// Makes a node of zeros but for its kind and span.
Node *node_new(Arena *arena, NodeKind kind, Span span);

// A copy of the node alone: it shares its children with [node], and is in no list.
Node *node_copy(Arena *arena, const Node *node);

// A copy of [node] and of all below it but annotations, which both share; types are not copied.
// [adapt] is called with each node and its copy, whose children have been copied.
typedef void NodeAdapt(void *data, const Node *node, Node *copy);
Node *node_clone(Arena *arena, const Node *node, NodeAdapt *adapt, void *data);

// Whether [test] holds for [node] or one below it; they are asked in the order of the source until
// one says so. False for NULL.
typedef bool NodeTest(void *data, const Node *node);
bool node_any(const Node *node, NodeTest *test, void *data);

// Appends [node], which is in no list, to the end of [list].
void node_append(NodeList *list, Node *node);

// What a kind is called in printed trees: "call".
const char *node_kind_text(NodeKind kind);

// Writes the tree as indented text: one node a line with its line:column, its name or value, and
// its type where that is known. A child that is not an item of a list is led by its role:
// `condition:`.
void ast_print(const Node *node, Source *source, FILE *out);

#endif
