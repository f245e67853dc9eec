"""How fast a hand moves, and how often it sets off."""

import math
from collections import deque
from typing import Final

from vcam.core.hand import Hand

WINDOW_S: Final = 0.1
"""Speed is measured over at least this long: two frames alone say little at 60 a second."""
MIN_REST_BETWEEN_S: Final = 0.1
"""A hand that moves again sooner than this has not stopped."""
MIN_STARTS: Final = 3
"""A hand is restless that has set off this often…"""
RESTLESS_S: Final = 3.0
"""…in this time."""


class HandSpeed:
    """The speed of one hand, in hand sizes a second."""

    def __init__(self) -> None:
        self._places: deque[tuple[float, float, float]] = deque()

    def update(self, hand: Hand, time: float) -> float | None:
        """Return the speed at `time` in seconds; None while it is too early to say."""
        self._places.append((time, *hand.center))
        while len(self._places) > 2 and time - self._places[1][0] >= WINDOW_S - 1e-6:
            self._places.popleft()
        then, x, y = self._places[0]
        if time - then < WINDOW_S - 1e-6:
            return None
        moved = math.hypot(hand.center[0] - x, hand.center[1] - y)
        return moved / (time - then) / max(1.0, hand.size)


class Restlessness:
    """How often a hand has set off lately: hands that talk beat time, and stop for a moment."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque()
        self._was_fast, self._last_fast = False, -math.inf

    def update(self, time: float, *, is_fast: bool) -> None:
        """Take in whether the hand moves at `time` in seconds."""
        if is_fast:
            stopped = not self._was_fast and time - self._last_fast >= MIN_REST_BETWEEN_S - 1e-6
            if stopped:
                self._starts.append(time)
            self._last_fast = time
        self._was_fast = is_fast
        while self._starts and time - self._starts[0] > RESTLESS_S:
            self._starts.popleft()

    @property
    def is_high(self) -> bool:
        """Whether the hand has set off more often lately than to be raised and put right."""
        return len(self._starts) >= MIN_STARTS
