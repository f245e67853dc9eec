"""Reactions: a sign that floats up through the picture for a moment."""

import math
import unicodedata
from functools import lru_cache
from typing import Final

from vcam.core.frame import Image
from vcam.overlay.emoji import SHAPES, emoji_sprite
from vcam.overlay.pill import PillStyle, pill
from vcam.overlay.sprite import Sprite, paste

LASTS_S: Final = 2.5
FADE_S: Final = 0.6
MOST: Final = 12
"""More reactions at a time than these push out the oldest."""


class Reactions:
    """The signs that are in the air."""

    def __init__(self) -> None:
        self._floating: list[tuple[str, float, int]] = []
        self._count = 0

    def add(self, emoji: str, time: float) -> None:
        """Let one start at `time`, in seconds of the frames it is drawn on."""
        self._count += 1
        self._floating = [*self._floating, (emoji, time, self._count)][-MOST:]

    def draw(self, image: Image, time: float) -> None:
        """Draw all that are in the air at `time` into uint8 (H, W, 3) BGR, and drop the others."""
        self._floating = [one for one in self._floating if 0 <= time - one[1] < LASTS_S]
        for emoji, began, number in self._floating:
            _draw(image, emoji, time - began, number)


def _draw(image: Image, emoji: str, age: float, number: int) -> None:
    height, width = image.shape[:2]
    sprite = _sprite(emoji, max(24, round(height * 0.16)))
    part = age / LASTS_S
    rise = 1 - (1 - part) ** 1.8
    lane = 0.14 + 0.05 * (number * 7 % 4)
    sway = 0.014 * math.sin(5 * age + number)
    x = width * (lane + sway) - sprite.width / 2
    y = height * (0.98 - 0.72 * rise) - sprite.height / 2
    opacity = min(1.0, age / 0.15, (LASTS_S - age) / FADE_S)
    paste(image, sprite, max(2.0, x), y, opacity)


@lru_cache(maxsize=32)
def _sprite(emoji: str, size: int) -> Sprite:
    """Return the sign if it is one that we can draw, and its name on a pill otherwise."""
    plain = emoji.replace("\ufe0f", "").strip()
    if plain in SHAPES:
        return emoji_sprite(SHAPES[plain], size)
    return pill(_name(plain), PillStyle(max(12, size // 3), weight=600))


def _name(text: str) -> str:
    if text.isascii():
        return text
    names = (unicodedata.name(sign, "") for sign in text if not sign.isascii())
    return next((name.lower() for name in names if name), text)
