"""`train classifier --learn names`: one fit in a run's folder, which belongs to it."""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from rich.console import Console

from training.augmentation.crop_dataset import CropBatches
from training.datasets.dataset import Prepared
from training.evaluation.load_model import read_facts, write_facts
from training.models.load import read_checkpoint
from training.train.checkpoints import RunLog, read_state
from training.train.distributed import leave
from training.train.identity import check_same, identity_of
from training.train.left_out import left_out_scores
from training.train.names import Names
from training.train.optim import Schedule
from training.train.trainer import Task

MIN_SCORE = 0.85
"""From which score a new name counts: few photos say what it is, and fewer what it is not. With the
usual one, other poses that nobody has photographed are taken for it (`training/LOG.md`)."""


class NamesTask(Task, Protocol):
    """A classifier's training."""

    known: Sequence[str]
    """Labels that the start has rows for."""

    validation: Prepared
    """What is validated on."""

    @property
    def batches(self) -> CropBatches:
        """What it sees."""
        ...

    def sheet(self) -> npt.NDArray[np.uint8]:
        """Return what the net trains on as one picture, uint8 (H, W, 3) RGB."""
        ...


def hands_known_by(start: Path) -> float:
    """Return from which share of known sides a start's head for the side has learnt."""
    if start.suffix != ".onnx":
        return float(read_checkpoint(start).get("hands_known", 1.0))
    card = start.with_suffix(".json")
    known = json.loads(card.read_text(encoding="utf-8")) if card.exists() else {}
    return float(known.get("hands_known", 1.0))


def run_names(task: NamesTask, schedule: Schedule, args: argparse.Namespace) -> int:
    """Fit the names alone, as the options say; returns 130 after Ctrl-C, when nothing is written.

    Raises `TrainingError` when the run's folder belongs to another training.
    """
    identity = identity_of(task.facts(), args.cache, args.start, 1)
    if (saved := read_state(args.out)) is not None:
        check_same(saved.get("identity"), identity, args.out)
        print(f"{args.out} holds this training already: give another --out to train again.")
        return 0
    began = time.perf_counter()
    task.batches.key = (schedule.seed, 0)
    steps = schedule.steps(len(task.batches.prepared.hands))
    run_log = RunLog(args.out)
    try:
        run_log.image("first batch", task.sheet())
        names = Names(task.net, task.known, task.batches, steps, args.workers)
        line = {"epoch": 0, "loss": round(names.learn(), 5), **task.evaluate(task.net)}
        line["seconds"] = round(time.perf_counter() - began, 1)
        Console().print_json(data=line, indent=None)
        if scores := left_out_scores(names, task):
            write_facts(args.out / "model.pt", {"scores": scores})
        _raise_thresholds(args.out / "model.pt", task)
        run_log.save_model({"weights": task.net.state_dict(), **task.facts()})
        at = {"epoch": 1, "step": 0, "history": [line]}
        run_log.save({"at": at, "identity": identity})
    except KeyboardInterrupt:
        print("Stopped before it was done: the same command begins again, which takes a minute.")
        return 130
    finally:
        run_log.close()
        leave()
    return 0


def _raise_thresholds(model: Path, task: NamesTask) -> None:
    """Let new names count from `MIN_SCORE` on; the others keep their thresholds."""
    labels = task.batches.prepared.hands.labels
    new = {label: MIN_SCORE for label in labels if label not in task.known}
    before = read_facts(model).get("thresholds", {})
    write_facts(model, {"thresholds": {**before, **new}})
