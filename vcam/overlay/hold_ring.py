"""The ring that fills while a gesture is held, and flashes when it fires."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from vcam.core.frame import Image
from vcam.overlay.icon import icon_mask
from vcam.overlay.shape import disc, ring, soft
from vcam.overlay.sprite import INK, WHITE, Colour, Layers, Sprite, paste

STEPS: Final = 60
FLASH_S: Final = 0.45
"""How long a fired gesture flashes."""
_FLASHES: Final = 8


@dataclass(frozen=True, slots=True)
class RingStyle:
    """How a ring looks."""

    size: int
    """Pixels across."""
    colour: Colour
    mark: Literal["check", "cross"] | None = None
    """What came of the action; None: it has not answered yet."""
    opacity: float = 1.0


def draw_ring(image: Image, center: tuple[float, float], progress: float, style: RingStyle) -> None:
    """Draw a ring around `center`: filled to `progress`, or with what came of the action."""
    sprite = (
        _marked(style.size, style.colour, style.mark)
        if style.mark
        else _ring(style.size, int(min(1.0, progress) * STEPS), style.colour)
    )
    x, y = center[0] - sprite.width / 2, center[1] - sprite.height / 2
    paste(image, sprite, x, y, style.opacity)


def draw_flash(
    image: Image, center: tuple[float, float], size: int, age: float, colour: Colour
) -> None:
    """Draw a ring that spreads and fades within `FLASH_S` seconds of `age`."""
    part = age / FLASH_S
    if 0 <= part < 1:
        sprite = _wave(size, int(part * _FLASHES), colour)
        paste(image, sprite, center[0] - sprite.width / 2, center[1] - sprite.height / 2)


@lru_cache(maxsize=256)
def _ring(size: int, step: int, colour: Colour) -> Sprite:
    layers, thick = Layers(size, size), size * 0.13
    inner = size - round(2 * thick) - 2
    layers.add(disc(size), INK, 0.62)
    layers.add(ring(inner + round(2 * thick) - 2, thick), WHITE, 0.22, (2, 2))
    layers.add(ring(inner + round(2 * thick) - 2, thick, step / STEPS), colour, 1.0, (2, 2))
    return layers.sprite()


@lru_cache(maxsize=32)
def _marked(size: int, colour: Colour, sign: str) -> Sprite:
    layers = Layers(size, size)
    layers.add(disc(size), INK, 0.62)
    layers.add(disc(size - 4), colour, 1.0, (2, 2))
    mark = round(size * 0.62)
    layers.add(icon_mask(sign, mark), INK, 1.0, ((size - mark) // 2, (size - mark) // 2))
    return layers.sprite()


@lru_cache(maxsize=64)
def _wave(size: int, step: int, colour: Colour) -> Sprite:
    part = (step + 0.5) / _FLASHES
    wide = round(size * (1 + 1.3 * (1 - (1 - part) ** 2)))
    layers, thick = Layers(wide, wide), size * 0.16 * (1 - part) + 1
    mask = ring(wide, thick)
    layers.add(soft(mask, 2.0), colour, 0.5 * (1 - part))
    layers.add(mask, colour, 1 - part)
    return layers.sprite()
