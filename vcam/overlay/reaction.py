"""Reactions: an emoji that floats up through the picture for a moment."""

import math
from dataclasses import dataclass
from typing import Final

from vcam.core.frame import Image
from vcam.overlay.emoji import emoji_sprite
from vcam.overlay.emoji_set import known_emoji
from vcam.overlay.sprite import paste

LASTS_S: Final = 2.8
COMES_S: Final = 0.2
GOES_S: Final = 0.7
"""How long a reaction takes to vanish."""
SHARE: Final = 1 / 3
"""Height of a reaction over that of the picture."""
MAX_REACTIONS: Final = 4
"""More reactions at a time than these push out the oldest."""


@dataclass(frozen=True, slots=True)
class _Floating:
    sign: str
    began: float
    side: float
    number: int


class Reactions:
    """The signs that are in the air."""

    def __init__(self) -> None:
        self._floating: list[_Floating] = []
        self._count = 0

    def add(self, emoji: str, time: float, side: float = 0.2) -> None:
        """Let one start at `time`, in seconds of the frames it is drawn on.

        `side` is where it rises, 0..1 of the width; what has no picture does not float.
        """
        sign = known_emoji(emoji)
        if sign is not None:
            self._count += 1
            one = _Floating(sign, time, side, self._count)
            self._floating = [*self._floating, one][-MAX_REACTIONS:]

    def draw(self, image: Image, time: float) -> None:
        """Draw all that are in the air at `time` into uint8 (H, W, 3) BGR, and drop the others."""
        self._floating = [one for one in self._floating if 0 <= time - one.began < LASTS_S]
        for one in self._floating:
            _draw(image, one, time - one.began)


def _draw(image: Image, one: _Floating, age: float) -> None:
    height, width = image.shape[:2]
    sprite = emoji_sprite(one.sign, max(24, round(height * SHARE)))
    rise = math.sin(age / LASTS_S * math.pi / 2)
    sway = 0.012 * width * math.sin(3.2 * age + one.number)
    x = width * one.side + sway - sprite.width / 2
    y = height * (0.92 - 0.62 * rise) - sprite.height / 2
    opacity = min(1.0, age / COMES_S, (LASTS_S - age) / GOES_S)
    paste(image, sprite, max(0.0, min(x, width - sprite.width)), y, _smooth(opacity))


def _smooth(part: float) -> float:
    return part * part * (3 - 2 * part)
