"""Made-up sequences from labelled pictures: a gesture that is held, and one that is waved about.

The whole picture moves, so hands go where a person's would, with all the blur and doubt that
recognition brings; rooms move with them. What is waved about means nothing, however plain its pose.
"""

import math
from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np

from benchmarks.false_fires.poses import Pose
from vcam.core.frame import Frame, Image

FPS: Final = 15
RAISE_S, HOLD_S = 0.5, 1.6
TALK_S: Final = 4.0
BLUR_S: Final = 1 / 50
"""How long the shutter is open."""

Way = Callable[[float], tuple[float, float]]
"""From seconds to how far the picture is moved, in pixels."""


def meant(pose: Pose, seed: int) -> Iterator[Frame]:
    """Yield a gesture that comes up from below, is held with a tremor, and goes down again."""
    high = pose.image.shape[0]
    total = 2 * RAISE_S + HOLD_S

    def place(time: float) -> tuple[float, float]:
        up = min(1.0, time / RAISE_S, (total - time) / RAISE_S)
        smooth = up**3 * (10 - 15 * up + 6 * up * up)
        tremor = 0.004 * high
        x, y = tremor * math.sin(7 * time + seed), tremor * math.sin(9 * time + 2 * seed)
        return x, y + 0.75 * high * (1 - smooth)

    yield from _moved(pose.image, place, total, seed)


def waved(pose: Pose, seed: int) -> Iterator[Frame]:
    """Yield the same hand while its person talks: it beats time, and seldom stops for long."""
    chance = np.random.default_rng(seed)
    high = pose.image.shape[0]
    beats = [(chance.uniform(0.05, 0.2), chance.uniform(0.6, 2.2), chance.uniform(0, 7))] * 2
    pause = chance.uniform(0.25, 0.6)

    def place(time: float) -> tuple[float, float]:
        # Beats with a rest in each cycle, as people rest for a moment at the end of a phrase.
        cycle = 1.3 + pause
        busy = time - max(0.0, time % cycle - 1.3) - (time // cycle) * pause
        x, y = (a * high * math.sin(2 * math.pi * f * busy + p) for a, f, p in beats)
        return 0.6 * x, y + 0.15 * high

    yield from _moved(pose.image, place, TALK_S, seed)


def _moved(image: Image, place: Way, total: float, seed: int) -> Iterator[Frame]:
    high, wide = image.shape[:2]
    chance = np.random.default_rng(seed)
    for index in range(round(total * FPS)):
        time = index / FPS
        (x, y), (x1, y1) = place(time), place(time + BLUR_S)
        moved = _shifted(image, x, y)
        steps = math.ceil(math.hypot(x1 - x, y1 - y) / 3)
        for step in range(1, min(steps, 8)):
            part = step / steps
            other = _shifted(image, x + part * (x1 - x), y + part * (y1 - y))
            weight = 1 / (step + 1)
            moved = np.asarray(cv2.addWeighted(moved, 1 - weight, other, weight, 0), np.uint8)
        grain = chance.integers(-4, 5, (high // 2, wide // 2, 1), dtype=np.int16)
        noise = cv2.resize(grain, (wide, high), interpolation=cv2.INTER_NEAREST)[:, :, None]
        yield Frame(np.clip(moved + noise, 0, 255).astype(np.uint8), time, index)


def _shifted(image: Image, x: float, y: float) -> Image:
    move = np.array([[1, 0, x], [0, 1, y]], np.float32)
    size = (image.shape[1], image.shape[0])
    return np.asarray(cv2.warpAffine(image, move, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)
