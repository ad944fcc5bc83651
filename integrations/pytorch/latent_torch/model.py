"""The VAE of a configuration: `model` of a preset, of a run's config.json, or of a model file's metadata.

The passes are in the paper's order (Kingma & Welling 2013): x → encode → μ, log σ² → z = μ + σ ⊙ ε → decode → the
parameters of p(x|z). Parameters are called as in the model file: `fc1`, `fc21`, `fc22`, `fc3`, `fc4` for one hidden
layer on either side, else `encoder.N` and `decoder.N`. Images are rows of pixels (images, height · width · channels),
as in IDX files.
"""

import torch
from torch import nn

from . import draws
from .errors import LatentError
from .layers import ACTIVATIONS, Convolution, TransposedConvolution
from .losses import LIKELIHOODS

# As `latent` clamps log σ².
LOG_VARIANCE_RANGE = (-30.0, 20.0)
CONVOLUTIONS = {"convolution": Convolution, "transposedConvolution": TransposedConvolution}


class VAE(nn.Module):
    """A variational autoencoder, or a plain one if the configuration says `deterministic`.

    `initialization` is that of `initialize`; None leaves the parameters as they are.
    """

    def __init__(self, configuration, initialization="pytorch", seed=1):
        super().__init__()
        self.configuration = configuration
        # (names, fan-in, fan-out) of each layer with weights, or of a pair with one fan-out, in the file's order.
        self._layout = []
        try:
            self._build()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise LatentError("not the configuration of a network", "model", found=repr(error)[:100]) from None
        if initialization is not None:
            self.initialize(initialization, seed)

    # The paper's passes

    def encode(self, x, labels=None):
        """Images (n, pixels), their classes (n,) → μ and log σ², each (n, latent); log σ² is None if deterministic."""
        hidden = _rows(self._run(self._encoder, self._join_class(x, labels, self._encoder_takes_image)))
        mean = self.fc21(hidden)
        return mean, None if self.is_deterministic else self.fc22(hidden).clamp(*LOG_VARIANCE_RANGE)

    def reparameterize(self, mean, log_variance, noise):
        """z = μ + σ ⊙ ε (n, samples, latent) with ε of that shape; z = μ if deterministic."""
        if log_variance is None:
            return mean[:, None]
        return mean[:, None] + (0.5 * log_variance).exp()[:, None] * noise

    def decode(self, z, labels=None):
        """z (n, latent) → the likelihood's parameters (n, outputs per pixel · pixels)."""
        y = self._run(self._decoder, self._join_class(z, labels, False))
        if self._ends_with_image:
            return _rows(self.decoder[-1](y))
        return torch.cat([self.get_submodule(name)(_rows(y)) for name in self._output_names], 1)

    def forward(self, x, labels=None, noise=None):
        """One pass, all that training needs (DistributedDataParallel sees what is called from here alone).

        `noise` is ε (n, samples, latent); without it, one sample each. Gives the likelihood's parameters
        (n, samples, outputs), μ and log σ² (n, latent) and z (n, samples, latent).
        """
        mean, log_variance = self.encode(x, labels)
        if noise is None:
            noise = torch.randn(len(x), 1, self.latent, device=x.device)
        z = self.reparameterize(mean, log_variance, noise)
        samples = z.shape[1]
        repeated = None if labels is None else labels.repeat_interleave(samples)
        # Shapes are spelt out, since a process may have no image of a small batch.
        outputs = self.decode(z.flatten(0, 1), repeated)
        return outputs.reshape(len(x), samples, outputs.shape[1]), mean, log_variance, z

    # Building

    def _build(self):
        configuration = self.configuration
        image = configuration["image"]
        self.image = (image["height"], image["width"], image["channels"])
        self.pixels = _count(self.image)
        self.latent = configuration["latent"]
        self.classes = configuration.get("classes") or 0
        self.is_deterministic = configuration.get("deterministic", False)
        if configuration["likelihood"] not in LIKELIHOODS:
            raise LatentError("unknown likelihood", "model", ", ".join(LIKELIHOODS), configuration["likelihood"])
        self.likelihood = LIKELIHOODS[configuration["likelihood"]]
        self._build_layers()

    def _build_layers(self):
        configuration = self.configuration
        output = configuration.get("output", {"linear": {}})
        is_one_linear = [len(s) == 1 and "linear" in s[0] for s in (configuration["encoder"], configuration["decoder"])]
        self._is_shallow = all(is_one_linear) and "linear" in output
        if not self._is_shallow:
            self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        first = next(iter(configuration["encoder"]), {})
        self._encoder_takes_image = any(kind in first for kind in CONVOLUTIONS)
        height, width, channels = self.image
        flow = (height, width, channels + self.classes) if self._encoder_takes_image else (self.pixels + self.classes,)
        if not self._encoder_takes_image and self.classes == 0:
            flow = self.image
        self._encoder, flow = self._hidden(configuration["encoder"], "encoder", "fc1", flow)
        count = _count(flow)
        heads = ["fc21"] if self.is_deterministic else ["fc21", "fc22"]
        for name in heads:
            setattr(self, name, nn.Linear(count, self.latent))
        self._layout.append((heads, count, len(heads) * self.latent))
        self._decoder_start = len(self._layout)
        self._decoder, flow = self._hidden(configuration["decoder"], "decoder", "fc3", (self.latent + self.classes,))
        self._build_output(output, flow)

    def _build_output(self, output, flow):
        """The last layer: the likelihood's parameters of every pixel."""
        self._ends_with_image, self._output_names = "transposedConvolution" in output, []
        start = 4 if self._is_shallow else len(self.decoder)
        if self._ends_with_image:
            if self.likelihood.outputs_per_pixel != 1:
                raise LatentError(
                    "a convolution gives one number per pixel", "model", "a likelihood with one", self.likelihood.name)
            layer = {"filters": self.image[2], "padding": "same", **output["transposedConvolution"]}
            module, shape = self._convolution("transposedConvolution", layer, flow, f"decoder.{start}")
            if shape != self.image:
                raise LatentError(
                    "the output has another size than the image", f"layer decoder.{start}", self.image, shape)
            self.decoder.append(module)
            return
        outputs = self.likelihood.outputs_per_pixel
        for i in range(outputs):
            layer = nn.Linear(_count(flow), self.pixels)
            self._output_names.append(f"fc{start + i}" if self._is_shallow else f"decoder.{start + i}")
            if self._is_shallow:
                setattr(self, self._output_names[-1], layer)
            else:
                self.decoder.append(layer)
        self._layout.append((self._output_names, _count(flow), outputs * self.pixels))

    def _hidden(self, layers, stem, shallow_name, flow):
        """Adds the hidden layers of one side. Gives what to do in order, (kind, name or shape, activation), and the
        output's shape: (numbers,) or (height, width, channels)."""
        steps, count = [], 0
        for layer in layers:
            (kind, options), = layer.items()
            if kind == "reshape":
                shape = (options["height"], options["width"], options["channels"])
                if _count(shape) != _count(flow):
                    raise LatentError("the reshape does not fit", stem, f"{_count(flow)} numbers", shape)
                flow = shape
                steps.append(("image", shape, None))
                continue
            name = shallow_name if self._is_shallow else f"{stem}.{count}"
            if kind == "linear":
                module, flow_after = nn.Linear(_count(flow), options["units"]), (options["units"],)
                self._layout.append(([name], _count(flow), options["units"]))
                steps.append(("flat", None, None))
            elif kind in CONVOLUTIONS:
                module, flow_after = self._convolution(kind, options, flow, name)
                steps.append(("image", flow, None))
            else:
                raise LatentError("unknown kind of layer", name, ", ".join(["linear", "reshape", *CONVOLUTIONS]), kind)
            if options["activation"] not in ACTIVATIONS:
                raise LatentError("unknown activation", name, ", ".join(ACTIVATIONS), options["activation"])
            if self._is_shallow:
                setattr(self, name, module)
            else:
                getattr(self, stem).append(module)
            steps.append(("layer", name, ACTIVATIONS[options["activation"]]))
            flow, count = flow_after, count + 1
        return steps, flow

    def _convolution(self, kind, options, flow, name):
        if len(flow) != 3:
            raise LatentError(
                "a convolution takes an image", name, "a reshape before it", f"a row of {flow[0]} numbers")
        height, width, channels = flow
        kernel, filters = options["kernel"], options["filters"]
        module = CONVOLUTIONS[kind](channels, filters, kernel, options["stride"], options["padding"])
        shape = (module.places(height), module.places(width), filters)
        if min(shape) < 1:
            raise LatentError("kernel larger than its image", name, f"at most {min(height, width)}", kernel)
        # As in PyTorch, the fan-in of a transposed convolution counts the filters.
        fans = (channels, filters) if kind == "convolution" else (filters, channels)
        self._layout.append(([name], kernel**2 * fans[0], kernel**2 * fans[1]))
        return module, shape

    def _run(self, steps, x):
        """Images are (n, channels, height, width) between convolutions; rows of numbers have the channels last."""
        for kind, what, activation in steps:
            if kind == "layer":
                x = activation(self.get_submodule(what)(x))
            elif kind == "image" and x.dim() == 2:
                x = x.unflatten(1, what).permute(0, 3, 1, 2)
            elif kind == "flat" and x.dim() == 4:
                x = _rows(x)
        return x

    def _join_class(self, x, labels, as_channels):
        """Joins the class, one-hot: as numbers after the others, or as channels of every pixel. Without labels, every
        class has an equal share."""
        if self.classes == 0:
            return x
        if labels is None:
            hot = torch.full((len(x), self.classes), 1 / self.classes, device=x.device)
        else:
            hot = (labels[:, None] == torch.arange(self.classes, device=x.device)).to(x.dtype)
        if not as_channels:
            return torch.cat([x, hot], 1)
        image = x.unflatten(1, self.image)
        return torch.cat([image, hot[:, None, None].expand(*image.shape[:3], -1)], 3).flatten(1)

    # Initial values

    def parameter_layout(self):
        """(name, parameter, fan-in, fan-out) in the file format's order: a pair's weights come before its biases."""
        named = dict(self.named_parameters())
        for names, fan_in, fan_out in self._layout:
            for part in ("weight", "bias"):
                for name in names:
                    yield f"{name}.{part}", named[f"{name}.{part}"], fan_in, fan_out

    @torch.no_grad()
    def initialize(self, kind="pytorch", seed=1):
        """Sets the parameters as `latent` does: `pytorch` (uniform in ±1/√fan-in), `steep` (the same, the decoder's first
        layer twelve times as wide), `glorot`, or `normal` (sd 0.01)."""
        first = self._layout[self._decoder_start][0]
        steep = {f"{name}.{part}" for name in first for part in ("weight", "bias")} if kind == "steep" else set()
        for index, (name, parameter, fan_in, fan_out) in enumerate(self.parameter_layout()):
            stream = (seed, draws.INITIALIZATION, index, [0], parameter.numel())
            if kind == "normal":
                values = draws.normals(*stream)[0] * 0.01
            elif kind == "glorot" and name.endswith("bias"):
                values = torch.zeros(parameter.numel())
            elif kind in ("pytorch", "steep", "glorot"):
                bound = (6 / (fan_in + fan_out)) ** 0.5 if kind == "glorot" else fan_in**-0.5
                bound *= 12 if name in steep else 1
                values = (2 * draws.uniforms(*stream)[0] - 1) * bound
            else:
                raise LatentError("unknown initialization", "training", "pytorch, steep, glorot or normal", kind)
            if parameter.dim() == 4:  # drawn in the file's order
                out, inner, height, width = parameter.shape
                values = values.reshape(height, width, inner, out).permute(3, 2, 0, 1)
            parameter.copy_(values.reshape(parameter.shape))


def _rows(x):
    """Images (n, channels, height, width) as rows of numbers, channels last; rows as they are."""
    return x.permute(0, 2, 3, 1).flatten(1) if x.dim() == 4 else x


def _count(shape):
    count = 1
    for size in shape:
        count *= size
    return count
