"""Let the marks of hands fade when the hands go, instead of leaving boxes on empty space."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.view import HandView

FADE_S: Final = 0.25
"""How long a mark takes to vanish."""
STALE_S: Final = 0.35
"""A hand that was not seen again for so long may be gone: the tracker only keeps its place."""


@dataclass(slots=True)
class _Sighting:
    hand: HandView
    since: float
    """When it was seen last, by the time of the pictures that are drawn."""
    gap: float = 0.25
    """Seconds between the last two sights."""
    left: float | None = None
    """When it went out of the view; None: it is there."""


class Fading:
    """Says how opaque each hand's mark is. Used from one thread, with times that go forward."""

    def __init__(self) -> None:
        self._sightings: dict[int, _Sighting] = {}

    def update(self, hands: Sequence[HandView], now: float) -> list[tuple[HandView, float]]:
        """Return the hands to draw, with those that have just gone, and their opacity 0..1."""
        for hand in hands:
            self._sightings[hand.tracked.track] = self._seen(hand, now)
        there = {hand.tracked.track for hand in hands}
        for track, sighting in self._sightings.items():
            if track not in there and sighting.left is None:
                sighting.left = now
        self._sightings = {
            track: sighting
            for track, sighting in self._sightings.items()
            if sighting.left is None or 0 <= now - sighting.left < FADE_S
        }
        return [(sighting.hand, _opacity(sighting, now)) for sighting in self._sightings.values()]

    def _seen(self, hand: HandView, now: float) -> _Sighting:
        before = self._sightings.get(hand.tracked.track)
        if before is None or now < before.since:
            return _Sighting(hand, now)
        if hand.tracked.seen == before.hand.tracked.seen:
            return _Sighting(hand, before.since, before.gap)
        return _Sighting(hand, now, now - before.since)


def _opacity(sighting: _Sighting, now: float) -> float:
    gone = 0.0 if sighting.left is None else (now - sighting.left) / FADE_S
    stale = (now - sighting.since - max(STALE_S, 2 * sighting.gap)) / FADE_S
    return max(0.0, 1.0 - max(0.0, gone, stale))
