import sys

sys.set_int_max_str_digits(0)


def by_adding(n):
    a = 0
    b = 1
    for i in range(n):
        a, b = b, a + b
    return a


def by_doubling(n):
    if n == 0:
        return (0, 1)
    a, b = by_doubling(n // 2)
    c = a * (2 * b - a)
    d = a * a + b * b
    return (c, d) if n % 2 == 0 else (d, c + d)


def main():
    slow = by_adding(100_000)
    fast = by_doubling(100_000)[0]
    print("true" if slow == fast else "false", slow % 1000000007, len(str(slow)))
    print(by_doubling(2_000_000)[0] % 1000000007)


main()
