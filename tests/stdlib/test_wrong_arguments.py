"""Wrong arguments of every function of the library: the error names the function and the parameter, and nothing crashes.

The declarations in stdlib/*.tb say which values are wrong: for each parameter that has a type, values of all other kinds
are tried, the other parameters getting good ones; a parameter without a type gets values of every kind, and where it
takes offence the message must name it all the same. The calls go through function values, so that nothing of them is
known when the program is compiled; test_wrong_arguments_are_warned_of looks at direct calls.
"""

import collections
import glob
import os
import re

from tool import ROOT, Failure

HEAD = re.compile(r"^(?:extern )?def ([A-Za-z]\w*)(?:\[([\w, ]*)\])?\(", re.M)

# Values of each kind, as a program writes them.
KINDS = {
    "Int": "5", "Float": "2.5", "Bool": "true", "None": "None", "String": '"zz"', "Bytes": 'encode_utf8("a")',
    "List": "[1]", "Tuple": "(1, 2)", "Dict": '{"k": 1}', "Set": "set([1])", "Function": "(fn(values...) -> 1)", "object": "object()"}

CONTAINERS = {"String", "Bytes", "List", "Tuple", "Dict", "Set"}

# The kinds that a type of a declaration takes.
TAKEN = {"Int": {"Int", "Bool"}, "Int64": {"Int", "Bool"}, "Whole": {"Int", "Bool", "Float"},
         "Number": {"Int", "Float", "Bool"}, "Float": {"Int", "Float", "Bool"}, "Iterable": CONTAINERS,
         "Sized": CONTAINERS, **{kind: {kind} for kind in KINDS if kind not in ("Int", "Float")}}
ANYTHING = ("Any", "Items", "Object")

# A good value for a parameter by its type, or, without one, by its name.
GOOD = {
    "Iterable": "[1]", "List": "[1]", "Dict": '{"a": 1}', "Function": "(fn(values...) -> 1)", "String": '"a"',
    "Bytes": 'encode_utf8("a")', "Int": "1", "Int64": "1", "Whole": "1", "Number": "1", "Float": "1.0", "Bool": "true",
    "Set": "set([1])", "Tuple": "(1, 2)", "Range": "range(3)", "Pattern": 'compile("a")',
    "Element": 'xml.parse("<a/>")', "Date": "date(2020, 1, 1)", "DateTime": "datetime(2020, 1, 1)", "Sized": "[1]",
    "Match": 'find_match("a", "a")', "None": "None", "Object": "object()", "Items": "[1]"}
GOOD_NAMED = {"command": '["true"]', "container": "[1]", "type": "Int", "type_str": "Int", "type_name": "Int",
              "types": "Int", "error_class": "ValueError", "iterator": "iter([1])"}
GOOD_CALLS = {"crypto.decrypt": ['encrypt("a", "k")'], "crypto.decrypt_bytes": ['encrypt("a", "k")'],
              "crypto.decrypt_aes": ['encrypt("a", "k")'], "io.printf": ['"%s"'], "io.sprintf": ['"%s"'],
              "random.choices": ["[1]", "1"]}

# Not called: they end the program, wait for somebody, or are what the test itself stands on.
LEFT_OUT = {"os.exit", "sys.exit", "io.input", "io.ask", "io.input_number", "io.input_bool"}
LEFT_OUT_LIBRARIES = {"builtins", "flat", "gc"}

# Whose message speaks of another function, the one that does the work for them.
SPEAKS_FOR = {
    "crypto.generate_token": "generate_key", "testing.assert_type": "isinstance", "testing.assert_raises": "isinstance",
    "types.instance_of": "isinstance", "types.isinstance_any": "isinstance", "time.time_sleep": "delay",
    "time.time_obj": "datetime", "time.time_to_timestamp": "datetime", "time.add_days": "date_add",
    "testing.assert_in": "contains", "testing.assert_not_in": "contains",
    **{f"json.{name}": "stringify" for name in ("encode", "to_json", "dump", "dumps", "json_encode", "pretty_print",
                                                "prettify")},
    "io.format_json": "stringify"}

