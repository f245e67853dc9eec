"""Bring whatever a decoder gives into the one form that the program knows: uint8 BGR."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Image


def to_bgr(pixels: npt.NDArray[Any]) -> Image:
    """Return uint8 (H, W, 3) BGR from grey, BGR or BGRA of 8 or 16 bits; alpha is dropped.

    Raises ValueError for anything else.
    """
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1]
    if pixels.dtype != np.uint8 or pixels.ndim not in {2, 3} or pixels.size == 0:
        raise ValueError(f"no picture: {pixels.dtype} {pixels.shape}")
    if channels == 1:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if channels == 4:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), dtype=np.uint8)
    if channels != 3:
        raise ValueError(f"no picture: {channels} channels")
    return pixels


def fit(image: Image, size: tuple[int, int]) -> Image:
    """Scale to fit into `size` (width, height), centred on black; the same array if it fits."""
    height, width = image.shape[:2]
    if (width, height) == size:
        return image
    scale = min(size[0] / width, size[1] / height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrinks = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        image, inner, interpolation=shrinks
    )
    return canvas
