"""Memory: what is dropped comes back, limits are kept, and running out of memory is an error like others."""

import os
import resource
import sys

from tool import ROOT, Skip, execute

sys.path.insert(0, os.path.join(ROOT, "tests", "memory"))

import soak  # noqa: E402

FILL = """\
def fill()
    let xs = []
    while true
        append(xs, "abc" * 1000)
def double()
    let s = "x"
    while true
        s = s + s
def numbers()
    let xs = [1]
    while true
        xs = xs + xs
def keys()
    let d = {}
    let i = 0
    while true
        d[i] = [i]
        i += 1
for f in [fill, double, numbers, keys]
    try
        f()
    catch e: MemoryError
        println("caught")
println(len([i for i in range(1000000)]))
"""

BIG = """\
def straight()
    let big = "x" * 100000000
    change big to "y" * 100000000
    change big to None
for i in range(20)
    straight()
def turns()
    let total = 0
    for i in range(20)
        let big = [i] * 12500000
        total += len(big)
    total
println(turns())
let big = None
for i in range(20)
    big = "x" * 100000000
    change big to None
for i in range(20)
    let xs = [0.5] * 12500000
println(len("a" * 100000000))
println(len([1] * 12500000))
println(len(str(12345678) * 12500000))
println(len([true] * 100000000))
println(len("b" * 100000000))
use io
println([line for line in split(read_file("/proc/self/status"), "\\n") if line starts_with "VmHWM"][0])
"""

COLLECTED = """\
def rubbish()
    for i in range(300000)
        let xs = [i, i, i, i]
        xs.append(i)
def dropped()
    [gc.weak([i]) for i in range(1000)]
let refs = dropped()
gc.disable()
let before = gc.stats()
rubbish()
println("disabled:", gc.stats()["collections"] - before["collections"])
println("given back:", gc.collect() > 1000000)
let after = gc.stats()
println("counted:", after["collections"] - before["collections"])
println("paused:", 0 < after["longest_pause"], after["longest_pause"] <= after["total_pause"])
println("allocated:", after["allocated"] - before["allocated"] > 1000000)
println("gone:", len([r for r in refs if r() is None]) > 900)
gc.enable()
rubbish()
println("enabled:", gc.stats()["collections"] > after["collections"])
"""

DROPPED = """\
class Connection
    def init(self, name)
        gc.finalizer(self, () => println(f"closed {name}"))
def connect()
    for i in range(40)
        let c = Connection(i)
    end
    "connected"
def files()
    for i in range(200)
        let file = open(f"{i}.txt", "w")
        file.write(f"text {i}")
    end
    "written"
def deep(n)
    if n == 0 then return 0
    let xs = [n, n]
    deep(n - 1) + len(xs)
println(connect(), deep(50), files())
println(gc.collect() > 0)
gc.finalizer([1], () => [][3])
println(read_file("0.txt"))
"""

CYCLES = """\
class Node
    def init(self)
        self.me = self
        self.other = None
def lists()
    let xs = []
    append(xs, xs)
    gc.weak(xs)
def dicts()
    let d = {}
    d["self"] = d
    gc.weak(d)
def instances()
    let a = Node()
    let b = Node()
    a.other = b
    b.other = a
    gc.weak(a)
def closures()
    let holder = []
    let f = () => len(holder)
    append(holder, f)
    gc.weak(holder)
def chain()
    let first = [None]
    let last = first
    for i in range(1000)
        last = [last]
    first[0] = last
    gc.weak(first)
let refs = []
for make in [lists, dicts, instances, closures, chain]
    for i in range(1000)
        append(refs, make())
def deep(n)
    if n == 0 then return 0
    let xs = [n, n]
    deep(n - 1) + len(xs)
println(deep(100) > 0)
gc.collect()
println(len([r for r in refs if r() is not None]))
"""