# Errors about what values hold rather than what they are: a text that is no JSON says the line and column.
ABOUT_CONTENT = re.compile(
    r"ValueError JSON, line|ValueError this cannot be decrypted|ValueError .* is not in the|KeyError|AttributeError|IndexError|AssertionError|IOError"
    r"|TypeError `[<>]` cannot compare|TypeError `[+*]` cannot (add|multiply)|ValueError .* is not a format for"
    r"|FileNotFoundError|PermissionError|OverflowError")

PROGRAM = r'''
def told(number, f, values)
    try
        f(values...)
        println(f"\n@{number} fine")
    catch e: Error
        println(f"\n@{number} {e.type} " + replace(e.message, "\n", " "))

'''

Param = collections.namedtuple("Param", "name is_rest type default")


def split(text):
    """The parts of a parameter list, which commas outside of brackets and texts separate."""
    parts, depth, quote = [""], 0, ""
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote and text[i - 1] != "\\" else quote
        elif c in "\"'":
            quote = c
        depth += (not quote and c in "([{") - (not quote and c in ")]}")
        if depth < 0:
            break
        if c == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += c
    return [part.strip() for part in parts if part.strip()]


def read_param(text, type_params):
    name, rest, declared, default = re.fullmatch(r"(\w+)(\.\.\.)?(?::\s*(.*?))?(?:\s*=\s*(.*))?", text, re.S).groups()
    if declared in type_params or declared == "Any":
        declared = None
    return Param(name, bool(rest), declared, default)


def declarations():
    """The forms of every public function: {"math.sqrt": [[Param, …], …]}."""
    found = collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(ROOT, "stdlib", "*.tb"))):
        library = os.path.basename(path)[:-3]
        if library in LEFT_OUT_LIBRARIES:
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for head in HEAD.finditer(text):
            full = f"{library}.{head[1]}"
            if full in LEFT_OUT:
                continue
            type_params = [part.strip() for part in (head[2] or "").split(",")]
            found[full].append([read_param(" ".join(part.split()), type_params) for part in split(text[head.end():])])
    return found


def arms(declared):
    """The names in `A | B[T]?`, without what is in brackets."""
    if "->" in declared:
        return ["Function"] + (["None"] if declared.endswith("?") else [])
    names = [re.match(r"\w+", arm.strip())[0] for arm in declared.rstrip("?").split("|")]
    return names + (["None"] if declared.endswith("?") else [])


def taken(param):
    """The kinds that the parameter takes; None: all of them."""
    if param.type is None or any(name in ANYTHING for name in arms(param.type)):
        return None
    return set().union(*(TAKEN.get(name, set()) for name in arms(param.type)))


def good(param):
    if param.type is None or param.name in GOOD_NAMED:
        return GOOD_NAMED.get(param.name, "1")
    return GOOD[arms(param.type)[0]]


def taken_at(forms, index):
    """The kinds that some form takes at this place; None: all."""
    kinds = set()
    for form in forms:
        rest = next((i for i, param in enumerate(form) if param.is_rest), len(form))
        if index < len(form) or rest < len(form):
            own = taken(form[min(index, rest)])
            if own is None:
                return None
            kinds |= own
    return kinds


class Call:
    """A call with one argument, `args[at]`, of a kind that may be wrong."""

    def __init__(self, function, param, args, kind, is_wrong):
        self.function = function
        self.param = param
        self.args = args
        self.kind = kind
        self.is_wrong = is_wrong

    def complaint(self, answer):
        """What is wrong with the answer, or None."""
        if answer is None:
            return "no answer"
        if answer == "fine":
            return "is accepted" if self.is_wrong else None
        name = self.function.split(".")[1]
        speakers = [name, SPEAKS_FOR.get(self.function, name)]
        if any(f"of `{speaker}`" in answer for speaker in speakers) and (
                not self.is_wrong or f"{self.param}`" in answer):
            return None
        if f"`{name}` needs an argument for `{self.param}`" in answer:
            return None  # what was given fits another parameter
        if not self.is_wrong and ABOUT_CONTENT.match(answer):
            return None
        return answer


