"""Makes a small run and a model with latent_torch. See script/make-pytorch-fixture.

The images are given by a formula, which PyTorchTests.swift has too: pixel p of image i, which is of class i mod 3, is
((i + 3) · (p + 5)² mod 257) mod 256.
"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import latent_torch
from latent_torch import data, evaluation, preset

SIDE, TRAIN, TEST = 6, 20, 8


def images(folder):
    """20 + 8 pictures of 6 × 6 pixels as IDX files."""
    folder.mkdir()
    for names, numbers in ((data.FILES[:2], range(TRAIN)), (data.FILES[2:], range(TRAIN, TRAIN + TEST))):
        pixels = bytes((i + 3) * (p + 5) ** 2 % 257 % 256 for i in numbers for p in range(SIDE * SIDE))
        (folder / names[0]).write_bytes(struct.pack(">4I", 0x0803, len(numbers), SIDE, SIDE) + pixels)
        (folder / names[1]).write_bytes(struct.pack(">2I", 0x0801, len(numbers)) + bytes(i % 3 for i in numbers))


def run(folder):
    """Three epochs of three steps, the last of each with four images."""
    options = "--hidden 5 --latent 2 --epochs 3 --batch-size 8 --learning-rate 0.01".split()
    small = subprocess.run(
        [os.environ["LATENT_PROGRAM"], "preset", "pytorch", *options, "--json"], check=True, capture_output=True)
    (folder / "preset.json").write_bytes(small.stdout)
    launcher = "-m torch.distributed.run --standalone --nproc-per-node 2 -m latent_torch.train".split()
    options = "--preset-file preset.json --data images --out run --snapshots 4".split()
    subprocess.run([sys.executable, *launcher, *options], cwd=folder, check=True)


def convolution(folder):
    """An untrained conditional convolutional model, with its figures on the held-out images."""
    layers = {"kernel": 3, "stride": 2, "padding": "same", "activation": "elu"}
    chosen = {
        "name": "tensorflow",
        "model": {
            "image": {"height": SIDE, "width": SIDE, "channels": 1}, "latent": 2, "classes": 3,
            "likelihood": "bernoulli", "deterministic": False,
            "encoder": [{"convolution": layers | {"filters": 3}}],
            "decoder": [
                {"linear": {"units": 18, "activation": "tanh"}}, {"reshape": {"height": 3, "width": 3, "channels": 2}},
                {"transposedConvolution": layers | {"filters": 4}}],
            "output": {"transposedConvolution": {"kernel": 3, "stride": 1}},
        },
        "training": preset.load("tensorflow")["training"],
    }
    model = latent_torch.VAE(chosen["model"], "glorot", seed=4)
    test = data.load(folder / "images").test
    figures = evaluation.figures(evaluation.sums(model, test, "threshold"), model, "threshold")
    latent_torch.save(model, folder / "convolution.safetensors", chosen, dataset="images", evaluation=figures)


def main():
    target = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        images(folder / "images")
        run(folder)
        convolution(folder)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copytree(folder / "run", target / "run")
        shutil.copy(folder / "convolution.safetensors", target)


if __name__ == "__main__":
    main()
