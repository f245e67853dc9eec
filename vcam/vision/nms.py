"""Non-maximum suppression with box voting."""

from collections.abc import Callable

from vcam.core.box import box_area, intersection_area, intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import Detection

MAX_IOU = 0.45
"""Boxes with more IoU than this are on one hand."""
MAX_INSIDE = 0.75
"""A box with more of it inside a better one is a part of that hand: a finger, a palm."""
MIN_VOTE_IOU = 0.4
"""Boxes with so much IoU with the best one of a hand have a vote in where it is."""
MAX_SHADOW_SCORE, SHADOW_RATIO = 0.5, 1.3
"""A detection below this score that touches one whose score is higher by this factor is dropped."""
MIN_CONTACT = 0.1
"""Boxes touch when they share this part of the smaller one."""


def without_overlaps(detections: list[Detection], min_score: float = 0.0) -> list[Detection]:
    """Return one detection for each hand, best score first; its box is what all near it agree on.

    Greedy non-maximum suppression, by IoU and by how much of a box lies inside another; then each
    box becomes the mean of those that overlap it, by their scores (box voting: Gidaris & Komodakis,
    arXiv 1505.01749), which trembles less than any one of them. What has become one hand by that,
    or touches a much more confident one, goes as well. Detections below `min_score` only vote.
    """
    ranked = sorted(detections, key=lambda found: -found.score)
    best = _without(_same_hand, [each for each in ranked if each.score >= min_score])
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
    near = [each for each in voters if intersection_over_union(best, each.box_xyxy) >= MIN_VOTE_IOU]
    votes = sum(each.score for each in near)
    if votes <= 0:
        return best
    left, top, right, bottom = (
        sum(each.score * each.box_xyxy[side] for each in near) / votes for side in range(4)
    )
    return left, top, right, bottom


def _same_hand(worse: Detection, better: Detection) -> bool:
    one, other = worse.box_xyxy, better.box_xyxy
    shared, area, other_area = intersection_area(one, other), box_area(one), box_area(other)
    smaller = min(area, other_area)
    union = area + other_area - shared
    return smaller <= 0 or shared > MAX_INSIDE * smaller or shared > MAX_IOU * union


def _shadows(worse: Detection, better: Detection) -> bool:
    if _same_hand(worse, better):
        return True
    one, other = worse.box_xyxy, better.box_xyxy
    touches = intersection_area(one, other) > MIN_CONTACT * min(box_area(one), box_area(other))
    return touches and worse.score < MAX_SHADOW_SCORE and worse.score * SHADOW_RATIO <= better.score
