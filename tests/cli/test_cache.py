"""The cache of built programs, and that a program is the same however it is started."""

import concurrent.futures
import os
import signal
import subprocess
import time

from tool import Failure, execute

SLOW = 'sleep(0.15)\nprintln("slow")\n'


def cache_env(t):
    return {"TOMBO_CACHE": "", "XDG_CACHE_HOME": os.path.join(t.folder, "cache")}


def programs(t):
    folder = os.path.join(t.folder, "cache", "tombo")
    if not os.path.isdir(folder):
        return []
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if not name.startswith(".")]


def wait_for_program(t):
    end = time.monotonic() + 60 * t.patience
    while not programs(t):
        if time.monotonic() > end:
            raise Failure("nothing was built into the cache")
        time.sleep(0.05)
    return programs(t)[0]


def mark(path):
    """Puts something in a program's place that shows that it was started."""
    with open(path, "w") as file:
        file.write('#!/bin/sh\necho "from the cache: $*"\n')


def add(t, name, **more):
    t.need("gcc")
    return t.expect(t.run("cache", "add", name, env={**cache_env(t), **more}))


def test_a_program_that_ran_for_a_while_is_built_for_the_next_time(t):
    t.need("gcc")
    t.write("slow.tb", SLOW)
    t.expect(t.run("run", "slow.tb", env=cache_env(t)), out="slow\n")
    mark(wait_for_program(t))
    t.expect(t.run("run", "slow.tb", "a", "b", env=cache_env(t)), out="from the cache: a b\n")
    t.expect(t.run("run", "--no-tier", "slow.tb", env=cache_env(t)), out="slow\n")
    t.expect(t.run("run", "--no-cache", "slow.tb", env=cache_env(t)), out="slow\n")
    t.expect(t.run("run", "slow.tb"), out="slow\n")


def test_short_programs_are_not_built(t):
    t.write("short.tb", 'println("short")\n')
    t.expect(t.run("run", "short.tb", env=cache_env(t)), out="short\n")
    time.sleep(0.3)
    t.check(programs(t) == [], "a short program was built")


def test_a_changed_source_is_another_program(t):
    t.write("part.tb", "def value() => 1\n")
    t.write("main.tb", "import part\nprintln(part.value())\n")
    add(t, "main.tb")
    mark(programs(t)[0])
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="from the cache: \n")
    t.write("part.tb", "def value() => 2\n")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="2\n")
    t.write("part.tb", "def value() => 1\n")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="from the cache: \n")
    t.write("main.tb", "import part\nprintln(part.value() + 4)\n")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="5\n")


def test_another_name_is_another_program(t):
    t.write("main.tb", "throw ValueError(\"no\")\n")
    add(t, "main.tb")
    t.expect(t.run("run", "./main.tb", env=cache_env(t)), status=1, err="--> ./main.tb:1:1")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), status=1, err="--> main.tb:1:1")


def test_a_program_with_warnings_warns_each_time(t):
    t.write("warned.tb", 'def f() => 1 < "a"\nsleep(0.15)\n')
    for _ in range(2):
        t.expect(t.run("run", "warned.tb", env=cache_env(t)), err="warning")
    add(t, "warned.tb")
    t.check(programs(t) == [], "a program with warnings is in the cache")


def test_no_folder_no_cache_no_message(t):
    t.write("slow.tb", SLOW)
    for env in ({"HOME": "/dev/null", "XDG_CACHE_HOME": ""}, {"HOME": "relative", "XDG_CACHE_HOME": ""},
                {"XDG_CACHE_HOME": "/proc/none"}):
        result = t.expect(t.run("run", "slow.tb", env={"TOMBO_CACHE": "", **env}), out="slow\n")
        t.check(result.err == "", f"a message: {result.err}")


def test_a_folder_that_others_may_write_is_not_used(t):
    t.write("main.tb", 'println("mine")\n')
    add(t, "main.tb")
    mark(programs(t)[0])
    os.chmod(os.path.join(t.folder, "cache", "tombo"), 0o777)
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="mine\n")


def test_damaged_programs_are_left_alone(t):
    t.write("main.tb", 'println("mine")\n')
    add(t, "main.tb")
    path = programs(t)[0]
    with open(path, "w") as file:
        file.write("\x7fELF?")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="mine\n")
    os.remove(path)
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="mine\n")


def test_what_cannot_be_built_is_tried_once(t):
    t.write("slow.tb", SLOW)
    compiler = t.write("bin/gcc", "#!/bin/sh\necho called >> \"$(dirname \"$0\")/calls\"\nexit 1\n")
    os.chmod(compiler, 0o755)
    env = {**cache_env(t), "PATH": os.path.dirname(compiler) + ":/usr/bin:/bin"}
    t.expect(t.run("run", "slow.tb", env=env), out="slow\n")
    wait_for_program(t)
    t.expect(t.run("run", "slow.tb", env=env), out="slow\n")
    time.sleep(0.3)
    t.check(t.read("bin/calls") == "called\n", "the compiler was called again")


def test_no_compiler_no_message(t):
    t.write("slow.tb", SLOW)
    result = t.expect(t.run("run", "slow.tb", env={**cache_env(t), "PATH": t.folder}), out="slow\n")
    t.check(result.err == "" and programs(t) == [], result.describe())


