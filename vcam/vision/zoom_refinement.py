"""Detection in two passes: the whole image first, then a zoom into each small detection.

A detector can only afford a shrunken image, in which a far hand is some twenty pixels long. It
notices the hand but misplaces its edges. A square region of interest around such a detection, cut
from the full-resolution image, costs a quarter of the first inference and shows the hand at a size
that the detector was trained on.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy.typing as npt

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.vision.nms import voted, without_overlaps
from vcam.vision.preprocessing import Letterbox, detections_in, hand_crop, letterbox, voters_in

MIN_SIDE_PX: Final = 40
"""Detections with a longer side below this, in pixels of the shrunken image, are refined."""
ROI_SIDE_PX: Final = 128
"""Side of the region of interest, as the second inference gets it."""
ROI_SCALE: Final = 2.5
"""Side of the region of interest, in sides of the detection."""
MAX_ROIS: Final = 3
"""Detections that are refined in one image, the highest scores first."""
MIN_IOU: Final = 0.15
"""What the second inference detects must overlap the first detection by this."""
DISTANT_WEIGHT: Final = 0.5
"""Weight of a hand that does not overlap the first detection at all; IoU adds to it."""
MIN_SCORE: Final = 0.15
"""Second detections below this score do not confirm the first."""
UNCONFIRMED_FACTOR: Final = 0.5
"""An unconfirmed detection keeps this part of its score."""

Inference = Callable[[Image], Sequence[npt.NDArray[Any]]]
"""From uint8 (1, h, w, 3) RGB to boxes (N, 4), xyxy in its pixels, and scores (N,) 0..1: what a
detector's session gives."""


def search(
    image: Image, area: int, min_score: float, infer: Inference, *, refine: bool = True
) -> list[Detection]:
    """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels.

    The first inference has about `area` pixels; hands have a score of `min_score` or more. With
    `refine`, small detections get a second inference each.
    """
    board = letterbox(image, area)
    boxes, scores = infer(board.image)
    detections = detections_in(board, boxes, scores, min_score)
    small = [detection for detection in detections if _is_small(detection, board.scale)][:MAX_ROIS]
    if not (small and refine):
        return detections
    again = [detection for detection in detections if detection not in small]
    again += [_refined(image, detection, infer) for detection in small]
    return without_overlaps([detection for detection in again if detection.score >= min_score])


def _is_small(detection: Detection, scale: float) -> bool:
    """Return whether a detection is small; boxes with NaN, as broken models give, are not."""
    return (
        all(map(math.isfinite, detection.box_xyxy))
        and _side(detection.box_xyxy) * scale < MIN_SIDE_PX
    )


def _refined(image: Image, detection: Detection, infer: Inference) -> Detection:
    """Return the detection with the box and score of the second inference."""
    left, top, right, bottom = detection.box_xyxy
    around = max(1.0, _side(detection.box_xyxy) * ROI_SCALE)
    square = hand_crop(image, detection.box_xyxy, ROI_SIDE_PX, ROI_SCALE)[None]
    closer = Letterbox(square, ROI_SIDE_PX / around)
    x, y = (left + right - around) / 2, (top + bottom - around) / 2
    boxes, scores = infer(square)
    seen = [
        Detection(_moved(each.box_xyxy, x, y), each.score)
        for each in voters_in(closer, boxes, scores, MIN_SCORE)
    ]
    overlaps = [intersection_over_union(each.box_xyxy, detection.box_xyxy) for each in seen]
    same = [
        (each.score * (DISTANT_WEIGHT + overlap), each)
        for each, overlap in zip(seen, overlaps, strict=True)
        if each.score >= MIN_SCORE and overlap >= MIN_IOU
    ]
    if not same:
        return Detection(detection.box_xyxy, detection.score * UNCONFIRMED_FACTOR)
    _, best = max(same, key=lambda pair: pair[0])
    return Detection(voted(best.box_xyxy, seen), best.score)


def _side(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _moved(box: Box, x: float, y: float) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y
