"""The figures of a run as TensorBoard's events, in `train/` and `test/` of its folder. Needs tensorboard."""

from .errors import LatentError


class Events:
    """Writes each line of metrics.jsonl under the tags that docs/FORMATS.md lists."""

    def __init__(self, folder, resumed_at=None):
        """`resumed_at`: the step that a run is continued from; what was written of later ones is void."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise LatentError("needs a package", "--tensorboard", remedy="pip install tensorboard") from None
        purge = None if resumed_at is None else resumed_at + 1
        self._writers = {part: SummaryWriter(str(folder / part), purge_step=purge) for part in ("train", "test")}

    def write(self, line):
        for part, tags in _tags(line).items():
            for tag, value in tags.items():
                self._writers[part].add_scalar(tag, value, line["step"], walltime=line["time"])
            self._writers[part].flush()

    def close(self):
        for writer in self._writers.values():
            writer.close()


def _tags(line):
    def losses(part):
        return {f"loss/{term}": value for term, value in line[part].items()}

    if line["event"] == "step":
        settings = {f"settings/{name}": line[name] for name in ("learning_rate", "beta", "free_bits")}
        return {"train": losses("train") | settings}
    if line["event"] == "epoch":
        speed = {"images_per_second": line["images_per_second"]}
        return {"train": speed, "test": losses("test") | {"active_units": line["active_units"]}}
    return {}
