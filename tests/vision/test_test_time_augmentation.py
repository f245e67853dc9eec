"""Hands are named again, from other views, unless the first answer is quite confident."""

from collections.abc import Mapping

import numpy as np
import pytest

from vcam.core.frame import Box, Image
from vcam.core.labels import ORIENTATIONS
from vcam.vision.models.session import Array
from vcam.vision.test_time_augmentation import VIEWS, AugmentedClassifier, View

LABELS = ("fist", "palm", "no_gesture")
LEFT, RIGHT = (10, 10, 50, 50), (110, 10, 150, 50)


def picture() -> Image:
    """Return uint8 (60, 160, 3) BGR: the left hand's left half is white, the right hand is grey."""
    image = np.zeros((60, 160, 3), np.uint8)
    image[10:50, 10:30] = 255
    image[10:50, 110:150] = 90
    return image


class Classifier:
    """Says `fist`, right, pointing left where the left half is the brighter one; else the reverse.

    What is grey all over is surely `grey`.
    """

    def __init__(self, grey: str = "no_gesture", certainty: float = 9.0) -> None:
        self.crops: list[Image] = []
        self.grey = [certainty * (label == grey) for label in LABELS]

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
    boxes: list[Box], grey: str = "no_gesture", certainty: float = 9.0, *, refine: bool = True
) -> tuple[list[list[float]], Classifier]:
    """Return gesture, hand and orientation of each hand in one row each, and who was asked."""
    classifier = Classifier(grey, certainty)
    namer = AugmentedClassifier(classifier.infer, LABELS, 32, 1.0)
    named = namer.name(picture(), boxes, refine=refine)
    return [[*one.gesture, *one.hand, *(one.orientation or ())] for one in named], classifier


def test_all_views_count_alike_in_a_geometric_mean() -> None:
    """Fist in the two views as they are, palm in both mirrors, where it is the surer name."""
    ((fist, palm, nothing, *_),), _ = name([LEFT])
    assert fist + palm + nothing == pytest.approx(1)
    # Logits are 2 and 0 in two views, 0 and 4 in two: their means are 1 and 2, and 0 for the rest.
    assert palm / fist == pytest.approx(np.exp(2 - 1))
    assert palm / nothing == pytest.approx(np.exp(2))


def test_every_hand_gets_the_mean_of_its_own_views() -> None:
    """Two hands that are not sure are named together as they are one by one."""
    together, classifier = name([LEFT, RIGHT], "fist", 1.0)
    assert len(classifier.crops) == 2 + 2 * len(VIEWS)
    alone = [name([box], "fist", 1.0)[0][0] for box in (LEFT, RIGHT)]
    assert together[0] == pytest.approx(alone[0])
    assert together[1] == pytest.approx(alone[1])


def test_what_is_no_number_stays_none() -> None:
    """A broken model must not get a name out of a mean: the recognizer drops what is not finite."""
    ((fist, palm, nothing, *_),), _ = name([RIGHT], "fist", float("nan"))
    assert np.isnan([fist, palm, nothing]).all()


def test_left_is_right_in_the_mirror() -> None:
    """A hand that is right and points left once, left and right in its mirror, is confident."""
    ((*_, right, left, up, to_right, down, to_left),), _ = name([LEFT])
    assert right > 0.85 > left
    assert to_left > 0.85
    assert max(up, to_right, down) < 0.1


@pytest.mark.parametrize("confident", ["no_gesture", "palm"])
def test_confident_hands_cost_one_inference(confident: str) -> None:
    """A confident hand costs one inference, idle or not; the other is seen in every view."""
    _, classifier = name([LEFT, RIGHT], confident)
    assert len(classifier.crops) == 2 + len(VIEWS)
    first, _, *again = classifier.crops
    assert first[:, :16].mean() > first[:, 16:].mean()
    for seen, view in zip(again, VIEWS, strict=True):
        assert bool(seen[:, :16].mean() < seen[:, 16:].mean()) == view.mirrored


def test_a_glance_is_one_inference() -> None:
    """Nobody who asks for less pays for more."""
    ((fist, palm, *_),), classifier = name([LEFT], refine=False)
    assert len(classifier.crops) == 1
    assert fist > palm


def test_no_hands_need_no_inference() -> None:
    """Nothing found is nothing named."""
    assert name([])[0] == []


def test_a_view_turns_counter_clockwise_then_mirrors() -> None:
    """A mark at the top goes to the left when it is turned; in a mirror, to the right."""
    crop = np.zeros((41, 41, 3), np.uint8)
    crop[2:7, 18:23] = 255
    for mirrored, side in ((False, slice(0, 20)), (True, slice(21, 41))):
        seen = View(45.0, 1.0, mirrored).of(crop)
        assert seen.shape == crop.shape
        assert seen.dtype == np.uint8
        assert seen[:20, side].sum() == seen.sum() > 0


def test_a_view_has_no_black_corners() -> None:
    """What a turned crop lacks goes on as its edge does: a black wedge would be news to the net."""
    crop = np.full((40, 40, 3), 200, np.uint8)
    assert all((view.of(crop) == 200).all() for view in VIEWS)


def test_views_serve_left_and_right_hands_alike() -> None:
    """Mirrored, the turned views are each other: a hand and its mirror image are judged alike."""
    turned = {(view.degrees, view.zoom, view.mirrored) for view in VIEWS if view.degrees}
    assert turned == {(-degrees, zoom, not mirrored) for degrees, zoom, mirrored in turned}
