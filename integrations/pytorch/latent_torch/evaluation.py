"""A model's figures on the held-out images, under `latent`'s protocol: its pixels, its noise, its figures.

    python -m latent_torch.evaluation MODEL [--data FOLDER]

prints a line of JSON with the figures that `latent evaluate MODEL --json` gives.
"""

import argparse
import json
import sys

import torch

from . import data, draws, files
from .errors import LatentError
from .losses import terms

# The variance of a dimension's mean above which it is active (Burda, Grosse, Salakhutdinov 2015).
ACTIVE_THRESHOLD = 0.01


@torch.no_grad()
def sums(model, images, binarization, seed=1, rank=0, world=1, device="cpu", batch=500):
    """Sums over a process's share of the images, every `world`-th from `rank` on: none is counted twice.

    A tensor of doubles that may be added over all processes, (3 + 3 · latent,): images, reconstruction, KL, then for
    each dimension its KL, its mean and its squared mean.
    """
    total = torch.zeros(3 + 3 * model.latent, dtype=torch.float64)
    for part in torch.arange(rank, len(images), world).split(batch):
        x = images.inputs(part, binarization, seed, device)
        zeros = torch.zeros(len(part), dtype=torch.int64)
        noise = draws.normals(seed, draws.EVALUATION_NOISE, part, zeros, model.latent, device)[:, None]
        outputs, mean, log_variance, _ = model(x, images.classes(part, device) if model.classes else None, noise)
        losses = terms(model, x, outputs, mean, log_variance)
        kl, mean = losses.kl.double().cpu(), mean.double().cpu()
        total += torch.cat([
            torch.tensor([len(part), losses.reconstruction.double().sum().cpu(), kl.sum()], dtype=torch.float64),
            kl.sum(0), mean.sum(0), (mean**2).sum(0)])
    return total


def figures(total, model, binarization):
    """The figures in a model file's record, from the sums over all images. Losses in nats per image."""
    count = total[0].item()
    reconstruction, kl = (total[1:3] / count).tolist()
    per_dimension, means, squares = (total[3:] / count).chunk(3)
    result = {
        "binarization": binarization, "images": int(count), "terms": loss_terms(reconstruction, kl),
        "klPerDimension": per_dimension.tolist(), "meanVariance": (squares - means**2).clamp(min=0).tolist(),
        "codeMean": means.tolist(),
    }
    return result | ({"isDeterministic": True} if model.is_deterministic else {})


def loss_terms(reconstruction, kl):
    """A group of losses as all our files have it."""
    return {"negative_elbo": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}


def active_units(figures):
    """The number of dimensions that carry something."""
    return sum(variance > ACTIVE_THRESHOLD for variance in figures["meanVariance"])


def main():
    parser = argparse.ArgumentParser(
        prog="python -m latent_torch.evaluation", description="Figures on the held-out images.")
    parser.add_argument("model", help="a model file or a run folder")
    parser.add_argument("--data", help="a folder of IDX files")
    parser.add_argument("--seed", type=int, default=1, help="of the noise")
    arguments = parser.parse_args()
    try:
        model, dataset = files.load(arguments.model), data.load(arguments.data)
        if dataset.test.pixels.shape[1] != model.pixels:
            raise LatentError(
                "images of another size than the model's", dataset.source, model.image, dataset.test.shape)
        binarization = model.record["training"]["binarization"] if model.record else "grey"
        result = figures(sums(model, dataset.test, binarization, arguments.seed), model, binarization)
    except LatentError as error:
        sys.exit(f"latent_torch: {error}")
    print(json.dumps(result["terms"] | {"images": result["images"], "active_units": active_units(result)}))


if __name__ == "__main__":
    main()
