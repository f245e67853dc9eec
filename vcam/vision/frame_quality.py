"""Whether there is anything to see: black, dark and frozen pictures show no gestures.

Looked at on the recognition path alone, on some thousand pixels of each picture; on more of them
only where those few do not tell.
"""

from typing import Final, Literal

import numpy as np

from vcam.core.frame import Image

QualityIssue = Literal["black", "dark", "frozen"]

SAMPLE_STEP_PX: Final = 12
"""Every so many rows and columns, one pixel is looked at…"""
GLANCE_STEP: Final = 4
"""…and of these rows every so manyth at first, which is enough in a lit picture that lives."""
BLACK_LEVEL, DARK_LEVEL = 20, 45
"""The picture's brightest parts, 0..255, are no brighter than this…"""
BRIGHTEST: Final = 0.02
"""…which are this share of it."""
MIN_DARK_S: Final = 1.0
"""A picture is called black or dark when it has been so for this long: lamps are switched."""
MIN_FROZEN_S: Final = 5.0
"""Every camera grains. When not one pixel has changed for this long, the picture stands still."""


class FrameQuality:
    """Watches one source of frames. Feed it the frames of recognition, in order of time."""

    def __init__(self) -> None:
        self._before: Image | None = None
        self._glance: Image | None = None
        """A few pixels of it."""
        self._changed = self._bright = self._light = 0.0

    def update(self, image: Image, time: float) -> QualityIssue | None:
        """Return why nothing can be seen in uint8 (H, W, 3) BGR at `time` seconds, if so."""
        before, self._before = self._before, image
        glance_before, self._glance = self._glance, _sample(image, GLANCE_STEP)
        if before is None or time < max(self._changed, self._bright):
            self._changed = self._bright = self._light = time
        alike = glance_before is not None and np.array_equal(glance_before, self._glance)
        if not alike or before is None or not np.array_equal(before, image):
            self._changed = time
        if _is_brighter(image, self._glance, DARK_LEVEL):
            self._bright = self._light = time
        elif _is_brighter(image, self._glance, BLACK_LEVEL):
            self._light = time
        return self._word(time)

    def _word(self, time: float) -> QualityIssue | None:
        if time - self._light >= MIN_DARK_S:
            return "black"
        if time - self._bright >= MIN_DARK_S:
            return "dark"
        return "frozen" if time - self._changed >= MIN_FROZEN_S else None


def _sample(image: Image, rows: int = 1) -> Image:
    """Return some pixels of a picture; of their rows every so manyth."""
    first = SAMPLE_STEP_PX // 2
    return np.ascontiguousarray(image[first :: rows * SAMPLE_STEP_PX, first::SAMPLE_STEP_PX])


def _is_brighter(image: Image, glance: Image, level: int) -> bool:
    """Tell whether the brightest parts of a picture are brighter than this.

    Where a glance at it has as many bright pixels as all of the sample must have, no more are read.
    """
    across, down = (
        len(range(SAMPLE_STEP_PX // 2, side, SAMPLE_STEP_PX)) for side in image.shape[1::-1]
    )
    least = BRIGHTEST * across * down * image.shape[2]
    return bool(_bright(glance, level) > least or _bright(_sample(image), level) > least)


def _bright(sample: Image, level: int) -> int:
    return int(np.count_nonzero(sample > level))
