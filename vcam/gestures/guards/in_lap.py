"""A hand in the lap, or at the table's edge: where hands lie that mean nothing."""

from typing import Final

from vcam.core.hand import Hand

LOW: Final = 0.78
"""Part of the frame's height below which the middle of a hand that lies is."""
NEAR_EDGE: Final = 0.2
"""Its box ends this near the lower edge, in sizes of the hand."""

AT_EDGE: Final = 0.05
"""The same for a hand that swiped: it may well end low."""


def lies_low(hand: Hand, frame_size: tuple[int, int], near_edge: float = NEAR_EDGE) -> bool:
    """Tell whether a hand is right at the lower edge; one that fills the frame is not."""
    height = frame_size[1]
    is_near = height - hand.box_xyxy[3] <= near_edge * max(1.0, hand.size)
    return is_near and hand.center[1] >= LOW * height
