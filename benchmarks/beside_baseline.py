"""Our detect + classify beside dynamic_gestures', in one run, as a ratio.

`python -m benchmarks.beside_baseline FOLDER`, where FOLDER holds
`dynamic_gestures_hand_detector.onnx` and `dynamic_gestures_crops_classifier.onnx`
(ai-forever/dynamic_gestures, Apache-2.0). Both sides use ONNX Runtime with one thread and no
spinning, on the same 720p frame with one hand, in turns: frame by frame, where each side finds the
processor's caches full of the other's weights, and in runs of frames, where it finds its own. A
program in a call is somewhere between. What is measured is processor time, which other programs on
the machine disturb least.
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from vcam.core.frame import Image
from vcam.diagnostics.benchmark import frame_with_a_hand
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

ROUNDS = 320
RUNS = (1, 40)
"""How many frames one side takes before it is the other's turn."""


def baseline(folder: Path) -> Callable[[Image], object]:
    """Return the baseline's whole way from a BGR frame to a gesture, as its own demo goes it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")

    def session(name: str) -> Any:
        return onnxruntime.InferenceSession(folder / f"dynamic_gestures_{name}.onnx", options)

    detector, classifier = session("hand_detector"), session("crops_classifier")

    def prepare(image: Image, size: tuple[int, int]) -> "np.ndarray[Any, np.dtype[np.float32]]":
        rgb = cv2.cvtColor(cv2.resize(image, size), cv2.COLOR_BGR2RGB)
        scaled = (rgb.astype(np.float32) - np.float32(127)) / np.float32(128)
        return np.asarray(scaled.transpose(2, 0, 1)[None], np.float32)

    def run(image: Image) -> object:
        height, width = image.shape[:2]
        boxes = detector.run(None, {"input": prepare(image, (320, 240))})[0]
        left, top, right, bottom = boxes[0] if len(boxes) else (0.1, 0.3, 0.25, 0.6)
        rows = slice(int(top * height), int(bottom * height))
        columns = slice(int(left * width), int(right * width))
        crop = image[rows, columns]
        return classifier.run(None, {"input": prepare(crop, (128, 128))})

    return run


def main(folder: Path) -> None:
    """Print the medians of both in milliseconds of processor time, and the ratios."""
    cv2.setNumThreads(1)
    recognizer = open_recognizer(RecognitionSettings())
    image = frame_with_a_hand(recognizer)
    sides: dict[str, Callable[[Image], object]] = {
        "ours": recognizer.recognize,
        "dynamic_gestures": baseline(folder),
    }
    for run in RUNS:
        ours, theirs = _medians(sides, image, run).values()
        print(
            f"{run} at a time: ours {ours:.2f} ms, dynamic_gestures {theirs:.2f} ms, "
            f"ratio {ours / theirs:.2f}"
        )


def _medians(
    sides: Mapping[str, Callable[[Image], object]], image: Image, run: int
) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS // run):
        for name, side in sides.items():
            for _ in range(run):
                began = time.process_time()
                side(image)
                times[name].append(1000 * (time.process_time() - began))
    return {name: float(np.median(taken)) for name, taken in times.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
