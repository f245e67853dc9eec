"""Arrays of boxes, moved and cut."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Boxes: TypeAlias = npt.NDArray[np.float32]
"""(N, 4) xyxy pixels."""


def move_boxes(boxes: Boxes, move: npt.NDArray[np.float64]) -> Boxes:
    """Return the boxes around moved boxes; what is turned is taken for an ellipse."""
    middle = np.stack([boxes[:, [0, 2]].mean(1), boxes[:, [1, 3]].mean(1)], 1)
    half = np.stack([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], 1) / 2
    middle = middle @ move[:, :2].T + move[:, 2]
    half = np.sqrt((half**2) @ (move[:, :2] ** 2).T)
    return np.concatenate([middle - half, middle + half], 1).astype(np.float32)


def clip_boxes(boxes: Boxes, size: Sequence[int], min_visible: float = 0.45) -> tuple[Boxes, Boxes]:
    """Return boxes cut at the picture's edge, and apart those of which too little is left."""
    height, width = size
    cut = boxes.copy()
    cut[:, [0, 2]] = cut[:, [0, 2]].clip(0, width)
    cut[:, [1, 3]] = cut[:, [1, 3]].clip(0, height)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = (cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1])
    there = left > 16
    whole = there & (left >= min_visible * area)
    return cut[whole], cut[there & ~whole]
