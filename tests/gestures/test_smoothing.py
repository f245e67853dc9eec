"""Smoothed evidence of one hand."""

from dataclasses import replace

import pytest

from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE, Side
from vcam.gestures.smoothing import Evidence

BOX = (0.0, 0.0, 100.0, 100.0)
LEAST = {"stop": 0.6, "palm": 0.6}


def showing(gesture: str, score: float = 0.9, side: Side | None = None, sure: float = 0.9) -> Hand:
    """Return a hand that shows a gesture."""
    return Hand(BOX, 0.9, gesture, score, side, sure)


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
def test_a_gesture_is_shown_after_a_moment(rate: int) -> None:
    """One frame is no gesture; a fifth of a second is, at any rate."""
    evidence = Evidence()
    assert evidence.update(showing("stop"), 0.0, LEAST) == NO_GESTURE
    for index in range(1, int(0.2 * rate) + 1):
        shown = evidence.update(showing("stop"), index / rate, LEAST)
    assert shown == "stop"


def test_one_odd_frame_changes_nothing() -> None:
    """A single misread frame among many does not end a gesture."""
    evidence = Evidence()
    frames = ["stop"] * 10 + ["palm"] + ["stop"] * 3
    shown = [evidence.update(showing(g), i / 15, LEAST) for i, g in enumerate(frames)]
    assert shown[5:] == ["stop"] * 9


def test_a_score_below_the_threshold_is_nothing() -> None:
    """However long a gesture is shown, its mean score must reach the threshold."""
    evidence = Evidence()
    shown = {evidence.update(showing("stop", 0.58), i / 15, LEAST) for i in range(60)}
    assert shown == {NO_GESTURE}


def test_a_shown_gesture_may_weaken_a_little() -> None:
    """It is easier to stay than to enter: the score may fall to 0.8 of the threshold."""
    evidence = Evidence()
    for index in range(30):
        evidence.update(showing("stop", 0.7), index / 15, LEAST)
    for index in range(30, 90):
        shown = evidence.update(showing("stop", 0.5), index / 15, LEAST)
    assert shown == "stop"


def test_it_is_sure_only_while_it_would_be_shown_anew() -> None:
    """A gesture that goes on being shown at a weak score is shown, and no longer sure."""
    evidence = Evidence()
    evidence.update(showing("stop", 0.7), 0.0, LEAST)
    assert not evidence.sure
    for index in range(1, 30):
        evidence.update(showing("stop", 0.7), index / 15, LEAST)
    assert evidence.sure
    for index in range(30, 90):
        evidence.update(showing("stop", 0.5), index / 15, LEAST)
    assert (evidence.shown, evidence.sure) == ("stop", False)


def test_an_unseen_hand_fades() -> None:
    """A gesture survives a fifth of a second out of sight, and not half a second."""
    evidence = Evidence()
    for index in range(30):
        evidence.update(showing("stop"), index / 30, LEAST)
    assert evidence.update(None, 1.15, LEAST) == "stop"
    assert evidence.update(None, 1.5, LEAST) == NO_GESTURE


@pytest.mark.parametrize(("side", "sure"), [("left", 0.9), ("right", 0.75)])
def test_the_leading_hand_becomes_sure(side: Side, sure: float) -> None:
    """Left and right are named once they are likely enough for a while."""
    evidence = Evidence()
    for index in range(15):
        evidence.update(showing("stop", 0.9, side, sure), index / 15, LEAST)
    assert evidence.side == side


def test_a_doubtful_leading_hand_is_not_named() -> None:
    """A probability of 0.55 names no hand."""
    evidence = Evidence()
    for index in range(60):
        evidence.update(showing("stop", 0.9, "left", 0.55), index / 15, LEAST)
    assert evidence.side is None


def turned(pointing: int) -> Hand:
    """Return a hand that points in one of the four directions."""
    chances = tuple(0.91 if place == pointing else 0.03 for place in range(4))
    return replace(showing("stop"), orientation=chances)


@pytest.mark.parametrize("rate", [5, 15, 60])
def test_where_a_hand_points_is_smoothed(rate: int) -> None:
    """One odd moment turns no hand; a third of a second does, at any rate."""
    evidence = Evidence()
    for index in range(rate):
        evidence.update(turned(0), index / rate, LEAST)
    evidence.update(turned(2), 1.0, LEAST)
    for index in range(rate):
        evidence.update(turned(1), 1.0 + (index + 1) / rate, LEAST)
        assert evidence.pointing != "down"
    assert evidence.pointing == "right"


def test_a_model_that_says_nothing_of_it_points_nowhere() -> None:
    """Without orientations there is none."""
    evidence = Evidence()
    evidence.update(showing("stop"), 0.0, LEAST)
    assert (evidence.pointing, evidence.orientation) == (None, None)
