"""Hands on canvases: every hand of every source in one size, ready to be augmented in batches.

A canvas is uint8 (160, 160, 4) RGBA with the hand's box in its middle, the longer side 80 pixels.
Alpha tells what may be seen of it: 0 outside the source picture, 128 inside the picture but away
from the hand, 255 on the hand. Augmentation either keeps all that is in the picture, or cuts the
hand out softly and lays it on another background.
"""

import cv2
import numpy as np
import numpy.typing as npt

from training.data.archive import HandLabel
from vcam.frame import Image

SIDE = 160
"""Canvas side in pixels."""
HAND = 80
"""Longer side of the hand's box on the canvas, in pixels."""
ON_HAND = 255
IN_PICTURE = 128


def hand_canvas(image: Image, hand: HandLabel) -> npt.NDArray[np.uint8]:
    """Return the canvas, uint8 (SIDE, SIDE, 4) RGBA, of one hand in uint8 (H, W, 3) BGR."""
    height, width = image.shape[:2]
    x, y, w, h = hand.box_xywh
    scale = HAND / max(w * width, h * height)
    image, scale = _shrink_first(image, scale)
    height, width = image.shape[:2]
    center = ((x + w / 2) * width, (y + h / 2) * height)
    move = np.array(
        [[scale, 0, SIDE / 2 - scale * center[0]], [0, scale, SIDE / 2 - scale * center[1]]]
    )
    alpha = _alpha(image, hand)
    rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    # Colours go on beyond the picture's edge, so that no dark rim is left where alpha fades.
    rgb = cv2.warpAffine(rgb, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.dstack([rgb, cv2.warpAffine(alpha, move, (SIDE, SIDE))]).astype(np.uint8)


def background_canvas(image: Image, box: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """Return uint8 (SIDE, SIDE, 3) RGB of the square (left, top, side) of a BGR picture."""
    left, top, side = box
    patch = cv2.cvtColor(image[top : top + side, left : left + side], cv2.COLOR_BGR2RGB)
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    return cv2.resize(patch, (SIDE, SIDE), interpolation=how).astype(np.uint8)


def _shrink_first(image: Image, scale: float) -> tuple[Image, float]:
    """Shrink large pictures by area, which a linear warp would alias."""
    if scale >= 0.6:
        return image, scale
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8), 1.0


def can_be_cut(image: Image, hand: HandLabel) -> bool:
    """Tell whether the hand's outline is known well enough to cut it out."""
    return bool(hand.landmarks) or _green_ground(image)


def _alpha(image: Image, hand: HandLabel) -> npt.NDArray[np.uint8]:
    height, width = image.shape[:2]
    alpha = np.full((height, width), IN_PICTURE, np.uint8)
    if hand.landmarks:
        points = np.array(hand.landmarks) * (width, height)
        reach = 0.09 * max(hand.box_xywh[2] * width, hand.box_xywh[3] * height)
        hull = cv2.convexHull(points.astype(np.int32))
        cv2.fillConvexPoly(alpha, hull, ON_HAND)
        cv2.polylines(alpha, [hull], True, ON_HAND, max(1, round(2 * reach)), cv2.LINE_AA)
    elif _green_ground(image):
        alpha[~_green(image)] = ON_HAND
    return alpha


def _green_ground(image: Image) -> bool:
    """A picture taken on green cloth: its upper corners are green."""
    corners = np.concatenate([image[:12, :12].reshape(-1, 3), image[:12, -12:].reshape(-1, 3)])
    return bool(_green(corners[None]).mean() > 0.8)


def _green(image: Image) -> npt.NDArray[np.bool_]:
    blue, green, red = (image[..., place].astype(np.int16) for place in range(3))
    return (green > red + 20) & (green > blue + 20)
