"""Hands found by MediaPipe's hand landmarker: an opt-in alternative, imported only when chosen.

MediaPipe wheels from 0.10.3x on send usage telemetry, which is why this is not the default.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.errors import ModelError
from vcam.system.installation import add
from vcam.system.package_errors import unloadable_package
from vcam.vision.score_fusion import ScoreFusion

MARGIN = 0.12
"""How far the hand reaches beyond its 21 landmarks, as part of their longer side."""


class MediaPipeDetector:
    """Finds hands by their landmarks."""

    min_score_to_act = 0.5
    trust = ScoreFusion()

    def __init__(self, model: str | None, most_hands: int = 4) -> None:
        """Load the `.task` file; raises `ModelError` when package or file are missing."""
        self._mediapipe, vision, base = _import()
        if not model or not Path(model).is_file():
            raise ModelError(
                "MediaPipe needs its hand_landmarker.task file: download it from Google and name "
                'it as mediapipe_model in [recognition], or choose detector = "onnx".'
            )
        options = vision.HandLandmarkerOptions(
            base_options=base(model_asset_path=model), num_hands=most_hands
        )
        try:
            self._landmarker = vision.HandLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"MediaPipe cannot use {model} ({error}).") from None

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, boxes in its pixels; `refine` is ignored."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        picture = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        found = self._landmarker.detect(picture)
        pairs = zip(found.hand_landmarks, found.handedness, strict=True)
        return [_detection(points, side[0].score, image) for points, side in pairs]


def _detection(points: Any, score: float, image: Image) -> Detection:
    height, width = image.shape[:2]
    x = np.array([point.x for point in points]) * width
    y = np.array([point.y for point in points]) * height
    margin = MARGIN * max(float(np.ptp(x)), float(np.ptp(y)))
    left, top = float(x.min()) - margin, float(y.min()) - margin
    return Detection((left, top, float(x.max()) + margin, float(y.max()) + margin), float(score))


_EXTRA = "'vcam-gestures[mediapipe]'"


def _import() -> tuple[Any, Any, Any]:
    try:
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision
    except ImportError as error:
        if getattr(error, "name", None) != "mediapipe":  # it is there, and does not load
            raise ModelError(
                f"{unloadable_package(error) or error}; "
                'or choose detector = "onnx" in [recognition].'
            ) from None
        raise ModelError(
            f"MediaPipe is not installed: {add(_EXTRA)}, "
            'or choose detector = "onnx" in [recognition].'
        ) from None
    return mediapipe, vision, BaseOptions
