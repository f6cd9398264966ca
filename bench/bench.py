#!/usr/bin/env python3
"""Times the programs of this folder: Tombo against C (gcc -O2) and CPython, interleaved in one run.

    bench/bench.py TOMBO [NAME ...] [--runs N] [--mode build|run] [--only tombo,c,python] [--list]

NAME is a folder here, or NAME_typed for another version of the Tombo program. Each output must be the folder's
`expected`. The table shows the median of the wall times in seconds, the peak resident memory in MiB, and ratios.
A folder without a C program is compared with CPython alone. Long CPython runs happen once: --python-runs N changes that.
"""

import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = {"gmp.h": "-lgmp", "math.h": "-lm"}
COLUMNS = ("tombo", "c", "python")


class Problem(Exception):
    pass


def programs():
    """Every program: name -> folder."""
    found = {}
    for folder in sorted(os.listdir(HERE)):
        if os.path.exists(os.path.join(HERE, folder, "expected")):
            found.update({file[:-3]: os.path.join(HERE, folder) for file in sorted(os.listdir(os.path.join(HERE, folder)))
                          if file.endswith(".tb")})
    return found


def compile_with(argv):
    result = subprocess.run(argv, capture_output=True, text=True)
    if result.returncode != 0:
        raise Problem(f"{argv[0]} failed: " + (result.stderr or result.stdout).strip().split("\n")[0])


def prepare(kind, name, folder, work, options):
    """The command that runs one version of a program, or None where there is no such version."""
    twin = os.path.join(folder, os.path.basename(folder))
    if kind == "python":
        return [sys.executable, twin + ".py"] if os.path.exists(twin + ".py") else None
    binary = os.path.join(work, f"{name}-{kind}")
    if kind == "tombo":
        source = os.path.join(folder, name + ".tb")
        if options.mode == "run":
            return [options.tombo, "run", "--no-tier", source]
        compile_with([options.tombo, "build", source, "-o", binary])
        return [binary]
    if not os.path.exists(twin + ".c"):
        return None
    with open(twin + ".c", encoding="utf-8") as file:
        headers = re.findall(r"#include <(.*?)>", file.read())
    compile_with(["gcc", "-O2", "-o", binary, twin + ".c", *[LIBRARIES[h] for h in headers if h in LIBRARIES]])
    return [binary]


def timed(argv, wanted, work):
    """Runs a command: seconds and peak MiB. A wrong output is a problem."""
    report = os.path.join(work, "report")
    result = subprocess.run([os.path.join(work, "launcher"), report, *argv], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, cwd=work)
    if result.returncode != 0:
        raise Problem(f"status {result.returncode}")
    if result.stdout != wanted:
        raise Problem("wrong output")
    with open(report, encoding="utf-8") as file:
        seconds, kibibytes = file.read().split()
    return float(seconds), int(kibibytes) / 1024


def measure(name, folder, options, work):
    """Times of each version, interleaved: kind -> (median seconds, peak MiB); and what went wrong."""
    with open(os.path.join(folder, "expected"), "rb") as file:
        wanted = file.read()
    commands, times, peaks, problems = {}, {}, {}, []
    for kind in options.only:
        try:
            commands[kind] = prepare(kind, name, folder, work, options)
        except Problem as problem:
            problems.append(f"{name}: {problem}")
    for turn in range(options.runs):
        for kind, argv in list(commands.items()):
            if argv is None or (kind == "python" and turn >= options.python_runs):
                continue
            try:
                seconds, peak = timed(argv, wanted, work)
            except Problem as problem:
                problems.append(f"{name}: {kind}: {problem}")
                commands[kind] = None
                times.pop(kind, None)
                continue
            times.setdefault(kind, []).append(seconds)
            peaks[kind] = max(peaks.get(kind, 0), peak)
    return {kind: (statistics.median(times[kind]), peaks[kind]) for kind in times}, problems


def ratio(found, kind, other):
    return found[kind][0] / found[other][0] if kind in found and other in found else None


def cell(value, width, digits):
    return f"{value:{width}.{digits}f}" if value is not None else f"{'-':>{width}}"


def show(name, found, columns):
    row = f"{name:<16}"
    for kind in columns:
        seconds, peak = found.get(kind, (None, None))
        row += cell(seconds, 10, 3) + cell(peak, 7, 0)
    print(row + cell(ratio(found, "tombo", "c"), 10, 2) + cell(ratio(found, "python", "tombo"), 15, 2), flush=True)


def summary(title, ratios, worst):
    if ratios:
        mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
        name = worst(ratios, key=ratios.get)
        print(f"{title}: geometric mean {mean:.2f}, worst {ratios[name]:.2f} ({name})")


def arguments(names):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tombo")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--python-runs", type=int, default=1)
    parser.add_argument("--mode", choices=("build", "run"), default="build")
    parser.add_argument("--only", default=",".join(COLUMNS), help="of " + ",".join(COLUMNS))
    parser.add_argument("--list", action="store_true", help="print the names")
    options = parser.parse_intermixed_args()
    options.only = [kind for kind in COLUMNS if kind in options.only.split(",")]
    options.tombo = shutil.which(options.tombo) or parser.error(f"there is no {options.tombo}")
    options.tombo = os.path.abspath(options.tombo)
    for name in options.names:
        if name not in names:
            parser.error(f"there is no program {name}; --list shows them")
    return options


def main():
    folders = programs()
    options = arguments(folders)
    if options.list:
        print("\n".join(folders))
        return 0
    print(f"{'':<16}" + "".join(f"{kind + ' s':>10}{'MiB':>7}" for kind in options.only) + f"{'tombo/C':>10}{'CPython/tombo':>15}")
    to_c, to_python, problems = {}, {}, []
    with tempfile.TemporaryDirectory(prefix="tombo-bench-") as work:
        compile_with(["gcc", "-O2", "-o", os.path.join(work, "launcher"), os.path.join(HERE, "launcher.c")])
        for name in options.names or folders:
            found, wrong = measure(name, folders[name], options, work)
            problems += wrong
            show(name, found, options.only)
            if ratio(found, "tombo", "c"):
                to_c[name] = ratio(found, "tombo", "c")
            if ratio(found, "python", "tombo"):
                to_python[name] = ratio(found, "python", "tombo")
    summary("tombo/C", to_c, max)
    summary("CPython/tombo", to_python, min)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
