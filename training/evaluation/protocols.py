"""What evaluation asks of a model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from training.datasets.dataset import RgbImage
from vcam.core.frame import Image
from vcam.core.hand import Detection

Scores: TypeAlias = npt.NDArray[np.float64]


MIN_SCORE = 0.05
"""Boxes with a smaller score are not asked for: they hardly change the average precision."""


@runtime_checkable
class EvaluatedClassifier(Protocol):
    """Names what square crops show."""

    name: str
    labels: Sequence[str]
    """What the gesture probabilities stand for, in order."""
    size: int
    """Side of the crops in pixels."""
    margin: float
    """Side of the crops over the longer side of the hand's box."""
    temperature: float | None
    """What its logits are divided by; None where it is inside the file and not known."""
    thresholds: Mapping[str, float]
    """Minimum score to act on, by gesture, and `default`."""

    def classify(self, crops: RgbImage) -> tuple[Scores, Scores | None]:
        """Map uint8 (N, S, S, 3) RGB to gesture (N, C) and hand (N, 2) probabilities.

        The hand is None where the model does not say; its order is `labels.LEADING_HANDS`.
        """


@runtime_checkable
class EvaluatedDetector(Protocol):
    """Finds hands in whole pictures."""

    name: str
    threshold: float
    """Score from which a detection is shown at run time."""

    def detect(self, image: Image) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR with any score from `MIN_SCORE`, best first."""


def name_of(path: Path) -> str:
    """Return a short name for a model: its file's, or its folder's for a plain `model.pt`."""
    return path.parent.name if path.stem == "model" and path.parent.name else path.stem
