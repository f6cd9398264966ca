# A JSON document of 20 MB: parse, print.
import json
import sys
from time import monotonic


def report(name, start, check):
    print(name, monotonic() - start, check)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()

    start = monotonic()
    document = json.loads(text)
    report("parse", start, len(document))

    start = monotonic()
    printed = json.dumps(document, separators=(",", ":"))
    report("print", start, len(printed))


main()
