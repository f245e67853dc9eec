"""Turn kept moments into a prepared folder: `train` to learn from, `val` to validate on."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from training.datasets.auto_label import Finder, box_label
from training.datasets.lessons import Lesson, write_lessons
from training.datasets.shards import Dataset
from training.evaluation.protocols import EvaluatedClassifier
from training.improve.kept_moments import Box, Moment, label_of
from training.improve.steady_hand import steady_hand
from vcam.core.frame import Box as PixelBox
from vcam.core.frame import Image
from vcam.system.image_files import read_image
from vcam.vision.preprocessing import hand_crop

SOURCE = "corrections"
"""What these hands are called among the kinds of sources that batches are drawn from."""
SHARDS = 4
UNREADABLE = "picture that is damaged"
NO_STEADY_HAND = "missed gesture in which no hand holds still"
UNKNOWN_GESTURE = "gesture that the model does not know"


@dataclass(slots=True)
class Reader:
    """Reads the hands of moments, and counts what is left out."""

    finder: Finder
    model: EvaluatedClassifier
    side: int
    """Of the canvases in pixels."""
    skipped: Counter[str] = field(default_factory=Counter)

    def lessons(self, moments: Iterable[Moment]) -> Iterator[tuple[Moment, list[Lesson]]]:
        """Yield the lessons of every moment that can be learnt from."""
        for moment in moments:
            if moment.gesture not in self.model.labels:
                self.skipped[UNKNOWN_GESTURE] += 1
                continue
            images = [read_image(path) for path in moment.image_paths]
            read = [np.asarray(image, np.uint8) for image in images if image is not None]
            self.skipped[UNREADABLE] += len(images) - len(read)
            if read and (lessons := self._of(moment, read)):
                yield moment, lessons

    def _of(self, moment: Moment, images: Sequence[Image]) -> list[Lesson]:
        if moment.box is not None:
            return [self._lesson(moment, images[0], moment.box, 0)]
        found = [self.finder.detect(image) for image in images]
        place = self.model.labels.index(moment.gesture)

        def likeness(number: int, box: PixelBox) -> float:
            crop = hand_crop(images[number], box, self.model.size, self.model.margin)
            said, _ = self.model.classify(crop[None])
            return float(said[0, place])

        hand = steady_hand(found, likeness)
        if hand is None:
            self.skipped[NO_STEADY_HAND] += 1
            return []
        return [
            self._lesson(moment, images[number], box_label(box, images[number]).box_xywh, number)
            for number, box in enumerate(hand.boxes, hand.first)
        ]

    def _lesson(self, moment: Moment, image: Image, box: Box, number: int) -> Lesson:
        name = f"{moment.kind}/{moment.when:.3f}/{number:02}"
        return Lesson(image, label_of(moment, box), name, SOURCE)


def write_split(
    reader: Reader, moments: Sequence[Moment], folder: Path
) -> list[tuple[Moment, int]]:
    """Write a split's moments as shards; return each that was written, with its number of hands.

    Each moment weighs the same, however many pictures there are of it. Written again from the
    beginning when it was interrupted.
    """
    shutil.rmtree(folder, ignore_errors=True)
    learned = list(reader.lessons(moments))
    flat = [replace(one, weight=1 / len(many)) for _, many in learned for one in many]
    shards = (iter(flat[number::SHARDS]) for number in range(SHARDS))
    write_lessons(shards, folder, reader.side)
    return [(moment, len(lessons)) for moment, lessons in learned]


def describe(folder: Path, labels: Sequence[str], side: int, frame: int) -> None:
    """Write `dataset.json`: from then on the folder is whole."""
    Dataset(tuple(labels), side, frame, {"data": [SOURCE]}).write(folder)
