"""Whether a hand seems to be in front of a face."""

import cv2
import numpy as np
import pytest

from vcam.core.frame import Box, Image
from vcam.vision.face_occlusion import skin_above

SKINS = {"light": (150, 180, 225), "brown": (70, 105, 150), "dark": (45, 60, 85)}
"""BGR."""
HAND: Box = (280, 260, 380, 360)


def room(wall: tuple[int, int, int] = (200, 190, 60)) -> Image:
    """Return a wall, 640x480 BGR."""
    return np.full((480, 640, 3), wall, np.uint8)


def with_hand(image: Image, skin: tuple[int, int, int]) -> Image:
    """Draw a fist on an arm from below."""
    cv2.ellipse(image, (330, 310), (46, 48), 0, 0, 360, skin, -1)
    cv2.rectangle(image, (305, 350), (355, 479), skin, -1)
    return image


def with_face(image: Image, skin: tuple[int, int, int], y: int = 215) -> Image:
    """Draw a face somewhat lighter than the hand, as faces are."""
    lighter = tuple(min(255, round(1.08 * part)) for part in skin)
    cv2.ellipse(image, (330, y), (62, 85), 0, 0, 360, lighter, -1)
    return image


@pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
def test_a_fist_before_the_mouth(skin: tuple[int, int, int]) -> None:
    """With a face above the hand it is reported, whatever the colour of the skin."""
    assert skin_above(with_hand(with_face(room(), skin), skin), HAND)


@pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
def test_a_hand_before_the_wall(skin: tuple[int, int, int]) -> None:
    """With only a room above the hand there is no face."""
    assert not skin_above(with_hand(room(), skin), HAND)


def test_a_wall_of_the_colour_of_skin() -> None:
    """Where everything around has the hand's colour, that says nothing."""
    skin = SKINS["light"]
    assert not skin_above(with_hand(room(skin), skin), HAND)


def test_a_face_beside_the_hand() -> None:
    """A face elsewhere in the picture does not count."""
    skin = SKINS["brown"]
    image = np.roll(with_face(room(), skin, y=300), 200, axis=1)
    assert not skin_above(with_hand(np.ascontiguousarray(image), skin), HAND)


@pytest.mark.parametrize(
    "box", [(-50, -50, 30, 30), (600, 440, 700, 520), (10, 10, 10, 60), (900, 900, 950, 950)]
)
def test_boxes_at_the_edge_and_beyond(box: Box) -> None:
    """Whatever the box, there is an answer."""
    assert skin_above(room(), box) in (True, False)
