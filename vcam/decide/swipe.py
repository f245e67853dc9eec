"""Swipes by the movement of an open hand.

An open hand that moves more than 1.5 hand widths, straight, within 0.15 to 0.7 seconds has swiped.
Directions are the person's own: in an unmirrored picture their left is towards the right edge.
"""

import itertools
import math
from collections import deque
from dataclasses import dataclass

from vcam.hand import Hand

OPEN_HAND = frozenset({"palm", "stop", "stop_inverted"})
WIDTHS = 1.5
SHORTEST_S, LONGEST_S = 0.15, 0.7
STRAIGHT = 0.85
"""Least ratio of the way's ends' distance to its length."""
OFF_AXIS = 0.45
"""Most movement across, as part of the movement along."""
OPEN_SHARE = 0.6
"""Least share of moments in which the hand was seen to be open; fast hands blur."""
LOCK_S = 1.0
"""After a swipe the hand goes back: that is no swipe."""


@dataclass(frozen=True, slots=True)
class _Moment:
    time: float
    x: float
    y: float
    size: float
    is_open: bool


class SwipeFinder:
    """Watches one track."""

    def __init__(self) -> None:
        self._way: deque[_Moment] = deque()
        self._locked_until = -math.inf

    def update(self, hand: Hand, time: float) -> str | None:
        """Return the swipe that ends at `time`, if one does."""
        self._way.append(_Moment(time, *hand.center, hand.size, hand.gesture in OPEN_HAND))
        while time - self._way[0].time > LONGEST_S:
            self._way.popleft()
        if time < self._locked_until:
            return None
        for start in range(len(self._way) - 2):
            swipe = _swipe(list(self._way)[start:])
            if swipe:
                self._way.clear()
                self._locked_until = time + LOCK_S
                return swipe
        return None


def _swipe(way: list[_Moment]) -> str | None:
    first, last = way[0], way[-1]
    if last.time - first.time < SHORTEST_S:
        return None
    dx, dy = last.x - first.x, last.y - first.y
    size = sum(moment.size for moment in way) / len(way)
    along, across = max(abs(dx), abs(dy)), min(abs(dx), abs(dy))
    if along < WIDTHS * size or across > OFF_AXIS * along:
        return None
    if math.hypot(dx, dy) < STRAIGHT * _length(way):
        return None
    if sum(moment.is_open for moment in way) < OPEN_SHARE * len(way):
        return None
    if abs(dx) > abs(dy):
        return "swipe_left" if dx > 0 else "swipe_right"
    return "swipe_down" if dy > 0 else "swipe_up"


def _length(way: list[_Moment]) -> float:
    return sum(math.hypot(b.x - a.x, b.y - a.y) for a, b in itertools.pairwise(way))
