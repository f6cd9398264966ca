import sys

sys.setrecursionlimit(100000)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


for n in range(1, 9):
    print(ackermann(3, n))
