#!/usr/bin/env python3
"""Times the library: Tombo against CPython, whose own library is written in C, interleaved in one run.

    bench/library/bench.py TOMBO [NAME ...] [--runs N] [--data FOLDER]

NAME is a program here: NAME.tb and NAME.py do the same work and print a line for each part of it, `part seconds check`;
what they need beforehand is not in the seconds, and the checks must agree. The table shows the smallest seconds of all
runs and their ratio. The data files are made once, in FOLDER; they take 200 MB.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = {"text": "text100", "regex": "text50", "document": "json", "lines": "lines"}  # programs that read a file
MEGABYTE = 1_000_000


def make_text(rng, size):
    """Lines of words and numbers. One megabyte, again and again."""
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(1, 9))) + rng.choice(["", "", "", "ing", "tion"])
             for _ in range(5000)] + ["item"] * 200
    parts, length = [], 0
    while length < MEGABYTE - 100:
        word = rng.choice(words) if rng.random() < 0.95 else f"{rng.choice(words)}={rng.randrange(10**5)}"
        parts.append(word + ("\n" if rng.random() < 0.08 else " "))
        length += len(parts[-1])
    block = "".join(parts).ljust(MEGABYTE - 1, ".") + "\n"
    return block * (size // MEGABYTE)


def make_json(rng):
    def record(number):
        return {"id": number, "name": f"user {number}", "email": f"u{number}@example.org", "score": rng.random() * 100,
                "active": rng.random() < 0.5, "tags": rng.choices(["red", "green", "blue", "größer"], k=3),
                "place": {"x": rng.uniform(-180, 180), "y": rng.uniform(-90, 90)}, "note": None}

    return json.dumps([record(number) for number in range(95_000)], ensure_ascii=False)


def make_lines(rng):
    return "".join(f"{number} line with some text {rng.randrange(10**9)}\n" for number in range(1_000_000))


def make_data(folder):
    os.makedirs(folder, exist_ok=True)
    makers = {"text100": lambda rng: make_text(rng, 100 * MEGABYTE), "text50": lambda rng: make_text(rng, 50 * MEGABYTE),
              "json": make_json, "lines": make_lines}
    for name, make in makers.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print(f"making {path}", flush=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(make(random.Random(1)))


def run(argv):
    """What a program printed: part -> (seconds, check)."""
    result = subprocess.run(argv, stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(argv)}: status {result.returncode}")
    rows = [line.split(" ", 2) for line in result.stdout.splitlines()]
    return {part: (float(seconds), check) for part, seconds, check in rows}


def measure(name, options):
    """The rows of the table for one program: part, seconds of Tombo, seconds of CPython."""
    binary = os.path.join(options.data, name + ".exe")
    subprocess.run([options.tombo, "build", os.path.join(HERE, name + ".tb"), "-o", binary], check=True)
    argument = [os.path.join(options.data, DATA[name])] if name in DATA else []
    runs = []
    for _ in range(options.runs):
        runs.append((run([binary, *argument]), run([sys.executable, os.path.join(HERE, name + ".py"), *argument])))
    ours, theirs = runs[0]
    for part in theirs:
        if ours.get(part, (0, None))[1] != theirs[part][1]:
            sys.exit(f"{name} {part}: the results differ: {ours.get(part)} and {theirs[part]}")
    return [(part, min(a[part][0] for a, _ in runs), min(b[part][0] for _, b in runs)) for part in theirs]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tombo")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", default=os.path.join(HERE, "..", "..", "build", "bench-library"))
    options = parser.parse_args()
    options.tombo = os.path.abspath(options.tombo)
    options.data = os.path.abspath(options.data)
    make_data(options.data)
    programs = sorted(file[:-3] for file in os.listdir(HERE) if file.endswith(".tb"))
    ratios = []
    print(f"{'program':<10}{'part':<18}{'tombo s':>10}{'CPython s':>11}{'CPython/tombo':>15}")
    for name in options.names or programs:
        for part, ours, theirs in measure(name, options):
            ratios.append(theirs / max(ours, 1e-6))
            print(f"{name:<10}{part:<18}{ours:>10.3f}{theirs:>11.3f}{ratios[-1]:>15.2f}", flush=True)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"geometric mean of CPython/tombo: {mean:.2f}, smallest {min(ratios):.2f}")


if __name__ == "__main__":
    main()
