#!/usr/bin/env python3
"""Replays library calls (cases.tsv: recorded ones, more.tsv: others, whose results are Python's) as Tombo programs.

    tests/stdlib/cases.py TOMBO [LIBRARY ...] [--file FILE.tsv] [--mode run|debug|build] [--keep FOLDER]

A row is: library, function, arguments, result. Many rows become one program, each call in a function of its own and
guarded, which prints what came out in a notation that loses nothing (see PRELUDE and Reader). Rows that need the
program's standard streams or its end have a run each. Mode `debug` is `tombo build --debug`, which compiles in a third
of the time. The last line is `N passed, N failed`.

Where the language settles a question otherwise than the recording did, SETTLED says so, once.
"""

import argparse
import bisect
import collections
import json
import math
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tool import Failure, execute  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
BATCH = 400  # rows of one program
TOLERANCE = 1e-12  # of results of `math`: libm differs in the last digit

# ------------------------------------------------------------------------------------------- values
#
# Both the recorded results and what programs print become the same tagged tuples, in which 1, 1.0 and true differ.


def scalar(value):
    if value is None:
        return ("none",)
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int):
        return ("int", value)
    if isinstance(value, float):
        return ("float", value)
    return ("string", value)


def recorded(value):
    """A value of the case file as a tagged tuple."""
    if isinstance(value, list):
        return ("list", [recorded(item) for item in value])
    if not isinstance(value, dict):
        return scalar(value)
    if len(value) == 1:
        (tag, content), = value.items()
        if tag == "$float":
            return ("float", float(content))
        if tag == "$tuple":
            return ("tuple", [recorded(item) for item in content])
        if tag in ("$set", "$unordered"):
            return (tag[1:], [recorded(item) for item in content])
        if tag == "$dict":
            return ("dict", [(recorded(key), recorded(item)) for key, item in content])
        if tag in ("$date", "$datetime", "$xml"):
            return (tag[1:], content)
        if tag == "$regex":
            return ("regex", content[0], content[1])
        if tag == "$match":
            groups = [recorded(group) for group in content["groups"]]
            return ("match", content["text"], content["start"], content["end"], groups)
    return ("dict", [(("string", key), recorded(item)) for key, item in value.items()])


