"""The corners around a hand."""

from functools import lru_cache

from vcam.core.frame import Box, Image
from vcam.overlay.shape import corner, soft
from vcam.overlay.sprite import Colour, Layers, Mask, Sprite, paste

PAD = 8
"""Room around a corner for its shadow, in pixels."""


def draw_brackets(image: Image, box: Box, colour: Colour, opacity: float = 1.0) -> None:
    """Draw four round corners around `box` into uint8 (H, W, 3) BGR."""
    unit = image.shape[0] / 720
    left, top, right, bottom = box
    shortest = min(right - left, bottom - top)
    length = max(6, min(round(34 * unit), int(shortest * 0.3)) // 2 * 2)
    sprites = _corners(length, max(2.0, 3.5 * unit), colour)
    far = length + PAD
    xs, ys = (left - PAD, right - far), (top - PAD, bottom - far)
    places = ((x, y) for y in ys for x in xs)
    for sprite, (x, y) in zip(sprites, places, strict=True):
        paste(image, sprite, x, y, opacity)


@lru_cache(maxsize=128)
def _corners(length: int, thickness: float, colour: Colour) -> tuple[Sprite, ...]:
    """Return upper left, upper right, lower left and lower right, each with a soft shadow."""
    mask = corner(length, length * 0.5, thickness, PAD)
    shadow = soft(corner(length, length * 0.5, thickness * 1.4, PAD), 1.7)
    flips = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    return tuple(_lay(shadow[::v, ::h], mask[::v, ::h], colour) for v, h in flips)


def _lay(shadow: Mask, mask: Mask, colour: Colour) -> Sprite:
    layers = Layers(mask.shape[1], mask.shape[0])
    layers.add(shadow, (0, 0, 0), 0.55)
    layers.add(mask, colour)
    return layers.sprite()
