"""The one place that asks what time it is.

Rules never read a clock: they take the time that a frame carries. Only the loops that pace video,
workers and watchers hold a `Clock`, so that tests can hand them one they control.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic time in seconds, and waiting for it."""

    def now(self) -> float:
        """Return monotonic seconds; the zero is arbitrary."""

    def sleep(self, seconds: float) -> None:
        """Wait that long; return at once when `seconds` is not positive."""


class SystemClock:
    """The machine's finest monotonic clock.

    `time.monotonic` ticks only every 15.6 ms on Windows before Python 3.13: at 30 frames a second,
    frames 33 ms apart would seem 31 or 47 ms apart.
    """

    def now(self) -> float:
        """Return `time.perf_counter()`, which on Linux and macOS is the same clock."""
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        """Wait that long without using the CPU."""
        if seconds > 0:
            time.sleep(seconds)


class SteppedClock:
    """A clock that stands still until it is set: a file's own time, or a test's."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def set(self, now: float) -> None:
        """Move to `now` seconds."""
        self._now = now

    def now(self) -> float:
        """Return what was set last."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Return at once: whoever waits on file time need not wait on the wall's."""
