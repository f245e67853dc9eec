"""What one hand has been showing lately, smoothed in seconds."""

import math
from collections.abc import Mapping
from typing import Final

from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE, ORIENTATIONS, Side

SHOWN_S: Final = 0.15
"""Time constant: after this long, a new gesture has been shown for two thirds of "lately"."""
UNSEEN_S: Final = 0.25
"""The same while the hand is not seen: detectors miss a hand for a moment now and then."""
SIDE_S: Final = 0.4
"""Time constant of left and right, which do not change while a hand is followed."""
FIRST_S: Final = 1 / 15
"""How long the very first sight of a hand counts for."""
ENTER, STAY = 0.7, 0.4
"""Least share of "lately" that a gesture takes to be shown, and to go on being shown."""
STAY_SCORE: Final = 0.8
"""A gesture that is being shown may fall to this part of its threshold."""
SURE_SIDE: Final = 0.6
"""Least smoothed probability at which a hand is called left or right."""
SURE_TURN: Final = 0.6
"""The same for where a hand points."""


NOTHING_ALIKE: Final[Mapping[str, str]] = {}
RENAMED: Final = 0.6
"""Least share of "lately" at which a hand that wavers takes the other name."""
DENIED: Final = 0.75
"""Mean score of `no_gesture` from which a hand surely shows none."""


class Evidence:
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
        """What the hand shows now, as far as one can be sure."""
        self.denied = False
        """Whether the hand surely shows no gesture, rather than one that is hard to tell."""
        self.sure = False
        """Whether `shown` would be so also if nothing had been shown before."""

    def update(
        self,
        hand: Hand | None,
        time: float,
        thresholds: Mapping[str, float],
        alike: Mapping[str, str] = NOTHING_ALIKE,
    ) -> str:
        """Take in what was seen at `time` (None: nothing), and return what is shown.

        Of two gestures that are `alike`, what speaks for one speaks for the other: a hand that
        wavers between them keeps its name until the other one is clear.
        """
        elapsed = FIRST_S if self._time is None else max(0.0, time - self._time)
        self._time = time
        self._fade(math.exp(-elapsed / (UNSEEN_S if hand is None else SHOWN_S)))
        if hand is not None:
            self._add(hand, 1 - math.exp(-elapsed / SHOWN_S))
            self._lean(hand, 1 - math.exp(-elapsed / SIDE_S))
            self._turn(hand, 1 - math.exp(-elapsed / SHOWN_S))
        self.shown = self._decide(thresholds, alike)
        return self.shown

    def score(self, gesture: str) -> float:
        """Return the mean score of a gesture while it was the likeliest lately, 0..1."""
        share = self._shares.get(gesture, 0.0)
        return min(1.0, self._sums[gesture] / share) if share > 1e-9 else 0.0

    @property
    def side(self) -> Side | None:
        """Which hand it is; None while that is not sure."""
        if self._right >= SURE_SIDE:
            return "right"
        return "left" if self._right <= 1 - SURE_SIDE else None

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
        """Where the hand points, one of `ORIENTATIONS`; None while that is not sure."""
        best = max(self._pointing, default=0.0)
        return ORIENTATIONS[self._pointing.index(best)] if best >= SURE_TURN else None

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
            sure = hand.leading_hand_score
            right = sure if hand.leading_hand == "right" else 1 - sure
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
        if alike.get(best) == self.shown and self._shares[best] < RENAMED:
            best = self.shown
        self.sure = False
        self.denied = (
            self._shares.get(NO_GESTURE, 0.0) >= ENTER and self.score(NO_GESTURE) >= DENIED
        )
        if best == NO_GESTURE:
            return NO_GESTURE
        least, share, score = thresholds.get(best, 0.5), *self._joint(best, alike.get(best))
        self.sure = share >= ENTER and score >= least - 1e-9
        stays = best == self.shown and share >= STAY and score >= STAY_SCORE * least - 1e-9
        return best if self.sure or stays else NO_GESTURE

    def _joint(self, gesture: str, like: str | None) -> tuple[float, float]:
        """Return share and mean score of a gesture and of the one that is like it."""
        names = [gesture] if like is None else [gesture, like]
        share = sum(self._shares.get(name, 0.0) for name in names)
        total = sum(self._sums.get(name, 0.0) for name in names)
        return share, min(1.0, total / share) if share > 1e-9 else 0.0
