"""Hands on canvases: every hand of every source in one size, ready to be augmented in batches.

A canvas is square with the hand's box in its middle, the longer side half as long as the canvas:
160 pixels and 80 for small nets. Alpha tells what may be seen of it: 0 outside the source picture,
128 inside the picture but away from the hand, 255 on the hand. Augmentation either keeps all that
is in the picture, or cuts the hand out softly and lays it on another background. Alpha is drawn
when a canvas is read (see `dataset.alpha_of`); only what cannot be drawn is stored.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.annotations import HandLabel
from vcam.core.frame import Image

CANVAS_SIDE_PX = 160
"""Canvas side in pixels, unless `prepare` says otherwise."""
HAND_SIDE_PX = 80
"""Longer side of the hand's box on such a canvas, in pixels."""
ON_HAND = 255
IN_IMAGE = 128
SEEN_MIN_ALPHA = IN_IMAGE // 2
"""Minimum alpha of a pixel that belongs to the source picture, edges being smooth."""
LANDMARK_MARGIN = 0.09
"""Fingers and palms reach beyond their landmarks by so much of the box's longer side."""

LANDMARKS, WRIST, INDEX_ROOT, MIDDLE_ROOT, LITTLE_ROOT = 21, 0, 5, 9, 17
"""How many landmarks HaGRID gives a hand, and the places of four of them."""
MIN_PALM_SHARE = 0.2
"""Minimum way from the wrist to the middle finger's root, as part of the hand's longer side."""

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class HandCanvas:
    """One hand on its canvas, and what its alpha is drawn from."""

    bgr: npt.NDArray[np.uint8]
    """uint8 (side, side, 3)."""
    seen: tuple[float, float, float, float]
    """The part of the canvas that the source picture covers: xyxy pixels."""
    box: tuple[float, float]
    """Width and height of the hand's box in canvas pixels."""
    reach: float
    """How far the hand reaches beyond `outline`, in canvas pixels."""
    outline: Points = field(default_factory=list)
    """Points around the hand's landmarks in canvas pixels, or none."""
    joints: Points = field(default_factory=list)
    """The hand's 21 landmarks in canvas pixels, or none."""
    mask: npt.NDArray[np.uint8] | None = None
    """Alpha (side, side), where it cannot be drawn from the outline."""

    @property
    def cut(self) -> bool:
        """True when the hand's outline is known well enough to cut it out."""
        return bool(self.outline) or self.mask is not None


def hand_canvas(image: Image, hand: HandLabel, side: int = CANVAS_SIDE_PX) -> HandCanvas:
    """Return one hand of uint8 (H, W, 3) BGR, or (H, W, 4) BGRA where alpha is the hand."""
    height, width = image.shape[:2]
    x, y, w, h = hand.box_xywh
    scale = side / 2 / max(w * width, h * height)
    middle = ((x + w / 2) * width, (y + h / 2) * height)
    move = np.array(
        [[scale, 0, side / 2 - scale * middle[0]], [0, scale, side / 2 - scale * middle[1]]]
    )
    corners = move @ np.array([[0, width], [0, height], [1, 1]])
    reach = LANDMARK_MARGIN * side / 2
    joints = _joints(hand, move, (width, height))
    return HandCanvas(
        bgr=_warp(image[..., :3], move, side, cv2.BORDER_REPLICATE),
        seen=_inside(corners, side),
        box=(round(w * width * scale, 1), round(h * height * scale, 1)),
        reach=round(reach, 2),
        outline=_outline(joints),
        joints=joints if len(joints) == LANDMARKS else [],
        mask=_mask(image, hand, move, side),
    )


def pointing(hand: HandLabel, width: int, height: int) -> float | None:
    """Return where a hand points from the wrist to the middle finger's root, in the picture.

    Degrees clockwise from up, -180..180; None without landmarks, or when the hand points at the
    camera so that its direction in the picture says nothing.
    """
    if len(hand.landmarks) != LANDMARKS:
        return None
    scale = np.array((width, height))
    across, down = (np.array(hand.landmarks[MIDDLE_ROOT]) - hand.landmarks[WRIST]) * scale
    length = max(hand.box_xywh[2] * width, hand.box_xywh[3] * height)
    if np.hypot(across, down) < MIN_PALM_SHARE * length:
        return None
    return round(float(np.degrees(np.arctan2(across, -down))), 1)


def facing(hand: HandLabel, width: int, height: int) -> float | None:
    """Return how far a hand shows its palm (above 0) or its back (below), -1..1.

    The sine of the angle at the wrist from the index finger's root to the little finger's, signed
    by whose hand it is; None without landmarks or side.
    """
    if len(hand.landmarks) != LANDMARKS or hand.side is None:
        return None
    points = np.array(hand.landmarks) * (width, height)
    index, little = points[[INDEX_ROOT, LITTLE_ROOT]] - points[WRIST]
    spread = float(np.hypot(*index) * np.hypot(*little))
    if spread == 0:
        return None
    sine = float(index[0] * little[1] - index[1] * little[0]) / spread
    return round(sine if hand.side == "left" else -sine, 3)