def calls():
    found = []
    for function, forms in declarations().items():
        for form in forms:
            for at, param in enumerate(form):
                if any(other.is_rest for other in form[:at]):
                    break  # given by label
                before = GOOD_CALLS.get(function, [])[:at]
                before = before + [good(other) for other in form[len(before):at]]
                behind = [good(other) for other in form[at + 1:] if other.default is None and not other.is_rest]
                kinds = taken_at(forms, at)
                for kind, text in KINDS.items():
                    if kinds is None or kind not in kinds:
                        found.append(Call(function, param.name, [*before, text, *behind], kind, kinds is not None))
    return found


def answers(t, library, lines):
    """Runs `told(…)` lines; {number: what came of it}."""
    result = t.run("run", t.write(f"wrong_{library}.tb", PROGRAM + "\n".join(lines) + "\n"), timeout=120)
    if result.status != 0:
        raise Failure(f"{library}: {result.describe()[-2000:]}")
    return {int(number): answer for number, answer in re.findall(r"^@(\d+) (.*)$", result.out, re.M)}


def test_wrong_arguments_are_named(t):
    by_library = collections.defaultdict(list)
    for call in calls():
        by_library[call.function.split(".")[0]].append(call)
    wrong, count = [], 0
    for library, own in by_library.items():
        got = answers(t, library, [f"told({i}, {call.function}, [{', '.join(call.args)}])" for i, call in enumerate(own)])
        count += len(own)
        for i, call in enumerate(own):
            complaint = call.complaint(got.get(i))
            if complaint:
                wrong.append(f"{call.function}({', '.join(call.args)}), `{call.param}`: {complaint}")
    if wrong:
        raise Failure(f"{len(wrong)} of {count} calls:\n" + "\n".join(wrong[:40]))


def counts(form):
    rest = any(param.is_rest for param in form)
    least = sum(1 for param in form if param.default is None and not param.is_rest)
    return least, None if rest else len(form)


def test_wrong_counts_are_named(t):
    """One argument fewer than any form needs, and one more than any takes."""
    lines, functions = [], []
    for function, forms in declarations().items():
        limits = [counts(form) for form in forms]
        least, most = min(least for least, _ in limits), [most for _, most in limits]
        for count in [least - 1] + ([max(most) + 1] if None not in most else []):
            if count >= 0:
                lines.append(f"told({len(lines)}, {function}, [{', '.join(['1'] * count)}])")
                functions.append(function)
    got = answers(t, "counts", lines)
    wrong = [f"{line}: {got.get(i)}" for i, line in enumerate(lines)
             if not re.match(rf"TypeError .*`{functions[i].split('.')[1]}`", got.get(i, ""))]
    if wrong:
        raise Failure(f"{len(wrong)} of {len(lines)} calls:\n" + "\n".join(wrong[:40]))


WARNINGS = 40  # as many as the compiler reports of one program


def unwarned(t, own):
    """Those of the calls that the compiler says nothing about, or something else."""
    lines = [f"{call.function}({', '.join(call.args)})" for call in own]
    result = t.expect(t.run("check", t.write("warned.tb", "\n".join(lines) + "\n")))
    said = {int(line): text for text, line in re.findall(r"^warning: (.*)\n *--> \S*warned\.tb:(\d+):", result.err, re.M)}
    return [f"{line}: {said.get(i + 1)}" for i, line in enumerate(lines)
            if not re.search(rf"`{own[i].param}`.* of `{own[i].function.split('.')[1]}` must be", said.get(i + 1, ""))]


def test_wrong_arguments_are_warned_of(t):
    """Where the kinds of arguments are written down, the compiler says the same about each call."""
    own, seen = [], set()
    for call in calls():
        if call.is_wrong and (call.function, call.param) not in seen:
            seen.add((call.function, call.param))
            own.append(call)
    wrong = []
    for start in range(0, len(own), WARNINGS):
        wrong += unwarned(t, own[start:start + WARNINGS])
    if wrong:
        raise Failure(f"{len(wrong)} of {len(own)} calls:\n" + "\n".join(wrong[:40]))
