"""A logo, a poster, a sticker: what shows a hand, and whose pixels never move.

Even a hand that is held quite still trembles. What does not move at all while the rest of the image
lives is not believed, from the first moment on. Where something has been lifeless for a while, it
stays so when somebody passes in front of it: only a hand that comes from elsewhere is one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import TrackedHand

MIN_MOTION: Final = 6.0
"""Gray levels by which a hand's pixels change at least: held hands measure 11 and more."""
MOTION_VALID_S: Final = 0.45
"""For how long a movement proves that something is alive."""
UNMEASURED_S: Final = 0.35
"""So soon after it was first seen, nobody has had time to measure a movement."""
LIFELESS_AFTER_S: Final = 1.5
"""What has been lifeless for this long is remembered, with its place…"""
PLACE_KEPT_S: Final = 30.0
"""…until nothing lifeless has been seen there for this long."""
SAME_PLACE_MIN_IOU: Final = 0.6
"""Minimum overlap (IoU) of two boxes at one place."""
CAME_MIN_SIZES: Final = 0.3
"""A hand that got this many of its sizes away from where it was first seen came from elsewhere."""


@dataclass(slots=True)
class _Life:
    first: tuple[float, float]
    """Where the middle of the hand was at first sight, in pixels."""
    moved: float = -math.inf
    came: bool = False
    dead_since: float | None = None


class Liveness:
    """Remembers of each hand in sight when it moved last, and where lifeless things are."""

    def __init__(self) -> None:
        self._lives: dict[int, _Life] = {}
        self._places: list[tuple[Box, float]] = []
        self._time = 0.0

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in all hands at `time` in seconds; one whose motion nobody measures is believed."""
        self._time = time
        self._places = [place for place in self._places if time - place[1] <= PLACE_KEPT_S]
        known, self._lives = self._lives, {}
        for tracked in tracks:
            life = known.get(tracked.track) or _Life(tracked.hand.center)
            self._lives[tracked.track] = life
            if tracked.seen == time:
                self._note(tracked, life)

    def is_lifeless(self, tracked: TrackedHand) -> bool:
        """Tell whether this has not moved lately, or is where something never did."""
        life = self._lives.get(tracked.track)
        if life is None or tracked.hand.motion is None:
            return False
        if not life.came and self._is_at_dead_place(tracked.hand.box_xyxy):
            return True
        return not self.is_unknown(tracked) and self._time - life.moved > MOTION_VALID_S

    def is_unknown(self, tracked: TrackedHand) -> bool:
        """Tell whether it is too early to say whether this moves: it may be held, not fire."""
        life = self._lives.get(tracked.track)
        has_moved = life is None or tracked.hand.motion is None or life.moved > -math.inf
        return not has_moved and self._time - tracked.born <= UNMEASURED_S

    def _note(self, tracked: TrackedHand, life: _Life) -> None:
        hand = tracked.hand
        life.came = life.came or math.dist(life.first, hand.center) > CAME_MIN_SIZES * hand.size
        if hand.motion is None or hand.motion >= MIN_MOTION:
            life.moved, life.dead_since = self._time, None
            return
        if life.dead_since is None:
            life.dead_since = self._time
        if self._time - life.dead_since >= LIFELESS_AFTER_S:
            self._remember(hand.box_xyxy)

    def _remember(self, box: Box) -> None:
        others = [
            place
            for place in self._places
            if intersection_over_union(place[0], box) < SAME_PLACE_MIN_IOU
        ]
        self._places = [*others[-31:], (box, self._time)]

    def _is_at_dead_place(self, box: Box) -> bool:
        return any(
            intersection_over_union(place, box) >= SAME_PLACE_MIN_IOU for place, _ in self._places
        )
