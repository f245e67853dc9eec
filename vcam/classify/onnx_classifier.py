"""The shipped two-head classifier, or any that `python -m training export` writes."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from vcam.card import ModelCard
from vcam.frame import Image
from vcam.gesture import Side
from vcam.hand import Detection, Hand
from vcam.preprocess import hand_crop
from vcam.session import Array, ModelSession


class OnnxClassifier:
    """Names gestures with an ONNX model that takes square crops and gives logits."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the model; raises `ModelError`."""
        self._session = ModelSession(path, "classify", threads)
        self._labels = self.card.labels
        self._sides = [cast("Side", side) for side in self.card.hands]

    @property
    def card(self) -> ModelCard:
        """What the model says about itself, its thresholds among it."""
        return self._session.card

    def classify(self, image: Image, detections: Sequence[Detection]) -> list[Hand]:
        """Return one `Hand` for each detection, in order; image is uint8 (H, W, 3) BGR."""
        if not detections:
            return []
        size, margin = self.card.height, self.card.margin
        crops = [hand_crop(image, found.box_xyxy, size, margin) for found in detections]
        given = self._session.run_all(np.stack(crops))
        chances = {
            name: [softmax(logits) for logits in rows.tolist()]
            for name, rows in given.items()
            if name != "embedding"
        }
        nothing = [None] * len(detections)
        return [
            self._hand(*each)
            for each in zip(
                detections,
                chances["gesture"],
                chances["hand"],
                chances.get("orientation", nothing),
                given.get("embedding", nothing),
                strict=True,
            )
        ]

    def _hand(
        self,
        found: Detection,
        gesture: list[float],
        side: list[float],
        orientation: list[float] | None,
        embedding: Array | None,
    ) -> Hand:
        likeliest, surer = max(gesture), max(side)
        return Hand(
            box_xyxy=found.box_xyxy,
            score=found.score,
            gesture=self._labels[gesture.index(likeliest)],
            gesture_score=likeliest,
            leading_hand=self._sides[side.index(surer)],
            leading_hand_score=surer,
            orientation=None if orientation is None else tuple(orientation),
            embedding=embedding,
        )


def softmax(logits: Sequence[float]) -> list[float]:
    """Turn logits into probabilities; for so few numbers plain Python is soonest."""
    most = max(logits)
    powers = [math.exp(logit - most) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
