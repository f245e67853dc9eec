"""Hands to paste into whole pictures, so that the detector meets every gesture in every room."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.augmentation.boxes import Boxes, move_boxes
from training.augmentation.transforms import Matrix, alpha_blend
from training.datasets.dataset import HandSet, RgbImage
from training.datasets.hand_canvas import IN_IMAGE, ON_HAND
from training.datasets.shards import Row

FADED_CROP_SHARE = 0.5
"""Share of tight crops that are pasted with all that is in them, faded at the edge."""
GESTURE_WEIGHTS = {
    "dislike": 4.0,
    "like": 3.0,
    "fist": 2.0,
    "rock": 2.0,
    "stop": 2.0,
    "stop_inverted": 2.0,
}
"""How much more often gestures are pasted that hardly any whole picture shows."""
UNUSED_RIM_SHARE = 0.0125
"""Part of a canvas's side, at its edge, from which nothing is pasted."""


@dataclass(frozen=True, slots=True, eq=False)
class CopyPasteHand:
    """One hand to paste."""

    canvas: npt.NDArray[np.uint8]
    """uint8 (S, S, 4) RGBA; see `training.datasets.hand_canvas`."""
    box: Boxes
    """(1, 4) xyxy on the canvas: the hand without its arm."""


class CopyPasteBank:
    """All hands that can be cut out, drawn by gesture and by whether they are rendered."""

    def __init__(self, hands: HandSet) -> None:
        self._hands = hands
        rendered = hands.source == "rendered"
        kinds = [
            (label, np.flatnonzero(hands.cut & (hands.gesture == place) & (rendered == made)))
            for place, label in enumerate(hands.labels)
            for made in (False, True)
        ]
        kinds = [(label, places) for label, places in kinds if len(places)]
        self._kinds = [places for _, places in kinds]
        weights = np.array([GESTURE_WEIGHTS.get(label, 1.0) for label, _ in kinds])
        self._chance = weights / max(1.0, weights.sum())

    def draw(self, random: np.random.Generator) -> CopyPasteHand | None:
        """Return a random hand; None when there is none that can be cut out."""
        if not self._kinds:
            return None
        kind = self._kinds[int(random.choice(len(self._kinds), p=self._chance))]
        canvas, row = self._hands.canvas(int(kind[random.integers(len(kind))]))
        if row["tight"] and random.random() < FADED_CROP_SHARE:
            return _whole(canvas)
        return CopyPasteHand(canvas, _box(canvas, row))


def _whole(canvas: npt.NDArray[np.uint8]) -> CopyPasteHand:
    """Take a tight crop as it is: its edge is the hand's box."""
    inside = canvas[..., 3] > IN_IMAGE // 2
    box = _around(inside)
    faded = cv2.blur(cv2.erode(inside.astype(np.uint8) * ON_HAND, np.ones((5, 5))), (7, 7))
    canvas[..., 3] = faded
    return CopyPasteHand(canvas, box)


def _box(canvas: npt.NDArray[np.uint8], row: Row) -> Boxes:
    if row["source"] == "rendered":  # its mask holds the forearm too
        width, height = row["box"]
        middle = canvas.shape[0] / 2
        sides = [middle - width / 2, middle - height / 2, middle + width / 2, middle + height / 2]
        return np.array([sides], np.float32)
    return _around(canvas[..., 3] > 200)


def _around(mask: npt.NDArray[np.bool_]) -> Boxes:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return np.zeros((1, 4), np.float32)
    return np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]], np.float32)


def paste_into(
    scene: RgbImage, canvas: npt.NDArray[np.uint8], turn: Matrix, softness: float
) -> None:
    """Blend a hand into the scene, in place; only the pixels it can reach are touched."""
    height, width = scene.shape[:2]
    low, high = UNUSED_RIM_SHARE * canvas.shape[0], (1 - UNUSED_RIM_SHARE) * canvas.shape[0]
    corners = move_boxes(np.array([[low, low, high, high]], np.float32), turn)[0]
    left, top = max(0, int(corners[0])), max(0, int(corners[1]))
    right, bottom = min(width, int(corners[2]) + 1), min(height, int(corners[3]) + 1)
    turn = turn - np.array([[0, 0, left], [0, 0, top]])
    warped = cv2.warpAffine(canvas, turn, (right - left, bottom - top))
    alpha_blend(scene[top:bottom, left:right], warped.astype(np.uint8, copy=False), softness)
