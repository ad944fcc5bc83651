"""What script/interop-test checks. LATENT_PROGRAM is the program; packages: tensorboard, torch, safetensors."""

import argparse, json, os, shutil, signal, struct, subprocess, tempfile, time

import interop_pytorch, interop_support
from interop_support import PROGRAM, check, latent

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def single(value):
    """As it is in 32 bits."""
    return struct.unpack("f", struct.pack("f", value))[0]


def accumulated(folder):
    # 0 keeps everything.
    accumulator = EventAccumulator(folder, size_guidance={kind: 0 for kind in ("scalars", "images", "histograms", "tensors")})
    accumulator.Reload()
    return accumulator


def scalars(accumulator, tag):
    return [(event.step, event.value) for event in accumulator.Scalars(tag)]


def our_events_in_tensorboard(folder):
    """A run that is ended on the way and continued: TensorBoard shows what metrics.jsonl has, and no step twice."""
    options = ["train", "--headless", "--data", "mnist-5k", "--hidden", "32", "--latent", "3", "--seed", "5", "--checkpoint-every", "0"]
    run = os.path.join(folder, "run")
    process = subprocess.Popen([PROGRAM, *options, "--epochs", "6", "--out", "run"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    limit = time.time() + 300
    metrics = os.path.join(run, "metrics.jsonl")
    while time.time() < limit:
        if os.path.exists(run + "/checkpoint.safetensors") and os.path.exists(metrics) and open(metrics).read().count('"epoch"') > 1: break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    latent("train", "--headless", "--resume", "run", folder=folder)

    lines = [json.loads(line) for line in open(metrics)]
    steps = [line for line in lines if line["event"] == "step"]
    epochs = [line for line in lines if line["event"] == "epoch"]
    train, test = accumulated(run + "/train"), accumulated(run + "/test")
    for term in ("negative_elbo", "reconstruction", "kl"):
        check(scalars(train, f"loss/{term}") == [(l["step"], single(l["train"][term])) for l in steps], f"train {term}")
        check(scalars(test, f"loss/{term}") == [(l["step"], single(l["test"][term])) for l in epochs], f"test {term}")
    for setting in ("learning_rate", "beta", "free_bits"):
        check(scalars(train, f"settings/{setting}") == [(l["step"], single(l[setting])) for l in steps], setting)
    check(scalars(test, "active_units") == [(l["step"], l["active_units"]) for l in epochs], "active units")

    histograms = test.Histograms("kl_per_dimension")
    check([h.step for h in histograms] == [l["step"] for l in epochs], "steps of the histograms")
    for histogram, line in zip(histograms, epochs):
        value = histogram.histogram_value
        check(value.num == 3 and abs(value.sum - line["test"]["kl"]) < 1e-3, f"KL per dimension {value}")
        check(sum(value.bucket) == 3 and len(value.bucket) == len(value.bucket_limit), "buckets")
    for tag, size in (("pictures/plane", (280, 280)), ("pictures/reconstructions", (12 * 28, 2 * 28))):
        images = test.Images(tag)
        check(len(images) > 1 and len({i.step for i in images}) == len(images), f"{tag} of steps {[i.step for i in images]}")
        for image in images:
            png = image.encoded_image_string
            check(png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == size == (image.width, image.height), f"{tag} of {image.width}×{image.height}")
    print(f"TensorBoard reads our run: {len(steps)} steps, {len(epochs)} epochs, {len(test.Images('pictures/plane'))} planes, resumed")


def watched(folder):
    """Every value that `latent watch` finds, by series."""
    found = {}
    for line in latent("watch", folder, "--json", folder=os.path.dirname(folder)).splitlines():
        value = json.loads(line)
        found.setdefault(value["series"], []).append((value["step"], value["value"]))
    return found


def same_as_tensorboard(folder, what):
    """`latent watch` and TensorBoard find the same series with the same values in every run of a folder."""
    expected = {}
    for at, _, names in os.walk(folder):
        if not any("tfevents" in name for name in names): continue
        prefix = "" if at == folder else os.path.relpath(at, folder) + "/"
        accumulator = accumulated(at)
        for tag in accumulator.Tags()["scalars"]: expected[prefix + tag] = scalars(accumulator, tag)
        for tag in accumulator.Tags()["tensors"]:
            if accumulator.SummaryMetadata(tag).plugin_data.plugin_name != "scalars": continue
            from tensorboard.util.tensor_util import make_ndarray
            expected[prefix + tag] = [(e.step, float(make_ndarray(e.tensor_proto))) for e in accumulator.Tensors(tag)]
    found = watched(folder)
    check(set(found) == set(expected), f"{what}: series {sorted(found)}, expected {sorted(expected)}")
    for tag, values in expected.items():
        check(found[tag] == values, f"{what}, {tag}: {found[tag][:3]} …, expected {values[:3]} …")
    print(f"latent reads {what}: {len(expected)} series, {sum(map(len, expected.values()))} values")


def their_events(folder):
    from torch.utils.tensorboard import SummaryWriter
    import numpy

    path = os.path.join(folder, "pytorch")
    writer = SummaryWriter(path)
    for step in range(200):
        writer.add_scalar("loss/elbo", 200 - step / 3, step)
        writer.add_scalars("terms", {"kl": step / 7, "reconstruction": 100 / (step + 1)}, step)
    writer.add_scalar("no_step", 1.5, -1)
    writer.add_histogram("codes", numpy.arange(10.0), 0)
    writer.add_image("picture", numpy.zeros((3, 8, 8)), 0)
    writer.add_scalar("new_style", 0.1, 3, new_style=True)
    writer.close()
    writer = SummaryWriter(path, purge_step=150)
    for step in range(150, 160): writer.add_scalar("loss/elbo", 7 + step, step)
    writer.close()
    same_as_tensorboard(path, "what PyTorch's SummaryWriter wrote")


def fixtures(folder):
    source = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests", "Fixtures", "events")
    for name in sorted(os.listdir(source)):
        run = os.path.join(folder, "fixtures", name.split(".")[0], "run")
        os.makedirs(run, exist_ok=True)
        shutil.copy(os.path.join(source, name), os.path.join(run, "events.out.tfevents.1." + name))
        same_as_tensorboard(os.path.dirname(run), f"Tests/Fixtures/events/{name}")


parser = argparse.ArgumentParser()
parser.add_argument("--keep", help="a folder for the files, which is kept")
keep = parser.parse_args().keep
with tempfile.TemporaryDirectory() as temporary:
    folder = os.path.abspath(keep or temporary)
    os.makedirs(folder, exist_ok=True)
    our_events_in_tensorboard(folder)
    same_as_tensorboard(os.path.join(folder, "run", "train"), "its own events")
    their_events(folder)
    fixtures(folder)
    interop_pytorch.all_checks(folder)
print(f"{interop_support.checks} passed, 0 failed")
