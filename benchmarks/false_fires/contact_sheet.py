"""Three frames of each false fire, with its box: what a person should look at."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.false_fires.clips import Clip, frames
from benchmarks.false_fires.programs import Fire
from vcam.core.frame import Box, Frame, Image
from vcam.system.image_files import write_image

BEFORE_S: Final = (0.7, 0.35, 0.0)
"""How long before the fire each frame is."""
HEIGHT_PX, GAP_PX, TEXT_PX = 240, 8, 26
INK, BOX_COLOUR = (240, 240, 240), (102, 209, 255)


def save_sheet(folder: Path, clip: Clip, found: Sequence[Fire]) -> Path | None:
    """Write `CLIP.png` with a row for each fire; None where nothing fired."""
    if not found:
        return None
    rows = [_row(clip, fire) for fire in found]
    width = max(row.shape[1] for row in rows)
    sheet = np.vstack([_padded(row, width) for row in rows])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{clip.path.stem}.png"
    write_image(path, np.asarray(sheet, np.uint8))
    return path


def _row(clip: Clip, fire: Fire) -> Image:
    times = [max(0.0, fire.time - before) for before in BEFORE_S]
    tiles = [_tile(frame.image, fire.box) for frame in _frames_at(clip, times)]
    row = np.hstack(tiles)
    expected = "|".join(sorted(clip.expected)) or "nothing"
    words = f"{clip.path.name}  {fire.gesture} at {fire.time:.2f} s, meant: {expected}  {fire.why}"
    head = np.zeros((TEXT_PX, row.shape[1], 3), np.uint8)
    cv2.putText(head, words, (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.45, INK, 1, cv2.LINE_AA)
    return np.asarray(np.vstack([head, row]), np.uint8)


def _frames_at(clip: Clip, times: Sequence[float]) -> list[Frame]:
    """Return the first frame at or after each time, or the last one."""
    found: list[Frame] = []
    last: Frame | None = None
    for frame in frames(clip.path):
        last = frame
        while len(found) < len(times) and frame.time >= times[len(found)] - 1e-3:
            found.append(frame)
        if len(found) == len(times):
            break
    missing = len(times) - len(found)
    return found + [last] * missing if last is not None else found


def _tile(image: Image, box: Box | None) -> Image:
    marked = image.copy()
    if box is not None:
        left, top, right, bottom = (round(side) for side in box)
        cv2.rectangle(marked, (left, top), (right, bottom), BOX_COLOUR, 2)
    width = max(1, round(HEIGHT_PX * image.shape[1] / image.shape[0]))
    tile = cv2.resize(marked, (width, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.copyMakeBorder(tile, 0, GAP_PX, 0, GAP_PX, cv2.BORDER_CONSTANT), np.uint8)


def _padded(row: Image, width: int) -> Image:
    missing = width - row.shape[1]
    padded = cv2.copyMakeBorder(row, 0, 0, 0, missing, cv2.BORDER_CONSTANT)
    return np.asarray(padded, np.uint8)
