"""The pictures of reactions, loaded when they are first needed and kept."""

from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.texts import _
from vcam.overlay.emoji_set import file_stem
from vcam.overlay.sprite import Sprite

SHADOW_OPACITY: Final = 0.4
"""Opacity of the shadow."""
EmojiImage = npt.NDArray[Any]
"""uint8 (256, 256, 4): blue, green, red, opacity."""


@lru_cache(maxsize=64)
def emoji_image(sign: str) -> EmojiImage:
    """Return the picture of a sign of `emoji_set`; takes a few milliseconds the first time."""
    data = files("vcam.overlay").joinpath("emoji", f"{file_stem(sign)}.webp").read_bytes()
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None or image.shape[2] != 4:
        raise ValueError(
            _("the picture of {sign} is damaged: install the program again").format(sign=sign)
        )
    return np.asarray(image, np.uint8)


@lru_cache(maxsize=16)
def emoji_sprite(sign: str, size: int) -> Sprite:
    """Return a sign `size` pixels square, with a soft shadow around it."""
    image = emoji_image(sign)
    alpha = cv2.cvtColor(np.ascontiguousarray(image[..., 3]), cv2.COLOR_GRAY2BGR)
    ink = cv2.multiply(np.ascontiguousarray(image[..., :3]), alpha, scale=1 / 255)
    way = cv2.INTER_AREA if size < image.shape[0] else cv2.INTER_LINEAR
    ink, alpha = (cv2.resize(each, (size, size), interpolation=way) for each in (ink, alpha))
    pad = round(size * 0.06)
    ink, alpha = (
        cv2.copyMakeBorder(each, pad, pad, pad, pad, cv2.BORDER_CONSTANT) for each in (ink, alpha)
    )
    dark = cv2.GaussianBlur(alpha, (0, 0), max(1.0, size * 0.025))
    light = cv2.bitwise_not(cv2.convertScaleAbs(dark, alpha=SHADOW_OPACITY))
    keep = cv2.multiply(cv2.bitwise_not(alpha), light, scale=1 / 255)
    return Sprite(np.asarray(ink, np.uint8), np.asarray(keep, np.uint8))
