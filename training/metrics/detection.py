"""How well detected boxes cover true ones.

Average precision is COCO's: at IoU 0.5, over 101 levels of recall, the precision at each being the
best at that recall or beyond. A test holds it against pycocotools.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box

Scores = npt.NDArray[np.float64]


def best_match(box: Box, hands: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the hand (with a `box`) that covers a true box best, if its IoU is 0.5 or more."""
    best = max(hands, key=lambda h: intersection_over_union(tuple(h["box"]), box), default=None)
    if best is None or intersection_over_union(tuple(best["box"]), box) < 0.5:
        return None
    return best


def found_share(found: Sequence[Sequence[Box]], true: Sequence[Sequence[Box]]) -> float:
    """Return the share of true boxes that some found box covers with IoU 0.5 or more."""
    hits = total = 0
    for candidates, boxes in zip(found, true, strict=True):
        for box in boxes:
            total += 1
            hits += any(intersection_over_union(box, other) >= 0.5 for other in candidates)
    return hits / max(1, total)


def precision_recall(
    scores: Scores, right: npt.NDArray[np.bool_], hands: int
) -> tuple[Scores, Scores]:
    """Return precision and recall after each detection, best score first."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    return hits / np.arange(1, len(hits) + 1), hits / max(1, hands)


def average_precision(scores: Scores, right: npt.NDArray[np.bool_], hands: int) -> float | None:
    """Return COCO's 101-point average precision; None where there is no hand to find."""
    if not hands:
        return None
    return round(float(np.mean([point[1] for point in curve(scores, right, hands)])), 4)


def curve(scores: Scores, right: npt.NDArray[np.bool_], hands: int) -> list[tuple[float, float]]:
    """Return 101 points of recall and the best precision at that recall or beyond."""
    precision, recall = precision_recall(scores, right, hands)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    levels = np.linspace(0, 1, 101)
    places = np.searchsorted(recall, levels - 1e-9)
    found = [float(best[place]) if place < len(best) else 0.0 for place in places]
    return list(zip(levels.tolist(), found, strict=True))
