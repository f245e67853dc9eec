"""Masks of the few shapes that the overlay is made of, with soft edges.

They are drawn four times too large and scaled down: cheaper to write than any formula, and done
once a shape, for whoever uses them keeps the result.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from vcam.overlay.sprite import Mask

FINE = 4
"""How many times too large shapes are drawn."""
Point = tuple[float, float]


def rounded_box(width: int, height: int, radius: float) -> Mask:
    """Return a filled box of that size in pixels with round corners."""
    mask, r = _sheet(width, height), max(0, round(radius * FINE))
    w, h = width * FINE - 1, height * FINE - 1
    cv2.rectangle(mask, (r, 0), (w - r, h), 255, cv2.FILLED)
    cv2.rectangle(mask, (0, r), (w, h - r), 255, cv2.FILLED)
    for center in ((r, r), (w - r, r), (r, h - r), (w - r, h - r)):
        cv2.circle(mask, center, r, 255, cv2.FILLED)
    return _fine(mask, width, height)


def ring(size: int, thickness: float, part: float = 1.0) -> Mask:
    """Return a ring that fills a square of `size` pixels; `part` 0..1 of it, from the top."""
    mask, half = _sheet(size, size), size * FINE // 2
    radius = round(half - thickness * FINE / 2 - 1)
    stroke = max(1, round(thickness * FINE))
    end = -90 + 360 * min(1.0, max(0.0, part))
    if part > 0:
        cv2.ellipse(mask, (half, half), (radius, radius), 0, -90, end, 255, stroke)
    return _fine(mask, size, size)


def disc(size: int) -> Mask:
    """Return a filled circle of that diameter in pixels."""
    return rounded_box(size, size, size / 2)


def corner(length: int, radius: float, thickness: float, pad: int) -> Mask:
    """Return the upper left corner of a frame, `length` pixels long, with `pad` pixels around."""
    side = length + 2 * pad
    mask, stroke = _sheet(side, side), max(1, round(thickness * FINE))
    low, r, high = pad * FINE, round(radius * FINE), (pad + length) * FINE
    cv2.line(mask, (low, high), (low, low + r), 255, stroke)
    cv2.line(mask, (low + r, low), (high, low), 255, stroke)
    cv2.ellipse(mask, (low + r, low + r), (r, r), 0, 180, 270, 255, stroke)
    for end in ((low, high), (high, low)):
        cv2.circle(mask, end, stroke // 2, 255, cv2.FILLED)
    return _fine(mask, side, side)


def polygon(size: int, points: Sequence[Point]) -> Mask:
    """Return a filled polygon; `points` are x, y in 0..1 of a square of `size` pixels."""
    mask = _sheet(size, size)
    cv2.fillPoly(mask, [np.rint(np.array(points) * size * FINE).astype(np.int32)], 255)
    return _fine(mask, size, size)


def stroke(size: int, points: Sequence[Point], thickness: float) -> Mask:
    """Return a line with round ends through points; all in 0..1 of a square of `size` pixels."""
    mask, wide = _sheet(size, size), max(1, round(thickness * size * FINE))
    places = [(round(x * size * FINE), round(y * size * FINE)) for x, y in points]
    for one, other in pairwise(places):
        cv2.line(mask, one, other, 255, wide)
    for place in places:
        cv2.circle(mask, place, wide // 2, 255, cv2.FILLED)
    return _fine(mask, size, size)


def heart(size: int) -> Mask:
    """Return a filled heart in a square of `size` pixels."""
    turns = [2 * math.pi * step / 80 for step in range(80)]
    xs = [0.5 + 0.028 * 16 * math.sin(t) ** 3 for t in turns]
    ys = [
        0.46
        - 0.028 * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t))
        for t in turns
    ]
    return polygon(size, list(zip(xs, ys, strict=True)))


def soft(mask: Mask, blur: float) -> Mask:
    """Return the mask blurred by `blur` pixels: a shadow or a glow."""
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), blur), np.uint8)


def _sheet(width: int, height: int) -> Mask:
    return np.zeros((height * FINE, width * FINE), np.uint8)


def _fine(mask: Mask, width: int, height: int) -> Mask:
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
