#!/usr/bin/env python3
"""Compare an epoch of latent with one of other frameworks on the same work, in alternating runs, and print a table.

    Benchmarks/beside_peers.py --data MNIST --rounds 5 \\
        --peer 'JAX=PYTHON jax_tuned.py --epochs 3 --threads 2 --data MNIST' \\
        --peer 'PyTorch=PYTHON torch_tuned.py --mode eager --epochs 3 --threads 2 --data MNIST'

A peer is a name and a command whose last line on stdout is a JSON object with `epoch_seconds` (a list),
`peak_rss_mb` and `startup_s` (from the start of the process to its first step). If it also has `others_cpus`, epochs
during which other processes used more than 0.06 of a processor are ignored. Each round runs latent and then each peer,
so that changes in the machine's speed affect all alike. The table has the median and the best epoch of all rounds, and
the median over the rounds of the ratio of latent's median epoch to the peer's. Needs only the standard library.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="a folder with the full MNIST")
    parser.add_argument("--preset", default="pytorch")
    parser.add_argument("--epochs", type=int, default=3, help="of latent, a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/latent"))
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    given = parser.parse_args()
    for peer in given.peer:
        if "=" not in peer:
            parser.error(f"--peer: expected NAME=COMMAND, found '{peer}'")
    return given


def json_lines(command):
    """The JSON objects that a command prints, one per line; at least one."""
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        sys.exit(f"{shlex.join(command)}: {error.strerror}")
    if run.returncode != 0:
        sys.exit(f"{shlex.join(command)} ended with {run.returncode}:\n{run.stderr[-2000:]}")
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return lines or sys.exit(f"{shlex.join(command)} printed no JSON object")


def run_latent(given):
    """Seconds per epoch (including the first), peak memory and seconds to the first step of a headless run."""
    with tempfile.TemporaryDirectory() as folder:
        lines = json_lines([
            given.binary, "train", "--headless", "--json", "--preset", given.preset, "--epochs", str(given.epochs),
            "--threads", str(given.threads), "--data", given.data, "--out", f"{folder}/run",
        ])
    done = lines[-1]
    return [x["seconds"] for x in lines if x["event"] == "epoch"], done["peak_rss_mb"], done.get("first_step_seconds")


def run_peer(command):
    report = json_lines(shlex.split(command))[-1]
    seconds = report["epoch_seconds"]
    others = report.get("others_cpus", [0] * len(seconds))
    return [s for s, o in zip(seconds, others) if o <= 0.06], report.get("peak_rss_mb"), report.get("startup_s")


def main():
    given = arguments()
    runners = {"latent": lambda: run_latent(given)}
    for peer in given.peer:
        name, command = peer.split("=", 1)
        runners[name] = lambda command=command: run_peer(command)
    seconds = {name: [] for name in runners}
    memory = {name: [] for name in runners}
    startup = {name: [] for name in runners}
    for number in range(1, given.rounds + 1):
        for name, run in runners.items():
            epochs, peak, first = run()
            seconds[name].append(epochs)
            memory[name].append(peak or 0)
            startup[name].append(first or 0)
            print(f"round {number}: {name} {' '.join(f'{s:.2f}' for s in epochs)}", file=sys.stderr)

    print(
        f"| preset {given.preset}, {given.threads} threads | median s | best s | latent takes, of its time "
        "| start to first step s | peak MB |")
    print("|---|---|---|---|---|---|")
    for name in runners:
        every = [s for epochs in seconds[name] for s in epochs]
        if not every:
            print(f"| {name} | no quiet epoch | | | | |")
            continue
        ratios = [
            statistics.median(ours) / statistics.median(theirs)
            for ours, theirs in zip(seconds["latent"], seconds[name]) if ours and theirs
        ]
        ratio = f"{statistics.median(ratios):.2f}" if name != "latent" else ""
        print(
            f"| {name} | {statistics.median(every):.2f} | {min(every):.2f} | {ratio} "
            f"| {statistics.median(startup[name]):.2f} | {max(memory[name]):.0f} |")


if __name__ == "__main__":
    main()
