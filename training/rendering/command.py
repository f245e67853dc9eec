"""`python -m training synthesize`: rendered hands for training, and the demo clip."""

import argparse
import sys
from pathlib import Path

from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from training.option_parser import OptionParser
from training.rendering.assets import hand_file
from training.rendering.dataset import RenderPlan, synthesize
from training.rendering.definitions import write_definitions
from vcam.core.labels import LABELS
from vcam.errors import VcamError


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = OptionParser(
        prog="python -m training synthesize",
        description="Render labelled hands, without a GPU.",
        epilog="Example: python -m training synthesize --gestures ok,rock --count 600 --out hands",
    )
    options.add_argument("--gestures", default="all", help="names with commas, or all")
    options.add_argument("--count", type=int, default=100, help="cutouts of each gesture")
    options.add_argument("--seed", type=int, default=0, help="the same seed, the same pictures")
    options.add_argument("--size", type=int, default=192, help="side of a cutout in pixels")
    options.add_argument("--out", type=Path, help="folder for <class>/<id>.png and annotations/")
    options.add_argument("--processes", type=int, default=2, help="how many work at once")
    options.add_argument("--hands", type=Path, help="folder with right.glb (else npm fetches it)")
    options.add_argument("--demo", type=Path, help="write the demo clip here instead")
    options.add_argument(
        "--definitions", type=Path, help="write the sheet of what counts as each gesture instead"
    )
    return options


def main(argv: list[str]) -> int:
    """Run the command; return its exit status: 2 for a mistake of the person's."""
    options = parser().parse_args(argv)
    try:
        if options.demo is not None:
            write_demo(options.demo, options.hands)
        elif options.definitions is not None:
            write_definitions(options.definitions, hand_file(options.hands))
        else:
            write_dataset(options)
    except VcamError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def chosen(names: str) -> tuple[str, ...]:
    """Return the labels that `--gestures` names."""
    if names == "all":
        return LABELS
    wanted = tuple(name.strip() for name in names.split(","))
    unknown = [name for name in wanted if name not in LABELS]
    if unknown:
        raise VcamError(f"There is no gesture {unknown[0]}: choose from {', '.join(LABELS)}.")
    return wanted


def write_dataset(options: argparse.Namespace) -> None:
    """Write the data set that the options describe, with a progress bar."""
    if options.out is None:
        raise VcamError("Say where to write with --out DIR.")
    if options.count < 1 or options.size < 32:
        raise VcamError("--count must be at least 1 and --size at least 32.")
    labels = chosen(options.gestures)
    order = RenderPlan(labels, options.count, options.seed, options.size, options.out)
    hands = hand_file(options.hands)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("hands", total=len(labels) * options.count)
        for done in synthesize(order, hands, options.processes):
            progress.update(task, completed=done)


def write_demo(target: Path, hands: Path | None) -> None:
    """Write the demo clip and its truth."""
    from training.rendering.clip import write_clip

    write_clip(target, hand_file(hands))
