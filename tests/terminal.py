"""A pseudo-terminal with the prompt in it: sends keys, waits for text, and keeps the screen as a terminal would show it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from tool import Failure, environment

SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])")
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"


class Screen:
    """Understands what the editor uses: printing, CR, LF, cursor up and right, clearing, colours."""

    def __init__(self, width=80):
        self.width = width
        self.rows = [""]
        self.row = self.column = 0

    def put(self, character):
        if self.column == self.width:
            self.newline()
            self.column = 0
        line = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def newline(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    def sequence(self, numbers, letter):
        count = int(numbers) if numbers.isdigit() else 1
        if letter == "A":
            self.row = max(0, self.row - count)
        elif letter == "C":
            self.column = min(self.width - 1, self.column + count)
        elif letter == "H":
            self.row = self.column = 0
        elif letter == "J" and numbers == "2":
            self.rows = [""]
            self.row = 0
        elif letter == "J":
            self.rows[self.row] = self.rows[self.row][:self.column]
            del self.rows[self.row + 1:]

    def feed(self, text):
        at = 0
        while at < len(text):
            match = SEQUENCE.match(text, at)
            if match:
                self.sequence(match[1], match[2])
                at = match.end()
                continue
            character = text[at]
            if character == "\r":
                self.column = 0
            elif character == "\n":
                self.newline()
            elif character >= " ":
                self.put(character)
            at += 1

    def text(self):
        return "\n".join(row.rstrip() for row in self.rows)


class Terminal:
    def __init__(self, tool, width=80, env=None, color=False):
        self.master, slave = pty.openpty()
        self.screen = Screen(width)
        self.resize(width, slave)
        extra = {"TERM": "xterm-256color", "HOME": tool.folder, "XDG_STATE_HOME": os.path.join(tool.folder, "state"),
                 **(env or {})}
        surroundings = environment(extra)
        if color:
            surroundings.pop("NO_COLOR")
        self.process = subprocess.Popen([tool.path], stdin=slave, stdout=slave, stderr=slave, cwd=tool.folder,
                                        env=surroundings, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.patience = 20 * tool.patience
        self.raw = ""
        self.prompt()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def resize(self, width, file=None):
        fcntl.ioctl(file or self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        self.screen.width = width

    def read_some(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other side is closed
            return False
        text = data.decode("utf-8", "replace")
        self.raw += text
        self.screen.feed(text)
        return bool(data)

    def settle(self, seconds=0.15):
        """Waits until nothing comes any more; returns the screen."""
        while self.read_some(seconds):
            pass
        return self.screen.text()

    def wait(self, condition, what):
        end = time.monotonic() + self.patience
        while not condition():
            if not self.read_some(0.1) and (time.monotonic() > end or self.process.poll() is not None):
                raise Failure(f"{what} did not come; the screen:\n{self.screen.text()}")
        return self.screen.text()

    def wait_for(self, text):
        return self.wait(lambda: text in self.screen.text(), repr(text))

    def prompt(self):
        """Waits for the next empty prompt."""
        return self.wait(lambda: self.screen.text().rstrip().endswith("tombo>"), "the prompt")

    def send(self, keys):
        os.write(self.master, keys.encode())

    def enter(self, entry):
        """Types an entry and waits until it has run; returns what the screen shows below its prompt."""
        self.settle(0.02)
        before = self.screen.row
        self.send(entry + "\r")
        self.wait(lambda: self.screen.row > before, "an answer")
        self.prompt()
        return self.screen.text()

    def interrupt(self):
        os.write(self.master, b"\x03")

    def leave(self):
        """Ends the session by Ctrl-D and returns its status."""
        self.send("\x04")
        deadline = time.monotonic() + self.patience
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read_some(0.05)
        return self.process.wait(timeout=1)
