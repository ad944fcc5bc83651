"""Random numbers that depend only on a seed, a purpose, an index and a lane: `latent`'s, number for number.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) turns a counter and a key into four random words. No word depends on an
earlier one. So each image's noise is its own whatever process draws it, any number of processes draws the same noise as
one, and a run that is continued needs no saved state of a generator.
"""

import math

import torch

# The purposes of `latent`'s streams.
INITIALIZATION, SHUFFLE, TRAINING_NOISE, EVALUATION_NOISE, BINARIZATION, EVALUATION_BINARIZATION = range(2, 8)

_MASK = 0xFFFFFFFF
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)


def words(seed, purpose, index, lanes, count, device="cpu"):
    """32-bit random words as int64 (lanes, count): row i is the stream of `index` and lane `lanes[i]`.

    `index` is a number, or a tensor (lanes,) where each lane has its own.
    """
    lanes = torch.as_tensor(lanes, dtype=torch.int64, device=device)
    index = torch.as_tensor(index, dtype=torch.int64, device=device)
    blocks = (count + 3) // 4
    shape = (len(lanes), blocks)
    counters = torch.arange(blocks, dtype=torch.int64, device=device).expand(shape)
    # Words 0 and 2 of the counter, which are multiplied, and words 1 and 3, which are not.
    even = torch.stack([counters, (index & _MASK).reshape(-1, 1).expand(shape)])
    purposes = torch.full(shape, purpose, dtype=torch.int64, device=device)
    odd = torch.stack([purposes, (lanes & _MASK)[:, None].expand(shape)])
    multipliers = torch.tensor(_MULTIPLIERS, dtype=torch.int64, device=device).reshape(2, 1, 1)
    keys = (seed & _MASK, seed >> 32 & _MASK)
    for _ in range(10):
        # The product has 64 bits and wraps to a negative number; the mask removes the copies of its sign.
        product = even * multipliers
        key = torch.tensor(keys, dtype=torch.int64, device=device).reshape(2, 1, 1)
        even, odd = ((product >> 32) & _MASK).flip(0) ^ odd ^ key, (product & _MASK).flip(0)
        keys = tuple((k + step) & _MASK for k, step in zip(keys, _KEY_STEPS))
    return torch.stack([even[0], odd[0], even[1], odd[1]], -1).flatten(1)[:, :count]


def uniforms(seed, purpose, index, lanes, count, device="cpu"):
    """Uniform in [0, 1), 24 bits each (lanes, count)."""
    return (words(seed, purpose, index, lanes, count, device) >> 8).float() * 2**-24


def normals(seed, purpose, index, lanes, count, device="cpu"):
    """Draws of N(0, 1) (lanes, count), two from two words (Box & Muller 1958)."""
    bits = (words(seed, purpose, index, lanes, (count + 1) // 2 * 2, device) >> 8).float()
    # (0, 1], so that the logarithm is finite.
    radius = (-2 * ((bits[:, 0::2] + 1) * 2**-24).log()).sqrt()
    angle = 2 * math.pi * (bits[:, 1::2] * 2**-24)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], -1).flatten(1)[:, :count]


def epoch_order(count, seed, epoch):
    """The order of the images in an epoch, a list: Fisher and Yates' shuffle."""
    order = list(range(count))
    draws = words(seed, SHUFFLE, epoch, [0], max(count - 1, 1))[0].tolist()
    for i, word in zip(range(count - 1, 0, -1), draws):
        j = word * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order
