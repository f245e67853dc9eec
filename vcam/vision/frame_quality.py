"""Whether there is anything to see: black, dark and frozen pictures show no gestures.

Looked at on the recognition path alone, on a few thousand pixels of each picture; on all of them
only where those few have not changed.
"""

from typing import Final, Literal

import numpy as np

from vcam.core.frame import Image

Blindness = Literal["black", "dark", "frozen"]

STEP: Final = 12
"""Every so many rows and columns, one pixel is looked at."""
BLACK, DARK = 20, 45
"""The picture's brightest parts (the 98th percentile, 0..255) are no brighter than this."""
SLOW_S: Final = 1.0
"""A picture is called black or dark when it has been so for this long: lamps are switched."""
FROZEN_S: Final = 5.0
"""Every camera grains. When not one pixel has changed for this long, the picture stands still."""


class Sight:
    """Watches one source of frames. Feed it what recognition looks at, in order of time."""

    def __init__(self) -> None:
        self._before: Image | None = None
        self._changed = self._bright = self._light = 0.0

    def look(self, image: Image, time: float) -> Blindness | None:
        """Return why nothing can be seen in uint8 (H, W, 3) BGR at `time` seconds, if so."""
        before, self._before = self._before, image
        if before is None or time < max(self._changed, self._bright):
            self._changed = self._bright = self._light = time
        if before is None or not _alike(before, image):
            self._changed = time
        some = _some(image)
        light = np.percentile(some, 98) if some.size else 0.0
        self._bright = time if light > DARK else self._bright
        self._light = time if light > BLACK else self._light
        return self._word(time)

    def _word(self, time: float) -> Blindness | None:
        if time - self._light >= SLOW_S:
            return "black"
        if time - self._bright >= SLOW_S:
            return "dark"
        return "frozen" if time - self._changed >= FROZEN_S else None


def _some(image: Image) -> Image:
    return np.ascontiguousarray(image[STEP // 2 :: STEP, STEP // 2 :: STEP])


def _alike(one: Image, other: Image) -> bool:
    """Tell whether two pictures are the same in every pixel."""
    return np.array_equal(_some(one), _some(other)) and np.array_equal(one, other)
