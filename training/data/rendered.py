"""Turn hands that `synthesize` rendered into a prepared cache beside the real ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from training.batches.augment import about
from training.data.canvas import HAND, SIDE
from training.data.prepare import Row, write_hands_only

Pixels: TypeAlias = tuple[float, float, float, float]
"""The hand's box, without the arm: x, y, width, height in pixels of its cutout."""


def prepare_rendered(folder: Path, out: Path) -> None:
    """Write `hands.npy` and its rows from a folder of RGBA cutouts; there are no frames."""
    entries = list(_entries(folder))
    canvases = np.zeros((len(entries), SIDE, SIDE, 4), np.uint8)
    rows: list[Row] = []
    for path, entry in track(entries, "rendered hands"):
        image = _read(path)
        height, width = image.shape[:2]
        x, y, w, h = entry["bboxes"][0]
        box = (x * width, y * height, w * width, h * height)
        canvases[len(rows)] = _canvas(image, box)
        rows.append(_row(path, entry, box))
    write_hands_only(canvases, rows, out)


def _entries(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for annotations in sorted((folder / "annotations").glob("*.json")):
        for key, entry in sorted(json.loads(annotations.read_text()).items()):
            yield folder / annotations.stem / f"{key}.png", entry


def _read(path: Path) -> npt.NDArray[np.uint8]:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.ndim != 3 or image.shape[2] != 4:
        raise ValueError(f"{path} is no RGBA cutout: render it again")
    return image.astype(np.uint8, copy=False)


def _row(path: Path, entry: dict[str, Any], box: Pixels) -> Row:
    scale = HAND / max(box[2:])
    return {
        "box": [round(box[2] * scale, 1), round(box[3] * scale, 1)],
        "gesture": entry["labels"][0],
        "side": entry["leading_hand"],
        "side_confidence": 1.0,
        "source": "rendered",
        "tight": False,
        "cut": True,
        "member": path.name,
    }


def _canvas(image: npt.NDArray[np.uint8], box: Pixels) -> npt.NDArray[np.uint8]:
    """Place a BGRA cutout so that its hand is where `training.data.canvas` has hands."""
    x, y, w, h = box
    move = about((x + w / 2, y + h / 2), 0.0, HAND / max(w, h), (SIDE / 2, SIDE / 2))
    rgba = cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    return cv2.warpAffine(rgba, move, (SIDE, SIDE), flags=cv2.INTER_AREA).astype(np.uint8)
