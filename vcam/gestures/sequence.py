"""Two steps that mean something together: `fist>palm` is a fist and, soon after, a palm."""

import math
from collections.abc import Collection
from typing import Final

from vcam.core.labels import NO_GESTURE, THEN

MIN_STEP_S: Final = 0.15
"""How long each step is shown at rest, at least."""
MAX_STEP_GAP_S: Final = 1.0
"""Maximum time from the end of the first step to the beginning of the second."""


class SequenceDetector:
    """Follows the steps of one hand."""

    def __init__(self) -> None:
        self._now, self._since = NO_GESTURE, -math.inf
        self._step, self._ended = NO_GESTURE, -math.inf
        """The last step that was shown long enough, and when it was shown last."""

    def update(self, gesture: str, time: float, wanted: Collection[str]) -> str | None:
        """Return the sequence whose second step is shown at `time`, if it is one of `wanted`.

        `gesture` is what the hand shows at rest now, `no_gesture` if nothing or in motion.
        """
        if gesture != self._now:
            self._now, self._since = gesture, time
        if gesture == NO_GESTURE or time - self._since < MIN_STEP_S - 1e-6:
            return None
        name = f"{self._step}{THEN}{gesture}"
        follows = self._step != gesture and self._since - self._ended <= MAX_STEP_GAP_S
        self._step, self._ended = gesture, time
        if not follows or name not in wanted:
            return None
        self._step = NO_GESTURE
        return name
