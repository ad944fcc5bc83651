"""Training steps on a process's share of each batch."""

import torch

from . import draws, optimizers
from .losses import minimized, terms
from .model import VAE

# Steps whose noise is drawn at once: many small draws would cost more than they are worth.
STEPS_TOGETHER = 16
NUMBERS_TOGETHER = 1 << 20


class Stepper:
    """A model, its optimiser, and how they take a step. Every process of the run has one, with equal parameters.

    Process r takes rows r, r + processes, … of each batch. All that is drawn belongs to an image's place in the run, so
    any number of processes computes the same steps but for the rounding of sums.
    """

    def __init__(self, preset, dataset, processes):
        self.training, self.images, self.processes = preset["training"], dataset.train, processes
        seed = self.training["seed"]
        self.model = VAE(preset["model"], self.training["initialization"], seed).to(processes.device)
        self.wrapped = processes.wrapped(self.model)
        self.optimizer = optimizers.make(self.model.parameters(), self.training["optimizer"])
        self.batch = min(self.training["batchSize"], len(self.images))
        self.per_epoch = -(-len(self.images) // self.batch)
        self.total = self.per_epoch * self.training["epochs"]
        self.noise = Noise(
            seed, torch.arange(processes.rank, self.batch, processes.world), self.training["objective"]["samples"],
            self.model.latent, processes.device)

    def settings(self, step):
        """Learning rate, weight of the KL divergence and free bits of a step (from 0)."""
        return {
            "learning_rate": optimizers.learning_rate(self.training, step, self.total),
            "beta": optimizers.beta(self.training, step, self.per_epoch),
            "free_bits": self.training["objective"]["freeBits"],
        }

    def step(self, order, first, step, epoch):
        """Takes the step on the batch that begins at image `first` of the epoch's order.

        Gives the sums of the reconstruction loss and of the KL divergence over this process's images, in nats, computed
        with the parameters before the update, and the number of these images (3,).
        """
        settings = self.settings(step)
        whole = order[first:first + self.batch]
        share = whole[self.processes.rank::self.processes.world]
        losses, objective = self._losses(share, step, epoch, settings["beta"])
        # DistributedDataParallel averages the gradients of the processes: their sum is that times their number.
        scale = self.processes.world / (len(whole) if self.training["objective"]["reduction"] == "mean" else 1)
        optimizers.set_learning_rate(self.optimizer, settings["learning_rate"])
        self.optimizer.zero_grad(set_to_none=True)
        (objective.sum() * scale).backward()
        if self.training.get("gradientClip"):
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.training["gradientClip"])
        self.optimizer.step()
        sums = torch.stack([losses.reconstruction.detach().mean(1).sum(), losses.kl.detach().sum()]).double()
        return torch.cat([sums, sums.new_tensor([len(share)])])

    def _losses(self, share, step, epoch, beta):
        device, seed = self.processes.device, self.training["seed"]
        x = self.images.inputs(share, self.training["binarization"], seed, device, epoch)
        labels = self.images.classes(share, device) if self.model.classes else None
        noise = self.noise.at(step)[:len(share)]
        outputs, mean, log_variance, z = self.wrapped(x, labels, noise)
        losses = terms(self.model, x, outputs, mean, log_variance)
        return losses, minimized(self.training["objective"], beta, losses, noise, z, log_variance)


class Noise:
    """ε of a process's rows of each step (rows, samples, latent), drawn for some steps at once."""

    def __init__(self, seed, rows, samples, latent, device):
        self.seed, self.rows, self.shape, self.device = seed, rows, (len(rows), samples, latent), device
        self.together = max(1, min(STEPS_TOGETHER, NUMBERS_TOGETHER // max(1, len(rows) * samples * latent)))
        self.first, self.values = 0, []

    def at(self, step):
        if not self.first <= step < self.first + len(self.values):
            self.first = step
            steps = torch.arange(step, step + self.together).repeat_interleave(len(self.rows))
            values = draws.normals(
                self.seed, draws.TRAINING_NOISE, steps, self.rows.repeat(self.together), self.shape[1] * self.shape[2],
                self.device)
            self.values = values.reshape(self.together, *self.shape)
        return self.values[step - self.first]
