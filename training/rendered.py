"""Turn hands that `synthesize` rendered into a prepared cache beside the real ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from training.canvas import HAND, SIDE
from training.prepare import FRAME_SIDE, Row


def prepare_rendered(folder: Path, out: Path) -> None:
    """Write `hands.npy` and its rows from a folder of RGBA cutouts; there are no frames."""
    entries = list(_entries(folder))
    out.mkdir(parents=True, exist_ok=True)
    canvases = np.zeros((len(entries), SIDE, SIDE, 4), np.uint8)
    for place, (path, entry) in enumerate(track(entries, "rendered hands")):
        canvases[place] = _canvas(path, entry["bboxes"][0])
    rows = [_row(path, entry, _box(path, entry)) for path, entry in entries]
    np.save(out / "hands.npy", canvases)
    np.save(out / "frames.npy", np.zeros((0, FRAME_SIDE, FRAME_SIDE, 3), np.uint8))
    np.save(out / "backgrounds.npy", np.zeros((0, SIDE, SIDE, 3), np.uint8))
    (out / "hands.json").write_text(json.dumps(rows))
    (out / "frames.json").write_text("[]")


def _entries(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for annotations in sorted((folder / "annotations").glob("*.json")):
        for key, entry in sorted(json.loads(annotations.read_text()).items()):
            yield folder / annotations.stem / f"{key}.png", entry


def _box(path: Path, entry: dict[str, Any]) -> list[float]:
    """Return width and height of the hand's box on the canvas, without the arm, in pixels."""
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image is not None
    width = entry["bboxes"][0][2] * image.shape[1]
    height = entry["bboxes"][0][3] * image.shape[0]
    scale = HAND / max(width, height)
    return [round(width * scale, 1), round(height * scale, 1)]


def _row(path: Path, entry: dict[str, Any], box: list[float]) -> Row:
    return {
        "box": box,
        "gesture": entry["labels"][0],
        "side": entry["leading_hand"],
        "side_confidence": 1.0,
        "source": "rendered",
        "tight": False,
        "cut": True,
        "member": path.name,
    }


def _canvas(path: Path, box: list[float]) -> npt.NDArray[np.uint8]:
    """Place a cutout so that its hand is where `training.canvas` has hands."""
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.shape[2] != 4:
        raise ValueError(f"{path} is no RGBA cutout: render it again")
    height, width = image.shape[:2]
    x, y, w, h = box
    scale = HAND / max(w * width, h * height)
    center = ((x + w / 2) * width, (y + h / 2) * height)
    move = np.array(
        [[scale, 0, SIDE / 2 - scale * center[0]], [0, scale, SIDE / 2 - scale * center[1]]]
    )
    rgba = cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    return cv2.warpAffine(rgba, move, (SIDE, SIDE), flags=cv2.INTER_AREA).astype(np.uint8)
