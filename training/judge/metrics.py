"""Scores of classifiers and detectors, in plain Python and numpy."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from vcam.frame import Box
from vcam.hand import intersection_over_union


def f1_report(predicted: Sequence[str], true: Sequence[str]) -> dict[str, float]:
    """Return accuracy, and F1 weighted by class size and as a plain mean over classes."""
    scores = {label: f1_of(label, predicted, true) for label in sorted(set(true))}
    count = Counter(true)
    return {
        "accuracy": round(_right(predicted, true) / len(true), 4),
        "f1_weighted": round(sum(scores[k] * n for k, n in count.items()) / len(true), 4),
        "f1_macro": round(sum(scores.values()) / len(scores), 4),
    }


def f1_of(label: str, predicted: Sequence[str], true: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall of one class."""
    pairs = list(zip(predicted, true, strict=True))
    hits = sum(p == t == label for p, t in pairs)
    given = sum(p == label for p, _ in pairs)
    there = sum(t == label for _, t in pairs)
    return 2 * hits / (given + there) if given + there else 0.0


def _right(predicted: Sequence[str], true: Sequence[str]) -> int:
    return sum(p == t for p, t in zip(predicted, true, strict=True))


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
