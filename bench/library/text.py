# 100 MB of text: split, join, replace, upper, count.
import sys
from time import monotonic


def report(name, start, check):
    print(name, monotonic() - start, check)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()

    start = monotonic()
    words = text.split(" ")
    report("split", start, len(words))

    start = monotonic()
    joined = "-".join(words)
    report("join", start, len(joined))
    words = None

    start = monotonic()
    lines = text.splitlines()
    report("split_lines", start, len(lines))
    lines = None

    start = monotonic()
    replaced = text.replace("item", "thing")
    report("replace", start, len(replaced))

    start = monotonic()
    upper = text.upper()
    report("upper", start, upper[:20])

    start = monotonic()
    times = text.count("tion")
    report("count", start, times)

    start = monotonic()
    place = text.find("no such text")
    report("find", start, place)


main()
