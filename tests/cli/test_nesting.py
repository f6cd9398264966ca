"""Programs that are nested too deeply, or go on too long: one message, at once."""

import time

SHAPES = {
    "brackets": lambda n: "x = " + "(" * n + "1" + ")" * n + "\n",
    "brackets that stay open": lambda n: "x = " + "[" * n,
    "operators": lambda n: "x = 1" + " + 1" * n + "\n",
    "powers": lambda n: "x = 1" + " ** 1" * n + "\n",
    "signs": lambda n: "x = " + "-" * n + "1\n",
    "lambdas": lambda n: "f = " + "x => " * n + "1\n",
    "members": lambda n: "x = None\ny = x" + ".a" * n + "\n",
    "strings in strings": lambda n: "x = " + 'f"{' * n + "1" + '}"' * n + "\n",
    "types": lambda n: "let x: " + "List[" * n + "Int" + "]" * n + " = []\n",
    "one-line bodies": lambda n: "if true then " * n + "println(1)\n",
    "unindented bodies": lambda n: "if true\n" * n + "println(1)\n" + "end\n" * n,
    "branches": lambda n: "x = 1\nif x == 0\n    x = 1\n" + "elif x == 2\n    x = 3\n" * n,
}


def test_too_deep_is_one_message(t):
    for name, make in SHAPES.items():
        t.write("deep.tb", make(100_000))
        started = time.monotonic()
        result = t.run("check", "deep.tb")
        t.check(time.monotonic() - started < 5 * t.patience, f"{name}: too slow")
        t.check(result.status == 2 and result.err.count("error: ") == 1, f"{name}: {result.describe()[:500]}")
        t.check("more than" in result.err, f"{name}: {result.err[:300]}")


def test_three_hundred_levels_compile(t):
    for name, make in SHAPES.items():
        if name == "brackets that stay open":
            continue
        t.write("deep.tb", make(300))
        if name in ("members", "types"):  # compile, and fail when they run
            t.check(t.run("emit", "--after=parser", "deep.tb").status == 0, name)
        else:
            t.expect(t.run("run", "deep.tb"), status=0)
