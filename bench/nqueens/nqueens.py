def place(row, n, columns, rising, falling):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if columns[column] or rising[row + column] or falling[row - column + n - 1]:
            continue
        columns[column] = True
        rising[row + column] = True
        falling[row - column + n - 1] = True
        found += place(row + 1, n, columns, rising, falling)
        columns[column] = False
        rising[row + column] = False
        falling[row - column + n - 1] = False
    return found


def queens(n):
    return place(0, n, [False] * n, [False] * (2 * n - 1), [False] * (2 * n - 1))


for n in range(4, 12):
    print(n, queens(n))
