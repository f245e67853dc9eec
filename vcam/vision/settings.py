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
    """How often to look while a hand is in view."""
    idle_rate_hz: float = 5.0
    """How often to look while there is none."""
    turned_looks: bool = True
    """Whether to look at the picture turned as well, for hands that lie or hang: swipes need it."""
    threads: int = 1
    """CPU threads of each model."""
