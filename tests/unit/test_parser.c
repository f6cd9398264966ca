// The parser: which trees programs become, how deep they may be, what the prompt is told about
// unfinished ones. Its messages are tested by the goldens in tests/errors.

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transpiler/parser.h"

typedef struct Parsed {
    Arena arena;
    Names names;
    Diags diags;
    Source *source;
    Node *tree;
    bool is_incomplete;
} Parsed;

static void parse(Parsed *parsed, const char *text, ParserOptions options)
{
    *parsed = (Parsed){0};
    names_init(&parsed->names, &parsed->arena);
    diags_init(&parsed->diags, &parsed->arena);
    parsed->source = source_from_text(&parsed->arena, "t.tb", text, strlen(text));
    parsed->tree = parse_module(&parsed->arena, &parsed->names, &parsed->diags, parsed->source,
                                options, &parsed->is_incomplete);
}

// ---- trees --------------------------------------------------------------------------------------

// Writes one line of a printed tree without its indentation and its position.
static void write_entry(FILE *out, const char *line, int size)
{
    while (size > 0 && line[size - 1] != ' ')
        size--;
    fprintf(out, "%.*s", size - 1, line);
}

// The printed tree on one line, with brackets for its indentation and without its positions:
// `binary +(int 1)(int 2)`. The block around it is left out.
static char *shape_of(const Parsed *parsed)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&printed, &size);
    ast_print(parsed->tree, parsed->source, stream);
    fclose(stream);
    char *shape = NULL;
    FILE *out = open_memstream(&shape, &size);
    int depth = 0;
    char *first = strchr(printed, '\n') + 1;
    for (char *line = first, *end; (end = strchr(line, '\n')); line = end + 1) {
        int indent = (int)strspn(line, " ");
        int level = indent / 2;
        for (; depth >= level && depth > 1; depth--)
            fputc(')', out);
        if (level > 1) fputc('(', out);
        if (level == 1 && line > first) fputc(' ', out);
        depth = level;
        write_entry(out, line + indent, (int)(end - line) - indent);
    }
    for (; depth > 1; depth--)
        fputc(')', out);
    fclose(out);
    free(printed);
    return shape;
}

typedef struct Case {
    const char *source;
    const char *expected;
} Case;

static const Case expressions[] = {
    {"1 + 2 * 3", "binary +(int 1)(binary *(int 2)(int 3))"},
    {"-2 ** 2", "unary -(binary **(int 2)(int 2))"},
    {"2 ** 3 ** 4", "binary **(int 2)(binary **(int 3)(int 4))"},
    {"2 ** -1", "binary **(int 2)(unary -(int 1))"},
    {"not a == b", "unary not(compare(name a)(to ==(name b)))"},
    {"a or b and not c", "logical or(name a)(logical and(name b)(unary not(name c)))"},
    {"a < b <= c", "compare(name a)(to <(name b))(to <=(name c))"},
    {"a not in b is not c", "compare(name a)(to not in(name b))(to not is(name c))"},
    {"a ends_with b", "compare(name a)(to ends_with(name b))"},
    {"1..n + 1", "binary ..(int 1)(binary +(name n)(int 1))"},
    {"a | b ^ c & d << 1",
     "binary |(name a)(binary ^(name b)(binary &(name c)(binary <<(name d)(int 1))))"},
    {"a if b else c", "conditional(condition: name b)(then: name a)(else: name c)"},
    {"y = if a then b else c",
     "assign(target: name y)(value: conditional(condition: name a)(then: name b)(else: name c))"},
    {"x => x + 1", "function(param x)(body: binary +(name x)(int 1))"},
    {"(a, b = 1, c...) => a",
     "function(param a)(param b(default: int 1))(param c...)(body: name a)"},
    {"() => 1", "function(body: int 1)"},
    {"fn(x) -> x", "function(param x)(body: name x)"},
    {"defi(x) => x", "function (defi)(param x)(body: name x)"},
    {"f(1, b: 2, c = 3, xs...)",
     "call(callee: name f)(int 1)(labelled b(int 2))(labelled c(int 3))(spread(name xs))"},
    {"m.end(to: 1)", "call(callee: member end(name m))(labelled to(int 1))"},
    {"match(a)", "call(callee: name match)(name a)"},
    {"()", "tuple"},
    {"(1,)", "tuple(int 1)"},
    {"(1)", "int 1 (parenthesized)"},
    {"a, b", "tuple(name a)(name b)"},
    {"{}", "dict"},
    {"{a: 1, (b): 2}", "dict(pair(string \"a\")(int 1))(pair(name b (parenthesized))(int 2))"},
    {"{1, 2}", "set(int 1)(int 2)"},
    {"[x for x in xs if c]", "comprehension list(element: name x)(for(target: name x)(in: name "
                             "xs))(if(condition: name c))"},
    {"{k: v for k, v in d}", "comprehension dict(element: name k)(value: name v)(for(target: "
                             "tuple(name k)(name v))(in: name d))"},
    {"a[1:]", "index(name a)(index: slice(from: int 1))"},
    {"a[::2]", "index(name a)(index: slice(step: int 2))"},
    {"f'{x!r:>{w}}'",
     "fstring(format !r(value: name x)(spec: fstring(string \">\")(format(value: name w))))"},
    {"f'{x=}'", "fstring(string \"x=\")(format !r(value: name x))"},
};

