"""Small VAEs of the kinds that people write, as PyTorch saves and exports them, with what each computes.

NAME.pt or NAME.safetensors holds the weights, NAME-encoder.onnx and NAME-decoder.onnx (or NAME.onnx) the export;
NAME.expected.safetensors a few images x (n, height, width, channel) in [0, 1], their classes, mean and log variance, some z
and the decoder's pictures of them, all computed by PyTorch; its metadata names the activation. `hostile-` files must be
refused. The folder `cases` beside it has small files of kinds that people bring.
"""
import argparse, collections, io, os, pickle, struct, warnings, zipfile
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from safetensors.torch import save_file

warnings.filterwarnings("ignore")
SIDE, ROWS = 6, 5


class Perceptron(nn.Module):
    """encoder and decoder as Sequentials, heads fc_mu and fc_var (the names of AntixK's collection)."""
    side, channels, classes = SIDE, 1, 0

    def __init__(self, act=nn.ReLU, norm=False, latent=2):
        super().__init__()
        n = lambda width: [nn.BatchNorm1d(width)] if norm else []
        self.encoder = nn.Sequential(nn.Linear(SIDE * SIDE, 9), *n(9), act(), nn.Linear(9, 7), act())
        self.fc_mu, self.fc_var = nn.Linear(7, latent), nn.Linear(7, latent)
        # In the decoder the normalisation stands after the activation.
        self.decoder = nn.Sequential(nn.Linear(latent, 7), act(), *n(7), nn.Linear(7, SIDE * SIDE))

    def encode(self, x):
        h = self.encoder(x.flatten(1))
        return self.fc_mu(h), self.fc_var(h)

    def decode(self, z):
        return torch.sigmoid(self.decoder(z)).view(-1, 1, SIDE, SIDE)


class Reference(nn.Module):
    """The names of PyTorch's example; with classes, joined after the pixels and after z."""
    side, channels = SIDE, 1

    def __init__(self, classes=0, latent=3):
        super().__init__()
        self.classes = classes
        self.fc1 = nn.Linear(SIDE * SIDE + classes, 8)
        self.fc21, self.fc22 = nn.Linear(8, latent), nn.Linear(8, latent)
        self.fc3, self.fc4 = nn.Linear(latent + classes, 8), nn.Linear(8, SIDE * SIDE)

    def encode(self, x, *c):
        h = F.relu(self.fc1(torch.cat([x.flatten(1), *c], 1)))
        return self.fc21(h), self.fc22(h)

    def decode(self, z, *c):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(torch.cat([z, *c], 1))))).view(-1, 1, SIDE, SIDE)


class Fused(nn.Module):
    """One layer gives the mean and the log variance; the decoder's output is not put through a sigmoid."""
    side, channels, classes = SIDE, 1, 0

    def __init__(self, latent=2):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(SIDE * SIDE, 8), nn.GELU(), nn.Linear(8, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 8), nn.GELU(), nn.Linear(8, SIDE * SIDE))

    def encode(self, x):
        return self.encoder(x.flatten(1)).chunk(2, 1)

    def decode(self, z):
        return torch.sigmoid(self.decoder(z)).view(-1, 1, SIDE, SIDE)


class Convolutional(nn.Module):
    """The usual shape, with BatchNorm; `antix` has its blocks and its final layer."""
    classes = 0

    def __init__(self, act=nn.LeakyReLU, channels=1, side=16, widths=(4, 6, 8), latent=3):
        super().__init__()
        self.side, self.channels, self.act = side, channels, act
        blocks, c = [], channels
        for w in widths:
            blocks.append(nn.Sequential(nn.Conv2d(c, w, 3, 2, 1), nn.BatchNorm2d(w), act()))
            c = w
        self.encoder, self.small = nn.Sequential(*blocks), side // 2 ** len(widths)
        n = c * self.small ** 2
        self.fc_mu, self.fc_var, self.decoder_input = nn.Linear(n, latent), nn.Linear(n, latent), nn.Linear(latent, n)
        back = list(widths[::-1])
        self.decoder = nn.Sequential(*[
            nn.Sequential(nn.ConvTranspose2d(a, b, 3, 2, 1, 1), nn.BatchNorm2d(b), act()) for a, b in zip(back, back[1:])])
        self.final_layer = nn.Sequential(
            nn.ConvTranspose2d(back[-1], back[-1], 3, 2, 1, 1), nn.BatchNorm2d(back[-1]), act(),
            nn.Conv2d(back[-1], channels, 3, padding=1))

    def encode(self, x):
        h = self.encoder(x).flatten(1)
        return self.fc_mu(h), self.fc_var(h)

    def decode(self, z):
        h = self.decoder_input(z).view(len(z), -1, self.small, self.small)
        return torch.sigmoid(self.final_layer(self.decoder(h)))