class Reader:
    """Reads the notation of PRELUDE: a letter for the kind, then its parts, each closed by `;`."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def word(self):
        end = self.text.index(";", self.at)
        word = self.text[self.at:end]
        self.at = end + 1
        return word

    def string(self):
        return "".join(chr(int(code)) for code in self.word().split(",") if code)

    def items(self):
        return [self.value() for _ in range(int(self.word()))]

    def value(self):
        kind = self.text[self.at]
        self.at += 1
        return getattr(self, "read_" + kind)()

    def read_n(self): return ("none",)
    def read_b(self): return ("bool", self.word() == "true")
    def read_i(self): return ("int", int(self.word()))
    def read_f(self): return ("float", float(self.word()))
    def read_s(self): return ("string", self.string())
    def read_l(self): return ("list", self.items())
    def read_t(self): return ("tuple", self.items())
    def read_S(self): return ("set", self.items())
    def read_D(self): return ("date", self.string())
    def read_T(self): return ("datetime", self.string())
    def read_x(self): return ("xml", self.string())
    def read_r(self): return ("regex", self.string(), int(self.word()))
    def read_o(self): return ("object", self.string())
    def read_E(self): return ("error", self.word(), self.string())

    def read_d(self):
        return ("dict", [(self.value(), self.value()) for _ in range(int(self.word()))])

    def read_m(self):
        text = self.string()
        return ("match", text, int(self.word()), int(self.word()), self.value()[1])


def same_float(a, b, tolerance):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return math.copysign(1, a) == math.copysign(1, b)
    return tolerance > 0 and math.isclose(a, b, rel_tol=tolerance)


def same_items(wanted, got, tolerance):
    return len(wanted) == len(got) and all(same(a, b, tolerance) for a, b in zip(wanted, got))


def same_in_any_order(wanted, got, tolerance):
    rest = list(got)
    for item in wanted:
        found = next((i for i, other in enumerate(rest) if same(item, other, tolerance)), None)
        if found is None:
            return False
        del rest[found]
    return not rest


def same(wanted, got, tolerance=0.0):
    """Whether [got] is the recorded value [wanted]."""
    if wanted[0] == "unordered":
        return got[0] == "list" and same_in_any_order(wanted[1], got[1], tolerance)
    if wanted[0] != got[0]:
        return False
    if wanted[0] == "float":
        return same_float(wanted[1], got[1], tolerance)
    if wanted[0] in ("list", "tuple"):
        return same_items(wanted[1], got[1], tolerance)
    if wanted[0] == "set":
        return same_in_any_order(wanted[1], got[1], tolerance)
    if wanted[0] == "dict":
        return len(wanted[1]) == len(got[1]) and all(
            same(a[0], b[0]) and same(a[1], b[1], tolerance) for a, b in zip(wanted[1], got[1]))
    return wanted == got


# ------------------------------------------------------------------------------------------- sources


def text_source(text):
    """A String literal of ASCII."""
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif " " <= c <= "~":
            out.append(c)
        else:
            out.append("\\u{%x}" % ord(c))
    return '"' + "".join(out) + '"'


def number_source(number):
    if isinstance(number, float) and not math.isfinite(number):
        return f'float("{number}")'
    text = repr(number)
    return f"({text})" if text.startswith("-") else text


def list_source(items):
    return ", ".join(source(item) for item in items)


def tagged_source(tag, content):
    if tag == "$float":
        return f'float("{content}")'
    if tag == "$tuple":
        return f"({list_source(content)}{',' if len(content) == 1 else ''})"
    if tag == "$set":
        return f"set([{list_source(content)}])"
    if tag == "$dict":
        return "{" + ", ".join(f"({source(key)}): {source(item)}" for key, item in content) + "}"
    if tag in ("$date", "$datetime"):
        numbers = [int(part) for part in re.split(r"[-T:]", content)]
        return f"time.{tag[1:]}({', '.join(map(str, numbers))})"
    if tag == "$xml":
        return f"xml.parse({text_source(content)})"
    if tag == "$regex":
        return f"regex.compile({text_source(content[0])}, {content[1]})"
    if tag == "$match_of":
        pattern, text, index = content
        return f"regex.find_iter({text_source(pattern)}, {text_source(text)})[{index}]"
    if tag == "$fn":
        return f"({content})"
    if tag == "$builtin":
        return content
    return None


def source(value):
    """A value of the case file as an expression."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return number_source(value)
    if isinstance(value, str):
        return text_source(value)
    if isinstance(value, list):
        return f"[{list_source(value)}]"
    if len(value) == 1:
        (tag, content), = value.items()
        tagged = tagged_source(tag, content) if tag.startswith("$") else None
        if tagged:
            return tagged
    return "{" + ", ".join(f"{text_source(key)}: {source(item)}" for key, item in value.items()) + "}"


PRELUDE = r'''
def codes_(text)
    join(",", [str(ord(c)) for c in text]) + ";"

def items_(letter, items)
    let parts = [show_(item) for item in items]
    letter + str(len(parts)) + ";" + join("", parts)

def show_(v)
    match type(v)
        when "none": "n"
        when "bool": "b" + str(v) + ";"
        when "int": "i" + str(v) + ";"
        when "float": "f" + repr(v) + ";"
        when "string": "s" + codes_(v)
        when "list", "range", "iterator", "bytes": items_("l", v)
        when "tuple": items_("t", v)
        when "set": items_("S", v)
        when "dict": "d" + str(len(v)) + ";" + join("", [show_(k) + show_(x) for k, x in v])
        else: show_object_(v)

def show_object_(v)
    if isinstance(v, Element) then return "x" + codes_(xml.tostring(v))
    if isinstance(v, Pattern) then return "r" + codes_(v.pattern) + str(v.flags) + ";"
    if isinstance(v, Match)
        return "m" + codes_(v.text) + str(v.start()) + ";" + str(v.end()) + ";" + items_("l", list(v.groups()))
    end
    if isinstance(v, DateTime) then return "T" + codes_(replace(str(v), " ", "T"))
    if isinstance(v, Date) then return "D" + codes_(str(v))
    "o" + codes_(type(v))

let chosen_ = [int(number) for number in sys.argv()[1:]]

def run_(id, f)
    if id not in chosen_ then return None
    try
        println("@" + str(id) + " " + show_(f()))
    catch e: Error
        println("@" + str(id) + " E" + e.type + ";" + codes_(str(e)))
'''

