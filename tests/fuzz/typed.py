#!/usr/bin/env python3
"""Random well-typed programs: libtcc, gcc -O0, gcc -O2, clang and Python must print the same.

    tests/fuzz/typed.py TOMBO [--count 200] [--seed 1] [--batch 40] [--modes run,gcc0,gcc2,clang] [--size 3] [--keep FOLDER]

A *unit* is a small function, typed throughout, with the calls that try it out; --batch units share a file, since
compiling costs more than running; small ones (--size 1) cost a tenth. The modes also know clang0 (-O0), and calls and
loops: `tombo run` changed over to optimised code from the start, or at each loop. Every variable has one type for life, so that inference finds raw Ints and Floats,
and Ints stay near 2^31, 2^53, 2^62, 2^63 and 2^64, where representations change.

The text is chosen so that it is Tombo and, after a few replacements (`to_python`), Python. What a unit prints begins
with its name; a difference is cut down to the unit and what it calls, kept in FOLDER (default build/fuzz), and
reported. Messages of errors are compared between the modes. The last line is `N passed, N failed`, in units.
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

EDGES = [2**31, 2**32, 2**53, 2**62, 2**63, 2**64]
MODULI = [97, 1000, 2**31 - 1, 2**32, 2**62 - 57, 2**63 - 25, 2**64, 2**65 + 11]
FLOATS = ['0.0', '0.5', '1.5', '100.0', '1e10', '3.0', '0.1', '1e300', '9007199254740993.0']
TEXTS = ['""', '"a"', '"abc"', '"héllo"', '"x y"', '"12"', '"日本"']
KEYS = ['"a"', '"b"', '"c"']
TYPES = {'int': 'Int', 'float': 'Float', 'bool': 'Bool', 'text': 'String', 'ints': 'List[Int]', 'floats': 'List[Float]',
         'texts': 'List[String]', 'dict': 'Dict[String, Int]'}
LISTS = {'ints': 'int', 'floats': 'float', 'texts': 'text'}
MOST_STEPS = 4000  # what one call of a unit may cost, in statements

TOMBO_PRELUDE = '''def kind(e)
    eprint("message", e.type, e.message, e.line)
    e.type

'''
PYTHON_PRELUDE = '''from __future__ import annotations
import sys
sys.set_int_max_str_digits(0)
true, false, Error, String = True, False, Exception, str
def source(v):
    if isinstance(v, bool): return "true" if v else "false"
    if isinstance(v, String): return '"' + v + '"'
    if isinstance(v, list): return "[" + ", ".join(map(source, v)) + "]"
    if isinstance(v, dict): return "{" + ", ".join(f"{source(k)}: {source(x)}" for k, x in v.items()) + "}"
    return repr(v)
def str(v): return v if isinstance(v, String) else source(v)
def println(*values): print(*[str(v) for v in values])
def kind(e): return type(e).__name__

'''
REPLACEMENTS = [(r'^( *)let ', r'\1'), (r'\bcatch e: (\w+)$', r'except \1 as e:'), (r'\bthrow ', 'raise '),
                (r'\bfn\((\w+)\) -> ', r'lambda \1: '), (r'^( *)#python ', r'\1')]


def to_python(line):
    for pattern, replacement in REPLACEMENTS:
        line = re.sub(pattern, replacement, line)
    return line


class Unit:
    """A function that can be called by later ones: its text, its type, and the names of the units it needs."""

    def __init__(self, name):
        self.name = name
        self.lines = []
        self.uses = set()
        self.parameters, self.result = [], 'int'
        self.cost = 1


class Generator:
    """Makes units from one seed; each may call those before it."""

    def __init__(self, seed, size=3):
        self.rng = random.Random(seed)
        self.size = size     # how deep statements and expressions may be nested
        self.units = []
        self.count = 0

    # ---- the unit in the making

    def start(self, name):
        self.unit = Unit(name)
        self.depth = 0       # of indentation
        self.env = {}        # variables in sight: name -> type
        self.fixed = set()   # those of them that are not assigned to
        self.closures = {}   # name -> result type; their parameter is an Int
        self.trips = 1       # how often the statement at hand runs, at most
        self.repeats = False  # what it computes may flow into its next run
        self.loops = 0       # loops around it in this function

    def line(self, text):
        self.unit.lines.append('    ' * self.depth + text)

    def fresh(self, prefix):
        self.count += 1
        return f'{prefix}{self.count}'

    def chance(self, share):
        return self.rng.random() < share

    def names(self, kind, assignable=False):
        return [n for n, k in self.env.items() if k == kind and not (assignable and n in self.fixed)]

    # ---- expressions

    def expr(self, kind, level=0):
        names = self.names(kind)
        if names and self.chance(0.4):
            return self.rng.choice(names)
        if level > self.size or self.chance(0.15):
            return self.literal(kind)
        if self.chance(0.07):
            return f'({self.expr(kind, level + 1)} if {self.expr("bool", level + 1)} else {self.expr(kind, level + 1)})'
        if self.chance(0.12):
            called = self.call(kind, level + 1)
            if called:
                return called
        return getattr(self, 'make_' + kind)(level + 1)

    def literal(self, kind):
        rng = self.rng
        if kind == 'int':
            value = rng.choice(EDGES) + rng.randrange(-2, 3) if self.chance(0.3) else rng.randrange(-3, 12)
            value = -value if self.chance(0.25) else value
            return f'({value})' if value < 0 else f'{value}'
        if kind == 'dict':
            return '{' + ', '.join(f'{key}: {self.literal("int")}' for key in KEYS[:rng.randrange(4)]) + '}'
        if kind in LISTS:
            return '[' + ', '.join(self.literal(LISTS[kind]) for _ in range(rng.randrange(1, 5))) + ']'
        return rng.choice({'float': FLOATS, 'text': TEXTS, 'bool': ['true', 'false']}[kind])

    def call(self, kind, level):
        """A call of an earlier unit, a closure or a method, its result held in bounds; None where there is none."""
        closures = [name for name, result in self.closures.items() if result == kind]
        if closures and self.chance(0.6):
            return self.bounded(kind, f'{self.rng.choice(closures)}({self.expr("int", level)})')
        units = [u for u in self.units if u.result == kind and self.unit.cost + self.trips * u.cost < MOST_STEPS]
        if not units:
            return None
        unit = self.rng.choice(units)
        self.unit.uses.add(unit.name)
        self.unit.cost += self.trips * unit.cost
        arguments = ', '.join(self.expr(parameter, level) for parameter in unit.parameters)
        return self.bounded(kind, f'{unit.name}({arguments})')

    def bounded(self, kind, text):
        """Keeps what comes back into a variable again and again from growing without end."""
        if kind == 'int':
            return f'({text} % {self.rng.choice(MODULI)})'
        return f'{text}[:6]' if kind in LISTS or kind == 'text' else text

    def index(self, level):
        ints = self.names('int')
        return self.rng.choice(ints) if ints and self.chance(0.4) else str(self.rng.randrange(-3, 4))

    def make_int(self, level):
        rng, e = self.rng, lambda kind='int': self.expr(kind, level)
        choice = rng.randrange(18)
        if choice < 5:
            return f'({e()} {rng.choice("+-")} {e()})'
        if choice < 7:
            return self.bounded('int', f'({e()} * {e()})') if self.repeats else f'({e()} * {e()})'
        if choice < 9:
            return f'({e()} {rng.choice(["//", "%"])} {e()})'
        if choice == 9:
            return f'({e()} {rng.choice("&|^")} {e()})'
        if choice == 10:
            return f'({e()} {rng.choice(["<<", ">>"])} {rng.randrange(67)})'
        if choice == 11:
            return rng.choice(['(-{})', '(~{})', 'abs({})']).format(e())
        if choice == 12:
            return f'{rng.choice(["min", "max"])}({e()}, {e()})'
        if choice == 13:
            return f'len({e(rng.choice(["ints", "text", "dict", "texts"]))})'
        if choice == 14:
            return f'{e("ints")}[{self.index(level)}]'
        if choice == 15:
            return f'{e("dict")}.get({rng.choice(KEYS)}, {e()})' if self.chance(0.6) else f'{e("dict")}[{rng.choice(KEYS)}]'
        if choice == 16:
            return f'sum({e("ints")})' if self.chance(0.5) else f'(({e()} % {rng.choice(MODULI)}) ** {rng.randrange(5)})'
        return f'int({e("float")})' if self.chance(0.3) else f'({e()} + {e("bool")})'

    def make_float(self, level):
        rng, e = self.rng, lambda kind='float': self.expr(kind, level)
        choice = rng.randrange(9)
        if choice < 3:
            return f'({e()} {rng.choice("+-*")} {e()})'
        if choice < 5:
            return f'({e()} {rng.choice(["+", "-", "*", "/", "//", "%"])} {e("int")})'
        if choice == 5:
            return f'({e("int")} / {e("int")})'
        if choice == 6:
            return f'float({e("int")})'
        if choice == 7:
            return f'{e("floats")}[{self.index(level)}]'
        return f'(-{e()})' if self.chance(0.5) else f'abs({e()})'

    def make_bool(self, level):
        rng, e = self.rng, lambda kind: self.expr(kind, level)
        choice = rng.randrange(7)
        compare = rng.choice(['<', '<=', '>', '>=', '==', '!='])
        if choice < 2:
            return f'({e("int")} {compare} {e("int")})'
        if choice == 2:
            return f'({e("float")} {compare} {e(rng.choice(["int", "float"]))})'
        if choice == 3:
            return f'({e("text")} {rng.choice(["==", "<", "in"])} {e("text")})'
        if choice == 4:
            return f'({e("int")} in {e("ints")})' if self.chance(0.5) else f'({rng.choice(KEYS)} in {e("dict")})'
        if choice == 5:
            return f'(not {e("bool")})'
        return f'({e("bool")} {rng.choice(["and", "or"])} {e("bool")})'

    def make_text(self, level):
        rng, e = self.rng, lambda kind='text': self.expr(kind, level)
        choice = rng.randrange(7)
        if choice == 0:
            return f'({e()} + {e()})'
        if choice == 1:
            return f'str({e(rng.choice(["int", "float", "bool", "ints"]))})'
        if choice == 2:
            return f'{e()}[{rng.randrange(-3, 3)}:{rng.randrange(-2, 5)}]'
        if choice == 3:
            return f'{e()}.{rng.choice(["upper", "lower", "strip"])}()'
        if choice == 4:
            return f'({e()} * {rng.randrange(3)})'
        if choice == 5:
            return f'{e("texts")}[{self.index(level)}]'
        names = self.names('int') + self.names('text')
        return f'f"{{{rng.choice(names)}}}-{{{rng.choice(names)}}}"' if names else e()

    def make_sequence(self, kind, level):
        rng, item = self.rng, LISTS[kind]
        choice = rng.randrange(6)
        if choice == 0:
            return f'({self.expr(kind, level)} + {self.expr(kind, level)})'
        if choice == 1:
            return f'{self.expr(kind, level)}[{rng.choice(["1:", ":2", "::-1", "-2:"])}]'
        if choice == 2:
            return f'sorted({self.expr(kind, level)})' if kind != 'floats' else f'{self.expr(kind, level)}[::2]'
        if choice == 3:
            return f'([{self.expr(item, level)}] * {rng.randrange(4)})'
        if choice == 4:
            return '[' + ', '.join(self.expr(item, level) for _ in range(rng.randrange(1, 4))) + ']'
        return self.comprehension(item, level)

    def comprehension(self, item, level):
        name, saved = self.fresh('k'), dict(self.env)
        source_kind = self.rng.choice(['range', 'ints', 'texts'])
        source = f'range({self.rng.randrange(6)})' if source_kind == 'range' else self.expr(source_kind, level)
        self.env[name] = 'text' if source_kind == 'texts' else 'int'
        self.fixed.add(name)
        condition = f' if {self.expr("bool", level + 1)}' if self.chance(0.4) else ''
        text = f'[{self.expr(item, level + 1)} for {name} in {source}{condition}]'
        self.env = saved
        return text

    def make_ints(self, level):
        return f'list(range({self.rng.randrange(-3, 3)}, {self.rng.randrange(6)}))' if self.chance(0.1) else \
            self.make_sequence('ints', level)

    def make_floats(self, level):
        return self.make_sequence('floats', level)

    def make_texts(self, level):
        return self.make_sequence('texts', level)

    def make_dict(self, level):
        if self.chance(0.3):
            return f'{{str({n}): {self.expr("int", level)} for {n} in range({self.rng.randrange(4)})}}' \
                if (n := self.fresh('k')) else ''
        return '{' + ', '.join(f'{key}: {self.expr("int", level)}' for key in KEYS[:self.rng.randrange(1, 4)]) + '}'

    # ---- statements

    def block(self, budget):
        saved = dict(self.env)
        closures = dict(self.closures)
        self.depth += 1
        for _ in range(self.rng.randrange(1, 4)):
            self.statement(budget - 1)
        self.depth -= 1
        self.env, self.closures = saved, closures

    def statement(self, budget):
        self.unit.cost += self.trips
        simple = [self.assign, self.assign, self.augment, self.augment, self.element, self.declare]
        nested = [self.branch, self.for_range, self.for_range, self.while_loop, self.for_each, self.try_block, self.switch]
        if budget > 0 and self.chance(0.5):
            self.rng.choice(nested)(budget)
        elif self.loops and self.chance(0.12):
            self.leave()
        elif self.chance(0.04):
            self.line(f'if {self.expr("bool")}:')
            self.line(f'    throw ValueError({self.expr("text")})')
        else:
            self.rng.choice(simple)()

    def declare(self):
        kind = self.rng.choice(['int', 'int', 'int', 'float', 'bool', 'text', 'ints', 'floats', 'texts', 'dict'])
        name, value = self.fresh('v'), self.expr(kind)
        self.line(f'let {name} = {value}')
        self.env[name] = kind

    def assign(self):
        kind = self.rng.choice(['int', 'int', 'int', 'float', 'bool', 'text', 'ints', 'floats', 'dict'])
        names = self.names(kind, assignable=True)
        if not names:
            return self.declare()
        value = self.expr(kind)
        if self.repeats and (kind == 'text' or kind in LISTS):
            value = self.bounded(kind, f'({value})')
        self.line(f'{self.rng.choice(names)} = {value}')

    def augment(self):
        kind = self.rng.choice(['int', 'int', 'int', 'float'])
        names = self.names(kind, assignable=True)
        if not names:
            return self.declare()
        name = self.rng.choice(names)
        if kind == 'float':
            self.line(f'{name} {self.rng.choice(["+=", "-=", "*="])} {self.expr(self.rng.choice(["float", "int"]))}')
        elif self.chance(0.25):
            self.line(f'{name} *= {self.literal("int")}')
        else:
            self.line(f'{name} {self.rng.choice(["+=", "+=", "-=", "^=", "%=", "//="])} {self.expr("int")}')

    def element(self):
        kind = self.rng.choice(['ints', 'ints', 'floats', 'texts', 'dict'])
        names = self.names(kind)
        if not names:
            return self.declare()
        name = self.rng.choice(names)
        if kind == 'dict':
            operator = self.rng.choice(['=', '=', '+='])
            self.line(f'{name}[{self.rng.choice(KEYS)}] {operator} {self.expr("int")}')
        elif self.chance(0.4):
            self.line(f'{name}.append({self.expr(LISTS[kind])})')
        elif self.chance(0.15):
            self.line(f'{name}.pop()')
        else:
            operator = self.rng.choice(['=', '+=']) if kind != 'texts' else '='
            self.line(f'{name}[{self.index(0)}] {operator} {self.expr(LISTS[kind])}')

    def leave(self):
        word = self.rng.choice(['break', 'break', 'continue', 'return'])
        self.line(f'if {self.expr("bool")}:')
        self.line('    ' + (f'return {self.expr(self.unit.result)}' if word == 'return' else word))

    def branch(self, budget):
        self.line(f'if {self.expr("bool")}:')
        self.block(budget)
        while self.chance(0.25):
            self.line(f'elif {self.expr("bool")}:')
            self.block(budget)
        if self.chance(0.6):
            self.line('else:')
            self.block(budget)

    def switch(self, budget):
        self.line(f'match {self.expr("int")}:')
        for value in self.rng.sample([0, 1, 2, 3, 2**31, 2**62, 2**64], self.rng.randrange(1, 4)):
            self.line(f'    case {value}:')
            self.depth += 1
            self.block(budget)
            self.depth -= 1
        self.line('    case _:')
        self.depth += 1
        self.block(budget)
        self.depth -= 1

    def loop_body(self, budget, times, names):
        """The body of a loop that runs at most [times] times and sets these names, {name: type}."""
        saved = self.env, self.trips, self.repeats, self.loops
        self.env = {**self.env, **names}
        self.fixed.update(names)
        self.trips, self.repeats, self.loops = self.trips * times, True, self.loops + 1
        self.block(budget)
        self.env, self.trips, self.repeats, self.loops = saved

    def for_range(self, budget):
        rng, name, count = self.rng, self.fresh('i'), self.rng.randrange(1, 7)
        start, step = rng.randrange(-2, 4), rng.choice([1, 1, 1, 2, -1])
        if self.chance(0.15):
            start += rng.choice(EDGES) - 3
        bound = f'{start}, {start + count * step}, {step}'
        if self.chance(0.3):
            bound = f'{self.expr("int")} % {count + 1}'
        elif start == 0 and step == 1:
            bound = str(count)
        self.line(f'for {name} in range({bound}):')
        self.loop_body(budget, count, {name: 'int'})
        if '%' not in bound:
            self.env[name] = 'int'  # keeps its last value

    def for_each(self, budget):
        name, kind = self.fresh('x'), self.rng.choice(['ints', 'floats', 'texts', 'dict', 'pairs'])
        if kind == 'pairs':
            other = self.fresh('x')
            self.line(f'for {name}, {other} in list(enumerate({self.expr("ints")}[:5])):')
            return self.loop_body(budget, 5, {name: 'int', other: 'int'})
        if kind == 'dict':
            self.line(f'for {name} in list({self.expr("dict")}):')
            return self.loop_body(budget, 4, {name: 'text'})
        self.line(f'for {name} in {self.expr(kind)}[:5]:')
        self.loop_body(budget, 5, {name: LISTS[kind]})

    def while_loop(self, budget):
        name, count = self.fresh('w'), self.rng.randrange(1, 7)
        self.line(f'let {name} = 0')
        condition = f'{name} < {count}' + (f' and {self.expr("bool")}' if self.chance(0.4) else '')
        self.line(f'while {condition}:')
        self.line(f'    {name} += 1')
        self.loop_body(budget, count, {name: 'int'})
        self.env[name] = 'int'

    def try_block(self, budget):
        has_finally = self.chance(0.3)
        self.line('try:')
        self.block(budget)
        if not has_finally or self.chance(0.5):
            for kind in self.rng.sample(['ZeroDivisionError', 'IndexError', 'ValueError', 'KeyError'], self.rng.randrange(2)):
                self.line(f'catch e: {kind}')
                self.block(budget)
            self.line('catch e: Error')
            self.line(f'    println("{self.unit.name} caught", kind(e))')
            self.block(budget)
        if has_finally:
            self.line('finally:')
            loops, self.loops = self.loops, 0  # leaving from here would drop the error
            self.block(0)
            self.loops = loops

    # ---- functions and classes

    def closure(self):
        """A function inside: a lambda, or one that writes a variable of the unit."""
        name, parameter, saved = self.fresh('g'), self.fresh('p'), (dict(self.env), self.repeats)
        kind = self.rng.choice(['int', 'int', 'float', 'text'])
        cells = self.names('int', assignable=True)
        cells = [cell for cell in cells if '.' not in cell]
        self.repeats = True
        self.env[parameter] = 'int'
        if cells and self.chance(0.5):
            cell = self.rng.choice(cells)
            self.line(f'def {name}({parameter}):')
            self.line(f'    #python nonlocal {cell}')
            self.line(f'    {cell} {self.rng.choice(["=", "+="])} {self.bounded("int", "(" + self.expr("int") + ")")}')
            self.line(f'    return {self.expr(kind)}')
        else:
            self.line(f'let {name} = fn({parameter}) -> {self.expr(kind)}')
        self.env, self.repeats = saved
        self.closures[name] = kind

    def method(self, name, kind, fields):
        parameter = self.fresh('p')
        self.env, self.fixed, self.closures = {**fields, parameter: 'int'}, set(), {}
        self.line(f'def {name}(self, {parameter}):')
        self.depth += 1
        self.repeats = True
        for _ in range(self.rng.randrange(1, 3)):
            self.statement(1)
        self.line(f'return {self.bounded(kind, "(" + self.expr(kind) + ")")}')
        self.depth -= 1

    def make_class(self, name, base, fields, kind):
        """A class with fields and a method `step`; with a base, only the method, which replaces the base's."""
        self.line(f'class {name}({base}):' if base else f'class {name}:')
        self.depth += 1
        result, self.unit.result = self.unit.result, kind
        if not base:
            self.env, self.fixed = {'a': 'int'}, set()
            self.line('def __init__(self, a):')
            for field, field_kind in fields.items():
                self.line(f'    {field} = {self.expr(field_kind, 2)}')
        self.method('step', kind, fields)
        self.unit.result = result
        self.depth -= 1

    def object_parts(self):
        """Classes before the unit's function; gives the text that makes an object, and its fields and method."""
        fields = {f'self.{self.fresh("m")}': self.rng.choice(['int', 'int', 'float', 'ints', 'text'])
                  for _ in range(self.rng.randrange(1, 4))}
        name, kind = f'C{self.fresh("")}', self.rng.choice(['int', 'float', 'text'])
        self.trips = 20  # objects are called in loops
        self.make_class(name, None, fields, kind)
        made = f'{name}({{}})'
        if self.chance(0.4):
            self.make_class(name + 'b', name, fields, kind)
            made = f'({name}({{}}) if {{}} else {name}b({{}}))'
        self.trips, self.repeats = 1, False
        return made, fields, kind

    def add_object(self, parts):
        made, fields, kind = parts
        name = self.fresh('o')
        values = [self.expr('int'), self.expr('bool'), self.expr('int')] if made.count('{}') == 3 else [self.expr('int')]
        self.line(f'let {name} = {made.format(*values)}')
        self.env.update({field.replace('self', name): field_kind for field, field_kind in fields.items()})
        self.closures[f'{name}.step'] = kind

    def recursion(self):
        """Calls the unit itself, with its first parameter as the counter."""
        name = self.unit.parameters[0][0]
        self.line(f'if {name} > 0 and {name} < 12:')
        rest = [self.expr(kind) for _, kind in self.unit.parameters[1:]]
        called = f'{self.unit.name}({", ".join([name + " - 1"] + rest)})'
        extra = self.expr(self.unit.result)
        joined = f'({called} + {extra})' if self.unit.result != 'bool' else f'({called} or {extra})'
        self.line(f'    return {self.bounded(self.unit.result, joined)}')

    def body(self, parts):
        for name, kind in self.unit.parameters:
            self.env[name] = kind
        recurses = self.unit.parameters[0][1] == 'int' and self.unit.result in ('int', 'float', 'text') and self.chance(0.3)
        if recurses:
            self.trips, self.repeats = 12, True
            self.fixed.add(self.unit.parameters[0][0])
            self.recursion()
        for _ in range(self.rng.randrange(1, 3)):
            self.declare()
        if parts:
            self.add_object(parts)
        if self.chance(0.4):
            self.closure()
        for _ in range(self.rng.randrange(2, 6)):
            self.statement(self.size)
        self.line(f'return {self.expr(self.unit.result)}')

    def make_unit(self):
        self.start(self.fresh('u'))
        unit = self.unit
        parts = self.object_parts() if self.chance(0.3) else None
        self.env, self.fixed, self.closures = {}, set(), {}
        unit.result = self.rng.choice(['int', 'int', 'int', 'float', 'text', 'bool', 'ints'])
        unit.parameters = [(self.fresh('p'), self.rng.choice(['int', 'int', 'int', 'float', 'text', 'ints', 'floats', 'dict']))
                           for _ in range(self.rng.randrange(1, 4))]
        annotated = self.chance(0.5)
        head = ', '.join(f'{name}: {TYPES[kind]}' if annotated else name for name, kind in unit.parameters)
        self.line(f'def {unit.name}({head})' + (f' -> {TYPES[unit.result]}:' if annotated else ':'))
        self.depth = 1
        self.body(parts)
        self.depth = 0
        unit.parameters = [kind for _, kind in unit.parameters]
        self.trials()
        self.units.append(unit)
        return unit

    def trials(self):
        """A function that calls the unit a few times and shows what comes."""
        name = self.unit.name
        self.env, self.closures = {}, {}
        self.line(f'def test_{name}():')
        self.depth = 1
        for number in range(3):
            arguments = ', '.join(self.literal(kind) for kind in self.unit.parameters)
            self.line('try:')
            self.line(f'    println("{name} {number}:", {name}({arguments}))')
            self.line('catch e: Error')
            self.line(f'    println("{name} {number} failed:", kind(e))')
        self.depth = 0


