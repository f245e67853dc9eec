"""From camera pictures to what models take."""

import numpy as np
import pytest

from vcam.vision.preprocessing import hand_crop, letterbox, letterbox_size

AREA = 288 * 288


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 720), (640, 480), (720, 1280), (1, 1), (3, 2000), (5000, 2)]
)
def test_letterbox_sides_are_multiples_of_32(width: int, height: int) -> None:
    """Whatever the picture, a letterboxed one has sides that a detector takes."""
    board = letterbox(np.zeros((height, width, 3), np.uint8), AREA).image
    assert board.shape[0] == 1
    assert board.shape[3] == 3
    assert all(side % 32 == 0 and 32 <= side <= 512 for side in board.shape[1:3])


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 480), (720, 1280)])
def test_letterbox_keeps_its_area(width: int, height: int) -> None:
    """Pictures of any common proportions cost about the same to look at."""
    wide, high = letterbox_size(width, height, AREA)
    assert wide * high == pytest.approx(AREA, rel=0.12)


def test_letterbox_turns_bgr_into_rgb() -> None:
    """The runtime is BGR; models see RGB."""
    blue = np.full((90, 160, 3), (255, 0, 0), np.uint8)
    assert letterbox(blue, AREA).image[0, 0, 0].tolist() == [0, 0, 255]


def test_boxes_come_back_to_the_source() -> None:
    """A box found in the letterboxed picture lies on the same thing in the source."""
    image = np.zeros((720, 1280, 3), np.uint8)
    image[200:400, 600:900] = 255
    board = letterbox(image, AREA)
    rows, columns = np.nonzero(board.image[0, :, :, 0] > 127)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert board.to_source(box) == pytest.approx((600, 200, 900, 400), abs=4)


def test_crop_beyond_the_edge_is_black() -> None:
    """A hand that is half out of the picture is cut with black around it, not shifted."""
    crop = hand_crop(np.full((100, 100, 3), 255, np.uint8), (-40, 30, 40, 110), 80, 1.0)
    assert crop.shape == (80, 80, 3)
    assert crop[:, :39].max() == 0
    assert crop[:69, 41:].min() == 255
    assert crop[71:].max() == 0


@pytest.mark.parametrize("box", [(5, 5, 5, 5), (-900, -900, -800, -800), (0, 0, 1e4, 1e4)])
def test_any_box_gives_a_crop(box: tuple[float, float, float, float]) -> None:
    """A box that is empty, far away or huge still gives a crop of the right size."""
    assert hand_crop(np.zeros((50, 60, 3), np.uint8), box, 96, 1.25).shape == (96, 96, 3)
