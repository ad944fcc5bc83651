"""Checks of integrations/pytorch against the program: presets, models both ways, training, following, and restarts."""

import gzip
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import time

import latent_torch
from interop_support import PROGRAM, ROOT, check, latent
from latent_torch import data, evaluation, files

DATA = os.path.join(ROOT, "data", "mnist-5k")
# Networks and trainings of every kind. The numbers of both sides stay together as long as no step magnifies rounding;
# Adagrad's first steps do, where a gradient is almost zero.
TRAININGS = {
    "mlp": "pytorch --epochs 2",
    "steep": "manifold --epochs 1",
    "deep": "manifold --epochs 1 --likelihood gaussian --activation elu --kl-warmup 1 --beta 2 --decoder-hidden 100 "
            "--initialization pytorch",
    "convolutional": "tensorflow --epochs 1 --batch-size 64",
    "conditional": "tensorflow --epochs 1 --batch-size 64 --conditional --activation gelu --reduction sum",
    "conditional-mlp": "pytorch --epochs 1 --conditional --activation silu --optimizer adamw --clip 5 --seed 123456789",
    "autoencoder": "autoencoder --epochs 1",
    "binary": "pytorch --epochs 1 --binarize stochastic --samples 3 --free-bits 0.3 --likelihood gaussian-sigmoid",
    "continuous": "pytorch --epochs 1 --likelihood continuous-bernoulli --optimizer sgd --learning-rate 1e-5",
    "importance": "iwae --epochs 1 --samples 5 --batch-size 100",
    "adagrad": "kingma --epochs 1",
}


def all_checks(folder):
    presets(folder)
    trainings(folder)
    an_own_loop(folder)
    shares(folder)
    refusals(folder)
    restarts(folder)
    following(folder)


def trainer(*arguments, processes=1):
    """The command that trains with latent_torch."""
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "--max-restarts=1"]
    return [sys.executable, *(launcher if processes > 1 else []), "-m", "latent_torch.train", *arguments]


def start(command, folder, log):
    environment = os.environ | {"OMP_NUM_THREADS": "1", "LATENT_PROGRAM": PROGRAM}
    with open(os.path.join(folder, log), "w") as file:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT)


def train(folder, *arguments, processes=1):
    process = start(trainer(*arguments, processes=processes), folder, "log")
    process.wait(timeout=600)
    check(process.returncode == 0, f"latent_torch.train {arguments}: {pathlib.Path(folder, 'log').read_text()[-2000:]}")


def wait_for(what, condition, seconds=120):
    limit = time.time() + seconds
    while time.time() < limit:
        if found := condition():
            return found
        time.sleep(0.05)
    check(False, f"{what} not within {seconds} s")


def lines(run):
    """The whole lines of metrics.jsonl."""
    path = pathlib.Path(run, "metrics.jsonl")
    whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
    return [json.loads(line) for line in whole.splitlines()]


def presets(folder):
    """Every preset builds the network that the program has."""
    found = [json.loads(line) for line in latent("preset", "--json", folder=folder).splitlines()]
    check(len(found) > 5, f"presets {[p['name'] for p in found]}")
    for preset in found:
        model = latent_torch.VAE(preset["model"])
        count = sum(parameter.numel() for parameter in model.parameters())
        check(count == preset["parameters"], f"{preset['name']}: {count} parameters, expected {preset['parameters']}")
    print(f"latent_torch builds {len(found)} presets with the program's numbers of parameters")


def same_losses(model, folder):
    """A model file has the same losses in both programs, to 1e-3 nats per image."""
    loaded = latent_torch.load(model)
    binarization = loaded.record["training"]["binarization"]
    ours = evaluation.figures(evaluation.sums(loaded, data.load(DATA).test, binarization), loaded, binarization)
    theirs = json.loads(latent("evaluate", model, "--data", "mnist-5k", "--json", folder=folder))
    for term, value in ours["terms"].items():
        check(abs(value - theirs[term]) < 1e-3, f"{model}: {term} {value} in torch, {theirs[term]} in latent")
    check(evaluation.active_units(ours) == theirs["active_units"], f"{model}: active units")
    return ours["terms"]