SIZES = """\
use sys
class Point
    def init(self)
        self.x = 1
        self.y = 2
        self.z = 3
def keep(n)
    () => n
let xs = []
for i in range(1000)
    append(xs, i)
println(getsizeof(Point()), getsizeof(keep(3)), getsizeof("x" * 100), getsizeof(xs) <= 8396)
let part = "a" * 1000
let whole = [part, part, {1: part}]
println(getsizeof(whole, deep: true) == getsizeof(whole) + getsizeof(part) + getsizeof({1: part}))
let nested = []
for i in range(300000)
    nested = [nested]
println(getsizeof(nested, deep: true) == 300000 * getsizeof(nested) + getsizeof([]))
let cycle = [1, None]
cycle[1] = cycle
println(getsizeof(cycle, deep: true) == getsizeof(cycle))
let large = keep("y" * 5000)
def neighbours()
    let big = "z" * 100000
    let small = len(big)
    () => small
println(getsizeof(neighbours(), deep: true))
println(getsizeof(large) == 32, getsizeof(large, deep: true) > 5000)
let counts = {}
let seen = set()
let most = 0
for i in range(60000)
    counts[i] = i
    seen.add(i)
    if i >= 600 and i % 7 == 0
        most = max(most, getsizeof(counts) / (i + 1), getsizeof(seen) / (i + 1))
println(most <= 40)
"""

STREAMED = """\
use io
def peak()
    let lines_ = split(read_file("/proc/self/status"), "\\n")
    int([line for line in lines_ if line starts_with "VmHWM"][0].split()[1])
def count(path)
    let total = 0
    for line in lines(path)
        total += len(line)
    total
def turns()
    let total = 0
    for i in range(3000000)
        if i % 3 == 0 then total += 1
    total
println(count("lines.txt"), turns())
println(peak())
println(len(read_file("lines.txt")))
println(peak())
"""

COLLECTED_OUT = """\
disabled: 0
given back: true
counted: 1
paused: true true
allocated: true
gone: true
enabled: true
"""


def ways(t, code):
    """The program as an argument vector, run in memory and built."""
    if "asan" in t.path:
        raise Skip("nothing is collected under sanitizers")
    if "stress" in t.path:
        raise Skip("the stress flavour collects by the number of allocations, not by their size")
    t.write("p.tb", code)
    t.expect(t.run("build", "p.tb"))
    return [t.path, "run", "p.tb"], ["./p"]


def limit_address_space():
    resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))


def test_memory_errors_are_survived(t):
    for argv in ways(t, FILL):
        out = "caught\n" * 4 + "1000000\n"
        t.expect(execute(argv, cwd=t.folder, env={"TOMBO_MAX_HEAP": "64M"}), out=out)
        t.expect(execute(argv, cwd=t.folder, preexec_fn=limit_address_space), out=out)
    t.expect(t.run("run", "--max-heap=64M", "p.tb"), out=out)


def test_the_prompt_survives_memory_errors(t):
    entries = "[0] * 100000000\nlet xs = [i for i in range(1000)]\n\"x\" * 100000000\nlen(xs)\n"
    result = t.run("repl", "--max-heap=64M", stdin=entries)
    t.expect(result, status=1, out="1000\n")
    t.check(result.err.count("MemoryError") == 2, result.describe())


HELD = """\
:mem
let xs = [[i] for i in range(6500000)]
let text = "x" * 100000000
:mem
:reset
:mem
"""
SHORT = """\
:mem
let xs = []
while true
    append(xs, [1, 2])

:mem
:reset
:mem
"""


def resident(out):
    """What `:mem` says of the process, in MB, each time."""
    return [float(line.split()[2]) for line in out.splitlines() if line.startswith("  whole process")]


def test_reset_gives_the_memory_back(t):
    """A session that held 500 MB is as small as a fresh one afterwards; so is one that ran out of memory."""
    t.need_usual_heap()
    result = t.expect(t.run("repl", stdin=HELD), err="")
    fresh, held, after = resident(result.out)
    t.check(held > 450 and after < 1.1 * fresh, result.out)
    result = t.expect(t.run("repl", "--max-heap=200M", stdin=SHORT), status=1, err="MemoryError")
    fresh, held, after = resident(result.out)
    t.check(held > 150 and after < 1.1 * fresh, result.out)


