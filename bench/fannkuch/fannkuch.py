def flips(order):
    work = order[:]
    count = 0
    first = work[0]
    while first != 0:
        low = 0
        high = first
        while low < high:
            work[low], work[high] = work[high], work[low]
            low += 1
            high -= 1
        count += 1
        first = work[0]
    return count


def fannkuch(n):
    order = list(range(n))
    counts = [0] * n
    most = 0
    checksum = 0
    even = True
    left = n
    while True:
        while left > 1:
            counts[left - 1] = left
            left -= 1
        count = flips(order)
        most = max(most, count)
        checksum += count if even else -count
        even = not even
        while True:
            if left == n:
                return (checksum, most)
            first = order[0]
            for i in range(left):
                order[i] = order[i + 1]
            order[left] = first
            counts[left] -= 1
            if counts[left] > 0:
                break
            left += 1


def main():
    n = 9
    checksum, most = fannkuch(n)
    print(checksum)
    print(f"Pfannkuchen({n}) = {most}")


main()
