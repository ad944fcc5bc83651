"""Presets: a network and its training as `latent` knows them. There is no table of them here: `latent` is asked."""

import json
import os
import pathlib
import shutil
import subprocess

from .errors import LatentError

# What a training's configuration must say; `gradientClip` may be left out.
NEEDED = {
    "epochs": int, "batchSize": int, "learningRate": (int, float), "schedule": str, "beta": (int, float),
    "klWarmUp": (int, float), "binarization": str, "initialization": str, "optimizer": dict, "objective": dict,
    "seed": int,
}


def load(name=None, file=None, program=None):
    """The preset called `name`, asked of the program `latent`; or that in a file made by `latent preset NAME --json`.

    The program is `program`, $LATENT_PROGRAM, or `latent` on the PATH. Gives a dictionary with `name`, `model` and
    `training`.
    """
    return _read(file) if file else _ask(name, program)


def _ask(name, program):
    program = program or os.environ.get("LATENT_PROGRAM") or shutil.which("latent")
    remedy = "name it with --latent or $LATENT_PROGRAM, or give --preset-file"
    if not program:
        raise LatentError("cannot be looked up", f"preset {name}", "the program latent", "none on the PATH", remedy)
    try:
        done = subprocess.run([program, "preset", name, "--json"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LatentError("cannot be run", program, "the program latent", error, remedy) from None
    if done.returncode != 0:
        raise LatentError("has no such preset", program, found=" ".join(done.stderr.split()))
    return _parse(done.stdout, program)


def _read(file):
    try:
        return _parse(pathlib.Path(file).read_text(), file)
    except (OSError, UnicodeDecodeError) as error:
        raise LatentError("cannot be read", file, found=error) from None


def _parse(text, place):
    expected = "what 'latent preset NAME --json' prints"
    try:
        preset = json.loads(text)
    except ValueError as error:
        raise LatentError("not a preset", place, expected, error) from None
    if not isinstance(preset, dict) or not all(isinstance(preset.get(key), dict) for key in ("model", "training")):
        raise LatentError("not a preset", place, expected)
    return {"name": str(preset.get("name", "pytorch")), "model": preset["model"], "training": preset["training"]}


def check(training):
    """Refuses a training's configuration that lacks something or has another kind of value for it."""
    for key, kinds in NEEDED.items():
        if not isinstance(training.get(key), kinds) or isinstance(training[key], bool):
            raise LatentError("not a training's configuration", key, found=repr(training.get(key))[:60])
    for key in ("epochs", "batchSize"):
        if training[key] < 1:
            raise LatentError("value out of range", key, "1 or more", training[key])
    for key in ("bound", "samples", "freeBits", "reduction"):
        if key not in training["objective"]:
            raise LatentError("not a training's configuration", "objective", key)


def fit(preset, dataset):
    """The preset for the images of a data set: their size, and as many classes as they have if it is conditional."""
    height, width, channels = dataset.train.shape
    model = preset["model"] | {"image": {"height": height, "width": width, "channels": channels}}
    if model.get("classes"):
        if dataset.train.labels is None or dataset.test.labels is None:
            raise LatentError("a conditional model needs labels", dataset.source, "label files beside the images")
        model["classes"] = max(2, int(max(dataset.train.labels.max(), dataset.test.labels.max())) + 1)
    return preset | {"model": model}
