"""A run folder as docs/FORMATS.md describes it, written by one process. `latent runs`, `latent watch` and the others
read it.

What differs from a run of `latent train`: config.json has `trainer`, and the checkpoint is PyTorch's own,
`checkpoint.pt`.
"""

import io
import json
import os
import pathlib
import sys
import time

import torch

from . import files
from .errors import LatentError
from .lock import RunLock

CHECKPOINT_VERSION = 1
# The most bytes that the snapshots of a run have together.
SNAPSHOT_BYTES = 128 << 20


def configuration(folder):
    """config.json of the run in a folder; None if there is none."""
    path = pathlib.Path(folder, "config.json")
    try:
        config = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LatentError("cannot be read", path, found=error) from None
    if not isinstance(config, dict) or (config.get("trainer") or {}).get("name") != "pytorch":
        raise LatentError(
            "a run of another program is in this folder", folder, remedy="choose another one for a new run with --out")
    return config


class Run:
    """A run's folder, for the process that writes it. What the file system refuses while it trains is said once, and
    training goes on."""

    def __init__(self, folder, config, steps, parameters, snapshots=64, patience=0.0):
        self.folder, self.config = pathlib.Path(folder), config
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LatentError("cannot create the run folder", folder, found=error.strerror) from None
        self.lock = RunLock(folder, patience)
        self.events = None
        self._metrics = None
        self._has_complained = False
        limit = max(2, min(snapshots, SNAPSHOT_BYTES // (4 * parameters))) if snapshots else 0
        self._interval = -(-steps // (limit - 1)) if limit else 0

    # Beginning

    def checkpoint(self):
        """The checkpoint's bytes; None before the first."""
        path = self.folder / "checkpoint.pt"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LatentError("cannot be read", path, found=error.strerror) from None

    def begin(self, step=0, metrics_bytes=0):
        """Writes config.json, and removes what was written after `step`: lines, snapshots."""
        files.write(self.folder / "config.json", json.dumps(self.config, indent=2, sort_keys=True).encode() + b"\n")
        self._metrics = _continued(self.folder / "metrics.jsonl", metrics_bytes)
        for path in (self.folder / "snapshots").glob("step-*.safetensors"):
            if path.stem[5:].isdigit() and int(path.stem[5:]) > step:
                path.unlink()

    def link_latest(self):
        """Points `latest` beside the folder at this run. At no moment is there no link."""
        latest, temporary = self.folder.parent / "latest", self.folder.parent / f".latest-{os.getpid()}"
        if latest.exists() and not latest.is_symlink():
            return
        try:
            temporary.symlink_to(self.folder.name)
            temporary.replace(latest)
        except OSError:
            temporary.unlink(missing_ok=True)

    # While it trains

    def line(self, event, step, **values):
        """Adds a line to metrics.jsonl."""
        line = {"event": event, "step": step, "time": round(time.time(), 3), **values}
        self._guarded(lambda: (self._metrics.write(files.compact(line).encode() + b"\n"), self._metrics.flush()))
        if self.events:
            self.events.write(line)

    def wants_snapshot(self, step):
        return self._interval > 0 and step % self._interval == 0

    def keep_snapshot(self, model, step, epoch):
        """Writes the model as it is after `step` steps, if it is finite: if not, the next loss says so."""
        if all(parameter.isfinite().all() for parameter in model.parameters()):
            self._guarded(lambda: self._save(model, f"snapshots/step-{step:08}.safetensors", step, epoch))

    def keep_checkpoint(self, state):
        """Replaces the checkpoint by one with `state`, which torch.save can write."""
        self._guarded(lambda: self._write_checkpoint(state))

    def _write_checkpoint(self, state):
        # On the disk before the checkpoint, which says how long the file is.
        os.fsync(self._metrics.fileno())
        state = state | {"version": CHECKPOINT_VERSION, "config": self.config, "metrics_bytes": self._metrics.tell()}
        buffer = io.BytesIO()
        torch.save(state, buffer)
        files.write(self.folder / "checkpoint.pt", buffer.getbuffer())

    def _save(self, model, name, step, epoch, evaluation=None):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        preset = {"name": self.config["preset"], "model": self.config["model"], "training": self.config["training"]}
        files.save(model, path, preset, step, epoch, self.config["dataset"], evaluation)

    def _guarded(self, work):
        try:
            work()
        except (LatentError, OSError) as error:
            if not self._has_complained:
                print(f"latent_torch: {error}; training goes on", file=sys.stderr, flush=True)
            self._has_complained = True

    # The end

    def save_model(self, model, step, epoch, evaluation):
        """Writes model.safetensors."""
        self._save(model, "model.safetensors", step, epoch, evaluation)

    def close(self):
        """Gives the folder free."""
        if self.events:
            self.events.close()
        if self._metrics:
            self._metrics.close()
        self.lock.release()


def _continued(path, length):
    """A file to add lines to, after the whole lines in its first `length` bytes; the others are removed."""
    try:
        file = open(path, "r+b" if path.exists() else "w+b")
        file.truncate(file.read(length).rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        return file
    except OSError as error:
        raise LatentError("cannot be written", path, found=error.strerror) from None
