"""A hand that comes into sight in motion: what it passes through is not meant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.hand import TrackedHand

ENTRY_WINDOW_S: Final = 0.4
"""Whether a hand came in motion shows within this time."""
ENTRY_MOTION_SIZES: Final = 0.5
"""It did when it got this many of its sizes away from where it was first seen."""


@dataclass(slots=True)
class _Entry:
    place: tuple[float, float]
    moving: bool = False


class EnteringHands:
    """Remembers of each hand in sight how it came."""

    def __init__(self) -> None:
        self._came: dict[int, _Entry] = {}

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in all hands at `time` in seconds."""
        known, self._came = self._came, {}
        for tracked in tracks:
            came = known.get(tracked.track) or _Entry(tracked.hand.center)
            if time - tracked.born <= ENTRY_WINDOW_S:
                moved = math.dist(came.place, tracked.hand.center)
                came.moving = came.moving or moved > ENTRY_MOTION_SIZES * tracked.hand.size
            self._came[tracked.track] = came

    def is_new(self, tracked: TrackedHand, time: float, seconds: float) -> bool:
        """Tell whether a hand came in motion less than so many seconds before `time`."""
        came = self._came.get(tracked.track)
        return came is not None and came.moving and time - tracked.born < seconds - 1e-6
