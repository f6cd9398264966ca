"""`tombo mem`: a program runs as ever, and a report of its memory follows."""

import json
import os
import xml.etree.ElementTree as xml

from tool import ROOT

POINTS = """\
class Point
    def init(self, x, y, z)
        self.x = x
        self.y = y
        self.z = z

let points = [Point(i, i, i) for i in range(1000)]
let names = {}
for i in range(100) do names[str(i) + "!"] = i
println(len(points), len(names))
"""

# The list is gone at the end, and there are collections while it lives.
PASSING = """\
class Item
    def init(self, n)
        self.n = n

def busy(items)
    let total = 0
    for i in range(600000)
        total = total + len(str(i) + "?")
    total + len(items)

def main()
    busy([Item(i) for i in range(20000)])

println(main() > 0)
"""


def report_of(t, *arguments, status=0, out=None, **more):
    result = t.expect(t.run("mem", "--json", "-o", "report.json", *arguments, **more), status=status, out=out)
    t.expect(result, status=status, err="")
    return json.loads(t.read("report.json"))


def kinds(report, key="kinds"):
    return {kind["name"]: kind for kind in report[key]}


def test_a_table_follows_on_standard_error(t):
    t.need_usual_heap()
    t.write("points.tb", POINTS)
    result = t.expect(t.run("mem", "points.tb"), out="1000 100\n")
    for part in ("memory of points.tb", "program start", "peak", "allocated in all", "collections", "a last one returned",
                 "live at the end", "class Point", "Dict", "buffers and shared parts"):
        t.check(part in result.err, f"no `{part}` in {result.err}")
    t.check(not any(line.endswith(" ") for line in result.err.splitlines()), "spaces at line ends")


def test_what_is_live_is_counted_by_kind(t):
    t.need_usual_heap()
    t.write("points.tb", POINTS)
    report = report_of(t, "points.tb", out="1000 100\n")
    found = kinds(report)
    t.check(found["Point"] == {"name": "Point", "is_class": True, "count": 1000, "bytes": 48000}, found["Point"])
    t.check(found["String"]["count"] == 100, found["String"])
    t.check(found["Dict"]["count"] == 1 and 2400 < found["Dict"]["bytes"] < 6000, found["Dict"])
    t.check(found["List"]["count"] == 1 and 8000 < found["List"]["bytes"] <= 8400, found["List"])
    total = sum(kind["bytes"] for kind in report["kinds"]) + report["shared_parts"]
    t.check(total == report["live"], f"{total} is not {report['live']}")
    t.check(report["allocated"] >= report["live"], report["allocated"])
    t.check(report["start"] <= 1_600_000, f"starts with {report['start']} bytes")
    t.check(report["start"] < report["start_resident"] <= report["peak"], report["peak"])


def test_numbers_that_look_like_classes_are_none(t):
    """Programs stand at fixed addresses, so a raw Int can be that of a class."""
    report = report_of(t, "-e", "let rows = [[i] for i in range(4194304, 4594304)]\nprintln(len(rows))", out="400000\n")
    t.check(list(kinds(report)) == ["List"] and kinds(report)["List"]["count"] == 400001, report["kinds"])


def test_variables_of_the_top_level_last_until_the_end(t):
    t.need_usual_heap()
    report = report_of(t, "-e", "let items = list(range(1000))\nprintln(len(items))", out="1000\n")
    t.check(kinds(report)["List"]["count"] == 1, report["kinds"])


def test_what_was_live_at_most_is_shown_where_the_end_says_little(t):
    t.need_usual_heap()
    t.write("passing.tb", PASSING)
    report = report_of(t, "passing.tb", out="true\n")
    t.check(report["collections"] > 0 and 0 < report["longest_pause"] <= report["total_pause"], "no pauses")
    t.check("Item" not in kinds(report), "items are live at the end")
    t.check(kinds(report, "most_kinds")["Item"]["count"] == 20000, report["most_kinds"])
    t.expect(t.run("mem", "passing.tb"), out="true\n", err="live at most")


def test_a_last_collection_returns_what_is_dead(t):
    t.need_usual_heap()
    t.write("dead.tb", "def f()\n    let xs = [i * 0.5 for i in range(10000)]\n    let pair = [xs, xs]\n    len(pair[0])\nprintln(f())\n")
    report = report_of(t, "dead.tb", out="10000\n")
    t.check(report["last_collection_returned"] >= 80000, report["last_collection_returned"])
    t.check(report["live"] < 50000, report["live"])


