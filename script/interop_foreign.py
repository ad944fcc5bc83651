"""What script/interop-test checks of models and pictures that other programs make: convolutional VAEs of PyTorch and Keras
exported to ONNX, folders of pictures as Pillow writes and torchvision reads them, Keras' npz; and our files in those programs.

LATENT_PROGRAM is the program; packages: torch, torchvision, tensorflow, tf2onnx, onnx, onnxruntime, pillow, numpy.
"""

import gzip, json, os, tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision
from PIL import Image
from safetensors.numpy import load_file
from torch import nn

import interop_support
from interop_support import ROOT, check, latent

SIZE, LATENT = 32, 6


def near(found, expected, what, most=1e-5):
    worst = float(np.abs(np.asarray(found, np.float64) - np.asarray(expected, np.float64)).max())
    check(worst <= most, f"{what}: differs by {worst}")


def shapes(count, seed):
    """Pictures of coloured discs, squares and diamonds (count, SIZE, SIZE, 3), and which each is."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1)
    pictures, labels = [], random.integers(3, size=count)
    for label in labels:
        (cx, cy), radius = 0.3 + 0.4 * random.random(2), 0.15 + 0.15 * random.random()
        distance = [np.hypot(x - cx, y - cy), np.maximum(abs(x - cx), abs(y - cy)), abs(x - cx) + abs(y - cy)][label]
        inside = 1 / (1 + np.exp((distance - radius) * 40))[..., None]
        pictures.append((random.random(3) * 0.4 * (1 - inside) + random.random(3) * inside) * 255)
    return np.array(pictures).astype(np.uint8), labels.astype(np.uint8)


def imported(folder, name, test, mean, log_variance, picture):
    """A model that another program exported as NAME-encoder.onnx and NAME-decoder.onnx computes here what it does there, and
    so does what we export of it.

    test: (n, h, w, c) in 0..1; mean, log_variance: (n, latent); picture: (n, h, w, c), decoded at the mean."""
    latent("encode", name + ".onnx", "--data", "shapes.npz", "--out", name + ".npy", folder=folder)
    codes = np.load(os.path.join(folder, name + ".npy"))
    near(codes["mean"], mean, f"{name}: mean")
    near(codes["log_variance"], log_variance, f"{name}: log variance", most=2e-5)
    kl = float(np.mean(np.sum(-0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)), axis=1)))
    figures = json.loads(latent("evaluate", name + ".onnx", "--data", "shapes.npz", "--json", folder=folder))
    check(abs(figures["kl"] - kl) < 1e-3, f"{name}: KL {figures['kl']}, there {kl}")
    latent("model", "export", name + ".onnx", name + "-again.onnx", folder=folder)
    for part, given, expected in (("encoder", test.transpose(0, 3, 1, 2), mean), ("decoder", mean, picture)):
        path = os.path.join(folder, f"{name}-again-{part}.onnx")
        onnx.checker.check_model(path, full_check=True)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        found = session.run(None, {session.get_inputs()[0].name: given.astype(np.float32)})[0]
        if part == "decoder": found = found.transpose(0, 2, 3, 1)
        near(found, expected, f"{name}: exported again, {part}")
    latent("grid", name + ".onnx", "--size", "4", "--out", name + ".png", folder=folder)
    check(Image.open(os.path.join(folder, name + ".png")).size == (4 * SIZE, 4 * SIZE), f"{name}: size of the grid")
    for screen in ("explore", "compare", "draw"):
        latent("explore", name + ".onnx", "--data", "shapes.npz", "--screen", screen, "--once", "--size", "80x24", folder=folder)


def pytorch(folder, train, test):
    """Convolutions, batch normalisation and SiLU, exported by torch.onnx."""
    def block(layer, a, b): return [layer(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.SiLU()]

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(*block(nn.Conv2d, 3, 8), *block(nn.Conv2d, 8, 16), nn.Flatten())
            self.heads = nn.ModuleList(nn.Linear(1024, LATENT) for _ in range(2))

        def forward(self, x):
            h = self.body(x)
            return self.heads[0](h), self.heads[1](h)

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(LATENT, 1024)
            self.body = nn.Sequential(*block(nn.ConvTranspose2d, 16, 8), nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Sigmoid())

        def forward(self, z): return self.body(self.first(z).view(-1, 16, 8, 8))

    encoder, decoder = Encoder(), Decoder()
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 1e-3)
    images = torch.tensor(train).permute(0, 3, 1, 2)
    for _ in range(3):
        for part in images.split(50):
            mean, log_variance = encoder(part)
            made = decoder(mean + torch.randn_like(mean) * (log_variance / 2).exp())
            loss = nn.functional.binary_cross_entropy(made, part, reduction="sum") / len(part)
            loss = loss - 0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    encoder.eval(), decoder.eval()
    with torch.no_grad():
        mean, log_variance = encoder(torch.tensor(test).permute(0, 3, 1, 2))
        picture = decoder(mean).permute(0, 2, 3, 1).numpy()
    for part, module, given in (("encoder", encoder, images[:2]), ("decoder", decoder, mean[:2])):
        path = os.path.join(folder, f"torch-{part}.onnx")
        torch.onnx.export(module, (given,), path, dynamic_axes={"x": {0: "n"}} if part == "encoder" else {"z": {0: "n"}},
                          input_names=["x" if part == "encoder" else "z"], verbose=False)
    imported(folder, "torch", test, mean.numpy(), log_variance.numpy(), picture)


def tensorflow(folder, train, test):
    """The same network in Keras, channels last, exported by tf2onnx."""
    import keras
    import tensorflow as tf
    import tf2onnx
    from keras import layers

    keras.utils.set_random_seed(1)

    def block(layer, filters, h):
        h = layer(filters, 4, strides=2, padding="same", use_bias=False)(h)
        return layers.Activation("silu")(layers.BatchNormalization()(h))

    x, z = keras.Input((SIZE, SIZE, 3)), keras.Input((LATENT,))
    h = layers.Flatten()(block(layers.Conv2D, 16, block(layers.Conv2D, 8, x)))
    encoder = keras.Model(x, [layers.Dense(LATENT)(h), layers.Dense(LATENT)(h)])
    h = block(layers.Conv2DTranspose, 8, layers.Reshape((8, 8, 16))(layers.Dense(1024)(z)))
    decoder = keras.Model(z, layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="sigmoid")(h))
    # Running means and variances that are not those of a new layer.
    for part in train.reshape(-1, 50, SIZE, SIZE, 3): decoder(encoder(part, training=True)[0], training=True)
    mean, log_variance = (head.numpy() for head in encoder(test, training=False))
    picture = decoder(mean, training=False).numpy()
    for part, model, shape in (("encoder", encoder, (None, SIZE, SIZE, 3)), ("decoder", decoder, (None, LATENT))):
        function = tf.function(lambda given, model=model: model(given, training=False))
        tf2onnx.convert.from_function(
            function, input_signature=[tf.TensorSpec(shape, tf.float32, name="given")], opset=15,
            output_path=os.path.join(folder, f"keras-{part}.onnx"))
    imported(folder, "keras", test, mean, log_variance, picture)


def pictures_of_others(folder, test, labels):
    """A folder that Pillow writes holds the same pictures for torchvision and for us."""
    for part in ("train", "test"):
        for number, (picture, label) in enumerate(zip(test[:12], labels)):
            where = os.path.join(folder, "photos", part, f"kind {label}")
            os.makedirs(where, exist_ok=True)
            name = os.path.join(where, f"{number:03}." + ("jpg" if number % 4 == 3 else "png"))
            Image.fromarray(picture).save(name, **({"quality": 95} if number % 4 == 3 else {}))
    theirs = torchvision.datasets.ImageFolder(os.path.join(folder, "photos", "test"))
    latent("train", "--headless", "--data", "photos", "--size", f"{SIZE}x{SIZE}", "--epochs", "1", "--hidden", "8", "--out",
           "photos-run", folder=folder)
    latent("reconstruct", "photos-run", "--data", "photos", "-n", "12", "--out", "photos.png", folder=folder)
    sheet = np.asarray(Image.open(os.path.join(folder, "photos.png")))
    for number, (picture, _) in enumerate(theirs):
        ours = sheet[:SIZE, number * SIZE:(number + 1) * SIZE]
        near(ours, np.asarray(picture), f"picture {number} of a folder", most=1)
    info = latent("data", "info", "photos", "--size", f"{SIZE}x{SIZE}", folder=folder)
    check(all(name in info for name in theirs.classes), f"classes {theirs.classes} in {info[:300]}")


def our_files_elsewhere(folder):
    """Codes, figures, animations and data of ours in NumPy, safetensors, Pillow and torchvision."""
    latent("encode", "manifold", "--data", "mnist-5k", "--out", "codes.npy", folder=folder)
    latent("encode", "manifold", "--data", "mnist-5k", "--out", "codes.safetensors", folder=folder)
    table = np.genfromtxt(latent("encode", "manifold", "--data", "mnist-5k", folder=folder).splitlines(), delimiter=",", names=True)
    records, tensors = np.load(os.path.join(folder, "codes.npy")), load_file(os.path.join(folder, "codes.safetensors"))
    near(records["mean"], tensors["mean"], "codes as npy and safetensors", most=0)
    near(records["mean"][:, 0], table["mean_1"], "codes as npy and CSV")
    labels = os.path.join(ROOT, "data", "mnist-5k", "t10k-labels-idx1-ubyte.gz")
    known = torchvision.datasets.mnist.read_sn3_pascalvincent_tensor(unpacked(labels, folder)).numpy()
    near(records["class"], known, "classes of the codes", most=0)
    latent("animate", "manifold", "--data", "mnist-5k", "--path", "3,8", "--size", "5", "--out", "path.gif", folder=folder)
    animation = Image.open(os.path.join(folder, "path.gif"))
    check(animation.n_frames == 8 and animation.info["loop"] == 0, f"frames of the animation: {animation.n_frames}")
    latent("plot", "manifold", "autoencoder", "--out", "loss.png", folder=folder)
    check(Image.open(os.path.join(folder, "loss.png")).size == (1600, 900), "size of the figure")


def unpacked(path, folder):
    plain = os.path.join(folder, os.path.basename(path)[:-3])
    with gzip.open(path) as source, open(plain, "wb") as target: target.write(source.read())
    return plain


with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(1)
    (train, train_labels), (test, test_labels) = shapes(600, 1), shapes(100, 2)
    # As Keras' mnist.npz, which is read by its names.
    np.savez(os.path.join(folder, "shapes.npz"), x_train=train, y_train=train_labels, x_test=test, y_test=test_labels)
    scaled = [(part / np.float32(255)).astype(np.float32) for part in (train, test)]
    pytorch(folder, *scaled)
    tensorflow(folder, *scaled)
    pictures_of_others(folder, test, test_labels)
    our_files_elsewhere(folder)
print(f"models and pictures of others: {interop_support.checks} passed, 0 failed")
