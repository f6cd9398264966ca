// The resolver: what names mean, which variables are captured, and which mistakes are reported.

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transpiler/parser.h"
#include "transpiler/resolve.h"

// What a program's names mean (resolve_print), then its diagnostics.
static char *resolve_text(const char *text)
{
    Compiler compiler;
    compiler_init(&compiler, (CompilerOptions){0});
    Module module = {.path = "main", .is_main = true};
    module.name = name_from(&compiler.names, "main");
    module.source = source_from_text(&compiler.arena, "main.tb", text, strlen(text));
    module.tree = parse_module(&compiler.arena, &compiler.names, &compiler.diags, module.source,
                               (ParserOptions){0}, NULL);
    resolve_module(&compiler, &module);
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    resolve_print(&compiler, &module, stream);
    diags_render(&compiler.diags, stream, COLOR_NEVER, false);
    ck_assert_int_eq(fclose(stream), 0);
    compiler_free(&compiler);
    return out;
}

typedef struct Case {
    const char *source;
    const char *expected; // a part of the text; NULL: no diagnostics at all
} Case;

static void check_case(const Case *test)
{
    char *text = resolve_text(test->source);
    if (test->expected)
        ck_assert_msg(strstr(text, test->expected), "in\n%s\nexpected `%s`, got\n%s", test->source,
                      test->expected, text);
    else
        ck_assert_msg(!strstr(text, "error:"), "in\n%s\nexpected no error, got\n%s", test->source,
                      text);
    free(text);
}

static const Case bindings[] = {
    {"x = 1\ndef f()\n    x = 2\n", "function f\n"},
    {"x = 1\ndef f()\n    x = 2\n", "variable x reassigned\n"},
    {"def f()\n    x = 2\nx = 1\n", "function f\n    variable x\n"},
    {"let xs = [1]\nlet count = count(xs, 1)\nlet n = count\n", NULL},
    {"let f = n => if n < 2 then 1 else n * f(n - 1)\n", NULL},
    {"def f() => later\nlet later = 1\n", "variable later\n"},
    {"let early = 1\ndef f() => early\nf()\n", "variable early\n"},
    {"def f() => late\nf()\nlet late = 1\n", "variable late unset\n"},
    {"def f() => x\ndef g() => f()\nlet x = 1\ng()\n", "variable x\n"},
    {"def f(a, b = a + 1) => b\n", NULL},
    {"if true then x = 1 else x = 2\nlet y = x\n", "variable x reassigned\n"},
    {"let c = true\nif c\n    x = 1\nend\nlet y = x\n", "variable x unset\n"},
    {"for i in [1]\n    pass\nend\nprintln(i)\n", "variable i fresh unset\n"},
    {"try\n    x = int(\"1\")\ncatch e\n    x = 2\nend\nprintln(x)\n", "variable x reassigned\n"},
    {"println([y for y in [1, 2]])\n", "  variable y fresh\n"},
    {"let d = {1: 2}\nprintln([k + v for k, v in d])\n", NULL},
    {"class A\n    let n = 1\n    let m = n + 1\nend\n", NULL},
    {"def main()\n    1\n", "calls main"},
    {"def main() => 1\nmain()\n", "module main\n"},
    {"match 1\n    when [a, ...rest]: a\n    else: 0\nend\n", "variable rest\n"},
    {"println(math.sqrt(2), pi, ValueError(\"x\"), Int)\n", NULL},
    {"def f()\n    while true\n        if false then println(x)\n        x = 1\n",
     "variable x unset\n"},
};

START_TEST(names_mean)
{
    check_case(&bindings[_i]);
}
END_TEST

static const Case closures[] = {
    {"let fs = []\nfor i in range(3)\n    append(fs, fn() -> i)\nend\n", "captures i\n"},
    {"let n = 0\nlet f = () => n\n", "  lambda\n"},
    {"def f(x)\n    () => x\n", "variable x param captured\n"},
    {"def f(x)\n    let g = () => x\n    x = 2\n    g\n",
     "variable x param captured cell reassigned\n"},
    {"def f()\n    let n = 0\n    fn() ->\n        n += 1\n        n\n",
     "variable n captured cell reassigned\n"},
    {"def f()\n    let g = n => if n < 1 then 0 else g(n - 1)\n    g\n",
     "variable g captured cell\n"},
    {"def f()\n    for i in range(3)\n        let g = () => i\n", "variable i captured fresh\n"},
    {"def f(xs)\n    for x in xs\n        y = x\n        append(xs, () => y)\n",
     "variable y captured cell\n"},
    {"def f(xs)\n    for x in xs\n        let y = x\n        append(xs, () => y)\n",
     "variable y captured fresh\n"},
    {"def f(a)\n    g()\n    def g() => a\n", "function g\n      captures a\n"},
    {"def f(a)\n    g()\n    let b = a\n    def g() => b\n", "variable b captured cell unset\n"},
    {"def f(a)\n    def g() => a\n    def h() => g()\n    h\n", "function h\n      captures g\n"},
    {"def f(a)\n    def g(n) => if n then g(n - 1) else 0\n    () => g(a)\n",
     "lambda\n      captures a\n"},
    {"def f(a)\n    def g(n) => if n then h(a) else 0\n    def h(n) => g(n)\n    h\n",
     "function h\n      variable n param\n      captures g\n"},
    {"def f(x)\n    () => () => x\n",
     "  lambda\n      captures x\n      lambda\n        captures x\n"},
    {"def f(n)\n    def even(k) => if k then odd(k - 1) else n\n    def odd(k) => even(k - 1)\n    even\n", "function odd captured cell hoisted\n"},
    {"def f(n)\n    odd(n)\n    def even(k) => if k then odd(k - 1) else n\n    def odd(k) => even(k - 1)\n", "function odd captured cell hoisted\n"},
    {"if true\n    def f() => 1\nend\nf()\n", "function f reassigned unset hoisted\n"},
    {"class A\n    def f()\n        () => self.x\n", "lambda\n      captures self\n"},
    {"def f(x)\n    class A\n        def g() => x\n    end\n    A\n", "method A.g\n      captures x\n"},
    {"def f(x)\n    class A\n        def g() => A\n    end\n    A\n", "  method A.g\n"},
    {"def f(x)\n    class A\n        def g() => [x, A]\n    end\n    A\n", "class A captured\n"},
    {"def f(x)\n    def h() => A()\n    class A\n        def g() => x\n    end\n    h\n",
     "class A captured cell unset\n"},
};

