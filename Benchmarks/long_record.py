#!/usr/bin/env python3
"""Measure how long `latent watch` takes to show a record of very many lines, and what it costs.

    Benchmarks/long_record.py [--lines 1000000] [--runs 3] [--binary .build/release/latent]

Writes a run folder whose metrics.jsonl has --lines lines about steps, follows it --runs times in a pseudo-terminal, and
prints one JSON object with medians:
  first_curves_s   from exec to the first frame with values in the legend
  whole_s          from exec to the first frame that says that all has been read
  peak_rss_mb      the program's largest resident memory
  key_ms           the slowest of the keys pressed while it reads: from the key to the last byte of the frame it changes
Needs only the standard library.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import tempfile
import time

from key_latency import ROOT, Program


def write_run(folder, lines):
    """A run as another process writes it: a loss that falls, and is as noisy as losses are."""
    folder.mkdir()
    with open(folder / "metrics.jsonl", "w") as record:
        for step in range(1, lines + 1):
            kl = 8 - 80 / (step + 10)
            reconstruction = 120 + 4000 / (step + 10) + step * 7919 % 101 / 7
            record.write(
                f'{{"beta":1,"event":"step","free_bits":0,"learning_rate":0.001,"step":{step},"time":{1.7e9 + step / 100:.2f},'
                f'"train":{{"kl":{kl:.12f},"negative_elbo":{reconstruction + kl:.12f},"reconstruction":{reconstruction:.12f}}}}}\n'
            )
    return (folder / "metrics.jsonl").stat().st_size


def memory_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6


def has_curves(screen):
    return re.search(r"negative_elbo +[0-9]", screen.text())


def follow(binary, folder):
    program = Program(binary, ["watch", str(folder)])
    screen = program.screen
    program.read(has_curves)
    first = time.perf_counter() - program.started
    slowest, toggle = 0.0, 0
    while "reading" in screen.text():
        before = screen.frames
        pressed = time.perf_counter()
        program.send(b"g" if toggle % 2 == 0 else b"m")
        toggle += 1
        program.read(lambda screen: screen.frames > before, seconds=10)
        slowest = max(slowest, time.perf_counter() - pressed)
        program.drain(0.05)
    whole = time.perf_counter() - program.started
    peak = memory_mb(program.pid)
    program.end()
    return first, whole, peak, slowest * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "run"
        size = write_run(folder, options.lines)
        runs = [follow(options.binary, folder) for _ in range(options.runs)]
    names = ["first_curves_s", "whole_s", "peak_rss_mb", "key_ms"]
    figures = {name: round(statistics.median(run[i] for run in runs), 3) for i, name in enumerate(names)}
    print(json.dumps({"lines": options.lines, "mb": round(size / 1e6, 1), **figures, "load_average": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
