# 1,000,000 items sorted: numbers, texts and tuples, with and without a key.
from time import monotonic


def report(name, start, check):
    print(name, monotonic() - start, check)


def main():
    seed = 42
    numbers = []
    for i in range(1000000):
        seed = seed * 16807 % 2147483647
        numbers.append(seed)
    texts = [f"name{n % 500000}" for n in numbers]
    pairs = [(n % 1000, n) for n in numbers]

    start = monotonic()
    a = sorted(numbers)
    report("ints", start, a[500000])

    start = monotonic()
    a = sorted(numbers, key=lambda n: n % 10007)
    report("ints_by_key", start, a[500000])

    start = monotonic()
    b = sorted(texts)
    report("texts", start, b[500000])

    start = monotonic()
    b = sorted(texts, key=lambda t: len(t))
    report("texts_by_length", start, b[500000])

    start = monotonic()
    b = sorted(texts, key=lambda t: t.upper())
    report("texts_by_key", start, b[500000])

    start = monotonic()
    c = sorted(pairs)
    report("pairs", start, c[500000][1])

    start = monotonic()
    c = sorted(pairs, key=lambda p: (-p[0], p[1]))
    report("pairs_by_key", start, c[500000][1])


main()
