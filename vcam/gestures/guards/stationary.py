"""Still things: a lamp, the back of a chair, the gap between two legs.

Whoever makes a gesture moves the hand to make it. A thing that has stood quite still for a while,
and then seems to show something, is not believed until it moves. What was out of sight for a while
counts as new: a person may well hold up the same hand at the same place twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import TrackedHand

BOX_JITTER_SIZES: Final = 0.12
"""Part of its size by which a still thing's box may wander: detectors are no better than that."""
STATIONARY_AFTER_S: Final = 2.5
"""How long something stands still before it counts as a thing."""
PLACE_KEPT_S: Final = 0.8
"""How long a place is remembered after something was last seen there: detectors blink."""
SAME_PLACE_MIN_IOU: Final = 0.3
"""Minimum overlap (IoU) of two boxes on one thing, one of them before it moved."""
MAX_PLACES: Final = 64
"""Places remembered at once; the oldest are forgotten first."""


@dataclass(slots=True)
class _Place:
    box: Box
    since: float
    seen: float

    def holds(self, box: Box, slack: float) -> bool:
        """Tell whether each side of a box is here, up to so many pixels."""
        left, top, right, bottom = self.box
        return (
            abs(left - box[0]) <= slack
            and abs(top - box[1]) <= slack
            and abs(right - box[2]) <= slack
            and abs(bottom - box[3]) <= slack
        )


class StationaryThings:
    """Remembers where things stand still."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._since: dict[int, float] = {}
        """By track: since when the place where it is now has been taken."""

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in everything that is seen at `time` in seconds."""
        self._places = [p for p in self._places if 0 <= time - p.seen <= PLACE_KEPT_S][-MAX_PLACES:]
        known = self._places
        at = {t.track: self._note(t, time) if t.seen == time else self._at(t) for t in tracks}
        if self._places is not known:  # a new place may have put an end to another's
            at = {tracked.track: self._at(tracked) for tracked in tracks}
        self._since = {track: place.since for track, place in at.items() if place is not None}

    def is_thing(self, tracked: TrackedHand, time: float) -> bool:
        """Tell whether what is tracked had stood still for long enough to be a thing at `time`."""
        since = self._since.get(tracked.track)
        return since is not None and time - since >= STATIONARY_AFTER_S - 1e-6

    def _note(self, tracked: TrackedHand, time: float) -> _Place:
        """Return the place where this is, a new one where there was none."""
        place = self._at(tracked)
        if place is None:
            box = tracked.hand.box_xyxy
            self._places = [
                p for p in self._places if intersection_over_union(p.box, box) < SAME_PLACE_MIN_IOU
            ]
            place = _Place(box, since=time, seen=time)
            self._places.append(place)
        place.seen = time
        return place

    def _at(self, tracked: TrackedHand) -> _Place | None:
        hand = tracked.hand
        box, slack = hand.box_xyxy, BOX_JITTER_SIZES * hand.size
        for place in self._places:
            if place.holds(box, slack):
                return place
        return None
