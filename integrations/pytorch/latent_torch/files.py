"""Model files as `latent` reads and writes them: safetensors with the network as JSON in the metadata.

    save(model, path)                             a VAE of this package
    save(model, path, preset, dataset="mnist")    any module whose state_dict is like that of the preset's VAE
    model = load(path)
"""

import ctypes
import json
import os
import pathlib
import struct

import safetensors
import torch

from .errors import LatentError
from .model import VAE


def save(model, path, config=None, step=0, epoch=0, dataset="", evaluation=None):
    """Writes a model, whole or not at all.

    `config` is a preset as `latent preset NAME --json` prints it, or a dictionary with a part of its keys: `model` (by
    default the VAE's own configuration), and `name` and `training`, which become the file's record of the training with
    `dataset` and `evaluation` (figures on the held-out images, as `evaluate` gives them).
    """
    model = getattr(model, "module", model)  # what DistributedDataParallel wraps
    config = config or {}
    network = config.get("model") or getattr(model, "configuration", None)
    if network is None:
        raise LatentError("not saved: the network is not known", path, "a preset with 'model'")
    metadata = {"format": "pt", "latent.model": compact(network), "latent.step": str(step), "latent.epoch": str(epoch)}
    if "training" in config:
        record = {"preset": config.get("name", "pytorch"), "dataset": dataset, "training": config["training"]}
        metadata["latent.training"] = compact(record | ({"evaluation": evaluation} if evaluation else {}))
    tensors = {name: _to_file(value.detach().float().cpu()) for name, value in model.state_dict().items()}
    for name, value in tensors.items():
        if not value.isfinite().all():
            raise LatentError(
                f"not saved: '{name}' has a number that is not finite", path, remedy="save an earlier step")
    write(path, _encoded(tensors, metadata))


def load(path, device="cpu"):
    """The VAE in a model file or in the run folder at `path`, for evaluation. Its `record` is the file's record of the
    training (None without one), `step` and `epoch` are where it was saved."""
    path = pathlib.Path(path)
    path = path / "model.safetensors" if path.is_dir() else path
    try:
        with safetensors.safe_open(str(path), "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: _from_file(file.get_tensor(name).float()) for name in file.keys()}
        configuration = json.loads(metadata["latent.model"]) if "latent.model" in metadata else None
        record = json.loads(metadata["latent.training"]) if "latent.training" in metadata else None
        step, epoch = (int(metadata.get(f"latent.{what}", 0)) for what in ("step", "epoch"))
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise LatentError("not a model file", path, "a safetensors file", error) from None
    if configuration is None:
        raise LatentError(
            "the file does not say what network it holds", path, "metadata 'latent.model'",
            remedy="build VAE(preset['model']) and give it the file's tensors with load_state_dict")
    # Built without memory, so that a configuration in a file cannot ask for more than the file's own tensors.
    with torch.device("meta"):
        model = VAE(configuration, initialization=None)
    try:
        model.load_state_dict(tensors, assign=True)
    except RuntimeError as error:
        raise LatentError("the tensors do not fit the network", path, found=" ".join(str(error).split())) from None
    model.record, model.step, model.epoch = record, step, epoch
    return model.eval().to(device)


def _encoded(tensors, metadata):
    """The bytes of a safetensors file: the header's length, the header (JSON, padded to 8 bytes), the numbers.

    By hand, since the package's own writer needs numpy. The same model gives the same bytes.
    """
    header, numbers = {"__metadata__": metadata}, bytearray()
    for name, value in sorted(tensors.items()):
        start = len(numbers)
        numbers += ctypes.string_at(value.data_ptr(), 4 * value.numel())
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [start, len(numbers)]}
    text = compact(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + numbers


def _to_file(value):
    """A convolution's kernel, four-dimensional, is (rows, columns, …) in the file: TensorFlow's layout."""
    return value.permute(2, 3, 1, 0).contiguous() if value.dim() == 4 else value.contiguous()


def _from_file(value):
    return value.permute(3, 2, 0, 1).contiguous() if value.dim() == 4 else value


def compact(value):
    """JSON on one line, its keys sorted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def write(path, data):
    """Writes bytes, whole or not at all: a finished temporary file in the same folder replaces the old one.

    The mode is that of a file made by `open`, so that other users can follow a run where the umask lets them.
    """
    path = pathlib.Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb", opener=lambda p, flags: os.open(p, flags | os.O_EXCL, 0o666)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise LatentError("cannot be written", path, found=error.strerror) from None
