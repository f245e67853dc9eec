"""How fast the program runs."""

import os
import threading
import time

from vcam.pipeline.capture import Arrival

STALE_S = 1.0
"""Older pictures count as none."""
LATELY_S = 1.0
"""Rates are taken over about this long."""


class Rates:
    """Frames a second and processor time, from how far they have come since a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._before = (time.perf_counter(), _processor_s(), -1)
        self._now = (0.0, 0.0)

    def now(self, newest: Arrival | None) -> tuple[float, float]:
        """Return frames a second and percent of one core."""
        with self._lock:
            at, used, index = self._before
            elapsed = time.perf_counter() - at
            if elapsed >= LATELY_S:
                count = newest.frame.index if newest and _age(newest) < STALE_S else -1
                frames = count - index if 0 <= index <= count else 0
                self._now = frames / elapsed, 100 * (_processor_s() - used) / elapsed
                self._before = time.perf_counter(), _processor_s(), count
            return self._now


def _age(arrival: Arrival) -> float:
    return time.perf_counter() - arrival.at


def _processor_s() -> float:
    used = os.times()
    return used.user + used.system
