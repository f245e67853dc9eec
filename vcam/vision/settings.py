"""The `[recognition]` section."""

from dataclasses import dataclass

from vcam.core.setting import Choice, Number, Whole, setting


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """Which models recognise hands, and how often."""

    detector: str = setting(
        "onnx",
        Choice(("onnx", "mediapipe")),
        "What finds hands",
        "`onnx` is ours; `mediapipe` needs the extra of that name, whose package sends telemetry.",
    )
    detector_model: str | None = setting(
        None,
        "path",
        "Another detector than the one that ships",
        "An `.onnx` file with its card. Relative paths start at the folder of the settings file.",
        example="my-detector.onnx",
    )
    mediapipe_model: str | None = setting(
        None,
        "path",
        "MediaPipe's model",
        'The `hand_landmarker.task` file; only for `detector = "mediapipe"`.',
        example="hand_landmarker.task",
    )
    classifier: str | None = setting(
        None,
        "path",
        "Another classifier than the one that ships",
        "An `.onnx` file with its card, such as `python -m training export` writes.",
        example="my-model.onnx",
    )
    rate_hz: float = setting(15.0, Number(1, 60), "Inferences a second while a hand is in view")
    idle_rate_hz: float = setting(5.0, Number(0.5, 60), "Inferences a second while there is none")
    turned_looks: bool = setting(
        True,
        "flag",
        "Search rotated copies as well",
        "For hands that lie or hang, which swipes by turning need.",
    )
    threads: int = setting(1, Whole(1, 16), "CPU threads of each model")
