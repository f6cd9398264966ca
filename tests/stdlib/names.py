"""Every name of names.txt, a line `LIBRARY.NAME` each, exists: with its library and without it."""

import os
import re

from tool import Failure

FOLDER = os.path.dirname(os.path.abspath(__file__))

# As plain names these two are functions only where they are called (LANGUAGE.md section 2).
CALLS = {"match": 'match("a", "a")', "end": 'end(find_match("a", "a"))'}


def plain(name):
    return CALLS.get(name, name)


def test_every_name(t):
    with open(os.path.join(FOLDER, "names.txt"), encoding="utf-8") as file:
        names = file.read().split()
    lines = [f"println([{name}, {plain(name.split('.')[1])}])" for name in names]
    result = t.run("build", "--emit-c", t.write("names.tb", "\n".join(lines) + "\n"))
    if result.status != 0:
        missing = [names[int(line) - 1] for line in re.findall(r"names\.tb:(\d+):", result.err)]
        raise Failure(f"{sorted(set(missing))} do not exist: {result.err[:2000]}")
