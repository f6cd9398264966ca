# find_all and sub over 50 MB of text.
import re
import sys
from time import monotonic


def report(name, start, check):
    print(name, monotonic() - start, check)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()

    start = monotonic()
    words = re.findall(r"[a-z]+ing", text)
    report("find_words", start, len(words))

    start = monotonic()
    numbers = re.findall(r"\d+", text)
    report("find_numbers", start, len(numbers))

    start = monotonic()
    pairs = re.findall(r"(\w+)=(\d+)", text)
    report("find_groups", start, len(pairs))

    start = monotonic()
    changed = re.sub(r"\d+", "#", text)
    report("sub", start, len(changed))


main()
