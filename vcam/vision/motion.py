"""What moves in the image, and where the scene is cut.

A logo, a poster or a sticker may look like a hand in every respect but one: its pixels stay as they
are, while a hand that is held as still as one can still trembles. So the pixels in each box are
compared with those of a third of a second ago. Where the scene changes from one frame to the next,
nothing is compared across the cut.

All this is done in whole numbers on one in some sixty pixels: averaging them first would cost ten
times as much and tell hands from posters no better.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Box, Image
from vcam.core.hand import Hand

WIDTH_PX: Final = 160
"""Width of the small copies that are compared, at least."""
SPAN_S: Final = 0.3
"""How far apart the compared frames are, at least: a trembling hand takes a moment to move."""
MAX_SPAN_S: Final = 1.0
"""What is older than this is not compared with: the source paused."""
CELL_PX: Final = 10
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
"""Correlation of two frames up to which, and share of changed pixels from which, it is a cut."""

Gray = npt.NDArray[np.uint8]
"""uint8 (h, w), the small copy of an image."""


class _Sample(NamedTuple):
    """What is kept of one frame."""

    time: float
    gray: Gray
    grid: Gray
    """A copy of `CUT_GRID`."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one frame brought."""

    is_cut: bool
    """Whether this is another scene than that of the frame before."""
    hands: tuple[Hand, ...]
    """The same hands, with their `motion`."""


class MotionMeter:
    """Watches one source of frames. Feed it what recognition looks at, in order of time."""

    def __init__(self) -> None:
        self._samples: deque[_Sample] = deque()
        self._lives = False
        """Whether anything has moved since the source began, cuts aside."""

    def update(self, image: Image, time: float, hands: Sequence[Hand]) -> Scene:
        """Measure uint8 (H, W, 3) BGR at `time` seconds; `hands` have boxes in its pixels.

        Motion is 0 while nothing is there yet to compare with, and None while the whole image has
        been a still from the beginning: then nobody can tell a hand from a picture of one.
        """
        gray = small_gray(image)
        cut = self._take(gray, time)
        then = self._reference(time)
        if then is None:
            return Scene(cut, tuple(replace(hand, motion=0.0) for hand in hands))
        if self._lives and not hands:
            return Scene(cut, ())
        change = np.asarray(cv2.absdiff(gray, then), np.uint8)
        cells = cell_changes(change).ravel()
        self._lives = self._lives or int(cells.max()) >= MIN_LIVE_CHANGE
        noise = _percentile(cells, NOISE_PERCENTILE)
        scale = gray.shape[1] / image.shape[1]
        return Scene(
            cut,
            tuple(
                replace(hand, motion=self._motion(change, hand.box_xyxy, scale, noise))
                for hand in hands
            ),
        )

    def _motion(self, change: Gray, box: Box, scale: float, noise: int) -> float | None:
        if not self._lives:
            return None
        inside = _inside(change, box, scale)
        changed = _percentile(inside.ravel(), CHANGED_PERCENTILE) if inside.size else 0
        return max(0.0, changed - NOISE_FACTOR * noise)

    def _take(self, gray: Gray, time: float) -> bool:
        """Note a frame; after a cut, a leap in time or another size, forget the ones before."""
        last = self._samples[-1] if self._samples else None
        fits = last is None or (
            0 <= time - last.time <= MAX_SPAN_S and last.gray.shape == gray.shape
        )
        grid = cut_grid(gray)
        cut = last is not None and fits and is_cut(last.grid, grid)
        if cut or not fits:
            self._samples.clear()
        self._samples.append(_Sample(time, gray, grid))
        return cut

    def _reference(self, time: float) -> Gray | None:
        """Return the newest frame that is old enough."""
        while len(self._samples) > 1 and time - self._samples[1].time >= SPAN_S - 1e-6:
            self._samples.popleft()
        first = self._samples[0]
        return first.gray if time - first.time >= SPAN_S - 1e-6 else None


def small_gray(image: Image) -> Gray:
    """Return every so manyth pixel of uint8 (H, W, 3) BGR: its green, nearly its brightness."""
    step = max(1, min(image.shape[1] // WIDTH_PX, *image.shape[:2]))  # a strip keeps a pixel
    return np.ascontiguousarray(image[step // 2 :: step, step // 2 :: step, 1])


def cell_changes(change: Gray) -> npt.NDArray[np.uint8]:
    """Return the mean change of each cell, uint8 (rows, columns), from uint8 (h, w) differences."""
    high, wide = change.shape
    cells = max(1, wide // CELL_PX), max(1, high // CELL_PX)
    return np.asarray(cv2.resize(change, cells, interpolation=cv2.INTER_AREA), np.uint8)


def cut_grid(gray: Gray) -> Gray:
    """Return the copy of a small copy, uint8 `CUT_GRID`, in which cuts are sought."""
    return np.asarray(cv2.resize(gray, CUT_GRID, interpolation=cv2.INTER_AREA), np.uint8)


def is_cut(before: Gray, now: Gray) -> bool:
    """Tell whether two frames in a row show two scenes; both as `cut_grid` has them."""
    changed = np.count_nonzero(cv2.absdiff(before, now) > CUT_CHANGE) / now.size
    if changed < min(min_changed for _, min_changed in CUT_RULES):
        return False
    alike = _correlation(before.astype(np.float64), now.astype(np.float64))
    return any(
        alike <= max_alike and changed >= min_changed for max_alike, min_changed in CUT_RULES
    )


def _inside(change: Gray, box: Box, scale: float) -> Gray:
    """Return what is wholly inside a box: what passes beside a poster does not move it."""
    height, width = change.shape
    left, top = math.ceil(box[0] * scale), math.ceil(box[1] * scale)
    right = max(left + 1, math.floor(box[2] * scale))
    bottom = max(top + 1, math.floor(box[3] * scale))
    return change[
        max(0, top) : max(0, min(height, bottom)), max(0, left) : max(0, min(width, right))
    ]


def _percentile(values: Gray, percent: int) -> int:
    """Return what so many in a hundred of some values do not exceed; uint8 (N,)."""
    place = percent * (values.size - 1) // 100
    return int(np.partition(values, place)[place])


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Return -1..1; 1 where an image is of one colour, since lamps that go out are no cut."""
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float((one * other).sum()) / norm if norm > 1e-6 else 1.0