# ---- running

def program(units, language):
    lines = [line for unit in units for line in unit.lines] + [f'test_{unit.name}()' for unit in units]
    if language == 'python':
        return PYTHON_PRELUDE + '\n'.join(map(to_python, lines)) + '\n'
    return TOMBO_PRELUDE + '\n'.join(line for line in lines if '#python' not in line) + '\n'


def run(argv, folder, timeout=120, env=None):
    """Gives standard output, with the status, and the lines of standard error that begin with `message`."""
    try:
        done = subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                              env=env)
    except subprocess.TimeoutExpired:
        return 'still running', ''
    said = done.stderr.decode('utf-8', 'replace')
    out = done.stdout.decode('utf-8', 'replace') + f'status {done.returncode}\n'
    if done.returncode != 0:
        out += said
    return out, ''.join(line for line in said.splitlines(True) if line.startswith('message'))


BUILDS = {'gcc0': ['--cc=gcc', '--debug'], 'gcc2': ['--cc=gcc'], 'clang': ['--cc=clang'], 'clang0': ['--cc=clang', '--debug']}


def run_mode(tombo, mode, folder):
    if mode in ('run', 'calls', 'loops'):
        tier = {'run': 'off'}.get(mode, mode)
        return run([tombo, 'run', 'program.tb'], folder, 600, {**os.environ, 'TOMBO_TIER': tier, 'TOMBO_CACHE': 'off'})
    built, _ = run([tombo, 'build', 'program.tb', '-o', mode + '.out'] + BUILDS[mode], folder, 600)
    return run([os.path.join(folder, mode + '.out')], folder) if built.startswith('status 0') else (built, '')


