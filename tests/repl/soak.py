#!/usr/bin/env python3
"""A long session: 10,000 entries of all kinds and how much the process grows by them, how soon one is answered, and how
soon Ctrl-C is. Prints figures and fails beyond the limits; the limits on time count only on a quiet machine (--timed).

    tests/repl/soak.py [TOMBO] [--entries 10000] [--interrupts 100] [--timed]
"""

import argparse
import os
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What a session is made of; N is the entry's number.
KINDS = [
    "let x{m} = {n}",
    "x{m} = [x{m}, \"text {n}\"]; 1",
    "{n} * 2 + 1",
    "def f{m}(a, b = {n}) => a + b",
    "f{m}(1)",
    "[i * {n} for i in range(20)]",
    "\"{n}\".upper() + str({n})",
    "class C{m}\n    def init()\n        self.v = {n}\n    def twice() => self.v * 2\n",
    "C{m}().twice()",
    "if {n} % 2 == 0 then \"even\" else \"odd\"",
    "for i in range(5)\n    x{m} = i\n",
    "let d = {{\"n\": {n}, \"list\": [1, 2, 3]}}; d.n",
    "nonsense{n}",
    "1 / 0",
    "map([1, 2, 3], v => v * {n})",
]
MARK = "@@@@"


class Session:
    def __init__(self, tool):
        self.process = subprocess.Popen([tool, "repl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, preexec_fn=os.setpgrp)

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def ask(self, entry):
        """Runs an entry and waits for its end; returns the seconds."""
        start = time.perf_counter()
        self.send(f'{entry}\nprintln("{MARK}")\n#\n')
        while MARK.encode() not in self.process.stdout.readline():
            pass
        return time.perf_counter() - start

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def interrupt(self):
        """Stops an endless loop; returns the seconds that took."""
        self.send("while true do pass end\n#\n")
        time.sleep(0.02)
        start = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        self.ask("1")
        return time.perf_counter() - start

    def leave(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)


def percentile(times, part):
    return sorted(times)[int(len(times) * part)] * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", nargs="?", default=os.path.join(ROOT, "tombo"))
    parser.add_argument("--entries", type=int, default=10000)
    parser.add_argument("--interrupts", type=int, default=100)
    parser.add_argument("--timed", action="store_true")
    options = parser.parse_args()
    start = time.perf_counter()
    session = Session(options.tool)
    session.ask("1")
    ready = (time.perf_counter() - start) * 1e3
    for n in range(100):  # what comes once does not count
        session.ask(KINDS[n % len(KINDS)].format(n=n, m=n % 7))
    before, times = session.resident(), []
    for n in range(options.entries):
        times.append(session.ask(KINDS[n % len(KINDS)].format(n=n, m=n % 50)))
    # Each question is two entries: the second one prints the mark.
    growth = (session.resident() - before) / (2 * options.entries)
    stops = [session.interrupt() for _ in range(options.interrupts)]
    session.leave()
    print(f"first answer after {ready:.1f} ms; an entry and its mark: median {percentile(times, 0.5):.2f} ms, "
          f"95 % within {percentile(times, 0.95):.2f} ms")
    print(f"{growth:.0f} bytes an entry")
    print(f"Ctrl-C: median {percentile(stops, 0.5):.1f} ms, slowest {max(stops) * 1e3:.1f} ms of {len(stops)}")
    failed = growth > 2048
    if options.timed:
        failed = failed or percentile(times, 0.95) > 6 or max(stops) > 0.1
    print("0 failed" if not failed else "beyond the limits")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
