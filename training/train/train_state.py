"""A net, its optimizer and its moving average, advancing one batch at a time."""

import copy
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.train.distributed import Distributed, bare
from training.train.optim import Schedule, open_lr_scheduler, open_optimizer
from training.train.precision import loss_scaler


class ExponentialMovingAverage:
    """An exponential moving average of a net's weights: what is evaluated and exported."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net = copy.deepcopy(net).eval()
        self.decay, self.updates = decay, 0

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Move a little towards the net; faster at the beginning."""
        self.updates += 1
        keep = min(self.decay, (1 + self.updates) / (10 + self.updates)) if self.decay else 0.0
        for average, theirs in zip(
            self.net.state_dict().values(), net.state_dict().values(), strict=True
        ):
            if average.dtype.is_floating_point:
                average.lerp_(theirs, 1 - keep)
            else:
                average.copy_(theirs)


class Learner:
    """Learns one net, together with the other processes."""

    def __init__(
        self,
        net: nn.Module,
        schedule: Schedule,
        steps: int,
        distributed: Distributed,
        precision: str = "float32",
    ) -> None:
        """Prepare for `steps` steps in all, whose losses come from `precision`."""
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stubs lag
        self.distributed, self.schedule = distributed, schedule
        self.ema = ExponentialMovingAverage(net.to(distributed.device), schedule.ema)
        self.net = distributed.wrap(net)
        self.optimizer = open_optimizer(self.net, schedule)
        self.lr_scheduler = open_lr_scheduler(self.optimizer, schedule, steps)
        self.scaler = loss_scaler(distributed.device, precision)

    def step(self, loss: Tensor) -> None:
        """Learn from one batch's loss. Raises `TrainingError` when it is not a finite number."""
        if not torch.isfinite(loss):
            raise TrainingError(
                "The loss is not a finite number any more: go on with a lower --lr, from the "
                "last epoch that was saved."
            )
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]  # torch has no types
        self.scaler.unscale_(self.optimizer)
        if self.schedule.clip:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.schedule.clip)
        self.scaler.step(self.optimizer)  # left out where float16 has overflowed
        self.scaler.update()
        with warnings.catch_warnings():  # of a first step that was left out
            warnings.filterwarnings("ignore", "Detected call of `lr_scheduler.step", UserWarning)
            self.lr_scheduler.step()
        self.ema.update(bare(self.net))

    def state(self) -> dict[str, Any]:
        """Return everything that going on needs."""
        return {
            "net": bare(self.net).state_dict(),
            "ema": self.ema.net.state_dict(),
            "updates": self.ema.updates,
            "optimizer": self.optimizer.state_dict(),
            "lr_scheduler": self.lr_scheduler.state_dict(),
            "scaler": self.scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from `state()`. Raises `TrainingError` when it is another net's."""
        try:
            bare(self.net).load_state_dict(state["net"])
            self.ema.net.load_state_dict(state["ema"])
        except RuntimeError as error:
            first = str(error).splitlines()[0]
            raise TrainingError(
                f"The training to go on with is of another net ({first}): give another --out."
            ) from None
        self.ema.updates = state["updates"]
        self.optimizer.load_state_dict(state["optimizer"])
        if scale := state.get("scaler"):  # empty where float16 was not used
            self.scaler.load_state_dict(scale)
        if state["lr_scheduler"].get("total_steps") == getattr(
            self.lr_scheduler, "total_steps", None
        ):
            self.lr_scheduler.load_state_dict(state["lr_scheduler"])
        else:
            self._fit_schedule(state["lr_scheduler"]["last_epoch"])

    def _fit_schedule(self, steps: int) -> None:
        """Go to where a schedule of another length is after so many steps."""
        place = {"last_epoch": steps, "_step_count": steps + 1}
        self.lr_scheduler.load_state_dict({**self.lr_scheduler.state_dict(), **place})
        lrs = self.lr_scheduler.get_lr()
        for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
            group["lr"] = lr