def clean_crop(canvas: npt.NDArray[np.uint8], size: int, margin: float) -> npt.NDArray[np.uint8]:
    """Return what the runtime would cut out, uint8 (size, size, 3) RGB, of a canvas with alpha.

    `canvas` is uint8 (S, S, 4) RGBA. The crop's side is the hand (half the canvas) times `margin`;
    outside the source picture it is black.
    """
    rgb = cv2.cvtColor(canvas, cv2.COLOR_RGBA2RGB)
    inside = cv2.inRange(cv2.extractChannel(canvas, 3), SEEN_MIN_ALPHA, 255)
    seen = cv2.bitwise_and(rgb, rgb, mask=inside)
    scale = size / (margin * canvas.shape[0] / 2)
    if scale < 0.7:  # shrink by area, which a linear warp would alias
        seen = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        scale = 1.0
    shift = size / 2 - 0.5 - scale * (seen.shape[0] / 2 - 0.5)
    move = np.array([[scale, 0, shift], [0, scale, shift]])
    return cv2.warpAffine(seen, move, (size, size)).astype(np.uint8, copy=False)


def clean_move(side: int, size: int, margin: float) -> npt.NDArray[np.float64]:
    """Return how `clean_crop` moves a canvas of `side` pixels into its crop, (2, 3), by edges."""
    scale = size / (margin * side / 2)
    shift = (size - scale * side) / 2
    return np.array([[scale, 0, shift], [0, scale, shift]])


def background_canvas(image: Image, box: tuple[int, int, int], side: int = CANVAS_SIDE_PX) -> Image:
    """Return uint8 (side, side, 3) BGR of the square (left, top, length) of a BGR picture."""
    left, top, length = box
    patch = image[top : top + length, left : left + length]
    how = cv2.INTER_AREA if length > side else cv2.INTER_LINEAR
    return cv2.resize(patch, (side, side), interpolation=how).astype(np.uint8)


def _about_centres(move: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a movement of edges as one of pixel centres, which lie half a pixel further in."""
    half = np.full(2, 0.5)
    return np.column_stack([move[:, :2], move[:, 2] + move[:, :2] @ half - half])


def _warp(
    image: npt.NDArray[np.uint8], move: npt.NDArray[np.float64], side: int, border: int
) -> npt.NDArray[np.uint8]:
    """Move a picture onto its canvas. Colours go on beyond its edge, so that no rim is left."""
    scale = float(move[0, 0])
    if scale < 0.6:  # a linear warp would alias: first cut out what is needed, then shrink it
        height, width = image.shape[:2]
        left, top = (max(0, int(-move[axis, 2] / scale) - 1) for axis in (0, 1))
        reach = int(side / scale) + 3
        image = image[top : min(height, top + reach), left : min(width, left + reach)]
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        shift = move @ (left, top, 1)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
    return cv2.warpAffine(image, _about_centres(move), (side, side), borderMode=border).astype(
        np.uint8
    )


def _inside(corners: npt.NDArray[np.float64], side: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(float(edge), 1) for edge in corners.T.ravel())
    return max(0.0, left), max(0.0, top), min(float(side), right), min(float(side), bottom)


def _joints(hand: HandLabel, move: npt.NDArray[np.float64], size: tuple[int, int]) -> Points:
    if not hand.landmarks:
        return []
    points = np.array(hand.landmarks) * size
    moved = points @ move[:, :2].T + move[:, 2]
    return [(round(float(x), 1), round(float(y), 1)) for x, y in moved]


def _outline(joints: Points) -> Points:
    if not joints:
        return []
    hull = cv2.convexHull(np.array(joints, np.float32))[:, 0]
    return [(round(float(x), 1), round(float(y), 1)) for x, y in hull]


def _mask(
    image: npt.NDArray[np.uint8], hand: HandLabel, move: npt.NDArray[np.float64], side: int
) -> npt.NDArray[np.uint8] | None:
    if image.shape[2] == 4:
        return _warp(image[..., 3], move, side, cv2.BORDER_CONSTANT)
    if hand.landmarks or not _green_ground(image):
        return None
    alpha = np.where(_green(image), IN_IMAGE, ON_HAND).astype(np.uint8)
    return _warp(alpha, move, side, cv2.BORDER_CONSTANT)


def _green_ground(image: Image) -> bool:
    """A picture taken on green cloth: its upper corners are green."""
    corners = np.concatenate([image[:12, :12].reshape(-1, 3), image[:12, -12:].reshape(-1, 3)])
    return bool(_green(corners[None]).mean() > 0.8)


def _green(image: Image) -> npt.NDArray[np.bool_]:
    blue, green, red = (image[..., place].astype(np.int16) for place in range(3))
    return (green > red + 20) & (green > blue + 20)
