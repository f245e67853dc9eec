"""The loop that both nets are trained by.

Everything that chance decides follows from seed, epoch and step, so that a training that was killed
continues to the same result, and several processes go the way of one.
"""

import time
from collections.abc import Iterator, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import cv2
import numpy as np
import numpy.typing as npt
import torch.distributed as dist
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from training.models.heads import FeatureDropout
from training.train.checkpoints import RunLog
from training.train.distributed import Distributed, bare
from training.train.identity import Identity, check_same
from training.train.optim import Schedule
from training.train.precision import autocast
from training.train.process import ignore_ctrl_c, seed_everything, signals_noted
from training.train.train_state import Learner

Scores: TypeAlias = dict[str, float]
COUNTED_EVERY = 50
"""Steps between two points of TensorBoard's loss curve."""


class Batches(Protocol):
    """One epoch's batches by step."""

    key: tuple[int, ...]

    def __len__(self) -> int: ...

    def __getitem__(self, step: int) -> Any: ...


class Task(Protocol):
    """What is learnt: a net, what it sees, and how well it does."""

    watch: str
    """The score that tells which epoch is best; higher is better."""

    @property
    def net(self) -> nn.Module:
        """What learns."""
        ...

    @property
    def batches(self) -> Batches:
        """What it sees."""
        ...

    def loss(self, net: nn.Module, batch: Any, distributed: Distributed) -> tuple[Tensor, Scores]:
        """Return the loss to learn from and its parts, each for the whole global batch."""
        ...

    def evaluate(self, net: nn.Module) -> Scores:
        """Return scores on validation samples."""
        ...

    def sheet(self) -> npt.NDArray[np.uint8] | None:
        """Return what the net trains on as one picture, uint8 (H, W, 3) RGB; None: not shown."""
        ...

    def facts(self) -> dict[str, Any]:
        """Return what a checkpoint says beside its weights."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """How a training runs; none of it changes what is learnt."""

    workers: int = 1
    """Processes that make batches, for each process that learns."""
    save_every_s: float = 600.0
    stop_after: int | None = None
    """Leave off after so many epochs, to be gone on with later."""
    precision: str = "auto"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run's folder belongs to, and what it holds on this machine."""

    identity: Identity = field(default_factory=dict)
    saved: dict[str, Any] | None = None
    """Content of `last.pt`; None: there is none."""


@dataclass(slots=True)
class Progress:
    """How far a training has come: what `last.pt` holds beside the learner."""

    epoch: int = 0
    step: int = 0
    sums: Scores = field(default_factory=dict)
    seconds: float = 0.0
    history: list[dict[str, Any]] = field(default_factory=list)
    best: float = float("-inf")
    best_epoch: int = -1


