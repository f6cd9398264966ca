#!/usr/bin/env python3
"""The standard scenarios of memory: Tombo beside the old interpreter and CPython, in bytes.

    bench/memory/bench.py TOMBO [--python PYTHON]

Tombo's figures come from `tombo mem --profile`, CPython's from cpython.py here. The old interpreter's are those its memory
guide gave; where it gave none there is a dash."""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# What the old guide said, in bytes; the size of its process for the start.
OLD = {
    "start": 30 * 1024 * 1024,
    "run_start": 30 * 1024 * 1024,
    "function": 2.18 * 1024,
    "closure": 2.18 * 1024,
    "variable": 100,
    "list_int": 8.86,
    "string": 2.96 * 1024,
}


def output(argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, check=True, text=True).stdout


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:,.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tombo")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    tombo = json.loads(output([options.tombo, "mem", "--profile", "--json"]))
    python = json.loads(output([options.python, os.path.join(HERE, "cpython.py")]))
    print(f"{'bytes':34} {'Tombo':>12} {'old guide':>12} {'CPython ' + python['version']:>15}   of CPython")
    for name, figure in tombo.items():
        ours, theirs = figure["bytes"], python["bytes"].get(name)
        is_less = name != "returned" and theirs
        ratio = f"{100 * ours / theirs:9.1f} %" if is_less else ""
        print(f"{figure['title']:34} {number(ours):>12} {number(OLD.get(name)):>12} {number(theirs):>15}   {ratio}".rstrip())
    for name, figure in tombo.items():
        if figure["note"]:
            print(f"\n{figure['title']}: {figure['note']}", end="")
    print()


if __name__ == "__main__":
    main()
