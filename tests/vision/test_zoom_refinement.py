"""Small finds are looked at again, closer."""

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_detector import OnnxDetector
from vcam.vision.zoom_refinement import ROI_SIDE_PX, search

AREA = 288 * 288
Found = tuple[npt.NDArray[Any], npt.NDArray[Any]]


class Eyes:
    """See one white square: where it is not quite from afar, exactly from near."""

    def __init__(self, near: float = 0.8, far: float = 0.4) -> None:
        self.scores = {True: near, False: far}
        self.closer = 0

    def infer(self, board: Image) -> Found:
        """Return the square's box; from afar it is too long by its own length."""
        is_near = board.shape[1:3] == (ROI_SIDE_PX, ROI_SIDE_PX)
        self.closer += is_near
        rows, columns = np.nonzero(board[0, :, :, 0] > 127)
        if not len(rows):
            return np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        bottom += 0 if is_near else bottom - top
        boxes = np.array([[left, top, right, bottom]], np.float32)
        return boxes, np.array([self.scores[is_near]], np.float32)


def room(side: int, x: int = 600, y: int = 300) -> tuple[Image, Box]:
    """Return a picture (720, 1280) with one white square, and where it is."""
    image = np.zeros((720, 1280, 3), np.uint8)
    image[y : y + side, x : x + side] = 255
    return image, (x, y, x + side, y + side)


@pytest.mark.parametrize(
    ("x", "y"), [(600, 300), (0, 0), (1230, 670)], ids=["inside", "top", "low"]
)
def test_a_small_detection_gets_the_refined_box_and_score(x: int, y: int) -> None:
    """Also at the picture's edges, where the refining crop is filled up with black."""
    image, true = room(50, x, y)
    (found,) = search(image, AREA, 0.2, Eyes().infer)
    assert intersection_over_union(found.box_xyxy, true) > 0.85
    assert found.score == pytest.approx(0.8)


def test_large_detections_are_believed_at_once() -> None:
    """A hand that is detected well at first costs no second inference."""
    eyes = Eyes()
    (found,) = search(room(200)[0], AREA, 0.2, eyes.infer)
    assert eyes.closer == 0
    assert found.score == pytest.approx(0.4)


def test_a_detection_that_is_not_confirmed_counts_half() -> None:
    """What is nothing from near is doubted, and left out when too little remains."""
    image, _ = room(50)
    (found,) = search(image, AREA, 0.2, Eyes(near=0.01, far=0.5).infer)
    assert found.score == pytest.approx(0.25)
    assert not search(image, AREA, 0.2, Eyes(near=0.01, far=0.3).infer)


def test_one_inference_is_enough_where_nobody_asks_for_more() -> None:
    """A glance leaves small finds as they are."""
    eyes = Eyes()
    (found,) = search(room(50)[0], AREA, 0.2, eyes.infer, refine=False)
    assert eyes.closer == 0
    assert found.score == pytest.approx(0.4)


def test_a_crowd_costs_no_more_than_three_refinements() -> None:
    """The most confident of many small finds are looked at again, and none is lost."""

    class Crowd(Eyes):
        """Sees eight squares from afar."""

        def infer(self, board: Image) -> Found:
            """Return them with falling scores."""
            if board.shape[1] == ROI_SIDE_PX:
                return super().infer(board)
            boxes = [[40 * place, 20, 40 * place + 15, 35] for place in range(8)]
            return np.array(boxes, np.float32), np.linspace(0.9, 0.3, 8)

    eyes = Crowd()
    found = search(np.full((720, 1280, 3), 255, np.uint8), AREA, 0.2, eyes.infer)
    assert eyes.closer == 3
    assert len(found) >= 5


@pytest.mark.parametrize(
    "box",
    [
        (50, 50, 50, 50),
        (60, 60, 50, 50),
        (math.nan, 10, 20, 20),
        (10, 10, 20, math.nan),
        (-math.inf, 0, math.inf, 9),
        (1e30, 1e30, 1e30, 1e30),
    ],
)
def test_any_box_that_a_broken_model_gives_is_stood(box: Box) -> None:
    """Empty, turned over, endless or no numbers at all: nothing fails."""

    def infer(board: Image) -> Found:
        return np.array([box], np.float32), np.array([0.9], np.float32)

    assert len(search(room(50)[0], AREA, 0.2, infer)) <= 1


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (40, 40)])
def test_tiny_images_are_searched_as_well(shape: tuple[int, int]) -> None:
    """The shipped detector may find what it likes in them, but finds it without a fault."""
    detector = OnnxDetector(shipped_model("detect"), min_score=0.0)
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)
    assert all(np.isfinite(each.box_xyxy).all() for each in detector.detect(noise))


def test_the_shipped_detector_sees_far_hands_better_for_it() -> None:
    """A drawn hand, far away: refining is more confident of it than the first detection."""
    image = np.full((720, 1280, 3), (120, 110, 90), np.uint8)
    palm, fingers = (700, 300), ((680, 262), (692, 254), (705, 254), (717, 262), (733, 285))
    for tip in fingers:
        cv2.line(image, palm, tip, (140, 170, 220), 8, cv2.LINE_AA)
    cv2.circle(image, palm, 18, (140, 170, 220), -1, cv2.LINE_AA)
    cv2.line(image, palm, (700, 420), (140, 170, 220), 20, cv2.LINE_AA)
    detector = OnnxDetector(shipped_model("detect"), min_score=0.1)
    best, glance = detector.detect(image)[0], detector.detect(image, refine=False)[0]
    hand = (670, 248, 740, 320)
    assert intersection_over_union(best.box_xyxy, hand) > 0.5
    assert best.score > glance.score
