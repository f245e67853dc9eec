"""The baseline's two models (ai-forever/dynamic_gestures, Apache-2.0), evaluated like our own.

Its classifier knows 45 classes; what is not among ours counts as no gesture. It takes the box
squared, without a margin. Its own demo clips that square at the picture's edge, here the rest is
black, and crops come from prepared canvases: both change little, and are said here to be fair.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.dataset import RgbImage
from training.errors import TrainingError
from training.evaluation.protocols import EvaluatedClassifier, EvaluatedDetector, Scores, name_of
from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.vision.softmax import softmax_rows

NAMES = """
hand_down hand_right hand_left thumb_index thumb_left thumb_right thumb_down half_up half_left
half_right half_down part_hand_heart part_hand_heart2 fist_inverted two_left two_right two_down
grabbing grip point call three3 little_finger middle_finger dislike fist four like mute ok one
palm peace peace_inverted rock stop stop_inverted three three2 two_up two_up_inverted three_gun
one_left one_right one_down
"""
CLASSES: Sequence[str] = tuple(NAMES.split())
"""The baseline's own classes in the order of its output."""
CROP_SIDE_PX = 128
FRAME_SIZE_PX = (320, 240)
BASELINE_MIN_SCORE = 0.7
"""Minimum score of the baseline's boxes; it is part of its graph."""


class BaselineClassifier:
    """`crops_classifier.onnx`: it names no hand, and always some gesture."""

    def __init__(self, path: Path, session: Any) -> None:
        self.name, self._session = name_of(path), session
        self.labels: Sequence[str] = CLASSES
        self.size, self.margin = CROP_SIDE_PX, 1.0
        self.temperature: float | None = None  # other classes are folded into one: no way back
        self.thresholds: Mapping[str, float] = {"default": 0.0}

    def classify(self, crops: RgbImage) -> tuple[Scores, Scores | None]:
        """Map uint8 (N, 128, 128, 3) RGB to probabilities (N, 45); no hand."""
        logits = self._session.run(None, {"input": normalised(crops)})[0]
        return softmax_rows(logits), None


class BaselineDetector:
    """`hand_detector.onnx`: its threshold and suppression of overlaps are in its graph."""

    def __init__(self, path: Path, session: Any) -> None:
        self.threshold = BASELINE_MIN_SCORE
        self.name, self._session = name_of(path), session

    def detect(self, image: Image) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best first."""
        height, width = image.shape[:2]
        rgb = cv2.cvtColor(cv2.resize(image, FRAME_SIZE_PX), cv2.COLOR_BGR2RGB).astype(np.uint8)
        boxes, _, scores = self._session.run(
            ["boxes", "labels", "scores"], {"input": normalised(rgb[None])}
        )
        whole = np.array([width, height, width, height])
        pairs = zip((boxes * whole).tolist(), scores.tolist(), strict=True)
        found = [Detection((box[0], box[1], box[2], box[3]), score) for box, score in pairs]
        return sorted(found, key=lambda one: -one.score)


def normalised(images: RgbImage) -> npt.NDArray[np.float32]:
    """Map uint8 (N, H, W, 3) to float32 (N, 3, H, W), about -1..1, as the baseline does."""
    scaled = (images.astype(np.float32) - np.float32(127)) / np.float32(128)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def open_baseline(path: Path) -> EvaluatedClassifier | EvaluatedDetector:
    """Open one of the baseline's files. Raises `TrainingError` when it is none."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001  # ONNX Runtime raises a type for every status code
        reason = str(error).splitlines()[0][:100]
        raise TrainingError(f"{path} is damaged or no ONNX model ({reason}).") from None
    outputs = {output.name: output.shape for output in session.get_outputs()}
    if set(outputs) == {"boxes", "labels", "scores"}:
        return BaselineDetector(path, session)
    if list(outputs) == ["labels"] and outputs["labels"][-1] == len(CLASSES):
        return BaselineClassifier(path, session)
    raise TrainingError(
        f"{path} has no card and is not a known model: put {path.stem}.json beside it."
    )
