"""Convolutions whose edges are treated as `latent` and TensorFlow treat them, and the table of activations.

Their weights have PyTorch's layout; `files.py` changes it to that of a model file.
"""

import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": torch.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "elu": F.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "silu": F.silu,
    "gelu": F.gelu,
}


class Convolution(nn.Conv2d):
    """A convolution (N, C, H, W). Padding `same` adds zeros; of an odd number the extra one goes below and right."""

    def __init__(self, channels, filters, kernel, stride, padding):
        super().__init__(channels, filters, kernel, stride)
        self.is_same = padding == "same"

    def zeros(self, size):
        """Zeros before and after `size` pixels."""
        if not self.is_same:
            return 0, 0
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
        return total // 2, total - total // 2

    def places(self, size):
        """Pixels of the output along a side of `size` pixels."""
        return (size + sum(self.zeros(size)) - self.kernel_size[0]) // self.stride[0] + 1

    def forward(self, x):
        return super().forward(F.pad(x, (*self.zeros(x.shape[3]), *self.zeros(x.shape[2]))))


class TransposedConvolution(nn.ConvTranspose2d):
    """A transposed convolution (N, C, H, W). Padding `same` makes the image exactly `stride` times as large."""

    def __init__(self, channels, filters, kernel, stride, padding):
        super().__init__(channels, filters, kernel, stride)
        self.is_same = padding == "same"

    def places(self, size):
        """Pixels of the output along a side of `size` pixels."""
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        return size * stride if self.is_same else (size - 1) * stride + kernel

    def forward(self, x):
        full = F.conv_transpose2d(x, self.weight, None, self.stride)
        if self.is_same:
            before = max(0, self.kernel_size[0] - self.stride[0]) // 2
            # A negative number of zeros cuts; a stride above the kernel's size leaves pixels that only get the bias.
            across, down = (self.places(x.shape[d]) - full.shape[d] + before for d in (3, 2))
            full = F.pad(full, (-before, across, -before, down))
        return full + self.bias[:, None, None]
