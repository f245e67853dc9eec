"""Cards and blur."""

import numpy as np
import pytest

from vcam.overlay import placeholder_card as cards
from vcam.overlay.blur import blurred
from vcam.overlay.placeholder_card import camera_card, prepare_cards


@pytest.mark.parametrize(
    "size", [(1, 1), (33, 21), (640, 360), (1280, 720), (1920, 1080), (720, 1280)]
)
def test_a_card_has_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    """Cards of any size are uint8 pictures."""
    card = camera_card(size, "Camera unplugged", "Plug it in again, and the picture comes back.")
    assert card.shape == (size[1], size[0], 3)
    assert card.dtype == np.uint8


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080)])
def test_a_card_can_be_read(size: tuple[int, int]) -> None:
    """Title and text are bright on dark, and within the picture with a margin."""
    card = camera_card(size, "Be right back", "A long sentence about what is going on here. " * 3)
    bright = (card > 170).all(axis=2)
    _, xs = np.nonzero(bright)
    assert card.mean() < 60
    assert xs.min() > size[0] * 0.05
    assert xs.max() < size[0] * 0.95


def test_drawing_on_a_card_leaves_the_next_clean() -> None:
    """The caller may draw on the card: it is a copy."""
    first = camera_card((320, 180), "Be right back", "")
    first[:] = 255
    assert camera_card((320, 180), "Be right back", "").mean() < 100


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (1280, 720)])
def test_blur_keeps_size_and_brightness(size: tuple[int, int]) -> None:
    """A blurred picture is as large and as bright as the original."""
    image = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
    out = blurred(image)
    assert out.shape == image.shape
    assert out.dtype == np.uint8
    assert abs(float(out.mean()) - float(image.mean())) < 3


def test_blur_leaves_no_detail() -> None:
    """A fine pattern becomes an even grey."""
    image = np.zeros((720, 1280, 3), np.uint8)
    image[:, ::8] = image[:, 1::8] = image[:, 2::8] = image[:, 3::8] = 255
    assert blurred(image).std() < 6


def test_what_takes_longest_is_done_beforehand() -> None:
    """Once prepared, a first card needs no new ground; it is not drawn into the prepared one."""
    prepare_cards((320, 180))
    before = cards._ground.cache_info().misses
    first = camera_card((320, 180), "Unplugged", "Plug it in again.")
    second = camera_card((320, 180), "", "")
    assert cards._ground.cache_info().misses == before
    assert (first > 170).any()
    assert not (second[:60] > 170).any()
