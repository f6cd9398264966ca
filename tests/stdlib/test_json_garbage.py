"""JSON texts with mistakes in them: ours and Python's reader take the same ones, and read the same from them."""

import json
import random
import re

from tool import Failure

SEEDS = ['{"a":[1,2.5,-0,1e5,true,false,null,"x\\u00e9\\n"],"b":{}}', '[[],{},"",0]', '"\\ud83d\\ude00"',
         '[1.5e-3,123456789012345678901234567890]', '{"k":"v","k":2}', "[NaN,Infinity,-Infinity]", "[\n 1,\n {}\n]"]
LETTERS = '{}[]:,"\\0123456789eE+-.truefalsnN Iity\n\t\x00\x1fé😀/*u'
COUNT = 3000

# Python lets halves of surrogate pairs stand alone, which no String can hold.
HALF = "half of a surrogate pair"


def spoiled(chance):
    text = list(chance.choice(SEEDS))
    for _ in range(chance.randint(0, 4)):
        at, letter = chance.randint(0, len(text)), chance.choice(LETTERS)
        text[at:at + chance.randint(0, 1)] = chance.choice(["", letter, letter])
    return "".join(text)[:chance.choice([5, 20, 200])]


def read(text):
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return None


def test_mistakes_are_found_where_python_finds_them(t):
    chance = random.Random(5)
    texts = [spoiled(chance) for _ in range(COUNT)]
    t.write("texts.json", json.dumps(texts))
    result = t.expect(t.run("run", t.write("garbage.tb", '''
for text in json.load("texts.json")
    try
        println(stringify(json.parse(text)))
    catch e: ValueError
        println("! " + replace(e.message, "\\n", " "))
''')))
    answers = result.out.split("\n")[:-1]
    t.check(len(answers) == COUNT, f"{len(answers)} answers to {COUNT} texts")
    for text, answer in zip(texts, answers):
        wanted = read(text)
        if wanted is None:
            fits = re.match(r"! JSON, line \d+, column \d+: ", answer)
        else:
            fits = answer == wanted or HALF in answer
        if not fits:
            raise Failure(f"{text!r}: expected {wanted or 'an error with its place'}, got {answer}")
