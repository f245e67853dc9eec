"""The scores of gesture and detection become one: an uncertain hand shows an uncertain gesture."""

import math
from dataclasses import dataclass

SCORE_EPSILON = 1e-6
"""Scores are kept so far from 0 and 1."""


@dataclass(frozen=True, slots=True)
class ScoreFusion:
    """Joins two scores into one: a logistic regression over their log-odds.

    The default leaves the gesture's score as it is. A card's numbers come from `python -m training
    calibrate --detector`.
    """

    gesture: float = 1.0
    find: float = 0.0
    offset: float = 0.0

    def score(self, gesture: float, find: float) -> float:
        """Return the probability that a gesture is there, from both scores, 0..1."""
        both = self.gesture * log_odds(gesture) + self.find * log_odds(find) + self.offset
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, both))))


def log_odds(score: float) -> float:
    """Return log(p / (1 - p))."""
    kept = max(SCORE_EPSILON, min(1 - SCORE_EPSILON, score))
    return math.log(kept / (1 - kept))
