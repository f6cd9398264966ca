def divisor(a, b):
    while b != 0:
        a, b = b, a % b
    return a


def main():
    n = 2000
    total = 0
    coprime = 0
    for i in range(1, n + 1):
        for j in range(i + 1, n + 1):
            d = divisor(i, j)
            total += d
            if d == 1:
                coprime += 1
    print(total, coprime)


main()
