#!/usr/bin/env python3
"""Measure the cost of a training step and of decoding against their sizes; print tables and draw a picture.

    Benchmarks/scaling.py --data MNIST [--rounds 3] [--picture docs/scaling.svg]

Changes one setting of the preset `pytorch` at a time: batch size, hidden width, dimensions of z, images, threads. Also
decodes grids of points. Takes the best epoch of all rounds: the cost of the code on idle cores. Needs only the standard
library.
"""

import argparse
import pathlib
import sys
import tempfile

from beside_peers import json_lines

ROOT = pathlib.Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="a folder with the full MNIST")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="for the runs that do not vary the threads")
    parser.add_argument("--picture", help="an SVG file to draw")
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    return parser.parse_args()


def train(given, data, threads, options):
    """Microseconds per image (best epoch of two), and peak MB."""
    with tempfile.TemporaryDirectory() as folder:
        lines = json_lines([
            given.binary, "train", "--headless", "--json", "--preset", "pytorch", "--epochs", "2", "--data", data,
            "--threads", str(threads), "--out", f"{folder}/run", *options,
        ])
    return min(1e6 / x["images_per_second"] for x in lines if x["event"] == "epoch"), lines[-1]["peak_rss_mb"]


def cases(given):
    """(what is changed, its value, data, threads, options)."""
    full, few = given.data, "mnist-5k"
    for n in (8, 32, 128, 512):
        yield "batch size", n, full, given.threads, ["--batch-size", str(n)]
    for n in (100, 200, 400, 800, 1600):
        yield "hidden width", n, full, given.threads, ["--hidden", str(n)]
    for n in (2, 20, 200):
        yield "dimensions of z", n, full, given.threads, ["--latent", str(n)]
    for n, data in ((4000, few), (60000, full)):
        yield "images", n, data, given.threads, []
    for n in (1, 2):
        yield "threads", n, full, n, []


def measure(given):
    costs = {}
    for number in range(1, given.rounds + 1):
        for name, value, data, threads, options in cases(given):
            cost, peak = train(given, data, threads, options)
            best = costs.get((name, value), (cost, peak))
            costs[name, value] = (min(best[0], cost), max(best[1], peak))
        report = json_lines([
            given.binary, "benchmark", "--epochs", "1", "--threads", str(given.threads), "--data", given.data, "--json",
        ])[-1]
        for entry in report["decode"]:
            key = ("points decoded", entry["points"])
            best = costs.get(key, (entry["us"] / entry["points"], 0))
            costs[key] = (min(best[0], entry["us"] / entry["points"]), 0)
        print(f"round {number} done", file=sys.stderr)
    return costs


def tables(costs):
    names = list(dict.fromkeys(name for name, _ in costs))
    for name in names:
        rows = sorted((value, cost) for (n, value), cost in costs.items() if n == name)
        trained = name != "points decoded"
        print(f"| {name} | {' | '.join(str(value) for value, _ in rows)} |")
        print("|---" * (len(rows) + 1) + "|")
        print(f"| µs {'an image' if trained else 'a point'} | {' | '.join(f'{cost[0]:.1f}' for _, cost in rows)} |")
        if trained:
            print(f"| peak MB | {' | '.join(f'{cost[1]:.0f}' for _, cost in rows)} |")
        print()


def picture(costs, path):
    """A panel for each thing changed, its values from left to right, microseconds upwards from zero."""
    names = list(dict.fromkeys(name for name, _ in costs))
    width, height, left, bottom = 300, 200, 46, 34
    columns = 3
    rows = (len(names) + columns - 1) // columns
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" height="{rows * height}" '
        f'font-family="sans-serif" font-size="11" fill="#444">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for i, name in enumerate(names):
        points = sorted((value, cost[0]) for (n, value), cost in costs.items() if n == name)
        x0, y0 = i % columns * width + left, i // columns * height + height - bottom
        w, h, top = width - left - 20, height - bottom - 30, max(cost for _, cost in points) * 1.1
        unit = "a point" if name == "points decoded" else "an image"
        parts.append(f'<text x="{x0}" y="{y0 - h - 12}" font-weight="bold">{name}: µs {unit}</text>')
        parts.append(f'<path d="M{x0} {y0 - h}V{y0}H{x0 + w}" fill="none" stroke="#999"/>')
        at = lambda k, cost: (x0 + w * (k + 0.5) / len(points), y0 - h * cost / top)
        line = " ".join("%.1f,%.1f" % at(k, cost) for k, (_, cost) in enumerate(points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="#1f77b4" stroke-width="2"/>')
        for k, (value, cost) in enumerate(points):
            x, y = at(k, cost)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f77b4"/>')
            parts.append(f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{cost:.1f}</text>')
            parts.append(f'<text x="{x:.1f}" y="{y0 + 16}" text-anchor="middle">{value}</text>')
    pathlib.Path(path).write_text("\n".join(parts + ["</svg>", ""]))


def main():
    given = arguments()
    costs = measure(given)
    tables(costs)
    if given.picture:
        picture(costs, given.picture)


if __name__ == "__main__":
    main()
