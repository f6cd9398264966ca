"""Golden programs: what a .tb file says about its own behaviour, and whether it keeps its word.

See README.md for the notation. A Golden knows its expectations; `run_mode` runs it one way and raises Failure.
"""

import difflib
import json
import os
import re
import shlex
import zlib

import tool as tools
from tool import Failure, execute

NOTE = re.compile(r"#\s*(expect error|expect compile error|expect compile warning|expect no c|expect c|expect status"
                  r"|expect|stdin|args|skip|timeout|not at the prompt):(?: (.*)| *)$")
BUILD_MODES = ("gcc", "clang", "cc", "sanitize")  # those that make executables
PLACE = re.compile(r"--> (.*?):(\d+):\d+")


def read_text(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "surrogateescape")


def write_text(path, text):
    with open(path, "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))


class Golden:
    def __init__(self, path, name, side):
        """`side` is the path, without extension, of the files beside the program: .out .err .in .args .c"""
        self.path = path
        self.name = name
        self.side = side
        self.folder, self.base = os.path.split(path)
        text = read_text(path)
        self.has_externals = bool(re.search(r"^\s*extern\b", text, re.MULTILINE))
        self.notes = {}  # kind -> [(line, text)]
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            match = NOTE.search(line)
            if match:
                self.notes.setdefault(match[1], []).append((number, match[2] or ""))

    def texts(self, kind):
        return [text for _, text in self.notes.get(kind, [])]

    def one(self, kind, default=None):
        return self.texts(kind)[0] if self.texts(kind) else default

    def beside(self, extension):
        path = self.side + extension
        return path if os.path.exists(path) else None

    @property
    def is_test(self):
        """A file that expects nothing is a module of another test."""
        return bool(self.notes) or any(self.beside(extension) for extension in (".out", ".err", ".c"))

    @property
    def must_not_compile(self):
        return "expect compile error" in self.notes

    @property
    def checks_c(self):
        return "expect c" in self.notes or "expect no c" in self.notes or bool(self.beside(".c"))

    @property
    def stdin(self):
        return read_text(self.beside(".in")) if self.beside(".in") else "".join(t + "\n" for t in self.texts("stdin"))

    @property
    def arguments(self):
        return shlex.split(read_text(self.beside(".args")) if self.beside(".args") else self.one("args", ""))

    def modes(self, wanted):
        """The ways this program is to be run, out of those wanted."""
        if "skip" in self.notes:
            return []
        if self.must_not_compile:
            return ["check"]
        tier = {0: ["calls"], 1: ["loops"]}.get(zlib.crc32(self.name.encode()) % 8, [])
        wanted = [used for mode in wanted for used in (tier if mode == "tier" else [mode])]
        return [mode for mode in wanted if mode != "check" and (mode != "prompt" or self.suits_the_prompt)]

    @property
    def suits_the_prompt(self):
        """Whether its statements, one after the other, do what the program does, and it needs nothing around it."""
        needs = ("expect c", "expect no c", "expect error", "expect status", "stdin", "args", "not at the prompt")
        return not any(note in self.notes for note in needs) and not any(map(self.beside, (".in", ".args", ".err")))

    # ------------------------------------------------------------------------------------------- running

    def run_mode(self, tool, mode, update):
        if self.checks_c:
            self.check_c(tool, update)
        if mode == "check":
            self.check_diagnostics(tool, update)
            return
        if mode == "run" and "expect compile warning" in self.notes:
            self.check_diagnostics(tool, update=False)
        result = self.start(tool, mode)
        if update:
            self.update(result)
        else:
            self.check_result(result)

    def start(self, tool, mode):
        timeout = float(self.one("timeout", "20")) * tool.patience
        if mode == "prompt":
            argv = [tool.path, "repl", "--quiet"]
            return execute(argv, cwd=self.folder, stdin=read_text(self.path), timeout=timeout)
        env = None
        if mode in ("run", "calls", "loops"):
            argv = [tool.path, "run", self.base]
            env = {"TOMBO_TIER": mode} if mode != "run" else None
        else:
            argv = [os.path.join(tool.folder, "program")]
            self.build(tool, self.build_flags(mode) + ["--cc=" + tools.STRICT_CC[self.compiler(mode)]], argv[0])
        return execute(argv + self.arguments, cwd=self.folder, stdin=self.stdin, timeout=timeout, env=env)

    def run_built(self, tool, program):
        """Runs and checks the program that was made of this golden, with others (see batch.py)."""
        timeout = float(self.one("timeout", "20")) * tool.patience
        self.check_result(execute([program] + self.arguments, cwd=self.folder, stdin=self.stdin, timeout=timeout))

    def case_name(self, mode):
        return f"{self.name} [{mode}]"

    def suits_a_batch(self, mode):
        """Whether it can be a part of an executable; examples stand for what `tombo build` makes."""
        is_alone = self.has_externals or self.checks_c or self.name.startswith("examples")
        return mode in BUILD_MODES and not is_alone

    def compiler(self, mode):
        """The C compiler of a mode; `cc` is either, by the program's name."""
        if mode == "cc":
            return ("gcc", "clang")[zlib.crc32(self.name.encode()) % 2]
        return "clang" if mode == "clang" else "gcc"

    def build_flags(self, mode):
        if mode == "sanitize":
            return ["--sanitize"]
        return ["--debug"] if self.compiler(mode) == "clang" else []

    def build(self, tool, flags, program, env=None):
        result = tool.run("build", *flags, "-o", program, "--", self.base, cwd=self.folder, env=env)
        if result.status != 0:
            raise Failure(f"does not build: {result.describe()}")

    # ------------------------------------------------------------------------------------------ checking

    def expected_output(self):
        if self.beside(".out"):
            return read_text(self.beside(".out"))
        return "".join(text + "\n" for text in self.texts("expect"))

    def check_result(self, result):
        errors = self.notes.get("expect error", [])
        status = int(self.one("expect status", "1" if errors else "0"))
        expected = self.expected_output()
        if result.out != expected and not (result.out + "\n" == expected):
            raise Failure(f"{difference(expected, result.out)}\nstatus {result.status}\n{result.err}".rstrip())
        if result.status != status:
            raise Failure(f"expected status {status}, got {result.describe()}")
        for line, text in errors:
            self.check_report(result.err, line, text)
        if self.beside(".err"):
            compare_file(self.beside(".err"), result.err)

    def check_report(self, err, line, text):
        """An uncaught error: its type and message, and the line it was thrown at."""
        if text not in err:
            raise Failure(f"expected the error `{text}`, got\n{err}")
        place = PLACE.search(err)
        if not place or int(place[2]) != line or os.path.basename(place[1]) != self.base:
            raise Failure(f"expected the error in line {line}, got\n{err}")

    def check_diagnostics(self, tool, update):
        result = tool.run("check", "--json", "--", self.base, cwd=self.folder)
        expected_status = 2 if self.must_not_compile else 0
        if result.status != expected_status:
            raise Failure(f"expected status {expected_status} of `tombo check`, got {result.describe()}")
        found = [json.loads(line) for line in result.err.splitlines()]
        for severity in ("error", "warning"):
            wanted = list(self.notes.get("expect compile " + severity, []))
            self.match_diagnostics(severity, wanted, [item for item in found if item["severity"] == severity])
        if self.must_not_compile and (self.beside(".err") or update):
            plain = tool.run("check", "--", self.base, cwd=self.folder).err
            compare_file(self.side + ".err", plain, update and self.beside(".err"))

    @staticmethod
    def match_diagnostics(severity, wanted, found):
        for item in found:
            hits = [want for want in wanted if want[0] == item["line"] and want[1] in item["message"]]
            if not hits:
                raise Failure(f"unexpected {severity} in line {item['line']}: {item['message']}")
            wanted.remove(hits[0])
        if wanted:
            raise Failure(f"no {severity} in line {wanted[0][0]}: {wanted[0][1]}")

    def check_c(self, tool, update):
        result = tool.run("emit", "--", self.base, cwd=self.folder)
        if result.status != 0:
            raise Failure(f"emits no C: {result.describe()}")
        # The lines of the program that messages quote hold the expectations themselves.
        code = re.sub(r'^    \{\d+, ".*"\},$', "", result.out, flags=re.MULTILINE)
        squeezed = " ".join(code.split())
        for text in self.texts("expect c"):
            if " ".join(text.split()) not in squeezed:
                raise Failure(f"no `{text}` in the C\n{code}")
        for text in self.texts("expect no c"):
            if " ".join(text.split()) in squeezed:
                raise Failure(f"`{text}` in the C\n{code}")
        if self.beside(".c"):
            compare_file(self.beside(".c"), result.out, update)

    # ------------------------------------------------------------------------------------------ updating

    def update(self, result):
        """Rewrites what the program is expected to print as what it prints."""
        if self.beside(".err"):
            write_text(self.beside(".err"), result.err)
        if self.beside(".out"):
            write_text(self.beside(".out"), result.out)
            return
        lines = result.out.split("\n")[:-1] if result.out.endswith("\n") else result.out.split("\n")
        places = [line for line, _ in self.notes.get("expect", [])]
        if len(lines) != len(places) and result.out:
            raise Failure(f"{len(lines)} lines of output for {len(places)} `# expect:` comments: edit them by hand")
        source = read_text(self.path).split("\n")
        for number, text in zip(places, lines):
            source[number - 1] = re.sub(r"#\s*expect:.*$", lambda _: ("# expect: " + text).rstrip(" "), source[number - 1])
        write_text(self.path, "\n".join(source))


def compare_file(path, text, update=False):
    if update:
        write_text(path, text)
    elif read_text(path) != text:
        raise Failure(f"differs from {os.path.basename(path)}:\n" + difference(read_text(path), text))


def difference(expected, got):
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", n=1, lineterm="")
    shown = list(lines)[:40]
    return "\n".join(shown) if shown else f"expected {expected[-40:]!r}, got {got[-40:]!r} at the end"
