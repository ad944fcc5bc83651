"""The processes that train one model together. Alone, everything here costs nothing and does nothing."""

import os
import signal

import torch
import torch.distributed as dist

from .errors import LatentError


class Processes:
    """This process among the others, as torchrun numbers them: gloo on CPUs, nccl on GPUs.

    `device` is `cpu`, `cuda`, or None for GPUs where there are any.
    """

    def __init__(self, device=None):
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if device == "cuda" and not torch.cuda.is_available():
            raise LatentError("no GPU that PyTorch can use", "--device", "cpu", "cuda")
        is_gpu = device != "cpu" and torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if is_gpu else torch.device("cpu")
        if is_gpu:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            self._meet("nccl" if is_gpu else "gloo")

    def _meet(self, backend):
        attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT")
        if attempt is None:
            dist.init_process_group(backend)
            return
        # After a restart, torchrun's store still has the addresses of processes that are gone. So each attempt has its
        # own part of the store.
        is_host = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") != "True" and self.rank == 0
        store = dist.TCPStore(
            os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]), self.world, is_host, multi_tenant=True)
        dist.init_process_group(
            backend, store=dist.PrefixStore(f"attempt-{attempt}", store), rank=self.rank, world_size=self.world)

    @property
    def is_first(self):
        """Whether this process writes the run."""
        return self.rank == 0

    def wrapped(self, model):
        """The model to call in training: it starts as the first process has it, and averages the gradients."""
        if self.world == 1:
            return model
        ids = [self.device.index] if self.device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(model, device_ids=ids)

    def sum(self, values):
        """The sum of a tensor over all processes, on the CPU."""
        if self.world == 1:
            return values
        values = values.to(self.device)
        dist.all_reduce(values)
        return values.cpu()

    def from_first(self, make):
        """What `make()` gives in the first process; every process raises its error."""
        outcome = [None, None]
        if self.is_first:
            try:
                outcome[0] = make()
            except LatentError as error:
                outcome[1] = error
        if self.world > 1:
            dist.broadcast_object_list(outcome, 0)
        if outcome[1] is not None:
            raise outcome[1]
        return outcome[0]

    def end(self):
        """Ends together with the others."""
        if self.world > 1:
            dist.barrier()
            dist.destroy_process_group()


class Signals:
    """Requests to end. They are noted, and obeyed between two steps. What is ignored, as by nohup, stays ignored."""

    def __init__(self):
        self.received = 0
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    def _note(self, number, frame):
        self.received = number
