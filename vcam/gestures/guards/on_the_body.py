"""What sits on a body and is no hand: a face in profile, a collar, a tie, a pocket.

The detector half believes such a thing for as long as it is in sight; it goes where the body goes,
hardly anywhere, and for most of the time it shows nothing. A hand that rests like that is found
with confidence, or it is raised first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.hand import TrackedHand
from vcam.core.labels import NO_GESTURE

MIN_HAND_SCORE: Final = 0.6
"""What the detector has been as confident of lately as this is a hand, wherever it is."""
MIN_GESTURE_SCORE: Final = 0.5
"""Below this score, a find shows nothing in that frame."""
QUIET_S: Final = 3.0
"""How much longer it shows nothing than something until it counts as no hand…"""
SHOWN_FACTOR: Final = 2.0
"""…where a moment that shows something weighs as much as so many that show nothing."""
PLACE_SIZES: Final = 0.5
"""A body sways by less than this, in sizes of what is on it; a hand that is raised goes farther."""
MAX_SIZE_RATIO: Final = 1.6
"""What is larger or smaller than before by this factor is something else."""
PLACE_KEPT_S: Final = 2.0
"""How long a place is remembered after anything was seen there: detectors blink."""
MAX_PLACES: Final = 32
"""Places remembered at once; the oldest are forgotten first."""


@dataclass(slots=True)
class _Place:
    x: float
    y: float
    size: float
    seen: float
    quiet_s: float = 0.0
    """How much longer nothing was shown here than something, up to `QUIET_S`."""
    is_thing: bool = False

    def holds(self, x: float, y: float, size: float) -> bool:
        """Tell whether what has this middle and this size is what was here."""
        return (
            abs(x - self.x) <= PLACE_SIZES * self.size
            and abs(y - self.y) <= PLACE_SIZES * self.size
            and self.size <= MAX_SIZE_RATIO * size <= MAX_SIZE_RATIO**2 * self.size
        )


class BodyParts:
    """Remembers where something has been for long without showing anything."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._at: dict[int, _Place] = {}
        """By track: where each one is."""

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in everything that is seen at `time` in seconds.

        Where nothing is doubted, as mostly, there is nothing to remember.
        """
        self._places = [p for p in self._places if time - p.seen <= PLACE_KEPT_S][-MAX_PLACES:]
        self._at = {
            t.track: self._note(t, time)
            for t in tracks
            if t.seen == time and (self._places or t.hand.score < MIN_HAND_SCORE)
        }

    def is_one(self, tracked: TrackedHand) -> bool:
        """Tell whether what is tracked has long been where it is, and has shown nothing there."""
        place = self._at.get(tracked.track)
        return place is not None and place.is_thing

    def _note(self, tracked: TrackedHand, time: float) -> _Place:
        hand = tracked.hand
        (x, y), size = hand.center, hand.size
        for place in self._places:
            if place.holds(x, y, size):
                break
        else:
            place = _Place(x, y, size, time)
            self._places.append(place)
        elapsed, place.seen = time - place.seen, time
        if not place.is_thing:
            shows = hand.gesture != NO_GESTURE and hand.gesture_score >= MIN_GESTURE_SCORE
            elapsed *= -SHOWN_FACTOR if shows else 1.0
            place.quiet_s = max(0.0, place.quiet_s + elapsed)
            place.is_thing = place.quiet_s >= QUIET_S - 1e-6
        return place
