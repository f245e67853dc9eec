"""Pills: short text on a rounded ground that reads over any picture."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vcam.overlay.icon import icon_mask
from vcam.overlay.shape import disc, rounded_box
from vcam.overlay.sprite import INK, WHITE, Colour, Layers, Mask, Sprite
from vcam.overlay.text import text_mask

Icon = Literal["mic_off", "pause", "warning", "check", "cross", "dot"]
STEPS = 20
"""A score bar has this many lengths, so that few pills need to be made."""


@dataclass(frozen=True, slots=True)
class PillStyle:
    """How a pill looks."""

    size: int
    """Font size in pixels."""
    ground: Colour = INK
    opacity: float = 0.72
    text: Colour = WHITE
    mark: Colour | None = None
    """Colour of the icon; None: that of the text."""
    weight: int = 500


@lru_cache(maxsize=256)
def pill(text: str, style: PillStyle, icon: Icon | None = None, aside: str = "") -> Sprite:
    """Return a pill with an icon before its text and a weaker word behind it."""
    parts = [(text_mask(text, style.size, style.weight), style.text, 1.0)]
    if icon:
        mark = (
            disc(max(4, round(style.size * 0.42))) if icon == "dot" else icon_mask(icon, style.size)
        )
        parts.insert(0, (mark, style.mark or style.text, 1.0))
    if aside:
        parts.append((text_mask(aside, style.size, 400), style.text, 0.72))
    return _in_a_row(parts, style)


@lru_cache(maxsize=256)
def bar(width: int, height: int, step: int, colour: Colour) -> Sprite:
    """Return a score bar that is filled to `step` of `STEPS`."""
    layers = Layers(width, height)
    layers.add(rounded_box(width, height, height / 2), INK, 0.6)
    filled = max(height, round(width * step / STEPS))
    layers.add(rounded_box(filled, height, height / 2), colour)
    return layers.sprite()


def _in_a_row(parts: list[tuple[Mask, Colour, float]], style: PillStyle) -> Sprite:
    gap, side = round(style.size * 0.38), round(style.size * 0.62)
    width = sum(mask.shape[1] for mask, _, _ in parts) + gap * (len(parts) - 1) + 2 * side
    height = round(style.size * 1.62)
    layers = Layers(width, height)
    layers.add(rounded_box(width, height, height / 2), style.ground, style.opacity)
    x = side
    for mask, colour, opacity in parts:
        layers.add(mask, colour, opacity, (x, max(0, (height - mask.shape[0]) // 2)))
        x += mask.shape[1] + gap
    return layers.sprite()
