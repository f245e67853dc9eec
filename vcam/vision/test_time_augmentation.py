"""Test-time augmentation: hands are classified twice, unless the first answer is confident.

A net that is wrong about a crop is often right about the same hand in a mirror, cut a little
looser. The mean of what it says to both is wrong about half as often; averaging over changed copies
of a picture is as old as AlexNet (Krizhevsky et al., NIPS 2012). Most hands are
classified once: idle ones, and those whose first score is as high as only right answers are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vcam.core.frame import Box, Image
from vcam.core.labels import NO_GESTURE, ORIENTATIONS
from vcam.vision.models.session import Array
from vcam.vision.preprocessing import hand_crop
from vcam.vision.softmax import softmax

SECOND_CROP_SCALE: Final = 1.15
"""The second crop is this much wider."""
MIN_CONFIDENT: Final = 0.9
"""A gesture with this probability is not classified again."""
MIN_CONFIDENT_NO_GESTURE: Final = 0.9
"""The same for `no_gesture`."""
MIRRORED_ORIENTATIONS: Final = [
    ORIENTATIONS.index({"left": "right", "right": "left"}.get(name, name)) for name in ORIENTATIONS
]
"""Which of `ORIENTATIONS` each one becomes."""

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
class AugmentedClassifier:
    """A classifier, how hands are cropped for it, and when it is asked twice."""

    infer: Inference
    labels: Sequence[str]
    size: int
    """Side of the crops in pixels."""
    margin: float
    """Side of the crops in longer sides of a hand's box."""

    def name(self, image: Image, boxes: Sequence[Box], *, refine: bool = True) -> list[Prediction]:
        """Return what each hand shows; image is uint8 (H, W, 3) BGR, boxes are in its pixels.

        With `refine`, hands without a confident first answer are classified again. The embedding
        always comes from the first crop.
        """
        if not boxes:
            return []
        crops = [hand_crop(image, box, self.size, self.margin) for box in boxes]
        named = _read(self.infer(np.stack(crops)))
        again = [i for i, one in enumerate(named) if not self._is_confident(one.gesture)]
        if refine and again:
            crops = [_mirrored_crop(image, boxes[i], self.size, self.margin) for i in again]
            for i, second in zip(again, _read(self.infer(np.stack(crops))), strict=True):
                named[i] = _averaged(named[i], second)
        return named

    def _is_confident(self, gesture: Probabilities) -> bool:
        best = max(gesture)
        is_nothing = self.labels[gesture.index(best)] == NO_GESTURE
        return best >= (MIN_CONFIDENT_NO_GESTURE if is_nothing else MIN_CONFIDENT)


def _mirrored_crop(image: Image, box: Box, size: int, margin: float) -> Image:
    """Return the second crop, wider and mirrored: uint8 (size, size, 3) RGB."""
    return hand_crop(image, box, size, SECOND_CROP_SCALE * margin)[:, ::-1]


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


def _averaged(first: Prediction, mirrored: Prediction) -> Prediction:
    """Return the mean of both; in a mirrored crop left is right."""
    orientation = None
    if first.orientation is not None and mirrored.orientation is not None:
        orientation = _mean(
            first.orientation, [mirrored.orientation[i] for i in MIRRORED_ORIENTATIONS]
        )
    return Prediction(
        _mean(first.gesture, mirrored.gesture),
        _mean(first.hand, mirrored.hand[::-1]),
        orientation,
        first.embedding,
    )


def _mean(one: Probabilities, other: Probabilities) -> Probabilities:
    return [(a + b) / 2 for a, b in zip(one, other, strict=True)]
