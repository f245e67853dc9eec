"""Cards: a calm full picture for when there is no video to show."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.overlay.shape import disc, rounded_box, stroke
from vcam.overlay.sprite import Colour, Layers, Mask, paste
from vcam.overlay.text import text_mask, wrapped

UPPER: Final[Colour] = (58, 42, 32)
LOWER: Final[Colour] = (30, 20, 14)
TITLE: Final[Colour] = (250, 247, 245)
TEXT: Final[Colour] = (196, 184, 174)
SIGN: Final[Colour] = (151, 220, 61)


def camera_card(size: tuple[int, int], title: str, text: str) -> Image:
    """Return a card of `size` (width, height): uint8 (H, W, 3) BGR, yours to draw on.

    `title` is a few words, `text` a sentence; both are broken into lines where they are too long.
    Cards are kept, so asking for the same one thirty times a second is cheap.
    """
    return np.array(_card(size, title, text))


def prepare_cards(size: tuple[int, int]) -> None:
    """Do beforehand what takes longest, so that the first card comes within a frame or two."""
    _ground(*size)
    text_mask("ready", 50, 650)


@lru_cache(maxsize=8)
def _card(size: tuple[int, int], title: str, text: str) -> Image:
    width, height = size
    card = np.array(_ground(width, height))
    unit = min(height / 720, width / 960)
    if unit * 720 < 48:
        return card  # too small for words
    large, small = max(14, round(50 * unit)), max(10, round(25 * unit))
    titles = _lines(title, large, 650, width)
    texts = _lines(text, small, 400, width)
    sign, gap = round(120 * unit), round(34 * unit)
    high = gap + gap // 3 + sum(mask.shape[0] for mask in titles + texts)
    y = (height - sign - high) // 2
    _stamp(card, _camera(sign), SIGN, y)
    y = _stack(card, titles, TITLE, y + sign + gap)
    _stack(card, texts, TEXT, y + gap // 3)
    return card


@lru_cache(maxsize=2)
def _ground(width: int, height: int) -> Image:
    """Return a gradient from slate to near black, brighter behind the middle."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    glow = np.exp(-(x**2) * 1.6 - ((y - 0.42) * 2.2) ** 2) * 22
    grain = np.random.default_rng(7).random((64, 64), np.float32) - 0.5  # hides the steps
    light = glow + np.tile(grain, (height // 64 + 1, width // 64 + 1))[:height, :width]
    sheet = np.empty((height, width, 3), np.uint8)
    for channel, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True)):
        sheet[..., channel] = light + (upper + (lower - upper) * y + 0.5)
    return sheet


def _lines(text: str, size: int, weight: int, width: int) -> list[Mask]:
    fitting = wrapped(text, size, weight, round(width * 0.84))
    return [text_mask(line, size, weight) for line in fitting]


def _stack(card: Image, lines: list[Mask], colour: Colour, y: int) -> int:
    """Draw lines below one another from `y` on, and return where they end."""
    for line in lines:
        _stamp(card, line, colour, y)
        y += line.shape[0]
    return y


def _stamp(card: Image, mask: Mask, colour: Colour, y: int) -> None:
    """Draw a mask in the middle of the width, shrunk where it is wider than the card."""
    max_width = card.shape[1] - 4
    if mask.shape[1] > max_width:
        mask = np.asarray(
            cv2.resize(mask, (max_width, mask.shape[0]), interpolation=cv2.INTER_AREA), np.uint8
        )
    layers = Layers(mask.shape[1], mask.shape[0])
    layers.add(mask, colour)
    paste(card, layers.sprite(), (card.shape[1] - mask.shape[1]) / 2, y)


def _camera(size: int) -> Mask:
    """Return a webcam on its foot."""
    mask = np.zeros((size, size), np.uint8)
    head = round(size * 0.68)
    _lay(mask, disc(head), (size - head) // 2, round(size * 0.04))
    for part, cut in ((0.52, True), (0.3, False)):
        ring = round(size * part)
        place = (size - ring) // 2, round(size * 0.04) + (head - ring) // 2
        _lay(mask, disc(ring), *place, cut=cut)
    _lay(
        mask,
        rounded_box(round(size * 0.5), round(size * 0.08), size * 0.04),
        size // 4,
        round(size * 0.86),
    )
    return np.maximum(mask, stroke(size, [(0.5, 0.7), (0.5, 0.88)], 0.08))


def _lay(mask: Mask, shape: Mask, x: int, y: int, *, cut: bool = False) -> None:
    part = mask[y : y + shape.shape[0], x : x + shape.shape[1]]
    part[:] = np.minimum(part, 255 - shape) if cut else np.maximum(part, shape)
