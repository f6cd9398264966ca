"""What a source, a file name or a value holds cannot act on the terminal that a message goes to."""

import json

ACTIVE = ["\x1b[31m", "\x07", "\x7f", "\u009b", "\u202e", "\u2066", "\u200f", "\u2028", "\u061c"]


def check_harmless(t, text):
    found = [mark for mark in ACTIVE if mark in text]
    t.check(not found, f"{found} in {text!r}")


def check_excerpt(t, text, word):
    """The excerpt in [text] is harmless, and its caret stands below [word]."""
    check_harmless(t, text)
    line, carets = text.splitlines()[3:5]
    t.check(line.index(word) == carets.index("^"), text)


def test_excerpts_of_the_compiler(t):
    for mark in ACTIVE:
        t.write("a.tb", f'let a = "{mark}" + unknown\n')
        result = t.expect(t.run("check", "a.tb"), status=2)
        check_excerpt(t, result.err, "unknown")
        check_harmless(t, t.run("check", "--json", "a.tb").err)


def test_excerpts_of_programs(t):
    for mark in ACTIVE:
        t.write("a.tb", f'let a = {{}}\nprintln("{mark}", a["{mark}"])\n')
        result = t.expect(t.run("run", "a.tb"), status=1)
        check_excerpt(t, result.err, "a[")


def test_messages_of_errors(t):
    t.write("a.tb", "throw ValueError(argv()[1])\n")
    result = t.expect(t.run("run", "a.tb", "red \x1b[31m\u202e\nnext"), status=1)
    t.check("ValueError: red \\x1b[31m\\u202e\nnext\n" in result.err, result.err)


def test_characters_that_cannot_stand_there(t):
    t.write("a.tb", "let x = \u202e 1\n")
    result = t.run("check", "--json", "a.tb")
    check_harmless(t, result.err)
    t.check("\u202e" in json.loads(result.err)["message"], result.err)
    check_harmless(t, t.run("check", "a.tb").err)


def test_file_names(t):
    name = "a\x1b[31m\u202e.tb"
    t.write(name, "unknown\n")
    check_harmless(t, t.expect(t.run("check", name), status=2, err="a\\x1b[31m\\u202e.tb:1:1").err)
    check_harmless(t, t.expect(t.run("check", "no" + name), status=2).err)
