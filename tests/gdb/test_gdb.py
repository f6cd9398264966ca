"""gdb on a `--debug` build: Tombo lines, Tombo names."""

from tool import execute

PROGRAM = """\
def area(width, height)
    let result = width * height
    result

def main()
    println(area(6, 7))
"""


def debug(t, *commands):
    """What gdb prints when it runs the program with these commands."""
    t.need("gdb")
    t.write("shape.tb", PROGRAM)
    t.expect(t.run("build", "--debug", "shape.tb"))
    argv = ["gdb", "-q", "-nx", "-batch"]
    for command in ("set debuginfod enabled off", "set confirm off", "handle all nostop noprint pass") + commands:
        argv += ["-ex", command]
    return execute(argv + ["./shape"], cwd=t.folder).out


def test_stops_at_a_tombo_line(t):
    said = debug(t, "break shape.tb:2", "run", "bt 1")
    t.check("shape.tb:2" in said and "let result = width * height" in said, said)


def test_functions_and_variables_keep_their_names(t):
    said = debug(t, "break shape__area", "run", "info args", "next", "next", "info locals")
    for name in ("width", "height", "result"):
        t.check(name + " = " in said, said)
