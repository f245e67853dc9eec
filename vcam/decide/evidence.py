"""What one hand has been showing lately, smoothed in seconds."""

import math
from collections.abc import Mapping

from vcam.gesture import NO_GESTURE, Side
from vcam.hand import Hand

TIME_CONSTANT_S = 0.12
"""After this long, a new gesture has gained about two thirds of its score."""
STAY = 0.7
"""A gesture that is being shown stays until it falls below this share of its threshold."""
SURE_SIDE = 0.6
"""Least smoothed probability at which a hand is called left or right."""


class Evidence:
    """Smoothed scores of one track; the same whether frames come at 5 or at 60 a second."""

    def __init__(self) -> None:
        self._scores: dict[str, float] = {}
        self._right = 0.5
        self._time: float | None = None
        self.shown = NO_GESTURE
        """What the hand shows now, as far as one can be sure."""

    def update(self, hand: Hand | None, time: float, thresholds: Mapping[str, float]) -> str:
        """Take in what was seen at `time` (None: nothing), and return what is shown."""
        elapsed = 1 / 15 if self._time is None else time - self._time
        self._time = time
        share = 1 - math.exp(-max(0.0, elapsed) / TIME_CONSTANT_S)
        self._fade(share)
        if hand is not None:
            self._add(hand, share)
        self.shown = self._decide(thresholds)
        return self.shown

    def score(self, gesture: str) -> float:
        """Return the smoothed score of a gesture, 0..1."""
        return self._scores.get(gesture, 0.0)

    @property
    def side(self) -> Side | None:
        """Which hand it is; None while that is not sure."""
        if self._right >= SURE_SIDE:
            return "right"
        return "left" if self._right <= 1 - SURE_SIDE else None

    def _fade(self, share: float) -> None:
        for gesture in self._scores:
            self._scores[gesture] *= 1 - share

    def _add(self, hand: Hand, share: float) -> None:
        before = self._scores.get(hand.gesture, 0.0)
        self._scores[hand.gesture] = before + share * hand.gesture_score
        if hand.leading_hand is not None:
            sure = hand.leading_hand_score
            right = sure if hand.leading_hand == "right" else 1 - sure
            self._right += share * (right - self._right)

    def _decide(self, thresholds: Mapping[str, float]) -> str:
        best = max(self._scores, key=self._scores.__getitem__, default=NO_GESTURE)
        if best == NO_GESTURE:
            return NO_GESTURE
        least = thresholds.get(best, 0.5) * (STAY if best == self.shown else 0.9)
        return best if self._scores[best] >= least else NO_GESTURE
