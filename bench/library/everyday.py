# Small work done often: texts, dicts, sets, lists.
from time import monotonic

N = 300000


def timed(name, work):
    start = monotonic()
    check = work()
    print(name, monotonic() - start, check)


def append_text():
    s = ""
    for i in range(N):
        s += "ab"
        s += "c"
    return len(s)


def format_text():
    total = 0
    for i in range(N):
        total += len(f"item {i}: {i * 2} of {N}")
    return total


def format_numbers():
    total = 0
    for i in range(N):
        total += len(f"{i / 7:.2f}|{i:8d}|{i:x}")
    return total


def numbers_as_text():
    total = 0
    for i in range(N):
        total += int(str(i)) + len(str(i * 1000003))
    return total


def floats_as_text():
    total = 0
    for i in range(N):
        total += len(str(i / 8)) + len(str(i / 7))
    return total


def read_floats():
    total = 0.0
    texts = [str(i / 8) for i in range(N)]
    for t in texts:
        total += float(t)
    return int(total)


def split_and_join():
    total = 0
    for i in range(N // 3):
        fields = "alpha,beta,gamma,delta,epsilon".split(",")
        total += len("-".join(fields)) + len(fields[2].strip().upper())
    return total


def search_text():
    text = "the quick brown fox jumps over the lazy dog " * 3 + "cat"
    total = 0
    for i in range(N):
        if "cat" in text:
            total += text.find("lazy") + text.count("o")
        if text.startswith("the") and text.endswith("cat"):
            total += 1
    return total


def characters():
    text = "the quick brown fox jumps over the lazy dog" * 1000
    vowels = 0
    for round in range(8):
        for c in text:
            if c in "aeiou":
                vowels += 1
    return vowels


def index_text():
    text = "abcdefghij" * 1000
    same = 0
    for round in range(30):
        for i in range(len(text) - 1):
            if text[i] == "e" or text[i + 1] > "i":
                same += 1
    return same


def text_dict():
    counts = {}
    words = [f"word{i % 5000}" for i in range(N)]
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    total = 0
    for w in words:
        if w in counts:
            total += counts[w]
    return total


def int_dict():
    squares = {}
    for i in range(N):
        squares[i * 7] = i
    total = 0
    for i in range(N * 2):
        if i in squares:
            total += squares[i]
    return total


def dict_items():
    ages = {f"name{i}": i for i in range(1000)}
    total = 0
    for round in range(200):
        for name, age in ages.items():
            total += age
        for name in ages:
            total += len(name)
        for age in ages.values():
            total += age
    return total


def pair_dict():
    grid = {}
    for x in range(300):
        for y in range(300):
            grid[(x, y)] = x * y
    total = 0
    for x in range(300):
        for y in range(300):
            total += grid[(y, x)]
    return total


def sets():
    seen = set()
    for i in range(N):
        seen.add(i * i % 10007)
    total = 0
    for i in range(N):
        if i in seen:
            total += 1
    evens = {i for i in range(0, 20000, 2)}
    return total + len(seen & evens) + len(seen | evens) + len(seen - evens)


def append_and_pop():
    items = []
    for i in range(N):
        items.append(i)
        items.append(i + 1)
        items.pop()
    total = 0
    while items:
        total += items.pop()
    return total


def slices():
    items = list(range(1000))
    total = 0
    for i in range(N // 3):
        part = items[i % 900:i % 900 + 20]
        total += part[3] + len(part[::2]) + part[-1]
    return total


def insert_items():
    items = []
    for i in range(20000):
        items.insert(0, i)
        items.insert(len(items) // 2, i)
    return len(items) + items[777]


def reduce_numbers():
    items = [i * 7919 % 10007 for i in range(10000)]
    total = 0
    for i in range(100):
        total += sum(items) + min(items) + max(items) + len([x for x in items if x > 5000])
    return total


def enumerate_and_zip():
    a = list(range(10000))
    b = [x * 2 for x in a]
    total = 0
    for round in range(30):
        for i, x in enumerate(a):
            total += i * x
        for x, y in zip(a, b):
            total += x + y
    return total


def small_sorts():
    total = 0
    for i in range(N // 10):
        total += sorted([i * 7 % 11, i % 5, 3, i % 13, 8])[2]
        total += len(sorted(["pear", "fig", "apple"], key=lambda t: len(t))[0])
    return total


def objects_in_lists():
    rows = []
    for i in range(N // 3):
        rows.append({"id": i, "name": f"n{i % 100}", "tags": [i, i + 1]})
    total = 0
    for row in rows:
        total += row["id"] + len(row["name"]) + row["tags"][1]
    return total


for name, work in [("append_text", append_text), ("format_text", format_text), ("format_numbers", format_numbers),
                   ("numbers_as_text", numbers_as_text), ("floats_as_text", floats_as_text), ("read_floats", read_floats),
                   ("split_and_join", split_and_join), ("search_text", search_text), ("characters", characters),
                   ("index_text", index_text), ("text_dict", text_dict), ("int_dict", int_dict), ("dict_items", dict_items),
                   ("pair_dict", pair_dict), ("sets", sets), ("append_and_pop", append_and_pop), ("slices", slices),
                   ("insert_items", insert_items), ("reduce_numbers", reduce_numbers),
                   ("enumerate_and_zip", enumerate_and_zip), ("small_sorts", small_sorts),
                   ("objects_in_lists", objects_in_lists)]:
    timed(name, work)
