#!/usr/bin/env python3
"""Runs what the documentation shows: the examples in the comments of stdlib/*.tb, and the programs of docs/*.md.

    tests/stdlib/examples.py TOMBO [FILE.tb or FILE.md ...]

A line `EXPRESSION      # VALUE` is checked: VALUE is the source form of what comes out, or what the expression prints.
Other lines just run. In a comment, the indented lines are one example; many examples become one program, each a function
of its own, guarded. In a page of docs/, each block marked `tombo` is a program by itself, and a block marked `output`
right behind it is all that it prints.
"""

import glob
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tool import ROOT, Failure, Tool, execute  # noqa: E402

CHECKED = re.compile(r"(?P<code>\S.*?) {2,}# (?P<value>.*)")
STATEMENT = re.compile(r"(let|mut|change|del|if|for|while|with|match|try|assert|throw|return|use|import|from|def|defi|fn|class"
                       r"|extern)\b")

# What a program writes around a checked line, and when an example fails.
BEFORE, VALUE, ERROR, END = "\x01B", "\x01V", "\x01E", "\x02"

PRELUDE = r'''
def example_value_(value)
    print("\x01V" + repr(value) + "\x02")

def example_run_(number, f)
    try
        f()
    catch e: Error
        print("\x01E" + str(number) + ":" + e.type + ": " + e.message + "\x02")
'''


class Example:
    """Lines of code that belong together; `place` tells people where they stand."""

    def __init__(self, place, lines):
        self.place = place
        self.lines = lines
        self.values = {}  # number of the line -> the value it claims

    def code(self, number):
        """The lines, with a report around each one that claims a value."""
        code = []
        for at, line in enumerate(self.lines):
            match = CHECKED.fullmatch(line)
            if match and not STATEMENT.match(line):
                self.values[at] = match["value"]
                code.append(f'print("\\x01B{number}:{at}\\x02")')
                code.append(f"example_value_({match['code']})")
            else:
                code.append(line)
        return code


def comment_examples(path):
    """The examples in the `##` comments of a library's file."""
    examples = []
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    block = []
    for number, line in enumerate(lines, 1):
        if line.startswith("##     ") or (block and line == "##"):
            block.append(line[7:])
            continue
        if block:
            examples.append(Example(f"{os.path.basename(path)}:{number - len(block)}", block))
        block = []
    return examples


def together(examples):
    """One program of many examples."""
    parts = [PRELUDE]
    for number, example in enumerate(examples):
        body = "\n".join("    " + line for line in example.code(number))
        parts.append(f"def example_{number}_()\n{body}\n    None\n")
    parts += [f"example_run_({number}, example_{number}_)" for number in range(len(examples))]
    return "\n".join(parts) + "\n"


def problems_in(output, examples):
    """What the examples claim and the output does not show."""
    found = {}
    for number, at, printed, value in re.findall(r"\x01B(\d+):(\d+)\x02([^\x01]*)\x01V(.*?)\x02", output, re.S):
        found[int(number), int(at)] = (value, printed)
    for number, text in re.findall(r"\x01E(\d+):(.*?)\x02", output, re.S):
        yield f"{examples[int(number)].place}: raises {text}"
    for number, example in enumerate(examples):
        for at, wanted in example.values.items():
            value, printed = found.get((number, at), ("nothing", ""))
            if wanted != value and (value != "None" or wanted != printed.rstrip("\n")):
                yield f"{example.place}: {example.lines[at].strip()}: found {printed or value}"


def check_comments(tool, path):
    """What is wrong with the examples in a library's comments."""
    examples = comment_examples(path)
    result = tool.run("run", tool.write("examples.tb", together(examples)))
    if result.status == 0:
        return list(problems_in(result.out, examples))
    if len(examples) == 1:
        return [f"{examples[0].place}: {result.describe()}"]
    return [problem for example in examples for problem in check_one(tool, example)]


def check_one(tool, example):
    result = tool.run("run", tool.write("example.tb", together([example])))
    return list(problems_in(result.out, [example])) if result.status == 0 else [f"{example.place}: {result.describe()}"]


# ------------------------------------------------------------------------------------------------ pages


def page_programs(path):
    """The blocks of a page: Example, and the text of the `output` block behind it or None."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    blocks = re.finditer(r"^```tombo\n(.*?)^```\n(?:\n*```output\n(.*?)^```\n)?", text, re.S | re.M)
    for block in blocks:
        line = text.count("\n", 0, block.start()) + 1
        yield Example(f"{os.path.basename(path)}:{line}", block[1].rstrip("\n").split("\n")), block[2]


def check_page(tool, path):
    problems = []
    for example, output in page_programs(path):
        code = PRELUDE + "\n".join(example.code(0)) + "\n"
        result = tool.run("run", tool.write("page.tb", code))
        if result.status != 0:
            problems.append(f"{example.place}: {result.describe()}")
            continue
        problems += problems_in(result.out, [example])
        shown = re.sub(r"\x01B.*?\x02|\x01V.*?\x02", "", result.out)
        if output is not None and shown != output:
            problems.append(f"{example.place}: prints {shown!r}")
    return problems


def check(tool, path):
    return (check_page if path.endswith(".md") else check_comments)(tool, path)


def must_hold(problems):
    if problems:
        raise Failure("\n".join(problems))


# ------------------------------------------------------------------------------------------------ tests


def test_comments(t):
    problems = [problem for path in sorted(glob.glob(ROOT + "/stdlib/*.tb")) for problem in check(t, path)]
    if not t.has_usual_heap():  # malloc gives blocks of one kind different sizes
        problems = [problem for problem in problems if "getsizeof(" not in problem]
    must_hold(problems)


def test_pages(t):
    """The pages of docs/library are those that `make docs` would write now."""
    files = sorted(glob.glob(ROOT + "/stdlib/*.tb"))
    t.expect(execute([ROOT + "/build/declare", "--pages", t.folder, *files]))
    names = sorted(os.listdir(t.folder))
    folder = ROOT + "/docs/library"
    if names != sorted(os.listdir(folder)):
        raise Failure(f"make docs: docs/library should hold {names}")
    stale = [name for name in names if t.read(name) != Path(folder, name).read_text("utf-8")]
    if stale:
        raise Failure(f"make docs: {stale} are not as stdlib/*.tb has it")


def test_book(t):
    must_hold([problem for path in sorted(glob.glob(ROOT + "/docs/*.md")) for problem in check(t, path)])


def main():
    paths = sys.argv[2:] or sorted(glob.glob(ROOT + "/stdlib/*.tb") + glob.glob(ROOT + "/docs/*.md"))
    with Tool(os.path.abspath(sys.argv[1])) as tool:
        problems = [problem for path in paths for problem in check(tool, path)]
    print("\n".join(problems + [f"{len(problems)} wrong"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
