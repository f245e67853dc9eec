"""Hands are named twice, unless the first answer is quite confident."""

from collections.abc import Mapping

import numpy as np
import pytest

from vcam.core.frame import Box, Image
from vcam.core.labels import ORIENTATIONS
from vcam.vision.models.session import Array
from vcam.vision.test_time_augmentation import AugmentedClassifier

LABELS = ("fist", "palm", "no_gesture")
LEFT, RIGHT = (10, 10, 50, 50), (110, 10, 150, 50)


def blank_image() -> Image:
    """Return uint8 (60, 160, 3) BGR: the left hand's left half is white, the right hand is grey."""
    image = np.zeros((60, 160, 3), np.uint8)
    image[10:50, 10:30] = 255
    image[10:50, 110:150] = 90
    return image


class Classifier:
    """Says `fist`, right, pointing left where the left half is the brighter one; else the reverse.

    What is grey all over is surely `grey`.
    """

    def __init__(self, grey: str = "no_gesture") -> None:
        self.crops: list[Image] = []
        self.grey = [9.0 * (label == grey) for label in LABELS]

    def infer(self, crops: Image) -> Mapping[str, Array]:
        """Return logits and embeddings."""
        self.crops.extend(crops)
        rows = [self._row(crop) for crop in crops]
        names = ("gesture", "hand", "orientation", "embedding")
        return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))

    def _row(self, crop: Image) -> tuple[list[float], ...]:
        half = crop.shape[1] // 2
        left, right = float(crop[:, :half].mean()), float(crop[:, half:].mean())
        if abs(left - right) < 5:
            return self.grey, [0.0, 0.0], [0.0] * 4, [1.0, 0.0]
        points = ORIENTATIONS.index("left" if left > right else "right")
        orientation = [3.0 * (place == points) for place in range(4)]
        gesture = [2.0, 0.0, 0.0] if left > right else [0.0, 4.0, 0.0]
        hand = [2.0, 0.0] if left > right else [0.0, 2.0]
        return gesture, hand, orientation, [left, right]


def name(
    boxes: list[Box], grey: str = "no_gesture", *, refine: bool = True
) -> tuple[list[list[float]], Classifier]:
    """Return gesture, hand and orientation of each hand in one row each, and who was asked."""
    classifier = Classifier(grey)
    namer = AugmentedClassifier(classifier.infer, LABELS, 32, 1.0)
    named = namer.name(blank_image(), boxes, refine=refine)
    return [[*one.gesture, *one.hand, *(one.orientation or ())] for one in named], classifier


def test_what_both_views_say_counts_half_each() -> None:
    """Fist at first, palm in the mirror: the mean says palm, the more confident one."""
    ((fist, palm, _, *_),), _ = name([LEFT])
    assert palm == pytest.approx((np.exp(4) / (np.exp(4) + 2) + 1 / (np.exp(2) + 2)) / 2)
    assert palm > fist


def test_left_is_right_in_the_mirror() -> None:
    """A hand that is right and points left once, left and right in its mirror, is confident."""
    ((*_, right, left, up, to_right, down, to_left),), _ = name([LEFT])
    assert right > 0.85 > left
    assert to_left > 0.85
    assert max(up, to_right, down) < 0.1


@pytest.mark.parametrize("confident", ["no_gesture", "palm"])
def test_confident_hands_cost_one_inference(confident: str) -> None:
    """A confident hand costs one inference, idle or not; the other is cut wider and mirrored."""
    _, classifier = name([LEFT, RIGHT], confident)
    assert len(classifier.crops) == 3
    first, _, again = classifier.crops
    assert first[:, :16].mean() > first[:, 16:].mean()
    assert again[:, :16].mean() < again[:, 16:].mean() < first[:, :16].mean()


def test_a_glance_is_one_inference() -> None:
    """Nobody who asks for less pays for more."""
    ((fist, palm, *_),), classifier = name([LEFT], refine=False)
    assert len(classifier.crops) == 1
    assert fist > palm


def test_no_hands_need_no_inference() -> None:
    """Nothing found is nothing named."""
    assert name([])[0] == []
