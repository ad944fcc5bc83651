#!/usr/bin/env python3
"""Measure how many frames latent draws in a pseudo-terminal, and how many bytes each has.

    Benchmarks/frame_rate.py [--columns 200] [--rows 60] [--seconds 10] [--binary …] [-- ARGUMENTS]

Prints one JSON object:
  idle                     nothing happens, so nothing should be drawn
  walking                  an arrow key sixty times per second on Explore, like a held key
  training                 the Train screen while the model trains
  walking_while_training   both
Each has "frames_per_second" and "bytes" (per frame, median and largest). Needs only the standard library.
"""

import argparse
import json
import os
import select
import statistics
import time

from key_latency import FRAME_END, ROOT, Program


def measure(program, seconds, keys=(), rate=60):
    """Read output for some seconds while sending keys."""
    begin, sent, sizes, pending = time.perf_counter(), 0, [], b""
    while (elapsed := time.perf_counter() - begin) < seconds:
        if keys and elapsed * rate >= sent:
            program.send(keys[sent % len(keys)])
            sent += 1
        if select.select([program.terminal], [], [], 0.002)[0]:
            pending += os.read(program.terminal, 1 << 20)
            *whole, pending = pending.split(FRAME_END)
            sizes += [len(frame) + len(FRAME_END) for frame in whole]
    return {
        "frames_per_second": round(len(sizes) / seconds, 1),
        "bytes": {"median": statistics.median(sizes), "max": max(sizes)} if sizes else None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=200)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    parser.add_argument("arguments", nargs="*", default=["--data", "mnist-5k"])
    options = parser.parse_args()
    # Sixteen steps there and back; each changes every picture on the plane.
    walk = [b"\x1bOC"] * 16 + [b"\x1bOD"] * 16

    program = Program(options.binary, options.arguments, options.columns, options.rows)
    measure(program, 3)  # the first frames
    report = {"idle": measure(program, options.seconds)}
    report["walking"] = measure(program, options.seconds, walk)
    program.end()
    program = Program(
        options.binary, ["train", "--epochs", "100000"] + options.arguments, options.columns, options.rows)
    measure(program, 3)
    report["training"] = measure(program, options.seconds)
    program.send(b"2")
    measure(program, 1)
    report["walking_while_training"] = measure(program, options.seconds, walk)
    program.end()
    print(json.dumps(report))


main()
