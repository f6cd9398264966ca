#!/usr/bin/env python3
"""Random programs, run by Tombo in several ways and by Python: all must print the same.

    tests/fuzz/compare.py TOMBO [--count 200] [--seed 1] [--modes run,gcc] [--keep FOLDER]

Each program is made twice from the same random choices: as Tombo and as Python. It has functions, loops, branches,
lists, dicts, texts, closures, a class and try blocks; values change kind now and then, and Ints grow past 64 bits.
Every statement that may fail stands in a try block that prints the kind of error. A difference is kept in FOLDER
(default build/fuzz) and reported; the last line is `N passed, N failed`.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

INTS = ['0', '1', '2', '3', '7', '10', '-1', '-5', '63', '100', '2147483647', '4611686018427387903',
        '4611686018427387904', '9223372036854775807', '-9223372036854775808', '123456789012345678901234567890']
FLOATS = ['0.0', '0.5', '1.5', '-2.25', '100.0', '1e10', '3.0']
TEXTS = ['""', '"a"', '"abc"', '"héllo"', '"x y z"', '"12"']


class Program:
    """Two texts that grow together: Tombo and Python."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.tombo, self.python = [], []
        self.depth = 0
        self.names = 0
        self.vars = {}       # name -> kind
        self.functions = []  # (name, parameter kinds, result kind)
        self.assignable = set()

    def line(self, tombo, python=None):
        self.tombo.append('    ' * self.depth + tombo)
        self.python.append('    ' * self.depth + (tombo if python is None else python))

    def fresh(self, prefix='v'):
        self.names += 1
        return f'{prefix}{self.names}'

    def pick(self, kind):
        return [name for name, known in self.vars.items() if known == kind]

    # ---- expressions: (tombo, python)

    def expr(self, kind, level=0):
        names = self.pick(kind)
        if names and self.rng.random() < 0.35:
            name = self.rng.choice(names)
            return name, name
        if level > 3 or self.rng.random() < 0.2:
            return self.literal(kind)
        return getattr(self, 'make_' + kind)(level + 1)

    def literal(self, kind):
        if kind == 'list':
            items = [self.literal(self.rng.choice(['int', 'float', 'text'])) for _ in range(self.rng.randrange(4))]
            return tuple('[' + ', '.join(part) + ']' for part in (zip(*items) if items else ([], [])))
        if kind == 'bool':
            return self.rng.choice([('true', 'True'), ('false', 'False')])
        text = self.rng.choice({'int': INTS, 'float': FLOATS, 'text': TEXTS}[kind])
        return (text, text) if text[0] != '-' else (f'({text})', f'({text})')

    def binary(self, kinds, operators, level):
        left, right = self.expr(kinds[0], level), self.expr(kinds[1], level)
        op = self.rng.choice(operators)
        return f'({left[0]} {op} {right[0]})', f'({left[1]} {op} {right[1]})'

    def call(self, kind, level):
        matching = [f for f in self.functions if f[2] == kind]
        if not matching:
            return None
        name, parameters, _ = self.rng.choice(matching)
        args = [self.expr(parameter, level) for parameter in parameters]
        return (f'{name}({", ".join(a for a, _ in args)})', f'{name}({", ".join(b for _, b in args)})')

    def conditional(self, kind, level):
        condition, yes, no = self.expr('bool', level), self.expr(kind, level), self.expr(kind, level)
        return (f'(if {condition[0]} then {yes[0]} else {no[0]})', f'({yes[1]} if {condition[1]} else {no[1]})')

    def make_int(self, level):
        choice = self.rng.randrange(9)
        if choice < 4:
            return self.binary(('int', 'int'), ['+', '-', '*'], level)
        if choice == 4:
            return self.binary(('int', 'int'), ['//', '%', '&', '|', '^'], level)
        if choice == 5:
            value = self.expr('list', level)
            return f'len({value[0]})', f'len({value[1]})'
        if choice == 6:
            return self.call('int', level) or self.literal('int')
        if choice == 7:
            value, shift = self.expr('int', level), self.rng.randrange(70)
            op = self.rng.choice(['<<', '>>'])
            return f'({value[0]} {op} {shift})', f'({value[1]} {op} {shift})'
        return self.conditional('int', level)

    def make_float(self, level):
        choice = self.rng.randrange(5)
        if choice == 0:
            return self.binary(('float', 'float'), ['+', '-', '*'], level)
        if choice == 1:
            return self.binary(('float', 'int'), ['+', '-', '*'], level)
        if choice == 2:
            return self.binary(('int', 'int'), ['/'], level)
        if choice == 3:
            return self.call('float', level) or self.literal('float')
        return self.conditional('float', level)

    def make_bool(self, level):
        choice = self.rng.randrange(5)
        if choice == 0:
            return self.binary(('int', 'int'), ['<', '<=', '>', '>=', '==', '!='], level)
        if choice == 1:
            return self.binary(('float', 'int'), ['<', '>', '=='], level)
        if choice == 2:
            return self.binary(('text', 'text'), ['<', '==', 'in'], level)
        if choice == 3:
            value = self.expr('bool', level)
            return f'(not {value[0]})', f'(not {value[1]})'
        return self.binary(('bool', 'bool'), ['and', 'or'], level)

    def make_text(self, level):
        choice = self.rng.randrange(6)
        if choice == 0:
            return self.binary(('text', 'text'), ['+'], level)
        if choice == 1:
            value = self.expr(self.rng.choice(['int', 'float', 'bool', 'list']), level)
            return f'str({value[0]})', f'text({value[1]})'
        if choice == 2:
            left, right = self.expr('int', level), self.expr('text', level)
            return f'f"{{{left[0]}}}-{{{right[0]}}}"' if '"' not in left[0] + right[0] else f'(str({left[0]}) + "-" + {right[0]})', \
                f'(text({left[1]}) + "-" + {right[1]})'
        if choice == 3:
            value = self.expr('text', level)
            method = self.rng.choice(['upper', 'lower', 'strip'])
            return f'{value[0]}.{method}()', f'{value[1]}.{method}()'
        if choice == 4:
            value = self.expr('text', level)
            a, b = self.rng.randrange(-3, 4), self.rng.randrange(-3, 4)
            return f'{value[0]}[{a}:{b}]', f'{value[1]}[{a}:{b}]'
        return self.conditional('text', level)

    def make_list(self, level):
        choice = self.rng.randrange(5)
        if choice == 0:
            return self.binary(('list', 'list'), ['+'], level)
        if choice == 1:
            value = self.expr('list', level)
            a = self.rng.choice(['1:', ':2', '::-1', '-2:'])
            return f'{value[0]}[{a}]', f'{value[1]}[{a}]'
        if choice == 2:
            kind = self.rng.choice(['int', 'float', 'text', 'bool'])
            items = [self.expr(kind, level) for _ in range(self.rng.randrange(1, 4))]
            return '[' + ', '.join(a for a, _ in items) + ']', '[' + ', '.join(b for _, b in items) + ']'
        if choice == 3:
            name, count = self.fresh('i'), self.rng.randrange(5)
            saved = dict(self.vars)
            self.vars[name] = 'int'
            item, condition = self.expr('int', level), self.expr('bool', level)
            self.vars = saved
            return (f'[{item[0]} for {name} in range({count}) if {condition[0]}]',
                    f'[{item[1]} for {name} in range({count}) if {condition[1]}]')
        return self.conditional('list', level)

    # ---- statements

    def show(self):
        value = self.expr(self.rng.choice(['int', 'float', 'text', 'bool', 'list']))
        self.guarded(lambda: self.line(f'println({value[0]})', f'show({value[1]})'))

    def guarded(self, body):
        self.line('try', 'try:')
        self.depth += 1
        body()
        self.depth -= 1
        self.line('catch e', 'except Exception as e:')
        self.depth += 1
        self.line('println("error", e.type)', 'print("error", type(e).__name__)')
        self.depth -= 1

    def assign(self):
        kind = self.rng.choice(['int', 'int', 'float', 'text', 'bool', 'list'])
        names = [name for name in self.pick(kind) if name in self.assignable]
        value = self.expr(kind)
        if names and self.rng.random() < 0.6:
            name = self.rng.choice(names)
            if kind == 'int' and self.rng.random() < 0.5:
                op = self.rng.choice(['+=', '-=', '*='])
                self.guarded(lambda: self.line(f'{name} {op} {value[0]}', f'{name} {op} {value[1]}'))
            else:
                self.guarded(lambda: self.line(f'{name} = {value[0]}', f'{name} = {value[1]}'))
            return
        name = self.fresh()
        first = self.literal(kind)
        self.line(f'let {name} = {first[0]}', f'{name} = {first[1]}')
        self.vars[name] = kind
        self.assignable.add(name)
        self.guarded(lambda: self.line(f'{name} = {value[0]}', f'{name} = {value[1]}'))

    def branch(self, budget):
        condition = self.expr('bool')
        flag = self.fresh('c')
        self.line(f'let {flag} = false', f'{flag} = False')
        self.guarded(lambda: self.line(f'{flag} = {condition[0]}', f'{flag} = {condition[1]}'))
        self.line(f'if {flag}', f'if {flag}:')
        self.block(budget)
        self.line('else', 'else:')
        self.block(budget)

    def loop(self, budget):
        name, count = self.fresh('i'), self.rng.randrange(1, 6)
        start, step = self.rng.randrange(-2, 3), self.rng.choice([1, 1, 2, -1])
        end = start + count * step
        self.line(f'for {name} in range({start}, {end}, {step})', f'for {name} in range({start}, {end}, {step}):')
        self.vars[name] = 'int'
        self.block(budget, f'if {name} == {start + step * (count - 1)}')
        del self.vars[name]

    def block(self, budget, leave=None):
        saved = dict(self.vars)
        self.depth += 1
        for _ in range(self.rng.randrange(1, 3)):
            self.statement(budget - 1)
        if leave and self.rng.random() < 0.3:
            word = self.rng.choice(['break', 'continue'])
            self.line(leave, leave + ':')
            self.depth += 1
            self.line(word)
            self.depth -= 1
        self.depth -= 1
        self.vars = saved

    def statement(self, budget=3):
        choice = self.rng.randrange(10)
        if choice < 4 or budget <= 0:
            self.assign()
        elif choice < 6:
            self.show()
        elif choice < 8:
            self.branch(budget)
        else:
            self.loop(budget)

    def function(self):
        name, kind = self.fresh('f'), self.rng.choice(['int', 'float', 'text', 'list'])
        parameters = [(self.fresh('p'), self.rng.choice(['int', 'int', 'float', 'text', 'list']))
                      for _ in range(self.rng.randrange(1, 4))]
        names = ', '.join(parameter for parameter, _ in parameters)
        self.line(f'def {name}({names})', f'def {name}({names}):')
        saved, kept = self.vars, self.assignable
        self.vars, self.assignable = dict(parameters), {parameter for parameter, _ in parameters}
        self.depth += 1
        for _ in range(self.rng.randrange(1, 4)):
            self.statement(2)
        result = self.expr(kind)
        self.line(f'return {result[0]}', f'return {result[1]}')
        self.depth -= 1
        self.vars, self.assignable = saved, kept
        self.functions.append((name, [k for _, k in parameters], kind))

    def make(self):
        for _ in range(self.rng.randrange(1, 4)):
            self.function()
        in_main = self.rng.random() < 0.5
        if in_main:
            self.line('def main()', 'def main():')
            self.depth += 1
        for _ in range(self.rng.randrange(4, 12)):
            self.statement()
        if in_main:
            self.line('println("end")', 'print("end")')
            self.depth -= 1
            self.python.append('main()')
        return '\n'.join(self.tombo) + '\n', PRELUDE + '\n'.join(self.python) + '\n'


