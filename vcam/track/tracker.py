"""Follow hands from frame to frame.

Hands are matched to tracks by how near they are to where the track should be by now, in units of
hand size; of two tracks that could both be meant, the one of the same leading hand wins. All in
seconds: frames may come at any rate, unevenly, and without a hand in them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vcam.frame import Box
from vcam.hand import Hand, TrackedHand, intersection_over_union
from vcam.track.one_euro import OneEuro

COAST_S = 0.4
"""How long a hand that is not seen is still believed to be there."""
REACH = 1.2
"""How far from its expected place a hand may be, in hand sizes."""
REACH_PER_S = 4.0
"""How much farther for each second since it was seen."""
OTHER_HAND = 0.5
"""How many hand sizes a change from left to right hand counts for."""


@dataclass(slots=True)
class _Track:
    tracked: TrackedHand
    smooth: OneEuro
    velocity: tuple[float, float] = (0.0, 0.0)
    """Pixels a second."""


class Tracker:
    """Gives hands numbers that last. One for each source of frames."""

    def __init__(self, coast_s: float = COAST_S) -> None:
        self._coast_s = coast_s
        self._tracks: list[_Track] = []
        self._count = 0

    def update(self, hands: Sequence[Hand], time: float) -> list[TrackedHand]:
        """Return all hands that are seen, or were a moment ago (`seen` is then before `time`)."""
        self._tracks = [t for t in self._tracks if 0 <= time - t.tracked.seen <= self._coast_s]
        free = list(hands)
        for track, hand in self._matches(free, time):
            self._go_on(track, hand, time)
            free.remove(hand)
        self._tracks += [self._begin(hand, time) for hand in free]
        return [track.tracked for track in self._tracks]

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
            for hand in hands:
                distance = _distance(track, hand, elapsed)
                if distance <= REACH + REACH_PER_S * elapsed:
                    yield distance, track, hand

    def _begin(self, hand: Hand, time: float) -> _Track:
        self._count += 1
        smooth = OneEuro()
        smooth.update(hand.box_xyxy, time)
        return _Track(TrackedHand(self._count, hand, seen=time, born=time), smooth)

    def _go_on(self, track: _Track, hand: Hand, time: float) -> None:
        before = track.tracked
        box = _as_box(track.smooth.update(hand.box_xyxy, time))
        smoothed = replace(hand, box_xyxy=box)
        elapsed = time - before.seen
        if elapsed > 0:
            (x0, y0), (x1, y1) = before.hand.center, smoothed.center
            track.velocity = (x1 - x0) / elapsed, (y1 - y0) / elapsed
        track.tracked = replace(before, hand=smoothed, seen=time)


def _distance(track: _Track, hand: Hand, elapsed: float) -> float:
    """Return how far a hand is from where the track should be, in hand sizes."""
    last = track.tracked.hand
    ahead = min(elapsed, 0.2)  # hands turn back: what was fast a while ago is no guide
    x = last.center[0] + track.velocity[0] * ahead
    y = last.center[1] + track.velocity[1] * ahead
    size = max(1.0, last.size, hand.size)
    apart = math.hypot(hand.center[0] - x, hand.center[1] - y) / size
    apart -= 0.5 * intersection_over_union(last.box_xyxy, hand.box_xyxy)
    known = last.leading_hand is not None and hand.leading_hand is not None
    other = known and last.leading_hand != hand.leading_hand
    return apart + (OTHER_HAND if other else 0.0)


def _as_box(sides: Sequence[float]) -> Box:
    left, top, right, bottom = sides
    return left, top, right, bottom
