"""Text as masks: with OpenCV 5's own font where it is there, with Hershey's lines elsewhere."""

import threading
import unicodedata
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from vcam.overlay.sprite import Mask

LINE = 1.3
"""Height of a line of text, in font sizes."""
BASELINE = 1.0
"""Where letters stand in their line, in font sizes: capitals are then in the middle."""
CAPITAL = 0.7
"""Height of a capital, in font sizes."""
SPELLED = str.maketrans(
    {
        **dict(
            zip(
                "äöüÄÖÜßœŒæÆøØ",
                ["ae", "oe", "ue", "Ae", "Oe", "Ue", "ss", "oe", "Oe", "ae", "Ae", "o", "O"],
                strict=True,
            )
        ),
        **dict.fromkeys("„“”«»", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—", "-"),
    }
)
"""How letters and signs are written where the font lacks them."""
_FINE = 4
_FONT_IN_USE = threading.Lock()
"""The font keeps notes while it draws; the panel draws on other threads than the video path."""


@lru_cache(maxsize=256)
def text_mask(text: str, size: int, weight: int = 500) -> Mask:
    """Return one line of text; `size` is the font's in pixels, `weight` 300 thin to 800 bold.

    The mask is `LINE * size` high and as wide as the text. It is shared: do not write to it.
    """
    if hasattr(cv2, "FontFace"):
        return _with_font(text, size, weight)
    return _with_lines(text, size, weight)


def wrapped(text: str, size: int, weight: int, width: int) -> list[str]:
    """Break a text between words so that each line fits into `width` pixels, if words do."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_mask(longer, size, weight).shape[1] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=1)
def _font() -> Any:  # cv2.FontFace is not there before OpenCV 5
    return cv2.FontFace("sans")


def _with_font(text: str, size: int, weight: int) -> Mask:
    sheet = np.zeros((round(LINE * size), size * (len(text) + 2)), np.uint8)
    place = (1, round(BASELINE * size))
    with _FONT_IN_USE:
        end, _ = cv2.putText(sheet, text, place, (255,), _font(), size, weight)
    return sheet[:, : min(sheet.shape[1], end[0] + 2)].copy()


def plain_letters(text: str) -> str:
    """Return a text in the letters of ASCII, the only ones that Hershey has: `Uebung`, `deja`."""
    spelled = unicodedata.normalize("NFKD", text.translate(SPELLED))
    return spelled.encode("ascii", "ignore").decode()


def _with_lines(text: str, size: int, weight: int) -> Mask:
    text = plain_letters(text)
    face = cv2.FONT_HERSHEY_DUPLEX
    scale = CAPITAL * size * _FINE / 21  # its capitals are 21 pixels high at scale 1
    thick = max(1, round(size * _FINE * weight / 6000))
    (width, _), _ = cv2.getTextSize(text, face, scale, thick)
    high, wide = round(LINE * size), width // _FINE + 2
    sheet = np.zeros((high * _FINE, wide * _FINE), np.uint8)
    base = (_FINE, round(BASELINE * size) * _FINE)
    cv2.putText(sheet, text, base, face, scale, (255,), thick, cv2.LINE_AA)
    return np.asarray(cv2.resize(sheet, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
