"""A hand that touches another: clasped, folded or wrung hands mean nothing."""

from collections.abc import Iterable
from typing import Final

from vcam.core.box import intersection_area
from vcam.core.hand import Hand

MIN_HAND_SCORE: Final = 0.5
"""Minimum score of the other's detection: what may be no hand at all clasps nothing."""


def touches_another(hand: Hand, others: Iterable[Hand]) -> bool:
    """Tell whether one of the other hands is on or under this one."""
    return any(other.score >= MIN_HAND_SCORE and _overlap(hand, other) for other in others)


def _overlap(one: Hand, other: Hand) -> bool:
    return intersection_area(one.box_xyxy, other.box_xyxy) > 0
