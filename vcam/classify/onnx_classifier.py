"""The shipped two-head classifier, or any that `python -m training export` writes."""

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
        chances = {name: softmax(given[name]) for name in given if name != "embedding"}
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
        gesture: Array,
        side: Array,
        orientation: Array | None,
        embedding: Array | None,
    ) -> Hand:
        best, which = int(gesture.argmax()), int(side.argmax())
        return Hand(
            box_xyxy=found.box_xyxy,
            score=found.score,
            gesture=self._labels[best],
            gesture_score=float(gesture[best]),
            leading_hand=self._sides[which],
            leading_hand_score=float(side[which]),
            orientation=None if orientation is None else tuple(map(float, orientation)),
            embedding=embedding,
        )


def softmax(logits: Array) -> Array:
    """Turn logits (N, C) into probabilities (N, C)."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))
