import sys

sys.set_int_max_str_digits(0)


def factorial(n):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return product


def main():
    for n in range(1000, 13000, 2000):
        f = factorial(n)
        print(n, f % 1000003, f // factorial(n - 10) % 1000003)
    digits = str(factorial(10000))
    print(len(digits), sum([int(c) for c in digits]))


main()