class Scattered(nn.Module):
    """Convolutions with names that say nothing of their order, kernels of 4, log σ instead of log σ²."""
    side, channels, classes = 12, 1, 0

    def __init__(self, latent=2):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 4, 4, 2, 1), nn.BatchNorm2d(4)
        self.conv2, self.bn2 = nn.Conv2d(4, 4, 4, 2, 1), nn.BatchNorm2d(4)
        self.fc_enc, self.z_mean, self.z_log_std = nn.Linear(36, 10), nn.Linear(10, latent), nn.Linear(10, latent)
        self.fc_dec, self.deconv1, self.deconv2 = (
            nn.Linear(latent, 36), nn.ConvTranspose2d(4, 4, 4, 2, 1), nn.ConvTranspose2d(4, 1, 4, 2, 1))

    def encode(self, x):
        h = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        h = F.relu(self.fc_enc(h.flatten(1)))
        return self.z_mean(h), 2 * self.z_log_std(h)

    def decode(self, z):
        h = F.relu(self.fc_dec(z)).view(-1, 4, 3, 3)
        return torch.sigmoid(self.deconv2(F.relu(self.deconv1(h))))


class Mixed(nn.Module):
    """For ONNX alone: pooling, nearest upsampling, normalisation after an activation, odd padding, groups, dilation."""
    side, channels, classes = 14, 3, 0

    def __init__(self, latent=2):
        super().__init__()
        self.a, self.n, self.b = nn.Conv2d(3, 6, 3, 1, 1), nn.BatchNorm2d(6), nn.Conv2d(6, 6, 3, 2, 2, groups=2, dilation=2)
        self.mean, self.std = nn.Linear(54, latent), nn.Linear(54, latent)
        self.c, self.d, self.e = nn.Linear(latent, 24), nn.ConvTranspose2d(6, 5, (2, 3), 2, (0, 1), (0, 1)), nn.Conv2d(5, 3, 3, 1)

    def encode(self, x):
        h = self.n(F.silu(self.a(x)))
        h = F.elu(self.b(F.avg_pool2d(h, 2)))
        h = h.permute(0, 2, 3, 1)[:, :3, :3].flatten(1)
        return self.mean(h), 2 * torch.log(torch.exp(self.std(h)))

    def decode(self, z):
        h = F.leaky_relu(self.c(z), 0.2).view(-1, 6, 2, 2)
        h = F.gelu(self.d(h))
        return (torch.tanh(self.e(F.interpolate(h, scale_factor=4, mode="nearest"))) + 1) / 2


