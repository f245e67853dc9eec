"""Logistic regression in numpy, small enough to run at every frame."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """Weights over standardised features."""

    mean: Numbers
    scale: Numbers
    weights: Numbers
    """(features + 1,), the last one is the offset."""

    def probability(self, features: Numbers) -> Any:
        """Return the chance that a moment is meant, 0..1, for (features,) or (N, features)."""
        z = ((features - self.mean) / self.scale) @ self.weights[:-1] + self.weights[-1]
        return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def fit(features: Numbers, meant: Numbers, weight: Numbers, ridge: float = 1.0) -> Logistic:
    """Fit by Newton's method; `features` (N, F), `meant` 0 or 1 and `weight` (N,)."""
    mean, scale = features.mean(0), features.std(0) + 1e-6
    x = np.hstack([(features - mean) / scale, np.ones((len(features), 1))])
    weights = np.zeros(x.shape[1])
    penalty = ridge * np.eye(x.shape[1])
    penalty[-1, -1] = 1e-6
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (weight * (p - meant)) + penalty @ weights
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return Logistic(mean, scale, weights)