def trainings(folder):
    """Both train the same run: the same lines with the same losses, and models that both read alike."""
    worst = 0
    for name, options in TRAININGS.items():
        options = options.split()
        torch_run, latent_run = (os.path.join(folder, f"{name}-{program}") for program in ("torch", "latent"))
        preset = os.path.join(folder, name + ".json")
        pathlib.Path(preset).write_text(latent("preset", *options, "--json", folder=folder))
        train(folder, "--preset-file", preset, "--data", DATA, "--out", torch_run, "--tensorboard")
        latent("train", "--headless", "--preset", *options, "--data", "mnist-5k", "--out", latent_run, folder=folder)
        ours, theirs = lines(torch_run), lines(latent_run)
        keys = ("event", "step", "epoch", "learning_rate", "beta", "free_bits", "active_units")
        places = [[[line.get(key) for key in keys] for line in run] for run in (ours, theirs)]
        if name == "adagrad":
            ours, theirs, places = ours[:1], theirs[:1], [place[:1] for place in places]
        check(places[0] == places[1], f"{name}: lines {places[0][:3]} …, in latent {places[1][:3]} …")
        for a, b in zip(ours, theirs):
            differences = [abs(a[p][t] - b[p][t]) for p in ("train", "test") if p in a for t in a[p]]
            worst = max([worst, *differences])
            check(max(differences) < 0.02, f"{name}: {a} in torch, {b} in latent")
        same_losses(torch_run + "/model.safetensors", folder)
        same_losses(latent_run + "/model.safetensors", folder)
    listed = [json.loads(line) for line in latent("runs", folder, "--json", folder=folder).splitlines()]
    states = [(run["state"], run["can_resume"], run["notices"]) for run in listed if run["name"].endswith("-torch")]
    check(states == [("finished", False, [])] * len(TRAININGS), f"{states}")
    print(f"both train {len(TRAININGS)} runs alike (largest difference of a loss {worst:.1e} nats), read alike by both")


def an_own_loop(folder):
    """A person's own module with the names of the preset's VAE, saved with its preset; and that file's state_dict."""
    import torch

    preset = json.loads(latent("preset", "pytorch", "--hidden", "30", "--json", folder=folder))

    class Own(torch.nn.Module):
        def __init__(self):
            super().__init__()
            sizes = {"fc1": (784, 30), "fc21": (30, 20), "fc22": (30, 20), "fc3": (20, 30), "fc4": (30, 784)}
            for name, size in sizes.items():
                setattr(self, name, torch.nn.Linear(*size))

    own, path = Own(), os.path.join(folder, "own.safetensors")
    umask = os.umask(0o027)
    files.save(own, path, preset, step=7, epoch=1, dataset="mnist-5k")
    os.umask(umask)
    check(os.stat(path).st_mode & 0o777 == 0o640, f"mode {os.stat(path).st_mode:o} under umask 027")
    own.load_state_dict(latent_torch.load(path).state_dict())
    same_losses(path, folder)
    with torch.no_grad():
        own.fc3.bias[4] = float("nan")
    try:
        files.save(own, path, preset)
        check(False, "a model that is not finite was saved")
    except latent_torch.LatentError as error:
        check("fc3.bias" in str(error) and latent_torch.load(path).step == 7, str(error))
    print("a module of one's own is saved and read")


def small_data(folder):
    """The first images of the sample: 61 to train on, 21 held out."""
    target = pathlib.Path(folder, "small")
    target.mkdir(exist_ok=True)
    for name, count in zip(data.FILES, (61, 61, 21, 21)):
        content = gzip.decompress(pathlib.Path(DATA, name + ".gz").read_bytes())
        start, size = (16, 784) if "images" in name else (8, 1)
        (target / name).write_bytes(content[:4] + struct.pack(">I", count) + content[8:start + count * size])
    return str(target)


def shares(folder):
    """More processes than a batch has images, batches that do not divide: the steps of one process all the same."""
    preset = os.path.join(folder, "shares.json")
    options = "tensorflow --epochs 2 --batch-size 3".split()
    pathlib.Path(preset).write_text(latent("preset", *options, "--json", folder=folder))
    runs = [os.path.join(folder, f"shares-{processes}") for processes in (1, 4)]
    for run, processes in zip(runs, (1, 4)):
        train(folder, "--preset-file", preset, "--data", small_data(folder), "--out", run, processes=processes)
    one, four = map(lines, runs)
    check([(l["event"], l["step"]) for l in one] == [(l["event"], l["step"]) for l in four], "lines of four processes")
    for a, b in zip(one, four):
        differences = [abs(a[p][t] - b[p][t]) for p in ("train", "test") if p in a for t in a[p]]
        check(max(differences) < 1e-3, f"{a} of one process, {b} of four")
    print("four processes take the steps of one, also those without an image")


def refusals(folder):
    """What cannot be used is refused in one line, and nothing is written."""
    small, place = small_data(folder), pathlib.Path(folder)
    done = place / "shares-1"
    cases = {"cut": b"\0\0\x08\x03\0\0", "huge": b"\0\0\x08\x03" + b"\xff" * 12, "other": b"{}"}
    for name, content in cases.items():
        (place / name).mkdir(exist_ok=True)
        (place / name / data.FILES[0]).write_bytes(content)
    for name, content in {"empty.json": "", "list.json": "[1]", "half.json": '{"model": {}, "training": {}}'}.items():
        (place / name).write_text(content)
    shutil.copytree(done, place / "damaged", dirs_exist_ok=True)
    (place / "damaged" / "checkpoint.pt").write_bytes((done / "checkpoint.pt").read_bytes()[:3000])
    file = str(place / "shares.json")
    new = str(place / "refused")
    for arguments, words in [
        (["--preset-file", file, "--data", str(place / "cut")], "truncated IDX file"),
        (["--preset-file", file, "--data", str(place / "huge")], "too large"),
        (["--preset-file", file, "--data", str(place / "other")], "not an IDX file"),
        (["--preset-file", file, "--data", str(place / "none")], "no IDX files"),
        (["--preset-file", str(place / "empty.json"), "--data", small], "not a preset"),
        (["--preset-file", str(place / "list.json"), "--data", small], "not a preset"),
        (["--preset-file", str(place / "half.json"), "--data", small], "not a training"),
        (["--preset", "nothing", "--data", small], "no such preset"),
        (["--preset", "pytorch", "--latent", "/nothing", "--data", small], "--preset-file"),
        (["--preset-file", file, "--data", small, "--epochs", "0"], "epochs"),
        (["--data", small, "--out", str(place / "damaged")], "checkpoint.pt"),
        (["--data", DATA, "--out", str(done)], "other images"),
        (["--preset", "pytorch", "--data", small, "--out", str(done)], "another 'preset'"),
        (["--data", small, "--out", str(place / "run")], "another program"),
    ]:
        command = trainer(*arguments, *([] if "--out" in arguments else ["--out", new]))
        refused = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        text = refused.stderr.strip()
        check(refused.returncode == 1 and words in text, f"{arguments}: status {refused.returncode}, {text}")
        check(text.startswith("latent_torch: ") and len(text.splitlines()) == 1, f"{arguments}: {text}")
    check(not os.path.exists(new), "a refused run has a folder")
    print("what cannot be used is refused in one line")


