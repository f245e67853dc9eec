"""Hands in films of people who mean nothing by them, with their landmarks, as a set to prepare.

A net that maps joints learns them from hands in any pose, whatever they show: people who talk and
sign bend their fingers as nobody does before a camera that asks for one of the 18 gestures.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from rich.progress import track

from training.datasets.film_frames import film_frames
from training.datasets.shards import replace_text
from training.errors import TrainingError
from vcam.core.frame import Image
from vcam.core.labels import NO_GESTURE
from vcam.system.image_files import write_image
from vcam.vision.mediapipe_detector import Points, box_around

STEP_S = 0.125
"""Frames of a film that are nearer to each other than this show the same."""
MIN_SIDE_PX = 24
"""Minimum longer side of a hand whose landmarks are believed."""
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 92]

Landmarker: TypeAlias = Callable[[Image], list[Points]]
"""Returns the landmarks (21, 2) of every hand in uint8 (H, W, 3) BGR, in its pixels."""


def write_film_hands(clips: Sequence[Path], landmarker: Landmarker, out: Path) -> int:
    """Write frames with hands and their annotations in the schema of HaGRID v1; return how many.

    All hands are `no_gesture`. Raises `TrainingError` when a film cannot be read or none holds a
    hand.
    """
    entries: dict[str, dict[str, Any]] = {}
    (out / NO_GESTURE).mkdir(parents=True, exist_ok=True)
    (out / "annotations").mkdir(exist_ok=True)
    for clip in track(clips, "looking at films"):
        for number, image in film_frames(clip, STEP_S):
            if entry := _entry(image, landmarker(image)):
                name = f"{clip.stem}-{number:05d}"
                write_image(out / NO_GESTURE / f"{name}.jpg", image, QUALITY)
                entries[name] = entry
    if not entries:
        raise TrainingError("MediaPipe finds no hand in these films: name others.")
    replace_text(out / "annotations" / f"{NO_GESTURE}.json", json.dumps(entries))
    return sum(len(entry["bboxes"]) for entry in entries.values())


def _entry(image: Image, hands: Sequence[Points]) -> dict[str, Any] | None:
    """Return the annotation of a frame; None where no hand is large enough."""
    size = (image.shape[1], image.shape[0])
    kept = [points for points in hands if np.ptp(points, axis=0).max() >= MIN_SIDE_PX]
    if not kept:
        return None
    return {
        "bboxes": [_box_xywh(points, size) for points in kept],
        "labels": [NO_GESTURE] * len(kept),
        "landmarks": [np.round(points / size, 5).tolist() for points in kept],
        "leading_hand": None,
        "user_id": None,
        "source": "clips",
    }


def _box_xywh(points: Points, size: tuple[int, int]) -> list[float]:
    """Return the box around landmarks in pixels, with a margin, as xywh in 0..1 of the frame."""
    left, top, right, bottom = box_around(points)
    low = np.maximum(0, (left, top)) / size
    high = np.minimum(size, (right, bottom)) / size
    return [*low.tolist(), *(high - low).tolist()]
