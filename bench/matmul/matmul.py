def matrix(n, seed):
    rows = []
    for i in range(n):
        rows.append([seed * (i - j) * (i + j) / n / n for j in range(n)])
    return rows


def multiply(a, b):
    n = len(a)
    m = len(b[0])
    product = []
    for i in range(n):
        row = [0.0] * m
        for j in range(m):
            total = 0.0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            row[j] = total
        product.append(row)
    return product


def main():
    n = 300
    c = multiply(matrix(n, 1.0), matrix(n, 2.0))
    print(f"{c[n // 2][n // 2]:.6f} {c[0][n - 1]:.6f}")


main()