def test_builders_at_the_same_time_agree(t):
    t.need("gcc")
    t.write("main.tb", 'println("mine")\n')
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: t.run("cache", "add", "main.tb", env=cache_env(t)), range(4)))
    for result in results:
        t.expect(result, out="")
    t.check(len(programs(t)) == 1, f"{programs(t)}")
    t.expect(t.run("run", "main.tb", env=cache_env(t)), out="mine\n")


def test_the_cache_is_bounded_and_the_oldest_go_first(t):
    t.write("main.tb", 'println("mine")\n')
    add(t, "main.tb")
    first = programs(t)[0]
    folder = os.path.dirname(first)
    for number in range(4):
        path = os.path.join(folder, f"{number:032x}")
        with open(path, "wb") as file:
            file.truncate(100 << 20)
        os.utime(path, (1000 + number, 1000 + number))
    t.write("other.tb", 'println("other")\n')
    add(t, "other.tb")
    names = [os.path.basename(path) for path in programs(t)]
    t.check(os.path.basename(first) in names, "what was used last is gone")
    t.check(f"{3:032x}" in names and f"{0:032x}" not in names, f"{names}")
    t.check(sum(map(os.path.getsize, programs(t))) <= 256 << 20, "too much is kept")


def test_showing_and_clearing(t):
    t.write("main.tb", 'println("mine")\n')
    add(t, "main.tb")
    folder = os.path.join(t.folder, "cache", "tombo")
    shown = t.expect(t.run("cache", env=cache_env(t))).out
    t.check(shown.startswith(f"{folder}: 1 program, ") and shown.endswith(" of 256 MB\n"), shown)
    t.expect(t.run("cache", "clear", env=cache_env(t)), out="")
    t.expect(t.run("cache", env=cache_env(t)), out=f"{folder}: 0 programs, 0.0 of 256 MB\n")
    t.expect(t.run("cache", "melt", env=cache_env(t)), status=2, err="knows add and clear, not `melt`")
    t.expect(t.run("cache", "add", env=cache_env(t)), status=2, err="needs a file")
    t.expect(t.run("cache"), status=1, err="there is no cache")


# ---- the same however it is started

SAME = {
    "an uncaught error": "def f(x)\n    1 // x\ndef g(x) => f(x) + 1\nprintln(\"before\")\ng(0)\n",
    "an error while handling": "try\n    [][1]\ncatch e\n    throw ValueError(\"é\")\n",
    "exit": "println(\"out\")\ntry\n    exit(300)\nfinally\n    println(\"last\")\n",
    "arguments": "use sys\nprintln(args(), len(args()))\n",
    "the working directory": "use os\nprintln(get_cwd().split(\"/\")[-1])\n",
    "standard input": "for i in range(2)\n    println(input(\"? \"))\nprintln(input())\n",
    "deep recursion": "def f(n) => f(n + 1) + 1\ntry\n    f(0)\ncatch e\n    println(e.type)\n",
    "a value thrown": "throw [1, 2]\n",
    "both streams": "print(\"a\")\neprintln(\"b\")\nprintln(\"c\")\n",
}


def ways(t):
    """How main.tb can be started, as arguments for execute."""
    yield "run", [t.path, "run", "--no-tier", "main.tb"], {}
    yield "cache", [t.path, "run", "main.tb"], {"env": cache_env(t)}
    yield "build", ["main.tb"], {"executable": os.path.join(t.folder, "main")}


def prepare(t, text):
    t.write("main.tb", text)
    add(t, "main.tb")
    t.expect(t.run("build", "main.tb", "-o", "main"))


def test_programs_are_the_same_however_they_are_started(t):
    for name, text in SAME.items():
        prepare(t, text)
        results = [(way, execute(argv + ["x", "-y", "", "z w"], cwd=t.folder, stdin="one\ntwo\n", **more))
                   for way, argv, more in ways(t)]
        for way, result in results[1:]:
            t.check(result.describe() == results[0][1].describe(),
                    f"{name}: {way}: {result.describe()}\nbut {results[0][0]}: {results[0][1].describe()}")


def test_signals_end_programs_alike(t):
    prepare(t, 'eprintln("ready")\ntry\n    sleep(30)\nfinally\n    println("bye")\n')
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP):
        found = {}
        for way, argv, more in ways(t):
            env = {**os.environ, "TOMBO_CACHE": "off", "NO_COLOR": "1", **more.pop("env", {})}
            with subprocess.Popen(argv, cwd=t.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more) as child:
                t.check(child.stderr.readline() == b"ready\n", f"{way} did not start")
                child.send_signal(number)
                found[way] = (child.stdout.read(), child.stderr.read(), child.wait())
        t.check(len(set(found.values())) == 1, f"{signal.Signals(number).name}: {found}")


def test_a_closed_output_is_the_same_error(t):
    prepare(t, "for i in range(100000)\n    println(i)\n")
    found = {}
    for way, argv, more in ways(t):
        env = {**os.environ, "TOMBO_CACHE": "off", "NO_COLOR": "1", **more.pop("env", {})}
        with subprocess.Popen(argv, cwd=t.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more) as child:
            child.stdout.readline()
            child.stdout.close()
            found[way] = (child.stderr.read(), child.wait())
    t.check(len(set(found.values())) == 1, f"{found}")
