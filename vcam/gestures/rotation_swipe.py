"""Swipes by a hand that turns over, as HaGRID's authors read them from pairs of poses.

A hand rests pointing one way, and a moment later rests pointing the other way, farther along: from
an upright open hand to one that hangs down is a swipe down, the reverse a swipe up, and a hand that
lies sideways tells left and right (ai-forever/dynamic_gestures, Apache-2.0, has the pairs; times
and distances here are ours, and in seconds and hand sizes). What lies between may be a blur that
nobody finds: the two rests need not be one track.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import ORIENTATIONS
from vcam.core.swipe_poses import MAX_SWIPE_S, UPRIGHT_POSES

MIN_ORIENTATION_SCORE: Final = 0.6
"""Minimum probability of where a hand points."""
MAX_REST_SPEED: Final = 1.5
"""Hand sizes a second below which a hand is at rest."""
MIN_REST_S: Final = 0.1
"""How long it rests, at least, at either end."""
MIN_HANGING_S: Final = 0.25
"""How long a hand hangs, at least, before it swipes up: raised hands hang for a moment, too."""
TRAVEL_SIZES: Final = (0.5, 3.0)
"""Minimum and maximum way up or down, in hand sizes; raised or lowered hands go farther."""
SIDEWAYS_TRAVEL_SIZES: Final = (1.0, 8.0)
MAX_ACROSS_SIZES: Final = 1.0
"""Maximum way across, in hand sizes."""
SAME_PLACE_MIN_IOU: Final = 0.3
"""Minimum IoU of a hand with itself where it stays."""
MAX_SIZE_RATIO: Final = 1.8
"""Maximum ratio of the sizes at both ends."""

SWIPES: Final[dict[tuple[str, str], str]] = {
    ("up", "down"): "swipe_down",
    ("down", "up"): "swipe_up",
    ("left", "right"): "swipe_left",  # picture's right: the person's left
    ("right", "left"): "swipe_right",
}


@dataclass(slots=True)
class Rest:
    """A hand that stayed where it was and pointed one way."""

    track: int
    points: str
    since: float
    until: float
    hand: Hand
    """As it was seen last."""
    open_hand: bool = False
    """Whether it showed one of `UPRIGHT_POSES`."""
    confident: bool = False
    """Whether it surely was a hand."""

    @property
    def settled(self) -> bool:
        """Whether it has lasted long enough to be one end of a swipe."""
        return self.until - self.since >= MIN_REST_S - 1e-6

    def extend(self, hand: Hand, time: float, confident: bool) -> None:
        """Take in that the hand is still there at `time`."""
        self.hand, self.until = hand, time
        self.confident = self.confident or confident
        self.open_hand = self.open_hand or hand.gesture in UPRIGHT_POSES


class RotationSwipeDetector:
    """Watches all hands of a picture."""

    def __init__(self) -> None:
        self._now: dict[int, Rest] = {}
        """By track: the rest that each hand is in."""
        self._past: list[Rest] = []
        self._first: dict[int, tuple[str, float]] = {}
        """By track: where a hand pointed at first sight, when its speed is not known, and when."""
        self._sights: deque[tuple[float, int, Box]] = deque()
        """When which track was seen where, of late; the oldest first."""
        self._time: float | None = None
        """When what is too old was last forgotten."""

    def update(
        self, tracked: TrackedHand, time: float, speed: float | None, confident: bool
    ) -> str | None:
        """Return the swipe that ends with this hand's rest at `time`, if one does.

        `speed` is in hand sizes a second, None where it is not known; `confident`: the detector is.
        """
        self._forget(time)
        self._sights.append((time, tracked.track, tracked.hand.box_xyxy))
        where = pointing(tracked.hand)
        since = self._seen_first(tracked.track, where, time, speed)
        points = where if _is_slow(speed) else None
        rest = self._now.get(tracked.track)
        if rest is not None and rest.points != points:
            self._end(tracked.track)
            rest = None
        if points is None:
            return None
        if rest is None:
            rest = self._now[tracked.track] = Rest(
                tracked.track, points, since, since, tracked.hand
            )
        was_settled = rest.settled
        rest.extend(tracked.hand, time, confident)
        if was_settled or not rest.settled:
            return None
        found = next(self._swipes_to(rest), None)
        if found is not None:
            self._past.clear()
        return found

    def _seen_first(self, track: int, where: str | None, time: float, speed: float | None) -> float:
        """Return since when a hand rests that is slow now: since first sight, if that was before.

        Its first speed tells what it did since it was seen first, pointing somewhere.
        """
        if speed is None and where is not None:
            self._first.setdefault(track, (where, time))
            return time
        points, since = self._first.pop(track, (None, time))
        return since if where == points and time - since <= MIN_REST_S * 3 else time

    def _end(self, track: int) -> None:
        rest = self._now.pop(track)
        if rest.settled:
            self._past.append(rest)

    def _forget(self, time: float) -> None:
        """Keep what a swipe may have begun with; a hand that is out of sight rests no more."""
        if time == self._time:  # for another hand of this frame
            return
        self._time = time
        for track in [t for t, rest in self._now.items() if time - rest.until > MIN_REST_S * 3]:
            self._end(track)
        self._past = [rest for rest in self._past if time - rest.until <= 2 * MAX_SWIPE_S]
        while self._sights and time - self._sights[0][0] > 3 * MAX_SWIPE_S:
            self._sights.popleft()
        self._first = {
            track: seen for track, seen in self._first.items() if time - seen[1] <= MIN_REST_S * 3
        }

    def _swipes_to(self, last: Rest) -> Iterator[str]:
        others = [rest for rest in self._now.values() if rest is not last and rest.settled]
        for first in reversed([*others, *self._past]):
            swipe = swipe_between(first, last)
            if swipe is not None and not self._are_two(first, last):
                yield swipe

    def _are_two(self, first: Rest, last: Rest) -> bool:
        """Tell whether both are there at once: one came before the other went."""
        return self._is_at(last, first) or self._is_at(first, last)

    def _is_at(self, rest: Rest, meanwhile: Rest) -> bool:
        """Tell whether a hand was seen where one rests while another one rested elsewhere."""
        return any(
            track != meanwhile.track
            and meanwhile.since <= seen <= meanwhile.until
            and intersection_over_union(box, rest.hand.box_xyxy) >= SAME_PLACE_MIN_IOU
            for seen, track, box in self._sights
        )


def pointing(hand: Hand) -> str | None:
    """Return where a hand surely points, or None."""
    if hand.orientation is None:
        return None
    best = max(hand.orientation)
    return ORIENTATIONS[hand.orientation.index(best)] if best >= MIN_ORIENTATION_SCORE else None


def swipe_between(first: Rest, last: Rest) -> str | None:
    """Return the swipe that leads from one rest to another, if one does."""
    swipe = SWIPES.get((first.points, last.points))
    if swipe is None or not (first.confident or last.confident):
        return None
    if not 0 <= last.since - first.until <= MAX_SWIPE_S:
        return None
    if first.points == "down" and first.until - first.since < MIN_HANGING_S:
        return None
    return swipe if _is_along(first, last) else None


def _is_along(first: Rest, last: Rest) -> bool:
    """Tell whether a hand went the way that it points in the end, and not too far."""
    sizes = sorted((max(1.0, first.hand.size), max(1.0, last.hand.size)))
    if sizes[1] > MAX_SIZE_RATIO * sizes[0]:
        return False
    size = sum(sizes) / 2
    across, down = (
        (there - here) / size
        for here, there in zip(first.hand.center, last.hand.center, strict=True)
    )
    if first.points in ("up", "down"):
        upright = first if first.points == "up" else last
        fits = upright.open_hand and abs(across) <= MAX_ACROSS_SIZES
        way = down if first.points == "up" else -down
        return fits and TRAVEL_SIZES[0] <= way <= TRAVEL_SIZES[1]
    way = across if first.points == "left" else -across
    return (
        abs(down) <= MAX_ACROSS_SIZES
        and SIDEWAYS_TRAVEL_SIZES[0] <= way <= SIDEWAYS_TRAVEL_SIZES[1]
    )


def _is_slow(speed: float | None) -> bool:
    return speed is not None and speed < MAX_REST_SPEED
