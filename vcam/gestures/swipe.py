"""Swipes: by the movement of an open hand, here, and by a hand that turns over, in `turn`.

A hand rests, moves straight by more than 1.5 hand sizes within 0.15 to 0.7 seconds, open all the
way, and rests again: that is a swipe. Resting at both ends is what tells it from a hand that is
raised into the picture or lowered out of it. Directions are the person's own: in an unmirrored
picture their left is towards the right edge.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.gestures.rotation_swipe import REST_S, RESTING, TurnFinder

OPEN_HAND: Final = frozenset({"palm", "stop", "stop_inverted"})
OPEN_SCORE: Final = 0.6
"""Least score of an open hand at both ends."""
SIZES: Final = 1.5
SHORTEST_S, LONGEST_S = 0.15, 0.7
MOVING: Final = 2.0
"""Hand sizes a second above which a hand is moving."""
STRAIGHT: Final = 0.85
"""Least ratio of the way's ends' distance to its length."""
OFF_AXIS: Final = 0.45
"""Most movement across, as part of the movement along."""
OTHER_SHARE: Final = 0.3
"""Most share of moments in which the hand showed something else; fast hands blur."""
LOCK_S: Final = 1.0
"""After a swipe the hand goes back: that is no swipe."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a hand was and what it showed."""

    time: float
    x: float
    y: float
    size: float
    is_open: bool
    is_other: bool = False
    """It showed a gesture that is no open hand."""


class Swipes:
    """Watches all hands. The way back after a swipe is none, whichever way it was read."""

    def __init__(self) -> None:
        self._moving: dict[int, SwipeFinder] = {}
        self._turning = TurnFinder()
        self._locked_until = -math.inf

    def update(
        self, tracked: TrackedHand, time: float, speed: float | None, sure: bool
    ) -> str | None:
        """Return the swipe that ends at `time`, if one does; `speed` in hand sizes a second.

        `sure`: the detector is sure that this is a hand. One end of a turn may be doubtful, since
        hands that lie or hang are found with lower scores; a movement may not.
        """
        moving = self._moving.setdefault(tracked.track, SwipeFinder())
        found = moving.update(tracked.hand, time, speed)
        found = found if sure else None
        found = self._turning.update(tracked, time, speed, sure) or found
        if found is None or time < self._locked_until:
            return None
        self._locked_until = time + LOCK_S
        return found

    def keep(self, tracks: set[int]) -> None:
        """Forget the hands that are gone."""
        self._moving = {track: self._moving[track] for track in self._moving.keys() & tracks}


class SwipeFinder:
    """Watches one hand."""

    def __init__(self) -> None:
        self._way: list[Moment] = []
        """Empty while at rest; else from the last moment of rest on."""
        self._last: Moment | None = None
        self._rest_since: float | None = None

    def update(self, hand: Hand, time: float, speed: float | None) -> str | None:
        """Return the swipe that ends at `time`, if one does; `speed` in hand sizes a second."""
        is_open = hand.gesture in OPEN_HAND and hand.gesture_score >= OPEN_SCORE
        is_other = not is_open and hand.gesture != NO_GESTURE
        now = Moment(time, *hand.center, max(1.0, hand.size), is_open, is_other)
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
        return swipe_along(way)


def swipe_along(way: list[Moment]) -> str | None:
    """Return the swipe that a way from rest to rest makes, if it makes one."""
    first, last = way[0], way[-1]
    dx, dy = last.x - first.x, last.y - first.y
    if not (_is_straight_and_far(way, dx, dy) and _is_open(way)):
        return None
    if not SHORTEST_S <= _duration(way, max(abs(dx), abs(dy))) <= LONGEST_S:
        return None
    if abs(dx) > abs(dy):
        return "swipe_left" if dx > 0 else "swipe_right"
    return "swipe_down" if dy > 0 else "swipe_up"


def _is_straight_and_far(way: list[Moment], dx: float, dy: float) -> bool:
    size = sum(moment.size for moment in way) / len(way)
    along, across = max(abs(dx), abs(dy)), min(abs(dx), abs(dy))
    straight = math.hypot(dx, dy) >= STRAIGHT * _length(way)
    return straight and along >= SIZES * size and across <= OFF_AXIS * along


def _is_open(way: list[Moment]) -> bool:
    """Tell whether the hand is open at both ends, and mostly no other gesture in between."""
    others = sum(moment.is_other for moment in way)
    return way[0].is_open and way[-1].is_open and others <= OTHER_SHARE * len(way)


def _duration(way: list[Moment], distance: float) -> float:
    """Return seconds from the first to the last tenth of the way: rest is found a little late."""
    first, last = way[0], way[-1]
    left = [m.time for m in way if math.hypot(m.x - first.x, m.y - first.y) <= 0.1 * distance]
    there = [m.time for m in way if math.hypot(m.x - last.x, m.y - last.y) <= 0.1 * distance]
    return min(there) - max(left)


def _length(way: list[Moment]) -> float:
    return sum(math.hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(way))
