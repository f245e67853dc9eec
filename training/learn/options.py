"""The options that both `train` commands share."""

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.learn.engine import Learner, Schedule


def add_options(parser: argparse.ArgumentParser, out: str, defaults: Schedule) -> None:
    """Declare where to read and write, and the schedule, with a task's own defaults."""
    parser.add_argument("--cache", type=Path, nargs="+", default=[Path("runs/cache/train")])
    parser.add_argument("--held-out", type=Path, default=Path("runs/cache/val"))
    parser.add_argument("--out", type=Path, default=Path(out))
    parser.add_argument("--epochs", type=int, default=defaults.epochs)
    parser.add_argument("--pictures", type=int, default=defaults.pictures, help="in each epoch")
    parser.add_argument("--batch", type=int, default=defaults.batch)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--start", type=Path, metavar="MODEL", help="learn on from this model.pt")
    parser.add_argument("--stop-after", type=int, metavar="N", help="leave off after epoch N")


def schedule_of(args: argparse.Namespace) -> Schedule:
    """Return the schedule that the options say."""
    return Schedule(
        epochs=args.epochs,
        pictures=args.pictures,
        batch=args.batch,
        rate=args.rate,
        seed=args.seed,
        stop_after=args.stop_after,
    )


def open_learner(
    net: nn.Module, schedule: Schedule, args: argparse.Namespace
) -> tuple[Learner, int]:
    """Return a learner and the epoch to go on with: anew, from `--start`, or where it was left."""
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=True)["weights"])
    learner = Learner(net, schedule)
    last = args.out / "last.pt"
    if not last.exists():
        return learner, 0
    state: dict[str, Any] = torch.load(last, weights_only=True)
    learner.restore(state["learner"])
    return learner, int(state["epoch"]) + 1
