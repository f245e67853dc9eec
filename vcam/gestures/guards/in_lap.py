"""A hand in the lap, or at the table's edge: where hands lie that mean nothing."""

from typing import Final

from vcam.core.hand import Hand

LAP_HEIGHT_SHARE: Final = 0.78
"""Part of the frame's height below which the middle of a hand that lies is."""
EDGE_GAP_SIZES: Final = 0.2
"""Its box ends this near the lower edge, in sizes of the hand."""

SWIPE_EDGE_GAP_SIZES: Final = 0.05
"""The same for a hand that swiped: it may well end low."""


def lies_low(hand: Hand, frame_size: tuple[int, int], near_edge: float = EDGE_GAP_SIZES) -> bool:
    """Tell whether a hand is right at the lower edge; one that fills the frame is not."""
    height = frame_size[1]
    is_near = height - hand.box_xyxy[3] <= near_edge * max(1.0, hand.size)
    return is_near and hand.center[1] >= LAP_HEIGHT_SHARE * height