def results(tombo, modes, units):
    """Each mode with what came out of it, Python first."""
    with tempfile.TemporaryDirectory() as folder:
        for language, suffix in (('tombo', 'tb'), ('python', 'py')):
            with open(os.path.join(folder, 'program.' + suffix), 'w') as out:
                out.write(program(units, language))
        found = [('python', run([sys.executable, 'program.py'], folder))]
        return found + [(mode, run_mode(tombo, mode, folder)) for mode in modes]


def wrong_mode(found):
    """The first mode that differs: in output from Python, in messages from the first mode."""
    expected, messages = found[0][1][0], found[1][1][1]
    for mode, (out, said) in found[1:]:
        if out != expected or said != messages:
            return mode
    return None


def differing_units(found, units):
    """Units whose lines differ somewhere; all of them where the programs ended differently."""
    outputs = [out.splitlines() for _, (out, _) in found]
    if any(out[-1] != 'status 0' for out in outputs):
        return list(units)
    grouped = []
    for out in outputs:
        lines = {}
        for line in out[:-1]:
            lines.setdefault(line.split(' ')[0], []).append(line)
        grouped.append(lines)
    wrong = [unit for unit in units if any(lines.get(unit.name) != grouped[0].get(unit.name) for lines in grouped)]
    return wrong or list(units)


