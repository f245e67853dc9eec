"""A picture and the moment it was taken."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
"""A picture: uint8, shape (height, width, 3), OpenCV's BGR order."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom (xyxy) in pixels of the picture it belongs to."""


def mirrored_box(box: Box, width: float) -> Box:
    """Return where a box lies in the picture flipped left to right, `width` pixels wide."""
    left, top, right, bottom = box
    return width - right, top, width - left, bottom


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a source. Nobody writes into `image`: who draws, draws on a copy."""

    image: Image
    """uint8 (H, W, 3) BGR."""
    time: float
    """Seconds of the source's own monotonic time: capture time, or a file's recorded time."""
    index: int = 0
    """How many frames the source gave before this one."""
