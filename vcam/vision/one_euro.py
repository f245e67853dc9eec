"""The one-euro filter: still when the hand is still, quick when it is quick.

Casiez, Roussel and Vogel, "1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems", CHI 2012. Its shares are written with `exp`, which is exact for any interval
between two frames; the paper's form is the first-order approximation of it.
"""

import math
from collections.abc import Sequence

CUTOFF_HZ = 1.2
"""Cut-off frequency for something at rest."""
CUTOFF_PER_SPEED = 2.0
"""Hertz more for each unit a second, in units of `scale`."""
SPEED_CUTOFF_HZ = 1.0


class OneEuro:
    """Smooths a few numbers that come at uneven times."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._speeds: list[float] = []
        self._time = 0.0

    def update(self, values: Sequence[float], time: float, scale: float = 1.0) -> list[float]:
        """Return the smoothed values at `time` in seconds, which must not go back.

        `scale` is what counts as one unit of movement: with the size of the thing in pixels, large
        and small pictures are smoothed alike.
        """
        elapsed = time - self._time
        self._time = time
        if not self._values or elapsed <= 0:
            self._values, self._speeds = list(values), [0.0] * len(values)
            return list(self._values)
        steady = _share(SPEED_CUTOFF_HZ, elapsed)
        for place, value in enumerate(values):
            speed = (value - self._values[place]) / elapsed
            self._speeds[place] += steady * (speed - self._speeds[place])
            cutoff = CUTOFF_HZ + CUTOFF_PER_SPEED * abs(self._speeds[place]) / scale
            self._values[place] += _share(cutoff, elapsed) * (value - self._values[place])
        return list(self._values)


def _share(cutoff_hz: float, elapsed: float) -> float:
    """Return how much of a new value is believed."""
    return 1 - math.exp(-2 * math.pi * cutoff_hz * elapsed)
