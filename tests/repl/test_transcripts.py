"""Sessions as they are typed: in the .txt files `> ` begins an entry, `. ` goes on with it, and what the prompt answers
stands below. The entries go through a pipe, each followed by a mark that tells its answer from the next one's.
UPDATE_TRANSCRIPTS=1 rewrites the answers."""

import glob
import os

from tool import Failure

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = "@@@@"


def read_transcript(path):
    """The entries, each with the answer expected."""
    entries = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith("> ") or line == ">":
                entries.append([[line[2:]], []])
            elif (line.startswith(". ") or line == ".") and not entries[-1][1]:
                entries[-1][0].append(line[2:])
            else:
                entries[-1][1].append(line)
    return entries


def answers(t, entries):
    text = "".join("\n".join(lines) + f"\n!echo {MARK}\n" for lines, _ in entries)
    result = t.run("repl", stdin=text, stderr=-2)  # errors among the output
    parts = result.out.split(MARK + "\n")
    return [part.rstrip("\n").split("\n") if part else [] for part in parts[:len(entries)]]


def write_transcript(path, entries, found):
    with open(path, "w", encoding="utf-8") as file:
        for (lines, _), answer in zip(entries, found):
            for number, line in enumerate(lines):
                file.write(("." if number else ">") + (" " + line if line else "") + "\n")
            file.write("".join(line + "\n" for line in answer))


def check(t, path):
    entries = read_transcript(path)
    found = answers(t, entries)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        write_transcript(path, entries, found)
        return
    for (lines, wanted), got in zip(entries, found + [["nothing: the session ended"]] * len(entries)):
        if wanted != got:
            raise Failure(f"{os.path.basename(path)}: after\n" + "\n".join(lines) + "\nexpected\n" + "\n".join(wanted)
                          + "\ngot\n" + "\n".join(got))


def test_transcripts(t):
    for path in sorted(glob.glob(os.path.join(HERE, "*.txt"))):
        check(t, path)
