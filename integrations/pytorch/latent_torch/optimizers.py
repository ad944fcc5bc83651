"""Optimisers and schedules by the names that a training configuration has for them."""

import math

import torch

from .errors import LatentError

OPTIMIZERS = {
    "adam": lambda parameters, o: torch.optim.Adam(parameters, eps=o.get("epsilon", 1e-8)),
    "adamw": lambda parameters, o: torch.optim.AdamW(
        parameters, eps=o.get("epsilon", 1e-8), weight_decay=o.get("weightDecay", 0.01)),
    "adagrad": lambda parameters, o: torch.optim.Adagrad(
        parameters, eps=o.get("epsilon", 1e-10), weight_decay=o.get("weightDecay", 0)),
    "sgd": lambda parameters, o: torch.optim.SGD(
        parameters, lr=0, momentum=o.get("momentum", 0.9), weight_decay=o.get("weightDecay", 0)),
}


def make(parameters, configuration):
    """The optimiser of a training configuration's `optimizer`. The learning rate is set at each step."""
    if configuration["kind"] not in OPTIMIZERS:
        raise LatentError("unknown optimiser", "training", ", ".join(OPTIMIZERS), configuration["kind"])
    return OPTIMIZERS[configuration["kind"]](parameters, configuration)


def set_learning_rate(optimizer, rate):
    for group in optimizer.param_groups:
        group["lr"] = rate


def _cosine(start, end, at):
    return end + (start - end) / 2 * (math.cos(math.pi * at) + 1)


def _step(step, total):
    return 1 if step / total < 0.6 else 0.1 if step / total < 0.85 else 0.01


def _burda(step, total):
    """10^(−i/7) for 3^i of 3280 parts of the run, i = 0 … 7 (Burda, Grosse, Salakhutdinov 2015)."""
    part = min(step, total - 1) / total * 3280
    return 10 ** -(next((i for i in range(7) if part < (3 ** (i + 1) - 1) / 2), 7) / 7)


def _one_cycle(step, total):
    """Up over the first 30 % of the run, then down to almost zero (as torch.optim.lr_scheduler.OneCycleLR)."""
    start, peak, last, at = 1 / 25, 0.3 * total - 1, total - 1, min(step, total - 1)
    if at <= peak:
        return _cosine(start, 1, at / peak if peak > 0 else 1)
    return _cosine(1, start / 1e4, (at - peak) / (last - peak) if last > peak else 1)


# The factor on the learning rate at a step (from 0) of a whole run.
SCHEDULES = {
    "constant": lambda step, total: 1,
    "step": _step,
    "cosine": lambda step, total: _cosine(1, 0, min(step, total) / total),
    "burda": _burda,
    "one-cycle": _one_cycle,
}


def learning_rate(training, step, total):
    """The learning rate at a step (from 0) of `total`."""
    if training["schedule"] not in SCHEDULES:
        raise LatentError("unknown schedule", "training", ", ".join(SCHEDULES), training["schedule"])
    return training["learningRate"] * SCHEDULES[training["schedule"]](step, total)


def beta(training, step, steps_per_epoch):
    """The weight of the KL divergence at a step (from 0), with its warm-up."""
    steps = training["klWarmUp"] * steps_per_epoch
    return training["beta"] * step / steps if steps > step else training["beta"]
