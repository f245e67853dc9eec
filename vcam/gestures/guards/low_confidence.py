"""Things that the detector itself half doubts: necks, elbows, what looks like a hand now and then.

A classifier names whatever it is given. A real hand is found with certainty most of the time, so
what counts is not the single detection but how confident the detector has been of it lately.
"""

import math
from collections.abc import Sequence
from typing import Final

from vcam.core.hand import TrackedHand

CONFIDENCE_TAU_S: Final = 0.5
"""Time constant of "lately"."""


class DetectionConfidence:
    """Remembers how confident the detector has been of each hand in sight."""

    def __init__(self) -> None:
        self._scores: dict[int, float] = {}
        self._time = 0.0

    def update(self, tracks: Sequence[TrackedHand], time: float) -> None:
        """Take in all hands at `time` in seconds."""
        kept = math.exp(-max(0.0, time - self._time) / CONFIDENCE_TAU_S)
        known, self._scores, self._time = self._scores, {}, time
        for tracked in tracks:
            found = tracked.hand.score
            before = known.get(tracked.track, found)
            new = before + (1 - kept) * (found - before) if tracked.seen == time else before
            self._scores[tracked.track] = new

    def score(self, tracked: TrackedHand) -> float:
        """Return the detector's smoothed score of a hand, 0..1."""
        return self._scores.get(tracked.track, 1.0)
