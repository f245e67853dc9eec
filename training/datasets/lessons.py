"""Lessons: single hands out of pictures of any origin, written as a prepared folder.

What a machine collects (`hard-negatives`) and what a person corrects (`improve`) both end here: a
picture, the hand's box and what it truly shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.datasets.annotations import HandLabel, LabelledImage
from training.datasets.hand_canvas import hand_canvas
from training.datasets.shard_job import hand_row, jpeg
from training.datasets.shards import ShardWriter
from vcam.core.frame import Image


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One hand to learn from."""

    image: Image
    """uint8 (H, W, 3) BGR."""
    hand: HandLabel
    name: str
    """Of its picture."""
    source: str
    weight: float = 1.0
    """How much more often it is drawn than others of its class and kind."""


def write_lessons(shares: Iterable[Iterator[Lesson]], folder: Path, side: int) -> int:
    """Write each share that is not empty as a shard of hands; return how many there were.

    `folder` is a split's, such as `OUT/train`; `side` that of the square canvases in pixels.
    """
    total = 0
    for number, lessons in enumerate(shares):
        first = next(lessons, None)
        if first is None:
            continue
        with ShardWriter(folder / f"hands-{number:05}.tar") as shard:
            for lesson in (first, *lessons):
                _add(shard, lesson, side)
                total += 1
    return total


def _add(shard: ShardWriter, lesson: Lesson, side: int) -> None:
    hand = lesson.hand
    labelled = LabelledImage(
        Path(), lesson.name, lesson.source, "", hand.gesture, lesson.source, (hand,)
    )
    canvas = hand_canvas(lesson.image, hand, side)
    row = hand_row(labelled, 0, canvas, lesson.image.shape[:2])
    named = {"picture": lesson.name, "cut": False, "weight": lesson.weight}
    shard.add({"jpg": jpeg(canvas.bgr)}, {**row, **named})
