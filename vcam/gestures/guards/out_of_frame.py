"""A hand half out of the picture: what is left of it may look like any gesture."""

from collections.abc import Sequence
from typing import Final

from vcam.core.hand import Hand, TrackedHand

CUT_OVERHANG_SIZES: Final = 0.03
"""Part of its size by which a box reaches over the edge; detectors draw cut hands so."""
WHOLE_OVERHANG_SIZES: Final = -0.05
"""A hand that was cut has to be this far inside before it is called whole again."""


class CutHands:
    """Remembers which hands are cut: boxes at an edge swim to and fro."""

    def __init__(self) -> None:
        self._cut: set[int] = set()

    def update(self, tracks: Sequence[TrackedHand], frame_size: tuple[int, int]) -> None:
        """Take in all hands; `frame_size` is the picture's width and height in pixels."""
        self._cut = {
            t.track for t in tracks if reach(t.hand, frame_size) > self._max_overhang(t.track)
        }

    def is_cut(self, tracked: TrackedHand) -> bool:
        """Tell whether an edge of the picture cuts the hand, or has just cut it."""
        return tracked.track in self._cut

    def _max_overhang(self, track: int) -> float:
        return WHOLE_OVERHANG_SIZES if track in self._cut else CUT_OVERHANG_SIZES


def reach(hand: Hand, frame_size: tuple[int, int]) -> float:
    """Return how far a box reaches over the nearest edge, in sizes of the hand; inside below 0."""
    left, top, right, bottom = hand.box_xyxy
    width, height = frame_size
    return max(-left, -top, right - width, bottom - height) / max(1.0, hand.size)
