import os

path = "lines.txt"
with open(path, "w") as file:
    file.write("some words on a line of a file\n" * 1_000_000)
count = 0
size = 0
with open(path) as file:
    for line in file:
        count += 1
        size += len(line.rstrip("\n"))
os.remove(path)
print(count, size)