def test_streams_arguments_and_status_are_the_programs(t):
    t.need_usual_heap()
    t.write("echo.tb", "use sys\nprintln(args(), stdin().read())\nexit(7)\n")
    result = t.run("mem", "echo.tb", "--json", "-o", "b", stdin="typed")
    t.expect(result, status=7, out='["--json", "-o", "b"] typed\n', err="memory of echo.tb")
    t.check("typed" not in result.err, "output on standard error")
    t.expect(t.run("mem", "-e", "println(1 / 0)"), status=1, err="ZeroDivisionError")
    t.expect(t.run("mem", "-e", "println(1 / 0)"), status=1, err="memory of <code>")
    t.expect(t.run("mem", "-e", "let x = "), status=2, err="error: an operand is missing")
    t.expect(t.run("mem", "-e", 'use os\nprintln(env("TOMBO_REPORT") or "gone")'), out="gone\n")


def test_a_program_that_is_killed_leaves_no_report(t):
    t.need_usual_heap()
    t.write("die.tb", 'use os\nuse sys\nrun_program(["sh", "-c", "kill -9 $PPID"])\n')
    result = t.expect(t.run("mem", "die.tb"), status=1, err="error: the program was stopped: Killed")
    t.check("memory of" not in result.err, result.err)


def test_a_chart_of_the_heap(t):
    t.need_usual_heap()
    t.write("a&b.tb", PASSING)
    t.expect(t.run("mem", "--svg=heap.svg", "a&b.tb"), out="true\n")
    tree = xml.fromstring(t.read("heap.svg"))
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    t.check(texts[0].startswith("Heap of a&b.tb over processor time: "), texts)
    t.check(any(text.endswith("MB") for text in texts[1:]), texts)
    lines = [node.get("d") for node in tree.iter("{http://www.w3.org/2000/svg}path") if node.get("fill")]
    t.check(len(lines) == 1 and lines[0].count("L") > 5, lines)
    t.expect(t.run("mem", "--svg=no/where.svg", "-e", "1"), status=1, err="error: cannot write `no/where.svg`")
    t.expect(t.run("mem", "-o", "no/where", "-e", "1"), status=1, err="error: cannot write `no/where`")


def test_examples_run_as_ever(t):
    t.need_usual_heap()
    for name in ("bank", "life", "queue_simulation"):
        with open(os.path.join(ROOT, "tests", "examples", name + ".out"), encoding="utf-8") as file:
            out = file.read()
        result = t.expect(t.run("mem", os.path.join(ROOT, "examples", name + ".tb")), out=out, err="live at the end")
        widest = max(len(line) for line in result.err.splitlines())
        t.check(widest <= 130, f"a line of {widest} characters")


def test_usage(t):
    t.expect(t.run("mem"), status=2, err="error: `tombo mem` needs a file")
    t.expect(t.run("mem", "none.tb"), status=2, err="error: cannot read `none.tb`")
    t.expect(t.run("mem", "--runs=3", "x.tb"), status=2, err="error: `tombo mem` has no option `--runs`")
    help_text = t.expect(t.run("help", "mem")).out
    for word in ("--profile", "--svg", "--json", "-o REPORT", "standard error"):
        t.check(word in help_text, help_text)


def test_the_prompt_shows_the_table_of_its_session(t):
    t.need_usual_heap()
    entries = """\
class Point
    def init(self, x)
        self.x = x

let points = [Point(i) for i in range(500)]
let big = list(range(200000))
:mem
big = None
:mem
:undo
:reset
:mem
"""
    result = t.expect(t.run("repl", stdin=entries), err="")
    before, _, after = result.out.split("  names ")[1:]
    line = next(line for line in before.splitlines() if "class Point" in line)
    t.check(line.split()[2:] == ["500", "16,000", "32"], line)
    t.check("buffers and shared parts" in before and "whole process" in before, before)
    lines = [line for line in result.out.splitlines() if line.startswith("  in all")]
    sizes = [int(line.split()[-1].replace(",", "")) for line in lines]
    t.check("there is nothing to undo" in result.out, result.out)  # or the value would still be there
    t.check(sizes[0] > 1_600_000 and sizes[1] < 50_000 and sizes[2] < 1_000 and "class Point" not in after, result.out)


def test_the_standard_scenarios_meet_their_targets(t):
    t.need_usual_heap()
    profile = json.loads(t.expect(t.run("mem", "--profile", "--json", timeout=180), err="").out)
    most = {"start": 1_500_000, "run_start": 4_000_000, "library": 0, "function": 0, "variable": 8, "list_int": 8.4, "list_float": 8.4,
            "list_bool": 1.2, "string": 144, "dict_entry": 40, "set_item": 40, "tuple": 32, "instance": 48, "closure": 32}
    for name, limit in most.items():
        t.check(profile[name]["bytes"] <= limit, f"{name}: {profile[name]} is above {limit}")
    t.check(profile["returned"]["note"].startswith("100.00 %") and profile["returned"]["bytes"] > 1_000_000, profile["returned"])
    t.check(set(profile) == {*most, "returned"}, sorted(profile))
