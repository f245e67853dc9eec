"""Test-time augmentation: hands are classified again, unless the first answer is confident.

A net that is wrong about a crop is often right about the same hand in a mirror, or leaning a
little. What a pose that is none of the gestures is called changes from view to view, while a
gesture keeps its name: where the answers differ, their mean is unsure. Averaging over changed
copies of a picture is as old as AlexNet (Krizhevsky et al., NIPS 2012). Most hands are classified
once: idle ones, and those whose first score is as high as only right answers are.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Box, Image
from vcam.core.labels import NO_GESTURE, ORIENTATIONS
from vcam.vision.models.session import Array
from vcam.vision.preprocessing import hand_crop
from vcam.vision.softmax import softmax

WIDE_CROP_SCALE: Final = 1.15
"""All further views are made of one crop that is this much wider than the first."""
MIN_CONFIDENT: Final = 0.99
"""A gesture with this probability is not classified again."""
MIN_CONFIDENT_NO_GESTURE: Final = 0.9
"""The same for `no_gesture`."""
MIRRORED_ORIENTATIONS: Final = [
    ORIENTATIONS.index({"left": "right", "right": "left"}.get(name, name)) for name in ORIENTATIONS
]
"""Which of `ORIENTATIONS` each one becomes."""

MIN_PROBABILITY: Final = 1e-9
"""Smaller probabilities count as this in a geometric mean, which none of them may decide alone."""

Probabilities = list[float]
Inference = Callable[[Image], Mapping[str, Array]]
"""From uint8 (N, S, S, 3) RGB to what a classifier gives, by name: logits, and embeddings."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says about one hand."""

    gesture: Probabilities
    """Probabilities, as the model orders its labels."""
    hand: Probabilities
    orientation: Probabilities | None
    """None where the model does not say, as below."""
    embedding: Array | None


@dataclass(frozen=True, slots=True)
class View:
    """How a hand is seen again."""

    degrees: float
    """Turned by, counter-clockwise, before it is mirrored."""
    zoom: float
    """Enlarged by, from the wide crop."""
    mirrored: bool

    def of(self, wide: Image) -> Image:
        """Return this view, uint8 (S, S, 3), of a crop of that shape; its edge goes on outwards."""
        middle = (wide.shape[1] - 1) / 2
        move = cv2.getRotationMatrix2D((middle, middle), self.degrees, self.zoom)
        size = wide.shape[1], wide.shape[0]
        seen = cv2.warpAffine(wide, move, size, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
        return seen[:, ::-1] if self.mirrored else seen


VIEWS: Final = (
    View(0.0, WIDE_CROP_SCALE, mirrored=True),
    View(16.0, 1.0, mirrored=False),
    View(-16.0, 1.0, mirrored=True),
)
"""What is asked about beside the first crop. Both directions, so that left hands and right ones are
served alike; chosen on people that taught nothing (training/LOG.md)."""


@dataclass(frozen=True, slots=True)
class AugmentedClassifier:
    """A classifier, how hands are cropped for it, and when it is asked again."""

    infer: Inference
    labels: Sequence[str]
    size: int
    """Side of the crops in pixels."""
    margin: float
    """Side of the crops in longer sides of a hand's box."""

    def name(self, image: Image, boxes: Sequence[Box], *, refine: bool = True) -> list[Prediction]:
        """Return what each hand shows; image is uint8 (H, W, 3) BGR, boxes are in its pixels.

        With `refine`, hands without a confident first answer are classified again, in all `VIEWS`.
        The embedding always comes from the first crop.
        """
        if not boxes:
            return []
        crops = [hand_crop(image, box, self.size, self.margin) for box in boxes]
        named = _read(self.infer(np.stack(crops)))
        again = [i for i, one in enumerate(named) if not self._is_confident(one.gesture)]
        if refine and again:
            seen = [view for i in again for view in self._views(image, boxes[i])]
            answers = iter(_read(self.infer(np.stack(seen))))
            for i in again:
                named[i] = _averaged(named[i], [next(answers) for _ in VIEWS])
        return named

    def _views(self, image: Image, box: Box) -> list[Image]:
        wide = hand_crop(image, box, self.size, WIDE_CROP_SCALE * self.margin)
        return [view.of(wide) for view in VIEWS]

    def _is_confident(self, gesture: Probabilities) -> bool:
        best = max(gesture)
        is_nothing = self.labels[gesture.index(best)] == NO_GESTURE
        return best >= (MIN_CONFIDENT_NO_GESTURE if is_nothing else MIN_CONFIDENT)


def _read(given: Mapping[str, Array]) -> list[Prediction]:
    probabilities = {
        name: [softmax(logits) for logits in rows.tolist()]
        for name, rows in given.items()
        if name != "embedding"
    }
    nothing = [None] * len(probabilities["gesture"])
    rows = zip(
        probabilities["gesture"],
        probabilities["hand"],
        probabilities.get("orientation", nothing),
        given.get("embedding", nothing),
        strict=True,
    )
    return [Prediction(*row) for row in rows]


def _averaged(first: Prediction, further: Sequence[Prediction]) -> Prediction:
    """Return the mean of the first answer and those to `VIEWS`; in a mirror left is right."""
    straight = [
        _unmirrored(one) if view.mirrored else one for one, view in zip(further, VIEWS, strict=True)
    ]
    every = [first, *straight]
    turns = [one.orientation for one in every if one.orientation is not None]
    return Prediction(
        _geometric_mean([one.gesture for one in every]),
        _mean([one.hand for one in every]),
        _mean(turns) if len(turns) == len(every) else None,
        first.embedding,
    )


def _unmirrored(seen: Prediction) -> Prediction:
    """Return what an answer to a mirrored crop says of the hand as it is."""
    turned = seen.orientation
    return Prediction(
        seen.gesture,
        seen.hand[::-1],
        None if turned is None else [turned[i] for i in MIRRORED_ORIENTATIONS],
        seen.embedding,
    )


def _mean(answers: Sequence[Probabilities]) -> Probabilities:
    return [sum(column) / len(answers) for column in zip(*answers, strict=True)]


def _geometric_mean(answers: Sequence[Probabilities]) -> Probabilities:
    """Return the mean of log-probabilities as probabilities: a view that objects weighs more.

    What is not a number stays so, and the recognizer drops it.
    """
    columns = zip(*answers, strict=True)
    logs = [[math.log(max(p, MIN_PROBABILITY)) for p in column] for column in columns]
    likely = [math.exp(sum(column) / len(answers)) for column in logs]
    total = sum(likely)
    return [one / total for one in likely]
