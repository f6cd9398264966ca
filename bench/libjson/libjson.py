import json

records = [{"id": i, "name": f"item {i}", "price": i * 0.25, "tags": ["a", "b", str(i % 7)], "sold": i % 3 == 0}
           for i in range(200_000)]
text = json.dumps(records)
again = json.loads(text)
print(len(text), len(again), again[1234]["name"], "true" if json.dumps(again) == text else "false")