static const Case statements[] = {
    {"let a, b = 1, 2", "let(target: tuple(name a)(name b))(value: tuple(int 1)(int 2))"},
    {"let x: List[Int]? = y",
     "let(target: name x)(annotation: optional(type List(type Int)))(value: name y)"},
    {"let f: (A, B) -> C | D", "let(target: name f)(annotation: function type(type A)(type "
                               "B)(result: union(type C)(type D)))"},
    {"xs[i] += 1", "augment +(target: index(name xs)(index: name i))(value: int 1)"},
    {"change x to 1", "change(target: name x)(value: int 1)"},
    {"x\n    .y\n    + 1", "binary +(member y(name x))(int 1)"},
    {"if a\nb\nend\nc", "if(arm(condition: name a)(body: block(name b))) name c"},
    // One-line bodies are complete, so the `end` below them is the unindented body's.
    {"if a\nif b then c\nelse d\nend",
     "if(arm(condition: name a)(body: block(if(arm(condition: name b)(body: block(name c)))(else: "
     "block(name d)))))"},
    {"if a\n    # nothing\nb", "if(arm(condition: name a)(body: block)) name b"},
    {"if a then b elif c then d else e",
     "if(arm(condition: name a)(body: block(name b)))(arm(condition: name "
     "c)(body: block(name d)))(else: block(name e))"},
    {"if a:\n    b\nelse if c:\n    d",
     "if(arm(condition: name a)(body: block(name b)))(arm(condition: name "
     "c)(body: block(name d)))"},
    {"while a do f() end", "while(condition: name a)(body: block(call(callee: name f)))"},
    {"for k, v in d: f()",
     "for(target: tuple(name k)(name v))(in: name d)(body: block(call(callee: name f)))"},
    {"def f() => 1", "function f(body: int 1)"},
    {"def f()\n    'doc'\n    1", "function f(doc: string \"doc\")(body: block(int 1))"},
    {"class A(B) end", "class A(base: name B)"},
    {"f(fn() ->\n    a\n    b\n, 1)",
     "call(callee: name f)(function(body: block(name a)(name b)))(int 1)"},
    {"let n = match x\n    when 1, 2: a\n    else: b",
     "let(target: name n)(value: match(subject: name x)(when(value(int 1))(value(int 2))(body: "
     "name "
     "a))(when(body: name b)))"},
    {"match x\nwhen [a, ...b] as c if d: 1\nend",
     "match(subject: name x)(when(as c(list pattern(bind a)(rest b)))(if: name d)(body: int 1))"},
    {"match x\n    case (0, y)\n        y\n    case _: 1",
     "match(subject: name x)(when(tuple pattern(value(int 0))(bind y))(body: block(name "
     "y)))(when(body: int 1))"},
    {"try\n    a\ncatch e: A | B\n    c\nfinally\n    d",
     "try(body: block(name a))(catch e(type: union(type A)(type B))(body: block(name c)))(finally: "
     "block(name d))"},
    {"with a as b\n    c", "with(value: name a)(as: name b)(body: block(name c))"},
    {"with = 1", "assign(target: name with)(value: int 1)"},
    {"import a.b as c, d", "import a.b as c import d"},
    {"from m import a, b as c", "from m(item a)(item b as c)"},
    {"extern \"m\" def cbrt(x: Float) -> Float",
     "function cbrt extern cbrt from m(param x(annotation: type Float))(result: type Float)"},
};

