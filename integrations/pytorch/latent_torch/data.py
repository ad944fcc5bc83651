"""Images from IDX files, raw or gzipped, and what a model sees of them. Nothing is downloaded."""

import gzip
import math
import os
import pathlib
import struct
import zlib
from dataclasses import dataclass

import torch

from . import draws
from .errors import LatentError

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
# More than any data set this is for: a damaged header must not ask for all memory.
LARGEST_FILE = 8 << 30


@dataclass
class Images:
    """Images of one size: pixels 0 … 255 (count, height · width · channels) as bytes, labels (count,) or None."""

    pixels: torch.Tensor
    labels: torch.Tensor | None
    shape: tuple
    # CRC-32 of the pixels and of the labels; 0 without labels.
    checksums: tuple = (0, 0)

    def __len__(self):
        return len(self.pixels)

    def inputs(self, indices, binarization, seed, device="cpu", epoch=None):
        """What the model sees of some images: (n, pixels) in [0, 1].

        `grey` values, `threshold` (1 above ½), or `stochastic`: 1 with the grey value as its probability, drawn anew in
        each `epoch`; always the same where that is None, as in an evaluation.
        """
        pixels = self.pixels[indices].to(device)
        if binarization == "grey":
            return pixels.float() * (1 / 255)
        if binarization == "threshold":
            return (pixels > 127).float()
        if binarization != "stochastic":
            raise LatentError("unknown binarization", "training", "grey, threshold or stochastic", binarization)
        n = pixels.shape[1]
        if epoch is None:
            drawn = draws.uniforms(seed, draws.EVALUATION_BINARIZATION, indices, [0] * len(indices), n, device)
        else:
            drawn = draws.uniforms(seed, draws.BINARIZATION, epoch, indices, n, device)
        return (drawn < pixels.float() * (1 / 255)).float()

    def classes(self, indices, device="cpu"):
        """The labels of some images, or None."""
        return None if self.labels is None else self.labels[indices].to(device)


@dataclass
class Dataset:
    """Training and held-out images of one size, and the folder they came from."""

    name: str
    source: str
    train: Images
    test: Images

    def identity(self):
        """`data` of config.json, by which the images are recognised wherever they are."""
        return {
            "source": self.source, "train": len(self.train), "test": len(self.test),
            "shape": "x".join(map(str, self.train.shape)),
            "hash": "crc32 " + "-".join(f"{s:08x}" for s in self.train.checksums + self.test.checksums),
        }


def load(folder=None):
    """The data set in a folder, or in the first place of `places()` that has one."""
    candidates = [pathlib.Path(folder)] if folder else places()
    for place in candidates:
        if any(_find(place, name) for name in FILES):
            return _load(place)
    raise LatentError(
        "no IDX files", ", ".join(map(str, candidates)), ", ".join(FILES) + ", each raw or .gz",
        remedy="name their folder with --data")


def places():
    """Where data is looked for: $LATENT_DATA, a folder `mnist` in it, and the sample that comes with the project."""
    root = os.environ.get("LATENT_DATA")
    own = pathlib.Path(__file__).resolve().parents[3] / "data" / "mnist-5k"
    return ([pathlib.Path(root), pathlib.Path(root, "mnist")] if root else []) + [own]


def _load(folder):
    train, test = (_images(folder, *FILES[i:i + 2]) for i in (0, 2))
    if train.shape != test.shape:
        raise LatentError("held-out images of another size than the training images", folder, train.shape, test.shape)
    resolved = folder.resolve()
    name = resolved.parent.name if resolved.name == "raw" else resolved.name
    return Dataset(name, str(folder), train, test)


def _images(folder, images, labels):
    path = _find(folder, images)
    if path is None:
        raise LatentError("incomplete data set", folder, images + " (raw or .gz)", "no such file")
    values, checksum = _read(path)
    if values.dim() not in (3, 4) or values.numel() == 0:
        raise LatentError("not images", path, "images × rows × columns", tuple(values.shape))
    shape = tuple(values.shape[1:]) + (() if values.dim() == 4 else (1,))
    label_path = _find(folder, labels)
    classes, label_checksum = (None, 0) if label_path is None else _read(label_path)
    if classes is not None and tuple(classes.shape) != (len(values),):
        raise LatentError("not a label for each image", label_path, f"({len(values)},)", tuple(classes.shape))
    return Images(values.flatten(1), classes, shape, (checksum, label_checksum))


def _find(folder, name):
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / (spelling + ".gz")):
            if path.is_file():
                return path
    return None


def _read(path):
    """The bytes of an IDX file as a tensor, and their CRC-32. The header: two zeros, the type (8, bytes), the number of
    dimensions, and each of these."""
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            magic = file.read(4)
            if len(magic) < 4 or magic[:3] != b"\0\0\x08" or not 1 <= magic[3] <= 4:
                raise LatentError("not an IDX file of bytes", path, "00 00 08 and 1 to 4 dimensions", magic.hex(" "))
            lengths = file.read(4 * magic[3])
            if len(lengths) < 4 * magic[3]:
                raise LatentError("truncated IDX file", path, f"{magic[3]} dimensions")
            shape = struct.unpack(f">{magic[3]}I", lengths)
            size = math.prod(shape)
            if size > LARGEST_FILE:
                raise LatentError("IDX file too large", path, f"at most {LARGEST_FILE} bytes", size)
            data = bytearray(file.read(size + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise LatentError("cannot be read", path, found=error) from None
    if len(data) != size:
        what = "truncated IDX file" if len(data) < size else "bytes after the end of an IDX file"
        raise LatentError(what, path, f"{size} bytes after the header")
    values = torch.frombuffer(data, dtype=torch.uint8) if size else torch.empty(0, dtype=torch.uint8)
    return values.reshape(shape), zlib.crc32(data)
