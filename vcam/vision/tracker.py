"""Follow hands from frame to frame.

Hands are matched to tracks by how near they are to where the track should be by now, in units of
hand size; of two tracks that could both be meant, the one of the same leading hand wins. All in
seconds: frames may come at any rate, unevenly, and without a hand in them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import Hand, TrackedHand
from vcam.vision.one_euro import OneEuro

COAST_S = 0.4
"""How long a hand that is not seen is still believed to be there."""
MAX_DISTANCE_SIZES = 1.2
"""How far from its expected place a hand may be, in hand sizes."""
MAX_DISTANCE_SIZES_PER_S = 4.0
"""How much farther for each second since it was seen."""
OTHER_HAND = 0.5
"""How many hand sizes a change from left to right hand counts for."""
OTHER_SIZE = 0.5
"""How many hand sizes a hand counts for that is e (2.7) times as large or as small."""
OVERLAP_BONUS_SIZES = 0.5
"""How many hand sizes nearer a full overlap counts for."""
KNOWN_BONUS_SIZES, KNOWN_S = 0.4, 0.3
"""How many hand sizes nearer a track is that has been followed for this many seconds: what is found
twice for a moment must not continue as another hand."""
VELOCITY_S = 0.1
"""Time constant of the velocity: two frames alone say little at 60 a second."""
AHEAD_S = 0.2
"""Hands turn back: how they moved is a guide for no longer than this."""


@dataclass(slots=True)
class _Track:
    tracked: TrackedHand
    smooth: OneEuro
    velocity: tuple[float, float] = (0.0, 0.0)
    """Pixels a second."""


class Tracker:
    """Gives hands numbers that last. One for each source of frames."""

    def __init__(self, coast_s: float = COAST_S, numbers: Iterator[int] | None = None) -> None:
        """`coast_s`: seconds for which a hand that is not seen keeps its number.

        `numbers`: where several trackers follow one source, what they all take numbers from.
        """
        self._coast_s = coast_s
        self._tracks: list[_Track] = []
        self._numbers = count(1) if numbers is None else numbers

    def update(self, hands: Sequence[Hand], time: float) -> list[TrackedHand]:
        """Return all hands that are seen, or were a moment ago (`seen` is then before `time`).

        Call it for every frame that was looked at, also when no hand was found in it. `hands` have
        boxes in pixels of the frame, `time` is the frame's in seconds. When time goes back, all
        tracks end.
        """
        max_age_s = self._coast_s + 1e-6
        self._tracks = [t for t in self._tracks if 0 <= time - t.tracked.seen <= max_age_s]
        free = list(hands)
        for track, hand in self._matches(free, time):
            self._go_on(track, hand, time)
            free.remove(hand)
        self._tracks += [self._begin(hand, time) for hand in free]
        return [track.tracked for track in self._tracks]

    def forget(self) -> None:
        """End all tracks: the next hands are new ones, with new numbers."""
        self._tracks = []

    def _matches(self, hands: Sequence[Hand], time: float) -> list[tuple[_Track, Hand]]:
        """Pair greedily, nearest first."""
        pairs = sorted(self._candidates(hands, time), key=lambda pair: pair[0])
        chosen: list[tuple[_Track, Hand]] = []
        for _, track, hand in pairs:
            if all(track is not t and hand is not h for t, h in chosen):
                chosen.append((track, hand))
        return chosen

    def _candidates(
        self, hands: Sequence[Hand], time: float
    ) -> Iterator[tuple[float, _Track, Hand]]:
        for track in self._tracks:
            elapsed = time - track.tracked.seen
            max_distance = MAX_DISTANCE_SIZES + MAX_DISTANCE_SIZES_PER_S * elapsed
            for hand in hands:
                distance = _distance(track, hand, elapsed, max_distance)
                if distance is not None and distance <= max_distance:
                    yield distance, track, hand

    def _begin(self, hand: Hand, time: float) -> _Track:
        smooth = OneEuro()
        smooth.update(hand.box_xyxy, time, hand.size)
        return _Track(TrackedHand(next(self._numbers), hand, seen=time, born=time), smooth)

    def _go_on(self, track: _Track, hand: Hand, time: float) -> None:
        before = track.tracked
        box = _as_box(track.smooth.update(hand.box_xyxy, time, max(1.0, hand.size)))
        smoothed = replace(hand, box_xyxy=box)
        elapsed = time - before.seen
        if elapsed > 0:
            share = 1 - math.exp(-elapsed / VELOCITY_S)
            (x0, y0), (x1, y1) = before.hand.center, smoothed.center
            vx, vy = track.velocity
            vx += share * ((x1 - x0) / elapsed - vx)
            vy += share * ((y1 - y0) / elapsed - vy)
            track.velocity = vx, vy
        track.tracked = TrackedHand(before.track, smoothed, seen=time, born=before.born)


def _distance(track: _Track, hand: Hand, elapsed: float, max_distance: float) -> float | None:
    """Return how far a hand is from where the track should be, in hand sizes.

    Overlap brings it nearer; another leading hand or another size takes it farther away. None where
    it is farther than `most` whatever the rest says, as it is for most pairs.
    """
    last = track.tracked.hand
    ahead = min(elapsed, AHEAD_S)
    x = last.center[0] + track.velocity[0] * ahead
    y = last.center[1] + track.velocity[1] * ahead
    sizes = max(1.0, last.size), max(1.0, hand.size)
    apart = math.hypot(hand.center[0] - x, hand.center[1] - y) / max(sizes)
    if apart > max_distance + OVERLAP_BONUS_SIZES + KNOWN_BONUS_SIZES:
        return None
    apart -= OVERLAP_BONUS_SIZES * intersection_over_union(last.box_xyxy, hand.box_xyxy)
    apart += OTHER_SIZE * abs(math.log(sizes[0] / sizes[1]))
    apart -= KNOWN_BONUS_SIZES * min(1.0, (track.tracked.seen - track.tracked.born) / KNOWN_S)
    sides = last.leading_hand, hand.leading_hand
    return apart + (OTHER_HAND if None not in sides and sides[0] != sides[1] else 0.0)


def _as_box(sides: Sequence[float]) -> Box:
    left, top, right, bottom = sides
    return left, top, right, bottom
