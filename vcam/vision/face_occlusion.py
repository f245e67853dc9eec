"""Whether a hand is in front of a face, measured by its surroundings.

No face detector may be shipped, so this asks something smaller: above the fingers of a raised hand
there is usually a room. Where there is the hand's own colour instead, and not on both sides of it
as well (a wall of that colour), it is most likely a cheek, a nose or a forehead. Only the hand is
compared with what is above it: skins of any colour are alike in that.
"""

import operator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vcam.core.frame import Box, Image
from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE

PATCH_SIDE_PX: Final = 48
"""Pixels that the hand and as much again around it are scaled to; the hand is the middle half."""
MAX_SKIN_DIFFERENCE: Final = (60, 9, 9)
"""Luma and both chromas differ by no more than this within one skin."""
MIN_SKIN_ABOVE: Final = 0.6
"""Share of skin right above the hand, from which a face is assumed."""
MAX_SKIN_BESIDE: Final = (0.3, 0.7)
"""Share of skin in the emptier and in the fuller upper corner, up to which it is a face."""

_ROWS: Final = slice(3, PATCH_SIDE_PX // 4 - 1)
_LEFT, _MIDDLE = (
    slice(3, PATCH_SIDE_PX // 4 - 1),
    slice(PATCH_SIDE_PX // 4 - 1, 3 * PATCH_SIDE_PX // 4 + 1),
)
_RIGHT: Final = slice(3 * PATCH_SIDE_PX // 4 + 1, PATCH_SIDE_PX - 3)
_PALM: Final = slice(3 * PATCH_SIDE_PX // 8, 5 * PATCH_SIDE_PX // 8)


def placed(hand: Hand, image: Image) -> Hand:
    """Return a hand that shows something with word of whether it does so in front of a face."""
    if hand.gesture == NO_GESTURE:
        return hand
    return replace(hand, before_face=skin_above(image, hand.box_xyxy))


def skin_above(image: Image, box: Box) -> bool:
    """Tell whether what is above a hand has its colour; uint8 (H, W, 3) BGR, box in its pixels."""
    patch = _patch(image, box)
    if patch is None:
        return False
    palm, above = (cv2.cvtColor(part, cv2.COLOR_BGR2YCrCb) for part in (_palm(patch), patch[_ROWS]))
    colors = palm.reshape(-1, 3)
    middle = np.partition(colors, len(colors) // 2, axis=0)[len(colors) // 2].tolist()
    darkest = tuple(map(operator.sub, middle, MAX_SKIN_DIFFERENCE))
    lightest = tuple(map(operator.add, middle, MAX_SKIN_DIFFERENCE))
    alike = np.asarray(cv2.inRange(above, darkest, lightest), np.uint8)
    corners = sorted(_share(alike[:, columns]) for columns in (_LEFT, _RIGHT))
    ends = all(
        corner <= max_share for corner, max_share in zip(corners, MAX_SKIN_BESIDE, strict=True)
    )
    return ends and _share(alike[:, _MIDDLE]) >= MIN_SKIN_ABOVE


def _palm(patch: Image) -> Image:
    return np.ascontiguousarray(patch[_PALM, _PALM])


def _patch(image: Image, box: Box) -> Image | None:
    """Return the hand and as much around it, uint8 (S, S, 3); None for an empty box.

    What is below the palm is left out, since nobody asks for it.
    """
    left, top, right, bottom = box
    width, height = 2 * (right - left), 2 * (bottom - top)
    if width < 4 or height < 4:
        return None
    across, down = PATCH_SIDE_PX / width, PATCH_SIDE_PX / height
    x, y = (left + right) / 2, (top + bottom) / 2
    moved = [[across, 0, PATCH_SIDE_PX / 2 - across * x], [0, down, PATCH_SIDE_PX / 2 - down * y]]
    # Outside the picture there is a colour that no skin has.
    patch = cv2.warpAffine(
        image,
        np.array(moved, np.float32),
        (PATCH_SIDE_PX, _PALM.stop),
        borderValue=(255, 0, 255),
    )
    return np.asarray(patch, np.uint8)


def _share(alike: npt.NDArray[np.uint8]) -> float:
    return cv2.countNonZero(alike) / alike.size
