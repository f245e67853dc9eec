"""How busy training keeps the machine, and how many crops it learns a second.

`python -m benchmarks.learning CACHE` trains the small classifier on a prepared folder for a while
and prints the share of all cores that it and its workers used between the first step and the last
(the start of Python and the evaluation are left out). Run it with nothing beside it.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from training.datasets.dataset import open_prepared
from training.train.checkpoints import RunLog
from training.train.classifier import ClassifierTask
from training.train.cli_options import default_workers
from training.train.distributed import Distributed
from training.train.recipes import SMALL_RECIPE
from training.train.trainer import Settings, Training

STEPS = 120


def busy() -> float:
    """Return the processor seconds of this process and of its finished children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Timed(Training):
    """A training that stops its clock before it evaluates."""

    began: tuple[float, float]
    ended: tuple[float, float]

    def _batches(self) -> Any:
        self.steps = STEPS
        self.began = (time.perf_counter(), busy())
        yield from super()._batches()
        self.ended = (time.perf_counter(), busy())  # workers are done, so that they count

    def _finish_epoch(self) -> None:
        """Leave the evaluation away."""

    def learn_one_epoch(self) -> None:
        """Learn as a real training does."""
        self._epoch([])


def main(cache: Path, workers: int) -> int:
    """Print crops a second and the share of the cores that was busy."""
    prepared, validation = (open_prepared([cache], split) for split in ("train", "val"))
    distributed = Distributed()
    task = ClassifierTask(SMALL_RECIPE, prepared, validation, distributed)
    with tempfile.TemporaryDirectory() as folder:
        training = Timed(
            task, SMALL_RECIPE.schedule, Settings(workers), distributed, RunLog(Path(folder))
        )
        training.learn_one_epoch()
    wall, used = (end - begin for end, begin in zip(training.ended, training.began, strict=True))
    cores = os.cpu_count() or 1
    print(f"{STEPS * SMALL_RECIPE.schedule.batch / wall:.0f} crops a second, {workers} workers")
    print(f"busy: {100 * used / wall / cores:.0f} % of {cores} cores")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--workers", type=int, default=default_workers())
    args = parser.parse_args()
    sys.exit(main(args.cache, args.workers))
