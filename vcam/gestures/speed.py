"""How fast a hand moves."""

import math
from collections import deque
from typing import Final

from vcam.core.hand import Hand

WINDOW_S: Final = 0.1
"""Speed is measured over at least this long: two frames alone say little at 60 a second."""


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
