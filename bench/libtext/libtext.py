text = "the quick brown fox jumps over the lazy dog\n" * 2_300_000
lines = text.split("\n")
joined = "|".join(lines)
loud = joined.replace("fox", "wolf").upper()
print(len(text), len(lines), len(joined), len(loud), loud[1000:1020])
