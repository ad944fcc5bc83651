"""A run from its first or next step to its end, by one process or several."""

import datetime
import io
import math
import os
import pathlib
import sys
import time

import torch

from . import draws, evaluation
from .errors import LatentError
from .events import Events
from .run import CHECKPOINT_VERSION, Run
from .steps import Stepper

# Step lines in an epoch, at most, and the most steps between two meetings of the processes.
LINES_PER_EPOCH = 50
STEPS_BETWEEN_MEETINGS = 16


class Training:
    """A run from its first or next step to its end. Only the first process has `folder`."""

    def __init__(self, options, config, dataset, processes, signals):
        self.options, self.config, self.dataset = options, config, dataset
        self.processes, self.signals = processes, signals
        self.stepper = Stepper(config, dataset, processes)
        self.model = self.stepper.model
        # Steps taken, epochs done, images of the epoch under way that are done, and the seconds they took.
        self.step = self.epoch = self.place = 0
        self.seconds = 0.0
        # Sums over this process's images of the epoch under way: reconstruction, KL, images.
        self.sums = torch.zeros(3, dtype=torch.float64)
        self.report = None
        self.lines_apart = max(1, self.stepper.per_epoch // LINES_PER_EPOCH)
        self.last_checkpoint = time.monotonic()
        self.folder = None
        self._begin()

    # The beginning

    def _begin(self):
        checkpoint = self.processes.from_first(self._open)
        metrics_bytes = 0
        if checkpoint is not None:
            metrics_bytes = self._restore(checkpoint)
        self.processes.from_first(lambda: self._take_up(checkpoint is not None, metrics_bytes))

    def _take_up(self, is_continued, metrics_bytes):
        if self.options.tensorboard:
            self.folder.events = Events(self.folder.folder, self.step if is_continued else None)
        self.folder.begin(self.step, metrics_bytes)
        is_done = self.epoch >= self.config["training"]["epochs"]
        self._was_finished = is_done and (self.folder.folder / "model.safetensors").exists()
        self._say_hello(is_continued)

    def _open(self):
        """Takes the run's folder. Gives its checkpoint's bytes, if it has one."""
        out = self.options.out or _unused(f"runs/{datetime.datetime.now():%Y%m%d-%H%M%S}-{self.config['preset']}")
        # After a restart, the process that wrote the run may take a moment to be gone.
        patience = 10 if os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0" else 0
        parameters = sum(p.numel() for p in self.model.parameters())
        self.folder = Run(out, self.config, self.stepper.total, parameters, self.options.snapshots, patience)
        if self.folder.folder.resolve().parent.name == "runs":
            self.folder.link_latest()
        return self.folder.checkpoint()

    def _restore(self, checkpoint):
        place = f"{self.options.out}/checkpoint.pt"
        try:
            state = torch.load(io.BytesIO(checkpoint), map_location=self.processes.device, weights_only=True)
            if state["version"] != CHECKPOINT_VERSION:
                raise LatentError("of another version", place, CHECKPOINT_VERSION, state["version"])
            if any(state["config"][key] != self.config[key] for key in ("model", "training")):
                raise LatentError("of another run than config.json", place)
            self.model.load_state_dict(state["model"])
            self.stepper.optimizer.load_state_dict(state["optimizer"])
            self.step, self.epoch, self.place = state["step"], state["epoch"], state["place"]
            self.seconds, self.report = state["seconds"], state["report"]
            if self.processes.is_first:  # the sums are those of all processes together
                self.sums = state["sums"].cpu()
            return state["metrics_bytes"]
        except LatentError:
            raise
        except Exception as error:  # whatever a damaged pickle leads to
            raise LatentError("cannot be read", place, found=str(error).split("\n")[0][:100]) from None

    def _say_hello(self, is_continued):
        parameters = sum(p.numel() for p in self.model.parameters())
        folder = self.folder.folder
        print(
            f"{self.config['preset']}: {parameters} parameters; {len(self.dataset.train)} images of "
            f"{self.dataset.name}, {self.processes.world} processes on {self.processes.device.type}; "
            + (f"{folder} has finished" if self._was_finished else
               f"continues {folder} from step {self.step}" if is_continued else f"into {folder}"),
            file=sys.stderr, flush=True)

    # The run

    def run(self):
        """Trains to the end, or until a signal. Gives whether every epoch is done."""
        if self.processes.is_first and self.step == 0:
            self.folder.keep_snapshot(self.model, 0, 0)
        has_ended = True
        while has_ended and self.epoch < self.config["training"]["epochs"]:
            has_ended = self._run_epoch()
        if self.processes.is_first and not self._was_finished:
            self._keep_checkpoint()
            is_current = self.report is not None and self.report[0] == self.step
            self.folder.save_model(self.model, self.step, self.epoch, self.report[1] if is_current else None)
            print(f"saved {self.folder.folder / 'model.safetensors'}", file=sys.stderr, flush=True)
        if self.processes.is_first:
            self.folder.close()
        return has_ended

    def _run_epoch(self):
        """Trains on the images of the epoch that are left, then evaluates. Gives False if it was asked to end."""
        images = len(self.dataset.train)
        order = torch.tensor(draws.epoch_order(images, self.config["training"]["seed"], self.epoch))
        while self.place < images:
            began = time.monotonic()
            losses = self.stepper.step(order, self.place, self.step, self.epoch).cpu()
            self.step += 1
            self.sums += losses
            self.place = min(images, self.place + self.stepper.batch)
            self.seconds += time.monotonic() - began
            if self.processes.is_first and self.folder.wants_snapshot(self.step):
                self.folder.keep_snapshot(self.model, self.step, self.epoch)
            is_line = self.step == 1 or self.step % self.lines_apart == 0
            if is_line or self.step % STEPS_BETWEEN_MEETINGS == 0 or self.place == images:
                if not self._meet(losses, is_line) and self.place < images:
                    return False
        self._evaluate()
        return not self.processes.sum(torch.tensor([float(self.signals.received > 0)])).item()

    def _meet(self, losses, is_line):
        """The processes add up their losses, and learn whether to save or to end. Gives False if one is to end."""
        is_due = self.processes.is_first and time.monotonic() - self.last_checkpoint >= self.options.checkpoint_every
        wishes = torch.tensor([float(self.signals.received > 0), float(is_due)], dtype=torch.float64)
        total = self.processes.sum(torch.cat([losses, self.sums, wishes]))
        self._check(total)
        # From here on the sums of all processes are the first one's.
        self.sums = total[3:6].clone() if self.processes.is_first else torch.zeros(3, dtype=torch.float64)
        if self.processes.is_first:
            if is_line:
                means = evaluation.loss_terms(*(total[:2] / total[2]).tolist())
                self.folder.line("step", self.step, train=means, **self.stepper.settings(self.step - 1))
            if total[7] > 0:
                self._keep_checkpoint()
        return total[6] == 0

    def _check(self, total):
        """Ends a run whose loss is no longer finite."""
        for name, value in zip(("reconstruction loss", "KL divergence"), total[3:5].tolist()):
            if math.isfinite(value):
                continue
            problem = f"the {name} is no longer a finite number at step {self.step}"
            if self.processes.is_first:
                self.folder.line("failed", self.step, message=problem)
                self.folder.close()
            raise LatentError(problem, "training", remedy="the checkpoint and the snapshots are of earlier steps")

    def _evaluate(self):
        """Evaluates the held-out images and ends the epoch."""
        binarization, seed = self.config["training"]["binarization"], self.config["training"]["seed"]
        places = (self.processes.rank, self.processes.world, self.processes.device)
        total = self.processes.sum(evaluation.sums(self.model, self.dataset.test, binarization, seed, *places))
        self.epoch += 1
        if self.processes.is_first:
            figures = evaluation.figures(total, self.model, binarization)
            self.report = (self.step, figures)
            self._tell(figures)
        self.place, self.seconds, self.sums = 0, 0.0, torch.zeros(3, dtype=torch.float64)
        if self.processes.is_first:
            self._keep_checkpoint()

    def _tell(self, figures):
        train = evaluation.loss_terms(*(self.sums[:2] / self.sums[2]).tolist())
        test, speed = figures["terms"], self.sums[2].item() / max(self.seconds, 1e-9)
        self.folder.line(
            "epoch", self.step, epoch=self.epoch, train=train, test=test,
            active_units=evaluation.active_units(figures), seconds=self.seconds, images_per_second=speed)
        print(
            f"epoch {self.epoch:3}  train {train['negative_elbo']:8.3f}  test {test['negative_elbo']:8.3f}  "
            f"(reconstruction {test['reconstruction']:.3f} + KL {test['kl']:.3f})  {self.seconds:.2f} s  "
            f"{speed:.0f} images/s", flush=True)

    def _keep_checkpoint(self):
        self.last_checkpoint = time.monotonic()
        self.folder.keep_checkpoint({
            "model": self.model.state_dict(), "optimizer": self.stepper.optimizer.state_dict(),
            "step": self.step, "epoch": self.epoch, "place": self.place, "seconds": self.seconds, "sums": self.sums,
            "report": self.report})


def _unused(path):
    """`path`, or the first of path-2, path-3, … that is free."""
    n, candidate = 2, path
    while pathlib.Path(candidate).exists():
        candidate, n = f"{path}-{n}", n + 1
    return candidate