static void check_shape(const Case *test)
{
    Parsed parsed;
    parse(&parsed, test->source, (ParserOptions){0});
    ck_assert_msg(parsed.diags.error_count == 0, "%s", test->source);
    char *shape = shape_of(&parsed);
    ck_assert_str_eq(shape, test->expected);
    free(shape);
    arena_free(&parsed.arena);
}

START_TEST(parser_reads_expressions)
{
    check_shape(&expressions[_i]);
}
END_TEST

START_TEST(parser_reads_statements)
{
    check_shape(&statements[_i]);
}
END_TEST

START_TEST(parser_attaches_doc_comments_in_libraries)
{
    Parsed parsed;
    const char *text = "## Not this.\n\n## One.\n##  Two.\ndef f() => 1\n## Three.\nlet x = 1\n";
    parse(&parsed, text, (ParserOptions){.is_library = true});
    const Node *function = parsed.tree->as.list.first;
    ck_assert_str_eq(function->as.function.doc->as.string.bytes, "One.\n Two.");
    ck_assert_str_eq(function->next->as.assign.doc->as.string.bytes, "Three.");
    arena_free(&parsed.arena);
}
END_TEST

START_TEST(parser_reads_a_stretch_of_a_source)
{
    Parsed parsed;
    const char *text = "def f() => (\ndef g() => 2\ndef h() => )\n";
    parse(&parsed, text, (ParserOptions){.start = 13, .end = 26});
    ck_assert_int_eq(parsed.diags.error_count, 0);
    ck_assert_int_eq(parsed.tree->as.list.count, 1);
    ck_assert_uint_eq(parsed.tree->as.list.first->span.start, 13);
    arena_free(&parsed.arena);
}
END_TEST

// ---- nesting ------------------------------------------------------------------------------------

static const struct {
    const char *before; // repeated
    const char *middle;
    const char *after; // repeated
} nestings[] = {
    {"(", "1", ")"},    {"[", "1", "]"},       {"f(", "1", ")"},          {"{a: ", "1", "}"},
    {"-", "1", ""},     {"not ", "1", ""},     {"", "1", " + 1"},         {"", "1", " ** 1"},
    {"", "1", " < 1"},  {"", "a", ".b"},       {"", "a", "[1]"},          {"", "a", "()"},
    {"x => ", "1", ""}, {"fn() -> ", "1", ""}, {"1 if 2 else ", "3", ""}, {"if a then ", "1", ""},
    {"f'{", "1", "}'"}, {"let x: ", "A", "?"},
};

static char *repeat(int count, const char *before, const char *middle, const char *after)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < count; i++)
        fputs(before, out);
    fputs(middle, out);
    for (int i = 0; i < count; i++)
        fputs(after, out);
    fclose(out);
    return text;
}

