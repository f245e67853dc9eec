"""Small pictures with soft edges that are made once and pasted often.

All drawing on video goes through `paste`: it touches only the pixels under the sprite, in 8 bits,
so that a label costs microseconds and never a copy of the frame.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Image

Colour: TypeAlias = tuple[int, int, int]
"""Blue, green, red, 0..255."""
Mask: TypeAlias = npt.NDArray[np.uint8]
"""How much of a colour each pixel takes: uint8 (H, W), 255 is all."""

WHITE: Colour = (255, 255, 255)
INK: Colour = (24, 18, 16)
"""The near-black of pills and cards."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A small picture; shared, so never written to."""

    ink: Image
    """uint8 (H, W, 3) BGR, already multiplied by its opacity."""
    keep: Image
    """uint8 (H, W, 3): how much of the picture below stays, 255 is all; all channels alike."""

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.ink.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.ink.shape[0])


class Layers:
    """Builds a sprite from masks, the lowest first."""

    def __init__(self, width: int, height: int) -> None:
        self._ink = np.zeros((height, width, 3), np.float32)
        self._keep = np.ones((height, width, 1), np.float32)

    def add(
        self, mask: Mask, colour: Colour, opacity: float = 1.0, at: tuple[int, int] = (0, 0)
    ) -> None:
        """Lay `colour` over what is there, where `mask` says, from the corner `at` (x, y) on.

        What reaches beyond the right or lower edge is cut off.
        """
        x, y = at
        mask = mask[: self._ink.shape[0] - y, : self._ink.shape[1] - x]
        rows, columns = slice(y, y + mask.shape[0]), slice(x, x + mask.shape[1])
        cover = mask[..., None].astype(np.float32) * (opacity / 255)
        self._ink[rows, columns] *= 1 - cover
        self._ink[rows, columns] += cover * np.array(colour, np.float32)
        self._keep[rows, columns] *= 1 - cover

    def sprite(self) -> Sprite:
        """Return what has been laid together."""
        keep = np.repeat(np.rint(self._keep * 255), 3, axis=2).astype(np.uint8)
        return Sprite(np.rint(self._ink).clip(0, 255).astype(np.uint8), keep)


def paste(image: Image, sprite: Sprite, x: float, y: float, opacity: float = 1.0) -> None:
    """Draw a sprite into `image` with its upper left corner at x, y; what is outside is cut off."""
    left, top = round(x), round(y)
    x0, y0 = max(0, left), max(0, top)
    x1 = min(image.shape[1], left + sprite.width)
    y1 = min(image.shape[0], top + sprite.height)
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    ink, keep = sprite.ink[part], sprite.keep[part]
    if opacity < 1:
        ink, keep = _faded(ink, keep, opacity)
    below = image[y0:y1, x0:x1]
    image[y0:y1, x0:x1] = cv2.add(cv2.multiply(below, keep, scale=1 / 255), ink)


def _faded(ink: Image, keep: Image, opacity: float) -> tuple[Image, Image]:
    gone = cv2.convertScaleAbs(cv2.bitwise_not(keep), alpha=opacity)
    faded = cv2.convertScaleAbs(ink, alpha=opacity)
    return np.asarray(faded, np.uint8), np.asarray(cv2.bitwise_not(gone), np.uint8)


def colour_of(text: str) -> Colour:
    """Return the colour that `#rrggbb` names; settings have checked the form."""
    return int(text[5:7], 16), int(text[3:5], 16), int(text[1:3], 16)
