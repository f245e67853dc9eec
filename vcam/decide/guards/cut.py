"""A hand half out of the picture: what is left of it may look like any gesture."""

from typing import Final

from vcam.hand import Hand

BEYOND: Final = 0.03
"""Part of its size by which a box reaches over the edge; detectors draw cut hands so."""


def is_cut(hand: Hand, frame_size: tuple[int, int]) -> bool:
    """Tell whether an edge of the picture, width and height in pixels, cuts the hand."""
    left, top, right, bottom = hand.box_xyxy
    width, height = frame_size
    return max(-left, -top, right - width, bottom - height) > BEYOND * hand.size
