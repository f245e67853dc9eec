"""The shipped two-head classifier, or any that `python -m training export` writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from vcam.core.frame import Image
from vcam.core.hand import Detection, Hand
from vcam.core.labels import Side
from vcam.vision.models.card import ModelCard
from vcam.vision.models.session import ModelSession
from vcam.vision.test_time_augmentation import AugmentedClassifier, Prediction


class OnnxClassifier:
    """Names gestures with an ONNX model that takes square crops and gives logits."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the model; raises `ModelError`."""
        self._session = ModelSession(path, "classify", threads)
        self._labels = self.card.labels
        card = self.card
        self._augmented = AugmentedClassifier(
            self._session.run_all, card.labels, card.height, card.margin
        )
        self._sides = [cast("Side", side) for side in self.card.hands]

    @property
    def card(self) -> ModelCard:
        """What the model says about itself, its thresholds among it."""
        return self._session.card

    def classify(
        self, image: Image, detections: Sequence[Detection], *, refine: bool = True
    ) -> list[Hand]:
        """Return one `Hand` for each detection, in order; image is uint8 (H, W, 3) BGR.

        With `refine`, hands without a confident first answer are classified twice.
        """
        boxes = [found.box_xyxy for found in detections]
        named = self._augmented.name(image, boxes, refine=refine)
        return [self._hand(*pair) for pair in zip(detections, named, strict=True)]

    def _hand(self, found: Detection, named: Prediction) -> Hand:
        likeliest, best_hand_score = max(named.gesture), max(named.hand)
        return Hand(
            box_xyxy=found.box_xyxy,
            score=found.score,
            gesture=self._labels[named.gesture.index(likeliest)],
            gesture_score=likeliest,
            leading_hand=self._sides[named.hand.index(best_hand_score)],
            leading_hand_score=best_hand_score,
            orientation=None if named.orientation is None else tuple(named.orientation),
            embedding=named.embedding,
        )
