# A file of 1,000,000 lines: read one by one, and all at once; written again.
import os
import sys
from time import monotonic


def report(name, start, check):
    print(name, monotonic() - start, check)


def main():
    path = sys.argv[1]

    start = monotonic()
    total = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            total += len(line.rstrip("\n"))
    report("read_each", start, total)

    start = monotonic()
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    report("read_all", start, len(lines))

    start = monotonic()
    with open(path + ".copy", "w", encoding="utf-8") as file:
        for line in lines:
            file.write(line + "\n")
    report("write_each", start, os.path.getsize(path + ".copy"))


main()
