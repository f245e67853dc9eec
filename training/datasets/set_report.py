"""What a person should know of a prepared folder before training."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from training.datasets.dataset import HandSet, SampleSet
from training.datasets.people import FLATTERS, validates_on_training_people
from vcam.core.labels import NO_GESTURE


def report_sides(cache: Path, console: Console) -> None:
    """Say how many of the training hands are known to be left or right, if not all are."""
    sides = SampleSet([cache / "train"], "hands").column("side")
    known = sum(side is not None for side in sides)
    if sides and known < len(sides):
        console.print(
            f"[yellow]{known / len(sides):.0%} of the hands to train on are known to be left or "
            "right; of the others a training learns no leading hand unless it has a teacher "
            "(`train --start MODEL`)."
        )


def report_people(cache: Path, labels: Sequence[str], console: Console) -> None:
    """Say so when photos of one's own are validated on people who also train."""
    train, validation = (HandSet([cache / split], labels) for split in ("train", "val"))
    if validates_on_training_people(train, validation):
        console.print(
            f"[yellow]{FLATTERS} Photos of more than three people, a folder each, are split by "
            "person; of two or three, `train --learn names` also says how each is named by what "
            "the others teach."
        )


def warn_of_classes(
    classes: Mapping[str, Counter[str]], labels: Sequence[str], console: Console
) -> None:
    """Name what a person should know before training."""
    for split in ("train", "val"):
        if not classes.get(split):
            console.print(f"[yellow]There is no hand in {split}: give more pictures or people.")
    if classes.get("train") and not classes["train"][NO_GESTURE]:
        console.print(
            "[yellow]No hand shows nothing: a model trained on these alone takes every hand for a "
            "gesture. Add a folder no_gesture with photos of hands that do something else."
        )
    missing = [label for label in labels[:-1] if not classes.get("train", Counter())[label]]
    if missing and classes.get("train"):
        console.print(f"[yellow]No hand to train on for {', '.join(missing)}.")