PRELUDE = '''import sys
sys.set_int_max_str_digits(0)
def source(v):
    if isinstance(v, bool): return "true" if v else "false"
    if isinstance(v, str): return '"' + v.replace('\\\\', '\\\\\\\\').replace('"', '\\\\"') + '"'
    if isinstance(v, list): return "[" + ", ".join(map(source, v)) + "]"
    return repr(v)
def text(v): return v if isinstance(v, str) else source(v)
def show(v): print(text(v))
'''


def run(argv, folder):
    try:
        done = subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return 'still running'
    return done.stdout.decode('utf-8', 'replace') + f'status {done.returncode}\n'


def outputs(tombo, modes, folder):
    for mode in modes:
        if mode == 'run':
            yield mode, run([tombo, 'run', 'program.tb'], folder)
            continue
        flags = ['--debug'] if mode == 'clang' else []
        built = run([tombo, 'build', 'program.tb', '-o', mode + '.out', '--cc=' + mode] + flags, folder)
        yield mode, run([os.path.join(folder, mode + '.out')], folder) if 'status 0' in built else built


def check(tombo, modes, seed, keep):
    tombo_text, python_text = Program(seed).make()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (('program.tb', tombo_text), ('program.py', python_text)):
            with open(os.path.join(folder, name), 'w') as out:
                out.write(content)
        expected = run([sys.executable, 'program.py'], folder)
        for mode, found in outputs(tombo, modes, folder):
            if found == expected:
                continue
            os.makedirs(keep, exist_ok=True)
            base = os.path.join(keep, f'seed_{seed}_{mode}')
            for suffix, content in (('.tb', tombo_text), ('.py', python_text), ('.expected', expected), ('.found', found)):
                with open(base + suffix, 'w') as out:
                    out.write(content)
            print(f'FAIL seed {seed} [{mode}]: see {base}.*')
            return False
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tombo')
    parser.add_argument('--count', type=int, default=200)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--modes', default='run')
    parser.add_argument('--keep', default='build/fuzz')
    args = parser.parse_args()
    results = [check(os.path.abspath(args.tombo), args.modes.split(','), seed, os.path.abspath(args.keep))
               for seed in range(args.seed, args.seed + args.count)]
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed')
    sys.exit(0 if all(results) else 1)


if __name__ == '__main__':
    main()
