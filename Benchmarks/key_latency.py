#!/usr/bin/env python3
"""Measure how long latent takes to start, and to respond to a key, in a pseudo-terminal.

    Benchmarks/key_latency.py [--keys 300] [--runs 10] [--binary .build/release/latent] [-- ARGUMENTS]

Prints one JSON object, times in milliseconds:
  start        from exec to the first complete frame with digits, over --runs starts
  idle         for --keys arrow keys on the Explore screen, while the program does nothing else
  training     the same while the program trains
For a key, "first_byte" is the first output after it (which, while training, may belong to the frame before), and "shown"
is the last byte of the frame in which the cursor's coordinates have changed. Needs only the standard library.
"""

import argparse
import codecs
import fcntl
import json
import os
import pathlib
import pty
import random
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS, ROWS = 80, 24
# The end of a synchronised update is the end of a frame.
FRAME_END = b"\x1b[?2026l"
SEQUENCE = re.compile(r"\x1b(?:\[([?>]?)([0-9;]*)([@-~])|[()].|[=>78DMc]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


class Screen:
    """A terminal's characters, interpreting what ncurses sends to xterm-256color."""

    def __init__(self):
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.x = self.y = 0
        self.frames = 0
        self.pending = ""
        self.last = " "
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def line(self, y):
        return "".join(self.cells[y])

    def text(self):
        return "\n".join(self.line(y) for y in range(ROWS))

    def feed(self, data):
        text = self.pending + self.decoder.decode(data)
        self.pending = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = SEQUENCE.match(text, at)
                if not match:
                    self.pending = text[at:]
                    return
                if match[3]:
                    self.control(match[1], match[2], match[3])
                at = match.end()
            else:
                self.put(text[at])
                at += 1

    def put(self, character):
        if character == "\r":
            self.x = 0
        elif character == "\n":
            self.y = min(ROWS - 1, self.y + 1)
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character >= " ":
            if self.x == COLUMNS:
                self.x, self.y = 0, min(ROWS - 1, self.y + 1)
            self.cells[self.y][self.x] = self.last = character
            self.x += 1

    def control(self, private, parameters, final):
        if private:
            self.frames += private == "?" and parameters == "2026" and final == "l"
            return
        numbers = [int(n or 0) for n in parameters.split(";")]
        n = max(1, numbers[0])
        column = min(self.x, COLUMNS - 1)
        if final in "Hf":
            self.y, self.x = n - 1, max(1, numbers[1] if len(numbers) > 1 else 1) - 1
        elif final in "ABCDGd":
            self.x, self.y = {
                "A": (column, self.y - n), "B": (column, self.y + n), "C": (column + n, self.y),
                "D": (column - n, self.y), "G": (n - 1, self.y), "d": (column, n - 1),
            }[final]
        elif final == "b":
            for _ in range(n):
                self.put(self.last)
        elif final == "X":
            self.cells[self.y][column:column + n] = [" "] * min(n, COLUMNS - column)
        elif final == "K":
            start, end = {0: (column, COLUMNS), 1: (0, column + 1), 2: (0, COLUMNS)}[numbers[0]]
            self.cells[self.y][start:end] = [" "] * (end - start)
        elif final == "J":
            start = (self.y, column) if numbers[0] == 0 else (0, 0)
            for y in range(start[0], ROWS):
                first = start[1] if y == start[0] else 0
                self.cells[y][first:] = [" "] * (COLUMNS - first)
        self.x, self.y = max(0, min(COLUMNS, self.x)), max(0, min(ROWS - 1, self.y))


class Program:
    """latent in a pseudo-terminal of its own."""

    def __init__(self, binary, arguments, columns=COLUMNS, rows=ROWS):
        self.folder = tempfile.TemporaryDirectory()
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder.name, "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "LATENT_PROJECT": str(ROOT),
        }
        # COLORTERM=truecolor measures what such a terminal is sent.
        environment.update({name: os.environ[name] for name in ["COLORTERM"] if name in os.environ})
        self.screen = Screen()
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            os.chdir(self.folder.name)
            os.login_tty(slave) if hasattr(os, "login_tty") else login_tty(slave)
            os.execve(binary, [binary] + arguments, environment)
        os.close(slave)
        self.terminal = master

    def read(self, until, seconds=60):
        """Take output until a condition holds; return when its first and last bytes came."""
        limit = time.perf_counter() + seconds
        first, pending = None, b""
        while time.perf_counter() < limit:
            if not select.select([self.terminal], [], [], 0.1)[0]:
                continue
            pending += os.read(self.terminal, 65536)
            now = time.perf_counter()
            first = first or now
            # Interpreting takes this script longer than a terminal: it is done between frames.
            if not pending.endswith(FRAME_END):
                continue
            before = self.screen.frames
            self.screen.feed(pending)
            pending = b""
            if self.screen.frames > before and until(self.screen):
                return first, now
        sys.exit("the screen does not show what is waited for:\n" + self.screen.text())

    def drain(self, seconds):
        """Take output for a while."""
        limit = time.perf_counter() + seconds
        while (left := limit - time.perf_counter()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                self.screen.feed(os.read(self.terminal, 65536))

    def send(self, keys):
        os.write(self.terminal, keys)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        self.folder.cleanup()


def login_tty(slave):
    """As os.login_tty, which came with Python 3.11."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(slave, descriptor)


def coordinates(screen):
    return re.findall(r"z[12]  ([+-][0-9.]+)", screen.text())


def has_digits(screen):
    return len(coordinates(screen)) == 2 and any(c in screen.text() for c in "▀▄▌▐▖▗▘▝")


def step(screen):
    found = re.search(r"step ([0-9]+)", screen.line(0))
    return int(found[1]) if found else -1


def summary(seconds):
    times = sorted(1000 * s for s in seconds)
    def at(share):
        return round(times[min(len(times) - 1, int(share * len(times)))], 2)
    return {"min": at(0), "median": at(0.5), "p99": at(0.99), "max": round(times[-1], 2), "count": len(times)}


def measure_keys(program, count, source):
    first_bytes, shown = [], []
    for n in range(count):
        # Not in step with anything the program does by itself.
        program.drain(source.uniform(0.03, 0.13))
        before = coordinates(program.screen)
        sent = time.perf_counter()
        program.send(b"\x1bOC" if n % 2 == 0 else b"\x1bOD")
        first, last = program.read(lambda s: coordinates(s) not in (before, []))
        first_bytes.append(first - sent)
        shown.append(last - sent)
    return {"first_byte": summary(first_bytes), "shown": summary(shown)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    parser.add_argument("arguments", nargs="*", default=["--data", "mnist-5k"])
    options = parser.parse_args()
    source = random.Random(1)
    starts = []
    for _ in range(options.runs):
        program = Program(options.binary, options.arguments)
        starts.append(program.read(has_digits)[1] - program.started)
        program.end()
    program = Program(options.binary, options.arguments)
    program.read(has_digits)
    program.drain(1)
    report = {"load_average": os.getloadavg()[0], "cores": os.cpu_count(), "start": summary(starts)}
    report["idle"] = measure_keys(program, options.keys, source)
    program.end()
    # A run that outlasts the measurement.
    program = Program(options.binary, ["train", "--epochs", "100000"] + options.arguments)
    program.read(lambda s: "training" in s.text() and step(s) > 0)
    program.send(b"2")
    program.read(has_digits)
    begin, began = step(program.screen), time.perf_counter()
    report["training"] = measure_keys(program, options.keys, source)
    report["training"]["steps_per_second"] = round((step(program.screen) - begin) / (time.perf_counter() - began), 1)
    program.end()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
