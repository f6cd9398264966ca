# The SHA-256 of 500 MB.
import hashlib
from time import monotonic


def main():
    data = "0123456789abcdef" * 31250000
    start = monotonic()
    digest = hashlib.sha256(data.encode()).hexdigest()
    print("sha256", monotonic() - start, digest)


main()
