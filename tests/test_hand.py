"""Boxes and hands."""

import pytest

from vcam.frame import Box
from vcam.gesture import mirrored_side
from vcam.hand import Detection, intersection_over_union, without_overlaps


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param((0, 0, 10, 10), (0, 0, 10, 10), 1.0, id="the same"),
        pytest.param((0, 0, 10, 10), (10, 0, 20, 10), 0.0, id="touching"),
        pytest.param((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3, id="half over"),
        pytest.param((0, 0, 0, 0), (0, 0, 0, 0), 0.0, id="empty"),
    ],
)
def test_intersection_over_union(one: Box, other: Box, expected: float) -> None:
    """Overlap is the shared area over the joint area, and 0 where there is none."""
    assert intersection_over_union(one, other) == pytest.approx(expected)


def test_the_best_of_overlapping_detections_stays() -> None:
    """Of boxes on one hand the best scored is kept, and another hand's box stays."""
    best = Detection((0, 0, 10, 10), 0.9)
    double = Detection((1, 0, 11, 10), 0.8)
    other = Detection((50, 50, 60, 60), 0.5)
    assert without_overlaps([double, other, best]) == [best, other]


def test_a_part_of_a_hand_is_no_second_hand() -> None:
    """A small box inside a better one goes; a better small box inside a large one wins."""
    whole, finger = Detection((0, 0, 100, 100), 0.9), Detection((10, 10, 40, 60), 0.6)
    assert without_overlaps([finger, whole]) == [whole]
    sure = Detection((10, 10, 40, 60), 0.95)
    assert without_overlaps([whole, sure]) == [sure]


def test_the_other_hand() -> None:
    """A flipped right hand is a left hand, and the reverse."""
    assert (mirrored_side("right"), mirrored_side("left")) == ("left", "right")
