"""Inference ends, and soon, on programs made to keep it going: the tool's time limit is the only one."""


def mutual(n):
    """Functions that all reach each other, with arguments of many types."""
    text = "".join(
        f"def f{i}(x, y)\n    if x == 0 then return y\n    f{(i * 7 + 1) % n}(x - 1, [y])\n    f{(i * 3 + 2) % n}(x - 1, y)\n\n"
        for i in range(n)
    )
    return text + 'println(f0(0, 1))\nprintln(f1(0, 2.5))\nprintln(f2(0, "a"))\n'


def nested(n):
    """Lists of lists of lists: types that contain each other."""
    text = "let a0 = [1]\nlet a1 = [a0]\n" + "".join(f"let a{i} = [a{i - 1}, a{i - 2}]\n" for i in range(2, n))
    return text + f"a0.append(a{n - 1})\nprintln(len(a{n - 1}))\n"


def closures(n):
    """Functions that take functions that take functions."""
    text = "def g0(f) => f(0)\n" + "".join(f"def g{i}(f) => g{i - 1}(x => f(x + {i}))\n" for i in range(1, n))
    return text + f"println(g{n - 1}(x => x))\n"


def check(t, text, said):
    t.write("hard.tb", text)
    t.check(t.expect(t.run("run", "hard.tb")).out == said, "wrong output")


def test_functions_that_call_each_other(t):
    check(t, mutual(3000), "1\n2.5\na\n")


def test_types_that_contain_each_other(t):
    check(t, nested(1000), "2\n")


def test_functions_of_functions(t):
    check(t, closures(300), "44850\n")
