"""Thresholds per gesture: as many right as possible, with no more wrong than allowed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.evaluation.classifier_scores import false_gestures
from training.evaluation.predictions import Hands
from training.evaluation.protocols import Scores
from vcam.core.labels import NO_GESTURE

CANDIDATES = np.round(np.arange(0.40, 0.991, 0.01), 2)
"""Thresholds to try."""
MIN_HANDS = 60
"""Classes with fewer hands, mirrored ones counted, share one threshold unless asked otherwise:
alone, each would be fitted to a handful."""
SHRINKAGE = 30
"""So many hands weigh as much as the threshold that was there before."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What thresholds must keep."""

    max_wrong: float
    """Largest share of pictures that are given a wrong gesture."""
    few: int = MIN_HANDS
    """Classes with fewer hands share one threshold."""


def choose(
    hands: Hands,
    said: Scores,
    bound: Bound,
    default: float,
    before: Mapping[str, float] | None = None,
) -> tuple[dict[str, float], list[str]]:
    """Return thresholds by gesture, and the gestures that no picture shows.

    The most hits for so many wrong pictures: each wrong hand costs a price, each class takes the
    threshold that pays best, and the lowest price that keeps the bound is found by bisection. A
    class counts by the root of its number of hands, or a few frequent ones would buy their hits
    with the others'. Classes with few hands share one threshold. Each is then drawn towards the
    threshold `before`, the more the fewer hands speak (`SHRINKAGE`), as far as the bound allows.
    Classes without any are not in the table.
    """
    shown = {label for place, label in enumerate(hands.labels) if (hands.gesture == place).any()}
    gestures = [label for label in hands.labels if label != NO_GESTURE]
    counts = np.bincount(hands.gesture, minlength=len(hands.labels))
    ledgers = {}
    for label in (label for label in gestures if label in shown):
        right, wrong = _ledger(hands, said, label)
        ledgers[label] = right / counts[hands.labels.index(label)] ** 0.5, wrong
    scarce = [label for label in ledgers if counts[hands.labels.index(label)] < bound.few]
    together = [sum(ledgers[label][side] for label in scarce) for side in (0, 1)]

    def at(price: float) -> dict[str, float]:
        chosen = {label: _best(ledger, price, default) for label, ledger in ledgers.items()}
        if scarce:
            common = _best((np.asarray(together[0]), np.asarray(together[1])), price, default)
            chosen |= dict.fromkeys(scarce, common)
        return {"default": default, **chosen}

    low, high = 0.0, float(len(hands) + 1)
    if _wrong(hands, said, at(low)) <= bound.max_wrong:
        high = low
    for _ in range(40):
        middle = (low + high) / 2
        kept = _wrong(hands, said, at(middle)) <= bound.max_wrong
        low, high = (low, middle) if kept else (middle, high)
    chosen = at(high)
    drawn = {
        label: _shrunk(threshold, (before or {}).get(label, default), int(counts[place]))
        for place, label in enumerate(hands.labels)
        if (threshold := chosen.get(label)) is not None
    }
    drawn = {"default": default, **drawn}
    if _wrong(hands, said, drawn) > bound.max_wrong:  # then upwards only, which fires less
        drawn = {label: max(drawn[label], threshold) for label, threshold in chosen.items()}
    return drawn, [label for label in gestures if label not in shown]


def _shrunk(threshold: float, before: float, hands: int) -> float:
    """Return the mean of a threshold that so many hands chose, and of the one before."""
    return round((hands * threshold + SHRINKAGE * before) / (hands + SHRINKAGE), 2)


def _wrong(hands: Hands, said: Scores, thresholds: dict[str, float]) -> float:
    return float(false_gestures(hands, said, thresholds)["wrong"] or 0.0)


def _ledger(hands: Hands, said: Scores, label: str) -> tuple[Scores, Scores]:
    """Return for each candidate how many hands are rightly and wrongly given the label."""
    place = hands.labels.index(label)
    given = said.argmax(1) == place
    reaches = said[given, place][:, None] >= CANDIDATES
    right = (hands.gesture[given] == place)[:, None]
    return (reaches & right).sum(0), (reaches & ~right).sum(0)


def _best(ledger: tuple[Scores, Scores], price: float, default: float) -> float:
    """Return the threshold that pays best; among equals the one next to the default."""
    hits, wrong = ledger
    worth = hits - price * wrong
    equals = CANDIDATES[worth == worth.max()]
    return float(equals[np.abs(equals - default).argmin()])
