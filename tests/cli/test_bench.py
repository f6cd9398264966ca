"""`tombo bench`: a program runs as ever, and a report of its time follows."""

import json
import shutil

BUSY = """\
class Counter
    def init(self)
        self.seen = {}

    def count(self, n)
        for i in range(n)
            self.seen[f"{i % 1000}"] = i
        len(self.seen)

def shorts(n)
    let total = 0
    for i in range(n)
        total = total + len(str(i))
    total

println(shorts(300000))
println(Counter().count(1500000))
"""


def test_a_report_follows_on_standard_error(t):
    t.need_usual_heap()
    t.write("busy.tb", BUSY)
    result = t.expect(t.run("bench", "busy.tb"), out="1688890\n1000\n")
    for part in ("time of busy.tb", "wall", "user", "system", "peak memory", "allocated", "collections"):
        t.check(part in result.err, f"no `{part}` in {result.err}")
    if shutil.which("addr2line"):
        t.check("hottest functions" in result.err and "busy.tb:5, most at line 7" in result.err, result.err)


def test_functions_and_lines_are_tombos(t):
    t.need_usual_heap()
    t.need("addr2line")
    t.write("busy.tb", BUSY)
    t.expect(t.run("bench", "--json", "-o", "report.json", "busy.tb"), out="1688890\n1000\n", err="")
    report = json.loads(t.read("report.json"))
    functions = {f["name"]: f for f in report["functions"]}
    hot = functions["Counter.count"]
    t.check((hot["file"], hot["line"], hot["hottest_line"]) == ("busy.tb", 5, 7), hot)
    t.check(hot["samples"] > report["samples"] / 3, report)
    t.check(functions["shorts"]["line"] == 10, functions)
    t.check(sum(f["samples"] for f in report["functions"]) > report["samples"] * 0.8, report)
    t.check(0 < report["user"] and report["wall"] > 0.9 * (report["user"] + report["system"]), report)
    t.check(report["peak"] > 1_000_000 and report["allocated"] > 10_000_000 and report["collections"] > 0, report)


def test_medians_of_several_runs(t):
    t.need_usual_heap()
    t.write("twice.tb", "println(sum([i for i in range(100000)]))\n")
    result = t.expect(t.run("bench", "--runs=3", "twice.tb"), out="4999950000\n" * 3)
    t.check("time of twice.tb, medians of 3 runs" in result.err and " to " in result.err, result.err)


def test_streams_arguments_and_status_are_the_programs(t):
    t.need_usual_heap()
    t.write("echo.tb", "use sys\nprintln(args(), stdin().read())\nexit(7)\n")
    t.expect(t.run("bench", "echo.tb", "--runs=2", stdin="typed"), status=7, out='["--runs=2"] typed\n', err="time of echo.tb")
    t.expect(t.run("bench", "-e", "println(1 / 0)"), status=1, err="ZeroDivisionError")
    t.expect(t.run("bench", "-e", "1"), err="it ended before anyone could look")


def test_usage(t):
    t.expect(t.run("bench"), status=2, err="error: `tombo bench` needs a file")
    for bad in ("0", "x", "2x", "-1", "100000"):
        t.expect(t.run("bench", "--runs", bad, "x.tb"), status=2, err=f"error: --runs takes a number from 1 to 1000, not `{bad}`")
    t.expect(t.run("bench", "--svg=x", "x.tb"), status=2, err="error: `tombo bench` has no option `--svg`")
    t.check("--runs=N" in t.expect(t.run("help", "bench")).out, "no --runs in the manual")
