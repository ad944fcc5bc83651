"""Trains a preset of `latent`, alone or with DistributedDataParallel, into a run folder that `latent` reads.

    python -m latent_torch.train --preset pytorch --data D --out runs/NAME
    python -m torch.distributed.run --nproc-per-node 2 -m latent_torch.train --preset pytorch --data D --out runs/NAME
"""

import argparse
import os
import platform
import sys

import torch

from . import __version__, data, preset
from .errors import LatentError
from .processes import Processes, Signals
from .run import configuration
from .training import Training


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m latent_torch.train", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains a preset of latent into a run folder. A run that was ended is continued by the same\n"
        "command, or by --out alone.")
    add = parser.add_argument
    add("--preset", help="its name, which the program latent is asked for (default: pytorch)")
    add("--preset-file", metavar="FILE", help="what 'latent preset NAME --json' printed, for machines without latent")
    add("--latent", metavar="PROGRAM", help="the program latent (default: $LATENT_PROGRAM, or latent on the PATH)")
    add("--data", metavar="FOLDER", help="IDX files, raw or gzipped (default: $LATENT_DATA, or the project's mnist-5k)")
    add("--out", metavar="FOLDER", help="the run's folder (default: runs/<time>-<preset>); needed under torchrun")
    add("--epochs", type=int, help="passes over the training images")
    add("--seed", type=int, help="seed of every random draw")
    add("--device", choices=["cpu", "cuda"], help="(default: GPUs where there are any)")
    add("--tensorboard", action="store_true", help="write TensorBoard's event files too")
    add("--checkpoint-every", type=float, default=60, metavar="SECONDS", help="(default: 60)")
    add("--snapshots", type=int, default=64, help="models kept at steps of the run, at most (default: 64)")
    return parser.parse_args()


def main():
    options, signals = arguments(), Signals()
    torch.set_flush_denormal(True)
    try:
        processes = Processes(options.device)
        dataset, config = prepare(options, processes)
        training = Training(options, config, dataset, processes, signals)
        ended = training.run()
    except LatentError as error:
        # The first process says it for all; of the others, only what is its own problem.
        sys.exit(f"latent_torch: {error}" if os.environ.get("RANK", "0") == "0" else 1)
    processes.end()
    # torchrun takes any status but 0 for a failure, and would start the run again.
    is_plain = "TORCHELASTIC_RUN_ID" not in os.environ
    sys.exit(128 + signals.received if is_plain and not ended and signals.received else 0)


def prepare(options, processes):
    """The data set, and config.json as the first process has it."""
    old = processes.from_first(lambda: configuration(options.out) if options.out else None)
    source = options.data or (old or {}).get("data", {}).get("source")
    dataset = data.load(source if options.data or source and os.path.isdir(source) else None)
    config = processes.from_first(lambda: _configuration(options, old, dataset, processes))
    _require_same(config["data"], dataset)
    return dataset, config


def _configuration(options, old, dataset, processes):
    if not options.out and "TORCHELASTIC_RUN_ID" in os.environ:
        raise LatentError("needs a folder that is the same after a restart", "--out", "--out runs/NAME")
    if old:
        _require_same(old.get("data") or {}, dataset)
    if old and not (options.preset or options.preset_file):
        chosen = {"name": old["preset"], "model": old["model"], "training": old["training"]}
    else:
        chosen = preset.fit(preset.load(options.preset or "pytorch", options.preset_file, options.latent), dataset)
    given = {"epochs": options.epochs, "seed": options.seed}
    chosen["training"] = chosen["training"] | {key: value for key, value in given.items() if value is not None}
    preset.check(chosen["training"])
    config = {
        "preset": chosen["name"], "dataset": dataset.name, "model": chosen["model"], "training": chosen["training"],
        "data": old["data"] if old else dataset.identity(), "version": f"latent_torch {__version__}",
        "trainer": {"name": "pytorch", "torch": str(torch.__version__), "processes": processes.world,
                    "device": processes.device.type, "processor": platform.processor() or platform.machine()},
    }
    for key in ("preset", "model", "training"):
        if old and old[key] != config[key]:
            raise LatentError(
                f"a run with another '{key}' is in this folder", options.out,
                remedy="leave out --preset, --epochs and --seed to continue it, or choose another folder")
    return config


def _require_same(data, dataset):
    """Refuses other images than those of the run, wherever they are."""
    here = dataset.identity()
    if any(data.get(key) != here[key] for key in ("train", "test", "shape", "hash")):
        raise LatentError(
            "other images than those of the run", dataset.source, f"{data.get('hash')} as in {data.get('source')}",
            here["hash"], "name their folder with --data")


if __name__ == "__main__":
    main()
