"""Rendered hands of every gesture: some to repeat while learning, others to evaluate on."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from training.datasets import prepare as preparing
from training.datasets.annotations import LabelledImage, Report, Source
from training.datasets.formats.rendered import Rendered
from training.errors import TrainingError
from training.rendering.assets import hand_file
from vcam.core.labels import LABELS

ROOT = Path(__file__).parents[2]
REPEATED, REFERENCE = 25, 10
"""Hands of each gesture."""
SIZE_PX = 160
SEEDS = (31, 32)
"""Of the hands that are repeated, and of those that are evaluated on: always the same ones."""


@dataclass(frozen=True)
class _OnSide:
    """A source whose pictures are all on one side of the split."""

    source: Source
    split: str

    @property
    def about(self) -> str:
        return self.source.about

    def names_of(self, classes: str) -> frozenset[str]:
        return self.source.names_of(classes)

    def images(self, report: Report) -> Iterator[LabelledImage]:
        for labelled in self.source.images(report):
            yield replace(labelled, split=self.split)


def _render(out: Path, seed: int, count: int, hand: Path) -> None:
    """Render so many hands of each gesture, or what is missing of them. Raises `TrainingError`.

    In a process of its own: this one has threads by now, which a worker that is forked would miss.
    """
    options = ["--gestures", "all", "--count", str(count), "--seed", str(seed)]
    options += ["--size", str(SIZE_PX), "--out", str(out.resolve())]
    options += ["--hands", str(hand.resolve())]
    command = [sys.executable, "-m", "training", "synthesize", *options]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603  # fixed words
        raise TrainingError(f"The hands to repeat cannot be rendered into {out}: see above.")


def rendered_rehearsal(
    work: Path, args: argparse.Namespace, console: Console
) -> tuple[list[Path], list[Path]]:
    """Return prepared folders to repeat and to evaluate on, rendered where they are not yet.

    They are the same for every fine-tuning, and lie beside their folders. Raises `VcamError` when
    the hand that is rendered cannot be had.
    """
    hand = hand_file(args.hands)
    folders = []
    for split, seed, count in zip(("train", "val"), SEEDS, (REPEATED, REFERENCE), strict=True):
        rendered, cache = work.parent / f"rendered-{split}", work.parent / f"rehearsal-{split}"
        folders.append([cache])
        if (cache / "dataset.json").exists():
            continue
        _render(rendered, seed, count, hand.parent)
        source = Rendered.detect(rendered)
        assert source is not None
        options = preparing.parser().parse_args(["--data", str(rendered), "--out", str(cache)])
        preparing.prepare(
            {str(rendered.resolve()): _OnSide(source, split)}, options, Console(quiet=True)
        )
    console.print(
        f"{REPEATED * len(LABELS)} rendered hands are repeated, {REFERENCE * len(LABELS)} others "
        "are the reference."
    )
    return folders[0], folders[1]
