"""What both training loops share: the schedule, the running average, saving and resuming."""

import copy
import json
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn."""

    epochs: int = 20
    pictures: int = 30_000
    """Drawn in each epoch."""
    batch: int = 128
    rate: float = 4e-3
    """Peak learning rate of AdamW under a one-cycle schedule."""
    decay: float = 0.05
    seed: int = 42
    stop_after: int | None = None
    """Leave off after so many epochs, to be resumed; None: go on to the end."""

    @property
    def last(self) -> int:
        """The epoch to stop before."""
        return min(self.epochs, self.stop_after or self.epochs)

    @property
    def steps(self) -> int:
        """Batches over the whole training."""
        return self.epochs * (self.pictures // self.batch)


class RunningAverage:
    """An exponential moving average of a net's weights: what is evaluated and exported."""

    def __init__(self, net: nn.Module, decay: float = 0.998) -> None:
        self.net = copy.deepcopy(net).eval()
        self.decay, self.updates = decay, 0

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Move a little towards the net; faster at the beginning."""
        self.updates += 1
        keep = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mine, theirs in zip(
            self.net.state_dict().values(), net.state_dict().values(), strict=True
        ):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - keep)
            else:
                mine.copy_(theirs)


class Learner:
    """A net, its optimizer and its average, advancing one batch at a time."""

    def __init__(self, net: nn.Module, schedule: Schedule) -> None:
        self.net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stubs lag
        self.average = RunningAverage(net)
        self.optimizer = torch.optim.AdamW(
            net.parameters(), lr=schedule.rate, weight_decay=schedule.decay
        )
        self.plan = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, schedule.rate, total_steps=schedule.steps + 1, pct_start=0.15
        )

    def step(self, loss: torch.Tensor) -> float:
        """Learn from one batch's loss. Raises RuntimeError when it is not a finite number."""
        if not torch.isfinite(loss):
            raise RuntimeError("the loss is not finite any more: lower --rate")
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.plan.step()
        self.average.update(self.net)
        return float(loss.detach())

    def state(self) -> dict[str, Any]:
        """Return everything that resuming needs."""
        return {
            "net": self.net.state_dict(),
            "average": self.average.net.state_dict(),
            "updates": self.average.updates,
            "optimizer": self.optimizer.state_dict(),
            "plan": self.plan.state_dict(),
        }

    def save(self, out: Path, epoch: int, facts: dict[str, Any]) -> None:
        """Write `last.pt`, to resume from, and `model.pt`, the averaged weights to export."""
        save(out / "last.pt", {"learner": self.state(), "epoch": epoch, **facts})
        save(out / "model.pt", {"weights": self.average.net.state_dict(), **facts})

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from `state()`."""
        self.net.load_state_dict(state["net"])
        self.average.net.load_state_dict(state["average"])
        self.average.updates = state["updates"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.plan.load_state_dict(state["plan"])


def seed_everything(seed: int) -> None:
    """Start every source of chance anew."""
    random.seed(seed)
    np.random.seed(seed)  # libraries draw from the old generator too
    torch.manual_seed(seed)


def save(path: Path, content: dict[str, Any]) -> None:
    """Write a checkpoint so that a kill leaves either the old one or the new one."""
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)


def log_line(folder: Path, line: dict[str, Any]) -> None:
    """Append one JSON line to the run's log and show it."""
    text = json.dumps(line)
    with (folder / "log.jsonl").open("a") as log:
        log.write(text + "\n")
    print(text, flush=True)


def git_commit() -> str:
    """Return the commit this training ran from, or `unknown` outside a checkout."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607  # whichever git there is
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()
