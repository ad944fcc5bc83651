#!/usr/bin/env python3
"""Send random keys, escape sequences of no key, and pasted text to latent, and time every response.

    Benchmarks/key_fuzz.py [--inputs 100000] [--seed 1] [--binary .build/release/latent]

Each of the five screens gets an equal share, with and without training, in terminals of four sizes. The program has
responded once it has read all input, drawn, and waits for more. Fails when the program crashes, or when a sequence or
pasted text changes an idle screen; one in five of them is checked. Prints one JSON object with times in milliseconds and
the slowest responses. The same seed sends the same input. Needs Linux, and only the standard library.
"""

import argparse
import array
import fcntl
import json
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import string
import struct
import sys
import tempfile
import termios
import time

import key_latency

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = [(80, 24), (40, 10), (120, 40), (200, 60)]
# Inputs to one process before it is restarted.
LIFE = 250
POLL = {"7", "271"}
KEYS = (
    [c.encode() for c in string.printable if c.isprintable() and c not in "qd"] * 3
    + [b"q", b"d", b"\x1b", b"\r", b"\t", b"\x7f", b"\x0c", b"\x03", "é".encode(), "한".encode()]
    + [b"\x1b" + form + c for form in (b"[", b"O") for c in (b"A", b"B", b"C", b"D", b"H", b"F")] * 3
    + [b"\x1b[1;2" + c for c in (b"A", b"B", b"C", b"D")] + [b"\x1b[%d~" % n for n in (2, 3, 5, 6)] + [b"\x1b[Z"]
    + [b"\x1bO" + c for c in (b"P", b"Q", b"R", b"S")] + [b"\x1b[15~"]
)


def sequence(source):
    """A well-formed escape sequence of no key."""
    def text(letters, least, most):
        return "".join(source.choice(letters) for _ in range(source.randint(least, most)))
    middle = string.digits + ";:"
    return source.choice([
        lambda: "\x1b[" + text("<=>?", 1, 1) + text(middle, 0, 12) + source.choice("hlcnqutR"),
        lambda: "\x1b[" + text(string.digits, 1, 6) + ";" + text(string.digits, 1, 3) + source.choice("uRtnxyw"),
        lambda: "\x1b[1;" + source.choice("345678") + source.choice("ABCDEFGHPQRS"),
        lambda: "\x1b[" + source.choice("IO"),
        lambda: "\x1bO" + source.choice("35678") + source.choice("ABCD"),
        lambda: "\x1b" + source.choice("]P_^X") + text(string.ascii_letters + middle + " ,=?/", 0, 200) + "\x1b\\",
        lambda: "\x1b" + source.choice(string.ascii_lowercase.replace("o", "")),
    ])().encode()


def mouse(source):
    kind = source.choice([0, 0, 2, 32, 64, 65])
    column, row = source.randint(1, 220), source.randint(1, 64)
    return b"\x1b[<%d;%d;%d%s" % (kind, column, row, source.choice([b"M", b"m"]))


def pasted(source):
    text = "".join(source.choice(string.printable) for _ in range(source.randint(1, 2000)))
    return b"\x1b[200~" + text.encode() + b"\x1b[201~"


def draw_input(source, training):
    """What to send, and whether the screen may change with it. Only keys that do not train where none is meant to."""
    kind = source.random()
    if kind < 0.70:
        return source.choice([k for k in KEYS if training or k != b"t"]), True
    if kind < 0.90:
        return sequence(source), False
    return (mouse(source), True) if kind < 0.95 else (pasted(source), False)


