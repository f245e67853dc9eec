"""What recognition says about hands: found, named, followed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from vcam.frame import Box
from vcam.gesture import NO_GESTURE, Side


@dataclass(frozen=True, slots=True)
class Detection:
    """A place where a detector sees a hand."""

    box_xyxy: Box
    """Pixels of the frame; may reach a little beyond its edges."""
    score: float
    """0..1."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A detected hand and what the classifier makes of it."""

    box_xyxy: Box
    score: float
    """The detector's, 0..1."""
    gesture: str = NO_GESTURE
    """The classifier's likeliest label, whatever its score: thresholds are decided later."""
    gesture_score: float = 0.0
    """Probability of `gesture`, 0..1."""
    leading_hand: Side | None = None
    """The person's own hand (anatomical); None where the model does not say."""
    leading_hand_score: float = 0.0
    """Probability of `leading_hand`, 0.5..1."""
    orientation: tuple[float, ...] | None = None
    """Probability of each of `vcam.gesture.ORIENTATIONS`; None where the model does not say."""
    embedding: npt.NDArray[Any] | None = field(default=None, compare=False, repr=False)
    """float32 (F,) of length 1: hands that show the same are near each other; None: not given."""
    before_face: bool = False
    """Whether a face seems to be behind the hand."""

    @property
    def size(self) -> float:
        """The longer side of the box in pixels."""
        left, top, right, bottom = self.box_xyxy
        return max(right - left, bottom - top)

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box in pixels."""
        left, top, right, bottom = self.box_xyxy
        return (left + right) / 2, (top + bottom) / 2


@dataclass(frozen=True, slots=True)
class TrackedHand:
    """A hand with an identity that lasts from frame to frame."""

    track: int
    """Counts up from 1 and is never used again in one run."""
    hand: Hand
    """What was seen at `seen`; its box is smoothed by the tracker."""
    seen: float
    """Frame time in seconds at which a detector last saw this hand."""
    born: float
    """Frame time in seconds at which it was first seen."""


def intersection_over_union(one: Box, other: Box) -> float:
    """Return how much two xyxy boxes overlap: 0 apart, 1 the same; 0 for empty boxes."""
    shared = _shared(one, other)
    union = _area(one) + _area(other) - shared
    return shared / union if union > 0 else 0.0


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


MOST_OVERLAP = 0.45
"""Boxes with more IoU than this are on one hand."""
MOST_INSIDE = 0.75
"""A box with more of it inside a better one is a part of that hand: a finger, a palm."""


NEAR = 0.4
"""Boxes with so much IoU with the best one of a hand have a vote in where it is."""
SHADOW, SURER = 0.5, 1.3
"""A find below this score, by this factor less sure than one that it touches, is its shadow."""
TOUCHING = 0.1
"""Least part of the smaller box that two boxes share when they touch."""


def without_overlaps(detections: list[Detection], least: float = 0.0) -> list[Detection]:
    """Return one detection for each hand, best score first; its box is what all near it agree on.

    Greedy non-maximum suppression, by IoU and by how much of a box lies inside another; then each
    box becomes the mean of those that overlap it, by their scores (box voting: Gidaris & Komodakis,
    arXiv 1505.01749), which trembles less than any one of them. What has become one hand by that,
    or touches a much surer one, goes as well. Detections with a score below `least` have a vote and
    nothing more.
    """
    ranked = sorted(detections, key=lambda found: -found.score)
    best = _without(_same_hand, [each for each in ranked if each.score >= least])
    agreed = [Detection(voted(each.box_xyxy, ranked), each.score) for each in best]
    return _without(_shadows, agreed)


def _without(
    doubles: Callable[[Detection, Detection], bool], ranked: list[Detection]
) -> list[Detection]:
    """Leave out what is the double of a better one that stays."""
    kept: list[Detection] = []
    for candidate in ranked:
        if not any(doubles(candidate, better) for better in kept):
            kept.append(candidate)
    return kept


def voted(best: Box, voters: list[Detection]) -> Box:
    """Return the mean of the boxes that overlap the best one, by their scores."""
    near = [each for each in voters if intersection_over_union(best, each.box_xyxy) >= NEAR]
    votes = sum(each.score for each in near)
    if votes <= 0:
        return best
    left, top, right, bottom = (
        sum(each.score * each.box_xyxy[side] for each in near) / votes for side in range(4)
    )
    return left, top, right, bottom


def _same_hand(worse: Detection, better: Detection) -> bool:
    one, other = worse.box_xyxy, better.box_xyxy
    shared, mine, its = _shared(one, other), _area(one), _area(other)
    smaller = min(mine, its)
    union = mine + its - shared
    return smaller <= 0 or shared > MOST_INSIDE * smaller or shared > MOST_OVERLAP * union


def _shadows(worse: Detection, better: Detection) -> bool:
    if _same_hand(worse, better):
        return True
    one, other = worse.box_xyxy, better.box_xyxy
    touches = _shared(one, other) > TOUCHING * min(_area(one), _area(other))
    return touches and worse.score < SHADOW and worse.score * SURER <= better.score
