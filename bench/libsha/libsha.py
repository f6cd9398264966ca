import hashlib

print(hashlib.sha256(("0123456789" * 50_000_000).encode()).hexdigest())
