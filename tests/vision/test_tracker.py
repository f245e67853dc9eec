"""Hands keep their identity."""

import random

import pytest

from vcam.core.hand import Hand
from vcam.core.labels import Side
from vcam.vision.tracker import Tracker


def hand_at(x: float, y: float = 300, size: float = 100, side: Side | None = None) -> Hand:
    """Return a hand with its middle at x, y."""
    half = size / 2
    return Hand((x - half, y - half, x + half, y + half), 0.9, "palm", 0.9, side, 0.9)


def test_a_still_hand_keeps_its_number() -> None:
    """A hand that stays where it is has one number and the time of its birth."""
    tracker = Tracker()
    for index in range(30):
        (tracked,) = tracker.update([hand_at(200)], index / 30)
    assert (tracked.track, tracked.born, tracked.seen) == (1, 0.0, 29 / 30)


@pytest.mark.parametrize("rate", [5, 10, 15, 30, 60])
def test_a_moving_hand_keeps_its_number_at_any_rate(rate: int) -> None:
    """Four hand sizes a second are followed at five as at sixty frames a second."""
    tracker = Tracker()
    for index in range(2 * rate):
        tracked = tracker.update([hand_at(100 + 400 * index / rate)], index / rate)
    assert [t.track for t in tracked] == [1]


def test_a_lost_hand_coasts_and_then_goes() -> None:
    """Without any detection a track still ages: it stays for 0.4 s and is then forgotten."""
    tracker = Tracker()
    tracker.update([hand_at(200)], 1.0)
    (coasting,) = tracker.update([], 1.4)
    assert coasting.seen == 1.0
    assert tracker.update([], 1.41) == []


def test_a_hand_that_comes_back_soon_is_the_same() -> None:
    """A detector may miss a hand for a few frames without a new number."""
    tracker = Tracker()
    tracker.update([hand_at(200)], 1.0)
    tracker.update([], 1.2)
    assert [t.track for t in tracker.update([hand_at(210)], 1.35)] == [1]


def test_numbers_are_never_used_again() -> None:
    """A hand that comes back after it was forgotten is a new one."""
    tracker = Tracker()
    tracker.update([hand_at(200)], 1.0)
    assert [t.track for t in tracker.update([hand_at(200)], 3.0)] == [2]


def test_time_that_goes_back_ends_all_tracks() -> None:
    """A source that starts again does not inherit hands from the future."""
    tracker = Tracker()
    tracker.update([hand_at(200)], 10.0)
    assert [t.track for t in tracker.update([hand_at(200)], 0.0)] == [2]


def test_two_hands_do_not_swap_when_detections_do() -> None:
    """The order in which a detector names hands does not matter."""
    tracker = Tracker()
    tracker.update([hand_at(200), hand_at(500)], 0.0)
    tracks = tracker.update([hand_at(505), hand_at(195)], 0.1)
    assert {t.track: t.hand.center[0] < 350 for t in tracks} == {1: True, 2: False}


@pytest.mark.parametrize("rate", [15, 30, 60])
def test_crossing_hands_keep_their_numbers(rate: int) -> None:
    """Two hands that pass each other keep their numbers, told apart by way and leading hand."""
    tracker = Tracker()
    for index in range(2 * rate + 1):
        time = index / rate
        left, right = (
            hand_at(700 - 250 * time, side="left"),
            hand_at(200 + 250 * time, side="right"),
        )
        tracks = tracker.update([left, right], time)
    assert {t.track: t.hand.leading_hand for t in tracks} == {1: "left", 2: "right"}


def test_a_far_hand_is_another_hand() -> None:
    """A hand cannot leap across the picture from one frame to the next."""
    tracker = Tracker()
    tracker.update([hand_at(100)], 0.0)
    tracks = tracker.update([hand_at(900)], 0.05)
    assert sorted(t.track for t in tracks) == [1, 2]


def test_a_hand_of_another_size_is_another_hand() -> None:
    """A small hand behind does not take over the number of a large one in front."""
    tracker = Tracker()
    tracker.update([hand_at(300, size=250)], 0.0)
    tracks = tracker.update([hand_at(420, size=20)], 0.05)
    assert sorted(t.track for t in tracks) == [1, 2]


def test_boxes_are_smoothed() -> None:
    """A jittering box comes out steadier than it went in."""
    tracker, noise = Tracker(), random.Random(3)
    lefts = []
    for index in range(90):
        (tracked,) = tracker.update([hand_at(300 + noise.uniform(-6, 6))], index / 30)
        lefts.append(tracked.hand.box_xyxy[0])
    assert max(lefts[30:]) - min(lefts[30:]) < 7


def test_what_is_found_twice_continues_as_the_hand_that_is_known() -> None:
    """A second box on a hand for a moment does not take its place when the boxes become one."""
    tracker = Tracker()
    for index in range(10):
        tracker.update([hand_at(200)], index / 15)
    tracker.update([hand_at(200), hand_at(240)], 10 / 15)
    tracked = tracker.update([hand_at(225)], 11 / 15)
    assert [t.track for t in tracked if t.seen == 11 / 15] == [1]
