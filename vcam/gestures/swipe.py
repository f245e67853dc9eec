"""Swipes: by the movement of an open hand, here, and by turning it over, in `rotation_swipe`.

A hand rests, moves straight by more than 1.5 hand sizes within 0.15 to 0.7 seconds, open all the
way, and rests again: that is a swipe. Resting at both ends is what tells it from a hand that is
raised into the picture or lowered out of it. Directions are the person's own: in an unmirrored
picture their left is towards the right edge.
"""

import math
from itertools import pairwise
from typing import Final, NamedTuple

from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.gestures.rotation_swipe import MAX_REST_SPEED, MIN_REST_S, RotationSwipeDetector

OPEN_HAND: Final = frozenset({"palm", "stop", "stop_inverted"})
MIN_OPEN_SCORE: Final = 0.6
"""Minimum score of an open hand at both ends."""
MIN_TRAVEL_SIZES: Final = 1.5
MIN_DURATION_S, MAX_DURATION_S = 0.15, 0.7
MIN_MOVING_SPEED: Final = 2.0
"""Hand sizes a second above which a hand is moving."""
MIN_STRAIGHTNESS: Final = 0.85
"""Minimum ratio of the way's ends' distance to its length."""
MAX_OFF_AXIS: Final = 0.45
"""Maximum movement across, as part of the movement along."""
MAX_OTHER_SHARE: Final = 0.3
"""Maximum share of moments in which the hand showed something else; fast hands blur."""
LOCK_S: Final = 1.0
"""After a swipe the hand goes back: that is no swipe."""


class Moment(NamedTuple):
    """Where a hand was and what it showed."""

    time: float
    x: float
    y: float
    size: float
    is_open: bool
    is_other: bool = False
    """It showed a gesture that is no open hand."""


class SwipeDetector:
    """Watches all hands. The way back after a swipe is none, whichever way it was read."""

    def __init__(self) -> None:
        self._moving: dict[int, MovementSwipeDetector] = {}
        self._turning = RotationSwipeDetector()
        self._locked_until = -math.inf

    def update(
        self, tracked: TrackedHand, time: float, speed: float | None, confident: bool
    ) -> str | None:
        """Return the swipe that ends at `time`, if one does; `speed` in hand sizes a second.

        `confident`: the detector is. One end of a turn may be less so, since hands that lie or hang
        are found with lower scores; a movement may not.
        """
        moving = self._moving.setdefault(tracked.track, MovementSwipeDetector())
        found = moving.update(tracked.hand, time, speed)
        found = found if confident else None
        found = self._turning.update(tracked, time, speed, confident) or found
        if found is None or time < self._locked_until:
            return None
        self._locked_until = time + LOCK_S
        return found

    def keep(self, tracks: set[int]) -> None:
        """Forget the hands that are gone."""
        for track in self._moving.keys() - tracks:
            del self._moving[track]


class MovementSwipeDetector:
    """Watches one hand."""

    def __init__(self) -> None:
        self._way: list[Moment] = []
        """Empty while at rest; else from the last moment of rest on."""
        self._last: Moment | None = None
        self._rest_since: float | None = None

    def update(self, hand: Hand, time: float, speed: float | None) -> str | None:
        """Return the swipe that ends at `time`, if one does; `speed` in hand sizes a second."""
        is_open = hand.gesture in OPEN_HAND and hand.gesture_score >= MIN_OPEN_SCORE
        is_other = not is_open and hand.gesture != NO_GESTURE
        now = Moment(time, *hand.center, max(1.0, hand.size), is_open, is_other)
        before, self._last = self._last, now
        if self._way:
            self._way.append(now)
            return self._finish(time) if speed is not None and speed < MAX_REST_SPEED else None
        if speed is not None and speed >= MIN_MOVING_SPEED:
            self._set_off(before, now)
        elif speed is not None and speed < MAX_REST_SPEED and self._rest_since is None:
            self._rest_since = time
        return None

    def _set_off(self, before: Moment | None, now: Moment) -> None:
        since, self._rest_since = self._rest_since, None
        if before is None or since is None:
            return
        if before.time - since >= MIN_REST_S - 1e-6:
            self._way = [before, now]

    def _finish(self, time: float) -> str | None:
        way, self._way, self._rest_since = self._way, [], time
        return swipe_along(way)


def swipe_along(way: list[Moment]) -> str | None:
    """Return the swipe that a way from rest to rest makes, if it makes one."""
    first, last = way[0], way[-1]
    dx, dy = last.x - first.x, last.y - first.y
    if not (_is_straight_and_far(way, dx, dy) and _is_open(way)):
        return None
    if not MIN_DURATION_S <= _duration(way, max(abs(dx), abs(dy))) <= MAX_DURATION_S:
        return None
    if abs(dx) > abs(dy):
        return "swipe_left" if dx > 0 else "swipe_right"
    return "swipe_down" if dy > 0 else "swipe_up"


def _is_straight_and_far(way: list[Moment], dx: float, dy: float) -> bool:
    size = sum(moment.size for moment in way) / len(way)
    along, across = max(abs(dx), abs(dy)), min(abs(dx), abs(dy))
    straight = math.hypot(dx, dy) >= MIN_STRAIGHTNESS * _length(way)
    return straight and along >= MIN_TRAVEL_SIZES * size and across <= MAX_OFF_AXIS * along


def _is_open(way: list[Moment]) -> bool:
    """Tell whether the hand is open at both ends, and mostly no other gesture in between."""
    others = sum(moment.is_other for moment in way)
    return way[0].is_open and way[-1].is_open and others <= MAX_OTHER_SHARE * len(way)


def _duration(way: list[Moment], distance: float) -> float:
    """Return seconds from the first to the last tenth of the way: rest is found a little late."""
    first, last = way[0], way[-1]
    left = [m.time for m in way if math.hypot(m.x - first.x, m.y - first.y) <= 0.1 * distance]
    there = [m.time for m in way if math.hypot(m.x - last.x, m.y - last.y) <= 0.1 * distance]
    return min(there) - max(left)


def _length(way: list[Moment]) -> float:
    return sum(math.hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(way))
