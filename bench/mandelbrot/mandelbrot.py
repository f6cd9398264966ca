def turns(cr, ci, limit):
    zr = 0.0
    zi = 0.0
    for i in range(limit):
        r2 = zr * zr
        i2 = zi * zi
        if r2 + i2 > 4:
            return i
        zi = 2 * zr * zi + ci
        zr = r2 - i2 + cr
    return limit


def main():
    size = 500
    total = 0
    inside = 0
    for y in range(size):
        for x in range(size):
            n = turns(3.0 * x / size - 2.1, 2.4 * y / size - 1.2, 200)
            total += n
            if n == 200:
                inside += 1
    print(total, inside)


main()
