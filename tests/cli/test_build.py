"""`tombo build`: its options, names of files, and what it leaves behind."""

import os
import shutil
import subprocess

from tool import execute

HELLO = 'println("hello")\n'
ODD_NAMES = ["with space", "-dash", "new\nline", "quo'te\"s", "$(touch bad)", "@at", "ünïcode", "semi;colon", "*"]


def built(t, *arguments, name="hello"):
    t.expect(t.run("build", *arguments), out="", err="")
    return t.expect(execute([os.path.join(t.folder, name)]), out="hello\n")


def test_default_name_and_o(t):
    t.write("hello.tb", HELLO)
    built(t, "hello.tb")
    built(t, "hello.tb", "-o", "other", name="other")
    built(t, "-o", "sub-o", "hello.tb", name="sub-o")
    t.write("dir/x", "")
    built(t, "hello.tb", "--output=dir/there", name="dir/there")
    built(t, "-e", HELLO, name="program")


def test_every_way_to_build_runs(t):
    t.write("hello.tb", HELLO)
    for flags in (["--debug"], ["--static"], ["--cc=gcc"], ["--cc", "clang"], ["--cc=clang", "--debug"]):
        built(t, *flags, "hello.tb")
    if shutil.which("tcc"):
        built(t, "--cc=tcc", "hello.tb")
        t.expect(t.run("build", "--cc=tcc", "--sanitize", "hello.tb"), status=2, err="cannot build with `--sanitize`")


def test_a_built_program_is_small(t):
    t.write("hello.tb", HELLO)
    built(t, "hello.tb")
    size = os.path.getsize(os.path.join(t.folder, "hello"))
    t.check(size < 100_000, f"hello takes {size} bytes")


def test_odd_file_names(t):
    for name in ODD_NAMES:
        t.write(name + ".tb", HELLO)
        t.expect(t.run("run", "--", name + ".tb"), out="hello\n")
        t.expect(t.run("build", "-o", name, "--", name + ".tb"), out="", err="")
        t.expect(execute([os.path.join(t.folder, name)]), out="hello\n")
    t.check(not t.exists("bad"), "a shell was at work")


def test_odd_folder_names(t):
    for name in ODD_NAMES:
        t.write(f"{name}/x.tb", HELLO)
        t.expect(t.run("build", "-o", f"{name}/x", "--", f"{name}/x.tb"), out="", err="")
        t.expect(execute([os.path.join(t.folder, name, "x")]), out="hello\n")


def test_nothing_is_left_behind(t):
    t.write("hello.tb", HELLO)
    t.write("tmp/x", "")
    env = {"TMPDIR": os.path.join(t.folder, "tmp")}
    t.expect(t.run("build", "hello.tb", env=env))
    t.expect(t.run("hello.tb", env=env))
    t.expect(t.run("build", "-e", "unknown_name", env=env), status=2)
    t.check(sorted(os.listdir(t.folder)) == ["hello", "hello.tb", "tmp"], str(os.listdir(t.folder)))
    t.check(os.listdir(env["TMPDIR"]) == ["x"], str(os.listdir(env["TMPDIR"])))


def test_outputs_that_cannot_be_written(t):
    t.write("hello.tb", HELLO)
    t.write("dir/x", "")
    t.expect(t.run("build", "hello.tb", "-o", "dir"), status=2, err="it is a directory")
    t.expect(t.run("build", "hello.tb", "-o", "none/x"), status=1, err="No such file or directory")
    t.expect(t.run("build", "hello.tb", "-o", "hello.tb"), status=2, err="would replace the program's own text")
    t.write("noext", HELLO)
    t.expect(t.run("build", "noext"), status=2, err="would replace")
    t.expect(t.run("build", "hello.tb", "-o", "/dev/null"), status=0)
    t.check(not os.path.isfile("/dev/null"), "/dev/null was replaced")
    t.check(t.read("hello.tb") == HELLO, "the source was touched")


def test_an_existing_program_is_replaced_while_it_runs(t):
    t.write("loop.tb", "println(input())\n")
    t.expect(t.run("build", "loop.tb", "-o", "p"))
    running = subprocess.Popen([os.path.join(t.folder, "p")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    t.expect(t.run("build", "-e", HELLO, "-o", "p"))
    out, _ = running.communicate(b"still here\n", timeout=20)
    t.check(out == b"still here\n", repr(out))
    t.expect(execute([os.path.join(t.folder, "p")]), out="hello\n")


def test_a_failed_build_keeps_the_former_program(t):
    built(t, "-e", HELLO, "-o", "p", name="p")
    t.expect(t.run("build", "-e", "unknown_name", "-o", "p"), status=2)
    t.expect(execute([os.path.join(t.folder, "p")]), out="hello\n")


def test_c_text(t):
    t.write("hello.tb", HELLO)
    t.expect(t.run("build", "hello.tb", "--emit-c"), out="")
    t.check(not t.exists("hello"), "--emit-c made an executable")
    first = t.read("hello.c")
    t.check('#include "tombo.h"' in first and '#line 1 "hello.tb"' in first, first)
    t.expect(t.run("build", "hello.tb", "--emit-c=other.c"), out="")
    t.check(t.read("other.c") == first, "the same program gives other C")
    t.expect(t.run("build", "hello.tb", "--emit-c=-"), out=first)
    built(t, "hello.tb", "--keep-c", "-o", "kept", name="kept")
    t.check(t.read("kept.c") == first, "--keep-c kept something else")


def test_missing_compilers(t):
    t.write("hello.tb", HELLO)
    t.expect(t.run("build", "--cc=no-such-cc", "hello.tb"), status=2, err="no C compiler `no-such-cc`")
    t.expect(t.run("build", "hello.tb", env={"PATH": t.folder}), status=2, err="needs a C compiler")
    t.expect(t.run("hello.tb", env={"PATH": t.folder}), out="hello\n")


def test_a_c_compiler_that_refuses_is_an_internal_error(t):
    t.write("hello.tb", HELLO)
    script = t.write("bad-cc", "#!/bin/sh\necho 'hello.tb:1:5: error: no way' >&2\nexit 1\n")
    os.chmod(script, 0o755)
    env = {"TMPDIR": t.folder}
    result = t.expect(t.run("build", "--cc=./bad-cc", "hello.tb", env=env), status=3, err="while compiling hello.tb:1:")
    t.check("no way" not in result.err, "the compiler's words are shown")
    kept = [name for name in os.listdir(t.folder) if name.startswith("tombo-")]
    t.check(len(kept) == 1 and sorted(os.listdir(os.path.join(t.folder, kept[0]))) == ["hello.c", "messages.txt"],
            "the C text was not kept")


def test_a_library_of_the_program_that_is_missing(t):
    t.write("x.tb", 'extern "no_such_library" def nothing(x: Float) -> Float\nprintln(nothing(1.0))\n')
    t.expect(t.run("build", "x.tb"), status=2, err="no_such_library")
    t.expect(t.run("x.tb"), status=2, err="no_such_library")