def with_needs(unit, units):
    names, known = set(), {u.name: u for u in units}

    def add(name):
        if name not in names:
            names.add(name)
            for used in known[name].uses:
                add(used)
    add(unit.name)
    return [u for u in units if u.name in names]


def keep_failure(folder, seed, mode, unit, units, found):
    os.makedirs(folder, exist_ok=True)
    base = os.path.join(folder, f'typed_{seed}_{unit.name}')
    for suffix, text in (('.tb', program(units, 'tombo')), ('.py', program(units, 'python'))):
        with open(base + suffix, 'w') as out:
            out.write(text)
    for name, (text, said) in found:
        with open(f'{base}.{name}', 'w') as out:
            out.write(text + said)
    print(f'FAIL seed {seed} unit {unit.name} [{mode}]: see {base}.*', flush=True)


def check_alone(tombo, modes, seed, units, suspects, keep):
    """Runs each suspect with only the units it needs, and gives the number of failures; one that needs a failed unit
    is not tried."""
    failed = set()
    for unit in suspects:
        needed = with_needs(unit, units)
        if failed.intersection(u.name for u in needed):
            continue
        found = results(tombo, modes, needed)
        if wrong_mode(found):
            failed.add(unit.name)
            keep_failure(keep, seed, wrong_mode(found), unit, needed, found)
    return len(failed)


def check(tombo, modes, seed, count, keep, size):
    """Runs one batch and gives the number of its units that fail."""
    generator = Generator(seed, size)
    units = [generator.make_unit() for _ in range(count)]
    found = results(tombo, modes, units)
    if not wrong_mode(found):
        return 0
    failures = check_alone(tombo, modes, seed, units, differing_units(found, units), keep)
    if not failures:  # only the whole batch fails
        keep_failure(keep, seed, wrong_mode(found), units[-1], units, found)
    return max(failures, 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tombo')
    parser.add_argument('--count', type=int, default=200)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--batch', type=int, default=40)
    parser.add_argument('--modes', default='run,gcc0,gcc2,clang')
    parser.add_argument('--size', type=int, default=3)
    parser.add_argument('--keep', default='build/fuzz')
    args = parser.parse_args()
    failed, seed = 0, args.seed
    for first in range(0, args.count, args.batch):
        count = min(args.batch, args.count - first)
        failed += check(os.path.abspath(args.tombo), args.modes.split(','), seed, count, os.path.abspath(args.keep), args.size)
        seed += 1
    print(f'{args.count - failed} passed, {failed} failed')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
