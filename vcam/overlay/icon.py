"""The few signs beside words, as masks."""

from functools import lru_cache

import numpy as np

from vcam.overlay.shape import polygon, rounded_box, stroke
from vcam.overlay.sprite import Mask


@lru_cache(maxsize=64)
def icon_mask(name: str, size: int) -> Mask:
    """Return `mic_off`, `pause`, `warning`, `cross` or `check` in a square of `size` pixels."""
    drawings = {
        "mic_off": _mic_off,
        "pause": _pause,
        "warning": _warning,
        "check": _check,
        "cross": _cross,
    }
    return drawings[name](size)


def _mic_off(size: int) -> Mask:
    """Return a microphone that is struck through."""
    mask = np.zeros((size, size), np.uint8)
    wide, high = max(2, round(size * 0.3)), max(3, round(size * 0.5))
    x, y = (size - wide) // 2, round(size * 0.08)
    mask[y : y + high, x : x + wide] = rounded_box(wide, high, wide / 2)
    cup = [
        (0.2, 0.44),
        (0.24, 0.58),
        (0.36, 0.7),
        (0.5, 0.73),
        (0.64, 0.7),
        (0.76, 0.58),
        (0.8, 0.44),
    ]
    mask = np.maximum(mask, stroke(size, cup, 0.075))
    mask = np.maximum(mask, stroke(size, [(0.5, 0.73), (0.5, 0.92)], 0.075))
    slash = [(0.14, 0.1), (0.86, 0.9)]
    cut = 255 - stroke(size, slash, 0.2)
    return np.maximum(np.minimum(mask, cut), stroke(size, slash, 0.085))


def _pause(size: int) -> Mask:
    left = stroke(size, [(0.34, 0.24), (0.34, 0.76)], 0.17)
    return np.maximum(left, stroke(size, [(0.66, 0.24), (0.66, 0.76)], 0.17))


def _warning(size: int) -> Mask:
    """Return a triangle with an exclamation mark cut out of it."""
    corners = [(0.5, 0.16), (0.9, 0.84), (0.1, 0.84)]
    ground = np.maximum(polygon(size, corners), stroke(size, [*corners, corners[0]], 0.12))
    sign = np.maximum(
        stroke(size, [(0.5, 0.4), (0.5, 0.6)], 0.1), stroke(size, [(0.5, 0.76), (0.5, 0.76)], 0.1)
    )
    return np.asarray(np.minimum(ground, 255 - sign), np.uint8)


def _cross(size: int) -> Mask:
    falling = stroke(size, [(0.24, 0.24), (0.76, 0.76)], 0.14)
    return np.maximum(falling, stroke(size, [(0.76, 0.24), (0.24, 0.76)], 0.14))


def _check(size: int) -> Mask:
    return stroke(size, [(0.2, 0.54), (0.42, 0.74), (0.82, 0.28)], 0.13)
