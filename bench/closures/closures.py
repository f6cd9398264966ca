def counter(step):
    count = 0

    def next_count():
        nonlocal count
        count += step
        return count

    return next_count


def compose(f, g):
    return lambda x: f(g(x))


def add(a):
    return lambda b: lambda c: a * b + c


def accumulate(n, f):
    total = 0
    for i in range(n):
        total = (total + f(i)) % 1000003
    return total


def main():
    n = 3_000_000
    by_one = counter(1)
    by_seven = counter(7)
    total = 0
    for i in range(n):
        total += by_one() + by_seven()
    print(total, by_one())

    shift = 5
    f = compose(lambda x: x * 3 + shift, lambda x: x - shift)
    print(accumulate(n, f))
    print(accumulate(n, lambda x: x * x % 7 + shift))

    total = 0
    for i in range(n):
        total += add(i)(3)(i % 10)
    print(total)


main()