class Both(nn.Module):
    """One graph with everything: x and noise to the picture, mean and log variance."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, x):
        mean, log_variance = self.vae.encode(x)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.vae.decode(z), mean, log_variance


class Part(nn.Module):
    def __init__(self, model, name):
        super().__init__()
        self.model, self.name = model, name

    def forward(self, *inputs):
        return getattr(self.model, self.name)(*inputs)


def shake(model):
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.running_mean.uniform_(-0.3, 0.3), m.running_var.uniform_(0.5, 2)
            nn.init.uniform_(m.weight, 0.5, 1.5), nn.init.uniform_(m.bias, -0.3, 0.3)
    return model.eval()


def expected(model, path, activation):
    c = [torch.eye(model.classes)[torch.arange(ROWS) % model.classes]] if model.classes else []
    x = torch.rand(ROWS, model.channels, model.side, model.side)
    with torch.no_grad():
        mean, log_variance = model.encode(x, *c)
        z = torch.randn_like(mean)
        y = model.decode(z, *c)
    assert y.shape == x.shape, (y.shape, x.shape)
    ours = lambda t: t.permute(0, 2, 3, 1).contiguous()
    save_file({"x": ours(x), "mean": mean.contiguous(), "log_variance": log_variance.contiguous(), "z": z, "y": ours(y)}, path,
              {"activation": activation, "classes": str(model.classes)})
    os.chmod(path, 0o644)


def export(model, stem, both=False, dynamo=False):
    c = [torch.zeros(2, model.classes)] if model.classes else []
    x, z = torch.zeros(2, model.channels, model.side, model.side), torch.zeros(2, next(iter(model.encode(torch.zeros(2, model.channels, model.side, model.side), *c))).shape[1])
    extra = dict(dynamo=False, opset_version=13)
    names = lambda inputs: {n: {0: "batch"} for n in inputs}
    if dynamo:
        extra = dict(dynamo=True, external_data=True)
        torch.onnx.export(Part(model, "encode").eval(), (x, *c), stem + "-encoder.onnx", **extra)
        torch.onnx.export(Part(model, "decode").eval(), (z, *c), stem + "-decoder.onnx", **extra)
    elif both:
        torch.onnx.export(Both(model).eval(), (x,), stem + ".onnx", input_names=["x"], output_names=["picture", "mean", "log_variance"], dynamic_axes=names(["x"]), **extra)
    else:
        ins = lambda first: [first] + ["c"] * len(c)
        torch.onnx.export(Part(model, "encode").eval(), (x, *c), stem + "-encoder.onnx", input_names=ins("x"), output_names=["mean", "log_variance"], dynamic_axes=names(ins("x")), **extra)
        torch.onnx.export(Part(model, "decode").eval(), (z, *c), stem + "-decoder.onnx", input_names=ins("z"), output_names=["picture"], dynamic_axes=names(ins("z")), **extra)


class Evil:
    def __reduce__(self):
        return (os.system, ("true",))


def hostile(out):
    """Files that must be refused."""
    def archive(name, pickled, files={}, method=zipfile.ZIP_STORED):
        with zipfile.ZipFile(os.path.join(out, name), "w", method) as z:
            z.writestr("a/data.pkl", pickled)
            for key, data in {"a/byteorder": b"little", "a/version": b"3\n", **files}.items():
                z.writestr(key, data)
    archive("hostile-system.pt", pickle.dumps({"state_dict": Evil()}, 2))
    with zipfile.ZipFile(os.path.join(out, "hostile-bomb.pt"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        z.writestr("a/data.pkl", b"\x80\x02}.")
        z.writestr("a/data/0", bytes(48 << 20))
    buffer = io.BytesIO()
    torch.save({"fc1.weight": torch.zeros(3, 2)}, buffer)
    source = zipfile.ZipFile(buffer)
    name = source.namelist()[0].split("/")[0]
    pickled = source.read(name + "/data.pkl")
    archive("hostile-short.pt", pickled, {"a/data/0": bytes(20)})
    archive("hostile-big-endian.pt", pickled, {"a/data/0": bytes(24), "a/byteorder": b"big"})
    # Six numbers become 2 GB: first the count of the storage, then a shape whose elements all lie on one number.
    archive("hostile-huge.pt", pickled.replace(b"K\x06", b"J\x00\x00\x00\x20"), {"a/data/0": bytes(24)})
    with open(os.path.join(out, "old.pt"), "wb") as f:
        torch.save({"a": torch.zeros(2)}, f, _use_new_zipfile_serialization=False)
    with open(os.path.join(out, "plain.pkl"), "wb") as f:
        pickle.dump({"a": [1.0, 2.0]}, f)
    torch.save(nn.Linear(2, 2), os.path.join(out, "whole-module.pt"))


def figures(state, act):
    """Reconstruction and KL in nats per image of a 784-…-784 reference model on mnist-5k's held-out images, z = mean."""
    import gzip
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "mnist-5k")
    path = os.path.join(data, "t10k-images-idx3-ubyte")
    raw = open(path, "rb").read() if os.path.exists(path) else gzip.open(path + ".gz").read()
    x = torch.tensor(np.frombuffer(raw[16:], np.uint8).reshape(-1, 784) / 255.0)
    w = {k: v.double() for k, v in state.items()}
    layer = lambda name, h: h @ w[name + ".weight"].T + w[name + ".bias"]
    h = act(layer("fc1", x))
    mean, log_variance = layer("fc21", h), layer("fc22", h)
    logits = layer("fc4", act(layer("fc3", mean)))
    kl = -0.5 * (1 + log_variance - mean ** 2 - log_variance.exp()).sum() / len(x)
    loss = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return {"reconstruction": loss.item(), "kl": kl.item()}


