"""A hand that touches another: clasped, folded or wrung hands mean nothing.

Nor do two hands that hold one thing: a cable, a cup, a book. They all but touch, now and then.
"""

from collections.abc import Sequence
from typing import Final

from vcam.core.frame import Box
from vcam.core.hand import Hand, TrackedHand

MIN_HAND_SCORE: Final = 0.5
"""Minimum score of the other's detection: what may be no hand at all clasps nothing."""
MIN_OTHER_SIZES: Final = 0.4
"""Nor does what is smaller than this, in sizes of the hand: a watch, a ring, a button."""
MAX_GAP_SIZES: Final = 0.3
"""Boxes no farther apart than this, in sizes of the hand, hold one thing…"""
HOLDING_S: Final = 0.5
"""…and for so long after."""


class TouchingHands:
    """Remembers which hands touch another."""

    def __init__(self) -> None:
        self._touching: set[int] = set()
        self._near: dict[int, float] = {}
        """By track: when another hand was last within `MAX_GAP_SIZES`."""
        self._time = 0.0

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in all hands at `time` in seconds."""
        self._time, seen = time, [t for t in tracks if t.seen == time]
        self._touching = set()
        for one in tracks if len(tracks) > 1 else ():
            hand = one.hand
            gap = min((gap_to(hand, other.hand) for other in seen if other is not one), default=9.0)
            if gap <= MAX_GAP_SIZES:
                self._near[one.track] = time
            if gap < 0:
                self._touching.add(one.track)
        if self._near:
            known = {tracked.track for tracked in tracks}
            self._near = {
                track: last
                for track, last in self._near.items()
                if track in known and time - last <= HOLDING_S + 1e-6
            }

    def touches(self, tracked: TrackedHand) -> bool:
        """Tell whether another hand is on or under this one."""
        return tracked.track in self._touching

    def holds(self, tracked: TrackedHand) -> bool:
        """Tell whether another hand is so near, or just was, that both may hold one thing."""
        return tracked.track in self._near


def gap_to(hand: Hand, other: Hand) -> float:
    """Return how far another hand is, in sizes of this one; below 0 where the boxes overlap.

    Infinite where the other is none, or too small to be one.
    """
    size = max(1.0, hand.size)
    if other.score < MIN_HAND_SCORE or other.size < MIN_OTHER_SIZES * size:
        return float("inf")
    return _gap(hand.box_xyxy, other.box_xyxy) / size


def _gap(one: Box, other: Box) -> float:
    """Return how far two boxes are apart, in pixels: along the axis on which they are farther."""
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
