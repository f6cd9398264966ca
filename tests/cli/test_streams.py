"""Output that does not arrive is an error with status 1, in the tool and in programs."""

import os

from tool import execute

LOUD = "for i in range(100000)\n    println(i)\n"


def ways(t, code):
    """The program as an argument vector, run in memory and built."""
    t.write("p.tb", code)
    t.expect(t.run("build", "p.tb"))
    return [t.path, "p.tb"], [os.path.join(t.folder, "p")]


def test_a_full_disk(t):
    for code in ('println("x")\n', LOUD, 'print("x")\n'):
        for argv in ways(t, code):
            with open("/dev/full", "wb") as full:
                result = execute(argv, cwd=t.folder, stdout=full)
            t.expect(result, status=1, err="No space left on device")
    for arguments in (["--help"], ["--version"], ["emit", "-e", "1"], ["build", "--emit-c=-", "-e", "1"]):
        with open("/dev/full", "wb") as full:
            t.expect(t.run(*arguments, stdout=full), status=1, err="No space left on device")


def test_a_closed_pipe(t):
    for argv in ways(t, LOUD):
        reader, writer = os.pipe()
        os.close(reader)
        result = execute(argv, cwd=t.folder, stdout=writer)
        os.close(writer)
        t.expect(result, status=1, err="Broken pipe")


def test_closed_standard_output(t):
    for argv in ways(t, 'println("x")\n'):
        t.expect(execute(["sh", "-c", 'exec "$@" >&-', "sh", *argv], cwd=t.folder), status=1, err="Bad file descriptor")
    t.expect(execute(["sh", "-c", 'exec "$@" >&-', "sh", t.path, "--help"]), status=1, err="Bad file descriptor")


def test_standard_output_is_flushed_before_errors(t):
    for argv in ways(t, 'println("first")\nthrow ValueError("second")\n'):
        result = execute(["sh", "-c", 'exec "$@" 2>&1', "sh", *argv], cwd=t.folder)
        t.check(result.status == 1 and result.out.startswith("first\n") and "second" in result.out, result.describe())
