"""How a classifier is asked what hands show: twice, unless it is quite sure.

A net that is wrong about a crop is often right about the same hand in a mirror, cut a little
looser. The mean of what it says to both is wrong about half as often; averaging over changed copies
of a picture is as old as AlexNet (Krizhevsky et al., NIPS 2012). Most hands are looked at once:
idle ones, and those of which the net is as sure as it only is when it is right.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vcam.core.frame import Box, Image
from vcam.core.labels import NO_GESTURE, ORIENTATIONS
from vcam.vision.models.session import Array
from vcam.vision.preprocessing import hand_crop

LOOSER: Final = 1.15
"""How much wider the second crop is."""
SURELY: Final = 0.99
"""A hand that shows a gesture with this probability is not looked at again."""
SURELY_NOTHING: Final = 0.9
"""The same of a hand that shows none."""
IN_THE_MIRROR: Final = [
    ORIENTATIONS.index({"left": "right", "right": "left"}.get(name, name)) for name in ORIENTATIONS
]
"""Which of `ORIENTATIONS` each one becomes."""

Chances = list[float]
Look = Callable[[Image], Mapping[str, Array]]
"""From uint8 (N, S, S, 3) RGB to what a classifier gives, by name: logits, and embeddings."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a classifier makes of one hand."""

    gesture: Chances
    """Probabilities, as the model orders its labels."""
    hand: Chances
    orientation: Chances | None
    """None where the model does not say, as below."""
    embedding: Array | None


@dataclass(frozen=True, slots=True)
class HandNamer:
    """A classifier, and how hands are cut out for it."""

    look: Look
    labels: Sequence[str]
    size: int
    """Side of the crops in pixels."""
    margin: float
    """Side of the crops in longer sides of a hand's box."""

    def name(self, image: Image, boxes: Sequence[Box], *, closely: bool = True) -> list[Named]:
        """Return what each hand shows; image is uint8 (H, W, 3) BGR, boxes are in its pixels.

        `closely`: hands of which the first look is not sure are looked at again. The embedding is
        always the first look's.
        """
        if not boxes:
            return []
        crops = [hand_crop(image, box, self.size, self.margin) for box in boxes]
        named = _read(self.look(np.stack(crops)))
        again = [i for i, one in enumerate(named) if not self._is_sure(one.gesture)]
        if closely and again:
            crops = [_mirrored_crop(image, boxes[i], self.size, self.margin) for i in again]
            for i, second in zip(again, _read(self.look(np.stack(crops))), strict=True):
                named[i] = _joined(named[i], second)
        return named

    def _is_sure(self, gesture: Chances) -> bool:
        best = max(gesture)
        is_nothing = self.labels[gesture.index(best)] == NO_GESTURE
        return best >= (SURELY_NOTHING if is_nothing else SURELY)


def _mirrored_crop(image: Image, box: Box, size: int, margin: float) -> Image:
    """Cut what the second look goes at: uint8 (size, size, 3) RGB, wider and mirrored."""
    return hand_crop(image, box, size, LOOSER * margin)[:, ::-1]


def _read(given: Mapping[str, Array]) -> list[Named]:
    chances = {
        name: [softmax(logits) for logits in rows.tolist()]
        for name, rows in given.items()
        if name != "embedding"
    }
    nothing = [None] * len(chances["gesture"])
    rows = zip(
        chances["gesture"],
        chances["hand"],
        chances.get("orientation", nothing),
        given.get("embedding", nothing),
        strict=True,
    )
    return [Named(*row) for row in rows]


def _joined(first: Named, mirrored: Named) -> Named:
    """Return the mean of both; in the mirror left is right."""
    orientation = None
    if first.orientation is not None and mirrored.orientation is not None:
        orientation = _mean(first.orientation, [mirrored.orientation[i] for i in IN_THE_MIRROR])
    return Named(
        _mean(first.gesture, mirrored.gesture),
        _mean(first.hand, mirrored.hand[::-1]),
        orientation,
        first.embedding,
    )


def _mean(one: Chances, other: Chances) -> Chances:
    return [(a + b) / 2 for a, b in zip(one, other, strict=True)]


def softmax(logits: Sequence[float]) -> Chances:
    """Turn logits into probabilities; for so few numbers plain Python is soonest."""
    most = max(logits)
    powers = [math.exp(logit - most) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
