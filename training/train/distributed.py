"""Several processes that learn one net together: torchrun's, or ones that `train` starts itself.

A step's global batch has numbered slots. Of W processes, process r makes and learns slots r, r + W,
r + 2W and so on; gradients, batch statistics and losses are taken over all of them. So any number
of processes goes the same way as one, up to rounding.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from training.errors import TrainingError
from training.train.meeting import meeting_store

T = TypeVar("T")

SYNC_TIMEOUT = timedelta(minutes=30)
"""How long a process waits for the others: an evaluation on one of them may take a while."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """The processes that learn together, and which of them this is."""

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def first(self) -> bool:
        """True in the process that evaluates, saves and speaks."""
        return self.rank == 0

    def slots(self, batch: int) -> slice:
        """Return the slots of a global batch that this process makes and learns."""
        return slice(self.rank, batch, self.size)

    def total(self, *values: float) -> list[float]:
        """Return the sums of values over all processes."""
        if self.size == 1:
            return list(values)
        summed = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(summed)
        found: list[float] = summed.tolist()
        return found

    def latest(self, local: T | None, place: tuple[int, ...]) -> T | None:
        """Return what the process with the largest `place` holds; of equals, the lowest rank's."""
        if self.size == 1:
            return local
        places: list[Any] = [None] * self.size
        dist.all_gather_object(places, place)
        source = max(range(self.size), key=lambda rank: (places[rank], -rank))
        held = [local if self.rank == source else None]
        dist.broadcast_object_list(held, src=source)
        return held[0]

    def wait(self) -> None:
        """Return when all processes are here."""
        if self.size > 1:
            dist.barrier()

    def wrap(self, net: nn.Module) -> nn.Module:
        """Return the net on this process's device, its gradients averaged over all processes."""
        net = net.to(self.device)
        if self.size == 1:
            return net
        if self.device == "cpu":
            net = with_common_statistics(net)
        else:
            net = nn.SyncBatchNorm.convert_sync_batchnorm(net)  # type: ignore[no-untyped-call]
        return DistributedDataParallel(net, broadcast_buffers=False)


def join(batch: int, device: str = "auto") -> Distributed:
    """Join the processes that torchrun started; alone, when there is no torchrun.

    Raises `TrainingError` when the global batch cannot be shared out evenly.
    """
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    if batch % size:
        raise TrainingError(
            f"A batch of {batch} cannot be shared by {size} processes: give --batch a multiple."
        )
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise TrainingError(
            "This build of torch sees no CUDA device: give --device cpu, or install torch for CUDA."
        )
    if device == "cuda":
        device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(device)
    if size > 1 and not dist.is_initialized():
        backend = "nccl" if device.startswith("cuda") else "gloo"
        store = meeting_store(rank, size, SYNC_TIMEOUT)
        if store is None:
            dist.init_process_group(backend, timeout=SYNC_TIMEOUT)
        else:
            dist.init_process_group(backend, None, SYNC_TIMEOUT, size, rank, store)
    return Distributed(rank, size, device)


def leave() -> None:
    """Part from the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()


def at_least_float32(values: Tensor) -> Tensor:
    """Return half-precision values as float32; others stay, so that double precision is whole."""
    return values.float() if values.dtype in (torch.float16, torch.bfloat16) else values


class _Sum(torch.autograd.Function):
    """The sum over all processes, which gradients come back through."""

    @staticmethod
    def forward(_: Any, slots: Tensor) -> Tensor:
        summed = slots.clone()
        dist.all_reduce(summed)
        return summed

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        summed = gradient.clone()
        dist.all_reduce(summed)
        return summed


class CommonBatchNorm(nn.BatchNorm2d):
    """Batch norm over the global batch, on CPUs, where torch's own SyncBatchNorm does not work."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape."""
        if not self.training:
            still: Tensor = super().forward(x)
            return still
        wide = at_least_float32(x)
        count = x.numel() / x.shape[1] * dist.get_world_size()
        mean: Tensor = _Sum.apply(wide.sum((0, 2, 3))) / count  # type: ignore[no-untyped-call]
        away = (
            wide - mean[:, None, None]
        )  # squares of what is far from 0 would lose its last digits
        variance = _Sum.apply(away.square().sum((0, 2, 3))) / count  # type: ignore[no-untyped-call]
        self._remember(mean, variance * count / max(1.0, count - 1))
        scale = self.weight * (variance + self.eps).rsqrt()
        shift = self.bias - mean * scale
        normal: Tensor = wide * scale[:, None, None] + shift[:, None, None]
        return normal.to(x)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
        self.num_batches_tracked += 1


def with_common_statistics(net: nn.Module) -> nn.Module:
    """Turn every batch norm of a net into one over the global batch; weights keep their names."""
    for module in net.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = CommonBatchNorm
    return net


def bare(net: nn.Module) -> Any:
    """Return the net itself, without what shares it between processes."""
    return net.module if isinstance(net, DistributedDataParallel) else net