def restarts(folder):
    """A worker that is killed half way: torchrun starts all anew, and the run ends as one without a break."""
    options = ["--preset", "pytorch", "--data", DATA, "--epochs", "6", "--snapshots", "5", "--checkpoint-every", "0.2"]
    whole = os.path.join(folder, "whole")
    train(folder, *options, "--out", whole, processes=2)
    for victim in ("writer", "other"):
        run = os.path.join(folder, "killed-" + victim)
        process = start(trainer(*options, "--out", run, processes=2), folder, "log")
        wait_for("the third epoch", lambda: sum(line["event"] == "epoch" for line in lines(run)) > 2)
        writer = int(pathlib.Path(run, "lock").read_text().split()[0])
        workers = [int(p) for p in subprocess.check_output(["pgrep", "-P", str(process.pid)], text=True).split()]
        os.kill(writer if victim == "writer" else next(p for p in workers if p != writer), signal.SIGKILL)
        process.wait(timeout=300)
        log = pathlib.Path(folder, "log").read_text()
        check(process.returncode == 0, f"after a worker was killed: {log[-2000:]}")
        check(re.search(r"continues .* from step [1-9]", log), f"it began anew: {log[-2000:]}")
        values = [[(l["event"], l["step"], l["train"], l.get("test")) for l in lines(r)] for r in (whole, run)]
        check(values[0] == values[1], f"{victim} killed: other lines than without a break")
        models = [latent_torch.load(r).state_dict() for r in (whole, run)]
        check(all((models[0][name] == models[1][name]).all() for name in models[0]), f"{victim} killed: another model")
        check(not pathlib.Path(run, "lock").exists(), "the lock is left")
    command = [PROGRAM, "train", "--headless", "--resume", run]
    refused = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    check(refused.returncode == 1 and "latent_torch.train --out" in refused.stderr, refused.stderr)
    check(len(refused.stderr.splitlines()) == 1, refused.stderr)
    print("a run whose workers are killed goes on from its checkpoint, to the same bits")


def following(folder):
    """`latent watch` in a terminal while two processes train: the steps and the pictures move."""
    run, socket = os.path.join(folder, "followed"), f"latent-interop-{os.getpid()}"
    tmux = lambda *arguments: subprocess.check_output(["tmux", "-L", socket, *arguments], text=True)
    options = ["--preset", "manifold", "--data", DATA, "--epochs", "40", "--out", run]
    process = start(trainer(*options, processes=2), folder, "log")
    wait_for("the run", lambda: len(lines(run)) > 0)
    tmux("new-session", "-d", "-x", "120", "-y", "40", f"LATENT_PROJECT={ROOT} {PROGRAM} watch {run}")
    try:
        tmux("send-keys", "2")
        seen = {}

        def has_moved():
            screen = tmux("capture-pane", "-p").splitlines()
            step = re.search(r"step (\d+)", screen[0]) if screen else None
            if step and "followed" in screen[0]:
                seen[int(step.group(1))] = "\n".join(screen[1:-3])
            return len(seen) > 5 and len(set(seen.values())) > 2

        wait_for("a picture that moves", has_moved)
        check(process.poll() is None, "training had ended before it was followed")
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
        wait_for("the end of the run", lambda: "has ended" in tmux("capture-pane", "-p"))
    finally:
        subprocess.run(["tmux", "-L", socket, "kill-server"], capture_output=True)
        if process.poll() is None:
            process.kill()
    check(pathlib.Path(run, "model.safetensors").exists(), "no model after SIGTERM")
    same_losses(run + "/model.safetensors", folder)
    frame = latent("explore", run, "--data", DATA, folder=folder)
    check("Explore" in frame and f"step {latent_torch.load(run).step}" in frame, frame[:200])
    print(f"latent watch follows it: steps {min(seen)} to {max(seen)}, {len(set(seen.values()))} different pictures")
