"""Clean crops: what the runtime would cut out of a prepared canvas."""

import cv2
import numpy as np
import numpy.typing as npt

from training.data.canvas import IN_PICTURE
from training.data.sets import Picture

SEEN = IN_PICTURE // 2
"""Least alpha of a pixel that belongs to the source picture, edges being smooth."""


def clean_crop(canvas: Picture, size: int, margin: float) -> Picture:
    """Return a crop, uint8 (size, size, 3) RGB, of a canvas, uint8 (S, S, 4) RGBA.

    The crop's side is the hand (half the canvas) times `margin`; outside the picture it is black.
    """
    seen = (canvas[..., 3] >= SEEN)[..., None]
    rgb = np.where(seen, canvas[..., :3], np.uint8(0))
    side = canvas.shape[0]
    scale = size / (margin * side / 2)
    if scale < 1:  # shrink by area, which a linear warp would alias
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        scale = 1.0
    shift = size / 2 - 0.5 - scale * (rgb.shape[0] / 2 - 0.5)
    move = np.array([[scale, 0, shift], [0, scale, shift]])
    return cv2.warpAffine(rgb, move, (size, size)).astype(np.uint8, copy=False)


def brightness(canvas: Picture) -> float:
    """Return the mean luma, 0..255, of what is seen in the hand's square of a canvas."""
    side = canvas.shape[0]
    hand = canvas[side // 4 : side - side // 4, side // 4 : side - side // 4]
    seen = hand[..., 3] >= SEEN
    if not seen.any():
        return 0.0
    luma: npt.NDArray[np.float64] = hand[seen][:, :3] @ np.array([0.299, 0.587, 0.114])
    return float(luma.mean())
