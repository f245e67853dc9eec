"""The pictures of reactions, loaded when they are first needed and kept."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vcam.overlay.emoji_set import file_stem
from vcam.overlay.shape import soft
from vcam.overlay.sprite import Layers, Sprite

Picture = npt.NDArray[Any]
"""uint8 (256, 256, 4): blue, green, red, opacity."""


@lru_cache(maxsize=64)
def emoji_picture(sign: str) -> Picture:
    """Return the picture of a sign of `emoji_set`; takes a few milliseconds the first time."""
    data = files("vcam.overlay").joinpath("emoji", f"{file_stem(sign)}.webp").read_bytes()
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape[2] != 4:
        raise ValueError(f"the picture of {sign} is damaged: install the program again")
    return np.asarray(picture, np.uint8)


@lru_cache(maxsize=16)
def emoji_sprite(sign: str, size: int) -> Sprite:
    """Return a sign `size` pixels square, with a soft shadow around it."""
    picture = emoji_picture(sign)
    way = cv2.INTER_AREA if size < picture.shape[0] else cv2.INTER_CUBIC
    premultiplied = picture.astype(np.float32)
    premultiplied[..., :3] *= premultiplied[..., 3:] / 255
    scaled = cv2.resize(premultiplied, (size, size), interpolation=way)
    pad = round(size * 0.06)
    mask = np.pad(np.rint(scaled[..., 3]).clip(0, 255).astype(np.uint8), pad)
    layers = Layers(size + 2 * pad, size + 2 * pad)
    layers.add(soft(mask, max(1.0, size * 0.025)), (0, 0, 0), 0.4)
    shadow = layers.sprite()
    keep = 1 - np.pad(scaled[..., 3:], ((pad, pad), (pad, pad), (0, 0))) / 255
    ink = np.pad(scaled[..., :3], ((pad, pad), (pad, pad), (0, 0))) + shadow.ink * keep
    return Sprite(
        np.rint(ink).clip(0, 255).astype(np.uint8),
        np.rint(shadow.keep * keep).clip(0, 255).astype(np.uint8),
    )