class Program:
    """latent in a pseudo-terminal whose queue of input can be looked at."""

    def __init__(self, binary, arguments, size):
        key_latency.COLUMNS, key_latency.ROWS = size
        self.screen = key_latency.Screen()
        self.folder = tempfile.mkdtemp()
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder, "LANG": "C.UTF-8",
            "TERM": "xterm-256color", "LATENT_PROJECT": str(ROOT),
        }
        self.terminal, self.inside = pty.openpty()
        fcntl.ioctl(self.inside, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.pid = os.fork()
        if self.pid == 0:
            os.chdir(self.folder)
            key_latency.login_tty(self.inside)
            os.closerange(3, 64)
            os.execve(binary, [binary] + arguments, environment)
        self.status = None

    def has_ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def waits(self):
        """Whether everything sent was read, and the program waits for more."""
        left = array.array("i", [0])
        fcntl.ioctl(self.inside, termios.FIONREAD, left)
        if left[0]:
            return False
        try:
            return pathlib.Path(f"/proc/{self.pid}/syscall").read_text().split()[0] in POLL
        except (OSError, IndexError):
            return False

    def answer(self, keys, limit=20):
        """Send keys; the seconds until the program waits again, None when it ended."""
        began = time.perf_counter()
        os.write(self.terminal, keys)
        output, waiting = b"", False
        while time.perf_counter() - began < limit:
            if select.select([self.terminal], [], [], 0.0002)[0]:
                output += os.read(self.terminal, 65536)
                continue
            if self.has_ended():
                return None
            # Twice, since it also waits while it reads what belongs to a key.
            if self.waits():
                if waiting:
                    took = time.perf_counter() - began
                    self.screen.feed(output)
                    return took
                waiting = True
        sys.exit(f"no answer to {keys!r} in {limit} s:\n{self.screen.text()}")

    def settle(self, until, limit=60):
        """Wait until something is on the screen."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if select.select([self.terminal], [], [], 0.05)[0]:
                self.screen.feed(os.read(self.terminal, 65536))
            if until(self.screen):
                return
            if self.has_ended():
                break
        sys.exit(f"status {self.status}; not on the screen:\n{self.screen.text()}")

    def still(self, tries=1):
        """The screen, drawn anew; None when it changes by itself."""
        self.answer(b"\x0c")
        for _ in range(tries):
            before = self.screen.text()
            self.drain(0.05)
            after = self.screen.text()
            if before == after:
                return after
        return None

    def drain(self, seconds):
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                self.screen.feed(os.read(self.terminal, 65536))

    def end(self):
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)
        os.close(self.inside)
        shutil.rmtree(self.folder, ignore_errors=True)


def stands(text):
    """What input that is not obeyed leaves as it was: not the message that says so."""
    return text.split("\n")[:-4]


def may_train(text):
    """Whether a run may be under way, which changes the screen."""
    return key_latency.re.search("starting|training|stopping|pausing|epoch|pause", text)


def differs(program, before, step):
    """Whether a screen on which nothing trains is not what it was."""
    after = not may_train(before) and program.still(5)
    return after and key_latency.step(program.screen) == step and stands(before) != stands(after)


def life(options, source, screen, training, inputs, times):
    """One program, from its start to its end."""
    size = source.choice(SIZES)
    arguments = (["train", "--epochs", "100000"] if training else []) + ["--data", "mnist-5k"]
    program = Program(options.binary, arguments, size)
    program.settle(lambda s: key_latency.step(s) > 0)
    program.drain(0.3)
    sent = 0
    while sent < inputs and not program.has_ended():
        if sent % 50 == 0:
            program.answer(b"\x1b")
            program.drain(0.05)
            if program.answer(screen.encode()) is None:
                break
        keys, may_change = draw_input(source, training)
        before = None
        if not may_change and not training and source.random() < 0.2:
            before, step = program.still(), key_latency.step(program.screen)
        took = program.answer(keys)
        sent += 1
        if took is None:
            break
        times.append((took, keys, screen, training, size))
        # What was computed meanwhile may arrive once: then it does not change when the same comes again.
        if before and differs(program, before, step):
            before = program.still(5)
            program.answer(keys)
            if before and differs(program, before, step):
                sys.exit(f"{keys!r} changed the screen from\n{before}\n\nto\n{program.screen.text()}")
    if program.has_ended() and program.status not in (0, 130):  # 130 after Ctrl-C
        sys.exit(f"status {program.status} after {times[-3:]!r}:\n{program.screen.text()}")
    program.end()
    return sent


def slowest(times, count):
    return [[round(1000 * t[0], 1), repr(t[1])[:60], *t[2:]] for t in sorted(times, key=lambda t: -t[0])[:count]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    options = parser.parse_args()
    source = random.Random(options.seed)
    report = {}
    everything = []
    for screen in "12345":
        for training in (False, True):
            times, sent = [], 0
            while sent < options.inputs // 10:
                sent += life(options, source, screen, training, min(LIFE, options.inputs // 10 - sent), times)
            name = "screen " + screen + (" training" if training else "")
            report[name] = key_latency.summary([t[0] for t in times])
            print(name, report[name], slowest(times, 3), file=sys.stderr, flush=True)
            everything += times
    report["all"] = key_latency.summary([t[0] for t in everything])
    report["over_100_ms"] = sum(t[0] > 0.1 for t in everything)
    report["slowest"] = slowest(everything, 10)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
