"""How well found boxes cover true ones."""

from collections.abc import Sequence
from typing import Any

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box


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
