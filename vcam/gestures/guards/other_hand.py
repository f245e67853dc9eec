"""What the other hand does: hands that talk come in pairs, and whoever means it uses one.

While a gesture is meant, the other hand lies in the lap, or rests. One that moves at the same
height, or shows the same, says that both are talking.
"""

import math
from collections import deque
from collections.abc import Collection, Sequence
from typing import Final

from vcam.core.box import intersection_over_union
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE

WINDOW_S: Final = 0.6
"""Over this long, movement is measured…"""
MOVING_MIN_SIZES: Final = 0.45
"""…and the hand moves that got this many of its sizes away from where it was."""
STIRRING_MIN_SIZES: Final = 0.12
"""A hand that got no farther than this many of its sizes rests."""
MAX_SIZE_RATIO: Final = 2.0
"""One person's hands differ in size by no more than this factor."""
MAX_DISTANCE_SIZES: Final = 6.0
"""One person's hands are no farther apart than this, in sizes of the hand."""
MIN_HAND_SCORE: Final = 0.5
"""Minimum score of a detection that tells of a second hand; blurred ones are found twice."""
MAX_HEIGHT_DIFFERENCE_SIZES: Final = 1.3
"""They are raised together when one is no higher than this above the other, in sizes."""


class OtherHands:
    """Remembers how all hands in sight have moved lately."""

    def __init__(self) -> None:
        self._ways: dict[int, deque[tuple[float, float, float]]] = {}
        self._tracks: Sequence[TrackedHand] = ()
        self._beside: dict[int, list[TrackedHand]] = {}
        """By track: the hands that are raised with it, as far as somebody has asked."""
        self._travels: dict[int, float] = {}
        """By track: how far it got lately, likewise."""

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in the hands that surely are some at `time` in seconds."""
        self._tracks = tracks
        self._beside, self._travels = {}, {}
        self._ways = {t.track: self._ways.get(t.track, deque()) for t in tracks}
        for tracked in tracks:
            way = self._ways[tracked.track]
            if tracked.seen == time:
                way.append((time, *tracked.hand.center))
            while way and time - way[0][0] > WINDOW_S + 1e-6:
                way.popleft()

    def disturb(self, tracked: TrackedHand, gesture: str) -> bool:
        """Tell whether the other hand moves, or shows the same gesture, while this one shows it."""
        return any(
            self.travel(other) >= MOVING_MIN_SIZES or other.hand.gesture == gesture != NO_GESTURE
            for other in self._raised_with(tracked)
        )

    def also_move(self, tracked: TrackedHand, time: float) -> bool:
        """Tell whether another hand that is seen now has moved as well, wherever it is."""
        return any(
            other.seen == time
            and other.track != tracked.track
            and _are_one_persons(tracked.hand, other.hand)
            and other.hand.score >= MIN_HAND_SCORE
            and intersection_over_union(tracked.hand.box_xyxy, other.hand.box_xyxy) == 0
            and self.travel(other) >= MOVING_MIN_SIZES
            for other in self._tracks
        )

    def stirs(self, tracked: TrackedHand) -> bool:
        """Tell whether another hand is raised beside this one, and does not quite rest."""
        return any(self.travel(other) >= STIRRING_MIN_SIZES for other in self._raised_with(tracked))

    def travel(self, tracked: TrackedHand) -> float:
        """Return how far a hand got lately, in its own sizes."""
        far = self._travels.get(tracked.track)
        if far is None:
            way = self._ways.get(tracked.track)
            far = _extent(way) / max(1.0, tracked.hand.size) if way else 0.0
            self._travels[tracked.track] = far
        return far

    def _raised_with(self, tracked: TrackedHand) -> list[TrackedHand]:
        beside = self._beside.get(tracked.track)
        if beside is None:
            beside = self._beside[tracked.track] = [
                other
                for other in self._tracks
                if other.track != tracked.track and _are_level(tracked.hand, other.hand)
            ]
        return beside


def _extent(way: Collection[tuple[float, float, float]]) -> float:
    """Return the diagonal of the smallest box around a way of time, x and y, in pixels."""
    _, xs, ys = zip(*way, strict=True)
    return math.hypot(max(xs) - min(xs), max(ys) - min(ys))


def _are_level(one: Hand, other: Hand) -> bool:
    apart = abs(other.center[1] - one.center[1])  # asked first: it leaves out most
    level = apart <= MAX_HEIGHT_DIFFERENCE_SIZES * max(1.0, one.size)
    return level and _are_one_persons(one, other)


def _are_one_persons(one: Hand, other: Hand) -> bool:
    size = max(1.0, one.size)
    alike = 1 / MAX_SIZE_RATIO <= other.size / size <= MAX_SIZE_RATIO
    return alike and math.dist(one.center, other.center) <= MAX_DISTANCE_SIZES * size
