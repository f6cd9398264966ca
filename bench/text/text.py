def make_text(lines):
    words = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "again"]
    made = []
    for i in range(lines):
        line = []
        for k in range(10):
            line.append(words[(i * 7 + k * k) % 10])
        made.append(" ".join(line))
    return "\n".join(made)


def shown(value):
    return "true" if value else "false"


def main():
    text = make_text(60_000)
    print(len(text), text.count("fox"))

    swapped = []
    for line in text.split("\n"):
        words = line.split(" ")
        words[0], words[-1] = words[-1], words[0]
        swapped.append(" ".join(words))
    other = "\n".join(swapped)
    print(other[:40], shown(other == text))

    loud = text.replace("fox", "wolf").replace("lazy ", "").upper()
    print(len(loud), loud.find("WOLF"), shown("LAZY" in loud))

    longest = ""
    at = 0
    for line in loud.split("\n"):
        stripped = line.strip()
        if stripped.startswith("THE") and len(stripped) > len(longest):
            longest = stripped
        if stripped.endswith("DOG"):
            at += 1
    print(longest, at)


main()
