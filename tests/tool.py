"""Starting the tool and the programs it makes, for the test runner and the tests in tests/cli."""

import os
import re
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STRICT_CC = {name: os.path.join(ROOT, "tests", "cc", name) for name in ("gcc", "clang")}
OBJECT_CC = {name: path + "-object" for name, path in STRICT_CC.items()}

# What ASan says about every program with a stack of its own.
ASAN_NOTE = re.compile(r"^==\d+==WARNING: ASan doesn't fully support .*\n", re.M)


class Failure(Exception):
    """A test that did not get what it expects; the text says what."""


class Skip(Exception):
    """A test that cannot run here; the text says why."""


class Result:
    """What a process left: exit status (negative: a signal) and the text of its two outputs."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    def describe(self):
        text = f"status {self.status}"
        if self.out:
            text += "\nstdout:\n" + self.out.rstrip("\n")
        if self.err:
            text += "\nstderr:\n" + self.err.rstrip("\n")
        return text


def environment(extra=None):
    env = {name: value for name, value in os.environ.items() if not name.startswith("TOMBO_") or name == "TOMBO_GC_STRESS"}
    env.setdefault("ASAN_OPTIONS", "detect_leaks=0:detect_stack_use_after_return=0")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    env.update(TOMBO_CACHE="off", NO_COLOR="1", TZ="UTC", LC_ALL="C.UTF-8")
    env.update(extra or {})
    return env


def execute(argv, cwd=None, stdin="", timeout=60, env=None, **more):
    """Runs a command to its end and returns its Result. Text is UTF-8; what is not survives as surrogates."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(argv, cwd=cwd, input=data, timeout=timeout, env=environment(env),
                              stdout=more.pop("stdout", subprocess.PIPE), stderr=more.pop("stderr", subprocess.PIPE),
                              **more)
    except subprocess.TimeoutExpired:
        raise Failure(f"still running after {timeout} s: {' '.join(map(str, argv))}") from None
    decode = lambda data: (data or b"").decode("utf-8", "surrogateescape")
    return Result(done.returncode, decode(done.stdout), ASAN_NOTE.sub("", decode(done.stderr)))


class Tool:
    """The `tombo` under test, and a scratch folder that goes with the test."""

    def __init__(self, path, patience=1):
        self.path = path
        self.patience = patience  # factor for time limits: sanitizers and stress are slow
        self.folder = tempfile.mkdtemp(prefix="tombo-test-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments, timeout=60, **more):
        """Runs the tool with these arguments, by default in the scratch folder."""
        more.setdefault("cwd", self.folder)
        if arguments[:1] == ("build",) and "asan" in self.path:  # its runtime links only like this
            arguments = ("build", "--sanitize", *arguments[1:])
        return execute([self.path, *arguments], timeout=timeout * self.patience, **more)

    def write(self, name, text):
        """Writes a file in the scratch folder and returns its path."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")

    def exists(self, name):
        return os.path.lexists(os.path.join(self.folder, name))

    @staticmethod
    def need(program):
        """Skips the test where a program is missing."""
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")

    def has_usual_heap(self):
        return "asan" not in self.path and "stress" not in self.path

    def need_usual_heap(self):
        """Skips the test where the heap is not the usual one: it says nothing about sizes and times there."""
        if not self.has_usual_heap():
            raise Skip("measures the usual heap")

    @staticmethod
    def expect(result, status=0, out=None, err=None):
        """Checks a Result: its status, its whole standard output, and a part of its standard error."""
        if result.status != status:
            raise Failure(f"expected status {status}, got {result.describe()}")
        if out is not None and result.out != out:
            raise Failure(f"expected the output {out!r}, got {result.describe()}")
        if err is not None and err not in result.err:
            raise Failure(f"expected {err!r} on standard error, got {result.describe()}")
        return result

    @staticmethod
    def check(condition, message):
        if not condition:
            raise Failure(message)
