"""Hands found by MediaPipe's hand landmarker: an opt-in alternative, imported only when chosen.

MediaPipe wheels from 0.10.3x on send usage telemetry, which is why this is not the default.
"""

from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.core.texts import _
from vcam.errors import ModelError
from vcam.system.installation import add
from vcam.system.package_errors import unloadable_package
from vcam.vision.score_fusion import ScoreFusion

MARGIN = 0.12
"""How far the hand reaches beyond its 21 landmarks, as part of their longer side."""

Points: TypeAlias = npt.NDArray[np.float64]


class MediaPipeDetector:
    """Finds hands by their landmarks."""

    min_score_to_act = 0.5
    fusion = ScoreFusion()

    def __init__(self, model: str | None, max_hands: int = 4) -> None:
        """Load the `.task` file; raises `ModelError` when package or file are missing."""
        self._mediapipe, vision, base = _import()
        if not model or not Path(model).is_file():
            raise ModelError(
                _(
                    "MediaPipe needs its hand_landmarker.task file: download it from Google and "
                    'name it as mediapipe_model in [recognition], or choose detector = "onnx".'
                )
            )
        options = vision.HandLandmarkerOptions(
            base_options=base(model_asset_path=model), num_hands=max_hands
        )
        try:
            self._landmarker = vision.HandLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                _("MediaPipe cannot use {model} ({error}).").format(model=model, error=error)
            ) from None

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, boxes in its pixels; `refine` is ignored."""
        found = self._infer(image)
        pairs = zip(found.hand_landmarks, found.handedness, strict=True)
        return [
            Detection(box_around(_pixels(points, image)), float(side[0].score))
            for points, side in pairs
        ]

    def landmarks(self, image: Image) -> list[Points]:
        """Return the 21 landmarks (21, 2) of every hand in uint8 (H, W, 3) BGR, in its pixels."""
        return [_pixels(points, image) for points in self._infer(image).hand_landmarks]

    def _infer(self, image: Image) -> Any:
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        mp_image = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        return self._landmarker.detect(mp_image)


def _pixels(points: Any, image: Image) -> Points:
    height, width = image.shape[:2]
    return np.array([(point.x * width, point.y * height) for point in points])


def box_around(points: Points) -> Box:
    """Return the box of a hand with landmarks (N, 2) in pixels, which it reaches beyond."""
    left, top = points.min(0).tolist()
    right, bottom = points.max(0).tolist()
    margin = MARGIN * max(right - left, bottom - top)
    return left - margin, top - margin, right + margin, bottom + margin


_EXTRA = "'vcam-gestures[mediapipe]'"


def _import() -> tuple[Any, Any, Any]:
    try:
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision
    except ImportError as error:
        if getattr(error, "name", None) != "mediapipe":  # it is there, and does not load
            raise ModelError(
                _('{problem}; or choose detector = "onnx" in [recognition].').format(
                    problem=unloadable_package(error) or error
                )
            ) from None
        raise ModelError(
            _(
                'MediaPipe is not installed: {add}, or choose detector = "onnx" in [recognition].'
            ).format(add=add(_EXTRA))
        ) from None
    return mediapipe, vision, BaseOptions