class Training:
    """One training from its beginning, or from where it was left, to its end."""

    def __init__(
        self,
        task: Task,
        schedule: Schedule,
        settings: Settings,
        distributed: Distributed,
        run_log: RunLog | None,
        origin: Origin | None = None,
    ) -> None:
        """Build the learner; only the first process has a run log. Raises `TrainingError`."""
        origin = origin or Origin()
        self.task, self.schedule, self.settings = task, schedule, settings
        self.distributed, self.run_log = distributed, run_log
        self.identity = origin.identity
        self.steps = schedule.steps(len(task.batches) * schedule.batch)
        steps = schedule.epochs * self.steps
        self.learner = Learner(task.net, schedule, steps, distributed, settings.precision)
        self.at = Progress()
        self._restore(origin.saved)
        if run_log and self.at.epoch == self.at.step == 0:
            self._show_batch(run_log)

    def run(self) -> None:
        """Learn to the end. A stop by signal is saved, then raised as KeyboardInterrupt."""
        last = min(self.schedule.epochs, self.settings.stop_after or self.schedule.epochs)
        with signals_noted() as noted:
            while self.at.epoch < last and not self._patience_is_over():
                self._epoch(noted)

    def _restore(self, saved: dict[str, Any] | None) -> None:
        """Continue from the latest save that any machine has: after a restart ranks may move."""
        state = self.distributed.latest(saved, _place_of(saved))
        if state is None:
            return
        if self.identity:
            out = self.run_log.out if self.run_log else Path("the run's folder")
            check_same(state.get("identity"), self.identity, out)
        self.learner.restore(state["learner"])
        self.at = Progress(**state["at"])
        if self.run_log:
            self._report_restored(self.run_log.out)

    def _show_batch(self, run_log: RunLog) -> None:
        """Give TensorBoard the first batch as pictures, so that a wrong label shows at once."""
        self.task.batches.key = (self.schedule.seed, 0)
        image = self.task.sheet()
        if image is not None:
            run_log.image("first batch", image)

    def _report_restored(self, out: Path) -> None:
        """Say where a training continues, or that there is nothing left to do."""
        done, last = self.at.epoch, self.schedule.epochs
        if done >= last:
            print(
                f"{out} holds this training already, with all its {done} epochs: give more "
                "--epochs to continue it, or another --out to train again."
            )
        else:
            print(f"Continues in {out}: {done} of {last} epochs are done.")

    def _patience_is_over(self) -> bool:
        patience = self.schedule.patience
        return patience is not None and self.at.epoch - 1 - self.at.best_epoch >= patience > 0

    def _epoch(self, noted: list[int]) -> None:
        seed_everything(self.schedule.seed, self.at.epoch)
        began, before = time.perf_counter(), self.at.seconds
        saved = began
        self.learner.net.train()
        for batch in self._batches():
            self._learn(batch)
            self.at.seconds = before + time.perf_counter() - began
            if self.distributed.total(len(noted))[0]:
                self._save()
                raise KeyboardInterrupt
            if time.perf_counter() - saved > self.settings.save_every_s:
                self._save()
                saved = time.perf_counter()
        self._finish_epoch()

    def _batches(self) -> Iterator[Any]:
        self.task.batches.key = (self.schedule.seed, self.at.epoch)
        workers = self.settings.workers
        cv2.setNumThreads(1)  # here, since a forked worker would wait for threads that it lacks
        loader = DataLoader(
            cast("Dataset[Any]", self.task.batches),
            batch_size=None,
            sampler=range(self.at.step, self.steps),
            num_workers=workers,
            prefetch_factor=4 if workers else None,
            worker_init_fn=ignore_ctrl_c,
            pin_memory=self.distributed.device != "cpu",
        )
        console = Console(stderr=True)
        if not self.distributed.first or not console.is_terminal:
            yield from loader
            return
        name = f"epoch {self.at.epoch + 1} of {self.schedule.epochs}"
        total = len(cast("Sized", loader))
        yield from track(loader, name, total, console=console, transient=True)

    def _learn(self, batch: Any) -> None:
        step = self.at.epoch * self.steps + self.at.step
        for module in bare(self.learner.net).modules():
            if isinstance(module, FeatureDropout):
                size = self.schedule.batch
                module.at(self.schedule.seed + step, size, self.distributed.slots(size))
        with autocast(self.distributed.device, self.settings.precision):
            loss, parts = self.task.loss(self.learner.net, batch, self.distributed)
        self.learner.step(loss)
        for name, value in parts.items():
            self.at.sums[name] = self.at.sums.get(name, 0.0) + value
        self.at.step += 1
        if self.run_log and step % COUNTED_EVERY == 0:
            for name, value in parts.items():
                self.run_log.curve(f"step/{name}", value, step)

    def _finish_epoch(self) -> None:
        at, lr = self.at, self.learner.lr_scheduler.get_last_lr()[0]
        means = {name: round(total / at.step, 5) for name, total in at.sums.items()}
        if self.run_log:
            speed = at.step * self.schedule.batch / max(1e-9, at.seconds)
            line = {"epoch": at.epoch, **means, "lr": lr, "seconds": round(at.seconds, 1)}
            line |= {"pictures_per_second": round(speed, 1)}
            line |= self.task.evaluate(self.learner.ema.net)
            at.history.append(line)
            for name, value in line.items():
                self.run_log.curve(f"epoch/{name}", float(value), at.epoch)
            Console().print_json(data=line, indent=None)
        self._update_best()
        at.epoch, at.step, at.sums, at.seconds = at.epoch + 1, 0, {}, 0.0
        self._save()

    def _update_best(self) -> None:
        """Remember whether this epoch is the best, in all processes alike."""
        score = [self.at.history[-1][self.task.watch] if self.distributed.first else 0.0]
        if self.distributed.size > 1:
            dist.broadcast_object_list(score)
        better = score[0] > self.at.best
        if better:
            self.at.best, self.at.best_epoch = score[0], self.at.epoch
        if self.run_log and (better or self.schedule.keep == "last"):
            weights = self.learner.ema.net.state_dict()
            self.run_log.save_model({"weights": weights, **self.task.facts()})

    def _save(self) -> None:
        if self.run_log:
            at = {name: getattr(self.at, name) for name in Progress.__slots__}
            self.run_log.save(
                {"learner": self.learner.state(), "at": at, "identity": self.identity}
            )


def _place_of(saved: dict[str, Any] | None) -> tuple[int, int]:
    """Return epoch and step of a save; before all others where there is none."""
    return (saved["at"]["epoch"], saved["at"]["step"]) if saved else (-1, -1)
