"""Smoothed evidence of one hand."""

from dataclasses import replace

import pytest

from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE, Side
from vcam.gestures.smoothing import SmoothedGesture

BOX = (0.0, 0.0, 100.0, 100.0)
MIN_SCORES = {"stop": 0.6, "palm": 0.6}


def showing(
    gesture: str, score: float = 0.9, side: Side | None = None, confident: float = 0.9
) -> Hand:
    """Return a hand that shows a gesture."""
    return Hand(BOX, 0.9, gesture, score, side, confident)


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
def test_a_gesture_is_shown_after_a_moment(rate: int) -> None:
    """One frame is no gesture; a fifth of a second is, at any rate."""
    smoothed = SmoothedGesture()
    assert smoothed.update(showing("stop"), 0.0, MIN_SCORES) == NO_GESTURE
    for index in range(1, int(0.2 * rate) + 1):
        shown = smoothed.update(showing("stop"), index / rate, MIN_SCORES)
    assert shown == "stop"


def test_one_odd_frame_changes_nothing() -> None:
    """A single misread frame among many does not end a gesture."""
    smoothed = SmoothedGesture()
    frames = ["stop"] * 10 + ["palm"] + ["stop"] * 3
    shown = [smoothed.update(showing(g), i / 15, MIN_SCORES) for i, g in enumerate(frames)]
    assert shown[5:] == ["stop"] * 9


def test_a_score_below_the_threshold_is_nothing() -> None:
    """However long a gesture is shown, its mean score must reach the threshold."""
    smoothed = SmoothedGesture()
    shown = {smoothed.update(showing("stop", 0.58), i / 15, MIN_SCORES) for i in range(60)}
    assert shown == {NO_GESTURE}


def test_a_shown_gesture_may_weaken_a_little() -> None:
    """It is easier to stay than to enter: the score may fall to 0.8 of the threshold."""
    smoothed = SmoothedGesture()
    for index in range(30):
        smoothed.update(showing("stop", 0.7), index / 15, MIN_SCORES)
    for index in range(30, 90):
        shown = smoothed.update(showing("stop", 0.5), index / 15, MIN_SCORES)
    assert shown == "stop"


def test_it_is_confident_only_while_it_would_be_shown_again() -> None:
    """A gesture that continues to be shown at a weak score is shown, and no longer confident."""
    smoothed = SmoothedGesture()
    smoothed.update(showing("stop", 0.7), 0.0, MIN_SCORES)
    assert not smoothed.confident
    for index in range(1, 30):
        smoothed.update(showing("stop", 0.7), index / 15, MIN_SCORES)
    assert smoothed.confident
    for index in range(30, 90):
        smoothed.update(showing("stop", 0.5), index / 15, MIN_SCORES)
    assert (smoothed.shown, smoothed.confident) == ("stop", False)


def test_an_unseen_hand_fades() -> None:
    """A gesture survives a fifth of a second out of sight, and not half a second."""
    smoothed = SmoothedGesture()
    for index in range(30):
        smoothed.update(showing("stop"), index / 30, MIN_SCORES)
    assert smoothed.update(None, 1.15, MIN_SCORES) == "stop"
    assert smoothed.update(None, 1.5, MIN_SCORES) == NO_GESTURE


@pytest.mark.parametrize(("side", "confident"), [("left", 0.9), ("right", 0.75)])
def test_the_leading_hand_becomes_confident(side: Side, confident: float) -> None:
    """Left and right are named once they are likely enough for a while."""
    smoothed = SmoothedGesture()
    for index in range(15):
        smoothed.update(showing("stop", 0.9, side, confident), index / 15, MIN_SCORES)
    assert smoothed.side == side


def test_a_doubtful_leading_hand_is_not_named() -> None:
    """A probability of 0.55 names no hand."""
    smoothed = SmoothedGesture()
    for index in range(60):
        smoothed.update(showing("stop", 0.9, "left", 0.55), index / 15, MIN_SCORES)
    assert smoothed.side is None


def turned(pointing: int) -> Hand:
    """Return a hand that points in one of the four directions."""
    chances = tuple(0.91 if place == pointing else 0.03 for place in range(4))
    return replace(showing("stop"), orientation=chances)


@pytest.mark.parametrize("rate", [5, 15, 60])
def test_where_a_hand_points_is_smoothed(rate: int) -> None:
    """One odd moment turns no hand; a third of a second does, at any rate."""
    smoothed = SmoothedGesture()
    for index in range(rate):
        smoothed.update(turned(0), index / rate, MIN_SCORES)
    smoothed.update(turned(2), 1.0, MIN_SCORES)
    for index in range(rate):
        smoothed.update(turned(1), 1.0 + (index + 1) / rate, MIN_SCORES)
        assert smoothed.pointing != "down"
    assert smoothed.pointing == "right"


def test_a_model_that_says_nothing_of_it_points_nowhere() -> None:
    """Without orientations there is none."""
    smoothed = SmoothedGesture()
    smoothed.update(showing("stop"), 0.0, MIN_SCORES)
    assert (smoothed.pointing, smoothed.orientation) == (None, None)
