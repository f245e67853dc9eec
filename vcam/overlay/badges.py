"""Badges, toast and warning: the state of the program, at the edges of the picture."""

from collections.abc import Sequence
from functools import lru_cache

from vcam.core.frame import Image
from vcam.core.view import Toast
from vcam.overlay.captions import badge_words
from vcam.overlay.icon import icon_mask
from vcam.overlay.pill import Icon, PillStyle, pill
from vcam.overlay.settings import Colours
from vcam.overlay.shape import rounded_box
from vcam.overlay.sprite import INK, WHITE, Colour, Layers, Sprite, colour_of, paste
from vcam.overlay.text import text_mask, wrapped

MARGIN = 20
"""Pixels to the edge, in a picture 720 pixels high."""


def draw_badges(image: Image, badges: Sequence[str], unit: float, colours: Colours) -> None:
    """Draw short states in a row from the upper left corner on; into a new row where they end."""
    margin = round(MARGIN * unit)
    x, y = margin, margin
    for text in badges:
        badge = _badge(text, max(11, round(19 * unit)), colours)
        if x > margin and x + badge.width > image.shape[1] - margin:
            x, y = margin, y + badge.height + margin // 3
        paste(image, badge, x, y)
        x += badge.width + margin // 2


def draw_toast(image: Image, text: str, kind: Toast, colours: Colours) -> None:
    """Draw the news at the middle of the lower edge; never wider than the picture."""
    unit = image.shape[0] / 720
    size, max_width = max(12, round(23 * unit)), round(image.shape[1] * 0.86)
    failed = kind == "failed"
    colour = colour_of(colours.warn if failed else colours.accent)
    toast = pill(text, PillStyle(size, opacity=0.8, mark=colour), "cross" if failed else "dot")
    if toast.width > max_width:
        toast = _banner(text, size, max_width, colour, "cross" if failed else "warning")
    x = (image.shape[1] - toast.width) / 2
    paste(image, toast, x, image.shape[0] - toast.height - round(MARGIN * 1.4 * unit))


def draw_warning(image: Image, text: str, unit: float, colour: Colour) -> None:
    """Draw one sentence in a banner at the middle of the upper edge, below the badges."""
    max_width = round(image.shape[1] * 0.8)
    banner = _banner(text, max(11, round(20 * unit)), max_width, colour, "warning")
    paste(image, banner, (image.shape[1] - banner.width) / 2, round((MARGIN + 46) * unit))


def _badge(text: str, size: int, colours: Colours) -> Sprite:
    """Return a red pill for what is muted, amber for pause and practice, dark for the rest."""
    icon: Icon | None = None
    style = PillStyle(size, weight=650)
    if "MUTED" in text.upper():
        icon, style = "mic_off", PillStyle(size, colour_of(colours.warn), 0.94, WHITE, weight=650)
    elif "PAUSED" in text.upper():
        icon, style = "pause", PillStyle(size, colour_of(colours.hold), 0.94, INK, weight=650)
    elif text.upper() == "PRACTICE":
        style = PillStyle(size, colour_of(colours.hold), 0.94, INK, weight=650)
    return pill(badge_words(text), style, icon)


@lru_cache(maxsize=16)
def _banner(text: str, size: int, max_width: int, colour: Colour, icon: str) -> Sprite:
    """Return the sentence on a dark ground with a coloured sign, in as many lines as it takes."""
    side, mark = round(size * 0.9), round(size * 1.4)
    start = side + mark + round(size * 0.6)
    lines = [
        text_mask(line, size, 500) for line in wrapped(text, size, 500, max_width - start - side)
    ]
    width = start + max(line.shape[1] for line in lines) + side
    high = lines[0].shape[0]
    height = high * len(lines) + round(size * 0.9)
    layers = Layers(width, height)
    layers.add(rounded_box(width, height, size * 0.7), INK, 0.84)
    layers.add(icon_mask(icon, mark), colour, 1.0, (side, (height - mark) // 2))
    for place, line in enumerate(lines):
        layers.add(line, WHITE, 1.0, (start, round(size * 0.45) + place * high))
    return layers.sprite()