# ----------------------------------------------------------------------------------------------- rows


class Row:
    def __init__(self, number, library, function, args, result):
        self.number = number
        self.library = library
        self.function = function
        spec = json.loads(args)
        if not isinstance(spec, dict):
            spec = {"args": spec}
        self.args = spec["args"]
        self.apply = spec.get("apply")
        self.calls = spec.get("call")
        self.observe = spec.get("observe")
        self.stdin = spec.get("stdin")
        self.error = result[5:] if result.startswith("ERR: ") else None
        self.result = None if self.error else recorded(json.loads(result))
        self.text = f"{library}.{function}{args}"

    @property
    def is_alone(self):
        """Whether it needs a program of its own."""
        return (self.stdin is not None or self.observe in ("stdout", "stderr")
                or (self.error or "").startswith("SystemExit"))

    @property
    def tolerance(self):
        return TOLERANCE if self.library == "math" else 0.0

    def source(self):
        """The call as a function without parameters."""
        lines = [f"def case_{self.number}_()"]
        names = []
        for index, arg in enumerate(self.args):
            names.append(f"a{index}_")
            lines.append(f"    let a{index}_ = {source(arg)}")
        lines.append(f"    let result_ = {self.library}.{self.function}({', '.join(names)})")
        if self.apply is not None:
            lines.append(f"    result_ = result_({list_source(self.apply)})")
        if self.calls is not None:
            lines.append("    let results_ = []")
            lines += [f"    results_.append(result_({list_source(call)}))" for call in self.calls]
            lines.append("    result_ = results_")
        lines.append("    " + self.outcome())
        return "\n".join(lines) + "\n"

    def outcome(self):
        if isinstance(self.observe, int):
            return f"a{self.observe}_"
        return {"len": "len(result_)", "type": "type(result_)", "same": "result_ is a0_"}.get(self.observe, "result_")


def read_rows(path):
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            fields = line.rstrip("\n").split("\t")
            if number > 1 and len(fields) == 4:
                rows.append(Row(number, *fields))
    return rows


# -------------------------------------------------------------------------------------------- settled
#
# The recordings come from an older interpreter. Where LANGUAGE.md or the settled points of the library's facts decide
# otherwise, the row's expectation is replaced here: (why, which rows, what is expected instead). An expectation is an
# error kind, or a tagged value.


def without_line_end(row):
    return ("string", row.result[1][:-1])


def has_text_operand(row):
    return row.error == "TypeError" and '"$fn"' in row.text and " + b" in row.text


