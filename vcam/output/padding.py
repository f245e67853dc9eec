"""Sizes that video formats accept: they halve the colours, so both sides must be even."""

import cv2

from vcam.core.frame import Image


def pad_to_even(image: Image) -> Image:
    """Repeat the last column or row where a side is odd; the same array when both are even."""
    height, width = image.shape[:2]
    if not (width | height) & 1:
        return image
    border = cv2.BORDER_REPLICATE
    return cv2.copyMakeBorder(image, 0, height & 1, 0, width & 1, border)  # type: ignore[return-value]  # OpenCV keeps uint8


def even_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return width and height as `pad_to_even` makes them."""
    return size[0] + (size[0] & 1), size[1] + (size[1] & 1)
