"""Swipes by the movement of an open hand.

A hand rests, moves straight by more than 1.5 hand sizes within 0.15 to 0.7 seconds, open all the
way, and rests again: that is a swipe. Resting at both ends is what tells it from a hand that is
raised into the picture or lowered out of it. Directions are the person's own: in an unmirrored
picture their left is towards the right edge.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from vcam.hand import Hand

OPEN_HAND: Final = frozenset({"palm", "stop", "stop_inverted"})
SIZES: Final = 1.5
SHORTEST_S, LONGEST_S = 0.15, 0.7
MOVING, RESTING = 2.0, 1.5
"""Hand sizes a second above which a hand is moving, and below which it is at rest."""
REST_S: Final = 0.1
"""How long a hand rests before it swipes."""
STRAIGHT: Final = 0.85
"""Least ratio of the way's ends' distance to its length."""
OFF_AXIS: Final = 0.45
"""Most movement across, as part of the movement along."""
OPEN_SHARE: Final = 0.6
"""Least share of moments in which the hand was seen to be open; fast hands blur."""
LOCK_S: Final = 1.0
"""After a swipe the hand goes back: that is no swipe."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a hand was and whether it was open."""

    time: float
    x: float
    y: float
    size: float
    is_open: bool


class SwipeFinder:
    """Watches one hand."""

    def __init__(self) -> None:
        self._way: list[Moment] = []
        """Empty while at rest; else from the last moment of rest on."""
        self._last: Moment | None = None
        self._rest_since: float | None = None
        self._locked_until = -math.inf

    def update(self, hand: Hand, time: float, speed: float | None) -> str | None:
        """Return the swipe that ends at `time`, if one does; `speed` in hand sizes a second."""
        now = Moment(time, *hand.center, max(1.0, hand.size), hand.gesture in OPEN_HAND)
        before, self._last = self._last, now
        if self._way:
            self._way.append(now)
            return self._judge(time) if speed is not None and speed < RESTING else None
        if speed is not None and speed >= MOVING:
            self._set_off(before, now)
        elif speed is not None and speed < RESTING and self._rest_since is None:
            self._rest_since = time
        return None

    def _set_off(self, before: Moment | None, now: Moment) -> None:
        since, self._rest_since = self._rest_since, None
        if before is None or since is None:
            return
        if before.time - since >= REST_S - 1e-6:
            self._way = [before, now]

    def _judge(self, time: float) -> str | None:
        way, self._way, self._rest_since = self._way, [], time
        swipe = swipe_along(way)
        if swipe is None or time < self._locked_until:
            return None
        self._locked_until = time + LOCK_S
        return swipe


def swipe_along(way: list[Moment]) -> str | None:
    """Return the swipe that a way from rest to rest makes, if it makes one."""
    first, last = way[0], way[-1]
    dx, dy = last.x - first.x, last.y - first.y
    size = sum(moment.size for moment in way) / len(way)
    along, across = max(abs(dx), abs(dy)), min(abs(dx), abs(dy))
    if along < SIZES * size or across > OFF_AXIS * along:
        return None
    if not SHORTEST_S <= _duration(way, along) <= LONGEST_S:
        return None
    if math.hypot(dx, dy) < STRAIGHT * _length(way):
        return None
    if sum(moment.is_open for moment in way) < OPEN_SHARE * len(way):
        return None
    if abs(dx) > abs(dy):
        return "swipe_left" if dx > 0 else "swipe_right"
    return "swipe_down" if dy > 0 else "swipe_up"


def _duration(way: list[Moment], distance: float) -> float:
    """Return seconds from the first to the last tenth of the way: rest is found a little late."""
    first, last = way[0], way[-1]
    left = [m.time for m in way if math.hypot(m.x - first.x, m.y - first.y) <= 0.1 * distance]
    there = [m.time for m in way if math.hypot(m.x - last.x, m.y - last.y) <= 0.1 * distance]
    return min(there) - max(left)


def _length(way: list[Moment]) -> float:
    return sum(math.hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(way))
