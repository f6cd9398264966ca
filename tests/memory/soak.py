#!/usr/bin/env python3
"""A long run of mixed allocation (soak.tb): what is resident on average in each quarter of it. The last may take at most
a twentieth more than the second.

    tests/memory/soak.py [TOMBO] [--rounds 5000] [--mode build|run]

5000 rounds take a minute or two; 100000 half an hour.
"""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def quarters(lines):
    """The average of each quarter of the figures."""
    figures = [int(line) for line in lines]
    size = len(figures) // 4
    return [sum(figures[i * size:(i + 1) * size]) / size for i in range(4)]


def is_flat(averages):
    return averages[3] <= averages[1] * 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", nargs="?", default=os.path.join(HERE, "..", "..", "tombo"))
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--mode", choices=["build", "run"], default="build")
    options = parser.parse_args()
    source = os.path.join(HERE, "soak.tb")
    with tempfile.TemporaryDirectory() as folder:
        program = [options.tool, "run", "--no-tier", source]
        if options.mode == "build":
            program = [os.path.join(folder, "soak")]
            subprocess.run([options.tool, "build", source, "-o", program[0]], check=True)
        done = subprocess.run([*program, str(options.rounds)], stdout=subprocess.PIPE, text=True, check=True)
    averages = quarters(done.stdout.split())
    print("resident on average, by quarters: " + ", ".join(f"{kilobytes / 1024:.1f} MB" for kilobytes in averages))
    print("0 failed" if is_flat(averages) else "it grows")
    return 0 if is_flat(averages) else 1


if __name__ == "__main__":
    sys.exit(main())
