"""How long, how fast and with which optimizer to learn."""

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import nn


@dataclass(frozen=True, slots=True)
class Schedule:
    """One training's length and speed; every field is an option of `train`."""

    epochs: int = 30
    pictures: int | None = 30_000
    """Drawn in each epoch; None: as many as there are."""
    batch: int = 128
    """Over all processes."""
    lr: float = 4e-3
    """Peak learning rate."""
    decay: float = 0.05
    """Weight decay."""
    optimizer: Literal["adamw", "sgd"] = "adamw"
    momentum: float = 0.9
    lr_scheduler: Literal["one-cycle", "constant"] = "one-cycle"
    ema: float = 0.998
    """Decay of the moving average of weights, which is what is evaluated and exported; 0: none."""
    clip: float = 5.0
    """Largest norm of all gradients together; 0: any."""
    patience: int | None = None
    """Epochs without a better score after which to stop; None: never."""
    keep: Literal["last", "best"] = "last"
    """Which epoch's weights become `model.pt`."""
    seed: int = 42

    def steps(self, samples: int) -> int:
        """Return the steps of one epoch over a set of so many samples."""
        return max(1, (self.pictures or samples) // self.batch)


def open_optimizer(net: nn.Module, schedule: Schedule) -> torch.optim.Optimizer:
    """Return the optimizer that a schedule names."""
    if schedule.optimizer == "sgd":
        return torch.optim.SGD(
            net.parameters(), schedule.lr, schedule.momentum, weight_decay=schedule.decay
        )
    return torch.optim.AdamW(net.parameters(), schedule.lr, weight_decay=schedule.decay)


def open_lr_scheduler(
    optimizer: torch.optim.Optimizer, schedule: Schedule, steps: int
) -> torch.optim.lr_scheduler.LRScheduler:
    """Return how the learning rate changes over so many steps in all."""
    if schedule.lr_scheduler == "constant":
        return torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0, 0)
    settings: dict[str, Any] = {"total_steps": steps + 1, "pct_start": 0.15}
    return torch.optim.lr_scheduler.OneCycleLR(optimizer, schedule.lr, **settings)
