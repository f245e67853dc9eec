"""Open the hand detector that the settings name."""

from pathlib import Path

from vcam.vision.detector import Detector
from vcam.vision.mediapipe_detector import MediaPipeDetector
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_detector import OnnxDetector
from vcam.vision.settings import RecognitionSettings


def open_detector(settings: RecognitionSettings) -> Detector:
    """Return the detector; raises `ModelError` in one sentence when it cannot be used."""
    if settings.detector == "mediapipe":
        return MediaPipeDetector(settings.mediapipe_model)
    path = settings.detector_model
    chosen = Path(path) if path else shipped_model("detect")
    return OnnxDetector(chosen, settings.threads)
