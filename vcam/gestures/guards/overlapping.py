"""A hand that touches another: clasped, folded or wrung hands mean nothing.

Nor do two hands that hold one thing: a cable, a cup, a book. They all but touch, now and then.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from vcam.core.frame import Box
from vcam.core.hand import TrackedHand

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

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in all hands at `time` in seconds."""
        self._touching = set()
        for one, other in combinations(tracks, 2):
            gap = _gap(one.hand.box_xyxy, other.hand.box_xyxy)
            if gap <= MAX_GAP_SIZES * max(one.hand.size, other.hand.size):
                self._note(one, other, gap, time)
                self._note(other, one, gap, time)
        if self._near:
            known = {tracked.track for tracked in tracks}
            self._near = {
                track: last
                for track, last in self._near.items()
                if track in known and time - last <= HOLDING_S + 1e-6
            }

    def _note(self, one: TrackedHand, other: TrackedHand, gap: float, time: float) -> None:
        """Note what another hand, so many pixels away, means for this one."""
        size = one.hand.size
        is_hand = other.hand.score >= MIN_HAND_SCORE and other.hand.size >= MIN_OTHER_SIZES * size
        if other.seen != time or not is_hand or gap > MAX_GAP_SIZES * size:
            return
        self._near[one.track] = time
        if gap < 0:
            self._touching.add(one.track)

    def touches(self, tracked: TrackedHand) -> bool:
        """Tell whether another hand is on or under this one."""
        return tracked.track in self._touching

    def holds(self, tracked: TrackedHand) -> bool:
        """Tell whether another hand is so near, or just was, that both may hold one thing."""
        return tracked.track in self._near


def _gap(one: Box, other: Box) -> float:
    """Return how many pixels two boxes are apart, on the axis of the wider gap; 0 and less: not."""
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
