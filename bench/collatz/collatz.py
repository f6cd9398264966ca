def steps(n):
    count = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        count += 1
    return count


best = 1
longest = 0
for start in range(1, 500_000):
    count = steps(start)
    if count > longest:
        longest = count
        best = start
print(best, longest)