START_TEST(functions_capture)
{
    check_case(&closures[_i]);
}
END_TEST

static const Case mistakes[] = {
    {"prinln(1)\n", "did you mean `println` of library `io`?"},
    {"let total = 1\nprintln(totl)\n", "did you mean `total`?"},
    {"println(x)\nlet x = 1\n", "`x` is used before it has a value"},
    {"let x = x + 1\n", "`x` is used before it has a value"},
    {"change y to 1\n", "to make it, write `let y = …`"},
    {"def f(a, b = 1)\n    a\nf()\n", "`f` needs an argument for `a`"},
    {"def f(a, b = 1)\n    a\nf(1, 2, 3)\n", "it is called as `f(a, b = 1)`"},
    {"def f(a, b = 1)\n    a\nf(1, c: 2)\n", "`f` has no parameter `c`"},
    {"def f(a, b = 1)\n    a\nf(a: 1, a: 2)\n", "argument `a` is given twice"},
    {"def f(a, rest..., last)\n    a\nf(1, 2)\n", "`f` needs an argument for `last`"},
    {"def f(a, rest..., last)\n    a\nf(1, 2, last: 3)\nf([1]..., last: 2)\n", NULL},
    {"class P\n    def init(x)\n        self.x = x\nend\nP()\n", "it is called as `P(x)`"},
    {"class P\n    def m(self, x) => x\nend\nP(1)\n", "too many arguments for `P`"},
    {"sqrt()\n", "`sqrt` needs an argument for `x`"},
    {"split()\n", "no form of `split` takes these arguments"},
    {"break\n", "`break` outside a loop"},
    {"return 1\n", "`return` outside a function"},
    {"throw\n", "`throw` alone outside a `catch`"},
    {"println(self)\n", "`self` outside a method"},
    {"class A\n    def f() => super.f()\nend\n", "`super` in class `A`, which extends no other"},
    {"class A\n    def init(x) => x\nend\nclass B(A)\n    def init() => super()\nend\n", "it is called as `super(x)`"},
    {"class A\n    def f(x) => x\nend\nclass B(A)\n    def f() => super.f()\nend\n", "`super.f` needs an argument"},
    {"let x: Dict[Int] = {}\n", "`Dict` takes 2 types in brackets, not 1"},
    {"class A(B)\nend\nclass B(A)\nend\n", "would extend itself"},
    {"class A(Int)\nend\n", "the built-in type `Int` cannot be extended"},
    {"class A\n    def f() => 1\n    def f() => 2\nend\n", "class `A` has two members `f`"},
    {"class A end\nA = 1\n", "class `A` cannot be given another value"},
    {"def f(a, a)\n    a\n", "parameter `a` is named twice"},
    {"let x: Itn = 1\n", "did you mean `Int`?"},
    {"let x: Int64 = 1\n", "unknown type `Int64`"},
    {"use maths\n", "did you mean `math`?"},
    {"import nowhere\n", "no module `nowhere`"},
    {"println(math.sqr(1))\n", "did you mean `math.sqrt`?"},
};

START_TEST(mistakes_are_reported)
{
    check_case(&mistakes[_i]);
}
END_TEST

Suite *resolve_suite(void)
{
    Suite *suite = suite_create("resolve");
    TCase *tests = tcase_create("resolve");
    tcase_add_loop_test(tests, names_mean, 0, (int)(sizeof bindings / sizeof *bindings));
    tcase_add_loop_test(tests, functions_capture, 0, (int)(sizeof closures / sizeof *closures));
    tcase_add_loop_test(tests, mistakes_are_reported, 0, (int)(sizeof mistakes / sizeof *mistakes));
    suite_add_tcase(suite, tests);
    return suite;
}
