"""Logits to probabilities: of one crop at run time, of many at once in training's evaluation."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def softmax(logits: Sequence[float]) -> list[float]:
    """Return probabilities of one row; for so few numbers plain Python is fastest."""
    peak = max(logits)
    powers = [math.exp(logit - peak) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def softmax_rows(logits: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return probabilities (N, C) of logits (N, C)."""
    shifted = np.asarray(logits, np.float64)
    powers = np.exp(shifted - shifted.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))
