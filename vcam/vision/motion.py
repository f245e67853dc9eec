"""What moves in the image, and where the scene is cut.

A logo, a poster or a sticker may look like a hand in every respect but one: its pixels stay as they
are, while a hand that is held as still as one can still trembles. So the pixels in each box are
compared with those of a third of a second ago. Where the scene changes from one look to the next,
nothing is compared across the cut.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Box, Image
from vcam.core.hand import Hand

WIDTH_PX: Final = 320
"""Width of the small copies that are compared."""
SPAN_S: Final = 0.3
"""How far apart the compared looks are, at least: a trembling hand takes a moment to move."""
MAX_SPAN_S: Final = 1.0
"""What is older than this is not compared with: the source paused."""
CELL_PX: Final = 20
"""Side of the cells in which noise is measured, in pixels of the small copy."""
CHANGED_PERCENTILE: Final = 90
"""Percentile of the pixel differences that stands for a box."""
NOISE_PERCENTILE: Final = 15
"""Percentile of the cells that stands for the image's noise: most of a room stays as it is."""
NOISE_FACTOR: Final = 3.0
"""Noise exceeds its mean by this factor at that percentile, with some to spare."""
MIN_LIVE_CHANGE: Final = 2.0
"""Gray levels by which some cell changes in the mean when the image is no still."""
CUT_GRID: Final = (32, 18)
"""Cuts are sought in copies of this width and height."""
CUT_CHANGE: Final = 20
"""Gray levels by which a changed pixel differs."""
CUT_RULES: Final = ((0.50, 0.15), (0.75, 0.35))
"""Correlation of two looks up to which, and share of changed pixels from which, it is a cut."""

Gray = npt.NDArray[np.uint8]
"""uint8 (h, w), the small copy of an image."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one look brought."""

    is_cut: bool
    """Whether this is another scene than that of the look before."""
    hands: tuple[Hand, ...]
    """The same hands, with their `motion`."""


class MotionMeter:
    """Watches one source of frames. Feed it what recognition looks at, in order of time."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Gray]] = deque()
        self._lives = False
        """Whether anything has moved since the source began, cuts aside."""

    def update(self, image: Image, time: float, hands: Sequence[Hand]) -> Scene:
        """Measure uint8 (H, W, 3) BGR at `time` seconds; `hands` have boxes in its pixels."""
        return self.measure(small_gray(image), time, hands, image.shape[1])

    def measure(self, gray: Gray, time: float, hands: Sequence[Hand], width: int) -> Scene:
        """The same for a small copy; `width` is that of the image that boxes refer to, in pixels.

        Motion is 0 while nothing is there yet to compare with, and None while the whole image has
        been a still from the beginning: then nobody can tell a hand from a picture of one.
        """
        cut = self._take(gray, time)
        then = self._reference(time)
        if then is None:
            return Scene(cut, tuple(replace(hand, motion=0.0) for hand in hands))
        change = np.asarray(cv2.absdiff(gray, then), np.uint8)
        cells = cell_changes(change)
        noise = float(np.percentile(cells, NOISE_PERCENTILE))
        self._lives = self._lives or float(cells.max()) >= MIN_LIVE_CHANGE
        scale = gray.shape[1] / width
        return Scene(
            cut,
            tuple(
                replace(hand, motion=self._motion(change, hand.box_xyxy, scale, noise))
                for hand in hands
            ),
        )

    def _motion(self, change: Gray, box: Box, scale: float, noise: float) -> float | None:
        if not self._lives:
            return None
        height, width = change.shape
        left, top, right, bottom = (round(side * scale) for side in box)
        inside = change[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
        changed = _high(inside) if inside.size else 0.0
        return max(0.0, changed - NOISE_FACTOR * noise)

    def _take(self, gray: Gray, time: float) -> bool:
        """Note a look; after a cut, a leap in time or another size, forget the ones before."""
        last = self._looks[-1] if self._looks else None
        fits = last is None or (0 <= time - last[0] <= MAX_SPAN_S and last[1].shape == gray.shape)
        cut = last is not None and fits and is_cut(last[1], gray)
        if cut or not fits:
            self._looks.clear()
        self._looks.append((time, gray))
        return cut

    def _reference(self, time: float) -> Gray | None:
        """Return the newest look that is old enough."""
        while len(self._looks) > 1 and time - self._looks[1][0] >= SPAN_S - 1e-6:
            self._looks.popleft()
        then, gray = self._looks[0]
        return gray if time - then >= SPAN_S - 1e-6 else None


def small_gray(image: Image) -> Gray:
    """Return a small copy of the green of uint8 (H, W, 3) BGR, which is nearly its brightness."""
    high, wide = image.shape[:2]
    step = max(1, wide // (2 * WIDTH_PX))
    green = np.ascontiguousarray(image[::step, ::step, 1])
    size = WIDTH_PX, max(1, round(WIDTH_PX * high / wide))
    return np.asarray(cv2.resize(green, size, interpolation=cv2.INTER_AREA), np.uint8)


def cell_changes(change: Gray) -> npt.NDArray[np.uint8]:
    """Return the mean change of each cell, uint8 (rows, columns), from uint8 (h, w) differences."""
    high, wide = change.shape
    cells = max(1, wide // CELL_PX), max(1, high // CELL_PX)
    return np.asarray(cv2.resize(change, cells, interpolation=cv2.INTER_AREA), np.uint8)


def _high(change: Gray) -> float:
    """Return what nine in ten pixels do not exceed."""
    pixels = change.ravel()
    place = CHANGED_PERCENTILE * (pixels.size - 1) // 100
    return float(np.partition(pixels, place)[place])


def is_cut(before: Gray, now: Gray) -> bool:
    """Tell whether two looks, one after the other, show two scenes."""
    one, other = (
        cv2.resize(gray, CUT_GRID, interpolation=cv2.INTER_AREA).astype(np.float64)
        for gray in (before, now)
    )
    changed = float(np.mean(np.abs(one - other) > CUT_CHANGE))
    alike = _correlation(one, other)
    return any(alike <= most and changed >= least for most, least in CUT_RULES)


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Return -1..1; 1 where an image is of one colour, since lamps that go out are no cut."""
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float((one * other).sum()) / norm if norm > 1e-6 else 1.0
