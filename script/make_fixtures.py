"""Makes the reference tensors of the golden tests with PyTorch, in double precision. See script/make-fixtures."""
import argparse
import json
import math
import pathlib
import struct

import torch

F = torch.nn.functional


def write(path, tensors, metadata):
    """Writes a safetensors file of 32-bit floats."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items()):
        values = tensor.detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def drawn(generator, *shape, scale=1.0):
    """Numbers that 32-bit floats hold exactly."""
    return (torch.randn(*shape, generator=generator) * scale).to(torch.float32).double()


class Network:
    """A perceptron with the names of PyTorch's VAE example; fc5 gives the log variances of a Gaussian."""

    def __init__(self, sizes, activation, likelihood, generator):
        self.activation = {"relu": torch.relu, "tanh": torch.tanh}[activation]
        self.likelihood = likelihood
        pixels, hidden, latent = sizes["pixels"], sizes["hidden"], sizes["latent"]
        layers = {"fc1": (hidden, pixels), "fc21": (latent, hidden), "fc22": (latent, hidden), "fc3": (hidden, latent),
                  "fc4": (pixels, hidden)}
        if likelihood == "gaussian":
            layers["fc5"] = (pixels, hidden)
        self.parameters = {}
        for name, (outputs, inputs) in layers.items():
            self.parameters[name + ".weight"] = drawn(generator, outputs, inputs, scale=inputs ** -0.5)
            self.parameters[name + ".bias"] = drawn(generator, outputs, scale=0.1)
        for value in self.parameters.values():
            value.requires_grad_()

    def layer(self, name, x):
        return F.linear(x, self.parameters[name + ".weight"], self.parameters[name + ".bias"])

    def forward(self, x, epsilon):
        t = {"hidden": self.activation(self.layer("fc1", x))}
        t["mu"], t["logvar"] = self.layer("fc21", t["hidden"]), self.layer("fc22", t["hidden"])
        is_plain = self.likelihood == "autoencoder"
        t["z"] = t["mu"] if is_plain else t["mu"] + torch.exp(0.5 * t["logvar"]) * epsilon
        t["decoder_hidden"] = self.activation(self.layer("fc3", t["z"]))
        t["output"] = self.layer("fc4", t["decoder_hidden"])
        if self.likelihood == "gaussian":
            t["output_logvar"] = self.layer("fc5", t["decoder_hidden"])
        t["reconstruction_per_image"] = self.loss(t, x).sum(-1)
        kl = 0.5 * (t["mu"] ** 2 + torch.exp(t["logvar"]) - 1 - t["logvar"])
        t["kl_per_image_per_dim"] = torch.zeros_like(kl) if is_plain else kl
        return t

    def loss(self, t, x):
        """−log p(x|z) of each pixel."""
        if self.likelihood == "gaussian":
            variance = torch.exp(t["output_logvar"])
            return 0.5 * (math.log(2 * math.pi) + t["output_logvar"] + (x - t["output"]) ** 2 / variance)
        bernoulli = F.binary_cross_entropy_with_logits(t["output"], x, reduction="none")
        if self.likelihood != "continuous_bernoulli":
            return bernoulli
        # The constant 2 artanh(1 − 2λ) / (1 − 2λ), where artanh(1 − 2λ) = −logit / 2 (Loaiza-Ganem & Cunningham 2019).
        return bernoulli - torch.log(-t["output"] / (1 - 2 * torch.sigmoid(t["output"])))


def perceptron(path, sizes, activation, likelihood, beta, generator):
    network = Network(sizes, activation, likelihood, generator)
    x = torch.rand(sizes["rows"], sizes["pixels"], generator=generator).to(torch.float32).double()
    epsilon = drawn(generator, 6, sizes["rows"], sizes["latent"])
    tensors = {name: value.clone() for name, value in network.parameters.items()} | {"x": x, "eps": epsilon}

    def minimized(t):
        return t["reconstruction_per_image"].sum() + beta * t["kl_per_image_per_dim"].sum()

    t = network.forward(x, epsilon[0])
    loss = minimized(t)
    gradients = torch.autograd.grad(loss, list(network.parameters.values()), allow_unused=True)
    for (name, value), gradient in zip(network.parameters.items(), gradients):
        tensors["grad." + name] = torch.zeros_like(value) if gradient is None else gradient
    optimizer = torch.optim.Adam(network.parameters.values(), lr=1e-2)
    losses = []
    for noise in epsilon:
        optimizer.zero_grad()
        step = minimized(network.forward(x, noise))
        step.backward()
        losses.append(step.detach())
        optimizer.step()
    after = {"after_adam." + name: value for name, value in network.parameters.items()}
    write(path, tensors | t | after | {"loss": loss.reshape(1), "adam_losses": torch.stack(losses)}, {
        "activation": activation, "likelihood": likelihood, "beta": str(float(beta)), "framework": "torch " + torch.__version__,
        "layout": "weights are (out, in), row-major",
        "adam": "lr 1e-2, betas 0.9 0.999, eps 1e-8, loss summed over the batch"})


def importance(path, sizes, generator):
    """log p(x, z) − log q(z|x) of many samples per image, and the bounds from them."""
    network = Network(sizes, "relu", "bernoulli", generator)
    rows, latent, samples = max(1, sizes["rows"] - 1), sizes["latent"], sizes["samples"]
    x = torch.rand(rows, sizes["pixels"], generator=generator).to(torch.float32).double()
    epsilon = drawn(generator, samples, rows, latent)
    weights = []
    for noise in epsilon:
        t = network.forward(x, noise)
        difference = -0.5 * (t["z"] ** 2).sum(-1) + 0.5 * (t["logvar"] + noise ** 2).sum(-1)
        weights.append(-t["reconstruction_per_image"] + difference)
    weights = torch.stack(weights)
    write(path, network.parameters | {
        "x": x, "eps": epsilon, "log_weights": weights, "elbo_per_image": weights.mean(0),
        "iwae_bound_per_image": torch.logsumexp(weights, 0) - math.log(samples),
    }, {"k": str(samples), "framework": "torch " + torch.__version__})


def adagrad(path, generator):
    start, gradients = drawn(generator, 7), drawn(generator, 5, 7)
    parameter = start.clone().requires_grad_()
    optimizer = torch.optim.Adagrad([parameter], lr=0.1, eps=1e-10)
    steps = []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
        steps.append(parameter.detach().clone())
    write(path, {"start": start, "gradients": gradients, "after_each_step": torch.stack(steps)},
          {"lr": "0.1", "eps": "1e-10", "framework": "torch " + torch.__version__})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", default="12,8,3,5,50", help="pixels,hidden,latent,rows,samples")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    names = ("pixels", "hidden", "latent", "rows", "samples")
    sizes = dict(zip(names, map(int, options.sizes.split(",")), strict=True))
    generator = torch.Generator().manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    for activation, likelihood, beta in [
        ("relu", "bernoulli", 1), ("tanh", "bernoulli", 1), ("relu", "bernoulli", 4), ("tanh", "gaussian", 1),
        ("relu", "continuous_bernoulli", 1), ("relu", "autoencoder", 1),
    ]:
        name = f"mlp_{activation}_{likelihood}" + (f"_beta{beta}" if beta != 1 else "")
        perceptron(options.out / f"{name}.safetensors", sizes, activation, likelihood, beta, generator)
    importance(options.out / "iwae_bound.safetensors", sizes, generator)
    adagrad(options.out / "adagrad.safetensors", generator)


if __name__ == "__main__":
    main()
