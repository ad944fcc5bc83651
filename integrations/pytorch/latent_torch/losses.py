"""What is minimised, in nats per image: likelihoods of pixels, the KL divergence, and bounds on log p(x)."""

import math
from dataclasses import dataclass
from typing import Callable

import torch
import torch.nn.functional as F

# From a standard deviation of one grey level in 256 to one far beyond the pixels' range.
GAUSSIAN_LOG_VARIANCE_RANGE = (-11.0, 10.0)


def _bernoulli(outputs, x):
    return F.binary_cross_entropy_with_logits(outputs, x.expand_as(outputs), reduction="none")


def _gaussian(outputs, x, through_sigmoid=False):
    mean, log_variance = outputs.chunk(2, -1)
    mean = mean.sigmoid() if through_sigmoid else mean
    log_variance = log_variance.clamp(*GAUSSIAN_LOG_VARIANCE_RANGE)
    return 0.5 * (math.log(2 * math.pi) + log_variance + (x - mean) ** 2 * (-log_variance).exp())


def _continuous_bernoulli(outputs, x):
    """The Bernoulli's loss minus log C, where C = l / tanh(l/2) for a logit l (Loaiza-Ganem & Cunningham 2019)."""
    near = outputs.abs() < 0.5
    # Near zero both parts of the fraction vanish: its series there. `where` keeps the other branch's infinities out of
    # the gradient only if its argument is finite too.
    far = torch.where(near, torch.ones_like(outputs), outputs)
    q = torch.where(near, outputs, torch.zeros_like(outputs)) ** 2 / 4
    series = math.log(2) + q * (1 / 3 - q * (7 / 90 - q * (62 / 2835 - q * (127 / 18900))))
    return _bernoulli(outputs, x) - torch.where(near, series, (far / (far / 2).tanh()).log())


@dataclass(frozen=True)
class Likelihood:
    """How a pixel is distributed given the decoder's outputs. Of two per pixel, the first of every pixel come first."""

    name: str
    outputs_per_pixel: int
    # (…, outputs), (…, pixels) → −log p of each pixel (…, pixels)
    loss: Callable


LIKELIHOODS = {
    row.name: row
    for row in (
        Likelihood("bernoulli", 1, _bernoulli),
        Likelihood("gaussian", 2, _gaussian),
        Likelihood("gaussian-sigmoid", 2, lambda outputs, x: _gaussian(outputs, x, through_sigmoid=True)),
        Likelihood("continuous-bernoulli", 1, _continuous_bernoulli),
    )
}


@dataclass
class Terms:
    """The terms of the negative ELBO for some images, in nats."""

    # −log p(x|z) of each sample (images, samples)
    reconstruction: torch.Tensor
    # KL(q(z|x) ‖ p(z)) of each dimension (images, latent); zeros for a plain autoencoder
    kl: torch.Tensor


def terms(model, x, outputs, mean, log_variance):
    """The terms for images x (n, pixels), from what `VAE.forward` gives."""
    reconstruction = model.likelihood.loss(outputs, x[:, None]).sum(-1)
    if log_variance is None:
        return Terms(reconstruction, torch.zeros_like(mean))
    return Terms(reconstruction, 0.5 * (mean**2 + log_variance.expm1() - log_variance))


def minimized(objective, beta, terms, noise, z, log_variance):
    """What training minimises for each image (n,): `objective` is that of a training configuration.

    `elbo` has the KL divergence in closed form, with its free bits; `monte-carlo` samples it; `iwae` is the
    importance-weighted bound (Burda, Grosse, Salakhutdinov 2015, eq. 8).
    """
    if log_variance is None:
        return terms.reconstruction.mean(1)
    if objective["bound"] == "elbo":
        free_bits = objective["freeBits"]
        kl = terms.kl.clamp(min=free_bits) if free_bits > 0 else terms.kl
        return terms.reconstruction.mean(1) + beta * kl.sum(1)
    # log q(z|x) − log p(z) = ½ Σ (z² − log σ² − ε²): the 2π cancel.
    ratio = 0.5 * (z**2 - log_variance[:, None] - noise**2).sum(2)
    negative_log_weights = terms.reconstruction + beta * ratio
    if objective["bound"] == "monte-carlo":
        return negative_log_weights.mean(1)
    return math.log(z.shape[1]) - torch.logsumexp(-negative_log_weights, 1)
