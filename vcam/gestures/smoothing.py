"""What one hand has been showing lately, smoothed in seconds."""

import math
from collections.abc import Mapping
from typing import Final

from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE, ORIENTATIONS, Side

GESTURE_TAU_S: Final = 0.15
"""Time constant: after this long, a new gesture has been shown for two thirds of "lately"."""
UNSEEN_TAU_S: Final = 0.25
"""The same while the hand is not seen: detectors miss a hand for a moment now and then."""
SIDE_TAU_S: Final = 0.4
"""Time constant of left and right, which do not change while a hand is followed."""
FIRST_FRAME_S: Final = 1 / 15
"""How long the very first sight of a hand counts for."""
ENTER_SHARE, STAY_SHARE = 0.7, 0.4
"""Minimum share of "lately" that a gesture takes to be shown, and to continue being shown."""
STAY_SCORE_FACTOR: Final = 0.8
"""A gesture that is being shown may fall to this part of its threshold."""
MIN_SIDE_SCORE: Final = 0.6
"""Minimum smoothed probability at which a hand is called left or right."""
MIN_ORIENTATION_SCORE: Final = 0.6
"""The same for where a hand points."""


NO_SIMILAR_POSES: Final[Mapping[str, str]] = {}
RENAME_SHARE: Final = 0.6
"""Minimum share of "lately" at which a hand that wavers takes the other name."""
MIN_NO_GESTURE_SCORE: Final = 0.75
"""Mean score of `no_gesture` from which a hand surely shows none."""


class SmoothedGesture:
    """Smoothed word on one track; the same whether frames come at 5 or at 60 a second.

    Two numbers for each gesture: its share of the time lately, and its mean score while it was
    the likeliest. A gesture is shown when the share is high and the score reaches its threshold.
    """

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        self._sums: dict[str, float] = {}
        self._right = 0.5
        self._pointing: list[float] = []
        self._time: float | None = None
        self.shown = NO_GESTURE
        """What the hand shows now, as far as one can be confident."""
        self.shows_none = False
        """Whether the hand surely shows no gesture, rather than one that is hard to tell."""
        self.confident = False
        """Whether `shown` would be so also if nothing had been shown before."""

    def update(
        self,
        hand: Hand | None,
        time: float,
        thresholds: Mapping[str, float],
        alike: Mapping[str, str] = NO_SIMILAR_POSES,
    ) -> str:
        """Take in what was seen at `time` (None: nothing), and return what is shown.

        Of two gestures that are `alike`, what speaks for one speaks for the other: a hand that
        wavers between them keeps its name until the other one is clear.
        """
        elapsed = FIRST_FRAME_S if self._time is None else max(0.0, time - self._time)
        self._time = time
        self._fade(math.exp(-elapsed / (UNSEEN_TAU_S if hand is None else GESTURE_TAU_S)))
        if hand is not None:
            self._add(hand, 1 - math.exp(-elapsed / GESTURE_TAU_S))
            self._lean(hand, 1 - math.exp(-elapsed / SIDE_TAU_S))
            self._turn(hand, 1 - math.exp(-elapsed / GESTURE_TAU_S))
        self.shown = self._decide(thresholds, alike)
        return self.shown

    def score(self, gesture: str) -> float:
        """Return the mean score of a gesture while it was the likeliest lately, 0..1."""
        share = self._shares.get(gesture, 0.0)
        return min(1.0, self._sums[gesture] / share) if share > 1e-9 else 0.0

    @property
    def side(self) -> Side | None:
        """Which hand it is; None while that is not confident."""
        if self._right >= MIN_SIDE_SCORE:
            return "right"
        return "left" if self._right <= 1 - MIN_SIDE_SCORE else None

    @property
    def side_score(self) -> float:
        """The smoothed probability of the likelier side, 0.5..1."""
        return max(self._right, 1 - self._right)

    @property
    def orientation(self) -> tuple[float, ...] | None:
        """The smoothed chance of each orientation; None while the model said nothing of it."""
        return tuple(self._pointing) or None

    @property
    def pointing(self) -> str | None:
        """Where the hand points, one of `ORIENTATIONS`; None while that is not confident."""
        best = max(self._pointing, default=0.0)
        return ORIENTATIONS[self._pointing.index(best)] if best >= MIN_ORIENTATION_SCORE else None

    def _fade(self, kept: float) -> None:
        for gesture in self._shares:
            self._shares[gesture] *= kept
            self._sums[gesture] *= kept

    def _add(self, hand: Hand, weight: float) -> None:
        gesture = hand.gesture
        self._shares[gesture] = self._shares.get(gesture, 0.0) + weight
        self._sums[gesture] = self._sums.get(gesture, 0.0) + weight * hand.gesture_score

    def _lean(self, hand: Hand, weight: float) -> None:
        if hand.leading_hand is not None:
            confident = hand.leading_hand_score
            right = confident if hand.leading_hand == "right" else 1 - confident
            self._right += weight * (right - self._right)

    def _turn(self, hand: Hand, weight: float) -> None:
        if hand.orientation is None:
            return
        if not self._pointing:
            self._pointing = list(hand.orientation)
        for place, chance in enumerate(hand.orientation):
            self._pointing[place] += weight * (chance - self._pointing[place])

    def _decide(self, thresholds: Mapping[str, float], alike: Mapping[str, str]) -> str:
        best = max(self._shares, key=self._shares.__getitem__, default=NO_GESTURE)
        if alike.get(best) == self.shown and self._shares[best] < RENAME_SHARE:
            best = self.shown
        self.confident = False
        self.shows_none = (
            self._shares.get(NO_GESTURE, 0.0) >= ENTER_SHARE
            and self.score(NO_GESTURE) >= MIN_NO_GESTURE_SCORE
        )
        if best == NO_GESTURE:
            return NO_GESTURE
        min_score, share, score = thresholds.get(best, 0.5), *self._joint(best, alike.get(best))
        self.confident = share >= ENTER_SHARE and score >= min_score - 1e-9
        stays = (
            best == self.shown
            and share >= STAY_SHARE
            and score >= STAY_SCORE_FACTOR * min_score - 1e-9
        )
        return best if self.confident or stays else NO_GESTURE

    def _joint(self, gesture: str, like: str | None) -> tuple[float, float]:
        """Return share and mean score of a gesture and of the one that is like it."""
        names = [gesture] if like is None else [gesture, like]
        share = sum(self._shares.get(name, 0.0) for name in names)
        total = sum(self._sums.get(name, 0.0) for name in names)
        return share, min(1.0, total / share) if share > 1e-9 else 0.0
