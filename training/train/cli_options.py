"""The options that both `train` commands share."""

import argparse
import dataclasses
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.export.import_onnx import import_onnx
from training.models.load import read_checkpoint
from training.train.checkpoints import RunLog, read_state
from training.train.distributed import Distributed, leave
from training.train.identity import identity_of
from training.train.optim import Schedule
from training.train.precision import PRECISIONS
from training.train.trainer import Origin, Settings, Task, Training

SCHEDULE_OPTIONS = ("epochs", "pictures", "batch", "lr", "seed", "patience", "keep")


START_LR = 0.125
"""Of the recipe's peak learning rate with `--start`: at the whole one a net forgets."""

_MAY_LACK = re.compile(r"heads\.(orientation|joints)\.|maps\.|fingers\.")
"""Heads that the start need not have: they learn here."""


def add_options(parser: argparse.ArgumentParser, out: str) -> None:
    """Declare where to read and write, how long and how fast; None leaves it to the recipe."""
    parser.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("runs/cache")], help="prepared folders"
    )
    parser.add_argument("--out", type=Path, default=Path(out), help="folder of this training")
    parser.add_argument("--epochs", type=int, help="default: the recipe's")
    parser.add_argument("--pictures", type=int, help="in each epoch; 0: all; default: the recipe's")
    parser.add_argument("--batch", type=int, help="over all processes; default: the recipe's")
    parser.add_argument(
        "--lr",
        "--rate",
        type=float,
        help="peak learning rate; default: the recipe's, an eighth of it with --start",
    )
    parser.add_argument("--seed", type=int, help="default: 42")
    parser.add_argument("--patience", type=int, help="stop after N epochs without a better score")
    parser.add_argument(
        "--keep",
        choices=("last", "best"),
        help="which epoch becomes model.pt; default: the recipe's",
    )
    parser.add_argument(
        "--start",
        type=Path,
        metavar="MODEL",
        help="fine-tune this model.pt, .onnx, or .pth of HaGRID's first release",
    )
    parser.add_argument("--stop-after", type=int, metavar="N", help="leave off after epoch N")
    parser.add_argument("--workers", type=int, default=default_workers(), help="make batches")
    parser.add_argument("--streams", type=int, default=1, help="share shards out to machines")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=int, default=0, help="of torch, on a CPU; 0: all cores")
    parser.add_argument("--save-every", type=float, default=600.0, metavar="SECONDS")


def default_workers() -> int:
    """Return how many processes make batches: one on a laptop, more beside a GPU."""
    cores = os.cpu_count() or 1
    return min(16, max(1, cores - 1)) if torch.cuda.is_available() else max(1, cores // 2)


def schedule_of(args: argparse.Namespace, schedule: Schedule) -> Schedule:
    """Return a recipe's schedule with what the options change. Raises `TrainingError`."""
    changes = {name: getattr(args, name) for name in SCHEDULE_OPTIONS}
    changes = {name: value for name, value in changes.items() if value is not None}
    if (changes.get("pictures") or 0) < 0:
        raise TrainingError(
            f"--pictures {changes['pictures']} is not possible: give more than 0, or 0 for all."
        )
    if changes.get("pictures") == 0:
        changes["pictures"] = None
    if args.start and "lr" not in changes:
        changes["lr"] = schedule.lr * START_LR
    for name in ("epochs", "batch", "lr"):
        if name in changes and changes[name] <= 0:
            raise TrainingError(f"--{name} {changes[name]} is not possible: give more than 0.")
    return dataclasses.replace(schedule, **changes)


def check_streams(streams: int, distributed: Distributed) -> None:
    """Raise `TrainingError` when a process would draw from other processes' shards."""
    if streams < 1 or (streams > 1 and streams % distributed.size):
        raise TrainingError(
            f"{distributed.size} processes cannot share {streams} streams evenly: give --streams a "
            "multiple of the number of processes."
        )


def start_from(
    net: nn.Module,
    start: Path,
    images: Callable[[], Tensor],
    labels: Sequence[str] = (),
) -> tuple[str, ...]:
    """Begin with the weights of another training or of a file that ships; return its labels.

    For such a file `images` gives some to learn from, (N, H, W, 3) RGB, and `labels` are those of
    a classifier. Raises `TrainingError`.
    """
    if start.suffix == ".onnx":
        return import_onnx(net, start, labels, images())
    checkpoint = read_checkpoint(start)
    known = tuple(checkpoint.get("labels") or ())
    try:
        net.load_state_dict(_rows_by_name(net, checkpoint["weights"], known, labels))
    except RuntimeError as error:
        first = str(error).splitlines()[0]
        raise TrainingError(f"{start} is of another net ({first}): give its --arch.") from None
    return known


def _rows_by_name(
    net: nn.Module, weights: Mapping[str, Tensor], known: Sequence[str], labels: Sequence[str]
) -> dict[str, Tensor]:
    """Return weights whose rows of the gesture head go to the classes of the same name."""
    state = net.state_dict()
    missing = {name: value for name, value in state.items() if _MAY_LACK.search(name)}
    weights = {name: _widened(value, state.get(name)) for name, value in weights.items()}
    given = {n: value for n, value in weights.items() if n in state or ".joints." not in n}
    found = missing | given
    if tuple(known) == tuple(labels):
        return found
    for name in ("heads.gesture.weight", "heads.gesture.bias"):
        rows = state[name].clone()
        for place, label in enumerate(labels):
            if label in known:
                rows[place] = weights[name][list(known).index(label)]
        found[name] = rows
    return found


def _widened(value: Tensor, wanted: Tensor | None) -> Tensor:
    """Return a head's weights (C, F) for more features, of which it knows nothing yet."""
    if wanted is None or value.ndim != 2 or wanted.shape[1] <= value.shape[1]:
        return value
    return torch.nn.functional.pad(value, (0, wanted.shape[1] - value.shape[1]))


def train(
    task: Task, schedule: Schedule, args: argparse.Namespace, distributed: Distributed
) -> int:
    """Train as the options say; returns 130 after a stop by signal, which is saved."""
    if args.threads and distributed.device == "cpu":
        torch.set_num_threads(args.threads)
    settings = Settings(args.workers, args.save_every, args.stop_after, args.precision)
    run_log = RunLog(args.out) if distributed.first else None
    try:
        identity = identity_of(task.facts(), args.cache, args.start, schedule.epochs)
        # Once a machine: in front of several processes with one disk, the first reads for all.
        saved = read_state(args.out) if os.environ.get("LOCAL_RANK", "0") == "0" else None
        origin = Origin(identity, saved)
        Training(task, schedule, settings, distributed, run_log, origin).run()
    except KeyboardInterrupt:
        if distributed.first:
            print("Stopped and saved: the same command continues from here.")
        return 130
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise TrainingError(
            "A process that makes batches was ended from outside, or for want of memory: the same "
            "command continues from the last save; --workers and --save-every can be lowered."
        ) from None
    finally:
        if run_log is not None:
            run_log.close()
        leave()
    return 0


def folders_with(folders: list[Path], split: str) -> list[Path]:
    """Return the prepared folders that have this split; the first in any case."""
    return [folder for folder in folders if (folder / split).is_dir()] or folders[:1]
