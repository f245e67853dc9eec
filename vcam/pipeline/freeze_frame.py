"""A picture from before the hand rose: what `video.freeze` shows, instead of the raised hand."""

from typing import Final

from vcam.core.frame import Image

APART_S: Final = 0.7
"""A picture counts once no hand has come for so long after it: hands take a moment to be seen."""
FORGOTTEN_S: Final = 20.0
"""A person who has shown hands for longer than this looks different by now."""


class StillImage:
    """Keeps two small steps back in time, at the cost of one copy in `APART_S` seconds."""

    def __init__(self) -> None:
        self._candidate: tuple[float, Image] | None = None
        self._good: tuple[float, Image] | None = None

    def note(self, image: Image, now: float, *, hands: bool) -> None:
        """Take in the newest picture, uint8 (H, W, 3), and whether hands are in view at `now`."""
        if hands:
            self._candidate = None
            return
        if self._candidate is None:
            self._candidate = now, image.copy()
        elif now - self._candidate[0] >= APART_S:
            self._good, self._candidate = self._candidate, (now, image.copy())

    def before_hands(self, now: float, newest: Image) -> Image:
        """Return the last picture without a hand, or a copy of the newest if that is long ago."""
        if self._good is None or not 0 <= now - self._good[0] <= FORGOTTEN_S:
            return newest.copy()
        return self._good[1]
