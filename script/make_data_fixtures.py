"""Writes small data sets of the kinds that people bring: see Tests/Fixtures/README.md.

Image n of a set has the value (7 n + 3 y + x) mod 256 at row y and column x, so that the tests know each pixel. JPEG
pictures have a colour each: their pixels are near it.
"""

import argparse
import gzip
import io
import os
import struct
import zipfile
import zlib

import numpy
import PIL.Image


def images(count, height=4, width=6, start=0):
    n, y, x = numpy.ogrid[start : start + count, :height, :width]
    return ((7 * n + 3 * y + x) % 256).astype(numpy.uint8)


def idx(array, code=8):
    return bytes([0, 0, code, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape) + array.tobytes()


def packed(data):
    return gzip.compress(data, mtime=0)


def npy(array):
    stream = io.BytesIO()
    numpy.save(stream, array)
    return stream.getvalue()


def npz(arrays):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            archive.writestr(zipfile.ZipInfo(name + ".npy"), npy(array), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def png(array):
    """An 8-bit PNG: (height, width) grey or (height, width, 3)."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = array.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in array)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if array.ndim == 3 else 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def huge_png():
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg(array):
    stream = io.BytesIO()
    PIL.Image.fromarray(array).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out

    def write(path, data):
        path = os.path.join(out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    labels = numpy.arange(9, dtype=numpy.uint8) % 3
    # Arrays.
    write("keras.npz", npz({"x_test": images(3, start=6), "x_train": images(6), "y_train": labels[:6].astype("<i8"),
                            "y_test": labels[6:].astype("<i8")}))
    write("unit.npy", npy((images(9) / 255).astype("<f4")))
    write("big-endian.npy", npy(images(9).astype(">i2")))
    write("channels-first.npy", npy(numpy.stack([images(9), 255 - images(9), images(9) // 2], axis=1)))
    write("hostile/terabytes.npy", npy(images(2)).replace(b"(2, 4, 6)", b"(2000000, 400000, 6)", 1))
    bomb = npy(numpy.zeros((45_000, 28, 28), numpy.uint8))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo("x_train.npy"), bomb, zipfile.ZIP_DEFLATED)
    write("hostile/bomb.npz", stream.getvalue())
    # Folders of pictures: colours by class.
    red, blue = (200, 30, 40), (20, 60, 220)
    for number in range(3):
        array = numpy.stack([images(1, start=number)[0]] * 3, axis=2)
        write(f"folders/grey/cat/{number}.png", png(images(1, start=number)[0]))
        write(f"folders/grey/dog/{number}.png", png(array))
    for number in range(2):
        write(f"folders/colour/train/red/{number}.jpg", jpeg(numpy.full((8, 8, 3), red, numpy.uint8)))
        write(f"folders/colour/train/sea/{number}.png", png(numpy.full((12, 8, 3), blue, numpy.uint8)))
    write("folders/colour/val/sea/0.jpeg", jpeg(numpy.full((8, 8, 3), blue, numpy.uint8)))
    write("hostile/huge/a/0.png", huge_png())
    write("hostile/short.jpg", jpeg(images(1, 32, 32)[0])[:-60])
    # EMNIST: two sets in one folder, labels from 1, rows and columns swapped.
    for name, first in [("letters", 0), ("digits", 50)]:
        for part, count in [("train", 5), ("test", 2)]:
            write(f"emnist/emnist-{name}-{part}-images-idx3-ubyte.gz",
                  packed(idx(numpy.ascontiguousarray(images(count, start=first).transpose(0, 2, 1)))))
            write(f"emnist/emnist-{name}-{part}-labels-idx1-ubyte.gz", packed(idx(labels[:count] + 1)))


main()
