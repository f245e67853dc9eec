"""The `[recognition]` section."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """Which models recognise hands, and how often."""

    detector: str = "onnx"
    """`onnx` (ours), or `mediapipe` (opt-in: its package sends telemetry)."""
    detector_model: str | None = None
    """An `.onnx` detector to use instead of the shipped one."""
    mediapipe_model: str | None = None
    """The `hand_landmarker.task` file; only for `detector = "mediapipe"`."""
    classifier: str | None = None
    """An `.onnx` classifier to use instead of the shipped one."""
    rate_hz: float = 15.0
    """Inferences a second while a hand is in view."""
    idle_rate_hz: float = 5.0
    """Inferences a second while there is none."""
    turned_looks: bool = True
    """Whether rotated copies are searched as well, for hands that lie or hang: swipes need it."""
    threads: int = 1
    """CPU threads of each model."""
