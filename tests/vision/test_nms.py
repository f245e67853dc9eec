"""Boxes and hands."""

import pytest

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import Detection
from vcam.core.labels import mirrored_side
from vcam.vision.nms import without_overlaps


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
    kept = without_overlaps([double, other, best])
    assert [each.score for each in kept] == [0.9, 0.5]
    assert kept[1] == other


def test_boxes_on_one_hand_vote() -> None:
    """A hand is where all boxes on it say, by their scores; weak ones vote and are no hands."""
    best, double = Detection((0, 0, 10, 10), 0.6), Detection((3, 0, 13, 10), 0.3)
    weak = Detection((50, 50, 60, 60), 0.2)
    (hand,) = without_overlaps([double, best, weak], min_score=0.4)
    assert hand.box_xyxy == pytest.approx((1, 0, 11, 10))
    assert hand.score == 0.6


def test_empty_boxes_vote_for_nothing() -> None:
    """A box without an area, or a score of 0, stays as it is."""
    line, nothing = Detection((5, 5, 5, 9), 0.9), Detection((20, 20, 30, 30), 0.0)
    assert without_overlaps([line]) == [line]
    assert without_overlaps([nothing]) == [nothing]


@pytest.mark.parametrize(
    ("score", "stays"),
    [
        pytest.param(0.3, False, id="much less confident"),
        pytest.param(0.45, True, id="nearly as confident"),
        pytest.param(0.55, True, id="surely a hand itself"),
    ],
)
def test_a_shadow_is_no_second_hand(score: float, stays: bool) -> None:
    """A doubtful box at the edge of a confident one goes; two hands that touch both stay."""
    confident = Detection((0, 0, 100, 100), 0.55)
    edge = Detection((80, 0, 180, 100), score)
    assert (edge in without_overlaps([confident, edge])) == stays


def test_a_part_of_a_hand_is_no_second_hand() -> None:
    """A small box inside a better one goes; a better small box inside a large one wins."""
    whole, finger = Detection((0, 0, 100, 100), 0.9), Detection((10, 10, 40, 60), 0.6)
    assert without_overlaps([finger, whole]) == [whole]
    confident = Detection((10, 10, 40, 60), 0.95)
    assert without_overlaps([whole, confident]) == [confident]


def test_the_other_hand() -> None:
    """A flipped right hand is a left hand, and the reverse."""
    assert (mirrored_side("right"), mirrored_side("left")) == ("left", "right")
