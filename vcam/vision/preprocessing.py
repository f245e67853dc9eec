"""From camera pictures to what models take. Training cuts with this same code.

This is the one place where OpenCV's BGR becomes RGB. Models take uint8 and normalise inside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.vision.nms import without_overlaps

STRIDE = 32
"""Sides of a letterboxed picture are multiples of this."""
HALVING_RATIO = 4
"""Whole pictures are halved only when they are so many times too large: the detector finds as many
hands in them, and a 720p picture is shrunk in less time."""
MAX_SIDE_PX = 512
"""No side of a letterboxed picture is longer than this, however narrow the source."""

VOTE_SCORE_RATIO = 0.5
"""Detections with this part of the required score still vote on the box of a better one."""


@dataclass(frozen=True, slots=True, eq=False)
class Letterbox:
    """A whole picture, shrunk to a detector's size without changing its proportions."""

    image: Image
    """uint8 (1, h, w, 3) RGB, the picture at the top left, black to the right and below."""
    scale: float
    """Pixels here for one pixel of the source."""

    def to_source(self, box: Sequence[float]) -> Box:
        """Turn xyxy pixels of the letterboxed picture into pixels of the source."""
        left, top, right, bottom = (float(side) / self.scale for side in box)
        return left, top, right, bottom


def letterbox_size(width: int, height: int, area: int) -> tuple[int, int]:
    """Return width and height, multiples of 32 and about `area` pixels, of like proportions."""
    ratio = math.sqrt(area / (width * height))
    return _side(width * ratio), _side(height * ratio)


def _side(length: float) -> int:
    return min(MAX_SIDE_PX, max(STRIDE, round(length / STRIDE) * STRIDE))


def letterbox(image: Image, area: int) -> Letterbox:
    """Shrink or enlarge uint8 (H, W, 3) BGR to about `area` pixels."""
    height, width = image.shape[:2]
    wide, high = letterbox_size(width, height, area)
    scale = min(wide / width, high / height)
    fitted = (max(1, min(wide, round(width * scale))), max(1, min(high, round(height * scale))))
    small = _resize(image, fitted, HALVING_RATIO)
    board = np.zeros((1, high, wide, 3), np.uint8)
    cv2.cvtColor(small, cv2.COLOR_BGR2RGB, dst=board[0, : fitted[1], : fitted[0]])
    return Letterbox(board, scale)


def detections_in(
    board: Letterbox, boxes: npt.NDArray[Any], scores: npt.NDArray[Any], min_score: float
) -> list[Detection]:
    """Return the hands that a detector found on the board, in the source's pixels, best first.

    `boxes` (N, 4) are xyxy pixels of the board, `scores` (N,) 0..1; hands have `min_score` or more.
    """
    return without_overlaps(voters_in(board, boxes, scores, min_score), min_score)


def voters_in(
    board: Letterbox, boxes: npt.NDArray[Any], scores: npt.NDArray[Any], min_score: float
) -> list[Detection]:
    """Return what has a vote in where hands are, overlapping boxes and all, as `detections_in`."""
    return [
        Detection(board.to_source(box), score)
        for box, score in zip(boxes.tolist(), scores.tolist(), strict=True)
        if score >= VOTE_SCORE_RATIO * min_score  # also leaves out what is not a number
    ]


def hand_crop(image: Image, box: Box, size: int, margin: float) -> Image:
    """Cut a square around a hand: uint8 (size, size, 3) RGB, black beyond the picture's edge.

    The square's side is the longer side of `box` (xyxy pixels of the BGR image) times `margin`.
    """
    left, top, right, bottom = box
    side = max(1.0, max(right - left, bottom - top) * margin)
    x, y = round((left + right - side) / 2), round((top + bottom - side) / 2)
    square = _cut(image, x, y, max(1, round(side)))
    return cv2.cvtColor(_resize(square, (size, size)), cv2.COLOR_BGR2RGB).astype(np.uint8)


def _cut(image: Image, x: int, y: int, side: int) -> Image:
    """Return the square at (x, y), filled up with black where it leaves the picture."""
    height, width = image.shape[:2]
    inside = image[
        max(0, y) : max(0, min(height, y + side)), max(0, x) : max(0, min(width, x + side))
    ]
    if inside.shape[:2] == (side, side):
        return inside
    square = np.zeros((side, side, 3), np.uint8)
    top, left = max(0, -y), max(0, -x)
    square[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return square


def _resize(image: Image, size: tuple[int, int], halved_from: int = 2) -> Image:
    """Resize by halves while the picture is `halved_from` times as large, then bilinearly.

    Nearly what averaging over areas gives, at a fifth of its cost: halving has a fast path.
    """
    width, height = image.shape[1], image.shape[0]
    while min(width / size[0], height / size[1]) >= halved_from and min(width, height) > 2:
        width, height = width // 2, height // 2
        even = image[: 2 * height, : 2 * width]  # the fast path is for exact halves
        half = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
        image = half.astype(np.uint8, copy=False)
    return cv2.resize(image, size).astype(np.uint8, copy=False)
