"""A net, its optimizer and its running average, advancing one batch at a time."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import SchoolError
from training.train.distributed import World, bare
from training.train.optim import Schedule, open_optimizer, open_plan


class RunningAverage:
    """An exponential moving average of a net's weights: what is judged and exported."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net = copy.deepcopy(net).eval()
        self.decay, self.updates = decay, 0

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Move a little towards the net; faster at the beginning."""
        self.updates += 1
        keep = min(self.decay, (1 + self.updates) / (10 + self.updates)) if self.decay else 0.0
        for mine, theirs in zip(
            self.net.state_dict().values(), net.state_dict().values(), strict=True
        ):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - keep)
            else:
                mine.copy_(theirs)


class Learner:
    """Learns one net, together with the other processes of its world."""

    def __init__(self, net: nn.Module, schedule: Schedule, steps: int, world: World) -> None:
        """Prepare for `steps` steps in all."""
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stubs lag
        self.world, self.schedule = world, schedule
        self.average = RunningAverage(net.to(world.device), schedule.average)
        self.net = world.wrap(net)
        self.optimizer = open_optimizer(self.net, schedule)
        self.plan = open_plan(self.optimizer, schedule, steps)

    def step(self, loss: Tensor) -> None:
        """Learn from one batch's loss. Raises `SchoolError` when it is not a finite number."""
        if not torch.isfinite(loss):
            raise SchoolError(
                "The loss is not a finite number any more: go on with a lower --rate, from the "
                "last epoch that was saved."
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        if self.schedule.clip:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.schedule.clip)
        self.optimizer.step()
        self.plan.step()
        self.average.update(bare(self.net))

    def state(self) -> dict[str, Any]:
        """Return everything that going on needs."""
        return {
            "net": bare(self.net).state_dict(),
            "average": self.average.net.state_dict(),
            "updates": self.average.updates,
            "optimizer": self.optimizer.state_dict(),
            "plan": self.plan.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from `state()`. Raises `SchoolError` when it is another net's."""
        try:
            bare(self.net).load_state_dict(state["net"])
            self.average.net.load_state_dict(state["average"])
        except RuntimeError as error:
            first = str(error).splitlines()[0]
            raise SchoolError(
                f"The training to go on with is of another net ({first}): give another --out."
            ) from None
        self.average.updates = state["updates"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.plan.load_state_dict(state["plan"])