def keras(out):
    """Graphs as tf2onnx makes them of Keras: images (height, width, channel), transposed around each convolution, padding
    `same`, products and sums, shapes computed in the graph; what they compute is onnx's reference."""
    from onnx import TensorProto, helper, numpy_helper
    from onnx.reference import ReferenceEvaluator

    r = np.random.default_rng(3)
    w = {name: r.normal(0, 0.4, shape).astype(np.float32) for name, shape in {
        "k1": (4, 3, 3, 3), "b1": (4,), "d1": (64, 6), "e1": (6,), "wm": (6, 2), "bm": (2,), "wv": (6, 2), "bv": (2,),
        "d2": (2, 80), "e2": (80,), "k2": (5, 4, 3, 3), "b2": (1, 4, 1, 1), "k3": (4, 3, 4, 4), "b3": (3,)}.items()}
    ints = {"row": [-1], "zero": [0], "one": [1], "as_image": [-1, 4, 4, 5]}
    node = lambda kind, ins, outs, **a: helper.make_node(kind, ins.split(), outs.split(), **a)
    info = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])

    def model(name, nodes, inputs, outputs):
        used = {i for n in nodes for i in n.input}
        tensors = [numpy_helper.from_array(v, k) for k, v in w.items() if k in used]
        tensors += [numpy_helper.from_array(np.array(v, np.int64), k) for k, v in ints.items() if k in used]
        made = helper.make_model(helper.make_graph(nodes, name, inputs, outputs, tensors), opset_imports=[helper.make_opsetid("", 13)])
        with open(os.path.join(out, f"keras-{name}.onnx"), "wb") as f:
            f.write(made.SerializeToString())
        return ReferenceEvaluator(made)

    encoder = model("encoder", [
        node("Transpose", "x", "t1", perm=[0, 3, 1, 2]),
        node("Conv", "t1 k1 b1", "c1", strides=[2, 2], kernel_shape=[3, 3], auto_pad="SAME_UPPER"), node("Relu", "c1", "r1"),
        node("Transpose", "r1", "t2", perm=[0, 2, 3, 1]), node("Shape", "t2", "s"), node("Slice", "s zero one", "n"),
        node("Concat", "n row", "rows", axis=0), node("Reshape", "t2 rows", "f"), node("MatMul", "f d1", "m1"),
        node("Add", "m1 e1", "a1"), node("Sigmoid", "a1", "s1"), node("Mul", "s1 a1", "h"), node("MatMul", "h wm", "m2"),
        node("Add", "m2 bm", "z_mean"), node("MatMul", "h wv", "m3"), node("Add", "bv m3", "z_log_var")],
        [info("x", 8, 8, 3)], [info("z_mean", 2), info("z_log_var", 2)])
    decoder = model("decoder", [
        node("MatMul", "z d2", "m1"), node("Add", "m1 e2", "a1"), node("LeakyRelu", "a1", "r1", alpha=0.3),
        node("Reshape", "r1 as_image", "i"), node("Transpose", "i", "t1", perm=[0, 3, 1, 2]),
        node("ConvTranspose", "t1 k2", "c1", strides=[1, 1], pads=[1, 1, 1, 1]), node("Add", "c1 b2", "a2"), node("Tanh", "a2", "r2"),
        node("ConvTranspose", "r2 k3 b3", "c2", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Transpose", "c2", "t2", perm=[0, 2, 3, 1]), node("Sigmoid", "t2", "picture")],
        [info("z", 2)], [info("picture", 8, 8, 3)])
    x, z = r.random((ROWS, 8, 8, 3), np.float32), r.normal(0, 1, (ROWS, 2)).astype(np.float32)
    mean, log_variance = encoder.run(None, {"x": x})
    y = decoder.run(None, {"z": z})[0]
    path = os.path.join(out, "keras.expected.safetensors")
    save_file({k: torch.tensor(np.ascontiguousarray(v)) for k, v in dict(x=x, mean=mean, log_variance=log_variance, z=z, y=y).items()}, path)
    os.chmod(path, 0o644)


def cases(out):
    """Small files of kinds that people bring, a folder a case."""
    import json

    def save(case, name, state, **expected):
        os.makedirs(os.path.join(out, case), exist_ok=True)
        path = os.path.join(out, case, name)
        save_file({k: v.contiguous() for k, v in state.items()}, path)
        os.chmod(path, 0o644)
        if expected:
            with open(os.path.join(out, case, "expected.json"), "w") as f:
                json.dump(expected, f)

    torch.manual_seed(2)
    sizes = {"fc1": (784, 12), "fc21": (12, 2), "fc22": (12, 2), "fc3": (2, 12), "fc4": (12, 784)}
    state = {}
    for name, (n, m) in sizes.items():
        layer = nn.Linear(n, m)
        state[name + ".weight"], state[name + ".bias"] = layer.weight.detach() * 2, layer.bias.detach()
    save("activation-assumed", "tanh.safetensors", state, tanh=figures(state, torch.tanh), relu=figures(state, F.relu))
    small = {k: v for k, v in state.items()}
    for prefix in ("module.", "_orig_mod.", "model.", "vae.net.", "module._orig_mod."):
        save("wrapper-prefixes", prefix.strip(".") + ".safetensors", {prefix + k: v for k, v in small.items()},
             **figures(state, F.relu))
    model = nn.ModuleDict({
        "encoder": nn.Sequential(nn.Linear(784, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU()), "fc_mu": nn.Linear(6, 2),
        "fc_var": nn.Linear(6, 2),
        "decoder": nn.Sequential(nn.Linear(2, 6), nn.ReLU(), nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 784))})
    save("fc-mu-fc-var-names", "model.safetensors", model.state_dict())
    kinds = os.path.join(out, "wrong-kind-of-file")
    os.makedirs(kinds, exist_ok=True)
    torch.save({"a": torch.zeros(3)}, os.path.join(kinds, "model.pt"))
    with open(os.path.join(kinds, "lfs.safetensors"), "w") as f:
        f.write("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 2612064\n")
    np.savez(os.path.join(kinds, "mnist.npz"), x_test=np.zeros((2, 3, 3), np.uint8), y_test=np.zeros(2, np.uint8))


def hostile_onnx(out):
    from onnx import TensorProto, helper

    def save(name, nodes, weights, outputs=("mean",), size=4):
        value = lambda n, k: helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", k])
        graph = helper.make_graph(nodes, "g", [value("x", size)], [value(o, 2) for o in outputs], weights)
        with open(os.path.join(out, name), "wb") as f:
            f.write(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]).SerializeToString())

    def beside(location, offset=0, length=32):
        t = TensorProto(name="w", dims=[2, 4], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
        for key, text in (("location", location), ("offset", str(offset)), ("length", str(length))):
            t.external_data.add(key=key, value=text)
        return t

    node, gemm = helper.make_node, helper.make_node("Gemm", ["x", "w"], ["mean"], name="layer", transB=1)
    raw = lambda dims, n: TensorProto(name="w", dims=dims, data_type=TensorProto.FLOAT, raw_data=bytes(4 * n))
    save("hostile-cycle.onnx", [node("Add", ["x", "b"], ["a"], name="one"), node("Relu", ["a"], ["b"], name="two"), gemm], [raw([2, 4], 8)])
    save("hostile-nothing.onnx", [node("Gemm", ["x", "v"], ["mean"])], [])
    save("hostile-operator.onnx", [node("LSTM", ["x", "w", "w"], ["mean"], name="memory")], [raw([2, 4], 8)])
    save("hostile-outside.onnx", [gemm], [beside("../../../../../../etc/passwd")])
    save("hostile-absolute.onnx", [gemm], [beside("/etc/passwd")])
    save("hostile-short.onnx", [gemm], [beside("scattered-encoder.onnx.data", 1 << 40)])
    save("hostile-size.onnx", [gemm], [raw([2, 4], 7)])
    save("hostile-claim.onnx", [gemm], [raw([1 << 30, 1 << 30], 7)])
    save("hostile-shape.onnx", [gemm], [raw([2, 3], 6)])
    save("hostile-image.onnx", [node("Reshape", ["x", "s"], ["i"]), node("Conv", ["i", "w"], ["mean"], pads=[999, 999, 999, 999])],
         [raw([1, 1, 2, 2], 4), TensorProto(name="s", dims=[4], data_type=TensorProto.INT64, int64_data=[-1, 1, 2, 2])])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    os.makedirs(out, exist_ok=True)
    torch.manual_seed(1)
    path = lambda name: os.path.join(out, name)
    models = {
        "tanh": (Perceptron(nn.Tanh), "tanh"), "norm": (Perceptron(nn.ReLU, True, 3), "relu"),
        "reference": (Reference(), "relu"), "conditional": (Reference(4), "relu"), "fused": (Fused(), "gelu"),
        "antix": (Convolutional(), "leaky-relu"), "colour": (Convolutional(nn.SiLU, 3, 16, (4, 6), 2), "silu"),
        "scattered": (Scattered(), "relu"), "mixed": (Mixed(), "")}
    for name, (model, activation) in models.items():
        shake(model)
        expected(model, path(name + ".expected.safetensors"), activation)
        if name != "mixed":
            state = model.state_dict()
            if name in ("tanh", "antix"):
                save_file(state, path(name + ".safetensors"))
                os.chmod(path(name + ".safetensors"), 0o644)
            elif name == "norm":
                adam = torch.optim.Adam(model.parameters())
                sum(p.sum() for p in model.parameters()).backward(), adam.step(), model.load_state_dict(state)
                torch.save({"epoch": 3, "state_dict": collections.OrderedDict(("model._orig_mod." + k, v) for k, v in state.items()),
                            "optimizer_states": [adam.state_dict()], "hyper_parameters": {"lr": 1e-3, "path": None}}, path(name + ".ckpt"))
                expected(model, path(name + ".expected.safetensors"), activation)
            elif name == "reference":
                # Views of one storage, one of them transposed, in half precision and double.
                flat = torch.cat([state["fc1.bias"], state["fc21.bias"]])
                state["fc1.bias"], state["fc21.bias"] = flat[:8], flat[8:]
                state["fc1.weight"] = state["fc1.weight"].t().contiguous().t()
                state["fc4.weight"] = state["fc4.weight"].double()
                torch.save(state, path(name + ".pt"))
            else:
                torch.save(state, path(name + ".pt"))
        if name in ("conditional", "fused", "mixed", "colour", "norm"):
            export(model, path(name))
        if name == "antix":
            export(model, path(name), both=True)
        if name == "scattered":
            export(model, path(name), dynamo=True)
    keras(out)
    hostile(out)
    hostile_onnx(out)
    cases(os.path.join(os.path.dirname(os.path.abspath(out)), "cases"))


main()
