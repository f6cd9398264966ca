from functools import reduce


def main():
    n = 1_000_000
    squares = list(map(lambda x: x * x, range(n)))
    print(reduce(lambda a, b: (a + b) % 1000007, filter(lambda x: x % 3 == 1, squares), 0))
    print(sum(filter(lambda x: x % 5 != 0, map(lambda x: x * 2 + 1, range(n)))))
    print(sum([x * y % 7 for x, y in zip(range(n), squares) if x % 2 == 0]))

    words = [f"w{i % 1000}" for i in range(n // 4)]
    long_ones = list(map(lambda w: w.upper(), filter(lambda w: len(w) > 3, words)))
    print(len(long_ones), long_ones[-1])

    found = 0
    for i in range(200):
        limit = 1000 + i
        if any([x * x % 1009 == i for x in range(limit)]):
            found += 1
        if all(map(lambda x: x * x >= x, range(limit))):
            found += 1
    print(found)
    print(max(map(lambda x: x % 9973, squares)), min(map(lambda x: (x + 17) % 9973, squares)))


main()
