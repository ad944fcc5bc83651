"""What script/interop-test checks of weights and ONNX: our files in PyTorch and onnxruntime, theirs here.

LATENT_PROGRAM is the program; packages: torch, safetensors, onnx, onnxruntime, numpy.
"""

import glob, json, os, tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

import interop_support
from interop_support import ROOT, check, latent


class Perceptron(nn.Module):
    """PyTorch's example, or a deeper one, under the names that we write."""

    def __init__(self, hidden, latent, log_variance=True, activation=F.relu):
        super().__init__()
        self.activation = activation
        widths = [784, *hidden]
        if len(hidden) == 1:
            self.fc1, self.fc3, self.fc4 = nn.Linear(784, hidden[0]), nn.Linear(latent, hidden[0]), nn.Linear(hidden[0], 784)
        else:
            back = [latent, *hidden[::-1], 784]
            self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
            self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(back, back[1:]))
        self.fc21 = nn.Linear(widths[-1], latent)
        if log_variance: self.fc22 = nn.Linear(widths[-1], latent)

    def encode(self, x):
        h = x.flatten(1)
        for layer in self.encoder if hasattr(self, "encoder") else [self.fc1]: h = self.activation(layer(h))
        return [self.fc21(h)] + ([self.fc22(h)] if hasattr(self, "fc22") else [])

    def decode(self, z):
        layers = list(self.decoder) if hasattr(self, "decoder") else [self.fc3, self.fc4]
        for layer in layers[:-1]: z = self.activation(layer(z))
        return torch.sigmoid(layers[-1](z)).view(-1, 1, 28, 28)


class Tutorial(nn.Module):
    """The network of TensorFlow's tutorial with PyTorch's layers: padding `same` is one row and column cut off."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleList([nn.Conv2d(1, 32, 3, 2), nn.Conv2d(32, 64, 3, 2)])
        self.fc21, self.fc22 = nn.Linear(2304, 2), nn.Linear(2304, 2)
        self.decoder = nn.ModuleList([
            nn.Linear(2, 1568), nn.ConvTranspose2d(32, 64, 3, 2), nn.ConvTranspose2d(64, 32, 3, 2), nn.ConvTranspose2d(32, 1, 3, 1, 1)])

    def encode(self, x):
        for layer in self.encoder: x = F.relu(layer(x))
        return self.fc21(x.flatten(1)), self.fc22(x.flatten(1))

    def decode(self, z):
        h = F.relu(self.decoder[0](z)).view(-1, 32, 7, 7)
        for layer in self.decoder[1:3]: h = F.relu(layer(h)[:, :, :-1, :-1])
        return torch.sigmoid(self.decoder[3](h))


def run(path, **inputs):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path)
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, inputs)))


def near(a, b, what, limit=1e-5):
    a, b = np.asarray(a), np.asarray(b)
    worst = float(np.max(np.abs(a - b) / (1 + np.abs(b))))
    check(a.shape == b.shape and worst < limit, f"{what}: differs by {worst}")


def ours_elsewhere(folder):
    """All keys match in PyTorch, and onnxruntime computes what PyTorch does."""
    models = {"manifold": Perceptron([512, 256, 128], 2, activation=F.silu), "pytorch": Perceptron([400], 20),
              "autoencoder": Perceptron([512, 256, 128], 2, log_variance=False, activation=F.silu), "tensorflow": Tutorial()}
    x = torch.rand(16, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    for name, model in models.items():
        source = os.path.join(ROOT, "models", name)
        for half in ([], ["--dtype", "f16"]):
            latent("model", "export", source, name + ".safetensors", *half, folder=folder)
            latent("model", "export", source, name + ".onnx", *half, folder=folder)
            model.load_state_dict(load_file(os.path.join(folder, name + ".safetensors")), strict=True)
            part = lambda end: os.path.join(folder, f"{name}-{end}.onnx")
            with torch.no_grad():
                heads = model.float().encode(x)
                z = heads[0]
                found = run(part("encoder"), x=x.numpy())
                near(found["mean"], heads[0], f"{name}: mean")
                if len(heads) > 1: near(found["log_variance"], heads[1].clamp(-30, 20), f"{name}: log variance")
                near(run(part("decoder"), z=z.numpy())["picture"], model.decode(z), f"{name}: picture")
        latent("model", "info", os.path.join(folder, name + ".onnx"), folder=folder)


def figures_agree(folder):
    """The same model as safetensors, .pt and ONNX has the same figures here."""
    source = os.path.join(ROOT, "models", "pytorch")
    state = load_file(os.path.join(source, "model.safetensors"))
    torch.save({"state_dict": {"module." + k: v for k, v in state.items()}}, os.path.join(folder, "again.pt"))
    paths = [source, "pytorch.safetensors", "pytorch.onnx", "again.pt"]
    latent("model", "export", source, "pytorch.safetensors", folder=folder)
    latent("model", "export", source, "pytorch.onnx", folder=folder)
    found = [json.loads(latent("evaluate", p, "--data", "mnist-5k", "--binarize", "grey", "--json", folder=folder)) for p in paths]
    for path, figures in zip(paths[1:], found[1:]):
        for term in ("reconstruction", "kl"):
            check(abs(figures[term] - found[0][term]) < 1e-3, f"{path}: {term} {figures[term]} and {found[0][term]}")


def fixtures_run(folder):
    """The committed exports are what ONNX's checker accepts."""
    for path in sorted(glob.glob(os.path.join(ROOT, "Tests", "Fixtures", "weights", "*.onnx"))):
        if "hostile" not in path: onnx.checker.check_model(path, full_check=True), check(True, path)


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    ours_elsewhere(folder)
    figures_agree(folder)
    fixtures_run(folder)
print(f"weights: {interop_support.checks} passed, 0 failed")