def test_heap_sizes_are_checked(t):
    for size in ["much", "64MB", "-1M", ""]:
        t.expect(t.run("run", "--max-heap=" + size, "p.tb"), status=2, err=f"--max-heap takes a size like 512M, not `{size}`")


def peak(t, argv):
    return int(t.expect(execute(argv, cwd=t.folder)).out.split()[-2])


def test_big_blocks_do_not_pile_up(t):
    """One of three runs is enough: in a few of a hundred a number on the stack happens to look like the address of a
    block that was dropped."""
    for argv in ways(t, BIG):
        peaks = (peak(t, argv) for _ in range(3))
        t.check(any(kilobytes < 300_000 for kilobytes in peaks), "more than 300 MB are resident, three times")


def test_cycles_are_collected(t):
    for argv in ways(t, CYCLES):
        t.expect(execute(argv, cwd=t.folder), out="true\n0\n")


def test_programs_direct_the_collector(t):
    """The words left on a stack may keep one or another of the values that are dropped."""
    for argv in ways(t, COLLECTED):
        t.expect(execute(argv, cwd=t.folder), out=COLLECTED_OUT)


def test_objects_have_their_sizes(t):
    for argv in ways(t, SIZES):
        t.expect(execute(argv, cwd=t.folder), out="48 32 144 true\ntrue\ntrue\ntrue\n32\ntrue true\ntrue\n")


def test_what_streams_takes_no_room(t):
    """64 MB of lines are read in less than 20 MB; the whole file takes its own size and a quarter at most."""
    t.write("lines.txt", "a line of 31 characters and end\n" * (2 << 20))
    for argv in ways(t, STREAMED):
        sums, streaming, size, whole = t.expect(execute(argv, cwd=t.folder)).out.splitlines()
        t.check(sums == f"{31 * (2 << 20)} 1000000" and size == str(64 << 20), f"{sums}, {size}")
        t.check(int(streaming) < 20 << 10, f"{streaming} KB to read lines")
        t.check(int(whole) - int(streaming) < 80 << 10, f"{whole} KB to read the file, {streaming} before")


def test_mixed_allocation_does_not_grow(t):
    """A short soak; `make soak` has a long one."""
    with open(os.path.join(ROOT, "tests", "memory", "soak.tb"), encoding="utf-8") as file:
        _, built = ways(t, file.read())
    averages = soak.quarters(t.expect(execute([*built, "160"], cwd=t.folder)).out.split())
    t.check(soak.is_flat(averages), f"resident KB by quarters: {averages}")


def limit_open_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))


def test_dropped_files_and_objects_are_closed(t):
    """All that `open` has no descriptors for were written out; the last one is, too, at the end of the program."""
    for argv in ways(t, DROPPED):
        result = execute(argv, cwd=t.folder, preexec_fn=limit_open_files)
        lines = result.out.splitlines()
        closed = [line for line in lines if line.startswith("closed")]
        t.check(sorted(closed) == sorted(f"closed {i}" for i in range(40)), result.describe())
        t.check([line for line in lines if line not in closed] == ["connected 100 written", "true", "text 0"],
                result.describe())
        t.expect(result, err="error: IndexError: index 3 is outside a List of 0 items")
        t.check(all(t.read(f"{i}.txt") == f"text {i}" for i in range(200)), "a file is not written out")


def test_the_prompt_ends_as_a_program_does(t):
    entries = 'let f = open("x.txt", "w")\nf.write("abc")\nlet bye = gc.finalizer(f, () => println("bye"))\n:reset\n1 + 1\n'
    t.expect(t.run("repl", stdin=entries + 'let g = open("y.txt", "w")\ng.write("def")\n'), out="bye\nInterpreter reset\n2\n")
    t.check(t.read("x.txt") == "abc" and t.read("y.txt") == "def", "a file is not written out")
