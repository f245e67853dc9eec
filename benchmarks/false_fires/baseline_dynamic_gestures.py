"""The models of ai-forever/dynamic_gestures.

`python -m benchmarks.false_fires.baseline_dynamic_gestures DETECTOR CLASSIFIER CLIP` prints event
lines. The classifier has no class for a hand that shows nothing; those of its classes that are none
of our gestures stand for that.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime

from benchmarks.false_fires.clips import frames
from benchmarks.false_fires.plain_hold import PlainHold, Seen
from vcam.core.frame import Box, Image
from vcam.core.labels import LABELS

DETECTOR_SIZE: Final = (320, 240)
CROP_PX: Final = 128
MIN_SCORE: Final = 0.5
NAMES: Final = (
    "hand_down",
    "hand_right",
    "hand_left",
    "thumb_index",
    "thumb_left",
    "thumb_right",
    "thumb_down",
    "half_up",
    "half_left",
    "half_right",
    "half_down",
    "part_hand_heart",
    "part_hand_heart2",
    "fist_inverted",
    "two_left",
    "two_right",
    "two_down",
    "grabbing",
    "grip",
    "point",
    "call",
    "three3",
    "little_finger",
    "middle_finger",
    "dislike",
    "fist",
    "four",
    "like",
    "mute",
    "ok",
    "one",
    "palm",
    "peace",
    "peace_inverted",
    "rock",
    "stop",
    "stop_inverted",
    "three",
    "three2",
    "two_up",
    "two_up_inverted",
    "three_gun",
    "one_left",
    "one_right",
    "one_down",
)
"""Its classes, in the order of its output."""


class Baseline:
    """Its detector and its classifier, called as its authors call them."""

    def __init__(self, detector: Path, classifier: Path) -> None:
        """Load both ONNX files."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._detector, self._classifier = (
            onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
            for path in (detector, classifier)
        )

    def hands(self, image: Image) -> Iterator[Seen]:
        """Yield the hands in uint8 (H, W, 3) BGR that show one of our gestures."""
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        height, width = rgb.shape[:2]
        small = _normalised(cv2.resize(rgb, DETECTOR_SIZE))
        boxes = self._detector.run(["boxes"], {"input": small})[0]
        for part in np.asarray(boxes):
            scaled = part * np.array([width, height, width, height])
            left, top, right, bottom = (float(side) for side in scaled)
            box = left, top, right, bottom
            crop = _square(rgb, box)
            if crop is None:
                continue
            logits = self._classifier.run(None, {"input": _normalised(crop)})[0][0]
            chances = np.exp(logits - logits.max())
            best = int(chances.argmax())
            name = NAMES[best]
            if name in LABELS and chances[best] / chances.sum() >= MIN_SCORE:
                yield Seen(name, box)


def _square(rgb: np.ndarray, box: Box) -> np.ndarray | None:
    left, top, right, bottom = box
    half = max(right - left, bottom - top) / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    height, width = rgb.shape[:2]
    rows = slice(max(0, round(y - half)), min(height, round(y + half)))
    columns = slice(max(0, round(x - half)), min(width, round(x + half)))
    crop = rgb[rows, columns]
    return cv2.resize(crop, (CROP_PX, CROP_PX)) if crop.size else None


def _normalised(rgb: np.ndarray) -> np.ndarray:
    """Return float32 (1, 3, H, W) of uint8 (H, W, 3)."""
    return ((rgb.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None]


def main() -> None:
    """Print what fires."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("detector", "classifier", "clip"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    baseline = Baseline(args.detector, args.classifier)
    hold = PlainHold()
    for frame in frames(args.clip):
        for line in hold.update(list(baseline.hands(frame.image)), frame.time):
            print(line)


if __name__ == "__main__":
    main()