// A hundred levels are read; far too many are one error, whatever comes behind.
START_TEST(parser_limits_nesting)
{
    const char *before = nestings[_i].before;
    bool is_once = strcmp(before, "let x: ") == 0;
    for (int deep = 0; deep < 2; deep++) {
        int count = deep ? 200000 : 100;
        char *text = repeat(count, is_once ? "" : before, nestings[_i].middle, nestings[_i].after);
        char *whole = repeat(1, is_once ? before : "", text, "");
        Parsed parsed;
        parse(&parsed, whole, (ParserOptions){0});
        ck_assert_int_eq(parsed.diags.error_count, deep);
        arena_free(&parsed.arena);
        free(whole);
        free(text);
    }
}
END_TEST

// As many branches as C compilers digest, and one more.
START_TEST(parser_limits_branches)
{
    for (int extra = 0; extra < 2; extra++) {
        char *text =
            repeat(PARSER_MAX_BRANCHES - 1 + extra, "", "if a then b\n", "elif c then d\n");
        Parsed parsed;
        parse(&parsed, text, (ParserOptions){0});
        ck_assert_int_eq(parsed.diags.error_count, extra);
        if (!extra)
            ck_assert_int_eq(parsed.tree->as.list.first->as.branch.arms.count, PARSER_MAX_BRANCHES);
        arena_free(&parsed.arena);
        free(text);
    }
}
END_TEST

// ---- the prompt ---------------------------------------------------------------------------------

static const struct {
    const char *source;
    bool is_incomplete;
} entries[] = {
    {"x = 1\n", false},
    {"if x\n    y\n", true},
    {"if x\n    y\n\n", false},
    {"if x\ny\n", true},
    {"if x\ny\nend\n", false},
    {"if x then y\n", false},
    {"f(1,\n", true},
    {"f(1,\n\n", true},
    {"let x =\n", true},
    {"def f() =>\n", true},
    {"def f()\n    # later\n", true},
    {"f(fn() ->\n    x\n", true},
    {"match x\n", true},
    {"try\n    x\n", true},
    {"\"\"\"abc\n", true},
    {"f\"\"\"abc {x\n", true},
    {"/* abc\n", true},
    {"a \\\n", true},
    {"class A\n    def f()\n        1\n    end\n", true},
    {"class A\n    def f()\n        1\n    end\nend\n", false},
};

START_TEST(parser_tells_what_is_unfinished)
{
    Parsed parsed;
    parse(&parsed, entries[_i].source, (ParserOptions){.is_repl = true});
    ck_assert_msg(parsed.is_incomplete == entries[_i].is_incomplete, "%s", entries[_i].source);
    ck_assert_msg(parsed.diags.error_count == 0, "%s", entries[_i].source);
    arena_free(&parsed.arena);
}
END_TEST

START_TEST(parser_does_not_wait_after_a_mistake)
{
    Parsed parsed;
    parse(&parsed, "f(1 2,\n", (ParserOptions){.is_repl = true});
    ck_assert(!parsed.is_incomplete);
    ck_assert_int_eq(parsed.diags.error_count, 1);
    arena_free(&parsed.arena);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

Suite *parser_suite(void)
{
    Suite *suite = suite_create("parser");
    TCase *tests = tcase_create("trees");
    tcase_add_loop_test(tests, parser_reads_expressions, 0, COUNT(expressions));
    tcase_add_loop_test(tests, parser_reads_statements, 0, COUNT(statements));
    tcase_add_test(tests, parser_attaches_doc_comments_in_libraries);
    tcase_add_test(tests, parser_reads_a_stretch_of_a_source);
    tcase_add_loop_test(tests, parser_limits_nesting, 0, COUNT(nestings));
    tcase_add_test(tests, parser_limits_branches);
    tcase_add_loop_test(tests, parser_tells_what_is_unfinished, 0, COUNT(entries));
    tcase_add_test(tests, parser_does_not_wait_after_a_mistake);
    suite_add_tcase(suite, tests);
    return suite;
}
