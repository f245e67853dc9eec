"""F1, precision, recall and confusion of a classification head."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


Flags = npt.NDArray[np.bool_]


def confusion(true: Counts, predicted: Counts, classes: int) -> Counts:
    """Return (C, C): rows are what is true, columns what was said."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (true, predicted), 1)
    return matrix


def head_scores(true: Counts, predicted: Counts, labels: Sequence[str]) -> dict[str, Any]:
    """Return accuracy, F1 weighted by class size and as a plain mean, each class, and confusion.

    Only classes with pictures count in both means; a class without one has recall and F1 None.
    """
    matrix = confusion(true, predicted, len(labels))
    support, given, hits = matrix.sum(1), matrix.sum(0), matrix.diagonal()
    classes = {
        label: {
            "precision": share(hits[k], given[k]),
            "recall": share(hits[k], support[k]),
            "f1": share(2 * hits[k], given[k] + support[k]) if support[k] else None,
            "support": int(support[k]),
        }
        for k, label in enumerate(labels)
    }
    there = np.flatnonzero(support)
    f1 = 2 * hits[there] / (given[there] + support[there])
    return {
        "accuracy": share(hits.sum(), support.sum()),
        "f1_weighted": share(float(f1 @ support[there]), support.sum()),
        "f1_macro": share(float(f1.sum()), len(there)),
        "classes": classes,
        "labels": list(labels),
        "confusion": matrix.tolist(),
    }


def summary(true: Counts, predicted: Counts, labels: Sequence[str]) -> dict[str, float]:
    """Return accuracy, and F1 weighted by class size and as a plain mean over classes."""
    scores = head_scores(true, predicted, labels)
    return {name: scores[name] for name in ("accuracy", "f1_weighted", "f1_macro")}


def share(part: float, whole: float) -> float | None:
    """Return part / whole to 4 digits, None where there is no whole."""
    return round(float(part) / float(whole), 4) if whole else None