def display(value, inside=False):
    """The text of a value, as `println` writes it; in a container, its source form."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if inside else value
    if isinstance(value, list):
        return "[" + ", ".join(display(item, True) for item in value) + "]"
    if isinstance(value, dict) and not any(key.startswith("$") for key in value):
        return "{" + ", ".join(f"{display(key, True)}: {display(item, True)}" for key, item in value.items()) + "}"
    return repr(value)


def has_word_for_number(row):
    return row.error == "ValueError" and row.args[-1:] == ["x"] and row.library in ("string", "collections", "iter")


def is_no_element(row):
    return row.error == "ValueError" and row.library == "xml" and row.args[0] == "notelem"


def direct_children(row):
    inside = re.search(r"^<a>[^<]*(<b>.*</b>)?[^<]*</a>$", row.args[0]["$xml"])
    return ("list", [("xml", inside[1].replace("/>", " />"))] if inside and inside[1] else [])


def called(*functions):
    """Whether a row calls one of these, written `library.function`."""
    return lambda row: f"{row.library}.{row.function}" in functions


TYPE_QUESTIONS = called("core.type", "types.typeof", "types.type_name")

SETTLED = [
    ("print writes no line end",
     lambda row: called("builtins.print")(row) and row.observe == "stdout", without_line_end),
    ("one text form everywhere: None, texts quoted in containers",
     lambda row: called("core.str")(row) and row.args and "$" not in row.text,
     lambda row: ("string", display(row.args[0]))),
    ("the same where `str` is called by another function",
     lambda row: '{"$builtin":"core.str"}' in row.text,
     lambda row: ("list", [("string", display(item)) for item in row.args[1]])),
    ("the type of None is called none", lambda row: TYPE_QUESTIONS(row) and row.args == [None],
     lambda row: ("string", "none")),
    ("`+` with a String joins the texts", has_text_operand, lambda row: ("string", "".join(map(str, row.args[1])))),
    ("a wrong type of argument is a TypeError", has_word_for_number, lambda row: "TypeError"),
    ("a wrong type of argument is a TypeError", is_no_element, lambda row: "TypeError"),
    ("a missing argument may be found when compiling", lambda row: row.error == "TypeError" and not row.args,
     lambda row: "ArityError"),
    ("two sets give a set",
     lambda row: called("collections.symmetric_difference")(row) and row.text.count('"$set"') == 2,
     lambda row: ("set", row.result[1])),
    ("what two lists have in common is given as the first has it",
     lambda row: called("collections.intersection")(row) and row.args == [[1, 2.0], [2, 1.0]],
     lambda row: ("list", [("int", 1), ("float", 2.0)])),
    ("children are the direct children, as the facts describe them: the recording's host could not go through an element",
     called("xml.children"), direct_children),
]

# What the recordings call the errors of the language.
ERROR_KINDS = {"IOError": "OSError", "FileNotFoundError": "OSError", "PermissionError": "OSError",
               "FileExistsError": "OSError"}


def expectation(row):
    for _, applies, instead in SETTLED:
        if applies(row):
            return instead(row)
    return row.error or row.result


# -------------------------------------------------------------------------------------------- running


class Runner:
    """Makes programs of rows and runs them. In a program, each row is a function; arguments choose rows."""

    def __init__(self, tombo, folder, mode="run"):
        self.tombo = os.path.abspath(tombo)
        self.folder = folder
        self.mode = mode
        self.count = 0

    def program(self, rows):
        """The path of a program of these rows, and the line on which each row begins."""
        self.count += 1
        path = os.path.join(self.folder, f"cases_{self.count}.tb")
        text, lines = PRELUDE + "\n", []
        for row in rows:
            lines.append(text.count("\n") + 1)
            text += row.source() + "\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "".join(f"run_({row.number}, case_{row.number}_)\n" for row in rows))
        return path, lines

    def compile(self, rows, rejected):
        """The command that runs these rows but those that do not compile; these go into [rejected]."""
        path, lines = self.program(rows)
        checked = execute([self.tombo, "check", path], timeout=120)
        if checked.status == 2:
            reports = re.split(r"^(?=error)", checked.err, flags=re.M)
            places = [(re.search(rf"{re.escape(path)}:(\d+):", report), report) for report in reports]
            wrong = {bisect.bisect(lines, int(place[1])) - 1: report for place, report in places if place}
            if not wrong:
                raise Failure(checked.describe())
            rejected.update({rows[at].number: ("rejected", report) for at, report in wrong.items()})
            return self.compile([row for at, row in enumerate(rows) if at not in wrong], rejected)
        if self.mode == "run":
            return [self.tombo, "run", path]
        flags = ["--debug"] if self.mode == "debug" else []
        if "asan" in self.tombo:
            flags.append("--sanitize")
        built = execute([self.tombo, "build", *flags, path, "-o", path[:-3]], timeout=600)
        if built.status != 0:
            raise Failure(built.describe())
        return [path[:-3]]

    def outcomes(self, rows):
        """What each row came to: number -> tagged tuple."""
        found = {}
        command = self.compile(rows, found)
        while missing := [row for row in rows if row.number not in found]:
            result = execute([*command, *(str(row.number) for row in missing)], cwd="/tmp", timeout=120)
            for match in re.finditer(r"^@(\d+) (.*)$", result.out, re.M):
                found[int(match[1])] = self.read(match[2])
            ended = next((row for row in missing if row.number not in found), None)
            if ended:
                found[ended.number] = ("died", result.describe())
        return found

    def outcomes_alone(self, rows):
        """The same for rows whose standard streams or exit status matter: each has a run of its own."""
        found = {}
        command = self.compile(rows, found)
        for row in rows:
            if row.number not in found:
                result = execute([*command, str(row.number)], stdin=row.stdin or "", cwd="/tmp", timeout=120)
                found[row.number] = self.outcome_alone(row, result)
        return found

    def outcome_alone(self, row, result):
        match = re.search(rf"@{row.number} (.*)\n$", result.out)
        if not match and (row.error or "").startswith("SystemExit"):
            return ("error", f"SystemExit({result.status})", "")
        if not match:
            return ("died", result.describe())
        if row.observe == "stdout":
            return ("string", result.out[:match.start()])
        return ("string", result.err) if row.observe == "stderr" else self.read(match[1])

    @staticmethod
    def read(text):
        try:
            return Reader(text).value()
        except (ValueError, IndexError, AttributeError):
            return ("unreadable", text)


def verdict(row, got):
    """None, or what is wrong."""
    wanted = expectation(row)
    if isinstance(wanted, str):
        if got[0] == "error" and ERROR_KINDS.get(got[1], got[1]) == wanted:
            return None
        if wanted == "ArityError" and (got[0] == "rejected" or (got[0] == "error" and got[1] == "TypeError")):
            return None
        return f"expected {wanted}, got {describe(got)}"
    return None if same(wanted, got, row.tolerance) else f"expected {describe(wanted)}, got {describe(got)}"


def describe(value):
    if value[0] == "error":
        return f"{value[1]}: {value[2]}"
    if value[0] in ("rejected", "died"):
        return f"{value[0]}: {value[1]}"
    return str(value)[:400]


def replay(tombo, rows, folder, mode="run"):
    """Yields (row, None or what is wrong) for each row."""
    runner = Runner(tombo, folder, mode)
    found = runner.outcomes_alone([row for row in rows if row.is_alone])
    together = [row for row in rows if not row.is_alone]
    for start in range(0, len(together), BATCH):
        found.update(runner.outcomes(together[start:start + BATCH]))
    for row in rows:
        yield row, verdict(row, found[row.number])


def check_file(t, name, mode):
    rows = read_rows(os.path.join(FOLDER, name))
    wrong = [f"{row.text}: {problem}" for row, problem in replay(t.path, rows, t.folder, mode) if problem]
    if wrong:
        raise Failure(f"{len(wrong)} of {len(rows)} calls:\n" + "\n".join(wrong[:20]))


def test_recorded_calls(t):
    check_file(t, "cases.tsv", "run")


def test_recorded_calls_built(t):
    check_file(t, "cases.tsv", "debug")


def test_more_calls(t):
    check_file(t, "more.tsv", "run")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tombo")
    parser.add_argument("libraries", nargs="*")
    parser.add_argument("--file", default=os.path.join(FOLDER, "cases.tsv"))
    parser.add_argument("--mode", choices=("run", "debug", "build"), default="run")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the programs there")
    options = parser.parse_intermixed_args()
    rows = [row for row in read_rows(options.file) if not options.libraries or row.library in options.libraries]
    counts = collections.defaultdict(lambda: [0, 0])
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tombo-cases-") as folder:
        for row, problem in replay(options.tombo, rows, options.keep or folder, options.mode):
            counts[row.library][bool(problem)] += 1
            if problem:
                print(f"FAIL {row.number} {row.text[:300]}\n    {problem}")
    for library, (passed, failed) in sorted(counts.items()):
        print(f"{library}: {passed} passed, {failed} failed")
    failed = sum(count[1] for count in counts.values())
    print(f"{sum(count[0] for count in counts.values())} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
