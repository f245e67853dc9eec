"""A data set small enough to be drawn on the spot, in the schema of HaGRID v1."""

import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

COLOURS = {"palm": (60, 160, 240), "fist": (240, 120, 60), "no_gesture": (90, 90, 90)}


def write_archive(path: Path, images: int = 12) -> Path:
    """Write pictures of coloured blobs that stand for hands; every third belongs to `val`."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for gesture, colour in COLOURS.items():
            entries: dict[str, Any] = {}
            for number in range(images):
                image = random.integers(0, 60, (120, 160, 3), dtype=np.uint8)
                x, y = int(random.integers(30, 130)), int(random.integers(30, 90))
                cv2.ellipse(image, (x, y), (18, 26), 0, 0, 360, colour, -1)
                key = f"{gesture}{number}"
                archive.writestr(f"{gesture}/{key}.jpg", cv2.imencode(".jpg", image)[1].tobytes())
                entries[key] = _entry(gesture, x, y, "val" if number % 3 == 0 else "train")
            archive.writestr(f"annotations/{gesture}.json", json.dumps(entries))
    return path


def _entry(gesture: str, x: int, y: int, split: str) -> dict[str, Any]:
    box = [(x - 18) / 160, (y - 26) / 120, 36 / 160, 52 / 120]
    return {
        "bboxes": [box],
        "labels": [gesture],
        "leading_hand": "left" if x < 80 else "right",
        "leading_conf": 0.99,
        "landmarks": [[]],
        "user_id": "someone",
        "source": "hagrid",
        "boxes": "official",
        "split": split,
    }
