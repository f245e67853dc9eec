"""How a detector is asked for the hands in a picture: all of it first, small finds closer.

A detector looks at a whole picture shrunk to the size that it can afford, where a far hand is some
twenty pixels long. It sees that there is a hand, and misses where its edges are. A square around
such a find, cut from the picture as the camera gave it, costs a quarter of the first look, and has
the hand at a size that the detector knows well.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy.typing as npt

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.vision.nms import voted, without_overlaps
from vcam.vision.preprocessing import Letterbox, finds_in, hand_crop, letterbox, voters_in

SMALL: Final = 40
"""Finds with a longer side of less than this, in pixels of the shrunk picture, are small."""
CLOSER: Final = 128
"""Side in pixels of the closer look."""
AROUND: Final = 2.5
"""Side of what is looked at closer, in sides of the find."""
MOST: Final = 3
"""Finds that are looked at again in one picture, the surest first."""
STILL: Final = 0.15
"""Least IoU of what the closer look finds with what it was sent to look at."""
ELSEWHERE: Final = 0.5
"""How much a hand beside the find counts for the closer look; overlap adds to it."""
VAGUE: Final = 0.15
"""Least score of what the closer look sees: a find that it sees so vaguely is denied by that."""
DENIED: Final = 0.5
"""What is left of the score of a find that the closer look does not confirm."""

Look = Callable[[Image], Sequence[npt.NDArray[Any]]]
"""From uint8 (1, h, w, 3) RGB to boxes (N, 4), xyxy in its pixels, and scores (N,) 0..1: what a
detector's session gives."""


def search(
    image: Image, area: int, least: float, look: Look, *, closely: bool = True
) -> list[Detection]:
    """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels.

    The first look has about `area` pixels; hands have a score of `least` or more. `closely`: small
    finds are looked at again.
    """
    board = letterbox(image, area)
    boxes, scores = look(board.image)
    finds = finds_in(board, boxes, scores, least)
    small = [find for find in finds if _is_small(find, board.scale)][:MOST]
    if not (small and closely):
        return finds
    again = [find for find in finds if find not in small]
    again += [_closer(image, find, look) for find in small]
    return without_overlaps([find for find in again if find.score >= least])


def _is_small(find: Detection, scale: float) -> bool:
    """Tell whether a find is small; a box that is no numbers, as broken models give, is not."""
    return all(map(math.isfinite, find.box_xyxy)) and _side(find.box_xyxy) * scale < SMALL


def _closer(image: Image, find: Detection, look: Look) -> Detection:
    """Return the find with the box and score that the closer look gives it."""
    left, top, right, bottom = find.box_xyxy
    around = max(1.0, _side(find.box_xyxy) * AROUND)
    square = hand_crop(image, find.box_xyxy, CLOSER, AROUND)[None]
    closer = Letterbox(square, CLOSER / around)
    x, y = (left + right - around) / 2, (top + bottom - around) / 2
    boxes, scores = look(square)
    seen = [
        Detection(_moved(each.box_xyxy, x, y), each.score)
        for each in voters_in(closer, boxes, scores, VAGUE)
    ]
    overlaps = [intersection_over_union(each.box_xyxy, find.box_xyxy) for each in seen]
    same = [
        (each.score * (ELSEWHERE + overlap), each)
        for each, overlap in zip(seen, overlaps, strict=True)
        if each.score >= VAGUE and overlap >= STILL
    ]
    if not same:
        return Detection(find.box_xyxy, find.score * DENIED)
    _, best = max(same, key=lambda pair: pair[0])
    return Detection(voted(best.box_xyxy, seen), best.score)


def _side(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _moved(box: Box, x: float, y: float) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y
